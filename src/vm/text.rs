//! What an engine adds to code, once per code and globals: the *text* that runs.
//!
//! Texts stand beside the heap, so that the loop can hold a reference to the running one while instructions change the
//! heap. The collector sees their values through the `Link` of the same number.

use std::cell::Cell as Memo;
use std::sync::Arc;

use aspen_grammar::bytecode::{Code, Const, Op};

use super::lookup::Lookups;
use crate::call::Cx;
use crate::types::classes;
use crate::value::{Class, Dict, Func, Id, Link, Name, Shape, Value};

/// An attribute instruction's memory. A key that nothing has stands for "empty", so that a hit is one compare.
pub struct AttrCache {
    pub name: Name,
    /// The shape of instances whose attribute is the inline field `field`. For a store: before it.
    pub shape: Memo<Id<Shape>>,
    /// For a store: the shape after it.
    pub next: Memo<Id<Shape>>,
    pub field: Memo<u32>,
    /// The shape of instances whose attribute is the method `func`.
    pub method_shape: Memo<Id<Shape>>,
    pub func: Memo<Id<Func>>,
    /// The same for other shapes: a site sees some.
    others: [Memo<OtherShape>; N_OTHERS],
    /// What is less frequent.
    pub other: Memo<OtherCache>,
}

const N_OTHERS: usize = 3;

/// What an attribute instruction remembers of one more shape; which of it counts depends on the instruction.
#[derive(Clone, Copy, Default)]
pub struct OtherShape {
    shape: Id<Shape>,
    pub next: Id<Shape>,
    pub field: u32,
    pub func: Id<Func>,
}

impl AttrCache {
    /// The instruction found an inline field, and will find it there in instances of that shape.
    #[inline]
    pub fn remember_field(&self, shape: Id<Shape>, next: Id<Shape>, field: u32) {
        if self.shape.get().is_none() {
            self.shape.set(shape);
            self.next.set(next);
            self.field.set(field);
        } else {
            self.remember_other(OtherShape { shape, next, field, func: Id::NONE });
        }
    }

    #[inline]
    pub fn remember_method(&self, shape: Id<Shape>, func: Id<Func>) {
        if self.method_shape.get().is_none() {
            self.method_shape.set(shape);
            self.func.set(func);
        } else {
            self.remember_other(OtherShape { shape, func, ..OtherShape::default() });
        }
    }

    fn remember_other(&self, other: OtherShape) {
        let free = self.others.iter().find(|place| place.get().shape.is_none());
        free.unwrap_or(&self.others[other.shape.index() % N_OTHERS]).set(other);
    }

    /// What is remembered of a shape that is not the first one.
    #[inline(never)]
    pub fn other(&self, shape: Id<Shape>) -> Option<OtherShape> {
        self.others.iter().map(Memo::get).find(|other| other.shape == shape)
    }

    /// Forgets the shapes, with what is known of them, of which that holds.
    fn forget(&self, is_stale: impl Fn(Id<Shape>, Id<Func>) -> bool) {
        if is_stale(self.shape.get(), Id::NONE) {
            self.shape.set(Id::NONE);
        }
        if is_stale(self.method_shape.get(), self.func.get()) {
            self.method_shape.set(Id::NONE);
        }
        for place in &self.others {
            let other = place.get();
            if is_stale(other.shape, other.func) {
                place.set(OtherShape::default());
            }
        }
    }
}

/// Kinds of cached attributes that the loop itself does not know.
#[derive(Clone, Copy, Debug, Default)]
pub enum OtherCache {
    #[default]
    Empty,
    /// A native method of a built-in class.
    Native { class: Id<Class>, native: crate::value::NativeId },
    /// An attribute of a module.
    Module { dict: Id<Dict>, version: u32, entry_idx: u32 },
    /// An attribute of a class itself, as it is.
    OfClass { class: Id<Class>, dict: Id<Dict>, entry_idx: u32 },
}

