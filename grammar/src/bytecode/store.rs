//! Code as bytes: the library is compiled when Aspen is built, and read back when it is imported.
//!
//! Numbers are little and differences are smaller: both are written in groups of seven bits. The bytes are our own, of the
//! same build; whatever does not fit gives None.

use std::sync::Arc;

use super::code::{
    AttrId, CallParams, Callee, Capture, Code, CodeFlags, CodeId, Const, ConstId, GlobalId, Handled, Handler, NameId,
    Position,
};
use super::op::{Jump, Op, Reg};
use crate::source::Wtf8;

/// A code object and those inside it, as bytes.
pub fn write_code(code: &Code) -> Vec<u8> {
    let mut out = Vec::new();
    code.put(&mut out);
    out
}

/// What `write_code` wrote; all of it is of this file.
pub fn read_code(bytes: &[u8], file: &str) -> Option<Code> {
    let mut input = Input { rest: bytes, file: file.into(), source: "".into() };
    Code::take(&mut input)
}

/// What is left to be read, and what all code of a file shares.
pub(super) struct Input<'b> {
    rest: &'b [u8],
    file: Arc<str>,
    source: Arc<str>,
}

impl Input<'_> {
    #[inline]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn bytes(&mut self, n: usize) -> Option<&[u8]> {
        let (bytes, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(bytes)
    }
}

/// Something that can be written as bytes and read back.
pub(super) trait Stored: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(input: &mut Input<'_>) -> Option<Self>;
}

/// An enum whose variants are numbered by their place, with their fields behind the number.
macro_rules! stored_enum {
    ($(#[$outer:meta])* pub enum $Enum:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:ident: $Field:ty),* $(,)? })?,)*
    }) => {
        $(#[$outer])*
        pub enum $Enum {
            $($(#[$doc])* $variant $({ $($field: $Field),* })?,)*
        }

        const _: () = {
            #[repr(u8)]
            enum Number {
                $($variant,)*
            }

            impl $crate::bytecode::store::Stored for $Enum {
                fn put(&self, out: &mut Vec<u8>) {
                    match *self {
                        $($Enum::$variant $({ $($field),* })? => {
                            out.push(Number::$variant as u8);
                            $($($crate::bytecode::store::Stored::put(&$field, out);)*)?
                        })*
                    }
                }

                fn take(input: &mut $crate::bytecode::store::Input<'_>) -> Option<Self> {
                    let number = input.byte()?;
                    $(if number == Number::$variant as u8 {
                        return Some($Enum::$variant $({
                            $($field: $crate::bytecode::store::Stored::take(input)?),*
                        })?);
                    })*
                    None
                }
            }
        };
    };
}
pub(super) use stored_enum;

/// A struct, field by field.
macro_rules! stored_struct {
    ($($Struct:ident { $($field:tt),* })*) => {
        $(impl Stored for $Struct {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                Some($Struct { $($field: Stored::take(input)?),* })
            }
        })*
    };
}

stored_struct! {
    Reg { 0 } Jump { 0 } ConstId { 0 } NameId { 0 } AttrId { 0 } GlobalId { 0 } CodeId { 0 }
    CallParams { n_positional_only, n_positional, n_keyword_only, has_star, has_star_star }
    CodeFlags {
        is_generator, is_coroutine, is_async_generator, is_iterable_coroutine, is_function, is_class, is_nested,
        shows_source, is_hidden, has_docstring, future_annotations, is_top_level_await, is_method
    }
    Handler { start, end, target, exc }
    Handled { start, end, exc }
    Callee { pc, position }
    Capture { from }
    Position { line, end_line, column, end_column }
}

// ----- Numbers -----

impl Stored for u64 {
    #[inline]
    fn put(&self, out: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            out.push(left as u8 | 0x80);
            left >>= 7;
        }
        out.push(left as u8);
    }

    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let first = input.byte()?;
        let mut number = u64::from(first & 0x7F);
        let (mut byte, mut shift) = (first, 7);
        while byte & 0x80 != 0 {
            byte = input.byte()?;
            number |= u64::from(byte & 0x7F).checked_shl(shift)?;
            shift += 7;
        }
        Some(number)
    }
}

/// Small numbers of either sign.
impl Stored for i64 {
    #[inline]
    fn put(&self, out: &mut Vec<u8>) {
        ((self << 1) ^ (self >> 63)).cast_unsigned().put(out);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let folded = u64::take(input)?;
        Some((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }
}

/// Others as one of these.
macro_rules! stored_as {
    ($($Number:ty as $Wide:ty),*) => {
        $(impl Stored for $Number {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                <$Wide>::from(*self).put(out);
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                <$Number>::try_from(<$Wide>::take(input)?).ok()
            }
        })*
    };
}

stored_as!(u16 as u64, u32 as u64, i16 as i64, i32 as i64);

impl Stored for u8 {
    #[inline]
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.byte()
    }
}

impl Stored for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(input.byte()? != 0)
    }
}

impl Stored for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(f64::from_le_bytes(input.bytes(8)?.try_into().ok()?))
    }
}

// ----- Texts and lists -----

impl Stored for Box<[u8]> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        out.extend_from_slice(self);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let n = u64::take(input)? as usize;
        Some(input.bytes(n)?.into())
    }
}

impl Stored for Box<str> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let n = u64::take(input)? as usize;
        Some(std::str::from_utf8(input.bytes(n)?).ok()?.into())
    }
}

