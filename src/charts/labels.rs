//! Where labels go, so that none covers another and each is seen to belong to its mark.
//!
//! Absent on purpose: drawing.

use super::sheet::Area;

/// How many variants are named at most: more names would be a thicket, and looking for places for hundreds takes minutes.
pub const NAMED: usize = 12;

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

/// A straight line from one point to another.
pub type Segment = [(f64, f64); 2];

/// A label in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Where it stands.
    pub area: Area,
    /// The line from its mark to it, where it stands apart.
    pub leader: Option<Segment>,
}

/// Half the side of the square that a mark keeps free around itself.
const MARK: f64 = 6.0;
/// How far from its mark a label stands that needs no line to it.
const NEAR: f64 = 13.0;
/// What it costs, in units of distance, that two labels overlap (never taken), that a line leads through a label, through a mark
/// (or unseen along a line that is drawn) or across another such line, and that a label without a line stands nearer to another mark than to its own.
const COSTS: (f64, f64, f64, f64, f64) = (1e6, 500.0, 400.0, 300.0, 90.0);
/// What it costs to cover a unit of a line that is drawn, and that a line to a label crosses one.
const DRAWN: (f64, f64) = (1.0, 3.0);

/// Finds a place near each point for a label of its size, within `bounds`; no label covers another, a point, or what is `taken`.
///
/// Among the places that are left, those win that are near, cover little of the lines `drawn`, and whose own lines cross neither a
/// mark, nor a label, nor each other: from several greedy beginnings each label in turn moves to where all stand best, until none
/// moves. Where all is taken the answer is nothing.
#[must_use]
pub fn around(points: &[(f64, f64)], sizes: &[(f64, f64)], taken: &[Area], drawn: &[Segment], bounds: Area) -> Vec<Option<Placed>> {
    let all: Vec<Vec<(Placed, f64)>> =
        (0..points.len().min(sizes.len())).map(|own| candidates(points, own, sizes[own], taken, drawn, bounds)).collect();
    let crowd = |own: &usize| points.iter().filter(|other| distance(points[*own], **other) < 60.0).count();
    let by = |key: &dyn Fn(&usize) -> f64| {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| key(a).total_cmp(&key(b)));
        order
    };
    let beginnings: [&dyn Fn(&usize) -> f64; 4] = [&|own| crowd(own) as f64, &|own| points[*own].0, &|own| points[*own].1, &|own| *own as f64];
    let orders: Vec<Vec<usize>> = beginnings.iter().flat_map(|key| [by(key), by(&|own| -key(own))]).collect();
    let settled = orders.iter().map(|order| settle(&all, order));
    let best = settled.min_by(|a, b| a.1.total_cmp(&b.1)).map(|settled| settled.0).unwrap_or_default();
    let mut kept: Vec<Option<Placed>> = Vec::new();
    for placed in best {
        let free = |placed: &Placed| kept.iter().flatten().all(|other| !other.area.overlaps(placed.area));
        kept.push(placed.filter(free));
    }
    kept
}

/// From greedy places in this order to where no label alone finds a better one: the places, and what they cost together.
fn settle(all: &[Vec<(Placed, f64)>], order: &[usize]) -> (Vec<Option<Placed>>, f64) {
    let mut places: Vec<Option<(Placed, f64)>> = vec![None; all.len()];
    let costs = |places: &[Option<(Placed, f64)>], own: usize, (placed, alone): &(Placed, f64)| {
        let others = places.iter().enumerate().filter(|(other, _)| *other != own).filter_map(|(_, place)| place.as_ref());
        alone + others.map(|(other, _)| between(placed, other)).sum::<f64>()
    };
    for _ in 0..30 {
        let before = places.clone();
        for own in order {
            let best = all[*own].iter().map(|place| (*place, costs(&places, *own, place))).min_by(|a, b| a.1.total_cmp(&b.1));
            places[*own] = best.map(|(place, _)| place);
        }
        if places == before {
            break;
        }
    }
    let total = places.iter().enumerate().map(|(own, place)| place.as_ref().map_or(COSTS.0, |place| costs(&places, own, place))).sum();
    (places.into_iter().map(|place| place.map(|(placed, _)| placed)).collect(), total)
}

