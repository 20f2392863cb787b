//! Constants that a loop uses as operands: loaded once, before the loop, into registers below those of the loop.
//!
//! Only the outermost loop of a code looks for them; inner ones are part of it. What fits in an instruction needs no
//! register, and neither does an argument, whose slot is written at each call anyway.

use super::Compiler;
use super::spine::has_immediate;
use crate::bytecode::Const;
use crate::syntax::ast::*;

/// More constants than these stay where they are.
const MAX_HOISTED: usize = 16;

/// Registers that must be free besides.
const MIN_FREE: u16 = 80;

#[derive(Default)]
struct Walk {
    exprs: Vec<ExprId>,
    stmts: Vec<StmtId>,
    found: Vec<Const>,
}

impl<'t> Compiler<'t> {
    /// Loads the constants of a loop; how many registers they take.
    pub fn begin_hoisting_loop(&mut self, tests: &[ExprId], body: &[StmtId]) -> usize {
        self.begin_hoisting(Walk { exprs: tests.to_vec(), stmts: body.to_vec(), found: Vec::new() })
    }

    pub fn begin_hoisting_comprehension(&mut self, parts: &Comprehension) -> usize {
        let mut walk = Walk::default();
        walk.clauses(parts, true);
        self.begin_hoisting(walk)
    }

    fn begin_hoisting(&mut self, mut walk: Walk) -> usize {
        if self.unit.loop_depth > 0 || self.unit.n_free() < MIN_FREE || !self.unit.is_reachable() {
            return 0;
        }
        while walk.found.len() < MAX_HOISTED {
            if let Some(expr) = walk.exprs.pop() {
                self.look_into(expr, &mut walk);
            } else if let Some(stmt) = walk.stmts.pop() {
                self.look_into_stmt(stmt, &mut walk);
            } else {
                break;
            }
        }
        let n = walk.found.len();
        for constant in walk.found {
            let reg = self.push_const(constant.clone());
            self.unit.hoist(&constant, reg);
        }
        n
    }

    pub fn end_hoisting(&mut self, n: usize) {
        self.unit.unhoist(n);
        self.unit.set_top(self.unit.top() - n as u16);
    }

    /// Notes a constant that would be loaded at each turn.
    fn note(&self, expr: ExprId, walk: &mut Walk) {
        if let Some(constant) = self.constant(expr)
            && walk.found.len() < MAX_HOISTED
            && !walk.found.contains(&constant)
        {
            walk.found.push(constant);
        }
    }

    fn note_unless_int(&self, expr: ExprId, fits: impl Fn(i64) -> bool, walk: &mut Walk) {
        if !self.int_constant(expr).is_some_and(fits) {
            self.note(expr, walk);
        }
    }

