//! `str.format` and `str.format_map`.
//!
//! The template is read piece by piece. Looking a field up, converting and formatting it may need script code: then the
//! [`Job`] moves into a frame, and goes on there from the stage it was in.

use std::any::Any;

use smallvec::SmallVec;

use super::this;
use crate::call::{Ask, Cx, Outcome};
use crate::types::format::template::{Accessor, Key, Numbering, Path, Template, TemplateError, split_name};
use crate::types::formatting::{push_formatted, to_str};
use crate::types::{attribute, item, strings};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Dict, Id, NativeFrame, NativeId, Str, Told, Value};

crate::natives! {
    /// Steps: a template whose fields need script code.
    pub static STR_TEMPLATE_STEPS = [
        hidden "format(template)" => step format_step, "Fills in the fields.";
    ]
}

const FORMAT: NativeId = NativeId { table: crate::tables::STR_TEMPLATE, row: 0 };

/// Templates in specs of fields: one level is allowed.
const MAX_LEVELS: usize = 2;

/// A template that is being filled in.
struct Job {
    template: Vec<u8>,
    positional: Vec<Value>,
    /// The dict of the keyword arguments, or the mapping of `format_map`.
    named: Value,
    is_map: bool,
    numbering: Numbering,
    /// The template itself, and the spec of the field at hand if that is a template too.
    levels: Vec<Level>,
    /// The answer to what was asked for last.
    answer: Value,
}

/// A part of the template.
struct Level {
    /// Where the unread rest begins, and where the part ends.
    at: usize,
    end: usize,
    out: Vec<u8>,
    field: Option<FieldAtHand>,
}

/// A field under way. Ranges are places in the template.
struct FieldAtHand {
    stage: Stage,
    name: (usize, usize),
    value: Value,
    /// The rest of its path.
    path: (usize, usize),
    conversion: Option<u32>,
    spec: (usize, usize),
    spec_is_template: bool,
    /// The spec once its own fields are filled in.
    filled: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    First,
    Path,
    Convert,
    Spec,
    Format,
}

impl NativeObject for Job {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&self.positional, gray);
        trace_values(&[self.named, self.answer], gray);
        let fields = self.levels.iter().filter_map(|level| level.field.as_ref());
        gray.extend(fields.map(|field| field.value).filter(Value::is_handle));
    }
    fn bytes(&self) -> usize {
        size_of::<Job>() + self.template.len() + self.levels.iter().map(|level| level.out.capacity()).sum::<usize>()
    }
}

/// `template.format(*args, **kwargs)`.
pub(super) fn str_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    match fill_in(cx, this(cx, args[0]), &args[2..]) {
        Some(text) => Ok(text),
        None => start(cx, args[0], args[2..].to_vec(), args[1], false),
    }
}

/// The usual template at once: positional fields without paths and conversions, and values whose text is known. None:
/// anything else, mistakes included.
fn fill_in(cx: &mut Cx, template: Id<Str>, positional: &[Value]) -> Option<Value> {
    let template: SmallVec<[u8; 64]> = cx.heap.text(template).into();
    let mut out = Vec::with_capacity(template.len() + 8 * positional.len());
    let (mut rest, mut n_auto, mut is_manual) = (&template[..], 0, false);
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'{' | b'}')) {
        out.extend_from_slice(&rest[..at]);
        let brace = rest[at];
        rest = &rest[at + 1..];
        if rest.first() == Some(&brace) {
            out.push(brace);
            rest = &rest[1..];
            continue;
        }
        let end = rest.iter().position(|byte| matches!(byte, b'{' | b'}'))?;
        if brace != b'{' || rest[end] != b'}' {
            return None;
        }
        let (name, spec) = match rest[..end].iter().position(|&byte| byte == b':') {
            Some(colon) => (&rest[..colon], &rest[colon + 1..end]),
            None => (&rest[..end], &rest[..0]),
        };
        let index = match name {
            [] => n_auto,
            [digit @ b'0'..=b'9'] => (digit - b'0') as usize,
            _ => return None,
        };
        is_manual |= !name.is_empty();
        n_auto += name.is_empty() as usize;
        if is_manual && n_auto > 0 {
            return None;
        }
        push_formatted(cx, *positional.get(index)?, spec, &mut out)?.ok()?;
        rest = &rest[end + 1..];
    }
    out.extend_from_slice(rest);
    cx.heap.ensure(out.len()).ok()?;
    Some(to_str(cx, out))
}

/// `template.format_map(mapping)`.
pub(super) fn str_format_map(cx: &mut Cx, args: &[Value]) -> Outcome {
    start(cx, args[0], Vec::new(), args[1], true)
}

