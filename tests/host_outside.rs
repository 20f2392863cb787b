//! What passes the door: files, streams, names, socket options, signals; and what is refused there.

use std::future::poll_fn;
use std::net::UdpSocket;
use std::path::PathBuf;

use aspen::host::constant::*;
use aspen::host::{
    Address, Capture, EntryKind, Fd, FdKind, Grant, Grants, Host, HostErrorKind, HostOp, HostOptions, Input, OpOutput,
    Random, Redirections, ResolveQuery, StandardStream, Written,
};

fn host() -> Host {
    Host::new(HostOptions { grants: Grants::ALL, ..HostOptions::default() })
}

fn single() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn finish(host: &mut Host) -> OpOutput {
    let mut done = Vec::new();
    single().block_on(async {
        while done.is_empty() {
            poll_fn(|cx| host.wait(cx, None)).await.expect("a wait");
            host.take_completed(&mut done);
        }
    });
    done.remove(0).1.expect("a success")
}

/// A directory of this test's own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("aspen-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a directory");
        Folder(path.canonicalize().expect("it exists"))
    }

    fn path(&self) -> &[u8] {
        self.0.as_os_str().as_encoded_bytes()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_from_the_engine_s_own_directory() {
    let folder = Folder::new("files");
    let mut host = host();
    host.change_directory(folder.path()).expect("changed");
    assert_eq!(host.current_directory().expect("granted"), folder.path());
    let file = host.open_file(b"a.txt", O_RDWR | O_CREAT | O_TRUNC, 0o644).expect("made");
    assert_eq!(host.descriptor_kind(file).expect("ours"), FdKind::File);
    assert_eq!(host.write(file, b"hello, world").expect("written"), 12);
    assert_eq!(host.seek(file, -5, SEEK_END).expect("moved"), 7);
    let mut buffer = [0; 10];
    assert_eq!(host.read(file, &mut buffer).expect("read"), 5);
    assert_eq!(&buffer[..5], b"world");
    let mut all = b">".to_vec();
    host.seek(file, 0, SEEK_SET).expect("moved");
    assert_eq!(host.read_append(file, &mut all, 5).expect("read"), 5);
    assert_eq!(all, b">hello");
    host.truncate(file, 3).expect("cut");
    assert_eq!(host.status_of(file).expect("known").size, 3);
    host.close(file).expect("closed");
    assert_eq!(host.open_descriptors(), 0);
    assert_eq!(host.read_file(b"a.txt").expect("read"), b"hel");
    host.make_directory(b"d", 0o755).expect("made");
    host.rename(b"a.txt", b"d/b.txt").expect("renamed");
    host.make_symbolic_link(b"b.txt", b"d/l").expect("linked");
    let mut entries = host.list_directory(b"d").expect("listed");
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    let entries: Vec<_> = entries.iter().map(|entry| (&entry.name[..], entry.kind)).collect();
    assert_eq!(entries, [(&b"b.txt"[..], EntryKind::File), (b"l", EntryKind::Link)]);
    assert!(host.link_status(b"d/l").expect("known").is_link());
    assert!(host.status(b"d/l").expect("known").is_file());
    assert_eq!(host.read_link(b"d/l").expect("a link"), b"b.txt");
    host.set_times(b"d/b.txt", 1_500_000_000, 2_500_000_000).expect("set");
    assert_eq!(host.status(b"d/b.txt").expect("known").modified, 2_500_000_000);
    assert_eq!(host.remove_directory(b"d").expect_err("not empty").errno, ENOTEMPTY);
}

#[test]
fn errors_carry_number_text_and_path() {
    let mut host = host();
    let error = host.open(b"/nowhere/at all", O_RDONLY, 0).expect_err("not there");
    assert_eq!(error.errno, ENOENT);
    assert_eq!(error.message(), "No such file or directory");
    assert_eq!(error.filename(), Some(&b"/nowhere/at all"[..]));
    assert_eq!(host.open_file(b"/", O_RDONLY, 0).expect_err("a directory").errno, EISDIR);
    let error = host.rename(b"/nowhere/a", b"/nowhere/b").expect_err("not there");
    assert_eq!(error.filename2(), Some(&b"/nowhere/b"[..]));
    assert_eq!(host.read(Fd(0x7fff), &mut [0]).expect_err("not ours").errno, EBADF);
}

#[test]
fn what_is_not_granted_is_refused() {
    let mut host = Host::new(HostOptions { grants: Grants::NONE, ..HostOptions::default() });
    let error = host.open(b"/etc/passwd", O_RDONLY, 0).expect_err("refused");
    assert_eq!((error.kind, error.errno), (HostErrorKind::Refused(Grant::Files), EPERM));
    assert_eq!(host.socket(AF_INET, SOCK_STREAM, 0).expect_err("refused").errno, EPERM);
    assert_eq!(host.watch_signal(SIGUSR1).expect_err("refused").errno, EPERM);
    assert!(host.resolve(ResolveQuery::default()).is_err());
    assert!(host.variables().is_empty());
    assert_eq!(host.write(Fd(1), b"x").expect_err("not ours").errno, EBADF);
    host.socket_pair(AF_UNIX, SOCK_STREAM, 0).expect("needs no grant");
}

#[test]
fn descriptors_of_the_process_are_out_of_reach() {
    let mut host = host();
    let own = std::fs::File::open("Cargo.toml").expect("a file");
    let number = std::os::fd::AsRawFd::as_raw_fd(&own);
    assert_eq!(host.read(Fd(number), &mut [0]).expect_err("not ours").errno, EBADF);
    let adopted = host.adopt(own.into()).expect("adopted");
    assert_eq!(host.read(adopted, &mut [0]).expect("read"), 1);
    drop(host.release(adopted).expect("ours"));
    assert_eq!(host.open_descriptors(), 0);
}

#[test]
fn no_more_descriptors_is_told_apart() {
    assert!(aspen::host::HostError::system(EMFILE).too_many_files());
    assert!(!aspen::host::HostError::system(ENOENT).too_many_files());
}

#[test]
fn captured_output_is_not_held_back() {
    let (output, error) = (Capture::default(), Capture::default());
    let options =
        HostOptions { output: Box::new(output.clone()), error: Box::new(error.clone()), ..HostOptions::default() };
    let mut host = Host::new(options);
    assert_eq!(host.write_stream(StandardStream::Output, b"one"), Ok(Written::Done));
    assert_eq!(host.write_stream(StandardStream::Error, b"two\n"), Ok(Written::Done));
    assert_eq!((output.take(), error.take()), (b"one".to_vec(), b"two\n".to_vec()));
    assert!(!host.stream_is_terminal(StandardStream::Output));
}

/// A pipe that takes four bytes, then nothing until it is emptied.
struct Narrow {
    write: std::os::fd::OwnedFd,
    left: usize,
}

impl aspen::host::Output for Narrow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            self.left = 4;
            return Err(std::io::ErrorKind::WouldBlock.into());
        }
        let count = bytes.len().min(self.left);
        self.left -= count;
        std::io::Write::write(&mut std::fs::File::from(self.write.try_clone()?), &bytes[..count])
    }

    fn buffering(&self) -> aspen::host::Buffering {
        aspen::host::Buffering::Line
    }

    fn descriptor(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        Some(std::os::fd::AsFd::as_fd(&self.write))
    }
}

