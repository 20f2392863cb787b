//! What an instruction is.
