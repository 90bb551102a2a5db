//! What a Gaussian process with a linear trend is made of: trend, likeness of two places, and what values say of variance and nugget.

/// Bounds of the logarithm of the nugget, as a share of the process variance.
pub const NUGGETS: (f64, f64) = (-9.0, 6.0);
/// Standard deviation of a coefficient of the trend, in those of the process: as good as unknown.
pub const TREND: f64 = 30.0;
/// The 95th percentile of the standard normal.
pub(super) const NORMAL_95: f64 = 1.644_853_627;

/// What values say of variance and nugget.
pub struct Told {
    /// How many values.
    pub count: usize,
    /// Their number less that of the trend's coefficients.
    pub free: usize,
    /// The sum of their squares.
    pub size: f64,
    /// The strength of each axis, and the values along it times its root.
    pub parts: Vec<(f64, f64)>,
}

impl Told {
    /// The process variance of the greatest likelihood under `nugget`.
    #[must_use]
    pub fn variance(&self, nugget: f64) -> f64 {
        let explained: f64 = self.parts.iter().map(|(strength, along)| along * along / (strength + nugget)).sum();
        ((self.size - explained) / (nugget * self.free as f64)).max(1e-12 * self.size)
    }

    /// The logarithm of the likelihood under `nugget`, up to a constant.
    #[must_use]
    pub fn likelihood(&self, nugget: f64) -> f64 {
        let logs: f64 = self.parts.iter().map(|(strength, _)| libm::log(strength + nugget)).sum();
        let others = self.count as f64 - self.parts.len() as f64;
        -0.5 * (self.free as f64 * libm::log((self.variance(nugget) / self.size).max(1e-300)) + logs + others * libm::log(nugget))
    }

    /// The nugget of the greatest likelihood: the best of a coarse look, then ever closer around it.
    #[must_use]
    pub fn nugget(&self) -> f64 {
        if self.size <= 0.0 {
            return libm::exp(NUGGETS.0);
        }
        let at = |log: f64| self.likelihood(libm::exp(log));
        let (mut best, mut step) = (NUGGETS.0, 1.0);
        let mut most = at(best);
        let mut log = NUGGETS.0 + step;
        while log <= NUGGETS.1 {
            let likelihood = at(log);
            if likelihood > most {
                (best, most) = (log, likelihood);
            }
            log += step;
        }
        while step > 0.001 {
            step *= 0.5;
            for log in [best - step, best + step] {
                let likelihood = at(log.clamp(NUGGETS.0, NUGGETS.1));
                if likelihood > most {
                    (best, most) = (log.clamp(NUGGETS.0, NUGGETS.1), likelihood);
                    break;
                }
            }
        }
        libm::exp(best)
    }
}

/// The basis of a linear trend at `point`: the constant first.
#[must_use]
pub fn column(point: &[f64], j: usize) -> f64 {
    if j == 0 { 1.0 } else { point[j - 1] - 0.5 }
}

/// `point` in units of the lengths.
#[must_use]
pub fn in_lengths(point: &[f64], lengths: &[f64]) -> Vec<f64> {
    point.iter().zip(lengths).map(|(x, length)| x / length).collect()
}

/// The likeness of two places in units of the lengths.
#[must_use]
pub fn likeness(a: &[f64], b: &[f64]) -> f64 {
    libm::exp(-0.5 * a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>())
}
