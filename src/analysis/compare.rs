//! What each variant would change against the baseline, replicate by replicate.
//!
//! The same replicate number brings the same random numbers to both, so the difference within a replicate pair is what the policy
//! does and little of what chance does. How sure the mean of these differences is, and what a single future of the country would
//! show, is decided by [`verdict`](super::verdict); the 5th to 95th percentile of the pairs stands beside it as their spread. Where every
//! replicate assumes the same parameters all of it is about chance only; where parameter sets are drawn it is about chance and uncertain
//! inputs, and [`Split`] tells the two apart.
//!
//! Official counts measure activity, not victims: they are higher, lower or equal, never better or worse.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and months are far below 2^53")]

use super::measure::{Measure, gather, values};
use super::statistics::{mean, quantile};
use super::verdict::{Average, Single, Split, Verdict, average, by_set, ratio, single, stand};
use crate::model::ledgers::indicators::{Better, Indicator};
use crate::quantities::Month;
use crate::results::Record;
use crate::scenario::sets::{Choice, REPLICATES_PER_SET};

/// In how many replicate pairs the variant's figure was less than, more than, or equal to the baseline's.
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
    /// How many pairs were compared.
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
    /// Half of the 95 % interval is at most half of the mean difference, or half a percent of the baseline.
    Yes,
    /// About this many replicates would settle it.
    Need(u32),
    /// One replicate, or one parameter set, has no interval.
    Unknown,
}

/// What one variant would change in one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What was measured.
    pub measure: Measure,
    /// The baseline's mean over parameter sets.
    pub baseline: f64,
    /// The variant's.
    pub variant: f64,
    /// The mean of the paired differences.
    pub difference: f64,
    /// The lower end of the 95 % interval of that mean; the mean itself where there is no interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The standard error of the mean, by parameter set; nothing with one replicate or one set.
    pub standard_error: Option<f64>,
    /// How many parameter sets were counted; where all replicates assume the same, how many replicates.
    pub sets: usize,
    /// How probable a mean so far from zero would be if there were no difference.
    pub p: f64,
    /// What can be said of the mean.
    pub verdict: Verdict,
    /// Whether that stands among all that is compared beside it ([`compare`]); alone, whether it has a sign.
    pub stands: bool,
    /// Whether the replicates settle the mean.
    pub enough: Enough,
    /// In what share of parameter sets a single future of the country would go which way.
    pub single: Single,
    /// The 5th and the 95th percentile of the replicate pairs, with the chance of the sample.
    pub spread: (f64, f64),
    /// In how many replicate pairs it went which way.
    pub futures: Futures,
    /// What chance and what uncertain inputs do to the difference; nothing where all replicates assume the same, or
    /// where there are too few to tell.
    pub split: Option<Split>,
}

impl Effect {
    /// The mean difference in per cent of the baseline; nothing for shares, whose differences are told in points, and where the baseline
    /// is nothing.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        let percent = 100.0 * self.difference / self.baseline.abs();
        (self.measure.unit() != "share" && percent.is_finite()).then_some(percent)
    }

    /// The share of parameter sets in which a single future goes the way of the mean, and its 95 % interval.
    #[must_use]
    pub fn agrees(&self) -> (f64, (f64, f64)) {
        let share = if self.difference < 0.0 { self.single.lower } else { self.single.higher };
        (share, self.single.interval(share))
    }
}

/// What a person-month of exploitation averted costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CostPerMonth {
    /// Money spent more than the baseline per person-month averted; negative where the variant spends less.
    Money {
        /// The ratio of the mean differences.
        mean: f64,
        /// Its 95 % interval (Fieller 1954); nothing with one parameter set.
        range: Option<(f64, f64)>,
    },
    /// The interval of the mean difference in person-months holds 0.
    Unclear,
    /// The variant would add person-months.
    Adds,
    /// Person-months would fall, and people removed from the country without help would rise by as much as could make that fall.
    Removal,
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
    /// In what share of parameter sets the variant would be worth its money, for each sum in [`Comparison::worths`] that a
    /// person-month averted may be worth; empty where a cost is withheld for [`CostPerMonth::Removal`].
    pub acceptable: Vec<Single>,
}

/// All variants against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The first and the last month compared.
    pub window: (Month, Month),
    /// The variants in their order, without the baseline.
    pub variants: Vec<Against>,
    /// Sums of money that a person-month averted may be worth, about what it costs.
    pub worths: Vec<f64>,
}

impl Comparison {
    /// How many of the effects shown are settled, and of how many that can be.
    #[must_use]
    pub fn settled(&self) -> (usize, usize) {
        let all = self.variants.iter().flat_map(|against| &against.effects);
        let known: Vec<bool> = all.filter(|effect| effect.enough != Enough::Unknown).map(|effect| effect.enough == Enough::Yes).collect();
        (known.iter().filter(|settled| **settled).count(), known.len())
    }
}

