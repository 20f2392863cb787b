//! A number's parts in their width: sign, prefix, groups of digits, padding.

use aspen_grammar::source::Wtf8;

use super::spec::{Align, Grouping, Sign, Spec};

/// The parts of a number, before signs, groups and padding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'static str,
    /// The digits before the point; empty where there is nothing to group (`inf`, a character).
    pub whole: String,
    /// What follows: fraction, exponent, percent sign; the text of an infinity; a character.
    pub rest: String,
}

impl Parts {
    /// The sign that is shown.
    pub(super) fn sign(&self, sign: Sign) -> &'static str {
        match (self.negative, sign) {
            (true, _) => "-",
            (false, Sign::Always) => "+",
            (false, Sign::Space) => " ",
            (false, Sign::Unspecified | Sign::Negative) => "",
        }
    }
}

/// Puts a number into its width.
pub fn lay_out(parts: &Parts, spec: &Spec, group_len: usize) -> Vec<u8> {
    let sign = parts.sign(spec.sign);
    let beside = sign.len() + parts.prefix.len() + parts.rest.chars().count();
    // Zeros after the sign are digits: they are grouped with the others.
    let zeros_are_digits = spec.fill == '0' as u32 && spec.align == Align::AfterSign;
    let min_len = if zeros_are_digits { spec.width.saturating_sub(beside) } else { 0 };
    let grouped = group(&parts.whole, spec.grouping, group_len, min_len);
    let n_padding = spec.width.saturating_sub(beside + grouped.len());
    let (before, inside, after) = match spec.align {
        Align::Left => (0, 0, n_padding),
        Align::Right => (n_padding, 0, 0),
        Align::Center => (n_padding / 2, 0, n_padding - n_padding / 2),
        Align::AfterSign => (0, n_padding, 0),
    };
    let mut text = Wtf8::new();
    push_fill(&mut text, spec.fill, before);
    text.push_str(sign);
    text.push_str(parts.prefix);
    push_fill(&mut text, spec.fill, inside);
    text.push_str(&grouped);
    text.push_str(&parts.rest);
    push_fill(&mut text, spec.fill, after);
    text.into_bytes()
}

/// Puts any text into the spec's width.
pub fn pad(content: &[u8], n_chars: usize, spec: &Spec) -> Vec<u8> {
    let n_padding = spec.width.saturating_sub(n_chars);
    let before = match spec.align {
        Align::Left => 0,
        Align::Right | Align::AfterSign => n_padding,
        Align::Center => n_padding / 2,
    };
    let mut text = Wtf8::new();
    push_fill(&mut text, spec.fill, before);
    let mut text = text.into_bytes();
    text.extend_from_slice(content);
    let mut tail = Wtf8::new();
    push_fill(&mut tail, spec.fill, n_padding - before);
    text.extend_from_slice(tail.as_bytes());
    text
}

fn push_fill(text: &mut Wtf8, fill: u32, count: usize) {
    for _ in 0..count {
        text.push_code_point(fill);
    }
}

/// The digits in groups from the right, with zeros in front until there are `min_len` characters. A group never begins
/// with its separator, so that the result may be one longer.
fn group(digits: &str, grouping: Grouping, group_len: usize, min_len: usize) -> String {
    if digits.is_empty() {
        return String::new();
    }
    let separator = match grouping {
        Grouping::None => return format!("{digits:0>min_len$}"),
        Grouping::Comma => ',',
        Grouping::Underscore => '_',
    };
    // So many digits with their separators: the fewest that are `min_len` characters long.
    let n_full_groups = min_len.saturating_sub(1) / (group_len + 1);
    let n_digits = digits.len().max(min_len - n_full_groups);
    let mut text = String::with_capacity(n_digits + n_digits / group_len);
    for at in 0..n_digits {
        let n_left = n_digits - at;
        if at > 0 && n_left.is_multiple_of(group_len) {
            text.push(separator);
        }
        let missing = n_digits - digits.len();
        text.push(if at < missing { '0' } else { digits.as_bytes()[at - missing] as char });
    }
    text
}
