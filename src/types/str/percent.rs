//! The `%` operator of str and bytes.
//!
//! The format is read piece by piece. Fetching an argument, converting it to a number or a text may need script code: then
//! the [`Job`] moves into a frame, and goes on there from the stage it was in.

use std::any::Any;

use super::this;
use crate::call::{Ask, Cx, Outcome};
use crate::types::format::percent::{Amount, Field, Piece, Pieces, Resolved};
use crate::types::formatting::{format_error, to_str};
use crate::types::int;
use crate::types::{bytearray, bytes, item, protocol, strings};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps: a format whose arguments need script code.
    pub static STR_PERCENT_STEPS = [
        hidden "percent(format)" => step percent_step, "Fills in the fields.";
    ]
}

const PERCENT: NativeId = NativeId { table: crate::tables::STR_PERCENT, row: 0 };

/// A format that is being filled in.
struct Job {
    format: Vec<u8>,
    kind: Kind,
    is_bytes: bool,
    /// Where the field at hand begins.
    at: usize,
    out: Vec<u8>,
    /// What the arguments are taken from: a tuple, or one value.
    args: Value,
    /// The next place in the tuple; of one value the number that were taken.
    n_taken: usize,
    /// The operand, if it is a mapping that `%(key)s` can look into; otherwise `Undef`.
    mapping: Value,
    /// A key was used: what the operand holds besides does not matter.
    is_keyed: bool,
    stage: Stage,
    star_width: i64,
    star_precision: i64,
    value: Value,
    /// The answer to what was asked for last.
    answer: Told,
}

/// What the format is, and so the result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Bytes,
    ByteArray,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Key,
    Width,
    Precision,
    Value,
    Convert,
}

impl NativeObject for Job {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.args, self.mapping, self.value], gray);
        if let Told::Value(value) = self.answer {
            trace_values(&[value], gray);
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Job>() + self.format.len() + self.out.capacity()
    }
}

/// `text % args`.
pub fn str_mod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let format = cx.heap.text(this(cx, args[0])).to_vec();
    start(cx, format, Kind::Text, args[1])
}

/// `args % text`, where `args` is a str.
pub fn str_rmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(format) = cx.text_of(args[1]) else { return Ok(Value::NotImplemented) };
    let format = format.to_vec();
    start(cx, format, Kind::Text, args[0])
}

/// `data % args` of bytes, or of a bytearray.
pub fn bytes_mod(cx: &mut Cx, format: Vec<u8>, args: Value, is_array: bool) -> Outcome {
    start(cx, format, if is_array { Kind::ByteArray } else { Kind::Bytes }, args)
}

fn start(cx: &mut Cx, format: Vec<u8>, kind: Kind, args: Value) -> Outcome {
    let is_bytes = kind != Kind::Text;
    let mapping = if is_mapping(cx, args, is_bytes) { args } else { Value::Undef };
    let out = Vec::with_capacity(format.len() + 16);
    let mut job = Job {
        format,
        kind,
        is_bytes,
        at: 0,
        out,
        args,
        n_taken: 0,
        mapping,
        is_keyed: false,
        stage: Stage::Key,
        star_width: 0,
        star_precision: 0,
        value: Value::Undef,
        answer: Told::Start,
    };
    match job.run(cx).map_err(Ask::to_come_back) {
        Err(ask) if ask.is_question() => {
            let mut frame = NativeFrame::new(PERCENT, &[]);
            frame.state = Some(Box::new(job));
            Err(cx.ask_push(frame))
        }
        outcome => outcome,
    }
}

/// What has items, but no tuple and no text.
fn is_mapping(cx: &mut Cx, args: Value, is_bytes: bool) -> bool {
    match cx.exact(args) {
        Value::Tuple(_) => false,
        Value::Str(_) => is_bytes,
        Value::Bytes(_) => !is_bytes,
        Value::Int(_) | Value::Float(_) | Value::None | Value::Bool(_) => false,
        _ if is_bytes && bytes::buffer::is_buffer(cx, args) => false,
        _ => cx.special_of(args, Special::GetItem).is_some(),
    }
}

fn percent_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let told = std::mem::take(&mut frame.told);
    let state: Option<&mut dyn Any> = frame.state.as_deref_mut().map(|state| state as _);
    let Some(job) = state.and_then(|state| state.downcast_mut::<Job>()) else {
        crate::bug!("a frame of a format has its job")
    };
    job.answer = told;
    job.run(cx).map_err(Ask::to_come_back)
}

