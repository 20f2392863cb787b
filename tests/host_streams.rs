//! The process's own standard streams. Each test starts this program again, as a child that runs only the test `child`,
//! with pipes at its ends; what the child is to do is in a variable.

use std::future::poll_fn;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aspen::host::constant::SIGINT;
use aspen::host::{Host, HostOp, HostOptions, OpOutput, StandardStream, Written};

const VARIABLE: &str = "ASPEN_STREAMS_CHILD";

fn start(part: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child", "--nocapture", "--quiet"])
        .env(VARIABLE, part)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child")
}

fn wait_for(host: &mut Host, op: HostOp) -> Result<(), aspen::host::HostError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut done = Vec::new();
    runtime.block_on(async {
        host.start(op)?;
        while done.is_empty() {
            poll_fn(|cx| host.wait(cx, None)).await?;
            host.take_completed(&mut done);
        }
        Ok::<(), aspen::host::HostError>(())
    })?;
    done.remove(0).1.map(|output| assert!(matches!(output, OpOutput::Done)))
}

#[test]
fn child() {
    let Ok(part) = std::env::var(VARIABLE) else { return };
    let mut host = Host::new(HostOptions::command());
    match &part[..] {
        "echo" => echo(&mut host),
        "flood" => flood(&mut host),
        "cancel" => cancel_a_read(&mut host),
        "interrupt" => interrupt_twice(&mut host),
        _ => broken_pipe(&mut host),
    }
    drop(host);
    // The test program has something to say about how the test ended; nobody is to read it.
    std::process::exit(0);
}

fn echo(host: &mut Host) {
    host.write_stream(StandardStream::Output, b"question? ").expect("written");
    let mut buffer = [0; 64];
    loop {
        match host.read_input(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                host.write_stream(StandardStream::Output, &buffer[..count]).expect("written");
            }
            Err(error) if error.would_block() => wait_for(host, HostOp::StandardInput).expect("something"),
            Err(error) => panic!("{error}"),
        }
    }
    host.write_stream(StandardStream::Error, b"line\nno line").expect("written");
}

/// Standard output is a pipe whose flags must stay as they are.
fn flood(host: &mut Host) {
    let mut full = 0;
    for number in 0..200_000 {
        if host.write_stream(StandardStream::Output, format!("{number}\n").as_bytes()) == Ok(Written::Full) {
            full += 1;
            wait_for(host, HostOp::StreamWritable(StandardStream::Output)).expect("a reader");
        }
    }
    assert!(full > 0, "the reader was slow");
    let flags = rustix::fs::fcntl_getfl(std::io::stdout()).expect("open");
    assert!(!flags.contains(rustix::fs::OFlags::NONBLOCK));
}

fn cancel_a_read(host: &mut Host) {
    let op = host.start(HostOp::StandardInput).expect("started");
    std::thread::sleep(Duration::from_millis(30));
    assert!(host.cancel(op));
    assert_eq!(host.in_flight(), 0);
    echo(host);
}

fn broken_pipe(host: &mut Host) {
    host.write_stream(StandardStream::Error, b"ready\n").expect("written");
    wait_for(host, HostOp::StandardInput).expect("the end");
    host.write_stream(StandardStream::Output, b"nobody reads this").expect("buffered");
    let error = host.flush_stream(StandardStream::Output).expect_err("nobody reads");
    assert!(error.broken_pipe());
    host.finish_streams().expect("nothing is left");
    host.write_stream(StandardStream::Error, b"quiet\n").expect("written");
}

fn interrupt_twice(host: &mut Host) {
    host.watch_signal(SIGINT).expect("installed");
    for _ in 0..2 {
        host.raise_signal(SIGINT).expect("raised");
        let mut came = Vec::new();
        host.take_signals(&mut came);
        assert_eq!(came, [SIGINT]);
    }
    host.raise_signal(SIGINT).expect("raised");
    host.raise_signal(SIGINT).expect("raised");
    unreachable!("nobody took the first");
}

/// What the child wrote, without what the test program says itself.
fn outputs(mut child: Child) -> (String, String) {
    let (mut output, mut error) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut output).expect("text");
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("text");
    assert!(child.wait().expect("an end").success(), "{output}\n{error}");
    (output.trim_start_matches("\nrunning 1 test\n").to_owned(), error)
}

#[test]
fn input_is_waited_for_and_output_is_flushed_before() {
    let mut child = start("echo");
    let mut output = child.stdout.take().expect("a pipe");
    let mut seen = String::new();
    while !seen.ends_with("question? ") {
        let mut byte = [0];
        output.read_exact(&mut byte).expect("the question");
        seen.push(char::from(byte[0]));
    }
    let mut input = child.stdin.take().expect("a pipe");
    for piece in ["an ", "answer"] {
        input.write_all(piece.as_bytes()).expect("written");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "an answer");
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("text");
    assert_eq!(error, "line\nno line");
    assert!(child.wait().expect("an end").success());
}

#[test]
fn a_slow_reader_gets_everything() {
    let child = start("flood");
    std::thread::sleep(Duration::from_millis(100));
    let (output, error) = outputs(child);
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 200_000, "{error}");
    assert!(lines.iter().enumerate().all(|(number, line)| line.parse() == Ok(number)));
}

#[test]
fn a_cancelled_read_loses_nothing() {
    let mut child = start("cancel");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"typed early").expect("written");
    drop(input);
    assert_eq!(outputs(child).0, "question? typed early");
}

#[test]
fn a_broken_pipe_is_an_error_like_others() {
    let mut child = start("broken");
    let mut error = child.stderr.take().expect("a pipe");
    // The test program itself would fail if its output were closed before the child runs.
    error.read_exact(&mut [0; 6]).expect("a line");
    drop(child.stdout.take());
    drop(child.stdin.take());
    let mut rest = String::new();
    error.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "quiet\n");
    assert!(child.wait().expect("an end").success());
}

#[test]
fn an_interrupt_behind_an_untaken_one_ends_the_process() {
    let status = start("interrupt").wait().expect("an end");
    assert_eq!(status.code(), Some(130));
}
