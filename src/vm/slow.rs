//! The slow tier: any instruction in all its generality, and the loop's arms that allocate.
//!
//! `slow` runs the instruction before the pc of the frame on top. What it means is the business of `types`; here is only
//! who gets the result.

use aspen_grammar::bytecode::{Arith, Op, Reg};

use super::branch::{self, Rhs};
use super::deliver::{deliver, grant, settle};
use super::fiber::{Fiber, Window};
use super::text::Texts;
use super::{Moved, Signal, attr, call, intrinsic, name, suspend, text, unwind, watch};
use crate::call::{Cx, Outcome};
use crate::types::{container, item, operator, protocol, strings};
use crate::value::frame::{FrameKind, Want};
use crate::value::{Func, Value};

#[inline(never)]
pub fn build_tuple(window: &mut Window, cx: &mut Cx, dst: Reg, base: Reg, n: u8) {
    let items = &window[base.0 as usize..base.0 as usize + n as usize];
    window[dst.0 as usize] = cx.heap.new_tuple(items);
}

#[inline(never)]
pub fn build_list(window: &mut Window, cx: &mut Cx, dst: Reg, base: Reg, n: u8) {
    let items = window[base.0 as usize..base.0 as usize + n as usize].to_vec();
    window[dst.0 as usize] = cx.heap.new_list(items);
}

/// A return to something else than a script frame that wants the value.
#[inline(never)]
pub fn return_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let value = match texts.get(frame.link).ops[frame.pc as usize - 1] {
        Op::Return { src } => fiber.reg(src.0),
        _ => Value::None,
    };
    give(fiber, texts, cx, value)
}

/// The frame on top is over, with a value.
pub fn give(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value) -> Moved {
    let frame = fiber.top();
    watch::leave(fiber, texts, cx, fiber.frames.len() - 1);
    match frame.kind {
        FrameKind::Entry => Err(Signal::Done(value)),
        FrameKind::Resumed | FrameKind::Linked => suspend::return_resumed(fiber, texts, cx, value),
        FrameKind::Init => {
            let made = fiber.stack[frame.base as usize - 1];
            fiber.frames.pop();
            if value.is_none() {
                return deliver(fiber, texts, cx, made, frame.dst, frame.want);
            }
            let message = format!("__init__() should return None, not '{}'", cx.class_name(value));
            let ask = cx.type_error(message);
            grant(fiber, texts, cx, ask, frame.dst, frame.want)
        }
        FrameKind::Call | FrameKind::Callback | FrameKind::Native => {
            fiber.frames.pop();
            deliver(fiber, texts, cx, value, frame.dst, frame.want)
        }
    }
}

/// The instruction before the pc of the frame on top.
#[inline(never)]
pub fn slow(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    if cx.heap.is_due() {
        fiber.top_mut().pc -= 1;
        return Err(Signal::Full);
    }
    if let Some((compare, lhs, rhs, _, _)) = branch::comparison(op) {
        let rhs = match rhs {
            Rhs::Reg(reg) => fiber.reg(reg.0),
            Rhs::Int(int) => Value::Int(int as i64),
        };
        let outcome = operator::compare(cx, compare, fiber.reg(lhs.0), rhs);
        return settle(fiber, texts, cx, outcome, 0, Want::Branch);
    }
    if let Some((arith, dst, lhs, rhs, is_in_place)) = arithmetic(fiber, op) {
        let outcome = match is_in_place {
            true => operator::in_place(cx, arith, lhs, rhs),
            false => operator::binary(cx, arith, lhs, rhs),
        };
        return settle(fiber, texts, cx, outcome, dst.0, Want::Value);
    }
    general(fiber, texts, cx, op)
}