/// What it costs that two labels stand as they do.
fn between(one: &Placed, other: &Placed) -> f64 {
    let overlap = if one.area.overlaps(other.area) { COSTS.0 } else { 0.0 };
    let through = [(one.leader, other.area), (other.leader, one.area)]
        .into_iter()
        .filter(|(leader, area)| leader.is_some_and(|leader| inside(leader, *area) > 0.0));
    let crossing = one.leader.zip(other.leader).is_some_and(|(one, other)| cross(one, other));
    overlap + COSTS.1 * through.count() as f64 + if crossing { COSTS.3 } else { 0.0 }
}

/// The places that a label could take, each with what it costs if there were no other label.
fn candidates(points: &[(f64, f64)], own: usize, (w, h): (f64, f64), taken: &[Area], drawn: &[Segment], bounds: Area) -> Vec<(Placed, f64)> {
    let (x, y) = points[own];
    let mark = |(x, y): (f64, f64)| Area { x: x - MARK, y: y - MARK, w: 2.0 * MARK, h: 2.0 * MARK };
    // What is seen of a mark is a little less than what is kept free.
    let seen = |(x, y): (f64, f64)| Area { x: x - 5.0, y: y - 5.0, w: 10.0, h: 10.0 };
    let others = || points.iter().enumerate().filter(move |(other, point)| *other != own && distance(**point, (x, y)) > 1.0).map(|(_, point)| *point);
    let near = [(x + 9.0, y - h / 2.0), (x - 9.0 - w, y - h / 2.0), (x - w / 2.0, y - 9.0 - h), (x - w / 2.0, y + 9.0)];
    let rings = (0..16).flat_map(|ring| (0..24).map(move |turn| (9.0 + 12.0 * f64::from(ring), f64::from(turn) * std::f64::consts::TAU / 24.0)));
    let far = rings.map(|(far, turn)| {
        let (across, down) = (libm::cos(turn), libm::sin(turn));
        (x + across * (far + w / 2.0) - w / 2.0, y + down * (far + h / 2.0) - h / 2.0)
    });
    let areas = near.into_iter().chain(far).map(|(x, y)| Area { x, y, w, h });
    let free = areas.filter(|area| {
        bounds.holds(*area) && points.iter().all(|point| !mark(*point).overlaps(*area)) && taken.iter().all(|other| !other.overlaps(*area))
    });
    let cost = |area: Area| {
        let end = (x.clamp(area.x, area.right()), y.clamp(area.y, area.bottom()));
        let away = distance((x, y), end);
        let leader = (away > NEAR).then(|| [(x + (end.0 - x) * MARK / away, y + (end.1 - y) * MARK / away), end]);
        let crossed = |leader: Segment| {
            let marks = others().filter(|point| inside(leader, seen(*point)) > 0.0).count()
                + taken.iter().filter(|other| inside(leader, **other) > 0.0).count();
            let lines = drawn.iter().filter(|line| cross(leader, **line)).count();
            let along = drawn.iter().filter(|line| leader.iter().all(|end| apart(*end, **line) < 3.0)).count();
            COSTS.2 * (marks + 3 * along) as f64 + DRAWN.1 * lines as f64
        };
        let nearest = others()
            .map(|point| distance(point, (point.0.clamp(area.x, area.right()), point.1.clamp(area.y, area.bottom()))))
            .fold(f64::INFINITY, f64::min);
        let unclear = if leader.is_none() && nearest < away + 4.0 { COSTS.4 } else { 0.0 };
        (Placed { area, leader }, away + DRAWN.0 * covered(drawn, area) + leader.map_or(0.0, crossed) + unclear)
    };
    free.map(cost).collect()
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// How far a point is from a line.
fn apart(point: (f64, f64), [from, to]: Segment) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    distance(point, (from.0 + along * dx, from.1 + along * dy))
}

/// How much of the lines `drawn` an area covers.
#[must_use]
pub fn covered(drawn: &[Segment], area: Area) -> f64 {
    drawn.iter().map(|line| inside(*line, area)).sum()
}

