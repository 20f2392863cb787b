//! The instructions.
//!
//! Eight bytes each, `Copy`; operands are registers, small integers, and indexes into the tables of [`Code`](super::Code).
//! Every instruction is described in register notation. `LHS op RHS` always means Python's operator with all its
//! generality; what is quick and what is not is the machine's business.

use super::code::{AttrId, CodeId, ConstId, GlobalId, NameId};
use super::store::stored_enum;

/// A register of the running frame's window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reg(pub u8);

impl Reg {
    /// The register `n` above, or the last one there is.
    pub const fn plus(self, n: usize) -> Reg {
        let at = self.0 as usize + n;
        Reg(if at < 255 { at as u8 } else { 254 })
    }
}

/// An index into the instructions of the same code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Jump(pub u32);

stored_enum! {
/// The binary operators, for the instructions that carry one as an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Arith {
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
}

stored_enum! {
/// The rich comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Compare {
    Less,
    LessEq,
    Eq,
    NotEq,
    Greater,
    GreaterEq,
}
}

stored_enum! {
/// What is too rare for an instruction of its own. Operands are R[base], R[base + 1], …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Intrinsic {
    /// The REPL's display of an expression statement: `sys.displayhook(R[base])`.
    Display,
    /// R[dst] = the class AssertionError, whatever the name is bound to.
    AssertionError,
    /// R[dst] = `builtins.__build_class__`.
    BuildClass,
    /// Makes sure that the namespace has `__annotations__`; R[dst] = it.
    Annotations,
    /// Every public name of the module R[base] into the namespace.
    ImportStar,
    /// R[dst] = TypeVar(R[base]), a name.
    TypeVar,
    /// R[dst] = TypeVar(R[base]) whose bound is computed by the function R[base + 1].
    TypeVarBound,
    /// The same, with constraints.
    TypeVarConstraints,
    /// R[dst] = ParamSpec(R[base]).
    ParamSpec,
    /// R[dst] = TypeVarTuple(R[base]).
    TypeVarTuple,
    /// The default of the type parameter R[base] is computed by the function R[base + 1]; R[dst] = R[base].
    TypeParamDefault,
    /// R[dst] = Generic[R[base]], a tuple of type parameters.
    SubscriptGeneric,
    /// R[dst] = TypeAliasType(R[base] name, R[base + 1] type parameters or None, R[base + 2] function that computes it).
    TypeAlias,
    /// The function R[base] gets the type parameters R[base + 1]; R[dst] = R[base].
    SetTypeParams,
    /// `except*` begins: R[base] is the exception; R[base + 1] = what is left of it as a group, R[base + 2] = [] for what is raised.
    StarBegin,
    /// `except* R[base + 3]`: R[dst] = the part of R[base + 1] that matches, or None; R[base + 1] = the rest, or None.
    StarMatch,
    /// The exception R[base + 3] was raised by a clause: it is added to R[base + 2].
    StarRaised,
    /// `except*` ends: R[dst] = what is to be raised (None: nothing), from R[base] to R[base + 2].
    StarEnd,
    /// R[dst] = R[base] if it may be a positional pattern's subject class; `match` protocol: the tuple of attributes
    /// of R[base] for the class pattern R[base + 1] with R[base + 2] positional patterns and the keyword names
    /// R[base + 3] (a tuple), or None if it does not match.
    MatchClass,
    /// R[dst] = the tuple of the values of R[base] for the keys R[base + 1] (a tuple), or None if one is missing.
    MatchKeys,
    /// R[dst] = a copy of the mapping R[base] as a dict, without the keys R[base + 1] (a tuple).
    MatchRest,
    /// R[dst] = whether R[base] is a sequence for `match`.
    IsSequence,
    /// R[dst] = whether R[base] is a mapping for `match`.
    IsMapping,
    /// R[dst] = len(R[base]).
    Len,
    /// R[dst] = tuple(R[base]), a list that nobody else has.
    ListToTuple,
    /// R[dst] = iter(R[base]) for a generator expression. An exact list, tuple, range or str may stay what it is.
    Iter,
    /// R[dst] = aiter(R[base]).
    AsyncIter,
    /// R[dst..dst + 3] = the state of a loop over R[base], the result of `Iter`: as `GetIter`, without asking for `__iter__`.
    LoopOver,
    /// R[dst] = a list for the locals past the registers, R[base] of them, each unbound.
    FarLocals,
}
}

