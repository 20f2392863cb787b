//! Days and seconds: the calendar without time zones.

/// A moment as a calendar shows it: the items of `time.struct_time`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    /// 0 to 61.
    pub second: i64,
    /// Monday is 0.
    pub weekday: i64,
    /// 1 to 366.
    pub yearday: i64,
    /// 1, 0, or -1 for unknown.
    pub is_dst: i64,
    /// Seconds east of UTC, and the name of the zone; None if nobody said.
    pub offset: Option<i64>,
    pub zone: Option<String>,
}

pub const DAY_NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS_BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The days from 1970-01-01 to a day of the Gregorian calendar.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// The day of the year, from 1.
pub fn yearday_of(year: i64, month: i64, day: i64) -> i64 {
    let at = (month - 1).rem_euclid(12) as usize;
    DAYS_BEFORE[at] + day + i64::from(month > 2 && is_leap(year))
}

/// Monday is 0.
pub fn weekday_of(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

/// What a count of seconds since 1970 is on a calendar.
pub fn moment_of(seconds: i64) -> Moment {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    Moment {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: weekday_of(days),
        yearday: yearday_of(year, month, day),
        ..Moment::default()
    }
}

/// The seconds since 1970 of what a calendar shows; parts out of their range count on, as in `mktime`.
pub fn seconds_of(moment: &Moment) -> Option<i64> {
    let months = moment.year.checked_mul(12)?.checked_add(moment.month - 1)?;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let days = days_from_civil(year, month, 1).checked_add(moment.day - 1)?;
    let parts = moment.hour.checked_mul(3600)?.checked_add(moment.minute.checked_mul(60)?)?;
    days.checked_mul(86_400)?.checked_add(parts)?.checked_add(moment.second)
}

/// ISO 8601: the year that the week belongs to, and its number.
pub fn iso_week(moment: &Moment) -> (i64, i64) {
    let week = (moment.yearday - 1 - moment.weekday + 10) / 7;
    if week < 1 {
        return (moment.year - 1, weeks_in(moment.year - 1));
    }
    if week > weeks_in(moment.year) {
        return (moment.year + 1, 1);
    }
    (moment.year, week)
}

/// How many ISO weeks a year has.
fn weeks_in(year: i64) -> i64 {
    let first = weekday_of(days_from_civil(year, 1, 1));
    if first == 3 || first == 2 && is_leap(year) { 53 } else { 52 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_back() {
        for days in (-1_000_000..1_000_000).step_by(97) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(19_782), (2024, 2, 29));
    }

    #[test]
    fn weeks_at_the_turn_of_the_year() {
        let week = |year, month, day| iso_week(&moment_of(days_from_civil(year, month, day) * 86_400));
        assert_eq!(week(2021, 1, 3), (2020, 53));
        assert_eq!(week(2018, 12, 31), (2019, 1));
        assert_eq!(week(2026, 6, 15), (2026, 25));
    }
}
