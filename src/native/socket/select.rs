//! The module `select`: which descriptors are ready. Waiting parks the fiber.
//!
//! `select()` is here; `poll` and `epoll` objects are made of `_ready`, in `stdlib/selectors.as`.

use crate::call::{Ask, Cx, MachineAsk, Outcome, Wait, WaitKind, fiber, names};
use crate::host::{Direction, Fd, WatchId};
use crate::native::deadline;
use crate::types::socket::checked;
use crate::types::{drive, method_call};
use crate::value::native_object::NativeObject;
use crate::value::{Gray, NativeFrame, Told, Value};

crate::natives! {
    /// The functions of `select`.
    pub static SELECT = [
        func "select(rlist: list, wlist: list, xlist: list, timeout=None, /)" => step select, "Wait until one or more file descriptors are ready for some kind of I/O.";
    ]
}

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: crate::value::Id<crate::value::Dict>) {
    let name = cx.name("error");
    cx.heap.set_in(dict, name, Value::Class(crate::types::classes::OS_ERROR));
}

/// The watches of a wait under way.
struct Watches {
    watches: Vec<WatchId>,
}

impl NativeObject for Watches {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Watches>() + self.watches.capacity() * size_of::<WatchId>()
    }
}

// Values of the frame.
const TIMEOUT: usize = 3;
/// From here on: the number of each object of the three lists, in order.
const NUMBERS: usize = 4;

const GATHER: u32 = 0;
const ASKED_NUMBER: u32 = 1;
const LOOK: u32 = 2;
const WAITED: u32 = 3;

fn items(cx: &mut Cx, value: Value) -> Result<Vec<Value>, Ask> {
    Ok(drive::quick_items(cx, value)?.unwrap_or_default())
}

/// The number of a descriptor, if the object says it without script code.
fn number_of(cx: &mut Cx, value: Value) -> Option<i64> {
    cx.exact(value).as_int()
}

fn select(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let lists = [items(cx, frame.values[0])?, items(cx, frame.values[1])?, items(cx, frame.values[2])?];
    let objects = lists.concat();
    while frame.step <= ASKED_NUMBER {
        if frame.step == ASKED_NUMBER {
            let told = std::mem::take(&mut frame.told).into_outcome()?;
            push_number(cx, frame, told)?;
            frame.step = GATHER;
        }
        let at = frame.values.len() - NUMBERS;
        match objects.get(at) {
            None => {
                check_timeout(cx, frame)?;
                frame.step = LOOK;
            }
            Some(&object) if number_of(cx, object).is_some() => push_number(cx, frame, object)?,
            Some(&object) => {
                frame.step = ASKED_NUMBER;
                match crate::types::attribute::get(cx, object, names::FILENO) {
                    Err(Ask::Raise(_)) => {
                        return Err(cx.type_error("argument must be an int, or have a fileno() method."));
                    }
                    _ => return Err(method_call::ask(cx, object, names::FILENO, &[])),
                }
            }
        }
    }
    look(cx, frame, &lists)
}

fn push_number(cx: &mut Cx, frame: &mut NativeFrame, value: Value) -> Result<(), Ask> {
    match number_of(cx, value) {
        Some(number) if number < 0 => {
            Err(cx.value_error(format!("file descriptor cannot be a negative integer ({number})")))
        }
        Some(number) => {
            frame.values.push(Value::Int(number));
            Ok(())
        }
        None => Err(cx.type_error("fileno() returned a non-integer")),
    }
}

/// The time-out becomes the deadline: Undef for not at all.
fn check_timeout(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    frame.values[TIMEOUT] = match cx.none_or(frame.values[TIMEOUT]) {
        None => Value::None,
        Some(given) => {
            if !matches!(cx.exact(given), Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
                return Err(cx.type_error("timeout must be a float or None"));
            }
            let seconds = deadline::seconds(cx, given)?;
            if seconds < 0.0 {
                return Err(cx.value_error("timeout must be non-negative"));
            }
            if seconds == 0.0 { Value::Undef } else { Value::Int(deadline::after(cx, seconds)) }
        }
    };
    Ok(())
}

fn look(cx: &mut Cx, frame: &mut NativeFrame, lists: &[Vec<Value>; 3]) -> Outcome {
    if frame.step == WAITED {
        drop_watches(cx, frame);
    }
    let (n_read, n_write) = (lists[0].len(), lists[1].len());
    let asked: Vec<(Fd, Direction)> = frame.values[NUMBERS..]
        .iter()
        .take(n_read + n_write)
        .enumerate()
        .map(|(at, number)| {
            let direction = if at < n_read { Direction::Read } else { Direction::Write };
            (Fd(number.as_int().unwrap_or(-1) as i32), direction)
        })
        .collect();
    let result = cx.host.ready_now(&asked);
    let ready = checked(cx, result)?;
    let is_over = match std::mem::take(&mut frame.told) {
        Told::Raised(exc) => return Err(Ask::Raise(exc)),
        Told::Value(Value::Bool(false)) if frame.step == WAITED => true,
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => frame.values[TIMEOUT].is_undef(),
    };
    if is_over || ready.contains(&true) {
        let objects = [&lists[0][..], &lists[1][..]].concat();
        let mut found = [Vec::new(), Vec::new()];
        for (at, _) in ready.iter().enumerate().filter(|(_, is_ready)| **is_ready) {
            found[usize::from(at >= n_read)].push(objects[at]);
        }
        let [readers, writers] = found.map(|found| cx.heap.new_list(found));
        let others = cx.heap.new_list(Vec::new());
        return Ok(cx.heap.new_tuple(&[readers, writers, others]));
    }
    let token = fiber::fiber_token(cx.fiber.id);
    let mut watches = Vec::with_capacity(asked.len());
    for (fd, direction) in asked {
        match cx.host.watch(fd, direction, token) {
            Ok(watch) => watches.push(watch),
            Err(error) => {
                watches.into_iter().for_each(|watch| {
                    cx.host.unwatch(watch);
                });
                return Err(crate::types::os_error::raise(cx, &error));
            }
        }
    }
    frame.state = Some(Box::new(Watches { watches }));
    frame.step = WAITED;
    let wait = Wait::on(WaitKind::Descriptors, Value::None).until(frame.values[TIMEOUT].as_int());
    Err(cx.ask_machine(MachineAsk::Park(wait)))
}

fn drop_watches(cx: &mut Cx, frame: &mut NativeFrame) {
    let state: Option<Box<dyn std::any::Any>> = frame.state.take().map(|state| state as _);
    if let Some(Ok(watches)) = state.map(|state| state.downcast::<Watches>()) {
        watches.watches.into_iter().for_each(|watch| {
            cx.host.unwatch(watch);
        });
    }
}
