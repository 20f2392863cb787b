//! Docstrings, without the indentation that they have for the sake of the source.

use super::Compiler;
use crate::source::Wtf8;
use crate::syntax::ast::*;

impl Compiler<'_> {
    /// The string that stands first in a body.
    pub fn docstring(&self, body: &[StmtId]) -> Option<Wtf8> {
        let StmtKind::Expr(first) = self.tree[*body.first()?].kind else { return None };
        match &self.tree[first].kind {
            ExprKind::Constant(Constant::Str(text)) => Some(clean(text)),
            _ => None,
        }
    }
}

/// Tabs become spaces; the indentation that all lines but the first share goes away, and the first line's.
fn clean(text: &Wtf8) -> Wtf8 {
    let bytes = expand_tabs(text.as_bytes());
    let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or(&[]);
    let n_spaces = |line: &[u8]| line.iter().take_while(|&&byte| byte == b' ').count();
    let is_blank = |line: &[u8]| matches!(line[n_spaces(line)..].first(), None | Some(b'\n'));
    let margin = lines.clone().filter(|line| !is_blank(line)).map(n_spaces).min().unwrap_or(0);
    let mut out = first[n_spaces(first)..].to_vec();
    for line in lines {
        out.extend_from_slice(&line[margin.min(n_spaces(line))..]);
    }
    from_bytes(&out)
}

fn expand_tabs(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for &byte in bytes {
        match byte {
            b'\t' => {
                let n = 8 - column % 8;
                out.extend(std::iter::repeat_n(b' ', n));
                column += n;
            }
            b'\n' | b'\r' => {
                out.push(byte);
                column = 0;
            }
            _ => {
                out.push(byte);
                // Only the first byte of a character counts.
                column += (byte & 0xC0 != 0x80) as usize;
            }
        }
    }
    out
}

fn from_bytes(mut bytes: &[u8]) -> Wtf8 {
    let mut text = Wtf8::new();
    while let Some((code, len)) = crate::source::wtf8::decode(bytes) {
        text.push_code_point(code);
        bytes = &bytes[len..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_indentation_goes_away() {
        let cleaned = clean(&"  One.\n\n      Two.\n    Three.\n    ".into());
        assert_eq!(cleaned, "One.\n\n  Two.\nThree.\n".into());
    }

    #[test]
    fn tabs_are_eight_columns() {
        assert_eq!(clean(&"a\tb\n\tc".into()), "a       b\nc".into());
    }
}
