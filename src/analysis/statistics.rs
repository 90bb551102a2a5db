//! Means, quantiles and standard errors of a handful of replicates.
//!
//! Sums run in the order of the replicates, so that their bits are the same on every machine.
//! Of distributions there is Student's t alone, for the error of a mean that is known from few values.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and months are far below 2^53")]

/// The mean; not a number of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The `p`-quantile (0 to 1) by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996);
/// not a number of nothing.
#[must_use]
pub fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = p.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list: not negative, and rounded down on purpose")]
    let below = position as usize;
    let above = (below + 1).min(last);
    let share = position - below as f64;
    // Written so that equal neighbours give exactly their value.
    sorted[below] + share * (sorted[above] - sorted[below])
}

/// The Monte Carlo standard error of the mean; nothing with fewer than two values.
#[must_use]
pub fn standard_error(values: &[f64]) -> Option<f64> {
    standard_error_of_groups(values, 1)
}

/// The standard error of the mean of `values`, of which every `size` in a row share something and so are not independent;
/// nothing with fewer than two such groups.
///
/// What is not finite is left out. The deviations of a group are summed before they are squared (the cluster-robust variance
/// of a mean, Liang and Zeger 1986, times g/(g - 1) for g groups), so that groups of one give the usual standard error.
#[must_use]
pub fn standard_error_of_groups(values: &[f64], size: usize) -> Option<f64> {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let (n, mean) = (finite.len() as f64, mean(&finite));
    let deviations = values.chunks(size.max(1)).filter_map(|group| {
        let deviations = || group.iter().filter(|value| value.is_finite()).map(|value| value - mean);
        deviations().next().map(|_| deviations().sum::<f64>())
    });
    let (groups, squares) = deviations.fold((0.0, 0.0), |(groups, squares), sum| (groups + 1.0, squares + sum * sum));
    (groups > 1.0).then(|| (squares / (groups - 1.0) * groups).sqrt() / n)
}

/// How many standard errors on either side of a mean make its 95 % interval, where the error has this many degrees of freedom (the
/// 97.5th percentile of Student's t): with two values the error itself is hardly known.
#[must_use]
pub fn student_95(degrees: usize) -> f64 {
    const FIRST: [f64; 30] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];
    // Beyond the table the first two terms of its expansion in one over the degrees are right to three digits (Abramowitz and
    // Stegun 1964, 26.7.5).
    let (z, degrees_f) = (1.959_964_f64, degrees as f64);
    let far = z + (z.powi(3) + z) / (4.0 * degrees_f) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees_f * degrees_f);
    match degrees {
        0 => f64::INFINITY,
        _ => FIRST.get(degrees - 1).copied().unwrap_or(far),
    }
}

/// How probable a Student's t with so many degrees of freedom is to lie as far from zero as `t`, on either side.
#[must_use]
pub fn student_beyond(t: f64, degrees: usize) -> f64 {
    let degrees = degrees as f64;
    if t.is_infinite() { 0.0 } else { incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5) }
}

/// The regularised incomplete beta function by its continued fraction (Lentz's method; Abramowitz and Stegun 1964, 26.5.8).
#[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast on this side of the mean only; the other is its mirror image.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x)) / a;
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..300 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() < 1e-14 * fraction.abs() {
            break;
        }
    }
    front * fraction
}

/// The 95 % interval of a share of `all` that was seen to be `share` (Wilson 1927); from 0 to 1 where there are none.
#[must_use]
pub fn wilson(share: f64, all: usize) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if all == 0 {
        return (0.0, 1.0);
    }
    let all = all as f64;
    let middle = (share + Z * Z / (2.0 * all)) / (1.0 + Z * Z / all);
    let half = Z / (1.0 + Z * Z / all) * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).max(0.0).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// Ranks from 0, equal values sharing their mean rank; values that are not finite count as the middle.
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|i| values[*i].is_finite()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![(order.len() as f64 - 1.0) / 2.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let same = order[first..].iter().take_while(|i| values[**i].total_cmp(&values[order[first]]).is_eq()).count();
        for i in &order[first..first + same] {
            ranks[*i] = first as f64 + (same as f64 - 1.0) / 2.0;
        }
        first += same;
    }
    ranks
}

