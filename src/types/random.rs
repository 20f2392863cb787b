//! The Mersenne Twister (MT19937) as CPython's `random` seeds and reads it, so that a seed gives CPython's sequence.
//!
//! Distributions (`uniform`, `shuffle`, `gauss`, ...) are built on `random()` and `getrandbits()` by the library.

use sha2::{Digest, Sha512};

use crate::value::bigint::{Int, IntRef, bits};

const N: usize = 624;
const M: usize = 397;

/// A generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twister {
    words: Box<[u32; N]>,
    /// The next word; `N` when all are used.
    at: usize,
}

impl Twister {
    /// Seeds as `random.seed(number)` does: with the absolute value.
    pub fn from_int(seed: IntRef) -> Self {
        let words = bits::to_words(seed);
        let mut key: Vec<u32> = words.iter().flat_map(|word| [*word as u32, (*word >> 32) as u32]).collect();
        while key.len() > 1 && key.last() == Some(&0) {
            key.pop();
        }
        Twister::from_key(&key)
    }

    /// Seeds as `random.seed(text)` does, for str (its UTF-8), bytes and bytearray: with the text and its SHA-512.
    pub fn from_bytes(seed: &[u8]) -> Self {
        let mut whole = seed.to_vec();
        whole.extend(Sha512::digest(seed));
        Twister::from_int(bits::from_bytes(&whole, bits::ByteOrder::Big, false).as_ref())
    }

