//! An engine's waits: readiness, deadlines, operations, interrupts; on one thread, on several, on several runtimes.

use std::future::poll_fn;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use aspen::host::constant::{AF_INET, AF_UNIX, SOCK_STREAM};
use aspen::host::{
    Address, Clock, Direction, Fd, Grants, Host, HostError, HostOptions, OpOutput, OpResult, Ready, SECOND,
};

fn host() -> Host {
    Host::new(HostOptions { grants: Grants::ALL, ..HostOptions::default() })
}

fn virtual_host() -> Host {
    Host::new(HostOptions { grants: Grants::ALL, clock: Clock::virtual_time(), ..HostOptions::default() })
}

fn pair(host: &mut Host) -> (Fd, Fd) {
    host.socket_pair(AF_UNIX, SOCK_STREAM, 0).expect("a pair")
}

fn ready(host: &mut Host) -> Vec<(Fd, Direction, u64)> {
    let mut found = Vec::<Ready>::new();
    host.poll_ready(&mut found).expect("a poll");
    found.iter().map(|one| (one.fd, one.direction, one.token)).collect()
}

fn tokens(host: &mut Host) -> Vec<u64> {
    ready(host).into_iter().map(|(_, _, token)| token).collect()
}

fn single() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn wait(host: &mut Host, deadline: Option<i64>) {
    poll_fn(|cx| host.wait(cx, deadline)).await.expect("a wait");
}

fn in_ms(host: &Host, ms: i64) -> Option<i64> {
    Some(host.clock.now() + ms * 1_000_000)
}

/// Counts how often it is woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_host_is_send_and_small() {
    fn send<T: Send>() {}
    send::<Host>();
    assert!(size_of::<Host>() < 2048, "{}", size_of::<Host>());
}

#[test]
fn a_thousand_idle_hosts_are_cheap() {
    let start = Instant::now();
    let hosts: Vec<Host> = (0..1000).map(|_| Host::new(HostOptions::default())).collect();
    assert!(start.elapsed() < Duration::from_millis(100), "{:?}", start.elapsed());
    assert!(hosts.iter().all(|host| host.open_descriptors() == 0));
}

#[test]
fn readiness_is_level_triggered() {
    let mut host = host();
    let (one, other) = pair(&mut host);
    let watch = host.watch(one, Direction::Read, 7).expect("a watch");
    assert_eq!(ready(&mut host), []);
    host.send(other, b"ab", 0).expect("sent");
    for _ in 0..3 {
        assert_eq!(ready(&mut host), [(one, Direction::Read, 7)]);
    }
    assert_eq!(host.receive(one, 1).expect("a byte"), b"a");
    assert_eq!(tokens(&mut host), [7]);
    assert_eq!(host.receive(one, 100).expect("a byte"), b"b");
    assert_eq!(tokens(&mut host), []);
    assert!(host.receive(one, 100).expect_err("nothing there").would_block());
    assert!(host.unwatch(watch));
    assert!(!host.unwatch(watch));
    host.send(other, b"c", 0).expect("sent");
    assert_eq!(tokens(&mut host), []);
    assert_eq!(host.watched_descriptors(), 0);
}

#[test]
fn readers_come_before_writers_and_in_the_order_of_arrival() {
    let mut host = host();
    let pairs: Vec<_> = (0..4).map(|_| pair(&mut host)).collect();
    for (place, (one, _)) in pairs.iter().enumerate() {
        host.watch(*one, Direction::Read, place as u64).expect("a watch");
    }
    for place in [2, 0, 3] {
        host.send(pairs[place].1, b"x", 0).expect("sent");
    }
    assert_eq!(tokens(&mut host), [2, 0, 3]);
    host.watch(pairs[0].0, Direction::Write, 10).expect("a watch");
    host.watch(pairs[0].0, Direction::Read, 11).expect("a second reader");
    let found = tokens(&mut host);
    let of_first: Vec<u64> = found.into_iter().filter(|token| [0, 10, 11].contains(token)).collect();
    assert_eq!(of_first, [0, 11, 10]);
}

