//! Where a suspended generator is: the frame object made from its parked registers, and what it waits for.

use crate::call::Cx;
use crate::types::frame;
use crate::value::{Frame, GenState, Generator, Id, Parked, Value};

/// The frame object of a generator; None once it is finished.
pub fn frame_of(cx: &mut Cx, id: Id<Generator>) -> Value {
    let generator = cx.heap.gens.get(id);
    let link = generator.link;
    if generator.state == GenState::Finished || link.is_none() {
        return Value::None;
    }
    let Some((parked, regs)) = own_registers(generator) else {
        return frame::ended(cx, link, 0);
    };
    // The instruction under way is the one before the pc, but for a body that has not begun.
    let pc = if generator.state == GenState::Created { 0 } else { parked.pc.saturating_sub(1) };
    let regs = regs.to_vec();
    let locals = locals_of(cx, link, &regs);
    let made = frame::ended(cx, link, pc);
    frame::leave(cx, made, pc, Value::None, locals);
    made
}

/// The parked frame of the generator's own body: the outermost one of its chain.
fn own_registers(generator: &Generator) -> Option<(Frame, &[Value])> {
    if !matches!(generator.state, GenState::Created | GenState::Suspended) {
        return None;
    }
    match generator.parents.first().unwrap_or(&generator.seat) {
        Parked::Script { frame, regs, .. } => Some((*frame, regs)),
        Parked::Native { .. } => None,
    }
}

/// A dict of the locals in these registers.
fn locals_of(cx: &mut Cx, link: Id<crate::value::Link>, regs: &[Value]) -> Value {
    let code = cx.heap.links.get(link).code().clone();
    let dict = cx.heap.new_dict();
    for (name, &value) in code.locals.iter().zip(regs) {
        let value = match value {
            Value::Cell(cell) => cx.heap.cells.get(cell).value,
            value => value,
        };
        if !name.is_empty() && !name.starts_with('.') && !value.is_undef() {
            let name = cx.name(name);
            cx.heap.set_in(dict, name, value);
        }
    }
    Value::Dict(dict)
}

/// What the body awaits or delegates to, where that is an object; None otherwise.
pub fn awaited_by(cx: &mut Cx, id: Id<Generator>) -> Value {
    let generator = cx.heap.gens.get(id);
    if generator.state != GenState::Suspended {
        return Value::None;
    }
    let next = if generator.parents.is_empty() { None } else { generator.parents.get(1).or(Some(&generator.seat)) };
    match next {
        // A coroutine object, or a coroutine that never became one.
        Some(Parked::Script { owner, .. }) => {
            let owner = owner.or(if generator.parents.len() == 1 { generator.seat_owner } else { None });
            owner.map_or(Value::None, Value::Gen)
        }
        // What a delegate drives.
        Some(Parked::Native { native, .. }) => native.values.first().copied().unwrap_or(Value::None),
        None => generator.awaiting.given().unwrap_or(Value::None),
    }
}

/// Whether a value is what `await` takes without asking: coroutines, and generators that count as such.
pub fn is_coroutine(cx: &Cx, value: Value) -> bool {
    match value {
        Value::Gen(id) => {
            let generator = cx.heap.gens.get(id);
            generator.kind == crate::value::GenKind::Coroutine || generator.is_iterable_coroutine
        }
        _ => false,
    }
}
