//! `strftime`: a moment as a text, with the directives of the C library in its "C" locale.

use super::calendar::{DAY_NAMES, MONTH_NAMES, Moment, iso_week, seconds_of};

/// How a number is filled up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    None,
    With(char),
}

/// The flags between `%` and the letter.
#[derive(Default)]
struct Flags {
    fill: Option<Fill>,
    is_upper: bool,
    is_swapped: bool,
    width: usize,
}

/// Formats a moment; directives that nobody knows stand as they are.
pub fn format(template: &str, moment: &Moment) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let start = &rest[at..];
        let mut chars = start[1..].char_indices().peekable();
        let flags = read_flags(&mut chars);
        // `E` and `O` ask for forms that the "C" locale does not have.
        if matches!(chars.peek(), Some((_, 'E' | 'O'))) {
            chars.next();
        }
        let Some((offset, letter)) = chars.next() else {
            text.push_str(start);
            return text;
        };
        let end = 1 + offset + letter.len_utf8();
        match directive(letter, moment, &flags) {
            Some(found) => text.push_str(&finished(found, &flags)),
            None => text.push_str(&start[..end]),
        }
        rest = &start[end..];
    }
    text.push_str(rest);
    text
}

fn read_flags(chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> Flags {
    let mut flags = Flags::default();
    while let Some(&(_, flag)) = chars.peek() {
        match flag {
            '-' => flags.fill = Some(Fill::None),
            '_' => flags.fill = Some(Fill::With(' ')),
            '0' => flags.fill = Some(Fill::With('0')),
            '^' => flags.is_upper = true,
            '#' => flags.is_swapped = true,
            _ => break,
        }
        chars.next();
    }
    while let Some(digit) = chars.peek().and_then(|&(_, digit)| digit.to_digit(10)) {
        flags.width = (flags.width * 10 + digit as usize).min(1024);
        chars.next();
    }
    flags
}

fn finished(text: String, flags: &Flags) -> String {
    let text = if flags.is_upper { text.to_uppercase() } else { text };
    if text.len() >= flags.width {
        return text;
    }
    let fill = match flags.fill {
        Some(Fill::With(fill)) => fill,
        _ if text.starts_with(|first: char| first.is_ascii_digit()) => '0',
        _ => ' ',
    };
    let missing = flags.width - text.len();
    std::iter::repeat_n(fill, missing).collect::<String>() + &text
}

fn number(value: i64, width: usize, fill: char, flags: &Flags) -> String {
    let (fill, width) = match flags.fill {
        None => (fill, width),
        Some(Fill::None) => (fill, 0),
        Some(Fill::With(other)) => (other, width),
    };
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "-" } else { "" };
    let missing = width.saturating_sub(digits.len() + sign.len());
    let filled: String = std::iter::repeat_n(fill, missing).collect();
    if fill == ' ' { format!("{filled}{sign}{digits}") } else { format!("{sign}{filled}{digits}") }
}

fn name(names: &[&str], at: i64, length: usize, flags: &Flags) -> String {
    let full = usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or("?");
    let text = &full[..length.min(full.len())];
    if flags.is_swapped { text.to_uppercase() } else { text.to_owned() }
}

fn directive(letter: char, moment: &Moment, flags: &Flags) -> Option<String> {
    let two = |value| number(value, 2, '0', flags);
    let hour12 = match moment.hour.rem_euclid(12) {
        0 => 12,
        hour => hour,
    };
    Some(match letter {
        'a' => name(&DAY_NAMES, moment.weekday, 3, flags),
        'A' => name(&DAY_NAMES, moment.weekday, 16, flags),
        'b' | 'h' => name(&MONTH_NAMES, moment.month - 1, 3, flags),
        'B' => name(&MONTH_NAMES, moment.month - 1, 16, flags),
        'c' => format("%a %b %e %H:%M:%S %Y", moment),
        'C' => two(moment.year.div_euclid(100)),
        'd' => two(moment.day),
        'D' | 'x' => format("%m/%d/%y", moment),
        'e' => number(moment.day, 2, ' ', flags),
        'F' => format("%Y-%m-%d", moment),
        'g' => two(iso_week(moment).0.rem_euclid(100)),
        'G' => iso_week(moment).0.to_string(),
        'H' => two(moment.hour),
        'I' => two(hour12),
        'j' => number(moment.yearday, 3, '0', flags),
        'k' => number(moment.hour, 2, ' ', flags),
        'l' => number(hour12, 2, ' ', flags),
        'm' => two(moment.month),
        'M' => two(moment.minute),
        'n' => "\n".to_owned(),
        'p' if flags.is_swapped => half_of_day(moment).to_lowercase(),
        'p' => half_of_day(moment).to_owned(),
        'P' => half_of_day(moment).to_lowercase(),
        'r' => format("%I:%M:%S %p", moment),
        'R' => format("%H:%M", moment),
        's' => (seconds_of(moment)? - moment.offset.unwrap_or(0)).to_string(),
        'S' => two(moment.second),
        't' => "\t".to_owned(),
        'T' | 'X' => format("%H:%M:%S", moment),
        'u' => (moment.weekday + 1).to_string(),
        'U' => two((moment.yearday + 6 - (moment.weekday + 1) % 7) / 7),
        'V' => two(iso_week(moment).1),
        'w' => ((moment.weekday + 1) % 7).to_string(),
        'W' => two((moment.yearday + 6 - moment.weekday) / 7),
        'y' => two(moment.year.rem_euclid(100)),
        'Y' => moment.year.to_string(),
        'z' => offset_text(moment.offset.unwrap_or(0)),
        'Z' => moment.zone.clone().unwrap_or_default(),
        '%' => "%".to_owned(),
        _ => return None,
    })
}

fn half_of_day(moment: &Moment) -> &'static str {
    if moment.hour < 12 { "AM" } else { "PM" }
}

fn offset_text(offset: i64) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
