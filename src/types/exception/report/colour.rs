//! A report with colours, for terminals: those of CPython.
//!
//! It works on the finished text, line by line: places of frames, the carets and what they point at, the class and the text of
//! the exception. Margins of groups stay as they are.

const PLACE: &str = "\x1b[35m";
const CLASS: &str = "\x1b[1;35m";
const CARET: &str = "\x1b[1;31m";
const TILDE: &str = "\x1b[31m";
const RESET: &str = "\x1b[0m";

/// The text of a report with colours.
pub fn coloured(report: &str) -> String {
    let lines: Vec<&str> = report.split_inclusive('\n').collect();
    let mut out = String::with_capacity(report.len() * 2);
    // Whether a frame was shown whose exception is still to come.
    let mut is_inside = false;
    for (at, &line) in lines.iter().enumerate() {
        let (margin, rest) = split_margin(line.trim_end_matches('\n'));
        if let Some(place) = coloured_place(rest) {
            is_inside = true;
            push(&mut out, &[margin, &place]);
        } else if let Some(carets) = lines.get(at + 1).and_then(|next| carets_of(next)).filter(|_| is_inside) {
            paint(&mut out, line.trim_end_matches('\n'), carets);
        } else if let Some(carets) = carets_of(line).filter(|_| is_inside) {
            paint(&mut out, line.trim_end_matches('\n'), carets);
        } else if is_inside && rest.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            is_inside = false;
            push(&mut out, &[margin, &coloured_exception(rest)]);
        } else {
            push(&mut out, &[line.trim_end_matches('\n')]);
        }
        if line.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

fn push(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

/// The bars of groups before a line; without a bar there is no margin.
fn split_margin(line: &str) -> (&str, &str) {
    let bars = line.trim_start_matches(' ');
    match bars.strip_prefix("| ") {
        Some(rest) => line.split_at(line.len() - rest.len()),
        None => ("", line),
    }
}

/// `  File "…", line 1, in f`.
fn coloured_place(line: &str) -> Option<String> {
    let file = line.strip_prefix("  File ")?;
    let (file, rest) = file.rsplit_once(", line ")?;
    let coloured = match rest.split_once(", in ") {
        Some((number, name)) => {
            format!("  File {PLACE}{file}{RESET}, line {PLACE}{number}{RESET}, in {PLACE}{name}{RESET}")
        }
        None => format!("  File {PLACE}{file}{RESET}, line {PLACE}{rest}{RESET}"),
    };
    Some(coloured)
}

fn coloured_exception(line: &str) -> String {
    match line.split_once(": ") {
        Some((class, text)) => format!("{CLASS}{class}{RESET}: {PLACE}{text}{RESET}"),
        None => format!("{CLASS}{line}{RESET}"),
    }
}

/// A line that only points, as its characters.
fn carets_of(line: &str) -> Option<&str> {
    let (_, rest) = split_margin(line.trim_end_matches('\n'));
    let points = rest.starts_with("    ") && rest.contains(['^', '~']);
    let is_line = points && rest.chars().all(|c| matches!(c, ' ' | '^' | '~'));
    is_line.then_some(line.trim_end_matches('\n'))
}

/// A line in the colours of the carets below it (or its own).
fn paint(out: &mut String, line: &str, carets: &str) {
    let mut carets = carets.chars();
    let mut colour = "";
    for c in line.chars() {
        let wanted = match carets.next() {
            Some('^') => CARET,
            Some('~') => TILDE,
            _ => "",
        };
        if wanted != colour {
            if !colour.is_empty() {
                out.push_str(RESET);
            }
            out.push_str(wanted);
            colour = wanted;
        }
        out.push(c);
    }
    if !colour.is_empty() {
        out.push_str(RESET);
    }
}