/// The memory of all instructions for one global name.
pub struct GlobalCache {
    pub name: Name,
    /// The version of the globals' keys for which the rest holds; 0 is none.
    pub version: Memo<u32>,
    /// The entry in the globals; or, with `builtins_version` not 0, in the builtins.
    pub entry_idx: Memo<u32>,
    pub builtins_version: Memo<u32>,
    /// Of a plain function among the globals: the arguments that it takes and its link. Replacing a function changes the
    /// version of the keys.
    pub direct: Memo<u16>,
    pub link: Memo<Id<Link>>,
}

#[derive(Default)]
pub struct Text {
    /// The link that it is the text of.
    pub link: Id<Link>,
    pub ops: Box<[Op]>,
    pub consts: Box<[Value]>,
    pub attrs: Box<[AttrCache]>,
    pub global_caches: Box<[GlobalCache]>,
    /// The names of the parameters that have one argument each.
    pub params: Box<[Name]>,
    pub globals: Id<Dict>,
    pub builtins: Id<Dict>,
    pub n_regs: u32,
    pub code: Arc<Code>,
}

/// All texts, and what their instructions share.
#[derive(Default)]
pub struct Texts {
    /// By the number of their link.
    texts: Vec<Text>,
    pub lookups: Lookups,
}

impl Texts {
    #[inline]
    pub fn get(&self, link: Id<Link>) -> &Text {
        &self.texts[link.index()]
    }

    fn put(&mut self, link: Id<Link>, text: Text) {
        if self.texts.len() <= link.index() {
            self.texts.resize_with(link.index() + 1, Text::default);
        }
        self.texts[link.index()] = text;
    }

    /// After a collection: the texts of dead links are dropped.
    pub fn sweep(&mut self, is_alive: impl Fn(Id<Link>) -> bool) {
        for (number, text) in self.texts.iter_mut().enumerate() {
            if !text.ops.is_empty() && !is_alive(Id::new(number)) {
                *text = Text::default();
            }
        }
    }

    /// Classes were changed in a way that caches depend on.
    #[cold]
    pub fn forget_stale(&self, cx: &mut Cx) {
        for class in std::mem::take(&mut cx.stale_classes) {
            self.forget(cx, class);
        }
    }

    /// Empties the inline caches that depend on a class or on one derived from it.
    pub fn forget(&self, cx: &Cx, class: Id<Class>) {
        self.lookups.clear();
        let depends =
            |shape: Id<Shape>| !shape.is_none() && classes::is_subclass(cx, cx.heap.shapes.get(shape).class, class);
        for cache in self.texts.iter().flat_map(|text| &text.attrs) {
            cache.forget(|shape, _| depends(shape));
            let is_stale = match cache.other.get() {
                OtherCache::Empty | OtherCache::Module { .. } | OtherCache::Native { .. } => false,
                OtherCache::OfClass { class: own, .. } => classes::is_subclass(cx, own, class),
            };
            if is_stale {
                cache.other.set(OtherCache::Empty);
            }
        }
    }

    /// Some function got other code: calls look again.
    pub fn forget_calls(&self) {
        for cache in self.texts.iter().flat_map(|text| &text.global_caches) {
            cache.direct.set(Func::NEVER);
        }
    }

    /// After a collection: shapes that died may be reused, so caches that name them are emptied. In a minor one only
    /// what is young dies: no cache names that unless it was filled since the last one.
    pub fn forget_dead(&self, cx: &Cx, is_major: bool) {
        if !self.lookups.take_filled() && !is_major {
            return;
        }
        self.lookups.clear();
        let dead = |shape: Id<Shape>| !shape.is_none() && !cx.heap.shapes.is_old(shape);
        for cache in self.texts.iter().flat_map(|text| &text.attrs) {
            cache.forget(|shape, func| dead(shape) || (!func.is_none() && !cx.heap.funcs.is_old(func)));
            let is_stale = match cache.other.get() {
                OtherCache::Empty | OtherCache::Native { .. } => false,
                OtherCache::Module { dict, .. } => !cx.heap.dicts.is_old(dict),
                OtherCache::OfClass { class, .. } => !cx.heap.classes.is_old(class),
            };
            if is_stale {
                cache.other.set(OtherCache::Empty);
            }
        }
    }
}

