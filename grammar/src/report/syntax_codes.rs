//! The mistakes of the stage `syntax`: tokens, indentation, grammar, and what the builder checks.

use super::codes::mistakes;
use super::diagnostic::ExceptionClass;

mistakes! {
    /// A mistake found while reading tokens or building the tree.
    SyntaxMistake, "syntax":

    // Source text.
    NullByte, SyntaxError, "null_byte",
        "the source holds a null byte", "source code cannot contain null bytes", "remove the byte, or write '\\0' inside a string";

    // Brackets.
    TooManyBrackets, SyntaxError, "too_many_brackets",
        "brackets are nested too deeply", "too many nested parentheses", "split the expression: the limit is 200";
    UnclosedBracket { bracket: char }, SyntaxError, "unclosed_bracket",
        "'{bracket}' was never closed", "'{bracket}' was never closed", "";
    UnmatchedBracket { close: char }, SyntaxError, "unmatched_bracket",
        "'{close}' closes nothing", "unmatched '{close}'", "remove it, or open the bracket before it";
    MismatchedBracket { open: char, close: char }, SyntaxError, "mismatched_bracket",
        "'{close}' does not close '{open}'", "closing parenthesis '{close}' does not match opening parenthesis '{open}'", "";
    MismatchedBracketOnLine { open: char, close: char, line: u32 }, SyntaxError, "mismatched_bracket",
        "'{close}' does not close '{open}'",
        "closing parenthesis '{close}' does not match opening parenthesis '{open}' on line {line}", "";

    // Indentation.
    TooManyIndents, IndentationError, "too_many_indents",
        "blocks are nested too deeply", "too many levels of indentation", "move inner blocks into functions: the limit is 100";
    InconsistentDedent, IndentationError, "inconsistent_dedent",
        "this indentation matches no block outside", "unindent does not match any outer indentation level",
        "indent the line exactly as the block it belongs to";
    InconsistentTabs, TabError, "inconsistent_tabs",
        "tabs and spaces are mixed in the indentation", "inconsistent use of tabs and spaces in indentation",
        "indent with spaces only";

    // Characters and numbers.
    InvalidCharacter { character: char, code: String }, SyntaxError, "invalid_character",
        "'{character}' (U+{code}) cannot stand outside a string", "invalid character '{character}' (U+{code})", "";
    NonPrintableCharacter { code: String }, SyntaxError, "invalid_character",
        "an invisible character (U+{code}) stands here", "invalid non-printable character U+{code}", "remove it";
    AfterContinuation, SyntaxError, "after_continuation",
        "something follows the backslash that continues the line", "unexpected character after line continuation character",
        "nothing may stand between the backslash and the end of the line";
    UnexpectedEnd, SyntaxError, "unexpected_end",
        "the text ends too early", "unexpected EOF while parsing", "";
    InvalidNumber { radix: &'static str }, SyntaxError, "invalid_number",
        "this is not a {radix} number", "invalid {radix} literal", "";
    InvalidDigit { digit: char, radix: &'static str }, SyntaxError, "invalid_digit",
        "'{digit}' is not a digit of {radix} numbers", "invalid digit '{digit}' in {radix} literal", "";
    LeadingZeros, SyntaxError, "leading_zeros",
        "a decimal number starts with zero",
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        "remove the zeros, or write 0o… for an octal number";

    // Strings.
    UnterminatedString { line: u32 }, SyntaxError, "unterminated_string",
        "the string has no closing quote", "unterminated string literal (detected at line {line})",
        "close it on the same line, or use three quotes";
    UnterminatedEscapedString { line: u32 }, SyntaxError, "unterminated_string",
        "the string has no closing quote",
        "unterminated string literal (detected at line {line}); perhaps you escaped the end quote?",
        "the backslash before the quote makes it a part of the string";
    UnterminatedTripleQuoted { line: u32 }, SyntaxError, "unterminated_triple_quoted",
        "the string has no closing quotes", "unterminated triple-quoted string literal (detected at line {line})", "";
    UnterminatedFString { line: u32 }, SyntaxError, "unterminated_fstring",
        "the f-string has no closing quote", "unterminated f-string literal (detected at line {line})", "";
    UnterminatedTripleQuotedFString { line: u32 }, SyntaxError, "unterminated_triple_quoted_fstring",
        "the f-string has no closing quotes", "unterminated triple-quoted f-string literal (detected at line {line})", "";
    TooManyFStrings, SyntaxError, "too_many_fstrings",
        "f-strings are nested too deeply", "too many nested f-strings", "";
    FStringTooDeep, SyntaxError, "fstring_too_deep",
        "fields are nested too deeply in the format specification", "f-string: expressions nested too deeply", "";
    FStringSingleBrace, SyntaxError, "fstring_single_brace",
        "a single '}}' stands in an f-string", "f-string: single '}}' is not allowed", "write '}}}}' for the character itself";
    FStringExpectingBrace, SyntaxError, "fstring_unclosed_field",
        "a field of the f-string is not closed", "f-string: expecting '}}'", "";
    FStringUnmatchedBracket { close: char }, SyntaxError, "fstring_unmatched_bracket",
        "'{close}' closes nothing in this field", "f-string: unmatched '{close}'", "";

    NullByteInText, SyntaxError, "null_byte",
        "the source holds a null byte", "source code string cannot contain null bytes", "remove the byte, or write '\\0' inside a string";
    SourceTooLarge, SyntaxError, "source_too_large",
        "the source is larger than two gigabytes", "source code is too large", "";
    Undecodable { codec: &'static str, byte: String, position: usize, reason: &'static str }, SyntaxError, "undecodable",
        "the bytes here are not {codec} text",
        "(unicode error) '{codec}' codec can't decode byte 0x{byte} in position {position}: {reason}",
        "save the file as UTF-8, or declare its encoding in the first line";
    UnknownEncoding { name: String }, SyntaxError, "unknown_encoding",
        "the declared encoding is not known", "unknown encoding: {name}", "save the file as UTF-8";
    EncodingAgainstMark { name: String }, SyntaxError, "encoding_against_mark",
        "the declared encoding contradicts the byte order mark", "encoding problem: {name} with BOM", "save the file as UTF-8";
    TooDeep, SyntaxError, "too_deep",
        "the expression is nested too deeply", "too many nested parentheses", "split the expression into several statements";
    HugeInt { n_digits: usize }, SyntaxError, "huge_int",
        "the number has {n_digits} digits",
        "Exceeds the limit (4300 digits) for integer string conversion: value has {n_digits} digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
        "write huge numbers in hexadecimal";
    BytesNotAscii, SyntaxError, "bytes_not_ascii",
        "a bytes literal holds a character beyond ASCII", "bytes can only contain ASCII literal characters", "write it as an escape: '\\x..'";
    BadEscape { reason: &'static str, position: String }, SyntaxError, "bad_escape",
        "the escape is wrong: {reason}", "(unicode error) 'unicodeescape' codec can't decode {position}: {reason}", "";
    BadBytesEscape { reason: &'static str, position: usize }, SyntaxError, "bad_escape",
        "the escape is wrong: {reason}", "(value error) {reason} at position {position}", "";
    MixedBytes, SyntaxError, "mixed_bytes",
        "bytes and text stand side by side", "cannot mix bytes and nonbytes literals", "";
    FStringConversion { name: String }, SyntaxError, "fstring_conversion",
        "'!{name}' is no conversion", "f-string: invalid conversion character '{name}': expected 's', 'r', or 'a'", "";
    FStringConversionSpace, SyntaxError, "fstring_conversion_space",
        "a space stands behind '!'", "f-string: conversion type must come right after the exclamanation mark", "";

    // Targets.
    NotAssignable { what: &'static str }, SyntaxError, "not_assignable",
        "{what} cannot be assigned to", "cannot assign to {what}", "";
    NotAssignableHere { what: &'static str }, SyntaxError, "not_assignable",
        "{what} cannot be assigned to", "cannot assign to {what} here. Maybe you meant '==' instead of '='?", "write '==' to compare";
    AssignToYield, SyntaxError, "assign_to_yield",
        "yield expression cannot be assigned to", "assignment to yield expression not possible", "";
    AugAssignTarget { what: &'static str }, SyntaxError, "aug_assign_target",
        "{what} cannot be changed in place", "'{what}' is an illegal expression for augmented assignment", "";
    AnnotatedList { what: &'static str }, SyntaxError, "annotation_target",
        "{what} cannot be annotated", "only single target (not {what}) can be annotated", "";
    AnnotationTarget, SyntaxError, "annotation_target",
        "this cannot be annotated", "illegal target for annotation", "";
    NotDeletable { what: &'static str }, SyntaxError, "not_deletable",
        "{what} cannot be deleted", "cannot delete {what}", "";
    WalrusTarget { what: &'static str }, SyntaxError, "walrus_target",
        "{what} cannot be the target of ':='", "cannot use assignment expressions with {what}", "only a plain name can";
    StarOutsideList, SyntaxError, "star_outside_list",
        "a starred target stands alone", "starred assignment target must be in a list or tuple", "write a comma behind it";
    SeveralStars, SyntaxError, "several_stars",
        "several targets are starred", "multiple starred expressions in assignment", "";
    StarredValue, SyntaxError, "starred_value",
        "a starred expression stands where one value is needed", "can't use starred expression here", "";
    StarredHere, SyntaxError, "starred_value",
        "a starred expression stands where one value is needed", "cannot use starred expression here", "write a comma behind it for a tuple";
    UnpackInComprehension, SyntaxError, "unpack_in_comprehension",
        "a comprehension cannot unpack", "iterable unpacking cannot be used in comprehension", "add an inner 'for'";
    DictUnpackInComprehension, SyntaxError, "unpack_in_comprehension",
        "a comprehension cannot unpack", "dict unpacking cannot be used in dict comprehension", "";

    // Arguments and parameters.
    AssignmentInArgument, SyntaxError, "assignment_in_argument",
        "only a plain name can be a keyword", "expression cannot contain assignment, perhaps you meant \"==\"?", "write '==' to compare";
    PositionalAfterKeyword, SyntaxError, "positional_after_keyword",
        "a positional argument follows a keyword argument", "positional argument follows keyword argument", "";
    PositionalAfterUnpacking, SyntaxError, "positional_after_keyword",
        "a positional argument follows '**'", "positional argument follows keyword argument unpacking", "";
    StarAfterUnpacking, SyntaxError, "star_after_unpacking",
        "'*' follows '**' in the arguments", "iterable argument unpacking follows keyword argument unpacking", "";
    RepeatedKeyword { name: String }, SyntaxError, "repeated_keyword",
        "the argument '{name}' is given twice", "keyword argument repeated: {name}", "";
    BareGenerator, SyntaxError, "bare_generator",
        "a generator beside other arguments needs parentheses", "Generator expression must be parenthesized", "";
    BareGeneratorBase, SyntaxError, "bare_generator_base",
        "a generator cannot be a base class", "invalid syntax", "";
    ParamAfterKwargs, SyntaxError, "param_after_kwargs",
        "a parameter follows '**'", "arguments cannot follow var-keyword argument", "'**' comes last";
    DefaultBeforeNone, SyntaxError, "default_before_none",
        "a parameter without a default follows one with a default", "parameter without a default follows parameter with a default", "";
    TypeDefaultBeforeNone { name: String }, SyntaxError, "type_default_before_none",
        "a type parameter without a default follows one with a default", "non-default type parameter '{name}' follows default type parameter", "";
    SeveralSlashes, SyntaxError, "several_slashes",
        "'/' stands twice among the parameters", "/ may appear only once", "";
    SlashAfterStar, SyntaxError, "slash_after_star",
        "'/' follows '*' among the parameters", "/ must be ahead of *", "";
    NothingBeforeSlash, SyntaxError, "nothing_before_slash",
        "no parameter stands before '/'", "at least one argument must precede /", "";
    SeveralStarParams, SyntaxError, "several_star_params",
        "'*' stands twice among the parameters", "* argument may appear only once", "";
    NothingAfterStar, SyntaxError, "nothing_after_star",
        "no parameter follows the bare '*'", "named arguments must follow bare *", "";
    StarParamDefault { kind: &'static str }, SyntaxError, "star_param_default",
        "a {kind} parameter cannot have a default", "{kind} argument cannot have default value", "";
    TypeParamBound { what: &'static str, kind: &'static str }, SyntaxError, "type_param_bound",
        "a {kind} cannot have {what}", "cannot use {what} with {kind}", "";

    // Statements.
    MixedExcept, SyntaxError, "mixed_except",
        "'except' and 'except*' stand in one 'try'", "cannot have both 'except' and 'except*' on the same 'try'", "";
    BareExceptNotLast, SyntaxError, "bare_except_not_last",
        "an 'except:' without a class is not the last", "default 'except:' must be last", "";
    SeveralStatements, SyntaxError, "several_statements",
        "more than one statement was given", "multiple statements found while compiling a single statement", "";

    // Patterns.
    StarPatternAlone, SyntaxError, "star_pattern_alone",
        "a starred pattern stands alone", "invalid syntax", "write a comma behind it for a sequence";
    SeveralStarPatterns, SyntaxError, "several_star_patterns",
        "several patterns of the sequence are starred", "multiple starred names in sequence pattern", "";
    WildcardTarget, SyntaxError, "wildcard_target",
        "'_' binds nothing", "cannot use '_' as a target", "use another name";
    UnreachableAfterCapture { name: String }, SyntaxError, "unreachable_pattern",
        "'{name}' matches everything, so nothing behind it is reached", "name capture '{name}' makes remaining patterns unreachable", "";
    UnreachableAfterWildcard, SyntaxError, "unreachable_pattern",
        "'_' matches everything, so nothing behind it is reached", "wildcard makes remaining patterns unreachable", "";
    DifferentBindings, SyntaxError, "different_bindings",
        "the alternatives bind different names", "alternative patterns bind different names", "";
    BoundTwice { name: String }, SyntaxError, "bound_twice",
        "the pattern binds '{name}' twice", "multiple assignments to name '{name}' in pattern", "";
    FStringPattern, SyntaxError, "fstring_pattern",
        "an f-string cannot be a pattern", "patterns may only match literals and attribute lookups", "";
    ComplexNeedsReal, SyntaxError, "complex_literal",
        "the first part of a complex number is a real number", "real number required in complex literal", "";
    ComplexNeedsImaginary, SyntaxError, "complex_literal",
        "the second part of a complex number is imaginary", "imaginary number required in complex literal", "write 'j' behind it";
    NameAsKey, SyntaxError, "name_as_key",
        "a key of a mapping pattern is a literal or a dotted name", "invalid syntax", "";
    PatternKey, SyntaxError, "pattern_key",
        "a key of a mapping pattern is a literal or a dotted name",
        "mapping pattern keys may only match literals and attribute lookups", "";
    RepeatedKey { key: String }, SyntaxError, "repeated_key",
        "the key {key} is checked twice", "mapping pattern checks duplicate key ({key})", "";
    RestNotLast, SyntaxError, "rest_not_last",
        "'**' is not the last item of the mapping pattern", "invalid syntax", "";
    PositionalPatternAfterKeyword, SyntaxError, "positional_pattern_after_keyword",
        "a positional pattern follows a keyword pattern", "positional patterns follow keyword patterns", "";
    RepeatedAttribute { name: String }, SyntaxError, "repeated_attribute",
        "the attribute '{name}' is given twice", "attribute name repeated in class pattern: {name}", "";

    // Grammar.
    UnexpectedToken { what: String }, SyntaxError, "unexpected",
        "{what} was not expected here", "invalid syntax", "";
    UnexpectedIndent, IndentationError, "unexpected_indent",
        "the line is indented, but no block begins here", "unexpected indent", "indent it as the line before";
    UnexpectedDedent, IndentationError, "unexpected_dedent",
        "the block ends too early", "unexpected unindent", "";
    MissingBlock { after: &'static str, line: u32 }, IndentationError, "missing_block",
        "expected an indented block after {after}", "expected an indented block after {after} on line {line}",
        "indent what belongs to it, or write 'pass'";
    MissingHandler, SyntaxError, "missing_handler",
        "the 'try' has neither 'except' nor 'finally'", "expected 'except' or 'finally' block", "add one of them";
    MissingColon, SyntaxError, "missing_colon",
        "expected ':'", "expected ':'", "write ':' here";
    MissingParen, SyntaxError, "missing_paren",
        "expected '(' behind the name of the function", "expected '('", "write '()' for a function without parameters";
    MissingComma, SyntaxError, "missing_comma",
        "two expressions stand side by side", "invalid syntax. Perhaps you forgot a comma?", "write a comma or an operator between them";
    MissingElse, SyntaxError, "missing_else",
        "the conditional expression has no 'else'", "expected 'else' after 'if' expression", "write 'else' and what it is otherwise";
    MissingIn, SyntaxError, "missing_in",
        "expected 'in' behind what the loop binds", "'in' expected after for-loop variables", "";
    MaybeWalrus, SyntaxError, "assignment_in_expression",
        "'=' assigns, which is no expression", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
        "write '==' to compare, or ':=' to assign inside an expression";
    LegacyStatement { name: String }, SyntaxError, "legacy_statement",
        "'{name}' is a function", "Missing parentheses in call to '{name}'. Did you mean {name}(...)?", "write {name}(…)";
    NotOperand, SyntaxError, "not_operand",
        "'not' behind an operator needs parentheses", "'not' after an operator must be parenthesized", "";
    BareStar, SyntaxError, "bare_star",
        "nothing to unpack follows '*'", "Invalid star expression", "";
    DoubleStarredHere, SyntaxError, "double_starred_value",
        "'**' stands where one value is needed", "cannot use double starred expression here", "";
    BareComprehensionTarget, SyntaxError, "bare_comprehension_target",
        "the element of this comprehension is a tuple without parentheses",
        "did you forget parentheses around the comprehension target?", "write parentheses around it";
    MissingKeyColon, SyntaxError, "missing_key_colon",
        "expected ':' behind the key", "':' expected after dictionary key", "";
    MissingDictValue, SyntaxError, "missing_dict_value",
        "no value follows the key", "expression expected after dictionary key and ':'", "";
    StarredDictValue, SyntaxError, "starred_dict_value",
        "a value of a dict cannot be unpacked", "cannot use a starred expression in a dictionary value", "";
    AssignToUnpacking { what: &'static str }, SyntaxError, "assign_to_unpacking",
        "'=' follows an unpacked argument", "cannot assign to {what} argument unpacking", "";
    MissingArgumentValue, SyntaxError, "missing_argument_value",
        "no value follows the name of the argument", "expected argument value expression", "";
    MissingDefault, SyntaxError, "missing_default",
        "no default value follows '='", "expected default value expression", "";
    SlashBeforeStar, SyntaxError, "slash_before_star",
        "a comma is missing between '/' and '*'", "expected comma between / and *", "";
    ParenthesizedParameters { kind: &'static str }, SyntaxError, "parenthesized_parameters",
        "parameters stand in parentheses of their own", "{kind} parameters cannot be parenthesized", "";
    NoTypeParameters, SyntaxError, "no_type_parameters",
        "the list of type parameters is empty", "Type parameter list cannot be empty", "";
    MissingImportNames, SyntaxError, "missing_import_names",
        "nothing is imported", "Expected one or more names after 'import'", "";
    ImportBeforeFrom, SyntaxError, "import_before_from",
        "'from' comes before 'import'", "Did you mean to use 'from ... import ...' instead?", "write: from … import …";
    ImportTrailingComma, SyntaxError, "import_trailing_comma",
        "a comma ends the list of names", "trailing comma not allowed without surrounding parentheses",
        "remove the comma, or put the names in parentheses";
    SeveralExceptionClasses, SyntaxError, "several_exception_classes",
        "several exception classes need parentheses", "multiple exception types must be parenthesized", "";
    MissingExceptionClass, SyntaxError, "missing_exception_class",
        "'except*' needs a class", "expected one or more exception types", "";
    PatternTarget, SyntaxError, "pattern_target",
        "only a name can follow 'as' in a pattern", "invalid pattern target", "";
    FStringEmptyField { before: char }, SyntaxError, "fstring_empty_field",
        "the field holds no expression", "f-string: valid expression required before '{before}'", "";
    FStringNoExpression, SyntaxError, "fstring_no_expression",
        "the field does not begin with an expression", "f-string: expecting a valid expression after '{{'", "";
    FStringExpecting { what: &'static str }, SyntaxError, "fstring_unclosed_field",
        "expected {what} in the field", "f-string: expecting {what}", "";
    FStringMissingConversion, SyntaxError, "fstring_missing_conversion",
        "no conversion follows '!'", "f-string: missing conversion character", "write 's', 'r' or 'a'";
    FStringBadConversion, SyntaxError, "fstring_conversion",
        "this is no conversion", "f-string: invalid conversion character", "write 's', 'r' or 'a'";
    FStringLambda, SyntaxError, "fstring_lambda",
        "a lambda in a field needs parentheses", "f-string: lambda expressions are not allowed without parentheses", "";
}
