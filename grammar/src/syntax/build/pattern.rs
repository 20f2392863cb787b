//! Patterns of `match`.

use std::collections::HashSet;

use super::{Builder, Targets, span};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::{Name, Span};
use crate::syntax::ast::*;

/// One item of a mapping pattern.
#[derive(Clone, Copy, Debug)]
pub enum MapItem {
    Pair(ExprId, PatternId),
    Rest(Ident),
}

/// One item of a class pattern.
#[derive(Clone, Copy, Debug)]
pub enum MatchItem {
    Positional(PatternId),
    Keyword(Ident, PatternId),
}

impl Builder<'_> {
    pub fn subject(&mut self, l: u32, items: Targets, r: u32) -> ExprId {
        let subject = self.targets(l, items, r);
        self.refuse_star(subject);
        subject
    }

    pub fn case(&mut self, pattern: PatternId, guard: Option<ExprId>, body: Vec<StmtId>) -> MatchCase {
        MatchCase { pattern, guard, body }
    }

    fn pattern_depth(&self, pattern: PatternId) -> u16 {
        self.pattern_depths[pattern.0 as usize]
    }

    fn around_patterns(&self, list: &[PatternId]) -> u16 {
        1 + list.iter().map(|&pattern| self.pattern_depth(pattern)).max().unwrap_or(0)
    }

    fn is_wildcard_name(&self, name: Ident) -> bool {
        self.tree.names.text(name.name) == "_"
    }

    /// Patterns without brackets: one, or a sequence.
    pub fn open_sequence(&mut self, l: u32, list: Vec<PatternId>, comma: bool, r: u32) -> PatternId {
        self.paren_pattern(l, list, comma, r)
    }

    /// Patterns in parentheses: a group, or a sequence.
    pub fn paren_pattern(&mut self, l: u32, list: Vec<PatternId>, comma: bool, r: u32) -> PatternId {
        if let ([only], false) = (list.as_slice(), comma) {
            if matches!(self.tree[*only].kind, PatternKind::Star(_)) {
                self.mistake(SyntaxMistake::StarPatternAlone, self.tree[*only].span);
            }
            return *only;
        }
        self.sequence_pattern(l, list, r)
    }

    pub fn sequence_pattern(&mut self, l: u32, list: Vec<PatternId>, r: u32) -> PatternId {
        let mut stars = list.iter().filter(|&&pattern| matches!(self.tree[pattern].kind, PatternKind::Star(_)));
        if stars.nth(1).is_some() {
            self.mistake(SyntaxMistake::SeveralStarPatterns, span(l, r));
        }
        let depth = self.around_patterns(&list);
        self.add_pattern(PatternKind::Sequence(list), span(l, r), depth)
    }

    pub fn star_pattern(&mut self, l: u32, name: Ident, r: u32) -> PatternId {
        let name = (!self.is_wildcard_name(name)).then_some(name);
        self.add_pattern(PatternKind::Star(name), span(l, r), 1)
    }

    pub fn as_pattern(&mut self, l: u32, pattern: PatternId, name: Ident, r: u32) -> PatternId {
        if self.is_wildcard_name(name) {
            self.mistake(SyntaxMistake::WildcardTarget, name.span);
        }
        let depth = self.around_patterns(&[pattern]);
        self.add_pattern(PatternKind::As { pattern, name }, span(l, r), depth)
    }

    pub fn or_pattern(&mut self, l: u32, first: PatternId, mut rest: Vec<PatternId>, r: u32) -> PatternId {
        rest.insert(0, first);
        let n_rest = rest.len();
        if let Some(&early) = rest[..n_rest - 1].iter().find(|&&pattern| self.is_irrefutable(pattern)) {
            self.unreachable_alternative(early);
        }
        let depth = self.around_patterns(&rest);
        self.add_pattern(PatternKind::Or(rest), span(l, r), depth)
    }

    /// Matches everything, so that no alternative behind it is ever tried.
    fn is_irrefutable(&self, mut pattern: PatternId) -> bool {
        loop {
            pattern = match &self.tree[pattern].kind {
                PatternKind::Wildcard | PatternKind::Capture(_) => return true,
                PatternKind::Or(list) => list[list.len() - 1],
                PatternKind::As { pattern, .. } => *pattern,
                PatternKind::Value(_)
                | PatternKind::Singleton(_)
                | PatternKind::Star(_)
                | PatternKind::Sequence(_)
                | PatternKind::Mapping { .. }
                | PatternKind::Class { .. } => return false,
            };
        }
    }

    fn unreachable_alternative(&mut self, mut pattern: PatternId) {
        loop {
            pattern = match &self.tree[pattern].kind {
                PatternKind::Or(list) => list[list.len() - 1],
                PatternKind::As { pattern, .. } => *pattern,
                _ => break,
            };
        }
        let at = self.tree[pattern].span;
        let mistake = match &self.tree[pattern].kind {
            PatternKind::Capture(name) => {
                let name = self.tree.names.text(name.name).to_owned();
                SyntaxMistake::UnreachableAfterCapture { name }
            }
            _ => SyntaxMistake::UnreachableAfterWildcard,
        };
        self.mistake(mistake, at);
    }

    /// A case that matches everything must be the last.
    pub(super) fn check_unreachable(&mut self, cases: &[MatchCase]) {
        let n_cases = cases.len();
        let early = cases[..n_cases.saturating_sub(1)]
            .iter()
            .find(|case| case.guard.is_none() && self.is_irrefutable(case.pattern));
        if let Some(case) = early {
            self.unreachable_alternative(case.pattern);
        }
        for case in cases {
            self.check_bindings(case.pattern);
        }
    }

    /// Each name is bound once, and alternatives bind the same names. Patterns are at most `MAX_DEPTH` deep.
    fn check_bindings(&mut self, pattern: PatternId) {
        let mut bound = HashSet::new();
        self.bindings(pattern, &mut bound);
    }

    fn bindings(&mut self, pattern: PatternId, bound: &mut HashSet<Name>) {
        let at = self.tree[pattern].span;
        match self.tree[pattern].kind.clone() {
            PatternKind::Value(_) | PatternKind::Singleton(_) | PatternKind::Wildcard => {}
            PatternKind::Capture(name) => self.bind(name, at, bound),
            PatternKind::Star(name) => name.into_iter().for_each(|name| self.bind(name, at, bound)),
            PatternKind::Sequence(list) => list.into_iter().for_each(|pattern| self.bindings(pattern, bound)),
            PatternKind::Mapping { pairs, rest } => {
                pairs.into_iter().for_each(|(_, pattern)| self.bindings(pattern, bound));
                rest.into_iter().for_each(|name| self.bind(name, at, bound));
            }
            PatternKind::Class { positional, keywords, .. } => {
                positional.into_iter().for_each(|pattern| self.bindings(pattern, bound));
                keywords.into_iter().for_each(|(_, pattern)| self.bindings(pattern, bound));
            }
            PatternKind::As { pattern, name } => {
                self.bindings(pattern, bound);
                self.bind(name, at, bound);
            }
            PatternKind::Or(list) => self.bindings_of_alternatives(list, at, bound),
        }
    }

    fn bindings_of_alternatives(&mut self, list: Vec<PatternId>, at: Span, bound: &mut HashSet<Name>) {
        let mut first: Option<HashSet<Name>> = None;
        for pattern in list {
            let mut own = HashSet::new();
            self.bindings(pattern, &mut own);
            match &first {
                Some(names) if *names != own => {
                    self.mistake(SyntaxMistake::DifferentBindings, at);
                    return;
                }
                Some(_) => {}
                None => first = Some(own),
            }
        }
        for name in first.into_iter().flatten() {
            self.bind(Ident { name, span: at }, at, bound);
        }
    }

    fn bind(&mut self, name: Ident, at: Span, bound: &mut HashSet<Name>) {
        if !bound.insert(name.name) {
            let name = self.tree.names.text(name.name).to_owned();
            self.mistake(SyntaxMistake::BoundTwice { name }, at);
        }
    }

    pub fn value_pattern(&mut self, value: ExprId) -> PatternId {
        let at = self.span_of(value);
        if matches!(self.tree[value].kind, ExprKind::FString(_)) {
            self.mistake(SyntaxMistake::FStringPattern, at);
        }
        self.add_pattern(PatternKind::Value(value), at, 1)
    }

    pub fn singleton_pattern(&mut self, value: ExprId) -> PatternId {
        let constant = match &self.tree[value].kind {
            ExprKind::Constant(constant) => constant.clone(),
            _ => Constant::None,
        };
        self.add_pattern(PatternKind::Singleton(constant), self.span_of(value), 1)
    }

    /// A name captures, `_` matches everything, a dotted name is a value.
    pub fn name_pattern(&mut self, name: ExprId) -> PatternId {
        let at = self.span_of(name);
        let kind = match &self.tree[name].kind {
            ExprKind::Name(text) if self.tree.names.text(*text) == "_" => PatternKind::Wildcard,
            ExprKind::Name(text) => PatternKind::Capture(Ident { name: *text, span: at }),
            _ => PatternKind::Value(name),
        };
        self.add_pattern(kind, at, 1)
    }

    pub fn complex_literal(&mut self, l: u32, op: BinaryOp, real: ExprId, imag: ExprId, r: u32) -> ExprId {
        let inner = match self.tree[real].kind {
            ExprKind::Unary { operand, .. } => operand,
            _ => real,
        };
        if matches!(self.tree[inner].kind, ExprKind::Constant(Constant::Imaginary(_))) {
            self.mistake(SyntaxMistake::ComplexNeedsReal, self.span_of(inner));
        } else if !matches!(self.tree[imag].kind, ExprKind::Constant(Constant::Imaginary(_))) {
            self.mistake(SyntaxMistake::ComplexNeedsImaginary, self.span_of(imag));
        }
        self.binary(l, op, real, imag, r)
    }

    pub fn map_pair(&mut self, key: ExprId, pattern: PatternId) -> MapItem {
        MapItem::Pair(key, pattern)
    }

    pub fn map_rest(&mut self, name: Ident) -> MapItem {
        if self.is_wildcard_name(name) {
            self.mistake(SyntaxMistake::UnexpectedToken { what: "'_'".to_owned() }, name.span);
        }
        MapItem::Rest(name)
    }

    /// A key is a value: a bare name is not one.
    pub fn map_key(&mut self, name: ExprId) -> ExprId {
        if matches!(self.tree[name].kind, ExprKind::Name(_)) {
            self.mistake(SyntaxMistake::NameAsKey, self.span_of(name));
        }
        name
    }

    pub fn mapping_pattern(&mut self, l: u32, items: Vec<MapItem>, r: u32) -> PatternId {
        let (mut pairs, mut rest) = (Vec::with_capacity(items.len()), None);
        for item in items {
            let wrong = match item {
                MapItem::Pair(key, _) => self.span_of(key),
                MapItem::Rest(name) => name.span,
            };
            if let Some(Ident { span, .. }) = rest {
                let diagnostic = Diagnostic::new(SyntaxMistake::RestNotLast, span);
                self.note(diagnostic.raised_at(wrong));
            }
            match item {
                MapItem::Pair(key, pattern) => pairs.push((key, pattern)),
                MapItem::Rest(name) => rest = Some(name),
            }
        }
        self.check_keys(&pairs, span(l, r));
        let depth = 1 + pairs.iter().map(|&(_, pattern)| self.pattern_depth(pattern)).max().unwrap_or(0);
        self.add_pattern(PatternKind::Mapping { pairs, rest }, span(l, r), depth)
    }

    /// No key stands twice; numbers are compared by value.
    fn check_keys(&mut self, pairs: &[(ExprId, PatternId)], at: Span) {
        let mut seen = HashSet::new();
        for &(key, _) in pairs {
            if matches!(self.tree[key].kind, ExprKind::FString(_)) {
                self.mistake(SyntaxMistake::PatternKey, at);
                return;
            }
            let Some((value, shown)) = self.key_value(key) else { continue };
            if !seen.insert(value) {
                self.mistake(SyntaxMistake::RepeatedKey { key: shown }, at);
                return;
            }
        }
    }

    /// A text that is the same for equal constants, and what CPython shows of the key.
    fn key_value(&self, key: ExprId) -> Option<(String, String)> {
        let (negative, inner) = match &self.tree[key].kind {
            ExprKind::Unary { operand, .. } => (true, *operand),
            _ => (false, key),
        };
        let ExprKind::Constant(constant) = &self.tree[inner].kind else { return None };
        let sign = if negative { "-" } else { "" };
        let same = |text: String| Some((text.clone(), text));
        match constant {
            Constant::None => same("None".to_owned()),
            Constant::True => Some(("1".to_owned(), "True".to_owned())),
            Constant::False => Some(("0".to_owned(), "False".to_owned())),
            Constant::Ellipsis => None,
            Constant::Int(0) => same("0".to_owned()),
            Constant::Int(value) => same(format!("{sign}{value}")),
            Constant::BigInt(digits) => same(format!("{sign}{digits}")),
            Constant::Float(value) if *value == value.trunc() && value.abs() < 1e15 => {
                let whole = if *value == 0.0 { "0".to_owned() } else { format!("{sign}{value}") };
                Some((whole, format!("{sign}{value:?}")))
            }
            Constant::Float(value) => same(format!("{sign}{value:?}")),
            Constant::Imaginary(value) if *value == 0.0 => Some(("0".to_owned(), format!("{sign}0j"))),
            Constant::Imaginary(value) => same(format!("{sign}{value}j")),
            Constant::Str(text) => Some((format!("s{text:?}"), format!("'{}'", text.as_str()?))),
            Constant::Bytes(bytes) => {
                let shown = bytes.escape_ascii().to_string();
                Some((format!("b{shown}"), format!("b'{shown}'")))
            }
        }
    }

    pub fn positional_pattern(&mut self, pattern: PatternId) -> MatchItem {
        MatchItem::Positional(pattern)
    }

    pub fn keyword_pattern(&mut self, name: Ident, pattern: PatternId) -> MatchItem {
        MatchItem::Keyword(name, pattern)
    }

    pub fn class_pattern(&mut self, l: u32, class: ExprId, items: Vec<MatchItem>, r: u32) -> PatternId {
        let (mut positional, mut keywords) = (Vec::new(), Vec::new());
        let (mut wrong, mut names, mut n_keywords) = (None::<Span>, HashSet::new(), 0);
        for item in items {
            match item {
                MatchItem::Positional(pattern) => {
                    // Only the first run of them is told.
                    if !keywords.is_empty() && (wrong.is_none() || n_keywords == keywords.len()) {
                        let at = self.tree[pattern].span;
                        wrong = Some(wrong.map_or(at, |before| before.to(at)));
                        n_keywords = keywords.len();
                    }
                    positional.push(pattern);
                }
                MatchItem::Keyword(name, pattern) => {
                    if !names.insert(name.name) {
                        let text = self.tree.names.text(name.name).to_owned();
                        self.mistake(SyntaxMistake::RepeatedAttribute { name: text }, self.tree[pattern].span);
                    }
                    keywords.push((name, pattern));
                }
            }
        }
        if let Some(at) = wrong {
            self.mistake(SyntaxMistake::PositionalPatternAfterKeyword, at);
        }
        let inner = positional.iter().copied().chain(keywords.iter().map(|&(_, pattern)| pattern));
        let depth = 1 + inner.map(|pattern| self.pattern_depth(pattern)).max().unwrap_or(0);
        self.add_pattern(PatternKind::Class { class, positional, keywords }, span(l, r), depth)
    }
}
