//! `match`: each pattern is a row of tests that jump to the next case.
//!
//! Values that a pattern takes apart stay in registers above the subject until the case is decided; names are bound only
//! when the whole pattern matches, as CPython does.

use super::Compiler;
use super::unit::Label;
use crate::bytecode::{Const, Intrinsic, Op, Reg};
use crate::source::Name;
use crate::syntax::ast::*;

/// Names that the pattern binds if it matches, and where their values are.
type Captures = Vec<(Name, Reg)>;

impl<'t> Compiler<'t> {
    pub fn compile_match(&mut self, subject: ExprId, cases: &'t [MatchCase]) {
        let src = self.push_expr(subject);
        let top = self.unit.top();
        let end = self.unit.new_label();
        for case in cases {
            let next = self.unit.new_label();
            let mut captures = Captures::new();
            self.match_pattern(case.pattern, src, next, &mut captures);
            self.at(self.tree[case.pattern].span);
            for (name, reg) in captures {
                self.store_name(name, reg);
            }
            self.unit.set_top(top);
            if let Some(guard) = case.guard {
                self.branch(guard, false, next);
            }
            self.compile_block(&case.body);
            self.unit.jump(end);
            self.unit.place(next);
        }
        self.unit.place(end);
    }

    /// Falls through if R[src] matches, else goes to `fail`.
    fn match_pattern(&mut self, id: PatternId, src: Reg, fail: Label, captures: &mut Captures) {
        if !self.descend() {
            return self.ascend();
        }
        let tree = self.tree;
        self.at(tree[id].span);
        match &tree[id].kind {
            PatternKind::Value(value) => self.match_value(*value, src, fail),
            PatternKind::Singleton(constant) => self.match_singleton(constant, src, fail),
            PatternKind::Wildcard | PatternKind::Star(None) => {}
            PatternKind::Capture(name) | PatternKind::Star(Some(name)) => captures.push((name.name, src)),
            PatternKind::Sequence(items) => self.match_sequence(id, items, src, fail, captures),
            PatternKind::Mapping { pairs, rest } => self.match_mapping(id, pairs, *rest, src, fail, captures),
            PatternKind::Class { class, positional, keywords } => {
                self.match_class(id, (*class, positional, keywords), src, fail, captures);
            }
            PatternKind::Or(alternatives) => self.match_alternatives(alternatives, src, fail, captures),
            PatternKind::As { pattern, name } => {
                self.match_pattern(*pattern, src, fail, captures);
                captures.push((name.name, src));
            }
        }
        self.ascend();
    }

    fn match_value(&mut self, value: ExprId, src: Reg, fail: Label) {
        let top = self.unit.top();
        let to = fail.jump();
        let op = match self.int_constant(value).map(i16::try_from) {
            Some(Ok(int)) => Op::JumpUnlessEqI { lhs: src, int, to },
            _ => Op::JumpUnlessEq { lhs: src, rhs: self.operand(value), to },
        };
        let alive = self.unit.top();
        self.unit.emit_jump(op, fail, alive);
        self.unit.set_top(top);
    }

    fn match_singleton(&mut self, constant: &Constant, src: Reg, fail: Label) {
        let value = matches!(constant, Constant::True);
        if matches!(constant, Constant::None) {
            let alive = self.unit.top();
            return self.unit.emit_jump(Op::JumpIfNotNone { src, to: fail.jump() }, fail, alive);
        }
        let dst = self.push_const(Const::Bool(value));
        self.emit(Op::Is { dst, lhs: src, rhs: dst });
        self.jump_if(dst, false, fail);
        self.unit.set_top(dst.0 as u16);
    }

    /// R[next] = the intrinsic of R[src]; the register is only read by the next instruction.
    fn ask(&mut self, intrinsic: Intrinsic, src: Reg) -> Reg {
        let dst = self.unit.next();
        self.emit(Op::Intrinsic { dst, base: src, intrinsic });
        dst
    }

    fn require(&mut self, intrinsic: Intrinsic, src: Reg, fail: Label) {
        let top = self.unit.top();
        let dst = self.ask(intrinsic, src);
        self.unit.push();
        self.jump_if(dst, false, fail);
        self.unit.set_top(top);
    }

