//! Classes: how they are made, called and changed.
//!
//! ```text
//!   class C(A, metaclass=M): …          [build]      __mro_entries__, metaclass, __prepare__, the body, the call of M
//!     M(name, bases, namespace)         [construct]  __new__, then __init__
//!       type.__new__                    [create]     checks, [layout], [slots], [order], __set_name__, __init_subclass__
//!   C(…)                                [construct]
//!   C.__name__, C.__bases__ = …         [attributes]
//!   isinstance(x, C), issubclass(D, C)  [check]
//! ```
//!
//! What an attribute of a class *is* stands in `types::attribute`; the built-in classes in `types::classes`.

pub mod attributes;
pub mod build;
pub mod builtin;
pub mod check;
pub mod construct;
pub mod create;
pub mod layout;
pub mod methods;
pub mod order;
pub mod slots;

pub use construct::{allocate, checked_class, construct, construct_frame};

crate::natives! {
    /// The rows of `type`.
    pub static TYPE_ROWS = [
        new "__new__(cls, *args, **kwargs)" => step create::type_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, *args, **kwargs)" => methods::type_init, "Initialize self.  See help(type(self)) for accurate signature.";
        special "__call__(self, *args, **kwargs)" => methods::type_call, "Call self as a function.";
        special "__repr__(self, /)" => methods::type_repr, "Return repr(self).";
        special "__getattribute__(self, name: str, /)" => methods::type_getattribute, "Return getattr(self, name).";
        special "__setattr__(self, name: str, value, /)" => methods::type_setattr, "Implement setattr(self, name, value).";
        special "__delattr__(self, name: str, /)" => methods::type_delattr, "Implement delattr(self, name).";
        special "__or__(self, value, /)" => methods::type_or, "Return self|value.";
        special "__ror__(self, value, /)" => methods::type_ror, "Return value|self.";
        method "mro(self, /)" => methods::type_mro, "Return a type's method resolution order.";
        method "__subclasses__(self, /)" => methods::type_subclasses, "Return a list of immediate subclasses.";
        method "__instancecheck__(self, instance, /)" => check::type_instancecheck, "Check if an object is an instance.";
        method "__subclasscheck__(self, subclass, /)" => check::type_subclasscheck, "Check if a class is a subclass.";
        method "__dir__(self, /)" => methods::type_dir, "Specialized __dir__ implementation for types.";
        method "__sizeof__(self, /)" => methods::type_sizeof, "Return memory consumption of the type object.";
        class "__prepare__(cls, *args, **kwargs)" => methods::type_prepare, "Create the namespace for the class statement";
        attr "__name__" => attributes::get_name, set attributes::set_name, "";
        attr "__qualname__" => attributes::get_qualname, set attributes::set_qualname, "";
        attr "__module__" => attributes::get_module, set attributes::set_module, "";
        attr "__doc__" => attributes::get_doc, set attributes::set_doc, "";
        attr "__bases__" => attributes::get_bases, set attributes::set_bases, "";
        attr "__base__" => attributes::get_base, "";
        attr "__mro__" => attributes::get_mro, "";
        attr "__dict__" => attributes::get_dict, "";
        attr "__annotations__" => attributes::get_annotations, set attributes::set_annotations, "";
        attr "__type_params__" => attributes::get_type_params, set attributes::set_type_params, "";
        attr "__abstractmethods__" => attributes::get_abstract_methods, set attributes::set_abstract_methods, "";
        attr "__text_signature__" => attributes::get_text_signature, "";
        attr "__basicsize__" => attributes::get_basicsize, "";
        attr "__itemsize__" => attributes::get_itemsize, "";
        attr "__flags__" => attributes::get_flags, "";
        attr "__dictoffset__" => attributes::get_dictoffset, "";
        attr "__weakrefoffset__" => attributes::get_weakrefoffset, "";
    ]
}
