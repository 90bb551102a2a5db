//! What an effect turns on: which uncertain inputs go with its size, set by set.
//!
//! The rank correlation (Spearman 1904) of each input with the effect over parameter sets, which sees any monotone influence. Of hundreds of inputs some go with
//! any effect by chance, so that only those are named which stand among all of them ([`verdict::stand`](super::verdict::stand)).
//!
//! Absent on purpose: influences that rise and fall over a range and cancel, and how much of the variance each carries: inputs that a calibration has tied to each
//! other share what they carry.

#![expect(clippy::cast_precision_loss, reason = "counts of sets are far below 2^53")]

use super::statistics::{correlation, ranks, student_beyond};
use super::verdict::stand;

/// Fewest sets of which it is told: with fewer, only what is all but the same as the effect would stand among hundreds.
pub const FEWEST: usize = 40;

/// An input that goes with an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// Its place in the table of parameters.
    pub parameter: usize,
    /// Its rank correlation with the effect, -1 to 1.
    pub correlation: f64,
}

/// The inputs that go with the `effects` of sets, whose values are `rows` (one for each set), the closest first; none where there are
/// fewer than [`FEWEST`] sets. A set whose effect is not finite counts as one in the middle.
#[must_use]
pub fn turns_on(effects: &[f64], rows: &[Vec<f64>]) -> Vec<Input> {
    let sets = effects.len().min(rows.len());
    if sets < FEWEST {
        return vec![];
    }
    let own = ranks(&effects[..sets]);
    let column = |parameter: usize| rows[..sets].iter().map(|row| row[parameter]).collect::<Vec<f64>>();
    let input = |parameter: usize| Input { parameter, correlation: correlation(&ranks(&column(parameter)), &own) };
    let all: Vec<Input> = varied(&rows[..sets]).into_iter().map(input).collect();
    let chance = |input: &Input| {
        let r = input.correlation;
        student_beyond(r * ((sets as f64 - 2.0) / (1.0 - r * r).max(1e-12)).sqrt(), sets - 2)
    };
    let standing = stand(&all.iter().map(chance).collect::<Vec<f64>>());
    let mut found: Vec<Input> = all.into_iter().zip(standing).filter_map(|(input, stands)| stands.then_some(input)).collect();
    found.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()).then(a.parameter.cmp(&b.parameter)));
    found
}

/// The places of the parameters that are not the same in all sets, whose values are `rows`.
#[must_use]
pub fn varied(rows: &[Vec<f64>]) -> Vec<usize> {
    let Some((first, rest)) = rows.split_first() else { return vec![] };
    (0..first.len()).filter(|place| rest.iter().any(|row| row[*place].to_bits() != first[*place].to_bits())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::design::apart;

    /// Of two hundred inputs two move the effect, one against it; and nothing else is named.
    #[test]
    fn what_moves_the_effect_is_named_and_nothing_else() {
        let rows = apart(100, 200, 3);
        let effects: Vec<f64> = rows.iter().map(|row| 3.0 * row[7] - 2.0 * row[120] + 0.3 * row[5]).collect();
        let found = turns_on(&effects, &rows);
        assert_eq!(found.iter().map(|input| input.parameter).collect::<Vec<_>>(), [7, 120], "{found:?}");
        assert!(found[0].correlation > 0.7 && found[1].correlation < -0.4, "{found:?}");
    }

    #[test]
    fn nothing_is_told_of_few_sets_and_of_what_does_not_vary() {
        let rows = apart(200, 5, 3);
        let effects: Vec<f64> = rows.iter().map(|row| row[0]).collect();
        assert!(turns_on(&effects[..FEWEST - 1], &rows).is_empty());
        let fixed: Vec<Vec<f64>> = rows.iter().map(|row| vec![0.5, row[1]]).collect();
        assert!(turns_on(&effects, &fixed).is_empty());
    }
}
