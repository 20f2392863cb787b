//! Expectations from CPython 3.13.

use super::spec::{FormatError, Spec};
use super::{complex, float, int, percent, template, text};
use crate::types::float::complex::Complex;
use crate::types::text::index::count_chars;
use crate::value::bigint::text::parse;

type Shown = Result<String, String>;

fn shown(result: Result<Vec<u8>, FormatError>, type_name: &str) -> Shown {
    match result {
        Ok(bytes) => Ok(String::from_utf8(bytes).expect("no surrogates")),
        Err(error) => Err(error.message(type_name).as_str().expect("no surrogates").to_string()),
    }
}

fn check(found: &Shown, expected: Result<&str, &str>, what: &str) {
    assert_eq!(found.as_deref().map_err(String::as_str), expected, "{what}");
}

#[test]
fn ints() {
    for (number, spec, expected) in [
        ("42", "d", Ok("42")),
        ("-42", "8", Ok("     -42")),
        ("42", "<8", Ok("42      ")),
        ("42", "^9", Ok("   42    ")),
        ("-42", "=+9", Ok("-      42")),
        ("42", "*^+9d", Ok("***+42***")),
        ("-42", "09d", Ok("-00000042")),
        ("42", "#x", Ok("0x2a")),
        ("-255", "#X", Ok("-0XFF")),
        ("255", "#010b", Ok("0b11111111")),
        ("8", "o", Ok("10")),
        ("1234567", ",", Ok("1,234,567")),
        ("1234567", "_", Ok("1_234_567")),
        ("1234", "08,", Ok("0,001,234")),
        ("123", "04,", Ok("0,123")),
        ("1099511627776", "_x", Ok("100_0000_0000")),
        ("65", "c", Ok("A")),
        ("233", "5c", Ok("    é")),
        ("5", ".2f", Ok("5.00")),
        ("10", "%", Ok("1000.000000%")),
        ("123456789", ".3e", Ok("1.235e+08")),
        ("1234", "n", Ok("1234")),
        ("1180591620717411303424", "+,d", Ok("+1,180,591,620,717,411,303,424")),
        (
            "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
            "e",
            Err("int too large to convert to float"),
        ),
        ("5", ".2", Err("Precision not allowed in integer format specifier")),
        ("5", "q", Err("Unknown format code 'q' for object of type 'int'")),
        ("5", "5dd", Err("Invalid format specifier '5dd' for object of type 'int'")),
        ("5", ",x", Err("Cannot specify ',' with 'x'.")),
        ("5", "_,", Err("Cannot specify both ',' and '_'.")),
        ("5", "__", Err("Cannot specify '_' with '_'.")),
        ("5", "z", Err("Negative zero coercion (z) not allowed in integer format specifier")),
        ("5", "#c", Err("Alternate form (#) not allowed with integer format specifier 'c'")),
        ("5", "+c", Err("Sign not allowed with integer format specifier 'c'")),
        ("-1", "c", Err("%c arg not in range(0x110000)")),
        ("1180591620717411303424", "c", Err("Python int too large to convert to C long")),
        ("5", "10.", Err("Format specifier missing precision")),
        ("5", "99999999999999999999", Err("Too many decimal digits in format string")),
        ("5", "\x01", Err("Unknown format code '\\x1' for object of type 'int'")),
        ("5", "٣", Ok("  5")),
    ] {
        let number = parse(number.as_bytes(), 10, 0).expect("a literal");
        let parsed = Spec::parse_for_number(spec.as_bytes());
        let found = parsed.and_then(|spec| int::format_int(number.as_ref(), &spec, 4300));
        check(&shown(found, "int"), expected, spec);
    }
    let large = parse(&[b'9'; 5000], 10, 0).expect("digits");
    let spec = Spec::parse_for_number(b"d").expect("a letter");
    assert_eq!(int::format_int(large.as_ref(), &spec, 4300), Err(FormatError::TooManyIntDigits(4300)));
}

