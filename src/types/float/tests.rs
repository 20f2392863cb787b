//! Expectations from CPython 3.13.

use super::complex::{Complex, ComplexPowError};
use super::*;
use crate::value::bigint::text::to_decimal;

/// Equal bits, or nan both.
fn same(lhs: f64, rhs: f64) -> bool {
    lhs.to_bits() == rhs.to_bits() || lhs.is_nan() && rhs.is_nan()
}

#[test]
fn repr() {
    for (number, expected) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (0.1, "0.1"),
        (1000000000000000.0, "1000000000000000.0"),
        (1e+16, "1e+16"),
        (1.2345678901234568e+17, "1.2345678901234568e+17"),
        (1e+17, "1e+17"),
        (1e+22, "1e+22"),
        (1e+23, "1e+23"),
        (0.0001, "0.0001"),
        (1e-05, "1e-05"),
        (0.00012345, "0.00012345"),
        (5e-324, "5e-324"),
        (1.7976931348623157e+308, "1.7976931348623157e+308"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
        (1027700666441699.2, "1027700666441699.2"),
        (1698926615458865.2, "1698926615458865.2"),
        (9007199254740992.0, "9007199254740992.0"),
        (9.223372036854776e+18, "9.223372036854776e+18"),
        (0.3333333333333333, "0.3333333333333333"),
        (100.0, "100.0"),
        (1e+100, "1e+100"),
        (-1.25e-07, "-1.25e-07"),
    ] {
        assert_eq!(text::repr(number), expected);
    }
}

#[test]
fn parse() {
    for (literal, expected) in [
        ("1", 1.0),
        ("-1.5", -1.5),
        (" 1e5 ", 100000.0),
        ("\t.5\x0b", 0.5),
        ("5.", 5.0),
        ("1_0.0_1e1_0", 100100000000.0),
        ("inf", f64::INFINITY),
        ("-Infinity", f64::NEG_INFINITY),
        ("NaN", f64::NAN),
        ("+1e-400", 0.0),
        ("1e400", f64::INFINITY),
        ("0.1", 0.1),
        ("123456789012345678901234567890", 1.2345678901234568e+29),
    ] {
        assert!(text::parse(literal.as_bytes()).is_some_and(|number| same(number, expected)), "{literal}");
    }
    for literal in ["", " ", ".", "1__0", "_1", "1_", "1e", "e5", "1 2", "0x1", "infinit", "--1", "1_.5", "1e_5"] {
        assert_eq!(text::parse(literal.as_bytes()), None, "{literal}");
    }
}

