//! `type.__new__`: from a name, bases and a namespace to a class.
//!
//! The order is CPython's: checks, the metaclass, `__slots__`, the order of bases (by the metaclass's own `mro` if it has
//! one), `__class__` for the methods, then `__set_name__` of what stands in the body and `__init_subclass__` of the bases.

use super::{construct, layout, order, slots};
use crate::call::{Ask, CallAsk, Cx, MachineAsk, Outcome, names};
use crate::types::attribute::{self, MemberDescr};
use crate::types::classes::{self, TYPE};
use crate::types::exception;
use crate::value::class::Collection;
use crate::value::instance::Shape;
use crate::value::special::Special;
use crate::value::{Class, Descr, DescrKind, Dict, Id, Name, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The getset descriptors that a class puts into its dict for its instances.
    pub static INSTANCE_ATTRIBUTES = [
        attr "__dict__" => get_instance_dict, set set_instance_dict, "dictionary for instance variables";
        attr "__weakref__" => get_weakref, "list of weak references to the object";
    ]
}

// ----- The steps -----

const CHECK: u32 = 0;
const NAMESPACE_READY: u32 = 1;
const SLOTS_READY: u32 = 2;
const ORDER_READY: u32 = 3;
const NAMING: u32 = 4;
const NAMED: u32 = 5;
const SUBCLASS: u32 = 6;
const FINISHED: u32 = 7;

// The values after the check. From PENDING on: names and values whose `__set_name__` is still to be called.
const META: usize = 0;
const KEYWORDS: usize = 1;
const NAME: usize = 2;
const BASES: usize = 3;
const NAMESPACE: usize = 4;
const CLASS: usize = 5;
const POSITION: usize = 6;
const PENDING: usize = 7;

/// `type.__new__(cls, name, bases, namespace, **keywords)`.
pub fn type_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            CHECK => check(cx, frame)?,
            NAMESPACE_READY => ready_namespace(cx, frame)?,
            SLOTS_READY => make_with_slots(cx, frame)?,
            ORDER_READY => take_order(cx, frame)?,
            NAMING => name_next(cx, frame)?,
            NAMED => check_named(cx, frame)?,
            SUBCLASS => init_subclass(cx, frame)?,
            FINISHED => return frame.told.into_outcome().map(|_| frame.values[CLASS]),
            step => crate::bug!("type.__new__ has no step {step}"),
        }
    }
}

fn check(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let meta = construct::checked_class(cx, frame.values[0], TYPE)?;
    let n_given = frame.values.len() - 2;
    if n_given != 3 {
        return Err(cx.type_error(format!("type.__new__() takes exactly 3 arguments ({n_given} given)")));
    }
    let (name, bases, namespace) = (frame.values[2], frame.values[3], frame.values[4]);
    let parts = [
        (1, "str", name, matches!(cx.exact(name), Value::Str(_))),
        (2, "tuple", bases, matches!(cx.exact(bases), Value::Tuple(_))),
        (3, "dict", namespace, matches!(cx.exact(namespace), Value::Dict(_))),
    ];
    for (number, wanted, value, fits) in parts {
        if !fits {
            let message = format!("type.__new__() argument {number} must be {wanted}, not {}", cx.class_name(value));
            return Err(cx.type_error(message));
        }
    }
    let bases = items_of(cx, bases);
    let winner = winning_metaclass(cx, meta, &bases)?;
    if winner != meta
        && let Some(new) = cx.special(winner, Special::New)
        && !matches!(new, Value::Builtin(id) if id.table == TYPE.index() as u16)
    {
        let new = attribute::unbound(cx, new, winner)?;
        let args = [Value::Class(winner), frame.values[2], frame.values[3], frame.values[4]];
        let Value::Dict(keywords) = frame.values[KEYWORDS] else { crate::bug!("keywords are a dict") };
        cx.ask_call_with(new, &args, Some(keywords));
        return Err(Ask::Tail);
    }
    frame.values[META] = Value::Class(winner);
    frame.values.truncate(CLASS);
    frame.values.push(Value::Undef);
    frame.values.push(Value::Int(0));
    frame.step = NAMESPACE_READY;
    let Value::Dict(namespace) = cx.exact(namespace) else { crate::bug!("checked above") };
    if cx.heap.get_in(namespace, names::MODULE).is_some() {
        frame.told = Told::Value(Value::Undef);
        return Ok(());
    }
    Err(cx.ask_machine(MachineAsk::Globals))
}

