//! Expressions as text: the annotations of `from __future__ import annotations`, in CPython's spelling.
//!
//! Works with a list of what is still to be written instead of recursion, so that long spines need no native stack;
//! only fields of f-strings recurse, as their text is quoted as a whole.

use super::ast::*;
use crate::source::{Name, Names};

/// How tightly the parts of an expression hold together, loosest first.
mod level {
    pub const TUPLE: u8 = 0;
    pub const TEST: u8 = 1;
    pub const OR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const COMPARE: u8 = 5;
    pub const BIT_OR: u8 = 6;
    pub const BIT_XOR: u8 = 7;
    pub const BIT_AND: u8 = 8;
    pub const SHIFT: u8 = 9;
    pub const ARITH: u8 = 10;
    pub const TERM: u8 = 11;
    pub const FACTOR: u8 = 12;
    pub const POWER: u8 = 13;
    pub const AWAIT: u8 = 14;
    pub const ATOM: u8 = 15;
}

enum Piece {
    Text(String),
    Word(&'static str),
    Expr(ExprId, u8),
}

/// The text of an expression as CPython's `__annotations__` would hold it.
pub fn unparse(tree: &Tree, names: &Names, expr: ExprId) -> String {
    Unparser { tree, names }.text(expr, level::TEST)
}

struct Unparser<'t> {
    tree: &'t Tree,
    names: &'t Names,
}