#[test]
fn hexadecimal() {
    assert_eq!(hex::hex(0.0), "0x0.0p+0");
    assert_eq!(hex::hex(-0.0), "-0x0.0p+0");
    assert_eq!(hex::hex(1.0), "0x1.0000000000000p+0");
    assert_eq!(hex::hex(-1.5), "-0x1.8000000000000p+0");
    assert_eq!(hex::hex(0.1), "0x1.999999999999ap-4");
    assert_eq!(hex::hex(5e-324), "0x0.0000000000001p-1022");
    assert_eq!(hex::hex(2.2250738585072014e-308), "0x1.0000000000000p-1022");
    assert_eq!(hex::hex(1.7976931348623157e+308), "0x1.fffffffffffffp+1023");
    assert_eq!(hex::hex(f64::INFINITY), "inf");
    assert!(hex::from_hex(b"0x1.8p1").is_ok_and(|number| same(number, 3.0)), "0x1.8p1");
    assert!(hex::from_hex(b"-.8p1").is_ok_and(|number| same(number, -1.0)), "-.8p1");
    assert!(hex::from_hex(b" 1.8 ").is_ok_and(|number| same(number, 1.5)), " 1.8 ");
    assert!(hex::from_hex(b"0x1p-1074").is_ok_and(|number| same(number, 5e-324)), "0x1p-1074");
    assert!(hex::from_hex(b"0x1p-1075").is_ok_and(|number| same(number, 0.0)), "0x1p-1075");
    assert!(hex::from_hex(b"0x1.8p-1075").is_ok_and(|number| same(number, 5e-324)), "0x1.8p-1075");
    assert!(hex::from_hex(b"0x1.00000000000008p0").is_ok_and(|number| same(number, 1.0)), "0x1.00000000000008p0");
    assert!(
        hex::from_hex(b"0x1.000000000000080000000000000000000000001p0")
            .is_ok_and(|number| same(number, 1.0000000000000002)),
        "0x1.000000000000080000000000000000000000001p0"
    );
    assert!(
        hex::from_hex(b"0x1.fffffffffffff7p1023").is_ok_and(|number| same(number, 1.7976931348623157e+308)),
        "0x1.fffffffffffff7p1023"
    );
    assert!(hex::from_hex(b"+INF").is_ok_and(|number| same(number, f64::INFINITY)), "+INF");
    assert!(hex::from_hex(b"nan").is_ok_and(|number| same(number, f64::NAN)), "nan");
    assert!(hex::from_hex(b"0X10").is_ok_and(|number| same(number, 16.0)), "0X10");
    assert!(
        hex::from_hex(b"0x0p99999999999999999999").is_ok_and(|number| same(number, 0.0)),
        "0x0p99999999999999999999"
    );
    assert!(
        hex::from_hex(b"0x1p-99999999999999999999").is_ok_and(|number| same(number, 0.0)),
        "0x1p-99999999999999999999"
    );
    assert_eq!(hex::from_hex(b"0x1p1024"), Err(hex::FromHexError::TooLarge));
    assert_eq!(hex::from_hex(b"0x1.fffffffffffff8p1023"), Err(hex::FromHexError::TooLarge));
    for invalid in ["", "x", "0x", "0x.p1", "1p", "0x1_0", "1.2.3", "1p+", "0x1 2", "g"] {
        assert_eq!(hex::from_hex(invalid.as_bytes()), Err(hex::FromHexError::Invalid), "{invalid}");
    }
}

#[test]
fn division() {
    for (lhs, rhs, quotient, rest) in [
        (7.5, 2.0, 3.0, 1.5),
        (-7.5, 2.0, -4.0, 0.5),
        (7.5, -2.0, -4.0, -0.5),
        (-7.5, -2.0, 3.0, -1.5),
        (0.0, -3.0, -0.0, -0.0),
        (-0.0, 3.0, -0.0, 0.0),
        (1.0, 0.1, 9.0, 0.09999999999999995),
        (-1.0, 0.1, -10.0, 5.551115123125783e-17),
        (1e+300, 1e-05, 1e+305, 6.148232504163852e-06),
        (5.0, f64::INFINITY, 0.0, 5.0),
        (-5.0, f64::INFINITY, -1.0, f64::INFINITY),
        (f64::INFINITY, 2.0, f64::NAN, f64::NAN),
        (6.0, -3.0, -2.0, -0.0),
        (0.3, 0.1, 2.0, 0.09999999999999998),
    ] {
        let found = arith::divmod(lhs, rhs);
        assert!(same(found.0, quotient) && same(found.1, rest), "{lhs} {rhs} {found:?}");
        assert!(same(arith::modulo(lhs, rhs), rest) && same(arith::floor_div(lhs, rhs), quotient));
    }
}

#[test]
fn powers() {
    use arith::PowError::{Complex, Overflow, ZeroToNegative};
    for (base, exponent, expected) in [
        (2.0, 10.0, Ok(1024.0)),
        (0.0, 0.0, Ok(1.0)),
        (-8.0, 3.0, Ok(-512.0)),
        (-8.0, 0.5, Err(Complex)),
        (0.0, -1.0, Err(ZeroToNegative)),
        (-0.0, -1.0, Err(ZeroToNegative)),
        (1e+200, 2.0, Err(Overflow)),
        (f64::NAN, 0.0, Ok(1.0)),
        (1.0, f64::NAN, Ok(1.0)),
        (-1.0, f64::INFINITY, Ok(1.0)),
        (f64::INFINITY, -1.0, Ok(0.0)),
        (f64::NEG_INFINITY, 3.0, Ok(f64::NEG_INFINITY)),
        (f64::NEG_INFINITY, 0.5, Ok(f64::INFINITY)),
        (0.5, -2000.0, Err(Overflow)),
        (2.0, -2000.0, Ok(0.0)),
    ] {
        match (arith::pow(base, exponent), expected) {
            (Ok(found), Ok(expected)) => assert!(same(found, expected), "{base} {exponent}"),
            (found, expected) => assert_eq!(found, expected, "{base} {exponent}"),
        }
    }
}

