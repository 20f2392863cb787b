//! Imports, and the instructions too rare for one of their own.

use aspen_grammar::bytecode::{Intrinsic, NameId, Reg};

use super::deliver::{deliver, push_native, set_loop, settle};
use super::fiber::Fiber;
use super::text::Texts;
use super::{Moved, Next};
use crate::call::{Cx, Outcome, names};
use crate::native::import;
use crate::types::exception::group;
use crate::types::type_params::{self, ParamKind};
use crate::types::{classes, generic_alias, namespace, pattern, protocol};
use crate::value::Value;
use crate::value::frame::Want;

/// `import name`: through `builtins.__import__` if a script replaced it.
pub fn import(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: Reg, base: Reg, name: NameId) -> Moved {
    let link = fiber.top().link;
    let name = Value::Str(cx.heap.links.get(link).names[name.index()]);
    let globals = Value::Dict(cx.heap.links.get(link).globals);
    let (fromlist, level) = (fiber.reg(base.0), fiber.reg(base.0 + 1));
    if let Some(importer) = cx.heap.get_in(cx.builtins, names::IMPORT)
        && !matches!(importer, Value::Builtin(_))
    {
        let outcome = Err(cx.ask_call(importer, &[name, globals, Value::None, fromlist, level]));
        return settle(fiber, texts, cx, outcome, dst.0, Want::Value);
    }
    let frame = import::import_frame(name, globals, fromlist, level.as_int().unwrap_or(0));
    push_native(fiber, texts, cx, frame, dst.0, Want::Value)
}

/// `from module import name`.
pub fn import_from(fiber: &Fiber, _texts: &Texts, cx: &mut Cx, module: Reg, name: NameId) -> Outcome {
    let name = cx.heap.links.get(fiber.top().link).names[name.index()];
    import::import_from(cx, fiber.reg(module.0), name)
}

/// Does an intrinsic.
pub fn run(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: Reg, base: Reg, intrinsic: Intrinsic) -> Moved {
    let operand = |fiber: &Fiber, at: u8| fiber.reg(base.0 + at);
    let outcome = match intrinsic {
        Intrinsic::Display => display(cx, operand(fiber, 0)),
        Intrinsic::AssertionError => Ok(Value::Class(classes::ASSERTION_ERROR)),
        Intrinsic::BuildClass => build_class(cx),
        Intrinsic::Annotations => annotations(fiber, texts, cx),
        Intrinsic::ImportStar => {
            let link = fiber.top().link;
            let globals = Value::Dict(cx.heap.links.get(link).globals);
            let scope = fiber.reg(0).given().unwrap_or(globals);
            Err(cx.ask_push(namespace::import_star_frame(operand(fiber, 0), scope)))
        }
        Intrinsic::TypeVar => Ok(type_params::declared(cx, ParamKind::TypeVar, operand(fiber, 0))),
        Intrinsic::ParamSpec => Ok(type_params::declared(cx, ParamKind::Spec, operand(fiber, 0))),
        Intrinsic::TypeVarTuple => Ok(type_params::declared(cx, ParamKind::Tuple, operand(fiber, 0))),
        Intrinsic::TypeVarBound => Ok(type_params::declared_with(cx, operand(fiber, 0), operand(fiber, 1), false)),
        Intrinsic::TypeVarConstraints => Ok(type_params::declared_with(cx, operand(fiber, 0), operand(fiber, 1), true)),
        Intrinsic::TypeParamDefault => {
            type_params::set_default(cx, operand(fiber, 0), operand(fiber, 1));
            Ok(operand(fiber, 0))
        }
        Intrinsic::SubscriptGeneric => generic_alias::subscript_generic(cx, operand(fiber, 0)),
        Intrinsic::TypeAlias => {
            Ok(type_params::type_alias(cx, operand(fiber, 0), operand(fiber, 1), operand(fiber, 2)))
        }
        Intrinsic::SetTypeParams => {
            if let Value::Func(id) = operand(fiber, 0) {
                let params = operand(fiber, 1);
                cx.heap.funcs.get_mut(id).extra.get_or_insert_default().type_params = params;
            }
            Ok(operand(fiber, 0))
        }
        Intrinsic::StarBegin => {
            let exc = operand(fiber, 0);
            let (rest, raised) = group::star_begin(cx, exc);
            fiber.set_reg(base.0 + 1, rest);
            fiber.set_reg(base.0 + 2, raised);
            return Ok(Next::Script);
        }
        Intrinsic::StarMatch => {
            let (rest, class) = (operand(fiber, 1), operand(fiber, 3));
            Err(cx.ask_push(group::star_match_frame(rest, class)))
        }
        Intrinsic::StarRaised => group::star_raised(cx, operand(fiber, 2), operand(fiber, 3)),
        Intrinsic::StarEnd => group::star_end(cx, operand(fiber, 0), operand(fiber, 1), operand(fiber, 2)),
        Intrinsic::MatchClass => {
            let operands = [operand(fiber, 0), operand(fiber, 1), operand(fiber, 2), operand(fiber, 3)];
            Err(cx.ask_push(pattern::class_frame(operands)))
        }
        Intrinsic::MatchKeys => Err(cx.ask_push(pattern::keys_frame(operand(fiber, 0), operand(fiber, 1)))),
        Intrinsic::MatchRest => Err(cx.ask_push(pattern::rest_frame(operand(fiber, 0), operand(fiber, 1)))),
        Intrinsic::IsSequence => pattern::is_sequence(cx, operand(fiber, 0)),
        Intrinsic::IsMapping => pattern::is_mapping(cx, operand(fiber, 0)),
        Intrinsic::Len => protocol::len(cx, operand(fiber, 0)),
        Intrinsic::ListToTuple => list_to_tuple(cx, operand(fiber, 0)),
        Intrinsic::Iter => protocol::loop_over(cx, operand(fiber, 0)),
        Intrinsic::AsyncIter => super::suspend::async_iter(cx, operand(fiber, 0)),
        Intrinsic::LoopOver => {
            set_loop(fiber, cx, operand(fiber, 0), dst.0);
            return Ok(Next::Script);
        }
        Intrinsic::FarLocals => {
            let n = operand(fiber, 0).as_int().unwrap_or(0) as usize;
            Ok(cx.heap.new_list(vec![Value::Undef; n]))
        }
    };
    if intrinsic == Intrinsic::StarMatch {
        // The frame gives (matched, rest).
        return settle(fiber, texts, cx, outcome, base.0 + 1, Want::StarMatched);
    }
    settle(fiber, texts, cx, outcome, dst.0, Want::Value)
}

