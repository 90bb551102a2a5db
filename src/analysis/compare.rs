//! What each variant would change against the baseline, replicate by replicate.
//!
//! The same replicate number brings the same luck to both, so the difference within a pair is what the policy
//! does and little of what chance does. The 5th to 95th percentile of the paired differences tells how much
//! futures differ; the Monte Carlo standard error tells how well the *mean* is known, and it alone decides
//! whether there were enough replicates. Where every replicate assumes the same parameters both are about chance only;
//! where parameter sets are drawn they are about chance and uncertain inputs, and [`Split`] tells the two apart. Replicates
//! of one set are not independent of each other, so the error is then reckoned by set.
//!
//! Official counts measure activity, not victims: they are higher, lower or equal, never better or worse.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and months are far below 2^53")]

use super::measure::{Measure, gather, values};
use super::statistics::{mean, quantile, standard_error, standard_error_of_groups};
use crate::model::ledgers::indicators::{Better, Indicator, Ledger};
use crate::quantities::Month;
use crate::results::Record;
use crate::scenario::sets::{Choice, REPLICATES_PER_SET};

/// The greatest coefficient of variation that scaling may add to a mean before the mean is hidden.
const MOST_NOISE: f64 = 0.15;

/// In how many paired futures the variant's figure was less than, more than, or equal to the baseline's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Futures {
    /// Less than the baseline's.
    pub lower: usize,
    /// More than the baseline's.
    pub higher: usize,
    /// Equal to the last bit.
    pub equal: usize,
}

impl Futures {
    /// How many futures were compared.
    #[must_use]
    pub fn all(self) -> usize {
        self.lower + self.higher + self.equal
    }

    /// How many were better and how many worse, where the measure knows a better way.
    #[must_use]
    pub fn judged(self, better: Better) -> Option<(usize, usize)> {
        match better {
            Better::Less => Some((self.lower, self.higher)),
            Better::More => Some((self.higher, self.lower)),
            Better::None => None,
        }
    }
}

/// Whether the replicates settle the mean difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enough {
    /// The standard error is at most a quarter of the mean difference, or half a percent of the baseline.
    Yes,
    /// About this many replicates would settle it.
    Need(u32),
    /// One replicate, or one parameter set, has no standard error.
    Unknown,
}

/// A count that is mostly chance at this scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooFew {
    /// The coefficient of variation that the scale adds to one year of one replicate; infinite where nothing was counted.
    pub one_replicate: f64,
    /// The greatest scale at which the mean could be shown, at least 1; nothing where even that needs more replicates.
    pub scale: Option<f64>,
}

/// Fewest pairs of futures that tell a sign: fewer would all go the same way by luck alone in one case of eight or more (2 of 2^n).
pub const LEAST_PAIRS: usize = 5;

/// Whether so many `pairs` with an interval from `low` to `high` tell a sign.
#[must_use]
pub fn tells_sign(pairs: usize, low: f64, high: f64) -> bool {
    pairs >= LEAST_PAIRS && (low > 0.0 || high < 0.0)
}

/// What one variant would change in one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What was measured.
    pub measure: Measure,
    /// The baseline's mean over replicates.
    pub baseline: f64,
    /// The variant's mean over replicates.
    pub variant: f64,
    /// The mean of the paired differences.
    pub difference: f64,
    /// Their 5th percentile.
    pub low: f64,
    /// Their 95th percentile.
    pub high: f64,
    /// The standard error of their mean, by parameter set where sets are drawn; nothing with one replicate or one set.
    pub standard_error: Option<f64>,
    /// Whether that settles the mean.
    pub enough: Enough,
    /// In how many futures it went which way.
    pub futures: Futures,
    /// What chance and what uncertain inputs do to the difference; nothing where all replicates assume the same, or
    /// where there are too few to tell.
    pub split: Option<Split>,
    /// Set where the means are hidden.
    pub too_few: Option<TooFew>,
}

impl Effect {
    /// Whether its sign is open: the interval spans zero, or there are too few pairs to tell.
    #[must_use]
    pub fn ambiguous(&self) -> bool {
        !tells_sign(self.futures.all(), self.low, self.high) && self.futures.equal < self.futures.all()
    }
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

/// What a person-month of exploitation averted costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CostPerMonth {
    /// Money spent more than the baseline per person-month averted; negative where the variant spends less.
    Money {
        /// The ratio of the mean differences.
        mean: f64,
        /// 5th and 95th percentile of the paired ratios; nothing where a future averted no person-month.
        range: Option<(f64, f64)>,
    },
    /// The interval of the difference in person-months includes 0.
    CannotTell,
    /// The variant would add person-months.
    AddsExploitation,
}

/// One variant against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// One effect per measure asked, in the order asked.
    pub effects: Vec<Effect>,
    /// What a person-month averted costs.
    pub cost: CostPerMonth,
}

