//! Running sums of weights, in which the place of a sum is found in a step or two.
//!
//! A guide table (Chen and Asau 1974, "On generating random variates from an empirical distribution") cuts what
//! there is in all into equal parts and remembers at which place each part begins. From there the place sought is
//! near; the search by halves that it replaces waits for memory at each of some eighteen steps.

use std::ops::Range;

/// Places for each part of the guide.
const PLACES: usize = 4;

/// Running sums of weights.
#[derive(Clone, Debug, Default)]
pub struct RunningSums {
    /// The sum of all weights before each place, then of all.
    sums: Vec<f64>,
    /// The place in which each part of the total begins.
    guide: Vec<u32>,
}

impl RunningSums {
    /// Sums up `weights`, none of them negative.
    pub fn fill(&mut self, weights: impl Iterator<Item = f64>) {
        self.sums.clear();
        self.sums.push(0.0);
        let mut sum = 0.0;
        self.sums.extend(weights.map(|weight| {
            sum += weight;
            sum
        }));
        let parts = self.sums.len() / PLACES + 1;
        let part = sum / parts as f64;
        self.guide.clear();
        let mut place = 0;
        for begins in (0..parts).map(|i| i as f64 * part) {
            while place + 2 < self.sums.len() && self.sums[place + 1] <= begins {
                place += 1;
            }
            self.guide.push(place as u32);
        }
    }

    /// The sum of all weights before `place`.
    #[must_use]
    pub fn before(&self, place: usize) -> f64 {
        self.sums[place]
    }

    /// The first place of `range`, which is not empty, up to whose end the weights sum to more than `sought`; the
    /// last place if there is none.
    #[must_use]
    pub fn find(&self, range: Range<usize>, sought: f64) -> usize {
        let total = self.sums[self.sums.len() - 1];
        let part = (sought / total * self.guide.len() as f64) as usize;
        let guess = self.guide[part.min(self.guide.len() - 1)] as usize;
        let mut place = guess.clamp(range.start, range.end - 1);
        while place > range.start && self.sums[place] > sought {
            place -= 1;
        }
        while place + 1 < range.end && self.sums[place + 1] <= sought {
            place += 1;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose};

    /// The search by halves that the guide replaces.
    fn by_halves(sums: &RunningSums, range: Range<usize>, sought: f64) -> usize {
        (range.start + sums.sums[range.start + 1..=range.end].partition_point(|sum| *sum <= sought)).min(range.end - 1)
    }

    #[test]
    fn the_guide_leads_where_halving_leads() {
        let luck = Luck::new(11, 0);
        let draw = |entity: u32, decision: u16| luck.uniform(Purpose::Placement, 0, entity, decision);
        for (n, nothing) in [(1, 0.0), (2, 0.0), (7, 0.5), (1000, 0.0), (1000, 0.9), (5000, 0.3)] {
            let weight = |i: u32| if draw(i, 0) < nothing { 0.0 } else { libm::pow(draw(i, 1), -0.8) };
            let mut sums = RunningSums::default();
            sums.fill((0..n).map(weight));
            for i in 0..2000 {
                let start = (draw(i, 2) * f64::from(n)) as usize;
                let end = start + 1 + (draw(i, 3) * (n as usize - start - 1) as f64) as usize;
                let (low, high) = (sums.before(start), sums.before(end));
                // Past both ends too, and on the sums themselves.
                let on = sums.before(start + (draw(i, 5) * (end - start) as f64) as usize);
                for sought in [low + (1.2 * draw(i, 4) - 0.1) * (high - low), on, low, high] {
                    assert_eq!(sums.find(start..end, sought), by_halves(&sums, start..end, sought), "{n} {start}..{end} {sought}");
                }
            }
        }
    }
}