#[test]
fn a_closed_peer_makes_both_directions_ready() {
    let mut host = host();
    let (one, other) = pair(&mut host);
    host.watch(one, Direction::Read, 1).expect("a watch");
    host.close(other).expect("closed");
    assert_eq!(tokens(&mut host), [1]);
    assert_eq!(host.receive(one, 10).expect("the end"), b"");
}

#[test]
fn closing_takes_the_watches_along_even_if_a_duplicate_is_open() {
    let mut host = host();
    let (one, other) = pair(&mut host);
    let copy = host.duplicate(one).expect("a duplicate");
    let watch = host.watch(one, Direction::Read, 1).expect("a watch");
    host.send(other, b"x", 0).expect("sent");
    host.close(one).expect("closed");
    assert_eq!(tokens(&mut host), []);
    assert_eq!(host.watched_descriptors(), 0);
    let (again, _) = pair(&mut host);
    // Often the same number again; its watches are not the old one's in any case.
    host.watch(again, Direction::Write, 2).expect("a watch");
    assert!(!host.unwatch(watch));
    assert_eq!(tokens(&mut host), [2]);
    assert_eq!(host.receive(copy, 10).expect("a byte"), b"x");
    assert_eq!(host.close(Fd(99_999)).expect_err("not ours"), HostError::system(9));
}

#[test]
fn more_ready_descriptors_than_one_batch() {
    let mut host = host();
    let pairs: Vec<_> = (0..300).map(|_| pair(&mut host)).collect();
    for (place, (one, other)) in pairs.iter().enumerate() {
        host.watch(*one, Direction::Read, place as u64).expect("a watch");
        host.send(*other, b"x", 0).expect("sent");
    }
    for _ in 0..3 {
        let mut found = tokens(&mut host);
        assert_eq!(found.len(), 300);
        found.sort_unstable();
        assert_eq!(found, (0..300).collect::<Vec<u64>>());
    }
}

#[test]
fn regular_files_cannot_be_watched() {
    let mut host = host();
    let file = host.open_file(b"Cargo.toml", 0, 0).expect("a file");
    assert_eq!(host.watch(file, Direction::Read, 1).expect_err("a file").errno, 1);
    assert_eq!(host.watched_descriptors(), 0);
    assert_eq!(host.ready_now(&[(file, Direction::Read)]).expect("asked"), [true]);
}

#[test]
fn echo_over_tcp() {
    let mut host = host();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let client = host.socket(AF_INET, SOCK_STREAM, 0).expect("a socket");
    let server = host.adopt(listener.into()).expect("adopted");
    single().block_on(async {
        let address = Address::numeric("127.0.0.1", port).expect("an address");
        assert!(host.connect(client, &address).expect_err("in progress").would_block());
        let accepting = host.watch(server, Direction::Read, 1).expect("a watch");
        wait(&mut host, None).await;
        assert_eq!(tokens(&mut host), [1]);
        let (connection, peer) = host.accept(server).expect("a connection");
        host.unwatch(accepting);
        host.connect_result(client).expect("connected");
        assert_eq!(host.socket_name(client).expect("bound"), peer);
        assert_eq!(host.peer_name(client).expect("connected"), address);
        let one = host.watch(connection, Direction::Read, 2).expect("a watch");
        host.watch(client, Direction::Read, 3).expect("a watch");
        let mut buffer = [0; 16];
        for round in 0_u8..200 {
            host.send(client, &[round; 5], 0).expect("sent");
            wait(&mut host, None).await;
            assert_eq!(tokens(&mut host), [2]);
            let count = host.receive_into(connection, &mut buffer, 0).expect("received");
            host.send(connection, &buffer[..count], 0).expect("sent");
            wait(&mut host, None).await;
            assert_eq!(tokens(&mut host), [3]);
            assert_eq!(host.receive(client, 100).expect("received"), [round; 5]);
        }
        assert!(host.unwatch(one));
        host.close(connection).expect("closed");
        wait(&mut host, None).await;
        assert_eq!(tokens(&mut host), [3]);
    });
    let refused = host.socket(AF_INET, SOCK_STREAM, 0).expect("a socket");
    host.close(server).expect("closed");
    let gone = host.connect(refused, &Address::numeric("127.0.0.1", port).expect("an address"));
    assert!(gone.is_err_and(|error| error.errno == 111 || error.would_block()));
}

