//! Attribute instructions: what the loop's caches do not hold, and filling them.

use aspen_grammar::bytecode::{AttrId, Op, Reg};
use smallvec::smallvec;

use super::call::{self, Site};
use super::deliver::{grant, push_native, settle};
use super::fiber::Fiber;
use super::lookup::{Found, Lookups, Use};
use super::text::{AttrCache, OtherCache, Texts};
use super::{Moved, Next, slow};
use crate::call::cx::native_def;
use crate::call::{Ask, CallAsk, Cx, NativeKind, Outcome};
use crate::types::attribute::{self, Resolved};
use crate::types::{classes, spread};
use crate::value::frame::Want;
use crate::value::instance::N_INLINE;
use crate::value::special::Special;
use crate::value::{Class, DescrKind, Id, Name, Shape, Value};

/// `GetAttr` or `LoadMethod` of what no memory has.
#[inline(never)]
pub fn get_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let text = texts.get(frame.link);
    match text.ops[frame.pc as usize - 1] {
        Op::GetAttr { dst, obj, attr } => {
            let obj = fiber.reg(obj.0);
            let cache = &text.attrs[attr.index()];
            if let Value::Inst(id) = obj
                && let Found::Property(getter) = texts.lookups.find(cx.heap.insts.get(id).shape, cache.name, Use::Load)
            {
                let ask = CallAsk { callee: Value::Func(getter), args: smallvec![obj], keywords: Value::Undef };
                return call::start(fiber, texts, cx, ask, dst.0, Want::Value);
            }
            let outcome = get_and_cache(cx, &texts.lookups, cache, obj);
            settle(fiber, texts, cx, outcome, dst.0, Want::Value)
        }
        Op::LoadMethod { base, attr } => {
            let this = fiber.reg(base.0 + 1);
            match method(cx, &texts.lookups, &text.attrs[attr.index()], this) {
                Ok((callee, this)) => {
                    fiber.set_reg(base.0, callee);
                    fiber.set_reg(base.0 + 1, this);
                    Ok(Next::Script)
                }
                Err(ask) => grant(fiber, texts, cx, ask, base.0, Want::Callee),
            }
        }
        op => crate::bug!("{op:?} reads no attribute"),
    }
}

/// The value that the memories have of an attribute, if they do.
#[inline]
pub fn known(cx: &Cx, lookups: &Lookups, cache: &AttrCache, obj: Value) -> Option<Value> {
    let shape = match obj {
        Value::Inst(id) => cx.heap.insts.get(id).shape,
        Value::Exc(id) => cx.heap.excs.get(id).inst.shape,
        _ => return known_of_other(cx, cache, obj),
    };
    match lookups.find(shape, cache.name, Use::Load) {
        Found::Field(index) => {
            if index < N_INLINE as u32 && matches!(obj, Value::Inst(_)) {
                cache.remember_field(shape, shape, index);
            }
            attribute::inst_of(cx, obj)?.field(index as usize).given()
        }
        Found::Slot(index) => attribute::inst_of(cx, obj)?.field(index as usize).given(),
        Found::ClassValue { dict, entry_idx } => Some(cx.heap.dicts.get(dict).entries[entry_idx as usize].value),
        Found::Unknown | Found::Method(_) | Found::Property(_) | Found::Store { .. } => None,
    }
}

/// The same for modules and classes.
fn known_of_other(cx: &Cx, cache: &AttrCache, obj: Value) -> Option<Value> {
    match cache.other.get() {
        OtherCache::Empty | OtherCache::Native { .. } => None,
        OtherCache::Module { dict, version, entry_idx } => {
            let Value::Module(id) = obj else { return None };
            let own = cx.heap.modules.get(id).dict;
            let dict_object = cx.heap.dicts.get(dict);
            (own == dict && dict_object.keys_version == version).then(|| dict_object.entries[entry_idx as usize].value)
        }
        OtherCache::OfClass { class, dict, entry_idx } => {
            (obj == Value::Class(class)).then(|| cx.heap.dicts.get(dict).entries[entry_idx as usize].value)
        }
    }
}

