//! `collections.defaultdict`: a dict that makes its missing values.
//!
//! An instance has a dict inside, and the factory in the slot `default_factory`.

use crate::call::launch::then_give;
use crate::call::{Ask, Cx, Outcome};
use crate::types::dict::methods::{copy, this};
use crate::types::dict::{ops, update};
use crate::types::{attribute, class, classes, generic_alias, walk};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of the class defaultdict.
    pub static DEFAULT_DICT = [
        new "__new__(cls, *args, **kwargs)" => defaultdict_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, default_factory=, source=, /, **kwargs)" => defaultdict_init, "defaultdict(default_factory=None, /, [...]) --> dict with default factory";
        special "__missing__(self, key, /)" => defaultdict_missing, "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n";
        method "copy(self, /)" => defaultdict_copy, "D.copy() -> a shallow copy of D.";
        method "__copy__(self, /)" => defaultdict_copy, "D.copy() -> a shallow copy of D.";
        method "__reduce__(self, /)" => defaultdict_reduce, "Return state information for pickling.";
        special "__repr__(self, /)" => step defaultdict_repr, "Return repr(self).";
        special "__or__(self, value, /)" => defaultdict_or, "Return self|value.";
        special "__ror__(self, value, /)" => defaultdict_ror, "Return value|self.";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "default_factory" => get_factory, set set_factory, "Factory for default value called by __missing__().";
    ]
}

crate::natives! {
    /// Steps of defaultdict.
    pub static DEFAULT_DICT_STEPS = [
        hidden "missing(obj, key)" => step missing_step, "Calls the factory and keeps what it makes.";
    ]
}

const MISSING: NativeId = NativeId { table: crate::tables::DEFAULT_DICT, row: 0 };

/// The factory, or None.
fn factory_of(cx: &Cx, obj: Value) -> Value {
    attribute::inst_of(cx, obj).map_or(Value::None, |inst| inst.field(0).given().unwrap_or(Value::None))
}

fn make(cx: &mut Cx, class: crate::value::Id<crate::value::Class>, dict: Value, factory: Value) -> Value {
    let made = class::allocate(cx, class, dict);
    if let Some(inst) = attribute::inst_mut(cx, made) {
        inst.set_field(0, factory);
    }
    made
}

fn defaultdict_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::DEFAULT_DICT)?;
    let dict = Value::Dict(cx.heap.new_dict());
    Ok(make(cx, class, dict, Value::None))
}

fn defaultdict_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let [obj, factory, source, kwargs] = *args else { crate::bug!("defaultdict takes four values") };
    let factory = factory.given().unwrap_or(Value::None);
    let is_callable = factory.is_none()
        || matches!(factory, Value::Func(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_))
        || cx.special_of(factory, crate::value::special::Special::Call).is_some();
    if !is_callable {
        return Err(cx.type_error("first argument must be callable or None"));
    }
    if let Some(inst) = attribute::inst_mut(cx, obj) {
        inst.set_field(0, factory);
    }
    let frame = NativeFrame::new(crate::types::dict::methods::UPDATE, &[obj, source, kwargs]);
    crate::call::launch::launch(cx, frame)
}

/// Frequent factories are called here at once.
fn defaultdict_missing(cx: &mut Cx, args: &[Value]) -> Outcome {
    let factory = factory_of(cx, args[0]);
    let made = match factory {
        Value::None => return Err(cx.key_error(args[1])),
        Value::Class(class) if class == classes::INT => Value::Int(0),
        Value::Class(class) if class == classes::LIST => cx.heap.new_list(Vec::new()),
        Value::Class(class) if class == classes::DICT_CLASS => Value::Dict(cx.heap.new_dict()),
        Value::Class(class) if class == classes::SET => Value::Set(crate::types::set::ops::new(cx)),
        _ => return Err(cx.ask_push(NativeFrame::new(MISSING, args))),
    };
    let dict = this(cx, args[0]);
    match ops::set(cx, dict, args[1], made) {
        Ok(_) => Ok(made),
        Err(ask) => Err(then_give(cx, ask, made)),
    }
}