#[test]
fn floats() {
    for (number, spec, expected) in [
        (1.5, "", Ok("1.5")),
        (1.0, "10", Ok("       1.0")),
        (1e+16, "5", Ok("1e+16")),
        (1234567.891, ",.2f", Ok("1,234,567.89")),
        (1234567.891, "_", Ok("1_234_567.891")),
        (0.5, ".0f", Ok("0")),
        (2.5, ".0f", Ok("2")),
        (-1.25, "08.1f", Ok("-00001.2")),
        (10000000000.0, "g", Ok("1e+10")),
        (1e-05, "g", Ok("1e-05")),
        (123456789.0, "g", Ok("1.23457e+08")),
        (1.0, "#g", Ok("1.00000")),
        (1.0, "#.0f", Ok("1.")),
        (100000.0, ".3", Ok("1e+05")),
        (100.0, ".3", Ok("1e+02")),
        (100.0, ".4", Ok("100.0")),
        (0.0, "e", Ok("0.000000e+00")),
        (-0.0, "z.1f", Ok("0.0")),
        (-0.01, "z.1f", Ok("0.0")),
        (-0.01, ".1f", Ok("-0.0")),
        (0.123, "%", Ok("12.300000%")),
        (0.5, ".1%", Ok("50.0%")),
        (f64::INFINITY, "010", Ok("0000000inf")),
        (f64::NEG_INFINITY, "F", Ok("-INF")),
        (f64::NAN, "+g", Ok("+nan")),
        (f64::NAN, "E", Ok("NAN")),
        (12345.678, "n", Ok("12345.7")),
        (1e+22, "f", Ok("10000000000000000000000.000000")),
        (5e-324, ".3e", Ok("4.941e-324")),
        (0.3333333333333333, ".20f", Ok("0.33333333333333331483")),
        (0.3333333333333333, ".50g", Ok("0.33333333333333331482961625624739099293947219848633")),
        (1234.5, "012,.1f", Ok("00,001,234.5")),
        (1234.5, "<012,.1f", Ok("1,234.500000")),
        (3.0, "d", Err("Unknown format code 'd' for object of type 'float'")),
        (3.0, ".", Err("Format specifier missing precision")),
        (3.0, ",n", Err("Cannot specify ',' with 'n'.")),
        (3.0, ".2147483648f", Err("precision too big")),
        (-3.5, " =10", Ok("-      3.5")),
        (1.0, ".0e", Ok("1e+00")),
        (1.0, "#.0e", Ok("1.e+00")),
        (999999.5, "g", Ok("1e+06")),
        (99999.5, ".5g", Ok("1e+05")),
    ] {
        let parsed = Spec::parse_for_number(spec.as_bytes());
        check(&shown(parsed.and_then(|spec| float::format_float(number, &spec)), "float"), expected, spec);
    }
}

#[test]
fn complex_numbers() {
    for (real, imag, spec, expected) in [
        (1.0, 2.0, ".2f", Ok("1.00+2.00j")),
        (1.0, 2.0, "20", Ok("              (1+2j)")),
        (0.0, 1.0, "<10", Ok("1j        ")),
        (0.0, 1.0, "+", Ok("+1j")),
        (1.0, -2.0, "+g", Ok("+1-2j")),
        (-0.0, 1.0, "5", Ok("(-0+1j)")),
        (1.0, 2.0, ",.1f", Ok("1.0+2.0j")),
        (1234.0, 5678.0, ",.0f", Ok("1,234+5,678j")),
        (0.0, 1.0, "010", Err("Zero padding is not allowed in complex format specifier")),
        (0.0, 1.0, "=10", Err("'=' alignment flag is not allowed in complex format specifier")),
        (0.0, 1.0, "%", Err("Unknown format code '%' for object of type 'complex'")),
        (0.0, 1.0, "d", Err("Unknown format code 'd' for object of type 'complex'")),
        (f64::NAN, f64::INFINITY, "F", Ok("NAN+INFj")),
        (1.0, 2.0, ".3", Ok("(1+2j)")),
        (1.5, 2.0, "^15e", Ok("1.500000e+00+2.000000e+00j")),
    ] {
        let parsed = Spec::parse_for_number(spec.as_bytes());
        let found = parsed.and_then(|spec| complex::format_complex(Complex::new(real, imag), &spec));
        check(&shown(found, "complex"), expected, spec);
    }
}

#[test]
fn texts() {
    for (content, spec, expected) in [
        ("abc", "6", Ok("abc   ")),
        ("abc", ">6", Ok("   abc")),
        ("abc", "*^6", Ok("*abc**")),
        ("abc", ".2", Ok("ab")),
        ("éè", ".1s", Ok("é")),
        ("é", "😀>3", Ok("😀😀é")),
        ("abc", "05", Ok("abc00")),
        ("abc", "=5", Err("'=' alignment not allowed in string format specifier")),
        ("abc", "+", Err("Sign not allowed in string format specifier")),
        ("abc", " ", Err("Space not allowed in string format specifier")),
        ("abc", "#", Err("Alternate form (#) not allowed in string format specifier")),
        ("abc", "z", Err("Negative zero coercion (z) not allowed in string format specifier")),
        ("abc", "d", Err("Unknown format code 'd' for object of type 'str'")),
        ("abc", ",", Err("Cannot specify ',' with 's'.")),
        ("abc", "_s", Err("Cannot specify '_' with 's'.")),
        ("abc", "s,", Err("Invalid format specifier 's,' for object of type 'str'")),
        ("", "3", Ok("   ")),
    ] {
        let parsed = Spec::parse_for_text(spec.as_bytes());
        let n_chars = count_chars(content.as_bytes());
        let found = parsed.and_then(|spec| text::format_text(content.as_bytes(), n_chars, &spec));
        check(&shown(found, "str"), expected, spec);
    }
}