#[test]
fn a_deadline_ends_a_wait() {
    let mut host = host();
    let (one, _other) = pair(&mut host);
    host.watch(one, Direction::Read, 1).expect("a watch");
    single().block_on(async {
        for ms in [20, 5, 12] {
            let deadline = in_ms(&host, ms);
            wait(&mut host, deadline).await;
            assert!(Some(host.clock.now()) >= deadline);
            assert_eq!(tokens(&mut host), []);
        }
    });
}

#[test]
fn waiting_outside_a_runtime_is_an_error() {
    let mut host = host();
    let waker = Waker::from(Arc::new(Counter::default()));
    let deadline = in_ms(&host, 1000);
    match host.wait(&mut Context::from_waker(&waker), deadline) {
        Poll::Ready(Err(error)) => assert!(error.message().contains("tokio runtime"), "{error}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_waiting_host_moves_between_runtimes() {
    let mut host = host();
    let (one, other) = pair(&mut host);
    host.watch(one, Direction::Read, 1).expect("a watch");
    for round in 0..6 {
        let runtime = single();
        runtime.block_on(async {
            // It waits here in vain, so that the runtime has it registered.
            let deadline = in_ms(&host, 5);
            wait(&mut host, deadline).await;
            assert_eq!(tokens(&mut host), [], "round {round}");
        });
        if round % 2 == 0 {
            drop(runtime);
        }
        host.send(other, b"x", 0).expect("sent");
        single().block_on(async {
            wait(&mut host, None).await;
            assert_eq!(tokens(&mut host), [1]);
            assert_eq!(host.receive(one, 9).expect("received"), b"x");
        });
    }
}

#[test]
fn a_hundred_hosts_move_between_the_threads_of_a_runtime() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let tasks: Vec<_> = (0..100).map(|number| tokio::spawn(ping_pong(number))).collect();
        for task in tasks {
            task.await.expect("an engine's end");
        }
    });
}

async fn ping_pong(number: u8) {
    let mut host = host();
    let (one, other) = pair(&mut host);
    host.watch(one, Direction::Read, 1).expect("a watch");
    host.watch(other, Direction::Read, 2).expect("a watch");
    host.send(one, &[number], 0).expect("sent");
    for _ in 0..50 {
        wait(&mut host, None).await;
        for (fd, _, _) in ready(&mut host) {
            let mut byte = [0];
            assert_eq!(host.receive_into(fd, &mut byte, 0).expect("received"), 1);
            assert_eq!(byte, [number]);
            host.send(fd, &byte, 0).expect("sent");
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn nothing_is_lost_between_asking_and_waiting() {
    let mut host = host();
    let (one, other) = pair(&mut host);
    let other = host.release(other).expect("ours");
    host.watch(one, Direction::Read, 1).expect("a watch");
    let sender = std::os::unix::net::UnixStream::from(other);
    let writer = std::thread::spawn(move || {
        for round in 0..2000 {
            std::io::Write::write_all(&mut &sender, b"x").expect("sent");
            if round % 7 == 0 {
                std::thread::sleep(Duration::from_micros(50));
            }
        }
    });
    single().block_on(async {
        let mut received = 0;
        while received < 2000 {
            // Asks first, as the scheduler does, and often in vain.
            if tokens(&mut host).is_empty() {
                tokio::time::timeout(Duration::from_secs(20), wait(&mut host, None)).await.expect("a wake-up");
            }
            if let Ok(bytes) = host.receive(one, 3) {
                received += bytes.len();
            }
        }
    });
    writer.join().expect("a writer");
}

#[test]
fn virtual_time_jumps_when_nothing_else_can_happen() {
    let mut host = virtual_host();
    let (one, other) = pair(&mut host);
    host.watch(one, Direction::Read, 1).expect("a watch");
    let waker = Waker::from(Arc::new(Counter::default()));
    let mut cx = Context::from_waker(&waker);
    assert_eq!(host.clock.monotonic(), 0);
    assert!(host.wait(&mut cx, Some(100 * SECOND)).is_ready());
    assert_eq!(host.clock.now(), 100 * SECOND);
    host.send(other, b"x", 0).expect("sent");
    assert!(host.wait(&mut cx, Some(200 * SECOND)).is_ready());
    assert_eq!(host.clock.now(), 100 * SECOND, "something was ready");
    assert_eq!(tokens(&mut host), [1]);
    assert_eq!(host.clock.wall(), 1_000_000_100 * SECOND);
}

#[test]
fn virtual_time_is_real_while_something_is_in_flight() {
    let mut host = virtual_host();
    single().block_on(async {
        let op = host.start_call(
            1,
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(30)).await;
                Ok(OpOutput::Done)
            }),
        );
        wait(&mut host, Some(1000 * SECOND)).await;
        let mut done = Vec::new();
        host.take_completed(&mut done);
        assert_eq!(done[0].0, op);
        let passed = host.clock.now();
        assert!((25_000_000..5 * SECOND).contains(&passed), "{passed}");
        wait(&mut host, Some(1000 * SECOND)).await;
        assert_eq!(host.clock.now(), 1000 * SECOND);
    });
}

