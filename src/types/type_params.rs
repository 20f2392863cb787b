//! Type parameters: typing.TypeVar, ParamSpec, TypeVarTuple, and `type X = …`.
//!
//! Bounds, constraints, defaults and values are computed when somebody looks: each is a value or the function that gives it.

use super::generic_alias;
use super::library::ask_library;
use super::{classes, union};
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, NativeFrame, Told, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    TypeVar,
    Spec,
    Tuple,
}

/// A value that is computed at first use.
#[derive(Clone, Copy, Default)]
pub enum Lazy {
    #[default]
    Absent,
    Known(Value),
    /// A function without parameters.
    Computed(Value),
}

/// The state of a type parameter.
pub struct TypeParam {
    pub kind: ParamKind,
    pub name: Value,
    pub bound: Lazy,
    pub constraints: Lazy,
    pub default: Lazy,
    pub is_covariant: bool,
    pub is_contravariant: bool,
    pub infers_variance: bool,
    pub module: Value,
}

/// `type name[params] = value`.
pub struct TypeAlias {
    pub name: Value,
    /// A tuple.
    pub params: Value,
    pub value: Lazy,
    pub module: Value,
}

impl Lazy {
    fn values(self) -> [Value; 1] {
        match self {
            Lazy::Absent => [Value::Undef],
            Lazy::Known(value) | Lazy::Computed(value) => [value],
        }
    }
}

impl NativeObject for TypeParam {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.name, self.module], gray);
        for lazy in [self.bound, self.constraints, self.default] {
            trace_values(&lazy.values(), gray);
        }
    }
    fn bytes(&self) -> usize {
        size_of::<TypeParam>()
    }
}

impl NativeObject for TypeAlias {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.name, self.params, self.module], gray);
        trace_values(&self.value.values(), gray);
    }
    fn bytes(&self) -> usize {
        size_of::<TypeAlias>()
    }
}

crate::natives! {
    /// The rows of `typing.TypeVar`.
    pub static TYPE_VAR = [
        new "__new__(cls, name: str, *constraints, bound=, default=, covariant=, contravariant=, infer_variance=)" => step var_new, "Type variable.";
        special "__repr__(self, /)" => param_repr, "Return repr(self).";
        special "__or__(self, value, /)" => param_or, "Return self|value.";
        special "__ror__(self, value, /)" => param_ror, "Return value|self.";
        method "__mro_entries__(self, bases, /)" => param_mro_entries, "";
        method "has_default(self, /)" => param_has_default, "";
        method "__typing_subst__(self, arg, /)" => var_subst, "";
        method "__typing_prepare_subst__(self, alias, args, /)" => var_prepare, "";
        method "__reduce__(self, /)" => get_name, "";
        attr "__name__" => get_name, "";
        attr "__module__" => get_module, "";
        attr "__bound__" => get_bound, "";
        attr "__constraints__" => get_constraints, "";
        attr "__default__" => get_default, "";
        attr "__covariant__" => get_covariant, "";
        attr "__contravariant__" => get_contravariant, "";
        attr "__infer_variance__" => get_infer_variance, "";
    ]
}

crate::natives! {
    /// The rows of `typing.ParamSpec`.
    pub static PARAM_SPEC = [
        new "__new__(cls, name: str, *, bound=, default=, covariant=, contravariant=, infer_variance=)" => step spec_new, "Parameter specification variable.";
        special "__repr__(self, /)" => param_repr, "Return repr(self).";
        special "__or__(self, value, /)" => param_or, "Return self|value.";
        special "__ror__(self, value, /)" => param_ror, "Return value|self.";
        method "__mro_entries__(self, bases, /)" => param_mro_entries, "";
        method "has_default(self, /)" => param_has_default, "";
        method "__typing_subst__(self, arg, /)" => spec_subst, "";
        method "__typing_prepare_subst__(self, alias, args, /)" => spec_prepare, "";
        method "__reduce__(self, /)" => get_name, "";
        attr "__name__" => get_name, "";
        attr "__module__" => get_module, "";
        attr "__bound__" => get_bound, "";
        attr "__default__" => get_default, "";
        attr "__covariant__" => get_covariant, "";
        attr "__contravariant__" => get_contravariant, "";
        attr "__infer_variance__" => get_infer_variance, "";
        attr "args" => get_spec_args, "Represents positional arguments.";
        attr "kwargs" => get_spec_kwargs, "Represents keyword arguments.";
    ]
}

