//! Calls of anything.
//!
//! The arguments stand in the stack from `first` on; the two slots before them are free. So `self` of a bound method and the
//! instance of a class are put before the arguments without moving them.

use aspen_grammar::bytecode::{Code, Op};
use smallvec::SmallVec;

use super::deliver::{deliver, grant, push_native};
use super::fiber::Fiber;
use super::native::{call_native, visible_place};
use super::text::Texts;
use super::{Moved, Next, Signal, attr, bind, coroutine, name};
use crate::call::{Ask, CallAsk, Cx, Place};
use crate::types::class::construct::is_plain_exception;
use crate::types::classes;
use crate::types::direct;
use crate::value::frame::{Frame, FrameKind, Want};
use crate::value::special::Special;
use crate::value::{Class, Func, Id, Inst, Value};

/// A call under way: where its arguments stand and where its result goes.
#[derive(Clone, Copy)]
pub struct Site {
    /// The slot of the first argument.
    pub first: u32,
    pub argc: u32,
    /// The names of the last arguments, a tuple; `Undef` if all are positional.
    pub keywords: Value,
    pub dst: u8,
    pub want: Want,
}

/// The number of positional arguments with which a call runs the body at once, as [`Func::direct`] tells it.
pub fn direct_count(code: &Code) -> u16 {
    let params = &code.params;
    let is_plain = params.n_keyword_only == 0 && !params.has_star && !params.has_star_star && code.n_far_params() == 0;
    match code.flags {
        _ if !is_plain => Func::NEVER,
        flags if flags.is_coroutine && !flags.is_async_generator => params.n_positional as u16 | Func::AWAITED,
        _ if code.is_suspendable() => Func::NEVER,
        _ => params.n_positional as u16,
    }
}

/// The call instruction before the pc of the frame on top.
#[inline(never)]
pub fn call_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    if cx.heap.is_due() {
        fiber.top_mut().pc -= 1;
        return Err(Signal::Full);
    }
    let text = texts.get(frame.link);
    let op = text.ops[frame.pc as usize - 1];
    let site = |dst: u8, base: u8, argc: u8, keywords: Value| Site {
        first: frame.base + base as u32 + 2,
        argc: argc as u32,
        keywords,
        dst,
        want: Want::Value,
    };
    match op {
        Op::Call { dst, base, argc } => {
            let callee = fiber.reg(base.0);
            invoke(fiber, texts, cx, callee, site(dst.0, base.0, argc, Value::Undef))
        }
        Op::CallKw { dst, base, argc, names } => {
            let (callee, names) = (fiber.reg(base.0), text.consts[names.index()]);
            invoke(fiber, texts, cx, callee, site(dst.0, base.0, argc, names))
        }
        Op::CallGlobal { dst, base, argc, global } => match name::load_global(fiber, texts, cx, global) {
            Ok(callee) => invoke(fiber, texts, cx, callee, site(dst.0, base.0, argc, Value::Undef)),
            Err(ask) => grant(fiber, texts, cx, ask, dst.0, Want::Value),
        },
        Op::CallAttr { dst, base, argc, attr } => {
            attr::call_attr(fiber, texts, cx, base, attr, site(dst.0, base.0, argc, Value::Undef))
        }
        Op::CallMethod { dst, base, argc } => {
            call_method(fiber, texts, cx, site(dst.0, base.0, argc, Value::Undef), base.0)
        }
        Op::CallMethodKw { dst, base, argc, names } => {
            let names = text.consts[names.index()];
            call_method(fiber, texts, cx, site(dst.0, base.0, argc, names), base.0)
        }
        Op::CallEx { dst, base } => call_ex(fiber, texts, cx, dst.0, base.0),
        _ => crate::bug!("{op:?} is no call"),
    }
}

fn call_method(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, mut site: Site, base: u8) -> Moved {
    let (callee, this) = (fiber.reg(base), fiber.reg(base + 1));
    if !this.is_undef() {
        site.first -= 1;
        site.argc += 1;
    }
    invoke(fiber, texts, cx, callee, site)
}

