//! Time, of which an engine has one: real, or virtual.
//!
//! Engine time is a count of nanoseconds (`i64`), and every deadline is in it. A real clock follows the system's monotonic
//! clock, plus an offset for an engine that goes on where another process left it. A virtual clock starts at 0 (the wall
//! clock at 1,000,000,000 s) and stands still while anything can run; `Host::wait` moves it to the next deadline when
//! nothing else can happen.
//!
//! A program that only looks at a clock and never waits would see it stand still for ever. So after 10,000 readings
//! without a move a virtual clock takes a step of its own: 1 µs, then twice as much each time up to 10 ms; a jump makes
//! the steps small again.

use std::time::Instant;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds of engine time.
pub type Nanos = i64;

/// How many nanoseconds a second has.
pub const SECOND: Nanos = 1_000_000_000;

/// Where virtual wall clocks start.
const VIRTUAL_WALL_START: Nanos = 1_000_000_000 * SECOND;

/// So many readings of an unmoved virtual clock move it by a step.
const READINGS_PER_STEP: u32 = 10_000;
const FIRST_STEP: Nanos = 1_000;
const LONGEST_STEP: Nanos = 10_000_000;

/// The clock of one engine.
#[derive(Debug)]
pub enum Clock {
    /// The system's clocks; engine time is its monotonic clock plus `offset`.
    Real { offset: Nanos },
    /// Moves when nothing else can happen.
    Virtual(VirtualClock),
}

/// The state of a virtual clock.
#[derive(Debug)]
pub struct VirtualClock {
    now: Nanos,
    /// Readings since the clock moved.
    readings: u32,
    step: Nanos,
    /// Time is real since then: an operation outside is in flight, and everything waits.
    real_since: Option<Instant>,
}

impl Clock {
    /// The system's clock.
    pub fn real() -> Clock {
        Clock::Real { offset: 0 }
    }

    /// The system's clock, for an engine whose time goes on from `now`.
    pub fn real_from(now: Nanos) -> Clock {
        Clock::Real { offset: now - system(ClockId::Monotonic) }
    }

    /// A clock at 0 that jumps.
    pub fn virtual_time() -> Clock {
        Clock::virtual_from(0)
    }

    /// A clock that jumps, for an engine whose time goes on from `now`.
    pub fn virtual_from(now: Nanos) -> Clock {
        Clock::Virtual(VirtualClock { now, readings: 0, step: FIRST_STEP, real_since: None })
    }

    /// Whether this clock jumps.
    pub fn is_virtual(&self) -> bool {
        matches!(self, Clock::Virtual(_))
    }

    /// Engine time, read on behalf of a script (`time.monotonic`, `loop.time`): may move an unmoved virtual clock.
    pub fn monotonic(&mut self) -> Nanos {
        match self {
            Clock::Real { offset } => system(ClockId::Monotonic) + *offset,
            Clock::Virtual(clock) => clock.read(),
        }
    }

    /// Engine time, read on behalf of the engine: moves nothing.
    pub fn now(&self) -> Nanos {
        match self {
            Clock::Real { offset } => system(ClockId::Monotonic) + *offset,
            Clock::Virtual(clock) => clock.now,
        }
    }

    /// Nanoseconds since 1970 (`time.time`).
    pub fn wall(&mut self) -> Nanos {
        match self {
            Clock::Real { .. } => system(ClockId::Realtime),
            Clock::Virtual(clock) => VIRTUAL_WALL_START + clock.read(),
        }
    }

    /// The clock for measuring (`time.perf_counter`); engine time.
    pub fn perf(&mut self) -> Nanos {
        self.monotonic()
    }

    /// Processor time of the process; under virtual time, engine time.
    pub fn process_time(&mut self) -> Nanos {
        match self {
            Clock::Real { .. } => system(ClockId::ProcessCPUTime),
            Clock::Virtual(clock) => clock.read(),
        }
    }

    /// Processor time of the thread that the engine runs on now; under virtual time, engine time.
    pub fn thread_time(&mut self) -> Nanos {
        match self {
            Clock::Real { .. } => system(ClockId::ThreadCPUTime),
            Clock::Virtual(clock) => clock.read(),
        }
    }

    /// The smallest difference between two readings.
    pub fn resolution(&self) -> Nanos {
        1
    }

    /// Moves a virtual clock to a deadline; never back. A real clock can't be moved.
    pub(super) fn jump_to(&mut self, deadline: Nanos) {
        if let Clock::Virtual(clock) = self
            && deadline > clock.now
        {
            clock.move_to(deadline);
        }
    }

    /// From here on a virtual clock keeps pace with the real one, until `catch_up`.
    pub(super) fn run_in_real_time(&mut self) {
        if let Clock::Virtual(clock) = self {
            clock.real_since.get_or_insert_with(Instant::now);
        }
    }

    /// Adds the real time that has passed since `run_in_real_time`.
    pub(super) fn catch_up(&mut self) {
        let Clock::Virtual(clock) = self else { return };
        if let Some(since) = clock.real_since.take() {
            let passed = Nanos::try_from(since.elapsed().as_nanos()).unwrap_or(Nanos::MAX);
            clock.move_to(clock.now.saturating_add(passed));
        }
    }
}

impl VirtualClock {
    fn read(&mut self) -> Nanos {
        self.readings += 1;
        if self.readings > READINGS_PER_STEP {
            self.readings = 0;
            self.now += self.step;
            self.step = (self.step * 2).min(LONGEST_STEP);
        }
        self.now
    }

    fn move_to(&mut self, now: Nanos) {
        self.now = now;
        self.readings = 0;
        self.step = FIRST_STEP;
    }
}

fn system(clock: ClockId) -> Nanos {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(clock);
    tv_sec * SECOND + tv_nsec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmoved_virtual_clock_steps_after_ten_thousand_readings() {
        let mut clock = Clock::virtual_time();
        for _ in 0..10_000 {
            assert_eq!(clock.monotonic(), 0);
        }
        assert_eq!(clock.monotonic(), 1_000);
        assert_eq!(clock.wall(), 1_000_000_000 * SECOND + 1_000);
        clock.jump_to(SECOND);
        clock.jump_to(3);
        assert_eq!(clock.now(), SECOND);
        assert_eq!(clock.monotonic(), SECOND);
    }

    #[test]
    fn waiting_for_a_moment_by_looking_ends() {
        let mut clock = Clock::virtual_time();
        let mut readings = 0_u64;
        while clock.monotonic() < SECOND {
            readings += 1;
        }
        assert!(readings < 2_000_000, "{readings}");
    }

    #[test]
    fn real_clock_goes_on_from_a_given_time() {
        let mut clock = Clock::real_from(5 * SECOND);
        let first = clock.monotonic();
        assert!((5 * SECOND..6 * SECOND).contains(&first));
        assert!(clock.monotonic() >= first);
    }
}
