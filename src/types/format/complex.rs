//! Complex numbers in the format mini-language: two floats with one spec.

use super::float::{Notation, parts_of, style_of};
use super::layout::{Parts, lay_out, pad};
use super::spec::{Align, FormatError, Sign, Spec};
use crate::types::float::complex::Complex;

/// `format(number, spec)`.
pub fn format_complex(number: Complex, spec: &Spec) -> Result<Vec<u8>, FormatError> {
    let style = style_of(spec, 'c')?;
    if spec.fill == '0' as u32 {
        return Err(FormatError::ZeroPaddingInComplex);
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::AfterSignInComplex);
    }
    let bare = spec.code == 0;
    let skips_real = bare && number.real == 0.0 && number.real.is_sign_positive();
    // Width and fill are for the whole.
    let part_spec = Spec { width: 0, align: Align::Left, ..*spec };
    let imag_sign = if skips_real { spec.sign } else { Sign::Always };
    let show = |part: f64, sign: Sign| {
        let parts: Parts = parts_of(part, &style);
        lay_out(&parts, &Spec { sign, ..part_spec }, 3)
    };
    let mut content = Vec::new();
    if !skips_real {
        content.extend(show(number.real, spec.sign));
    }
    content.extend(show(number.imag, imag_sign));
    content.push(b'j');
    if bare && !skips_real {
        content.insert(0, b'(');
        content.push(b')');
    }
    debug_assert!(style.notation != Notation::Shortest || bare);
    Ok(pad(&content, content.len(), spec))
}
