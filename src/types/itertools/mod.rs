//! The iterators of the module `itertools`.
//!
//! 1. [`tool`]: the state that all of them have.
//! 2. [`endless`]: count, cycle, repeat. [`chain`]: chain, and what lets items of one iterator pass or maps them.
//! 3. [`group`]: accumulate, batched, groupby, pairwise, tee, zip_longest. [`combine`]: product and the combinations.

pub mod chain;
pub mod combine;
pub mod endless;
pub mod filter;
pub mod group;
pub mod groupby;
pub mod tee;
pub mod tool;

use crate::call::Cx;
use crate::types::classes;
use crate::value::{Dict, Id, Value};

/// The classes of the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for class in [
        classes::COUNT,
        classes::CYCLE,
        classes::REPEAT,
        classes::CHAIN,
        classes::COMPRESS,
        classes::DROPWHILE,
        classes::TAKEWHILE,
        classes::FILTERFALSE,
        classes::STARMAP,
        classes::ISLICE,
        classes::ACCUMULATE,
        classes::BATCHED,
        classes::PAIRWISE,
        classes::ZIP_LONGEST,
        classes::GROUPBY,
        classes::GROUPER,
        classes::TEE,
        classes::PRODUCT,
        classes::PERMUTATIONS,
        classes::COMBINATIONS,
        classes::COMBINATIONS_WITH_REPLACEMENT,
    ] {
        let name = cx.heap.classes.get(class).name;
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}