/// The operator of an instruction, where its result goes, its operands, and whether it is in place.
fn arithmetic(fiber: &Fiber, op: Op) -> Option<(Arith, Reg, Value, Value, bool)> {
    let regs = |arith, dst, lhs: Reg, rhs: Reg| Some((arith, dst, fiber.reg(lhs.0), fiber.reg(rhs.0), false));
    let ints = |arith, dst, lhs: Reg, int: i32| Some((arith, dst, fiber.reg(lhs.0), Value::Int(int as i64), false));
    let to = |arith, dst: Reg, rhs| Some((arith, dst, fiber.reg(dst.0), rhs, true));
    match op {
        Op::Add { dst, lhs, rhs } => regs(Arith::Add, dst, lhs, rhs),
        Op::Sub { dst, lhs, rhs } => regs(Arith::Sub, dst, lhs, rhs),
        Op::Mul { dst, lhs, rhs } => regs(Arith::Mul, dst, lhs, rhs),
        Op::Div { dst, lhs, rhs } => regs(Arith::Div, dst, lhs, rhs),
        Op::FloorDiv { dst, lhs, rhs } => regs(Arith::FloorDiv, dst, lhs, rhs),
        Op::Mod { dst, lhs, rhs } => regs(Arith::Mod, dst, lhs, rhs),
        Op::BitAnd { dst, lhs, rhs } => regs(Arith::BitAnd, dst, lhs, rhs),
        Op::BitOr { dst, lhs, rhs } => regs(Arith::BitOr, dst, lhs, rhs),
        Op::BitXor { dst, lhs, rhs } => regs(Arith::BitXor, dst, lhs, rhs),
        Op::Arith { dst, lhs, rhs, op } => regs(op, dst, lhs, rhs),
        Op::AddI { dst, lhs, int } => ints(Arith::Add, dst, lhs, int),
        Op::SubI { dst, lhs, int } => ints(Arith::Sub, dst, lhs, int),
        Op::MulI { dst, lhs, int } => ints(Arith::Mul, dst, lhs, int),
        Op::FloorDivI { dst, lhs, int } => ints(Arith::FloorDiv, dst, lhs, int),
        Op::ModI { dst, lhs, int } => ints(Arith::Mod, dst, lhs, int),
        Op::BitAndI { dst, lhs, int } => ints(Arith::BitAnd, dst, lhs, int),
        Op::LShiftI { dst, lhs, int } => ints(Arith::LShift, dst, lhs, int),
        Op::RShiftI { dst, lhs, int } => ints(Arith::RShift, dst, lhs, int),
        Op::AddTo { dst, rhs } => to(Arith::Add, dst, fiber.reg(rhs.0)),
        Op::SubTo { dst, rhs } => to(Arith::Sub, dst, fiber.reg(rhs.0)),
        Op::MulTo { dst, rhs } => to(Arith::Mul, dst, fiber.reg(rhs.0)),
        Op::AddToI { dst, int } => to(Arith::Add, dst, Value::Int(int as i64)),
        Op::SubToI { dst, int } => to(Arith::Sub, dst, Value::Int(int as i64)),
        Op::InPlace { dst, lhs, rhs, op } => Some((op, dst, fiber.reg(lhs.0), fiber.reg(rhs.0), true)),
        _ => None,
    }
}

