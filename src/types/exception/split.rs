//! Taking exception groups apart, without recursion: `split`, `subgroup`, and the parts that `except*` puts together.
//!
//! A level for each nested group on the way down. A level that is through makes its parts with `derive`, which a script
//! may have written, and gives them to the level around it.

use super::base::notes_of;
use super::group::{exceptions_of, is_group};
use super::raising::is_one_of;
use super::traceback_of;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{attribute, method_call, protocol};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Exc, Id, NativeFrame, NativeId, Told, Value};

/// Which exceptions are taken.
pub enum Condition {
    Classes(Vec<Value>),
    /// A script's function says so.
    Callee(Value),
    /// These, which are no groups.
    Leaves(Vec<Id<Exc>>),
}

struct Level {
    group: Id<Exc>,
    children: Vec<Id<Exc>>,
    at: usize,
    matched: Vec<Value>,
    rest: Vec<Value>,
    /// The part of those that match, once it is made.
    part: Value,
}

struct Split {
    condition: Condition,
    /// What is left is wanted, too: `split`.
    wants_rest: bool,
    levels: Vec<Level>,
    /// What the condition is asked about.
    asked: Id<Exc>,
}

impl NativeObject for Split {
    fn trace(&self, gray: &mut Gray) {
        match &self.condition {
            Condition::Classes(values) => trace_values(values, gray),
            Condition::Callee(value) => trace_values(&[*value], gray),
            Condition::Leaves(leaves) => gray.extend(leaves.iter().map(|&leaf| Value::Exc(leaf))),
        }
        for level in &self.levels {
            gray.push(Value::Exc(level.group));
            trace_values(&level.matched, gray);
            trace_values(&level.rest, gray);
            trace_values(&[level.part], gray);
        }
        if !self.asked.is_none() {
            gray.push(Value::Exc(self.asked));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Split>()
            + self.levels.iter().map(|level| size_of::<Level>() + level.children.len() * 32).sum::<usize>()
    }
}

crate::natives! {
    /// Steps of taking a group apart.
    pub static SPLIT_STEPS = [
        hidden "split(group)" => step split_steps, "One exception after the other.";
    ]
}

const SPLIT: NativeId = NativeId { table: crate::tables::SPLIT_STEPS, row: 0 };

/// Asks for the parts of a group: with `wants_rest` a tuple of those that match and the others, else the former.
pub fn ask(cx: &mut Cx, group: Id<Exc>, condition: Condition, wants_rest: bool) -> Ask {
    let mut frame = NativeFrame::new(SPLIT, &[Value::Exc(group)]);
    frame.state = Some(Box::new(Split { condition, wants_rest, levels: Vec::new(), asked: Id::NONE }));
    cx.ask_push(frame)
}

/// All exceptions in a group that are no groups.
pub fn collect_leaves(cx: &Cx, exc: Id<Exc>, leaves: &mut Vec<Id<Exc>>) {
    let mut left = vec![exc];
    while let Some(exc) = left.pop() {
        if is_group(cx, exc) {
            left.extend(exceptions_of(cx, exc));
        } else {
            leaves.push(exc);
        }
    }
}

const LOOK: u32 = 0;
const ANSWERED: u32 = 1;
const TRUTH: u32 = 2;
const NEXT: u32 = 3;
const PART_MADE: u32 = 4;
const REST_MADE: u32 = 5;

fn split_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Exc(whole) = frame.values[0] else { crate::bug!("a group is taken apart") };
    let mut state = frame.state.take().expect("split has its state");
    let state_any: &mut dyn std::any::Any = &mut *state;
    let split = state_any.downcast_mut::<Split>().expect("split has a Split");
    if split.asked.is_none() {
        split.asked = whole;
    }
    let outcome = run(cx, frame, split);
    frame.state = Some(state);
    outcome
}

fn run(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split) -> Outcome {
    loop {
        cx.burnt += 1;
        match frame.step {
            LOOK => look(cx, frame, split)?,
            ANSWERED => {
                let answer = frame.told.into_outcome()?;
                frame.step = TRUTH;
                match protocol::quick_truth(cx, answer) {
                    Some(truth) => frame.told = Told::Value(Value::Bool(truth)),
                    None => return Err(cx.ask_push(protocol::truth_frame(answer))),
                }
            }
            TRUTH => {
                let holds = frame.told.into_outcome()? == Value::Bool(true);
                if let Some(result) = judge(cx, frame, split, holds) {
                    return Ok(result);
                }
            }
            NEXT => next(cx, frame, split)?,
            PART_MADE => {
                let part = frame.told.into_outcome()?;
                part_made(cx, frame, split, part)?;
            }
            REST_MADE => {
                let rest = frame.told.into_outcome()?;
                if let Some(result) = rest_made(cx, frame, split, rest)? {
                    return Ok(result);
                }
            }
            step => crate::bug!("split has no step {step}"),
        }
    }
}

