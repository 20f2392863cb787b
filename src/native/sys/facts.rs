//! What `sys` knows: constants, named tuples, streams, the path.

use crate::call::{Cx, Outcome};
use crate::host::StandardStream;
use crate::types::file::standard::{self, Standard};
use crate::types::struct_sequence::{self, StructDef};
use crate::types::{os_error, simple_namespace};
use crate::value::{Dict, Id, Value};

/// The version of Python whose behaviour this is.
const VERSION: [i64; 3] = [3, 13, 0];
const HEX_VERSION: i64 = 0x030D_00F0;

const VERSION_INFO: StructDef = StructDef {
    name: "sys.version_info",
    fields: &["major", "minor", "micro", "releaselevel", "serial"],
    n_items: 5,
    is_open: false,
};

const FLAGS: StructDef = StructDef {
    name: "sys.flags",
    fields: &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ],
    n_items: 18,
    is_open: false,
};

const FLOAT_INFO: StructDef = StructDef {
    name: "sys.float_info",
    fields: &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    n_items: 11,
    is_open: true,
};

const INT_INFO: StructDef = StructDef {
    name: "sys.int_info",
    fields: &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    n_items: 4,
    is_open: true,
};

const HASH_INFO: StructDef = StructDef {
    name: "sys.hash_info",
    fields: &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    n_items: 9,
    is_open: true,
};

const THREAD_INFO: StructDef =
    StructDef { name: "sys.thread_info", fields: &["name", "lock", "version"], n_items: 3, is_open: true };

const ASYNCGEN_HOOKS: StructDef =
    StructDef { name: "asyncgen_hooks", fields: &["firstiter", "finalizer"], n_items: 2, is_open: true };

const UNRAISABLE: StructDef = StructDef {
    name: "sys.UnraisableHookArgs",
    fields: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    n_items: 5,
    is_open: true,
};

fn put(cx: &mut Cx, dict: Id<Dict>, name: &str, value: Value) {
    let name = cx.name(name);
    cx.heap.set_in(dict, name, value);
}

/// An object of a class that nobody else makes.
fn tuple(cx: &mut Cx, def: &StructDef, items: &[Value]) -> Value {
    let class = struct_sequence::make_class(cx, def);
    struct_sequence::make(cx, class, items)
}

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    numbers(cx, dict);
    version(cx, dict);
    flags(cx, dict);
    texts(cx, dict);
    streams(cx, dict);
    paths(cx, dict);
    let hooks = struct_sequence::make_class(cx, &ASYNCGEN_HOOKS);
    put(cx, dict, "_asyncgen_hooks", Value::Class(hooks));
    let unraisable = struct_sequence::make_class(cx, &UNRAISABLE);
    put(cx, dict, "UnraisableHookArgs", Value::Class(unraisable));
    for (hook, copy) in [
        ("displayhook", "__displayhook__"),
        ("excepthook", "__excepthook__"),
        ("unraisablehook", "__unraisablehook__"),
        ("breakpointhook", "__breakpointhook__"),
    ] {
        let hook = cx.name(hook);
        let function = cx.heap.get_in(dict, hook).unwrap_or(Value::None);
        put(cx, dict, copy, function);
    }
}

fn numbers(cx: &mut Cx, dict: Id<Dict>) {
    put(cx, dict, "maxsize", Value::Int(i64::MAX));
    put(cx, dict, "maxunicode", Value::Int(0x10FFFF));
    put(cx, dict, "hexversion", Value::Int(HEX_VERSION));
    put(cx, dict, "api_version", Value::Int(1013));
    let float = |float| Value::Float(float);
    let int = |int| Value::Int(int);
    let items = [
        float(f64::MAX),
        int(1024),
        int(308),
        float(f64::MIN_POSITIVE),
        int(-1021),
        int(-307),
        int(15),
        int(53),
        float(f64::EPSILON),
        int(2),
        int(1),
    ];
    let made = tuple(cx, &FLOAT_INFO, &items);
    put(cx, dict, "float_info", made);
    let made = tuple(cx, &INT_INFO, &[int(30), int(4), int(4300), int(640)]);
    put(cx, dict, "int_info", made);
    let algorithm = cx.str("siphash13");
    let items = [int(64), int((1 << 61) - 1), int(314159), int(0), int(1000003), algorithm, int(64), int(128), int(0)];
    let made = tuple(cx, &HASH_INFO, &items);
    put(cx, dict, "hash_info", made);
    let items = ["pthread", "semaphore"].map(|text| cx.str(text));
    let made = tuple(cx, &THREAD_INFO, &[items[0], items[1], Value::None]);
    put(cx, dict, "thread_info", made);
}