#[test]
fn rounding() {
    for (number, n_digits, expected) in [
        (2.5, 0, 2.0),
        (0.5, 0, 0.0),
        (1.5, 0, 2.0),
        (-2.5, 0, -2.0),
        (2.675, 2, 2.67),
        (0.125, 2, 0.12),
        (0.375, 2, 0.38),
        (1e+300, 2, 1e+300),
        (5e-324, 323, 0.0),
        (1.2347e-320, 323, 1.235e-320),
        (15.0, -1, 20.0),
        (25.0, -1, 20.0),
        (-25.5, -1, -30.0),
        (50.0, -2, 0.0),
        (51.0, -2, 100.0),
        (49.0, -2, 0.0),
        (150.0, -2, 200.0),
        (5e+22, -23, 0.0),
        (1e+23, -23, 1e+23),
        (123.0, -400, 0.0),
        (1.5, 400, 1.5),
        (8e+307, -308, 1e+308),
    ] {
        let found = arith::round_to_digits(number, n_digits).expect("in range");
        assert!(same(found, expected), "{number} {n_digits} {found}");
    }
    assert_eq!(arith::round_to_digits(1.7976931348623157e308, -308), None);
    let to_int = |number| arith::round_to_int(number).map(|int| to_decimal(int.as_ref(), 0).expect("no limit"));
    assert_eq!(to_int(2.5).as_deref(), Some("2"));
    assert_eq!(to_int(3.5).as_deref(), Some("4"));
    assert_eq!(to_int(-0.5).as_deref(), Some("0"));
    assert_eq!(to_int(1e+20).as_deref(), Some("100000000000000000000"));
    assert_eq!(to_int(-9.223372036854776e+18).as_deref(), Some("-9223372036854775808"));
    assert_eq!(to_int(f64::NAN), None);
}

#[test]
fn ratios() {
    let ratio = |number| {
        let (above, below) = arith::as_integer_ratio(number)?;
        let shown = |int: crate::value::bigint::Int| to_decimal(int.as_ref(), 0).expect("no limit");
        Some(format!("{}/{}", shown(above), shown(below)))
    };
    assert_eq!(ratio(0.0).as_deref(), Some("0/1"));
    assert_eq!(ratio(-0.75).as_deref(), Some("-3/4"));
    assert_eq!(ratio(10.0).as_deref(), Some("10/1"));
    assert_eq!(ratio(0.1).as_deref(), Some("3602879701896397/36028797018963968"));
    assert_eq!(ratio(1e+25).as_deref(), Some("10000000000000000905969664/1"));
    assert_eq!(ratio(8.470329472543003e-22).as_deref(), Some("1/1180591620717411303424"));
    assert_eq!(ratio(f64::INFINITY), None);
}