/// Whether `asked` is taken.
fn look(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split) -> Result<(), Ask> {
    frame.step = TRUTH;
    let holds = match &split.condition {
        Condition::Classes(classes) => is_one_of(cx, split.asked, classes),
        Condition::Leaves(leaves) => leaves.contains(&split.asked),
        Condition::Callee(callee) => {
            frame.step = ANSWERED;
            return Err(cx.ask_call(*callee, &[Value::Exc(split.asked)]));
        }
    };
    frame.told = Told::Value(Value::Bool(holds));
    Ok(())
}

/// What becomes of `asked`; the result, if it was the whole group and is taken.
fn judge(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split, holds: bool) -> Option<Value> {
    let asked = split.asked;
    frame.step = NEXT;
    match split.levels.last_mut() {
        None if holds => {
            let whole = Value::Exc(asked);
            return Some(if split.wants_rest { cx.heap.new_tuple(&[whole, Value::None]) } else { whole });
        }
        Some(level) if holds => level.matched.push(Value::Exc(asked)),
        Some(level) if !is_group(cx, asked) => level.rest.push(Value::Exc(asked)),
        None | Some(_) => split.levels.push(Level {
            group: asked,
            children: exceptions_of(cx, asked),
            at: 0,
            matched: Vec::new(),
            rest: Vec::new(),
            part: Value::None,
        }),
    }
    None
}

/// The next child, or the parts of a group that is through.
fn next(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split) -> Result<(), Ask> {
    let level = split.levels.last_mut().expect("the whole group is a level");
    if let Some(&child) = level.children.get(level.at) {
        level.at += 1;
        split.asked = child;
        frame.step = LOOK;
        return Ok(());
    }
    frame.step = PART_MADE;
    let (group, matched) = (level.group, level.matched.clone());
    derive(cx, frame, group, matched)
}

fn derive(cx: &mut Cx, frame: &mut NativeFrame, group: Id<Exc>, excs: Vec<Value>) -> Result<(), Ask> {
    if excs.is_empty() {
        frame.told = Told::Value(Value::None);
        return Ok(());
    }
    let list = cx.heap.new_list(excs);
    let name = cx.name("derive");
    Err(method_call::ask(cx, Value::Exc(group), name, &[list]))
}

fn part_made(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split, part: Value) -> Result<(), Ask> {
    let level = split.levels.last_mut().expect("it is being made");
    let group = level.group;
    keep_history(cx, group, part)?;
    level.part = part;
    frame.step = REST_MADE;
    let rest = if split.wants_rest { std::mem::take(&mut level.rest) } else { Vec::new() };
    derive(cx, frame, group, rest)
}

/// Gives both parts to the level around; the result, if there is none.
fn rest_made(cx: &mut Cx, frame: &mut NativeFrame, split: &mut Split, rest: Value) -> Result<Option<Value>, Ask> {
    let level = split.levels.pop().expect("it was being made");
    keep_history(cx, level.group, rest)?;
    frame.step = NEXT;
    match split.levels.last_mut() {
        None if split.wants_rest => return Ok(Some(cx.heap.new_tuple(&[level.part, rest]))),
        None => return Ok(Some(level.part)),
        Some(around) => {
            around.matched.extend(Some(level.part).filter(|part| !part.is_none()));
            around.rest.extend(Some(rest).filter(|rest| !rest.is_none()));
        }
    }
    Ok(None)
}

/// A part has the traceback, cause, context and notes of the whole.
fn keep_history(cx: &mut Cx, whole: Id<Exc>, part: Value) -> Result<(), Ask> {
    if part.is_none() {
        return Ok(());
    }
    let part = match part {
        Value::Exc(part) if is_group(cx, part) => part,
        _ => return Err(cx.type_error("derive must return an instance of BaseExceptionGroup")),
    };
    let traceback = traceback_of(cx, whole);
    let object = cx.heap.excs.get(whole);
    let (cause, context, suppress_context) = (object.cause, object.context, object.suppress_context);
    let object = cx.heap.excs.get_mut(part);
    (object.trace, object.traceback) = (Vec::new(), traceback);
    (object.cause, object.context, object.suppress_context) = (cause, context, suppress_context);
    if let Some(Value::List(notes)) = notes_of(cx, whole) {
        let copy = cx.heap.lists.get(notes).items.clone();
        let copy = cx.heap.new_list(copy);
        attribute::generic_set(cx, Value::Exc(part), names::NOTES, copy)?;
    }
    Ok(())
}