#[test]
fn a_full_stream_takes_everything_in_the_end() {
    let (mut read, write) = std::io::pipe().expect("a pipe");
    let options = HostOptions { output: Box::new(Narrow { write: write.into(), left: 4 }), ..HostOptions::default() };
    let mut host = Host::new(options);
    assert_eq!(host.write_stream(StandardStream::Output, b"a line"), Ok(Written::Done));
    assert_eq!(host.write_stream(StandardStream::Output, b" of text\n"), Ok(Written::Full));
    let op = host.start(HostOp::StreamWritable(StandardStream::Output)).expect("started");
    assert_eq!(host.describe(op), Some(&HostOp::StreamWritable(StandardStream::Output)));
    assert!(matches!(finish(&mut host), OpOutput::Done));
    assert_eq!(host.write_stream(StandardStream::Output, b"the end"), Ok(Written::Done));
    host.finish_streams().expect("written");
    drop(host);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut read, &mut text).expect("read");
    assert_eq!(text, "a line of text\nthe end");
}

#[test]
fn input_that_is_given_is_read_at_once() {
    let input = Input::Bytes(b"first\nsecond".to_vec(), 0);
    let mut host = Host::new(HostOptions { input, ..HostOptions::default() });
    let mut buffer = [0; 8];
    host.start(HostOp::StandardInput).expect("started");
    assert!(matches!(finish(&mut host), OpOutput::Done));
    assert_eq!(host.read_input(&mut buffer), Ok(8));
    assert_eq!(host.read_input(&mut buffer), Ok(4));
    assert_eq!(host.read_input(&mut buffer), Ok(0));
}

