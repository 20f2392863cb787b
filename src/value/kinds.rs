//! Which slab a value is in: the tables of the collector, which name every kind once.

use super::heap::Heap;
use super::slab::{Gray, Kind, Slab};
use super::value::Value;

impl Heap {
    /// Whether the mark phase has found it.
    pub fn is_marked(&self, value: Value, is_major: bool) -> bool {
        macro_rules! marked {
            ($slab:ident, $id:expr) => {
                if is_major { self.$slab.is_reached($id) } else { self.$slab.is_old($id) }
            };
        }
        match value {
            Value::Str(id) => marked!(strs, id),
            Value::Bytes(id) => marked!(bytes, id),
            Value::BigInt(id) => marked!(big_ints, id),
            Value::Tuple(id) => marked!(tuples, id),
            Value::List(id) => marked!(lists, id),
            Value::Dict(id) => marked!(dicts, id),
            Value::Set(id) | Value::FrozenSet(id) => marked!(sets, id),
            Value::Range(id) => marked!(ranges, id),
            Value::Slice(id) => marked!(slices, id),
            Value::Func(id) => marked!(funcs, id),
            Value::Method(id) => marked!(methods, id),
            Value::Class(id) => marked!(classes, id),
            Value::Inst(id) => marked!(insts, id),
            Value::Exc(id) => marked!(excs, id),
            Value::Gen(id) => marked!(gens, id),
            Value::Iter(id) => marked!(iters, id),
            Value::Cell(id) => marked!(cells, id),
            Value::Module(id) => marked!(modules, id),
            Value::Descr(id) => marked!(descrs, id),
            Value::Link(id) => marked!(links, id),
            Value::Shape(id) => marked!(shapes, id),
            Value::Buffer(id) => marked!(buffers, id),
            Value::Native(id) => marked!(natives, id),
            Value::Future(id) => marked!(futures, id),
            Value::Task(id) => marked!(tasks, id),
            Value::Loop(id) => marked!(event_loops, id),
            Value::Handle(id) => marked!(handles, id),
            Value::Context(id) => marked!(contexts, id),
            Value::Undef
            | Value::None
            | Value::NotImplemented
            | Value::Ellipsis
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Builtin(_) => true,
        }
    }
}

macro_rules! marking {
    ($name:ident, $mark:ident) => {
        impl Heap {
            pub(super) fn $name(&mut self, value: Value, gray: &mut Gray) -> usize {
                match value {
                    Value::Str(id) => {
                        if let super::string::Text::Shared { buffer, .. } = self.strs.get(id).text {
                            gray.push(Value::Buffer(buffer));
                        }
                        self.strs.$mark(id, gray)
                    }
                    Value::Bytes(id) => self.bytes.$mark(id, gray),
                    Value::BigInt(id) => self.big_ints.$mark(id, gray),
                    Value::Tuple(id) => self.tuples.$mark(id, gray),
                    Value::List(id) => self.lists.$mark(id, gray),
                    Value::Dict(id) => self.dicts.$mark(id, gray),
                    Value::Set(id) | Value::FrozenSet(id) => self.sets.$mark(id, gray),
                    Value::Range(id) => self.ranges.$mark(id, gray),
                    Value::Slice(id) => self.slices.$mark(id, gray),
                    Value::Func(id) => self.funcs.$mark(id, gray),
                    Value::Method(id) => self.methods.$mark(id, gray),
                    Value::Class(id) => self.classes.$mark(id, gray),
                    Value::Inst(id) => {
                        let shape = self.insts.get(id).shape;
                        self.insts.$mark(id, gray) + self.shapes.$mark(shape, gray)
                    }
                    Value::Exc(id) => {
                        let shape = self.excs.get(id).inst.shape;
                        self.excs.$mark(id, gray) + self.shapes.$mark(shape, gray)
                    }
                    Value::Gen(id) => self.gens.$mark(id, gray),
                    Value::Iter(id) => self.iters.$mark(id, gray),
                    Value::Cell(id) => self.cells.$mark(id, gray),
                    Value::Module(id) => self.modules.$mark(id, gray),
                    Value::Descr(id) => self.descrs.$mark(id, gray),
                    Value::Link(id) => self.links.$mark(id, gray),
                    Value::Shape(id) => self.shapes.$mark(id, gray),
                    Value::Buffer(id) => self.buffers.$mark(id, gray),
                    Value::Native(id) => self.natives.$mark(id, gray),
                    Value::Future(id) => self.futures.$mark(id, gray),
                    Value::Task(id) => self.tasks.$mark(id, gray),
                    Value::Loop(id) => self.event_loops.$mark(id, gray),
                    Value::Handle(id) => self.handles.$mark(id, gray),
                    Value::Context(id) => self.contexts.$mark(id, gray),
                    Value::Undef
                    | Value::None
                    | Value::NotImplemented
                    | Value::Ellipsis
                    | Value::Bool(_)
                    | Value::Int(_)
                    | Value::Float(_)
                    | Value::Builtin(_) => 0,
                }
            }
        }
    };
}