crate::natives! {
    /// The rows of `typing.TypeVarTuple`.
    pub static TYPE_VAR_TUPLE = [
        new "__new__(cls, name: str, *, default=)" => step tuple_new, "Type variable tuple.";
        special "__repr__(self, /)" => param_repr, "Return repr(self).";
        special "__iter__(self, /)" => tuple_iter, "Implement iter(self).";
        method "__mro_entries__(self, bases, /)" => param_mro_entries, "";
        method "has_default(self, /)" => param_has_default, "";
        method "__typing_subst__(self, arg, /)" => tuple_subst, "";
        method "__typing_prepare_subst__(self, alias, args, /)" => tuple_prepare, "";
        method "__reduce__(self, /)" => get_name, "";
        attr "__name__" => get_name, "";
        attr "__module__" => get_module, "";
        attr "__default__" => get_default, "";
    ]
}

crate::natives! {
    /// The rows of `typing.TypeAliasType`.
    pub static TYPE_ALIAS_TYPE = [
        new "__new__(cls, name: str, value, *, type_params=)" => step alias_new, "Type alias.";
        special "__repr__(self, /)" => alias_repr, "Return repr(self).";
        special "__getitem__(self, key, /)" => alias_getitem, "Return self[key].";
        special "__or__(self, value, /)" => alias_or, "Return self|value.";
        special "__ror__(self, value, /)" => alias_ror, "Return value|self.";
        method "__reduce__(self, /)" => alias_get_name, "";
        attr "__name__" => alias_get_name, "";
        attr "__module__" => alias_get_module, "";
        attr "__value__" => alias_get_value, "";
        attr "__type_params__" => alias_get_params, "";
        attr "__parameters__" => alias_get_params, "";
    ]
}

crate::natives! {
    /// Steps: what is computed at first use.
    pub static LAZY_STEPS = [
        hidden "compute(owner, which)" => step compute, "Calls the function that gives the value, and keeps that.";
    ]
}

const COMPUTE: crate::value::NativeId = crate::value::NativeId { table: crate::tables::LAZY_STEPS, row: 0 };

const BOUND: i64 = 0;
const CONSTRAINTS: i64 = 1;
const DEFAULT: i64 = 2;
const VALUE: i64 = 3;

// ----- For the instructions and for `typing` -----

fn new_param(cx: &mut Cx, kind: ParamKind, name: Value) -> TypeParam {
    let module = cx.str("typing");
    TypeParam {
        kind,
        name,
        bound: Lazy::Absent,
        constraints: Lazy::Absent,
        default: Lazy::Absent,
        is_covariant: false,
        is_contravariant: false,
        infers_variance: false,
        module,
    }
}

fn make(cx: &mut Cx, param: TypeParam) -> Value {
    let class = match param.kind {
        ParamKind::TypeVar => classes::TYPE_VAR,
        ParamKind::Spec => classes::PARAM_SPEC,
        ParamKind::Tuple => classes::TYPE_VAR_TUPLE,
    };
    cx.heap.new_native(class, param)
}

/// The parameter of a type parameter list: variance is inferred.
pub fn declared(cx: &mut Cx, kind: ParamKind, name: Value) -> Value {
    let param = TypeParam { infers_variance: kind != ParamKind::Tuple, ..new_param(cx, kind, name) };
    make(cx, param)
}

/// `T: bound`, where the function computes the bound; or `T: (a, b)`.
pub fn declared_with(cx: &mut Cx, name: Value, func: Value, is_constraints: bool) -> Value {
    let mut param = TypeParam { infers_variance: true, ..new_param(cx, ParamKind::TypeVar, name) };
    if is_constraints {
        param.constraints = Lazy::Computed(func);
    } else {
        param.bound = Lazy::Computed(func);
    }
    make(cx, param)
}

/// The default of a declared parameter is computed by the function.
pub fn set_default(cx: &mut Cx, param: Value, func: Value) {
    if let Value::Native(id) = param
        && let Some(param) = cx.heap.native_mut::<TypeParam>(id)
    {
        param.default = Lazy::Computed(func);
    }
}

