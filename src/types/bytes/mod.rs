//! `bytes`, and what all bytes-like objects share.
//!
//! 1. [`buffer`]: the bytes inside bytes, bytearray and memoryview.

pub mod buffer;

pub use buffer::{data_of, is_view};