/// Compares all variants of `record` with its baseline in `measures`, over `window`; of all these differences together it is asked which stand.
#[must_use]
pub fn compare(record: &Record, measures: &[Measure], window: (Month, Month)) -> Comparison {
    let costs = [Indicator::Exploited, Indicator::RemovedUnassisted, Indicator::PersonMonths, Indicator::Spent].map(Measure::Indicator);
    gather(record, &[measures, &costs, &[EXIT]].concat(), window);
    let all = 1..record.manifest.variants.len();
    let money: Vec<Money> = all.clone().map(|variant| Money::of(record, variant, window)).collect();
    let worths = worths(&money);
    let against = |(variant, money): (usize, &Money)| {
        let removes = money.removes(record, variant, window);
        let cost = money.cost(record, variant, window, removes);
        let acceptable = |worth: &f64| money.acceptable(record, *worth);
        // Clear or not: what removal may explain is worth nothing to those removed.
        let acceptable = if removes { vec![] } else { worths.iter().map(acceptable).collect() };
        Against { variant, effects: measures.iter().map(|measure| effect(record, *measure, variant, window)).collect(), cost, acceptable }
    };
    let mut variants: Vec<Against> = all.zip(&money).map(against).collect();
    // Nothing is asked of what no replicate changes.
    let asked = |effect: &&mut Effect| !matches!(effect.verdict, Verdict::Same | Verdict::Undefined);
    let mut effects: Vec<&mut Effect> = variants.iter_mut().flat_map(|against| &mut against.effects).filter(asked).collect();
    let standing = stand(&effects.iter().map(|effect| effect.p).collect::<Vec<_>>());
    for (effect, stands) in effects.iter_mut().zip(standing) {
        effect.stands = effect.verdict.clear() && stands;
    }
    Comparison { window, variants, worths }
}

/// How many replicates in a row are not independent of each other: those that assume the same drawn parameters.
#[must_use]
pub fn together(record: &Record) -> usize {
    if record.manifest.parameters == Choice::Best { 1 } else { REPLICATES_PER_SET as usize }
}

/// How many times the country's own chance the sample's is in `measure`.
#[must_use]
pub fn inflation(record: &Record, measure: Measure) -> f64 {
    if measure.sampled() { record.manifest.scale } else { 1.0 }
}

/// The paired differences of `measure` between two variants, by replicate, `second` less `first`.
#[must_use]
pub fn differences(record: &Record, measure: Measure, (first, second): (usize, usize), window: (Month, Month)) -> Vec<f64> {
    let [before, after] = [first, second].map(|variant| values(record, measure, variant, window));
    before.iter().zip(&after).map(|(before, after)| after - before).collect()
}

/// What `variant` would change in `measure`.
#[must_use]
pub fn effect(record: &Record, measure: Measure, variant: usize, window: (Month, Month)) -> Effect {
    let size = together(record);
    let [before, after] = [0, variant].map(|variant| values(record, measure, variant, window));
    let differences: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
    // Pairs in which either is undefined are left out of all three means.
    let paired = |values: &[f64]| {
        let kept: Vec<f64> =
            values.iter().zip(&differences).map(|(value, difference)| if difference.is_finite() { *value } else { f64::NAN }).collect();
        mean(&by_set(&kept, size))
    };
    let finite: Vec<f64> = differences.iter().copied().filter(|difference| difference.is_finite()).collect();
    let count = |goes: fn(f64) -> bool| finite.iter().filter(|difference| goes(**difference)).count();
    let average = average(&differences, size);
    let baseline = paired(&before);
    Effect {
        measure,
        baseline,
        variant: paired(&after),
        difference: average.mean,
        low: average.low,
        high: average.high,
        standard_error: average.error,
        sets: average.sets,
        p: average.p,
        verdict: average.verdict,
        stands: average.verdict.clear(),
        enough: enough(&average, baseline, finite.len()),
        single: single(&differences, size, inflation(record, measure)),
        spread: (quantile(&finite, 0.05), quantile(&finite, 0.95)),
        futures: Futures { lower: count(|value| value < 0.0), higher: count(|value| value > 0.0), equal: count(|value| value == 0.0) },
        split: if record.manifest.parameters == Choice::Best { None } else { Split::of(&differences) },
    }
}

/// Decides by the interval of the mean alone: half of it at most half of the difference settles sign and rough size; at
/// most half a percent of the baseline settles that it is small.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number below 1e9")]
fn enough(average: &Average, baseline: f64, replicates: usize) -> Enough {
    if average.error.is_none() {
        return Enough::Unknown;
    }
    let half = (average.high - average.low) / 2.0;
    let target = (average.mean.abs() / 2.0).max(baseline.abs() * 0.005);
    if half <= target {
        return Enough::Yes;
    }
    let need = replicates as f64 * (half / target) * (half / target);
    // A need beyond any use is told as the greatest number there is.
    Enough::Need(if need < 1e9 { need.ceil() as u32 } else { u32::MAX })
}

