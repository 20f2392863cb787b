//! f-strings: each part as a string in the next register, then joined.

use super::Compiler;
use crate::bytecode::{Const, Op, Reg};
use crate::source::Wtf8;
use crate::syntax::ast::*;

/// Parts that are joined at once; longer ones are joined in steps.
const MAX_PARTS: usize = 32;

impl<'t> Compiler<'t> {
    pub fn compile_fstring(&mut self, expr: ExprId, parts: &'t [FPart], dst: Reg) {
        let parts: Vec<&FPart> =
            parts.iter().filter(|part| !matches!(part, FPart::Text(text) if text.is_empty())).collect();
        match parts[..] {
            [] => self.load_const(Const::Str(Wtf8::new()), dst),
            [FPart::Text(text)] => self.load_const(Const::Str(text.clone()), dst),
            [FPart::Field(field)] => self.compile_field(field, dst),
            _ => self.compile_parts(expr, &parts, dst),
        }
    }

    fn compile_parts(&mut self, expr: ExprId, parts: &[&'t FPart], dst: Reg) {
        let base = self.unit.next();
        let limit = MAX_PARTS.min(self.unit.n_free() as usize / 4).max(2);
        let mut n = 0;
        for part in parts {
            if n == limit {
                self.at_expr(expr);
                self.emit(Op::BuildString { dst: base, base, n: n as u8 });
                self.unit.set_top(base.0 as u16 + 1);
                n = 1;
            }
            match part {
                FPart::Text(text) => {
                    self.at_expr(expr);
                    self.push_const(Const::Str(text.clone()));
                }
                FPart::Field(field) => {
                    self.compile_field(field, self.unit.next());
                    self.unit.push();
                }
            }
            n += 1;
        }
        self.at_expr(expr);
        self.emit(Op::BuildString { dst, base, n: n as u8 });
    }

    /// R[dst] = the text of `{value!conversion:spec}`
    fn compile_field(&mut self, field: &'t FField, dst: Reg) {
        let top = self.unit.top();
        let mut src = self.operand(field.value);
        if let Some(conversion) = field.conversion {
            let to = if field.spec.is_none() { dst } else { Reg(top.min(254) as u8) };
            self.at(field.span);
            self.emit(match conversion {
                Conversion::Str => Op::ConvertStr { dst: to, src },
                Conversion::Repr => Op::ConvertRepr { dst: to, src },
                Conversion::Ascii => Op::ConvertAscii { dst: to, src },
            });
            self.unit.set_top(top.max(to.0 as u16 + 1));
            src = to;
        }
        match &field.spec {
            Some(spec) => {
                let spec_reg = self.unit.next();
                self.compile_fstring(field.value, spec, spec_reg);
                self.unit.push();
                self.at(field.span);
                self.emit(Op::FormatSpec { dst, src, spec: spec_reg });
            }
            None if field.conversion.is_none() => {
                self.at(field.span);
                self.emit(Op::Format { dst, src });
            }
            // The conversion made an exact string, which formats to itself.
            None => {}
        }
        self.unit.set_top(top);
    }
}
