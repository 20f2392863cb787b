//! Streams: [`reader`], [`writer`], and the [`protocol`] between them and a transport.

pub mod protocol;
pub mod reader;
pub mod take;
pub mod writer;
