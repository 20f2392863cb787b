//! Tuples whose items have names: `sys.version_info`, `time.struct_time`, …; and the getters of `collections.namedtuple`.

use super::class::create;
use super::compose::compose;
use super::{classes, drive};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{Class, Id, Inst, NativeId, Value};

/// An attribute that is an item: `_collections._tuplegetter`.
pub struct ItemGetter {
    pub index: usize,
    pub doc: Value,
}

impl NativeObject for ItemGetter {
    fn trace(&self, gray: &mut Gray) {
        crate::value::sequence::trace_values(&[self.doc], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<ItemGetter>()
    }
}

crate::natives! {
    /// The rows of `_tuplegetter`.
    pub static ITEM_GETTER = [
        new "__new__(cls, index: size, doc, /)" => getter_new, "";
        special "__get__(self, instance, owner=, /)" => getter_get, "";
        special "__set__(self, instance, value, /)" => getter_set, "";
        special "__delete__(self, instance, /)" => getter_set, "";
        method "__reduce__(self, /)" => getter_reduce, "";
        special "__repr__(self, /)" => getter_repr, "";
        attr "__doc__" => get_doc, set set_doc, "";
    ]
}

crate::natives! {
    /// What all these tuples have.
    pub static STRUCT_SEQUENCE = [
        special "__repr__(self, /)" => sequence_repr, "Return repr(self).";
        method "__reduce__(self, /)" => sequence_reduce, "";
        new "__new__(cls, *args, **kwargs)" => sequence_new, "";
        new "__new__(cls, *args, **kwargs)" => sequence_refused, "";
    ]
}

const fn row(row: u16) -> Value {
    Value::Builtin(NativeId { table: crate::tables::STRUCT_SEQUENCE, row })
}

fn state<'a>(cx: &'a Cx, args: &[Value]) -> &'a ItemGetter {
    let Value::Native(id) = args[0] else { crate::bug!("self is an item getter") };
    cx.heap.native::<ItemGetter>(id).expect("self is an item getter")
}

fn getter_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let index = args[1].as_int().unwrap_or(0) as usize;
    Ok(cx.heap.new_native(classes::TUPLE_GETTER, ItemGetter { index, doc: args[2] }))
}

fn getter_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let index = state(cx, args).index;
    match cx.exact(args[1]) {
        Value::Tuple(id) => match cx.heap.tuples.get(id).items().get(index) {
            Some(&item) => Ok(item),
            None => Err(cx.index_error("tuple index out of range")),
        },
        Value::None => Ok(args[0]),
        _ => {
            let class = cx.class_name(args[1]);
            let message =
                format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{class}' object");
            Err(cx.type_error(message))
        }
    }
}

fn getter_set(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise(classes::ATTRIBUTE_ERROR, "can't set attribute"))
}

fn getter_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (index, doc) = (state(cx, args).index, state(cx, args).doc);
    let given = cx.heap.new_tuple(&[Value::Int(index as i64), doc]);
    Ok(cx.heap.new_tuple(&[Value::Class(classes::TUPLE_GETTER), given]))
}

fn getter_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (index, doc) = (state(cx, args).index, state(cx, args).doc);
    compose(cx, &format!("_tuplegetter({index}, %r)"), &[doc])
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(state(cx, args).doc)
}

fn set_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Native(id) = args[0] else { crate::bug!("self is an item getter") };
    if let Some(getter) = cx.heap.native_mut::<ItemGetter>(id) {
        getter.doc = args[1].given().unwrap_or(Value::None);
    }
    Ok(Value::None)
}

// ----- Classes -----

/// What a class of such tuples is.
pub struct StructDef {
    /// With its module.
    pub name: &'static str,
    pub fields: &'static [&'static str],
    /// How many of the fields are items; the others are attributes only, and not there in Aspen's own.
    pub n_items: usize,
    /// Scripts can make instances of it.
    pub is_open: bool,
}