/// The most derived of the metaclasses of the bases and the one given.
pub fn winning_metaclass(cx: &mut Cx, given: Id<Class>, bases: &[Value]) -> Result<Id<Class>, Ask> {
    let mut winner = given;
    for &base in bases {
        let candidate = cx.class_of(base);
        if classes::is_subclass(cx, winner, candidate) {
            continue;
        }
        if classes::is_subclass(cx, candidate, winner) {
            winner = candidate;
            continue;
        }
        if !matches!(base, Value::Class(_)) && cx.special_of(base, Special::MroEntries).is_some() {
            return Err(cx.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
        return Err(cx.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

fn items_of(cx: &Cx, tuple: Value) -> Vec<Value> {
    match cx.exact(tuple) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => Vec::new(),
    }
}

/// The bases, checked, and the one that decides the layout; then what `__slots__` has, as a list.
fn ready_namespace(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let globals = frame.told.into_outcome()?;
    let Value::Dict(given) = cx.exact(frame.values[NAMESPACE]) else { crate::bug!("it was checked") };
    let dict = cx.heap.new_dict();
    for entry in cx.heap.dicts.get(given).iter().copied().collect::<Vec<_>>() {
        cx.heap.add_entry(dict, entry.hash, entry.key, entry.value);
    }
    if let Value::Dict(globals) = globals
        && let Some(module) = cx.heap.get_in(globals, names::NAME)
    {
        cx.heap.set_in(dict, names::MODULE, module);
    }
    frame.values[NAMESPACE] = Value::Dict(dict);
    let name = cx.name_of(frame.values[NAME]).expect("it was checked");
    if cx.heap.text(name).contains(&0) {
        return Err(cx.value_error("type name must not contain null characters"));
    }
    check_encodable(cx, frame.values[NAME], name)?;
    base_classes(cx, frame)?;
    frame.step = SLOTS_READY;
    let given = match cx.heap.get_in(dict, names::SLOTS) {
        None => Value::Undef,
        Some(slots) if cx.text_of(slots).is_some() => cx.heap.new_tuple(&[slots]),
        Some(slots @ (Value::Tuple(_) | Value::List(_))) => slots,
        Some(slots) => return Err(cx.ask_call(Value::Class(classes::LIST), &[slots])),
    };
    frame.told = Told::Value(given);
    Ok(())
}

fn base_classes(cx: &mut Cx, frame: &mut NativeFrame) -> Result<Vec<Id<Class>>, Ask> {
    let mut bases = Vec::new();
    for base in items_of(cx, frame.values[BASES]) {
        let Value::Class(base) = base else { return Err(cx.type_error("bases must be types")) };
        bases.push(base);
    }
    if bases.is_empty() {
        bases.push(classes::OBJECT);
    }
    layout::best_base(cx, &bases)?;
    Ok(bases)
}

fn make_with_slots(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let given = frame.told.into_outcome()?;
    let bases = base_classes(cx, frame)?;
    let best = layout::best_base(cx, &bases)?;
    let Value::Dict(dict) = frame.values[NAMESPACE] else { crate::bug!("it is a dict of our own") };
    let name = cx.name_of(frame.values[NAME]).expect("it was checked");
    let mut parsed = match given {
        Value::Undef => slots::without(cx, best),
        items => {
            let items = match items {
                Value::List(id) => cx.heap.lists.get(id).items.clone(),
                other => items_of(cx, other),
            };
            let class_name = cx.text(name);
            slots::parse(cx, &items, &class_name, best, dict)?
        }
    };
    for &base in bases.iter().filter(|&&base| base != best) {
        let class = cx.heap.classes.get(base);
        parsed.adds_dict |= class.has_dict && !cx.heap.classes.get(best).has_dict;
        parsed.adds_weakrefs |= class.has_weakrefs && !cx.heap.classes.get(best).has_weakrefs;
    }
    let qualname = take_qualname(cx, dict, name)?;
    let Value::Class(metaclass) = frame.values[META] else { crate::bug!("the metaclass is a class") };
    let own_mro = classes::lookup(cx, metaclass, names::MRO_METHOD);
    let own_mro = own_mro.filter(|method| !matches!(method, Value::Builtin(_)));
    // Before the class exists: a mistake leaves nothing behind.
    let mut mro = match own_mro {
        None => order::linearize(cx, Id::NONE, &bases)?,
        Some(_) => vec![Id::NONE],
    };
    let class = make(cx, metaclass, name, qualname, &bases, best, dict, parsed);
    frame.values[CLASS] = Value::Class(class);
    mro[0] = class;
    cx.heap.classes.get_mut(class).mro = mro;
    inherit_collection(cx, class);
    finish_namespace(cx, class, dict)?;
    frame.step = ORDER_READY;
    match own_mro {
        None => {
            frame.told = Told::Value(Value::Undef);
            Ok(())
        }
        Some(method) => Err(cx.ask_method(method, Value::Class(class), &[])),
    }
}

/// The first of the bases that is a sequence or a mapping for `match` decides.
fn inherit_collection(cx: &mut Cx, class: Id<Class>) {
    let of = |cx: &Cx, class: Id<Class>| cx.heap.classes.get(class).collection;
    let mut inherited = cx.heap.classes.get(class).mro.iter().map(|&base| of(cx, base));
    let inherited = inherited.find(|&collection| collection != Collection::Neither);
    cx.heap.classes.get_mut(class).collection = inherited.unwrap_or_default();
}

/// The name of a class can be written as UTF-8.
pub fn check_encodable(cx: &mut Cx, value: Value, name: Name) -> Result<(), Ask> {
    let text = cx.heap.text(name);
    if std::str::from_utf8(text).is_ok() {
        return Ok(());
    }
    let text = text.to_vec();
    Err(crate::types::unicode_error::surrogates_not_allowed(cx, "utf-8", value, &text))
}

/// A class that Rust code makes while running: one base, no slots, nothing to be called.
pub fn make_simple(cx: &mut Cx, name: Name, base: Id<Class>, dict: Id<Dict>) -> Id<Class> {
    let mut mro = order::linearize(cx, Id::NONE, &[base]).expect("one base is in order");
    let parsed = slots::Slots::default();
    let class = make(cx, TYPE, name, Value::Str(name), &[base], base, dict, parsed);
    mro[0] = class;
    cx.heap.classes.get_mut(class).mro = mro;
    class
}

fn take_qualname(cx: &mut Cx, dict: Id<Dict>, name: Name) -> Result<Value, Ask> {
    let Some(entry) = cx.heap.remove_in(dict, names::QUALNAME) else { return Ok(Value::Str(name)) };
    if !matches!(cx.exact(entry.value), Value::Str(_)) {
        let message = format!("type __qualname__ must be a str, not {}", cx.class_name(entry.value));
        return Err(cx.type_error(message));
    }
    Ok(entry.value)
}

/// Allocates the class; its order is still to be made.
#[expect(clippy::too_many_arguments, reason = "what a class is made of")]
fn make(
    cx: &mut Cx,
    metaclass: Id<Class>,
    name: Name,
    qualname: Value,
    bases: &[Id<Class>],
    best: Id<Class>,
    dict: Id<Dict>,
    parsed: slots::Slots,
) -> Id<Class> {
    let base = cx.heap.classes.get(best);
    let (layout, base_dict, base_weak) = (base.layout, base.has_dict, base.has_weakrefs);
    let mut all_slots = base.slots.clone();
    all_slots.extend(parsed.names.iter().filter(|name| !base.slots.contains(name)));
    let class = Class {
        name,
        qualname,
        metaclass,
        bases: bases.to_vec(),
        dict,
        layout,
        is_filled: true,
        is_heap: true,
        is_base: true,
        has_dict: base_dict || parsed.adds_dict,
        has_weakrefs: base_weak || parsed.adds_weakrefs,
        slots: all_slots.clone(),
        ..Class::default()
    };
    cx.heap.charge(size_of::<Class>() + 2 * size_of::<Shape>() + 128);
    let id = cx.heap.classes.alloc(class);
    let [root_shape, dict_shape] = [false, true].map(|is_dict| {
        cx.heap.shapes.alloc(Shape { class: id, names: all_slots.clone(), is_dict, ..Shape::default() })
    });
    let class = cx.heap.classes.get_mut(id);
    (class.root_shape, class.dict_shape) = (root_shape, dict_shape);
    for &base in bases {
        cx.heap.classes.get_mut(base).subclasses.push(id);
    }
    for slot in parsed.names {
        let member = cx.heap.new_native(classes::MEMBER_DESCRIPTOR, MemberDescr { name: slot, owner: id });
        cx.heap.set_in(dict, slot, member);
    }
    for (adds, name, row) in [(parsed.adds_dict, names::DICT, 0), (parsed.adds_weakrefs, names::WEAKREF, 1)] {
        if adds && cx.heap.get_in(dict, name).is_none() {
            let native = NativeId { table: crate::tables::INSTANCE_ATTRIBUTES, row };
            cx.heap.set_in(dict, name, Value::Builtin(native));
        }
    }
    id
}

/// What the body's functions become, `__hash__`, `__doc__`, and the cell of `__class__`.
fn finish_namespace(cx: &mut Cx, class: Id<Class>, dict: Id<Dict>) -> Result<(), Ask> {
    let wrapped = [
        (Special::New, DescrKind::StaticMethod),
        (Special::InitSubclass, DescrKind::ClassMethod),
        (Special::ClassGetItem, DescrKind::ClassMethod),
    ];
    for (special, kind) in wrapped {
        if let Some(func @ Value::Func(_)) = cx.heap.get_in(dict, names::special(special)) {
            let descr = cx.heap.new_descr(Descr { kind, get: func, ..Descr::default() });
            cx.heap.set_in(dict, names::special(special), descr);
        }
    }
    if let Some(entry) = cx.heap.remove_in(dict, names::CLASSCELL) {
        let Value::Cell(cell) = entry.value else {
            let found = cx.class_of(entry.value);
            let shown = super::methods::repr_text(cx, found);
            return Err(cx.type_error(format!("__classcell__ must be a nonlocal cell, not {shown}")));
        };
        cx.heap.cells.get_mut(cell).value = Value::Class(class);
    }
    if cx.heap.get_in(dict, names::DOC).is_none() {
        cx.heap.set_in(dict, names::DOC, Value::None);
    }
    let has = |cx: &Cx, special| cx.heap.get_in(dict, names::special(special)).is_some();
    if has(cx, Special::Eq) && !has(cx, Special::Hash) {
        cx.heap.set_in(dict, names::special(Special::Hash), Value::None);
    }
    Ok(())
}

fn take_order(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Class(class) = frame.values[CLASS] else { crate::bug!("the class was made") };
    match frame.told.into_outcome()? {
        Value::Undef => {}
        items @ (Value::List(_) | Value::Tuple(_)) => {
            let items = match items {
                Value::List(id) => cx.heap.lists.get(id).items.clone(),
                other => items_of(cx, other),
            };
            let mro = order::checked(cx, class, &items)?;
            cx.heap.classes.get_mut(class).mro = mro;
            inherit_collection(cx, class);
            classes::touch(cx, class);
        }
        // Comes back here with a list.
        other => return Err(cx.ask_call(Value::Class(classes::LIST), &[other])),
    }
    let has_del = classes::lookup(cx, class, names::special(Special::Del)).is_some();
    cx.heap.classes.get_mut(class).has_del = has_del;
    collect_named(cx, frame, class);
    frame.step = NAMING;
    Ok(())
}

/// Everything in the body whose class has a `__set_name__`, in order.
fn collect_named(cx: &mut Cx, frame: &mut NativeFrame, class: Id<Class>) {
    let dict = cx.heap.classes.get(class).dict;
    for entry in cx.heap.dicts.get(dict).iter().copied().collect::<Vec<_>>() {
        match entry.value {
            Value::Descr(id) => {
                let descr = cx.heap.descrs.get_mut(id);
                if descr.kind == DescrKind::Property {
                    descr.name = entry.key;
                }
            }
            Value::Inst(_) | Value::Native(_) | Value::Class(_)
                if cx.special_of(entry.value, Special::SetName).is_some() =>
            {
                frame.values.extend([entry.key, entry.value]);
            }
            _ => {}
        }
    }
}

fn name_next(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Int(position) = frame.values[POSITION] else { crate::bug!("a position is an int") };
    let at = PENDING + position as usize;
    let (Some(&name), Some(&value)) = (frame.values.get(at), frame.values.get(at + 1)) else {
        frame.step = SUBCLASS;
        return Ok(());
    };
    frame.step = NAMED;
    match cx.ask_special(value, Special::SetName, &[frame.values[CLASS], name]) {
        Some(ask) => Err(ask),
        None => {
            frame.told = Told::Value(Value::None);
            Ok(())
        }
    }
}

fn check_named(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Int(position) = frame.values[POSITION] else { crate::bug!("a position is an int") };
    if let Told::Raised(exc) = frame.told {
        let (name, value) = (frame.values[PENDING + position as usize], frame.values[PENDING + position as usize + 1]);
        let Value::Class(class) = frame.values[CLASS] else { crate::bug!("the class was made") };
        let class = cx.text(cx.heap.classes.get(class).name);
        let attribute = cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
        let note =
            format!("Error calling __set_name__ on '{}' instance '{attribute}' in '{class}'", cx.class_name(value));
        exception::add_note_text(cx, exc, &note);
        return Err(Ask::Raise(exc));
    }
    frame.values[POSITION] = Value::Int(position + 2);
    frame.step = NAMING;
    Ok(())
}

/// `super(cls, cls).__init_subclass__(**keywords)`.
fn init_subclass(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Class(class) = frame.values[CLASS] else { crate::bug!("the class was made") };
    let Value::Dict(keywords) = frame.values[KEYWORDS] else { crate::bug!("keywords are a dict") };
    let mut inherited = Value::Undef;
    for base in cx.heap.classes.get(class).mro.iter().skip(1).copied().collect::<Vec<_>>() {
        let dict = classes::dict_of(cx, base);
        if let Some(found) = cx.heap.get_in(dict, names::special(Special::InitSubclass)) {
            inherited = found;
            break;
        }
    }
    frame.step = FINISHED;
    frame.told = Told::Value(Value::None);
    match inherited {
        Value::Undef => Ok(()),
        Value::Builtin(id) if id.table as usize == classes::OBJECT.index() => {
            if cx.heap.dicts.get(keywords).is_empty() {
                return Ok(());
            }
            let name = cx.heap.classes.get(class).qualname;
            let name = String::from_utf8_lossy(cx.text_of(name).unwrap_or_default()).into_owned();
            Err(cx.type_error(format!("{name}.__init_subclass__() takes no keyword arguments")))
        }
        Value::Descr(id) if matches!(cx.heap.descrs.get(id).get, Value::Func(_)) => {
            let func = cx.heap.descrs.get(id).get;
            let args: &[Value] = match cx.heap.descrs.get(id).kind {
                DescrKind::ClassMethod => &[Value::Class(class)],
                DescrKind::StaticMethod | DescrKind::Property | DescrKind::Foreign => &[],
            };
            Err(cx.ask_call_with(func, args, Some(keywords)))
        }
        other => match attribute::unbound(cx, other, class) {
            Ok(bound) => Err(cx.ask_call_with(bound, &[], Some(keywords))),
            Err(_) => {
                let mut call = NativeFrame::new(super::build::CALL_UNBOUND, &[other, Value::Class(class)]);
                call.values.push(Value::Dict(keywords));
                Err(cx.ask_push(call))
            }
        },
    }
}

// ----- `__dict__` and `__weakref__` of instances -----

fn get_instance_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_instance_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::set_dict_attribute(cx, args[0], args[1])
}

fn get_weakref(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = cx.heap.weak_refs.iter().find(|(_, target)| target.is(&args[0])).map(|&(weak, _)| weak);
    Ok(found.unwrap_or(Value::None))
}

/// A call of what a class attribute is for the class itself, where its `__get__` is the script's.
pub fn call_unbound(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let Value::Class(class) = frame.values[1] else { crate::bug!("the second value is the class") };
        let bound = attribute::unbound(cx, frame.values[0], class);
        frame.tell(bound)?;
    }
    let bound = frame.told.into_outcome()?;
    let Value::Dict(keywords) = frame.values[2] else { crate::bug!("the third value is a dict") };
    cx.call = CallAsk::default();
    cx.ask_call_with(bound, &[], Some(keywords));
    Err(Ask::Tail)
}
