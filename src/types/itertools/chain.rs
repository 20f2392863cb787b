//! chain, islice, starmap, compress.

use super::tool::{self, Tool};
use crate::call::iterate::{pause, take};
use crate::call::{Ask, CallAsk, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{class, classes, drive, generic_alias, protocol};
use crate::value::iterator::Iter;
use crate::value::{NativeFrame, Value};

crate::natives! {
    /// The rows of the class chain.
    pub static CHAIN = [
        new "__new__(cls, *iterables)" => chain_new, "Return a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.";
        class "from_iterable(cls, iterable: iter, /)" => chain_from_iterable, "Alternative chain() constructor taking a single iterable argument that evaluates lazily.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step chain_next, "Implement next(self).";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// The rows of the class islice.
    pub static ISLICE = [
        new "__new__(cls, iterable: iter, start, stop=, step=, /)" => islice_new, "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step islice_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class starmap.
    pub static STARMAP = [
        new "__new__(cls, function, iterable: iter, /)" => starmap_new, "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step starmap_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class compress.
    pub static COMPRESS = [
        new "__new__(cls, data: iter, selectors: iter)" => compress_new, "Return data elements corresponding to true selector elements.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step compress_next, "Implement next(self).";
    ]
}

/// `source` gives the iterables, `kept` is the iterator of the current one.
fn chain_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let iterables = cx.heap.new_tuple(&args[1..]);
    let source = cx.heap.new_iter(Iter::Items { sequence: iterables, index: 0 });
    tool::make(cx, args[0], classes::CHAIN, Tool { source, ..Tool::default() })
}

fn chain_from_iterable(cx: &mut Cx, args: &[Value]) -> Outcome {
    tool::make(cx, args[0], classes::CHAIN, Tool { source: args[1], ..Tool::default() })
}

/// Step 1: the iterator of the next iterable was asked for.
fn chain_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    loop {
        if frame.step == 1 {
            frame.step = 0;
            tool::get_mut(cx, id).kept = std::mem::take(&mut frame.told).into_outcome()?;
        }
        let (source, current) = (tool::get(cx, id).source, tool::get(cx, id).kept);
        if !current.is_undef() {
            if let Some(item) = take(cx, frame, current)? {
                return Ok(item);
            }
            tool::get_mut(cx, id).kept = Value::Undef;
            continue;
        }
        if source.is_undef() {
            return Err(Ask::End);
        }
        if let Some(ask) = pause(cx) {
            return Err(ask);
        }
        cx.burnt += 1;
        let Some(iterable) = take(cx, frame, source)? else {
            tool::get_mut(cx, id).source = Value::Undef;
            return Err(Ask::End);
        };
        match protocol::iter(cx, iterable) {
            Ok(iterator) => tool::get_mut(cx, id).kept = iterator,
            Err(ask) => {
                frame.step = 1;
                return Err(ask.to_come_back());
            }
        }
    }
}

/// `next` is the number of the item to give next, `stop` where to end or -1, `step`; `places[0]` how many were taken.
fn islice_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let [class, source, first, second, third] = *args else { crate::bug!("islice takes five values") };
    let bound = |cx: &Cx, value: Value| match cx.exact(value) {
        Value::Undef | Value::None => Ok(None),
        Value::Int(int) if int >= 0 => Ok(Some(int)),
        Value::Bool(bool) => Ok(Some(bool as i64)),
        _ => Err(()),
    };
    let has_stop_only = second.is_undef();
    let (start, stop) = if has_stop_only { (Value::None, first) } else { (first, second) };
    let Ok(stop) = bound(cx, stop) else {
        let message = match has_stop_only {
            true => "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
            false => "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
        };
        return Err(cx.value_error(message));
    };
    let Ok(start) = bound(cx, start) else {
        return Err(cx.value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."));
    };
    let step = match bound(cx, third) {
        Ok(None) => 1,
        Ok(Some(step)) if step > 0 => step,
        _ => return Err(cx.value_error("Step for islice() must be a positive integer or None.")),
    };
    let (next, stop) = (start.unwrap_or(0), stop.unwrap_or(-1));
    tool::make(cx, class, classes::ISLICE, Tool { source, next, stop, step, places: vec![0], ..Tool::default() })
}

fn islice_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    loop {
        let state = tool::get(cx, id);
        let (source, next, taken) = (state.source, state.next, state.places[0] as i64);
        if source.is_undef() {
            return Err(Ask::End);
        }
        let is_asked = frame.awaits_item;
        if !is_asked && taken >= next && state.stop != -1 && taken >= state.stop {
            tool::get_mut(cx, id).source = Value::Undef;
            return Err(Ask::End);
        }
        if let Some(ask) = pause(cx).filter(|_| !is_asked) {
            return Err(ask);
        }
        cx.burnt += 1;
        let Some(item) = take(cx, frame, source)? else {
            tool::get_mut(cx, id).source = Value::Undef;
            return Err(Ask::End);
        };
        let state = tool::get_mut(cx, id);
        state.places[0] += 1;
        if taken < next {
            continue;
        }
        state.next = next.saturating_add(state.step);
        if state.stop != -1 && state.next > state.stop {
            state.next = state.stop;
        }
        return Ok(item);
    }
}

fn starmap_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    tool::make(cx, args[0], classes::STARMAP, Tool { with: args[1], source: args[2], ..Tool::default() })
}

/// Step 1: the arguments were asked for as a tuple.
fn starmap_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let (source, function) = (tool::get(cx, id).source, tool::get(cx, id).with);
    let arguments = match frame.step {
        0 => {
            let Some(arguments) = take(cx, frame, source)? else { return Err(Ask::End) };
            match drive::tuple(cx, arguments) {
                Ok(arguments) => arguments,
                Err(ask) => {
                    frame.step = 1;
                    return Err(ask.to_come_back());
                }
            }
        }
        _ => frame.told.into_outcome()?,
    };
    let Value::Tuple(arguments) = arguments else { crate::bug!("arguments are a tuple") };
    let args = cx.heap.tuples.get(arguments).items().into();
    cx.call = CallAsk { callee: function, args, ..CallAsk::default() };
    Err(Ask::Tail)
}

fn compress_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    class::checked_class(cx, args[0], classes::COMPRESS)?;
    tool::make(cx, args[0], classes::COMPRESS, Tool { source: args[1], with: args[2], ..Tool::default() })
}

/// Values: self, then the item at hand. Steps: 0; 1 the selector is being read; 2 its truth is asked for.
fn compress_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let (source, selectors) = (tool::get(cx, id).source, tool::get(cx, id).with);
    loop {
        if frame.step == 0 {
            if let Some(ask) = pause(cx).filter(|_| !frame.awaits_item) {
                return Err(ask);
            }
            cx.burnt += 1;
            let Some(item) = take(cx, frame, source)? else { return Err(Ask::End) };
            frame.values.truncate(1);
            frame.values.push(item);
            frame.step = 1;
        }
        let truth = match frame.step {
            1 => {
                let Some(selector) = take(cx, frame, selectors)? else { return Err(Ask::End) };
                frame.step = 2;
                protocol::truth(cx, selector)?
            }
            _ => std::mem::take(&mut frame.told).into_outcome()?,
        };
        frame.step = 0;
        if truth == Value::Bool(true) {
            return Ok(frame.values[1]);
        }
    }
}