marking!(mark, mark);
marking!(reach, reach);

/// What the collector does with every slab, whatever is in it.
pub(super) trait AnySlab {
    fn begin_major(&mut self);
    fn trace_touched_places(&self, gray: &mut Gray);
    fn trace_again(&mut self, gray: &mut Gray);
    fn trace_part(&mut self, which: usize, gray: &mut Gray) -> bool;
    fn extend_major(&mut self);
    fn end(&mut self, is_major: bool);
    fn sweep_some(&mut self, budget: usize);
    fn n_touched(&self) -> usize;
}

impl<T: Kind> AnySlab for Slab<T> {
    fn begin_major(&mut self) {
        Slab::begin_major(self);
    }
    fn trace_touched_places(&self, gray: &mut Gray) {
        Slab::trace_touched_places(self, gray);
    }
    fn trace_again(&mut self, gray: &mut Gray) {
        Slab::trace_again(self, gray);
    }
    fn trace_part(&mut self, which: usize, gray: &mut Gray) -> bool {
        Slab::trace_part(self, which, gray)
    }
    fn extend_major(&mut self) {
        Slab::extend_major(self);
    }
    fn end(&mut self, is_major: bool) {
        if is_major { self.end_major() } else { self.end_minor() }
    }
    fn sweep_some(&mut self, budget: usize) {
        Slab::sweep_some(self, budget);
    }
    fn n_touched(&self) -> usize {
        Slab::n_touched(self)
    }
}

impl Heap {
    pub(super) fn each_slab(&mut self, mut action: impl FnMut(&mut dyn AnySlab)) {
        action(&mut self.strs);
        action(&mut self.buffers);
        action(&mut self.bytes);
        action(&mut self.big_ints);
        action(&mut self.tuples);
        action(&mut self.lists);
        action(&mut self.dicts);
        action(&mut self.sets);
        action(&mut self.ranges);
        action(&mut self.slices);
        action(&mut self.funcs);
        action(&mut self.methods);
        action(&mut self.classes);
        action(&mut self.insts);
        action(&mut self.shapes);
        action(&mut self.excs);
        action(&mut self.gens);
        action(&mut self.iters);
        action(&mut self.cells);
        action(&mut self.modules);
        action(&mut self.descrs);
        action(&mut self.links);
        action(&mut self.natives);
        action(&mut self.futures);
        action(&mut self.tasks);
        action(&mut self.event_loops);
        action(&mut self.handles);
        action(&mut self.contexts);
    }

    /// Goes on with what was put off. False: there is nothing.
    pub(super) fn trace_part(&mut self, which: usize, gray: &mut Gray) -> bool {
        let mut went_on = false;
        self.each_slab(|slab| went_on |= slab.trace_part(which, gray));
        went_on
    }
}