fn start(cx: &mut Cx, template: Value, positional: Vec<Value>, named: Value, is_map: bool) -> Outcome {
    let template = cx.heap.text(this(cx, template)).to_vec();
    let end = template.len();
    let out = Vec::with_capacity(end + 16 * positional.len());
    let levels = vec![Level { at: 0, end, out, field: None }];
    let numbering = Numbering::default();
    let mut job = Job { template, positional, named, is_map, numbering, levels, answer: Value::Undef };
    match job.run(cx).map_err(Ask::to_come_back) {
        Err(ask) if ask.is_question() => {
            let mut frame = NativeFrame::new(FORMAT, &[]);
            frame.state = Some(Box::new(job));
            Err(cx.ask_push(frame))
        }
        outcome => outcome,
    }
}

fn format_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let told = std::mem::take(&mut frame.told);
    let state: Option<&mut dyn Any> = frame.state.as_deref_mut().map(|state| state as _);
    let Some(job) = state.and_then(|state| state.downcast_mut::<Job>()) else {
        crate::bug!("a frame of format has its job")
    };
    if !matches!(told, Told::Start) {
        job.answer = told.into_outcome()?;
    }
    job.run(cx).map_err(Ask::to_come_back)
}

fn mistake(cx: &mut Cx, error: TemplateError) -> Ask {
    cx.value_error(error.message())
}

impl Job {
    /// Goes on until the text is done or something is asked for.
    fn run(&mut self, cx: &mut Cx) -> Outcome {
        let template = std::mem::take(&mut self.template);
        let outcome = self.run_over(cx, &template);
        self.template = template;
        outcome
    }

    fn run_over(&mut self, cx: &mut Cx, template: &[u8]) -> Outcome {
        loop {
            let level = self.levels.last_mut().expect("the template is the lowest level");
            if level.field.is_some() {
                self.go_on(cx, template)?;
                continue;
            }
            if !level.read(template).map_err(|error| mistake(cx, error))? {
                let done = self.levels.pop().expect("it was there").out;
                match self.levels.last_mut() {
                    None => {
                        cx.heap.ensure(done.len())?;
                        return Ok(to_str(cx, done));
                    }
                    Some(outer) => {
                        let field = outer.field.as_mut().expect("a spec belongs to a field");
                        field.filled = Some(done);
                        field.stage = Stage::Format;
                    }
                }
            }
        }
    }

    /// The next stage of the field at hand.
    fn go_on(&mut self, cx: &mut Cx, template: &[u8]) -> Result<(), Ask> {
        match self.field().stage {
            Stage::First => self.look_up(cx, template),
            Stage::Path => self.follow(cx, template),
            Stage::Convert => self.convert(cx),
            Stage::Spec => self.open_spec(cx),
            Stage::Format => self.format(cx, template),
        }
    }

    fn field(&mut self) -> &mut FieldAtHand {
        self.levels.last_mut().and_then(|level| level.field.as_mut()).expect("a field is at hand")
    }

    /// The first part of the name: an argument.
    fn look_up(&mut self, cx: &mut Cx, template: &[u8]) -> Result<(), Ask> {
        let (start, end) = self.field().name;
        let (key, path) = split_name(&template[start..end]).map_err(|error| mistake(cx, error))?;
        let path = (end - path.rest().len(), end);
        let value = match self.answer.given() {
            Some(answer) => answer,
            None => {
                let key = self.numbering.resolve(key).map_err(|error| mistake(cx, error))?;
                self.argument(cx, key)?
            }
        };
        self.answer = Value::Undef;
        let field = self.field();
        (field.value, field.path, field.stage) = (value, path, Stage::Path);
        if path.0 == path.1 {
            field.stage = if field.conversion.is_some() { Stage::Convert } else { Stage::Spec };
        }
        Ok(())
    }

    fn argument(&mut self, cx: &mut Cx, key: Key) -> Outcome {
        match key {
            Key::Index(_) if self.is_map => Err(cx.value_error("Format string contains positional fields")),
            Key::Index(index) => match self.positional.get(index) {
                Some(value) => Ok(*value),
                None => {
                    let message = format!("Replacement index {index} out of range for positional args tuple");
                    Err(cx.index_error(message))
                }
            },
            Key::Name(name) => {
                let name = cx.heap.new_str(name);
                match self.named {
                    Value::Dict(id) if !self.is_map => self.keyword(cx, id, name),
                    Value::Undef => Err(cx.key_error(name)),
                    mapping => item::get(cx, mapping, name),
                }
            }
        }
    }

