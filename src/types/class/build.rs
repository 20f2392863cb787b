//! `__build_class__`: what the `class` statement calls.
//!
//! The body is a function whose first argument is the namespace; it returns the cell of `__class__`, or None. After it the
//! metaclass is called as any other callable; `type.__new__` fills the cell.

use super::create;
use super::methods::repr_text;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::attribute;
use crate::types::classes::{ATTRIBUTE_ERROR, TYPE};
use crate::value::special::Special;
use crate::value::{Dict, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The function behind the `class` statement, and steps of making classes.
    pub static BUILD_CLASS = [
        func "__build_class__(func, name, /, *bases, metaclass=, **kwds)" => step build_class,
            "Internal helper function used by the class statement.";
        hidden "call_unbound(attr, cls, keywords)" => step create::call_unbound, "`attr.__get__(None, cls)(**keywords)`.";
    ]
}

/// See [`create::call_unbound`].
pub const CALL_UNBOUND: NativeId = NativeId { table: crate::tables::BUILD_CLASS, row: 1 };

// ----- The steps -----

const BEGIN: u32 = 0;
const NEXT_BASE: u32 = 1;
const ENTRIES_FOUND: u32 = 2;
const ENTRIES_MADE: u32 = 3;
const METACLASS: u32 = 4;
const PREPARE_FOUND: u32 = 5;
const PREPARED: u32 = 6;
const BODY_DONE: u32 = 7;
const CREATE: u32 = 8;
const CREATED: u32 = 9;

// The values: as bound, and behind them what the steps add. ORIGINAL is the tuple of bases as written.
const FUNC: usize = 0;
const NAME: usize = 1;
const META: usize = 2;
const KEYWORDS: usize = 3;
const ORIGINAL: usize = 4;
const POSITION: usize = 5;
const BASES: usize = 6;
const NAMESPACE: usize = 7;
const CELL: usize = 8;

fn build_class(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            BEGIN => begin(cx, frame)?,
            NEXT_BASE => next_base(cx, frame)?,
            ENTRIES_FOUND => call_entries(cx, frame)?,
            ENTRIES_MADE => take_entries(cx, frame)?,
            METACLASS => choose_metaclass(cx, frame)?,
            PREPARE_FOUND => prepare(cx, frame)?,
            PREPARED => run_body(cx, frame)?,
            BODY_DONE => end_body(cx, frame)?,
            CREATE => return create_class(cx, frame),
            CREATED => return check_cell(cx, frame),
            step => crate::bug!("__build_class__ has no step {step}"),
        }
    }
}

fn begin(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    if !matches!(frame.values[FUNC], Value::Func(_)) {
        return Err(cx.type_error("__build_class__: func must be a function"));
    }
    if cx.text_of(frame.values[NAME]).is_none() {
        return Err(cx.type_error("__build_class__: name is not a string"));
    }
    let original = cx.heap.new_tuple(&frame.values[ORIGINAL..]);
    frame.values.truncate(ORIGINAL);
    let resolved = cx.heap.new_list(Vec::new());
    frame.values.extend([original, Value::Int(0), resolved, Value::Undef, Value::Undef]);
    frame.step = NEXT_BASE;
    Ok(())
}

fn tuple_items(cx: &Cx, tuple: Value) -> Vec<Value> {
    match cx.exact(tuple) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => Vec::new(),
    }
}

fn resolved_bases<'a>(cx: &'a mut Cx, frame: &NativeFrame) -> &'a mut Vec<Value> {
    let Value::List(list) = frame.values[BASES] else { crate::bug!("the bases are a list until they are resolved") };
    &mut cx.heap.lists.get_mut(list).items
}

fn next_base(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Int(position) = frame.values[POSITION] else { crate::bug!("a position is an int") };
    let Some(&base) = tuple_items(cx, frame.values[ORIGINAL]).get(position as usize) else {
        let bases = resolved_bases(cx, frame).clone();
        let same = bases == tuple_items(cx, frame.values[ORIGINAL]);
        frame.values[BASES] = if same { frame.values[ORIGINAL] } else { cx.heap.new_tuple(&bases) };
        frame.step = METACLASS;
        return Ok(());
    };
    if let Value::Class(_) = base {
        resolved_bases(cx, frame).push(base);
        frame.values[POSITION] = Value::Int(position + 1);
        return Ok(());
    }
    frame.step = ENTRIES_FOUND;
    let found = attribute::get(cx, base, names::special(Special::MroEntries));
    frame.tell(found)
}

fn current_base(cx: &Cx, frame: &NativeFrame) -> Value {
    let Value::Int(position) = frame.values[POSITION] else { crate::bug!("a position is an int") };
    tuple_items(cx, frame.values[ORIGINAL])[position as usize]
}

fn call_entries(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, ATTRIBUTE_ERROR) => {
            let base = current_base(cx, frame);
            resolved_bases(cx, frame).push(base);
            advance(frame);
            Ok(())
        }
        told => {
            let method = told.into_outcome()?;
            frame.step = ENTRIES_MADE;
            Err(cx.ask_call(method, &[frame.values[ORIGINAL]]))
        }
    }
}