impl Stored for Wtf8 {
    fn put(&self, out: &mut Vec<u8>) {
        (self.as_bytes().len() as u64).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let n = u64::take(input)? as usize;
        Some(Wtf8::of_bytes(input.bytes(n)?))
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        self.iter().for_each(|item| item.put(out));
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let n = u64::take(input)? as usize;
        // Each item is a byte at least.
        let mut items = Vec::with_capacity(n.min(input.rest.len()));
        for _ in 0..n {
            items.push(T::take(input)?);
        }
        Some(items)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(if bool::take(input)? { Some(T::take(input)?) } else { None })
    }
}

impl Stored for Const {
    fn put(&self, out: &mut Vec<u8>) {
        let mut kind = |number| out.push(number);
        match self {
            Const::None => kind(0),
            Const::Ellipsis => kind(1),
            Const::Bool(_) => kind(2),
            Const::Int(_) => kind(3),
            Const::BigInt(_) => kind(4),
            Const::Float(_) => kind(5),
            Const::Complex(..) => kind(6),
            Const::Str(_) => kind(7),
            Const::Bytes(_) => kind(8),
            Const::Tuple(_) => kind(9),
            Const::FrozenSet(_) => kind(10),
        }
        match self {
            Const::None | Const::Ellipsis => {}
            Const::Bool(value) => value.put(out),
            Const::Int(value) => value.put(out),
            Const::BigInt(digits) => digits.put(out),
            Const::Float(value) => value.put(out),
            Const::Complex(real, imaginary) => {
                real.put(out);
                imaginary.put(out);
            }
            Const::Str(text) => text.put(out),
            Const::Bytes(bytes) => bytes.put(out),
            Const::Tuple(items) | Const::FrozenSet(items) => items.put(out),
        }
    }

    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(match input.byte()? {
            0 => Const::None,
            1 => Const::Ellipsis,
            2 => Const::Bool(Stored::take(input)?),
            3 => Const::Int(Stored::take(input)?),
            4 => Const::BigInt(Stored::take(input)?),
            5 => Const::Float(Stored::take(input)?),
            6 => Const::Complex(Stored::take(input)?, Stored::take(input)?),
            7 => Const::Str(Stored::take(input)?),
            8 => Const::Bytes(Stored::take(input)?),
            9 => Const::Tuple(Stored::take(input)?),
            10 => Const::FrozenSet(Stored::take(input)?),
            _ => return None,
        })
    }
}

// ----- Code -----

/// One position after another, as the difference from the one before.
fn put_positions(positions: &[Position], out: &mut Vec<u8>) {
    let mut line = 0;
    for position in positions {
        (i64::from(position.line) - line).put(out);
        line = i64::from(position.line);
        (i64::from(position.end_line) - line).put(out);
        position.column.put(out);
        position.end_column.put(out);
    }
}

fn take_positions(input: &mut Input<'_>, n: usize) -> Option<Vec<Position>> {
    let mut positions = Vec::with_capacity(n);
    let mut line = 0_i64;
    for _ in 0..n {
        line += i64::take(input)?;
        let end_line = u32::try_from(line + i64::take(input)?).ok()?;
        let (column, end_column) = (Stored::take(input)?, Stored::take(input)?);
        positions.push(Position { line: u32::try_from(line).ok()?, end_line, column, end_column });
    }
    Some(positions)
}

impl Stored for Arc<Code> {
    fn put(&self, out: &mut Vec<u8>) {
        Code::put(self, out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Code::take(input).map(Arc::new)
    }
}

impl Stored for Code {
    fn put(&self, out: &mut Vec<u8>) {
        self.put_frame(out);
        self.ops.put(out);
        out.extend_from_slice(&self.ceilings);
        put_positions(&self.positions, out);
        self.put_tables(out);
    }

    fn take(input: &mut Input<'_>) -> Option<Self> {
        let mut code = Code::take_frame(input)?;
        code.ops = Vec::<Op>::take(input)?;
        code.ceilings = input.bytes(code.ops.len())?.to_vec();
        code.positions = take_positions(input, code.ops.len())?;
        code.take_tables(input)?;
        Some(code)
    }
}

impl Code {
    /// What it is called, and what its frames are.
    fn put_frame(&self, out: &mut Vec<u8>) {
        self.name.put(out);
        self.qualname.put(out);
        self.first_line.put(out);
        self.flags.put(out);
        self.params.put(out);
        self.locals.put(out);
        self.cells.put(out);
        self.captures.put(out);
        self.far_locals.put(out);
        self.far_list.put(out);
        self.n_regs.put(out);
    }

    fn take_frame(input: &mut Input<'_>) -> Option<Self> {
        Some(Code {
            name: Stored::take(input)?,
            qualname: Stored::take(input)?,
            file: input.file.clone(),
            source: input.source.clone(),
            first_line: Stored::take(input)?,
            flags: Stored::take(input)?,
            params: Stored::take(input)?,
            locals: Stored::take(input)?,
            cells: Stored::take(input)?,
            captures: Stored::take(input)?,
            far_locals: Stored::take(input)?,
            far_list: Stored::take(input)?,
            n_regs: Stored::take(input)?,
            ..Code::default()
        })
    }

    /// What its instructions refer to.
    fn put_tables(&self, out: &mut Vec<u8>) {
        self.callees.put(out);
        self.handlers.put(out);
        self.handled.put(out);
        self.consts.put(out);
        self.names.put(out);
        self.attrs.put(out);
        self.globals.put(out);
        self.codes.put(out);
    }

    fn take_tables(&mut self, input: &mut Input<'_>) -> Option<()> {
        self.callees = Stored::take(input)?;
        self.handlers = Stored::take(input)?;
        self.handled = Stored::take(input)?;
        self.consts = Stored::take(input)?;
        self.names = Stored::take(input)?;
        self.attrs = Stored::take(input)?;
        self.globals = Stored::take(input)?;
        self.codes = Stored::take(input)?;
        Some(())
    }
}
