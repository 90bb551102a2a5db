//! Small mathematics of chance, with known answers: logistic shares, picks in proportion to weights, counts.
//!
//! Absent on purpose: random numbers themselves (`draws`) and anything that knows a person.

/// The logistic function.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The inverse of [`sigmoid`], for shares strictly between 0 and 1.
#[must_use]
pub fn logit(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    libm::log(share / (1.0 - share))
}

/// The chance that an event of this hazard a month happens within a month.
#[must_use]
pub fn within_a_month(hazard: f64) -> f64 {
    -libm::expm1(-hazard)
}

/// The place in `weights` that the uniform draw `u` picks, each with probability in proportion to its weight.
/// The last place with a weight is returned where rounding would run past the end.
#[must_use]
pub fn pick(weights: &[f64], u: f64) -> usize {
    pick_among(weights.iter().copied(), u)
}

/// The same for weights that stand nowhere.
#[must_use]
pub fn pick_among(weights: impl Iterator<Item = f64> + Clone, u: f64) -> usize {
    let total: f64 = weights.clone().sum();
    let mut left = u * total;
    let mut last = 0;
    for (place, weight) in weights.enumerate() {
        if weight > 0.0 {
            last = place;
            if left < weight {
                return place;
            }
            left -= weight;
        }
    }
    last
}

/// `entities` in the order of their draws, the smallest first: the K first are K of them chosen under common
/// random numbers, and more room keeps the earlier choices.
pub fn by_draw<T>(entities: impl Iterator<Item = T>, draw: impl Fn(&T) -> f64) -> Vec<T> {
    let mut keys: Vec<(f64, T)> = entities.map(|entity| (draw(&entity), entity)).collect();
    keys.sort_by(|a, b| a.0.total_cmp(&b.0));
    keys.into_iter().map(|(_, entity)| entity).collect()
}

/// The quantile `u` of a power of a uniform with this mean: most lie near 0, with a heavy tail near 1.
#[must_use]
pub fn skewed(mean: f64, u: f64) -> f64 {
    libm::pow(u, 1.0 / mean - 1.0)
}

/// The geometric quantile of `u` on 0, 1, 2, ... with this mean.
#[must_use]
pub fn geometric(u: f64, mean: f64) -> usize {
    if mean <= 0.0 {
        return 0;
    }
    let stop = 1.0 / (1.0 + mean);
    (libm::log(1.0 - u) / libm::log(1.0 - stop)).floor().clamp(0.0, 10_000.0) as usize
}

/// The Poisson quantile of `u` with this mean: how often something rare happens. Up to a mean of 500 by its sum.
#[must_use]
pub fn poisson(u: f64, mean: f64) -> usize {
    if mean <= 0.0 || u <= 1.0 - mean {
        // exp(-mean) >= 1 - mean, so that most draws need no exponential.
        return 0;
    }
    if mean > 500.0 {
        let z = crate::draws::normal_quantile(u);
        return (mean + z * libm::sqrt(mean)).round().max(0.0) as usize;
    }
    let mut term = libm::exp(-mean);
    let mut sum = term;
    let mut count = 0;
    while sum < u && count < 2_000 {
        count += 1;
        term *= mean / count as f64;
        sum += term;
    }
    count
}

/// The binomial quantile of `u`: how many of `n` see an event of probability `p`.
#[must_use]
pub fn binomial(u: f64, n: u16, p: f64) -> u16 {
    if n <= 1 {
        return u16::from(n == 1 && u < p);
    }
    if p <= 0.0 || u >= f64::from(n) * p {
        // At least one happens with a probability of at most n p: most draws need no power. Large draws stand
        // for few, small ones for many, as with a single person.
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    // Sums from the top: the smallest draw sees the most, so that a higher chance never takes one away.
    let v = 1.0 - u;
    let ratio = p / (1.0 - p);
    let mut term = libm::pow(1.0 - p, f64::from(n));
    let mut sum = term;
    let mut count = 0;
    while sum < v && count < n {
        term *= f64::from(n - count) / f64::from(count + 1) * ratio;
        count += 1;
        sum += term;
    }
    count
}

/// A whole number whose mean over draws is `exact`: rounded up or down by `u`.
#[must_use]
pub fn whole(exact: f64, u: f64) -> usize {
    (exact + u).floor().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose};

    #[test]
    fn picks_are_in_proportion_to_weights() {
        let weights = [1.0, 0.0, 3.0];
        assert_eq!(pick(&weights, 0.2499), 0);
        assert_eq!(pick(&weights, 0.2501), 2);
        assert_eq!(pick(&weights, 0.999_999_999), 2);
        assert_eq!(pick(&[0.0, 0.0], 0.5), 0);
    }

    #[test]
    fn the_logit_undoes_the_sigmoid() {
        for x in [-5.0, -0.3, 0.0, 2.0] {
            assert!((logit(sigmoid(x)) - x).abs() < 1e-9);
        }
    }

    /// Means over many draws, within four standard errors.
    #[test]
    fn counts_have_the_means_they_are_asked_for() {
        let luck = Luck::new(5, 0);
        let n = 40_000;
        let draw = |i: u32| luck.uniform(Purpose::Parameters, 0, i, 0u16);
        let mean = |count: &dyn Fn(f64) -> usize| (0..n).map(|i| count(draw(i)) as f64).sum::<f64>() / f64::from(n);
        let near = |found: f64, expected: f64, variance: f64| {
            assert!((found - expected).abs() < 4.0 * (variance / f64::from(n)).sqrt(), "{found} against {expected}");
        };
        for rate in [0.003, 0.4, 7.0, 800.0] {
            near(mean(&|u| poisson(u, rate)), rate, rate);
        }
        for (of, p) in [(1, 0.3), (30, 0.001), (30, 0.4), (500, 0.02)] {
            let expected = f64::from(of) * p;
            near(mean(&|u| usize::from(binomial(u, of, p))), expected, expected * (1.0 - p));
        }
        near(mean(&|u| geometric(u, 1.5)), 1.5, 3.75);
        near(mean(&|u| whole(2.3, u)), 2.3, 0.21);
    }

    /// Common random numbers need it: where the chance is higher, nobody is left out.
    #[test]
    fn a_higher_chance_never_takes_an_event_away() {
        for step in 1..100 {
            let u = f64::from(step) / 100.0;
            for p in [0.0, 0.01, 0.2, 0.7] {
                assert!(binomial(u, 20, p + 0.05) >= binomial(u, 20, p), "{u} {p}");
                assert!(poisson(u, p + 0.05) >= poisson(u, p), "{u} {p}");
            }
        }
    }
}
