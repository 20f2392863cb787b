//! Gathers an exception with all that belongs to it. What needs script code (`str(exc)`, notes) is asked for step by step.

use super::layout::layout;
use super::place::places_of;
use super::{Node, SyntaxPlace};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::exception::families::slot;
use crate::types::exception::group;
use crate::types::str::repr::push_escaped_surrogates;
use crate::types::{attribute, classes, strings, suggest};
use crate::value::native_object::NativeObject;
use crate::value::{Class, Dict, Exc, Gray, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The step that makes the text of an exception.
    pub static REPORT_STEPS = [
        hidden "report(exc)" => step report, "The traceback of an exception, as text.";
    ]
}

const REPORT: NativeId = NativeId { table: crate::tables::REPORT_STEPS, row: 0 };

/// The frame whose result is the text that CPython prints for an uncaught exception.
pub fn report_frame(exc: Id<Exc>) -> NativeFrame {
    NativeFrame::new(REPORT, &[Value::Exc(exc)])
}

/// What is asked for, for one node.
#[derive(Clone, Copy)]
enum Question {
    Text,
    Note(Value),
}

#[derive(Default)]
struct Gathering {
    exceptions: Vec<Id<Exc>>,
    nodes: Vec<Node>,
    /// What is still to be asked, the next one last.
    questions: Vec<(usize, Question)>,
}

impl NativeObject for Gathering {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.exceptions.iter().map(|&exc| Value::Exc(exc)));
        gray.extend(self.questions.iter().filter_map(|(_, question)| match question {
            Question::Note(note) if note.is_handle() => Some(*note),
            Question::Note(_) | Question::Text => None,
        }));
    }
    fn bytes(&self) -> usize {
        size_of::<Gathering>() + self.nodes.capacity() * size_of::<Node>()
    }
}

/// More exceptions than this in one report help nobody.
const MAX_EXCEPTIONS: usize = 1000;

fn report(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Exc(exc) = frame.values[0] else { crate::bug!("only exceptions are reported") };
    if frame.step == 0 {
        let mut gathering = Gathering::default();
        add(cx, &mut gathering, exc);
        gathering.questions.reverse();
        frame.state = Some(Box::new(gathering));
        frame.step = 1;
    } else {
        let told = match frame.told {
            Told::Value(text) => Some(text),
            Told::Start => None,
            Told::Raised(_) | Told::End | Told::Returned(_) => Some(Value::Undef),
        };
        if let Some(told) = told {
            let text = text_of(cx, told);
            answer(gathering_of(frame), text);
        }
    }
    loop {
        let gathering = gathering_of(frame);
        let Some(&(at, question)) = gathering.questions.last() else { break };
        let subject = match question {
            Question::Text => Value::Exc(gathering.exceptions[at]),
            Question::Note(note) => note,
        };
        match strings::to_str(cx, subject) {
            Ok(text) => {
                let text = text_of(cx, text);
                answer(gathering_of(frame), text);
            }
            Err(Ask::Raise(_)) => answer(gathering_of(frame), None),
            Err(ask) => return Err(ask.to_come_back()),
        }
    }
    let text = layout(&gathering_of(frame).nodes);
    Ok(cx.str(&text))
}

fn gathering_of(frame: &mut NativeFrame) -> &mut Gathering {
    let state: &mut dyn std::any::Any = frame.state.as_deref_mut().expect("it was made at the first step");
    state.downcast_mut().expect("it is of this native")
}

fn text_of(cx: &Cx, value: Value) -> Option<String> {
    let mut out = Vec::new();
    push_escaped_surrogates(cx.text_of(value)?, &mut out);
    String::from_utf8(out).ok()
}

/// The answer to the last question.
fn answer(gathering: &mut Gathering, text: Option<String>) {
    let Some((at, question)) = gathering.questions.pop() else { return };
    let node = &mut gathering.nodes[at];
    match question {
        Question::Text => node.text = text.unwrap_or_else(|| "<exception str() failed>".to_owned()),
        Question::Note(_) => node.notes.push(text.unwrap_or_else(|| "<note str() failed>".to_owned())),
    }
}