fn advance(frame: &mut NativeFrame) {
    let Value::Int(position) = frame.values[POSITION] else { crate::bug!("a position is an int") };
    frame.values[POSITION] = Value::Int(position + 1);
    frame.step = NEXT_BASE;
}

fn take_entries(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let entries = frame.told.into_outcome()?;
    if !matches!(cx.exact(entries), Value::Tuple(_)) {
        return Err(cx.type_error("__mro_entries__ must return a tuple"));
    }
    let entries = tuple_items(cx, entries);
    resolved_bases(cx, frame).extend(entries);
    advance(frame);
    Ok(())
}

fn keywords(frame: &NativeFrame) -> Id<Dict> {
    let Value::Dict(keywords) = frame.values[KEYWORDS] else { crate::bug!("keywords are a dict") };
    keywords
}

/// The metaclass, and its `__prepare__`.
fn choose_metaclass(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let bases = tuple_items(cx, frame.values[BASES]);
    let given = match (frame.values[META], bases.first()) {
        (Value::Undef, None) => Value::Class(TYPE),
        (Value::Undef, Some(&first)) => Value::Class(cx.class_of(first)),
        (given, _) => given,
    };
    frame.values[META] = match given {
        Value::Class(class) => Value::Class(create::winning_metaclass(cx, class, &bases)?),
        other => other,
    };
    frame.step = PREPARE_FOUND;
    if frame.values[META] == Value::Class(TYPE) {
        frame.step = PREPARED;
        frame.told = Told::Value(Value::Dict(cx.heap.new_dict()));
        return Ok(());
    }
    let found = attribute::get(cx, frame.values[META], names::special(Special::Prepare));
    frame.tell(found)
}

fn prepare(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    frame.step = PREPARED;
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, ATTRIBUTE_ERROR) => {
            frame.told = Told::Value(Value::Dict(cx.heap.new_dict()));
            Ok(())
        }
        told => {
            let method = told.into_outcome()?;
            Err(cx.ask_call_with(method, &[frame.values[NAME], frame.values[BASES]], Some(keywords(frame))))
        }
    }
}

fn run_body(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let namespace = frame.told.into_outcome()?;
    if !matches!(cx.exact(namespace), Value::Dict(_)) && cx.special_of(namespace, Special::GetItem).is_none() {
        let meta = match frame.values[META] {
            Value::Class(meta) => cx.text(cx.heap.classes.get(meta).name),
            _ => "<metaclass>".to_owned(),
        };
        let message = format!("{meta}.__prepare__() must return a mapping, not {}", cx.class_name(namespace));
        return Err(cx.type_error(message));
    }
    frame.values[NAMESPACE] = namespace;
    frame.step = BODY_DONE;
    Err(cx.ask_call(frame.values[FUNC], &[namespace]))
}

/// Puts the cell and the bases as written where the metaclass finds them.
fn end_body(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let cell = frame.told.into_outcome()?;
    let namespace = frame.values[NAMESPACE];
    frame.step = CREATE;
    if let Value::Dict(dict) = cx.exact(namespace) {
        if let Value::Cell(_) = cell {
            cx.heap.set_in(dict, names::CLASSCELL, cell);
        }
        if frame.values[BASES] != frame.values[ORIGINAL] {
            cx.heap.set_in(dict, names::ORIG_BASES, frame.values[ORIGINAL]);
        }
    } else if let Value::Cell(_) = cell {
        frame.values[CELL] = cell;
        let outcome = crate::types::item::set(cx, namespace, Value::Str(names::CLASSCELL), cell);
        return frame.tell(outcome);
    }
    frame.values[CELL] = cell;
    Ok(())
}

fn create_class(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    frame.step = CREATED;
    let args = [frame.values[NAME], frame.values[BASES], frame.values[NAMESPACE]];
    Err(cx.ask_call_with(frame.values[META], &args, Some(keywords(frame))))
}

fn check_cell(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let made = frame.told.into_outcome()?;
    if let (Value::Class(class), Value::Cell(cell)) = (made, frame.values[CELL]) {
        let held = cx.heap.cells.get(cell).value;
        if held.is_undef() {
            let name = cx.text_of(frame.values[NAME]).map(|text| String::from_utf8_lossy(text).into_owned());
            let message = format!(
                "__class__ not set defining '{}' as {}. Was __classcell__ propagated to type.__new__?",
                name.unwrap_or_default(),
                repr_text(cx, class)
            );
            return Err(cx.runtime_error(message));
        }
        if held != made {
            let held = match held {
                Value::Class(held) => repr_text(cx, held),
                other => cx.class_name(other),
            };
            let name = cx.text_of(frame.values[NAME]).map(|text| String::from_utf8_lossy(text).into_owned());
            let message =
                format!("__class__ set to {held} defining '{}' as {}", name.unwrap_or_default(), repr_text(cx, class));
            return Err(cx.type_error(message));
        }
    }
    Ok(made)
}
