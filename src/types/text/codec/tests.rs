//! Expectations from CPython 3.13. Texts are written in generalised UTF-8.

use super::decode::Decoder;
use super::*;
use aspen_grammar::source::Wtf8;

/// Codec, input, handler, and what comes out.
type Case = (&'static str, &'static [u8], &'static str, Result<&'static [u8], &'static str>);

fn decoded(codec: &str, data: &[u8], handler: &str) -> Result<Vec<u8>, String> {
    let (codec, handler) = (Codec::by_name(codec).expect("known"), Handler::by_name(handler).expect("known"));
    match decode_all(codec, data, handler, true) {
        Ok((text, _)) => Ok(text),
        Err(DecodeFailure::Error(error)) => Err(error.message(&data[error.n_skipped..])),
        Err(DecodeFailure::HandlerEncodesOnly) => Err("encodes only".to_string()),
    }
}

fn encoded(codec: &str, text: &[u8], handler: &str) -> Result<Vec<u8>, String> {
    let (codec, handler) = (Codec::by_name(codec).expect("known"), Handler::by_name(handler).expect("known"));
    encode_all(codec, text, handler).map_err(|error| error.message(text))
}

#[test]
fn decoding() {
    let cases: &[Case] = &[
        ("utf-8", b"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80", "strict", Ok(b"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80")),
        ("utf-8", b"\xff", "strict", Err("'utf-8' codec can't decode byte 0xff in position 0: invalid start byte")),
        (
            "utf-8",
            b"a\xc3",
            "strict",
            Err("'utf-8' codec can't decode byte 0xc3 in position 1: unexpected end of data"),
        ),
        (
            "utf-8",
            b"\xe2\x82A",
            "strict",
            Err("'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte"),
        ),
        (
            "utf-8",
            b"\xf0\x9f\x98",
            "strict",
            Err("'utf-8' codec can't decode bytes in position 0-2: unexpected end of data"),
        ),
        (
            "utf-8",
            b"\xed\xa0\x80",
            "strict",
            Err("'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"),
        ),
        (
            "utf-8",
            b"\xf4\x90\x80\x80",
            "strict",
            Err("'utf-8' codec can't decode byte 0xf4 in position 0: invalid continuation byte"),
        ),
        ("utf-8-sig", b"\xef\xbb\xbfabc", "strict", Ok(b"abc")),
        (
            "utf-8-sig",
            b"\xef\xbb\xbf\xff",
            "strict",
            Err("'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ),
        ("utf-16", b"\xff\xfea\x00", "strict", Ok(b"a")),
        ("utf-16", b"\xfe\xff\x00a", "strict", Ok(b"a")),
        ("utf-16", b"a", "strict", Err("'utf-16-le' codec can't decode byte 0x61 in position 0: truncated data")),
        ("utf-16-le", b"=\xd8\x00\xde", "strict", Ok(b"\xf0\x9f\x98\x80")),
        (
            "utf-16-le",
            b"\x00\xd8a",
            "strict",
            Err("'utf-16-le' codec can't decode bytes in position 0-2: unexpected end of data"),
        ),
        (
            "utf-16-le",
            b"\x00\xd8a\x00",
            "strict",
            Err("'utf-16-le' codec can't decode bytes in position 0-1: illegal UTF-16 surrogate"),
        ),
        (
            "utf-16-be",
            b"\xdc\x00",
            "strict",
            Err("'utf-16-be' codec can't decode bytes in position 0-1: illegal encoding"),
        ),
        ("utf-32", b"\xff\xfe\x00\x00a\x00\x00\x00", "strict", Ok(b"a")),
        (
            "utf-32-le",
            b"a\x00\x00",
            "strict",
            Err("'utf-32-le' codec can't decode bytes in position 0-2: truncated data"),
        ),
        (
            "utf-32-be",
            b"\x00\x00\xd8\x00",
            "strict",
            Err(
                "'utf-32-be' codec can't decode bytes in position 0-3: code point in surrogate code point range(0xd800, 0xe000)",
            ),
        ),
        (
            "utf-32-le",
            b"\x00\x00\x11\x00",
            "strict",
            Err("'utf-32-le' codec can't decode bytes in position 0-3: code point not in range(0x110000)"),
        ),
        (
            "ascii",
            b"a\x80",
            "strict",
            Err("'ascii' codec can't decode byte 0x80 in position 1: ordinal not in range(128)"),
        ),
        ("latin-1", b"a\xff", "strict", Ok(b"a\xc3\xbf")),
        (
            "unicode_escape",
            b"\\x41\\u00e9\\N{DIGIT ONE}\\n\\777\\q\\\x0a\xff",
            "strict",
            Ok(b"A\xc3\xa91\x0a\xc7\xbf\\q\xc3\xbf"),
        ),
        (
            "unicode_escape",
            b"\\x4",
            "strict",
            Err("'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape"),
        ),
        (
            "unicode_escape",
            b"\\u12z",
            "strict",
            Err("'unicodeescape' codec can't decode bytes in position 0-3: truncated \\uXXXX escape"),
        ),
        (
            "unicode_escape",
            b"\\U00110000",
            "strict",
            Err("'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode character"),
        ),
        (
            "unicode_escape",
            b"\\N{foo}",
            "strict",
            Err("'unicodeescape' codec can't decode bytes in position 0-6: unknown Unicode character name"),
        ),
        (
            "unicode_escape",
            b"\\N{}",
            "strict",
            Err("'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N character escape"),
        ),
        (
            "unicode_escape",
            b"a\\",
            "strict",
            Err("'unicodeescape' codec can't decode byte 0x5c in position 1: \\ at end of string"),
        ),
        ("raw_unicode_escape", b"\\u0041\\x41\\\\u0041", "strict", Ok(b"A\\x41\\\\u0041")),
        (
            "raw_unicode_escape",
            b"\\U00110000",
            "strict",
            Err("'rawunicodeescape' codec can't decode bytes in position 0-9: \\Uxxxxxxxx out of range"),
        ),
        ("utf-8", b"a\xe2\x82b\xff\xed\xa0\x80", "ignore", Ok(b"ab")),
        (
            "utf-8",
            b"a\xe2\x82b\xff\xed\xa0\x80",
            "replace",
            Ok(b"a\xef\xbf\xbdb\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
        ),
        ("utf-8", b"a\xe2\x82b\xff", "backslashreplace", Ok(b"a\\xe2\\x82b\\xff")),
        ("utf-8", b"a\xe2\x82b\xff", "surrogateescape", Ok(b"a\xed\xb3\xa2\xed\xb2\x82b\xed\xb3\xbf")),
        ("utf-8", b"a\xed\xa0\x80b", "surrogatepass", Ok(b"a\xed\xa0\x80b")),
        (
            "utf-8",
            b"\xff",
            "surrogatepass",
            Err("'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ),
        ("utf-16-be", b"\xd8\x00\x00a", "surrogatepass", Ok(b"\xed\xa0\x80a")),
        (
            "utf-16-be",
            b"\xd8\x00",
            "surrogateescape",
            Err("'utf-16-be' codec can't decode byte 0x00 in position 1: truncated data"),
        ),
        ("ascii", b"\x80\x81", "surrogateescape", Ok(b"\xed\xb2\x80\xed\xb2\x81")),
        ("utf-8", b"\xff", "namereplace", Err("encodes only")),
    ];
    for (codec, data, handler, expected) in cases {
        let found = decoded(codec, data, handler);
        assert_eq!(found.as_deref().map_err(String::as_str), *expected, "{codec} {data:?} {handler}");
    }
}

#[test]
fn encoding() {
    let cases: &[Case] = &[
        ("utf-8", b"a\xc3\xa9\xf0\x9f\x98\x80", "strict", Ok(b"a\xc3\xa9\xf0\x9f\x98\x80")),
        (
            "utf-8",
            b"a\xed\xa0\x80\xed\xbf\xbfb\xed\xa0\x80",
            "strict",
            Err("'utf-8' codec can't encode characters in position 1-2: surrogates not allowed"),
        ),
        (
            "utf-8",
            b"\xc3\xa9\xed\xa0\x80b",
            "strict",
            Err("'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"),
        ),
        ("utf-16", b"a\xf0\x9f\x98\x80", "strict", Ok(b"\xff\xfea\x00=\xd8\x00\xde")),
        (
            "utf-16-be",
            b"a\xed\xa0\x80\xed\xa0\x81",
            "strict",
            Err("'utf-16-be' codec can't encode character '\\ud800' in position 1: surrogates not allowed"),
        ),
        ("utf-32", b"a", "strict", Ok(b"\xff\xfe\x00\x00a\x00\x00\x00")),
        (
            "ascii",
            b"a\xc3\xa9\xe6\x97\xa5b",
            "strict",
            Err("'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)"),
        ),
        (
            "latin-1",
            b"a\xc3\xa9\xf0\x9f\x98\x80b",
            "strict",
            Err("'latin-1' codec can't encode character '\\U0001f600' in position 2: ordinal not in range(256)"),
        ),
        ("utf-8-sig", b"a", "strict", Ok(b"\xef\xbb\xbfa")),
        (
            "unicode_escape",
            b"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80\x0a\x09\\'\x00\xed\xa0\x80",
            "strict",
            Ok(b"a\\xe9\\u65e5\\U0001f600\\n\\t\\\\'\\x00\\ud800"),
        ),
        (
            "raw_unicode_escape",
            b"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80\x0a",
            "strict",
            Ok(b"a\xe9\\u65e5\\U0001f600\x0a"),
        ),
        ("ascii", b"a\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80b", "ignore", Ok(b"ab")),
        ("ascii", b"a\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80b", "replace", Ok(b"a???b")),
        ("ascii", b"a\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80b", "backslashreplace", Ok(b"a\\xe9\\U0001f600\\ud800b")),
        ("ascii", b"a\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80b", "xmlcharrefreplace", Ok(b"a&#233;&#128512;&#55296;b")),
        (
            "ascii",
            b"a\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80b",
            "namereplace",
            Ok(b"a\\N{LATIN SMALL LETTER E WITH ACUTE}\\N{GRINNING FACE}\\ud800b"),
        ),
        ("utf-16", b"\xed\xa0\x80", "xmlcharrefreplace", Ok(b"\xff\xfe&\x00#\x005\x005\x002\x009\x006\x00;\x00")),
        ("utf-32-be", b"\xed\xa0\x80", "replace", Ok(b"\x00\x00\x00?")),
        ("latin-1", b"\xe6\x97\xa5", "namereplace", Ok(b"\\N{CJK UNIFIED IDEOGRAPH-65E5}")),
        ("ascii", b"a\xed\xb2\x80\xed\xb3\xbf", "surrogateescape", Ok(b"a\x80\xff")),
        (
            "ascii",
            b"\xed\xb2\x80\xc3\xa9",
            "surrogateescape",
            Err("'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)"),
        ),
        (
            "utf-8",
            b"\xed\xb2\x80\xed\xa0\x80",
            "surrogateescape",
            Err("'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"),
        ),
        (
            "utf-16-le",
            b"\xed\xb2\x80",
            "surrogateescape",
            Err("'utf-16-le' codec can't encode character '\\udc80' in position 0: surrogates not allowed"),
        ),
        ("utf-8", b"a\xed\xa0\x80", "surrogatepass", Ok(b"a\xed\xa0\x80")),
        ("utf-16-be", b"\xed\xa0\x80", "surrogatepass", Ok(b"\xd8\x00")),
        ("utf-32-le", b"\xed\xbf\xbf", "surrogatepass", Ok(b"\xff\xdf\x00\x00")),
        (
            "ascii",
            b"\xed\xa0\x80",
            "surrogatepass",
            Err("'ascii' codec can't encode character '\\ud800' in position 0: ordinal not in range(128)"),
        ),
    ];
    for (codec, text, handler, expected) in cases {
        let found = encoded(codec, text, handler);
        assert_eq!(found.as_deref().map_err(String::as_str), *expected, "{codec} {text:?} {handler}");
    }
}

#[test]
fn parts_of_data() {
    let part = |codec: &str, data: &[u8]| {
        let codec = Codec::by_name(codec).expect("known");
        decode_all(codec, data, Handler::Strict, false).expect("only incomplete").1
    };
    assert_eq!(part("utf-8", b"a\xf0\x9f\x98"), 1);
    assert_eq!(part("utf-8", b"a\xed\xa0"), 1);
    assert_eq!(part("utf-16-le", b"a\x00\x00\xd8"), 2);
    assert_eq!(part("utf-16", b"\xff\xfea"), 2);
    assert_eq!(part("utf-32-be", b"\x00\x00\x00a\x00"), 4);
}

#[test]
fn a_handler_of_ones_own() {
    let mut decoder = Decoder::new(Codec::Ascii, b"a\x80b", true);
    let mut text = Wtf8::new();
    let error = decoder.run(&mut text).expect_err("not ASCII");
    assert_eq!((error.start, error.end), (1, 2));
    text.push_str("<?>");
    decoder.resume_at(error.end);
    assert_eq!(decoder.run(&mut text), Ok(()));
    assert_eq!(text.as_bytes(), b"a<?>b");
}

#[test]
fn names() {
    for (name, codec) in [
        ("UTF8", Codec::Utf8),
        ("utf_8", Codec::Utf8),
        ("Utf-8", Codec::Utf8),
        ("U8", Codec::Utf8),
        ("UTF-16LE", Codec::Utf16Le),
        ("latin1", Codec::Latin1),
        ("ISO-8859-1", Codec::Latin1),
        ("us ascii", Codec::Ascii),
        ("raw-unicode-escape", Codec::RawUnicodeEscape),
    ] {
        assert_eq!(Codec::by_name(name), Some(codec), "{name}");
    }
    assert_eq!(Codec::by_name("foo"), None);
    assert_eq!(Codec::Latin1.name(), "iso8859-1");
    assert_eq!(Handler::by_name("Strict"), None);
}
