//! Names and addresses: `getaddrinfo`, `gethostbyname`, ….
//!
//! What is given as numbers is answered at once; otherwise the fiber waits for the resolver.

use super::c_int;
use crate::call::{Ask, Cx, MachineAsk, Outcome};
use crate::host::{Address, HostOp, OpOutput, ResolveQuery, Resolved, constant as number};
use crate::types::socket::{self, Given, checked, host_text, shown_address};
use crate::types::{classes, os_error};
use crate::value::{NativeFrame, Value};

/// Asks the resolver; step 0 asks, step 1 has the answer.
pub fn resolve(cx: &mut Cx, frame: &mut NativeFrame, query: ResolveQuery) -> Result<Vec<Resolved>, Ask> {
    if frame.step == 1 {
        frame.told.into_outcome()?;
        return match cx.output.take() {
            Some(OpOutput::Addresses(addresses)) => Ok(addresses),
            _ => Err(cx.runtime_error("the resolver gave no addresses")),
        };
    }
    frame.step = 1;
    let result = cx.host.resolve(query);
    match checked(cx, result)? {
        Ok(addresses) => Ok(addresses),
        Err(op) => Err(wait_for(cx, op)),
    }
}

fn wait_for(cx: &mut Cx, op: HostOp) -> Ask {
    cx.ask_machine(MachineAsk::Operation(Box::new(op)))
}

/// An address of one family for a name, as a tuple in numbers.
pub fn resolve_given(cx: &mut Cx, frame: &mut NativeFrame, family: i32, given: Given) -> Result<Address, Ask> {
    match given {
        Given::Known(address) => Ok(address),
        Given::Named { host, port } => {
            let query = ResolveQuery {
                host: Some(host),
                service: Some(port.to_string()),
                family,
                kind: number::SOCK_STREAM,
                ..ResolveQuery::default()
            };
            let found = resolve(cx, frame, query)?;
            match found.into_iter().next() {
                Some(found) => Ok(found.address),
                None => Err(no_name(cx)),
            }
        }
    }
}

fn no_name(cx: &mut Cx) -> Ask {
    os_error::raise(cx, &crate::host::HostError::resolver(number::EAI_NONAME))
}

/// What getaddrinfo is asked, of its arguments host, port, family, type, proto, flags.
pub fn query_of(cx: &mut Cx, args: &[Value]) -> Result<ResolveQuery, Ask> {
    let host = match args[0] {
        Value::None => None,
        given => match cx.text_of(given).is_some() || crate::types::bytes::buffer::is_buffer(cx, given) {
            true => Some(host_text(cx, given)?),
            false => return Err(cx.type_error("getaddrinfo() argument 1 must be string or None")),
        },
    };
    let service = match cx.exact(args[1]) {
        Value::None => None,
        Value::Int(port) => Some(port.to_string()),
        Value::Bool(port) => Some(i32::from(port).to_string()),
        Value::BigInt(_) => return Err(cx.overflow_error("Python int too large to convert to C long")),
        given => match cx.text_of(given).is_some() || crate::types::bytes::buffer::is_buffer(cx, given) {
            true => Some(host_text(cx, given)?),
            false => return Err(cx.raise(classes::OS_ERROR, "Int or String expected")),
        },
    };
    // glibc takes an empty text for a name.
    let host = host.filter(|host| !host.is_empty());
    Ok(ResolveQuery {
        host,
        service: service.filter(|service| !service.is_empty()),
        family: c_int(cx, args[2], 0)?,
        kind: c_int(cx, args[3], 0)?,
        protocol: c_int(cx, args[4], 0)?,
        flags: c_int(cx, args[5], 0)?,
    })
}

/// One answer as scripts see it: (family, type, proto, canonname, sockaddr).
pub fn shown_answer(cx: &mut Cx, answer: &Resolved) -> Value {
    let name = cx.str(&answer.canonical_name);
    let address = shown_address(cx, &answer.address);
    let numbers = [answer.family, answer.kind, answer.protocol].map(|number| Value::Int(number.into()));
    cx.heap.new_tuple(&[numbers[0], numbers[1], numbers[2], name, address])
}

pub fn getaddrinfo(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let query = query_of(cx, &frame.values)?;
    let found = resolve(cx, frame, query)?;
    let shown = found.iter().map(|answer| shown_answer(cx, answer)).collect();
    Ok(cx.heap.new_list(shown))
}

