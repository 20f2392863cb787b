//! The engine as a native sees it.
//!
//! One struct with public parts, so that parts can be borrowed side by side. What a native wants of the machine or of the
//! scheduler is left here as plain data; see [`Ask`](super::Ask).

use std::collections::HashSet;

use super::embed::{Held, HostModule, Loader};
use super::fiber::{AsyncState, FiberId, FiberLocals, Place};
use super::names;
use super::native::NativeDef;
use super::outcome::{Ask, CallAsk, ImportAsk, MachineAsk, Outcome};
use crate::host::{Host, HostOptions, OpId, OpOutput, OpResult, Ready};
use crate::types::classes;
use crate::types::printing::Printing;
use crate::value::native_object::Boxed;
use crate::value::special::Special;
use crate::value::{Class, Dict, Exc, Future, Heap, Id, Name, NativeFrame, NativeId, Value, Want};

/// Old spellings that were used: file, line, which.
pub type Hinted = HashSet<(String, i64, &'static str)>;

pub struct Cx {
    pub heap: Heap,
    /// The door to the outside; until the engine sets its own, one that grants nothing.
    pub host: Host,
    /// The namespace of the module `builtins`.
    pub builtins: Id<Dict>,
    /// `sys.modules`.
    pub modules: Id<Dict>,
    /// asyncio's state beyond its objects.
    pub asyncio: AsyncState,
    /// What `Ask::Call` and `Ask::Tail` call.
    pub call: CallAsk,
    /// What `Ask::Push` runs.
    pub pushed: Option<NativeFrame>,
    /// What `Ask::Resume`, `Ask::Yield` and `Ask::Await` are about.
    pub sent: Value,
    /// What `Ask::Throw` throws.
    pub thrown: Id<Exc>,
    pub machine_ask: Option<MachineAsk>,
    /// Where the answer to it goes: the register and what is wanted.
    pub answer_to: (u8, Want),
    /// Work of the native under way, in instructions: long native loops are charged like script loops.
    pub burnt: i64,
    /// All of it so far that is charged already.
    pub burnt_before: i64,
    /// Launched natives that stand on the Rust stack: see `call/launch.rs`.
    pub n_launched: u32,
    /// The running fiber.
    pub fiber: FiberLocals,
    /// Fibers that can go on, in the order in which they were woken.
    pub wakes: Vec<FiberId>,
    /// What the host reported: descriptors that are ready, for whoever's token it is; operations that are done.
    pub ready: Vec<Ready>,
    pub completed: Vec<(OpId, OpResult)>,
    /// What the operation gave that the fiber waited for.
    pub output: Option<OpOutput>,
    /// Operations whose end completes a future, and which.
    pub awaited: Vec<(OpId, Id<Future>)>,
    /// Modules in Rust that the embedder registered.
    pub host_modules: Vec<HostModule>,
    /// How many calls of his async functions there were.
    pub n_host_calls: u64,
    /// Objects that he holds.
    pub held: Held,
    /// Where he keeps modules.
    pub loader: Option<Box<dyn Loader>>,
    /// Where the native under way was called: the script's place, or one in the library. The answer to `MachineAsk::Place`.
    pub place: Place,
    /// What a script set with `signal.signal`, and signals that it raised itself.
    pub signal_handlers: Vec<(i32, Value)>,
    pub raised_signals: Vec<i32>,
    /// The text of the exception that ended an embedded program.
    pub report: Option<String>,
    /// Containers whose `repr` is under way: inside of themselves they are `[...]`.
    pub printing: Printing,
    /// `sys.setrecursionlimit`.
    pub recursion_limit: usize,
    /// How many classes were registered with abstract base classes.
    pub abstract_version: u64,
    /// Checks of abstract classes under way that ask other classes.
    pub n_abstract_walks: u32,
    /// `sys.set_int_max_str_digits`: the most digits that int and decimal text are converted with; 0 is no limit.
    pub max_str_digits: usize,
    /// Modules whose code is running for the first time, the innermost last.
    pub loading: Vec<Value>,
    /// Classes whose structure changed while caches depended on them: the machine empties those caches.
    pub stale_classes: Vec<Id<Class>>,
    /// Files that keep something back which is not written yet.
    pub unflushed: Vec<Id<Boxed>>,
    /// CPython 3.13 to the letter: no old spellings, no prelude.
    pub is_strict: bool,
    /// With `--hints`: the old spellings that were shown: file, line, which.
    pub hinted: Option<Box<Hinted>>,
}

impl Cx {
    /// What natives burnt since it was asked for last: it is charged to the loop's fuel.
    #[inline]
    pub fn take_burnt(&mut self) -> i64 {
        let burnt = std::mem::take(&mut self.burnt);
        self.burnt_before += burnt;
        burnt
    }

    /// An engine's state with all built-in classes, and nothing imported.
    pub fn new(memory_limit: usize, hash_key: u64) -> Self {
        let heap = Heap::new(memory_limit, hash_key, names::fixed());
        let mut cx = Cx {
            heap,
            host: Host::new(HostOptions::default()),
            builtins: Id::NONE,
            modules: Id::NONE,
            asyncio: AsyncState::default(),
            call: CallAsk::default(),
            pushed: None,
            sent: Value::Undef,
            thrown: Id::NONE,
            machine_ask: None,
            answer_to: (0, Want::Value),
            burnt: 0,
            burnt_before: 0,
            n_launched: 0,
            fiber: FiberLocals::default(),
            wakes: Vec::new(),
            ready: Vec::new(),
            completed: Vec::new(),
            output: None,
            awaited: Vec::new(),
            host_modules: Vec::new(),
            n_host_calls: 0,
            held: Held::default(),
            loader: None,
            place: Place::default(),
            signal_handlers: Vec::new(),
            raised_signals: Vec::new(),
            report: None,
            printing: Printing::default(),
            recursion_limit: 1000,
            abstract_version: 0,
            n_abstract_walks: 0,
            max_str_digits: crate::types::int::MAX_STR_DIGITS,
            loading: Vec::new(),
            stale_classes: Vec::new(),
            unflushed: Vec::new(),
            is_strict: false,
            hinted: None,
        };
        crate::types::class::builtin::make_all(&mut cx);
        cx.builtins = cx.heap.new_dict();
        cx.modules = cx.heap.new_dict();
        cx.fiber.context = cx.heap.contexts.alloc(crate::value::Context::default());
        cx
    }

    /// Every value that the engine's state holds outside of fibers.
    pub fn trace(&self, gray: &mut crate::value::Gray) {
        gray.extend([Value::Dict(self.builtins), Value::Dict(self.modules), self.sent]);
        self.fiber.trace(gray);
        self.asyncio.trace(gray);
        gray.extend(Some(self.thrown).filter(|exc| !exc.is_none()).map(Value::Exc));
        gray.extend(self.signal_handlers.iter().map(|(_, handler)| *handler).filter(Value::is_handle));
        gray.extend(&self.loading);
        self.place.trace(gray);
        self.held.trace(gray);
        gray.extend(self.awaited.iter().map(|&(_, future)| Value::Future(future)));
        self.printing.trace(gray);
        gray.extend((0..classes::N_CLASSES + classes::EXCEPTIONS.len()).map(|number| Value::Class(Id::new(number))));
    }

    // ----- Asking -----

    /// Asks for a call with positional arguments.
    pub fn ask_call(&mut self, callee: Value, args: &[Value]) -> Ask {
        self.begin_call(callee);
        self.call.args.extend_from_slice(args);
        Ask::Call
    }

    /// A call without arguments, in place: the last one left nothing but its room.
    fn begin_call(&mut self, callee: Value) {
        self.call.callee = callee;
        self.call.args.clear();
        self.call.keywords = Value::Undef;
    }

    /// The same with what a dict has as keyword arguments.
    pub fn ask_call_with(&mut self, callee: Value, args: &[Value], keywords: Option<Id<Dict>>) -> Ask {
        self.ask_call(callee, args);
        if let Some(keywords) = keywords {
            let entries: Vec<_> = self.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
            if !entries.is_empty() {
                let names = entries.iter().map(|&(name, _)| name).collect();
                self.call.args.extend(entries.iter().map(|&(_, value)| value));
                self.call.keywords = self.heap.new_tuple_from(names);
            }
        }
        Ask::Call
    }

    /// The same as the last thing that the native does.
    pub fn ask_tail(&mut self, callee: Value, args: &[Value]) -> Ask {
        self.ask_call(callee, args);
        Ask::Tail
    }

    /// Asks for the run of a native frame.
    pub fn ask_push(&mut self, frame: NativeFrame) -> Ask {
        self.pushed = Some(frame);
        Ask::Push
    }

    pub fn ask_machine(&mut self, ask: MachineAsk) -> Ask {
        self.machine_ask = Some(ask);
        Ask::Machine
    }

    /// Asks for a module by its absolute name.
    pub fn ask_import(&mut self, name: &str) -> Ask {
        self.ask_machine(MachineAsk::Import(Box::new(ImportAsk { name: name.as_bytes().to_vec() })))
    }

    /// Asks for a call of a special method of `this`, found in its class as implicit lookups do. None: there is none.
    pub fn ask_special(&mut self, this: Value, special: Special, args: &[Value]) -> Option<Ask> {
        let method = self.special_of(this, special)?;
        Some(self.ask_method(method, this, args))
    }

    /// Asks for a call of what [`Cx::special_of`] found.
    pub fn ask_method(&mut self, method: Value, this: Value, args: &[Value]) -> Ask {
        self.begin_call(method);
        match method {
            // Plain functions take `self` as an argument: no bound method is made.
            Value::Func(_) => self.call.args.push(this),
            Value::Builtin(id) if native_def(id).kind != super::NativeKind::StaticMethod => self.call.args.push(this),
            _ => match crate::types::attribute::bind(self, method, this) {
                Ok(bound) => self.call.callee = bound,
                // A descriptor of the script: `__get__` is called first, then its result with the arguments.
                Err(_) => {
                    let mut frame = NativeFrame::new(crate::types::attribute::CALL_BOUND, &[method, this]);
                    frame.values.extend_from_slice(args);
                    return self.ask_push(frame);
                }
            },
        }
        self.call.args.extend_from_slice(args);
        Ask::Call
    }

    // ----- Classes -----

    /// The class of a value: `type(value)`.
    #[inline]
    pub fn class_of(&self, value: Value) -> Id<Class> {
        classes::class_of(&self.heap, value)
    }

    /// The name of the class of a value, for messages.
    pub fn class_name(&self, value: Value) -> String {
        let class = self.class_of(value);
        self.heap.text_lossy(self.heap.classes.get(class).name).into_owned()
    }

    /// The special method that implicit lookups find: only in the class, never in the instance.
    #[inline]
    pub fn special_of(&mut self, value: Value, special: Special) -> Option<Value> {
        let class = self.class_of(value);
        self.special(class, special)
    }

    /// The special method of the instances of a class. None if absent, or set to None (see `is_blocked`).
    #[inline]
    pub fn special(&mut self, class: Id<Class>, special: Special) -> Option<Value> {
        if self.heap.classes.get(class).specials.is_none() {
            classes::fill_specials(self, class);
        }
        let table = self.heap.classes.get(class).specials.as_ref().expect("it was just made");
        table[special as usize].given()
    }

    // ----- Payloads -----

    /// The exact built-in value inside: that of an instance of a subclass of a built-in type, otherwise the value itself.
    #[inline]
    pub fn exact(&self, value: Value) -> Value {
        match value {
            Value::Inst(id) => self.heap.insts.get(id).payload().given().unwrap_or(value),
            _ => value,
        }
    }

    // ----- Text -----

    /// A new str.
    pub fn str(&mut self, text: &str) -> Value {
        self.heap.new_str(text.as_bytes())
    }

    /// The bytes of a str or of an instance of a subclass of str.
    pub fn text_of(&self, value: Value) -> Option<&[u8]> {
        match self.exact(value) {
            Value::Str(id) => Some(self.heap.text(id)),
            _ => None,
        }
    }

    /// The name that a str is, interned.
    pub fn name_of(&mut self, value: Value) -> Option<Name> {
        match self.exact(value) {
            Value::Str(id) => Some(self.heap.intern_str(id)),
            _ => None,
        }
    }

    /// The text of a name, for messages.
    pub fn text(&self, name: Name) -> String {
        self.heap.text_lossy(name).into_owned()
    }

    /// Interns a text.
    pub fn name(&mut self, text: &str) -> Name {
        self.heap.intern(text.as_bytes())
    }

    /// An optional argument that must be a str or None or absent.
    pub fn none_or(&self, value: Value) -> Option<Value> {
        value.given().filter(|value| !value.is_none())
    }
}

/// The row of a native.
#[inline]
pub fn native_def(id: NativeId) -> &'static NativeDef {
    &crate::tables::rows(id.table)[id.row as usize]
}

/// Shorthand for natives that always have a value.
pub fn done(value: impl Into<Value>) -> Outcome {
    Ok(value.into())
}