#[test]
fn only_what_is_woken_is_polled() {
    let polls = Arc::new(AtomicUsize::new(0));
    let wakers = Arc::new(Mutex::new(Vec::new()));
    let mut host = host();
    let mut ops = Vec::new();
    for number in 0..100_000 {
        let (polls, wakers, mut first) = (Arc::clone(&polls), Arc::clone(&wakers), true);
        ops.push(host.start_call(
            number,
            Box::pin(poll_fn(move |cx| {
                polls.fetch_add(1, Ordering::Relaxed);
                if std::mem::take(&mut first) {
                    wakers.lock().expect("whole").push(cx.waker().clone());
                    return Poll::Pending;
                }
                Poll::Ready(OpResult::Ok(OpOutput::Value(Box::new(number))))
            })),
        ));
    }
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(Arc::clone(&counter));
    assert!(host.wait(&mut Context::from_waker(&waker), None).is_pending());
    assert_eq!(polls.load(Ordering::Relaxed), 100_000);
    let start = Instant::now();
    for place in [500, 3, 99_999] {
        wakers.lock().expect("whole")[place].wake_by_ref();
    }
    assert_eq!(counter.0.load(Ordering::SeqCst), 1);
    assert!(host.wait(&mut Context::from_waker(&waker), None).is_ready());
    assert_eq!(polls.load(Ordering::Relaxed), 100_003);
    let mut done = Vec::new();
    host.take_completed(&mut done);
    assert!(start.elapsed() < Duration::from_millis(50));
    let numbers: Vec<u64> = done.into_iter().map(|(_, result)| value(result)).collect();
    assert_eq!(numbers, [500, 3, 99_999]);
    assert_eq!(host.in_flight(), 99_997);
    assert!(host.cancel(ops[7]));
    assert!(!host.cancel(ops[7]));
    assert!(!host.cancel(ops[3]));
    wakers.lock().expect("whole")[7].wake_by_ref();
    host.take_completed(&mut Vec::new());
    assert_eq!(host.in_flight(), 99_996);
}

fn value(result: OpResult) -> u64 {
    match result.expect("a value") {
        OpOutput::Value(value) => *value.downcast::<u64>().expect("a number"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn cancelling_a_call_drops_its_future() {
    struct Dropped(Arc<AtomicUsize>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let drops = Arc::new(AtomicUsize::new(0));
    let held = Dropped(Arc::clone(&drops));
    let mut host = host();
    let op = host.start_call(
        1,
        Box::pin(async move {
            let _held = held;
            std::future::pending::<OpResult>().await
        }),
    );
    assert!(host.cancel(op));
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(host.in_flight(), 0);
    assert!(host.describe(op).is_none());
}

#[test]
fn an_interrupt_from_another_thread_ends_a_wait() {
    let mut host = host();
    let interrupt = host.interrupt();
    single().block_on(async {
        let thread = std::thread::spawn({
            let interrupt = interrupt.clone();
            move || {
                std::thread::sleep(Duration::from_millis(10));
                interrupt.wake();
            }
        });
        wait(&mut host, None).await;
        assert!(host.take_wake());
        assert!(!host.take_wake());
        assert!(!host.cancelled());
        thread.join().expect("a thread");
        interrupt.cancel();
        wait(&mut host, None).await;
        assert!(host.cancelled());
        assert!(host.take_cancel());
        assert!(!interrupt.cancelled());
    });
}
