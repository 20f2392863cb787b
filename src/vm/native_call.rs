//! Natives called from the warm tier: by calls, by `with`.
//!
//! An async native whose result is awaited by the next instruction runs at once, and that instruction is part of the call.

use aspen_grammar::bytecode::{Op, Reg};

use super::native::{self, Done};
use super::warm::{Left, Step, Warm};
use crate::call::cx::native_def;
use crate::call::{Ask, Cx, Place};
use crate::types::direct;
use crate::value::frame::Want;
use crate::value::special::Special;
use crate::value::{NativeId, Value};

impl Step<'_> {
    /// With one argument before the others.
    pub(super) fn call_with(
        &mut self,
        cx: &mut Cx,
        id: NativeId,
        this: Value,
        first: usize,
        argc: usize,
        dst: Reg,
    ) -> Warm {
        let free = std::mem::replace(&mut self.window[first - 1], this);
        let warm = self.call_native(cx, id, first - 1, argc + 1, dst);
        if matches!(warm, Warm::Cold) {
            self.window[first - 1] = free;
        }
        warm
    }

    pub(super) fn call_native(&mut self, cx: &mut Cx, id: NativeId, first: usize, argc: usize, dst: Reg) -> Warm {
        let Some((dst, next)) = self.place_of_result(id, dst) else { return Warm::Cold };
        cx.burnt += 1;
        cx.place = Place { link: self.text.link, pc: self.pc };
        let args = &self.window[first..][..argc];
        let done = match direct::run_plain(cx, id, args) {
            Some(Ok(value)) => {
                self.window[dst.0 as usize] = value;
                return Warm::On(next);
            }
            Some(Err(Ask::Full)) => Some(native::again(id, args)),
            Some(outcome) => Some(Done::Outcome(outcome)),
            None => native::run_flat(cx, id, args),
        };
        self.called(done, dst, next)
    }

    /// With arguments that stand in no registers.
    pub(super) fn call_given(&mut self, cx: &mut Cx, id: NativeId, args: &[Value], dst: Reg) -> Warm {
        let Some((dst, next)) = self.place_of_result(id, dst) else { return Warm::Cold };
        cx.burnt += 1;
        cx.place = Place { link: self.text.link, pc: self.pc };
        let done = native::run_flat(cx, id, args);
        self.called(done, dst, next)
    }

    /// `with` over an object whose methods are native: the bound exit takes the place of the manager.
    pub(super) fn enter_native(&mut self, cx: &mut Cx, dst: Reg, context: Reg, enter: Special, exit: Special) -> Warm {
        let manager = self.reg(context);
        let (Some(Value::Builtin(enter)), Some(exit @ Value::Builtin(_))) =
            (cx.special_of(manager, enter), cx.special_of(manager, exit))
        else {
            return Warm::Cold;
        };
        let warm = self.call_given(cx, enter, &[manager], dst);
        if !matches!(warm, Warm::Cold) {
            self.window[context.0 as usize] = cx.heap.new_method(exit, manager);
        }
        warm
    }

    /// Where the result of a native goes, and the loop then. None: an async one that is not awaited at once.
    #[inline]
    fn place_of_result(&self, id: NativeId, dst: Reg) -> Option<(Reg, u32)> {
        let next = self.pc + 1;
        if !native_def(id).is_async {
            return Some((dst, next));
        }
        match self.text.ops.get(next as usize) {
            Some(Op::Await { dst: to, src }) if *src == dst => Some((*to, next + 1)),
            _ => None,
        }
    }

    #[inline]
    fn called(&mut self, done: Option<Done>, dst: Reg, next: u32) -> Warm {
        match done {
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