/// Makes the class.
pub fn make_class(cx: &mut Cx, def: &StructDef) -> Id<Class> {
    let (module, name) = def.name.rsplit_once('.').unwrap_or(("builtins", def.name));
    let dict = cx.heap.new_dict();
    let module = cx.str(module);
    cx.heap.set_in(dict, names::MODULE, module);
    let doc = cx.str(def.name);
    cx.heap.set_in(dict, names::DOC, doc);
    for (index, field) in def.fields.iter().enumerate() {
        let getter = cx.heap.new_native(classes::TUPLE_GETTER, ItemGetter { index, doc: Value::None });
        let field = cx.name(field);
        cx.heap.set_in(dict, field, getter);
    }
    let fields = def.fields[..def.n_items].iter().map(|field| Value::Str(cx.name(field))).collect();
    let fields = cx.heap.new_tuple_from(fields);
    cx.heap.set_in(dict, names::MATCH_ARGS, fields);
    let counts = [("n_fields", def.fields.len()), ("n_sequence_fields", def.n_items), ("n_unnamed_fields", 0)];
    for (text, count) in counts {
        let text = cx.name(text);
        cx.heap.set_in(dict, text, Value::Int(count as i64));
    }
    cx.heap.set_in(dict, names::special(Special::Repr), row(0));
    cx.heap.set_in(dict, names::REDUCE, row(1));
    cx.heap.set_in(dict, names::special(Special::New), row(if def.is_open { 2 } else { 3 }));
    let name = cx.name(name);
    create::make_simple(cx, name, classes::TUPLE, dict)
}

/// An instance.
pub fn make(cx: &mut Cx, class: Id<Class>, items: &[Value]) -> Value {
    let payload = cx.heap.new_tuple(items);
    let shape = cx.heap.classes.get(class).root_shape;
    cx.heap.new_inst(Inst::with_payload(shape, payload))
}

fn fields_of(cx: &Cx, class: Id<Class>) -> Vec<String> {
    let dict = cx.heap.classes.get(class).dict;
    match cx.heap.get_in(dict, names::MATCH_ARGS) {
        Some(fields) => super::class::methods::texts_in(cx, fields),
        None => Vec::new(),
    }
}

fn sequence_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    let Value::Tuple(id) = cx.exact(args[0]) else { crate::bug!("self is a tuple of names") };
    let items = cx.heap.tuples.get(id).items().to_vec();
    let fields: Vec<String> = fields_of(cx, class).into_iter().map(|field| format!("{field}=%r")).collect();
    let name = super::class::methods::full_name(cx, class);
    compose(cx, &format!("{name}({})", fields.join(", ")), &items)
}

fn sequence_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = Value::Class(cx.class_of(args[0]));
    let items = cx.exact(args[0]);
    let given = cx.heap.new_tuple(&[items]);
    Ok(cx.heap.new_tuple(&[class, given]))
}

fn sequence_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Class(class) = args[0] else { return Err(cx.type_error("the first argument must be a class")) };
    let name = cx.text(cx.heap.classes.get(class).name);
    let Some(&given) = args.get(2) else {
        return Err(cx.type_error(format!("{name}() missing required argument 'sequence' (pos 1)")));
    };
    let items = match drive::quick_items(cx, given)? {
        Some(items) => items,
        None => return Err(cx.type_error("constructor requires a sequence")),
    };
    let wanted = fields_of(cx, class).len();
    if items.len() < wanted {
        let n = items.len();
        return Err(cx.type_error(format!("{name}() takes an at least {wanted}-sequence ({n}-sequence given)")));
    }
    Ok(make(cx, class, &items[..wanted]))
}

fn sequence_refused(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Class(class) = args[0] else { return Err(cx.type_error("the first argument must be a class")) };
    let name = super::class::methods::full_name(cx, class);
    Err(refused(cx, &name))
}

fn refused(cx: &mut Cx, name: &str) -> Ask {
    cx.type_error(format!("cannot create '{name}' instances"))
}