fn missing_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (obj, key) = (frame.values[0], frame.values[1]);
    match frame.step {
        0 => {
            frame.step = 1;
            let factory = factory_of(cx, obj);
            Err(cx.ask_call(factory, &[]))
        }
        1 => {
            let made = frame.told.into_outcome()?;
            let outcome = crate::types::item::set(cx, obj, key, made).map_err(Ask::to_come_back);
            match outcome {
                Ok(_) => Ok(made),
                Err(Ask::Full) => Err(Ask::Full),
                Err(ask) => {
                    frame.values.push(made);
                    frame.step = 2;
                    Err(ask)
                }
            }
        }
        _ => {
            frame.told.into_outcome()?;
            Ok(frame.values[2])
        }
    }
}

fn defaultdict_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = Value::Dict(copy(cx, this(cx, args[0]))?);
    let (factory, class) = (factory_of(cx, args[0]), cx.class_of(args[0]));
    if class != classes::DEFAULT_DICT {
        return Err(cx.ask_tail(Value::Class(class), &[factory, args[0]]));
    }
    Ok(make(cx, class, dict, factory))
}

fn defaultdict_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = Value::Class(cx.class_of(args[0]));
    let factory = factory_of(cx, args[0]);
    let arguments = if factory.is_none() { cx.heap.empty_tuple } else { cx.heap.new_tuple(&[factory]) };
    let dict = this(cx, args[0]);
    let view = crate::types::dict::views::new(cx, dict, crate::value::iterator::DictPart::Items);
    let items = crate::types::protocol::iter(cx, view)?;
    Ok(cx.heap.new_tuple(&[class, arguments, Value::None, Value::None, items]))
}

/// The text of the factory, then that of the dict. `defaultdict(<class 'int'>, {…})`
fn defaultdict_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let obj = frame.values[0];
    let text = match frame.step {
        0 => {
            let dict = this(cx, obj);
            frame.step = 1;
            walk::repr(cx, Value::Dict(dict)).map_err(Ask::to_come_back)?
        }
        1 => frame.told.into_outcome()?,
        _ => {
            let factory = frame.told.into_outcome()?;
            let dict = frame.values[1];
            return Ok(joined(cx, obj, factory, dict));
        }
    };
    frame.values.push(text);
    frame.step = 2;
    let factory = factory_of(cx, obj);
    if cx.printing.contains(factory) {
        let dots = cx.str("...");
        return Ok(joined(cx, obj, dots, text));
    }
    let factory = crate::types::strings::to_repr(cx, factory)?;
    Ok(joined(cx, obj, factory, text))
}

fn joined(cx: &mut Cx, obj: Value, factory: Value, dict: Value) -> Value {
    let mut text = cx.class_name(obj).into_bytes();
    text.push(b'(');
    text.extend_from_slice(cx.text_of(factory).unwrap_or_default());
    text.extend_from_slice(b", ");
    text.extend_from_slice(cx.text_of(dict).unwrap_or_default());
    text.push(b')');
    cx.heap.new_str_from(text)
}

fn merged(cx: &mut Cx, like: Value, lhs: Value, rhs: Value) -> Outcome {
    let (Value::Dict(left), Value::Dict(right)) = (cx.exact(lhs), cx.exact(rhs)) else {
        return Ok(Value::NotImplemented);
    };
    let dict = copy(cx, left)?;
    let factory = factory_of(cx, like);
    let made = make(cx, classes::DEFAULT_DICT, Value::Dict(dict), factory);
    match update::merge(cx, dict, Value::Dict(right), update::Strictness::Update) {
        Ok(_) => Ok(made),
        Err(ask) => Err(then_give(cx, ask, made)),
    }
}

fn defaultdict_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    merged(cx, args[0], args[0], args[1])
}

fn defaultdict_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    merged(cx, args[0], args[1], args[0])
}

fn get_factory(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(factory_of(cx, args[0]))
}

fn set_factory(cx: &mut Cx, args: &[Value]) -> Outcome {
    let factory = args[1].given().unwrap_or(Value::None);
    if let Some(inst) = attribute::inst_mut(cx, args[0]) {
        inst.set_field(0, factory);
    }
    Ok(Value::None)
}

/// The names of the slots that instances begin with.
pub fn add_slots(cx: &mut Cx) {
    let name = cx.name("default_factory");
    let class = cx.heap.classes.get_mut(classes::DEFAULT_DICT);
    class.slots = vec![name];
    let shapes = [class.root_shape, class.dict_shape];
    for shape in shapes {
        cx.heap.shapes.get_mut(shape).names = vec![name];
    }
}
