//! The hierarchy of the built-in exceptions.

use crate::types::classes::{N_CLASSES, OBJECT};
use crate::value::class::ExcLayout;
use crate::value::{Class, Id};

/// A row of the hierarchy.
pub struct ExceptionDef {
    pub name: &'static str,
    pub module: &'static str,
    pub bases: &'static [Id<Class>],
    pub layout: ExcLayout,
}

/// `builtins`, unless the row says otherwise.
const fn module_of(named: &[&'static str]) -> &'static str {
    match named {
        [module, ..] => module,
        [] => "builtins",
    }
}

macro_rules! exceptions {
    ($($constant:ident $name:literal [$($base:ident)*] $layout:ident $(in $module:literal)?;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number {
            $($constant,)*
        }

        $(#[doc = $name] pub const $constant: Id<Class> = Id::new(N_CLASSES + Number::$constant as usize);)*

        /// The hierarchy, bases before what derives from them.
        pub static EXCEPTIONS: &[ExceptionDef] = &[$(ExceptionDef {
            name: $name,
            module: module_of(&[$($module)?]),
            bases: &[$($base),*],
            layout: ExcLayout::$layout,
        },)*];
    };
}

exceptions! {
    BASE_EXCEPTION "BaseException" [OBJECT] Plain;
    EXCEPTION "Exception" [BASE_EXCEPTION] Plain;
    BASE_EXCEPTION_GROUP "BaseExceptionGroup" [BASE_EXCEPTION] Group;
    EXCEPTION_GROUP "ExceptionGroup" [BASE_EXCEPTION_GROUP EXCEPTION] Group;
    GENERATOR_EXIT "GeneratorExit" [BASE_EXCEPTION] Plain;
    KEYBOARD_INTERRUPT "KeyboardInterrupt" [BASE_EXCEPTION] Plain;
    SYSTEM_EXIT "SystemExit" [BASE_EXCEPTION] SystemExit;
    ARITHMETIC_ERROR "ArithmeticError" [EXCEPTION] Plain;
    FLOATING_POINT_ERROR "FloatingPointError" [ARITHMETIC_ERROR] Plain;
    OVERFLOW_ERROR "OverflowError" [ARITHMETIC_ERROR] Plain;
    ZERO_DIVISION_ERROR "ZeroDivisionError" [ARITHMETIC_ERROR] Plain;
    ASSERTION_ERROR "AssertionError" [EXCEPTION] Plain;
    ATTRIBUTE_ERROR "AttributeError" [EXCEPTION] AttributeError;
    BUFFER_ERROR "BufferError" [EXCEPTION] Plain;
    EOF_ERROR "EOFError" [EXCEPTION] Plain;
    IMPORT_ERROR "ImportError" [EXCEPTION] ImportError;
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" [IMPORT_ERROR] ImportError;
    LOOKUP_ERROR "LookupError" [EXCEPTION] Plain;
    INDEX_ERROR "IndexError" [LOOKUP_ERROR] Plain;
    KEY_ERROR "KeyError" [LOOKUP_ERROR] KeyError;
    MEMORY_ERROR "MemoryError" [EXCEPTION] Plain;
    NAME_ERROR "NameError" [EXCEPTION] NameError;
    UNBOUND_LOCAL_ERROR "UnboundLocalError" [NAME_ERROR] NameError;
    OS_ERROR "OSError" [EXCEPTION] OsError;
    BLOCKING_IO_ERROR "BlockingIOError" [OS_ERROR] OsError;
    CHILD_PROCESS_ERROR "ChildProcessError" [OS_ERROR] OsError;
    CONNECTION_ERROR "ConnectionError" [OS_ERROR] OsError;
    BROKEN_PIPE_ERROR "BrokenPipeError" [CONNECTION_ERROR] OsError;
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" [CONNECTION_ERROR] OsError;
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" [CONNECTION_ERROR] OsError;
    CONNECTION_RESET_ERROR "ConnectionResetError" [CONNECTION_ERROR] OsError;
    FILE_EXISTS_ERROR "FileExistsError" [OS_ERROR] OsError;
    FILE_NOT_FOUND_ERROR "FileNotFoundError" [OS_ERROR] OsError;
    INTERRUPTED_ERROR "InterruptedError" [OS_ERROR] OsError;
    IS_A_DIRECTORY_ERROR "IsADirectoryError" [OS_ERROR] OsError;
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" [OS_ERROR] OsError;
    PERMISSION_ERROR "PermissionError" [OS_ERROR] OsError;
    PROCESS_LOOKUP_ERROR "ProcessLookupError" [OS_ERROR] OsError;
    TIMEOUT_ERROR "TimeoutError" [OS_ERROR] OsError;
    REFERENCE_ERROR "ReferenceError" [EXCEPTION] Plain;
    RUNTIME_ERROR "RuntimeError" [EXCEPTION] Plain;
    NOT_IMPLEMENTED_ERROR "NotImplementedError" [RUNTIME_ERROR] Plain;
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError" [RUNTIME_ERROR] Plain;
    RECURSION_ERROR "RecursionError" [RUNTIME_ERROR] Plain;
    STOP_ASYNC_ITERATION "StopAsyncIteration" [EXCEPTION] Plain;
    STOP_ITERATION "StopIteration" [EXCEPTION] StopIteration;
    SYNTAX_ERROR "SyntaxError" [EXCEPTION] SyntaxError;
    INDENTATION_ERROR "IndentationError" [SYNTAX_ERROR] SyntaxError;
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError" [SYNTAX_ERROR] SyntaxError;
    TAB_ERROR "TabError" [INDENTATION_ERROR] SyntaxError;
    SYSTEM_ERROR "SystemError" [EXCEPTION] Plain;
    TYPE_ERROR "TypeError" [EXCEPTION] Plain;
    VALUE_ERROR "ValueError" [EXCEPTION] Plain;
    UNICODE_ERROR "UnicodeError" [VALUE_ERROR] Plain;
    UNICODE_DECODE_ERROR "UnicodeDecodeError" [UNICODE_ERROR] UnicodeError;
    UNICODE_ENCODE_ERROR "UnicodeEncodeError" [UNICODE_ERROR] UnicodeError;
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError" [UNICODE_ERROR] UnicodeError;
    WARNING "Warning" [EXCEPTION] Plain;
    BYTES_WARNING "BytesWarning" [WARNING] Plain;
    DEPRECATION_WARNING "DeprecationWarning" [WARNING] Plain;
    ENCODING_WARNING "EncodingWarning" [WARNING] Plain;
    FUTURE_WARNING "FutureWarning" [WARNING] Plain;
    IMPORT_WARNING "ImportWarning" [WARNING] Plain;
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" [WARNING] Plain;
    RESOURCE_WARNING "ResourceWarning" [WARNING] Plain;
    RUNTIME_WARNING "RuntimeWarning" [WARNING] Plain;
    SYNTAX_WARNING "SyntaxWarning" [WARNING] Plain;
    UNICODE_WARNING "UnicodeWarning" [WARNING] Plain;
    USER_WARNING "UserWarning" [WARNING] Plain;
    CANCELLED_ERROR "CancelledError" [BASE_EXCEPTION] Plain in "asyncio.exceptions";
    INVALID_STATE_ERROR "InvalidStateError" [EXCEPTION] Plain in "asyncio.exceptions";
    SENDFILE_NOT_AVAILABLE_ERROR "SendfileNotAvailableError" [RUNTIME_ERROR] Plain in "asyncio.exceptions";
    BROKEN_BARRIER_ERROR "BrokenBarrierError" [RUNTIME_ERROR] Plain in "asyncio.exceptions";
    QUEUE_EMPTY "QueueEmpty" [EXCEPTION] Plain in "asyncio.queues";
    QUEUE_FULL "QueueFull" [EXCEPTION] Plain in "asyncio.queues";
    QUEUE_SHUT_DOWN "QueueShutDown" [EXCEPTION] Plain in "asyncio.queues";
    EMPTY "Empty" [EXCEPTION] Plain in "_queue";
    GAI_ERROR "gaierror" [OS_ERROR] OsError in "socket";
    H_ERROR "herror" [OS_ERROR] OsError in "socket";
    UNSUPPORTED_OPERATION "UnsupportedOperation" [OS_ERROR VALUE_ERROR] OsError in "io";
}