/// `f(*args, **kwargs)`.
fn call_ex(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: u8, base: u8) -> Moved {
    let (callee, given, keywords) = (fiber.reg(base), fiber.reg(base + 2), fiber.reg(base + 3));
    let positional: SmallVec<[Value; 8]> = match given {
        Value::List(id) => SmallVec::from_slice(&cx.heap.lists.get(id).items),
        Value::Tuple(id) => SmallVec::from_slice(cx.heap.tuples.get(id).items()),
        _ => {
            // Any iterable: a frame makes a tuple of it first.
            let frame = crate::types::spread::call_frame(callee, given, keywords);
            return push_native(fiber, texts, cx, frame, dst, Want::Value);
        }
    };
    match spread_keywords(cx, positional, keywords) {
        Ok((args, keywords)) => start(fiber, texts, cx, CallAsk { callee, args, keywords }, dst, Want::Value),
        Err(ask) => grant(fiber, texts, cx, ask, dst, Want::Value),
    }
}

/// Positional arguments and a dict as the arguments of a call with keyword names.
pub fn spread_keywords(
    cx: &mut Cx,
    positional: SmallVec<[Value; 8]>,
    keywords: Value,
) -> Result<(SmallVec<[Value; 6]>, Value), Ask> {
    let mut args = SmallVec::<[Value; 6]>::from_slice(&positional);
    let Value::Dict(id) = keywords else { return Ok((args, Value::Undef)) };
    let mut names = Vec::new();
    let entries: Vec<_> = cx.heap.dicts.get(id).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let Some(name) = cx.name_of(key) else { return Err(cx.type_error("keywords must be strings")) };
        names.push(Value::Str(name));
        args.push(value);
    }
    if names.is_empty() {
        return Ok((args, Value::Undef));
    }
    Ok((args, cx.heap.new_tuple_from(names)))
}

/// Starts a call that a native (or an instruction without call registers) asked for.
pub fn start(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, ask: CallAsk, dst: u8, want: Want) -> Moved {
    cx.call = ask;
    start_asked(fiber, texts, cx, dst, want)
}

/// Starts the call that is asked for in `Cx::call`.
#[inline(never)]
pub fn start_asked(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: u8, want: Want) -> Moved {
    let first = fiber.ceiling(texts) + 2;
    let argc = cx.call.args.len() as u32;
    fiber.ensure(first + argc);
    fiber.stack[first as usize..][..argc as usize].copy_from_slice(&cx.call.args);
    cx.call.args.clear();
    let callee = std::mem::take(&mut cx.call.callee);
    let site = Site { first, argc, keywords: std::mem::take(&mut cx.call.keywords), dst, want };
    if let (Value::Func(func), Value::Undef) = (callee, site.keywords) {
        let func = cx.heap.funcs.get(func);
        if func.direct == argc as u16 && func.closure.is_empty() {
            return push_frame(fiber, texts, cx, func.link, site);
        }
    }
    invoke(fiber, texts, cx, callee, site)
}

/// Calls `callee` with the arguments at `site`.
pub fn invoke(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, mut callee: Value, mut site: Site) -> Moved {
    // Bound methods of callable objects of … : each round puts one `self` before the arguments.
    for _ in 0..1000 {
        match callee {
            Value::Func(id) => return enter_function(fiber, texts, cx, id, site),
            Value::Builtin(id) => return call_native(fiber, texts, cx, id, site),
            Value::Method(id) => {
                let method = *cx.heap.methods.get(id);
                push_self(fiber, &mut site, method.this);
                callee = method.func;
            }
            Value::Class(id) => return construct(fiber, texts, cx, id, site),
            Value::Descr(id) if cx.heap.descrs.get(id).kind == crate::value::DescrKind::StaticMethod => {
                callee = cx.heap.descrs.get(id).get;
            }
            other => match cx.special_of(other, Special::Call) {
                Some(Value::None) | None => {
                    let ask = cx.not_callable(other);
                    return grant(fiber, texts, cx, ask, site.dst, site.want);
                }
                Some(method @ (Value::Func(_) | Value::Builtin(_))) => {
                    push_self(fiber, &mut site, other);
                    callee = method;
                }
                Some(method) => match crate::types::attribute::bind(cx, method, other) {
                    Ok(bound) => callee = bound,
                    Err(ask) => return grant(fiber, texts, cx, ask, site.dst, site.want),
                },
            },
        }
    }
    let ask = cx.recursion_error();
    grant(fiber, texts, cx, ask, site.dst, site.want)
}