fn query(host: &str, service: &str) -> ResolveQuery {
    ResolveQuery {
        host: Some(host.to_owned()),
        service: Some(service.to_owned()),
        kind: SOCK_STREAM,
        ..ResolveQuery::default()
    }
}

#[test]
fn numbers_are_resolved_at_once_and_names_elsewhere() {
    let mut host = host();
    let found = host.resolve(query("127.0.0.1", "80")).expect("granted").expect("at once");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].family, found[0].kind, found[0].protocol), (AF_INET, SOCK_STREAM, IPPROTO_TCP));
    assert_eq!(Some(&found[0].address), Address::numeric("127.0.0.1", 80).as_ref());
    let all = ResolveQuery { kind: 0, ..query("::1", "80") };
    assert!(host.resolve(all).expect("granted").expect("at once").len() > 1);
    let op = host.resolve(query("localhost", "80")).expect("granted").expect_err("a name");
    single().block_on(async {
        let id = host.start(op).expect("started");
        assert_eq!(host.in_flight(), 1);
        let mut done = Vec::new();
        while done.is_empty() {
            poll_fn(|cx| host.wait(cx, None)).await.expect("a wait");
            host.take_completed(&mut done);
        }
        let (finished, result) = done.remove(0);
        assert_eq!(finished, id);
        let Ok(OpOutput::Addresses(addresses)) = result else { panic!("{result:?}") };
        assert!(addresses.iter().all(|one| one.address.port() == Some(80)), "{addresses:?}");
    });
    let numeric = ResolveQuery { flags: AI_NUMERICHOST, ..query("no-such-host.invalid", "80") };
    let op = host.resolve(numeric).expect("granted").expect_err("a name");
    single().block_on(async {
        host.start(op).expect("started");
        poll_fn(|cx| host.wait(cx, None)).await.expect("a wait");
    });
    let mut done = Vec::new();
    host.take_completed(&mut done);
    let error = done.remove(0).1.expect_err("no number");
    assert_eq!((error.kind, error.errno), (HostErrorKind::Resolver, EAI_NONAME));
    assert_eq!(error.message(), "Name or service not known");
    let address = Address::numeric("127.0.0.1", 80).expect("an address");
    let names = host.name_of(&address, NI_NUMERICHOST | NI_NUMERICSERV).expect("granted").expect("at once");
    assert_eq!(names, ("127.0.0.1".to_owned(), "80".to_owned()));
}

#[test]
fn redirections_reach_the_resolver() {
    let mut redirections = Redirections::default();
    redirections.add("example.com:80:127.0.0.1:8080").expect("a rule");
    let mut host = Host::new(HostOptions { grants: Grants::ALL, redirections, ..HostOptions::default() });
    let found = host.resolve(query("example.com", "80")).expect("granted").expect("at once");
    assert_eq!(found[0].address.to_string(), "127.0.0.1:8080");
    assert_eq!(host.redirect("example.com", 81), ("example.com".to_owned(), 81));
}

#[test]
fn options_of_sockets() {
    let mut host = host();
    let socket = host.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0).expect("a socket");
    for (level, option) in [(SOL_SOCKET, SO_REUSEADDR), (SOL_SOCKET, SO_KEEPALIVE), (IPPROTO_TCP, TCP_NODELAY)] {
        assert_eq!(host.socket_option(socket, level, option).expect("known"), 0);
        host.set_socket_option(socket, level, option, 1).expect("set");
        assert_eq!(host.socket_option(socket, level, option).expect("known"), 1);
    }
    assert_eq!(host.socket_option(socket, SOL_SOCKET, SO_TYPE).expect("known"), SOCK_STREAM);
    host.set_socket_option_bytes(socket, SOL_SOCKET, SO_LINGER, &[1, 0, 0, 0, 5, 0, 0, 0]).expect("set");
    assert_eq!(host.socket_option_bytes(socket, SOL_SOCKET, SO_LINGER).expect("known"), [1, 0, 0, 0, 5, 0, 0, 0]);
    let error = host.socket_option(socket, 77, 88).expect_err("nothing");
    assert_eq!((error.kind, error.errno), (HostErrorKind::Unsupported, ENOPROTOOPT));
    assert!(error.message().contains("88"));
    assert_eq!(host.socket_properties(socket).expect("a socket"), (AF_INET, SOCK_STREAM, IPPROTO_TCP));
    assert_eq!(host.listen(socket, 5), Ok(()));
    assert_eq!(host.peer_name(socket).expect_err("not connected").errno, ENOTCONN);
}

