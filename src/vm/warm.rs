//! The warm tier: instructions that the loop's arms do not know but that only need registers and [`Cx`].
//!
//! The loop comes here before it gives up its place: where the answer is a value, it goes on at once, in the same frame and
//! with the same window. What must change frames is [`Left`] for the code below the loop; whatever else is [`Warm::Cold`]
//! and runs again in `slow`, `call`, `attr` or `suspend`.

use aspen_grammar::bytecode::{Arith, Jump, Op, Reg};

use super::branch::{self, Rhs};
use super::fiber::{Fiber, Window, put_cells};
use super::lookup::{Found, Use};
use super::native::{self, Done};
use super::text::{Text, Texts};
use super::{Moved, attr, deliver};
use crate::call::cx::native_def;
use crate::call::{Cx, Outcome, iterate};
use crate::types::{classes, container, item, operator, protocol, strings};
use crate::value::frame::Want;
use crate::value::{Func, Id, Link, Name, NativeId, Value};

/// What became of an instruction.
pub enum Warm {
    /// It is done; the loop goes on here.
    On(u32),
    /// The code of this link is entered, its window beginning at this register; the result is for R[dst].
    Enter(Id<Link>, u32, Reg),
    /// It is begun: `left` says how it goes on.
    Left,
    /// Nothing was done.
    Cold,
}

/// An outcome that needs more than registers.
pub struct Left {
    done: Done,
    dst: u8,
    want: Want,
    /// The pc behind the instruction.
    next: u32,
}

/// Goes on with what was left.
pub fn go_on(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, left: Left) -> Moved {
    fiber.top_mut().pc = left.next;
    native::finish_native(fiber, texts, cx, left.done, left.dst, left.want)
}

/// An instruction under way.
struct Step<'s> {
    window: &'s mut Window,
    left: &'s mut Option<Left>,
    ops: &'s [Op],
    pc: u32,
}