impl Unparser<'_> {
    fn text(&self, expr: ExprId, level: u8) -> String {
        let mut out = String::new();
        let mut pending = vec![Piece::Expr(expr, level)];
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Text(text) => out.push_str(&text),
                Piece::Word(word) => out.push_str(word),
                Piece::Expr(expr, level) => {
                    let first = pending.len();
                    self.expand(expr, level, &mut pending);
                    pending[first..].reverse();
                }
            }
        }
        out
    }

    fn name(&self, name: Name) -> Piece {
        Piece::Text(self.names.text(name).to_owned())
    }

    /// Writes `parts` in parentheses if something around holds tighter than `own`.
    fn grouped(&self, level: u8, own: u8, out: &mut Vec<Piece>, parts: impl FnOnce(&mut Vec<Piece>)) {
        let needs = level > own;
        out.extend(needs.then_some(Piece::Word("(")));
        parts(out);
        out.extend(needs.then_some(Piece::Word(")")));
    }

    /// The parts of an expression, in order.
    fn expand(&self, expr: ExprId, level: u8, out: &mut Vec<Piece>) {
        match &self.tree[expr].kind {
            ExprKind::Constant(constant) => out.push(Piece::Text(constant_text(constant))),
            ExprKind::Name(name) => out.push(self.name(*name)),
            ExprKind::FString(parts) => {
                let body = self.fstring_body(parts);
                out.push(Piece::Text(format!("f{}", quoted(&body.chars().map(|c| c as u32).collect::<Vec<_>>()))));
            }
            ExprKind::Attribute { value, attr } => {
                let is_int =
                    matches!(self.tree[*value].kind, ExprKind::Constant(Constant::Int(_) | Constant::BigInt(_)));
                let dot = if is_int { " ." } else { "." };
                out.extend([Piece::Expr(*value, level::ATOM), Piece::Word(dot), self.name(attr.name)]);
            }
            ExprKind::Subscript { value, index } => {
                out.extend([Piece::Expr(*value, level::ATOM), Piece::Word("["), Piece::Expr(*index, level::TUPLE)]);
                out.push(Piece::Word("]"));
            }
            ExprKind::Slice { lower, upper, step } => {
                out.extend(lower.map(|lower| Piece::Expr(lower, level::TEST)));
                out.push(Piece::Word(":"));
                out.extend(upper.map(|upper| Piece::Expr(upper, level::TEST)));
                out.extend(step.iter().flat_map(|&step| [Piece::Word(":"), Piece::Expr(step, level::TEST)]));
            }
            ExprKind::Starred(value) => out.extend([Piece::Word("*"), Piece::Expr(*value, level::BIT_OR)]),
            ExprKind::Call { func, args, keywords } => self.expand_call(*func, args, keywords, out),
            ExprKind::Unary { op, operand } => self.expand_unary(*op, *operand, level, out),
            ExprKind::Binary { op, lhs, rhs } => self.expand_binary(*op, *lhs, *rhs, level, out),
            ExprKind::Bool { op, values } => {
                let (own, word) = match op {
                    BoolOp::And => (level::AND, " and "),
                    BoolOp::Or => (level::OR, " or "),
                };
                self.grouped(level, own, out, |out| separated(out, word, values, own + 1));
            }
            ExprKind::Compare { first, rest } => self.grouped(level, level::COMPARE, out, |out| {
                out.push(Piece::Expr(*first, level::COMPARE + 1));
                for (op, operand) in rest {
                    out.extend([Piece::Word(compare_word(*op)), Piece::Expr(*operand, level::COMPARE + 1)]);
                }
            }),
            ExprKind::IfElse { test, then, otherwise } => self.grouped(level, level::TEST, out, |out| {
                out.extend([Piece::Expr(*then, level::TEST + 1), Piece::Word(" if ")]);
                out.extend([Piece::Expr(*test, level::TEST + 1), Piece::Word(" else ")]);
                out.push(Piece::Expr(*otherwise, level::TEST));
            }),
            ExprKind::Lambda { params, body } => self.grouped(level, level::TEST, out, |out| {
                out.push(Piece::Word("lambda"));
                self.expand_params(params, out);
                out.extend([Piece::Word(": "), Piece::Expr(*body, level::TEST)]);
            }),
            ExprKind::Walrus { target, value } => self.grouped(level, level::TUPLE, out, |out| {
                out.extend([self.name(target.name), Piece::Word(" := "), Piece::Expr(*value, level::ATOM)]);
            }),
            ExprKind::Tuple(items) if items.is_empty() => out.push(Piece::Word("()")),
            ExprKind::Tuple(items) => self.grouped(level, level::TUPLE, out, |out| {
                separated(out, ", ", items, level::TEST);
                out.extend((items.len() == 1).then_some(Piece::Word(",")));
            }),
            ExprKind::List(items) => bracketed(out, "[", "]", |out| separated(out, ", ", items, level::TEST)),
            ExprKind::Set(items) => bracketed(out, "{", "}", |out| separated(out, ", ", items, level::TEST)),
            ExprKind::Dict(pairs) => bracketed(out, "{", "}", |out| {
                for (at, (key, value)) in pairs.iter().enumerate() {
                    out.extend((at > 0).then_some(Piece::Word(", ")));
                    match key {
                        Some(key) => out.extend([Piece::Expr(*key, level::TEST), Piece::Word(": ")]),
                        None => out.push(Piece::Word("**")),
                    }
                    out.push(Piece::Expr(*value, if key.is_some() { level::TEST } else { level::BIT_OR }));
                }
            }),
            ExprKind::ListComp(parts) => bracketed(out, "[", "]", |out| self.expand_comprehension(parts, out)),
            ExprKind::SetComp(parts) | ExprKind::DictComp(parts) => {
                bracketed(out, "{", "}", |out| self.expand_comprehension(parts, out));
            }
            ExprKind::Generator(parts) => bracketed(out, "(", ")", |out| self.expand_comprehension(parts, out)),
            ExprKind::Await(value) => self.grouped(level, level::AWAIT, out, |out| {
                out.extend([Piece::Word("await "), Piece::Expr(*value, level::ATOM)]);
            }),
            ExprKind::Yield(None) => out.push(Piece::Word("(yield)")),
            ExprKind::Yield(Some(value)) => {
                out.extend([Piece::Word("(yield "), Piece::Expr(*value, level::TEST), Piece::Word(")")]);
            }
            ExprKind::YieldFrom(value) => {
                out.extend([Piece::Word("(yield from "), Piece::Expr(*value, level::TEST), Piece::Word(")")]);
            }
        }
    }

    fn expand_call(&self, func: ExprId, args: &[ExprId], keywords: &[Keyword], out: &mut Vec<Piece>) {
        out.push(Piece::Expr(func, level::ATOM));
        if let ([only], []) = (args, keywords)
            && matches!(self.tree[*only].kind, ExprKind::Generator(_))
        {
            return out.push(Piece::Expr(*only, level::TEST));
        }
        bracketed(out, "(", ")", |out| {
            separated(out, ", ", args, level::TEST);
            for (at, keyword) in keywords.iter().enumerate() {
                out.extend((at > 0 || !args.is_empty()).then_some(Piece::Word(", ")));
                match keyword.name {
                    Some(name) => out.extend([self.name(name.name), Piece::Word("=")]),
                    None => out.push(Piece::Word("**")),
                }
                out.push(Piece::Expr(keyword.value, level::TEST));
            }
        });
    }

    fn expand_unary(&self, op: UnaryOp, operand: ExprId, level: u8, out: &mut Vec<Piece>) {
        let (word, own) = match op {
            UnaryOp::Not => ("not ", level::NOT),
            UnaryOp::Neg => ("-", level::FACTOR),
            UnaryOp::Pos => ("+", level::FACTOR),
            UnaryOp::Invert => ("~", level::FACTOR),
        };
        self.grouped(level, own, out, |out| out.extend([Piece::Word(word), Piece::Expr(operand, own)]));
    }

    fn expand_binary(&self, op: BinaryOp, lhs: ExprId, rhs: ExprId, level: u8, out: &mut Vec<Piece>) {
        let (word, own) = match op {
            BinaryOp::Add => (" + ", level::ARITH),
            BinaryOp::Sub => (" - ", level::ARITH),
            BinaryOp::Mul => (" * ", level::TERM),
            BinaryOp::MatMul => (" @ ", level::TERM),
            BinaryOp::Div => (" / ", level::TERM),
            BinaryOp::FloorDiv => (" // ", level::TERM),
            BinaryOp::Mod => (" % ", level::TERM),
            BinaryOp::Pow => (" ** ", level::POWER),
            BinaryOp::LShift => (" << ", level::SHIFT),
            BinaryOp::RShift => (" >> ", level::SHIFT),
            BinaryOp::BitAnd => (" & ", level::BIT_AND),
            BinaryOp::BitOr => (" | ", level::BIT_OR),
            BinaryOp::BitXor => (" ^ ", level::BIT_XOR),
        };
        let from_right = (op == BinaryOp::Pow) as u8;
        self.grouped(level, own, out, |out| {
            out.extend([Piece::Expr(lhs, own + from_right), Piece::Word(word), Piece::Expr(rhs, own + 1 - from_right)]);
        });
    }

    fn expand_comprehension(&self, parts: &Comprehension, out: &mut Vec<Piece>) {
        out.push(Piece::Expr(parts.element, level::TEST));
        out.extend(parts.value.iter().flat_map(|&value| [Piece::Word(": "), Piece::Expr(value, level::TEST)]));
        for clause in &parts.clauses {
            let word = if clause.is_async { " async for " } else { " for " };
            out.extend([Piece::Word(word), Piece::Expr(clause.target, level::TUPLE), Piece::Word(" in ")]);
            out.push(Piece::Expr(clause.iter, level::TEST + 1));
            for &condition in &clause.conditions {
                out.extend([Piece::Word(" if "), Piece::Expr(condition, level::TEST + 1)]);
            }
        }
    }

    /// The parameters of a lambda, with the space before them.
    fn expand_params(&self, params: &Params, out: &mut Vec<Piece>) {
        // CPython writes `lambda*args` without a space.
        let has_positional = !params.positional_only.is_empty() || !params.positional.is_empty();
        let mut separator = if has_positional { " " } else { "" };
        let mut parameter = |out: &mut Vec<Piece>, star: &'static str, param: Option<&Param>| {
            out.extend([Piece::Word(std::mem::replace(&mut separator, ", ")), Piece::Word(star)]);
            let Some(param) = param else { return };
            out.push(self.name(param.name.name));
            out.extend(param.default.iter().flat_map(|&value| [Piece::Word("="), Piece::Expr(value, level::TEST)]));
        };
        params.positional_only.iter().for_each(|param| parameter(out, "", Some(param)));
        if !params.positional_only.is_empty() {
            parameter(out, "/", None);
        }
        params.positional.iter().for_each(|param| parameter(out, "", Some(param)));
        if params.star.is_some() || !params.keyword_only.is_empty() {
            parameter(out, "*", params.star.as_ref());
        }
        params.keyword_only.iter().for_each(|param| parameter(out, "", Some(param)));
        if let Some(param) = &params.star_star {
            parameter(out, "**", Some(param));
        }
    }

    fn fstring_body(&self, parts: &[FPart]) -> String {
        let mut body = String::new();
        for part in parts {
            match part {
                FPart::Text(text) => {
                    let text = String::from_utf8_lossy(text.as_bytes());
                    body.push_str(&text.replace('{', "{{").replace('}', "}}"));
                }
                FPart::Field(field) => {
                    let value = self.text(field.value, level::TEST + 1);
                    body.push_str(if value.starts_with('{') { "{ " } else { "{" });
                    body.push_str(&value);
                    body.push_str(match field.conversion {
                        None => "",
                        Some(Conversion::Str) => "!s",
                        Some(Conversion::Repr) => "!r",
                        Some(Conversion::Ascii) => "!a",
                    });
                    if let Some(spec) = &field.spec {
                        body.push(':');
                        body.push_str(&self.fstring_body(spec));
                    }
                    body.push('}');
                }
            }
        }
        body
    }
}

