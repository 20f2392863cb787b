//! What was gathered, as lines.

use super::place::frame_lines;
use super::{Node, SyntaxPlace};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n";

/// How many exceptions of one group are shown, and how deep groups are.
const MAX_WIDTH: usize = 15;
const MAX_DEPTH: usize = 10;

/// The text of the first node.
pub(super) fn layout(nodes: &[Node]) -> String {
    let mut page = Page { nodes, out: String::new(), depth: 0, needs_close: false };
    page.exception(0);
    page.out
}

struct Page<'n> {
    nodes: &'n [Node],
    out: String,
    /// Of the groups around.
    depth: usize,
    /// The last exception of a group draws the line under it.
    needs_close: bool,
}

impl Page<'_> {
    /// Appends lines behind the margin of the group.
    fn put(&mut self, text: &str, margin: char) {
        let mut prefix = " ".repeat(2 * self.depth);
        if self.depth > 0 {
            prefix.push(margin);
            prefix.push(' ');
        }
        for line in text.split('\n') {
            self.out.push_str(&prefix);
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// An exception after those that led to it.
    fn exception(&mut self, first: usize) {
        let mut chain = vec![(None, first)];
        let mut at = first;
        loop {
            let node = &self.nodes[at];
            match (node.cause, node.context) {
                (Some(cause), _) => {
                    chain.push((Some(CAUSE), cause));
                    at = cause;
                }
                (None, Some(context)) if !node.suppresses_context => {
                    chain.push((Some(CONTEXT), context));
                    at = context;
                }
                _ => break,
            }
        }
        for (message, at) in chain.into_iter().rev() {
            self.one(at);
            if let Some(message) = message {
                self.put(message, '|');
            }
        }
    }

    fn one(&mut self, at: usize) {
        let node = &self.nodes[at];
        let Some(children) = &node.children else {
            if let Some(places) = &node.places {
                self.put("Traceback (most recent call last):", '|');
                frame_lines(places).iter().for_each(|line| self.put(line, '|'));
            }
            exception_lines(node).iter().for_each(|line| self.put(line, '|'));
            return;
        };
        if self.depth > MAX_DEPTH {
            self.put(&format!("... (max_group_depth is {MAX_DEPTH})"), '|');
            return;
        }
        let is_top = self.depth == 0;
        if is_top {
            self.depth = 1;
        }
        if let Some(places) = &node.places {
            let margin = if is_top { '+' } else { '|' };
            self.put("Exception Group Traceback (most recent call last):", margin);
            frame_lines(places).iter().for_each(|line| self.put(line, '|'));
        }
        exception_lines(node).iter().for_each(|line| self.put(line, '|'));
        self.children(children);
        if is_top {
            self.depth = 0;
        }
    }

    fn children(&mut self, children: &[usize]) {
        let n_shown = if children.len() <= MAX_WIDTH { children.len() } else { MAX_WIDTH + 1 };
        self.needs_close = false;
        for number in 0..n_shown {
            let is_last = number == n_shown - 1;
            if is_last {
                self.needs_close = true;
            }
            let is_truncated = number >= MAX_WIDTH;
            let title = if is_truncated { "...".to_owned() } else { (number + 1).to_string() };
            let indent = " ".repeat(2 * self.depth);
            let begin = if number == 0 { "+-" } else { "  " };
            self.out.push_str(&format!("{indent}{begin}+---------------- {title} ----------------\n"));
            self.depth += 1;
            if is_truncated {
                let n_more = children.len() - MAX_WIDTH;
                let plural = if n_more > 1 { "s" } else { "" };
                self.put(&format!("and {n_more} more exception{plural}"), '|');
            } else {
                self.exception(children[number]);
            }
            if is_last && self.needs_close {
                let indent = " ".repeat(2 * self.depth);
                self.out.push_str(&format!("{indent}+------------------------------------\n"));
                self.needs_close = false;
            }
            self.depth -= 1;
        }
    }
}

/// The class and the message, and what stands before and behind them.
fn exception_lines(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    match &node.syntax {
        Some(place) => syntax_lines(node, place, &mut out),
        None if node.text.is_empty() => out.push(format!("{}{}", node.class, node.suggestion)),
        None => out.push(format!("{}: {}{}", node.class, node.text, node.suggestion)),
    }
    for note in &node.notes {
        out.extend(note.split('\n').map(str::to_owned));
    }
    out
}

fn syntax_lines(node: &Node, place: &SyntaxPlace, out: &mut Vec<String>) {
    let Some(line) = place.line else {
        out.push(format!("{}: {}", node.class, node.text));
        return;
    };
    out.push(format!("  File \"{}\", line {line}", place.file));
    let text = place.text.trim_end_matches('\n');
    let shown = text.trim_start_matches([' ', '\n', '\x0c']);
    let n_cut = (text.len() - shown.len()) as i64;
    if !shown.is_empty() || !place.text.is_empty() {
        out.push(format!("    {}", shown.trim_end()));
        if let Some(offset) = place.offset.filter(|&offset| offset >= 1) {
            out.extend(carets(place, shown, offset, n_cut, line));
        }
    }
    // The message alone: `str` would say the place once more.
    let message = node.text.rsplit_once(" (").map_or(node.text.as_str(), |(message, place)| {
        if place.ends_with(')') && place.contains("line ") { message } else { &node.text }
    });
    out.push(format!("{}: {}", node.class, if message.is_empty() { "<no detail available>" } else { message }));
}

fn carets(place: &SyntaxPlace, shown: &str, offset: i64, n_cut: i64, line: i64) -> Option<String> {
    let n_chars = shown.chars().count() as i64;
    let end = match place.end_offset {
        Some(0 | -1) | None => offset + 1,
        Some(_) if place.end_line.is_some_and(|end_line| end_line != line) => n_chars + n_cut + 1,
        Some(end) if end <= offset => offset + 1,
        Some(end) => end,
    };
    let start = offset - 1 - n_cut;
    let end = end - 1 - n_cut;
    if start < 0 {
        return None;
    }
    let blank: String = shown
        .chars()
        .chain(std::iter::repeat(' '))
        .take(start as usize)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    Some(format!("    {blank}{}", "^".repeat((end - start).max(1) as usize)))
}