/// One more argument before the others. The slots of a chain of them may be in use: then the arguments move up.
fn push_self(fiber: &mut Fiber, site: &mut Site, this: Value) {
    let top = fiber.top();
    if site.first > top.base + 1 && site.first as usize >= 2 {
        site.first -= 1;
    } else {
        fiber.ensure(site.first + site.argc + 1);
        let start = site.first as usize;
        fiber.stack.copy_within(start..start + site.argc as usize, start + 1);
    }
    fiber.stack[site.first as usize] = this;
    site.argc += 1;
}

// ----- Script functions -----

/// Calls a script function: binds the arguments, then runs the body, or makes a generator.
fn enter_function(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Func>, site: Site) -> Moved {
    let link = cx.heap.funcs.get(id).link;
    if let Err(ask) = bind_all(fiber, texts, cx, id, site) {
        return grant(fiber, texts, cx, ask, site.dst, site.want);
    }
    if texts.get(link).code.is_suspendable() {
        return enter_suspendable(fiber, texts, cx, id, site);
    }
    push_frame(fiber, texts, cx, link, site)
}

/// The arguments, then the cells of the closure, in the registers where the body expects them.
#[inline]
fn bind_all(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, id: Id<Func>, site: Site) -> Result<(), Ask> {
    let text = texts.get(cx.heap.funcs.get(id).link);
    let names: SmallVec<[Value; 6]> = match site.keywords {
        Value::Tuple(names) => SmallVec::from_slice(cx.heap.tuples.get(names).items()),
        _ => SmallVec::new(),
    };
    fiber.ensure(site.first + bind::n_places(text, site.argc as usize) as u32);
    bind::bind(&mut fiber.stack[site.first as usize..], cx, id, text, site.argc as usize, &names)
}

fn push_frame(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, link: Id<crate::value::Link>, site: Site) -> Moved {
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, site.dst, site.want);
    }
    let below = fiber.top().kind;
    let is_plain = below != FrameKind::Native && site.want == Want::Value;
    let kind = if is_plain { FrameKind::Call } else { FrameKind::Callback };
    fiber.frames.push(Frame { link, pc: 0, base: site.first, dst: site.dst, kind, want: site.want });
    cx.burnt += 1;
    Ok(Next::Script)
}

/// A coroutine function whose result is awaited at once runs without an object, and so does a generator function that is
/// delegated to at once; any other call makes the object.
fn enter_suspendable(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, func: Id<Func>, mut site: Site) -> Moved {
    let top = fiber.top();
    let link = cx.heap.funcs.get(func).link;
    let flags = texts.get(link).code.flags;
    let mut closes_with_loop = false;
    if top.kind != FrameKind::Native && !top.link.is_none() && site.want == Want::Value {
        match texts.get(top.link).ops.get(top.pc as usize) {
            Some(Op::Await { dst, src }) if src.0 == site.dst && flags.is_coroutine => {
                site.dst = dst.0;
                fiber.top_mut().pc += 1;
                return push_frame(fiber, texts, cx, link, site);
            }
            Some(Op::YieldFrom { dst, src }) if src.0 == site.dst && flags.is_generator => {
                site.dst = dst.0;
                fiber.top_mut().pc += 1;
                return push_frame(fiber, texts, cx, link, site);
            }
            Some(Op::GetIter { src, .. }) if src.0 == site.dst => closes_with_loop = true,
            Some(Op::GetAsyncIter { src, .. }) if src.0 == site.dst => closes_with_loop = true,
            _ => {}
        }
    }
    let registers = &fiber.stack[site.first as usize..];
    let made = coroutine::make(cx, func, &texts.get(link).code, registers, place(fiber), closes_with_loop);
    deliver(fiber, texts, cx, made, site.dst, site.want)
}

