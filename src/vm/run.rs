//! The loop.
//!
//! `run_fiber` is the only function that executes script code, and only the driver calls it. An arm knows its common case;
//! for anything else it leaves with a [`Stop`] that carries nothing, and the code below the loop runs the instruction at
//! `pc` again in all its generality. So nothing is kept alive for the cold side, and the loop's state stays in registers.
//! `pc` advances at the bottom: operands are then addressed through the same register as the opcode.

use aspen_grammar::bytecode::Op;

use super::coroutine::{self, Called};
use super::fiber::{Fiber, put_cells, window_at};
use super::text::Texts;
use super::warm::{self, Left, Warm};
use super::{Moved, Next, Signal, call, deliver, enter, native, slow, suspend};
use crate::call::Cx;
use crate::value::frame::{Frame, FrameKind, Want};
use crate::value::{Func, Value};

/// Why the fast loop stopped; no payload, so that leaving an arm costs the others nothing.
pub enum Stop {
    /// Not a case that the loop knows.
    Warm,
    Fuel,
    Full,
    /// A call of a script function that takes more than its registers.
    Call,
    /// A call of a coroutine function.
    Coroutine,
    /// `await` of a value.
    Await,
    /// A loop resumes its generator.
    Enter,
    /// `yield`.
    Leave,
    /// A return to something else than a script frame that wants the value.
    Return,
}

