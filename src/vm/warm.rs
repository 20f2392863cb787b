//! The warm tier: instructions that the loop's arms do not know but that only need registers and [`Cx`].
//!
//! The loop comes here before it gives up its place: where the answer is a value, it goes on at once, in the same frame and
//! with the same window. What must change frames is [`Left`] for the code below the loop; whatever else is [`Warm::Cold`]
//! and runs again in `slow`, `call`, `attr` or `suspend`.

use aspen_grammar::bytecode::{Jump, Op, Reg};
use smallvec::SmallVec;

use super::branch;
use super::enter::{Entry, Goal};
use super::fiber::{Fiber, Window};
use super::lookup::{Found, Use};
use super::native::{self, Done};
use super::operands::{self, Arithmetic};
use super::text::{AttrCache, Text, Texts};
use super::{Moved, attr, deliver};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::construct::is_exception_class;
use crate::types::{classes, container, item, operator, protocol, strings};
use crate::value::frame::Want;
use crate::value::instance::N_INLINE;
use crate::value::special::Special;
use crate::value::{Func, Id, Name, Value};

/// What became of an instruction.
pub enum Warm {
    /// It is done; the loop goes on here.
    On(u32),
    /// A script function is entered.
    Enter(Entry),
    /// It is begun: `left` says how it goes on.
    Left,
    /// Nothing was done.
    Cold,
}

/// An outcome that needs more than registers.
pub struct Left {
    pub(super) done: Done,
    pub(super) dst: u8,
    pub(super) want: Want,
    /// The pc behind the instruction.
    pub(super) next: u32,
}

/// Goes on with what was left.
pub fn go_on(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, left: Left) -> Moved {
    fiber.top_mut().pc = left.next;
    native::finish_native(fiber, texts, cx, left.done, left.dst, left.want)
}

/// An instruction under way.
pub(super) struct Step<'s> {
    pub(super) window: &'s mut Window,
    pub(super) left: &'s mut Option<Left>,
    pub(super) texts: &'s Texts,
    pub(super) text: &'s Text,
    pub(super) pc: u32,
}