/// Adds an exception and those that belong to it.
fn add(cx: &mut Cx, gathering: &mut Gathering, first: Id<Exc>) {
    gathering.exceptions.push(first);
    gathering.nodes.push(Node::default());
    let mut at = 0;
    while at < gathering.exceptions.len() {
        let exc = gathering.exceptions[at];
        let object = cx.heap.excs.get(exc);
        let (cause, context, suppresses) = (object.cause, object.context, object.suppress_context);
        let mut node = Node {
            places: places_of(cx, exc),
            class: class_text(cx, exc),
            syntax: syntax_place(cx, exc),
            suppresses_context: suppresses,
            suggestion: suggestion(cx, exc),
            ..Node::default()
        };
        node.cause = add_other(gathering, cause);
        node.context = if suppresses { None } else { add_other(gathering, context) };
        if group::is_group(cx, exc) {
            let children = group::exceptions_of(cx, exc).into_iter();
            node.children = Some(children.filter_map(|child| add_node(gathering, child)).collect());
        }
        gathering.nodes[at] = node;
        gathering.questions.push((at, Question::Text));
        add_notes(cx, gathering, at, exc);
        at += 1;
    }
}

fn add_other(gathering: &mut Gathering, other: Value) -> Option<usize> {
    let Value::Exc(exc) = other else { return None };
    if gathering.exceptions.contains(&exc) {
        return None;
    }
    add_node(gathering, exc)
}

/// A child of a group is shown there, even if it was shown before.
fn add_node(gathering: &mut Gathering, exc: Id<Exc>) -> Option<usize> {
    if gathering.exceptions.len() >= MAX_EXCEPTIONS {
        return None;
    }
    gathering.exceptions.push(exc);
    gathering.nodes.push(Node::default());
    Some(gathering.nodes.len() - 1)
}

fn add_notes(cx: &mut Cx, gathering: &mut Gathering, at: usize, exc: Id<Exc>) {
    let Ok(notes) = attribute::get(cx, Value::Exc(exc), names::NOTES) else { return };
    match cx.exact(notes) {
        Value::None => {}
        Value::List(id) => {
            let notes = cx.heap.lists.get(id).items.iter();
            gathering.questions.extend(notes.map(|&note| (at, Question::Note(note))));
        }
        Value::Tuple(id) => {
            let notes = cx.heap.tuples.get(id).items().iter();
            gathering.questions.extend(notes.map(|&note| (at, Question::Note(note))));
        }
        other => {
            if let Ok(text) = strings::to_repr(cx, other) {
                gathering.questions.push((at, Question::Note(text)));
            }
        }
    }
}

/// The name of the class, with its module unless that goes without saying.
fn class_text(cx: &mut Cx, exc: Id<Exc>) -> String {
    let class = cx.class_of(Value::Exc(exc));
    let qualname = match text_of(cx, cx.heap.classes.get(class).qualname) {
        Some(qualname) => qualname,
        None => cx.class_name(Value::Exc(exc)),
    };
    match attribute::get(cx, Value::Class(class), names::MODULE).ok().and_then(|module| text_of(cx, module)) {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{qualname}"),
        Some(_) => qualname,
        None => format!("<unknown>.{qualname}"),
    }
}

fn syntax_place(cx: &Cx, exc: Id<Exc>) -> Option<SyntaxPlace> {
    if !cx.is_exception(exc, classes::SYNTAX_ERROR) {
        return None;
    }
    let number = |at| slot(cx, exc, at).as_int();
    let text = |at| text_of(cx, slot(cx, exc, at));
    Some(SyntaxPlace {
        file: text(1).unwrap_or_else(|| "<string>".to_owned()),
        line: number(2),
        text: text(4).unwrap_or_default(),
        offset: number(3),
        end_line: number(5),
        end_offset: number(6),
    })
}

