//! `class`: a function that fills a namespace, called by `__build_class__`.

use super::Compiler;
use crate::bytecode::{CallParams, CodeId, Const, Intrinsic, Op, Reg};
use crate::resolve::{Node, ScopeId};
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    pub fn compile_class(&mut self, id: StmtId, class: &'t Class) {
        let span = self.tree[id].span;
        let bases = self.push_decorators(&class.decorators);
        let generic = self.begin_type_params(id, &class.type_params);
        let type_params = generic.as_ref().map(|generic| generic.tuple);
        if let Some(tuple) = type_params {
            let name = self.names.intern(".type_params");
            self.store_name(name, tuple);
        }
        let scope = self.scopes.of(Node::Stmt(id));
        let first_line = self.first_line(span, &class.decorators);
        let code = self.class_code(scope, class, first_line, type_params.is_some());
        self.at(span);
        let base = self.unit.next();
        self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::BuildClass });
        self.unit.push();
        self.emit(Op::Unbind { from: self.unit.next(), n: 1 });
        self.unit.push();
        self.emit(Op::MakeClosure { dst: self.unit.next(), code });
        self.unit.push();
        let name = self.names.text(class.name.name).to_owned();
        self.push_str(&name);
        let own = self.local_register_outside(class.name.name, generic.is_some());
        // The result takes the place of the argument that the innermost decorator waits for.
        let dst = match (bases.last(), own) {
            (None, Some(reg)) => reg,
            (Some(last), _) => Reg(last.0 + 2),
            (None, None) => type_params.unwrap_or(base),
        };
        self.build_class(class, base, type_params, dst, span);
        self.unit.set_top(if self.is_local(dst) { base.0 as u16 } else { dst.0 as u16 + 1 });
        if let Some(generic) = generic {
            self.end_type_params(generic);
        }
        let result = self.call_decorators(&bases, &class.decorators, dst, own);
        self.at(span);
        self.store_name(class.name.name, result);
    }

    /// The class's own register, seen from the scope that the class stands in.
    fn local_register_outside(&mut self, name: crate::source::Name, is_generic: bool) -> Option<Reg> {
        if !is_generic {
            return self.local_register(name);
        }
        let inner = self.unit.scope;
        self.unit.scope = self.scopes[inner].parent.expect("type parameters stand in a scope");
        let reg = self.local_register(name);
        self.unit.scope = inner;
        reg
    }

    /// Bases, keywords and the call; the function and the name are there already.
    fn build_class(&mut self, class: &'t Class, base: Reg, tuple: Option<Reg>, dst: Reg, span: crate::source::Span) {
        if self.is_spread(&class.bases, &class.keywords) {
            let list = Reg(base.0 + 2);
            self.emit(Op::BuildList { dst: list, base: list, n: 2 });
            self.unit.set_top(list.0 as u16 + 1);
            class.bases.iter().for_each(|&one| self.append(list, one, span));
            if let Some(tuple) = tuple {
                let src = self.push_generic_base(tuple);
                self.emit(Op::ListAppend { list, src });
                self.unit.set_top(list.0 as u16 + 1);
            }
            self.push_spread_keywords(base, &class.keywords, span);
            self.at(span);
            return self.emit(Op::CallEx { dst, base });
        }
        class.bases.iter().for_each(|&one| {
            self.push_expr(one);
        });
        if let Some(tuple) = tuple {
            self.push_generic_base(tuple);
        }
        self.finish_call(span, base, 2 + class.bases.len() + tuple.is_some() as usize, &class.keywords, dst);
    }

    /// `Generic[T, …]`
    fn push_generic_base(&mut self, tuple: Reg) -> Reg {
        let dst = self.unit.next();
        self.emit(Op::Intrinsic { dst, base: tuple, intrinsic: Intrinsic::SubscriptGeneric });
        self.unit.push()
    }

    fn class_code(&mut self, scope: ScopeId, class: &'t Class, first_line: u32, is_generic: bool) -> CodeId {
        let params = CallParams { n_positional_only: 1, n_positional: 1, ..CallParams::default() };
        let saved = self.enter_frame(scope, params, first_line);
        self.emit_prologue();
        self.begin_class_body(first_line, is_generic);
        let body = &class.body;
        let docstring = self.docstring(body);
        let skipped = docstring.is_some() as usize;
        if self.scopes[scope].has_annotations {
            let dst = self.unit.next();
            self.emit(Op::Intrinsic { dst, base: dst, intrinsic: Intrinsic::Annotations });
            self.unit.push();
            self.unit.set_top(dst.0 as u16);
        }
        if let Some(text) = docstring
            && self.options.optimize < 2
        {
            self.at(self.tree[body[0]].span);
            self.store_constant("__doc__", Const::Str(text));
        }
        self.compile_block(&body[skipped..]);
        self.end_class_body(scope);
        self.leave_frame(saved)
    }

    fn store_constant(&mut self, name: &str, constant: Const) {
        let src = self.push_const(constant);
        self.store_namespace(name, src);
        self.unit.set_top(src.0 as u16);
    }

    /// What every class body begins with.
    fn begin_class_body(&mut self, first_line: u32, is_generic: bool) {
        let start = self.lines.start_of(first_line);
        self.at(crate::source::Span { start, end: start });
        let src = self.unit.next();
        self.load_namespace("__name__", src);
        self.unit.push();
        self.store_namespace("__module__", src);
        self.unit.set_top(src.0 as u16);
        let qualname = self.unit.code.qualname.to_string();
        self.store_constant("__qualname__", Const::Str(qualname.into()));
        self.store_constant("__firstlineno__", Const::Int(first_line as i64));
        if is_generic {
            let name = self.names.intern(".type_params");
            let src = self.unit.next();
            self.load_name(name, src);
            self.unit.push();
            self.store_namespace("__type_params__", src);
            self.unit.set_top(src.0 as u16);
        }
    }

    /// The names of the attributes, and the cell of `__class__` as the result.
    fn end_class_body(&mut self, scope: ScopeId) {
        let names = self.scopes[scope].static_attributes.iter();
        let names: Vec<Const> = names.map(|&name| Const::Str(self.names.text(name).into())).collect();
        self.store_constant("__static_attributes__", Const::Tuple(names));
        let class_cell = self.names.find("__class__").expect("declared with the special names");
        match self.unit.slots.get(&(scope, class_cell)) {
            Some(super::unit::Slot::Cell(reg)) if self.scopes[scope].needs_class_cell => {
                let src = *reg;
                self.emit(Op::Return { src });
            }
            _ => self.emit(Op::ReturnNone),
        }
    }
}