impl Job {
    /// Goes on until the text is done or something is asked for.
    fn run(&mut self, cx: &mut Cx) -> Outcome {
        let format = std::mem::take(&mut self.format);
        let outcome = self.run_over(cx, &format);
        self.format = format;
        outcome
    }

    fn run_over(&mut self, cx: &mut Cx, format: &[u8]) -> Outcome {
        let pieces = if self.is_bytes { Pieces::of_bytes(format) } else { Pieces::of_text(format) };
        let mut pieces = pieces.resume(self.at);
        while let Some(piece) = pieces.next_piece() {
            match piece {
                Piece::Literal(text) => self.out.extend_from_slice(text),
                Piece::Field(field) => self.fill(cx, &field)?,
            }
            self.at = pieces.offset();
        }
        if !self.is_keyed && self.mapping.is_undef() && self.has_more(cx) {
            let kind = if self.is_bytes { "bytes" } else { "string" };
            return Err(cx.type_error(format!("not all arguments converted during {kind} formatting")));
        }
        let out = std::mem::take(&mut self.out);
        cx.heap.ensure(out.len())?;
        Ok(match self.kind {
            Kind::Text => to_str(cx, out),
            Kind::Bytes => cx.heap.new_bytes(out),
            Kind::ByteArray => bytearray::new(cx, out),
        })
    }

    fn has_more(&self, cx: &Cx) -> bool {
        match cx.exact(self.args) {
            Value::Tuple(id) => self.n_taken < cx.heap.tuples.get(id).items().len(),
            _ => self.n_taken == 0,
        }
    }

    fn next_argument(&mut self, cx: &mut Cx) -> Outcome {
        let next = match cx.exact(self.args) {
            Value::Tuple(id) if !self.is_keyed => cx.heap.tuples.get(id).items().get(self.n_taken).copied(),
            _ if self.n_taken == 0 => Some(self.args),
            _ => None,
        };
        self.n_taken += 1;
        next.ok_or_else(|| cx.type_error("not enough arguments for format string"))
    }

    fn fill(&mut self, cx: &mut Cx, field: &Field) -> Result<(), Ask> {
        if self.stage == Stage::Key {
            if let Some(key) = field.key {
                self.look_up(cx, key)?;
            }
            self.stage = Stage::Width;
        }
        if self.stage == Stage::Width {
            if field.width == Amount::Star {
                self.star_width = self.star(cx, i64::MAX, "ssize_t")?;
            }
            self.stage = Stage::Precision;
        }
        if self.stage == Stage::Precision {
            if field.precision == Some(Amount::Star) {
                self.star_precision = self.star(cx, i32::MAX as i64, "int")?;
            }
            self.stage = Stage::Value;
        }
        if self.stage == Stage::Value {
            if let Some(fault) = field.fault {
                return Err(cx.value_error(fault.message(self.is_bytes)));
            }
            self.value = self.next_argument(cx)?;
            self.stage = Stage::Convert;
        }
        let resolved = field.resolve(self.star_width, self.star_precision);
        let letter = char::from_u32(field.conversion).unwrap_or('\0');
        match letter {
            's' | 'r' | 'a' | 'b' if letter != 'b' || self.is_bytes => self.push_text(cx, letter, &resolved)?,
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => self.push_int(cx, letter, &resolved)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => self.push_float(cx, &resolved)?,
            'c' => self.push_char(cx, &resolved)?,
            _ => return Err(cx.value_error(field.unsupported().message(self.is_bytes))),
        }
        self.stage = Stage::Key;
        Ok(())
    }

    /// The value that was told, or what `ask` gives.
    fn answered(&mut self, cx: &mut Cx, ask: impl FnOnce(&mut Cx) -> Outcome) -> Outcome {
        match std::mem::take(&mut self.answer) {
            Told::Start => ask(cx),
            told => told.into_outcome(),
        }
    }

    /// The item of the mapping becomes the only argument.
    fn look_up(&mut self, cx: &mut Cx, key: &[u8]) -> Result<(), Ask> {
        let Some(mapping) = self.mapping.given() else { return Err(cx.type_error("format requires a mapping")) };
        let is_bytes = self.is_bytes;
        self.args = self.answered(cx, |cx| {
            let key = if is_bytes { cx.heap.new_bytes(key.to_vec()) } else { cx.heap.new_str(key) };
            item::get(cx, mapping, key)
        })?;
        self.is_keyed = true;
        self.n_taken = 0;
        Ok(())
    }