/// How long those who leave exploitation were in it.
const EXIT: Measure = Measure::Derived(super::measure::Derived::MonthsToExit);

/// The paired differences that a cost is made of, by replicate: person-months averted a year and money spent more.
struct Money {
    averted: Vec<f64>,
    spent: Vec<f64>,
}

impl Money {
    fn of(record: &Record, variant: usize, window: (Month, Month)) -> Self {
        let of = |indicator| differences(record, Measure::Indicator(indicator), (0, variant), window);
        Self { averted: of(Indicator::PersonMonths).iter().map(|months| -months).collect(), spent: of(Indicator::Spent) }
    }

    /// What a person-month averted costs, where some are averted on average, and not by removing people (`removes`).
    fn cost(&self, record: &Record, variant: usize, window: (Month, Month), removes: bool) -> CostPerMonth {
        let size = together(record);
        match average(&self.averted, size).verdict {
            Verdict::More => {}
            Verdict::Less => return CostPerMonth::Adds,
            _ => return CostPerMonth::Unclear,
        }
        let of = |indicator| effect(record, Measure::Indicator(indicator), variant, window);
        let people = of(Indicator::Exploited);
        if people.verdict != Verdict::Less {
            return CostPerMonth::Unclear;
        }
        let (averted, spent) = (by_set(&self.averted, size), by_set(&self.spent, size));
        if removes {
            return CostPerMonth::Removal;
        }
        CostPerMonth::Money { mean: mean(&spent) / mean(&averted), range: ratio(&spent, &averted) }
    }

    /// Whether more people removed without help may be what averts.
    fn removes(&self, record: &Record, variant: usize, window: (Month, Month)) -> bool {
        let removed = effect(record, Measure::Indicator(Indicator::RemovedUnassisted), variant, window);
        removal_explains(&removed, mean(&by_set(&self.averted, together(record))), mean(&values(record, EXIT, 0, window)))
    }

    /// In what share of parameter sets the money is well spent if a person-month averted is worth `worth` (the net benefit of Stinnett
    /// and Mullahy 1998, over all worths the acceptability curve of Fenwick et al. 2001). No test of significance stands before it
    /// (Claxton 1999): whoever must choose chooses by what is more probable.
    fn acceptable(&self, record: &Record, worth: f64) -> Single {
        let benefit: Vec<f64> = self.averted.iter().zip(&self.spent).map(|(averted, spent)| worth * averted - spent).collect();
        single(&benefit, together(record), inflation(record, Measure::Indicator(Indicator::PersonMonths)))
    }
}

/// Whether so many more people removed without help could make half or more of `averted` person-months a year, each of them sparing at
/// most the months that one who leaves had spent in exploitation.
fn removal_explains(removed: &Effect, averted: f64, months: f64) -> bool {
    removed.verdict == Verdict::More && (!months.is_finite() || removed.difference * months >= averted / 2.0)
}