fn version(cx: &mut Cx, dict: Id<Dict>) {
    let level = cx.str("final");
    let [major, minor, micro] = VERSION.map(Value::Int);
    let info = tuple(cx, &VERSION_INFO, &[major, minor, micro, level, Value::Int(0)]);
    put(cx, dict, "version_info", info);
    let text = format!("{}.{}.{} (Aspen {})", VERSION[0], VERSION[1], VERSION[2], env!("CARGO_PKG_VERSION"));
    let text = cx.str(&text);
    put(cx, dict, "version", text);
    let name = cx.str("aspen");
    let entries =
        [("name", name), ("cache_tag", Value::None), ("version", info), ("hexversion", Value::Int(HEX_VERSION))];
    let implementation = simple_namespace::new(cx, &entries);
    put(cx, dict, "implementation", implementation);
}

fn flags(cx: &mut Cx, dict: Id<Dict>) {
    let mut items = vec![Value::Int(0); 18];
    items[4] = Value::Int(1);
    items[11] = Value::Int(1);
    items[13] = Value::Bool(false);
    items[14] = Value::Int(1);
    items[16] = Value::Bool(false);
    items[17] = Value::Int(cx.max_str_digits as i64);
    let made = tuple(cx, &FLAGS, &items);
    put(cx, dict, "flags", made);
}

fn texts(cx: &mut Cx, dict: Id<Dict>) {
    let texts = [
        ("platform", "linux"),
        ("byteorder", "little"),
        ("float_repr_style", "short"),
        ("prefix", ""),
        ("exec_prefix", ""),
        ("base_prefix", ""),
        ("base_exec_prefix", ""),
        ("platlibdir", "lib"),
        ("abiflags", ""),
        ("copyright", ""),
        ("executable", ""),
    ];
    for (name, text) in texts {
        let text = cx.str(text);
        put(cx, dict, name, text);
    }
    put(cx, dict, "dont_write_bytecode", Value::Bool(true));
    put(cx, dict, "pycache_prefix", Value::None);
    for name in ["warnoptions", "meta_path", "path_hooks"] {
        let list = cx.heap.new_list(Vec::new());
        put(cx, dict, name, list);
    }
    for name in ["_xoptions", "path_importer_cache"] {
        let empty = Value::Dict(cx.heap.new_dict());
        put(cx, dict, name, empty);
    }
    let mut modules: Vec<&str> = super::super::MODULES.iter().map(|def| def.name).collect();
    modules.push("builtins");
    modules.sort_unstable();
    let modules = modules.into_iter().map(|name| cx.str(name)).collect();
    let modules = cx.heap.new_tuple_from(modules);
    put(cx, dict, "builtin_module_names", modules);
    let mut library: Vec<&str> = super::super::LIBRARY.iter().map(|(name, _, _)| *name).collect();
    library.extend(super::super::MODULES.iter().map(|def| def.name));
    let library: Vec<Value> = library.into_iter().map(|name| Value::Str(cx.name(name))).collect();
    let library = crate::types::set::frozen(cx, &library);
    put(cx, dict, "stdlib_module_names", library);
}

fn streams(cx: &mut Cx, dict: Id<Dict>) {
    for (name, original, which) in [
        ("stdin", "__stdin__", Standard::Input),
        ("stdout", "__stdout__", Standard::Output),
        ("stderr", "__stderr__", Standard::Error),
    ] {
        let stream = standard::make(cx, which);
        put(cx, dict, name, stream);
        put(cx, dict, original, stream);
    }
    // The stream for errors is asked once, so that it exists before anything goes wrong.
    let _ = cx.host.stream_is_terminal(StandardStream::Error);
}

/// The arguments, and where modules are looked for: beside the script, then on ASPENPATH.
fn paths(cx: &mut Cx, dict: Id<Dict>) {
    let arguments = cx.host.arguments().to_vec();
    let argv: Vec<Value> = arguments.iter().map(|argument| os_error::path_str(cx, argument)).collect();
    let orig = cx.heap.new_list(argv.clone());
    put(cx, dict, "orig_argv", orig);
    let argv = if argv.is_empty() { vec![cx.str("")] } else { argv };
    let argv = cx.heap.new_list(argv);
    put(cx, dict, "argv", argv);
    let script = arguments.first().cloned().unwrap_or_default();
    let mut directories = vec![match script.iter().rposition(|&byte| byte == b'/') {
        Some(0) => b"/".to_vec(),
        Some(at) => script[..at].to_vec(),
        None => Vec::new(),
    }];
    if let Some(more) = cx.host.variable(b"ASPENPATH") {
        directories.extend(more.split(|&byte| byte == b':').filter(|part| !part.is_empty()).map(<[u8]>::to_vec));
    }
    let path = directories.iter().map(|directory| os_error::path_str(cx, directory)).collect();
    let path = cx.heap.new_list(path);
    put(cx, dict, "path", path);
}

pub fn get_asyncgen_hooks(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let hooks = cx.fiber.async_generator_hooks;
    let name = cx.name("_asyncgen_hooks");
    match super::attribute(cx, name) {
        Some(Value::Class(class)) => Ok(struct_sequence::make(cx, class, &hooks)),
        _ => Ok(cx.heap.new_tuple(&hooks)),
    }
}
