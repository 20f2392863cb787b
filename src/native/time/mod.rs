//! The module `time`: clocks, `sleep`, and the calendar.
//!
//! Clocks are the engine's: under virtual time they stand still until the next deadline. `sleep` parks the fiber. The
//! parts: [`calendar`] (days), [`format`] and [`parse`] (`strftime`, `strptime`), [`tuple`] (`struct_time`).

mod calendar;
mod format;
mod parse;
pub mod tuple;

use self::calendar::Moment;
use super::deadline;
use crate::call::{Ask, Cx, MachineAsk, Outcome, Wait, WaitKind};
use crate::host::{Nanos, SECOND};
use crate::types::{classes, protocol};
use crate::value::{Dict, Id, NativeFrame, Value};

crate::natives! {
    /// The functions of `time`.
    pub static TIME = [
        func "time()" => time, "Return the current time in seconds since the Epoch.";
        func "time_ns()" => time_ns, "Return the current time in nanoseconds since the Epoch.";
        func "sleep(seconds, /)" => step sleep, "Delay execution for a given number of seconds.";
        func "monotonic()" => monotonic, "Monotonic clock, cannot go backward.";
        func "monotonic_ns()" => monotonic_ns, "Monotonic clock, cannot go backward, as nanoseconds.";
        func "perf_counter()" => perf_counter, "Performance counter for benchmarking.";
        func "perf_counter_ns()" => perf_counter_ns, "Performance counter for benchmarking as nanoseconds.";
        func "process_time()" => process_time, "Process time for profiling: sum of the kernel and user-space CPU time.";
        func "process_time_ns()" => process_time_ns, "Process time for profiling as nanoseconds.";
        func "thread_time()" => thread_time, "Thread time for profiling: sum of the kernel and user-space CPU time.";
        func "thread_time_ns()" => thread_time_ns, "Thread time for profiling as nanoseconds.";
        func "clock_gettime(clk_id: index, /)" => clock_gettime, "Return the time of the specified clock clk_id as a float.";
        func "clock_gettime_ns(clk_id: index, /)" => clock_gettime_ns, "Return the time of the specified clock clk_id as nanoseconds.";
        func "clock_getres(clk_id: index, /)" => clock_getres, "Return the resolution (precision) of the specified clock clk_id.";
        func "get_clock_info(name: str, /)" => get_clock_info, "Get information of the specified clock.";
        func "gmtime(seconds=None, /)" => gmtime, "Convert seconds since the Epoch to a time tuple expressing UTC.";
        func "localtime(seconds=None, /)" => localtime, "Convert seconds since the Epoch to a time tuple expressing local time.";
        func "mktime(tuple, /)" => mktime, "Convert a time tuple in local time to seconds since the Epoch.";
        func "asctime(tuple=, /)" => asctime, "Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.";
        func "ctime(seconds=None, /)" => ctime, "Convert a time in seconds since the Epoch to a string in local time.";
        func "strftime(format: str, tuple=, /)" => strftime, "Convert a time tuple to a string according to a format specification.";
        func "strptime(string: str, format: str='%a %b %d %H:%M:%S %Y', /)" => strptime, "Parse a string to a time tuple according to a format specification.";
        func "tzset()" => tzset, "Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ'].";
    ]
}

const CLOCK_REALTIME: i64 = 0;
const CLOCK_MONOTONIC: i64 = 1;
const CLOCK_PROCESS_CPUTIME_ID: i64 = 2;
const CLOCK_THREAD_CPUTIME_ID: i64 = 3;
const CLOCK_MONOTONIC_RAW: i64 = 4;
const CLOCK_BOOTTIME: i64 = 7;
const CLOCK_TAI: i64 = 11;

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, value) in [
        ("CLOCK_REALTIME", CLOCK_REALTIME),
        ("CLOCK_MONOTONIC", CLOCK_MONOTONIC),
        ("CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID),
        ("CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID),
        ("CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW),
        ("CLOCK_BOOTTIME", CLOCK_BOOTTIME),
        ("CLOCK_TAI", CLOCK_TAI),
        ("_STRUCT_TM_ITEMS", 11),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Int(value));
    }
    let name = cx.name("struct_time");
    cx.heap.set_in(dict, name, Value::Class(classes::STRUCT_TIME));
    tuple::finish_class(cx);
    fill_zone(cx, dict);
}

/// The names of the zone, and its distances to UTC.
fn fill_zone(cx: &mut Cx, dict: Id<Dict>) {
    let (standard, summer) = halves_of_year(cx);
    let names = [cx.str(&standard.name), cx.str(&summer.name)];
    let names = cx.heap.new_tuple(&names);
    let has_summer = standard != summer;
    for (name, value) in [
        ("timezone", Value::Int(-i64::from(standard.offset))),
        ("altzone", Value::Int(-i64::from(summer.offset))),
        ("daylight", Value::Int(has_summer.into())),
        ("tzname", names),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, value);
    }
}

