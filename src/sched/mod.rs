//! Who runs next.
//!
//! ```text
//!            ┌────────── end of its quantum ──────────┐
//!            ↓                                        │
//!   runnable: first … last ── chosen ──→ running ── parks ──→ resting, with a named wait
//!            ↑                                                   │
//!            └── woken, ready, done, or its deadline has come ───┘
//! ```
//!
//! [`fibers`] keeps the fibers of an engine and their order. It does not know what an instruction is; the driver in
//! `engine/` runs the one that is chosen.

pub mod fibers;
