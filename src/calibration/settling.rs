//! Whether a calibration has settled: whether more runs would change what it says.
//!
//! Four things are asked of the last generation. At least half of its places keep counting under emulators that have seen its runs.
//! What emulators do not know makes up little of the logarithm of the likelihood. And weighing the places by the new emulators
//! moves the mean of no parameter far. The tolerance has come down to that of the published figures. Beside them, real runs of the sets that are handed
//! out must bear them out ([`checks`](super::checks)). A calibration that ends without is used all the same, and whatever is drawn from it says so.

use super::abc::KEPT;

/// Most variance that emulators may give to the logarithm of the likelihood.
pub const DOUBT: f64 = 0.5;
/// Furthest that a parameter's mean may move, in standard deviations.
pub const SHIFT: f64 = 0.15;

/// How the emulators that have seen a generation's runs judge it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settling {
    /// How many places there are.
    pub places: usize,
    /// The tolerance that they came down to: one is that of the published figures.
    pub tolerance: f64,
    /// Their effective number under the new emulators: all of them where these agree with those before.
    pub agreed: f64,
    /// The variance that the emulators' doubt gives to the logarithm of the likelihood, on the mean over places.
    pub doubt: f64,
    /// How far the new weights move the mean of the parameter that they move most, in its standard deviations.
    pub shift: f64,
}

impl Settling {
    /// Whether all that is asked is met.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.stands() && self.doubt <= DOUBT
    }

    /// Whether the sets stand still, however much emulators doubt.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.agreed >= KEPT * self.places as f64 && self.shift <= SHIFT && self.tolerance <= 1.0
    }

    /// What is asked and what there is, in a line.
    #[must_use]
    pub fn told(&self) -> String {
        let hot = if self.tolerance > 1.0 { format!("tolerance {:.2} (1), ", self.tolerance) } else { String::new() };
        format!(
            "{hot}agreed {:.0} of {} (at least {:.0}), variance of emulators in the log likelihood {:.2} (at most {DOUBT}), largest shift of a mean {:.2} standard deviations (at most {SHIFT})",
            self.agreed,
            self.places,
            KEPT * self.places as f64,
            self.doubt,
            self.shift
        )
    }
}

/// How far `weights` move the mean of the coordinate that they move most, in its standard deviations over even weights.
#[must_use]
pub fn shift(points: &[Vec<f64>], weights: &[f64]) -> f64 {
    let count = points.len() as f64;
    let moved = |k: usize| {
        let mean = points.iter().map(|point| point[k]).sum::<f64>() / count;
        let spread = (points.iter().map(|point| (point[k] - mean) * (point[k] - mean)).sum::<f64>() / count).sqrt();
        let weighted: f64 = points.iter().zip(weights).map(|(point, weight)| point[k] * weight).sum();
        if spread > 0.0 { (weighted - mean).abs() / spread } else { 0.0 }
    };
    (0..points.first().map_or(0, Vec::len)).map(moved).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_are_asked() {
        let good = Settling { places: 200, tolerance: 1.0, agreed: 100.0, doubt: 0.5, shift: 0.15 };
        assert!(good.settled());
        for bad in
            [Settling { agreed: 99.0, ..good }, Settling { doubt: 0.6, ..good }, Settling { shift: 0.2, ..good }, Settling { tolerance: 1.5, ..good }]
        {
            assert!(!bad.settled(), "{}", bad.told());
        }
        assert!(!Settling { doubt: f64::NAN, ..good }.settled());
    }

    /// Two places one standard deviation on either side of their mean: three quarters of the weight on one moves it by half.
    #[test]
    fn a_shift_is_told_in_standard_deviations_of_what_moves_most() {
        assert!((shift(&[vec![0.2, 0.5], vec![0.4, 0.5]], &[0.25, 0.75]) - 0.5).abs() < 1e-12);
    }
}
