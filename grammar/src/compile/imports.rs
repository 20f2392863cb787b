//! `import` and `from … import`.

use super::Compiler;
use crate::bytecode::{Const, Intrinsic, Op, Reg};
use crate::source::Span;
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    pub fn compile_import(&mut self, aliases: &'t [Alias], span: Span) {
        for alias in aliases {
            let text = self.names.text(alias.name.name).to_owned();
            let (first, rest) = text.split_once('.').unwrap_or((&text, ""));
            let module = self.push_import(&text, Const::None, 0, span);
            let name = match alias.as_name {
                Some(name) => {
                    // `import a.b.c as d` binds the innermost module.
                    rest.split('.').filter(|part| !part.is_empty()).for_each(|part| {
                        let part = self.names.intern(part);
                        let name = self.name_id(part);
                        self.emit(Op::ImportFrom { dst: module, module, name });
                    });
                    name.name
                }
                None => self.names.intern(first),
            };
            self.store_name(name, module);
            self.unit.set_top(module.0 as u16);
        }
    }

    pub fn compile_import_from(
        &mut self,
        module: Option<Ident>,
        level: u32,
        aliases: &'t [Alias],
        is_star: bool,
        span: Span,
    ) {
        let text = module.map_or(String::new(), |module| self.names.text(module.name).to_owned());
        let list = match is_star {
            true => vec![Const::Str("*".into())],
            false => aliases.iter().map(|alias| Const::Str(self.names.text(alias.name.name).into())).collect(),
        };
        let module = self.push_import(&text, Const::Tuple(list), level, span);
        if is_star {
            return self.emit(Op::Intrinsic { dst: module, base: module, intrinsic: Intrinsic::ImportStar });
        }
        for alias in aliases {
            let name = self.mangled(alias.name.name);
            let name = self.name_id(name);
            let target = alias.as_name.unwrap_or(alias.name).name;
            let dst = self.local_register(target).unwrap_or_else(|| self.unit.next());
            self.emit(Op::ImportFrom { dst, module, name });
            if self.is_local(dst) {
                self.mark_bound(dst);
            } else {
                self.unit.push();
                self.store_name(target, dst);
                self.unit.set_top(dst.0 as u16);
            }
        }
    }

    /// The module, in a new register.
    fn push_import(&mut self, text: &str, list: Const, level: u32, span: Span) -> Reg {
        self.at(span);
        let base = self.push_const(list);
        self.push_const(Const::Int(level as i64));
        let name = self.names.intern(text);
        let name = self.name_id(name);
        self.emit(Op::Import { dst: base, base, name });
        self.unit.set_top(base.0 as u16 + 1);
        base
    }
}