    /// Seeds with any number of words; none is one of zero.
    pub fn from_key(key: &[u32]) -> Self {
        let key = if key.is_empty() { &[0] } else { key };
        let mut words = Box::new([0u32; N]);
        words[0] = 19_650_218;
        for at in 1..N {
            words[at] = scramble(words[at - 1]).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        let mut at = 1;
        for nth in 0..N.max(key.len()) {
            let key_at = nth % key.len();
            let mixed = words[at] ^ scramble(words[at - 1]).wrapping_mul(1_664_525);
            words[at] = mixed.wrapping_add(key[key_at]).wrapping_add(key_at as u32);
            at = next_place(&mut words, at);
        }
        for _ in 1..N {
            let mixed = words[at] ^ scramble(words[at - 1]).wrapping_mul(1_566_083_941);
            words[at] = mixed.wrapping_sub(at as u32);
            at = next_place(&mut words, at);
        }
        words[0] = 0x8000_0000;
        Twister { words, at: N }
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.at == N {
            self.twist();
        }
        let mut word = self.words[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        word ^ word >> 18
    }

    fn twist(&mut self) {
        for at in 0..N {
            let joined = self.words[at] & 0x8000_0000 | self.words[(at + 1) % N] & 0x7FFF_FFFF;
            let odd = if joined & 1 == 1 { 0x9908_B0DF } else { 0 };
            self.words[at] = self.words[(at + M) % N] ^ joined >> 1 ^ odd;
        }
        self.at = 0;
    }

    /// `random()`: 53 bits, at least 0 and less than 1.
    pub fn random(&mut self) -> f64 {
        let (high, low) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (high as f64 * 67_108_864.0 + low as f64) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// `getrandbits(n_bits)` for at most 64 bits.
    pub fn bits64(&mut self, n_bits: u32) -> u64 {
        match n_bits {
            0 => 0,
            1..=32 => (self.next_u32() >> (32 - n_bits)) as u64,
            _ => self.next_u32() as u64 | ((self.next_u32() >> (64 - n_bits)) as u64) << 32,
        }
    }

    /// `getrandbits(n_bits)`; charge the bytes of such a number first.
    pub fn bits(&mut self, n_bits: u64) -> Int {
        if n_bits <= 64 {
            return Int::from(self.bits64(n_bits as u32));
        }
        let mut words = Vec::with_capacity(n_bits.div_ceil(64) as usize);
        let mut n_left = n_bits;
        while n_left > 0 {
            words.push(self.bits64(n_left.min(64) as u32));
            n_left = n_left.saturating_sub(64);
        }
        bits::from_words(false, &words)
    }

    /// A number below `limit`, which is not 0: `random._randbelow`, which draws until one fits.
    pub fn below(&mut self, limit: u64) -> u64 {
        let n_bits = 64 - limit.leading_zeros();
        loop {
            let drawn = self.bits64(n_bits);
            if drawn < limit {
                return drawn;
            }
        }
    }

    /// `getstate()[1]`: the words, and the place.
    pub fn state(&self) -> (&[u32; N], u32) {
        (&self.words, self.at as u32)
    }

    /// From what `state` gave; None is `ValueError: invalid state`, or for another number of words `ValueError: state
    /// vector is the wrong size`.
    pub fn from_state(words: &[u32], at: u32) -> Option<Self> {
        let words: &[u32; N] = words.try_into().ok()?;
        (at as usize <= N).then(|| Twister { words: Box::new(*words), at: at as usize })
    }
}

fn scramble(word: u32) -> u32 {
    word ^ word >> 30
}

/// The place behind one while seeding: the first word is the last one's copy.
fn next_place(words: &mut [u32; N], at: usize) -> usize {
    if at + 1 < N {
        return at + 1;
    }
    words[0] = words[N - 1];
    1
}

#[cfg(test)]
mod tests {
    //! Expectations from CPython 3.13.
    use super::*;
    use crate::value::bigint::text::{parse, to_decimal};

    fn seeded(seed: &str) -> Twister {
        Twister::from_int(parse(seed.as_bytes(), 10, 0).expect("a number").as_ref())
    }

    fn shown(number: Int) -> String {
        to_decimal(number.as_ref(), 0).expect("no limit")
    }

    #[test]
    fn seeds() {
        let mut twister = seeded("0");
        assert_eq!((twister.random(), twister.random()), (0.8444218515250481, 0.7579544029403025));
        let mut twister = seeded("1");
        assert_eq!((twister.random(), twister.random()), (0.13436424411240122, 0.8474337369372327));
        let mut twister = seeded("-1");
        assert_eq!((twister.random(), twister.random()), (0.13436424411240122, 0.8474337369372327));
        let mut twister = seeded("42");
        assert_eq!((twister.random(), twister.random()), (0.6394267984578837, 0.025010755222666936));
        let mut twister = seeded("4294967296");
        assert_eq!((twister.random(), twister.random()), (0.11299430095636409, 0.41782886486292836));
        let mut twister = seeded("18446744073709551615");
        assert_eq!((twister.random(), twister.random()), (0.021825695401270107, 0.3380953268613758));
        let mut twister = seeded("-1267650600228229401496703205376");
        assert_eq!((twister.random(), twister.random()), (0.7586581712996778, 0.22562004686918613));
        let mut twister = seeded("100000000000000000000000000000000000000000000000000");
        assert_eq!((twister.random(), twister.random()), (0.8266205292084633, 0.7417230290116877));
        assert_eq!(Twister::from_bytes(b"").random(), 0.9602256525641875);
        assert_eq!(Twister::from_bytes(b"abc").random(), 0.7720246314157545);
        assert_eq!(Twister::from_bytes("h\u{e9}llo".as_bytes()).random(), 0.013203794245314593);
        assert_eq!(Twister::from_bytes(&(0..200).collect::<Vec<u8>>()).random(), 0.8731467942221395);
    }

    #[test]
    fn bits_of_any_number() {
        let mut twister = seeded("7");
        assert_eq!(shown(twister.bits(0)), "0");
        assert_eq!(shown(twister.bits(1)), "0");
        assert_eq!(shown(twister.bits(5)), "30");
        assert_eq!(shown(twister.bits(31)), "323946139");
        assert_eq!(shown(twister.bits(32)), "1695753998");
        assert_eq!(shown(twister.bits(33)), "2795742288");
        assert_eq!(shown(twister.bits(63)), "7574918311415852851");
        assert_eq!(shown(twister.bits(64)), "1736392818365009963");
        assert_eq!(shown(twister.bits(65)), "10750541312280087032");
        assert_eq!(shown(twister.bits(96)), "17010142571352656441948396948");
        assert_eq!(shown(twister.bits(100)), "509725926018754320960493015256");
        assert_eq!(
            shown(twister.bits(300)),
            "1929675726858867213547180900972435324398974001946028481917612636612799045480130019795798927"
        );
        assert_eq!(twister.below(1), 0);
        assert_eq!(twister.below(2), 0);
        assert_eq!(twister.below(10), 9);
        assert_eq!(twister.below(1000), 599);
        assert_eq!(twister.below(1099511627776), 109077912084);
        assert_eq!(twister.below(18446744073709551615), 4078239883182463692);
        (0..2999).for_each(|_| _ = twister.random());
        assert_eq!(twister.random(), 0.23443455118679113);
    }

    #[test]
    fn state_goes_round() {
        let mut twister = seeded("5");
        twister.random();
        let (words, at) = twister.state();
        let mut copy = Twister::from_state(words, at).expect("its own state");
        assert!((0..2000).all(|_| copy.next_u32() == twister.next_u32()));
        assert_eq!(Twister::from_state(&[0; 10], 0), None);
        assert_eq!(Twister::from_state(&[0; 624], 625), None);
    }
}