/// Runs until something is for the driver to decide; also returns the fuel that is left.
pub fn run_fiber(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, mut fuel: i64) -> (Signal, i64) {
    let mut left: Option<Left> = None;
    'native: loop {
        // Native frames step here until script code is on top.
        while fiber.top().kind == FrameKind::Native {
            if fuel < 0 {
                return (Signal::Fuel, fuel);
            }
            let moved = native::step_native(fiber, texts, cx);
            fuel -= 1 + cx.take_burnt();
            if !cx.stale_classes.is_empty() {
                texts.forget_stale(cx);
            }
            match moved {
                Ok(_) => {}
                Err(signal) => return (signal, fuel),
            }
        }
        'reframe: loop {
            let frame = fiber.top();
            let mut text = texts.get(frame.link);
            let Some(mut window) = window_at(&mut fiber.stack, frame.base) else {
                fiber.ensure(frame.base);
                continue 'reframe;
            };
            let mut code: &[Op] = &text.ops;
            let mut pc = frame.pc as usize;

            /// The integers in two registers, or the slow tier.
            macro_rules! ints {
                ($lhs:expr, $rhs:expr) => {{
                    if let Value::Int(left) = window[$lhs.0 as usize]
                        && let Value::Int(right) = window[$rhs.0 as usize]
                    {
                        (left, right)
                    } else {
                        break Stop::Warm;
                    }
                }};
            }
            /// `R[dst] = R[lhs] op R[rhs]` of two ints that do not overflow, or two floats.
            macro_rules! arith {
                ($dst:expr, $lhs:expr, $rhs:expr, $checked:ident, $op:tt) => {{
                    match &window[$lhs.0 as usize] {
                        Value::Int(left) => {
                            let Value::Int(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            let Some(result) = left.$checked(*right) else { break Stop::Warm };
                            window[$dst.0 as usize] = Value::Int(result);
                        }
                        Value::Float(left) => {
                            let Value::Float(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            window[$dst.0 as usize] = Value::Float(left $op right);
                        }
                        _ => break Stop::Warm,
                    }
                }};
            }
            macro_rules! arith_to {
                ($dst:expr, $rhs:expr, $checked:ident, $assign:tt) => {{
                    if let Value::Int(right) = window[$rhs.0 as usize] {
                        let Value::Int(left) = &mut window[$dst.0 as usize] else { break Stop::Warm };
                        let Some(result) = left.$checked(right) else { break Stop::Warm };
                        *left = result;
                    } else if let Value::Float(right) = window[$rhs.0 as usize] {
                        let Value::Float(left) = &mut window[$dst.0 as usize] else { break Stop::Warm };
                        *left $assign right;
                    } else {
                        break Stop::Warm;
                    }
                }};
            }
            /// A forward jump if the comparison of two ints, or of two floats, gives `$sense`.
            macro_rules! jump_cmp {
                ($lhs:expr, $rhs:expr, $to:expr, $op:tt, $sense:expr) => {{
                    let holds = match &window[$lhs.0 as usize] {
                        Value::Int(left) => {
                            let Value::Int(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            left $op right
                        }
                        Value::Float(left) => {
                            let Value::Float(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            left $op right
                        }
                        _ => break Stop::Warm,
                    };
                    if holds == $sense {
                        pc = $to.0 as usize;
                        continue;
                    }
                }};
            }
            macro_rules! jump_cmp_int {
                ($lhs:expr, $int:expr, $to:expr, $op:tt, $sense:expr) => {{
                    let Value::Int(left) = window[$lhs.0 as usize] else { break Stop::Warm };
                    if (left $op $int as i64) == $sense {
                        pc = $to.0 as usize;
                        continue;
                    }
                }};
            }
            /// A backward jump, which burns fuel.
            macro_rules! go_back {
                ($to:expr) => {{
                    pc = $to.0 as usize;
                    fuel -= 1;
                    if fuel < 0 {
                        break Stop::Fuel;
                    }
                    continue;
                }};
            }
            macro_rules! loop_cmp {
                ($lhs:expr, $rhs:expr, $to:expr, $op:tt) => {{
                    let holds = match &window[$lhs.0 as usize] {
                        Value::Int(left) => {
                            let Value::Int(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            left $op right
                        }
                        Value::Float(left) => {
                            let Value::Float(right) = &window[$rhs.0 as usize] else { break Stop::Warm };
                            left $op right
                        }
                        _ => break Stop::Warm,
                    };
                    if holds {
                        go_back!($to);
                    }
                }};
            }
            macro_rules! loop_cmp_int {
                ($lhs:expr, $int:expr, $to:expr, $op:tt) => {{
                    let Value::Int(left) = window[$lhs.0 as usize] else { break Stop::Warm };
                    if left $op $int as i64 {
                        go_back!($to);
                    }
                }};
            }
            /// Enters the code of `$link`, whose window begins at R[$first]; without room it does `$refuse`.
            macro_rules! enter {
                ($link:expr, $first:expr, $dst:expr, $refuse:expr) => {
                    enter!($link, $first, $dst.0, FrameKind::Call, Want::Value, $refuse)
                };
                ($link:expr, $first:expr, $dst:expr, $kind:expr, $want:expr, $refuse:expr) => {{
                    let link = $link;
                    let Some([caller, callee]) = fiber.frames.top_and_free() else { $refuse };
                    caller.pc = pc as u32 + 1;
                    let base = caller.base + $first;
                    *callee = Frame { link, pc: 0, base, dst: $dst, kind: $kind, want: $want };
                    fiber.frames.take_free();
                    fuel -= 1;
                    if fuel < 0 {
                        return (Signal::Fuel, fuel);
                    }
                    let Some(fresh) = window_at(&mut fiber.stack, base) else { continue 'reframe };
                    window = fresh;
                    text = texts.get(link);
                    code = &text.ops;
                    pc = 0;
                    continue;
                }};
            }
            /// Enters the function `$func` if it takes just `$argc` arguments.
            macro_rules! enter_function {
                ($func:expr, $argc:expr, $first:expr, $dst:expr) => {{
                    let func = cx.heap.funcs.get($func);
                    if func.direct != $argc {
                        break if func.direct == $argc | Func::AWAITED { Stop::Coroutine } else { Stop::Warm };
                    }
                    if !(func.closure.is_empty() || put_cells(window, $first + $argc as u32, &func.closure)) {
                        break Stop::Call;
                    }
                    enter!(func.link, $first, $dst, break Stop::Call)
                }};
            }
            /// Gives `$value` to the script frame below and goes on there.
            macro_rules! give_back {
                ($value:expr) => {{
                    let Some([caller, frame]) = fiber.frames.top_two() else { break Stop::Return };
                    if frame.kind != FrameKind::Call {
                        break Stop::Return;
                    }
                    let value = $value;
                    let (base, dst) = (caller.base, frame.dst);
                    pc = caller.pc as usize;
                    text = texts.get(caller.link);
                    code = &text.ops;
                    fiber.frames.pop();
                    let Some(fresh) = window_at(&mut fiber.stack, base) else { continue 'reframe };
                    window = fresh;
                    window[dst as usize] = value;
                    continue;
                }};
            }

            let moved: Moved = loop {
                // The fast tier. By reference: `let op = code[pc]` would decode every operand layout before the jump.
                let stop = loop {
                    let op = &code[pc];
                    match *op {
                        Op::Move { dst, src } => window[dst.0 as usize] = window[src.0 as usize],
                        Op::LoadNone { dst } => window[dst.0 as usize] = Value::None,
                        Op::LoadBool { dst, value } => window[dst.0 as usize] = Value::Bool(value),
                        Op::LoadInt { dst, int } => window[dst.0 as usize] = Value::Int(int as i64),
                        Op::LoadConst { dst, constant } => window[dst.0 as usize] = text.consts[constant.index()],
                        Op::Unbind { from, n } => {
                            for at in from.0..from.0 + n {
                                window[at as usize] = Value::Undef;
                            }
                        }
                        Op::CheckBound { src, .. } => {
                            if window[src.0 as usize].is_undef() {
                                break Stop::Warm;
                            }
                        }
                        Op::LoadGlobal { dst, global } => {
                            let cache = &text.global_caches[global.index()];
                            let globals = cx.heap.dicts.get(text.globals);
                            if globals.keys_version != cache.version.get() {
                                break Stop::Warm;
                            }
                            if cache.builtins_version.get() == 0 {
                                window[dst.0 as usize] = globals.entries[cache.entry_idx.get() as usize].value;
                            } else {
                                let builtins = cx.heap.dicts.get(text.builtins);
                                if builtins.keys_version != cache.builtins_version.get() {
                                    break Stop::Warm;
                                }
                                window[dst.0 as usize] = builtins.entries[cache.entry_idx.get() as usize].value;
                            }
                        }
                        Op::LoadName { dst, global } => {
                            if !window[0].is_undef() {
                                break Stop::Warm;
                            }
                            let cache = &text.global_caches[global.index()];
                            let globals = cx.heap.dicts.get(text.globals);
                            if globals.keys_version != cache.version.get() || cache.builtins_version.get() != 0 {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = globals.entries[cache.entry_idx.get() as usize].value;
                        }
                        Op::StoreName { src, global } => {
                            if !window[0].is_undef() {
                                break Stop::Warm;
                            }
                            let cache = &text.global_caches[global.index()];
                            if cx.heap.dicts.get(text.globals).keys_version != cache.version.get()
                                || cache.builtins_version.get() != 0
                            {
                                break Stop::Warm;
                            }
                            let (at, points) = (cache.entry_idx.get() as usize, window[src.0 as usize].is_handle());
                            let globals = cx.heap.dicts.get_mut_at(text.globals, at, points);
                            globals.replace(at, window[src.0 as usize]);
                        }
                        Op::StoreGlobal { src, global } => {
                            let cache = &text.global_caches[global.index()];
                            if cx.heap.dicts.get(text.globals).keys_version != cache.version.get()
                                || cache.builtins_version.get() != 0
                            {
                                break Stop::Warm;
                            }
                            let (at, points) = (cache.entry_idx.get() as usize, window[src.0 as usize].is_handle());
                            let globals = cx.heap.dicts.get_mut_at(text.globals, at, points);
                            globals.replace(at, window[src.0 as usize]);
                        }
                        Op::LoadCell { dst, cell } => {
                            let Value::Cell(id) = window[cell.0 as usize] else { break Stop::Warm };
                            let cell = cx.heap.cells.get(id);
                            if cell.value.is_undef() {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = cell.value;
                        }
                        Op::StoreCell { cell, src } => {
                            let Value::Cell(id) = window[cell.0 as usize] else { break Stop::Warm };
                            cx.heap.cells.get_mut(id).value = window[src.0 as usize];
                        }

                        Op::Add { dst, lhs, rhs } => arith!(dst, lhs, rhs, checked_add, +),
                        Op::Sub { dst, lhs, rhs } => arith!(dst, lhs, rhs, checked_sub, -),
                        Op::Mul { dst, lhs, rhs } => arith!(dst, lhs, rhs, checked_mul, *),
                        Op::Div { dst, lhs, rhs } => {
                            let Value::Float(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            let Value::Float(right) = window[rhs.0 as usize] else { break Stop::Warm };
                            if right == 0.0 {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = Value::Float(left / right);
                        }
                        Op::FloorDiv { dst, lhs, rhs } => {
                            let (left, right) = ints!(lhs, rhs);
                            if right <= 0 {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = Value::Int(left.div_euclid(right));
                        }
                        Op::Mod { dst, lhs, rhs } => {
                            let (left, right) = ints!(lhs, rhs);
                            if right <= 0 {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = Value::Int(left.rem_euclid(right));
                        }
                        Op::BitAnd { dst, lhs, rhs } => {
                            let (left, right) = ints!(lhs, rhs);
                            window[dst.0 as usize] = Value::Int(left & right);
                        }
                        Op::BitOr { dst, lhs, rhs } => {
                            let (left, right) = ints!(lhs, rhs);
                            window[dst.0 as usize] = Value::Int(left | right);
                        }
                        Op::BitXor { dst, lhs, rhs } => {
                            let (left, right) = ints!(lhs, rhs);
                            window[dst.0 as usize] = Value::Int(left ^ right);
                        }
                        Op::AddI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            let Some(sum) = left.checked_add(int as i64) else { break Stop::Warm };
                            window[dst.0 as usize] = Value::Int(sum);
                        }
                        Op::SubI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            let Some(result) = left.checked_sub(int as i64) else { break Stop::Warm };
                            window[dst.0 as usize] = Value::Int(result);
                        }
                        Op::MulI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            let Some(result) = left.checked_mul(int as i64) else { break Stop::Warm };
                            window[dst.0 as usize] = Value::Int(result);
                        }
                        Op::FloorDivI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            if int <= 0 {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = Value::Int(left.div_euclid(int as i64));
                        }
                        Op::ModI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            if int <= 0 {
                                break Stop::Warm;
                            }
                            // A 32-bit division is several times quicker than a 64-bit one.
                            let result = match u32::try_from(left) {
                                Ok(left) => (left % int as u32) as i64,
                                Err(_) => left.rem_euclid(int as i64),
                            };
                            window[dst.0 as usize] = Value::Int(result);
                        }
                        Op::BitAndI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            window[dst.0 as usize] = Value::Int(left & int as i64);
                        }
                        Op::RShiftI { dst, lhs, int } => {
                            let Value::Int(left) = window[lhs.0 as usize] else { break Stop::Warm };
                            if !(0..64).contains(&int) {
                                break Stop::Warm;
                            }
                            window[dst.0 as usize] = Value::Int(left >> int);
                        }
                        Op::AddTo { dst, rhs } => arith_to!(dst, rhs, checked_add, +=),
                        Op::SubTo { dst, rhs } => arith_to!(dst, rhs, checked_sub, -=),
                        Op::MulTo { dst, rhs } => arith_to!(dst, rhs, checked_mul, *=),
                        Op::AddToI { dst, int } => {
                            let Value::Int(left) = &mut window[dst.0 as usize] else { break Stop::Warm };
                            let Some(sum) = left.checked_add(int as i64) else { break Stop::Warm };
                            *left = sum;
                        }
                        Op::SubToI { dst, int } => {
                            let Value::Int(left) = &mut window[dst.0 as usize] else { break Stop::Warm };
                            let Some(result) = left.checked_sub(int as i64) else { break Stop::Warm };
                            *left = result;
                        }
                        Op::Not { dst, src } => {
                            let Value::Bool(value) = window[src.0 as usize] else { break Stop::Warm };
                            window[dst.0 as usize] = Value::Bool(!value);
                        }
                        Op::Neg { dst, src } => match window[src.0 as usize] {
                            Value::Int(int) if int != i64::MIN => window[dst.0 as usize] = Value::Int(-int),
                            Value::Float(float) => window[dst.0 as usize] = Value::Float(-float),
                            _ => break Stop::Warm,
                        },
                        Op::Is { dst, lhs, rhs } => {
                            window[dst.0 as usize] = Value::Bool(window[lhs.0 as usize].is(&window[rhs.0 as usize]));
                        }
                        Op::IsNot { dst, lhs, rhs } => {
                            window[dst.0 as usize] = Value::Bool(!window[lhs.0 as usize].is(&window[rhs.0 as usize]));
                        }

                        Op::Jump { to } => {
                            pc = to.0 as usize;
                            continue;
                        }
                        Op::Loop { to } => go_back!(to),
                        Op::JumpIf { src, to } => match window[src.0 as usize] {
                            Value::Bool(false) | Value::None | Value::Int(0) => {}
                            Value::Bool(true) | Value::Int(_) => {
                                pc = to.0 as usize;
                                continue;
                            }
                            _ => break Stop::Warm,
                        },
                        Op::JumpIfNot { src, to } => match window[src.0 as usize] {
                            Value::Bool(false) | Value::None | Value::Int(0) => {
                                pc = to.0 as usize;
                                continue;
                            }
                            Value::Bool(true) | Value::Int(_) => {}
                            _ => break Stop::Warm,
                        },
                        Op::LoopIf { src, to } => match window[src.0 as usize] {
                            Value::Bool(false) | Value::None | Value::Int(0) => {}
                            Value::Bool(true) | Value::Int(_) => go_back!(to),
                            _ => break Stop::Warm,
                        },
                        Op::LoopIfNot { src, to } => match window[src.0 as usize] {
                            Value::Bool(false) | Value::None | Value::Int(0) => go_back!(to),
                            Value::Bool(true) | Value::Int(_) => {}
                            _ => break Stop::Warm,
                        },
                        Op::JumpIfNone { src, to } => {
                            if window[src.0 as usize].is_none() {
                                pc = to.0 as usize;
                                continue;
                            }
                        }
                        Op::JumpIfNotNone { src, to } => {
                            if !window[src.0 as usize].is_none() {
                                pc = to.0 as usize;
                                continue;
                            }
                        }
                        Op::JumpIfLess { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, <, true),
                        Op::JumpIfLessEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, <=, true),
                        Op::JumpIfGreater { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, >, true),
                        Op::JumpIfGreaterEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, >=, true),
                        Op::JumpIfEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, ==, true),
                        Op::JumpIfNotEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, !=, true),
                        Op::JumpUnlessLess { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, <, false),
                        Op::JumpUnlessLessEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, <=, false),
                        Op::JumpUnlessGreater { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, >, false),
                        Op::JumpUnlessGreaterEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, >=, false),
                        Op::JumpUnlessEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, ==, false),
                        Op::JumpUnlessNotEq { lhs, rhs, to } => jump_cmp!(lhs, rhs, to, !=, false),
                        Op::JumpIfLessI { lhs, int, to } => jump_cmp_int!(lhs, int, to, <, true),
                        Op::JumpIfLessEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, <=, true),
                        Op::JumpIfGreaterI { lhs, int, to } => jump_cmp_int!(lhs, int, to, >, true),
                        Op::JumpIfGreaterEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, >=, true),
                        Op::JumpIfEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, ==, true),
                        Op::JumpIfNotEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, !=, true),
                        Op::JumpUnlessLessI { lhs, int, to } => jump_cmp_int!(lhs, int, to, <, false),
                        Op::JumpUnlessLessEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, <=, false),
                        Op::JumpUnlessGreaterI { lhs, int, to } => jump_cmp_int!(lhs, int, to, >, false),
                        Op::JumpUnlessGreaterEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, >=, false),
                        Op::JumpUnlessEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, ==, false),
                        Op::JumpUnlessNotEqI { lhs, int, to } => jump_cmp_int!(lhs, int, to, !=, false),
                        Op::LoopIfLess { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, <),
                        Op::LoopIfLessEq { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, <=),
                        Op::LoopIfGreater { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, >),
                        Op::LoopIfGreaterEq { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, >=),
                        Op::LoopIfEq { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, ==),
                        Op::LoopIfNotEq { lhs, rhs, to } => loop_cmp!(lhs, rhs, to, !=),
                        Op::LoopIfLessI { lhs, int, to } => loop_cmp_int!(lhs, int, to, <),
                        Op::LoopIfLessEqI { lhs, int, to } => loop_cmp_int!(lhs, int, to, <=),
                        Op::LoopIfGreaterI { lhs, int, to } => loop_cmp_int!(lhs, int, to, >),
                        Op::LoopIfGreaterEqI { lhs, int, to } => loop_cmp_int!(lhs, int, to, >=),
                        Op::LoopIfEqI { lhs, int, to } => loop_cmp_int!(lhs, int, to, ==),
                        Op::LoopIfNotEqI { lhs, int, to } => loop_cmp_int!(lhs, int, to, !=),

                        Op::GetAttr { dst, obj, attr } => {
                            let Value::Inst(id) = window[obj.0 as usize] else { break Stop::Warm };
                            let inst = cx.heap.insts.get(id);
                            let cache = &text.attrs[attr.index()];
                            let field = if inst.shape == cache.shape.get() {
                                cache.field.get()
                            } else {
                                let Some(other) = cache.other(inst.shape) else { break Stop::Warm };
                                other.field
                            };
                            window[dst.0 as usize] = inst.fields[field as usize & 3];
                        }
                        Op::SetAttr { obj, src, attr } => {
                            let Value::Inst(id) = window[obj.0 as usize] else { break Stop::Warm };
                            let inst = cx.heap.insts.get_mut(id);
                            let cache = &text.attrs[attr.index()];
                            let field = if inst.shape == cache.shape.get() {
                                inst.shape = cache.next.get();
                                cache.field.get()
                            } else {
                                let Some(other) = cache.other(inst.shape) else { break Stop::Warm };
                                inst.shape = other.next;
                                other.field
                            };
                            inst.fields[field as usize & 3] = window[src.0 as usize];
                        }
                        Op::GetItem { dst, obj, index } => {
                            let Value::Int(at) = window[index.0 as usize] else { break Stop::Warm };
                            let item = match window[obj.0 as usize] {
                                Value::List(id) => cx.heap.lists.get(id).items.get(at as usize),
                                Value::Tuple(id) => cx.heap.tuples.get(id).items().get(at as usize),
                                _ => break Stop::Warm,
                            };
                            let Some(item) = item else { break Stop::Warm };
                            window[dst.0 as usize] = *item;
                        }
                        Op::GetItemI { dst, obj, int } => {
                            let item = match window[obj.0 as usize] {
                                Value::List(id) => cx.heap.lists.get(id).items.get(int as usize),
                                Value::Tuple(id) => cx.heap.tuples.get(id).items().get(int as usize),
                                _ => break Stop::Warm,
                            };
                            let Some(item) = item else { break Stop::Warm };
                            window[dst.0 as usize] = *item;
                        }
                        Op::SetItem { obj, index, src } => {
                            let Value::List(id) = window[obj.0 as usize] else { break Stop::Warm };
                            let Value::Int(at) = window[index.0 as usize] else { break Stop::Warm };
                            let points = window[src.0 as usize].is_handle();
                            let list = cx.heap.lists.get_mut_at(id, at as usize, points);
                            let Some(place) = list.items.get_mut(at as usize) else { break Stop::Warm };
                            *place = window[src.0 as usize];
                        }
                        Op::SetItemI { obj, src, int } => {
                            let Value::List(id) = window[obj.0 as usize] else { break Stop::Warm };
                            let points = window[src.0 as usize].is_handle();
                            let list = cx.heap.lists.get_mut_at(id, int as usize, points);
                            let Some(place) = list.items.get_mut(int as usize) else { break Stop::Warm };
                            *place = window[src.0 as usize];
                        }

                        Op::Call { dst, base, argc } => {
                            let Value::Func(id) = window[base.0 as usize] else { break Stop::Warm };
                            enter_function!(id, argc as u16, base.0 as u32 + 2, dst);
                        }
                        Op::CallGlobal { dst, base, argc, global } => {
                            let cache = &text.global_caches[global.index()];
                            let globals = cx.heap.dicts.get(text.globals);
                            if globals.keys_version != cache.version.get() {
                                break Stop::Warm;
                            }
                            let direct = cache.direct.get();
                            if direct != argc as u16 {
                                if direct != argc as u16 | Func::AWAITED {
                                    break Stop::Warm;
                                }
                                if let Some(Op::Await { dst: to, src }) = code.get(pc + 1)
                                    && *src == dst
                                {
                                    pc += 1;
                                    enter!(cache.link.get(), base.0 as u32 + 2, to, {
                                        pc -= 1;
                                        break Stop::Call;
                                    });
                                }
                                break Stop::Coroutine;
                            }
                            enter!(cache.link.get(), base.0 as u32 + 2, dst, break Stop::Call);
                        }
                        Op::CallAttr { dst, base, argc, attr } => {
                            let Value::Inst(id) = window[(base.0 as usize + 1) & 255] else { break Stop::Warm };
                            let cache = &text.attrs[attr.index()];
                            let shape = cx.heap.insts.get(id).shape;
                            let func = if shape == cache.method_shape.get() {
                                cache.func.get()
                            } else {
                                let Some(other) = cache.other(shape) else { break Stop::Warm };
                                other.func
                            };
                            enter_function!(func, argc as u16 + 1, base.0 as u32 + 1, dst);
                        }
                        Op::CallMethod { dst, base, argc } => {
                            let Value::Func(id) = window[base.0 as usize] else { break Stop::Warm };
                            let bound = !window[(base.0 as usize + 1) & 255].is_undef() as u16;
                            enter_function!(id, argc as u16 + bound, base.0 as u32 + 2 - bound as u32, dst);
                        }
                        Op::Return { src } => give_back!(window[src.0 as usize]),
                        Op::ReturnNone => give_back!(Value::None),

                        Op::BuildTuple { dst, base, n } => {
                            if cx.heap.is_due() {
                                break Stop::Full;
                            }
                            slow::build_tuple(window, cx, dst, base, n);
                        }
                        Op::BuildList { dst, base, n } => {
                            if cx.heap.is_due() {
                                break Stop::Full;
                            }
                            slow::build_list(window, cx, dst, base, n);
                        }
                        Op::ListAppend { list, src } => {
                            let Value::List(id) = window[list.0 as usize] else { break Stop::Warm };
                            if cx.heap.push(id, window[src.0 as usize]).is_err() {
                                break Stop::Full;
                            }
                        }
                        Op::ForIter { dst, iter, to } => match window[iter.0 as usize] {
                            // A range: the next number, how many are left, the step.
                            Value::Int(next) => {
                                let Value::Int(step) = window[(iter.0 as usize + 2) & 255] else { break Stop::Warm };
                                let Value::Int(left) = &mut window[(iter.0 as usize + 1) & 255] else {
                                    break Stop::Warm;
                                };
                                if *left > 0 {
                                    *left -= 1;
                                    let Value::Int(place) = &mut window[iter.0 as usize] else { break Stop::Warm };
                                    *place = next.wrapping_add(step);
                                    window[dst.0 as usize] = Value::Int(next);
                                    go_back!(to);
                                }
                            }
                            // A list, and how far it has been read.
                            Value::List(id) => {
                                let Value::Int(at) = &mut window[(iter.0 as usize + 1) & 255] else { break Stop::Warm };
                                if let Some(item) = cx.heap.lists.get(id).items.get(*at as usize) {
                                    *at += 1;
                                    window[dst.0 as usize] = *item;
                                    go_back!(to);
                                }
                                // A list that grows again after its end gives nothing more.
                                *at = i64::MAX;
                            }
                            Value::Tuple(id) => {
                                let Value::Int(at) = &mut window[(iter.0 as usize + 1) & 255] else { break Stop::Warm };
                                if let Some(item) = cx.heap.tuples.get(id).items().get(*at as usize) {
                                    *at += 1;
                                    window[dst.0 as usize] = *item;
                                    go_back!(to);
                                }
                            }
                            Value::Gen(_) => break Stop::Enter,
                            _ => break Stop::Warm,
                        },
                        Op::ForAsync { .. } => break Stop::Enter,
                        Op::Await { .. } => break Stop::Await,
                        Op::Yield { .. } => break Stop::Leave,
                        Op::LoadMethod { base, attr } => {
                            let Value::Inst(id) = window[(base.0 as usize + 1) & 255] else { break Stop::Warm };
                            let cache = &text.attrs[attr.index()];
                            if cx.heap.insts.get(id).shape != cache.method_shape.get() {
                                break Stop::Warm;
                            }
                            window[base.0 as usize] = Value::Func(cache.func.get());
                        }
                        Op::LoadFar { .. }
                        | Op::StoreFar { .. }
                        | Op::DeleteFar { .. }
                        | Op::DeleteGlobal { .. }
                        | Op::DeleteName { .. }
                        | Op::LoadNameOrCell { .. }
                        | Op::LoadNameOrGlobal { .. }
                        | Op::MakeCell { .. }
                        | Op::DeleteCell { .. }
                        | Op::Arith { .. }
                        | Op::LShiftI { .. }
                        | Op::InPlace { .. }
                        | Op::Pos { .. }
                        | Op::Invert { .. }
                        | Op::Compare { .. }
                        | Op::In { .. }
                        | Op::NotIn { .. }
                        | Op::DeleteAttr { .. }
                        | Op::DeleteItem { .. }
                        | Op::GetSlice { .. }
                        | Op::SetSlice { .. }
                        | Op::BuildSlice { .. }
                        | Op::CallKw { .. }
                        | Op::CallMethodKw { .. }
                        | Op::CallEx { .. }
                        | Op::LoadSuperMethod { .. }
                        | Op::GetSuper { .. }
                        | Op::MakeFunction { .. }
                        | Op::MakeClosure { .. }
                        | Op::BuildSet { .. }
                        | Op::BuildDict { .. }
                        | Op::SetAdd { .. }
                        | Op::DictInsert { .. }
                        | Op::ListExtend { .. }
                        | Op::SetUpdate { .. }
                        | Op::DictUpdate { .. }
                        | Op::DictMerge { .. }
                        | Op::Unpack { .. }
                        | Op::UnpackStar { .. }
                        | Op::GetIter { .. }
                        | Op::CloseIter { .. }
                        | Op::GetAsyncIter { .. }
                        | Op::YieldFrom { .. }
                        | Op::Enter { .. }
                        | Op::EnterAsync { .. }
                        | Op::Exit { .. }
                        | Op::ExitRaised { .. }
                        | Op::Raise { .. }
                        | Op::RaiseFrom { .. }
                        | Op::RaiseHandled
                        | Op::Reraise { .. }
                        | Op::JumpUnlessMatch { .. }
                        | Op::Format { .. }
                        | Op::FormatSpec { .. }
                        | Op::ConvertStr { .. }
                        | Op::ConvertRepr { .. }
                        | Op::ConvertAscii { .. }
                        | Op::BuildString { .. }
                        | Op::Import { .. }
                        | Op::ImportFrom { .. }
                        | Op::Intrinsic { .. } => break Stop::Warm,
                    }
                    pc += 1;
                };
                match stop {
                    Stop::Warm => match warm::run(window, cx, texts, text, pc, &mut left) {
                        Warm::On(next) => pc = next as usize,
                        Warm::Enter(entry) => {
                            let goal = entry.goal;
                            enter!(entry.link, entry.first, goal.dst, goal.kind, goal.want, {
                                fiber.top_mut().pc = pc as u32 + 1;
                                break enter::push(fiber, texts, cx, entry);
                            })
                        }
                        Warm::Left => {
                            break warm::go_on(fiber, texts, cx, left.take().expect("who leaves says how it goes on"));
                        }
                        Warm::Cold => {
                            fiber.top_mut().pc = pc as u32 + 1;
                            break slow::slow(fiber, texts, cx);
                        }
                    },
                    Stop::Fuel => {
                        fiber.top_mut().pc = pc as u32;
                        return (Signal::Fuel, fuel);
                    }
                    Stop::Full => {
                        fiber.top_mut().pc = pc as u32;
                        return (Signal::Full, fuel);
                    }
                    Stop::Call => {
                        fiber.top_mut().pc = pc as u32 + 1;
                        break call::call_op(fiber, texts, cx);
                    }
                    Stop::Coroutine => match coroutine::call(window, cx, texts, text, pc) {
                        Called::Awaited(link, first, dst) => {
                            pc += 1;
                            enter!(link, first, dst, {
                                fiber.top_mut().pc = pc as u32;
                                break call::call_op(fiber, texts, cx);
                            })
                        }
                        Called::Made => pc += 1,
                        Called::Cold => {
                            fiber.top_mut().pc = pc as u32 + 1;
                            break call::call_op(fiber, texts, cx);
                        }
                    },
                    Stop::Await => {
                        fiber.top_mut().pc = pc as u32 + 1;
                        break suspend::await_op(fiber, texts, cx);
                    }
                    Stop::Enter => {
                        fuel -= 1;
                        let (dst, iterator, kind) = match code[pc] {
                            Op::ForIter { dst, iter, .. } => (dst, window[iter.0 as usize], FrameKind::Resumed),
                            Op::ForAsync { dst, iter, .. } => (dst, window[iter.0 as usize], FrameKind::Linked),
                            _ => crate::bug!("only loops enter generators"),
                        };
                        let top = fiber.top_mut();
                        top.pc = pc as u32 + 1;
                        let base = top.base + text.n_regs + 2;
                        if let Value::Gen(id) = iterator
                            && let Some(frame) = suspend::enter_flat(fiber, cx, id, kind, base, dst.0)
                        {
                            text = texts.get(frame.link);
                            code = &text.ops;
                            pc = frame.pc as usize;
                            if let Op::Yield { dst, .. } = code[pc - 1] {
                                fiber.stack[base as usize + dst.0 as usize] = Value::None;
                            }
                            let Some(fresh) = window_at(&mut fiber.stack, base) else { continue 'reframe };
                            window = fresh;
                            continue;
                        }
                        if kind == FrameKind::Linked {
                            break suspend::for_async(fiber, texts, cx);
                        }
                        break suspend::for_iter(fiber, texts, cx);
                    }
                    Stop::Leave => {
                        if let Op::Yield { src, .. } = code[pc] {
                            let value = window[src.0 as usize];
                            if let Some(frame) = suspend::park_flat(fiber, cx, text, pc as u32 + 1) {
                                let consumer = fiber.top();
                                if frame.want != Want::Next || consumer.link.is_none() {
                                    break suspend::give(fiber, texts, cx, value, frame);
                                }
                                text = texts.get(consumer.link);
                                code = &text.ops;
                                pc = consumer.pc as usize;
                                if let Op::ForIter { to, .. } | Op::ForAsync { to, .. } = code[pc - 1] {
                                    pc = to.0 as usize;
                                }
                                let Some(fresh) = window_at(&mut fiber.stack, consumer.base) else {
                                    crate::bug!("the consumer ran before")
                                };
                                window = fresh;
                                window[frame.dst as usize] = value;
                                continue;
                            }
                        }
                        fiber.top_mut().pc = pc as u32 + 1;
                        break suspend::yield_op(fiber, texts, cx);
                    }
                    Stop::Return => {
                        let value = match code[pc] {
                            Op::Return { src } => window[src.0 as usize],
                            _ => Value::None,
                        };
                        if let Some((caller, to)) = deliver::leave_callback(fiber, texts, value) {
                            text = texts.get(caller.link);
                            code = &text.ops;
                            pc = to as usize;
                            let Some(fresh) = window_at(&mut fiber.stack, caller.base) else { continue 'reframe };
                            window = fresh;
                            continue;
                        }
                        fiber.top_mut().pc = pc as u32 + 1;
                        break slow::return_op(fiber, texts, cx);
                    }
                }
                fuel -= cx.take_burnt();
                if fuel < 0 {
                    fiber.top_mut().pc = pc as u32;
                    return (Signal::Fuel, fuel);
                }
                if !cx.stale_classes.is_empty() {
                    texts.forget_stale(cx);
                }
            };
            fuel -= cx.take_burnt();
            if !cx.stale_classes.is_empty() {
                texts.forget_stale(cx);
            }
            match moved {
                Ok(next) => {
                    if fuel < 0 {
                        return (Signal::Fuel, fuel);
                    }
                    match next {
                        Next::Script => continue 'reframe,
                        Next::Native => continue 'native,
                    }
                }
                Err(signal) => return (signal, fuel),
            }
        }
    }
}