    /// The number for a `*`.
    fn star(&mut self, cx: &mut Cx, limit: i64, kind: &str) -> Result<i64, Ask> {
        let argument = self.next_argument(cx)?;
        match cx.exact(argument) {
            Value::Int(int) if int.abs() <= limit => Ok(int),
            Value::Bool(bool) => Ok(bool as i64),
            Value::Int(_) | Value::BigInt(_) => {
                Err(cx.overflow_error(format!("Python int too large to convert to C {kind}")))
            }
            _ => Err(cx.type_error("* wants int")),
        }
    }

    fn room(&self, cx: &mut Cx, resolved: &Resolved, len: usize) -> Result<(), Ask> {
        let n_bytes = resolved.extra_bytes().saturating_add(len);
        if n_bytes > u32::MAX as usize {
            return Err(cx.memory_error());
        }
        Ok(cx.heap.ensure(n_bytes)?)
    }

    fn push_text(&mut self, cx: &mut Cx, letter: char, resolved: &Resolved) -> Result<(), Ask> {
        let value = self.value;
        if self.is_bytes && matches!(letter, 'b' | 's') {
            return self.push_bytes(cx, resolved);
        }
        let is_bytes = self.is_bytes;
        let text = self.answered(cx, |cx| match letter {
            's' => strings::to_str(cx, value),
            'r' if !is_bytes => strings::to_repr(cx, value),
            _ => strings::to_ascii(cx, value),
        })?;
        let Value::Str(id) = cx.exact(text) else { crate::bug!("a text is a str") };
        self.room(cx, resolved, cx.heap.text(id).len())?;
        if resolved.width == 0 && resolved.precision.is_none() {
            self.out.extend_from_slice(cx.heap.text(id));
        } else {
            self.out.extend(resolved.format_text(cx.heap.text(id), cx.heap.n_chars(id)));
        }
        Ok(())
    }

    /// `%b` of bytes: a buffer, or what `__bytes__` gives.
    fn push_bytes(&mut self, cx: &mut Cx, resolved: &Resolved) -> Result<(), Ask> {
        let mut value = self.value;
        if !bytes::buffer::is_buffer(cx, value) {
            let given = value;
            value = self.answered(cx, |cx| match cx.ask_special(given, Special::Bytes, &[]) {
                Some(ask) => Err(ask),
                None => {
                    let class = cx.class_name(given);
                    let message = format!(
                        "%b requires a bytes-like object, or an object that implements __bytes__, not '{class}'"
                    );
                    Err(cx.type_error(message))
                }
            })?;
            if !matches!(cx.exact(value), Value::Bytes(_)) {
                let message = format!("__bytes__ returned non-bytes (type {})", cx.class_name(value));
                return Err(cx.type_error(message));
            }
        }
        let data = bytes::buffer::require(cx, value)?;
        self.room(cx, resolved, data.len())?;
        self.out.extend(resolved.format_bytes(&data));
        Ok(())
    }

    fn push_int(&mut self, cx: &mut Cx, letter: char, resolved: &Resolved) -> Result<(), Ask> {
        if let (Value::Int(number), 'd' | 'i' | 'u', 0, None) = (self.value, letter, resolved.width, resolved.precision)
            && resolved.flags == Default::default()
        {
            self.out.extend_from_slice(strings::decimal(number, &mut [0; strings::DECIMAL_LEN]));
            return Ok(());
        }
        let number = self.integer(cx, letter)?;
        self.room(cx, resolved, 0)?;
        let number_ref = int::view(&cx.heap, number).expect("it is an int");
        let text = resolved.format_int(number_ref, cx.max_str_digits);
        let text = text.map_err(|error| format_error(cx, &error, number))?;
        self.out.extend(text);
        Ok(())
    }