/// `type name[params] = …`.
pub fn type_alias(cx: &mut Cx, name: Value, params: Value, func: Value) -> Value {
    let params = if params.is_none() || params.is_undef() { cx.heap.empty_tuple } else { params };
    let module = Value::None;
    cx.heap.new_native(classes::TYPE_ALIAS_TYPE, TypeAlias { name, params, value: Lazy::Computed(func), module })
}

fn own(cx: &Cx, value: Value) -> Option<&TypeParam> {
    let Value::Native(id) = cx.exact(value) else { return None };
    cx.heap.native::<TypeParam>(id)
}

fn alias(cx: &Cx, value: Value) -> Option<&TypeAlias> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<TypeAlias>(id)
}

/// Whether it is one of the three kinds.
pub fn is_type_param(cx: &Cx, value: Value) -> bool {
    own(cx, value).is_some()
}

pub fn has_default(cx: &Cx, value: Value) -> bool {
    own(cx, value).is_some_and(|param| !matches!(param.default, Lazy::Absent))
}

pub fn is_alias(cx: &Cx, value: Value) -> bool {
    alias(cx, value).is_some()
}

/// The name of a type alias.
pub fn alias_name(cx: &Cx, value: Value) -> Option<String> {
    let name = alias(cx, value)?.name;
    cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned())
}

// ----- Constructors -----

fn truth(cx: &mut Cx, value: Value) -> bool {
    !value.is_undef() && crate::types::protocol::quick_truth(cx, value).unwrap_or(true)
}

fn lazy(value: Value) -> Lazy {
    if value.is_undef() { Lazy::Absent } else { Lazy::Known(value) }
}

fn no_default(cx: &Cx, value: Value) -> bool {
    matches!(value, Value::Native(_)) && cx.class_of(value) == classes::NO_DEFAULT_TYPE
}

/// The module of the script that makes a parameter, in place of the class among the values; then bound and constraints are
/// checked, if they are no classes.
fn prepare(cx: &mut Cx, frame: &mut NativeFrame, checked: Option<(usize, usize)>) -> Result<(), Ask> {
    loop {
        match frame.step {
            0 => {
                frame.step = 1;
                return Err(cx.ask_machine(MachineAsk::Globals));
            }
            1 => {
                let globals = std::mem::take(&mut frame.told).into_outcome()?;
                frame.values[0] = match globals {
                    Value::Dict(dict) => cx.heap.get_in(dict, names::NAME).unwrap_or(Value::None),
                    _ => Value::None,
                };
                frame.step = 2;
                let Some((bound, constraints)) = checked else { continue };
                let is_plain = |value: &Value| matches!(value, Value::Class(_) | Value::None | Value::Undef);
                if !is_plain(&frame.values[bound]) || !frame.values[constraints..].iter().all(is_plain) {
                    frame.step = 3;
                    let given = frame.values[bound].given().unwrap_or(Value::None);
                    let all = cx.heap.new_tuple(&frame.values[constraints..]);
                    return Err(ask_library(cx, "typing", "_check_parameter", &[given, all, Value::None]));
                }
            }
            2 => return Ok(()),
            _ => {
                let parts = std::mem::take(&mut frame.told).into_outcome()?;
                frame.step = 2;
                if let (Value::Tuple(id), Some((at, from))) = (parts, checked)
                    && let [bound, all, _] = cx.heap.tuples.get(id).items()[..]
                {
                    frame.values[at] = bound;
                    if let Value::Tuple(all) = all {
                        let all = cx.heap.tuples.get(all).items().to_vec();
                        frame.values.truncate(from);
                        frame.values.extend(all);
                    }
                }
            }
        }
    }
}

fn check_variance(cx: &mut Cx, args: &[Value]) -> Result<[bool; 3], Ask> {
    let [covariant, contravariant, infers] = [truth(cx, args[0]), truth(cx, args[1]), truth(cx, args[2])];
    if covariant && contravariant {
        return Err(cx.value_error("Bivariant types are not supported."));
    }
    if infers && (covariant || contravariant) {
        return Err(cx.value_error("Variance cannot be specified with infer_variance."));
    }
    Ok([covariant, contravariant, infers])
}