/// All variants against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The first and the last month compared.
    pub window: (Month, Month),
    /// The variants in their order, without the baseline.
    pub variants: Vec<Against>,
}

impl Comparison {
    /// How many of the effects shown are settled, and of how many that can be.
    #[must_use]
    pub fn settled(&self) -> (usize, usize) {
        let shown = self.variants.iter().flat_map(|against| &against.effects);
        let known: Vec<bool> =
            shown.filter(|effect| effect.too_few.is_none() && effect.enough != Enough::Unknown).map(|effect| effect.enough == Enough::Yes).collect();
        (known.iter().filter(|settled| **settled).count(), known.len())
    }
}

/// Compares all variants of `record` with its baseline in `measures`, over `window`.
#[must_use]
pub fn compare(record: &Record, measures: &[Measure], window: (Month, Month)) -> Comparison {
    let costs = [Measure::Indicator(Indicator::PersonMonths), Measure::Indicator(Indicator::Spent)];
    gather(record, &[measures, &costs].concat(), window);
    let against = |variant| Against {
        variant,
        effects: measures.iter().map(|measure| effect(record, *measure, variant, window)).collect(),
        cost: cost_per_month(record, variant, window),
    };
    Comparison { window, variants: (1..record.manifest.variants.len()).map(against).collect() }
}

/// Paired values of the baseline and of `variant`; pairs in which either is undefined are left out.
fn pairs(record: &Record, measure: Measure, variant: usize, window: (Month, Month)) -> (Vec<f64>, Vec<f64>) {
    let both = values(record, measure, 0, window).into_iter().zip(values(record, measure, variant, window));
    both.filter(|(a, b)| a.is_finite() && b.is_finite()).unzip()
}

/// How many replicates in a row are not independent of each other: those that assume the same drawn parameters.
#[must_use]
pub fn together(record: &Record) -> usize {
    if record.manifest.parameters == Choice::Best { 1 } else { REPLICATES_PER_SET as usize }
}

/// What `variant` would change in `measure`.
#[must_use]
pub fn effect(record: &Record, measure: Measure, variant: usize, window: (Month, Month)) -> Effect {
    let (before, after) = pairs(record, measure, variant, window);
    let differences: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
    let both = values(record, measure, 0, window).into_iter().zip(values(record, measure, variant, window));
    let all: Vec<f64> = both.map(|(before, after)| after - before).collect();
    let mut futures = Futures::default();
    for difference in &differences {
        if *difference < 0.0 {
            futures.lower += 1;
        } else if *difference > 0.0 {
            futures.higher += 1;
        } else {
            futures.equal += 1;
        }
    }
    let (baseline, difference, error) = (mean(&before), mean(&differences), standard_error_of_groups(&all, together(record)));
    let least = baseline.abs().min(mean(&after).abs());
    Effect {
        measure,
        baseline,
        variant: mean(&after),
        difference,
        low: quantile(&differences, 0.05),
        high: quantile(&differences, 0.95),
        standard_error: error,
        enough: enough(difference, baseline, error, differences.len()),
        futures,
        split: if record.manifest.parameters == Choice::Best { None } else { Split::of(&all) },
        too_few: if measure.ledger() == Ledger::Official && measure.counts() { too_few(record, least, window) } else { None },
    }
}

/// Decides by the standard error alone: at most a quarter of the difference settles its sign and rough size; at
/// most half a percent of the baseline settles that it is small.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number below 1e9")]
fn enough(difference: f64, baseline: f64, error: Option<f64>, replicates: usize) -> Enough {
    let Some(error) = error else { return Enough::Unknown };
    let target = (difference.abs() / 4.0).max(baseline.abs() * 0.005);
    if error <= target && replicates >= LEAST_PAIRS {
        return Enough::Yes;
    }
    // So few that they tell no sign settle nothing, however near they lie together.
    let need = (replicates as f64 * (error / target) * (error / target)).max(LEAST_PAIRS as f64);
    // A need beyond any use is told as the greatest number there is.
    Enough::Need(if need < 1e9 { need.ceil() as u32 } else { u32::MAX })
}

/// Says whether a yearly count of `expected` is mostly chance over this window, replicates and scale.
///
/// A count E of a year at scale w carries an added coefficient of variation of sqrt(w E[X^2] / (E E[X])), X the
/// persons in one event. The runs do not keep X, so its factor is taken as 1: the rule is lenient with persons
/// found in large groups, and exact for events that come one by one.
fn too_few(record: &Record, expected: f64, (from, to): (Month, Month)) -> Option<TooFew> {
    let manifest = &record.manifest;
    let years = f64::from(to.since(from) + 1) / 12.0;
    let samples = f64::from(manifest.replicates) * years;
    let one_replicate = if expected > 0.0 { (manifest.scale / expected).sqrt() } else { f64::INFINITY };
    if one_replicate / samples.sqrt() <= MOST_NOISE {
        return None;
    }
    let most = MOST_NOISE * MOST_NOISE * expected * samples;
    // A scale of at least 10 is told as a whole number of tens or units; what matters is that it suffices.
    Some(TooFew { one_replicate, scale: (most >= 1.0 && manifest.scale > 1.0).then(|| most.floor()) })
}