#[test]
fn extra_bytes_come_before_the_result() {
    let spec = Spec::parse_for_number(b"9223372036854775807").expect("a width");
    assert_eq!(spec.extra_bytes(), usize::MAX);
}

/// Formats one value with all fields; stars are 7 and 3.
fn percent(format: &str, show: impl Fn(&percent::Field, &percent::Resolved) -> Vec<u8>) -> Shown {
    let mut pieces = percent::Pieces::of_text(format.as_bytes());
    let mut text = Vec::new();
    while let Some(piece) = pieces.next_piece() {
        match piece {
            percent::Piece::Literal(literal) => text.extend_from_slice(literal),
            percent::Piece::Field(field) => match field.fault {
                Some(fault) => return Err(fault.message(false)),
                None => text.extend(show(&field, &field.resolve(7, 3))),
            },
        }
    }
    Ok(String::from_utf8(text).expect("no surrogates"))
}

#[test]
fn percent_numbers() {
    for (format, number, expected) in [
        ("%d", "42", "42"),
        ("%5d|", "42", "   42|"),
        ("%-5d|", "42", "42   |"),
        ("%05d", "-42", "-0042"),
        ("%+d", "42", "+42"),
        ("% d", "42", " 42"),
        ("%.5d", "-3", "-00003"),
        ("%#x", "255", "0xff"),
        ("%#010x", "-255", "-0x00000ff"),
        ("%#.5x", "10", "0x0000a"),
        ("%#o", "8", "0o10"),
        ("%X", "48879", "BEEF"),
        ("%05.3d", "5", "00005"),
        ("%-+ #05d", "5", "+5   "),
        ("%i%%", "7", "7%"),
        ("%.0d", "0", "0"),
        ("%u", "1180591620717411303424", "1180591620717411303424"),
        ("%ld", "5", "5"),
    ] {
        let number = parse(number.as_bytes(), 10, 0).expect("a literal");
        let found = percent(format, |_, field| field.format_int(number.as_ref(), 0).expect("no limit"));
        check(&found, Ok(expected), format);
    }
    for (format, number, expected) in [
        ("%f", 1.5, "1.500000"),
        ("%010.3f", -1.5, "-00001.500"),
        ("%+f", f64::INFINITY, "+inf"),
        ("%010f", f64::NEG_INFINITY, "-000000inf"),
        ("%e", 0.0, "0.000000e+00"),
        ("%G", 1e-10, "1E-10"),
        ("%#g", 1.0, "1.00000"),
        ("%.0f", 0.5, "0"),
        ("%F", f64::NAN, "NAN"),
        ("%-12.2e|", 12345.678, "1.23e+04    |"),
        ("%.50f", 0.1, "0.10000000000000000555111512312578270211815834045410"),
    ] {
        check(&percent(format, |_, field| field.format_float(number)), Ok(expected), format);
    }
}

#[test]
fn percent_texts() {
    for (format, expected) in [
        ("%s", "héllo"),
        ("%5s|", "héllo|"),
        ("%-5s|", "héllo|"),
        ("%.2s", "hé"),
        ("%05s", "héllo"),
        ("a%%b%.1s", "a%bh"),
    ] {
        check(&percent(format, |_, field| field.format_text("h\u{e9}llo".as_bytes(), 5)), Ok(expected), format);
    }
    let mut bytes = percent::Pieces::of_bytes(b"%-6.2s");
    let Some(percent::Piece::Field(field)) = bytes.next_piece() else { panic!("a field") };
    assert_eq!(field.resolve(0, 0).format_bytes(b"\xff\xfe\xfd"), b"\xff\xfe    ");
}

#[test]
fn percent_fields() {
    let field_of = |format: &'static str| match percent::Pieces::of_text(format.as_bytes()).next_piece() {
        Some(percent::Piece::Field(field)) => field,
        other => panic!("{format}: {other:?}"),
    };
    assert_eq!(field_of("%((a))s").key, Some(&b"(a)"[..]));
    let stars = field_of("%-*.*f");
    assert_eq!((stars.width, stars.precision), (percent::Amount::Star, Some(percent::Amount::Star)));
    let resolved = stars.resolve(-7, -3);
    assert!(resolved.flags.left && resolved.width == 7 && resolved.precision == Some(0));
    for (format, message) in [
        ("%", "incomplete format"),
        ("%(a", "incomplete format key"),
        ("%.", "incomplete format"),
        ("%l", "incomplete format"),
        ("%5", "incomplete format"),
        ("%99999999999999999999d", "width too big"),
        ("%.99999999999d", "precision too big"),
    ] {
        assert_eq!(field_of(format).fault.map(|fault| fault.message(false)).as_deref(), Some(message), "{format}");
    }
    for (format, message) in [
        ("%y", "unsupported format character 'y' (0x79) at index 1"),
        ("%é", "unsupported format character '?' (0xe9) at index 1"),
        ("%lld", "unsupported format character 'l' (0x6c) at index 2"),
        ("%5%", "unsupported format character '%' (0x25) at index 2"),
    ] {
        assert_eq!(field_of(format).unsupported().message(false), message, "{format}");
    }
}

