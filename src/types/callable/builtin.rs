//! Natives as scripts see them: functions, methods and attributes of built-in classes.

use super::function::call_self;
use super::method::{object_text, parts};
use crate::call::cx::native_def;
use crate::call::{Cx, NativeKind, Outcome, names};
use crate::types::attribute::{self, MemberDescr};
use crate::types::classes;
use crate::types::protocol;
use crate::value::{Class, Id, NativeId, Value};

crate::natives! {
    /// The rows of `builtin_function_or_method`.
    pub static BUILTIN_FUNCTION = [
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__repr__(self, /)" => function_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => function_eq, "Return self==value.";
        special "__ne__(self, value, /)" => function_ne, "Return self!=value.";
        special "__hash__(self, /)" => function_hash, "Return hash(self).";
        method "__reduce__(self, /)" => function_reduce, "";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__self__" => get_self, "";
        attr "__module__" => get_module, set set_module, "";
        attr "__text_signature__" => get_text_signature, "";
    ]
}

crate::natives! {
    /// The rows of `method_descriptor`.
    pub static METHOD_DESCRIPTOR = [
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__get__(self, instance, owner=, /)" => descriptor_get, "Return an attribute of instance, which is of type owner.";
        special "__repr__(self, /)" => method_repr, "Return repr(self).";
        method "__reduce__(self, /)" => function_reduce, "";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__objclass__" => get_objclass, "";
        attr "__text_signature__" => get_text_signature, "";
    ]
}

crate::natives! {
    /// The rows of `classmethod_descriptor`.
    pub static CLASSMETHOD_DESCRIPTOR = [
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__get__(self, instance, owner=, /)" => class_get, "Return an attribute of instance, which is of type owner.";
        special "__repr__(self, /)" => method_repr, "Return repr(self).";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__objclass__" => get_objclass, "";
        attr "__text_signature__" => get_text_signature, "";
    ]
}

crate::natives! {
    /// The rows of `wrapper_descriptor`.
    pub static WRAPPER_DESCRIPTOR = [
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__get__(self, instance, owner=, /)" => descriptor_get, "Return an attribute of instance, which is of type owner.";
        special "__repr__(self, /)" => wrapper_repr, "Return repr(self).";
        method "__reduce__(self, /)" => function_reduce, "";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__objclass__" => get_objclass, "";
        attr "__text_signature__" => get_text_signature, "";
    ]
}

crate::natives! {
    /// The rows of `method-wrapper`.
    pub static METHOD_WRAPPER = [
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__repr__(self, /)" => bound_wrapper_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => function_eq, "Return self==value.";
        special "__ne__(self, value, /)" => function_ne, "Return self!=value.";
        special "__hash__(self, /)" => function_hash, "Return hash(self).";
        method "__reduce__(self, /)" => function_reduce, "";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__self__" => get_self, "";
        attr "__objclass__" => get_objclass, "";
        attr "__text_signature__" => get_text_signature, "";
    ]
}

crate::natives! {
    /// The rows of `getset_descriptor`.
    pub static GETSET_DESCRIPTOR = [
        special "__get__(self, instance, owner=, /)" => attribute_get, "Return an attribute of instance, which is of type owner.";
        special "__set__(self, instance, value, /)" => attribute_set, "Set an attribute of instance to value.";
        special "__delete__(self, instance, /)" => attribute_delete, "Delete an attribute of instance.";
        special "__repr__(self, /)" => attribute_repr, "Return repr(self).";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_qualname, "";
        attr "__doc__" => get_doc, "";
        attr "__objclass__" => get_objclass, "";
    ]
}

crate::natives! {
    /// The rows of `member_descriptor`.
    pub static MEMBER_DESCRIPTOR = [
        special "__get__(self, instance, owner=, /)" => attribute_get, "Return an attribute of instance, which is of type owner.";
        special "__set__(self, instance, value, /)" => attribute_set, "Set an attribute of instance to value.";
        special "__delete__(self, instance, /)" => attribute_delete, "Delete an attribute of instance.";
        special "__repr__(self, /)" => member_repr, "Return repr(self).";
        attr "__name__" => member_name, "";
        attr "__qualname__" => member_qualname, "";
        attr "__doc__" => member_doc, "";
        attr "__objclass__" => member_objclass, "";
    ]
}

/// The row behind `self`, and what it is bound to.
fn native_of(cx: &Cx, value: Value) -> (NativeId, Value) {
    match (value, parts(cx, value)) {
        (Value::Builtin(id), _) => (id, Value::Undef),
        (_, Some(method)) => match method.func {
            Value::Builtin(id) => (id, method.this),
            other => crate::bug!("{other:?} is no native"),
        },
        (other, None) => crate::bug!("{other:?} is no native"),
    }
}

