//! Expectations from CPython 3.13.

use super::index::{TextRef, clamp_bounds, count_chars};
use super::search::Units::{Bytes, CodePoints};
use super::split::Ends;
use super::*;
use crate::value::text::make_index;

fn text(bytes: impl AsRef<[u8]>) -> String {
    String::from_utf8(bytes.as_ref().to_vec()).expect("no surrogates")
}

fn texts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    parts.into_iter().map(text).collect()
}

#[test]
fn places() {
    let source = "a\u{e9}\u{65e5}\u{1f600}".repeat(100);
    let index = make_index(source.as_bytes());
    let chars: Vec<char> = source.chars().collect();
    for index in [&index[..], &[]] {
        let whole = TextRef { bytes: source.as_bytes(), n_chars: 400, index };
        for at in [0, 1, 63, 64, 65, 200, 399] {
            let offset = source.char_indices().nth(at).expect("inside").0;
            assert_eq!(whole.offset_of(at), offset);
            assert_eq!(whole.char_at_offset(offset), at);
            assert_eq!(text(whole.char_bytes(at).expect("inside")), chars[at].to_string());
        }
        assert_eq!(whole.offset_of(400), source.len());
        assert_eq!(whole.char_bytes(400), None);
        let picked = |picked: Vec<char>| picked.into_iter().collect::<String>();
        assert_eq!(text(&whole.bytes[whole.byte_range(10..300)]), picked(chars[10..300].to_vec()));
        assert_eq!(text(whole.stepped(399, -7, 50)), picked(chars.iter().rev().step_by(7).take(50).copied().collect()));
        assert_eq!(text(whole.stepped(3, 99, 4)), picked(chars[3..].iter().step_by(99).take(4).copied().collect()));
    }
    assert_eq!(clamp_bounds(-2, i64::MAX, 5), Some(3..5));
    assert_eq!(clamp_bounds(-9, -1, 5), Some(0..4));
    assert_eq!(clamp_bounds(6, 9, 5), None);
}

#[test]
fn finding() {
    let source = "\u{e9}ab\u{65e5}ab\u{e9}";
    let whole = TextRef::new(source.as_bytes());
    assert_eq!(search::find_chars(whole, b"ab", 0..7), Some(1));
    assert_eq!(search::find_chars(whole, b"ab", 2..7), Some(4));
    assert_eq!(search::rfind_chars(whole, "\u{e9}".as_bytes(), 0..7), Some(6));
    assert_eq!(search::find_chars(whole, b"", 3..7), Some(3));
    assert_eq!(search::rfind_chars(whole, b"", 3..7), Some(7));
    assert_eq!(search::count(whole.bytes, b"", usize::MAX, CodePoints), 8);
    assert_eq!(search::count(b"aaaa", b"aa", usize::MAX, Bytes), 2);
    let replaced = |source: &str, old: &str, new: &str, limit| {
        let n_found = search::count(source.as_bytes(), old.as_bytes(), limit, CodePoints);
        text(search::replace(source.as_bytes(), old.as_bytes(), new.as_bytes(), n_found, CodePoints))
    };
    assert_eq!(replaced("abcabc", "b", "xy", usize::MAX), "axycaxyc");
    assert_eq!(replaced("abcabc", "b", "x", 1), "axcabc");
    assert_eq!(replaced("a\u{e9}", "", "-", usize::MAX), "-a-\u{e9}-");
    assert_eq!(replaced("a\u{e9}", "", "-", 2), "-a-\u{e9}");
    assert_eq!(replaced("", "", "x", usize::MAX), "x");
    assert_eq!(replaced("aaa", "aa", "b", usize::MAX), "ba");
    assert_eq!(replaced("abc", "x", "y", usize::MAX), "abc");
    assert_eq!(search::replaced_len(10, 0, usize::MAX / 2, 11), None);
    assert_eq!(search::partition(b"a=b=c", b"="), Some((&b"a"[..], &b"b=c"[..])));
    assert_eq!(search::rpartition(b"a=b=c", b"="), Some((&b"a=b"[..], &b"c"[..])));
}

