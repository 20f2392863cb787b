//! abc.ABCMeta: classes that others are registered with.
//!
//! Each such class remembers which classes were found to be its subclasses and which not; the latter until the next
//! `register` anywhere. The memory is dropped when it has grown large, so that it keeps few dead classes alive.

use hashbrown::HashSet;

use super::callable::property::is_abstract;
use super::class::check;
use super::{attribute, classes, set};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{Class, Dict, Id, Name, NativeFrame, NativeId, Told, Value};

/// What a class of this metaclass keeps, under `_abc_impl`.
#[derive(Default)]
pub struct AbcData {
    registry: Vec<Id<Class>>,
    cache: HashSet<u32>,
    negative: HashSet<u32>,
    /// The count of registrations for which `negative` holds.
    negative_version: u64,
}

/// More remembered classes than this are forgotten.
const MEMORY: usize = 512;

impl NativeObject for AbcData {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.registry.iter().map(|&class| Value::Class(class)));
        gray.extend(self.cache.iter().chain(&self.negative).map(|&number| Value::Class(Id::new(number as usize))));
    }
    fn bytes(&self) -> usize {
        size_of::<AbcData>() + (self.cache.capacity() + self.negative.capacity()) * 8
    }
}

crate::natives! {
    /// The rows of `abc.ABCMeta`.
    pub static ABC_META = [
        new "__new__(mcls, name, bases, namespace, /, **kwargs)" => step meta_new, "";
        method "register(cls, subclass, /)" => step register, "Register a virtual subclass of an ABC.";
        method "__instancecheck__(cls, instance, /)" => step instancecheck, "Override for isinstance(instance, cls).";
        method "__subclasscheck__(cls, subclass, /)" => step subclasscheck, "Override for issubclass(subclass, cls).";
        method "_dump_registry(cls, file=None)" => dump_registry, "Debug helper to print the ABC registry.";
        method "_abc_registry_clear(cls)" => reset_registry, "Clear the registry (for debugging or testing).";
        method "_abc_caches_clear(cls)" => reset_caches, "Clear the caches (for debugging or testing).";
    ]
}

crate::natives! {
    /// The functions of `_abc`.
    pub static ABC = [
        func "get_cache_token()" => get_cache_token, "Returns the current ABC cache token.";
        func "_abc_init(cls, /)" => abc_init, "Internal ABC helper for class set-up. Should be never used outside abc module.";
        func "_abc_register(cls, subclass, /)" => step register, "Internal ABC helper for subclasss registration.";
        func "_abc_instancecheck(cls, instance, /)" => step instancecheck, "Internal ABC helper for instance checks.";
        func "_abc_subclasscheck(cls, subclass, /)" => step subclasscheck, "Internal ABC helper for subclasss checks.";
        func "_reset_registry(cls, /)" => reset_registry, "Internal ABC helper to reset registry of a given class.";
        func "_reset_caches(cls, /)" => reset_caches, "Internal ABC helper to reset both caches of a given class.";
        func "_abc_is_walking()" => is_walking, "Whether a check of another abstract class asks: protocols then answer where they would refuse to.";
        func "update_abstractmethods(cls, /)" => update_abstract_methods, "Recalculate the set of abstract methods of an abstract class.";
    ]
}

const SUBCLASSCHECK: NativeId = NativeId { table: classes::ABC_META.index() as u16, row: 3 };

fn impl_name(cx: &mut Cx) -> Name {
    cx.name("_abc_impl")
}

fn data_id(cx: &mut Cx, class: Id<Class>) -> Option<Id<crate::value::native_object::Boxed>> {
    let name = impl_name(cx);
    let dict = cx.heap.classes.get(class).dict;
    match cx.heap.get_in(dict, name) {
        Some(Value::Native(id)) => Some(id),
        _ => None,
    }
}

fn data_mut(cx: &mut Cx, class: Id<Class>) -> Result<&mut AbcData, Ask> {
    let id = data_id(cx, class).filter(|&id| cx.heap.native::<AbcData>(id).is_some());
    match id {
        Some(id) => Ok(cx.heap.native_mut::<AbcData>(id).expect("it was just seen")),
        None => Err(cx.type_error("_abc_impl is set to a wrong type")),
    }
}

/// What is remembered of `subclass`, without script code; for the quick way of `isinstance`.
pub fn remembered(cx: &mut Cx, class: Id<Class>, subclass: Id<Class>) -> Option<bool> {
    let version = cx.abstract_version;
    let id = data_id(cx, class)?;
    let data = cx.heap.native::<AbcData>(id)?;
    if data.cache.contains(&subclass.number()) {
        return Some(true);
    }
    (data.negative_version == version && data.negative.contains(&subclass.number())).then_some(false)
}

