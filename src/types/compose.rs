//! Texts with the str or repr of values in them, where script code may have to give these.

use super::strings;
use crate::call::{Cx, Outcome, attempt::attempt_frame};
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of composing a text.
    pub static COMPOSE_STEPS = [
        hidden "compose(template, *values)" => step compose_steps, "The template with `%s` and `%r` replaced.";
    ]
}

const COMPOSE: NativeId = NativeId { table: crate::tables::COMPOSE_STEPS, row: 0 };

/// The template with each `%s` and `%r` replaced by the str or repr of the next value.
pub fn compose(cx: &mut Cx, template: &str, values: &[Value]) -> Outcome {
    let template = cx.str(template);
    let mut frame = NativeFrame::new(COMPOSE, &[template]);
    frame.values.extend_from_slice(values);
    attempt_frame(cx, frame, compose_steps)
}

/// The step is the number of values that are texts already.
fn compose_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let template = cx.text_of(frame.values[0]).unwrap_or_default().to_vec();
    let marks: Vec<usize> = (0..template.len())
        .filter(|&at| template[at] == b'%' && matches!(template.get(at + 1), Some(b's' | b'r')))
        .collect();
    while (frame.step as usize) < marks.len() {
        let at = frame.step as usize;
        if matches!(frame.told, Told::Start) {
            let value = frame.values[at + 1];
            let text = match template[marks[at] + 1] {
                b'r' => strings::to_repr(cx, value),
                _ => strings::to_str(cx, value),
            };
            frame.tell(text)?;
        }
        frame.values[at + 1] = frame.told.into_outcome()?;
        frame.told = Told::Start;
        frame.step += 1;
    }
    let mut text = Vec::with_capacity(template.len() + 16 * marks.len());
    let mut from = 0;
    for (number, &mark) in marks.iter().enumerate() {
        text.extend_from_slice(&template[from..mark]);
        text.extend_from_slice(cx.text_of(frame.values[number + 1]).unwrap_or_default());
        from = mark + 2;
    }
    text.extend_from_slice(&template[from..]);
    Ok(cx.heap.new_str_from(text))
}