/// values: class, name, bound, default, three of variance, constraints.
fn var_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        check_variance(cx, &frame.values[4..7])?;
        if frame.values.len() == 8 {
            return Err(cx.type_error("A single constraint is not allowed"));
        }
        if frame.values.len() > 7 && !frame.values[2].is_undef() && !frame.values[2].is_none() {
            return Err(cx.type_error("Constraints cannot be combined with bound=..."));
        }
    }
    prepare(cx, frame, Some((2, 7)))?;
    let args = frame.values.to_vec();
    let mut param = new_param(cx, ParamKind::TypeVar, args[1]);
    param.module = args[0];
    param.bound = if args[2].is_none() { Lazy::Absent } else { lazy(args[2]) };
    param.default = if no_default(cx, args[3]) { Lazy::Absent } else { lazy(args[3]) };
    [param.is_covariant, param.is_contravariant, param.infers_variance] = check_variance(cx, &args[4..7])?;
    if args.len() > 7 {
        param.constraints = Lazy::Known(cx.heap.new_tuple(&args[7..]));
    }
    Ok(make(cx, param))
}

/// values: class, name, bound, default, three of variance.
fn spec_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        check_variance(cx, &frame.values[4..7])?;
    }
    prepare(cx, frame, Some((2, 7)))?;
    let args = frame.values.to_vec();
    let mut param = new_param(cx, ParamKind::Spec, args[1]);
    param.module = args[0];
    param.bound = if args[2].is_none() { Lazy::Absent } else { lazy(args[2]) };
    param.default = if no_default(cx, args[3]) { Lazy::Absent } else { lazy(args[3]) };
    [param.is_covariant, param.is_contravariant, param.infers_variance] = check_variance(cx, &args[4..7])?;
    Ok(make(cx, param))
}

/// values: class, name, default.
fn tuple_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    prepare(cx, frame, None)?;
    let args = frame.values.to_vec();
    let mut param = new_param(cx, ParamKind::Tuple, args[1]);
    param.module = args[0];
    param.default = if no_default(cx, args[2]) { Lazy::Absent } else { lazy(args[2]) };
    Ok(make(cx, param))
}

/// values: class, name, value, type parameters.
fn alias_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    prepare(cx, frame, None)?;
    let args = frame.values.to_vec();
    let params = args[3].given().unwrap_or(cx.heap.empty_tuple);
    if !matches!(params, Value::Tuple(_)) {
        return Err(cx.type_error("type_params must be a tuple"));
    }
    let made = TypeAlias { name: args[1], params, value: Lazy::Known(args[2]), module: args[0] };
    Ok(cx.heap.new_native(classes::TYPE_ALIAS_TYPE, made))
}

// ----- Methods and attributes -----

fn param_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let param = own(cx, args[0]).expect("self is a type parameter");
    let sign = match (param.kind, param.infers_variance, param.is_covariant, param.is_contravariant) {
        (ParamKind::Tuple, ..) | (_, true, ..) => "",
        (_, _, true, _) => "+",
        (_, _, _, true) => "-",
        _ => "~",
    };
    let name = cx.text_of(param.name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    Ok(cx.str(&format!("{sign}{name}")))
}

fn param_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_make_union", args))
}

fn param_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_make_union", &[args[1], args[0]]))
}

fn alias_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[0], args[1])
}

fn alias_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[1], args[0])
}

fn param_mro_entries(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_name(args[0]);
    Err(cx.type_error(format!("Cannot subclass an instance of {class}")))
}

fn param_has_default(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(has_default(cx, args[0])))
}

fn var_subst(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_typevar_subst", args))
}

fn var_prepare(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_typevar_prepare_subst", args))
}

fn spec_subst(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_paramspec_subst", args))
}

fn spec_prepare(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_paramspec_prepare_subst", args))
}

fn tuple_subst(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.type_error("Substitution of bare TypeVarTuple is not supported"))
}

fn tuple_prepare(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_typevartuple_prepare_subst", args))
}

fn get_spec_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "ParamSpecArgs", args))
}

fn get_spec_kwargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "ParamSpecKwargs", args))
}

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args[0]).expect("self is a type parameter").name)
}

fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args[0]).expect("self is a type parameter").module)
}

fn get_lazy(cx: &mut Cx, owner: Value, lazy: Lazy, which: i64, absent: Value) -> Outcome {
    match lazy {
        Lazy::Absent => Ok(absent),
        Lazy::Known(value) => Ok(value),
        Lazy::Computed(_) => Err(cx.ask_push(NativeFrame::new(COMPUTE, &[owner, Value::Int(which)]))),
    }
}

fn get_bound(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lazy = own(cx, args[0]).expect("self is a type parameter").bound;
    get_lazy(cx, args[0], lazy, BOUND, Value::None)
}

fn get_constraints(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lazy = own(cx, args[0]).expect("self is a type parameter").constraints;
    let empty = cx.heap.empty_tuple;
    get_lazy(cx, args[0], lazy, CONSTRAINTS, empty)
}

fn get_default(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lazy = own(cx, args[0]).expect("self is a type parameter").default;
    let absent = super::singletons::no_default(cx);
    get_lazy(cx, args[0], lazy, DEFAULT, absent)
}

fn get_covariant(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(own(cx, args[0]).is_some_and(|param| param.is_covariant)))
}

fn get_contravariant(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(own(cx, args[0]).is_some_and(|param| param.is_contravariant)))
}

fn get_infer_variance(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(own(cx, args[0]).is_some_and(|param| param.infers_variance)))
}

fn tuple_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_iter_typevartuple", args))
}

fn alias_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    alias_get_name(cx, args)
}

fn alias_get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(alias(cx, args[0]).expect("self is a type alias").name)
}

fn alias_get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let alias = alias(cx, args[0]).expect("self is a type alias");
    if let Lazy::Computed(Value::Func(func)) = alias.value {
        let globals = cx.heap.links.get(cx.heap.funcs.get(func).link).globals;
        return Ok(cx.heap.get_in(globals, crate::call::names::NAME).unwrap_or(Value::None));
    }
    Ok(alias.module)
}

fn alias_get_value(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lazy = alias(cx, args[0]).expect("self is a type alias").value;
    get_lazy(cx, args[0], lazy, VALUE, Value::None)
}

fn alias_get_params(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(alias(cx, args[0]).expect("self is a type alias").params)
}

fn alias_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let params = alias(cx, args[0]).expect("self is a type alias").params;
    if params == cx.heap.empty_tuple {
        return Err(cx.type_error("Only generic type aliases are subscriptable"));
    }
    Ok(generic_alias::new(cx, classes::GENERIC_ALIAS, args[0], args[1]))
}

/// Calls the function once, and keeps what it returned.
fn compute(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (owner, which) = (frame.values[0], frame.values[1]);
    let Value::Native(id) = owner else { crate::bug!("type parameters are native objects") };
    let place = |cx: &mut Cx| -> Option<Lazy> {
        if let Some(alias) = cx.heap.native::<TypeAlias>(id) {
            return Some(alias.value);
        }
        let param = cx.heap.native::<TypeParam>(id)?;
        Some(match which {
            Value::Int(BOUND) => param.bound,
            Value::Int(CONSTRAINTS) => param.constraints,
            _ => param.default,
        })
    };
    match (frame.told, place(cx)) {
        (Told::Start, Some(Lazy::Computed(func))) => Err(cx.ask_call(func, &[])),
        (Told::Start, Some(Lazy::Known(value))) => Ok(value),
        (Told::Start, _) => Ok(Value::None),
        (told, _) => {
            let value = told.into_outcome()?;
            keep(cx, id, which, value);
            Ok(value)
        }
    }
}

fn keep(cx: &mut Cx, id: Id<crate::value::native_object::Boxed>, which: Value, value: Value) {
    if let Some(alias) = cx.heap.native_mut::<TypeAlias>(id) {
        alias.value = Lazy::Known(value);
        return;
    }
    let Some(param) = cx.heap.native_mut::<TypeParam>(id) else { return };
    match which {
        Value::Int(BOUND) => param.bound = Lazy::Known(value),
        Value::Int(CONSTRAINTS) => param.constraints = Lazy::Known(value),
        _ => param.default = Lazy::Known(value),
    }
}