#[test]
fn splitting() {
    for (source, limit, words, from_right) in [
        ("  a b\u{2003}c\u{1c}d ", usize::MAX, &["a", "b", "c", "d"] as &[&str], &["a", "b", "c", "d"] as &[&str]),
        (" a  b c ", 1, &["a", "b c "] as &[&str], &[" a  b", "c"] as &[&str]),
        ("", usize::MAX, &[] as &[&str], &[] as &[&str]),
        ("   ", usize::MAX, &[] as &[&str], &[] as &[&str]),
        ("a", 0, &["a"] as &[&str], &["a"] as &[&str]),
        (" a b ", 0, &["a b "] as &[&str], &[" a b"] as &[&str]),
        ("a\u{a0}b", usize::MAX, &["a", "b"] as &[&str], &["a", "b"] as &[&str]),
    ] {
        assert_eq!(texts(split::split_space(source.as_bytes(), CodePoints, limit)), words);
        assert_eq!(texts(split::rsplit_space(source.as_bytes(), CodePoints, limit)), from_right);
    }
    assert_eq!(texts(split::split_space(b"a\x1cb c", Bytes, usize::MAX)), ["a\x1cb", "c"]);
    for (source, separator, limit, pieces, from_right) in [
        ("a,b,,c", ",", usize::MAX, &["a", "b", "", "c"] as &[&str], &["a", "b", "", "c"] as &[&str]),
        ("a,b,c", ",", 1, &["a", "b,c"] as &[&str], &["a,b", "c"] as &[&str]),
        ("", ",", usize::MAX, &[""] as &[&str], &[""] as &[&str]),
        ("abab", "ab", usize::MAX, &["", "", ""] as &[&str], &["", "", ""] as &[&str]),
        ("aaa", "aa", usize::MAX, &["", "a"] as &[&str], &["a", ""] as &[&str]),
        ("a,b", ",", 0, &["a,b"] as &[&str], &["a,b"] as &[&str]),
    ] {
        assert_eq!(texts(split::split(source.as_bytes(), separator.as_bytes(), limit)), pieces);
        assert_eq!(texts(split::rsplit(source.as_bytes(), separator.as_bytes(), limit)), from_right);
    }
    for (source, lines, with_ends) in [
        ("a\nb\r\nc\rd", &["a", "b", "c", "d"] as &[&str], &["a\n", "b\r\n", "c\r", "d"] as &[&str]),
        ("a\n\n", &["a", ""] as &[&str], &["a\n", "\n"] as &[&str]),
        (
            "\u{2028}x\u{85}y\u{1e}z\u{b}",
            &["", "x", "y", "z"] as &[&str],
            &["\u{2028}", "x\u{85}", "y\u{1e}", "z\u{b}"] as &[&str],
        ),
        ("", &[] as &[&str], &[] as &[&str]),
    ] {
        assert_eq!(texts(split::split_lines(source.as_bytes(), CodePoints, false)), lines);
        assert_eq!(texts(split::split_lines(source.as_bytes(), CodePoints, true)), with_ends);
    }
    assert_eq!(texts(split::split_lines(b"a\x0bb\r\nc", Bytes, false)), ["a\x0bb", "c"]);
}

#[test]
fn stripping() {
    let source = " \u{3000}a b\x1f ".as_bytes();
    assert_eq!(text(split::strip_space(source, CodePoints, Ends::Both)), "a b");
    assert_eq!(text(split::strip_space(source, CodePoints, Ends::Left)), "a b\x1f ");
    assert_eq!(text(split::strip_space(b" a\x1f ", Bytes, Ends::Right)), " a\x1f");
    let source = "\u{e9}xay\u{e9}".as_bytes();
    assert_eq!(text(split::strip_chars(source, "x\u{e9}y".as_bytes(), CodePoints, Ends::Both)), "a");
    assert_eq!(text(split::strip_chars(source, "x\u{e9}y".as_bytes(), CodePoints, Ends::Right)), "\u{e9}xa");
    assert_eq!(text(split::strip_chars(b"aaa", b"a", Bytes, Ends::Both)), "");
}