    fn look_into(&self, expr: ExprId, walk: &mut Walk) {
        if self.is_constant(expr) {
            return;
        }
        let fits_i32 = |int: i64| i32::try_from(int).is_ok();
        match &self.tree[expr].kind {
            ExprKind::Binary { op, lhs, rhs } => {
                self.note(*lhs, walk);
                self.note_unless_int(*rhs, |int| has_immediate(*op) && fits_i32(int), walk);
                walk.exprs.extend([*lhs, *rhs]);
            }
            ExprKind::Compare { first, rest } => {
                self.note(*first, walk);
                for (op, operand) in rest {
                    self.note_compared(*op, *operand, walk);
                }
                walk.exprs.push(*first);
                walk.exprs.extend(rest.iter().map(|(_, operand)| *operand));
            }
            ExprKind::Subscript { value, index } => {
                self.note_unless_int(*index, fits_i32, walk);
                walk.exprs.extend([*value, *index]);
            }
            ExprKind::ListComp(parts) | ExprKind::SetComp(parts) | ExprKind::DictComp(parts) => {
                walk.clauses(parts, false);
            }
            ExprKind::Generator(parts) => walk.exprs.push(parts.clauses[0].iter),
            ExprKind::Call { func, args, keywords } => {
                walk.exprs.push(*func);
                walk.exprs.extend(args);
                walk.exprs.extend(keywords.iter().map(|keyword| keyword.value));
            }
            ExprKind::Attribute { value: inner, .. }
            | ExprKind::Starred(inner)
            | ExprKind::Unary { operand: inner, .. }
            | ExprKind::Walrus { value: inner, .. }
            | ExprKind::Await(inner)
            | ExprKind::YieldFrom(inner) => walk.exprs.push(*inner),
            ExprKind::Yield(inner) => walk.exprs.extend(inner),
            ExprKind::Slice { lower, upper, step } => walk.exprs.extend(lower.iter().chain(upper).chain(step)),
            ExprKind::IfElse { test, then, otherwise } => walk.exprs.extend([*test, *then, *otherwise]),
            ExprKind::Bool { values: items, .. }
            | ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items) => walk.exprs.extend(items),
            ExprKind::Dict(pairs) => {
                walk.exprs.extend(pairs.iter().flat_map(|(key, value)| key.iter().chain([value])));
            }
            ExprKind::FString(parts) => walk.parts(parts),
            ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Lambda { .. } => {}
        }
    }

    fn note_compared(&self, op: CompareOp, operand: ExprId, walk: &mut Walk) {
        match op {
            CompareOp::Is | CompareOp::IsNot if matches!(self.constant(operand), Some(Const::None)) => {}
            CompareOp::Is | CompareOp::IsNot => self.note(operand, walk),
            CompareOp::In | CompareOp::NotIn => match self.constant_display(operand) {
                Some(constant) if !walk.found.contains(&constant) => walk.found.push(constant),
                Some(_) => {}
                None => self.note(operand, walk),
            },
            CompareOp::Eq
            | CompareOp::NotEq
            | CompareOp::Less
            | CompareOp::LessEq
            | CompareOp::Greater
            | CompareOp::GreaterEq => self.note_unless_int(operand, |int| i16::try_from(int).is_ok(), walk),
        }
    }

    fn look_into_stmt(&self, stmt: StmtId, walk: &mut Walk) {
        match &self.tree[stmt].kind {
            StmtKind::Expr(value) => walk.exprs.push(*value),
            StmtKind::Assign { targets, value } => {
                let is_place = |target: &ExprId| {
                    matches!(self.tree[*target].kind, ExprKind::Attribute { .. } | ExprKind::Subscript { .. })
                };
                if targets.iter().any(is_place) {
                    self.note(*value, walk);
                }
                walk.exprs.extend(targets);
                walk.exprs.push(*value);
            }
            StmtKind::AugAssign { target, op, value } => {
                let is_short = matches!(op, BinaryOp::Add | BinaryOp::Sub);
                self.note_unless_int(*value, |int| is_short && i32::try_from(int).is_ok(), walk);
                walk.exprs.extend([*target, *value]);
            }
            StmtKind::AnnAssign { target, value, .. } => {
                walk.exprs.push(*target);
                walk.exprs.extend(value);
            }
            StmtKind::Return(value) => walk.exprs.extend(value),
            StmtKind::Assert { test, .. } => walk.exprs.push(*test),
            StmtKind::If { branches, otherwise } => {
                for (test, body) in branches {
                    walk.exprs.push(*test);
                    walk.stmts.extend(body);
                }
                walk.stmts.extend(otherwise);
            }
            StmtKind::While { test, body, otherwise } => {
                walk.exprs.push(*test);
                walk.stmts.extend(body.iter().chain(otherwise));
            }
            StmtKind::For { target, iter, body, otherwise, .. } => {
                walk.exprs.extend([*target, *iter]);
                walk.stmts.extend(body.iter().chain(otherwise));
            }
            StmtKind::With { items, body, .. } => {
                walk.exprs.extend(items.iter().map(|item| item.context));
                walk.stmts.extend(body);
            }
            StmtKind::Try(parts) => {
                walk.stmts.extend(parts.body.iter().chain(&parts.otherwise).chain(&parts.finally));
                walk.stmts.extend(parts.handlers.iter().flat_map(|handler| &handler.body));
            }
            StmtKind::Match { subject, cases } => {
                walk.exprs.push(*subject);
                walk.stmts.extend(cases.iter().flat_map(|case| &case.body));
            }
            StmtKind::Raise { .. }
            | StmtKind::Delete(_)
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Import(_)
            | StmtKind::ImportFrom { .. }
            | StmtKind::Function(_)
            | StmtKind::Class(_)
            | StmtKind::TypeAlias { .. } => {}
        }
    }
}

impl Walk {
    /// The parts of a comprehension; the first iterable of an outermost one is evaluated before its loop.
    fn clauses(&mut self, parts: &Comprehension, is_outermost: bool) {
        self.exprs.push(parts.element);
        self.exprs.extend(parts.value);
        for (at, clause) in parts.clauses.iter().enumerate() {
            if at > 0 || !is_outermost {
                self.exprs.push(clause.iter);
            }
            self.exprs.extend(&clause.conditions);
        }
    }

    fn parts(&mut self, parts: &[FPart]) {
        for part in parts {
            let FPart::Field(field) = part else { continue };
            self.exprs.push(field.value);
            field.spec.iter().for_each(|spec| self.parts(spec));
        }
    }
}