/// Instructions that are neither arithmetic nor compare-and-branch.
fn general(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, op: Op) -> Moved {
    let value = |outcome: Outcome| (outcome, Want::Value);
    let (dst, (outcome, want)) = match op {
        Op::CheckBound { name, .. } => (Reg(0), value(name::unbound_local(fiber, cx, name))),
        Op::LoadFar { dst, far, index } => (dst, value(name::load_far(fiber, texts, cx, far, index))),
        Op::StoreFar { far, src, index } => return name::store_far(fiber, cx, far, src, index),
        Op::DeleteFar { far, index } => (Reg(0), (name::delete_far(fiber, texts, cx, far, index), Want::Nothing)),
        Op::LoadGlobal { dst, global } => (dst, value(name::load_global(fiber, texts, cx, global))),
        Op::StoreGlobal { src, global } => return name::store_global(fiber, texts, cx, src, global),
        Op::DeleteGlobal { global } => (Reg(0), (name::delete_global(fiber, texts, cx, global), Want::Nothing)),
        Op::LoadName { dst, global } => (dst, value(name::load_name(fiber, texts, cx, Reg(0), global))),
        Op::StoreName { src, global } => (Reg(0), (name::store_name(fiber, texts, cx, src, global), Want::Nothing)),
        Op::DeleteName { global } => (Reg(0), (name::delete_name(fiber, texts, cx, global), Want::Nothing)),
        Op::LoadNameOrCell { dst, cell, namespace, name } => {
            (dst, value(name::load_name_or_cell(fiber, texts, cx, namespace, cell, name)))
        }
        Op::LoadNameOrGlobal { dst, namespace, global } => {
            (dst, value(name::load_name(fiber, texts, cx, namespace, global)))
        }
        Op::MakeCell { reg } => {
            let held = fiber.reg(reg.0);
            (reg, value(Ok(cx.heap.new_cell(held))))
        }
        Op::LoadCell { dst, cell } => (dst, value(name::load_cell(fiber, texts, cx, cell))),
        Op::StoreCell { cell, .. } => crate::bug!("R[{}] holds no cell", cell.0),
        Op::DeleteCell { cell } => (Reg(0), (name::delete_cell(fiber, texts, cx, cell), Want::Nothing)),

        Op::Not { dst, src } => (dst, (Ok(fiber.reg(src.0)), Want::NotTruth)),
        Op::Neg { dst, src } => (dst, value(operator::negative(cx, fiber.reg(src.0)))),
        Op::Pos { dst, src } => (dst, value(operator::positive(cx, fiber.reg(src.0)))),
        Op::Invert { dst, src } => (dst, value(operator::invert(cx, fiber.reg(src.0)))),
        Op::Compare { dst, lhs, rhs, op } => {
            (dst, value(operator::compare(cx, op, fiber.reg(lhs.0), fiber.reg(rhs.0))))
        }
        Op::In { dst, lhs, rhs } => (dst, (container::contains(cx, fiber.reg(rhs.0), fiber.reg(lhs.0)), Want::Truth)),
        Op::NotIn { dst, lhs, rhs } => {
            (dst, (container::contains(cx, fiber.reg(rhs.0), fiber.reg(lhs.0)), Want::NotTruth))
        }
        Op::JumpIf { src, .. } | Op::JumpIfNot { src, .. } | Op::LoopIf { src, .. } | Op::LoopIfNot { src, .. } => {
            (Reg(0), (Ok(fiber.reg(src.0)), Want::Branch))
        }

        Op::SetAttr { obj, src, attr } => return attr::set_op(fiber, texts, cx, obj, src, attr),
        Op::DeleteAttr { obj, attr } => return attr::delete_op(fiber, texts, cx, obj, attr),
        Op::GetItem { dst, obj, index } => (dst, value(item::get(cx, fiber.reg(obj.0), fiber.reg(index.0)))),
        Op::GetItemI { dst, obj, int } => (dst, value(item::get(cx, fiber.reg(obj.0), Value::Int(int as i64)))),
        Op::SetItem { obj, index, src } => {
            (Reg(0), (item::set(cx, fiber.reg(obj.0), fiber.reg(index.0), fiber.reg(src.0)), Want::Nothing))
        }
        Op::SetItemI { obj, src, int } => {
            (Reg(0), (item::set(cx, fiber.reg(obj.0), Value::Int(int as i64), fiber.reg(src.0)), Want::Nothing))
        }
        Op::DeleteItem { obj, index } => {
            (Reg(0), (item::delete(cx, fiber.reg(obj.0), fiber.reg(index.0)), Want::Nothing))
        }
        Op::GetSlice { dst, obj, bounds } => {
            (dst, value(item::get_slice(cx, fiber.reg(obj.0), fiber.reg(bounds.0), fiber.reg(bounds.0 + 1))))
        }
        Op::SetSlice { obj, bounds, src } => {
            let (start, stop) = (fiber.reg(bounds.0), fiber.reg(bounds.0 + 1));
            (Reg(0), (item::set_slice(cx, fiber.reg(obj.0), start, stop, fiber.reg(src.0)), Want::Nothing))
        }
        Op::BuildSlice { dst, base } => {
            let (start, stop, step) = (fiber.reg(base.0), fiber.reg(base.0 + 1), fiber.reg(base.0 + 2));
            (dst, value(Ok(item::new_slice(cx, start, stop, step))))
        }

        Op::CallKw { .. } | Op::CallMethodKw { .. } | Op::CallEx { .. } => return call::call_op(fiber, texts, cx),
        Op::LoadSuperMethod { base, attr } => return attr::load_super_method(fiber, texts, cx, base, attr),
        Op::GetSuper { dst, base, attr } => (dst, value(attr::get_super(fiber, texts, cx, base, attr))),

        Op::MakeFunction { dst, base, code } => {
            let link = text::child(cx, texts, fiber.top().link, code.index());
            let parts = [fiber.reg(base.0), fiber.reg(base.0 + 1), fiber.reg(base.0 + 2)];
            (dst, value(Ok(make_function(fiber, cx, link, parts))))
        }
        Op::MakeClosure { dst, code } => {
            let link = text::child(cx, texts, fiber.top().link, code.index());
            (dst, value(Ok(make_function(fiber, cx, link, [Value::Undef; 3]))))
        }

        Op::BuildTuple { .. } | Op::BuildList { .. } => crate::bug!("the loop does {op:?} itself"),
        Op::BuildSet { dst, base, n } => {
            let items = registers(fiber, base, n as usize);
            (dst, value(container::build_set(cx, &items)))
        }
        Op::BuildDict { dst, base, n } => {
            let items = registers(fiber, base, n as usize * 2);
            (dst, value(container::build_dict(cx, &items)))
        }
        Op::ListAppend { list, .. } => crate::bug!("R[{}] holds no list", list.0),
        Op::SetAdd { set, src } => {
            (Reg(0), (container::set_add(cx, fiber.reg(set.0), fiber.reg(src.0)), Want::Nothing))
        }
        Op::DictInsert { dict, key } => {
            let (key, item) = (fiber.reg(key.0), fiber.reg(key.0 + 1));
            (Reg(0), (item::set(cx, fiber.reg(dict.0), key, item), Want::Nothing))
        }
        Op::ListExtend { list, src } => {
            (Reg(0), (container::list_extend(cx, fiber.reg(list.0), fiber.reg(src.0)), Want::Nothing))
        }
        Op::SetUpdate { set, src } => {
            (Reg(0), (container::set_update(cx, fiber.reg(set.0), fiber.reg(src.0)), Want::Nothing))
        }
        Op::DictUpdate { dict, src } => {
            (Reg(0), (container::dict_update(cx, fiber.reg(dict.0), fiber.reg(src.0)), Want::Nothing))
        }
        Op::DictMerge { dict, src, callee } => {
            let (dict, src, callee) = (fiber.reg(dict.0), fiber.reg(src.0), fiber.reg(callee.0));
            (Reg(0), (container::dict_merge(cx, dict, src, callee), Want::Nothing))
        }

        Op::Unpack { src, base, n } => return attr::unpack(fiber, texts, cx, src, base, n),
        Op::UnpackStar { src, base, before, after } => {
            return attr::unpack_star(fiber, texts, cx, src, base, before, after);
        }
        Op::GetIter { iter, src } => (iter, (protocol::loop_over(cx, fiber.reg(src.0)), Want::Iterator)),
        Op::ForIter { .. } => return suspend::for_iter(fiber, texts, cx),
        Op::CloseIter { iter } => return suspend::close_iter(fiber, texts, cx, iter),
        Op::GetAsyncIter { iter, src } => (iter, value(suspend::async_iter(cx, fiber.reg(src.0)))),
        Op::ForAsync { .. } => return suspend::for_async(fiber, texts, cx),

        Op::Yield { .. } => return suspend::yield_op(fiber, texts, cx),
        Op::YieldFrom { dst, src } => return suspend::yield_from(fiber, texts, cx, dst, src),
        Op::Await { dst, src } => {
            let awaited = fiber.reg(src.0);
            return suspend::await_value(fiber, texts, cx, awaited, dst.0, Want::Value);
        }

        Op::Enter { dst, context } => return attr::enter(fiber, texts, cx, dst, context, false),
        Op::EnterAsync { dst, context } => return attr::enter(fiber, texts, cx, dst, context, true),
        Op::Exit { dst, context } => {
            (dst, value(Err(cx.ask_call(fiber.reg(context.0), &[Value::None, Value::None, Value::None]))))
        }
        Op::ExitRaised { dst, context, exc } => (dst, value(unwind::exit_raised(fiber, texts, cx, context, exc))),

        Op::Raise { src } => (Reg(0), (unwind::raise_value(cx, fiber.reg(src.0), Value::Undef), Want::Nothing)),
        Op::RaiseFrom { src, cause } => {
            (Reg(0), (unwind::raise_value(cx, fiber.reg(src.0), fiber.reg(cause.0)), Want::Nothing))
        }
        Op::RaiseHandled => return unwind::raise_handled(fiber, texts, cx),
        Op::Reraise { src } => return unwind::reraise(fiber, texts, cx, src),
        Op::JumpUnlessMatch { exc, class, .. } => {
            (Reg(0), (unwind::matches(cx, fiber.reg(exc.0), fiber.reg(class.0)), Want::Branch))
        }

        Op::Format { dst, src } => (dst, value(strings::format(cx, fiber.reg(src.0), Value::Undef))),
        Op::FormatSpec { dst, src, spec } => (dst, value(strings::format(cx, fiber.reg(src.0), fiber.reg(spec.0)))),
        Op::ConvertStr { dst, src } => (dst, value(strings::to_str(cx, fiber.reg(src.0)))),
        Op::ConvertRepr { dst, src } => (dst, value(strings::to_repr(cx, fiber.reg(src.0)))),
        Op::ConvertAscii { dst, src } => (dst, value(strings::to_ascii(cx, fiber.reg(src.0)))),
        Op::BuildString { dst, base, n } => {
            let parts = registers(fiber, base, n as usize);
            (dst, value(strings::concat(cx, &parts)))
        }

        Op::Import { dst, base, name } => return intrinsic::import(fiber, texts, cx, dst, base, name),
        Op::ImportFrom { dst, module, name } => (dst, value(intrinsic::import_from(fiber, texts, cx, module, name))),
        Op::Intrinsic { dst, base, intrinsic } => return intrinsic::run(fiber, texts, cx, dst, base, intrinsic),
        _ => crate::bug!("{op:?} has no slow case"),
    };
    settle(fiber, texts, cx, outcome, dst.0, want)
}

/// Copies of `n` registers.
pub fn registers(fiber: &Fiber, base: Reg, n: usize) -> Vec<Value> {
    let start = fiber.top().base as usize + base.0 as usize;
    fiber.stack[start..start + n].to_vec()
}

/// A function of a link; `parts` are its defaults, keyword defaults and annotations.
fn make_function(fiber: &Fiber, cx: &mut Cx, link: crate::value::Id<crate::value::Link>, parts: [Value; 3]) -> Value {
    let [defaults, keyword_defaults, annotations] = parts;
    let code = cx.heap.links.get(link).code().clone();
    let closure: Box<[Value]> = code.captures.iter().map(|capture| fiber.reg(capture.from.0)).collect();
    let name = cx.heap.intern(code.name.as_bytes());
    let direct = call::direct_count(&code, &closure);
    let mut func =
        Func { link, direct, direct_await: Func::NEVER, closure, defaults, keyword_defaults, name, extra: None };
    if !annotations.is_undef() {
        func.extra.get_or_insert_default().annotations = annotations;
    }
    cx.heap.charge(size_of::<Func>() + crate::value::Kind::owned(&func));
    Value::Func(cx.heap.funcs.alloc(func))
}
