//! `super` objects: attributes looked up behind a class in the order of an object's class.

use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::types::class::{allocate, checked_class};
use crate::types::{attribute, classes};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Class, Id, Name, NativeFrame, Value};

/// The state.
#[derive(Clone, Copy, Default)]
pub struct SuperObject {
    /// The class behind which attributes are looked up; none before `__init__`.
    pub class: Option<Id<Class>>,
    /// The object or class that they are bound to; `Undef`: not bound.
    pub this: Value,
    /// The class whose order counts.
    pub start: Option<Id<Class>>,
}

impl NativeObject for SuperObject {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.this], gray);
        gray.extend(self.class.into_iter().chain(self.start).map(Value::Class));
    }
    fn bytes(&self) -> usize {
        size_of::<SuperObject>()
    }
}

crate::natives! {
    /// The rows of `super`.
    pub static SUPER = [
        new "__new__(cls, *args, **kwargs)" => super_new, "Create and return a new object.";
        special "__init__(self, *args, **kwargs)" => step super_init, "super() -> same as super(__class__, <first argument>)";
        special "__getattribute__(self, name: str, /)" => super_getattribute, "Return getattr(self, name).";
        special "__get__(self, instance, owner=, /)" => super_get, "Return an attribute of instance, which is of type owner.";
        special "__repr__(self, /)" => super_repr, "Return repr(self).";
        attr "__thisclass__" => get_thisclass, "the class invoking super()";
        attr "__self__" => get_self, "the instance invoking super(); may be None";
        attr "__self_class__" => get_self_class, "the type of the instance invoking super(); may be None";
    ]
}

fn own(cx: &Cx, args: &[Value]) -> SuperObject {
    match cx.exact(args[0]) {
        Value::Native(id) => *cx.heap.native::<SuperObject>(id).expect("self is a super object"),
        _ => crate::bug!("self of a row of super is a super object"),
    }
}

fn super_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::SUPER)?;
    let made = cx.heap.new_native(classes::SUPER, SuperObject::default());
    Ok(if class == classes::SUPER { made } else { allocate(cx, class, made) })
}

fn super_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (class, this) = match (frame.step, &frame.values[2..]) {
        (0, []) => {
            frame.step = 1;
            return Err(cx.ask_machine(MachineAsk::Super));
        }
        (0, &[class]) => (class, Value::Undef),
        (0, &[class, this]) => (class, if this.is_none() { Value::Undef } else { this }),
        (0, given) => {
            let message = format!("super() expected at most 2 arguments, got {}", given.len());
            return Err(cx.type_error(message));
        }
        // The machine answers with a tuple of `__class__` and the first argument.
        _ => match frame.told.into_outcome()? {
            Value::Tuple(id) => match *cx.heap.tuples.get(id).items() {
                [class, this] => (class, this),
                _ => crate::bug!("two values were asked for"),
            },
            other => crate::bug!("a tuple was asked for, not {other:?}"),
        },
    };
    let Value::Class(class) = class else {
        let message = format!("super() argument 1 must be a type, not {}", cx.class_name(class));
        return Err(cx.type_error(message));
    };
    let start = match this.given() {
        Some(this) => Some(check(cx, class, this)?),
        None => None,
    };
    let Value::Native(id) = cx.exact(frame.values[0]) else { crate::bug!("self is a super object") };
    *cx.heap.native_mut::<SuperObject>(id).expect("self is a super object") =
        SuperObject { class: Some(class), this, start };
    Ok(Value::None)
}

/// The class whose order counts for `super(class, this)`.
pub fn check(cx: &mut Cx, class: Id<Class>, this: Value) -> Result<Id<Class>, Ask> {
    if let Value::Class(own) = this
        && classes::is_subclass(cx, own, class)
    {
        return Ok(own);
    }
    let own = cx.class_of(this);
    if classes::is_subclass(cx, own, class) {
        return Ok(own);
    }
    // A proxy says of itself what it stands for.
    if let Ok(Value::Class(claimed)) = attribute::get(cx, this, names::CLASS)
        && classes::is_subclass(cx, claimed, class)
    {
        return Ok(claimed);
    }
    let what = if let Value::Class(_) = this { "type" } else { "instance of" };
    let name = match this {
        Value::Class(own) => cx.text(cx.heap.classes.get(own).name),
        _ => cx.class_name(this),
    };
    let base = cx.text(cx.heap.classes.get(class).name);
    let message = format!("super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({base}).");
    Err(cx.type_error(message))
}

/// The attribute behind `class` in the order of `start`, unbound.
pub fn find(cx: &mut Cx, class: Id<Class>, start: Id<Class>, name: Name) -> Option<Value> {
    let mro = &cx.heap.classes.get(start).mro;
    let at = mro.iter().position(|&base| base == class)?;
    for base in mro.iter().skip(at + 1).copied().collect::<Vec<_>>() {
        let dict = classes::dict_of(cx, base);
        if let Some(found) = cx.heap.get_in(dict, name) {
            return Some(found);
        }
    }
    None
}

fn super_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let state = own(cx, args);
    if let (Some(class), Some(start)) = (state.class, state.start)
        && name != names::CLASS
        && let Some(found) = find(cx, class, start, name)
    {
        return match state.this {
            Value::Class(own) if own == start => attribute::unbound(cx, found, own),
            this => attribute::bind(cx, found, this),
        };
    }
    attribute::generic_get(cx, args[0], name)
}

fn super_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    let (Some(class), true) = (state.class, state.this.is_undef() && !args[1].is_none()) else { return Ok(args[0]) };
    if let Value::Inst(_) = args[0] {
        let own = Value::Class(cx.class_of(args[0]));
        return Err(cx.ask_tail(own, &[Value::Class(class), args[1]]));
    }
    let start = Some(check(cx, class, args[1])?);
    Ok(cx.heap.new_native(classes::SUPER, SuperObject { class: Some(class), this: args[1], start }))
}

fn super_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    let class = state
        .class
        .map_or("NULL".to_owned(), |class| format!("<class '{}'>", cx.text(cx.heap.classes.get(class).name)));
    let text = match state.start {
        Some(start) => {
            let start = cx.text(cx.heap.classes.get(start).name);
            format!("<super: {class}, <{start} object>>")
        }
        None => format!("<super: {class}, NULL>"),
    };
    Ok(cx.str(&text))
}

fn get_thisclass(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).class.map_or(Value::None, Value::Class))
}

fn get_self(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).this.given().unwrap_or(Value::None))
}

fn get_self_class(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).start.map_or(Value::None, Value::Class))
}