/// How much of a line lies within an area.
fn inside([from, to]: Segment, area: Area) -> f64 {
    // Liang and Barsky 1984: the part of the line, from 0 to 1, that each pair of edges leaves.
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (step, low, high) in [(dx, area.x - from.0, area.right() - from.0), (dy, area.y - from.1, area.bottom() - from.1)] {
        if step.abs() < 1e-9 {
            if low > 0.0 || high < 0.0 {
                return 0.0;
            }
        } else {
            enters = enters.max((low / step).min(high / step));
            leaves = leaves.min((low / step).max(high / step));
        }
    }
    (leaves - enters).max(0.0) * distance(from, to)
}

/// True where two lines cross.
fn cross([a, b]: Segment, [c, d]: Segment) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
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

    /// Twelve marks in a heap, as where most variants change little: every label is found a place, none covers anything, and no
    /// line to one runs through a mark, a label or another line.
    #[test]
    fn labels_around_points_cover_nothing() {
        let points: Vec<(f64, f64)> = (0..12).map(|i| (200.0 + f64::from(i % 4) * 19.0, 140.0 + f64::from(i / 4) * 18.0)).collect();
        let bounds = Area { x: 0.0, y: 0.0, w: 500.0, h: 300.0 };
        let corner = Area { x: 0.0, y: 0.0, w: 120.0, h: 20.0 };
        let places: Vec<Placed> = around(&points, &[(90.0, 14.0); 12], &[corner], &[], bounds).into_iter().flatten().collect();
        assert_eq!(places.len(), 12);
        assert!(places.iter().filter(|placed| placed.leader.is_some()).count() > 3, "there is no room for all near by");
        for (i, placed) in places.iter().enumerate() {
            assert!(bounds.holds(placed.area) && !corner.overlaps(placed.area));
            assert!(points.iter().all(|(x, y)| !placed.area.overlaps(Area { x: x - MARK, y: y - MARK, w: 2.0 * MARK, h: 2.0 * MARK })));
            for other in &places[i + 1..] {
                assert!(between(placed, other) <= 0.0, "{placed:?} and {other:?}");
            }
            let crossed =
                |(x, y): &(f64, f64)| placed.leader.is_some_and(|leader| inside(leader, Area { x: x - 5.0, y: y - 5.0, w: 10.0, h: 10.0 }) > 0.0);
            assert_eq!(points.iter().filter(|point| crossed(point)).count(), 0, "{placed:?}");
        }
    }

    #[test]
    fn a_label_keeps_off_lines_and_a_full_sheet_has_no_place() {
        let bounds = Area { x: 0.0, y: 0.0, w: 300.0, h: 100.0 };
        let axis = [(0.0, 50.0), (300.0, 50.0)];
        let placed = around(&[(150.0, 50.0)], &[(60.0, 14.0)], &[], &[axis], bounds)[0].expect("there is room");
        assert!(inside(axis, placed.area) <= 0.0 && placed.leader.is_none(), "{placed:?}");
        assert_eq!(around(&[(150.0, 50.0)], &[(60.0, 14.0)], &[bounds], &[], bounds), [None]);
        assert_eq!(around(&[], &[], &[], &[], bounds), []);
    }

    #[test]
    fn what_of_a_line_lies_within_an_area_is_measured() {
        let area = Area { x: 10.0, y: 10.0, w: 20.0, h: 10.0 };
        for (line, length) in [
            ([(0.0, 15.0), (100.0, 15.0)], 20.0),
            ([(20.0, 0.0), (20.0, 14.0)], 4.0),
            ([(0.0, 0.0), (5.0, 100.0)], 0.0),
            ([(12.0, 12.0), (15.0, 16.0)], 5.0),
            ([(0.0, 40.0), (40.0, 0.0)], 10.0 * std::f64::consts::SQRT_2),
        ] {
            assert!((inside(line, area) - length).abs() < 1e-9, "{line:?}: {}", inside(line, area));
        }
        assert!(cross([(0.0, 0.0), (2.0, 2.0)], [(0.0, 2.0), (2.0, 0.0)]) && !cross([(0.0, 0.0), (2.0, 2.0)], [(0.0, 1.0), (0.9, 1.0)]));
    }
}