/// Binds code to globals: a new link with its text.
pub fn link(cx: &mut Cx, texts: &mut Texts, code: Arc<Code>, globals: Id<Dict>, builtins: Id<Dict>) -> Id<Link> {
    let consts: Box<[Value]> = code.consts.iter().map(|constant| materialize(cx, constant)).collect();
    let n_params = (code.params.n_positional + code.params.n_keyword_only) as usize;
    let params = code.locals.iter().chain(code.far_locals.iter()).take(n_params);
    let names = code.names.iter().chain(params).map(|name| cx.heap.intern(name.as_bytes()));
    let names: Box<[Name]> = names.collect();
    let attrs = code.attrs.iter().map(|name| AttrCache::empty(names[name.index()])).collect();
    let global_caches = code.globals.iter().map(|name| GlobalCache::empty(names[name.index()])).collect();
    let mut text = Text {
        link: Id::NONE,
        ops: code.ops.as_slice().into(),
        consts: consts.clone(),
        attrs,
        global_caches,
        params: names[code.names.len()..].into(),
        globals,
        builtins,
        n_regs: code.n_regs as u32,
        code: code.clone(),
    };
    let children = code.codes.iter().map(|_| Memo::new(Id::NONE)).collect();
    let link = Link { code: Some(code), globals, builtins, consts, names, children };
    cx.heap.charge(size_of::<Link>() + crate::value::Kind::owned(&link));
    let link = cx.heap.links.alloc(link);
    text.link = link;
    texts.put(link, text);
    link
}

/// The link of a nested code, made at the first function of it.
pub fn child(cx: &mut Cx, texts: &mut Texts, parent: Id<Link>, number: usize) -> Id<Link> {
    let object = cx.heap.links.get(parent);
    let known = object.children[number].get();
    if !known.is_none() {
        return known;
    }
    let (code, globals, builtins) = (object.code().codes[number].clone(), object.globals, object.builtins);
    let made = link(cx, texts, code, globals, builtins);
    cx.heap.links.get_mut(parent).children[number].set(made);
    made
}

fn materialize(cx: &mut Cx, constant: &Const) -> Value {
    match constant {
        Const::None => Value::None,
        Const::Ellipsis => Value::Ellipsis,
        Const::Bool(value) => Value::Bool(*value),
        Const::Int(int) => Value::Int(*int),
        Const::BigInt(digits) => crate::types::int::from_decimal(cx, digits),
        Const::Float(float) => Value::Float(*float),
        Const::Complex(real, imag) => crate::types::complex::new(cx, *real, *imag),
        Const::Str(text) => constant_str(cx, text.as_bytes()),
        Const::Bytes(bytes) => cx.heap.new_bytes(bytes.to_vec()),
        Const::Tuple(items) => {
            let items = items.iter().map(|item| materialize(cx, item)).collect();
            cx.heap.new_tuple_from(items)
        }
        Const::FrozenSet(items) => {
            let items: Vec<_> = items.iter().map(|item| materialize(cx, item)).collect();
            crate::types::set::frozen(cx, &items)
        }
    }
}

/// Short constants that look like names are interned, as attribute names and keys often are.
fn constant_str(cx: &mut Cx, text: &[u8]) -> Value {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if text.len() <= 64 && text.iter().all(is_word) {
        return Value::Str(cx.heap.intern(text));
    }
    cx.heap.new_str(text)
}

impl AttrCache {
    fn empty(name: Name) -> Self {
        AttrCache {
            name,
            shape: Memo::default(),
            next: Memo::default(),
            field: Memo::default(),
            method_shape: Memo::default(),
            func: Memo::default(),
            others: Default::default(),
            other: Memo::default(),
        }
    }
}

impl GlobalCache {
    fn empty(name: Name) -> Self {
        GlobalCache {
            name,
            version: Memo::new(0),
            entry_idx: Memo::new(0),
            builtins_version: Memo::new(0),
            direct: Memo::new(Func::NEVER),
            link: Memo::default(),
        }
    }
}