/// `obj.name`, and fills the cache where the attribute is of a kind that it can hold.
fn get_and_cache(cx: &mut Cx, lookups: &Lookups, cache: &AttrCache, obj: Value) -> Outcome {
    match obj {
        Value::Inst(_) | Value::Exc(_) => cache_of_instance(cx, lookups, cache, obj),
        Value::Module(id) => {
            let dict = cx.heap.modules.get(id).dict;
            if let Some(entry_idx) = cx.heap.find_in(dict, cache.name)
                && classes::lookup(cx, classes::MODULE, cache.name).is_none()
            {
                let version = cx.heap.dicts.get(dict).keys_version;
                lookups.note_filled();
                cache.other.set(OtherCache::Module { dict, version, entry_idx: entry_idx as u32 });
                return Ok(cx.heap.dicts.get(dict).entries[entry_idx].value);
            }
        }
        Value::Class(class) => {
            lookups.note_filled();
            cache_of_class(cx, cache, class);
        }
        _ => {}
    }
    attribute::get(cx, obj, cache.name)
}

/// Attributes that are as they are in the class: no descriptors, plain metaclass.
fn cache_of_class(cx: &mut Cx, cache: &AttrCache, class: Id<Class>) {
    if cx.heap.classes.get(class).metaclass != classes::TYPE || classes::lookup(cx, classes::TYPE, cache.name).is_some()
    {
        return;
    }
    let Some((dict, entry_idx, value)) = classes::find(cx, class, cache.name) else { return };
    if is_plain_in_class(cx, value) || matches!(value, Value::Func(_)) {
        mark_cached(cx, class);
        cache.other.set(OtherCache::OfClass { class, dict, entry_idx: entry_idx as u32 });
    }
}

/// Whether a class attribute is seen as it is through the class and its instances, whatever replaces it silently.
fn is_plain_in_class(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Func(_) | Value::Builtin(_) | Value::Descr(_) | Value::Class(_) => false,
        Value::Inst(_) | Value::Native(_) => cx.special_of(value, Special::Get).is_none() && !is_member(cx, value),
        _ => true,
    }
}

fn is_member(cx: &Cx, value: Value) -> bool {
    matches!(value, Value::Native(id) if cx.heap.native::<attribute::MemberDescr>(id).is_some())
}

/// Caches depend on the class from now on, and on its bases.
fn mark_cached(cx: &mut Cx, class: Id<Class>) {
    if !cx.heap.classes.get(class).is_cached {
        cx.heap.classes.get_mut(class).is_cached = true;
    }
}

fn has_plain_access(cx: &mut Cx, class: Id<Class>) -> bool {
    cx.special(class, Special::GetAttribute).is_none_or(attribute::is_default_getattribute)
}

fn cache_of_instance(cx: &mut Cx, lookups: &Lookups, cache: &AttrCache, obj: Value) {
    let class = cx.class_of(obj);
    let Some(shape) = attribute::inst_of(cx, obj).map(|inst| inst.shape) else { return };
    if cx.heap.shapes.get(shape).is_dict || !has_plain_access(cx, class) {
        return;
    }
    let found = match attribute::resolve(cx, obj, class, cache.name) {
        Resolved::Field { index, value } => {
            let is_slot = index < cx.heap.classes.get(class).slots.len() || value.is_undef();
            if is_slot { Found::Slot(index as u32) } else { Found::Field(index as u32) }
        }
        Resolved::FromClass { attr, dict, entry_idx } => match attr {
            Value::Descr(id) if cx.heap.descrs.get(id).kind == DescrKind::Property => {
                match cx.heap.descrs.get(id).get {
                    Value::Func(getter) => Found::Property(getter),
                    _ => return,
                }
            }
            _ if is_plain_in_class(cx, attr) => Found::ClassValue { dict, entry_idx: entry_idx as u32 },
            _ => return,
        },
        Resolved::InDict(_) | Resolved::Missing => return,
    };
    mark_cached(cx, class);
    lookups.put(shape, cache.name, Use::Load, found);
}

// ----- Methods -----

/// The method that the memories have, and its `self` (`Undef`: none).
#[inline]
pub fn known_method(cx: &Cx, lookups: &Lookups, cache: &AttrCache, this: Value) -> Option<(Value, Value)> {
    match this {
        Value::Inst(id) => match lookups.find(cx.heap.insts.get(id).shape, cache.name, Use::Load) {
            Found::Method(func) => {
                cache.remember_method(cx.heap.insts.get(id).shape, func);
                Some((Value::Func(func), this))
            }
            Found::Field(index) | Found::Slot(index) => {
                Some((cx.heap.insts.get(id).field(index as usize).given()?, Value::Undef))
            }
            Found::Unknown | Found::ClassValue { .. } | Found::Property(_) | Found::Store { .. } => None,
        },
        Value::Class(_) | Value::Module(_) => known_of_other(cx, cache, this).map(|value| (value, Value::Undef)),
        Value::Exc(_) | Value::Func(_) => None,
        _ => match cache.other.get() {
            OtherCache::Native { class, native } if class == cx.class_of(this) => Some((Value::Builtin(native), this)),
            _ => None,
        },
    }
}

