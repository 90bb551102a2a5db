//! Luck with an address.
//!
//! A draw is a pure function of (seed, replicate, process, month, entity, decision). There is no stream
//! that one process could advance for another, so the order of persons and the number of threads cannot
//! matter, and replicate 7 brings the same luck to the same person under every policy.
//!
//! Two kinds of draw exist, and both are fixed for good, because changing either changes every result:
//! the monthly die ([`Die`]), a 32-bit mix that a compiler can run in wide vectors, and everything else
//! ([`Luck::uniform`]), which is Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as
//! 1, 2, 3").
//!
//! Absent on purpose: any global or thread-local generator, and any reading of the clock.

pub mod lanes;

use lanes::{DRAWS, Level};
use rand::Rng;

/// What a draw is for. Numbers are part of the address: never reuse one, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Laying out the first month's population.
    Initialisation = 1,
    /// Intention, channel, queue.
    Migration = 2,
    /// Fee, debt, tactic, border passage.
    Recruitment = 3,
    /// Employer and conditions at arrival.
    Placement = 4,
    /// What happens at work.
    Work = 5,
    /// Inspections, raids, reports.
    Contact = 6,
    /// Screening, disclosure, interview.
    Identification = 7,
    /// Shelter and what follows it.
    Care = 8,
    /// Cases.
    Justice = 9,
    /// Officials.
    Complicity = 10,
    /// Employers and recruiters, until they had a number each.
    Adaptation = 11,
    /// Communities.
    Beliefs = 12,
    /// The monthly die's keys.
    Die = 13,
    /// Registration windows and lapsing permits.
    Registration = 14,
    /// Parameter sets, and the designs and proposals of calibration.
    Parameters = 15,
    /// Who finds work where.
    Employment = 16,
    /// How the exploited are confined.
    Exploitation = 17,
    /// Status kept or lost.
    Status = 18,
    /// Posts and places left and taken over.
    Posts = 19,
    /// Employers.
    Employers = 20,
    /// Recruiters.
    Recruiters = 21,
    /// Findings of inspectors under the labour law.
    LabourLaw = 22,
    /// Compounds across the border.
    Compounds = 23,
}

/// Room between two decisions of one process, for what is drawn several times: by attempt, stage or suspect.
pub const EACH: u16 = 64;