fn bracketed(out: &mut Vec<Piece>, open: &'static str, close: &'static str, parts: impl FnOnce(&mut Vec<Piece>)) {
    out.push(Piece::Word(open));
    parts(out);
    out.push(Piece::Word(close));
}

fn separated(out: &mut Vec<Piece>, separator: &'static str, items: &[ExprId], level: u8) {
    for (at, &item) in items.iter().enumerate() {
        out.extend((at > 0).then_some(Piece::Word(separator)));
        out.push(Piece::Expr(item, level));
    }
}

fn compare_word(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => " == ",
        CompareOp::NotEq => " != ",
        CompareOp::Less => " < ",
        CompareOp::LessEq => " <= ",
        CompareOp::Greater => " > ",
        CompareOp::GreaterEq => " >= ",
        CompareOp::Is => " is ",
        CompareOp::IsNot => " is not ",
        CompareOp::In => " in ",
        CompareOp::NotIn => " not in ",
    }
}

/// A constant as `repr` writes it, infinities as a number that is one.
pub fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::None => "None".into(),
        Constant::True => "True".into(),
        Constant::False => "False".into(),
        Constant::Ellipsis => "...".into(),
        Constant::Int(value) => value.to_string(),
        Constant::BigInt(digits) => match digits.strip_prefix("0x") {
            Some(hexadecimal) => decimal(hexadecimal),
            None => digits.to_string(),
        },
        Constant::Float(value) => float_text(*value),
        Constant::Imaginary(value) => format!("{}j", float_text(*value).trim_end_matches(".0")),
        Constant::Str(text) => quoted(&text.code_points().collect::<Vec<_>>()),
        Constant::Bytes(bytes) => bytes_text(bytes),
    }
}