/// Local time in January and July of this year, the one with standard time first.
fn halves_of_year(cx: &mut Cx) -> (crate::host::LocalTime, crate::host::LocalTime) {
    let year = calendar::moment_of(cx.host.clock.wall().div_euclid(SECOND)).year;
    let [january, july] = [1, 7].map(|month| cx.host.local_time(calendar::days_from_civil(year, month, 1) * 86_400));
    if january.offset <= july.offset { (january, july) } else { (july, january) }
}

fn tzset(cx: &mut Cx, _args: &[Value]) -> Outcome {
    cx.host.forget_zone();
    let module = cx.name("time");
    if let Some(Value::Module(id)) = cx.heap.get_in(cx.modules, module) {
        let dict = cx.heap.modules.get(id).dict;
        fill_zone(cx, dict);
    }
    Ok(Value::None)
}

// ----- Clocks -----

fn float_seconds(nanos: Nanos) -> Outcome {
    Ok(Value::Float(nanos as f64 / SECOND as f64))
}

fn time(cx: &mut Cx, _args: &[Value]) -> Outcome {
    float_seconds(cx.host.clock.wall())
}

fn time_ns(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.clock.wall()))
}

fn monotonic(cx: &mut Cx, _args: &[Value]) -> Outcome {
    float_seconds(cx.host.clock.monotonic())
}

fn monotonic_ns(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.clock.monotonic()))
}

fn perf_counter(cx: &mut Cx, _args: &[Value]) -> Outcome {
    float_seconds(cx.host.clock.perf())
}

fn perf_counter_ns(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.clock.perf()))
}

fn process_time(cx: &mut Cx, _args: &[Value]) -> Outcome {
    float_seconds(cx.host.clock.process_time())
}

fn process_time_ns(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.clock.process_time()))
}

fn thread_time(cx: &mut Cx, _args: &[Value]) -> Outcome {
    float_seconds(cx.host.clock.thread_time())
}

fn thread_time_ns(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.clock.thread_time()))
}

fn read_clock(cx: &mut Cx, clock: Value) -> Result<Nanos, Ask> {
    let clocks = &mut cx.host.clock;
    Ok(match clock.as_int() {
        Some(CLOCK_REALTIME | CLOCK_TAI) => clocks.wall(),
        Some(CLOCK_MONOTONIC | CLOCK_MONOTONIC_RAW | CLOCK_BOOTTIME) => clocks.monotonic(),
        Some(CLOCK_PROCESS_CPUTIME_ID) => clocks.process_time(),
        Some(CLOCK_THREAD_CPUTIME_ID) => clocks.thread_time(),
        _ => {
            let error = crate::host::HostError::system(crate::host::constant::EINVAL);
            return Err(crate::types::os_error::raise(cx, &error));
        }
    })
}

fn clock_gettime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let nanos = read_clock(cx, args[0])?;
    float_seconds(nanos)
}

fn clock_gettime_ns(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(read_clock(cx, args[0])?))
}

fn clock_getres(cx: &mut Cx, args: &[Value]) -> Outcome {
    read_clock(cx, args[0])?;
    float_seconds(cx.host.clock.resolution())
}

fn get_clock_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.text_of(args[0]).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    let (implementation, is_monotonic, is_adjustable) = match name.as_str() {
        "time" => ("clock_gettime(CLOCK_REALTIME)", false, true),
        "monotonic" | "perf_counter" => ("clock_gettime(CLOCK_MONOTONIC)", true, false),
        "process_time" => ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
        "thread_time" => ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
        _ => return Err(cx.value_error("unknown clock")),
    };
    let dict = cx.heap.new_dict();
    let implementation = cx.str(implementation);
    for (name, value) in [
        ("implementation", implementation),
        ("monotonic", Value::Bool(is_monotonic)),
        ("adjustable", Value::Bool(is_adjustable)),
        ("resolution", Value::Float(1e-9)),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, value);
    }
    let made = crate::types::classes::new_instance(cx, classes::SIMPLE_NAMESPACE);
    crate::types::attribute::set_dict_attribute(cx, made, Value::Dict(dict))?;
    Ok(made)
}

