//! Suspension anywhere: the programs of `tests/spec` say the same when the host lets them run only a few instructions at
//! a time, and moves the engine to another thread, with another runtime, in between.

mod program;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::JoinHandle;

use aspen::engine::{Ended, Engine};
use program::{Program, Seen, all, check_each, finish};

/// Instructions at a time.
const SLICES: [i64; 6] = [1, 2, 3, 7, 50, 200];

#[test]
fn every_spec_in_slices() {
    let mut jobs = Vec::new();
    for program in all().into_iter().filter(|program| program.skip.is_none() && !program.is_real_time) {
        jobs.extend(SLICES.map(|slice| (slice, program.clone())));
    }
    let wrong = check_each(&jobs, |(slice, program)| {
        let seen = run_moving(program, *slice);
        program.check(&seen).map_err(|wrong| format!("{} in slices of {slice}: {wrong}", program.name()))
    });
    assert!(wrong.is_empty(), "{} of {} runs:\n{}", wrong.len(), jobs.len(), wrong.join("\n"));
}

/// A thread with a runtime of its own, which polls an engine once and hands it back.
struct Place {
    engines: Sender<Engine>,
    polled: Receiver<(Engine, Option<Ended>)>,
    thread: JoinHandle<()>,
}

impl Place {
    fn new() -> Place {
        let (engines, given) = channel::<Engine>();
        let (done, polled) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            for mut engine in given {
                let ended = runtime.block_on(poll_once(&mut engine));
                if done.send((engine, ended)).is_err() {
                    return;
                }
            }
        });
        Place { engines, polled, thread }
    }

    fn poll(&self, engine: Engine) -> (Engine, Option<Ended>) {
        self.engines.send(engine).expect("the thread waits for it");
        self.polled.recv().expect("the thread hands it back")
    }
}

/// Whether somebody woke the engine.
struct Noted {
    is_woken: AtomicBool,
    waker: Waker,
}

impl Wake for Noted {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.waker.wake_by_ref();
    }
}

/// Polls an engine once; if it must wait, waits until it is woken, but leaves the next poll to another thread.
async fn poll_once(engine: &mut Engine) -> Option<Ended> {
    let mut noted: Option<Arc<Noted>> = None;
    let mut engine = pin!(engine);
    poll_fn(|cx| {
        if noted.is_none() {
            let made = Arc::new(Noted { is_woken: AtomicBool::new(false), waker: cx.waker().clone() });
            let waker = Waker::from(Arc::clone(&made));
            if let Poll::Ready(ended) = engine.poll(&mut Context::from_waker(&waker)) {
                return Poll::Ready(Some(ended));
            }
            noted = Some(made);
        }
        match &noted {
            Some(noted) if noted.is_woken.load(Ordering::Acquire) => Poll::Ready(None),
            _ => Poll::Pending,
        }
    })
    .await
}

fn run_moving(program: &Program, slice: i64) -> Seen {
    let (mut engine, output, error) = match program.load(Some(slice)) {
        Ok(loaded) => loaded,
        Err(seen) => return seen,
    };
    let places = [Place::new(), Place::new()];
    let mut n_polls = 0;
    let ended = loop {
        let (polled, ended) = places[n_polls % 2].poll(engine);
        engine = polled;
        n_polls += 1;
        if let Some(ended) = ended {
            break ended;
        }
    };
    for place in places {
        drop(place.engines);
        place.thread.join().expect("it ends when no engine comes");
    }
    finish(engine, ended, &output, &error)
}
