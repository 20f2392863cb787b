//! Begin and end of a code: where each of its variables lives, the instructions that prepare them, and the tables.
//!
//! Registers are given out in this order: parameters, captured cells, the list of far locals, the locals in order of first
//! appearance, the hidden cells of a class, and the variables of inlined scopes, which share registers where their lifetimes
//! allow it.

use std::sync::Arc;

use super::Compiler;
use super::unit::{NOWHERE, Slot, Unit};
use crate::bytecode::{CallParams, Capture, Code, CodeFlags, CodeId, Intrinsic, MAX_REGISTER_PARAMS, Op, Reg};
use crate::report::ScopeMistake;
use crate::resolve::{ScopeId, ScopeKind};
use crate::source::Name;
use crate::syntax::ast::Params;

/// Locals beyond these are far.
const MAX_LOCALS: u16 = 200;

/// Registers for the variables of inlined scopes, by name; beyond, they share without regard to names.
const MAX_INLINED: usize = 24;

/// The code around, while the code of an inner function is made.
pub(super) struct Saved<'t> {
    unit: Box<Unit>,
    blocks: Vec<super::protect::Block<'t>>,
}

/// A register for variables of inlined scopes.
struct Shared {
    name: Name,
    is_cell: bool,
    reg: Reg,
    in_use: bool,
}