    /// Goes to `fail` unless R[src] has exactly, or at least, `n` elements.
    fn require_len(&mut self, src: Reg, n: usize, is_exact: bool, fail: Label) {
        let lhs = self.ask(Intrinsic::Len, src);
        self.unit.push();
        let (int, to, alive) = (n as i16, fail.jump(), self.unit.top());
        let op = match is_exact {
            true => Op::JumpUnlessEqI { lhs, int, to },
            false => Op::JumpUnlessGreaterEqI { lhs, int, to },
        };
        self.unit.emit_jump(op, fail, alive);
        self.unit.set_top(lhs.0 as u16);
    }

    fn is_wildcard(&self, pattern: PatternId) -> bool {
        matches!(self.tree[pattern].kind, PatternKind::Wildcard | PatternKind::Star(None))
    }

    fn match_sequence(
        &mut self,
        id: PatternId,
        items: &'t [PatternId],
        src: Reg,
        fail: Label,
        captures: &mut Captures,
    ) {
        self.require(Intrinsic::IsSequence, src, fail);
        let is_star = |item: &PatternId| matches!(self.tree[*item].kind, PatternKind::Star(_));
        let star = items.iter().position(is_star);
        match star {
            None => self.require_len(src, items.len(), true, fail),
            Some(_) if items.len() > 1 => self.require_len(src, items.len() - 1, false, fail),
            Some(_) => {}
        }
        if items.iter().all(|&item| self.is_wildcard(item)) {
            return;
        }
        if let Some(star) = star
            && self.is_wildcard(items[star])
        {
            return self.match_some_items(items, star, src, fail, captures);
        }
        let base = self.unit.next();
        self.at(self.tree[id].span);
        let n = items.len().min(255) as u8;
        self.emit(match star {
            None => Op::Unpack { src, base, n },
            Some(at) => Op::UnpackStar { src, base, before: at as u8, after: n - 1 - at as u8 },
        });
        self.match_unpacked(items, base, fail, captures);
    }

    /// The parts of a value in registers from `base` on.
    fn match_unpacked(&mut self, items: &[PatternId], base: Reg, fail: Label, captures: &mut Captures) {
        self.unit.set_top(base.0 as u16 + items.len() as u16);
        for (at, &item) in items.iter().enumerate() {
            self.match_pattern(item, Reg((base.0 as usize + at) as u8), fail, captures);
        }
    }

    /// `[a, *_, b]`: only the elements that are asked for.
    fn match_some_items(&mut self, items: &[PatternId], star: usize, src: Reg, fail: Label, captures: &mut Captures) {
        for (at, &item) in items.iter().enumerate() {
            if self.is_wildcard(item) {
                continue;
            }
            self.at(self.tree[item].span);
            let dst = self.unit.next();
            if at < star {
                self.emit(Op::GetItemI { dst, obj: src, int: at as i32 });
            } else {
                self.ask(Intrinsic::Len, src);
                self.unit.push();
                self.emit(Op::SubI { dst, lhs: dst, int: (items.len() - at) as i32 });
                self.emit(Op::GetItem { dst, obj: src, index: dst });
                self.unit.set_top(dst.0 as u16);
            }
            self.unit.push();
            self.match_pattern(item, dst, fail, captures);
        }
    }

    fn match_mapping(
        &mut self,
        id: PatternId,
        pairs: &'t [(ExprId, PatternId)],
        rest: Option<Ident>,
        src: Reg,
        fail: Label,
        captures: &mut Captures,
    ) {
        self.require(Intrinsic::IsMapping, src, fail);
        if pairs.is_empty() && rest.is_none() {
            return;
        }
        if !pairs.is_empty() {
            self.require_len(src, pairs.len(), false, fail);
        }
        let base = self.unit.next();
        self.emit(Op::Move { dst: base, src });
        self.unit.push();
        self.push_keys(pairs);
        self.at(self.tree[id].span);
        if !pairs.is_empty() {
            let values = self.unit.next();
            self.emit(Op::Intrinsic { dst: values, base, intrinsic: Intrinsic::MatchKeys });
            self.unit.push();
            let alive = self.unit.top();
            self.unit.emit_jump(Op::JumpIfNone { src: values, to: fail.jump() }, fail, alive);
            // Without a rest nobody needs the mapping and its keys any more.
            let first = if rest.is_some() { self.unit.next() } else { base };
            self.emit(Op::Unpack { src: values, base: first, n: pairs.len().min(255) as u8 });
            let patterns: Vec<PatternId> = pairs.iter().map(|(_, pattern)| *pattern).collect();
            self.match_unpacked(&patterns, first, fail, captures);
        }
        if let Some(rest) = rest {
            let dst = self.unit.next();
            self.emit(Op::Intrinsic { dst, base, intrinsic: Intrinsic::MatchRest });
            self.unit.push();
            captures.push((rest.name, dst));
        }
    }