// ----- Did you mean -----

/// `. Did you mean: 'x'?`, or nothing.
pub(super) fn suggestion(cx: &mut Cx, exc: Id<Exc>) -> String {
    let wrong = match () {
        () if cx.is_exception(exc, classes::NAME_ERROR) => slot(cx, exc, 0),
        () if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => slot(cx, exc, 0),
        () if cx.is_exception(exc, classes::IMPORT_ERROR) => slot(cx, exc, 3),
        () => return String::new(),
    };
    let Some(wrong) = text_of(cx, wrong) else { return String::new() };
    let mut known = match () {
        () if cx.is_exception(exc, classes::NAME_ERROR) => known_names(cx, exc),
        () if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => attribute_names(cx, slot(cx, exc, 1)),
        () => module_names(cx, slot(cx, exc, 1)),
    };
    if !cx.is_exception(exc, classes::NAME_ERROR) {
        known.sort();
        if !wrong.starts_with('_') {
            known.retain(|name| !name.starts_with('_'));
        }
    }
    let nearest = suggest::nearest(&wrong, known.iter().map(String::as_str));
    let is_module = cx.is_exception(exc, classes::NAME_ERROR) && crate::types::suggest::is_library_module(&wrong);
    match (nearest, is_module) {
        (Some(name), false) => format!(". Did you mean: '{name}'?"),
        (Some(name), true) => format!(". Did you mean: '{name}'? Or did you forget to import '{wrong}'?"),
        (None, true) => format!(". Did you forget to import '{wrong}'?"),
        (None, false) => String::new(),
    }
}

/// The names that the innermost frame of a NameError could see.
fn known_names(cx: &Cx, exc: Id<Exc>) -> Vec<String> {
    let object = cx.heap.excs.get(exc);
    let mut link = object.trace.first().map_or(Id::NONE, |entry| entry.link);
    let mut at = if link.is_none() { object.traceback } else { Value::None };
    while let Some(state) = crate::types::exception::traceback::state(cx, at) {
        (link, at) = (state.link, state.next);
    }
    if link.is_none() {
        return Vec::new();
    }
    let link = cx.heap.links.get(link);
    let locals = link.code().locals.iter().filter(|name| !name.is_empty() && !name.starts_with('.'));
    let mut names: Vec<String> = locals.map(|name| name.to_string()).collect();
    names.extend(keys(cx, link.globals));
    names.extend(keys(cx, link.builtins));
    names
}

fn keys(cx: &Cx, dict: Id<Dict>) -> Vec<String> {
    let entries = cx.heap.dicts.get(dict).iter();
    entries.filter_map(|entry| text_of(cx, entry.key)).collect()
}

/// What `dir(obj)` would say without asking the object.
fn attribute_names(cx: &Cx, obj: Value) -> Vec<String> {
    let of_class = |class: Id<Class>| {
        let mro = &cx.heap.classes.get(class).mro;
        mro.iter().flat_map(|&class| keys(cx, cx.heap.classes.get(class).dict)).collect::<Vec<_>>()
    };
    match obj {
        Value::None | Value::Undef => Vec::new(),
        Value::Module(id) => keys(cx, cx.heap.modules.get(id).dict),
        Value::Class(id) => of_class(id),
        _ => {
            let own = attribute::own_names(cx, obj).into_iter();
            own.map(|name| cx.text(name)).chain(of_class(cx.class_of(obj))).collect()
        }
    }
}

fn module_names(cx: &mut Cx, module: Value) -> Vec<String> {
    let Some(name) = cx.name_of(module) else { return Vec::new() };
    match cx.heap.get_in(cx.modules, name) {
        Some(Value::Module(id)) => keys(cx, cx.heap.modules.get(id).dict),
        _ => Vec::new(),
    }
}