#[test]
fn datagrams_and_pipes() {
    let mut host = host();
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let socket = host.socket(AF_INET, SOCK_DGRAM, 0).expect("a socket");
    host.bind(socket, &Address::numeric("127.0.0.1", 0).expect("an address")).expect("bound");
    let to = Address::from_std(peer.local_addr().expect("bound"));
    assert_eq!(host.send_to(socket, b"ping", 0, &to), Ok(4));
    let mut buffer = [0; 16];
    let (count, from) = peer.recv_from(&mut buffer).expect("received");
    peer.send_to(&buffer[..count], from).expect("sent");
    let (count, sender) = loop {
        match host.receive_from(socket, &mut buffer, 0) {
            Err(error) if error.would_block() => std::thread::yield_now(),
            result => break result.expect("received"),
        }
    };
    assert_eq!((&buffer[..count], sender), (&b"ping"[..], Some(to)));
    let (read, write) = host.pipe().expect("a pipe");
    assert!(host.read(read, &mut buffer).expect_err("empty").would_block());
    assert_eq!(host.write(write, b"x"), Ok(1));
    assert_eq!(host.read(read, &mut buffer), Ok(1));
    assert!(!host.is_inheritable(read).expect("ours"));
    host.close(read).expect("closed");
    assert!(host.write(write, b"x").expect_err("no reader").broken_pipe());
    assert_eq!(host.send_vectored(socket, &[]).expect_err("no address").errno, EDESTADDRREQ);
}

#[test]
fn unix_sockets_by_path() {
    let folder = Folder::new("unix");
    let mut host = host();
    let address = Address::UnixPath([folder.path(), b"/socket"].concat().into());
    let server = host.socket(AF_UNIX, SOCK_STREAM, 0).expect("a socket");
    host.bind(server, &address).expect("bound");
    host.listen(server, 1).expect("listening");
    let client = host.socket(AF_UNIX, SOCK_STREAM, 0).expect("a socket");
    host.connect(client, &address).expect("connected at once");
    let (connection, peer) = host.accept(server).expect("a connection");
    assert_eq!(peer, Address::UnixUnnamed);
    assert_eq!(host.peer_name(client).expect("connected"), address);
    host.send(connection, b"hello", 0).expect("sent");
    host.shutdown(connection, SHUT_WR).expect("ended");
    assert_eq!(host.receive(client, 100).expect("received"), b"hello");
    assert_eq!(host.receive(client, 100).expect("the end"), b"");
    assert!(host.accept(server).expect_err("nobody").would_block());
}

#[test]
fn signals_come_as_data_and_wake_a_wait() {
    let mut host = host();
    host.watch_signal(SIGUSR1).expect("installed");
    host.watch_signal(SIGUSR1).expect("again");
    assert_eq!(host.watch_signal(SIGKILL).expect_err("nobody can").errno, EINVAL);
    assert_eq!(host.watched_descriptors(), 0);
    single().block_on(async {
        let raise = std::thread::spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            signal_hook::low_level::raise(SIGUSR1).expect("raised");
        });
        poll_fn(|cx| host.wait(cx, None)).await.expect("a wait");
        raise.join().expect("a thread");
        let mut came = Vec::new();
        host.take_signals(&mut came);
        assert_eq!(came, [SIGUSR1]);
        host.take_signals(&mut came);
        assert_eq!(came, [SIGUSR1]);
        let deadline = host.clock.now() + 5_000_000;
        poll_fn(|cx| host.wait(cx, Some(deadline))).await.expect("a wait");
        assert!(host.clock.now() >= deadline, "the pipe was emptied");
    });
}

#[test]
fn variables_are_the_engine_s_own() {
    let mut host = host();
    host.set_variable(b"ASPEN_TEST_VARIABLE", b"1");
    assert_eq!(host.variable(b"ASPEN_TEST_VARIABLE"), Some(&b"1"[..]));
    assert!(std::env::var_os("ASPEN_TEST_VARIABLE").is_none());
    assert!(host.unset_variable(b"ASPEN_TEST_VARIABLE"));
    assert!(!host.unset_variable(b"ASPEN_TEST_VARIABLE"));
}

#[test]
fn seeded_randomness_comes_again() {
    let mut sequences = [[0; 20]; 2];
    for bytes in &mut sequences {
        Random::Seeded(7).fill(bytes);
    }
    assert_eq!(sequences[0], sequences[1]);
    let mut system = [0; 32];
    Random::System.fill(&mut system);
    assert_ne!(system, [0; 32]);
    assert!(aspen::host::default_memory_limit() > 1 << 20);
}
