//! Scales on which figures are fitted: there luck and error are about the same wherever a figure lies, as emulators and normal
//! errors take them to be.
//!
//! Counts are fitted as log(1 + count), ratios and means of amounts as logarithms with a tenth of what was published added, so that a
//! run without any is low and not infinitely low, shares as logits. Errors are carried over by the slope of the scale at what
//! was published. What can have either sign stays as it is.

use super::Goal;

/// How near to nothing and to all of a whole a share may come.
const EDGE: f64 = 0.001;

/// A scale for fitting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// The figure itself.
    Plain,
    /// The logarithm of the figure and a constant.
    Log {
        /// What is added.
        offset: f64,
    },
    /// The logit of a share.
    Share,
}

impl Scale {
    /// `value` on the scale.
    #[must_use]
    pub fn of(self, value: f64) -> f64 {
        match self {
            Self::Plain => value,
            // No number stays none: `max` would make it nothing.
            Self::Log { offset } => libm::log(offset + if value < 0.0 { 0.0 } else { value }),
            Self::Share => {
                let share = value.clamp(EDGE, 1.0 - EDGE);
                libm::log(share / (1.0 - share))
            }
        }
    }

    /// The figure that is `value` on the scale.
    #[must_use]
    pub fn back(self, value: f64) -> f64 {
        match self {
            Self::Plain => value,
            Self::Log { offset } => (libm::exp(value) - offset).max(0.0),
            Self::Share => 1.0 / (1.0 + libm::exp(-value)),
        }
    }

    /// How many units of the scale one unit of the figure is at `value`.
    fn slope(self, value: f64) -> f64 {
        match self {
            Self::Plain => 1.0,
            Self::Log { offset } => 1.0 / (offset + value.max(0.0)),
            Self::Share => {
                let share = value.clamp(EDGE, 1.0 - EDGE);
                1.0 / (share * (1.0 - share))
            }
        }
    }

    /// Whether the figure cannot be below `low`, or above `high`, anyway.
    fn ends(self, low: f64, high: f64) -> (bool, bool) {
        match self {
            Self::Plain => (false, false),
            Self::Log { .. } => (low <= 0.0, false),
            Self::Share => (low <= 0.0, high >= 1.0),
        }
    }
}

impl Goal {
    /// The goal on its scale.
    #[must_use]
    pub fn on_scale(&self) -> Self {
        let middle = match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => f64::midpoint(self.low, self.high),
            (true, false) => self.low,
            (false, true) => self.high,
            (false, false) => 0.0,
        };
        let slope = self.scale.slope(middle);
        let range = self.low < self.high;
        let (no_low, no_high) = self.scale.ends(self.low, self.high);
        let end = |value: f64, open: bool, beyond: f64| if range && open || value.is_infinite() { beyond } else { self.scale.of(value) };
        Self {
            low: end(self.low, no_low, f64::NEG_INFINITY),
            high: end(self.high, no_high, f64::INFINITY),
            error: self.error * slope,
            discrepancy: self.discrepancy * slope,
            scale: Scale::Plain,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(low: f64, high: f64, error: f64, scale: Scale) -> Goal {
        Goal { name: String::new(), low, high, error, discrepancy: 2.0 * error, scale, series: None, year: 0 }
    }

    #[test]
    fn errors_follow_the_slope_and_ends_that_bind_nothing_are_open() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        let count = goal(99.0, 99.0, 10.0, Scale::Log { offset: 1.0 }).on_scale();
        close(count.low, libm::log(100.0));
        close(count.error, 0.1);
        close(count.discrepancy, 0.2);
        let share = goal(0.0, 0.5, 0.03, Scale::Share).on_scale();
        assert!(share.low == f64::NEG_INFINITY);
        close(share.high, 0.0);
        close(share.error, 0.03 / (0.25 * 0.75));
        let none = goal(0.0, 0.0, 1.0, Scale::Log { offset: 1.0 }).on_scale();
        assert!(none.low.abs() < 1e-12 && none.high.abs() < 1e-12, "nothing is a value and no range");
        let least = goal(5.0, f64::INFINITY, 0.5, Scale::Log { offset: 0.5 }).on_scale();
        assert!(least.high == f64::INFINITY && (least.low - libm::log(5.5)).abs() < 1e-9);
        assert!(Scale::Share.of(f64::NAN).is_nan() && Scale::Log { offset: 1.0 }.of(f64::NAN).is_nan());
    }
}
