//! How sure a difference is: the only place that decides it.
//!
//! Two questions are asked of paired differences, and each has its own answer.
//!
//! *On average*: [`average`] gives the mean with its own 95 % interval, and [`Verdict`] the word. Replicates that assume the same
//! parameter set are averaged first, and the sets are counted, not the replicates (Student's t). The direction is uncertain only where
//! that interval holds zero. Of many verdicts side by side some are wrong by chance; [`stand`] says which would still be told apart
//! if no more than one in twenty of those told apart may be (Benjamini and Hochberg 1995).
//!
//! *In a single future of the country's own size*: [`single`] gives the share of parameter sets in which the difference goes a way.
//! A sample in which an agent stands for `scale` persons has about `scale` times the chance of the country itself, so that the part of the
//! differences that chance makes is shrunk by its root before they are counted. What is simulated at full size (officials, visits,
//! cases, money) is counted as it is.
//!
//! Absent on purpose: the words of a language, and what is better or worse.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and sets are far below 2^53")]

use super::statistics::{mean, standard_error, student_95, student_beyond, wilson};
use crate::scenario::sets::REPLICATES_PER_SET;

/// How often one of the differences told apart may be none.
const FALSE: f64 = 0.05;

/// The word for a mean difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Less on average: the interval of the mean lies below zero.
    Less,
    /// More on average: the interval of the mean lies above zero.
    More,
    /// The interval of the mean holds zero.
    Unclear,
    /// No replicate differs.
    Same,
    /// One parameter set, or one replicate: nothing is known of chance.
    One,
    /// No replicate defines it.
    Undefined,
}

impl Verdict {
    /// True where the mean difference has a sign.
    #[must_use]
    pub fn clear(self) -> bool {
        matches!(self, Self::Less | Self::More)
    }
}

/// A mean of paired differences, and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Average {
    /// The mean over parameter sets of the mean of each.
    pub mean: f64,
    /// Its standard error; nothing with fewer than two sets.
    pub error: Option<f64>,
    /// The lower end of its 95 % interval; the mean itself where there is no error.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many sets there are.
    pub sets: usize,
    /// How probable a mean as far from zero would be if there were no difference; 1 where that is not known.
    pub p: f64,
    /// The word.
    pub verdict: Verdict,
}

/// The means of `values` by parameter set, of which every `size` in a row share one; what is not finite is left out.
#[must_use]
pub fn by_set(values: &[f64], size: usize) -> Vec<f64> {
    sets(values, size).iter().map(|set| mean(set)).collect()
}

/// The finite values of each parameter set that has any.
fn sets(values: &[f64], size: usize) -> Vec<Vec<f64>> {
    let finite = |set: &[f64]| set.iter().copied().filter(|value| value.is_finite()).collect::<Vec<f64>>();
    values.chunks(size.max(1)).map(finite).filter(|set| !set.is_empty()).collect()
}

/// The mean of paired differences, of which every `size` in a row assume the same parameter set.
#[must_use]
pub fn average(differences: &[f64], size: usize) -> Average {
    let means = by_set(differences, size);
    let (mean, error, sets) = (mean(&means), standard_error(&means), means.len());
    let half = error.map_or(0.0, |error| error * student_95(sets - 1));
    let (low, high) = (mean - half, mean + half);
    let p = match error {
        Some(error) if error > 0.0 => student_beyond(mean / error, sets - 1),
        // Every set says the same.
        Some(_) if mean != 0.0 => 0.0,
        _ => 1.0,
    };
    let verdict = match error {
        _ if sets == 0 => Verdict::Undefined,
        _ if differences.iter().filter(|value| value.is_finite()).all(|value| *value == 0.0) => Verdict::Same,
        None => Verdict::One,
        Some(_) if high < 0.0 => Verdict::Less,
        Some(_) if low > 0.0 => Verdict::More,
        Some(_) => Verdict::Unclear,
    };
    Average { mean, error, low, high, sets, p, verdict }
}

