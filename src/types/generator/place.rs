//! Where a suspended generator is: the frame object made from its parked registers, and what it waits for.

use crate::call::Cx;
use crate::types::frame;
use crate::value::{Frame, GenKind, GenState, Generator, Id, Parked, Value};

/// The frame object of a generator; None once it is finished.
pub fn frame_of(cx: &mut Cx, id: Id<Generator>) -> Value {
    let generator = cx.heap.gens.get(id);
    let link = generator.link;
    if generator.state == GenState::Finished || link.is_none() {
        return Value::None;
    }
    let Some((parked, regs)) = own_registers(cx, id) else {
        return frame::ended(cx, link, 0, Value::None);
    };
    // The instruction under way is the one before the pc, but for a body that has not begun.
    let pc = if generator.state == GenState::Created { 0 } else { parked.pc.saturating_sub(1) };
    let regs = regs.to_vec();
    let locals = locals_of(cx, link, &regs);
    let made = frame::ended(cx, link, pc, Value::None);
    frame::leave(cx, made, pc, Value::None, locals);
    made
}

/// The parked frame of the generator's own body: the outermost one of its chain, or its place in its driver's.
fn own_registers(cx: &Cx, id: Id<Generator>) -> Option<(Frame, &[Value])> {
    let generator = cx.heap.gens.get(id);
    let parked = match generator.state {
        GenState::Created | GenState::Suspended => generator.parents.first().unwrap_or(&generator.seat),
        GenState::Driven => {
            let driver = cx.heap.gens.get(generator.driver.given()?);
            driver.parents.get(place_in(driver, id)?).unwrap_or(&driver.seat)
        }
        GenState::Running | GenState::Finished => return None,
    };
    match parked {
        Parked::Script { frame, regs, .. } => Some((*frame, regs)),
        Parked::Native { .. } => None,
    }
}

/// The place of a driven generator's frame in its driver's chain; the seat comes after the parents.
fn place_in(driver: &Generator, id: Id<Generator>) -> Option<usize> {
    if driver.state != GenState::Suspended {
        return None;
    }
    let owns = |parked: &Parked| matches!(parked, Parked::Script { owner: Some(owner), .. } if *owner == id);
    let in_parents = driver.parents.iter().position(owns);
    in_parents.or_else(|| (driver.seat_owner == id).then_some(driver.parents.len()))
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

/// What the body awaits or delegates to; None if nothing.
pub fn awaited_by(cx: &mut Cx, id: Id<Generator>) -> Value {
    let generator = cx.heap.gens.get(id);
    let (holder, own) = match (generator.state, generator.driver.given()) {
        (GenState::Suspended, _) => (id, 0),
        (GenState::Driven, Some(driver)) => match place_in(cx.heap.gens.get(driver), id) {
            Some(place) => (driver, place),
            None => return Value::None,
        },
        _ => return Value::None,
    };
    let chain = cx.heap.gens.get(holder);
    if own == chain.parents.len() {
        return chain.awaiting.given().unwrap_or(Value::None);
    }
    let next = own + 1;
    match chain.parents.get(next).unwrap_or(&chain.seat) {
        Parked::Script { frame, owner, .. } => {
            let link = frame.link;
            let known = if next == chain.parents.len() { chain.seat_owner.given() } else { *owner };
            Value::Gen(known.unwrap_or_else(|| made_for(cx, holder, next, link)))
        }
        // What a delegate drives.
        Parked::Native { native, .. } => native.values.first().copied().unwrap_or(Value::None),
    }
}

/// The generator object of a frame that was called without one.
fn made_for(cx: &mut Cx, holder: Id<Generator>, place: usize, link: Id<crate::value::Link>) -> Id<Generator> {
    let flags = cx.heap.links.get(link).code().flags;
    let kind = if flags.is_coroutine { GenKind::Coroutine } else { GenKind::Generator };
    let (state, driver) = (GenState::Driven, holder);
    let generator = Generator { kind, state, driver, link, was_started: true, ..Generator::default() };
    cx.heap.charge(size_of::<Generator>());
    let made = cx.heap.gens.alloc(generator);
    let chain = cx.heap.gens.get_mut(holder);
    match chain.parents.get_mut(place) {
        Some(Parked::Script { owner, .. }) => *owner = Some(made),
        Some(Parked::Native { .. }) => {}
        None => chain.seat_owner = made,
    }
    made
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