/// Decimal digits of a number in hexadecimal ones.
fn decimal(hexadecimal: &str) -> String {
    const BILLION: u64 = 1_000_000_000;
    let mut groups: Vec<u64> = vec![0];
    for digit in hexadecimal.chars().filter_map(|digit| digit.to_digit(16)) {
        let mut carry = digit as u64;
        for group in &mut groups {
            let value = *group * 16 + carry;
            (*group, carry) = (value % BILLION, value / BILLION);
        }
        groups.extend((carry > 0).then_some(carry));
    }
    let mut text = groups.pop().unwrap_or(0).to_string();
    groups.iter().rev().for_each(|group| text.push_str(&format!("{group:09}")));
    text
}

fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return "1e309".into();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        exponent @ (..-4 | 16..) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => format!("{value:?}"),
    }
}

/// A string literal for these code points: single quotes, unless only they are inside.
fn quoted(code_points: &[u32]) -> String {
    let has = |wanted: char| code_points.contains(&(wanted as u32));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for &code in code_points {
        match char::from_u32(code) {
            Some(c) if c == quote || c == '\\' => out.extend(['\\', c]),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(code)) => out.push(c),
            _ if code < 0x100 => out.push_str(&format!("\\x{code:02x}")),
            _ if code < 0x10000 => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push(quote);
    out
}

/// Formatting characters, private use and what is no character: `repr` escapes them.
fn is_invisible(code: u32) -> bool {
    matches!(code, 0xAD | 0x600..=0x605 | 0x61C | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F)
        || matches!(code, 0xE000..=0xF8FF | 0xFEFF | 0xFFF0..=0xFFFB | 0xFFFE | 0xFFFF | 0xE0000..)
}

fn bytes_text(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte as char {
            c if c == quote || c == '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c @ ' '..='~' => out.push(c),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}
