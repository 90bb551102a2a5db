//! Means, quantiles and standard errors of a handful of replicates.
//!
//! Sums run in the order of the replicates, so that their bits are the same on every machine.
//! Absent on purpose: any distribution; with few replicates the sample speaks for itself.

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
    if values.len() < 2 {
        return None;
    }
    let (n, mean) = (values.len() as f64, mean(values));
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((squares / (n - 1.0) / n).sqrt())
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

    #[test]
    fn of_one_value_there_is_no_error_to_know() {
        assert_eq!(standard_error(&[3.0]), None);
        assert_eq!(quantile(&[3.0], 0.05), 3.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
