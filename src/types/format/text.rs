//! Strs in the format mini-language.

use super::layout::pad;
use super::spec::{Align, FormatError, Sign, Spec};
use crate::types::text::index::prefix_of_chars;

/// `format(text, spec)`; `n_chars` is the length of the text in code points.
pub fn format_text(text: &[u8], n_chars: usize, spec: &Spec) -> Result<Vec<u8>, FormatError> {
    if spec.code != 's' as u32 {
        return Err(FormatError::UnknownCode(spec.code));
    }
    match spec.sign {
        Sign::Unspecified => {}
        Sign::Space => return Err(FormatError::SpaceInText),
        Sign::Negative | Sign::Always => return Err(FormatError::SignInText),
    }
    if spec.no_negative_zero {
        return Err(FormatError::NegativeZeroInText);
    }
    if spec.alternate {
        return Err(FormatError::AlternateInText);
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::AfterSignInText);
    }
    match spec.precision {
        Some(precision) if precision < n_chars => Ok(pad(prefix_of_chars(text, precision), precision, spec)),
        Some(_) | None => Ok(pad(text, n_chars, spec)),
    }
}
