//! Draws for many at once, in wide vectors: the month's pass over persons, and blocks of addressed draws.
//!
//! The pass tells whose roll falls below the bound of their cell. It is the one loop that a month runs over
//! everybody whatever happens, so a block of persons is rolled, compared and packed into bits without a branch,
//! and the few bits set are written out. The source is compiled once for any processor and once for AVX2 (eight
//! lanes, and a gather for the bounds); which one runs is decided where it starts. Both are the same integer
//! arithmetic, so the result is the same bits; tests hold them to the loops that go one by one. A third one for
//! AVX-512 was measured and brought nothing.
//!
//! Absent on purpose: what a cell, a bound or a draw means.

use super::{Die, philox, unit};

/// Bounds are looked up by any 16-bit cell, so that no lookup needs a check.
pub type Bounds = [u32; 1 << 16];

/// Persons rolled before hits are written out: their flags stay in the first-level cache.
const BLOCK: usize = 1024;

/// What the processor offers the pass. Only [`Level::available`] makes one, which is why a level may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(Lanes);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lanes {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

impl Level {
    /// All levels that this processor has, the narrowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut levels = vec![Self(Lanes::Portable)];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt") {
            levels.push(Self(Lanes::Avx2));
        }
        levels
    }

    /// The widest of them.
    #[must_use]
    pub fn best() -> Self {
        Self::available().last().copied().unwrap_or(Self(Lanes::Portable))
    }

    /// Appends to `hits`, in order, every person whose roll falls below the bound of the own cell. `cells` are
    /// those of consecutive persons, the first of whom is `first`.
    pub fn pass(self, die: Die, first: u32, cells: &[u16], bounds: &Bounds, hits: &mut Vec<u32>) {
        match self.0 {
            Lanes::Portable => blocks(die, first, cells, bounds, hits),
            #[cfg(target_arch = "x86_64")]
            Lanes::Avx2 => avx2(die, first, cells, bounds, hits),
        }
    }
}

/// Draws in a block.
pub(super) const DRAWS: usize = 64;

impl Level {
    /// The draws at the addresses of `entities`, which differ in nothing else.
    pub(super) fn draws(self, key: [u32; 2], entities: &[u32; DRAWS], rest: [u32; 2], draws: &mut [f64; DRAWS]) {
        match self.0 {
            Lanes::Portable => block_of_draws(key, entities, rest, draws),
            #[cfg(target_arch = "x86_64")]
            Lanes::Avx2 => avx2_draws(key, entities, rest, draws),
        }
    }
}

