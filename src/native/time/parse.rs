//! `strptime`: a text as a moment, by the directives of `strftime`.
//!
//! What stands between directives must be there; a space stands for any number of them. Numbers take as many digits as
//! they can within their range.

use super::calendar::{DAY_NAMES, MONTH_NAMES, Moment, days_from_civil, is_leap, moment_of, weekday_of, yearday_of};

/// Why a text is no moment.
#[derive(Debug, PartialEq, Eq)]
pub enum Mistake {
    /// `time data 'x' does not match format 'y'`.
    NoMatch,
    /// `unconverted data remains: x`.
    Remains(String),
    /// A message as it is.
    Message(String),
}

/// What was found on the way.
#[derive(Default)]
struct Found {
    year: Option<i64>,
    iso_year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: i64,
    hour12: Option<i64>,
    is_afternoon: Option<bool>,
    minute: i64,
    second: i64,
    weekday: Option<i64>,
    yearday: Option<i64>,
    /// The number of the week, and the weekday that begins it (6: Sunday).
    week: Option<(i64, i64)>,
    iso_week: Option<i64>,
    offset: Option<i64>,
    zone: Option<String>,
    is_dst: i64,
}

/// Reads a moment; `zones` are the names of the local zone, without and with summer time.
pub fn parse(text: &str, template: &str, zones: &[String; 2]) -> Result<Moment, Mistake> {
    let mut found = Found { is_dst: -1, ..Found::default() };
    let rest = follow(text, template, template, zones, &mut found)?;
    if !rest.is_empty() {
        return Err(Mistake::Remains(rest.to_owned()));
    }
    finish(found)
}

fn follow<'a>(
    mut text: &'a str,
    template: &str,
    whole: &str,
    zones: &[String; 2],
    found: &mut Found,
) -> Result<&'a str, Mistake> {
    let mut wanted = template.chars().peekable();
    while let Some(next) = wanted.next() {
        if next.is_whitespace() {
            while wanted.peek().is_some_and(|next| next.is_whitespace()) {
                wanted.next();
            }
            let trimmed = text.trim_start();
            if trimmed.len() == text.len() {
                return Err(Mistake::NoMatch);
            }
            text = trimmed;
            continue;
        }
        if next != '%' {
            let first = text.chars().next().filter(|first| first.to_lowercase().eq(next.to_lowercase()));
            let Some(first) = first else { return Err(Mistake::NoMatch) };
            text = &text[first.len_utf8()..];
            continue;
        }
        let Some(letter) = wanted.next() else {
            return Err(Mistake::Message(format!("stray % in format '{whole}'")));
        };
        text = match compound(letter) {
            Some(inner) => follow(text, inner, whole, zones, found)?,
            None => directive(text, letter, whole, zones, found)?,
        };
    }
    Ok(text)
}

fn compound(letter: char) -> Option<&'static str> {
    match letter {
        'c' => Some("%a %b %d %H:%M:%S %Y"),
        'x' => Some("%m/%d/%y"),
        'X' => Some("%H:%M:%S"),
        _ => None,
    }
}

