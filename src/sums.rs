//! Sums by which damage is seen: the length of what was written, and a number that changes with any bit of it.
//!
//! A file may hold its own sum in its last line, as a remark in TOML and CSV alike ([`with_sum`], [`summed`]).
//!
//! Absent on purpose: secrecy. A sum finds damage; it is no signature, and whoever means a change can take the line out or write it anew.

use std::fmt;
use std::str::FromStr;

/// The length of a text and a number that changes with any bit of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// How many bytes there are.
    pub length: u64,
    /// The number.
    pub hash: u64,
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.length, self.hash)
    }
}

impl FromStr for Sum {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (length, hash) = text.split_once('-').ok_or(())?;
        Ok(Self { length: length.parse().map_err(|_| ())?, hash: u64::from_str_radix(hash, 16).map_err(|_| ())? })
    }
}

/// Adds bytes up to a [`Sum`], eight at a time in four lanes.
///
/// Each step is a permutation of its lane, whatever the bytes, and so is the last mix: two texts of equal length that differ
/// within one group of eight bytes never have the same sum.
pub struct Adding {
    lanes: [u64; 4],
    rest: Vec<u8>,
    length: u64,
}

impl Default for Adding {
    fn default() -> Self {
        // The first digits of the square roots of 2, 3, 5 and 7: any four different numbers would do.
        Self {
            lanes: [0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1],
            rest: Vec::with_capacity(32),
            length: 0,
        }
    }
}

impl Adding {
    /// Adds what comes next.
    pub fn add(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        if !self.rest.is_empty() {
            let (fill, after) = bytes.split_at(bytes.len().min(32 - self.rest.len()));
            self.rest.extend_from_slice(fill);
            bytes = after;
            if self.rest.len() < 32 {
                return;
            }
            let block = std::mem::replace(&mut self.rest, Vec::with_capacity(32));
            self.block(&block);
        }
        let (blocks, rest) = bytes.as_chunks::<32>();
        for block in blocks {
            self.block(block);
        }
        self.rest.extend_from_slice(rest);
    }

    fn block(&mut self, block: &[u8]) {
        for (lane, word) in self.lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane = (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
    }

    /// The sum of all that was added.
    #[must_use]
    pub fn sum(mut self) -> Sum {
        let mut rest = std::mem::take(&mut self.rest);
        rest.resize(32, 0);
        self.block(&rest);
        let mix = |sum: u64, lane: &u64| (sum ^ lane).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(32);
        Sum { length: self.length, hash: self.lanes.iter().fold(self.length, mix) }
    }
}

/// The sum of `bytes`.
#[must_use]
pub fn sum(bytes: &[u8]) -> Sum {
    let mut adding = Adding::default();
    adding.add(bytes);
    adding.sum()
}

impl fmt::Debug for Adding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.length)
    }
}

/// What the last line begins with in a text that holds its own sum.
const SUM: &str = "# sum ";

/// `text`, which ends with a line's end, and its own sum in a last line.
#[must_use]
pub fn with_sum(text: &str) -> String {
    format!("{text}{SUM}{}\n", sum(text.as_bytes()))
}

/// What stands before the sum in the last line of `text`, if that is the sum of it; nothing too where there is no such line.
#[must_use]
pub fn summed(text: &str) -> Option<&str> {
    let (own, told) = text.rsplit_once(SUM)?;
    (told == format!("{}\n", sum(own.as_bytes()))).then_some(own)
}

/// Whether a line of `text` says what its sum should be.
#[must_use]
pub fn tells_sum(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(SUM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_changes_the_sum_however_the_bytes_come() {
        let bytes: Vec<u8> = (0..211_u32).map(|i| (i * 37) as u8).collect();
        let own = sum(&bytes);
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(sum(&other), own, "bit {bit}");
        }
        assert_ne!(sum(&bytes[..210]), own);
        assert_ne!(sum(&[bytes.clone(), vec![0]].concat()).hash, own.hash, "a nought at the end counts");
        for size in [1, 7, 32, 33, 100] {
            let mut adding = Adding::default();
            bytes.chunks(size).for_each(|piece| adding.add(piece));
            assert_eq!(adding.sum(), own, "in pieces of {size}");
        }
        assert_eq!(own.to_string().parse(), Ok(own));
    }

    #[test]
    fn a_text_knows_whether_it_is_what_was_written() {
        let text = with_sum("a = 1\nb = 2\n");
        assert!(tells_sum(&text) && summed(&text) == Some("a = 1\nb = 2\n"));
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;
            assert!(std::str::from_utf8(&bytes).is_ok_and(|text| summed(text).is_none()), "byte {place}");
        }
        assert!(summed("a = 1\n").is_none() && !tells_sum("a = 1\n"));
    }
}