/// Where the call under way stands, if script code made it.
#[inline]
pub fn place(fiber: &Fiber) -> Place {
    let top = fiber.top();
    if top.kind == FrameKind::Native || top.link.is_none() {
        return Place::default();
    }
    Place { link: top.link, pc: top.pc.saturating_sub(1) }
}

// ----- Classes -----

/// Calls a class. The common case, a plain script class, makes the instance and enters `__init__` at once.
fn construct(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Class>, mut site: Site) -> Moved {
    if let Some(shape) = plain_shape(cx, id) {
        let init = cx.special(id, Special::Init);
        if let Some(Value::Func(func)) = init {
            let made = cx.heap.new_inst(Inst::new(shape));
            return enter_init(fiber, texts, cx, func, made, site);
        }
        if matches!(init, Some(Value::Builtin(_))) && site.argc == 0 {
            let made = cx.heap.new_inst(Inst::new(shape));
            return deliver(fiber, texts, cx, made, site.dst, site.want);
        }
    }
    if site.keywords.is_undef() && is_plain_exception(cx, id) {
        let args = &fiber.stack[site.first as usize..][..site.argc as usize];
        let made = Value::Exc(cx.new_exception(id, args));
        return deliver(fiber, texts, cx, made, site.dst, site.want);
    }
    if let Some(new) = direct::native_constructor(cx, id) {
        push_self(fiber, &mut site, Value::Class(id));
        return call_native(fiber, texts, cx, new, site);
    }
    cx.place = visible_place(fiber, texts);
    let args = &fiber.stack[site.first as usize..][..site.argc as usize];
    let frame = crate::types::class::construct_frame(id, args, site.keywords);
    push_native(fiber, texts, cx, frame, site.dst, site.want)
}

/// The shape of fresh instances of a script class that is made as plain classes are.
pub fn plain_shape(cx: &mut Cx, id: Id<Class>) -> Option<Id<crate::value::Shape>> {
    let class = cx.heap.classes.get(id);
    let is_plain = class.is_heap
        && class.metaclass == classes::TYPE
        && class.layout == crate::value::class::Layout::Object
        && !class.is_abstract
        && !class.has_del;
    if !is_plain {
        return None;
    }
    let shape = class.root_shape;
    let new = cx.special(id, Special::New);
    matches!(new, Some(Value::Builtin(new)) if new.table == classes::OBJECT.index() as u16).then_some(shape)
}

/// Enters a script `__init__`: the instance is `self`, and stands once more below the window, where the return finds it.
fn enter_init(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, func: Id<Func>, made: Value, mut site: Site) -> Moved {
    site.first -= 1;
    site.argc += 1;
    fiber.stack[site.first as usize] = made;
    fiber.stack[site.first as usize - 1] = made;
    let link = cx.heap.funcs.get(func).link;
    if texts.get(link).code.is_suspendable() {
        // A coroutine or generator as `__init__`: the general way says what is wrong with its result.
        let args = &fiber.stack[site.first as usize + 1..][..site.argc as usize - 1];
        let class = cx.class_of(made);
        let frame = crate::types::class::construct_frame(class, args, site.keywords);
        return push_native(fiber, texts, cx, frame, site.dst, site.want);
    }
    if let Err(ask) = bind_all(fiber, texts, cx, func, site) {
        return grant(fiber, texts, cx, ask, site.dst, site.want);
    }
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, site.dst, site.want);
    }
    let kind = FrameKind::Init;
    fiber.frames.push(Frame { link, pc: 0, base: site.first, dst: site.dst, kind, want: site.want });
    cx.burnt += 1;
    Ok(Next::Script)
}
