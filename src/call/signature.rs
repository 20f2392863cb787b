//! The signature of a native: its Python text, parsed once.

use super::native::{NativeDef, NativeKind};

/// What a parameter asks of its argument; conversions happen before the body, with the same messages everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Converter {
    /// Anything.
    Any,
    /// `self` of a method: an instance of the class of the table.
    This,
    /// `x: index`: an exact Int or BigInt, by `__index__`.
    Index,
    /// `x: size`: an Int, by `__index__`; too large a number is an OverflowError (`cannot fit 'int' into an index-sized integer`).
    Size,
    /// `x: clip`: the same, but too large a number becomes the nearest Int.
    Clip,
    /// `x: float`: a Float, by `__float__` or `__index__`.
    Float,
    /// `x: str`: a str (or an instance of a subclass, as it is).
    Str,
    /// `x: truth`: a Bool, by `__bool__` or `__len__`.
    Truth,
    /// `x: bytes`: bytes, bytearray or memoryview, as it is.
    Buffer,
    /// `x: list`: a list of what the iterable gives (a new one, or an exact list or tuple as it is).
    List,
    /// `x: iter`: `iter(x)`.
    Iter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    PositionalOnly,
    Positional,
    KeywordOnly,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
    pub converter: Converter,
    pub is_optional: bool,
    /// The text of the default, for `__text_signature__`.
    pub default: &'static str,
}

#[derive(Clone, Debug)]
pub struct Signature {
    pub name: &'static str,
    pub params: Vec<Param>,
    /// How many of `params` may be given by position.
    pub n_positional: usize,
    /// How many of those must be given.
    pub n_required: usize,
    pub star: Option<&'static str>,
    pub star_star: Option<&'static str>,
    /// Few parameters, and no keyword must be given: positional arguments that pass `checks` go to the body as they are.
    pub is_flat: bool,
    /// The number of parameters, if it is flat and has no `*args`; otherwise none that a call can have.
    pub n_exact: usize,
    /// The parameters that have a converter.
    pub checks: Vec<(u8, Converter)>,
}

/// The most parameters that need no binding.
pub const MAX_FLAT: usize = 8;

impl Signature {
    pub fn parse(def: &NativeDef) -> Signature {
        let name = def.name();
        let inside =
            def.text.split_once('(').map_or("", |(_, rest)| rest.rsplit_once(')').map_or(rest, |(text, _)| text));
        let mut signature = Signature {
            name,
            params: Vec::new(),
            n_positional: 0,
            n_required: 0,
            star: None,
            star_star: None,
            is_flat: true,
            n_exact: usize::MAX,
            checks: Vec::new(),
        };
        let mut is_keyword_only = false;
        for part in inside.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "/" {
                signature.params.iter_mut().for_each(|param| param.kind = ParamKind::PositionalOnly);
            } else if part == "*" {
                is_keyword_only = true;
            } else if let Some(name) = part.strip_prefix("**") {
                signature.star_star = Some(name);
            } else if let Some(name) = part.strip_prefix('*') {
                signature.star = Some(name);
                is_keyword_only = true;
            } else {
                let kind = if is_keyword_only { ParamKind::KeywordOnly } else { ParamKind::Positional };
                signature.params.push(parse_param(part, kind));
            }
        }
        if matches!(def.kind, NativeKind::Method | NativeKind::Special | NativeKind::Attribute)
            && let Some(first) = signature.params.first_mut()
        {
            first.converter = Converter::This;
            first.kind = ParamKind::PositionalOnly;
        }
        if matches!(def.kind, NativeKind::ClassMethod | NativeKind::New)
            && let Some(first) = signature.params.first_mut()
        {
            first.kind = ParamKind::PositionalOnly;
            if def.kind == NativeKind::New {
                first.converter = Converter::This;
            }
        }
        signature.count();
        signature
    }

    fn count(&mut self) {
        let is_positional = |param: &&Param| param.kind != ParamKind::KeywordOnly;
        self.n_positional = self.params.iter().filter(is_positional).count();
        self.n_required = self.params.iter().filter(is_positional).filter(|param| !param.is_optional).count();
        let needs_keyword = self.params.iter().any(|param| !is_positional(&param) && !param.is_optional);
        self.is_flat = !needs_keyword && self.star_star.is_none() && self.params.len() <= MAX_FLAT;
        if self.is_flat && self.star.is_none() && self.n_positional == self.params.len() {
            self.n_exact = self.params.len();
        }
        let converters = self.params.iter().map(|param| param.converter).enumerate();
        self.checks = converters.filter(|(_, one)| *one != Converter::Any).map(|(at, one)| (at as u8, one)).collect();
    }
}

fn parse_param(part: &'static str, kind: ParamKind) -> Param {
    let (declared, default) = part.split_once('=').map_or((part, None), |(left, right)| (left, Some(right.trim())));
    let (name, converter) =
        declared.split_once(':').map_or((declared, ""), |(name, converter)| (name, converter.trim()));
    let converter = match converter {
        "" => Converter::Any,
        "index" => Converter::Index,
        "size" => Converter::Size,
        "clip" => Converter::Clip,
        "float" => Converter::Float,
        "str" => Converter::Str,
        "truth" => Converter::Truth,
        "bytes" => Converter::Buffer,
        "list" => Converter::List,
        "iter" => Converter::Iter,
        other => panic!("no converter {other:?} in the signature part {part:?}"),
    };
    Param { name: name.trim(), kind, converter, is_optional: default.is_some(), default: default.unwrap_or("") }
}
