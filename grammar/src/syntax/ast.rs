//! The tree: what the parser builds, `resolve` gives scopes, and `compile` turns into code.
//!
//! Nodes live in arenas and point to each other by number, so a tree of any depth is built, walked and dropped without
//! recursion, and is one allocation per kind. Nothing here has behaviour. The forms follow the Python reference;
//! expressions that are assigned to or deleted are ordinary expressions in that place (checked when built).

use crate::source::{Name, Names, Span, Wtf8};

/// One parsed source: a module, the text of `exec`, or (with one expression as its body) of `eval`.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub exprs: Vec<Expr>,
    pub stmts: Vec<Stmt>,
    pub patterns: Vec<Pattern>,
    pub names: Names,
    pub body: Vec<StmtId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StmtId(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(pub u32);

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

/// An identifier with its place, where the place of the whole node is not that of the identifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ident {
    pub name: Name,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    None,
    True,
    False,
    Ellipsis,
    Int(i64),
    /// An integer beyond 64 bits: its decimal digits, or `0x` and hexadecimal digits where the literal was no decimal one.
    BigInt(Box<str>),
    Float(f64),
    /// `2j`: the imaginary part.
    Imaginary(f64),
    Str(Wtf8),
    Bytes(Box<[u8]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitAnd,
    BitOr,
    BitXor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Not,
    Neg,
    Pos,
    Invert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Is,
    IsNot,
    In,
    NotIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Constant(Constant),
    Name(Name),
    /// An f-string, adjacent plain literals merged in.
    FString(Vec<FPart>),
    Attribute {
        value: ExprId,
        attr: Ident,
    },
    Subscript {
        value: ExprId,
        index: ExprId,
    },
    /// Only inside a subscript.
    Slice {
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    },
    /// `*value`, in a display, a call, a subscript or a target.
    Starred(ExprId),
    Call {
        func: ExprId,
        /// Positional ones, `Starred` among them, in order.
        args: Vec<ExprId>,
        keywords: Vec<Keyword>,
    },
    Unary {
        op: UnaryOp,
        operand: ExprId,
    },
    Binary {
        op: BinaryOp,
        lhs: ExprId,
        rhs: ExprId,
    },
    /// `a and b and c` is one node of three values.
    Bool {
        op: BoolOp,
        values: Vec<ExprId>,
    },
    /// `a < b <= c`: one operand more than operators.
    Compare {
        first: ExprId,
        rest: Vec<(CompareOp, ExprId)>,
    },
    IfElse {
        test: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Lambda {
        params: Box<Params>,
        body: ExprId,
    },
    /// `target := value`.
    Walrus {
        target: Ident,
        value: ExprId,
    },
    Tuple(Vec<ExprId>),
    List(Vec<ExprId>),
    Set(Vec<ExprId>),
    /// A `None` key is `**value`.
    Dict(Vec<(Option<ExprId>, ExprId)>),
    ListComp(Box<Comprehension>),
    SetComp(Box<Comprehension>),
    /// `element` is the key, `value` the value.
    DictComp(Box<Comprehension>),
    Generator(Box<Comprehension>),
    Await(ExprId),
    Yield(Option<ExprId>),
    YieldFrom(ExprId),
}

#[derive(Clone, Debug)]
pub enum FPart {
    Text(Wtf8),
    Field(Box<FField>),
}

/// `{value!r:spec}`; for `{value=}` the text before it is a `Text` part of its own and `conversion` is set as CPython sets it.
#[derive(Clone, Debug)]
pub struct FField {
    pub value: ExprId,
    pub conversion: Option<Conversion>,
    /// Parts of the format specification, which may hold fields again.
    pub spec: Option<Vec<FPart>>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    Str,
    Repr,
    Ascii,
}

/// `name=value`, or `**value` where `name` is None.
#[derive(Clone, Debug)]
pub struct Keyword {
    pub name: Option<Ident>,
    pub value: ExprId,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Comprehension {
    pub element: ExprId,
    /// Only of a dict comprehension.
    pub value: Option<ExprId>,
    pub clauses: Vec<ForClause>,
}

#[derive(Clone, Debug)]
pub struct ForClause {
    pub target: ExprId,
    pub iter: ExprId,
    pub conditions: Vec<ExprId>,
    pub is_async: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Params {
    pub positional_only: Vec<Param>,
    pub positional: Vec<Param>,
    pub star: Option<Param>,
    pub keyword_only: Vec<Param>,
    pub star_star: Option<Param>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Ident,
    /// `*args: *Ts` has a `Starred` here.
    pub annotation: Option<ExprId>,
    pub default: Option<ExprId>,
}

#[derive(Clone, Debug)]
pub enum TypeParamKind {
    /// `T: bound`.
    TypeVar { bound: Option<ExprId> },
    /// `*Ts`.
    TypeVarTuple,
    /// `**P`.
    ParamSpec,
}

#[derive(Clone, Debug)]
pub struct TypeParam {
    pub name: Ident,
    pub kind: TypeParamKind,
    pub default: Option<ExprId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    Expr(ExprId),
    /// `a = b = value`; targets from left to right.
    Assign {
        targets: Vec<ExprId>,
        value: ExprId,
    },
    AugAssign {
        target: ExprId,
        op: BinaryOp,
        value: ExprId,
    },
    /// `target: annotation = value`. `simple`: the target is a bare name without parentheses.
    AnnAssign {
        target: ExprId,
        annotation: ExprId,
        value: Option<ExprId>,
        simple: bool,
    },
    Return(Option<ExprId>),
    Delete(Vec<ExprId>),
    Raise {
        exc: Option<ExprId>,
        cause: Option<ExprId>,
    },
    Assert {
        test: ExprId,
        message: Option<ExprId>,
    },
    Pass,
    Break,
    Continue,
    Global(Vec<Ident>),
    Nonlocal(Vec<Ident>),
    Import(Vec<Alias>),
    /// `from ..module import names`; an empty `names` is `*`.
    ImportFrom {
        module: Option<Ident>,
        level: u32,
        names: Vec<Alias>,
        star: Option<Span>,
    },
    /// `elif` chains are flat: one branch per test. `otherwise` is empty without an `else`.
    If {
        branches: Vec<(ExprId, Vec<StmtId>)>,
        otherwise: Vec<StmtId>,
    },
    While {
        test: ExprId,
        body: Vec<StmtId>,
        otherwise: Vec<StmtId>,
    },
    For {
        target: ExprId,
        iter: ExprId,
        body: Vec<StmtId>,
        otherwise: Vec<StmtId>,
        is_async: bool,
    },
    With {
        items: Vec<WithItem>,
        body: Vec<StmtId>,
        is_async: bool,
    },
    Try(Box<Try>),
    Match {
        subject: ExprId,
        cases: Vec<MatchCase>,
    },
    Function(Box<Function>),
    Class(Box<Class>),
    /// `type Name[params] = value`.
    TypeAlias {
        name: Ident,
        type_params: Vec<TypeParam>,
        value: ExprId,
    },
}

/// `import a.b as c`: `name` is the dotted text.
#[derive(Clone, Debug)]
pub struct Alias {
    pub name: Ident,
    pub as_name: Option<Ident>,
}

#[derive(Clone, Debug)]
pub struct WithItem {
    pub context: ExprId,
    pub target: Option<ExprId>,
}

#[derive(Clone, Debug)]
pub struct Try {
    pub body: Vec<StmtId>,
    pub handlers: Vec<Handler>,
    /// `except*`.
    pub is_star: bool,
    pub otherwise: Vec<StmtId>,
    pub finally: Vec<StmtId>,
}

#[derive(Clone, Debug)]
pub struct Handler {
    pub class: Option<ExprId>,
    pub name: Option<Ident>,
    pub body: Vec<StmtId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub params: Params,
    pub returns: Option<ExprId>,
    pub body: Vec<StmtId>,
    pub decorators: Vec<ExprId>,
    pub is_async: bool,
}

#[derive(Clone, Debug)]
pub struct Class {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub bases: Vec<ExprId>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<StmtId>,
    pub decorators: Vec<ExprId>,
}

#[derive(Clone, Debug)]
pub struct MatchCase {
    pub pattern: PatternId,
    pub guard: Option<ExprId>,
    pub body: Vec<StmtId>,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub kind: PatternKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    /// A number, string or dotted name: compared with `==`.
    Value(ExprId),
    /// `None`, `True`, `False`: compared with `is`.
    Singleton(Constant),
    /// `_`, or `*_` where `Star` holds None.
    Wildcard,
    Capture(Ident),
    /// Only inside a sequence; None for `*_`.
    Star(Option<Ident>),
    Sequence(Vec<PatternId>),
    Mapping {
        pairs: Vec<(ExprId, PatternId)>,
        rest: Option<Ident>,
    },
    Class {
        class: ExprId,
        positional: Vec<PatternId>,
        keywords: Vec<(Ident, PatternId)>,
    },
    Or(Vec<PatternId>),
    As {
        pattern: PatternId,
        name: Ident,
    },
}

impl Tree {
    pub fn add_expr(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.exprs.push(Expr { kind, span });
        ExprId(self.exprs.len() as u32 - 1)
    }

    pub fn add_stmt(&mut self, kind: StmtKind, span: Span) -> StmtId {
        self.stmts.push(Stmt { kind, span });
        StmtId(self.stmts.len() as u32 - 1)
    }

    pub fn add_pattern(&mut self, kind: PatternKind, span: Span) -> PatternId {
        self.patterns.push(Pattern { kind, span });
        PatternId(self.patterns.len() as u32 - 1)
    }
}

impl std::ops::Index<ExprId> for Tree {
    type Output = Expr;
    fn index(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

impl std::ops::Index<StmtId> for Tree {
    type Output = Stmt;
    fn index(&self, id: StmtId) -> &Stmt {
        &self.stmts[id.0 as usize]
    }
}

impl std::ops::Index<PatternId> for Tree {
    type Output = Pattern;
    fn index(&self, id: PatternId) -> &Pattern {
        &self.patterns[id.0 as usize]
    }
}
