//! Which containers a `repr` is inside of.

use hashbrown::HashMap;

use super::protocol::identity;
use crate::value::{Gray, Value};

/// Containers whose `repr` is under way: inside of themselves they are `[...]`.
#[derive(Default)]
pub struct Printing {
    /// By identity.
    containers: HashMap<u64, Value>,
}

impl Printing {
    pub fn contains(&self, container: Value) -> bool {
        self.containers.contains_key(&identity(container))
    }

    /// What is no container (`Undef`) is never inside of itself.
    pub fn begin(&mut self, container: Value) {
        if !container.is_undef() {
            self.containers.insert(identity(container), container);
        }
    }

    pub fn end(&mut self, container: Value) {
        self.containers.remove(&identity(container));
    }

    pub fn clear(&mut self) {
        self.containers.clear();
    }

    pub fn trace(&self, gray: &mut Gray) {
        gray.extend(self.containers.values().filter(|value| value.is_handle()));
    }
}