/// What to call for a method call, and its `self` (`Undef`: none). Fills the memories.
fn method(cx: &mut Cx, lookups: &Lookups, cache: &AttrCache, this: Value) -> Result<(Value, Value), Ask> {
    if let Some(known) = known_method(cx, lookups, cache, this) {
        return Ok(known);
    }
    if let Value::Class(_) | Value::Module(_) = this {
        return get_and_cache(cx, lookups, cache, this).map(|value| (value, Value::Undef));
    }
    let class = cx.class_of(this);
    if !has_plain_access(cx, class) {
        return attribute::get(cx, this, cache.name).map(|value| (value, Value::Undef));
    }
    match attribute::resolve(cx, this, class, cache.name) {
        Resolved::FromClass { attr: attr @ Value::Func(func), .. } => {
            let shape = attribute::inst_of(cx, this).map(|inst| inst.shape);
            if let (Value::Inst(_), Some(shape)) = (this, shape)
                && !cx.heap.shapes.get(shape).is_dict
            {
                mark_cached(cx, class);
                cache.remember_method(shape, func);
                lookups.put(shape, cache.name, Use::Load, Found::Method(func));
            }
            Ok((attr, this))
        }
        Resolved::FromClass { attr: attr @ Value::Builtin(native), .. }
            if matches!(native_def(native).kind, NativeKind::Method | NativeKind::Special) =>
        {
            if !cx.heap.classes.get(class).is_heap {
                cache.other.set(OtherCache::Native { class, native });
            }
            Ok((attr, this))
        }
        Resolved::Field { value, .. } | Resolved::InDict(value) if !value.is_undef() => Ok((value, Value::Undef)),
        _ => attribute::get(cx, this, cache.name).map(|value| (value, Value::Undef)),
    }
}

/// `CallAttr` that is not in the loop's cache.
pub fn call_attr(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, base: Reg, attr: AttrId, mut site: Site) -> Moved {
    let this = fiber.reg(base.0 + 1);
    let cache = &texts.get(fiber.top().link).attrs[attr.index()];
    match method(cx, &texts.lookups, cache, this) {
        Ok((callee, Value::Undef)) => call::invoke(fiber, texts, cx, callee, site),
        Ok((callee, _)) => {
            site.first -= 1;
            site.argc += 1;
            call::invoke(fiber, texts, cx, callee, site)
        }
        Err(Ask::Raise(exc)) => grant(fiber, texts, cx, Ask::Raise(exc), site.dst, site.want),
        // The attribute takes script code: a frame gets it and then makes the call.
        Err(_) => {
            let name = cache.name;
            cx.call = crate::call::CallAsk::default();
            cx.pushed = None;
            let args = &fiber.stack[site.first as usize..][..site.argc as usize];
            let frame = spread::call_attr_frame(this, Value::Str(name), args);
            push_native(fiber, texts, cx, frame, site.dst, site.want)
        }
    }
}

// ----- Stores -----

pub fn set_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, obj: Reg, src: Reg, attr: AttrId) -> Moved {
    let (obj, value) = (fiber.reg(obj.0), fiber.reg(src.0));
    let cache = &texts.get(fiber.top().link).attrs[attr.index()];
    let name = cache.name;
    let before = attribute::inst_of(cx, obj).map(|inst| inst.shape);
    let outcome = attribute::set(cx, obj, name, value);
    if let (Ok(_), Value::Inst(_) | Value::Exc(_), Some(before)) = (&outcome, obj, before) {
        cache_store(cx, &texts.lookups, cache, obj, before);
    }
    settle(fiber, texts, cx, outcome, 0, Want::Nothing)
}

