//! Expressions and patterns as lists in parentheses. The left spine is a loop, so that depth is bounded.

use super::Dump;
use crate::source::{Wtf8, wtf8};
use crate::syntax::ast::*;

impl Dump<'_> {
    pub(super) fn expr(&mut self, expr: ExprId) {
        let mut spine = Vec::new();
        let mut at = expr;
        while let Some(lhs) = left_of(&self.tree[at].kind) {
            spine.push(at);
            at = lhs;
        }
        for &outer in &spine {
            self.open(outer);
        }
        self.core(at);
        for &outer in spine.iter().rev() {
            self.tail(outer);
        }
    }

    /// What stands before the left operand.
    fn open(&mut self, expr: ExprId) {
        self.push("(");
        self.push_span(self.tree[expr].span);
        match &self.tree[expr].kind {
            ExprKind::Attribute { .. } => self.push("Attribute "),
            ExprKind::Subscript { .. } => self.push("Subscript "),
            ExprKind::Call { .. } => self.push("Call "),
            ExprKind::Binary { op, .. } => self.push(&format!("{op:?} ")),
            _ => {}
        }
    }

    /// What stands behind the left operand.
    fn tail(&mut self, expr: ExprId) {
        let tree = self.tree;
        match &tree[expr].kind {
            ExprKind::Attribute { attr, .. } => {
                self.push(" ");
                self.push_name(attr.name);
            }
            ExprKind::Subscript { index, .. } => self.more(&[*index]),
            ExprKind::Call { args, keywords, .. } => {
                self.more(args);
                self.keywords(keywords);
            }
            ExprKind::Binary { rhs, .. } => self.more(&[*rhs]),
            _ => {}
        }
        self.push(")");
    }

    /// Expressions, each with a space before it.
    pub(super) fn more(&mut self, list: &[ExprId]) {
        for &expr in list {
            self.push(" ");
            self.expr(expr);
        }
    }

    pub(super) fn keywords(&mut self, keywords: &[Keyword]) {
        for keyword in keywords {
            match keyword.name {
                Some(ident) => {
                    self.push(" ");
                    self.push_name(ident.name);
                    self.push("=");
                }
                None => self.push(" **"),
            }
            self.expr(keyword.value);
        }
    }

    fn optional(&mut self, expr: Option<ExprId>) {
        match expr {
            Some(expr) => self.more(&[expr]),
            None => self.push(" -"),
        }
    }

    fn node(&mut self, label: &str, list: &[ExprId]) {
        self.push(label);
        self.more(list);
        self.push(")");
    }

    /// An expression without a left spine.
    fn core(&mut self, expr: ExprId) {
        let tree = self.tree;
        let kind = &tree[expr].kind;
        match kind {
            ExprKind::Constant(constant) => return self.constant_at(expr, constant),
            ExprKind::Name(name) => {
                self.push_span(tree[expr].span);
                return self.push_name(*name);
            }
            _ => {}
        }
        self.push("(");
        self.push_span(tree[expr].span);
        match kind {
            ExprKind::Constant(_) | ExprKind::Name(_) => {}
            ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {}
            ExprKind::Call { .. } | ExprKind::Binary { .. } => {}
            ExprKind::FString(parts) => {
                self.push("FString");
                self.parts(parts);
                self.push(")");
            }
            ExprKind::Slice { lower, upper, step } => {
                self.push("Slice");
                [lower, upper, step].into_iter().for_each(|part| self.optional(*part));
                self.push(")");
            }
            ExprKind::Starred(value) => self.node("Starred", &[*value]),
            ExprKind::Unary { op, operand } => self.node(&format!("{op:?}"), &[*operand]),
            ExprKind::Bool { op, values } => self.node(&format!("{op:?}"), values),
            ExprKind::Compare { first, rest } => {
                self.push("Compare");
                self.more(&[*first]);
                for &(op, operand) in rest {
                    self.push(&format!(" {op:?}"));
                    self.more(&[operand]);
                }
                self.push(")");
            }
            ExprKind::IfElse { test, then, otherwise } => self.node("IfElse", &[*test, *then, *otherwise]),
            ExprKind::Lambda { params, body } => {
                self.push("Lambda ");
                self.params(params);
                self.node("", &[*body]);
            }
            ExprKind::Walrus { target, value } => {
                self.push("Walrus ");
                self.push_name(target.name);
                self.node("", &[*value]);
            }
            ExprKind::Tuple(list) => self.node("Tuple", list),
            ExprKind::List(list) => self.node("List", list),
            ExprKind::Set(list) => self.node("Set", list),
            ExprKind::Dict(pairs) => self.dict(pairs),
            ExprKind::ListComp(comp) => self.comprehension("ListComp", comp),
            ExprKind::SetComp(comp) => self.comprehension("SetComp", comp),
            ExprKind::DictComp(comp) => self.comprehension("DictComp", comp),
            ExprKind::Generator(comp) => self.comprehension("Generator", comp),
            ExprKind::Await(value) => self.node("Await", &[*value]),
            ExprKind::Yield(value) => {
                self.push("Yield");
                self.optional(*value);
                self.push(")");
            }
            ExprKind::YieldFrom(value) => self.node("YieldFrom", &[*value]),
        }
    }

    fn dict(&mut self, pairs: &[(Option<ExprId>, ExprId)]) {
        self.push("Dict");
        for (key, value) in pairs {
            self.optional(*key);
            self.push(":");
            self.more(&[*value]);
        }
        self.push(")");
    }

    fn comprehension(&mut self, label: &str, comp: &Comprehension) {
        self.push(label);
        self.more(&[comp.element]);
        if let Some(value) = comp.value {
            self.push(":");
            self.more(&[value]);
        }
        for clause in &comp.clauses {
            self.push(if clause.is_async { " (async for" } else { " (for" });
            self.more(&[clause.target, clause.iter]);
            self.more(&clause.conditions);
            self.push(")");
        }
        self.push(")");
    }

    fn parts(&mut self, parts: &[FPart]) {
        for part in parts {
            match part {
                FPart::Text(text) => {
                    self.push(" ");
                    self.string(text);
                }
                FPart::Field(field) => {
                    self.push(" {");
                    self.expr(field.value);
                    if let Some(conversion) = field.conversion {
                        self.push(&format!(" !{conversion:?}"));
                    }
                    if let Some(spec) = &field.spec {
                        self.push(" :");
                        self.parts(spec);
                    }
                    self.push("}");
                }
            }
        }
    }

    fn constant_at(&mut self, expr: ExprId, constant: &Constant) {
        self.push_span(self.tree[expr].span);
        self.constant(constant);
    }

    fn constant(&mut self, constant: &Constant) {
        match constant {
            Constant::None => self.push("None"),
            Constant::True => self.push("True"),
            Constant::False => self.push("False"),
            Constant::Ellipsis => self.push("..."),
            Constant::Int(value) => self.push(&value.to_string()),
            Constant::BigInt(digits) => self.push(digits),
            Constant::Float(value) => self.push(&format!("{value:?}")),
            Constant::Imaginary(value) => self.push(&format!("{value:?}j")),
            Constant::Str(text) => self.string(text),
            Constant::Bytes(bytes) => {
                let shown = bytes.escape_ascii().to_string();
                self.push(&format!("b\"{shown}\""));
            }
        }
    }

    fn string(&mut self, text: &Wtf8) {
        self.push("\"");
        let mut rest = text.as_bytes();
        while let Some((code, len)) = wtf8::decode(rest) {
            rest = &rest[len..];
            match char::from_u32(code) {
                Some('\n') => self.push("\\n"),
                Some(c @ ('"' | '\\')) => self.out.extend(['\\', c]),
                Some(c) if c.is_ascii_graphic() || c == ' ' => self.out.push(c),
                _ => self.push(&format!("\\u{{{code:x}}}")),
            }
        }
        self.push("\"");
    }

    pub(super) fn params(&mut self, params: &Params) {
        self.push("[");
        let start = self.out.len();
        params.positional_only.iter().for_each(|param| self.param("", param));
        if !params.positional_only.is_empty() {
            self.push("/ ");
        }
        params.positional.iter().for_each(|param| self.param("", param));
        match &params.star {
            Some(param) => self.param("*", param),
            None if !params.keyword_only.is_empty() => self.push("* "),
            None => {}
        }
        params.keyword_only.iter().for_each(|param| self.param("", param));
        params.star_star.iter().for_each(|param| self.param("**", param));
        if self.out.len() > start {
            self.out.pop();
        }
        self.push("]");
    }

    fn param(&mut self, stars: &str, param: &Param) {
        self.push(stars);
        self.push_name(param.name.name);
        if let Some(annotation) = param.annotation {
            self.push(":");
            self.expr(annotation);
        }
        if let Some(default) = param.default {
            self.push("=");
            self.expr(default);
        }
        self.push(" ");
    }

    pub(super) fn pattern(&mut self, pattern: PatternId) {
        let tree = self.tree;
        match &tree[pattern].kind {
            PatternKind::Wildcard => return self.push("_"),
            PatternKind::Capture(name) => return self.push_name(name.name),
            PatternKind::Singleton(constant) => return self.constant(constant),
            PatternKind::Value(_)
            | PatternKind::Star(_)
            | PatternKind::Sequence(_)
            | PatternKind::Mapping { .. }
            | PatternKind::Class { .. }
            | PatternKind::Or(_)
            | PatternKind::As { .. } => {}
        }
        self.push("(");
        self.push_span(tree[pattern].span);
        match &tree[pattern].kind {
            PatternKind::Wildcard | PatternKind::Capture(_) | PatternKind::Singleton(_) => {}
            PatternKind::Value(value) => {
                self.push("Value");
                self.more(&[*value]);
            }
            PatternKind::Star(name) => {
                self.push("Star ");
                match name {
                    Some(name) => self.push_name(name.name),
                    None => self.push("_"),
                }
            }
            PatternKind::Sequence(list) => self.patterns("Sequence", list),
            PatternKind::Mapping { pairs, rest } => {
                self.push("Mapping");
                for &(key, pattern) in pairs {
                    self.more(&[key]);
                    self.push(":");
                    self.patterns("", &[pattern]);
                }
                if let Some(rest) = rest {
                    self.push(" **");
                    self.push_name(rest.name);
                }
            }
            PatternKind::Class { class, positional, keywords } => {
                self.push("Class");
                self.more(&[*class]);
                self.patterns("", positional);
                for (name, pattern) in keywords {
                    self.push(" ");
                    self.push_name(name.name);
                    self.push("=");
                    self.pattern(*pattern);
                }
            }
            PatternKind::Or(list) => self.patterns("Or", list),
            PatternKind::As { pattern, name } => {
                self.patterns("As", &[*pattern]);
                self.push(" ");
                self.push_name(name.name);
            }
        }
        self.push(")");
    }

    fn patterns(&mut self, label: &str, list: &[PatternId]) {
        self.push(label);
        for &pattern in list {
            self.push(" ");
            self.pattern(pattern);
        }
    }
}

/// The left operand of a node on a left spine.
fn left_of(kind: &ExprKind) -> Option<ExprId> {
    match kind {
        ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => Some(*value),
        ExprKind::Call { func, .. } => Some(*func),
        ExprKind::Binary { lhs, .. } => Some(*lhs),
        _ => None,
    }
}
