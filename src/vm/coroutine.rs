//! Calls of coroutine functions, and the objects that such calls make.
//!
//! A coroutine function whose result is awaited at once is entered like a plain function: no object is made, and its return
//! gives the result of the await. Any other call makes the object, from registers that become the first of its frame.

use aspen_grammar::bytecode::{Code, Op, Reg};

use super::fiber::{Window, put_cells};
use super::text::{Text, Texts};
use crate::call::{Cx, Place};
use crate::value::generator::GeneratorRare;
use crate::value::{Frame, Func, GenKind, Generator, Id, Link, Parked, Value};

/// What became of a call.
pub enum Called {
    /// The code of this link is entered, its window beginning at this register; the await behind the call is part of it,
    /// and its register gets the result.
    Awaited(Id<Link>, u32, Reg),
    /// R[dst] is the coroutine.
    Made,
    /// Nothing was done.
    Cold,
}

/// The call at `pc`, if it is one of a coroutine function with just the arguments that it takes.
#[inline(never)]
pub fn call(window: &mut Window, cx: &mut Cx, texts: &Texts, text: &Text, pc: usize) -> Called {
    let (func, first, argc, dst) = match text.ops[pc] {
        Op::CallGlobal { dst, base, argc, global } => {
            let entry_idx = text.global_caches[global.index()].entry_idx.get() as usize;
            (cx.heap.dicts.get(text.globals).entries[entry_idx].value, base.0 + 2, argc, dst)
        }
        Op::Call { dst, base, argc } => (window[base.0 as usize], base.0 + 2, argc, dst),
        Op::CallAttr { dst, base, argc, attr } => {
            (Value::Func(text.attrs[attr.index()].func.get()), base.0 + 1, argc + 1, dst)
        }
        Op::CallMethod { dst, base, argc } => {
            let bound = !window[base.0 as usize + 1].is_undef() as u8;
            (window[base.0 as usize], base.0 + 2 - bound, argc + bound, dst)
        }
        _ => return Called::Cold,
    };
    let Value::Func(id) = func else { return Called::Cold };
    let func = cx.heap.funcs.get(id);
    let fits = func.direct == argc as u16 | Func::AWAITED
        && (func.closure.is_empty() || put_cells(window, first as u32 + argc as u32, &func.closure));
    if !fits {
        return Called::Cold;
    }
    if let Some(Op::Await { dst: to, src }) = text.ops.get(pc + 1)
        && *src == dst
    {
        return Called::Awaited(func.link, first as u32, *to);
    }
    if cx.heap.is_due() {
        return Called::Cold;
    }
    let code = &texts.get(func.link).code;
    let place = Place { link: text.link, pc: pc as u32 };
    window[dst.0 as usize] = make(cx, id, code, &window[first as usize..], place, false);
    Called::Made
}

/// The object that a call of a generator or coroutine function makes. The arguments, then the cells of the closure are the
/// first of `registers`.
pub fn make(
    cx: &mut Cx,
    func: Id<Func>,
    code: &Code,
    registers: &[Value],
    made_at: Place,
    closes_with_loop: bool,
) -> Value {
    let n_set = code.n_register_params() as usize + code.captures.len();
    let mut regs = vec![Value::Undef; code.n_regs as usize].into_boxed_slice();
    regs[..n_set].copy_from_slice(&registers[..n_set]);
    if let Some(far) = code.far_list {
        regs[far.0 as usize] = registers[far.0 as usize];
    }
    let object = cx.heap.funcs.get(func);
    let link = object.link;
    let flags = code.flags;
    let kind = match () {
        () if flags.is_async_generator => GenKind::AsyncGenerator,
        () if flags.is_coroutine => GenKind::Coroutine,
        () => GenKind::Generator,
    };
    let qualname = object.extra.as_ref().and_then(|extra| extra.qualname.given());
    let rare = qualname.map(|qualname| Box::new(GeneratorRare { qualname, ..GeneratorRare::default() }));
    let generator = Generator {
        kind,
        seat: Parked::Script { frame: Frame { link, ..Frame::default() }, regs, owner: None },
        name: object.name,
        rare,
        link,
        made_at,
        is_iterable_coroutine: flags.is_iterable_coroutine,
        closes_with_loop,
        ..Generator::default()
    };
    cx.heap.charge(size_of::<Generator>() + code.n_regs as usize * size_of::<Value>());
    let value = Value::Gen(cx.heap.gens.alloc(generator));
    cx.heap.mortal.push(value);
    value
}