/// A store that went to an inline field goes there straight next time.
fn cache_store(cx: &mut Cx, lookups: &Lookups, cache: &AttrCache, obj: Value, before: Id<Shape>) {
    let name = cache.name;
    let class = cx.class_of(obj);
    let Some(after) = attribute::inst_of(cx, obj).map(|inst| inst.shape) else { return };
    if cx.heap.shapes.get(after).is_dict || cx.heap.shapes.get(before).is_dict {
        return;
    }
    if let Some(attr) = classes::lookup(cx, class, name)
        && attribute::is_data_descriptor(cx, attr)
        && !is_member(cx, attr)
    {
        return;
    }
    if !matches!(cx.special(class, Special::SetAttr), Some(Value::Builtin(_)) | None) {
        return;
    }
    if let Some(index) = cx.heap.shapes.get(after).position(name) {
        mark_cached(cx, class);
        if index < N_INLINE && matches!(obj, Value::Inst(_)) {
            cache.remember_field(before, after, index as u32);
        }
        lookups.put(before, name, Use::Store, Found::Store { next: after, field: index as u32 });
    }
}

pub fn delete_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, obj: Reg, attr: AttrId) -> Moved {
    let name = texts.get(fiber.top().link).attrs[attr.index()].name;
    let outcome = attribute::set(cx, fiber.reg(obj.0), name, Value::Undef);
    settle(fiber, texts, cx, outcome, 0, Want::Nothing)
}

// ----- super -----

/// `super().name` for a call: the function and `self`, without making a super object.
pub fn load_super_method(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, base: Reg, attr: AttrId) -> Moved {
    let name = texts.get(fiber.top().link).attrs[attr.index()].name;
    let (callee, class, this) = (fiber.reg(base.0), fiber.reg(base.0 + 1), fiber.reg(base.0 + 2));
    match super_attribute(cx, callee, class, this, name) {
        Some(Ok((found @ (Value::Func(_) | Value::Builtin(_)), start)))
            if binds(found) && this != Value::Class(start) =>
        {
            remember_super(cx, &texts.lookups, class, this, name, found);
            fiber.set_reg(base.0, found);
            fiber.set_reg(base.0 + 1, this);
            Ok(Next::Script)
        }
        Some(Ok((found, start))) => {
            let outcome = bind_super(cx, found, this, start);
            settle(fiber, texts, cx, outcome, base.0, Want::Callee)
        }
        Some(Err(ask)) => grant(fiber, texts, cx, ask, base.0, Want::Callee),
        None => {
            let frame = spread::super_frame(callee, class, this, Value::Str(name));
            push_native(fiber, texts, cx, frame, base.0, Want::Callee)
        }
    }
}

fn remember_super(cx: &mut Cx, lookups: &Lookups, class: Value, this: Value, name: Name, found: Value) {
    if let (Value::Class(behind), Value::Inst(id), Value::Func(func)) = (class, this, found) {
        let shape = cx.heap.insts.get(id).shape;
        mark_cached(cx, cx.class_of(this));
        lookups.put(shape, name, Use::Behind(behind), Found::Method(func));
    }
}

fn binds(found: Value) -> bool {
    match found {
        Value::Builtin(id) => matches!(native_def(id).kind, NativeKind::Method | NativeKind::Special),
        _ => true,
    }
}

/// `super().name`.
pub fn get_super(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, base: Reg, attr: AttrId) -> Outcome {
    let name = texts.get(fiber.top().link).attrs[attr.index()].name;
    let (callee, class, this) = (fiber.reg(base.0), fiber.reg(base.0 + 1), fiber.reg(base.0 + 2));
    match super_attribute(cx, callee, class, this, name) {
        Some(found) => {
            let (found, start) = found?;
            bind_super(cx, found, this, start)
        }
        None => Err(cx.ask_push(spread::super_frame(callee, class, this, Value::Str(name)))),
    }
}

/// The attribute behind `class` in the order of `this`'s class, unbound, and that class. None: `super` is not the built-in
/// one, or something else is unusual.
fn super_attribute(
    cx: &mut Cx,
    callee: Value,
    class: Value,
    this: Value,
    name: Name,
) -> Option<Result<(Value, Id<Class>), Ask>> {
    let Value::Class(class) = class else { return None };
    if callee != Value::Class(classes::SUPER) {
        return None;
    }
    let start = match this {
        Value::Class(own) if classes::is_subclass(cx, own, class) => own,
        _ => cx.class_of(this),
    };
    let mro = &cx.heap.classes.get(start).mro;
    let at = mro.iter().position(|&base| base == class)?;
    for index in at + 1..cx.heap.classes.get(start).mro.len() {
        let base = cx.heap.classes.get(start).mro[index];
        let dict = classes::dict_of(cx, base);
        if let Some(found) = cx.heap.get_in(dict, name) {
            return Some(Ok((found, start)));
        }
    }
    None
}