/// values: the seconds; then the deadline. Step 1: the seconds come from `__index__`; 2: it waits.
fn sleep(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 2 {
        return match frame.told.into_outcome()? {
            // Something else woke the fiber: there is nobody who would, so it waits on.
            Value::Bool(true) => park(cx, frame),
            _ => Ok(Value::None),
        };
    }
    let given = match frame.step {
        0 => frame.values[0],
        _ => frame.told.into_outcome()?,
    };
    let seconds = match cx.exact(given) {
        Value::Float(_) | Value::Int(_) | Value::Bool(_) => deadline::seconds(cx, given)?,
        Value::BigInt(_) => return Err(cx.overflow_error("timestamp too large to convert to C PyTime_t")),
        _ if frame.step == 0 => {
            frame.step = 1;
            let answer = protocol::index(cx, given)?;
            deadline::seconds(cx, answer)?
        }
        _ => return Err(cx.type_error("an integer is needed")),
    };
    if seconds < 0.0 {
        return Err(cx.value_error("sleep length must be non-negative"));
    }
    if seconds >= Nanos::MAX as f64 / SECOND as f64 {
        return Err(cx.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    frame.values[0] = Value::Int(deadline::after(cx, seconds));
    frame.step = 2;
    park(cx, frame)
}

fn park(cx: &mut Cx, frame: &NativeFrame) -> Outcome {
    let wait = Wait::on(WaitKind::Sleep, Value::None).until(frame.values[0].as_int());
    Err(cx.ask_machine(MachineAsk::Park(wait)))
}

// ----- The calendar -----

/// Whole seconds since 1970: what was given, or now.
fn seconds_given(cx: &mut Cx, value: Value) -> Result<i64, Ask> {
    if value.is_none() || value.is_undef() {
        return Ok(cx.host.clock.wall().div_euclid(SECOND));
    }
    match cx.exact(value) {
        Value::Int(int) => Ok(int),
        Value::Bool(bool) => Ok(bool.into()),
        Value::Float(float) if float.is_nan() => Err(cx.value_error("Invalid value NaN (not a number)")),
        Value::Float(float) if float.abs() < 9e18 => Ok(float.floor() as i64),
        Value::Float(_) | Value::BigInt(_) => Err(cx.overflow_error("timestamp out of range for platform time_t")),
        _ => {
            let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// Beyond this the year is no C int.
const LAST_SECOND: i64 = 67_768_036_191_676_799;

fn checked_seconds(cx: &mut Cx, value: Value) -> Result<i64, Ask> {
    let seconds = seconds_given(cx, value)?;
    if seconds.abs() > LAST_SECOND {
        let error = crate::host::HostError::system(crate::host::constant::EOVERFLOW);
        return Err(crate::types::os_error::raise(cx, &error));
    }
    Ok(seconds)
}

fn utc_moment(seconds: i64) -> Moment {
    Moment { offset: Some(0), zone: Some("GMT".to_owned()), ..calendar::moment_of(seconds) }
}

fn local_moment(cx: &mut Cx, seconds: i64) -> Moment {
    let local = cx.host.local_time(seconds);
    let offset = i64::from(local.offset);
    let is_dst = local.is_dst.into();
    Moment { is_dst, offset: Some(offset), zone: Some(local.name), ..calendar::moment_of(seconds + offset) }
}

fn gmtime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let seconds = checked_seconds(cx, args[0])?;
    Ok(tuple::make(cx, &utc_moment(seconds)))
}

fn localtime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let seconds = checked_seconds(cx, args[0])?;
    let moment = local_moment(cx, seconds);
    Ok(tuple::make(cx, &moment))
}

fn mktime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut moment = tuple::moment_of(cx, args[0], "mktime")?;
    moment.offset = None;
    let Some(naive) = calendar::seconds_of(&moment).filter(|seconds| seconds.abs() <= LAST_SECOND) else {
        return Err(cx.overflow_error("mktime argument out of range"));
    };
    Ok(Value::Float(to_utc(cx, naive, moment.is_dst) as f64))
}

/// The moment at which clocks show this; of two, the one with the summer time that is asked for.
fn to_utc(cx: &mut Cx, naive: i64, is_dst: i64) -> i64 {
    let mut candidates = Vec::new();
    for around in [naive - 86_400, naive, naive + 86_400] {
        let moment = naive - i64::from(cx.host.local_time(around).offset);
        let local = cx.host.local_time(moment);
        if moment + i64::from(local.offset) == naive {
            candidates.push((moment, local.is_dst));
        }
    }
    let wanted = candidates.iter().find(|(_, found)| is_dst >= 0 && *found == (is_dst > 0));
    match wanted.or(candidates.first()) {
        Some(&(moment, _)) => moment,
        // Clocks were put forward over it.
        None => naive - i64::from(cx.host.local_time(naive - 86_400).offset),
    }
}

fn asctime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let moment = match args[0].given() {
        Some(given) => checked_moment(cx, given, "asctime")?,
        None => {
            let seconds = seconds_given(cx, Value::None)?;
            local_moment(cx, seconds)
        }
    };
    Ok(cx.str(&format::format("%a %b %e %H:%M:%S %Y", &moment)))
}

fn ctime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let seconds = checked_seconds(cx, args[0])?;
    let moment = local_moment(cx, seconds);
    Ok(cx.str(&format::format("%a %b %e %H:%M:%S %Y", &moment)))
}

