//! The `raise` statement where it is more than an exception object, and whether an exception matches a handler.

use crate::call::{Ask, Cx, Outcome};
use crate::types::class::methods::repr_text;
use crate::types::classes::{self, BASE_EXCEPTION};
use crate::value::{Exc, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of raising.
    pub static RAISE_STEPS = [
        hidden "raise(value, cause)" => step raise_steps, "`raise value from cause`.";
    ]
}

const RAISE: NativeId = NativeId { table: crate::tables::RAISE_STEPS, row: 0 };

/// The frame of `raise value from cause`; `cause` is `Undef` where there is none.
pub fn raise_frame(value: Value, cause: Value) -> NativeFrame {
    NativeFrame::new(RAISE, &[value, cause])
}

const BEGIN: u32 = 0;
const MADE: u32 = 1;
const CAUSE: u32 = 2;
const CAUSE_MADE: u32 = 3;

fn raise_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            BEGIN => {
                frame.step = CAUSE;
                match frame.values[0] {
                    Value::Exc(_) => {}
                    Value::Class(class) if classes::is_subclass(cx, class, BASE_EXCEPTION) => {
                        frame.step = MADE;
                        return Err(cx.ask_call(frame.values[0], &[]));
                    }
                    _ => return Err(cx.type_error("exceptions must derive from BaseException")),
                }
            }
            MADE => {
                let made = frame.told.into_outcome()?;
                check_made(cx, frame.values[0], made)?;
                frame.values[0] = made;
                frame.step = CAUSE;
            }
            CAUSE => {
                let cause = frame.values[1];
                match cause {
                    Value::Undef | Value::None | Value::Exc(_) => return Err(raise_now(cx, frame, cause)),
                    Value::Class(class) if classes::is_subclass(cx, class, BASE_EXCEPTION) => {
                        frame.step = CAUSE_MADE;
                        return Err(cx.ask_call(cause, &[]));
                    }
                    _ => return Err(cx.type_error("exception causes must derive from BaseException")),
                }
            }
            CAUSE_MADE => {
                let made = frame.told.into_outcome()?;
                check_made(cx, frame.values[1], made)?;
                return Err(raise_now(cx, frame, made));
            }
            step => crate::bug!("raise has no step {step}"),
        }
    }
}

fn check_made(cx: &mut Cx, class: Value, made: Value) -> Result<(), Ask> {
    if let Value::Exc(_) = made {
        return Ok(());
    }
    let Value::Class(class) = class else { crate::bug!("only classes were called") };
    let own = cx.class_of(made);
    let message = format!(
        "calling {} should have returned an instance of BaseException, not {}",
        repr_text(cx, class),
        repr_text(cx, own)
    );
    Err(cx.type_error(message))
}

fn raise_now(cx: &mut Cx, frame: &NativeFrame, cause: Value) -> Ask {
    let Value::Exc(id) = frame.values[0] else { crate::bug!("it was made an exception") };
    if !cause.is_undef() {
        let exc = cx.heap.excs.get_mut(id);
        exc.cause = cause;
        exc.suppress_context = true;
    }
    Ask::Raise(id)
}

// ----- Matching -----

fn is_exception_class(cx: &Cx, value: Value) -> bool {
    matches!(value, Value::Class(class) if classes::is_subclass(cx, class, BASE_EXCEPTION))
}

/// The classes of a handler: one, or those of a tuple. TypeError for what is no class of exceptions.
pub fn handler_classes(cx: &mut Cx, info: Value) -> Result<Vec<Value>, Ask> {
    let classes = match cx.exact(info) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => vec![info],
    };
    if classes.iter().all(|&class| is_exception_class(cx, class)) {
        return Ok(classes);
    }
    Err(cx.type_error("catching classes that do not inherit from BaseException is not allowed"))
}

/// Whether an exception matches a class or a tuple of classes: by its real class alone.
pub fn matches(cx: &mut Cx, exc: Value, info: Value) -> Outcome {
    let classes = handler_classes(cx, info)?;
    let Value::Exc(exc) = exc else { crate::bug!("only exceptions are matched") };
    Ok(Value::Bool(is_one_of(cx, exc, &classes)))
}

/// Whether an exception is an instance of one of the classes.
pub fn is_one_of(cx: &Cx, exc: Id<Exc>, classes: &[Value]) -> bool {
    classes.iter().any(|&class| matches!(class, Value::Class(class) if cx.is_exception(exc, class)))
}
