//! Where to look: space-filling points in the unit cube, and addressed draws for proposals.
//!
//! Absent on purpose: units. A point is a place between each parameter's low and high end.

use sobol_burley::sample;

use crate::draws::{Luck, Purpose, normal_quantile};

/// Points that one Sobol sequence can hold; a longer design goes on in another scrambling.
const MOST: usize = 1 << 16;
/// The stage of the dice of a Latin hypercube.
const LATIN: u16 = 60_000;
/// Dimensions that one Sobol sequence can hold.
const DIMENSIONS: usize = 256;

/// `count` points of `dimensions` coordinates in [0, 1): an Owen-scrambled Sobol sequence (Burley 2020), the
/// same for the same `seed`.
#[must_use]
pub fn points(count: usize, dimensions: usize, seed: u32) -> Vec<Vec<f64>> {
    let coordinate = |point: usize, dimension: usize| {
        let block = (point / MOST + 7919 * (dimension / DIMENSIONS)) as u32;
        f64::from(sample((point % MOST) as u32, (dimension % DIMENSIONS) as u32, seed.wrapping_add(block)))
    };
    (0..count).map(|point| (0..dimensions).map(|dimension| coordinate(point, dimension)).collect()).collect()
}

/// `count` points of `dimensions` coordinates in [0, 1), each coordinate even to within a slice and no two of them together but by chance: a Latin hypercube (`McKay` et
/// al. 1979), the same for the same `seed`. A Sobol sequence of hundreds of dimensions has pairs of them that go together in so few points.
#[must_use]
pub fn apart(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let dice = Dice::new(seed, LATIN);
    let mut points = vec![vec![0.0; dimensions]; count];
    let mut place = |dimension: usize| {
        let mut order: Vec<(f64, usize)> = (0..count).map(|point| (dice.uniform(point, 2 * dimension), point)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (slice, (_, point)) in order.into_iter().enumerate() {
            points[point][dimension] = (slice as f64 + dice.uniform(point, 2 * dimension + 1)) / count as f64;
        }
    };
    (0..dimensions).for_each(&mut place);
    points
}

/// Draws that belong to one stage of one calibration.
#[derive(Clone, Copy, Debug)]
pub struct Dice {
    luck: Luck,
    stage: u16,
}

impl Dice {
    /// The draws of `stage` of the calibration with `seed`.
    #[must_use]
    pub fn new(seed: u64, stage: u16) -> Self {
        // Stages 0 and 1 of the address belong to the drawing of parameter sets for ensembles.
        Self { luck: Luck::new(seed, 0), stage: stage.saturating_add(2) }
    }

    /// A uniform draw in (0, 1) at its address.
    #[must_use]
    pub fn uniform(&self, entity: usize, decision: usize) -> f64 {
        self.luck.uniform(Purpose::Parameters, self.stage, entity as u32, decision as u16)
    }

    /// A standard normal draw at its address.
    #[must_use]
    pub fn normal(&self, entity: usize, decision: usize) -> f64 {
        normal_quantile(self.uniform(entity, decision))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::statistics::correlation;

    /// A design fills space: each of 64 slices of each coordinate holds its share of 256 points to within one.
    #[test]
    fn points_fill_every_slice_of_every_coordinate() {
        for (dimension, seed) in [(0, 1), (7, 1), (181, 2)] {
            let mut slices = [0u32; 64];
            for point in points(256, 182, seed) {
                slices[(point[dimension] * 64.0) as usize] += 1;
            }
            assert!(slices.iter().all(|count| *count == 4), "{dimension}: {slices:?}");
        }
    }

    #[test]
    fn a_seed_is_a_design() {
        assert_eq!(points(10, 3, 5), points(20, 3, 5)[..10]);
        assert_ne!(points(10, 3, 5), points(10, 3, 6));
    }

    /// Of two hundred points in two hundred dimensions no two coordinates are as alike as two fifths, which chance does once in a million pairs; the closest pair
    /// of a Sobol sequence is twice as close.
    #[test]
    fn no_two_coordinates_of_a_latin_hypercube_go_together() {
        let closest = |points: &[Vec<f64>]| {
            let column = |k: usize| points.iter().map(|point| point[k]).collect::<Vec<f64>>();
            let columns: Vec<Vec<f64>> = (0..200).map(column).collect();
            let pairs = (0..200).flat_map(|i| (0..i).map(move |j| (i, j)));
            pairs.map(|(i, j)| correlation(&columns[i], &columns[j]).abs()).fold(0.0, f64::max)
        };
        let latin = apart(200, 200, 7);
        let mut first: Vec<f64> = latin.iter().map(|point| point[0]).collect();
        first.sort_by(f64::total_cmp);
        assert!(first.iter().enumerate().all(|(i, x)| (i as f64..i as f64 + 1.0).contains(&(x * 200.0))));
        let (latin, sobol) = (closest(&latin), closest(&points(200, 200, 7)));
        assert!(latin < 0.4 && sobol > 0.6, "{latin} {sobol}");
    }
}