    /// The value as an int: for `%d` by `__int__` too, for `%x` only by `__index__`.
    fn integer(&mut self, cx: &mut Cx, letter: char) -> Outcome {
        let value = self.value;
        let is_decimal = matches!(letter, 'd' | 'i' | 'u');
        match cx.exact(value) {
            exact @ (Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) => return Ok(exact),
            Value::Float(number) if is_decimal => return truncated(cx, number),
            _ => {}
        }
        let special = [Special::Int, Special::Index].into_iter().find(|&special| {
            (is_decimal || special == Special::Index)
                && !matches!(cx.special_of(value, special), None | Some(Value::None))
        });
        let Some(special) = special else { return Err(not_a_number(cx, letter, value)) };
        if special == Special::Index {
            return self.answered(cx, |cx| protocol::index(cx, value));
        }
        let answer = self.answered(cx, |cx| cx.ask_special(value, special, &[]).map_or(Ok(Value::None), Err));
        match answer {
            Ok(answer) => match cx.exact(answer) {
                exact @ (Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) => Ok(exact),
                _ => Err(not_a_number(cx, letter, value)),
            },
            Err(Ask::Raise(exc)) if cx.is_exception(exc, crate::types::classes::TYPE_ERROR) => {
                Err(not_a_number(cx, letter, value))
            }
            Err(ask) => Err(ask),
        }
    }

    fn push_float(&mut self, cx: &mut Cx, resolved: &Resolved) -> Result<(), Ask> {
        let value = self.value;
        let number = match self.answered(cx, |cx| protocol::float(cx, value)) {
            Ok(Value::Float(number)) => number,
            Ok(_) => crate::bug!("a float is a float"),
            Err(Ask::Raise(exc)) if self.is_bytes && cx.is_exception(exc, crate::types::classes::TYPE_ERROR) => {
                let message = format!("float argument required, not {}", cx.class_name(value));
                return Err(cx.type_error(message));
            }
            Err(ask) => return Err(ask),
        };
        self.room(cx, resolved, 0)?;
        self.out.extend(resolved.format_float(number));
        Ok(())
    }

    fn push_char(&mut self, cx: &mut Cx, resolved: &Resolved) -> Result<(), Ask> {
        self.room(cx, resolved, 0)?;
        if self.is_bytes {
            return self.push_byte(cx, resolved);
        }
        let value = self.value;
        if let Value::Str(id) = cx.exact(value) {
            if cx.heap.n_chars(id) != 1 {
                return Err(cx.type_error("%c requires int or char"));
            }
            self.out.extend(resolved.format_text(cx.heap.text(id), 1));
            return Ok(());
        }
        if int::view(&cx.heap, cx.exact(value)).is_none() && cx.special_of(value, Special::Index).is_none() {
            return Err(cx.type_error("%c requires int or char"));
        }
        match self.answered(cx, |cx| protocol::index(cx, value))? {
            Value::Int(code @ 0..0x11_0000) => {
                let text = cx.heap.char_str(code as u32);
                self.out.extend(resolved.format_text(cx.text_of(text).unwrap_or_default(), 1));
                Ok(())
            }
            _ => Err(cx.overflow_error("%c arg not in range(0x110000)")),
        }
    }

    /// `%c` of bytes: one byte, or an int up to 255.
    fn push_byte(&mut self, cx: &mut Cx, resolved: &Resolved) -> Result<(), Ask> {
        let value = self.value;
        const WRONG: &str = "%c requires an integer in range(256) or a single byte";
        if let Some(data) = bytes::data_of(cx, value)
            && !bytes::is_view(cx, value)
        {
            let [byte] = *data else { return Err(cx.type_error(WRONG)) };
            self.out.extend(resolved.format_bytes(&[byte]));
            return Ok(());
        }
        if int::view(&cx.heap, cx.exact(value)).is_none() && cx.special_of(value, Special::Index).is_none() {
            return Err(cx.type_error(WRONG));
        }
        match self.answered(cx, |cx| protocol::index(cx, value))? {
            Value::Int(byte @ 0..256) => {
                self.out.extend(resolved.format_bytes(&[byte as u8]));
                Ok(())
            }
            _ => Err(cx.overflow_error("%c arg not in range(256)")),
        }
    }
}

/// `int(number)`.
fn truncated(cx: &mut Cx, number: f64) -> Outcome {
    match crate::value::bigint::float::from_f64(number) {
        Some(number) => Ok(int::make(cx, number)),
        None if number.is_nan() => Err(cx.value_error("cannot convert float NaN to integer")),
        None => Err(cx.overflow_error("cannot convert float infinity to integer")),
    }
}

fn not_a_number(cx: &mut Cx, letter: char, value: Value) -> Ask {
    let wanted = if matches!(letter, 'd' | 'i' | 'u') { "a real number" } else { "an integer" };
    let message = format!("%{letter} format: {wanted} is required, not {}", cx.class_name(value));
    cx.type_error(message)
}
