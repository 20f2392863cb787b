//! Modules that give names to built-in classes which are in no other module: `_abc`, `_functools`, `_types`, ….

use crate::call::Cx;
use crate::types::classes as c;
use crate::types::singletons;
use crate::value::{Class, Dict, Id, Value};

fn put(cx: &mut Cx, dict: Id<Dict>, names: &[(&str, Id<Class>)]) {
    for &(name, class) in names {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}

pub fn fill_abc(cx: &mut Cx, dict: Id<Dict>) {
    put(cx, dict, &[("ABCMeta", c::ABC_META), ("_abc_data", c::ABC_DATA)]);
}

pub fn fill_functools(cx: &mut Cx, dict: Id<Dict>) {
    put(cx, dict, &[("partial", c::PARTIAL), ("_lru_cache_wrapper", c::LRU_CACHE)]);
}

pub fn fill_weakref(cx: &mut Cx, dict: Id<Dict>) {
    let names = [
        ("ref", c::WEAK_REF),
        ("ReferenceType", c::WEAK_REF),
        ("ProxyType", c::WEAK_PROXY),
        ("CallableProxyType", c::CALLABLE_PROXY),
    ];
    put(cx, dict, &names);
}

pub fn fill_types(cx: &mut Cx, dict: Id<Dict>) {
    let names = [
        ("FunctionType", c::FUNCTION),
        ("LambdaType", c::FUNCTION),
        ("CodeType", c::CODE),
        ("MappingProxyType", c::MAPPING_PROXY),
        ("SimpleNamespace", c::SIMPLE_NAMESPACE),
        ("CellType", c::CELL),
        ("GeneratorType", c::GENERATOR),
        ("CoroutineType", c::COROUTINE),
        ("AsyncGeneratorType", c::ASYNC_GENERATOR),
        ("MethodType", c::METHOD),
        ("BuiltinFunctionType", c::BUILTIN_FUNCTION),
        ("BuiltinMethodType", c::BUILTIN_FUNCTION),
        ("WrapperDescriptorType", c::WRAPPER_DESCRIPTOR),
        ("MethodWrapperType", c::METHOD_WRAPPER),
        ("MethodDescriptorType", c::METHOD_DESCRIPTOR),
        ("ClassMethodDescriptorType", c::CLASSMETHOD_DESCRIPTOR),
        ("ModuleType", c::MODULE),
        ("TracebackType", c::TRACEBACK),
        ("FrameType", c::FRAME),
        ("GetSetDescriptorType", c::GETSET_DESCRIPTOR),
        ("MemberDescriptorType", c::MEMBER_DESCRIPTOR),
        ("GenericAlias", c::GENERIC_ALIAS),
        ("UnionType", c::UNION_TYPE),
        ("EllipsisType", c::ELLIPSIS_TYPE),
        ("NoneType", c::NONE_TYPE),
        ("NotImplementedType", c::NOT_IMPLEMENTED_TYPE),
    ];
    put(cx, dict, &names);
}

pub fn fill_typing(cx: &mut Cx, dict: Id<Dict>) {
    let names = [
        ("TypeVar", c::TYPE_VAR),
        ("ParamSpec", c::PARAM_SPEC),
        ("TypeVarTuple", c::TYPE_VAR_TUPLE),
        ("TypeAliasType", c::TYPE_ALIAS_TYPE),
        ("Generic", c::GENERIC),
    ];
    put(cx, dict, &names);
    let no_default = singletons::no_default(cx);
    let name = cx.name("NoDefault");
    cx.heap.set_in(dict, name, no_default);
}