stored_enum! {
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    // ----- Moves and constants -----
    /// R[dst] = R[src]
    Move { dst: Reg, src: Reg },
    /// R[dst] = None
    LoadNone { dst: Reg },
    /// R[dst] = value
    LoadBool { dst: Reg, value: bool },
    /// R[dst] = int
    LoadInt { dst: Reg, int: i32 },
    /// R[dst] = K[constant]
    LoadConst { dst: Reg, constant: ConstId },
    /// R[from..from + n] = unbound
    Unbind { from: Reg, n: u8 },
    /// UnboundLocalError (of a cell variable: see `LoadCell`) if R[src] is unbound. Only where the compiler could not rule it out.
    CheckBound { src: Reg, name: NameId },
    /// R[dst] = R[far][index]: a local past the registers, in the hidden list R[far]; raises if unbound
    LoadFar { dst: Reg, far: Reg, index: u32 },
    /// R[far][index] = R[src]
    StoreFar { far: Reg, src: Reg, index: u32 },
    /// unbind R[far][index]; raises if it is unbound already
    DeleteFar { far: Reg, index: u32 },

    // ----- Names -----
    /// R[dst] = the global or built-in
    LoadGlobal { dst: Reg, global: GlobalId },
    /// the global = R[src]
    StoreGlobal { src: Reg, global: GlobalId },
    DeleteGlobal { global: GlobalId },
    /// R[dst] = the name, in R[0] (the namespace of a class body or of `exec`; unbound where locals are the globals), then as `LoadGlobal`
    LoadName { dst: Reg, global: GlobalId },
    StoreName { src: Reg, global: GlobalId },
    DeleteName { global: GlobalId },
    /// R[dst] = the name in the namespace R[namespace], else what is in the cell R[cell] (a free variable seen from a class body)
    LoadNameOrCell { dst: Reg, cell: Reg, namespace: Reg, name: NameId },
    /// R[dst] = the name in the namespace R[namespace], else the global (type parameter scopes inside a class)
    LoadNameOrGlobal { dst: Reg, namespace: Reg, global: GlobalId },
    /// R[reg] = a new cell that holds R[reg]
    MakeCell { reg: Reg },
    /// R[dst] = what is in the cell; NameError or UnboundLocalError if nothing is
    LoadCell { dst: Reg, cell: Reg },
    StoreCell { cell: Reg, src: Reg },
    DeleteCell { cell: Reg },

    // ----- Operators -----
    /// R[dst] = R[lhs] + R[rhs]
    Add { dst: Reg, lhs: Reg, rhs: Reg },
    Sub { dst: Reg, lhs: Reg, rhs: Reg },
    Mul { dst: Reg, lhs: Reg, rhs: Reg },
    Div { dst: Reg, lhs: Reg, rhs: Reg },
    FloorDiv { dst: Reg, lhs: Reg, rhs: Reg },
    Mod { dst: Reg, lhs: Reg, rhs: Reg },
    BitAnd { dst: Reg, lhs: Reg, rhs: Reg },
    BitOr { dst: Reg, lhs: Reg, rhs: Reg },
    BitXor { dst: Reg, lhs: Reg, rhs: Reg },
    /// R[dst] = R[lhs] op R[rhs], for the operators without an instruction of their own
    Arith { dst: Reg, lhs: Reg, rhs: Reg, op: Arith },
    /// R[dst] = R[lhs] + int
    AddI { dst: Reg, lhs: Reg, int: i32 },
    SubI { dst: Reg, lhs: Reg, int: i32 },
    MulI { dst: Reg, lhs: Reg, int: i32 },
    FloorDivI { dst: Reg, lhs: Reg, int: i32 },
    ModI { dst: Reg, lhs: Reg, int: i32 },
    BitAndI { dst: Reg, lhs: Reg, int: i32 },
    LShiftI { dst: Reg, lhs: Reg, int: i32 },
    RShiftI { dst: Reg, lhs: Reg, int: i32 },
    /// R[dst] += R[rhs]
    AddTo { dst: Reg, rhs: Reg },
    /// R[dst] -= R[rhs]
    SubTo { dst: Reg, rhs: Reg },
    /// R[dst] *= R[rhs]
    MulTo { dst: Reg, rhs: Reg },
    /// R[dst] += int
    AddToI { dst: Reg, int: i32 },
    /// R[dst] -= int
    SubToI { dst: Reg, int: i32 },
    /// R[dst] = R[lhs] op= R[rhs], in place where the type can
    InPlace { dst: Reg, lhs: Reg, rhs: Reg, op: Arith },
    Not { dst: Reg, src: Reg },
    Neg { dst: Reg, src: Reg },
    Pos { dst: Reg, src: Reg },
    Invert { dst: Reg, src: Reg },
    /// R[dst] = R[lhs] < R[rhs], and so on
    Compare { dst: Reg, lhs: Reg, rhs: Reg, op: Compare },
    Is { dst: Reg, lhs: Reg, rhs: Reg },
    IsNot { dst: Reg, lhs: Reg, rhs: Reg },
    /// R[dst] = R[lhs] in R[rhs]
    In { dst: Reg, lhs: Reg, rhs: Reg },
    NotIn { dst: Reg, lhs: Reg, rhs: Reg },

    // ----- Jumps -----
    /// pc = to, forward
    Jump { to: Jump },
    /// pc = to, backward
    Loop { to: Jump },
    /// if R[src]: pc = to
    JumpIf { src: Reg, to: Jump },
    JumpIfNot { src: Reg, to: Jump },
    /// the same, backward
    LoopIf { src: Reg, to: Jump },
    LoopIfNot { src: Reg, to: Jump },
    /// if R[src] is None: pc = to
    JumpIfNone { src: Reg, to: Jump },
    JumpIfNotNone { src: Reg, to: Jump },
    /// if R[lhs] < R[rhs]: pc = to
    JumpIfLess { lhs: Reg, rhs: Reg, to: Jump },
    JumpIfLessEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpIfGreater { lhs: Reg, rhs: Reg, to: Jump },
    JumpIfGreaterEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpIfEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpIfNotEq { lhs: Reg, rhs: Reg, to: Jump },
    /// if not R[lhs] < R[rhs]: pc = to (not the same as `>=`: NaN, sets, scripts)
    JumpUnlessLess { lhs: Reg, rhs: Reg, to: Jump },
    JumpUnlessLessEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpUnlessGreater { lhs: Reg, rhs: Reg, to: Jump },
    JumpUnlessGreaterEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpUnlessEq { lhs: Reg, rhs: Reg, to: Jump },
    JumpUnlessNotEq { lhs: Reg, rhs: Reg, to: Jump },
    /// if R[lhs] < int: pc = to
    JumpIfLessI { lhs: Reg, int: i16, to: Jump },
    JumpIfLessEqI { lhs: Reg, int: i16, to: Jump },
    JumpIfGreaterI { lhs: Reg, int: i16, to: Jump },
    JumpIfGreaterEqI { lhs: Reg, int: i16, to: Jump },
    JumpIfEqI { lhs: Reg, int: i16, to: Jump },
    JumpIfNotEqI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessLessI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessLessEqI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessGreaterI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessGreaterEqI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessEqI { lhs: Reg, int: i16, to: Jump },
    JumpUnlessNotEqI { lhs: Reg, int: i16, to: Jump },
    /// the end of `while R[lhs] < R[rhs]`: if it holds, pc = to, backward
    LoopIfLess { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfLessEq { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfGreater { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfGreaterEq { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfEq { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfNotEq { lhs: Reg, rhs: Reg, to: Jump },
    LoopIfLessI { lhs: Reg, int: i16, to: Jump },
    LoopIfLessEqI { lhs: Reg, int: i16, to: Jump },
    LoopIfGreaterI { lhs: Reg, int: i16, to: Jump },
    LoopIfGreaterEqI { lhs: Reg, int: i16, to: Jump },
    LoopIfEqI { lhs: Reg, int: i16, to: Jump },
    LoopIfNotEqI { lhs: Reg, int: i16, to: Jump },

    // ----- Attributes and items -----
    /// R[dst] = R[obj].name
    GetAttr { dst: Reg, obj: Reg, attr: AttrId },
    /// R[obj].name = R[src]
    SetAttr { obj: Reg, src: Reg, attr: AttrId },
    DeleteAttr { obj: Reg, attr: AttrId },
    /// R[dst] = R[obj][R[index]]
    GetItem { dst: Reg, obj: Reg, index: Reg },
    /// R[dst] = R[obj][int]
    GetItemI { dst: Reg, obj: Reg, int: i32 },
    /// R[obj][R[index]] = R[src]
    SetItem { obj: Reg, index: Reg, src: Reg },
    SetItemI { obj: Reg, src: Reg, int: i32 },
    DeleteItem { obj: Reg, index: Reg },
    /// R[dst] = R[obj][R[bounds]:R[bounds + 1]]; None where a bound is absent
    GetSlice { dst: Reg, obj: Reg, bounds: Reg },
    /// R[obj][R[bounds]:R[bounds + 1]] = R[src]
    SetSlice { obj: Reg, bounds: Reg, src: Reg },
    /// R[dst] = slice(R[base], R[base + 1], R[base + 2])
    BuildSlice { dst: Reg, base: Reg },

    // ----- Calls: see the module's page for the layout -----
    /// R[dst] = R[base](R[base + 2], … `argc` of them)
    Call { dst: Reg, base: Reg, argc: u8 },
    /// The same; the last `K[names].len()` arguments are keyword arguments of these names (a tuple constant)
    CallKw { dst: Reg, base: Reg, argc: u8, names: ConstId },
    /// R[dst] = R[base](*R[base + 2], **R[base + 3]): any iterable (of a call with more than one `*x` or other arguments: a list
    /// that nobody else has; TypeError names the callee), and a dict that nobody else has or unbound
    CallEx { dst: Reg, base: Reg },
    /// R[dst] = the global(R[base + 2], …): `LoadGlobal` and `Call`; only where evaluating the arguments cannot be seen
    CallGlobal { dst: Reg, base: Reg, argc: u8, global: GlobalId },
    /// R[dst] = R[base + 1].name(R[base + 2], …): `LoadMethod` and `CallMethod`, under the same condition
    CallAttr { dst: Reg, base: Reg, argc: u8, attr: AttrId },
    /// R[base] = the function and R[base + 1] = its `self`, for the method of R[base + 1]; or R[base] = the attribute, R[base + 1] = unbound
    LoadMethod { base: Reg, attr: AttrId },
    /// As `LoadMethod`, for `super().name` with R[base] = the global `super`, R[base + 1] = `__class__`, R[base + 2] = the first parameter
    LoadSuperMethod { base: Reg, attr: AttrId },
    /// R[dst] = super().name, operands as `LoadSuperMethod`
    GetSuper { dst: Reg, base: Reg, attr: AttrId },
    /// A call after `LoadMethod`: with R[base + 1] as the first argument unless it is unbound
    CallMethod { dst: Reg, base: Reg, argc: u8 },
    /// The same, with keyword arguments
    CallMethodKw { dst: Reg, base: Reg, argc: u8, names: ConstId },
    /// return R[src]
    Return { src: Reg },
    ReturnNone,

    // ----- Functions and classes -----
    /// R[dst] = function of C[code]; R[base] = positional defaults (tuple), R[base + 1] = keyword defaults (dict),
    /// R[base + 2] = annotations (dict), each unbound if there are none; its cells are taken as `Code::captures` says
    MakeFunction { dst: Reg, base: Reg, code: CodeId },
    /// the same, with none of the three
    MakeClosure { dst: Reg, code: CodeId },

    // ----- Displays -----
    /// R[dst] = [R[base], … `n` of them]
    BuildList { dst: Reg, base: Reg, n: u8 },
    BuildTuple { dst: Reg, base: Reg, n: u8 },
    BuildSet { dst: Reg, base: Reg, n: u8 },
    /// R[dst] = {R[base]: R[base + 1], … `n` pairs}
    BuildDict { dst: Reg, base: Reg, n: u8 },
    /// R[list].append(R[src]), of a list that is being built
    ListAppend { list: Reg, src: Reg },
    /// R[set].add(R[src])
    SetAdd { set: Reg, src: Reg },
    /// R[dict][R[key]] = R[key + 1]
    DictInsert { dict: Reg, key: Reg },
    /// R[list] += R[src]: `*src` in a display or in arguments
    ListExtend { list: Reg, src: Reg },
    SetUpdate { set: Reg, src: Reg },
    /// `**src` in a display
    DictUpdate { dict: Reg, src: Reg },
    /// `**src` in a call of R[callee]: a key twice is a TypeError
    DictMerge { dict: Reg, src: Reg, callee: Reg },

    // ----- Unpacking and iteration -----
    /// R[base], … `n` of them = *R[src], which may be one of them
    Unpack { src: Reg, base: Reg, n: u8 },
    /// R[base], … = *R[src]: `before` values, a list of the others, `after` values; R[src] may be one of them
    UnpackStar { src: Reg, base: Reg, before: u8, after: u8 },
    /// R[iter..iter + 3] = the state of a loop over R[src]
    GetIter { iter: Reg, src: Reg },
    /// R[dst] = next(R[iter]), pc = to; falls through at the end. At the bottom of its loop, which is entered by a jump to here
    ForIter { dst: Reg, iter: Reg, to: Jump },
    /// The loop over R[iter] was left: a generator made by the call in the loop's header is closed
    CloseIter { iter: Reg },
    /// R[iter] = aiter(R[src])
    GetAsyncIter { iter: Reg, src: Reg },
    /// R[dst] = await anext(R[iter]), pc = to; falls through at the end
    ForAsync { dst: Reg, iter: Reg, to: Jump },

    // ----- Generators and coroutines -----
    /// yield R[src]; R[dst] = what is sent
    Yield { dst: Reg, src: Reg },
    /// R[dst] = yield from R[src]
    YieldFrom { dst: Reg, src: Reg },
    /// R[dst] = await R[src]
    Await { dst: Reg, src: Reg },

    // ----- with -----
    /// R[dst] = R[context].__enter__(); R[context] becomes its bound `__exit__`
    Enter { dst: Reg, context: Reg },
    /// R[dst] = R[context].__aenter__(), to be awaited; R[context] becomes its bound `__aexit__`
    EnterAsync { dst: Reg, context: Reg },
    /// R[dst] = R[context](None, None, None)
    Exit { dst: Reg, context: Reg },
    /// R[dst] = R[context](type(R[exc]), R[exc], R[exc].__traceback__)
    ExitRaised { dst: Reg, context: Reg, exc: Reg },

    // ----- Exceptions: handlers are in `Code::handlers` -----
    /// raise R[src]
    Raise { src: Reg },
    /// raise R[src] from R[cause]
    RaiseFrom { src: Reg, cause: Reg },
    /// `raise` alone
    RaiseHandled,
    /// R[src] goes on, with the traceback that it has
    Reraise { src: Reg },
    /// if R[exc] does not match R[class] (a class or a tuple): pc = to
    JumpUnlessMatch { exc: Reg, class: Reg, to: Jump },

    // ----- Strings -----
    /// R[dst] = format(R[src], '')
    Format { dst: Reg, src: Reg },
    /// R[dst] = format(R[src], R[spec])
    FormatSpec { dst: Reg, src: Reg, spec: Reg },
    /// R[dst] = str(R[src])
    ConvertStr { dst: Reg, src: Reg },
    ConvertRepr { dst: Reg, src: Reg },
    ConvertAscii { dst: Reg, src: Reg },
    /// R[dst] = ''.join(R[base], … `n` of them), strings all
    BuildString { dst: Reg, base: Reg, n: u8 },

    // ----- Imports -----
    /// R[dst] = __import__(name, …, fromlist R[base], level R[base + 1])
    Import { dst: Reg, base: Reg, name: NameId },
    /// R[dst] = from R[module] import name
    ImportFrom { dst: Reg, module: Reg, name: NameId },

    // ----- The rest -----
    Intrinsic { dst: Reg, base: Reg, intrinsic: Intrinsic },
}
}

const _: () = assert!(size_of::<Op>() == 8);
