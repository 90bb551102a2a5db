//! How visits and workers choose among workplaces, and travellers among recruiters: alias tables by what does not change while a run goes on.
//!
//! The tables propose; whether a proposal is accepted depends on what changes (risk, copies at work, vacancies, capital). So one that changes moves only those
//! who come upon it, and common random numbers keep their pairs. Walker 1977, "An efficient method for generating discrete random variables".

/// One table of proposals.
#[derive(Clone, Debug, Default)]
pub struct Proposals {
    entities: Vec<u32>,
    /// Above this part of its place a proposal goes to the other entity.
    keep: Vec<f64>,
    other: Vec<u32>,
}

impl Proposals {
    /// A table over entities with these weights, none of them negative.
    #[must_use]
    pub fn new(weights: impl Iterator<Item = (u32, f64)>) -> Self {
        let weights: Vec<(u32, f64)> = weights.filter(|(_, weight)| *weight > 0.0).collect();
        let n = weights.len();
        let mean = weights.iter().map(|(_, weight)| weight).sum::<f64>() / n.max(1) as f64;
        let mut left: Vec<f64> = weights.iter().map(|(_, weight)| weight / mean).collect();
        let mut table = Self { entities: weights.iter().map(|(entity, _)| *entity).collect(), keep: vec![1.0; n], other: (0..n as u32).collect() };
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|place| left[*place] < 1.0);
        while let (Some(less), Some(more)) = (small.pop(), large.last().copied()) {
            table.keep[less] = left[less];
            table.other[less] = more as u32;
            left[more] -= 1.0 - left[less];
            if left[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        table
    }

    /// The entity that is proposed at the quantile `u`, in proportion to the weights, if there is any.
    #[must_use]
    pub fn propose(&self, u: f64) -> Option<u32> {
        let n = self.entities.len();
        if n == 0 {
            return None;
        }
        let exact = u * n as f64;
        let place = (exact as usize).min(n - 1);
        let chosen = if exact - (place as f64) < self.keep[place] { place } else { self.other[place] as usize };
        Some(self.entities[chosen])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose};

    /// Proposals come in proportion to weights, within four standard errors.
    #[test]
    fn proposals_are_in_proportion_to_weights() {
        let weights = [0.5, 3.0, 0.0, 1.5, 5.0];
        let table = Proposals::new(weights.iter().zip(0..).map(|(weight, i)| (i, *weight)));
        let luck = Luck::new(3, 0);
        let n = 50_000;
        let mut hits = [0.0; 5];
        for i in 0..n {
            let proposed = table.propose(luck.uniform(Purpose::Contact, 0, i, 0u16)).expect("the table is not empty");
            hits[proposed as usize] += 1.0;
        }
        for (hit, weight) in hits.iter().zip(weights) {
            let p = weight / 10.0;
            let error = (p * (1.0 - p) / f64::from(n)).sqrt();
            assert!((hit / f64::from(n) - p).abs() <= 4.0 * error, "{hits:?}");
        }
        assert_eq!(Proposals::default().propose(0.5), None);
    }
}