impl<'t> Compiler<'t> {
    /// Begins the code of `scope`; what was at hand is set aside.
    pub fn enter_frame(&mut self, scope: ScopeId, params: CallParams, first_line: u32) -> Saved<'t> {
        let name = self.names.text(self.scopes[scope].name).to_owned();
        let qualname = self.qualname(scope, &name);
        let code = Code {
            name: name.into(),
            qualname: qualname.into(),
            file: self.file.clone(),
            source: self.source.clone(),
            first_line,
            flags: self.flags(scope),
            params,
            ..Code::default()
        };
        let unit = Box::new(Unit::new(scope, code));
        let saved = Saved { unit: std::mem::replace(&mut self.unit, unit), blocks: std::mem::take(&mut self.blocks) };
        self.allocate(scope);
        saved
    }

    /// Ends the code at hand and gives it to the code around.
    pub fn leave_frame(&mut self, saved: Saved<'t>) -> CodeId {
        self.blocks = saved.blocks;
        let inner = std::mem::replace(&mut self.unit, saved.unit);
        let code = self.finish_unit(inner);
        self.unit.code.codes.push(code);
        CodeId(self.unit.code.codes.len() as u32 - 1)
    }

    /// The finished code; its captures are registers of the unit at hand.
    pub fn finish_unit(&mut self, mut inner: Box<Unit>) -> Arc<Code> {
        if let Some(failure) = inner.failure.take() {
            self.failure.get_or_insert(failure);
        }
        let scope = inner.frame;
        for &(name, owner) in &self.scopes[scope].frees {
            let from = self.cell_register(owner, name);
            inner.code.captures.push(Capture { from });
        }
        inner.into_shared(&self.lines)
    }

    /// The register of the code at hand that holds the cell of a variable.
    fn cell_register(&mut self, owner: ScopeId, name: Name) -> Reg {
        if self.scopes[owner].frame != self.unit.frame {
            return self.free_register(name);
        }
        match self.unit.slots.get(&(owner, name)) {
            Some(Slot::Cell(reg)) => *reg,
            _ => {
                self.unit.fail(ScopeMistake::TooManyCells);
                Reg(0)
            }
        }
    }

    /// The register of a captured cell.
    pub fn free_register(&self, name: Name) -> Reg {
        let frees = &self.scopes[self.unit.frame].frees;
        let at = frees.iter().position(|(free, _)| *free == name).expect("the binder captured it");
        Reg((self.unit.code.n_register_params() as usize + at) as u8)
    }

    fn flags(&self, id: ScopeId) -> CodeFlags {
        let scope = &self.scopes[id];
        let is_generator = scope.kind == ScopeKind::Generator || scope.has_yield;
        let is_async = scope.is_async || (scope.kind == ScopeKind::Generator && scope.has_await);
        let around = self.function_or_class_around(id);
        CodeFlags {
            is_iterable_coroutine: false,
            is_generator: is_generator && !is_async,
            is_coroutine: is_async && !is_generator,
            is_async_generator: is_async && is_generator,
            is_function: scope.kind.is_function_like(),
            is_class: scope.kind == ScopeKind::Class,
            is_nested: around.is_some_and(|around| self.scopes[around].kind.is_function_like()),
            is_hidden: self.options.is_hidden,
            shows_source: self.options.shows_source,
            has_docstring: false,
            future_annotations: self.scopes.future_annotations,
            is_top_level_await: scope.kind == ScopeKind::Module && scope.has_await,
            is_method: around.is_some_and(|around| self.scopes[around].kind == ScopeKind::Class)
                && scope.kind.is_function_like(),
        }
    }

    /// The scope around that has a frame, scopes of type parameters left out.
    fn function_or_class_around(&self, id: ScopeId) -> Option<ScopeId> {
        let mut at = self.scopes[id].parent?;
        while self.scopes[at].kind.is_inlined() {
            at = self.scopes[at].parent?;
        }
        Some(at)
    }

    fn qualname(&self, id: ScopeId, name: &str) -> String {
        let Some(around) = self.function_or_class_around(id) else { return name.to_owned() };
        let scope = &self.scopes[id];
        let is_named = matches!(scope.kind, ScopeKind::Function | ScopeKind::Class);
        let is_global = is_named && {
            let home = &self.scopes[scope.parent.expect("only the module has none")];
            home.symbol(scope.name).is_some_and(|symbol| symbol.is_global)
        };
        let outer = &self.scopes[around];
        if is_global || outer.kind == ScopeKind::Module {
            return name.to_owned();
        }
        // The code around is at hand, or set aside with its name: names are made again here, which is rare enough.
        let prefix = self.qualname(around, self.names.text(outer.name));
        match outer.kind {
            ScopeKind::Class => format!("{prefix}.{name}"),
            _ => format!("{prefix}.<locals>.{name}"),
        }
    }

    // ----- Registers -----

    /// Gives every variable of the scope its place.
    fn allocate(&mut self, id: ScopeId) {
        let kind = self.scopes[id].kind;
        let mut locals: Vec<Box<str>> = Vec::new();
        // R[0] of a module or class is the namespace.
        if !kind.is_function_like() {
            locals.push("".into());
        }
        self.allocate_params(id, &mut locals);
        for &(name, _) in &self.scopes[id].frees {
            locals.push(self.names.text(name).into());
        }
        if locals.len() > MAX_LOCALS as usize {
            self.unit.fail(ScopeMistake::TooManyCells);
            locals.truncate(MAX_LOCALS as usize);
        }
        if kind.is_function_like() {
            self.allocate_locals(id, &mut locals);
        }
        self.allocate_class_cells(id, &mut locals);
        let mut shared = Vec::new();
        self.allocate_inlined(id, &mut locals, &mut shared);
        self.unit.n_locals = locals.len() as u16;
        self.unit.set_top(locals.len() as u16);
        self.unit.code.locals = locals;
    }

    fn allocate_params(&mut self, id: ScopeId, locals: &mut Vec<Box<str>>) {
        let scope = &self.scopes[id];
        for symbol in scope.symbols.iter().filter(|symbol| symbol.is_param) {
            let text: Box<str> = self.names.text(symbol.name).into();
            if locals.len() >= MAX_REGISTER_PARAMS as usize {
                let slot = Slot::Far(self.unit.code.far_locals.len() as u32);
                self.unit.slots.insert((id, symbol.name), slot);
                self.unit.code.far_locals.push(text);
                continue;
            }
            let reg = Reg(locals.len() as u8);
            let slot = if symbol.is_cell { Slot::Cell(reg) } else { Slot::Register(reg) };
            self.unit.slots.insert((id, symbol.name), slot);
            if let Some(bound) = &mut self.unit.flow {
                bound.insert(reg.0);
            }
            locals.push(text);
        }
    }

    fn allocate_locals(&mut self, id: ScopeId, locals: &mut Vec<Box<str>>) {
        let scope = &self.scopes[id];
        let is_far_param = |name: Name| matches!(self.unit.slots.get(&(id, name)), Some(Slot::Far(_)));
        let mut own: Vec<_> = scope.symbols.iter().filter(|symbol| symbol.is_own()).collect();
        own.retain(|symbol| !symbol.is_param || (symbol.is_cell && is_far_param(symbol.name)));
        let is_tight = locals.len() + own.len() > MAX_LOCALS as usize;
        if is_tight || !self.unit.code.far_locals.is_empty() {
            self.unit.code.far_list = Some(Reg(locals.len() as u8));
            locals.push("".into());
            // Cells need registers.
            own.sort_by_key(|symbol| !symbol.is_cell);
        }
        for symbol in own {
            let text: Box<str> = self.names.text(symbol.name).into();
            let reg = Reg(locals.len() as u8);
            let slot = if locals.len() < MAX_LOCALS as usize {
                locals.push(text);
                if symbol.is_deleted && !symbol.is_cell {
                    self.unit.deleted.insert(reg.0);
                }
                if symbol.is_cell { Slot::Cell(reg) } else { Slot::Register(reg) }
            } else {
                self.unit.code.far_locals.push(text);
                Slot::Far(self.unit.code.far_locals.len() as u32 - 1)
            };
            if symbol.is_cell && !matches!(slot, Slot::Cell(_)) {
                self.unit.fail(ScopeMistake::TooManyCells);
            }
            self.unit.slots.insert((id, symbol.name), slot);
        }
        for symbol in scope.symbols.iter().filter(|symbol| symbol.is_param && symbol.is_deleted) {
            if let Some(Slot::Register(reg)) = self.unit.slots.get(&(id, symbol.name)) {
                self.unit.deleted.insert(reg.0);
            }
        }
    }

    fn allocate_class_cells(&mut self, id: ScopeId, locals: &mut Vec<Box<str>>) {
        let scope = &self.scopes[id];
        for (needed, text) in [(scope.needs_class_cell, "__class__"), (scope.needs_class_dict, "__classdict__")] {
            let name = self.names.find(text).expect("declared with the special names");
            if needed {
                let reg = Reg(locals.len() as u8);
                self.unit.slots.insert((id, name), Slot::Cell(reg));
                self.unit.code.cells.push(reg);
                locals.push(text.into());
            }
        }
    }

    /// Registers for the variables of the scopes inlined in `id`; siblings share them.
    fn allocate_inlined(&mut self, id: ScopeId, locals: &mut Vec<Box<str>>, shared: &mut Vec<Shared>) {
        for &inner in &self.scopes[id].inlined {
            let mut taken = Vec::new();
            let is_type_scope = self.scopes[inner].kind == ScopeKind::TypeParams;
            for symbol in self.scopes[inner].symbols.iter().filter(|symbol| symbol.is_own()) {
                let Some(at) = self.take_shared(symbol.name, symbol.is_cell, is_type_scope, locals, shared) else {
                    self.allocate_far(inner, symbol.name, symbol.is_cell, locals);
                    continue;
                };
                let reg = shared[at].reg;
                let slot = if symbol.is_cell { Slot::Cell(reg) } else { Slot::Register(reg) };
                self.unit.slots.insert((inner, symbol.name), slot);
                taken.push(at);
            }
            self.allocate_inlined(inner, locals, shared);
            taken.into_iter().for_each(|at| shared[at].in_use = false);
        }
    }

    fn take_shared(
        &mut self,
        name: Name,
        is_cell: bool,
        is_hidden: bool,
        locals: &mut Vec<Box<str>>,
        shared: &mut Vec<Shared>,
    ) -> Option<usize> {
        let is_free = |one: &Shared| !one.in_use && one.is_cell == is_cell;
        let mut found = shared.iter().position(|one| is_free(one) && one.name == name);
        if found.is_none() && shared.len() >= MAX_INLINED {
            found = shared.iter().position(is_free);
        }
        if let Some(at) = found {
            if shared[at].name != name {
                locals[shared[at].reg.0 as usize] = "".into();
            }
            shared[at].in_use = true;
            return Some(at);
        }
        if locals.len() >= MAX_LOCALS as usize {
            return None;
        }
        let reg = Reg(locals.len() as u8);
        locals.push(if is_hidden { "".into() } else { self.names.text(name).into() });
        if is_cell {
            self.unit.code.cells.push(reg);
        }
        shared.push(Shared { name, is_cell, reg, in_use: true });
        Some(shared.len() - 1)
    }

    /// A variable of an inlined scope for which no register is left.
    fn allocate_far(&mut self, scope: ScopeId, name: Name, is_cell: bool, locals: &mut Vec<Box<str>>) {
        if is_cell {
            return self.unit.fail(ScopeMistake::TooManyCells);
        }
        if self.unit.code.far_list.is_none() {
            self.unit.code.far_list = Some(Reg(locals.len() as u8));
            locals.push("".into());
        }
        let slot = Slot::Far(self.unit.code.far_locals.len() as u32);
        self.unit.code.far_locals.push(self.names.text(name).into());
        self.unit.slots.insert((scope, name), slot);
    }

    // ----- The first instructions -----

    /// Unbinds the locals and makes the cells.
    pub fn emit_prologue(&mut self) {
        self.at(NOWHERE);
        let code = &self.unit.code;
        let is_namespace = !code.flags.is_function;
        let from = (code.n_register_params() as usize + self.scopes[self.unit.frame].frees.len())
            .max(is_namespace as usize) as u16;
        let far_list = code.far_list;
        let has_far_params = code.n_far_params() > 0;
        let n_far = code.far_locals.len() as i32;
        // The list of far locals is made by the call if parameters are in it.
        let from = from + (far_list.is_some() && has_far_params) as u16;
        let n = self.unit.n_locals.saturating_sub(from);
        if n > 0 {
            self.unit.emit_alive(Op::Unbind { from: Reg(from as u8), n: n as u8 }, from);
        }
        if let Some(dst) = far_list
            && !has_far_params
        {
            let base = self.unit.push();
            self.emit(Op::LoadInt { dst: base, int: n_far });
            self.emit(Op::Intrinsic { dst, base, intrinsic: Intrinsic::FarLocals });
            self.unit.set_top(self.unit.n_locals);
        }
        self.emit_cells();
    }

    fn emit_cells(&mut self) {
        let id = self.unit.frame;
        if self.scopes[id].kind == ScopeKind::Class {
            return self.emit_class_cells(id);
        }
        let params: Vec<Name> = self.scopes[id].symbols.iter().filter(|s| s.is_param).map(|s| s.name).collect();
        for symbol in &self.scopes[id].symbols {
            let Some(&Slot::Cell(reg)) = self.unit.slots.get(&(id, symbol.name)) else { continue };
            if reg.0 as u32 >= self.unit.code.n_register_params()
                && let (Some(index), Some(far)) =
                    (params.iter().position(|&name| name == symbol.name), self.unit.code.far_list)
            {
                let index = (index - MAX_REGISTER_PARAMS as usize) as u32;
                self.emit(Op::LoadFar { dst: reg, far, index });
            }
            self.emit(Op::MakeCell { reg });
            self.unit.code.cells.push(reg);
        }
    }

    fn emit_class_cells(&mut self, id: ScopeId) {
        let find = |text| self.names.find(text).expect("declared with the special names");
        let (class_cell, class_dict) = (find("__class__"), find("__classdict__"));
        if let Some(&Slot::Cell(reg)) = self.unit.slots.get(&(id, class_cell)) {
            self.emit(Op::MakeCell { reg });
        }
        if let Some(&Slot::Cell(reg)) = self.unit.slots.get(&(id, class_dict)) {
            self.emit(Op::Move { dst: reg, src: Reg(0) });
            self.emit(Op::MakeCell { reg });
        }
    }
}

/// How a call binds its arguments to these parameters.
pub(super) fn call_params(params: &Params) -> CallParams {
    CallParams {
        n_positional_only: params.positional_only.len() as u32,
        n_positional: (params.positional_only.len() + params.positional.len()) as u32,
        n_keyword_only: params.keyword_only.len() as u32,
        has_star: params.star.is_some(),
        has_star_star: params.star_star.is_some(),
    }
}