/// The same, person by person: what the pass must agree with, and what is left over after the last block.
pub fn one_by_one(die: Die, first: u32, cells: &[u16], bounds: &Bounds, hits: &mut Vec<u32>) {
    for (person, cell) in (first..).zip(cells) {
        if die.roll(person) < bounds[usize::from(*cell)] {
            hits.push(person);
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2(die: Die, first: u32, cells: &[u16], bounds: &Bounds, hits: &mut Vec<u32>) {
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn wide(die: Die, first: u32, cells: &[u16], bounds: &Bounds, hits: &mut Vec<u32>) {
        blocks(die, first, cells, bounds, hits);
    }
    // SAFETY: `Lanes::Avx2` is made in `Level::available` alone, after the processor said that it has these features.
    #[expect(unsafe_code, reason = "a function compiled for a processor feature can be called in no other way")]
    unsafe {
        wide(die, first, cells, bounds, hits);
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2_draws(key: [u32; 2], entities: &[u32; DRAWS], rest: [u32; 2], draws: &mut [f64; DRAWS]) {
    #[target_feature(enable = "avx2")]
    fn wide(key: [u32; 2], entities: &[u32; DRAWS], rest: [u32; 2], draws: &mut [f64; DRAWS]) {
        block_of_draws(key, entities, rest, draws);
    }
    // SAFETY: as in `avx2`.
    #[expect(unsafe_code, reason = "a function compiled for a processor feature can be called in no other way")]
    unsafe {
        wide(key, entities, rest, draws);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "see `blocks`")]
fn block_of_draws(key: [u32; 2], entities: &[u32; DRAWS], rest: [u32; 2], draws: &mut [f64; DRAWS]) {
    let mut words = [[0; DRAWS]; 2];
    for i in 0..DRAWS {
        let block = philox([entities[i], rest[0], rest[1], 0], key);
        words[0][i] = block[0];
        words[1][i] = block[1];
    }
    for i in 0..DRAWS {
        draws[i] = unit(words[0][i], words[1][i]);
    }
}

/// The pass in blocks; inlined into each function that compiles it for a processor.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a function that is not inlined is not compiled for its caller's processor features")]
fn blocks(die: Die, first: u32, cells: &[u16], bounds: &Bounds, hits: &mut Vec<u32>) {
    let (full, rest) = cells.as_chunks::<BLOCK>();
    let mut person = first;
    let mut count = hits.len();
    let mut below = [0u8; BLOCK];
    for block in full {
        for ((below, cell), person) in below.iter_mut().zip(block).zip(person..) {
            *below = u8::from(die.roll(person) < bounds[usize::from(*cell)]);
        }
        if hits.len() < count + BLOCK {
            hits.resize(2 * count + BLOCK, 0);
        }
        for flags in below.as_chunks::<64>().0 {
            count += write(bits(flags), person, &mut hits[count..]);
            person += 64;
        }
    }
    hits.truncate(count);
    one_by_one(die, person, rest, bounds, hits);
}

/// 64 flags, each 0 or 1, as the bits of one number: the product moves the lowest bits of eight bytes side by
/// side into the highest byte.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see `blocks`")]
fn bits(flags: &[u8; 64]) -> u64 {
    let bytes = flags.as_chunks::<8>().0.iter();
    bytes.enumerate().fold(0, |bits, (i, eight)| bits | (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i))
}

/// Writes `first` + i for each bit i of `bits` to the start of `hits`, which has room for 64; returns how many.
///
/// Four are written whatever there are: how many of 64 are hit is chance, and a processor that guesses a loop's
/// end wrong loses more time than three needless numbers cost.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see `blocks`")]
fn write(mut bits: u64, first: u32, hits: &mut [u32]) -> usize {
    let count = bits.count_ones() as usize;
    let hits = &mut hits[..64];
    let mut next = || {
        let person = first.wrapping_add(bits.trailing_zeros());
        bits &= bits.wrapping_sub(1);
        person
    };
    for hit in &mut hits[..4] {
        *hit = next();
    }
    if count > 4 {
        for hit in &mut hits[4..count] {
            *hit = next();
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Luck;

    /// Some 900 cells spread over all numbers, with bounds from never to always.
    fn population(persons: usize) -> (Vec<u16>, Box<Bounds>) {
        let cells = (0..persons as u32).map(|person| (person.wrapping_mul(2_654_435_761) >> 16) as u16 / 71 * 71).collect();
        let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
        for (cell, bound) in bounds.iter_mut().enumerate().step_by(71) {
            *bound = [0, 1 << 20, 1 << 26, 1 << 28, u32::MAX][cell % 5];
        }
        (cells, bounds)
    }

    #[test]
    fn every_level_gives_the_bits_of_the_loop_that_goes_person_by_person() {
        let levels = Level::available();
        assert_eq!(levels.last(), Some(&Level::best()));
        for persons in [0, 1, 63, 1023, 1024, 1025, 5000, 200_000] {
            let (cells, bounds) = population(persons);
            for (replicate, first) in [(0, 0), (1, 7), (2, 4_000_000_000)] {
                let die = Luck::new(5, replicate).die(replicate as u16);
                let mut expected = vec![42];
                one_by_one(die, first, &cells, &bounds, &mut expected);
                assert!(persons < 5000 || (persons / 20..persons / 2).contains(&expected.len()), "{} of {persons}", expected.len());
                for level in &levels {
                    let mut hits = vec![42];
                    level.pass(die, first, &cells, &bounds, &mut hits);
                    assert!(hits == expected, "{level:?}, {persons} persons from {first}");
                }
            }
        }
    }

    #[test]
    fn blocks_that_all_hit_and_that_never_hit_are_written_out_in_full() {
        let cells = vec![9; 3 * BLOCK + 5];
        let die = Luck::new(1, 0).die(1);
        for (bound, expected) in [(0, 0), (u32::MAX, cells.len())] {
            let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
            bounds[9] = bound;
            for level in Level::available() {
                let mut hits = Vec::new();
                level.pass(die, 0, &cells, &bounds, &mut hits);
                assert_eq!(hits, (0..expected as u32).collect::<Vec<_>>(), "{level:?}");
            }
        }
    }
}
