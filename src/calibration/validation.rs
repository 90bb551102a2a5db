//! The model beside everything that was published: which patterns it shows, and which it does not.
//!
//! A value or a range counts as reproduced where what was published meets the model's band from the 5th to the 95th
//! percentile of its runs; a direction, where at least nine in ten runs show it. Bands are about chance, and about
//! uncertain inputs where parameter sets are drawn. Beside the targets stand the published series, year by year: what share of the
//! runs lies below a figure is its predictive probability, and a series that stays near 0 or 1 is one that the model tells wrong.
//!
//! Absent on purpose: fitting. Both classes of targets are told alike, and V is never used for anything else.

use std::sync::atomic::AtomicBool;

use super::kept::Kept;
use super::left_out::naive_score;
use super::targets::{covered, readings, under_lever};
use crate::analysis::figures::figures;
use crate::analysis::statistics::{mean, quantile};
use crate::draws::{Luck, fnv};
use crate::ensemble::{Progress, Unit, simulate_units};
use crate::model::ledgers::indicators::Indicator;
use crate::model::simulate;
use crate::model::switches::{SWITCHES, Switches};
use crate::quantities::Month;
use crate::results::rows::Rows;
use crate::results::units::Keys;
use crate::results::{Manifest, Record};
use crate::scenario::targets::{Expected, Figure, Target, Use};
use crate::scenario::{Published, Scenario, Variant, published};

/// The share of runs that must show a direction, and the share at which they show its contrary.
const MOST: f64 = 0.9;
const LEAST: f64 = 0.1;

/// What is to be said of one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The model shows it.
    Reproduced,
    /// Some runs show the direction and some its contrary.
    Unclear,
    /// The model does not show it.
    Missed,
    /// The run does not cover its period, or no run defines the figure.
    Untold,
}

impl Verdict {
    /// The word of tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reproduced => "yes",
            Self::Unclear => "unclear",
            Self::Missed => "no",
            Self::Untold => "not told",
        }
    }
}

/// One target beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The target.
    pub target: Target,
    /// Median, 5th and 95th percentile over runs.
    pub band: [f64; 3],
    /// For a direction, the share of runs that show it.
    pub share: Option<f64>,
    /// What is to be said.
    pub verdict: Verdict,
}

/// All published figures of one series and year beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What is counted.
    pub indicator: Indicator,
    /// What the indicator counts beside it and the figures leave out.
    pub minus: Option<Indicator>,
    /// The calendar year.
    pub year: i32,
    /// What was published, in the order of the country's file: sources may disagree.
    pub published: Vec<f64>,
    /// Median, 5th and 95th percentile over runs.
    pub band: [f64; 3],
    /// The share of runs below the middle of what was published; runs equal to it count by half.
    pub below: f64,
    /// The continuous ranked probability score of the runs as a forecast of that middle, on the scale log(1 + figure).
    pub score: f64,
}

impl Check {
    /// The months of its year.
    fn whole(&self) -> (Month, Month) {
        (Month::new(self.year, 1), Month::new(self.year, 12))
    }

    /// True where what was published meets the band.
    #[must_use]
    pub fn within(&self) -> bool {
        let low = self.published.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.published.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.band[1] <= high && self.band[2] >= low
    }
}

/// What a validation tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Every target.
    pub lines: Vec<Line>,
    /// Every published series by year, of the calendar years that the run holds whole.
    pub checks: Vec<Check>,
}

/// The published series by series in the order of the file and then by year, of the years that lie between `from` and `to`; what the
/// model says of them is not known yet.
fn checks(published: &[Published], (from, to): (Month, Month)) -> Vec<Check> {
    let mut checks: Vec<Check> = vec![];
    for of in published {
        if let Some(known) = checks.iter_mut().find(|check| (check.indicator, check.minus, check.year) == (of.indicator, of.minus, of.year)) {
            known.published.push(of.value);
        } else {
            let Published { indicator, minus, year, value } = *of;
            checks.push(Check { indicator, minus, year, published: vec![value], band: [f64::NAN; 3], below: f64::NAN, score: f64::NAN });
        }
    }
    checks.retain(|check| check.whole().0 >= from && check.whole().1 <= to);
    checks
}

