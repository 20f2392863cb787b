//! Bytes to text: byte order mark, encoding declaration, null bytes, ends of lines.
//!
//! UTF-8, ASCII and Latin-1 are known. The text that comes out has `\n` at the end of each line and no mark.

use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::source::Span;

/// Where a source comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Bytes, of a file or given to `exec`: a declaration in them says the encoding.
    Bytes,
    /// Text that was decoded already, in UTF-8: a declaration in it means nothing.
    Text,
}

/// Why there is no text, and what can be shown of it.
#[derive(Debug)]
pub struct Undecodable {
    pub diagnostic: Diagnostic,
    pub text: String,
}

const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

enum Encoding {
    Utf8,
    Ascii,
    Latin1,
}

/// Decodes a source.
pub fn decode(source: &[u8], origin: Origin) -> Result<String, Box<Undecodable>> {
    if source.len() > u32::MAX as usize / 2 {
        return Err(failure(SyntaxMistake::SourceTooLarge, 0, ""));
    }
    let has_mark = source.starts_with(BYTE_ORDER_MARK);
    let source = if has_mark { &source[BYTE_ORDER_MARK.len()..] } else { source };
    if let Some(at) = memchr::memchr(0, source) {
        let text = String::from_utf8_lossy(&source[..at]).into_owned();
        let mistake = match origin {
            Origin::Bytes => SyntaxMistake::NullByte,
            Origin::Text => SyntaxMistake::NullByteInText,
        };
        return Err(failure(mistake, text.len(), &text));
    }
    let encoding = match origin {
        Origin::Text => Encoding::Utf8,
        Origin::Bytes => declared(source, has_mark)?,
    };
    let text = match encoding {
        Encoding::Utf8 => {
            std::str::from_utf8(source).map_err(|error| undecodable(source, error.valid_up_to(), "utf-8"))?.to_owned()
        }
        Encoding::Ascii => match source.iter().position(|byte| !byte.is_ascii()) {
            Some(at) => return Err(undecodable(source, at, "ascii")),
            None => String::from_utf8_lossy(source).into_owned(),
        },
        Encoding::Latin1 => source.iter().map(|&byte| byte as char).collect(),
    };
    Ok(with_newlines(text))
}

fn with_newlines(text: String) -> String {
    match memchr::memchr(b'\r', text.as_bytes()) {
        None => text,
        Some(_) => text.replace("\r\n", "\n").replace('\r', "\n"),
    }
}

fn failure(mistake: SyntaxMistake, at: usize, text: &str) -> Box<Undecodable> {
    let mut diagnostic = Diagnostic::new(mistake, Span::new(at, at));
    diagnostic.raised = Raised::Nowhere;
    Box::new(Undecodable { diagnostic, text: text.to_owned() })
}

fn undecodable(source: &[u8], at: usize, codec: &'static str) -> Box<Undecodable> {
    let byte = source[at];
    let reason = match (codec, std::str::from_utf8(&source[at..]).err().and_then(|error| error.error_len())) {
        ("ascii", _) => "ordinal not in range(128)",
        (_, None) => "unexpected end of data",
        _ if matches!(byte, 0xC2..=0xF4) => "invalid continuation byte",
        _ => "invalid start byte",
    };
    let line_start = memchr::memrchr(b'\n', &source[..at]).map_or(0, |newline| newline + 1);
    let position = at - line_start;
    let text = String::from_utf8_lossy(&source[..at]).into_owned();
    let mistake = SyntaxMistake::Undecodable { codec, byte: format!("{byte:02x}"), position, reason };
    let mut failure = failure(mistake, text.len(), &text);
    failure.diagnostic.raised = Raised::Column(text.len() as u32);
    failure
}

/// The encoding that a comment in the first two lines declares.
fn declared(source: &[u8], has_mark: bool) -> Result<Encoding, Box<Undecodable>> {
    let mut lines = source.split(|&byte| byte == b'\n' || byte == b'\r');
    for _ in 0..2 {
        let Some(line) = lines.next() else { break };
        let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0C'));
        match start.map(|at| &line[at..]) {
            None => continue,
            Some([b'#', comment @ ..]) => {
                if let Some(name) = declaration(comment) {
                    return known(&name, has_mark);
                }
            }
            Some(_) => break,
        }
    }
    Ok(Encoding::Utf8)
}

/// The name behind `coding:` or `coding=`.
fn declaration(comment: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(comment, b"coding")? + b"coding".len();
    let rest = comment[at..].strip_prefix(b":").or(comment[at..].strip_prefix(b"="))?;
    let rest = rest.trim_ascii_start();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let name: Vec<u8> = rest.iter().take_while(is_name).copied().collect();
    (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned())
}

fn known(name: &str, has_mark: bool) -> Result<Encoding, Box<Undecodable>> {
    let normal = name.to_ascii_lowercase().replace('_', "-");
    let encoding = match normal.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" | "cp65001" | "utf-8-sig" => Encoding::Utf8,
        "latin-1" | "iso-8859-1" | "iso8859-1" | "iso-latin-1" | "latin1" | "l1" | "latin" | "8859" | "cp819" => {
            Encoding::Latin1
        }
        "ascii" | "us-ascii" | "646" => Encoding::Ascii,
        _ if normal.starts_with("utf-8-") => Encoding::Utf8,
        _ if normal.starts_with("latin-1-") || normal.starts_with("iso-8859-1-") => Encoding::Latin1,
        _ => return Err(failure(SyntaxMistake::UnknownEncoding { name: name.to_owned() }, 0, "")),
    };
    if has_mark && normal != "utf-8" && !normal.starts_with("utf-8-") {
        return Err(failure(SyntaxMistake::EncodingAgainstMark { name: name.to_owned() }, 0, ""));
    }
    Ok(encoding)
}
