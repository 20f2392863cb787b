//! Parameters of functions and lambdas, and type parameters.

use super::{Builder, span};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;
use crate::syntax::ast::*;

/// One item of a parameter list, in the order of the text.
#[derive(Clone, Debug)]
pub enum ParamItem {
    Plain(Param),
    Slash(Span),
    /// A bare `*`.
    Star(Span),
    Args(Span, Param),
    Kwargs(Span, Param),
}

/// What has been seen of a parameter list so far.
#[derive(Default)]
struct Seen {
    slash: bool,
    star: Option<Span>,
    is_bare_star: bool,
    has_default: bool,
}

impl Builder<'_> {
    pub fn param(&mut self, name: Ident, annotation: Option<ExprId>, default: Option<ExprId>) -> ParamItem {
        ParamItem::Plain(Param { name, annotation, default })
    }

    pub fn param_slash(&mut self, l: u32, r: u32) -> ParamItem {
        ParamItem::Slash(span(l, r))
    }

    pub fn param_star(&mut self, l: u32, r: u32) -> ParamItem {
        ParamItem::Star(span(l, r))
    }

    pub fn param_args(
        &mut self,
        l: u32,
        name: Ident,
        annotation: Option<ExprId>,
        default: Option<ExprId>,
    ) -> ParamItem {
        ParamItem::Args(span(l, l + 1), Param { name, annotation, default })
    }

    pub fn param_kwargs(
        &mut self,
        l: u32,
        name: Ident,
        annotation: Option<ExprId>,
        default: Option<ExprId>,
    ) -> ParamItem {
        ParamItem::Kwargs(span(l, l + 2), Param { name, annotation, default })
    }

    /// Sorts the items into their kinds and checks their order; at most one mistake is told.
    pub fn params(&mut self, _l: u32, items: Vec<ParamItem>, _r: u32, is_lambda: bool) -> Params {
        let mut params = Params::default();
        let mut seen = Seen::default();
        let mut mistake = None;
        for item in items {
            let found = match item {
                ParamItem::Plain(param) => place_plain(&mut params, &mut seen, param),
                ParamItem::Slash(at) => place_slash(&mut params, &mut seen, at),
                ParamItem::Star(at) => {
                    seen.is_bare_star |= seen.star.is_none();
                    place_star(&params, &mut seen, at, None)
                }
                ParamItem::Args(at, param) => {
                    let default = param.default.map(|default| self.equals_before(default));
                    let mut found = place_star(&params, &mut seen, at, default);
                    let is_unpacked = |annotation: ExprId| matches!(self.tree[annotation].kind, ExprKind::Starred(_));
                    if let (Some(equals), true) = (default, param.annotation.is_some_and(is_unpacked)) {
                        found = Some((SyntaxMistake::UnexpectedToken { what: "'='".to_owned() }, equals));
                    }
                    params.star = Some(param);
                    found
                }
                ParamItem::Kwargs(at, param) => {
                    let default = param.default.map(|default| self.equals_before(default));
                    let found = place_kwargs(&params, &seen, at, default);
                    params.star_star = Some(param);
                    found
                }
            };
            mistake = mistake.or(found);
        }
        if let (Some(at), true) = (seen.star, seen.is_bare_star && params.keyword_only.is_empty()) {
            mistake = mistake.or(Some((SyntaxMistake::NothingAfterStar, at)));
        }
        if let Some((mistake, at)) = mistake {
            self.note_param(mistake, at, is_lambda);
        }
        params
    }

    /// Notes a mistake of a parameter list, where CPython reports it.
    fn note_param(&mut self, mistake: SyntaxMistake, at: Span, is_lambda: bool) {
        let behind = self.next_token(at.end);
        let is_comma = self.text.get(behind.range()) == Some(",");
        match mistake {
            SyntaxMistake::NothingAfterStar if is_lambda => {
                let raised = if is_comma { self.next_token(behind.end) } else { behind };
                self.note(Diagnostic::new(mistake, at).raised_at(raised));
            }
            SyntaxMistake::NothingBeforeSlash if !is_comma => {
                self.mistake(SyntaxMistake::UnexpectedToken { what: "'/'".to_owned() }, at);
            }
            _ => self.mistake(mistake, at),
        }
    }

    /// The `=` before a default value.
    fn equals_before(&self, default: ExprId) -> Span {
        let end = self.outer_span(default).start as usize;
        let at = self.text[..end].rfind('=').unwrap_or(end);
        Span::new(at, at + 1)
    }

    pub(super) fn depth_of_params(&self, params: &Params) -> u16 {
        let all = params.positional_only.iter().chain(&params.positional).chain(&params.keyword_only);
        all.filter_map(|param| param.default).map(|default| self.depth(default)).max().unwrap_or(0)
    }

    /// Those with a default come last.
    pub fn type_params(&mut self, list: Vec<TypeParam>) -> Vec<TypeParam> {
        let first_default = list.iter().position(|param| param.default.is_some()).unwrap_or(list.len());
        if let Some(wrong) = list[first_default..].iter().find(|param| param.default.is_none()) {
            let name = self.tree.names.text(wrong.name.name).to_owned();
            self.mistake(SyntaxMistake::TypeDefaultBeforeNone { name }, wrong.span);
        }
        list
    }

    pub fn type_var(
        &mut self,
        l: u32,
        name: Ident,
        bound: Option<ExprId>,
        default: Option<ExprId>,
        r: u32,
    ) -> TypeParam {
        TypeParam { name, kind: TypeParamKind::TypeVar { bound }, default, span: span(l, r) }
    }

    pub fn type_var_tuple(
        &mut self,
        l: u32,
        name: Ident,
        bound: Option<ExprId>,
        default: Option<ExprId>,
        r: u32,
    ) -> TypeParam {
        self.refuse_bound(bound, "TypeVarTuple");
        TypeParam { name, kind: TypeParamKind::TypeVarTuple, default, span: span(l, r) }
    }

    pub fn param_spec(
        &mut self,
        l: u32,
        name: Ident,
        bound: Option<ExprId>,
        default: Option<ExprId>,
        r: u32,
    ) -> TypeParam {
        self.refuse_bound(bound, "ParamSpec");
        TypeParam { name, kind: TypeParamKind::ParamSpec, default, span: span(l, r) }
    }

    fn refuse_bound(&mut self, bound: Option<ExprId>, kind: &'static str) {
        let Some(bound) = bound else { return };
        let what = if matches!(self.tree[bound].kind, ExprKind::Tuple(_)) { "constraints" } else { "bound" };
        let end = self.outer_span(bound);
        let colon = self.text[..end.start as usize].rfind(':').unwrap_or(end.start as usize);
        self.mistake(SyntaxMistake::TypeParamBound { what, kind }, Span::new(colon, end.end as usize));
    }
}