fn owner_of(cx: &Cx, id: NativeId) -> Option<(Id<Class>, String)> {
    let class = classes::class_of_table(id.table)?;
    Some((class, cx.text(cx.heap.classes.get(class).name)))
}

fn function_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    let name = native_def(id).name();
    let text = match (this, native_def(id).kind) {
        (Value::Undef, NativeKind::New) => {
            let class = classes::class_of_table(id.table).map_or(Value::None, Value::Class);
            format!("<built-in method {name} of {}>", object_text(cx, class))
        }
        (Value::Undef, _) => format!("<built-in function {name}>"),
        (this, _) => format!("<built-in method {name} of {}>", object_text(cx, this)),
    };
    Ok(cx.str(&text))
}

fn method_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    described(cx, args, "method")
}

fn wrapper_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    let owner = owner_of(cx, id).map(|(_, name)| name).unwrap_or_default();
    Ok(cx.str(&format!("<slot wrapper '{}' of '{owner}' objects>", native_def(id).name())))
}

fn attribute_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    described(cx, args, "attribute")
}

fn described(cx: &mut Cx, args: &[Value], what: &str) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    let owner = owner_of(cx, id).map_or("object".to_owned(), |(_, name)| name);
    Ok(cx.str(&format!("<{what} '{}' of '{owner}' objects>", native_def(id).name())))
}

fn bound_wrapper_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    let text = format!("<method-wrapper '{}' of {}>", native_def(id).name(), object_text(cx, this));
    Ok(cx.str(&text))
}

fn same(cx: &Cx, lhs: Value, rhs: Value) -> Option<bool> {
    let is_native = |value| match (value, parts(cx, value)) {
        (Value::Builtin(_), _) => true,
        (_, Some(method)) => matches!(method.func, Value::Builtin(_)),
        _ => false,
    };
    if !is_native(lhs) || !is_native(rhs) {
        return None;
    }
    let (left, right) = (native_of(cx, lhs), native_of(cx, rhs));
    Some(left.0 == right.0 && left.1.is(&right.1))
}

fn function_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args[0], args[1]).map_or(Value::NotImplemented, Value::Bool))
}

fn function_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args[0], args[1]).map_or(Value::NotImplemented, |same| Value::Bool(!same)))
}

fn function_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    Ok(Value::Int((protocol::identity(this).rotate_left(7) ^ protocol::identity(Value::Builtin(id))) as i64))
}

/// A function of a module is pickled by its name, a method by what it is bound to.
fn function_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    let name = cx.str(native_def(id).name());
    let owner = match this {
        Value::Undef => match classes::class_of_table(id.table) {
            Some(class) => Value::Class(class),
            None => return get_qualname(cx, args),
        },
        this => this,
    };
    let getattr_name = cx.name("getattr");
    let getattr = cx.heap.get_in(cx.builtins, getattr_name).unwrap_or(Value::None);
    let given = cx.heap.new_tuple(&[owner, name]);
    Ok(cx.heap.new_tuple(&[getattr, given]))
}

// ----- Attributes -----

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    Ok(Value::Str(cx.name(native_def(id).name())))
}

fn get_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    let name = native_def(id).name();
    let owner = match this {
        Value::Undef => owner_of(cx, id).map(|(_, name)| name),
        Value::Class(class) => Some(cx.text(cx.heap.classes.get(class).name)),
        Value::Module(_) => None,
        this => Some(cx.class_name(this)),
    };
    let text = owner.map_or(name.to_owned(), |owner| format!("{owner}.{name}"));
    Ok(cx.str(&text))
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    match native_def(id).doc {
        "" => Ok(Value::None),
        doc => Ok(cx.str(doc)),
    }
}

fn get_self(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    if !this.is_undef() {
        return Ok(this);
    }
    if native_def(id).kind == NativeKind::New {
        return Ok(classes::class_of_table(id.table).map_or(Value::None, Value::Class));
    }
    let module = crate::tables::module_name(id.table);
    let name = cx.name(module);
    Ok(cx.heap.get_in(cx.modules, name).unwrap_or(Value::None))
}

fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, this) = native_of(cx, args[0]);
    match crate::tables::module_name(id.table) {
        "" => Ok(Value::None),
        _ if !this.is_undef() => Ok(Value::None),
        module => Ok(cx.str(module)),
    }
}

