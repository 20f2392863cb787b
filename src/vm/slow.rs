//! The slow tier: any instruction in all its generality, and the loop's arms that allocate.
//!
//! `slow` runs the instruction before the pc of the frame on top. What it means is the business of `types`; here is only
//! who gets the result.

use aspen_grammar::bytecode::{Op, Reg};

use super::deliver::{deliver, grant, settle};
use super::fiber::{Fiber, Window};
use super::text::Texts;
use super::{Moved, Signal, attr, call, intrinsic, name, suspend, text, unwind, watch};
use crate::call::{Cx, Outcome};
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
    general(fiber, texts, cx, op)
}

/// Instructions that the loop and the warm tier leave.
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
        Op::LoadCell { dst, cell } => (dst, value(name::load_cell(fiber, texts, cx, cell))),
        Op::StoreCell { cell, .. } => crate::bug!("R[{}] holds no cell", cell.0),
        Op::DeleteCell { cell } => (Reg(0), (name::delete_cell(fiber, texts, cx, cell), Want::Nothing)),

        Op::SetAttr { obj, src, attr } => return attr::set_op(fiber, texts, cx, obj, src, attr),
        Op::DeleteAttr { obj, attr } => return attr::delete_op(fiber, texts, cx, obj, attr),
        Op::Call { .. }
        | Op::CallGlobal { .. }
        | Op::CallAttr { .. }
        | Op::CallMethod { .. }
        | Op::CallKw { .. }
        | Op::CallMethodKw { .. }
        | Op::CallEx { .. } => return call::call_op(fiber, texts, cx),
        Op::GetAttr { .. } | Op::LoadMethod { .. } => return attr::get_op(fiber, texts, cx),
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

        Op::Unpack { src, base, n } => return attr::unpack(fiber, texts, cx, src, base, n),
        Op::UnpackStar { src, base, before, after } => {
            return attr::unpack_star(fiber, texts, cx, src, base, before, after);
        }
        Op::ForIter { .. } => return suspend::for_iter(fiber, texts, cx),
        Op::CloseIter { iter } => return suspend::close_iter(fiber, texts, cx, iter),
        Op::GetAsyncIter { iter, src } => (iter, value(suspend::async_iter(cx, fiber.reg(src.0)))),

        Op::Yield { .. } => return suspend::yield_op(fiber, texts, cx),
        Op::YieldFrom { dst, src } => return suspend::yield_from(fiber, texts, cx, dst, src),

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
    let direct = call::direct_count(&code);
    let mut func = Func { link, direct, closure, defaults, keyword_defaults, name, extra: None };
    if !annotations.is_undef() {
        func.extra.get_or_insert_default().annotations = annotations;
    }
    cx.heap.charge(size_of::<Func>() + crate::value::Kind::owned(&func));
    Value::Func(cx.heap.funcs.alloc(func))
}