/// Sets checks beside what the runs say of each; those of which no run says anything are left out.
fn checked(mut checks: Vec<Check>, readings: &[Vec<f64>]) -> Vec<Check> {
    for (check, readings) in checks.iter_mut().zip(readings) {
        let readings: Vec<f64> = readings.iter().copied().filter(|reading| reading.is_finite()).collect();
        check.band = [0.5, 0.05, 0.95].map(|p| quantile(&readings, p));
        let middle = mean(&check.published);
        let below = |reading: &f64| if *reading < middle { 1.0 } else { 0.5 * f64::from(u8::from(*reading <= middle)) };
        check.below = mean(&readings.iter().map(below).collect::<Vec<f64>>());
        check.score = score(&readings, middle);
    }
    checks.retain(|check| check.band[0].is_finite());
    let series: Vec<Indicator> = checks.iter().map(|check| check.indicator).collect();
    checks.sort_by_key(|check| (series.iter().position(|indicator| *indicator == check.indicator), check.year));
    checks
}

/// The score of `readings` as a forecast of `value`, on the scale log(1 + figure): the mean distance to it less half of that between each other (Gneiting
/// and Raftery 2007).
fn score(readings: &[f64], value: f64) -> f64 {
    let logs: Vec<f64> = readings.iter().map(|reading| libm::log1p(reading.max(0.0))).collect();
    let to = |point: f64| mean(&logs.iter().map(|log| (log - point).abs()).collect::<Vec<f64>>());
    to(libm::log1p(value.max(0.0))) - 0.5 * mean(&logs.iter().map(|log| to(*log)).collect::<Vec<f64>>())
}

/// How who knows no model would forecast a figure from the earlier ones of its series: their geometric mean, and the last of them, each give or take 30 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Naive {
    /// The middles of the two forecasts.
    pub middles: [f64; 2],
    /// Their scores, as [`Check::score`].
    pub scores: [f64; 2],
}

/// The naive forecasts of `check` from what was `published` before its year; nothing where no figure of the series was.
#[must_use]
pub fn naive(check: &Check, published: &[Published]) -> Option<Naive> {
    let of_series = |other: &&Published| (other.indicator, other.minus) == (check.indicator, check.minus) && other.year < check.year;
    let mut earlier: Vec<&Published> = published.iter().filter(of_series).collect();
    earlier.sort_by_key(|other| other.year);
    let last = earlier.last()?.year;
    let middle = |of: &dyn Fn(&Published) -> bool| {
        mean(&earlier.iter().filter(|other| of(other)).map(|other| libm::log1p(other.value.max(0.0))).collect::<Vec<f64>>())
    };
    let logs = [middle(&|_| true), middle(&|other| other.year == last)];
    let value = libm::log1p(mean(&check.published).max(0.0));
    Some(Naive { middles: logs.map(libm::expm1), scores: logs.map(|log| naive_score(log, value)) })
}

/// Sets the readings of a target's runs beside what was published.
#[must_use]
pub fn judge(target: &Target, readings: &[f64]) -> Line {
    let known: Vec<f64> = readings.iter().copied().filter(|reading| reading.is_finite()).collect();
    let band = [0.5, 0.05, 0.95].map(|p| quantile(&known, p));
    let (low, high) = target.interval();
    let directed = matches!(target.expected, Expected::Direction { .. });
    let shows = |reading: &f64| if low == 0.0 { *reading > 0.0 } else { *reading < 0.0 };
    let share = (directed && !known.is_empty()).then(|| mean(&known.iter().map(|reading| f64::from(u8::from(shows(reading)))).collect::<Vec<f64>>()));
    let verdict = match share {
        _ if known.is_empty() => Verdict::Untold,
        Some(share) if share >= MOST => Verdict::Reproduced,
        Some(share) if share > LEAST => Verdict::Unclear,
        None if band[1] <= high && band[2] >= low => Verdict::Reproduced,
        _ => Verdict::Missed,
    };
    Line { target: target.clone(), band, share, verdict }
}

