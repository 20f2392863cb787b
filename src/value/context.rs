//! Contexts of contextvars: what each variable is set to on one line of execution.
//!
//! Every task has one, so a copy must cost nothing: copies share their bindings until one of them sets something.

use std::sync::Arc;

use super::native_object::Boxed;
use super::slab::{Gray, Kind};
use super::value::{Id, Value};

/// A variable (the handle of its object) and what it is set to.
pub type Binding = (Id<Boxed>, Value);

#[derive(Default)]
pub struct Context {
    /// Sorted by variable. None: nothing is set.
    bindings: Option<Arc<Vec<Binding>>>,
    /// Somebody runs in it: nobody else may enter.
    pub is_entered: bool,
}

impl Context {
    /// A context with the same bindings, which nobody has entered.
    #[inline]
    pub fn copied(&self) -> Context {
        Context { bindings: self.bindings.clone(), is_entered: false }
    }

    /// All bindings, sorted by variable.
    pub fn bindings(&self) -> &[Binding] {
        self.bindings.as_ref().map_or(&[], |bindings| bindings)
    }

    /// What a variable is set to.
    #[inline]
    pub fn get(&self, variable: Id<Boxed>) -> Option<Value> {
        let bindings = self.bindings.as_ref()?;
        let at = bindings.binary_search_by_key(&variable.number(), |(known, _)| known.number()).ok()?;
        Some(bindings[at].1)
    }

    /// Sets a variable.
    pub fn set(&mut self, variable: Id<Boxed>, value: Value) {
        let bindings = Arc::make_mut(self.bindings.get_or_insert_default());
        match bindings.binary_search_by_key(&variable.number(), |(known, _)| known.number()) {
            Ok(at) => bindings[at].1 = value,
            Err(at) => bindings.insert(at, (variable, value)),
        }
    }

    /// Takes a binding away.
    pub fn remove(&mut self, variable: Id<Boxed>) {
        let Some(bindings) = &mut self.bindings else { return };
        if let Ok(at) = bindings.binary_search_by_key(&variable.number(), |(known, _)| known.number()) {
            Arc::make_mut(bindings).remove(at);
        }
    }
}

impl Kind for Context {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        for &(variable, value) in self.bindings() {
            gray.push(Value::Native(variable));
            gray.push(value);
        }
    }
    fn owned(&self) -> usize {
        // Shared bindings are charged to each that shares them, by halves at least: an estimate.
        self.bindings.as_ref().map_or(0, |bindings| bindings.len() * size_of::<Binding>() / Arc::strong_count(bindings))
    }
}
