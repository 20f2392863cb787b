//! The tables of named mistakes: one enum per stage, one row per mistake, all texts in one place.
//!
//! A row says: the variant and its data, the class of CPython's exception, the code, our title, CPython's text, our
//! help. In the texts `{name}` is a field of the variant. To add a stage, add its table and a variant of [`Mistake`].

use super::diagnostic::ExceptionClass;

/// A mistake of any stage.
#[derive(Clone, Debug, PartialEq)]
pub enum Mistake {
    Syntax(SyntaxMistake),
    Scope(ScopeMistake),
}

impl Mistake {
    /// The code that names the mistake, `aspen::syntax::unclosed_bracket`.
    pub fn code(&self) -> &'static str {
        match self {
            Mistake::Syntax(mistake) => mistake.code(),
            Mistake::Scope(mistake) => mistake.code(),
        }
    }

    /// What is wrong, in one clause.
    pub fn title(&self) -> String {
        match self {
            Mistake::Syntax(mistake) => mistake.title(),
            Mistake::Scope(mistake) => mistake.title(),
        }
    }

    /// What to write instead; empty where nothing helps.
    pub fn help(&self) -> String {
        match self {
            Mistake::Syntax(mistake) => mistake.help(),
            Mistake::Scope(mistake) => mistake.help(),
        }
    }

    /// The text of CPython's exception.
    pub fn cpython_text(&self) -> String {
        match self {
            Mistake::Syntax(mistake) => mistake.cpython_text(),
            Mistake::Scope(mistake) => mistake.cpython_text(),
        }
    }

    /// The class of CPython's exception.
    pub fn class(&self) -> ExceptionClass {
        match self {
            Mistake::Syntax(mistake) => mistake.class(),
            Mistake::Scope(mistake) => mistake.class(),
        }
    }
}

/// Makes the enum of a stage and its texts from its rows.
macro_rules! mistakes {
    ($(#[$doc:meta])* $stage:ident, $prefix:literal:
     $( $(#[$variant_doc:meta])* $variant:ident $({ $($field:ident: $type:ty),* })?, $class:ident, $code:literal,
        $title:literal, $cpython:literal, $help:literal; )*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $stage {
            $( $(#[$variant_doc])* $variant $({ $($field: $type),* })?, )*
        }

        #[allow(unused_variables, clippy::useless_format)]
        impl $stage {
            /// The code that names the mistake.
            pub fn code(&self) -> &'static str {
                match self {
                    $( $stage::$variant $({ $($field),* })? => concat!("aspen::", $prefix, "::", $code), )*
                }
            }

            /// What is wrong, in one clause.
            pub fn title(&self) -> String {
                match self {
                    $( $stage::$variant $({ $($field),* })? => format!($title), )*
                }
            }

            /// The text of CPython's exception.
            pub fn cpython_text(&self) -> String {
                match self {
                    $( $stage::$variant $({ $($field),* })? => format!($cpython), )*
                }
            }

            /// What to write instead; empty where nothing helps.
            pub fn help(&self) -> String {
                match self {
                    $( $stage::$variant $({ $($field),* })? => format!($help), )*
                }
            }

            /// The class of CPython's exception.
            pub fn class(&self) -> ExceptionClass {
                match self {
                    $( $stage::$variant $({ $($field),* })? => ExceptionClass::$class, )*
                }
            }

            /// Every code of this stage, in the order of the table.
            pub const CODES: &[&str] = &[$( concat!("aspen::", $prefix, "::", $code) ),*];
        }
    };
}

pub(super) use mistakes;

pub use super::scope_codes::ScopeMistake;
pub use super::syntax_codes::SyntaxMistake;
