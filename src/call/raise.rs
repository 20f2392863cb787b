//! Exceptions, as natives raise them. A message that is used twice has its constructor here.

use super::cx::Cx;
use super::names;
use super::outcome::Ask;
use crate::types::classes;
use crate::value::{Class, Exc, Id, Inst, Name, Value};

impl Cx {
    /// A new exception of a built-in class, not raised yet.
    pub fn new_exception(&mut self, class: Id<Class>, args: &[Value]) -> Id<Exc> {
        let args = self.heap.new_tuple(args);
        let shape = self.heap.classes.get(class).root_shape;
        self.heap.charge(size_of::<Exc>());
        self.heap.excs.alloc(Exc { inst: Inst::new(shape), args, ..Exc::default() })
    }

    /// Raises an exception with one argument: its message.
    pub fn raise(&mut self, class: Id<Class>, message: impl AsRef<str>) -> Ask {
        let message = self.str(message.as_ref());
        Ask::Raise(self.new_exception(class, &[message]))
    }

    /// Raises an exception with these arguments.
    pub fn raise_with(&mut self, class: Id<Class>, args: &[Value]) -> Ask {
        Ask::Raise(self.new_exception(class, args))
    }

    pub fn type_error(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::TYPE_ERROR, message)
    }

    pub fn value_error(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::VALUE_ERROR, message)
    }

    pub fn index_error(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::INDEX_ERROR, message)
    }

    pub fn runtime_error(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::RUNTIME_ERROR, message)
    }

    pub fn overflow_error(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::OVERFLOW_ERROR, message)
    }

    pub fn zero_division(&mut self, message: impl AsRef<str>) -> Ask {
        self.raise(classes::ZERO_DIVISION_ERROR, message)
    }

    pub fn memory_error(&mut self) -> Ask {
        self.raise_with(classes::MEMORY_ERROR, &[])
    }

    pub fn key_error(&mut self, key: Value) -> Ask {
        self.raise_with(classes::KEY_ERROR, &[key])
    }

    pub fn recursion_error(&mut self) -> Ask {
        self.raise(classes::RECURSION_ERROR, "maximum recursion depth exceeded")
    }

    pub fn not_implemented(&mut self, what: &str) -> Ask {
        self.raise(classes::NOT_IMPLEMENTED_ERROR, what)
    }

    /// `NameError: name 'x' is not defined`.
    pub fn name_error(&mut self, name: Name) -> Ask {
        let message = format!("name '{}' is not defined", self.text(name));
        self.named_error(classes::NAME_ERROR, &message, name)
    }

    /// NameError and its like, which keep the name.
    pub fn named_error(&mut self, class: Id<Class>, message: &str, name: Name) -> Ask {
        let message = self.str(message);
        let exc = self.new_exception(class, &[message]);
        self.heap.excs.get_mut(exc).slots.get_or_insert_default()[0] = Value::Str(name);
        Ask::Raise(exc)
    }

    /// `AttributeError: 'int' object has no attribute 'x'`.
    pub fn attribute_error(&mut self, obj: Value, name: Name) -> Ask {
        let text = self.text(name);
        let message = match obj {
            Value::Class(id) => {
                let class = self.heap.text_lossy(self.heap.classes.get(id).name).into_owned();
                format!("type object '{class}' has no attribute '{text}'")
            }
            Value::Module(_) if self.loading.iter().any(|loading| loading.is(&obj)) => self.of_loading(obj, &text),
            Value::Module(id) => match self.heap.modules.get(id).name {
                Value::Str(module) => format!("module '{}' has no attribute '{text}'", self.text(module)),
                _ => format!("module has no attribute '{text}'"),
            },
            _ => format!("'{}' object has no attribute '{text}'", self.class_name(obj)),
        };
        self.attribute_error_with(obj, name, &message)
    }

    /// The text about a module that does not have it yet.
    fn of_loading(&self, module: Value, text: &str) -> String {
        let of_module = |name| match module {
            Value::Module(id) => {
                self.heap.get_in(self.heap.modules.get(id).dict, name).and_then(|value| self.text_of(value))
            }
            _ => None,
        };
        let shown = |text: Option<&[u8]>| String::from_utf8_lossy(text.unwrap_or_default()).into_owned();
        let (own, file) = (shown(of_module(names::NAME)), shown(of_module(names::FILE)));
        format!(
            "partially initialized module '{own}' from '{file}' has no attribute '{text}' (most likely due to a circular import)"
        )
    }

    /// An AttributeError with another text.
    pub fn attribute_error_with(&mut self, obj: Value, name: Name, message: &str) -> Ask {
        let message = self.str(message);
        let exc = self.new_exception(classes::ATTRIBUTE_ERROR, &[message]);
        let slots = self.heap.excs.get_mut(exc).slots.get_or_insert_default();
        slots[0] = Value::Str(name);
        slots[1] = obj;
        Ask::Raise(exc)
    }

    /// `TypeError: 'int' object is not iterable`.
    pub fn not_iterable(&mut self, value: Value) -> Ask {
        let message = format!("'{}' object is not iterable", self.class_name(value));
        self.type_error(message)
    }

    pub fn not_callable(&mut self, value: Value) -> Ask {
        let message = format!("'{}' object is not callable", self.class_name(value));
        self.type_error(message)
    }

    /// `TypeError: unsupported operand type(s) for +: 'int' and 'str'`.
    pub fn unsupported_operands(&mut self, symbol: &str, lhs: Value, rhs: Value) -> Ask {
        let (left, right) = (self.class_name(lhs), self.class_name(rhs));
        self.type_error(format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"))
    }

    pub fn unhashable(&mut self, value: Value) -> Ask {
        let message = format!("unhashable type: '{}'", self.class_name(value));
        self.type_error(message)
    }

    /// StopIteration, with a value unless it is None.
    pub fn stop_iteration(&mut self, value: Value) -> Ask {
        let args: &[Value] = if value.is_none() || value.is_undef() { &[] } else { &[value] };
        let exc = self.new_exception(classes::STOP_ITERATION, args);
        let value = value.given().unwrap_or(Value::None);
        self.heap.excs.get_mut(exc).slots.get_or_insert_default()[0] = value;
        Ask::Raise(exc)
    }

    /// Whether an exception is an instance of a built-in class.
    pub fn is_exception(&self, exc: Id<Exc>, class: Id<Class>) -> bool {
        let own = self.class_of(Value::Exc(exc));
        self.heap.classes.get(own).is_subclass_of(class)
    }
}