/// Six sums about the middle one of what a person-month costs over all variants, each about three times the last.
fn worths(money: &[Money]) -> Vec<f64> {
    let mut costs: Vec<f64> = money.iter().map(|money| (mean(&money.spent) / mean(&money.averted)).abs()).collect();
    costs.retain(|cost| cost.is_finite() && *cost > 0.0);
    if costs.is_empty() {
        return vec![];
    }
    let middle = libm::pow(10.0, libm::round(libm::log10(quantile(&costs, 0.5))));
    [0.1, 0.3, 1.0, 3.0, 10.0, 30.0].map(|times| times * middle).to_vec()
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
            unsettled: false,
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
        assert_eq!((effect.baseline, effect.difference, effect.percent()), (2000.0, -20.0, Some(-1.0)));
        assert!((effect.spread.0 + 38.0).abs() < 1e-9 && (effect.spread.1 + 2.0).abs() < 1e-9);
        assert_eq!(effect.futures, Futures { lower: 4, higher: 0, equal: 1 });
        assert_eq!(effect.futures.judged(Better::Less), Some((4, 0)));
        // A standard error of 7.07 and 2.776 of them: the mean of five differences is known to lie below zero, not its size.
        assert!((effect.high - (-20.0 + 2.776 * 50.0_f64.sqrt())).abs() < 1e-9, "{effect:?}");
        assert_eq!((effect.verdict, effect.sets), (Verdict::Less, 5));
        assert!(matches!(effect.enough, Enough::Need(20)), "{:?}", effect.enough);
    }

    #[test]
    fn a_wide_interval_asks_for_more_replicates() {
        let record = record(&["baseline", "other"], 4, |variant, replicate, row| {
            row.set(Indicator::Exploited, 100.0 + variant as f64 * if replicate % 2 == 0 { 30.0 } else { -20.0 });
        });
        let effect = one(&record, Indicator::Exploited);
        assert!(matches!(effect.enough, Enough::Need(need) if need > 100), "{:?}", effect.enough);
        assert_eq!(effect.verdict, Verdict::Unclear);
    }

    #[test]
    fn sets_are_counted_and_not_replicates() {
        let mut record = record(&["baseline", "other"], 6, |variant, replicate, row| {
            row.set(Indicator::Exploited, 100.0 + variant as f64 * f64::from(replicate / 2));
        });
        assert_eq!(one(&record, Indicator::Exploited).split, None, "best values have no uncertain inputs");
        assert_eq!(one(&record, Indicator::Exploited).verdict, Verdict::More, "six replicates of their own");
        record.manifest.parameters = Choice::Posterior;
        let effect = one(&record, Indicator::Exploited);
        assert_eq!(effect.split.and_then(Split::inputs_share), Some(1.0));
        assert_eq!((effect.standard_error, effect.sets), (crate::analysis::statistics::standard_error(&[0.0, 1.0, 2.0]), 3));
        assert_eq!(effect.verdict, Verdict::Unclear, "three sets with 0, 1 and 2");
        assert!((effect.single.higher - 2.0 / 3.0).abs() < 1e-12, "one of three sets shows no difference");
    }

    /// What is sampled has the sample's chance, what is simulated at full size its own.
    #[test]
    fn only_the_sampled_is_rescaled() {
        let record = record(&["baseline", "other"], 20, |variant, replicate, row| {
            let other = variant as f64 * if replicate % 4 == 0 { -4.0 } else { 4.0 };
            row.set(Indicator::Exploited, 1000.0 + other);
            row.set(Indicator::Identified, 100.0 + other);
        });
        assert!((one(&record, Indicator::Exploited).single.higher - 1.0).abs() < 1e-12, "a tenth of the variance leaves no future below zero");
        assert!((one(&record, Indicator::Identified).single.higher - 0.75).abs() < 1e-12);
    }

    /// Among many that are none, a sign that stands alone does not stand.
    #[test]
    fn a_sign_must_stand_among_all_that_are_compared() {
        let names: Vec<String> = (0..30).map(|variant| format!("v{variant}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let record = record(&names, 8, |variant, replicate, row| {
            let shift = if variant == 1 { 1.0 } else { 0.0 };
            let noise = if (replicate as usize + variant).is_multiple_of(2) { 1.05 } else { -1.05 };
            row.set(Indicator::Exploited, 1000.0 + if variant == 0 { 0.0 } else { shift + noise });
        });
        let alone = effect(&record, Measure::Indicator(Indicator::Exploited), 1, record.manifest.window);
        let among = compare(&record, &[Measure::Indicator(Indicator::Exploited)], record.manifest.window).variants[0].effects[0].clone();
        assert!(alone.stands && among.verdict == Verdict::More && !among.stands, "{among:?}");
    }

    #[test]
    fn a_cost_is_told_only_of_what_averts_and_does_not_remove() {
        let with = |averted: fn(u32) -> f64, removed: f64| {
            let record = record(&["baseline", "other"], 10, |variant, replicate, row| {
                row.set(Indicator::Exploited, 1000.0 - variant as f64 * averted(replicate));
                row.set(Indicator::PersonMonths, 1000.0 - variant as f64 * averted(replicate));
                row.set(Indicator::RemovedUnassisted, 5.0 + variant as f64 * removed);
                row.set(Indicator::ExitMonths, 60.0);
                row.set(Indicator::ExitsEscape, 6.0);
                row.set(Indicator::Spent, 5000.0 + 500.0 * variant as f64);
            });
            compare(&record, &[], record.manifest.window).variants[0].clone()
        };
        let known = with(|_| 10.0, 0.0);
        assert_eq!(known.cost, CostPerMonth::Money { mean: 50.0, range: Some((50.0, 50.0)) });
        // Worth 5, 15 or 50 it is not, worth 150 and more it is; 50 for each is what it costs.
        assert_eq!(known.acceptable.iter().map(|single| single.higher).collect::<Vec<_>>(), [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(with(|_| -10.0, 0.0).cost, CostPerMonth::Adds);
        assert_eq!(with(|replicate| f64::from(replicate) - 4.0, 0.0).cost, CostPerMonth::Unclear);
        // One more removed a month, each after ten months: all ten person-months averted a month may be theirs.
        assert_eq!(with(|_| 10.0, 1.0).cost, CostPerMonth::Removal);
        assert!(with(|_| 10.0, 1.0).acceptable.is_empty());
        assert!(matches!(with(|_| 10.0, 0.1).cost, CostPerMonth::Money { .. }), "a tenth of them is no explanation");
    }
}