/// Runs the instruction at `pc`.
#[inline(never)]
pub fn run(window: &mut Window, cx: &mut Cx, texts: &Texts, text: &Text, pc: usize, left: &mut Option<Left>) -> Warm {
    if cx.heap.is_due() {
        return Warm::Cold;
    }
    let op = text.ops[pc];
    let mut step = Step { window, left, texts, text, pc: pc as u32 };
    match op {
        Op::GetAttr { dst, obj, attr } => {
            let (cache, obj) = (&text.attrs[attr.index()], step.reg(obj));
            match attr::known(cx, &texts.lookups, cache, obj) {
                Some(value) => step.put(Ok(value), dst),
                None => step.get_property(cx, obj, cache.name, dst),
            }
        }
        Op::SetAttr { obj, src, attr } => step.set_attr(cx, obj, src, &text.attrs[attr.index()]),
        Op::LoadMethod { base, attr } => {
            let this = step.window[base.0 as usize + 1];
            match attr::known_method(cx, &texts.lookups, &text.attrs[attr.index()], this) {
                Some((callee, this)) => {
                    step.window[base.0 as usize] = callee;
                    step.window[base.0 as usize + 1] = this;
                    step.on()
                }
                None => Warm::Cold,
            }
        }
        Op::LoadSuperMethod { base, attr } => step.load_super_method(cx, base, text.attrs[attr.index()].name),

        Op::Call { dst, base, argc } => {
            let callee = step.reg(base);
            step.call(cx, callee, base.0 as usize + 2, argc as usize, dst)
        }
        Op::CallKw { dst, base, argc, names } => {
            let callee = step.reg(base);
            step.call_named(cx, callee, base.0 as usize + 2, argc as usize, text.consts[names.index()], dst)
        }
        Op::CallMethodKw { dst, base, argc, names } => {
            let (callee, this) = (step.reg(base), step.window[base.0 as usize + 1]);
            let bound = !this.is_undef() as usize;
            let (first, argc) = (base.0 as usize + 2 - bound, argc as usize + bound);
            step.call_named(cx, callee, first, argc, text.consts[names.index()], dst)
        }
        Op::CallEx { dst, base } => step.call_ex(cx, base, dst),
        Op::CallGlobal { dst, base, argc, global } => {
            let cache = &text.global_caches[global.index()];
            match super::name::cached_global(cx, text, cache) {
                Some(callee) => step.call(cx, callee, base.0 as usize + 2, argc as usize, dst),
                None => Warm::Cold,
            }
        }
        Op::CallAttr { dst, base, argc, attr } => {
            let this = step.window[base.0 as usize + 1];
            let first = base.0 as usize + 1;
            match attr::known_method(cx, &texts.lookups, &text.attrs[attr.index()], this) {
                Some((callee, Value::Undef)) => step.call(cx, callee, first + 1, argc as usize, dst),
                Some((Value::Func(id), _)) => step.enter(cx, id, first, argc as usize + 1, &[], Goal::value(dst)),
                Some((Value::Builtin(id), _)) => step.call_native(cx, id, first, argc as usize + 1, dst),
                _ => Warm::Cold,
            }
        }
        Op::CallMethod { dst, base, argc } => {
            let (callee, this) = (step.reg(base), step.window[base.0 as usize + 1]);
            let bound = !this.is_undef() as usize;
            step.call(cx, callee, base.0 as usize + 2 - bound, argc as usize + bound, dst)
        }

        Op::GetItem { dst, obj, index } => step.get_item(cx, dst, step.reg(obj), step.reg(index)),
        Op::GetItemI { dst, obj, int } => step.get_item(cx, dst, step.reg(obj), Value::Int(int as i64)),
        Op::SetItem { obj, index, src } => step.set_item(cx, step.reg(obj), step.reg(index), step.reg(src)),
        Op::SetItemI { obj, src, int } => step.set_item(cx, step.reg(obj), Value::Int(int as i64), step.reg(src)),
        Op::DeleteItem { obj, index } => {
            let (obj, index) = (step.reg(obj), step.reg(index));
            match step.special(cx, Special::DelItem, [obj, index], Goal::of(0, Want::Nothing)) {
                Some(warm) => warm,
                None => step.drop(item::delete(cx, obj, index)),
            }
        }
        Op::GetSlice { dst, obj, bounds } => {
            let (start, stop) = (step.reg(bounds), step.window[bounds.0 as usize + 1]);
            step.put(item::get_slice(cx, step.reg(obj), start, stop), dst)
        }
        Op::SetSlice { obj, bounds, src } => {
            let (start, stop) = (step.reg(bounds), step.window[bounds.0 as usize + 1]);
            step.drop(item::set_slice(cx, step.reg(obj), start, stop, step.reg(src)))
        }
        Op::BuildSlice { dst, base } => {
            let [start, stop, end] = step.three(base);
            step.put(Ok(item::new_slice(cx, start, stop, end)), dst)
        }
        Op::In { dst, lhs, rhs } => step.contains(cx, dst, step.reg(lhs), step.reg(rhs), true),
        Op::NotIn { dst, lhs, rhs } => step.contains(cx, dst, step.reg(lhs), step.reg(rhs), false),
        Op::Not { dst, src } => step.truth(cx, Ok(step.reg(src)), dst, false),
        Op::JumpIf { src, to } | Op::LoopIf { src, to } => step.branch(cx, Ok(step.reg(src)), to, true),
        Op::JumpIfNot { src, to } | Op::LoopIfNot { src, to } => step.branch(cx, Ok(step.reg(src)), to, false),
        Op::Compare { dst, lhs, rhs, op } => {
            let (lhs, rhs) = (step.reg(lhs), step.reg(rhs));
            match step.comparison_method(cx, op, (lhs, rhs), Goal::of(dst.0, Want::Answer)) {
                Some(warm) => warm,
                None => step.put(operator::compare(cx, op, lhs, rhs), dst),
            }
        }
        Op::Neg { dst, src } => step.put(operator::negative(cx, step.reg(src)), dst),
        Op::Pos { dst, src } => step.put(operator::positive(cx, step.reg(src)), dst),
        Op::Invert { dst, src } => step.put(operator::invert(cx, step.reg(src)), dst),

        Op::MakeCell { reg } => {
            let held = step.reg(reg);
            step.put(Ok(cx.heap.new_cell(held)), reg)
        }
        Op::BuildSet { dst, base, n } => step.put(container::build_set(cx, step.regs(base, n as usize)), dst),
        Op::BuildDict { dst, base, n } => step.put(container::build_dict(cx, step.regs(base, n as usize * 2)), dst),
        Op::SetAdd { set, src } => step.drop(container::set_add(cx, step.reg(set), step.reg(src))),
        Op::DictInsert { dict, key } => {
            let value = step.window[key.0 as usize + 1];
            step.drop(item::set(cx, step.reg(dict), step.reg(key), value))
        }
        Op::ListExtend { list, src } => step.drop(container::list_extend(cx, step.reg(list), step.reg(src))),
        Op::SetUpdate { set, src } => step.drop(container::set_update(cx, step.reg(set), step.reg(src))),
        Op::DictUpdate { dict, src } => step.drop(container::dict_update(cx, step.reg(dict), step.reg(src))),
        Op::DictMerge { dict, src, callee } => {
            step.drop(container::dict_merge(cx, step.reg(dict), step.reg(src), step.reg(callee)))
        }
        Op::Unpack { src, base, n } => step.unpack(cx, src, base, n),

        Op::Enter { dst, context } => step.enter_context(cx, dst, context),
        Op::EnterAsync { dst, context } => step.enter_native(cx, dst, context, Special::AEnter, Special::AExit),
        Op::Exit { dst, context } => step.exit_context(cx, dst, context),
        Op::Raise { src } => match step.reg(src) {
            Value::Exc(exc) => step.leave(Done::Outcome(Err(Ask::Raise(exc))), 0, Want::Nothing),
            _ => Warm::Cold,
        },
        Op::JumpUnlessMatch { exc, class, to } => match (step.reg(exc), step.reg(class)) {
            (Value::Exc(exc), Value::Class(class)) if is_exception_class(cx, class) => {
                let matches = cx.is_exception(exc, class);
                step.branch(cx, Ok(Value::Bool(matches)), to, false)
            }
            _ => Warm::Cold,
        },

        Op::GetIter { iter, src } => match protocol::loop_over(cx, step.reg(src)) {
            Ok(looped) => {
                let state = deliver::loop_state(cx, looped);
                step.window[iter.0 as usize..][..3].copy_from_slice(&state);
                step.on()
            }
            ask => step.leave(Done::Outcome(ask), iter.0, Want::Iterator),
        },
        Op::ForIter { dst, iter, to } => step.next_item(cx, dst, iter, to),

        Op::Format { dst, src } => step.put(strings::format(cx, step.reg(src), Value::Undef), dst),
        Op::FormatSpec { dst, src, spec } => step.put(strings::format(cx, step.reg(src), step.reg(spec)), dst),
        Op::ConvertStr { dst, src } => step.put(strings::to_str(cx, step.reg(src)), dst),
        Op::ConvertRepr { dst, src } => step.put(strings::to_repr(cx, step.reg(src)), dst),
        Op::ConvertAscii { dst, src } => step.put(strings::to_ascii(cx, step.reg(src)), dst),
        Op::BuildString { dst, base, n } => step.put(strings::concat(cx, step.regs(base, n as usize)), dst),

        _ => match operands::arithmetic(op) {
            Some(arithmetic) => step.arithmetic(cx, &arithmetic),
            None => step.compare_and_branch(cx, op),
        },
    }
}