/// What a person-month averted costs, where chance leaves no doubt that any is.
fn cost_per_month(record: &Record, variant: usize, window: (Month, Month)) -> CostPerMonth {
    let difference = |indicator| -> Vec<f64> {
        let (before, after) = pairs(record, Measure::Indicator(indicator), variant, window);
        before.iter().zip(&after).map(|(before, after)| after - before).collect()
    };
    let (months, money) = (difference(Indicator::PersonMonths), difference(Indicator::Spent));
    let (low, high) = (quantile(&months, 0.05), quantile(&months, 0.95));
    if !tells_sign(months.len(), low, high) {
        return CostPerMonth::CannotTell;
    }
    if low > 0.0 {
        return CostPerMonth::AddsExploitation;
    }
    let ratios: Vec<f64> = months.iter().zip(&money).filter(|(months, _)| **months < 0.0).map(|(months, money)| money / -months).collect();
    let range = (ratios.len() == months.len()).then(|| (quantile(&ratios, 0.05), quantile(&ratios, 0.95)));
    CostPerMonth::Money { mean: mean(&money) / -mean(&months), range }
}

/// Known answers, and the invented record that other tests share.
#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::ensemble::Run;
    use crate::model::ledgers::{History, Row, SECTOR_COLUMNS};
    use crate::results::manifest::{FORMAT, VariantRecord};
    use crate::results::{Manifest, Record};

    /// A record of 12 months in which `figure(variant, replicate)` sets a month's row.
    pub fn record(variants: &[&str], replicates: u32, figure: impl Fn(usize, u32, &mut Row)) -> Record {
        of_months(variants, replicates, 12, |variant, replicate, _, row| figure(variant, replicate, row))
    }

    /// A record in which `figure(variant, replicate, month)` sets a month's row.
    pub fn of_months(variants: &[&str], replicates: u32, months: i32, figure: impl Fn(usize, u32, i32, &mut Row)) -> Record {
        with_sector(variants, replicates, months, figure, None)
    }

    /// A sector's name, and every figure of it in a variant and replicate.
    type Sector<'a> = (&'a str, &'a dyn Fn(usize, u32) -> f64);

    /// The same with a sector, if one is named, in which `sector(variant, replicate)` is every figure.
    pub fn with_sector(
        variants: &[&str],
        replicates: u32,
        months: i32,
        figure: impl Fn(usize, u32, i32, &mut Row),
        sector: Option<Sector<'_>>,
    ) -> Record {
        let first = Month::new(2016, 1);
        let run = |variant, replicate| {
            let row = |month| {
                let mut row = Row::zero();
                figure(variant, replicate, month, &mut row);
                row
            };
            let rows: Vec<Row> = (0..months).map(row).collect();
            let (sectors, stages) = (sector.iter().map(|(_, sector)| [sector(variant, replicate); SECTOR_COLUMNS.len()]).collect(), [[0.0; 5]; 3]);
            let history = History { first, sectors: vec![sectors; rows.len()], origins: vec![], stages: vec![stages; rows.len()], rows };
            Run { variant, replicate, history }
        };
        let runs = (0..variants.len()).flat_map(|variant| (0..replicates).map(move |replicate| (variant, replicate)));
        let manifest = Manifest {
            format: FORMAT,
            rules: String::new(),
            units: String::new(),
            files: vec![],
            version: "0".to_owned(),
            revision: "unknown".to_owned(),
            name: "invented".to_owned(),
            title: "Invented".to_owned(),
            question: "What would be?".to_owned(),
            hash: "0123456789abcdef".to_owned(),
            country: "Borderland".to_owned(),
            currency: "BLC".to_owned(),
            price_year: 2016,
            sectors: sector.iter().map(|(name, _)| (*name).to_owned()).collect(),
            origins: vec![],
            seed: 1,
            replicates,
            parameters: Choice::Best,
            scale: 10.0,
            from: first,
            to: first.plus(months - 1),
            window: (first, first.plus(months - 1)),
            against: None,
            variants: variants
                .iter()
                .map(|name| VariantRecord { name: (*name).to_owned(), title: (*name).to_owned(), base: None, assumed: vec![] })
                .collect(),
            jobs: 1,
            started: String::new(),
            wall_seconds: 0.0,
            machine: (String::new(), String::new(), 1),
        };
        Record::of_runs(manifest, runs.map(|(variant, replicate)| run(variant, replicate)).collect())
    }

    fn one(record: &Record, indicator: Indicator) -> Effect {
        compare(record, &[Measure::Indicator(indicator)], record.manifest.window).variants[0].effects[0].clone()
    }

    #[test]
    fn differences_are_paired_by_replicate() {
        let record = record(&["baseline", "other"], 5, |variant, replicate, row| {
            row.set(Indicator::Exploited, 1000.0 * f64::from(replicate) - 10.0 * variant as f64 * f64::from(replicate));
        });
        let effect = one(&record, Indicator::Exploited);
        assert_eq!((effect.baseline, effect.difference), (2000.0, -20.0));
        assert!((effect.low + 38.0).abs() < 1e-9 && (effect.high + 2.0).abs() < 1e-9);
        assert_eq!(effect.futures, Futures { lower: 4, higher: 0, equal: 1 });
        assert_eq!(effect.futures.judged(Better::Less), Some((4, 0)));
        assert_eq!(effect.enough, Enough::Yes, "half a percent of the baseline is 10, the standard error {:?}", effect.standard_error);
    }

    #[test]
    fn a_wide_standard_error_asks_for_more_replicates() {
        let record = record(&["baseline", "other"], 4, |variant, replicate, row| {
            row.set(Indicator::Exploited, 100.0 + variant as f64 * if replicate % 2 == 0 { 30.0 } else { -20.0 });
        });
        let effect = one(&record, Indicator::Exploited);
        assert!(matches!(effect.enough, Enough::Need(need) if need > 100), "{:?}", effect.enough);
    }

    #[test]
    fn small_official_counts_hide_their_means_and_large_ones_do_not() {
        let small = record(&["baseline", "other"], 1, |_, _, row| row.set(Indicator::Identified, 10.0));
        let few = one(&small, Indicator::Identified).too_few.expect("120 a year at scale 10 vary by 29 %");
        assert!((few.one_replicate - (10.0_f64 / 120.0).sqrt()).abs() < 1e-12);
        assert_eq!(few.scale, Some(2.0));
        let many = record(&["baseline", "other"], 20, |_, _, row| row.set(Indicator::Identified, 10.0));
        assert_eq!(one(&many, Indicator::Identified).too_few, None);
        assert_eq!(one(&small, Indicator::NewVictims).too_few, None, "the truth ledger is not hidden");
    }

    /// Sets whose differences are -30, 0 and 30, and within each a deviation of 2 either way: chance 8, and between the
    /// means of 900, of which chance makes 4.
    #[test]
    fn variance_is_split_between_chance_and_inputs() {
        let split = Split::of(&[-32.0, -28.0, -2.0, 2.0, 28.0, 32.0, 7.0]).expect("three pairs");
        assert!((split.chance - 8.0).abs() < 1e-9 && (split.inputs - 896.0).abs() < 1e-9, "{split:?}");
        assert!(Split::of(&[1.0, 3.0, 3.0, 1.0]).expect("two pairs").inputs.abs() < 1e-12, "equal means leave all to chance");
        assert_eq!(Split::of(&[1.0, 3.0, f64::NAN, 1.0]), None);
        let mut record = record(&["baseline", "other"], 6, |variant, replicate, row| {
            row.set(Indicator::Exploited, 100.0 + variant as f64 * f64::from(replicate / 2));
        });
        assert_eq!(one(&record, Indicator::Exploited).split, None, "best values have no uncertain inputs");
        record.manifest.parameters = Choice::Posterior;
        let effect = one(&record, Indicator::Exploited);
        assert_eq!(effect.split.and_then(Split::inputs_share), Some(1.0));
        assert_eq!(effect.standard_error, standard_error(&[0.0, 1.0, 2.0]), "three sets, however many replicates of each");
        assert!(effect.ambiguous(), "0 to 2 touches zero");
    }

    #[test]
    fn a_cost_is_told_only_where_chance_leaves_no_doubt() {
        let with = |averted: fn(u32) -> f64| {
            let record = record(&["baseline", "other"], 10, |variant, replicate, row| {
                row.set(Indicator::PersonMonths, 1000.0 - variant as f64 * averted(replicate));
                row.set(Indicator::Spent, 5000.0 + 500.0 * variant as f64);
            });
            compare(&record, &[], record.manifest.window).variants[0].cost
        };
        assert_eq!(with(|_| 10.0), CostPerMonth::Money { mean: 50.0, range: Some((50.0, 50.0)) });
        assert_eq!(with(|_| -10.0), CostPerMonth::AddsExploitation);
        assert_eq!(with(|replicate| f64::from(replicate) - 4.0), CostPerMonth::CannotTell);
    }
}