/// Writes a template as what it asks for: `<name:spec>`.
fn outline(source: &[u8], depth: u32, numbering: &mut template::Numbering) -> Result<String, template::TemplateError> {
    use template::{Accessor, Key, Template, TemplateError, split_name};
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_string();
    let key_text = |key: Key| match key {
        Key::Index(index) => index.to_string(),
        Key::Name(name) => format!("'{}'", lossy(name)),
    };
    if depth == 0 {
        return Err(TemplateError::TooDeep);
    }
    let (mut template, mut text) = (Template::new(source), String::new());
    while let Some(piece) = template.next_piece()? {
        text.push_str(&lossy(piece.literal));
        let Some(field) = piece.field else { continue };
        let (key, mut path) = split_name(field.name)?;
        text.push_str(&format!("<{}", key_text(numbering.resolve(key)?)));
        while let Some(accessor) = path.next_accessor()? {
            match accessor {
                Accessor::Attribute(name) => text.push_str(&format!(".{}", lossy(name))),
                Accessor::Item(key) => text.push_str(&format!("[{}]", key_text(key))),
            }
        }
        match field.conversion.map(|code| char::from_u32(code).ok_or(code)) {
            None => {}
            Some(Ok(code @ ('r' | 's' | 'a'))) => text.push_str(&format!("!{code}")),
            Some(Ok(code)) => return Err(TemplateError::UnknownConversion(code as u32)),
            Some(Err(code)) => return Err(TemplateError::UnknownConversion(code)),
        }
        let spec = if field.spec_is_template { outline(field.spec, depth - 1, numbering)? } else { lossy(field.spec) };
        text.push_str(&format!(":{spec}>"));
    }
    Ok(text)
}

#[test]
fn templates() {
    for (source, expected) in [
        ("a{}b{}", "a<0:>b<1:>"),
        ("{{}}{x!r:>5}", "{}<'x'!r:>5>"),
        ("{0.a.b[1][k]:{w}.{p}}", "<0.a.b[1]['k']:<'w':>.<'p':>>"),
        ("{:{}}{}", "<0:<1:>><2:>"),
        ("{[0]}", "<0[0]:>"),
        ("{0[a}b]}", "<0['a}b']:>"),
        ("{0[-1]}{a b}", "<0['-1']:><'a b':>"),
        ("{\u{663}}", "<3:>"),
    ] {
        let found = outline(source.as_bytes(), 2, &mut template::Numbering::default());
        assert_eq!(found.as_deref(), Ok(expected), "{source}");
    }
    for (source, message) in [
        ("}", "Single '}' encountered in format string"),
        ("{", "Single '{' encountered in format string"),
        ("a}b", "Single '}' encountered in format string"),
        ("{a{b}", "unexpected '{' in field name"),
        ("{0!", "end of string while looking for conversion specifier"),
        ("{0!r", "unmatched '{' in format spec"),
        ("{0!rx}", "expected ':' after conversion specifier"),
        ("{0:{}", "unmatched '{' in format spec"),
        ("{0", "expected '}' before end of string"),
        ("{0!x}", "Unknown conversion specifier x"),
        ("{0!é}", "Unknown conversion specifier \\xe9"),
        ("{0.}", "Empty attribute in format string"),
        ("{0[]}", "Empty attribute in format string"),
        ("{0[a]b}", "Only '.' or '[' may follow ']' in format field specifier"),
        ("{}{0}", "cannot switch from automatic field numbering to manual field specification"),
        ("{0}{}", "cannot switch from manual field specification to automatic field numbering"),
        ("{0:{1:{2}}}", "Max string recursion exceeded"),
        ("{99999999999999999999}", "Too many decimal digits in format string"),
        ("{0[}", "expected '}' before end of string"),
        ("{0[0].real}{}", "cannot switch from manual field specification to automatic field numbering"),
    ] {
        let found = outline(source.as_bytes(), 2, &mut template::Numbering::default());
        assert_eq!(found.map_err(template::TemplateError::message), Err(message.to_string()), "{source}");
    }
}
