//! Randomness: the system's, or a sequence that an embedder can have again.

use rustix::rand::GetRandomFlags;

/// Where an engine's random bytes come from (`os.urandom`, the key of its string hashes, unseeded generators).
#[derive(Clone, Debug, Default)]
pub enum Random {
    /// The system's generator.
    #[default]
    System,
    /// The same bytes each time: for tests and for replays, never for secrets.
    Seeded(u64),
}

impl Random {
    /// Fills a buffer.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        match self {
            Random::System => fill_from_system(bytes),
            Random::Seeded(state) => {
                for piece in bytes.chunks_mut(8) {
                    piece.copy_from_slice(&next(state).to_le_bytes()[..piece.len()]);
                }
            }
        }
    }
}

fn fill_from_system(mut bytes: &mut [u8]) {
    while !bytes.is_empty() {
        // Never fails once the system has started, except when a signal comes between.
        let filled = rustix::rand::getrandom(&mut *bytes, GetRandomFlags::empty()).unwrap_or(0);
        bytes = &mut bytes[filled..];
    }
}

/// SplitMix64: a counter, mixed.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
