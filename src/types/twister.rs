//! The class `_random.Random`: the Mersenne Twister as an object. The distributions are in `stdlib/random.as`.

use super::class::checked_class;
use super::int::{self, make_room};
use super::random::Twister;
use super::{bytes, classes, protocol};
use crate::call::{Ask, Cx, Outcome};
use crate::value::bigint::{Int, IntRef, bits, compare};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Dict, Id, NativeFrame, Value};

impl NativeObject for Twister {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Twister>() + size_of_val(self.state().0)
    }
}

crate::natives! {
    /// The rows of `_random.Random`.
    pub static RANDOM_ROWS = [
        new "__new__(cls, *args, **kwargs)" => random_new, "Random() -> create a random number generator with its own internal state.";
        method "random(self, /)" => random, "random() -> x in the interval [0, 1).";
        method "seed(self, n=None, /)" => step seed, "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the current time and the process identifier.";
        method "getstate(self, /)" => getstate, "getstate() -> tuple containing the current state.";
        method "setstate(self, state, /)" => setstate, "setstate(state) -> None.  Restores generator state.";
        method "getrandbits(self, k: index, /)" => getrandbits, "getrandbits(k) -> x.  Generates an int with k random bits.";
        method "_randbelow(self, n: index, /)" => randbelow, "An int below n, which is positive: bits are drawn until they fit.";
        method "_seed_text(self, text: bytes, /)" => seed_text, "Seeds with all bits of a text.";
    ]
}

fn twister(cx: &mut Cx, this: Value) -> &mut Twister {
    let Value::Native(id) = cx.exact(this) else { crate::bug!("a generator is native") };
    cx.heap.native_mut(id).expect("self was converted")
}

/// A generator that the host's randomness seeds.
fn unforeseen(cx: &mut Cx) -> Twister {
    let mut seed = [0; 32];
    cx.host.random.fill(&mut seed);
    let key: Vec<u32> = seed.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    Twister::from_key(&key)
}

fn random_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::RANDOM)?;
    let state = unforeseen(cx);
    let made = cx.heap.new_native(classes::RANDOM, state);
    Ok(int::instance(cx, class, classes::RANDOM, made))
}

fn random(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(twister(cx, args[0]).random()))
}

/// Values: self, n. Ints count as they are, other objects by their hash.
fn seed(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let state = match (frame.step, cx.none_or(frame.values[1])) {
        (_, None) => unforeseen(cx),
        (0, Some(n)) => match int::view(&cx.heap, cx.exact(n)) {
            Some(number) => Twister::from_int(number),
            None => {
                frame.step = 1;
                let hash = protocol::hash(cx, n)?;
                of_hash(hash)
            }
        },
        (_, Some(_)) => of_hash(frame.told.into_outcome()?),
    };
    *twister(cx, frame.values[0]) = state;
    Ok(Value::None)
}

/// A hash counts as the unsigned number that its bits are.
fn of_hash(hash: Value) -> Twister {
    let unsigned = hash.as_int().unwrap_or(0) as u64;
    Twister::from_int(Int::from(unsigned).as_ref())
}

fn seed_text(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = bytes::buffer::require(cx, args[1])?;
    *twister(cx, args[0]) = Twister::from_bytes(&text);
    Ok(Value::None)
}

fn getstate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (words, at) = twister(cx, args[0]).state();
    let items: Vec<Value> = words.iter().chain([&at]).map(|&word| Value::Int(word as i64)).collect();
    Ok(cx.heap.new_tuple_from(items))
}

fn setstate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Tuple(id) = cx.exact(args[1]) else {
        return Err(cx.type_error("state vector must be a tuple"));
    };
    let items = cx.heap.tuples.get(id).items().to_vec();
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        match int::view(&cx.heap, item) {
            Some(IntRef::Small(word)) if word >= 0 => words.push(word as u32),
            Some(number) if number.is_negative() => {
                return Err(cx.overflow_error("can't convert negative value to unsigned int"));
            }
            Some(_) => return Err(cx.overflow_error("Python int too large to convert to C unsigned long")),
            None => {
                let class = cx.class_name(item);
                return Err(cx.type_error(format!("'{class}' object cannot be interpreted as an integer")));
            }
        }
    }
    let at = words.pop().unwrap_or(0);
    if words.len() != 624 {
        return Err(cx.value_error("state vector is the wrong size"));
    }
    match Twister::from_state(&words, at) {
        Some(state) => {
            *twister(cx, args[0]) = state;
            Ok(Value::None)
        }
        None => Err(cx.value_error("invalid state")),
    }
}

/// The number of bits that an argument asks for, charged.
fn bit_count(cx: &mut Cx, value: Value) -> Result<u64, Ask> {
    match int::view(&cx.heap, value) {
        Some(number) if number.is_negative() => Err(cx.value_error("number of bits must be non-negative")),
        Some(IntRef::Small(n_bits)) if n_bits <= i32::MAX as i64 => {
            make_room(cx, n_bits as usize / 8)?;
            Ok(n_bits as u64)
        }
        _ => Err(cx.overflow_error("Python int too large to convert to C int")),
    }
}

fn getrandbits(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::Int(n_bits @ 1..=63) = args[1] {
        return Ok(Value::Int(twister(cx, args[0]).bits64(n_bits as u32) as i64));
    }
    let n_bits = bit_count(cx, args[1])?;
    let result = twister(cx, args[0]).bits(n_bits);
    Ok(int::make(cx, result))
}

fn randbelow(cx: &mut Cx, args: &[Value]) -> Outcome {
    match int::view(&cx.heap, args[1]) {
        Some(IntRef::Small(limit)) if limit > 0 => Ok(Value::Int(twister(cx, args[0]).below(limit as u64) as i64)),
        Some(limit) if !limit.is_negative() && !limit.is_zero() => {
            let (limit, n_bits) = (limit.to_int(), bits::bit_length(limit));
            make_room(cx, n_bits as usize / 8)?;
            let generator = twister(cx, args[0]);
            let mut drawn = generator.bits(n_bits);
            while compare(drawn.as_ref(), limit.as_ref()).is_ge() {
                drawn = generator.bits(n_bits);
            }
            Ok(int::make(cx, drawn))
        }
        _ => Ok(Value::Int(0)),
    }
}

crate::natives! {
    /// The functions of the module `_random`.
    pub static RANDOM_MODULE = [
        func "_system_bytes(n: size, /)" => system_bytes, "So many bytes of the system's randomness.";
    ]
}

/// Adds the class to the module `_random`.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    let name = cx.name("Random");
    cx.heap.set_in(dict, name, Value::Class(classes::RANDOM));
}

fn system_bytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(Ok(length)) = args[0].as_int().map(usize::try_from) else {
        return Err(cx.value_error("negative argument not allowed"));
    };
    make_room(cx, length)?;
    let mut data = vec![0; length];
    cx.host.random.fill(&mut data);
    Ok(cx.heap.new_bytes(data))
}
