//! Script functions entered from the warm tier: with defaults and keywords, as special methods, as `__init__`.
//!
//! The callee's window overlaps that of the caller: its arguments stand in the call's registers, or behind the registers of
//! the frame where an instruction has none for them. So nothing but a frame is pushed.

use aspen_grammar::bytecode::{Compare, Op, Reg};
use smallvec::SmallVec;

use super::branch::Rhs;
use super::fiber::{Fiber, put_cells};
use super::native::Done;
use super::operands::Arithmetic;
use super::text::Texts;
use super::warm::{Step, Warm};
use super::{Moved, Next, bind, call, deliver};
use crate::call::Cx;
use crate::types::class::construct::is_exception_shell;
use crate::types::direct;
use crate::types::operator;
use crate::value::frame::{Frame, FrameKind, Want};
use crate::value::special::Special;
use crate::value::{Class, Func, Id, Inst, Link, Value};

/// A frame to be pushed: its window begins at register `first` of the caller.
pub struct Entry {
    pub link: Id<Link>,
    pub first: u32,
    pub goal: Goal,
}

/// What becomes of the result.
#[derive(Clone, Copy)]
pub struct Goal {
    pub dst: u8,
    pub kind: FrameKind,
    pub want: Want,
}

impl Goal {
    pub fn value(dst: Reg) -> Goal {
        Goal { dst: dst.0, kind: FrameKind::Call, want: Want::Value }
    }

    pub fn of(dst: u8, want: Want) -> Goal {
        Goal { dst, kind: FrameKind::Callback, want }
    }
}

/// Pushes the frame where the loop found no free slot: more are made, or the recursion limit is reached.
#[cold]
pub fn push(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, entry: Entry) -> Moved {
    let Entry { link, first, goal } = entry;
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return deliver::grant(fiber, texts, cx, ask, goal.dst, goal.want);
    }
    let base = fiber.top().base + first;
    fiber.frames.push(Frame { link, pc: 0, base, dst: goal.dst, kind: goal.kind, want: goal.want });
    Ok(Next::Script)
}

