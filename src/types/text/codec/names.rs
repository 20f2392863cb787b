//! Encodings and error handlers by the names that scripts use.

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Utf8,
    /// With a signature in front, which decoding may miss.
    Utf8Sig,
    /// Little-endian with a mark in front; decoding goes by the mark.
    Utf16,
    Utf16Le,
    Utf16Be,
    Utf32,
    Utf32Le,
    Utf32Be,
    Latin1,
    Ascii,
    UnicodeEscape,
    RawUnicodeEscape,
}

/// What happens at a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
}

/// Canonical names with their aliases, in the spelling that `normalized` gives.
const NAMES: &[(Codec, &str, &[&str])] = &[
    (Codec::Utf8, "utf-8", &["utf_8", "u8", "utf", "utf8", "utf8_ucs2", "utf8_ucs4", "cp65001"]),
    (Codec::Utf8Sig, "utf-8-sig", &["utf_8_sig"]),
    (Codec::Utf16, "utf-16", &["utf_16", "u16", "utf16"]),
    (Codec::Utf16Le, "utf-16-le", &["utf_16_le", "unicodelittleunmarked", "utf_16le"]),
    (Codec::Utf16Be, "utf-16-be", &["utf_16_be", "unicodebigunmarked", "utf_16be"]),
    (Codec::Utf32, "utf-32", &["utf_32", "u32", "utf32"]),
    (Codec::Utf32Le, "utf-32-le", &["utf_32_le", "utf_32le"]),
    (Codec::Utf32Be, "utf-32-be", &["utf_32_be", "utf_32be"]),
    (
        Codec::Latin1,
        "iso8859-1",
        &[
            "latin_1",
            "iso8859_1",
            "8859",
            "cp819",
            "csisolatin1",
            "ibm819",
            "iso8859",
            "iso_8859_1",
            "iso_8859_1_1987",
            "iso_ir_100",
            "l1",
            "latin",
            "latin1",
        ],
    ),
    (
        Codec::Ascii,
        "ascii",
        &[
            "ascii",
            "646",
            "ansi_x3.4_1968",
            "ansi_x3_4_1968",
            "ansi_x3.4_1986",
            "cp367",
            "csascii",
            "ibm367",
            "iso646_us",
            "iso_646.irv_1991",
            "iso_ir_6",
            "us",
            "us_ascii",
        ],
    ),
    (Codec::UnicodeEscape, "unicode-escape", &["unicode_escape"]),
    (Codec::RawUnicodeEscape, "raw-unicode-escape", &["raw_unicode_escape"]),
];

const HANDLERS: &[(Handler, &str)] = &[
    (Handler::Strict, "strict"),
    (Handler::Ignore, "ignore"),
    (Handler::Replace, "replace"),
    (Handler::BackslashReplace, "backslashreplace"),
    (Handler::XmlCharRefReplace, "xmlcharrefreplace"),
    (Handler::NameReplace, "namereplace"),
    (Handler::SurrogateEscape, "surrogateescape"),
    (Handler::SurrogatePass, "surrogatepass"),
];

impl Codec {
    /// The encoding of a name; None is `LookupError: unknown encoding: NAME`.
    pub fn by_name(name: &str) -> Option<Codec> {
        let wanted = normalized(name);
        NAMES.iter().find(|(_, _, aliases)| aliases.contains(&wanted.as_str())).map(|(codec, ..)| *codec)
    }

    /// What `codecs.lookup(...).name` says.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(codec, ..)| *codec == self).map_or("", |(_, name, _)| name)
    }

    /// What the errors of encoding say; those of decoding say which order was taken.
    pub fn name_in_errors(self) -> &'static str {
        match self {
            Codec::Utf8 | Codec::Utf8Sig => "utf-8",
            Codec::Latin1 => "latin-1",
            Codec::UnicodeEscape => "unicodeescape",
            Codec::RawUnicodeEscape => "rawunicodeescape",
            Codec::Utf16
            | Codec::Utf16Le
            | Codec::Utf16Be
            | Codec::Utf32
            | Codec::Utf32Le
            | Codec::Utf32Be
            | Codec::Ascii => self.name(),
        }
    }
}

impl Handler {
    /// The handler of a name; None is `LookupError: unknown error handler name 'NAME'`.
    pub fn by_name(name: &str) -> Option<Handler> {
        HANDLERS.iter().find(|(_, known)| *known == name).map(|(handler, _)| *handler)
    }
}

/// Small letters, digits and points, with one underscore for each run of anything else.
pub fn normalized(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut in_gap = false;
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' {
            if in_gap && !plain.is_empty() {
                plain.push('_');
            }
            in_gap = false;
            plain.push(letter.to_ascii_lowercase());
        } else {
            in_gap = true;
        }
    }
    plain
}
