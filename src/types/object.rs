//! `object`: what every class inherits.

use smallvec::SmallVec;

use super::class::construct::{checked_class, instantiate, is_of_object};
use super::class::{layout, methods};
use super::{attribute, classes, protocol, strings};
use crate::call::{Ask, Cx, Outcome};
use crate::value::special::Special;
use crate::value::{Class, Id, NativeFrame, Value};

crate::natives! {
    /// The rows of `object`.
    pub static OBJECT = [
        new "__new__(cls, *args, **kwargs)" => object_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, *args, **kwargs)" => object_init, "Initialize self.  See help(type(self)) for accurate signature.";
        special "__getattribute__(self, name: str, /)" => object_getattribute, "Return getattr(self, name).";
        special "__setattr__(self, name: str, value, /)" => object_setattr, "Implement setattr(self, name, value).";
        special "__delattr__(self, name: str, /)" => object_delattr, "Implement delattr(self, name).";
        special "__repr__(self, /)" => object_repr, "Return repr(self).";
        special "__str__(self, /)" => object_str, "Return str(self).";
        special "__hash__(self, /)" => object_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => object_eq, "Return self==value.";
        special "__ne__(self, value, /)" => step object_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => not_ordered, "Return self<value.";
        special "__le__(self, value, /)" => not_ordered, "Return self<=value.";
        special "__gt__(self, value, /)" => not_ordered, "Return self>value.";
        special "__ge__(self, value, /)" => not_ordered, "Return self>=value.";
        method "__format__(self, format_spec, /)" => object_format, "Default object formatter.";
        method "__dir__(self, /)" => step object_dir, "Default dir() implementation.";
        method "__sizeof__(self, /)" => object_sizeof, "Size of object in memory, in bytes.";
        method "__reduce__(self, /)" => super::reduce::object_reduce, "Helper for pickle.";
        method "__reduce_ex__(self, protocol: index, /)" => step super::reduce::object_reduce_ex, "Helper for pickle.";
        method "__getstate__(self, /)" => super::reduce::object_getstate, "Helper for pickle.";
        class "__init_subclass__(cls, **keywords)" => object_init_subclass, "This method is called when a class is subclassed.";
        class "__subclasshook__(cls, subclass, /)" => object_subclasshook, "Abstract classes can override this to customize issubclass().";
        attr "__class__" => get_class, set set_class, "the object's class";
    ]
}

fn object_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::OBJECT)?;
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    if args.len() > 2 || !cx.heap.dicts.get(keywords).is_empty() {
        if !cx.special(class, Special::New).is_some_and(is_of_object) {
            return Err(cx.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if cx.special(class, Special::Init).is_some_and(is_of_object) {
            let name = cx.text(cx.heap.classes.get(class).name);
            return Err(cx.type_error(format!("{name}() takes no arguments")));
        }
    }
    instantiate(cx, class)
}

fn object_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    if args.len() == 2 && cx.heap.dicts.get(keywords).is_empty() {
        return Ok(Value::None);
    }
    let class = cx.class_of(args[0]);
    if !cx.special(class, Special::Init).is_some_and(is_of_object) {
        return Err(cx.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
    }
    if cx.special(class, Special::New).is_some_and(is_of_object) {
        let name = cx.text(cx.heap.classes.get(class).name);
        let message = format!("{name}.__init__() takes exactly one argument (the instance to initialize)");
        return Err(cx.type_error(message));
    }
    Ok(Value::None)
}

fn object_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_get(cx, args[0], name)
}

fn object_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    check_is_no_class(cx, args[0], "__setattr__")?;
    attribute::generic_set(cx, args[0], name, args[2])
}

/// Classes have a way of their own, which is not to be bypassed.
fn check_is_no_class(cx: &mut Cx, this: Value, method: &str) -> Result<(), Ask> {
    if let Value::Class(_) = this {
        let class = cx.class_name(this);
        return Err(cx.type_error(format!("can't apply this {method} to {class} object")));
    }
    Ok(())
}

fn object_delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    check_is_no_class(cx, args[0], "__delattr__")?;
    attribute::generic_set(cx, args[0], name, Value::Undef)
}

// ----- Identity -----

/// `id(value)`: the same in every run.
pub fn address(value: Value) -> i64 {
    (protocol::identity(value) & i64::MAX as u64) as i64
}

/// `<module.Class object at 0x…>`.
pub fn object_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = default_repr(cx, args[0]);
    Ok(cx.str(&text))
}

/// The text of an object that says nothing of itself.
pub fn default_repr(cx: &Cx, value: Value) -> String {
    format!("<{} object at {:#x}>", methods::full_name(cx, cx.class_of(value)), address(value))
}

fn object_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    strings::to_repr(cx, args[0]).map_err(attribute::as_tail)
}

fn object_hash(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(protocol::identity(args[0]) as i64))
}

fn object_eq(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(if args[0].is(&args[1]) { Value::Bool(true) } else { Value::NotImplemented })
}

