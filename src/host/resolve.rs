//! Names and addresses: getaddrinfo and getnameinfo.
//!
//! What is given as numbers is answered at once, without a thread; a name goes to the runtime's blocking pool, because the
//! system's resolver reads files and asks the network. Redirections (`--connect-to`) are applied here, to the host and the
//! port that the script asked for.

use dns_lookup::{AddrInfoHints, LookupError};

use super::Host;
use super::address::Address;
use super::error::{HostError, HostErrorKind, HostResult};
use super::grants::Grant;
use super::operation::{HostOp, OpOutput, OpResult};

/// What getaddrinfo is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolveQuery {
    /// The name or the numbers, in ASCII (the caller encodes other names); `None` is this machine.
    pub host: Option<String>,
    /// A port as digits, or the name of a service.
    pub service: Option<String>,
    /// `AF_INET`, `AF_INET6`, or 0 for both.
    pub family: i32,
    /// `SOCK_STREAM`, ..., or 0 for all.
    pub kind: i32,
    pub protocol: i32,
    /// `AI_PASSIVE`, ...
    pub flags: i32,
}

/// One answer of getaddrinfo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    /// Empty unless `AI_CANONNAME` was asked for.
    pub canonical_name: String,
    pub address: Address,
}

impl Host {
    /// Answers at once if host and service are numbers; otherwise gives the operation that the caller starts.
    pub fn resolve(&mut self, query: ResolveQuery) -> HostResult<Result<Vec<Resolved>, HostOp>> {
        self.grants.require(Grant::Network)?;
        let query = self.redirect_query(query);
        if let Some(answer) = numeric_answer(&query) {
            return Ok(Ok(vec![answer]));
        }
        let numeric_host = query.host.as_deref().is_none_or(|host| Address::numeric(host, 0).is_some());
        let numeric_service = query.service.as_deref().is_none_or(|service| service.parse::<u16>().is_ok());
        if numeric_host && numeric_service {
            ask_system(&query).map(Ok)
        } else {
            Ok(Err(HostOp::Resolve(query.into())))
        }
    }

    /// The names of an address, at once if numbers are asked for; otherwise gives the operation that the caller starts.
    pub fn name_of(&mut self, address: &Address, flags: i32) -> HostResult<Result<(String, String), HostOp>> {
        self.grants.require(Grant::Network)?;
        let numeric = libc::NI_NUMERICHOST | libc::NI_NUMERICSERV;
        if flags & numeric == numeric {
            return ask_names(address, flags).map(Ok);
        }
        Ok(Err(HostOp::NameOf { address: Box::new(address.clone()), flags }))
    }

    /// Where `--connect-to` sends a connection to this host and port.
    pub fn redirect(&self, host: &str, port: u16) -> (String, u16) {
        let (host, port) = self.redirections.apply(host, port);
        (host.to_owned(), port)
    }

    fn redirect_query(&self, mut query: ResolveQuery) -> ResolveQuery {
        let port = query.service.as_deref().map_or(Ok(0), str::parse::<u16>);
        if let (Some(host), Ok(port), false) = (&query.host, port, self.redirections.is_empty()) {
            let (new_host, new_port) = self.redirections.apply(host, port);
            let new_host = new_host.to_owned();
            query.service = query.service.map(|_| new_port.to_string());
            query.host = Some(new_host);
        }
        query
    }
}

/// The commonest question: one address in numbers, for one type of socket.
fn numeric_answer(query: &ResolveQuery) -> Option<Resolved> {
    let port = query.service.as_deref().map_or(Ok(0), str::parse::<u16>).ok()?;
    let address = Address::numeric(query.host.as_deref()?, port)?;
    let protocol = match query.kind {
        libc::SOCK_STREAM => libc::IPPROTO_TCP,
        libc::SOCK_DGRAM => libc::IPPROTO_UDP,
        _ => return None,
    };
    let family = address.family();
    let expected = (query.family == libc::AF_UNSPEC || query.family == family)
        && (query.protocol == 0 || query.protocol == protocol)
        && query.flags & !(libc::AI_PASSIVE | libc::AI_NUMERICHOST | libc::AI_NUMERICSERV) == 0;
    expected.then(|| Resolved { family, kind: query.kind, protocol, canonical_name: String::new(), address })
}

/// Asks the system's resolver, in this thread.
fn ask_system(query: &ResolveQuery) -> HostResult<Vec<Resolved>> {
    let hints =
        AddrInfoHints { flags: query.flags, address: query.family, socktype: query.kind, protocol: query.protocol };
    if query.host.is_none() && query.service.is_none() {
        return Err(HostError::resolver(libc::EAI_NONAME));
    }
    let answers = dns_lookup::getaddrinfo(query.host.as_deref(), query.service.as_deref(), Some(hints));
    let mut resolved = Vec::new();
    for answer in answers.map_err(resolver_error)? {
        // Only addresses of families that sockets here can have are of use.
        let Ok(answer) = answer else { continue };
        resolved.push(Resolved {
            family: answer.address,
            kind: answer.socktype,
            protocol: answer.protocol,
            canonical_name: answer.canonname.unwrap_or_default(),
            address: Address::from_std(answer.sockaddr),
        });
    }
    Ok(resolved)
}

fn ask_names(address: &Address, flags: i32) -> HostResult<(String, String)> {
    let address = address.to_std().ok_or_else(|| HostError::resolver(libc::EAI_FAMILY))?;
    dns_lookup::getnameinfo(&address, flags).map_err(resolver_error)
}

/// Does an operation of the resolver in this thread, which may take its time.
pub(super) fn ask(op: &HostOp) -> OpResult {
    match op {
        HostOp::Resolve(query) => ask_system(query).map(OpOutput::Addresses),
        HostOp::NameOf { address, flags } => {
            ask_names(address, *flags).map(|(host, service)| OpOutput::Names { host, service })
        }
        HostOp::StandardInput | HostOp::StreamWritable(_) | HostOp::Call(_) => Ok(OpOutput::Done),
    }
}

fn resolver_error(error: LookupError) -> HostError {
    let code = error.error_num();
    let system = HostError::from(std::io::Error::from(error));
    // A name with a NUL in it, or an error of the system below the resolver.
    let is_systems =
        code == 0 || code == libc::EAI_SYSTEM && system.kind == HostErrorKind::System && system.errno != libc::EIO;
    if is_systems { system } else { HostError::resolver(code) }
}