/// Which of the differences with these probabilities stand if, of those that stand, no more than one in twenty may be none (the step-up
/// procedure of Benjamini and Hochberg 1995, which holds for positively dependent ones too; Benjamini and Yekutieli 2001).
#[must_use]
pub fn stand(probabilities: &[f64]) -> Vec<bool> {
    let mut sorted = probabilities.to_vec();
    sorted.sort_by(f64::total_cmp);
    let all = sorted.len() as f64;
    let most = sorted.iter().zip(1..).filter(|(p, rank)| **p <= FALSE * f64::from(*rank) / all).map(|(p, _): (_, u32)| *p).last();
    probabilities.iter().map(|p| most.is_some_and(|most| *p <= most)).collect()
}

/// The variance of a paired difference, by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// The variance among replicates that assume the same parameters.
    pub chance: f64,
    /// The variance between parameter sets beyond what chance makes of it.
    pub inputs: f64,
}

impl Split {
    /// Splits the variance of `differences`, of which every two in a row assume the same parameters (one-way analysis of
    /// variance with random effects; Searle et al. 1992). Pairs in which either is undefined are left out; with fewer than
    /// two pairs, nothing can be told.
    #[must_use]
    pub fn of(differences: &[f64]) -> Option<Self> {
        let pairs = differences.chunks_exact(REPLICATES_PER_SET as usize).filter(|pair| pair.iter().all(|value| value.is_finite()));
        let pairs: Vec<(f64, f64)> = pairs.map(|pair| (mean(pair), (pair[0] - pair[1]) * (pair[0] - pair[1]) / 2.0)).collect();
        let means: Vec<f64> = pairs.iter().map(|(mean, _)| *mean).collect();
        let chance = mean(&pairs.iter().map(|(_, within)| *within).collect::<Vec<f64>>());
        let error = standard_error(&means)?;
        let between = error * error * means.len() as f64;
        // A mean of two carries half of chance's variance; an estimate below zero is told as zero.
        Some(Self { chance, inputs: (between - chance / 2.0).max(0.0) })
    }

    /// The share of the variance that comes from uncertain inputs; nothing where there is no variance.
    #[must_use]
    pub fn inputs_share(self) -> Option<f64> {
        let all = self.chance + self.inputs;
        (all > 0.0).then(|| self.inputs / all)
    }
}

/// In what share of parameter sets a single future of the country's own size goes a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Single {
    /// The share in which it is lower.
    pub lower: f64,
    /// The share in which it is higher.
    pub higher: f64,
    /// How many parameter sets were counted; where all replicates assume the same, how many replicates.
    pub sets: usize,
}

impl Single {
    /// The 95 % interval of a share of these sets.
    #[must_use]
    pub fn interval(self, share: f64) -> (f64, f64) {
        wilson(share, self.sets)
    }
}

/// In what share of sets a single future of the country goes which way, given paired differences of which every `size` in a row assume the
/// same parameters and whose chance is `inflation` times the country's own.
#[must_use]
pub fn single(differences: &[f64], size: usize, inflation: f64) -> Single {
    let futures = of_the_country(differences, size, inflation);
    let share = |goes: &dyn Fn(f64) -> bool| {
        let shares: Vec<f64> = futures.iter().map(|set| set.iter().filter(|value| goes(**value)).count() as f64 / set.len() as f64).collect();
        if shares.is_empty() { 0.0 } else { mean(&shares) }
    };
    Single { lower: share(&|value| value < 0.0), higher: share(&|value| value > 0.0), sets: futures.len() }
}

/// The differences of each set as they would be in a country of its own size: with all of the variance that inputs make and
/// one `inflation`th of what chance makes.
fn of_the_country(differences: &[f64], size: usize, inflation: f64) -> Vec<Vec<f64>> {
    let sets = sets(differences, size);
    if inflation <= 1.0 {
        return sets;
    }
    let centre = mean(&by_set(differences, size));
    if size <= 1 {
        let shrink = inflation.sqrt();
        return sets.iter().map(|set| vec![centre + (set[0] - centre) / shrink]).collect();
    }
    // With one set, chance and inputs are not known apart.
    let Some(split) = Split::of(differences) else { return sets };
    let future = |set: &Vec<f64>| {
        let (own, count) = (mean(set), set.len() as f64);
        // The mean of a set strays by inputs and by chance over its replicates; only the first is the country's too.
        let strays = split.inputs + split.chance / count;
        let shrunk = if strays > 0.0 { centre + (own - centre) * (split.inputs / strays).sqrt() } else { own };
        // About their own mean `count` values have (count - 1)/count of chance's variance.
        let spread = (count / (count - 1.0).max(1.0) / inflation).sqrt();
        set.iter().map(|value| shrunk + (value - own) * spread).collect()
    };
    sets.iter().map(future).collect()
}

