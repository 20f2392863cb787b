//! Where annotations and type parameters are computed, as CPython names it in its messages.

/// Where CPython's scopes of annotations and type parameters forbid something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypePlace {
    Annotation,
    Bound,
    Constraint,
    TypeVarDefault,
    ParamSpecDefault,
    TypeVarTupleDefault,
    Alias,
    Generic,
}

impl TypePlace {
    pub fn phrase(self) -> &'static str {
        match self {
            TypePlace::Annotation => "an annotation",
            TypePlace::Bound => "a TypeVar bound",
            TypePlace::Constraint => "a TypeVar constraint",
            TypePlace::TypeVarDefault => "a TypeVar default",
            TypePlace::ParamSpecDefault => "a ParamSpec default",
            TypePlace::TypeVarTupleDefault => "a TypeVarTuple default",
            TypePlace::Alias => "a type alias",
            TypePlace::Generic => "the definition of a generic",
        }
    }

    /// With its preposition, where CPython says it of a comprehension.
    pub fn with_preposition(self) -> &'static str {
        match self {
            TypePlace::Annotation => "in an annotation",
            TypePlace::Bound => "in a TypeVar bound",
            TypePlace::Constraint => "in a TypeVar constraint",
            TypePlace::TypeVarDefault => "in a TypeVar default",
            TypePlace::ParamSpecDefault => "in a ParamSpec default",
            TypePlace::TypeVarTupleDefault => "in a TypeVarTuple default",
            TypePlace::Alias => "in a type alias",
            TypePlace::Generic => "within the definition of a generic",
        }
    }
}