type Found = Option<(SyntaxMistake, Span)>;

fn place_plain(params: &mut Params, seen: &mut Seen, param: Param) -> Found {
    let at = param.name.span;
    if params.star_star.is_some() {
        return Some((SyntaxMistake::ParamAfterKwargs, at));
    }
    if seen.star.is_some() {
        params.keyword_only.push(param);
        return None;
    }
    let is_wrong = seen.has_default && param.default.is_none();
    seen.has_default |= param.default.is_some();
    params.positional.push(param);
    is_wrong.then_some((SyntaxMistake::DefaultBeforeNone, at))
}

fn place_slash(params: &mut Params, seen: &mut Seen, at: Span) -> Found {
    if params.star_star.is_some() {
        return Some((SyntaxMistake::ParamAfterKwargs, at));
    }
    if seen.slash {
        return Some((SyntaxMistake::SeveralSlashes, at));
    }
    if seen.star.is_some() {
        return Some((SyntaxMistake::SlashAfterStar, at));
    }
    if params.positional.is_empty() {
        return Some((SyntaxMistake::NothingBeforeSlash, at));
    }
    seen.slash = true;
    params.positional_only = std::mem::take(&mut params.positional);
    None
}

fn place_star(params: &Params, seen: &mut Seen, at: Span, default: Option<Span>) -> Found {
    if params.star_star.is_some() {
        return Some((SyntaxMistake::ParamAfterKwargs, at));
    }
    if seen.star.is_some() {
        return Some((SyntaxMistake::SeveralStarParams, at));
    }
    seen.star = Some(at);
    default.map(|equals| (SyntaxMistake::StarParamDefault { kind: "var-positional" }, equals))
}

fn place_kwargs(params: &Params, seen: &Seen, at: Span, default: Option<Span>) -> Found {
    if params.star_star.is_some() {
        return Some((SyntaxMistake::ParamAfterKwargs, at));
    }
    if let (Some(star), true) = (seen.star, seen.is_bare_star && params.keyword_only.is_empty()) {
        return Some((SyntaxMistake::NothingAfterStar, star));
    }
    default.map(|equals| (SyntaxMistake::StarParamDefault { kind: "var-keyword" }, equals))
}