/// `sys.displayhook(value)`.
fn display(cx: &mut Cx, value: Value) -> Outcome {
    let sys = cx.name("sys");
    let hook = match cx.heap.get_in(cx.modules, sys) {
        Some(Value::Module(id)) => cx.heap.get_in(cx.heap.modules.get(id).dict, names::DISPLAYHOOK),
        _ => None,
    };
    match hook {
        Some(hook) => Err(cx.ask_call(hook, &[value])),
        None => Err(cx.runtime_error("lost sys.displayhook")),
    }
}

fn build_class(cx: &mut Cx) -> Outcome {
    match cx.heap.get_in(cx.builtins, names::BUILD_CLASS) {
        Some(function) => Ok(function),
        None => Err(cx.raise(classes::NAME_ERROR, "__build_class__ not found")),
    }
}

/// The `__annotations__` of the namespace, made if need be.
fn annotations(fiber: &Fiber, _texts: &Texts, cx: &mut Cx) -> Outcome {
    let globals = cx.heap.links.get(fiber.top().link).globals;
    match fiber.reg(0) {
        Value::Undef => Ok(annotations_in(cx, globals)),
        Value::Dict(dict) => Ok(annotations_in(cx, dict)),
        mapping => {
            let fresh = Value::Dict(cx.heap.new_dict());
            Err(cx.ask_push(namespace::set_default_frame(mapping, Value::Str(names::ANNOTATIONS), fresh)))
        }
    }
}

fn annotations_in(cx: &mut Cx, dict: crate::value::Id<crate::value::Dict>) -> Value {
    if let Some(known) = cx.heap.get_in(dict, names::ANNOTATIONS) {
        return known;
    }
    let fresh = Value::Dict(cx.heap.new_dict());
    cx.heap.set_in(dict, names::ANNOTATIONS, fresh);
    fresh
}

fn list_to_tuple(cx: &mut Cx, list: Value) -> Outcome {
    let Value::List(id) = list else { crate::bug!("a list that is being built") };
    let items = std::mem::take(&mut cx.heap.lists.get_mut(id).items);
    Ok(cx.heap.new_tuple_from(items))
}

/// The parts of an `except*` match go to their registers: the rest to R[base + 1], what matched to the instruction's dst.
pub fn star_matched(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, pair: Value) -> Moved {
    let frame = fiber.top();
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    let aspen_grammar::bytecode::Op::Intrinsic { dst, base, .. } = op else { crate::bug!("an except* clause") };
    let Value::Tuple(id) = pair else { crate::bug!("a split gives a pair") };
    let (matched, rest) = (cx.heap.tuples.get(id).items()[0], cx.heap.tuples.get(id).items()[1]);
    fiber.set_reg(base.0 + 1, rest);
    deliver(fiber, texts, cx, matched, dst.0, Want::Value)
}