/// values: the address, the flags.
pub fn getnameinfo(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        frame.told.into_outcome()?;
        let Some(OpOutput::Names { host, service }) = cx.output.take() else {
            return Err(cx.runtime_error("the resolver gave no names"));
        };
        return Ok(pair(cx, &host, &service));
    }
    frame.step = 1;
    let Value::Tuple(id) = cx.exact(frame.values[0]) else {
        return Err(cx.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let is_long = cx.heap.tuples.get(id).items().len() > 2;
    let is_ip6 = cx
        .heap
        .tuples
        .get(id)
        .items()
        .first()
        .is_some_and(|&host| cx.text_of(host).is_some_and(|host| host.contains(&b':')));
    let family = if is_long || is_ip6 { number::AF_INET6 } else { number::AF_INET };
    let address = match socket::given(cx, family, frame.values[0], "getnameinfo")? {
        Given::Known(address) => address,
        Given::Named { .. } => return Err(no_name(cx)),
    };
    let flags = c_int(cx, frame.values[1], 0)?;
    let result = cx.host.name_of(&address, flags);
    match checked(cx, result)? {
        Ok((host, service)) => Ok(pair(cx, &host, &service)),
        Err(op) => Err(wait_for(cx, op)),
    }
}

fn pair(cx: &mut Cx, host: &str, service: &str) -> Value {
    let both = [cx.str(host), cx.str(service)];
    cx.heap.new_tuple(&both)
}

fn host_query(cx: &mut Cx, value: Value) -> Result<ResolveQuery, Ask> {
    let host = host_text(cx, value)?;
    let host = match host.as_str() {
        "" => "0.0.0.0".to_owned(),
        "<broadcast>" => "255.255.255.255".to_owned(),
        _ => host,
    };
    let flags = number::AI_CANONNAME;
    let (family, kind) = (number::AF_INET, number::SOCK_STREAM);
    Ok(ResolveQuery { host: Some(host), family, kind, flags, ..ResolveQuery::default() })
}

pub fn gethostbyname(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let query = host_query(cx, frame.values[0])?;
    let found = resolve(cx, frame, query)?;
    match found.first().and_then(|found| found.address.host()) {
        Some(host) => Ok(cx.str(&host)),
        None => Err(no_name(cx)),
    }
}

pub fn gethostbyname_ex(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let query = host_query(cx, frame.values[0])?;
    let asked = query.host.clone().unwrap_or_default();
    let found = resolve(cx, frame, query)?;
    let name = found.first().map(|found| found.canonical_name.clone()).filter(|name| !name.is_empty());
    let name = cx.str(&name.unwrap_or(asked));
    let aliases = cx.heap.new_list(Vec::new());
    let hosts: Vec<String> = found.iter().filter_map(|found| found.address.host()).collect();
    let hosts = hosts.iter().map(|host| cx.str(host)).collect();
    let hosts = cx.heap.new_list(hosts);
    Ok(cx.heap.new_tuple(&[name, aliases, hosts]))
}

/// Steps: the host's address, then its name.
pub fn gethostbyaddr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 2 {
        frame.told.into_outcome()?;
        let Some(OpOutput::Names { host, .. }) = cx.output.take() else {
            return Err(cx.runtime_error("the resolver gave no names"));
        };
        let host = cx.str(&host);
        let aliases = cx.heap.new_list(Vec::new());
        let addresses = cx.heap.new_list(vec![frame.values[0]]);
        return Ok(cx.heap.new_tuple(&[host, aliases, addresses]));
    }
    let query = host_query(cx, frame.values[0])?;
    let query = ResolveQuery { family: 0, ..query };
    let found = resolve(cx, frame, query)?;
    let Some(address) = found.into_iter().next().map(|found| found.address) else { return Err(no_name(cx)) };
    let host = address.host().unwrap_or_default();
    frame.values[0] = cx.str(&host);
    frame.step = 2;
    let result = cx.host.name_of(&address, number::NI_NAMEREQD);
    match checked(cx, result)? {
        Ok((host, service)) => Ok(pair(cx, &host, &service)),
        Err(op) => Err(wait_for(cx, op)),
    }
}

pub fn getservbyname(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let name = super::text(cx, frame.values[0]);
    let kind = match frame.values[1].given().map(|protocol| super::text(cx, protocol)).as_deref() {
        Some("udp") => number::SOCK_DGRAM,
        _ => number::SOCK_STREAM,
    };
    let query = ResolveQuery { service: Some(name), kind, ..ResolveQuery::default() };
    match resolve(cx, frame, query) {
        Ok(found) => match found.first().and_then(|found| found.address.port()) {
            Some(port) => Ok(Value::Int(port.into())),
            None => Err(cx.raise(classes::OS_ERROR, "service/proto not found")),
        },
        Err(Ask::Raise(_)) => Err(cx.raise(classes::OS_ERROR, "service/proto not found")),
        Err(ask) => Err(ask),
    }
}
