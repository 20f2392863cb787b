//! The source of one frame, with carets under the expression that failed.

use aspen_grammar::bytecode::Position;

use super::anchors::{self, Node};

/// Appends the lines of an excerpt, indented, without line ends.
pub(super) fn excerpt(source: &str, line: i64, position: Option<Position>, node: Node, out: &mut Vec<String>) {
    let Some(first) = usize::try_from(line).ok().and_then(|line| line.checked_sub(1)) else { return };
    let last = position.map_or(first, |position| position.end_line.max(position.line) as usize - 1);
    let lines: Vec<&str> = source.lines().skip(first).take(last + 1 - first).collect();
    let Some(position) = position.filter(|_| lines.len() == last + 1 - first) else {
        out.extend(
            lines.first().map(|text| text.trim()).filter(|text| !text.is_empty()).map(|text| format!("    {text}")),
        );
        return;
    };
    let indent = lines.iter().filter(|text| !text.trim().is_empty()).map(|text| indentation(text)).min().unwrap_or(0);
    let start = char_offset(lines[0], position.column).saturating_sub(indent);
    let end = char_offset(lines[lines.len() - 1], position.end_column).saturating_sub(indent);
    let lines: Vec<Vec<char>> = lines.iter().map(|text| text.chars().skip(indent).collect()).collect();
    if lines.iter().all(|text| text.iter().all(|character| character.is_whitespace())) {
        return;
    }
    Excerpt::new(lines, start, end, node).push_lines(out);
}

fn indentation(text: &str) -> usize {
    text.chars().take_while(|character| character.is_whitespace()).count()
}

fn char_offset(line: &str, byte: u32) -> usize {
    let byte = (byte as usize).min(line.len());
    line.char_indices().take_while(|&(at, _)| at < byte).count()
}

struct Excerpt {
    lines: Vec<Vec<char>>,
    /// The first character of the expression on the first line, and the one behind its last on the last.
    start: usize,
    end: usize,
    /// Line and column of what the carets point at, and of its end; everything else gets tildes.
    anchor: Option<[(usize, usize); 2]>,
    has_carets: bool,
}

impl Excerpt {
    fn new(lines: Vec<Vec<char>>, start: usize, end: usize, node: Node) -> Self {
        let last = lines.len() - 1;
        let mut segment: Vec<char> = lines.join(&'\n');
        let n_behind = lines[last].len().saturating_sub(end);
        segment.truncate(segment.len() - n_behind);
        let segment = segment.split_off(start.min(segment.len()));
        let place = |offset: usize| {
            let before = &segment[..offset];
            let line = before.iter().filter(|&&character| character == '\n').count();
            let column = before.iter().rev().take_while(|&&character| character != '\n').count();
            (line, if line == 0 { column + start } else { column })
        };
        let anchor = anchors::find(&segment, node).map(|(from, to)| [place(from), place(to)]);
        let prefix: String = lines[0][..start.min(lines[0].len())].iter().collect();
        let suffix: String = lines[last][end.min(lines[last].len())..].iter().collect();
        let is_whole_statement = node == Node::Call && anchor.is_some() && is_plain_call(&prefix, &suffix, &segment);
        let is_partial = !prefix.trim().is_empty() || !suffix.trim().is_empty();
        let has_carets = !is_whole_statement && (anchor.is_some() || is_partial);
        Excerpt { lines, start, end, anchor, has_carets }
    }

    fn push_lines(&self, out: &mut Vec<String>) {
        let last = self.lines.len() - 1;
        let mut shown = vec![0, last];
        for (line, _) in self.anchor.into_iter().flatten() {
            shown.extend(line.saturating_sub(1)..=(line + 1).min(last));
        }
        shown.sort_unstable();
        shown.dedup();
        let mut before = None;
        for line in shown {
            match before.map_or(1, |before| line - before) {
                1 => {}
                2 => self.push_line(line - 1, out),
                n_lines => out.push(format!("    ...<{} lines>...", n_lines - 1)),
            }
            self.push_line(line, out);
            before = Some(line);
        }
    }

    fn push_line(&self, line: usize, out: &mut Vec<String>) {
        let text = &self.lines[line];
        out.push(format!("    {}", text.iter().collect::<String>()).trim_end().to_owned());
        if !self.has_carets {
            return;
        }
        let n_blank = text.iter().take_while(|character| character.is_whitespace()).count();
        let n_columns = if line == self.lines.len() - 1 { self.end.min(text.len()) } else { text.len() };
        let mut carets = String::from("    ");
        for (column, &character) in text.iter().enumerate().take(n_columns) {
            let mark = if column < n_blank || (line == 0 && column < self.start) {
                ' '
            } else {
                match self.anchor {
                    Some([from, to]) if (line, column) < from || (line, column) >= to => '~',
                    _ => '^',
                }
            };
            carets.push(mark);
            if is_wide(character) {
                carets.push(mark);
            }
        }
        out.push(carets);
    }
}

/// `return f(…)` and `name = f(…)`: the whole statement is the call, and carets would say nothing.
fn is_plain_call(prefix: &str, suffix: &str, segment: &[char]) -> bool {
    if !suffix.trim_start().is_empty() && !suffix.trim_start().starts_with('#') {
        return false;
    }
    let prefix = prefix.trim();
    if prefix == "return" {
        let name: String = segment.iter().take_while(|&&character| character != '(').collect();
        return name.trim().chars().all(|character| character.is_alphanumeric() || character == '_');
    }
    let Some(targets) = prefix.strip_suffix('=') else { return false };
    let is_operator = |character| "=+-*/%@&|^<>!:".contains(character);
    !targets.is_empty() && !targets.ends_with(is_operator) && !targets.contains(':') && !targets.contains(';')
}

/// Characters that take two columns on a terminal.
fn is_wide(character: char) -> bool {
    matches!(character as u32,
        0x1100..=0x115F | 0x231A..=0x231B | 0x2329..=0x232A | 0x23E9..=0x23EC | 0x25FD..=0x25FE | 0x2614..=0x2615
        | 0x2648..=0x2653 | 0x2705 | 0x270A..=0x270B | 0x2728 | 0x2753..=0x2755 | 0x2795..=0x2797 | 0x2E80..=0x303E
        | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA000..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0xFE10..=0xFE19 | 0xFE30..=0xFE6F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F | 0x1F680..=0x1F6FF | 0x1F900..=0x1F9FF | 0x20000..=0x3FFFD)
}
