//! The only chance there is: seeded, and part of the state.

use objects::Millis;
use serde::{Deserialize, Serialize};

/// SplitMix64: small, the same on every target, good enough for names and jitter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rng(u64);

impl Rng {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound, which must not be 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A duration, longer or shorter by up to so many per cent.
    pub fn jitter(&mut self, duration: Millis, percent: i64) -> Millis {
        let most = duration.0.saturating_mul(percent) / 100;
        if most <= 0 {
            return duration;
        }
        let span = u64::try_from(2 * most + 1).unwrap_or(1);
        Millis(duration.0 - most + i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// The random end of a generated name.
    ///
    /// Models `SimpleNameGenerator`, apiserver `pkg/storage/names/generate.go`, v1.34: five
    /// characters, without vowels and look-alikes.
    pub fn name_suffix(&mut self) -> String {
        let letters = b"bcdfghjklmnpqrstvwxz2456789";
        (0..5)
            .map(|_| char::from(letters[self.below(27) as usize]))
            .collect()
    }

    /// A random UUID.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 48 & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff
        )
    }
}