fn directive<'a>(
    text: &'a str,
    letter: char,
    whole: &str,
    zones: &[String; 2],
    found: &mut Found,
) -> Result<&'a str, Mistake> {
    let mut rest = text;
    let mut number = |digits, low, high| take_number(&mut rest, digits, low, high);
    match letter {
        'd' => found.day = Some(number(2, 1, 31)?),
        'H' => found.hour = number(2, 0, 23)?,
        'I' => found.hour12 = Some(number(2, 1, 12)?),
        'm' => found.month = Some(number(2, 1, 12)?),
        'M' => found.minute = number(2, 0, 59)?,
        'S' => found.second = number(2, 0, 61)?,
        'j' => found.yearday = Some(number(3, 1, 366)?),
        'w' => found.weekday = Some((number(1, 0, 6)? + 6) % 7),
        'u' => found.weekday = Some(number(1, 1, 7)? - 1),
        'U' => found.week = Some((number(2, 0, 53)?, 6)),
        'W' => found.week = Some((number(2, 0, 53)?, 0)),
        'V' => found.iso_week = Some(number(2, 1, 53)?),
        'f' => rest = take_fraction(text)?,
        'y' => {
            let year = exact_digits(&mut rest, 2)?;
            found.year = Some(if year <= 68 { year + 2000 } else { year + 1900 });
        }
        'Y' => found.year = Some(exact_digits(&mut rest, 4)?),
        'G' => found.iso_year = Some(exact_digits(&mut rest, 4)?),
        'a' => found.weekday = Some(take_name(&mut rest, &DAY_NAMES, 3)?),
        'A' => found.weekday = Some(take_name(&mut rest, &DAY_NAMES, 16)?),
        'b' => found.month = Some(take_name(&mut rest, &MONTH_NAMES, 3)? + 1),
        'B' => found.month = Some(take_name(&mut rest, &MONTH_NAMES, 16)? + 1),
        'p' => found.is_afternoon = Some(take_name(&mut rest, &["AM", "PM"], 2)? == 1),
        'z' => found.offset = Some(take_offset(&mut rest)?),
        'Z' => take_zone(&mut rest, zones, found)?,
        '%' => rest = text.strip_prefix('%').ok_or(Mistake::NoMatch)?,
        _ => {
            let message = format!("'{letter}' is a bad directive in format '{whole}'");
            return Err(Mistake::Message(message));
        }
    }
    Ok(rest)
}

/// A number of at most so many digits within a range; fewer digits if all of them are too much.
fn take_number(rest: &mut &str, digits: usize, low: i64, high: i64) -> Result<i64, Mistake> {
    // A day or an hour may be filled up with a space.
    let whole: &str = rest;
    let text = if digits == 2 && low == 1 { whole.strip_prefix(' ').unwrap_or(whole) } else { whole };
    let available = text.bytes().take(digits).take_while(u8::is_ascii_digit).count();
    for length in (1..=available).rev() {
        let value: i64 = text[..length].parse().map_err(|_| Mistake::NoMatch)?;
        if (low..=high).contains(&value) {
            *rest = &text[length..];
            return Ok(value);
        }
    }
    Err(Mistake::NoMatch)
}

fn exact_digits(rest: &mut &str, digits: usize) -> Result<i64, Mistake> {
    let is_there = rest.len() >= digits && rest.bytes().take(digits).all(|byte| byte.is_ascii_digit());
    if !is_there {
        return Err(Mistake::NoMatch);
    }
    let value = rest[..digits].parse().map_err(|_| Mistake::NoMatch)?;
    *rest = &rest[digits..];
    Ok(value)
}

fn take_fraction(text: &str) -> Result<&str, Mistake> {
    match text.bytes().take(6).take_while(u8::is_ascii_digit).count() {
        0 => Err(Mistake::NoMatch),
        length => Ok(&text[length..]),
    }
}

/// The place of a name, in any case; with `length`, its beginning.
fn take_name(rest: &mut &str, names: &[&str], length: usize) -> Result<i64, Mistake> {
    let begins = |name: &&str| {
        let wanted = &name[..length.min(name.len())];
        rest.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
    };
    let at = names.iter().position(begins).ok_or(Mistake::NoMatch)?;
    *rest = &rest[length.min(names[at].len())..];
    Ok(at as i64)
}

fn take_offset(rest: &mut &str) -> Result<i64, Mistake> {
    if let Some(after) = rest.strip_prefix('Z') {
        *rest = after;
        return Ok(0);
    }
    let sign = match rest.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(Mistake::NoMatch),
    };
    let mut text = &rest[1..];
    let hours = exact_digits(&mut text, 2)?;
    let mut parts = [0; 2];
    for part in &mut parts {
        let digits = text.strip_prefix(':').unwrap_or(text);
        if !digits.starts_with(|first: char| first.is_ascii_digit()) {
            break;
        }
        text = digits;
        *part = exact_digits(&mut text, 2)?;
    }
    *rest = text;
    Ok(sign * (hours * 3600 + parts[0] * 60 + parts[1]))
}