#[test]
fn padding() {
    use pad::Place::{Center, Left, Right};
    let padded = |source: &str, width, fill: &str, place| {
        text(pad::pad(source.as_bytes(), count_chars(source.as_bytes()), width, fill.as_bytes(), place))
    };
    assert_eq!(padded("ab", 5, "*", Center), "**ab*");
    assert_eq!(padded("ab", 5, "*", Left), "ab***");
    assert_eq!(padded("ab", 5, "*", Right), "***ab");
    assert_eq!(padded("a", 4, "\u{e9}", Center), "\u{e9}a\u{e9}\u{e9}");
    assert_eq!(padded("a", 4, "\u{e9}", Left), "a\u{e9}\u{e9}\u{e9}");
    assert_eq!(padded("a", 4, "\u{e9}", Right), "\u{e9}\u{e9}\u{e9}a");
    assert_eq!(padded("\u{e9}", 6, " ", Center), "  \u{e9}   ");
    assert_eq!(padded("\u{e9}", 6, " ", Left), "\u{e9}     ");
    assert_eq!(padded("\u{e9}", 6, " ", Right), "     \u{e9}");
    assert_eq!(padded("abc", 3, "-", Center), "abc");
    assert_eq!(padded("abc", 3, "-", Left), "abc");
    assert_eq!(padded("abc", 3, "-", Right), "abc");
    assert_eq!(text(pad::zero_fill(b"-42", 3, 6)), "-00042");
    assert_eq!(text(pad::zero_fill(b"\xc3\xa9", 1, 3)), "00\u{e9}");
    assert_eq!(text(pad::expand_tabs("a\tb".as_bytes(), 8, CodePoints)), "a       b");
    assert_eq!(text(pad::expand_tabs("\u{e9}\t\tb\n\tc".as_bytes(), 4, CodePoints)), "\u{e9}       b\n    c");
    assert_eq!(text(pad::expand_tabs("a\tb".as_bytes(), 0, CodePoints)), "ab");
    assert_eq!(text(pad::expand_tabs("\r\tx".as_bytes(), 3, CodePoints)), "\r   x");
    assert_eq!(pad::expanded_len(b"\t\t", isize::MAX as usize, Bytes), None);
}

#[test]
fn cases() {
    for (source, upper, lower, title, capitalized, swapped, folded) in [
        ("Hello wORLD", "HELLO WORLD", "hello world", "Hello World", "Hello world", "hELLO World", "hello world"),
        ("it's", "IT'S", "it's", "It'S", "It's", "IT'S", "it's"),
        ("\u{df} \u{fb03}", "SS FFI", "\u{df} \u{fb03}", "Ss Ffi", "Ss \u{fb03}", "SS FFI", "ss ffi"),
        (
            "\u{130}I\u{131}",
            "\u{130}II",
            "i\u{307}i\u{131}",
            "\u{130}i\u{131}",
            "\u{130}i\u{131}",
            "i\u{307}iI",
            "i\u{307}i\u{131}",
        ),
        (
            "\u{39f}\u{394}\u{39f}\u{3a3} \u{3a3} \u{3a3}\u{391}",
            "\u{39f}\u{394}\u{39f}\u{3a3} \u{3a3} \u{3a3}\u{391}",
            "\u{3bf}\u{3b4}\u{3bf}\u{3c2} \u{3c3} \u{3c3}\u{3b1}",
            "\u{39f}\u{3b4}\u{3bf}\u{3c2} \u{3a3} \u{3a3}\u{3b1}",
            "\u{39f}\u{3b4}\u{3bf}\u{3c2} \u{3c3} \u{3c3}\u{3b1}",
            "\u{3bf}\u{3b4}\u{3bf}\u{3c2} \u{3c3} \u{3c3}\u{3b1}",
            "\u{3bf}\u{3b4}\u{3bf}\u{3c3} \u{3c3} \u{3c3}\u{3b1}",
        ),
        (
            "a\u{301}\u{3a3}.",
            "A\u{301}\u{3a3}.",
            "a\u{301}\u{3c2}.",
            "A\u{301}\u{3a3}.",
            "A\u{301}\u{3c2}.",
            "A\u{301}\u{3c2}.",
            "a\u{301}\u{3c3}.",
        ),
        (
            "\u{1c6}\u{1c5}\u{1c4}",
            "\u{1c4}\u{1c4}\u{1c4}",
            "\u{1c6}\u{1c6}\u{1c6}",
            "\u{1c5}\u{1c6}\u{1c6}",
            "\u{1c5}\u{1c6}\u{1c6}",
            "\u{1c4}\u{1c5}\u{1c6}",
            "\u{1c6}\u{1c6}\u{1c6}",
        ),
        ("\u{149}a", "\u{2bc}NA", "\u{149}a", "\u{2bc}Na", "\u{2bc}Na", "\u{2bc}NA", "\u{2bc}na"),
        ("\u{1f80}", "\u{1f08}\u{399}", "\u{1f80}", "\u{1f88}", "\u{1f88}", "\u{1f08}\u{399}", "\u{1f00}\u{3b9}"),
    ] {
        let source = source.as_bytes();
        assert_eq!(text(case::upper(source)), upper);
        assert_eq!(text(case::lower(source)), lower);
        assert_eq!(text(case::title(source)), title);
        assert_eq!(text(case::capitalize(source)), capitalized);
        assert_eq!(text(case::swapcase(source)), swapped);
        assert_eq!(text(case::casefold(source)), folded);
    }
    let surrogate = b"a\xed\xa0\x80b";
    assert_eq!(case::upper(surrogate), b"A\xed\xa0\x80B");
}