impl Step<'_> {
    #[inline]
    pub(super) fn reg(&self, reg: Reg) -> Value {
        self.window[reg.0 as usize]
    }

    #[inline]
    fn regs(&self, base: Reg, n: usize) -> &[Value] {
        &self.window[base.0 as usize..][..n]
    }

    pub(super) fn three(&self, base: Reg) -> [Value; 3] {
        [0, 1, 2].map(|at| self.window[base.0 as usize + at])
    }

    // ----- How an instruction ends -----

    #[inline]
    pub(super) fn on(&self) -> Warm {
        Warm::On(self.pc + 1)
    }

    #[inline]
    pub(super) fn leave(&mut self, done: Done, dst: u8, want: Want) -> Warm {
        *self.left = Some(Left { done, dst, want, next: self.pc + 1 });
        Warm::Left
    }

    /// R[dst] is the value.
    #[inline]
    pub(super) fn put(&mut self, outcome: Outcome, dst: Reg) -> Warm {
        match outcome {
            Ok(value) => {
                self.window[dst.0 as usize] = value;
                self.on()
            }
            Err(_) => self.leave(Done::Outcome(outcome), dst.0, Want::Value),
        }
    }

    /// Nobody wants the value.
    #[inline]
    fn drop(&mut self, outcome: Outcome) -> Warm {
        match outcome {
            Ok(_) => self.on(),
            Err(_) => self.leave(Done::Outcome(outcome), 0, Want::Nothing),
        }
    }

    /// R[dst] is whether the value is as true as `sense`.
    #[inline]
    fn truth(&mut self, cx: &mut Cx, outcome: Outcome, dst: Reg, sense: bool) -> Warm {
        if let Ok(value) = outcome
            && let Some(holds) = protocol::quick_truth(cx, value)
        {
            self.window[dst.0 as usize] = Value::Bool(holds == sense);
            return self.on();
        }
        self.leave(Done::Outcome(outcome), dst.0, if sense { Want::Truth } else { Want::NotTruth })
    }

    /// A jump if the value is as true as `sense`.
    #[inline]
    fn branch(&mut self, cx: &mut Cx, outcome: Outcome, to: Jump, sense: bool) -> Warm {
        if let Ok(value) = outcome
            && let Some(holds) = protocol::quick_truth(cx, value)
        {
            if holds != sense {
                return self.on();
            }
            // Backwards it burns fuel.
            cx.burnt += (to.0 <= self.pc) as i64;
            return Warm::On(to.0);
        }
        self.leave(Done::Outcome(outcome), 0, Want::Branch)
    }

    // ----- Operators -----

    fn arithmetic(&mut self, cx: &mut Cx, op: &Arithmetic) -> Warm {
        let (lhs, rhs) = (self.reg(op.lhs), self.operand(op.rhs));
        if let Value::Inst(_) = lhs
            && let Some(warm) = self.arithmetic_method(cx, op, lhs, rhs)
        {
            return warm;
        }
        let outcome = match op.is_in_place {
            true => operator::in_place(cx, op.arith, lhs, rhs),
            false => operator::binary(cx, op.arith, lhs, rhs),
        };
        self.put(outcome, op.dst)
    }

    fn compare_and_branch(&mut self, cx: &mut Cx, op: Op) -> Warm {
        let Some((compare, lhs, rhs, to, sense)) = branch::comparison(op) else { return Warm::Cold };
        let (lhs, rhs) = (self.reg(lhs), self.operand(rhs));
        match self.comparison_method(cx, compare, (lhs, rhs), Goal::of(0, Want::Branch)) {
            Some(warm) => warm,
            None => {
                let outcome = operator::compare(cx, compare, lhs, rhs);
                self.branch(cx, outcome, to, sense)
            }
        }
    }

    fn contains(&mut self, cx: &mut Cx, dst: Reg, item: Value, container: Value, sense: bool) -> Warm {
        let want = if sense { Want::Truth } else { Want::NotTruth };
        if let Some(warm) = self.special(cx, Special::Contains, [container, item], Goal::of(dst.0, want)) {
            return warm;
        }
        let outcome = container::contains(cx, container, item);
        self.truth(cx, outcome, dst, sense)
    }

    fn get_item(&mut self, cx: &mut Cx, dst: Reg, obj: Value, index: Value) -> Warm {
        match self.special(cx, Special::GetItem, [obj, index], Goal::value(dst)) {
            Some(warm) => warm,
            None => self.put(item::get(cx, obj, index), dst),
        }
    }

    fn set_item(&mut self, cx: &mut Cx, obj: Value, index: Value, value: Value) -> Warm {
        match self.special(cx, Special::SetItem, [obj, index, value], Goal::of(0, Want::Nothing)) {
            Some(warm) => warm,
            None => self.drop(item::set(cx, obj, index, value)),
        }
    }

    // ----- Attributes -----

    fn set_attr(&mut self, cx: &mut Cx, obj: Reg, src: Reg, cache: &AttrCache) -> Warm {
        let (shape, is_inst) = match self.reg(obj) {
            Value::Inst(id) => (cx.heap.insts.get(id).shape, true),
            Value::Exc(id) => (cx.heap.excs.get(id).inst.shape, false),
            _ => return Warm::Cold,
        };
        let Found::Store { next, field } = self.texts.lookups.find(shape, cache.name, Use::Store) else {
            return Warm::Cold;
        };
        if field < N_INLINE as u32 && is_inst {
            cache.remember_field(shape, next, field);
        }
        let inst = match self.reg(obj) {
            Value::Exc(id) => &mut cx.heap.excs.get_mut(id).inst,
            Value::Inst(id) => cx.heap.insts.get_mut(id),
            _ => return Warm::Cold,
        };
        inst.shape = next;
        inst.set_field(field as usize, self.window[src.0 as usize]);
        if next != shape {
            cx.heap.charge(size_of::<Value>());
        }
        self.on()
    }

    fn load_super_method(&mut self, cx: &mut Cx, base: Reg, name: Name) -> Warm {
        let [callee, Value::Class(behind), this @ Value::Inst(id)] = self.three(base) else { return Warm::Cold };
        if callee != Value::Class(classes::SUPER) {
            return Warm::Cold;
        }
        let shape = cx.heap.insts.get(id).shape;
        let Found::Method(func) = self.texts.lookups.find(shape, name, Use::Behind(behind)) else { return Warm::Cold };
        self.window[base.0 as usize] = Value::Func(func);
        self.window[base.0 as usize + 1] = this;
        self.on()
    }

    // ----- Calls -----

    /// Enters the getter of a property.
    fn get_property(&mut self, cx: &mut Cx, obj: Value, name: Name, dst: Reg) -> Warm {
        let Value::Inst(id) = obj else { return Warm::Cold };
        let shape = cx.heap.insts.get(id).shape;
        let Found::Property(getter) = self.texts.lookups.find(shape, name, Use::Load) else { return Warm::Cold };
        let first = self.text.n_regs as usize + 2;
        let Some(place) = self.window.get_mut(first) else { return Warm::Cold };
        *place = obj;
        self.enter(cx, getter, first, 1, &[], Goal::value(dst))
    }

    /// Calls what needs no other frame, or just one. The two slots before the arguments are free.
    fn call(&mut self, cx: &mut Cx, callee: Value, first: usize, argc: usize, dst: Reg) -> Warm {
        match callee {
            Value::Builtin(id) => self.call_native(cx, id, first, argc, dst),
            Value::Method(id) => {
                let method = *cx.heap.methods.get(id);
                match method.func {
                    Value::Builtin(native) => self.call_with(cx, native, method.this, first, argc, dst),
                    Value::Func(func) => self.enter_with(cx, func, method.this, first, argc, dst),
                    _ => Warm::Cold,
                }
            }
            Value::Func(id) => self.enter(cx, id, first, argc, &[], Goal::value(dst)),
            Value::Class(class) => self.construct(cx, class, first, argc, &[], dst),
            Value::Inst(_) => match cx.special_of(callee, Special::Call) {
                Some(Value::Func(func)) => self.enter_with(cx, func, callee, first, argc, dst),
                _ => Warm::Cold,
            },
            _ => Warm::Cold,
        }
    }

    /// The same where the last arguments have names.
    fn call_named(&mut self, cx: &mut Cx, callee: Value, first: usize, argc: usize, names: Value, dst: Reg) -> Warm {
        let Value::Tuple(names) = names else { crate::bug!("keyword names are a tuple") };
        let names = SmallVec::<[Value; 6]>::from_slice(cx.heap.tuples.get(names).items());
        match callee {
            Value::Func(id) => self.enter(cx, id, first, argc, &names, Goal::value(dst)),
            Value::Class(class) => self.construct(cx, class, first, argc, &names, dst),
            _ => Warm::Cold,
        }
    }

    /// Enters a function with `self` before the other arguments.
    fn enter_with(&mut self, cx: &mut Cx, func: Id<Func>, this: Value, first: usize, argc: usize, dst: Reg) -> Warm {
        let free = std::mem::replace(&mut self.window[first - 1], this);
        let warm = self.enter(cx, func, first - 1, argc + 1, &[], Goal::value(dst));
        if let Warm::Cold = warm {
            self.window[first - 1] = free;
        }
        warm
    }
}
