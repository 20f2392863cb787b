//! The mistakes of the stages `resolve` and `compile`: names, and statements in the wrong place.

use super::codes::mistakes;
use super::diagnostic::ExceptionClass;

mistakes! {
    /// A mistake in a tree that the grammar accepts.
    ScopeMistake, "scope":

    // Declarations.
    ParameterAndDirective { name: String, which: &'static str }, SyntaxError, "parameter_and_directive",
        "'{name}' is a parameter and declared {which}", "name '{name}' is parameter and {which}", "rename one of the two";
    AssignedBefore { name: String, which: &'static str }, SyntaxError, "late_directive",
        "'{name}' is assigned before it is declared {which}", "name '{name}' is assigned to before {which} declaration",
        "move the declaration to the top of the function";
    UsedBefore { name: String, which: &'static str }, SyntaxError, "late_directive",
        "'{name}' is used before it is declared {which}", "name '{name}' is used prior to {which} declaration",
        "move the declaration to the top of the function";
    AnnotatedAndDirective { name: String, which: &'static str }, SyntaxError, "annotated_directive",
        "'{name}' has an annotation and is declared {which}", "annotated name '{name}' can't be {which}",
        "annotate it where it belongs";
    NonlocalAndGlobal { name: String }, SyntaxError, "nonlocal_and_global",
        "'{name}' is declared nonlocal and global", "name '{name}' is nonlocal and global", "keep one of the two";
    NonlocalAtModule, SyntaxError, "nonlocal_at_module",
        "'nonlocal' stands outside functions", "nonlocal declaration not allowed at module level", "";
    NoBinding { name: String }, SyntaxError, "no_binding",
        "no function around has a variable '{name}'", "no binding for nonlocal '{name}' found",
        "write 'global {name}' for a variable of the module";
    NonlocalTypeParam { name: String }, SyntaxError, "nonlocal_type_param",
        "the type parameter '{name}' cannot be rebound", "nonlocal binding not allowed for type parameter '{name}'", "";
    DuplicateArgument { name: String }, SyntaxError, "duplicate_argument",
        "two parameters are called '{name}'", "duplicate argument '{name}' in function definition", "rename one of them";
    DuplicateTypeParam { name: String }, SyntaxError, "duplicate_type_param",
        "two type parameters are called '{name}'", "duplicate type parameter '{name}'", "rename one of them";
    ImportStarInside, SyntaxError, "import_star_inside",
        "'import *' stands inside a function or class", "import * only allowed at module level", "import the names one by one";

    // Assignment expressions.
    WalrusInClass, SyntaxError, "walrus_in_class",
        "':=' stands in a comprehension of a class body",
        "assignment expression within a comprehension cannot be used in a class body", "write a loop instead";
    WalrusInTypeScope { place: &'static str }, SyntaxError, "walrus_in_type_scope",
        "':=' stands in a comprehension in {place}",
        "assignment expression within a comprehension cannot be used {place}", "";
    WalrusRebindsIteration { name: String }, SyntaxError, "walrus_rebinds_iteration",
        "':=' assigns to the loop variable '{name}'",
        "assignment expression cannot rebind comprehension iteration variable '{name}'", "use another name";
    IterationRebindsWalrus { name: String }, SyntaxError, "iteration_rebinds_walrus",
        "the loop variable '{name}' is also assigned by ':='",
        "comprehension inner loop cannot rebind assignment expression target '{name}'", "use another name";
    WalrusInIterable, SyntaxError, "walrus_in_iterable",
        "':=' stands in the iterable of a comprehension",
        "assignment expression cannot be used in a comprehension iterable expression", "assign before the comprehension";
    NotAllowedIn { what: &'static str, place: &'static str }, SyntaxError, "not_allowed_in_type",
        "a {what} stands in {place}", "{what} cannot be used within {place}", "";

    // Statements and expressions in the wrong place.
    YieldInComprehension { place: &'static str }, SyntaxError, "yield_in_comprehension",
        "'yield' stands in a {place}", "'yield' inside {place}", "write a loop instead";
    ReturnOutsideFunction, SyntaxError, "return_outside_function",
        "'return' stands outside functions", "'return' outside function", "";
    ReturnValueInAsyncGenerator, SyntaxError, "return_value_in_async_generator",
        "an asynchronous generator returns a value", "'return' with value in async generator", "write 'return' alone";
    YieldOutsideFunction, SyntaxError, "yield_outside_function",
        "'yield' stands outside functions", "'yield' outside function", "";
    YieldFromInAsync, SyntaxError, "yield_from_in_async",
        "'yield from' stands in an asynchronous function", "'yield from' inside async function",
        "write 'async for' and 'yield'";
    AwaitOutsideFunction, SyntaxError, "await_outside_function",
        "'await' stands outside functions", "'await' outside function", "";
    AwaitOutsideAsync, SyntaxError, "await_outside_async",
        "'await' stands in a function that is not asynchronous", "'await' outside async function", "write 'async def'";
    AsyncForOutside, SyntaxError, "async_for_outside",
        "'async for' stands outside asynchronous functions", "'async for' outside async function", "write 'async def'";
    AsyncWithOutside, SyntaxError, "async_with_outside",
        "'async with' stands outside asynchronous functions", "'async with' outside async function", "write 'async def'";
    AsyncComprehensionOutside, SyntaxError, "async_comprehension_outside",
        "an asynchronous comprehension stands outside asynchronous functions",
        "asynchronous comprehension outside of an asynchronous function", "write 'async def'";
    BreakOutsideLoop, SyntaxError, "break_outside_loop",
        "'break' stands outside loops", "'break' outside loop", "";
    ContinueOutsideLoop, SyntaxError, "continue_outside_loop",
        "'continue' stands outside loops", "'continue' not properly in loop", "";
    LeavesStarHandler, SyntaxError, "leaves_star_handler",
        "the statement leaves an 'except*' block",
        "'break', 'continue' and 'return' cannot appear in an except* block", "set a variable, and leave behind the block";
    StarredValueHere, SyntaxError, "starred_here",
        "a starred expression stands where one value belongs", "can't use starred expression here", "";
    TooManyTargets, SyntaxError, "too_many_targets",
        "more than 255 targets stand before the starred one", "too many expressions in star-unpacking assignment", "";
    AssignsDebug, SyntaxError, "assigns_debug",
        "'__debug__' cannot be assigned to", "cannot assign to __debug__", "";
    DeletesDebug, SyntaxError, "deletes_debug",
        "'__debug__' cannot be deleted", "cannot delete __debug__", "";

    // `from __future__ import …`.
    FutureUnknown { name: String }, SyntaxError, "future_unknown",
        "there is no future feature '{name}'", "future feature {name} is not defined", "";
    FutureLate, SyntaxError, "future_late",
        "the import from '__future__' comes too late",
        "from __future__ imports must occur at the beginning of the file", "move it to the top";
    FutureBraces, SyntaxError, "future_braces",
        "braces will not come", "not a chance", "";

    // Limits.
    TooManyBlocks, SyntaxError, "too_many_blocks",
        "too many blocks stand in each other", "too many statically nested blocks", "move inner blocks into functions";
    TooComplex, SyntaxError, "too_complex",
        "the expression needs more than 255 registers", "the expression is too complex", "split it";
    TooManyCells, SyntaxError, "too_many_cells",
        "too many variables are shared with inner functions", "too many captured variables",
        "put them into an object";
    TooLarge, SyntaxError, "too_large",
        "the code of the source is too large", "the code is too large", "split the source";
    NestedTooDeeply, SyntaxError, "nested_too_deeply",
        "statements stand too deeply in each other", "too many levels of nesting", "move inner blocks into functions";
}

impl ScopeMistake {
    /// CPython finds it only after all mistakes about names.
    pub fn is_late(&self) -> bool {
        use ScopeMistake::*;
        !matches!(
            self,
            ParameterAndDirective { .. }
                | AssignedBefore { .. }
                | UsedBefore { .. }
                | AnnotatedAndDirective { .. }
                | NonlocalAndGlobal { .. }
                | NonlocalAtModule
                | NoBinding { .. }
                | NonlocalTypeParam { .. }
                | DuplicateArgument { .. }
                | DuplicateTypeParam { .. }
                | ImportStarInside
                | WalrusInClass
                | WalrusInTypeScope { .. }
                | WalrusRebindsIteration { .. }
                | IterationRebindsWalrus { .. }
                | WalrusInIterable
                | NotAllowedIn { .. }
                | YieldInComprehension { .. }
                | FutureUnknown { .. }
                | FutureLate
                | FutureBraces
        )
    }
}
