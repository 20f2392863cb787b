//! The local time zone: what the variable TZ says, otherwise the machine's.
//!
//! Read when somebody first asks for local time, and again after `time.tzset()`. An engine that is not granted the
//! environment lives in UTC.

use tz::{TimeZone, TimeZoneRef};

use super::Host;
use super::grants::Grant;

/// What the zone says of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Seconds east of UTC.
    pub offset: i32,
    pub is_dst: bool,
    /// As `UTC`, `CET`.
    pub name: String,
}

/// The zone of an engine.
#[derive(Debug, Default)]
pub(super) struct Zone {
    /// None until it is asked for.
    known: Option<TimeZone>,
}

impl Host {
    /// Local time at a moment, in seconds since 1970.
    pub fn local_time(&mut self, moment: i64) -> LocalTime {
        if self.zone.known.is_none() {
            self.zone.known = Some(self.find_zone());
        }
        let utc = LocalTime { offset: 0, is_dst: false, name: "UTC".to_owned() };
        let Some(zone) = &self.zone.known else { return utc };
        match zone.as_ref().find_local_time_type(moment) {
            Ok(found) => LocalTime {
                offset: found.ut_offset(),
                is_dst: found.is_dst(),
                name: name_of(found.time_zone_designation()),
            },
            Err(_) => last_known(zone.as_ref()).unwrap_or(utc),
        }
    }

    /// TZ may have changed.
    pub fn forget_zone(&mut self) {
        self.zone.known = None;
    }

    fn find_zone(&mut self) -> TimeZone {
        if !self.grants.has(Grant::Environment) {
            return TimeZone::utc();
        }
        let named = self.variable(b"TZ").map(|value| String::from_utf8_lossy(value).into_owned());
        let found = match named.as_deref() {
            None => TimeZone::local(),
            Some("") => Ok(TimeZone::utc()),
            Some(name) => TimeZone::from_posix_tz(name),
        };
        found.unwrap_or_else(|_| TimeZone::utc())
    }
}

fn name_of(designation: &str) -> String {
    if designation.is_empty() { "UTC".to_owned() } else { designation.to_owned() }
}

/// A moment before or behind all that the zone's file tells.
fn last_known(zone: TimeZoneRef<'_>) -> Option<LocalTime> {
    let last = zone.local_time_types().last()?;
    Some(LocalTime { offset: last.ut_offset(), is_dst: last.is_dst(), name: name_of(last.time_zone_designation()) })
}