/// The correlation of two lists of equal length; nothing where either does not vary.
#[must_use]
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut own_a, mut own_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        both += (a - mean_a) * (b - mean_b);
        own_a += (a - mean_a) * (a - mean_a);
        own_b += (b - mean_b) * (b - mean_b);
    }
    if own_a * own_b > 0.0 { both / (own_a * own_b).sqrt() } else { 0.0 }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(mean(&values), 2.5);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!((standard_error(&values).expect("four values") - 0.645_497_224_367_902_8).abs() < 1e-12);
    }

    /// Two values that always come in pairs tell no more than one: the error of four such pairs is that of four values.
    #[test]
    fn values_that_share_something_tell_less() {
        let (single, doubled) = ([4.0, 1.0, 3.0, 2.0], [4.0, 4.0, 1.0, 1.0, 3.0, 3.0, 2.0, 2.0]);
        let known = standard_error(&single).expect("four values");
        assert!((standard_error_of_groups(&doubled, 2).expect("four groups") - known).abs() < 1e-12);
        assert!(standard_error(&doubled).expect("eight values") < 0.7 * known);
        // Where the two of a group cancel out, the mean is known exactly.
        assert_eq!(standard_error_of_groups(&[1.0, -1.0, 2.0, -2.0], 2), Some(0.0));
        assert_eq!(standard_error_of_groups(&[4.0, f64::NAN, f64::NAN, 4.0, f64::NAN, f64::NAN, 1.0], 2), standard_error(&[4.0, 4.0, 1.0]));
        assert_eq!(standard_error_of_groups(&[4.0, 1.0], 2), None, "one group");
    }

    #[test]
    fn few_values_make_a_wide_interval() {
        let (last, next, many) = (student_95(30), student_95(31), student_95(299));
        assert!(student_95(1) > 12.0 && last > next && (next - 2.0395).abs() < 5e-4 && (many - 1.9679).abs() < 5e-4, "{next} {many}");
        assert!((1..400).all(|degrees| student_95(degrees) > student_95(degrees + 1)) && student_95(0).is_infinite());
    }

    /// Tables of Student's t, and Cauchy's closed form for one degree of freedom.
    #[test]
    fn the_tails_of_students_t_are_those_of_the_tables() {
        for degrees in [1, 2, 5, 9, 19, 30, 199] {
            assert!((student_beyond(student_95(degrees), degrees) - 0.05).abs() < 2e-4, "{degrees}");
        }
        assert!((student_beyond(1.0, 1) - 0.5).abs() < 1e-12 && (student_beyond(-4.604, 4) - 0.01).abs() < 1e-5);
        assert_eq!((student_beyond(0.0, 7), student_beyond(f64::INFINITY, 7)), (1.0, 0.0));
    }

    /// Wilson's own values for 0, 18 and 20 of 20.
    #[test]
    fn a_share_has_an_interval() {
        let near = |(low, high): (f64, f64), (l, h): (f64, f64)| (low - l).abs() < 5e-4 && (high - h).abs() < 5e-4;
        assert!(near(wilson(0.0, 20), (0.0, 0.1611)) && near(wilson(0.9, 20), (0.6990, 0.9721)) && near(wilson(1.0, 20), (0.8389, 1.0)));
        assert_eq!(wilson(0.5, 0), (0.0, 1.0));
    }

    #[test]
    fn of_one_value_there_is_no_error_to_know() {
        assert_eq!(standard_error(&[3.0]), None);
        assert_eq!(quantile(&[3.0], 0.05), 3.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn ranks_share_ties_and_correlations_have_known_answers() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, f64::NAN]), [1.5, 0.0, 1.5, 1.0]);
        assert_eq!(correlation(&ranks(&[1.0, 2.0, 9.0]), &ranks(&[10.0, 20.0, 21.0])), 1.0);
        assert_eq!(correlation(&[0.0, 1.0], &[5.0, 5.0]), 0.0);
    }
}
