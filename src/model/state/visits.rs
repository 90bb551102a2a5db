//! How visits choose among workplaces: for each stream an alias table over employers by what does not change while a run goes on.
//!
//! The tables propose; whether a proposal is accepted depends on what changes (risk, copies at work). So a workplace that changes moves no other
//! visit, and common random numbers keep their pairs. Walker 1977, "An efficient method for generating discrete random variables".

use super::ids::EmployerId;

/// One table of proposals.
#[derive(Clone, Debug, Default)]
struct Table {
    employers: Vec<u32>,
    /// Above this part of its place a proposal goes to the other employer.
    keep: Vec<f64>,
    other: Vec<u32>,
}

/// A table of proposals for each stream: port, inspection, venue, border.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    tables: [Table; 4],
}

impl Visits {
    /// Tables over employers with these weights, none of them negative; an employer may stand in several.
    #[must_use]
    pub fn new(streams: [Vec<(EmployerId, f64)>; 4]) -> Self {
        Self { tables: streams.map(Table::new) }
    }

    /// The employer whom `stream` proposes at the quantile `u`, if there is any.
    #[must_use]
    pub fn propose(&self, stream: usize, u: f64) -> Option<EmployerId> {
        let table = &self.tables[stream];
        let n = table.employers.len();
        if n == 0 {
            return None;
        }
        let exact = u * n as f64;
        let place = (exact as usize).min(n - 1);
        let chosen = if exact - (place as f64) < table.keep[place] { place } else { table.other[place] as usize };
        Some(EmployerId(table.employers[chosen]))
    }
}

impl Table {
    fn new(weights: Vec<(EmployerId, f64)>) -> Self {
        let weights: Vec<(EmployerId, f64)> = weights.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
        let n = weights.len();
        let mean = weights.iter().map(|(_, weight)| weight).sum::<f64>() / n.max(1) as f64;
        let mut left: Vec<f64> = weights.iter().map(|(_, weight)| weight / mean).collect();
        let mut table =
            Self { employers: weights.iter().map(|(employer, _)| employer.0).collect(), keep: vec![1.0; n], other: (0..n as u32).collect() };
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose};

    /// Proposals come in proportion to weights, within four standard errors.
    #[test]
    fn proposals_are_in_proportion_to_weights() {
        let weights = [0.5, 3.0, 0.0, 1.5, 5.0];
        let list = weights.iter().zip(0..).map(|(weight, i)| (EmployerId(i), *weight)).collect();
        let visits = Visits::new([list, vec![], vec![], vec![]]);
        let luck = Luck::new(3, 0);
        let n = 50_000;
        let mut hits = [0.0; 5];
        for i in 0..n {
            let employer = visits.propose(0, luck.uniform(Purpose::Contact, 0, i, 0u16)).expect("the table is not empty");
            hits[employer.index()] += 1.0;
        }
        for (hit, weight) in hits.iter().zip(weights) {
            let p = weight / 10.0;
            let error = (p * (1.0 - p) / f64::from(n)).sqrt();
            assert!((hit / f64::from(n) - p).abs() <= 4.0 * error, "{hits:?}");
        }
        assert_eq!(visits.propose(1, 0.5), None);
    }
}