fn remember(cx: &mut Cx, class: Id<Class>, subclass: Id<Class>, holds: bool) -> Result<(), Ask> {
    let version = cx.abstract_version;
    let data = data_mut(cx, class)?;
    if data.negative_version != version {
        data.negative.clear();
        data.negative_version = version;
    }
    let memory = if holds { &mut data.cache } else { &mut data.negative };
    if memory.len() >= MEMORY {
        memory.clear();
    }
    memory.insert(subclass.number());
    cx.heap.charge(16);
    Ok(())
}

// ----- Making -----

fn meta_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let type_new = Value::Builtin(NativeId { table: classes::TYPE.index() as u16, row: 0 });
        let Value::Dict(keywords) = frame.values[4] else { crate::bug!("keywords are a dict") };
        let args = [frame.values[0], frame.values[1], frame.values[2], frame.values[3]];
        return Err(cx.ask_call_with(type_new, &args, Some(keywords)));
    }
    let made = frame.told.into_outcome()?;
    if let Value::Class(class) = made {
        init(cx, class)?;
    }
    Ok(made)
}

fn abc_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::Class(class) = args[0] {
        init(cx, class)?;
    }
    Ok(Value::None)
}

fn init(cx: &mut Cx, class: Id<Class>) -> Result<(), Ask> {
    compute_abstract(cx, class)?;
    let data = cx.heap.new_native(classes::ABC_DATA, AbcData::default());
    let name = impl_name(cx);
    let dict = cx.heap.classes.get(class).dict;
    cx.heap.set_in(dict, name, data);
    Ok(())
}

/// `__abstractmethods__`: abstract names of the body, and those of the bases that are still abstract.
fn compute_abstract(cx: &mut Cx, class: Id<Class>) -> Result<(), Ask> {
    let dict: Id<Dict> = cx.heap.classes.get(class).dict;
    let mut found: Vec<Name> = Vec::new();
    let entries: Vec<_> = cx.heap.dicts.get(dict).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        if is_abstract(cx, value)?
            && let Some(name) = cx.name_of(key)
        {
            found.push(name);
        }
    }
    for base in cx.heap.classes.get(class).bases.clone() {
        let base_dict = classes::dict_of(cx, base);
        let Some(inherited) = cx.heap.get_in(base_dict, names::ABSTRACT_METHODS) else { continue };
        for text in super::class::methods::texts_in(cx, inherited) {
            let name = cx.name(&text);
            if let Some(value) = classes::lookup(cx, class, name)
                && !found.contains(&name)
                && is_abstract(cx, value)?
            {
                found.push(name);
            }
        }
    }
    cx.heap.classes.get_mut(class).is_abstract = !found.is_empty();
    let found: Vec<Value> = found.into_iter().map(Value::Str).collect();
    let found = set::frozen(cx, &found);
    cx.heap.set_in(dict, names::ABSTRACT_METHODS, found);
    Ok(())
}

fn update_abstract_methods(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::Class(class) = args[0] {
        let dict = cx.heap.classes.get(class).dict;
        if cx.heap.get_in(dict, names::ABSTRACT_METHODS).is_some() {
            compute_abstract(cx, class)?;
        }
    }
    Ok(args[0])
}

fn get_cache_token(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.abstract_version as i64))
}

