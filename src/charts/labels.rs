//! Where labels go, so that none covers another.
//!
//! Absent on purpose: drawing.

use super::sheet::Area;

/// Moves labels of the height `high`, wished at `wishes`, up and down until none overlaps, within `low` to `most`.
///
/// The answer stands in the order of the wishes. Labels that touch are merged into blocks, each as near to its wishes as can
/// be (pool adjacent violators, as in isotonic regression); where there is no room for all they are spaced evenly.
#[must_use]
pub fn spread(wishes: &[f64], high: f64, (low, most): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|a, b| wishes[*a].total_cmp(&wishes[*b]));
    let high = if wishes.len() > 1 { high.min((most - low) / (wishes.len() - 1) as f64) } else { high };
    // A block is the sum of its labels' wished starts, and how many they are.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for place in &order {
        blocks.push((wishes[*place], 1));
        while let [.., (above, m), (below, n)] = blocks[..]
            && below / n as f64 - above / (m as f64) < high * m as f64
        {
            blocks.truncate(blocks.len() - 2);
            blocks.push((above + below - high * (m * n) as f64, m + n));
        }
    }
    let mut places = vec![0.0; wishes.len()];
    let mut next = order.into_iter();
    let (mut least, mut left) = (low, wishes.len());
    for (sum, count) in blocks {
        let latest = most - high * (left.saturating_sub(1)) as f64;
        let start = (sum / count as f64).clamp(least.min(latest), latest);
        for (place, i) in next.by_ref().take(count).zip(0_u32..) {
            places[place] = start + high * f64::from(i);
        }
        least = start + high * count as f64;
        left -= count;
    }
    places
}

/// Finds a place near each point for a label of its size that covers no other label, no point and nothing `taken`, within `bounds`.
///
/// Nearest places are tried first, to the right, left, above and below, then in widening circles; where all is taken the
/// answer is nothing.
#[must_use]
pub fn around(points: &[(f64, f64)], sizes: &[(f64, f64)], taken: &[Area], bounds: Area) -> Vec<Option<Area>> {
    let dot = |(x, y): (f64, f64)| Area { x: x - 6.0, y: y - 6.0, w: 12.0, h: 12.0 };
    let mut used: Vec<Area> = taken.iter().copied().chain(points.iter().map(|point| dot(*point))).collect();
    let mut places = Vec::new();
    for ((x, y), (w, h)) in points.iter().copied().zip(sizes.iter().copied()) {
        let near = [(x + 9.0, y - h / 2.0), (x - 9.0 - w, y - h / 2.0), (x - w / 2.0, y - 9.0 - h), (x - w / 2.0, y + 9.0)];
        let rings = (1..=14).flat_map(move |ring| (0..16).map(move |turn| (f64::from(ring) * 12.0, f64::from(turn) * std::f64::consts::TAU / 16.0)));
        let far = rings.map(move |(far, turn)| {
            let (across, down) = (libm::cos(turn), libm::sin(turn));
            let (x, y) = (x + across * (far + 9.0), y + down * (far + 9.0));
            (x - w / 2.0 + across * w / 2.0, y - h / 2.0 + down * h / 2.0)
        });
        let area = |(x, y)| Area { x, y, w, h };
        let free = |area: &Area| bounds.holds(*area) && !used.iter().any(|other| other.overlaps(*area));
        // A line that leads to a name far off must not run through another name or point.
        let open = |area: &Area| {
            let end = (x.clamp(area.x, area.right()), y.clamp(area.y, area.bottom()));
            (1..24).map(|step| f64::from(step) / 24.0).all(|along| {
                let (px, py) = (x + (end.0 - x) * along, y + (end.1 - y) * along);
                let own = (px - x).abs() < 8.0 && (py - y).abs() < 8.0;
                own || !used.iter().any(|other| other.overlaps(Area { x: px - 0.5, y: py - 0.5, w: 1.0, h: 1.0 }))
            })
        };
        let close = near.into_iter().map(area).find(free);
        let found = close.or_else(|| far.clone().map(area).find(|area| free(area) && open(area))).or_else(|| far.map(area).find(free));
        used.extend(found);
        places.push(found);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        let wishes = [50.0, 52.0, 51.0, 90.0, 10.0, 99.0, 98.0];
        let places = spread(&wishes, 12.0, (0.0, 100.0));
        let mut sorted: Vec<(f64, f64)> = wishes.iter().copied().zip(places.iter().copied()).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(sorted.windows(2).all(|pair| pair[1].1 - pair[0].1 >= 12.0 - 1e-9), "{places:?}");
        assert!(places.iter().all(|place| (-1e-9..=100.0 + 1e-9).contains(place)), "{places:?}");
        assert!((places[4] - 10.0).abs() < 1e-9, "a label alone stays where it was wished");
        assert!(spread(&[], 12.0, (0.0, 1.0)).is_empty());
        let crowded = spread(&[5.0; 9], 12.0, (0.0, 40.0));
        assert!(crowded.windows(2).all(|pair| (pair[1] - pair[0] - 5.0).abs() < 1e-9), "{crowded:?}");
    }

    #[test]
    fn labels_around_points_cover_nothing() {
        let points: Vec<(f64, f64)> = (0..12).map(|i| (200.0 + f64::from(i % 4) * 3.0, 150.0 + f64::from(i / 4) * 4.0)).collect();
        let bounds = Area { x: 0.0, y: 0.0, w: 500.0, h: 300.0 };
        let places = around(&points, &[(90.0, 14.0); 12], &[], bounds);
        let found: Vec<Area> = places.into_iter().flatten().collect();
        assert_eq!(found.len(), 12);
        for (i, area) in found.iter().enumerate() {
            assert!(bounds.holds(*area) && found[i + 1..].iter().all(|other| !other.overlaps(*area)));
        }
    }
}