    fn push_keys(&mut self, pairs: &[(ExprId, PatternId)]) {
        let constants: Option<Vec<Const>> = pairs.iter().map(|(key, _)| self.constant(*key)).collect();
        if let Some(constants) = constants {
            self.push_const(Const::Tuple(constants));
            return;
        }
        let base = self.unit.next();
        pairs.iter().for_each(|(key, _)| {
            self.push_expr(*key);
        });
        self.emit(Op::BuildTuple { dst: base, base, n: pairs.len().min(255) as u8 });
        self.unit.set_top(base.0 as u16 + 1);
    }

    fn match_class(
        &mut self,
        id: PatternId,
        (class, positional, keywords): (ExprId, &'t [PatternId], &'t [(Ident, PatternId)]),
        src: Reg,
        fail: Label,
        captures: &mut Captures,
    ) {
        let base = self.unit.next();
        self.emit(Op::Move { dst: base, src });
        self.unit.push();
        self.push_expr(class);
        self.at(self.tree[id].span);
        self.push_const(Const::Int(positional.len() as i64));
        let names = keywords.iter().map(|(name, _)| Const::Str(self.names.text(name.name).into()));
        let names = Const::Tuple(names.collect());
        self.push_const(names);
        self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::MatchClass });
        self.unit.set_top(base.0 as u16 + 1);
        let alive = self.unit.top();
        self.unit.emit_jump(Op::JumpIfNone { src: base, to: fail.jump() }, fail, alive);
        let items: Vec<PatternId> = positional.iter().copied().chain(keywords.iter().map(|(_, item)| *item)).collect();
        if items.iter().all(|&item| self.is_wildcard(item)) {
            return;
        }
        self.emit(Op::Unpack { src: base, base, n: items.len().min(255) as u8 });
        self.match_unpacked(&items, base, fail, captures);
    }

    /// Each alternative brings its values to the same registers.
    fn match_alternatives(&mut self, alternatives: &'t [PatternId], src: Reg, fail: Label, captures: &mut Captures) {
        let mut names = Vec::new();
        alternatives.first().into_iter().for_each(|&first| self.pattern_names(first, &mut names));
        let common = self.unit.next();
        if !names.is_empty() {
            self.emit(Op::Unbind { from: common, n: names.len().min(255) as u8 });
        }
        self.unit.set_top(common.0 as u16 + names.len() as u16);
        let top = self.unit.top();
        let success = self.unit.new_label();
        for (at, &alternative) in alternatives.iter().enumerate() {
            let is_last = at + 1 == alternatives.len();
            let next = if is_last { fail } else { self.unit.new_label() };
            let mut own = Captures::new();
            self.match_pattern(alternative, src, next, &mut own);
            for (name, reg) in own {
                let Some(place) = names.iter().position(|&one| one == name) else { continue };
                self.emit(Op::Move { dst: Reg(common.0 + place as u8), src: reg });
            }
            self.unit.set_top(top);
            if !is_last {
                self.unit.jump(success);
                self.unit.place(next);
            }
        }
        self.unit.place(success);
        captures.extend(names.iter().enumerate().map(|(at, &name)| (name, Reg(common.0 + at as u8))));
    }

    fn pattern_names(&self, id: PatternId, names: &mut Vec<Name>) {
        match &self.tree[id].kind {
            PatternKind::Value(_) | PatternKind::Singleton(_) | PatternKind::Wildcard | PatternKind::Star(None) => {}
            PatternKind::Capture(name) | PatternKind::Star(Some(name)) => names.push(name.name),
            PatternKind::Sequence(items) => items.iter().for_each(|&item| self.pattern_names(item, names)),
            PatternKind::Mapping { pairs, rest } => {
                pairs.iter().for_each(|(_, item)| self.pattern_names(*item, names));
                names.extend(rest.iter().map(|name| name.name));
            }
            PatternKind::Class { positional, keywords, .. } => {
                positional.iter().for_each(|&item| self.pattern_names(item, names));
                keywords.iter().for_each(|(_, item)| self.pattern_names(*item, names));
            }
            PatternKind::Or(items) => items.first().into_iter().for_each(|&item| self.pattern_names(item, names)),
            PatternKind::As { pattern, name } => {
                self.pattern_names(*pattern, names);
                names.push(name.name);
            }
        }
    }
}