/// The 95 % interval of the ratio of two means over the same sets, `over` and `under` (Fieller 1954); nothing where the lower one's own
/// interval holds zero, for then the ratio may be anything.
#[must_use]
pub fn ratio(over: &[f64], under: &[f64]) -> Option<(f64, f64)> {
    let sets = over.len().min(under.len());
    let (above, below) = (mean(over), mean(under));
    let t = student_95(sets.checked_sub(1)?);
    let covariance = |a: &[f64], b: &[f64]| {
        let (mean_a, mean_b, n) = (mean(a), mean(b), sets as f64);
        a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>() / (n - 1.0) / n
    };
    if sets < 2 {
        return None;
    }
    let square = below * below - t * t * covariance(under, under);
    if square <= 0.0 {
        return None;
    }
    let half = above * below - t * t * covariance(over, under);
    let constant = above * above - t * t * covariance(over, over);
    let root = (half * half - square * constant).max(0.0).sqrt();
    Some(((half - root) / square, (half + root) / square))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose};

    /// A number drawn from a normal distribution: twelve uniform ones less six (its tails are of no matter here).
    fn normal(seed: u64, entity: u32, first: u16) -> f64 {
        let luck = Luck::new(seed, 0);
        (0..12).map(|draw| luck.uniform(Purpose::Parameters, 9, entity, first + draw)).sum::<f64>() - 6.0
    }

    /// Differences of `sets` parameter sets, two replicates each: a mean, what inputs do and what chance does.
    fn drawn(seed: u64, sets: u32, (mean, inputs, chance): (f64, f64, f64)) -> Vec<f64> {
        let set = |set| [12_u16, 24].map(|first| mean + inputs * normal(seed, set, 0) + chance * normal(seed, set, first));
        (0..sets).flat_map(set).collect()
    }

    #[test]
    fn the_mean_is_of_sets_and_has_students_interval() {
        let known = average(&[1.0, 3.0, 3.0, 5.0, 5.0, 7.0], 2);
        // Sets of 2, 4 and 6: a standard error of 2 over the root of 3, and 4.303 of them.
        assert_eq!((known.mean, known.sets, known.verdict), (4.0, 3, Verdict::Unclear));
        assert!((known.low - (4.0 - 4.303 * 2.0 / 3.0_f64.sqrt())).abs() < 1e-9 && known.low < 0.0);
        assert!((known.p - 0.0742).abs() < 1e-3, "{}", known.p);
        // Taken for six values of their own they would show a sign that three sets do not.
        assert_eq!(average(&[1.0, 3.0, 3.0, 5.0, 5.0, 7.0], 1).verdict, Verdict::More);
    }

    #[test]
    fn every_word_has_its_case() {
        let word = |values: &[f64], size| average(values, size).verdict;
        assert_eq!(word(&[-2.0, -1.0, -1.5], 1), Verdict::Less);
        assert_eq!(word(&[2.0, 2.0, 2.0], 1), Verdict::More);
        assert_eq!(word(&[0.0, 0.0], 1), Verdict::Same);
        assert_eq!(word(&[1.0, 2.0], 2), Verdict::One);
        assert_eq!(word(&[f64::NAN, f64::NAN], 1), Verdict::Undefined);
        assert_eq!(word(&[-1.0, 3.0, 0.5], 1), Verdict::Unclear);
        assert_eq!(average(&[f64::NAN, 3.0], 1).mean, 3.0);
    }

    /// Over a thousand invented studies of ten sets, the interval of the mean holds the true mean in about 95 of 100, and a difference that
    /// is none is told apart in about five of 100, whatever the share of inputs; counting replicates for sets would fail both.
    #[test]
    fn the_interval_of_the_mean_covers_what_it_promises() {
        for (inputs, chance) in [(0.0, 1.0), (1.0, 1.0), (2.0, 0.5)] {
            let studies = 1_000;
            let (mut held, mut held_by_replicate, mut apart) = (0, 0, 0);
            for seed in 0..studies {
                let values = drawn(seed, 10, (1.5, inputs, chance));
                let (own, naive) = (average(&values, 2), average(&values, 1));
                held += usize::from((own.low..=own.high).contains(&1.5));
                held_by_replicate += usize::from((naive.low..=naive.high).contains(&1.5));
                let none: Vec<f64> = values.iter().map(|value| value - 1.5).collect();
                apart += usize::from(average(&none, 2).verdict.clear());
            }
            // Two standard errors of a share of 0.95 among a thousand are 0.014.
            assert!((930..=970).contains(&held), "{held} of {studies} at {inputs}, {chance}");
            assert!((30..=70).contains(&apart), "{apart} of {studies} at {inputs}, {chance}");
            assert!(inputs == 0.0 || held_by_replicate < 900, "{held_by_replicate}: the test could not fail");
        }
    }

    /// The example of Benjamini and Hochberg (1995, section 4.1): of fifteen, four stand.
    #[test]
    fn many_verdicts_side_by_side_are_held_to_more() {
        let known = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        assert_eq!(stand(&known).iter().filter(|stands| **stands).count(), 4);
        assert_eq!(stand(&[0.04]), [true]);
        assert_eq!(stand(&[0.9, 0.01, 0.02]), [false, true, true]);
        assert!(stand(&[]).is_empty());
    }

    /// A sample with ten times the country's chance: the share of sets in which a future goes a way is that of the country and not that of
    /// the sample, which lies nearer to a half.
    #[test]
    fn a_single_future_has_the_countrys_own_chance() {
        let values = drawn(5, 4_000, (1.0, 0.5, 10.0_f64.sqrt()));
        let (own, sample) = (single(&values, 2, 10.0), single(&values, 2, 1.0));
        // One of a normal with variance 0.25 + 1 lies above zero with probability 0.814; with 0.25 + 10 it would be 0.623.
        assert!((own.higher - 0.814).abs() < 0.02, "{own:?}");
        assert!((sample.higher - 0.623).abs() < 0.02, "{sample:?}");
        assert_eq!((own.sets, own.lower + own.higher), (4_000, 1.0));
        // Where all replicates assume the same there is chance only, and the mean of the sample strays by a twentieth of it.
        let alone: Vec<f64> = (0..4_000).map(|replicate| 1.0 + 10.0_f64.sqrt() * normal(7, replicate, 0)).collect();
        let share = single(&alone, 1, 10.0);
        assert!((share.higher - 0.841).abs() < 0.04, "{share:?}");
        assert_eq!(single(&[], 1, 10.0), Single { lower: 0.0, higher: 0.0, sets: 0 });
    }

    /// Sets whose differences are -30, 0 and 30, and within each a deviation of 2 either way: chance 8, and between the
    /// means of 900, of which chance makes 4.
    #[test]
    fn variance_is_split_between_chance_and_inputs() {
        let split = Split::of(&[-32.0, -28.0, -2.0, 2.0, 28.0, 32.0, 7.0]).expect("three pairs");
        assert!((split.chance - 8.0).abs() < 1e-9 && (split.inputs - 896.0).abs() < 1e-9, "{split:?}");
        assert!(Split::of(&[1.0, 3.0, 3.0, 1.0]).expect("two pairs").inputs.abs() < 1e-12, "equal means leave all to chance");
        assert_eq!(Split::of(&[1.0, 3.0, f64::NAN, 1.0]), None);
    }

    /// A ratio of means has an interval as long as what it is divided by is known to be something.
    #[test]
    fn a_ratio_of_means_has_fiellers_interval() {
        assert_eq!(ratio(&[6.0, 6.0, 6.0], &[2.0, 2.0, 2.0]), Some((3.0, 3.0)));
        let (low, high) = ratio(&[10.0, 10.0, 10.0, 10.0], &[9.0, 10.0, 10.0, 11.0]).expect("ten is no zero");
        // With a numerator that is known, the ends are those of ten over the interval of the mean.
        let half = 3.182 * (2.0_f64 / 3.0 / 4.0).sqrt();
        assert!((low - 10.0 / (10.0 + half)).abs() < 1e-9 && (high - 10.0 / (10.0 - half)).abs() < 1e-9, "{low} {high}");
        assert_eq!(ratio(&[1.0, 2.0], &[-1.0, 3.0]), None);
        assert_eq!(ratio(&[], &[]), None);
    }
}