/// Simulates the baseline of `scenario` for every replicate, and once more for each lever that a target names, and judges
/// all targets and published figures; nothing once `stop` is true. `progress` is told how many months of how many are through.
///
/// Each replicate is read as soon as it is whole, and forgotten; what was read is `kept`, and not simulated again. Where
/// that is a shard's, only its own replicates are read, and judged by.
///
/// # Panics
/// Never: only targets that name a lever are run under one, and rows in memory can be read.
pub fn validate(
    scenario: &Scenario,
    targets: &[Target],
    published: &[Published],
    kept: &mut Kept,
    jobs: usize,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Option<Told> {
    let told: Vec<bool> = targets.iter().map(|target| covered(target, &scenario.variants[0].setting)).collect();
    // Targets under the same lever at the same value share its run.
    let mut levers: Vec<&Target> = vec![];
    for (target, told) in targets.iter().zip(&told) {
        if *told && target.needs_second_run() && !levers.iter().any(|other| same_lever(other, target)) {
            levers.push(target);
        }
    }
    let baseline = &scenario.variants[0];
    let under = |(place, target): (usize, &&Target)| {
        let setting = under_lever(target, &baseline.setting).expect("only targets that name a lever were chosen");
        Variant { name: format!("lever-{place}"), setting, ..baseline.clone() }
    };
    let variants = [baseline.clone()].into_iter().chain(levers.iter().enumerate().map(under)).collect();
    let together = Scenario { variants, ..scenario.clone() };
    let manifest = Manifest { replicates: 1, ..Manifest::of(&together) };
    let checks = checks(published, (scenario.from, scenario.to));
    let series: Vec<_> =
        checks.iter().map(|check| (Figure::Ledger { indicator: check.indicator, minus: check.minus, per: None }, check.whole())).collect();
    let second = |target: &Target| levers.iter().position(|other| same_lever(other, target)).map(|lever| lever + 1);
    let all: Vec<&Target> = targets.iter().collect();
    let mut read: Vec<(u32, Vec<f64>, Vec<f64>)> = vec![];
    let keys = Keys::of(&together);
    let wanted = fnv(format!("{} {targets:?} {published:?} {} {}", env!("FIVEP_REVISION"), scenario.from, scenario.to).bytes());
    let key = |replicate: u32| format!("{}-{wanted:016x}", keys.of_replicate(&together, replicate));
    let mut replicates = vec![];
    let shard = kept.shard;
    for replicate in (0..scenario.replicates).filter(|replicate| shard.owns(*replicate)) {
        match kept.get(replicate, &key(replicate)).filter(|row| row.len() == all.len() + series.len()) {
            Some(row) => read.push((replicate, row[..all.len()].to_vec(), row[all.len()..].to_vec())),
            None => replicates.push(replicate),
        }
    }
    let whole = simulate_units(&together, &replicates, jobs, progress, stop, &mut |unit| {
        let replicate = unit.replicate;
        let rows = Rows::of_units(&manifest, &[Unit { replicate: 0, ..unit }]).expect("the manifest tells of the unit");
        let record = Record::of_rows(manifest.clone(), rows);
        let first = |values: Vec<Vec<f64>>| values.iter().map(|values| values[0]).collect::<Vec<f64>>();
        let targets = first(readings(&record, &all, &second).expect("rows in memory can be read"));
        let series = first(figures(&record, &series).expect("rows in memory can be read"));
        kept.put(replicate, &key(replicate), &[&targets[..], &series[..]].concat());
        read.push((replicate, targets, series));
        true
    });
    if !whole {
        return None;
    }
    // Units come in any order.
    read.sort_by_key(|(replicate, ..)| *replicate);
    let line = |(place, (target, told)): (usize, (&Target, &bool))| {
        judge(target, &read.iter().map(|(_, targets, _)| if *told { targets[place] } else { f64::NAN }).collect::<Vec<f64>>())
    };
    let lines = targets.iter().zip(&told).enumerate().map(line).collect();
    let series: Vec<Vec<f64>> = (0..checks.len()).map(|place| read.iter().map(|(_, _, series)| series[place]).collect()).collect();
    Some(Told { lines, checks: checked(checks, &series) })
}

fn same_lever(a: &Target, b: &Target) -> bool {
    match (&a.expected, &b.expected) {
        (Expected::Direction { against: a, .. }, Expected::Direction { against: b, .. }) => a == b,
        _ => false,
    }
}

/// How many of the told targets of one class are reproduced, and how many are told.
#[must_use]
pub fn tally(lines: &[Line], purpose: Use) -> (usize, usize) {
    let told = lines.iter().filter(|line| line.target.purpose == purpose && line.verdict != Verdict::Untold);
    let met = told.clone().filter(|line| line.verdict == Verdict::Reproduced);
    (met.count(), told.count())
}

/// The patterns of one class, each with how many of its told targets are reproduced and how many are told.
#[must_use]
pub fn patterns(lines: &[Line], purpose: Use) -> Vec<(String, usize, usize)> {
    let mut patterns: Vec<(String, usize, usize)> = vec![];
    for line in lines.iter().filter(|line| line.target.purpose == purpose && line.verdict != Verdict::Untold) {
        let met = usize::from(line.verdict == Verdict::Reproduced);
        match patterns.iter_mut().find(|(name, ..)| *name == line.target.pattern) {
            Some((_, of, all)) => {
                *of += met;
                *all += 1;
            }
            None => patterns.push((line.target.pattern.clone(), met, 1)),
        }
    }
    patterns
}

/// Every structural alternative: a switch and a value that is not its default.
#[must_use]
pub fn alternatives() -> Vec<(&'static str, &'static str)> {
    SWITCHES.iter().flat_map(|switch| switch.values[1..].iter().map(|value| (switch.name, *value))).collect()
}

/// The same scenario with one switch set in the baseline and in every variant.
#[must_use]
pub fn switched(scenario: &Scenario, (name, value): (&str, &str)) -> Scenario {
    let mut scenario = scenario.clone();
    for variant in &mut scenario.variants {
        let mut switches: Switches = variant.setting.switches;
        switches.set(name, value);
        variant.setting.switches = switches;
    }
    scenario
}

/// A number that changes whenever what decides a validation does: the scenario as resolved, the country, the targets, the
/// published series, the parameter sets, and the model's rules, told by a coarse run.
#[must_use]
pub fn fingerprint(scenario: &Scenario, targets: &[Target]) -> String {
    let mut setting = scenario.setting(0, 0).into_owned();
    setting.scale = setting.scale.max((setting.scale * COARSER).min(COARSEST));
    let run = simulate(&setting, Luck::new(scenario.seed, 0));
    let (country, series) = (&setting.country, published(scenario));
    // With what variants are compared, and when, decides nothing here.
    let resolved = scenario.resolved.split_once("\n[compare]\n").map_or_else(
        || scenario.resolved.clone(),
        |(before, rest)| rest.find("\n[").map_or(before.to_owned(), |after| format!("{before}{}", &rest[after..])),
    );
    let text = format!("{resolved} {} {} {country:?} {targets:?} {series:?}", scenario.replicates, scenario.seed);
    let rows = run.rows.iter().flat_map(|row| row.0).chain(scenario.drawn.rows.iter().flatten().copied());
    let bytes = text.into_bytes().into_iter().chain(rows.flat_map(|value| value.to_bits().to_le_bytes()));
    format!("{:016x}", fnv(bytes))
}

/// How much coarser than the scenario the run of a fingerprint is, and the coarsest it may be: it takes a second at most.
const COARSER: f64 = 20.0;
const COARSEST: f64 = 200.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load, targets_of};

    fn targets() -> (Scenario, Vec<Target>) {
        let overrides = Overrides { scale: Some(20.0), replicates: Some(2), ..Overrides::default() };
        let scenario = load("borderland", &overrides).expect("it is sound");
        let targets = targets_of(&scenario).expect("they are sound");
        (scenario, targets)
    }

    fn named(name: &str) -> Target {
        targets().1.into_iter().find(|target| target.name == name).expect("it is there")
    }

    #[test]
    fn a_value_is_reproduced_where_it_meets_the_band() {
        let cases = named("cases");
        let readings: Vec<f64> = (0..=20).map(|i| 55.0 + f64::from(i)).collect();
        let line = judge(&cases, &readings);
        assert_eq!((line.band, line.verdict), ([65.0, 56.0, 74.0], Verdict::Reproduced), "50 to 60 was published");
        assert_eq!(judge(&cases, &[70.0, 71.0, f64::NAN]).verdict, Verdict::Missed);
        assert_eq!(judge(&cases, &[f64::NAN]).verdict, Verdict::Untold);
    }

    #[test]
    fn a_direction_is_reproduced_where_nine_in_ten_runs_show_it() {
        let falls = named("crackdown-identified");
        let with = |falling: usize| judge(&falls, &(0..20).map(|i| if i < falling { -1.0 } else { 0.0 }).collect::<Vec<f64>>());
        assert_eq!((with(18).share, with(18).verdict), (Some(0.9), Verdict::Reproduced));
        assert_eq!([with(17).verdict, with(3).verdict, with(2).verdict], [Verdict::Unclear, Verdict::Unclear, Verdict::Missed]);
    }

    #[test]
    fn all_targets_are_told_the_same_for_any_number_of_threads() {
        let (scenario, targets) = targets();
        let stop = AtomicBool::new(false);
        let year = scenario.from.year() + 1;
        let of = |year, value| Published { indicator: Indicator::Cases, minus: None, year, value };
        let published = [of(year + 1, -1.0), of(year, 1e9), of(year, 2e9), of(scenario.from.year() - 1, 5.0)];
        let told = |jobs| validate(&scenario, &targets, &published, &mut Kept::default(), jobs, &|_| {}, &stop).expect("nobody stops it");
        let Told { lines, checks } = told(1);
        assert_eq!(Told { lines: lines.clone(), checks: checks.clone() }, told(3));
        // Of a greater validation that was left, nothing that it read is simulated again, and the answer is the same.
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut kept = Kept::at(home.path().join("a"));
        let one = Scenario { replicates: 1, ..scenario.clone() };
        validate(&one, &targets, &published, &mut kept, 1, &|_| {}, &stop).expect("nobody stops it");
        drop(kept);
        let months = std::sync::Mutex::new(0);
        let progress = |progress: Progress| *months.lock().expect("one thread") = progress.total_months;
        let again = validate(&scenario, &targets, &published, &mut Kept::at(home.path().join("a")), 1, &progress, &stop).expect("nobody stops it");
        assert_eq!(again, Told { lines: lines.clone(), checks: checks.clone() });
        let half = *months.lock().expect("one thread");
        validate(&scenario, &targets, &published, &mut Kept::default(), 1, &progress, &stop).expect("nobody stops it");
        assert_eq!(half * 2, *months.lock().expect("one thread"), "one of two replicates was there");
        let said: Vec<(i32, f64, bool)> = checks.iter().map(|check| (check.year, check.below, check.within())).collect();
        assert_eq!(said, [(year, 1.0, false), (year + 1, 0.0, false)], "years in order, and none that the run does not hold: {checks:?}");
        assert_eq!(checks[0].published, [1e9, 2e9]);
        assert_eq!(lines.len(), targets.len());
        assert!(lines.iter().all(|line| line.verdict != Verdict::Untold), "{lines:?}");
        let (_, fitted) = tally(&lines, Use::Calibrate);
        let (_, kept) = tally(&lines, Use::Validate);
        assert_eq!(fitted + kept, targets.len());
        assert_eq!(patterns(&lines, Use::Validate).iter().map(|(_, _, all)| all).sum::<usize>(), kept);
    }

    #[test]
    fn a_fingerprint_tells_scenarios_targets_and_rules_apart() {
        let (_, targets) = targets();
        let scenario = load("borderland", &Overrides::default()).expect("it is sound");
        let own = fingerprint(&scenario, &targets);
        assert_eq!(own, fingerprint(&scenario, &targets));
        assert_ne!(own, fingerprint(&scenario, &targets[1..]));
        let switched = switched(&scenario, ("deterrence", "none"));
        assert_ne!(own, fingerprint(&switched, &targets), "the rules of the short run differ, the text does not");
        assert_eq!(switched.resolved, scenario.resolved);
    }

    #[test]
    fn alternatives_leave_out_the_defaults() {
        let all = alternatives();
        assert_eq!(all.len(), SWITCHES.iter().map(|switch| switch.values.len() - 1).sum::<usize>());
        assert!(all.contains(&("deterrence", "none")) && !all.contains(&("deterrence", "learned")));
    }
}