fn class_of_self(cx: &mut Cx, value: Value) -> Result<Id<Class>, Ask> {
    match value {
        Value::Class(class) => Ok(class),
        other => {
            let message = format!("an abstract base class was expected, not '{}'", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

// ----- Registering -----

fn register(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let class = class_of_self(cx, frame.values[0])?;
    let Value::Class(subclass) = frame.values[1] else {
        return Err(cx.type_error("Can only register classes"));
    };
    loop {
        match frame.step {
            0 => {
                frame.step = 1;
                let known = check::issubclass(cx, frame.values[1], frame.values[0]);
                frame.tell(known)?;
            }
            1 => {
                if frame.told.into_outcome()? == Value::Bool(true) {
                    return Ok(frame.values[1]);
                }
                frame.step = 2;
                let cycle = check::issubclass(cx, frame.values[0], frame.values[1]);
                frame.tell(cycle)?;
            }
            _ => {
                if frame.told.into_outcome()? == Value::Bool(true) {
                    return Err(cx.runtime_error("Refusing to create an inheritance cycle"));
                }
                data_mut(cx, class)?.registry.push(subclass);
                cx.abstract_version += 1;
                return Ok(frame.values[1]);
            }
        }
    }
}

fn dump_registry(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.not_implemented("ABCMeta._dump_registry"))
}

fn reset_registry(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class_of_self(cx, args[0])?;
    data_mut(cx, class)?.registry.clear();
    Ok(Value::None)
}

fn reset_caches(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class_of_self(cx, args[0])?;
    let data = data_mut(cx, class)?;
    data.cache.clear();
    data.negative.clear();
    Ok(Value::None)
}

// ----- Checking -----

fn is_walking(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.n_abstract_walks > 0))
}

/// By the class that the instance says it is of, and by the one that it really is of.
fn instancecheck(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let class = class_of_self(cx, frame.values[0])?;
    let real = cx.class_of(frame.values[1]);
    loop {
        match frame.step {
            0 => {
                frame.step = 1;
                let claimed = match frame.values[1] {
                    Value::Inst(_) | Value::Native(_) => attribute::get(cx, frame.values[1], names::CLASS),
                    _ => Ok(Value::Class(real)),
                };
                frame.tell(claimed)?;
            }
            1 => {
                let claimed = frame.told.into_outcome()?;
                if let Value::Class(claimed) = claimed
                    && let Some(known) = remembered(cx, class, claimed)
                    && (known || claimed == real)
                {
                    return Ok(Value::Bool(known));
                }
                frame.values.push(claimed);
                frame.step = if claimed == Value::Class(real) { 3 } else { 2 };
                return Err(ask_subclass(cx, class, claimed));
            }
            2 => {
                cx.n_abstract_walks = cx.n_abstract_walks.saturating_sub(1);
                if frame.told.into_outcome()? == Value::Bool(true) {
                    return Ok(Value::Bool(true));
                }
                frame.step = 3;
                return Err(ask_subclass(cx, class, Value::Class(real)));
            }
            _ => {
                cx.n_abstract_walks = cx.n_abstract_walks.saturating_sub(1);
                return frame.told.into_outcome();
            }
        }
    }
}

/// `cls.__subclasscheck__(subclass)`.
fn ask_subclass(cx: &mut Cx, class: Id<Class>, subclass: Value) -> Ask {
    cx.n_abstract_walks += 1;
    match cx.ask_special(Value::Class(class), Special::SubclassCheck, &[subclass]) {
        Some(ask) => ask,
        None => cx.ask_push(NativeFrame::new(SUBCLASSCHECK, &[Value::Class(class), subclass])),
    }
}

const HOOK: u32 = 0;
const HOOKED: u32 = 1;
const NEXT: u32 = 2;
const CHECKED: u32 = 3;

/// The hook, the order of bases, the registered classes, the subclasses. From the third on, the values are classes still to
/// be asked about, last first.
fn subclasscheck(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let class = class_of_self(cx, frame.values[0])?;
    let Value::Class(subclass) = frame.values[1] else {
        return Err(cx.type_error("issubclass() arg 1 must be a class"));
    };
    loop {
        match frame.step {
            HOOK => {
                if let Some(known) = remembered(cx, class, subclass) {
                    return Ok(Value::Bool(known));
                }
                frame.step = HOOKED;
                let hook = classes::lookup(cx, class, names::SUBCLASSHOOK).unwrap_or_default();
                if matches!(hook, Value::Undef | Value::Builtin(_)) {
                    frame.told = Told::Value(Value::NotImplemented);
                    continue;
                }
                let bound = attribute::unbound(cx, hook, class)?;
                return Err(cx.ask_call(bound, &[frame.values[1]]));
            }
            HOOKED => match frame.told.into_outcome()? {
                Value::Bool(holds) => return decided(cx, class, subclass, holds),
                Value::NotImplemented => {
                    if classes::is_subclass(cx, subclass, class) {
                        return decided(cx, class, subclass, true);
                    }
                    let mut others = cx.heap.classes.get(class).subclasses.clone();
                    others.reverse();
                    others.extend(data_mut(cx, class)?.registry.iter().rev());
                    frame.values.extend(others.into_iter().map(Value::Class));
                    frame.step = NEXT;
                }
                _ => {
                    return Err(cx.raise(
                        classes::ASSERTION_ERROR,
                        "__subclasshook__ must return either False, True, or NotImplemented",
                    ));
                }
            },
            NEXT => {
                if frame.values.len() == 2 {
                    return decided(cx, class, subclass, false);
                }
                let other = frame.values.pop().expect("there are more than two");
                frame.step = CHECKED;
                cx.n_abstract_walks += 1;
                let outcome = check::issubclass(cx, frame.values[1], other);
                frame.tell(outcome)?;
            }
            _ => {
                cx.n_abstract_walks = cx.n_abstract_walks.saturating_sub(1);
                if frame.told.into_outcome()? == Value::Bool(true) {
                    return decided(cx, class, subclass, true);
                }
                frame.step = NEXT;
            }
        }
    }
}

fn decided(cx: &mut Cx, class: Id<Class>, subclass: Id<Class>, holds: bool) -> Outcome {
    remember(cx, class, subclass, holds)?;
    Ok(Value::Bool(holds))
}