/// Natives keep nothing: a new module name is forgotten.
fn set_module(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn get_objclass(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    match classes::class_of_table(id.table) {
        Some(class) => Ok(Value::Class(class)),
        None => Err(cx.attribute_error(args[0], names::OBJCLASS)),
    }
}

/// `($self, a, b=0, /)`, as `inspect` reads it.
fn get_text_signature(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = native_of(cx, args[0]);
    let def = native_def(id);
    let Some((_, rest)) = def.text.split_once('(') else { return Ok(Value::None) };
    let inside = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
    let is_method =
        matches!(def.kind, NativeKind::Method | NativeKind::Special | NativeKind::ClassMethod | NativeKind::New);
    let mut shown = Vec::new();
    if !is_method && def.kind == NativeKind::Function {
        shown.push("$module".to_owned());
    }
    for (at, part) in inside.split(',').map(str::trim).filter(|part| !part.is_empty()).enumerate() {
        let (declared, default) = part.split_once('=').map_or((part, None), |(left, right)| (left, Some(right)));
        let name = declared.split_once(':').map_or(declared, |(name, _)| name).trim();
        let dollar = if is_method && at == 0 { "$" } else { "" };
        let default = match default.map(str::trim) {
            None => String::new(),
            Some("") => "=<unrepresentable>".to_owned(),
            Some(default) => format!("={default}"),
        };
        shown.push(format!("{dollar}{name}{default}"));
    }
    Ok(cx.str(&format!("({})", shown.join(", "))))
}

// ----- Binding -----

fn descriptor_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_none() {
        return Ok(args[0]);
    }
    check_owner(cx, args[0], args[1])?;
    attribute::bind(cx, args[0], args[1])
}

fn check_owner(cx: &mut Cx, descriptor: Value, this: Value) -> Result<(), crate::call::Ask> {
    let Value::Builtin(id) = descriptor else { return Ok(()) };
    let Some((owner, owner_name)) = owner_of(cx, id) else { return Ok(()) };
    if classes::is_subclass(cx, cx.class_of(this), owner) {
        return Ok(());
    }
    let message = format!(
        "descriptor '{}' for '{owner_name}' objects doesn't apply to a '{}' object",
        native_def(id).name(),
        cx.class_name(this)
    );
    Err(cx.type_error(message))
}

fn class_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = match args[2] {
        Value::Class(class) => class,
        Value::Undef | Value::None => cx.class_of(args[1]),
        _ => return Err(cx.type_error("descriptor needs a type, not an instance, as arg 2")),
    };
    let (id, _) = native_of(cx, args[0]);
    if let Some((owner, owner_name)) = owner_of(cx, id)
        && !classes::is_subclass(cx, class, owner)
    {
        let received = cx.text(cx.heap.classes.get(class).name);
        let name = native_def(id).name();
        let message = format!("descriptor '{name}' requires a subtype of '{owner_name}' but received '{received}'");
        return Err(cx.type_error(message));
    }
    Ok(cx.heap.new_method(args[0], Value::Class(class)))
}

fn attribute_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_none() {
        return Ok(args[0]);
    }
    attribute::bind(cx, args[0], args[1])
}

fn attribute_set(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_owner(cx, args[0], args[1])?;
    let name = descriptor_name(cx, args[0]);
    attribute::set_through(cx, args[0], args[1], name, args[2])
}

fn attribute_delete(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_owner(cx, args[0], args[1])?;
    let name = descriptor_name(cx, args[0]);
    attribute::set_through(cx, args[0], args[1], name, Value::Undef)
}

fn descriptor_name(cx: &mut Cx, descriptor: Value) -> crate::value::Name {
    match member(cx, descriptor) {
        Some((name, _)) => name,
        None => {
            let (id, _) = native_of(cx, descriptor);
            cx.name(native_def(id).name())
        }
    }
}

// ----- Members: what __slots__ made -----

fn member(cx: &Cx, value: Value) -> Option<(crate::value::Name, Id<Class>)> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<MemberDescr>(id).map(|member| (member.name, member.owner))
}

fn own_member(cx: &Cx, args: &[Value]) -> (crate::value::Name, Id<Class>) {
    member(cx, args[0]).expect("self is a member descriptor")
}

fn member_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (name, owner) = own_member(cx, args);
    let text = format!("<member '{}' of '{}' objects>", cx.text(name), cx.text(cx.heap.classes.get(owner).name));
    Ok(cx.str(&text))
}

fn member_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Str(own_member(cx, args).0))
}

fn member_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (name, owner) = own_member(cx, args);
    let owner = cx.heap.classes.get(owner).qualname;
    let owner = cx.text_of(owner).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    let text = format!("{owner}.{}", cx.text(name));
    Ok(cx.str(&text))
}

fn member_doc(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn member_objclass(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Class(own_member(cx, args).1))
}