impl Step<'_> {
    /// Enters a function with the arguments from `first` on, the last of them by these names.
    pub(super) fn enter(
        &mut self,
        cx: &mut Cx,
        func: Id<Func>,
        first: usize,
        argc: usize,
        names: &[Value],
        goal: Goal,
    ) -> Warm {
        let object = cx.heap.funcs.get(func);
        let link = object.link;
        let is_direct = names.is_empty()
            && object.direct == argc as u16
            && (object.closure.is_empty() || put_cells(self.window, (first + argc) as u32, &object.closure));
        if !is_direct {
            if !self.can_enter(link, first, argc) {
                return Warm::Cold;
            }
            let text = self.texts.get(link);
            if let Err(ask) = bind::bind(&mut self.window[first..], cx, func, text, argc, names) {
                return self.leave(Done::Outcome(Err(ask)), goal.dst, Want::Value);
            }
        }
        Warm::Enter(Entry { link, first: first as u32, goal })
    }

    /// Whether the body runs at once, and all its registers are within reach.
    fn can_enter(&self, link: Id<Link>, first: usize, argc: usize) -> bool {
        let text = self.texts.get(link);
        !text.code.is_suspendable() && first + bind::n_places(text, argc) <= self.window.len()
    }

    /// `f(*args, **kwargs)` of a script function with a list or tuple and a dict.
    pub(super) fn call_ex(&mut self, cx: &mut Cx, base: Reg, dst: Reg) -> Warm {
        let [callee, _, given] = self.three(base);
        let keywords = self.window[base.0 as usize + 3];
        let Value::Func(func) = callee else { return Warm::Cold };
        let items = match given {
            Value::List(id) => cx.heap.lists.get(id).items.as_slice(),
            Value::Tuple(id) => cx.heap.tuples.get(id).items(),
            _ => return Warm::Cold,
        };
        let named = match keywords {
            Value::Dict(id) => Some(cx.heap.dicts.get(id)),
            _ => None,
        };
        let (first, n_items) = (base.0 as usize + 2, items.len());
        let argc = n_items + named.map_or(0, |dict| dict.len());
        if !self.can_enter(cx.heap.funcs.get(func).link, first, argc) {
            return Warm::Cold;
        }
        let mut names: SmallVec<[Value; 6]> = SmallVec::new();
        if let Some(dict) = named {
            if dict.iter().any(|entry| !matches!(entry.key, Value::Str(_))) {
                return Warm::Cold;
            }
            for (place, entry) in self.window[first + n_items..].iter_mut().zip(dict.iter()) {
                *place = entry.value;
                names.push(entry.key);
            }
        }
        self.window[first..first + n_items].copy_from_slice(items);
        self.enter(cx, func, first, argc, &names, Goal::value(dst))
    }

    // ----- Special methods -----

    /// Calls a special method of an instance, if a script function is it. None: nothing was done.
    pub(super) fn special<const N: usize>(
        &mut self,
        cx: &mut Cx,
        special: Special,
        args: [Value; N],
        goal: Goal,
    ) -> Option<Warm> {
        let Value::Inst(_) = args[0] else { return None };
        let Some(Value::Func(func)) = cx.special_of(args[0], special) else { return None };
        let first = self.text.n_regs as usize + 2;
        self.window.get_mut(first..first + N)?.copy_from_slice(&args);
        match self.enter(cx, func, first, N, &[], goal) {
            Warm::Cold => None,
            warm => Some(warm),
        }
    }

    /// The method of the left operand, where it is asked first.
    pub(super) fn arithmetic_method(&mut self, cx: &mut Cx, op: &Arithmetic, lhs: Value, rhs: Value) -> Option<Warm> {
        if !left_is_first(cx, lhs, rhs) {
            return None;
        }
        let goal = Goal::of(op.dst.0, Want::Answer);
        let (plain, in_place) = operator::special_of_arith(op.arith);
        match in_place.filter(|&special| op.is_in_place && cx.special_of(lhs, special).is_some()) {
            Some(special) => self.special(cx, special, [lhs, rhs], goal),
            None => self.special(cx, plain, [lhs, rhs], goal),
        }
    }

    /// The same for a comparison; `want` is `Branch` or `Answer`.
    pub(super) fn comparison_method(
        &mut self,
        cx: &mut Cx,
        compare: Compare,
        (lhs, rhs): (Value, Value),
        goal: Goal,
    ) -> Option<Warm> {
        if !left_is_first(cx, lhs, rhs) {
            return None;
        }
        self.special(cx, operator::special_of_compare(compare), [lhs, rhs], goal)
    }

    /// `with` of an instance whose methods are the script's: the bound `__exit__` takes the place of the manager.
    pub(super) fn enter_context(&mut self, cx: &mut Cx, dst: Reg, context: Reg) -> Warm {
        let manager = self.reg(context);
        let Some(exit @ Value::Func(_)) = cx.special_of(manager, Special::Exit) else {
            return self.enter_native(cx, dst, context, Special::Enter, Special::Exit);
        };
        match self.special(cx, Special::Enter, [manager], Goal::value(dst)) {
            Some(warm) => {
                self.window[context.0 as usize] = cx.heap.new_method(exit, manager);
                warm
            }
            None => Warm::Cold,
        }
    }

    /// `__exit__(None, None, None)`.
    pub(super) fn exit_context(&mut self, cx: &mut Cx, dst: Reg, context: Reg) -> Warm {
        let Value::Method(id) = self.reg(context) else { return Warm::Cold };
        let method = *cx.heap.methods.get(id);
        let given = [method.this, Value::None, Value::None, Value::None];
        let func = match method.func {
            Value::Func(func) => func,
            Value::Builtin(native) => return self.call_given(cx, native, &given, dst),
            _ => return Warm::Cold,
        };
        let first = self.text.n_regs as usize + 2;
        let Some(places) = self.window.get_mut(first..first + 4) else { return Warm::Cold };
        places.copy_from_slice(&given);
        self.enter(cx, func, first, 4, &[], Goal::value(dst))
    }

    pub(super) fn operand(&self, rhs: Rhs) -> Value {
        match rhs {
            Rhs::Reg(reg) => self.reg(reg),
            Rhs::Int(int) => Value::Int(int.into()),
        }
    }

    // ----- Classes -----

    /// Makes an instance of a plain class or of an exception, and enters its `__init__`.
    pub(super) fn construct(
        &mut self,
        cx: &mut Cx,
        class: Id<Class>,
        first: usize,
        argc: usize,
        names: &[Value],
        dst: Reg,
    ) -> Warm {
        if names.is_empty()
            && let Some(new) = direct::native_constructor(cx, class)
        {
            return self.call_with(cx, new, Value::Class(class), first, argc, dst);
        }
        let shape = call::plain_shape(cx, class);
        if shape.is_none() && !is_exception_shell(cx, class) {
            return Warm::Cold;
        }
        let make = |cx: &mut Cx, args: &[Value]| match shape {
            Some(shape) => cx.heap.new_inst(Inst::new(shape)),
            None => Value::Exc(cx.new_exception(class, args)),
        };
        let init = cx.special(class, Special::Init);
        match init {
            Some(Value::Func(func)) => {
                if first < 2 || !self.can_enter(cx.heap.funcs.get(func).link, first - 1, argc + 1) {
                    return Warm::Cold;
                }
                let made = make(cx, &self.window[first..first + argc - names.len()]);
                // Once as `self`, and once more below the window, where the return finds it.
                self.window[first - 2..first].fill(made);
                let goal = Goal { dst: dst.0, kind: FrameKind::Init, want: Want::Value };
                self.enter(cx, func, first - 1, argc + 1, names, goal)
            }
            Some(Value::Builtin(_)) if names.is_empty() => {
                let is_plain = match shape {
                    Some(_) => argc == 0,
                    None => init == cx.special(crate::types::classes::BASE_EXCEPTION, Special::Init),
                };
                if !is_plain {
                    return Warm::Cold;
                }
                let made = make(cx, &self.window[first..first + argc]);
                self.put(Ok(made), dst)
            }
            _ => Warm::Cold,
        }
    }
}

