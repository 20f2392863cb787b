//! Texts of a given width: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`. Charge the length before.

use super::search::Units;

/// Where the content stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Left,
    Right,
    Center,
}

/// `text.center(width, fill)` and its like, for a text of fewer than `width` units; `fill` is one unit.
pub fn pad(text: &[u8], n_units: usize, width: usize, fill: &[u8], place: Place) -> Vec<u8> {
    let n_padding = width.saturating_sub(n_units);
    let n_before = match place {
        Place::Left => 0,
        Place::Right => n_padding,
        // CPython's rule for the odd one: to the left if the width is odd.
        Place::Center => n_padding / 2 + (n_padding & width & 1),
    };
    let mut padded = Vec::with_capacity(text.len() + n_padding * fill.len());
    (0..n_before).for_each(|_| padded.extend_from_slice(fill));
    padded.extend_from_slice(text);
    (n_before..n_padding).for_each(|_| padded.extend_from_slice(fill));
    padded
}

/// `text.zfill(width)`, for a text of fewer than `width` units: zeros behind the sign.
pub fn zero_fill(text: &[u8], n_units: usize, width: usize) -> Vec<u8> {
    let (sign, digits) = match text {
        [sign @ (b'+' | b'-'), rest @ ..] => (Some(*sign), rest),
        _ => (None, text),
    };
    let mut filled = Vec::with_capacity(text.len() + width);
    filled.extend(sign);
    filled.resize(filled.len() + width.saturating_sub(n_units), b'0');
    filled.extend_from_slice(digits);
    filled
}

/// The length in bytes of `text.expandtabs(tab_size)`; None is `OverflowError: new string is too long` (of bytes: `result
/// too long`).
pub fn expanded_len(text: &[u8], tab_size: usize, units: Units) -> Option<usize> {
    let mut len = 0usize;
    expand(text, tab_size, units, |_, added| {
        len = len.checked_add(added).filter(|len| *len <= isize::MAX as usize)?;
        Some(())
    })?;
    Some(len)
}

/// `text.expandtabs(tab_size)`; charge `expanded_len` first.
pub fn expand_tabs(text: &[u8], tab_size: usize, units: Units) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(expanded_len(text, tab_size, units).unwrap_or(0));
    expand(text, tab_size, units, |bytes, len| {
        match bytes {
            Some(bytes) => expanded.extend_from_slice(bytes),
            None => expanded.resize(expanded.len() + len, b' '),
        }
        Some(())
    });
    expanded
}

/// Calls `add` with each unit, or with None and how many spaces.
fn expand(
    text: &[u8],
    tab_size: usize,
    units: Units,
    mut add: impl FnMut(Option<&[u8]>, usize) -> Option<()>,
) -> Option<()> {
    let (mut column, mut at) = (0, 0);
    while let Some(&first) = text.get(at) {
        let len = units.len_of(first);
        match first {
            b'\t' => {
                let n_spaces = if tab_size == 0 { 0 } else { tab_size - column % tab_size };
                column += n_spaces;
                add(None, n_spaces)?;
            }
            b'\n' | b'\r' => {
                column = 0;
                add(Some(&text[at..at + 1]), 1)?;
            }
            _ => {
                column += 1;
                add(Some(&text[at..at + len]), len)?;
            }
        }
        at += len;
    }
    Some(())
}
