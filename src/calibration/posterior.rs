//! What calibration found, as a posterior file and as a report.
//!
//! Absent on purpose: reading it back (`scenario::sets`).

/// The `p`-quantile (0 to 1) of weighted values: the least value at which the weights, summed in order of the values, reach
/// `p`; not a number of nothing.
#[must_use]
pub fn quantile(values: &[f64], weights: &[f64], p: f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let all: f64 = weights.iter().sum();
    let mut sum = 0.0;
    for i in &order {
        sum += weights[*i];
        if sum >= p * all {
            return values[*i];
        }
    }
    order.last().map_or(f64::NAN, |last| values[*last])
}