/// The opposite of what `__eq__` says.
fn object_ne(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (this, other) = (frame.values[0], frame.values[1]);
    match frame.step {
        0 => {
            frame.step = 1;
            let method = cx.special_of(this, Special::Eq).unwrap_or_default();
            if is_of_object(method) {
                return Ok(if this.is(&other) { Value::Bool(false) } else { Value::NotImplemented });
            }
            Err(cx.ask_method(method, this, &[other]))
        }
        1 => {
            let equal = frame.told.into_outcome()?;
            if equal == Value::NotImplemented {
                return Ok(equal);
            }
            frame.step = 2;
            match protocol::quick_truth(cx, equal) {
                Some(truth) => Ok(Value::Bool(!truth)),
                None => Err(cx.ask_push(protocol::truth_frame(equal))),
            }
        }
        _ => Ok(Value::Bool(frame.told.into_outcome()? != Value::Bool(true))),
    }
}

fn not_ordered(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::NotImplemented)
}

fn object_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    match cx.text_of(args[1]) {
        Some([]) => strings::to_str(cx, args[0]).map_err(attribute::as_tail),
        Some(_) => {
            let message = format!("unsupported format string passed to {}.__format__", cx.class_name(args[0]));
            Err(cx.type_error(message))
        }
        None => {
            let message = format!("__format__() argument must be str, not {}", cx.class_name(args[1]));
            Err(cx.type_error(message))
        }
    }
}

/// The names in the object's dict, and those of its class.
fn object_dir(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    let class = cx.class_of(this);
    let mut found: SmallVec<[Value; 32]> = SmallVec::new();
    match this {
        Value::Inst(_) | Value::Exc(_) => found.extend(attribute::own_names(cx, this).into_iter().map(Value::Str)),
        _ => {
            if let Ok(Value::Dict(dict)) = attribute::dict_attribute(cx, this) {
                found.extend(cx.heap.dicts.get(dict).iter().map(|entry| entry.key));
            }
        }
    }
    found.extend(methods::names_of_class(cx, class));
    let mut seen = hashbrown::HashSet::new();
    let mut list = Vec::with_capacity(found.len());
    for name in found {
        match cx.name_of(name) {
            Some(name) if !seen.insert(name.number()) => {}
            _ => list.push(name),
        }
    }
    Ok(cx.heap.new_list(list))
}

fn object_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    super::class::attributes::get_basicsize(cx, &[Value::Class(class)])
}

fn object_init_subclass(cx: &mut Cx, args: &[Value]) -> Outcome {
    match (args[0], args[1]) {
        (Value::Class(class), Value::Dict(keywords)) if !cx.heap.dicts.get(keywords).is_empty() => {
            let name = cx.heap.classes.get(class).qualname;
            let name = String::from_utf8_lossy(cx.text_of(name).unwrap_or_default()).into_owned();
            Err(cx.type_error(format!("{name}.__init_subclass__() takes no keyword arguments")))
        }
        _ => Ok(Value::None),
    }
}

fn object_subclasshook(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::NotImplemented)
}

// ----- `__class__` -----

fn get_class(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Class(cx.class_of(args[0])))
}

fn set_class(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (this, new) = (args[0], args[1]);
    if new.is_undef() {
        return Err(cx.type_error("can't delete __class__ attribute"));
    }
    let Value::Class(new) = new else {
        let message = format!("__class__ must be set to a class, not '{}' object", cx.class_name(new));
        return Err(cx.type_error(message));
    };
    let old = cx.class_of(this);
    if let Value::Class(id) = this {
        return set_metaclass(cx, id, old, new);
    }
    let are_changeable = cx.heap.classes.get(old).is_heap && cx.heap.classes.get(new).is_heap;
    if !are_changeable || !matches!(this, Value::Inst(_) | Value::Exc(_)) {
        return Err(cx.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    if !layout::are_compatible(cx, old, new) {
        return Err(layout_differs(cx, old, new));
    }
    change_class(cx, this, new);
    Ok(Value::None)
}

fn layout_differs(cx: &mut Cx, old: Id<Class>, new: Id<Class>) -> Ask {
    let (old, new) = (cx.text(cx.heap.classes.get(old).name), cx.text(cx.heap.classes.get(new).name));
    cx.type_error(format!("__class__ assignment: '{new}' object layout differs from '{old}'"))
}

fn set_metaclass(cx: &mut Cx, class: Id<Class>, old: Id<Class>, new: Id<Class>) -> Outcome {
    if !cx.heap.classes.get(class).is_heap {
        return Err(cx.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    if !classes::is_subclass(cx, new, classes::TYPE) {
        return Err(layout_differs(cx, old, new));
    }
    cx.heap.classes.get_mut(class).metaclass = new;
    classes::touch(cx, class);
    Ok(Value::None)
}

/// The same fields in the same order, in shapes of the other class.
fn change_class(cx: &mut Cx, this: Value, new: Id<Class>) {
    let inst = attribute::inst_of(cx, this).expect("only instances change their class");
    let shape = cx.heap.shapes.get(inst.shape);
    let (names, is_dict) = (shape.names.clone(), shape.is_dict);
    let class = cx.heap.classes.get(new);
    let (mut changed, n_slots) = (class.root_shape, class.slots.len());
    if is_dict {
        changed = class.dict_shape;
    } else {
        for &name in &names[n_slots..] {
            changed = super::instance_dict::transition(cx, changed, name);
        }
    }
    attribute::inst_mut(cx, this).expect("it is an instance").shape = changed;
    if cx.heap.classes.get(new).has_del && !cx.heap.mortal.iter().any(|known| known.is(&this)) {
        cx.heap.mortal.push(this);
    }
}