/// Writes the decisions of one process: each has a number of its own, which is part of its draws' address. Two
/// decisions with one number do not compile. Never reuse one, never renumber.
#[macro_export]
macro_rules! decisions {
    ($($(#[doc = $text:literal])* $name:ident = $number:literal,)*) => {
        /// What this process draws for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub(crate) enum Decision { $($(#[doc = $text])* $name = $number,)* }

        impl Decision {
            /// The address of the draw number `k` of this decision, one of those reserved for it.
            #[allow(dead_code, reason = "not every process draws a decision more than once")]
            pub(crate) fn nth(self, k: usize) -> u16 {
                self as u16 * $crate::draws::EACH + (k as u16).min($crate::draws::EACH - 1)
            }
        }

        impl From<Decision> for u16 {
            fn from(decision: Decision) -> Self {
                decision as Self * $crate::draws::EACH
            }
        }
    };
}
pub use decisions;

/// The luck of one replicate. The variant is not part of it, so all variants share it.
#[derive(Clone, Copy, Debug)]
pub struct Luck {
    key: [u32; 2],
}

impl Luck {
    /// The luck of `replicate` (counted from 0) under the scenario's `seed`.
    #[must_use]
    pub fn new(seed: u64, replicate: u32) -> Self {
        let low = seed as u32;
        let high = (seed >> 32) as u32;
        let mixed = philox([replicate, 0x6669_7665, 0x7000_0000, 0], [low, high]);
        Self { key: [mixed[0], mixed[1]] }
    }

    /// A uniform draw in the open interval (0, 1) with 53 bits, at its address.
    #[inline]
    #[must_use]
    pub fn uniform(&self, purpose: Purpose, month: u16, entity: u32, decision: impl Into<u16>) -> f64 {
        let block = self.block(purpose, month, entity, decision.into(), 0);
        unit(block[0], block[1])
    }

    /// Shows `each` the draw of [`Self::uniform`] for each of `entities` in turn; many draws cost a fraction of
    /// as many calls.
    pub fn uniforms(
        &self,
        purpose: Purpose,
        month: u16,
        entities: impl Iterator<Item = u32>,
        decision: impl Into<u16>,
        mut each: impl FnMut(u32, f64),
    ) {
        let level = Level::best();
        let [_, when, what, _] = address(purpose, month, 0, decision.into(), 0);
        let mut block = [0; DRAWS];
        let mut draws = [0.0; DRAWS];
        let mut entities = entities.fuse();
        loop {
            let mut filled = 0;
            for (place, entity) in block.iter_mut().zip(&mut entities) {
                *place = entity;
                filled += 1;
            }
            level.draws(self.key, &block, [when, what], &mut draws);
            for (entity, draw) in block.iter().zip(&draws).take(filled) {
                each(*entity, *draw);
            }
            if filled < DRAWS {
                return;
            }
        }
    }

    /// True with probability `chance`, by the draw at its address.
    #[must_use]
    pub fn happens(&self, chance: f64, purpose: Purpose, month: u16, entity: u32, decision: impl Into<u16>) -> bool {
        self.uniform(purpose, month, entity, decision) < chance
    }

    /// A generator that starts at an address and belongs to nobody else, for draws that need more than
    /// one number (a distribution of `rand_distr`, a shuffle).
    #[must_use]
    pub fn stream(&self, purpose: Purpose, month: u16, entity: u32, decision: impl Into<u16>) -> Stream {
        Stream { luck: *self, purpose, month, entity, decision: decision.into(), block: 1, words: [0; 4], used: 4 }
    }

    /// The die of one month.
    #[must_use]
    pub fn die(&self, month: u16) -> Die {
        let block = self.block(Purpose::Die, month, 0, 0, 0);
        Die { first: block[0], second: block[1] | 1 }
    }

    #[inline]
    fn block(&self, purpose: Purpose, month: u16, entity: u32, decision: u16, block: u32) -> [u32; 4] {
        philox(address(purpose, month, entity, decision, block), self.key)
    }
}

/// Where in the counter's words an address stands.
fn address(purpose: Purpose, month: u16, entity: u32, decision: u16, block: u32) -> [u32; 4] {
    [entity, (u32::from(month) << 8) | u32::from(purpose as u8), u32::from(decision), block]
}

/// The monthly die: one 32-bit number a person, cheap enough to roll for a whole nation.
///
/// The rounds are those of Chris Wellons' `triple32` (bias near the ideal), with the month's two keys
/// added at the start and after the first round; without the second key two months would be shifted
/// copies of each other.
#[derive(Clone, Copy, Debug)]
pub struct Die {
    first: u32,
    second: u32,
}

impl Die {
    /// The roll of `person`, uniform over all of `u32`.
    #[inline]
    #[must_use]
    pub fn roll(self, person: u32) -> u32 {
        let mut x = person ^ self.first;
        x ^= x >> 17;
        x = x.wrapping_mul(0xed5a_d4bb);
        x = x.wrapping_add(self.second);
        x ^= x >> 11;
        x = x.wrapping_mul(0xac4c_1b51);
        x ^= x >> 15;
        x = x.wrapping_mul(0x3184_8bab);
        x ^ (x >> 14)
    }

    /// True if an event of total hazard `hazard` a month happens to `person`: the roll lies below [`Self::bound`].
    ///
    /// Since h - h^2/2 <= 1 - exp(-h) <= h, most rolls need no exponential to be told on which side they lie. A
    /// margin of two rolls of 2^32 is wider than any rounding.
    #[inline]
    #[must_use]
    pub fn falls(self, person: u32, hazard: f64) -> bool {
        let roll = self.roll(person);
        let most = hazard * 4_294_967_296.0;
        if f64::from(roll) > most + 2.0 {
            return false;
        }
        if f64::from(roll) < most * (1.0 - 0.5 * hazard) - 2.0 {
            return true;
        }
        roll < Self::bound(hazard)
    }

    /// The bound below which a roll means that something happens, for a total hazard `hazard` a month:
    /// 2^32 (1 - exp(-hazard)), never less than one so that a bound stays a bound.
    #[must_use]
    pub fn bound(hazard: f64) -> u32 {
        if hazard <= 0.0 {
            return 0;
        }
        let share = -libm::expm1(-hazard);
        (share * 4_294_967_296.0).min(4_294_967_295.0) as u32
    }
}

/// The address of the copy number `copy` of what is addressed by `entity`: the copy 0 has the address itself.
#[must_use]
pub fn copy_of(entity: u32, copy: u32) -> u32 {
    if copy == 0 {
        return entity;
    }
    let mut x = entity ^ copy.wrapping_mul(0x9E37_79B9);
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    (x ^ (x >> 16)) | 0x8000_0000
}

/// A generator with an address; see [`Luck::stream`].
#[derive(Clone, Debug)]
pub struct Stream {
    luck: Luck,
    purpose: Purpose,
    month: u16,
    entity: u32,
    decision: u16,
    block: u32,
    words: [u32; 4],
    used: usize,
}

impl rand::TryRng for Stream {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        if self.used == 4 {
            self.words = self.luck.block(self.purpose, self.month, self.entity, self.decision, self.block);
            self.block += 1;
            self.used = 0;
        }
        self.used += 1;
        Ok(self.words[self.used - 1])
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok((u64::from(self.next_u32()) << 32) | u64::from(self.next_u32()))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in dst.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_u32().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Philox4x32 with ten rounds (Salmon et al. 2011).
#[inline(always)]
#[expect(clippy::inline_always, reason = "a function that is not inlined is not compiled for its caller's processor features")]
fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut c, mut k) = (counter, key);
    for round in 0..10 {
        if round > 0 {
            k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
        }
        let p0 = u64::from(c[0]) * 0xD251_1F53;
        let p1 = u64::from(c[2]) * 0xCD9E_8D57;
        c = [(p1 >> 32) as u32 ^ c[1] ^ k[0], p1 as u32, (p0 >> 32) as u32 ^ c[3] ^ k[1], p0 as u32];
    }
    c
}

/// 53 bits in the open interval (0, 1): the half keeps logarithms finite.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see `philox`")]
fn unit(high: u32, low: u32) -> f64 {
    let bits = ((u64::from(high) << 32) | u64::from(low)) >> 11;
    (bits as f64 + 0.5) / 9_007_199_254_740_992.0
}

/// A number that tells texts and tables apart: FNV-1a over 64 bits (Fowler, Noll and Vo). It names, and draws nothing.
#[must_use]
pub fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The standard normal quantile of `p` in (0, 1), by Wichura's algorithm AS 241 (1988), relative error
/// about 1e-16. Used where policy changes a distribution: the quantile of one addressed uniform keeps the
/// luck, rejection would not.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &TAIL) };
    if q < 0.0 { -z } else { z }
}