/// Runs the instruction at `pc`.
#[inline(never)]
pub fn run(window: &mut Window, cx: &mut Cx, texts: &Texts, text: &Text, pc: usize, left: &mut Option<Left>) -> Warm {
    if cx.heap.is_due() {
        return Warm::Cold;
    }
    let op = text.ops[pc];
    let mut step = Step { window, left, ops: &text.ops, pc: pc as u32 };
    match op {
        Op::GetAttr { dst, obj, attr } => {
            let (cache, obj) = (&text.attrs[attr.index()], step.reg(obj));
            match attr::known(cx, &texts.lookups, cache, obj) {
                Some(value) => step.put(Ok(value), dst),
                None => step.get_property(cx, texts, obj, cache.name, text.n_regs as usize + 2, dst),
            }
        }
        Op::SetAttr { obj, src, attr } => step.set_attr(cx, texts, obj, src, text.attrs[attr.index()].name),
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
        Op::LoadSuperMethod { base, attr } => step.load_super_method(cx, texts, base, text.attrs[attr.index()].name),

        Op::Call { dst, base, argc } => {
            let callee = step.reg(base);
            step.call(cx, callee, base.0 as usize + 2, argc as usize, dst)
        }
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
                Some((Value::Func(id), _)) => step.enter(cx, id, first, argc as usize + 1, dst),
                Some((Value::Builtin(id), _)) => step.call_native(cx, id, first, argc as usize + 1, dst),
                _ => Warm::Cold,
            }
        }
        Op::CallMethod { dst, base, argc } => {
            let (callee, this) = (step.reg(base), step.window[base.0 as usize + 1]);
            let bound = !this.is_undef() as usize;
            step.call(cx, callee, base.0 as usize + 2 - bound, argc as usize + bound, dst)
        }

        Op::GetItem { dst, obj, index } => step.put(item::get(cx, step.reg(obj), step.reg(index)), dst),
        Op::GetItemI { dst, obj, int } => step.put(item::get(cx, step.reg(obj), Value::Int(int as i64)), dst),
        Op::SetItem { obj, index, src } => step.drop(item::set(cx, step.reg(obj), step.reg(index), step.reg(src))),
        Op::SetItemI { obj, src, int } => {
            step.drop(item::set(cx, step.reg(obj), Value::Int(int as i64), step.reg(src)))
        }
        Op::DeleteItem { obj, index } => step.drop(item::delete(cx, step.reg(obj), step.reg(index))),
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
        Op::In { dst, lhs, rhs } => {
            let outcome = container::contains(cx, step.reg(rhs), step.reg(lhs));
            step.truth(cx, outcome, dst, true)
        }
        Op::NotIn { dst, lhs, rhs } => {
            let outcome = container::contains(cx, step.reg(rhs), step.reg(lhs));
            step.truth(cx, outcome, dst, false)
        }
        Op::Not { dst, src } => step.truth(cx, Ok(step.reg(src)), dst, false),
        Op::JumpIf { src, to } | Op::LoopIf { src, to } => step.branch(cx, Ok(step.reg(src)), to, true),
        Op::JumpIfNot { src, to } | Op::LoopIfNot { src, to } => step.branch(cx, Ok(step.reg(src)), to, false),
        Op::Compare { dst, lhs, rhs, op } => step.put(operator::compare(cx, op, step.reg(lhs), step.reg(rhs)), dst),
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

        Op::Add { dst, lhs, rhs } => step.arith(cx, Arith::Add, dst, lhs, rhs),
        Op::Sub { dst, lhs, rhs } => step.arith(cx, Arith::Sub, dst, lhs, rhs),
        Op::Mul { dst, lhs, rhs } => step.arith(cx, Arith::Mul, dst, lhs, rhs),
        Op::Div { dst, lhs, rhs } => step.arith(cx, Arith::Div, dst, lhs, rhs),
        Op::FloorDiv { dst, lhs, rhs } => step.arith(cx, Arith::FloorDiv, dst, lhs, rhs),
        Op::Mod { dst, lhs, rhs } => step.arith(cx, Arith::Mod, dst, lhs, rhs),
        Op::BitAnd { dst, lhs, rhs } => step.arith(cx, Arith::BitAnd, dst, lhs, rhs),
        Op::BitOr { dst, lhs, rhs } => step.arith(cx, Arith::BitOr, dst, lhs, rhs),
        Op::BitXor { dst, lhs, rhs } => step.arith(cx, Arith::BitXor, dst, lhs, rhs),
        Op::Arith { dst, lhs, rhs, op } => step.arith(cx, op, dst, lhs, rhs),
        Op::AddI { dst, lhs, int } => step.arith_int(cx, Arith::Add, dst, lhs, int.into()),
        Op::SubI { dst, lhs, int } => step.arith_int(cx, Arith::Sub, dst, lhs, int.into()),
        Op::MulI { dst, lhs, int } => step.arith_int(cx, Arith::Mul, dst, lhs, int.into()),
        Op::FloorDivI { dst, lhs, int } => step.arith_int(cx, Arith::FloorDiv, dst, lhs, int.into()),
        Op::ModI { dst, lhs, int } => step.arith_int(cx, Arith::Mod, dst, lhs, int.into()),
        Op::BitAndI { dst, lhs, int } => step.arith_int(cx, Arith::BitAnd, dst, lhs, int.into()),
        Op::LShiftI { dst, lhs, int } => step.arith_int(cx, Arith::LShift, dst, lhs, int.into()),
        Op::RShiftI { dst, lhs, int } => step.arith_int(cx, Arith::RShift, dst, lhs, int.into()),
        Op::AddTo { dst, rhs } => step.in_place(cx, Arith::Add, dst, dst, step.reg(rhs)),
        Op::SubTo { dst, rhs } => step.in_place(cx, Arith::Sub, dst, dst, step.reg(rhs)),
        Op::MulTo { dst, rhs } => step.in_place(cx, Arith::Mul, dst, dst, step.reg(rhs)),
        Op::AddToI { dst, int } => step.in_place(cx, Arith::Add, dst, dst, Value::Int(int.into())),
        Op::SubToI { dst, int } => step.in_place(cx, Arith::Sub, dst, dst, Value::Int(int.into())),
        Op::InPlace { dst, lhs, rhs, op } => step.in_place(cx, op, dst, lhs, step.reg(rhs)),
        _ => match branch::comparison(op) {
            Some((compare, lhs, rhs, to, sense)) => {
                let rhs = match rhs {
                    Rhs::Reg(reg) => step.reg(reg),
                    Rhs::Int(int) => Value::Int(int.into()),
                };
                let outcome = operator::compare(cx, compare, step.reg(lhs), rhs);
                step.branch(cx, outcome, to, sense)
            }
            None => Warm::Cold,
        },
    }
}