/// Whether no method of the right operand comes before those of the left one.
fn left_is_first(cx: &mut Cx, lhs: Value, rhs: Value) -> bool {
    match rhs {
        Value::Inst(_) => cx.class_of(lhs) == cx.class_of(rhs),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => true,
        _ => false,
    }
}

/// The special method that was asked first does not know: a frame asks the others.
pub fn ask_others(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: u8, want: Want) -> Moved {
    let frame = fiber.top();
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    let operand = |rhs: Rhs| match rhs {
        Rhs::Reg(reg) => fiber.reg(reg.0),
        Rhs::Int(int) => Value::Int(int.into()),
    };
    let others = match (super::operands::arithmetic(op), super::branch::comparison(op), op) {
        (Some(op), ..) => {
            let (lhs, rhs) = (fiber.reg(op.lhs.0), operand(op.rhs));
            operator::after_first(cx, op.arith, op.is_in_place, lhs, rhs)
        }
        (_, Some((compare, lhs, rhs, ..)), _) => operator::compare_after_first(compare, fiber.reg(lhs.0), operand(rhs)),
        (.., Op::Compare { lhs, rhs, op, .. }) => operator::compare_after_first(op, fiber.reg(lhs.0), fiber.reg(rhs.0)),
        _ => crate::bug!("{op:?} has no operands to ask"),
    };
    deliver::push_native(fiber, texts, cx, others, dst, want)
}