#[test]
fn complex_text() {
    for (real, imag, expected) in [
        (1.0, 2.0, "(1+2j)"),
        (0.0, 1.0, "1j"),
        (-0.0, -1.0, "(-0-1j)"),
        (-0.0, 1.0, "(-0+1j)"),
        (-0.0, -0.0, "(-0-0j)"),
        (0.0, -0.0, "-0j"),
        (1.5, -0.0, "(1.5-0j)"),
        (f64::NAN, f64::NEG_INFINITY, "(nan-infj)"),
        (1e+16, 1e-07, "(1e+16+1e-07j)"),
        (0.0, f64::NAN, "nanj"),
    ] {
        assert_eq!(Complex::new(real, imag).repr(), expected);
    }
    for (literal, real, imag) in [
        ("1", 1.0, 0.0),
        ("1+2j", 1.0, 2.0),
        (" ( 1-2J ) ", 1.0, -2.0),
        ("j", 0.0, 1.0),
        ("-j", 0.0, -1.0),
        ("+1-j", 1.0, -1.0),
        ("1e5+2e-3j", 100000.0, 0.002),
        ("1e+5j", 0.0, 100000.0),
        ("infj", 0.0, f64::INFINITY),
        ("nan-infj", f64::NAN, f64::NEG_INFINITY),
        ("1_0+2_0j", 10.0, 20.0),
        ("-.5j", 0.0, -0.5),
        ("1.e5j", 0.0, 100000.0),
    ] {
        let found = complex::parse(literal.as_bytes()).expect(literal);
        assert!(same(found.real, real) && same(found.imag, imag), "{literal} {found:?}");
    }
    for literal in ["", "()", "1+2", "1j2", "(1", "1 + 2j", "1e", "1ej", "j1", "1+-2j", "1__0j", "++j", "1jj"] {
        assert_eq!(complex::parse(literal.as_bytes()), None, "{literal}");
    }
}

#[test]
fn complex_arithmetic() {
    for (lhs, rhs, quotient) in [
        ((1.0, 2.0), (3.0, -4.0), (-0.2, 0.4)),
        ((1.0, 2.0), (-3.0, 0.5), (-0.21621621621621623, -0.7027027027027026)),
        ((1e+308, 1e+308), (1e+308, 1e+308), (f64::NAN, 0.0)),
        ((0.0, 1.0), (0.0, 2.0), (0.5, 0.0)),
    ] {
        let found = Complex::new(lhs.0, lhs.1).divided_by(Complex::new(rhs.0, rhs.1)).expect("not zero");
        assert!(same(found.real, quotient.0) && same(found.imag, quotient.1), "{lhs:?} {rhs:?} {found:?}");
    }
    assert_eq!(Complex::new(1.0, 2.0).divided_by(Complex::new(0.0, -0.0)), None);
    for (base, exponent, power) in [
        ((1.0, 2.0), (3.0, 0.0), (-11.0, -2.0)),
        ((1.0, 2.0), (-3.0, 0.0), (-0.08800000000000001, 0.016)),
        ((0.0, 1.0), (100.0, 0.0), (1.0, 0.0)),
        ((2.0, 3.0), (0.5, 1.0), (-0.14332822881609453, 0.6960599701108857)),
        ((0.0, 0.0), (0.0, 0.0), (1.0, 0.0)),
        ((0.0, 0.0), (2.5, 0.0), (0.0, 0.0)),
        ((-8.0, 0.0), (0.3333333333333333, 0.0), (1.0000000000000002, 1.7320508075688772)),
        ((1.0, 1.0), (101.0, 0.0), (-1125899906842634.5, -1125899906842629.5)),
    ] {
        let found = Complex::new(base.0, base.1).pow(Complex::new(exponent.0, exponent.1)).expect("finite");
        assert!(same(found.real, power.0) && same(found.imag, power.1), "{base:?} {exponent:?} {found:?}");
    }
    let (zero, one) = (Complex::new(0.0, 0.0), Complex::new(1.0, 0.0));
    assert_eq!(zero.pow(Complex::new(-1.0, 0.0)), Err(ComplexPowError::ZeroToNegative));
    assert_eq!(zero.pow(Complex::new(0.0, 1.0)), Err(ComplexPowError::ZeroToNegative));
    assert_eq!(Complex::new(0.0, 1e200).pow(one.plus(one)), Err(ComplexPowError::Overflow));
    assert_eq!(Complex::new(3.0, -4.0).magnitude(), Some(5.0));
    assert_eq!(Complex::new(1.7e308, 1.7e308).magnitude(), None);
}