impl Step<'_> {
    #[inline]
    fn reg(&self, reg: Reg) -> Value {
        self.window[reg.0 as usize]
    }

    #[inline]
    fn regs(&self, base: Reg, n: usize) -> &[Value] {
        &self.window[base.0 as usize..][..n]
    }

    fn three(&self, base: Reg) -> [Value; 3] {
        [0, 1, 2].map(|at| self.window[base.0 as usize + at])
    }

    // ----- How an instruction ends -----

    #[inline]
    fn on(&self) -> Warm {
        Warm::On(self.pc + 1)
    }

    #[inline]
    fn leave(&mut self, done: Done, dst: u8, want: Want) -> Warm {
        *self.left = Some(Left { done, dst, want, next: self.pc + 1 });
        Warm::Left
    }

    /// R[dst] is the value.
    #[inline]
    fn put(&mut self, outcome: Outcome, dst: Reg) -> Warm {
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

    #[inline]
    fn arith(&mut self, cx: &mut Cx, arith: Arith, dst: Reg, lhs: Reg, rhs: Reg) -> Warm {
        self.put(operator::binary(cx, arith, self.reg(lhs), self.reg(rhs)), dst)
    }

    #[inline]
    fn arith_int(&mut self, cx: &mut Cx, arith: Arith, dst: Reg, lhs: Reg, int: i64) -> Warm {
        self.put(operator::binary(cx, arith, self.reg(lhs), Value::Int(int)), dst)
    }

    #[inline]
    fn in_place(&mut self, cx: &mut Cx, arith: Arith, dst: Reg, lhs: Reg, rhs: Value) -> Warm {
        self.put(operator::in_place(cx, arith, self.reg(lhs), rhs), dst)
    }

    // ----- Attributes -----

    fn set_attr(&mut self, cx: &mut Cx, texts: &Texts, obj: Reg, src: Reg, name: Name) -> Warm {
        let Value::Inst(id) = self.reg(obj) else { return Warm::Cold };
        let shape = cx.heap.insts.get(id).shape;
        let Found::Store { next, field } = texts.lookups.find(shape, name, Use::Store) else { return Warm::Cold };
        let inst = cx.heap.insts.get_mut(id);
        inst.shape = next;
        inst.set_field(field as usize, self.reg(src));
        if next != shape {
            cx.heap.charge(size_of::<Value>());
        }
        self.on()
    }

    fn load_super_method(&mut self, cx: &mut Cx, texts: &Texts, base: Reg, name: Name) -> Warm {
        let [callee, Value::Class(behind), this @ Value::Inst(id)] = self.three(base) else { return Warm::Cold };
        if callee != Value::Class(classes::SUPER) {
            return Warm::Cold;
        }
        let shape = cx.heap.insts.get(id).shape;
        let Found::Method(func) = texts.lookups.find(shape, name, Use::Behind(behind)) else { return Warm::Cold };
        self.window[base.0 as usize] = Value::Func(func);
        self.window[base.0 as usize + 1] = this;
        self.on()
    }

    // ----- Loops -----

    fn next_item(&mut self, cx: &mut Cx, dst: Reg, iter: Reg, to: Jump) -> Warm {
        let iterator = self.reg(iter);
        if let Value::Gen(_) = iterator {
            return Warm::Cold;
        }
        match iterate::advance(cx, iterator) {
            Ok(Some(value)) => {
                self.window[dst.0 as usize] = value;
                cx.burnt += 1;
                Warm::On(to.0)
            }
            Ok(None) => self.on(),
            Err(ask) => self.leave(Done::Outcome(Err(ask)), dst.0, Want::Next),
        }
    }

    /// Of an exact tuple or list with just so many items.
    fn unpack(&mut self, cx: &Cx, src: Reg, base: Reg, n: u8) -> Warm {
        let items = match self.reg(src) {
            Value::Tuple(id) => cx.heap.tuples.get(id).items(),
            Value::List(id) => cx.heap.lists.get(id).items.as_slice(),
            _ => return Warm::Cold,
        };
        if items.len() != n as usize {
            return Warm::Cold;
        }
        self.window[base.0 as usize..][..n as usize].copy_from_slice(items);
        self.on()
    }

    // ----- Calls -----

    /// Enters a function that takes just these arguments.
    fn enter(&mut self, cx: &Cx, func: Id<Func>, first: usize, argc: usize, dst: Reg) -> Warm {
        let object = cx.heap.funcs.get(func);
        let fits = object.direct == argc as u16
            && (object.closure.is_empty() || put_cells(self.window, (first + argc) as u32, &object.closure));
        if fits { Warm::Enter(object.link, first as u32, dst) } else { Warm::Cold }
    }

    /// Enters the getter of a property, whose window begins behind the registers of the frame.
    fn get_property(&mut self, cx: &Cx, texts: &Texts, obj: Value, name: Name, first: usize, dst: Reg) -> Warm {
        let Value::Inst(id) = obj else { return Warm::Cold };
        let Found::Property(getter) = texts.lookups.find(cx.heap.insts.get(id).shape, name, Use::Load) else {
            return Warm::Cold;
        };
        let Some(place) = self.window.get_mut(first) else { return Warm::Cold };
        *place = obj;
        self.enter(cx, getter, first, 1, dst)
    }

    /// Calls what needs no other frame, or just one. The two slots before the arguments are free.
    fn call(&mut self, cx: &mut Cx, callee: Value, first: usize, argc: usize, dst: Reg) -> Warm {
        match callee {
            Value::Builtin(id) => self.call_native(cx, id, first, argc, dst),
            Value::Method(id) => {
                let method = *cx.heap.methods.get(id);
                match method.func {
                    Value::Builtin(native) => self.call_with(cx, native, method.this, first, argc, dst),
                    Value::Func(func) => {
                        let warm = self.enter(cx, func, first - 1, argc + 1, dst);
                        if let Warm::Enter(..) = warm {
                            self.window[first - 1] = method.this;
                        }
                        warm
                    }
                    _ => Warm::Cold,
                }
            }
            Value::Func(id) => self.enter(cx, id, first, argc, dst),
            Value::Class(class) => match native::native_constructor(cx, class) {
                Some(new) => self.call_with(cx, new, callee, first, argc, dst),
                None => Warm::Cold,
            },
            _ => Warm::Cold,
        }
    }

    /// With one argument before the others.
    fn call_with(&mut self, cx: &mut Cx, id: NativeId, this: Value, first: usize, argc: usize, dst: Reg) -> Warm {
        let free = std::mem::replace(&mut self.window[first - 1], this);
        let warm = self.call_native(cx, id, first - 1, argc + 1, dst);
        if matches!(warm, Warm::Cold) {
            self.window[first - 1] = free;
        }
        warm
    }

    fn call_native(&mut self, cx: &mut Cx, id: NativeId, first: usize, argc: usize, dst: Reg) -> Warm {
        let (mut dst, mut next) = (dst, self.pc + 1);
        if native_def(id).is_async {
            // Awaited at once it runs at once.
            match self.ops.get(next as usize) {
                Some(Op::Await { dst: to, src }) if *src == dst => (dst, next) = (*to, next + 1),
                _ => return Warm::Cold,
            }
        }
        cx.burnt += 1;
        match native::run_flat(cx, id, &self.window[first..][..argc]) {
            Some(Done::Outcome(Ok(value))) => {
                self.window[dst.0 as usize] = value;
                Warm::On(next)
            }
            Some(done) => {
                *self.left = Some(Left { done, dst: dst.0, want: Want::Value, next });
                Warm::Left
            }
            None => Warm::Cold,
        }
    }
}
