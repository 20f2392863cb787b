//! Loops and unpacking in the warm tier.

use aspen_grammar::bytecode::{Jump, Op, Reg};

use super::enter::Goal;
use super::native::Done;
use super::warm::{Step, Warm};
use crate::call::{Ask, Cx, iterate};
use crate::types::pull;
use crate::value::frame::Want;
use crate::value::iterator::Iter;
use crate::value::special::Special;
use crate::value::{Id, Value};

impl Step<'_> {
    /// `ForIter` of what the loop does not know.
    pub(super) fn next_item(&mut self, cx: &mut Cx, dst: Reg, iter: Reg, to: Jump) -> Warm {
        let iterator = self.reg(iter);
        let next = match iterator {
            Value::Gen(_) => return Warm::Cold,
            Value::Inst(_) => match self.special(cx, Special::Next, [iterator], Goal::of(dst.0, Want::Next)) {
                Some(warm) => return warm,
                None => iterate::advance(cx, iterator),
            },
            Value::Iter(id) => match self.next_pair(cx, id, dst, to) {
                Some(Ok(true)) => {
                    cx.burnt += 1;
                    return Warm::On(to.0 + 1);
                }
                Some(Ok(false)) => return self.on(),
                Some(Err(ask)) => Err(ask),
                None => match self.next_mapped(cx, id, dst) {
                    Some(Ok(warm)) => return warm,
                    Some(Err(next)) => next,
                    None => iterate::advance(cx, iterator),
                },
            },
            _ => iterate::advance(cx, iterator),
        };
        match next {
            Ok(Some(value)) => {
                self.window[dst.0 as usize] = value;
                cx.burnt += 1;
                Warm::On(to.0)
            }
            Ok(None) => self.on(),
            Err(ask) => self.leave(Done::Outcome(Err(ask)), dst.0, Want::Next),
        }
    }

    /// `for a, b in …` where the iterator would make a tuple only to have it taken apart: its items go straight to where
    /// the loop's first instruction unpacks them. None: it is not such a loop.
    fn next_pair(&mut self, cx: &mut Cx, id: Id<Iter>, dst: Reg, to: Jump) -> Option<Result<bool, Ask>> {
        let Op::Unpack { src, base, n: 2 } = self.text.ops[to.0 as usize] else { return None };
        // A local would be seen.
        if src != dst || (dst.0 as usize) < self.text.code.n_locals() {
            return None;
        }
        let pair = match iterate::advance_pair(cx, id)? {
            Ok(Some(pair)) => pair,
            Ok(None) => return Some(Ok(false)),
            Err(ask) => return Some(Err(ask)),
        };
        self.window[base.0 as usize..][..2].copy_from_slice(&pair);
        Some(Ok(true))
    }

    /// `map` of a script function over something native: the function is entered for the loop, or there is no item.
    fn next_mapped(&mut self, cx: &mut Cx, id: Id<Iter>, dst: Reg) -> Option<Result<Warm, iterate::Next>> {
        let Value::Func(func) = pull::mapped_by(cx, id)? else { return None };
        let first = self.text.n_regs as usize + 2;
        if cx.heap.funcs.get(func).direct != 1 || first >= self.window.len() {
            return None;
        }
        match pull::next_argument(cx, id) {
            Ok(Some(item)) => {
                self.window[first] = item;
                Some(Ok(self.enter(cx, func, first, 1, &[], Goal::of(dst.0, Want::Next))))
            }
            end => Some(Err(end)),
        }
    }

    /// Of an exact tuple or list with just so many items.
    pub(super) fn unpack(&mut self, cx: &Cx, src: Reg, base: Reg, n: u8) -> Warm {
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
}