fn strftime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let moment = match args[1].given() {
        Some(given) => {
            let mut moment = checked_moment(cx, given, "strftime")?;
            if moment.zone.is_none() {
                let (standard, summer) = halves_of_year(cx);
                let zone = if moment.is_dst > 0 { summer } else { standard };
                moment.offset = Some(zone.offset.into());
                moment.zone = Some(zone.name);
            }
            moment
        }
        None => {
            let seconds = seconds_given(cx, Value::None)?;
            local_moment(cx, seconds)
        }
    };
    let template = String::from_utf8_lossy(cx.text_of(args[0]).unwrap_or_default()).into_owned();
    Ok(cx.str(&format::format(&template, &moment)))
}

/// What asctime and strftime accept: zeros for day, month and day of the year count as 1.
fn checked_moment(cx: &mut Cx, given: Value, function: &str) -> Result<Moment, Ask> {
    let mut moment = tuple::moment_of(cx, given, function)?;
    for part in [&mut moment.month, &mut moment.day, &mut moment.yearday] {
        *part = if *part == 0 { 1 } else { *part };
    }
    let mistake = if !(1..=12).contains(&moment.month) {
        "month out of range"
    } else if !(1..=31).contains(&moment.day) {
        "day of month out of range"
    } else if !(0..=23).contains(&moment.hour) {
        "hour out of range"
    } else if !(0..=59).contains(&moment.minute) {
        "minute out of range"
    } else if !(0..=61).contains(&moment.second) {
        "seconds out of range"
    } else if moment.weekday < -1 {
        "day of week out of range"
    } else if !(1..=366).contains(&moment.yearday) {
        "day of year out of range"
    } else {
        moment.weekday = moment.weekday.rem_euclid(7);
        return Ok(moment);
    };
    Err(cx.value_error(mistake))
}

fn strptime(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text_of = |cx: &Cx, value| String::from_utf8_lossy(cx.text_of(value).unwrap_or_default()).into_owned();
    let text = text_of(cx, args[0]);
    let template = match args[1].given() {
        Some(given) => text_of(cx, given),
        None => "%a %b %d %H:%M:%S %Y".to_owned(),
    };
    let (standard, summer) = halves_of_year(cx);
    let zones = [standard.name, if standard.offset == summer.offset { String::new() } else { summer.name }];
    match parse::parse(&text, &template, &zones) {
        Ok(moment) => Ok(tuple::make(cx, &moment)),
        Err(parse::Mistake::Message(message)) => Err(cx.value_error(message)),
        Err(parse::Mistake::Remains(rest)) => Err(cx.value_error(format!("unconverted data remains: {rest}"))),
        Err(parse::Mistake::NoMatch) => {
            let template = args[1].given().unwrap_or(Value::None);
            let values = [args[0], template];
            let message = crate::types::compose::compose(cx, "time data %r does not match format %r", &values)?;
            Err(cx.raise_with(classes::VALUE_ERROR, &[message]))
        }
    }
}