    fn keyword(&self, cx: &mut Cx, keywords: Id<Dict>, name: Value) -> Outcome {
        let found = cx.name_of(name).and_then(|name| cx.heap.get_in(keywords, name));
        found.ok_or_else(|| cx.key_error(name))
    }

    /// One step of `.name` or `[key]`.
    fn follow(&mut self, cx: &mut Cx, template: &[u8]) -> Result<(), Ask> {
        let (start, end) = self.field().path;
        let mut path = Path::new(&template[start..end]);
        let accessor = path.next_accessor().map_err(|error| mistake(cx, error))?;
        let rest = (end - path.rest().len(), end);
        let Some(accessor) = accessor else {
            let field = self.field();
            field.stage = if field.conversion.is_some() { Stage::Convert } else { Stage::Spec };
            return Ok(());
        };
        let value = self.field().value;
        let next = match self.answer.given() {
            Some(answer) => answer,
            None => match accessor {
                Accessor::Attribute(name) => {
                    let name = cx.heap.intern(name);
                    attribute::get(cx, value, name)
                }
                Accessor::Item(Key::Index(index)) => item::get(cx, value, Value::Int(index as i64)),
                Accessor::Item(Key::Name(name)) => {
                    let name = cx.heap.new_str(name);
                    item::get(cx, value, name)
                }
            }
            .map_err(Ask::to_come_back)?,
        };
        self.answer = Value::Undef;
        let field = self.field();
        (field.value, field.path) = (next, rest);
        Ok(())
    }

    fn convert(&mut self, cx: &mut Cx) -> Result<(), Ask> {
        let (value, conversion) = (self.field().value, self.field().conversion);
        let text = match self.answer.given() {
            Some(answer) => answer,
            None => match conversion.and_then(char::from_u32) {
                Some('s') => strings::to_str(cx, value)?,
                Some('r') => strings::to_repr(cx, value)?,
                Some('a') => strings::to_ascii(cx, value)?,
                _ => return Err(mistake(cx, TemplateError::UnknownConversion(conversion.unwrap_or(0)))),
            },
        };
        self.answer = Value::Undef;
        let field = self.field();
        (field.value, field.stage) = (text, Stage::Spec);
        Ok(())
    }

    /// A spec that is a template is filled in first.
    fn open_spec(&mut self, cx: &mut Cx) -> Result<(), Ask> {
        let n_levels = self.levels.len();
        let field = self.field();
        field.stage = Stage::Format;
        if !field.spec_is_template {
            return Ok(());
        }
        let (at, end) = field.spec;
        if n_levels == MAX_LEVELS {
            return Err(mistake(cx, TemplateError::TooDeep));
        }
        self.levels.push(Level { at, end, out: Vec::new(), field: None });
        Ok(())
    }

    fn format(&mut self, cx: &mut Cx, template: &[u8]) -> Result<(), Ask> {
        let level = self.levels.last_mut().expect("the template is the lowest level");
        let field = level.field.as_ref().expect("a field is at hand");
        if let Some(answer) = self.answer.given() {
            self.answer = Value::Undef;
            level.out.extend_from_slice(cx.text_of(answer).expect("it was checked"));
            level.field = None;
            return Ok(());
        }
        let spec = match &field.filled {
            Some(filled) => filled.as_slice(),
            None => &template[field.spec.0..field.spec.1],
        };
        match push_formatted(cx, field.value, spec, &mut level.out) {
            Some(result) => result?,
            None => {
                let spec = cx.heap.new_str(spec);
                let text = strings::format(cx, field.value, spec)?;
                level.out.extend_from_slice(cx.text_of(text).expect("it was checked"));
            }
        }
        level.field = None;
        Ok(())
    }
}

impl Level {
    /// Reads a piece: literal text goes out, a field is at hand afterwards. False at the end.
    fn read(&mut self, template: &[u8]) -> Result<bool, TemplateError> {
        let part = &template[self.at..self.end];
        let mut pieces = Template::new(part);
        let Some(piece) = pieces.next_piece()? else { return Ok(false) };
        self.out.extend_from_slice(piece.literal);
        self.at = self.end - pieces.rest().len();
        let place = |part: &[u8]| match part {
            [] => (0, 0),
            _ => {
                let start = part.as_ptr() as usize - template.as_ptr() as usize;
                (start, start + part.len())
            }
        };
        self.field = piece.field.map(|field| FieldAtHand {
            stage: Stage::First,
            name: place(field.name),
            value: Value::Undef,
            path: (0, 0),
            conversion: field.conversion,
            spec: place(field.spec),
            spec_is_template: field.spec_is_template,
            filled: None,
        });
        Ok(true)
    }
}
