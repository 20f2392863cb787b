//! Names: how each kind of binding is read, stored and deleted.
//!
//! What a name means was decided by `resolve`; here it becomes an instruction. A local in a register is read in place where
//! the flow says that it is bound.

use super::Compiler;
use super::unit::Slot;
use crate::bytecode::{GlobalId, NameId, Op, Reg};
use crate::resolve::{Binding, ScopeId, mangle};
use crate::source::Name;

impl Compiler<'_> {
    /// A name as the scope at hand spells it.
    pub fn mangled(&mut self, name: Name) -> Name {
        let class = self.scopes[self.unit.scope].mangling_class(name);
        mangle(&mut self.names, class, name)
    }

    pub fn name_id(&mut self, name: Name) -> NameId {
        self.unit.name_id(name, self.names.text(name))
    }

    pub fn global_id(&mut self, name: Name) -> GlobalId {
        self.unit.global_id(name, self.names.text(name))
    }

    /// What a name of the scope at hand is, under its mangled spelling.
    pub fn binding(&self, name: Name) -> Binding {
        let symbol = self.scopes[self.unit.scope].symbol(name);
        symbol.expect("every name of the scope was declared").binding
    }

    fn slot(&self, owner: ScopeId, name: Name) -> Slot {
        *self.unit.slots.get(&(owner, name)).expect("every local has its place")
    }

    /// The register of a local that is read in place.
    pub fn local_register(&mut self, name: Name) -> Option<Reg> {
        let name = self.mangled(name);
        let Binding::Local { owner } = self.scopes[self.unit.scope].symbol(name)?.binding else { return None };
        match self.slot(owner, name) {
            Slot::Register(reg) => Some(reg),
            Slot::Cell(_) | Slot::Far(_) => None,
        }
    }

    /// Whether some `:=` may bind the name in the middle of an expression.
    pub fn is_walrus_target(&mut self, name: Name) -> bool {
        let name = self.mangled(name);
        let Some(symbol) = self.scopes[self.unit.scope].symbol(name) else { return false };
        match symbol.binding {
            Binding::Local { owner } => self.scopes[owner].symbol(name).is_some_and(|symbol| symbol.is_walrus),
            _ => symbol.is_walrus,
        }
    }

    pub fn is_bound(&self, reg: Reg) -> bool {
        self.unit.flow.is_none_or(|bound| bound.contains(reg.0))
    }

    /// Makes sure that the local in a register is bound.
    pub fn check_bound(&mut self, reg: Reg, name: Name) {
        if self.is_bound(reg) {
            return;
        }
        let mangled = self.mangled(name);
        let name = self.name_id(mangled);
        self.emit(Op::CheckBound { src: reg, name });
        self.mark_bound(reg);
    }

    pub fn mark_bound(&mut self, reg: Reg) {
        if let Some(bound) = &mut self.unit.flow {
            bound.insert(reg.0);
        }
    }

    pub fn load_name(&mut self, name: Name, dst: Reg) {
        let source = name;
        let name = self.mangled(name);
        match self.binding(name) {
            Binding::Local { owner } => match self.slot(owner, name) {
                Slot::Register(reg) => {
                    self.check_bound(reg, source);
                    self.move_to(dst, reg);
                }
                Slot::Cell(cell) => self.emit(Op::LoadCell { dst, cell }),
                Slot::Far(index) => self.with_far(|far| Op::LoadFar { dst, far, index }),
            },
            Binding::Free => {
                let cell = self.free_register(name);
                self.emit(Op::LoadCell { dst, cell });
            }
            Binding::Global => {
                let global = self.global_id(name);
                self.emit(Op::LoadGlobal { dst, global });
            }
            Binding::Namespace => {
                let global = self.global_id(name);
                self.emit(Op::LoadName { dst, global });
            }
            Binding::NamespaceOrFree => {
                let (cell, name) = (self.free_register(name), self.name_id(name));
                self.emit(Op::LoadNameOrCell { dst, cell, namespace: Reg(0), name });
            }
            Binding::ClassOrFree => {
                let namespace = self.load_class_dict();
                let (cell, name) = (self.free_register(name), self.name_id(name));
                self.emit(Op::LoadNameOrCell { dst, cell, namespace, name });
                self.unit.set_top(namespace.0 as u16);
            }
            Binding::ClassOrGlobal => {
                let namespace = self.load_class_dict();
                let global = self.global_id(name);
                self.emit(Op::LoadNameOrGlobal { dst, namespace, global });
                self.unit.set_top(namespace.0 as u16);
            }
        }
    }

    /// The namespace of the class around, in a new register.
    fn load_class_dict(&mut self) -> Reg {
        let name = self.names.find("__classdict__").expect("declared with the special names");
        let cell = self.free_register(name);
        let dst = self.unit.next();
        self.emit(Op::LoadCell { dst, cell });
        self.unit.push()
    }

    fn with_far(&mut self, op: impl FnOnce(Reg) -> Op) {
        let far = self.unit.code.far_list.expect("far locals have a list");
        self.emit(op(far));
    }

    pub fn move_to(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            // The value may be on top without having been pushed.
            let alive = self.unit.top().max(src.0 as u16 + 1);
            self.unit.emit_alive(Op::Move { dst, src }, alive);
        }
    }

    pub fn store_name(&mut self, name: Name, src: Reg) {
        let name = self.mangled(name);
        match self.binding(name) {
            Binding::Local { owner } => match self.slot(owner, name) {
                Slot::Register(reg) => {
                    self.move_to(reg, src);
                    self.mark_bound(reg);
                }
                Slot::Cell(cell) => self.emit(Op::StoreCell { cell, src }),
                Slot::Far(index) => self.with_far(|far| Op::StoreFar { far, src, index }),
            },
            Binding::Free | Binding::NamespaceOrFree | Binding::ClassOrFree => {
                let cell = self.free_register(name);
                self.emit(Op::StoreCell { cell, src });
            }
            Binding::Global | Binding::ClassOrGlobal => {
                let global = self.global_id(name);
                self.emit(Op::StoreGlobal { src, global });
            }
            Binding::Namespace => {
                let global = self.global_id(name);
                self.emit(Op::StoreName { src, global });
            }
        }
    }

    pub fn delete_name(&mut self, name: Name) {
        let source = name;
        let name = self.mangled(name);
        match self.binding(name) {
            Binding::Local { owner } => match self.slot(owner, name) {
                Slot::Register(reg) => {
                    self.check_bound(reg, source);
                    self.unbind(reg);
                }
                Slot::Cell(cell) => self.emit(Op::DeleteCell { cell }),
                Slot::Far(index) => self.with_far(|far| Op::DeleteFar { far, index }),
            },
            Binding::Free | Binding::NamespaceOrFree | Binding::ClassOrFree => {
                let cell = self.free_register(name);
                self.emit(Op::DeleteCell { cell });
            }
            Binding::Global | Binding::ClassOrGlobal => {
                let global = self.global_id(name);
                self.emit(Op::DeleteGlobal { global });
            }
            Binding::Namespace => {
                let global = self.global_id(name);
                self.emit(Op::DeleteName { global });
            }
        }
    }

    pub fn unbind(&mut self, reg: Reg) {
        self.emit(Op::Unbind { from: reg, n: 1 });
        if let Some(bound) = &mut self.unit.flow {
            bound.remove(reg.0);
        }
    }

    /// The name of `except … as name` after its block: gone, whether the block deleted it or not.
    pub fn forget_name(&mut self, name: Name) {
        if let Some(reg) = self.local_register(name) {
            return self.unbind(reg);
        }
        let none = self.unit.next();
        self.emit(Op::LoadNone { dst: none });
        self.unit.push();
        self.store_name(name, none);
        self.delete_name(name);
        self.unit.set_top(none.0 as u16);
    }

    /// A name that only the compiler asks for, in the namespace.
    pub fn store_namespace(&mut self, text: &str, src: Reg) {
        let name = self.names.intern(text);
        let global = self.global_id(name);
        self.emit(Op::StoreName { src, global });
    }

    pub fn load_namespace(&mut self, text: &str, dst: Reg) {
        let name = self.names.intern(text);
        let global = self.global_id(name);
        self.emit(Op::LoadName { dst, global });
    }
}
