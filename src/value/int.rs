//! Ints as values: small ones are immediate, the others objects.

use super::bigint::{Int, IntRef};
use super::heap::Heap;
use super::value::Value;

impl Heap {
    /// The number that an int or bool is.
    #[inline]
    pub fn int_ref(&self, value: Value) -> Option<IntRef<'_>> {
        match value {
            Value::Int(small) => Some(IntRef::Small(small)),
            Value::Bool(bool) => Some(IntRef::Small(bool as i64)),
            Value::BigInt(id) => Some(IntRef::Big(self.big_ints.get(id))),
            _ => None,
        }
    }

    /// A number as a value.
    #[inline]
    pub fn new_int(&mut self, int: Int) -> Value {
        match int {
            Int::Small(small) => Value::Int(small),
            Int::Big(big) => {
                self.charge(size_of_val(&big) + big.bytes());
                Value::BigInt(self.big_ints.alloc(big))
            }
        }
    }
}