fn bind_super(cx: &mut Cx, found: Value, this: Value, start: Id<Class>) -> Outcome {
    match this {
        Value::Class(class) if class == start => attribute::unbound(cx, found, class),
        _ => attribute::bind(cx, found, this),
    }
}

// ----- with -----

/// `with`: finds both methods in the class, keeps the exit bound, calls the other.
pub fn enter(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: Reg, context: Reg, is_async: bool) -> Moved {
    let manager = fiber.reg(context.0);
    let (enter, exit) = if is_async { (Special::AEnter, Special::AExit) } else { (Special::Enter, Special::Exit) };
    let methods = (cx.special_of(manager, enter), cx.special_of(manager, exit));
    let (Some(enter_method), Some(exit_method)) = methods else {
        let missing = if methods.0.is_none() { enter } else { exit };
        let ask = no_context_manager(cx, manager, missing, is_async);
        return grant(fiber, texts, cx, ask, dst.0, Want::Value);
    };
    match attribute::bind(cx, exit_method, manager) {
        Ok(bound) => fiber.set_reg(context.0, bound),
        // A descriptor of the script as `__exit__`: a frame that binds when it is called.
        Err(_) => {
            let bound = spread::late_bound(cx, exit_method, manager);
            fiber.set_reg(context.0, bound);
        }
    }
    let ask = cx.ask_method(enter_method, manager, &[]);
    grant(fiber, texts, cx, ask, dst.0, Want::Value)
}

fn no_context_manager(cx: &mut Cx, manager: Value, missing: Special, is_async: bool) -> Ask {
    let class = cx.class_name(manager);
    let protocol = if is_async { "asynchronous context manager" } else { "context manager" };
    let suffix = if missing == Special::Exit || missing == Special::AExit {
        format!(" (missed {} method)", missing.text())
    } else {
        String::new()
    };
    cx.type_error(format!("'{class}' object does not support the {protocol} protocol{suffix}"))
}

// ----- Unpacking -----

/// `a, b = value`.
pub fn unpack(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, src: Reg, base: Reg, n: u8) -> Moved {
    let value = fiber.reg(src.0);
    let start = fiber.top().base as usize + base.0 as usize;
    let items = match value {
        Value::Tuple(id) => cx.heap.tuples.get(id).items(),
        Value::List(id) => cx.heap.lists.get(id).items.as_slice(),
        _ => {
            let frame = spread::unpack_frame(value, n as usize, None);
            return unpacked(fiber, texts, cx, frame, base);
        }
    };
    if items.len() != n as usize {
        let ask = spread::wrong_count(cx, items_len(cx, value), n as usize);
        return grant(fiber, texts, cx, ask, 0, Want::Nothing);
    }
    fiber.stack[start..start + n as usize].copy_from_slice(items);
    Ok(Next::Script)
}

fn items_len(cx: &Cx, value: Value) -> usize {
    match value {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().len(),
        Value::List(id) => cx.heap.lists.get(id).items.len(),
        _ => 0,
    }
}

/// `a, *b, c = value`.
pub fn unpack_star(
    fiber: &mut Fiber,
    texts: &mut Texts,
    cx: &mut Cx,
    src: Reg,
    base: Reg,
    before: u8,
    after: u8,
) -> Moved {
    let value = fiber.reg(src.0);
    let frame = spread::unpack_frame(value, before as usize, Some(after as usize));
    unpacked(fiber, texts, cx, frame, base)
}

/// The frame's result is a tuple of just the values for the registers; this instruction then runs again on it.
fn unpacked(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, frame: crate::value::NativeFrame, base: Reg) -> Moved {
    push_native(fiber, texts, cx, frame, base.0, Want::Unpacked)
}

/// The values of an unpacking, for the registers from R[base] on.
pub fn spread_into(fiber: &mut Fiber, cx: &Cx, value: Value, base: u8) {
    let Value::Tuple(id) = value else { crate::bug!("an unpacking gives a tuple") };
    let items = cx.heap.tuples.get(id).items();
    let start = fiber.top().base as usize + base as usize;
    fiber.stack[start..start + items.len()].copy_from_slice(items);
}

/// Copies of registers, for frames that need them as arguments.
pub fn arguments(fiber: &Fiber, base: Reg, n: usize) -> Vec<Value> {
    slow::registers(fiber, base, n)
}