#[test]
fn classes() {
    let answers = |source: &str| {
        use classify::*;
        let tests = [
            is_alpha,
            is_alnum,
            is_decimal,
            is_digit,
            is_numeric,
            is_space,
            is_printable,
            is_identifier,
            is_lower,
            is_upper,
            is_title,
        ];
        tests.iter().map(|test| if test(source.as_bytes()) { '1' } else { '0' }).collect::<String>()
    };
    assert_eq!(answers(""), "00000010000", "''");
    assert_eq!(answers("abc"), "11000011100", "'abc'");
    assert_eq!(answers("aB1"), "01000011000", "'aB1'");
    assert_eq!(answers("\u{b2}"), "01011010000", "'\\xb2'");
    assert_eq!(answers("\u{bd}"), "01001010000", "'\\xbd'");
    assert_eq!(answers("\u{663}"), "01111010000", "'\\u0663'");
    assert_eq!(answers("12"), "01111010000", "'12'");
    assert_eq!(answers("_a1"), "00000011100", "'_a1'");
    assert_eq!(answers("1a"), "01000010100", "'1a'");
    assert_eq!(answers(" \t\u{2003}"), "00000100000", "' \\t\\u2003'");
    assert_eq!(answers("Hello World"), "00000010001", "'Hello World'");
    assert_eq!(answers("Hello world"), "00000010000", "'Hello world'");
    assert_eq!(answers("HELLO \u{1c5}"), "00000010000", "'HELLO \\u01c5'");
    assert_eq!(answers("\u{1c5}"), "11000011001", "'\\u01c5'");
    assert_eq!(answers("\u{aa}"), "11000011100", "'\\xaa'");
    assert_eq!(answers("\u{65e5}\u{672c}"), "11000011000", "'\\u65e5\\u672c'");
    assert_eq!(answers("a\u{a0}"), "00000000100", "'a\\xa0'");
    assert_eq!(answers("a\u{200b}"), "00000000100", "'a\\u200b'");
    assert_eq!(answers("\u{1d54f}"), "11000011011", "'\\U0001d54f'");
    assert_eq!(text(unicode::ascii_of_decimals("\u{663}\u{2003}1\u{e9}".as_bytes())), "3 1?");
    assert_eq!(unicode::digit_value(0xB2), Some(2));
    assert_eq!(unicode::decimal_value(0xB2), None);
}

#[test]
fn byte_strings() {
    assert_eq!(bytes::title(b"hELLO w0rLD's"), b"Hello W0Rld'S");
    assert_eq!(bytes::capitalize(b"hELLO"), b"Hello");
    assert_eq!(bytes::swapcase(b"aB1\xe9"), b"Ab1\xe9");
    assert!(bytes::is_title(b"Ab Cd") && !bytes::is_title(b"AB") && !bytes::is_title(b"1"));
    assert!(bytes::is_lower(b"a1") && !bytes::is_lower(b"1") && bytes::is_upper(b"A1") && !bytes::is_upper(b"Aa"));
    assert_eq!(text(bytes::hex(b"\x00\x1f\xab\xcd\xef", Some(b'-'), 1)), "00-1f-ab-cd-ef");
    assert_eq!(text(bytes::hex(b"\x00\x1f\xab\xcd\xef", Some(b'-'), 2)), "00-1fab-cdef");
    assert_eq!(text(bytes::hex(b"\x00\x1f\xab\xcd\xef", Some(b'-'), -2)), "001f-abcd-ef");
    assert_eq!(text(bytes::hex(b"\x00\x1f\xab\xcd\xef", Some(b'-'), 0)), "001fabcdef");
    assert_eq!(text(bytes::hex(b"\x00\x1f\xab\xcd\xef", None, 1)), "001fabcdef");
    assert_eq!(bytes::from_hex(b" 0aFf \t10"), Ok(vec![0x0a, 0xff, 0x10]));
    assert_eq!(bytes::from_hex(b"0g"), Err(1));
    assert_eq!(bytes::from_hex(b"a b"), Err(1));
    assert_eq!(bytes::from_hex(b"abc"), Err(3));
    assert_eq!(bytes::from_hex("zz\u{e9}".as_bytes()), Err(2));
    assert_eq!(text(bytes::repr(b"a'\"\\\n\x00\xff")), "b'a\\'\"\\\\\\n\\x00\\xff'");
    assert_eq!(text(bytes::repr(b"it's")), "b\"it's\"");
    let table = bytes::make_translation(b"ab", b"xy");
    assert_eq!(bytes::translate(b"abcab", Some(&table), b"c"), b"xyxy");
    assert_eq!(bytes::translate(b"abc", None, b"b"), b"ac");
}