fn ratio(r: f64, coefficients: &[[f64; 8]; 2]) -> f64 {
    let [top, bottom] = coefficients.map(|row| row.iter().rev().fold(0.0, |sum, c| sum * r + c));
    top / bottom
}

/// Coefficients of AS 241 for the central region: numerator, denominator.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

/// Coefficients of AS 241 for the middle region.
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// Coefficients of AS 241 for the far tail.
const TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers published with Random123 (`kat_vectors`, `philox4x32-10`).
    #[test]
    fn philox_gives_the_published_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn quantiles_of_the_normal_are_the_tabulated_ones() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.001, -3.090_232_306_167_813_5), (1e-10, -6.361_340_902_404_056)] {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
        }
    }

    /// Sixty-four equal bins of a million rolls: chi-squared with 63 degrees of freedom passes 120 with
    /// probability about 2e-5.
    #[test]
    fn the_die_is_uniform_over_persons() {
        let luck = Luck::new(1, 0);
        for month in [0, 1, 77] {
            let die = luck.die(month);
            let mut bins = [0u32; 64];
            for person in 0..1_000_000 {
                bins[(die.roll(person) >> 26) as usize] += 1;
            }
            let expected = 1_000_000.0 / 64.0;
            let chi2: f64 = bins.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
            assert!(chi2 < 120.0, "month {month}: {chi2}");
        }
    }

    /// The die must not remember: neighbours, and the same person in the next month, are uncorrelated
    /// (four standard errors of a correlation over n pairs).
    #[test]
    fn the_die_is_independent_over_persons_and_months() {
        let luck = Luck::new(99, 3);
        let n = 400_000u32;
        let value = |month: u16, person: u32| f64::from(luck.die(month).roll(person)) / 4_294_967_296.0 - 0.5;
        let correlation = |pairs: &mut dyn Iterator<Item = (f64, f64)>| pairs.map(|(a, b)| a * b * 12.0).sum::<f64>() / f64::from(n);
        let limit = 4.0 / f64::from(n).sqrt();
        assert!(correlation(&mut (0..n).map(|i| (value(5, i), value(5, i + 1)))).abs() < limit);
        assert!(correlation(&mut (0..n).map(|i| (value(5, i), value(6, i)))).abs() < limit);
        assert!(correlation(&mut (0..n).map(|i| (value(5, i), value(17, i)))).abs() < limit);
    }

    /// Rare events are what the model lives on: the low tail must come as often as it should.
    #[test]
    fn the_die_is_fair_in_its_low_tail() {
        let luck = Luck::new(7, 1);
        let bound = Die::bound(1e-3);
        let mut hits = 0u32;
        for month in 0..40 {
            let die = luck.die(month);
            hits += (0..100_000).filter(|person| die.roll(*person) < bound).count() as u32;
        }
        let expected = 4_000_000.0 * -libm::expm1(-1e-3);
        assert!((f64::from(hits) - expected).abs() < 4.0 * expected.sqrt(), "{hits} against {expected}");
    }

    #[test]
    fn draws_for_many_are_the_draws_of_each() {
        let luck = Luck::new(8, 2);
        for n in [0, 1, 63, 64, 65, 1000] {
            let entities = (0..n).map(|i: u32| i.wrapping_mul(2_654_435_761));
            let mut drawn = Vec::new();
            luck.uniforms(Purpose::Contact, 17, entities.clone(), 3u16, |entity, u| drawn.push((entity, u.to_bits())));
            let expected: Vec<_> = entities.map(|entity| (entity, luck.uniform(Purpose::Contact, 17, entity, 3u16).to_bits())).collect();
            assert_eq!(drawn, expected);
        }
        let block = std::array::from_fn(|i| i as u32 * 77);
        for level in Level::available() {
            let mut draws = [0.0; DRAWS];
            let [_, when, what, _] = address(Purpose::Work, 5, 0, 2, 0);
            level.draws(luck.key, &block, [when, what], &mut draws);
            assert_eq!(draws.map(f64::to_bits), block.map(|entity| luck.uniform(Purpose::Work, 5, entity, 2u16).to_bits()), "{level:?}");
        }
    }

    /// Near and far from the bound, for hazards of every size.
    #[test]
    fn what_falls_is_what_lies_below_the_bound() {
        let mut fallen = 0;
        for month in 0..50 {
            let die = Luck::new(3, 0).die(month);
            for person in 0..2000 {
                let roll = f64::from(die.roll(person));
                let own = -libm::log1p(-(roll + 0.5) / 4_294_967_296.0);
                let near = (-4..=4).map(|step| own + f64::from(step) / 4_294_967_296.0);
                for hazard in near.chain([0.0, -1.0, own / 2.0, own * 0.999, own * 1.001, own * 2.0, 1e-12, 0.01, 0.3, 3.0, 50.0]) {
                    assert_eq!(die.falls(person, hazard), die.roll(person) < Die::bound(hazard), "{roll} {hazard}");
                    fallen += u32::from(die.falls(person, hazard));
                }
            }
        }
        assert!((500_000..1_500_000).contains(&fallen), "{fallen} of 2,000,000");
    }

    #[test]
    fn addresses_that_differ_anywhere_differ_in_luck() {
        let a = Luck::new(1, 0);
        let draw = |luck: &Luck, p, m, e, d: u16| luck.uniform(p, m, e, d).to_bits();
        let base = draw(&a, Purpose::Work, 3, 5, 7);
        assert_ne!(base, draw(&Luck::new(1, 1), Purpose::Work, 3, 5, 7));
        assert_ne!(base, draw(&Luck::new(2, 0), Purpose::Work, 3, 5, 7));
        assert_ne!(base, draw(&a, Purpose::Care, 3, 5, 7));
        assert_ne!(base, draw(&a, Purpose::Work, 4, 5, 7));
        assert_ne!(base, draw(&a, Purpose::Work, 3, 6, 7));
        assert_ne!(base, draw(&a, Purpose::Work, 3, 5, 8));
        assert_eq!(base, draw(&Luck::new(1, 0), Purpose::Work, 3, 5, 7));
    }
}
