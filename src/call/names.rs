//! The names that Rust code knows: interned first, so that each is a constant.

use crate::value::{Id, Name, special::Special};

macro_rules! names {
    ($($constant:ident $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number {
            $($constant,)*
            Count,
        }

        $(#[doc = $text] pub const $constant: Name = Id::new(Special::ALL.len() + Number::$constant as usize);)*

        const TEXTS: &[&str] = &[$($text,)*];

        /// How many fixed names there are.
        pub const N_FIXED: usize = Special::ALL.len() + Number::Count as usize;
    };
}

/// The texts of all fixed names, in the order of their handles.
pub fn fixed() -> impl Iterator<Item = &'static str> {
    Special::ALL.iter().map(|special| special.text()).chain(TEXTS.iter().copied())
}

/// The name of a special method.
#[inline]
pub const fn special(special: Special) -> Name {
    Id::new(special as usize)
}

names! {
    DICT "__dict__",
    CLASS "__class__",
    DOC "__doc__",
    MODULE "__module__",
    NAME "__name__",
    QUALNAME "__qualname__",
    SLOTS "__slots__",
    WEAKREF "__weakref__",
    CLASSCELL "__classcell__",
    METACLASS "metaclass",
    BASES "__bases__",
    MRO "__mro__",
    ANNOTATIONS "__annotations__",
    TYPE_PARAMS "__type_params__",
    ABSTRACT_METHODS "__abstractmethods__",
    ORIG_BASES "__orig_bases__",
    STATIC_ATTRIBUTES "__static_attributes__",
    FIRST_LINE_NO "__firstlineno__",
    MATCH_ARGS "__match_args__",
    BUILTINS "__builtins__",
    FILE "__file__",
    PATH "__path__",
    PACKAGE "__package__",
    SPEC "__spec__",
    LOADER "__loader__",
    ALL "__all__",
    MAIN "__main__",
    IMPORT "__import__",
    BUILD_CLASS "__build_class__",
    DEBUG "__debug__",
    NOTES "__notes__",
    TRACEBACK "__traceback__",
    CAUSE "__cause__",
    CONTEXT "__context__",
    SUPPRESS_CONTEXT "__suppress_context__",
    WRAPPED "__wrapped__",
    SELF "__self__",
    FUNC "__func__",
    ARGS "args",
    KEYS "keys",
    GET "get",
    SEND "send",
    THROW "throw",
    CLOSE "close",
    ASEND "asend",
    ATHROW "athrow",
    ACLOSE "aclose",
    WRITE "write",
    FLUSH "flush",
    MODULES "modules",
    STDOUT "stdout",
    STDERR "stderr",
    STDIN "stdin",
    DISPLAYHOOK "displayhook",
    EXCEPTHOOK "excepthook",
    UNDERSCORE "_",
    MSG "msg",
    CODE "code",
    VALUE "value",
    OBJ "obj",
    ERRNO "errno",
    STRERROR "strerror",
    FILENAME "filename",
    FILENAME2 "filename2",
    LINENO "lineno",
    OFFSET "offset",
    TEXT "text",
    END_LINENO "end_lineno",
    END_OFFSET "end_offset",
    PRINT_FILE_AND_LINE "print_file_and_line",
    ENCODING "encoding",
    OBJECT "object",
    START "start",
    END "end",
    REASON "reason",
    MESSAGE "message",
    EXCEPTIONS "exceptions",
    NAME_ATTR "name",
    NAME_FROM "name_from",
    PATH_ATTR "path",
    MRO_METHOD "mro",
    RETURN "return",
    ISABSTRACT "__isabstractmethod__",
    OBJCLASS "__objclass__",
    COPYREG "copyreg",
    REDUCE_EX "__reduce_ex__",
    REDUCE "__reduce__",
    GETSTATE "__getstate__",
    SUBCLASSHOOK "__subclasshook__",
    SUPER "super",
    ISINSTANCE "isinstance",
    READ "read",
    READ1 "read1",
    READINTO "readinto",
    READLINE "readline",
    SEEK "seek",
    TELL "tell",
    TRUNCATE "truncate",
    READABLE "readable",
    WRITABLE "writable",
    SEEKABLE "seekable",
    FILENO "fileno",
    ACQUIRE "acquire",
    RELEASE "release",
    QUEUE_INIT "_init",
    QUEUE_GET "_get",
    QUEUE_PUT "_put",
    QUEUE_FULL "full",
    QUEUE_EMPTY "empty",
    QUEUE_QSIZE "qsize",
    QUEUE_PUT_NOWAIT "put_nowait",
    QUEUE_GET_NOWAIT "get_nowait",
    ISATTY "isatty",
    CLOSED "closed",
    MODE "mode",
    RAW "raw",
    FUTURE_BLOCKING "_asyncio_future_blocking",
    ADD_DONE_CALLBACK "add_done_callback",
    CANCEL "cancel",
    GET_LOOP "get_loop",
    RESULT "result",
    CALL_SOON "call_soon",
    CALL_AT "call_at",
    CALL_LATER "call_later",
    TIME "time",
    RUN_ONCE "_run_once",
    RUN_FOREVER "run_forever",
    CREATE_TASK "create_task",
    SET_NAME "set_name",
    CONTEXT_ATTR "context",
    LOOP "loop",
    EAGER_START "eager_start",
}