fn take_zone(rest: &mut &str, zones: &[String; 2], found: &mut Found) -> Result<(), Mistake> {
    let known = [("utc", 0), ("gmt", 0), (zones[0].as_str(), 0), (zones[1].as_str(), 1)];
    for (name, is_dst) in known {
        if !name.is_empty() && rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            found.zone = Some(rest[..name.len()].to_owned());
            found.is_dst = is_dst;
            *rest = &rest[name.len()..];
            return Ok(());
        }
    }
    Err(Mistake::NoMatch)
}

fn finish(mut found: Found) -> Result<Moment, Mistake> {
    if let Some(hour) = found.hour12 {
        found.hour = hour % 12 + if found.is_afternoon == Some(true) { 12 } else { 0 };
    }
    check_iso(&found)?;
    // The 29th of February without a year is a day.
    let year = found.year.unwrap_or(if found.month == Some(2) && found.day == Some(29) { 1904 } else { 1900 });
    let shown_year = if found.year.is_none() && year == 1904 { 1900 } else { year };
    let mut days = None;
    if let (Some(iso_year), Some(week), Some(weekday)) = (found.iso_year, found.iso_week, found.weekday) {
        let fourth = days_from_civil(iso_year, 1, 4);
        days = Some(fourth - weekday_of(fourth) + (week - 1) * 7 + weekday);
    } else if let (Some((week, first)), Some(weekday), Some(_), None) =
        (found.week, found.weekday, found.year, found.yearday)
    {
        days = Some(day_of_week(year, week, weekday, first));
    } else if let (Some(yearday), true) = (found.yearday, found.month.is_none() && found.day.is_none()) {
        days = Some(days_from_civil(year, 1, 1) + yearday - 1);
    }
    let (month, day) = (found.month.unwrap_or(1), found.day.unwrap_or(1));
    let mut moment = match days {
        Some(days) => moment_of(days * 86_400),
        None => {
            check_day(year, month, day)?;
            let (weekday, yearday) = (weekday_of(days_from_civil(year, month, day)), yearday_of(year, month, day));
            Moment { year: shown_year, month, day, weekday, yearday, ..Moment::default() }
        }
    };
    if let Some(weekday) = found.weekday {
        moment.weekday = weekday;
    }
    if let Some(yearday) = found.yearday {
        moment.yearday = yearday;
    }
    let Found { hour, minute, second, is_dst, offset, zone, .. } = found;
    Ok(Moment { hour, minute, second, is_dst, offset, zone, ..moment })
}

fn check_iso(found: &Found) -> Result<(), Mistake> {
    let message = if found.iso_year.is_some() {
        if found.yearday.is_some() {
            "Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead."
        } else if found.iso_week.is_none() || found.weekday.is_none() {
            "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', '%w', or '%u')."
        } else {
            return Ok(());
        }
    } else if found.iso_week.is_some() {
        if found.year.is_none() || found.weekday.is_none() {
            "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', '%a', '%w', or '%u')."
        } else {
            "ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead."
        }
    } else {
        return Ok(());
    };
    Err(Mistake::Message(message.to_owned()))
}

fn check_day(year: i64, month: i64, day: i64) -> Result<(), Mistake> {
    let last = match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day <= last { Ok(()) } else { Err(Mistake::Message("day is out of range for month".to_owned())) }
}

/// The day of a week that is counted from the first `first` of the year.
fn day_of_week(year: i64, week: i64, weekday: i64, first: i64) -> i64 {
    let start = days_from_civil(year, 1, 1);
    let to_first = (first - weekday_of(start)).rem_euclid(7);
    start + to_first + (week - 1) * 7 + (weekday - first).rem_euclid(7)
}
