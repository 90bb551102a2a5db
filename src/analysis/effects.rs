//! Every lever alone: what it would change from one month on, at both ends of its range.
//!
//! All trials of a replicate share its past and its random numbers: the baseline is led to the month in which the levers move, and every trial
//! goes on from a copy of the country as it stands there. A difference within a replicate is thus what the lever does and little of what chance does.
//! Only what is asked is kept of a run, so that memory does not grow with the number of levers.
//!
//! Absent on purpose: levers together (scenarios), and whether an effect is good.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::funding::funding;
use super::measure::Measure;
use super::statistics::{mean, standard_error_of_groups, student_95};
use crate::draws::Luck;
use crate::ensemble::in_parallel;
use crate::model::ledgers::History;
use crate::model::ledgers::indicators::Indicator;
use crate::model::policy::{LINES, Lever, Line, Shape, all};
use crate::model::{Setting, Simulation};
use crate::quantities::Month;
use crate::scenario::Scenario;
use crate::scenario::sets::{Choice, REPLICATES_PER_SET};

/// What is told of every lever: truth, what is done to people, official counts, cost.
pub const ASKED: [Measure; 5] = [
    Measure::Indicator(Indicator::Exploited),
    Measure::Indicator(Indicator::RemovedUnassisted),
    Measure::Indicator(Indicator::Identified),
    Measure::Indicator(Indicator::Convicted),
    Measure::Indicator(Indicator::Spent),
];

/// So many standard errors from zero a mean must lie to be told from chance.
pub const BEYOND: f64 = 2.0;

/// What is done to a lever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum To {
    /// It is set to this value, for all origins where it has one for each.
    Value(f64),
    /// It is multiplied.
    Times(f64),
    /// The line's share of the budget is multiplied, and the other lines give or take in proportion.
    Share(Line, f64),
    /// The line gets this part of its own money on top.
    Extra(Line, f64),
}

/// One lever at one value.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The first of its places.
    pub place: usize,
    /// The lever.
    pub lever: &'static Lever,
    /// What is done to it.
    pub to: To,
}

impl Trial {
    /// The lever's address in a scenario file, with its line where it is about one.
    #[must_use]
    pub fn name(&self) -> String {
        match self.to {
            To::Value(_) | To::Times(_) => self.lever.path(),
            To::Share(line, _) | To::Extra(line, _) => format!("{}.{}", self.lever.path(), line.name()),
        }
    }

    /// The value as it is written.
    #[must_use]
    pub fn value(&self) -> String {
        match self.to {
            To::Value(value) => value.to_string(),
            To::Times(factor) | To::Share(_, factor) => format!("x {factor}"),
            To::Extra(_, part) => format!("{:+}%", (part * 100.0).round()),
        }
    }

    /// The indicator that answers first.
    #[must_use]
    pub fn indicator(&self) -> Indicator {
        match self.to {
            To::Value(_) | To::Times(_) => self.lever.indicator,
            To::Share(line, _) | To::Extra(line, _) => line.answers().0,
        }
    }

    /// How many places of the row it moves.
    fn width(&self, setting: &Setting) -> usize {
        match self.lever.shape {
            Shape::One => 1,
            Shape::PerLine => LINES,
            Shape::PerOrigin => setting.country.origins.len(),
        }
    }

    /// `setting` with the lever moved from its `after`th month on; where `paid`, its budget line gets on top what it costs more than before.
    #[must_use]
    pub fn moved(&self, setting: &Setting, after: usize, paid: bool) -> Setting {
        let mut moved = setting.clone();
        let places = self.place..self.place + self.width(setting);
        let at = |key: &str| all().find(|(_, lever)| lever.key == key).map_or(0, |(place, _)| place);
        let (total, shares, extra) = (at("budget.total"), at("budget.shares"), at("budget.extra"));
        for (row, before) in moved.plan.rows.iter_mut().zip(&setting.plan.rows).skip(after) {
            match self.to {
                To::Value(value) => row[places.clone()].fill(value),
                To::Times(factor) => row[places.clone()].iter_mut().for_each(|value| *value *= factor),
                To::Share(line, factor) => {
                    let own = (before[shares + line as usize] * factor).min(1.0);
                    let rest = 1.0 - before[shares + line as usize];
                    row[shares..shares + LINES].iter_mut().for_each(|share| *share *= if rest > 0.0 { (1.0 - own) / rest } else { 1.0 });
                    row[shares + line as usize] = own;
                }
                To::Extra(line, part) => row[extra + line as usize] += part * before[total] * before[shares + line as usize],
            }
            if let (true, Some(bill)) = (paid, self.lever.cost) {
                use crate::model::processes::budget::planned;
                let line = bill.line as usize;
                row[extra + line] += planned(row, setting)[line] - planned(before, setting)[line];
                row[extra + line] = row[extra + line].max(0.0);
            }
        }
        moved
    }
}

/// Every lever at both ends of its range, but for an end at which it stands anyhow; the budget at half and half as much again, each line's share and money
/// likewise. A lever of one value for each origin moves for all of them together.
#[must_use]
pub fn trials(setting: &Setting, after: usize) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (place, lever) in all() {
        let of = |to| Trial { place, lever, to };
        match lever.key {
            "budget.total" => trials.extend([0.5, 1.5].map(|factor| of(To::Times(factor)))),
            "budget.shares" => trials.extend(Line::ALL.map(|line| of(To::Share(line, 1.5)))),
            "budget.extra" => trials.extend(Line::ALL.map(|line| of(To::Extra(line, 0.5)))),
            _ => trials.extend([lever.min, lever.max].map(|value| of(To::Value(value)))),
        }
    }
    trials.retain(|trial| trial.moved(setting, after, false).differs_from(setting).is_some());
    trials
}

/// What one lever would change in one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// What was measured.
    pub measure: Measure,
    /// The baseline's mean.
    pub baseline: f64,
    /// The mean of the paired differences.
    pub mean: f64,
    /// Its standard error, by parameter set where sets are drawn; nothing with one replicate or one set.
    pub error: Option<f64>,
    /// Half of the mean's 95 % interval, by Student's t.
    pub half: Option<f64>,
    /// True where no replicate differs.
    pub same: bool,
}

impl Shift {
    /// Of paired values before and after, of which every `size` in a row are not independent of each other; pairs of which one is undefined are left out.
    #[must_use]
    pub fn of(measure: Measure, pairs: &[(f64, f64)], size: usize) -> Self {
        let finite: Vec<(f64, f64)> = pairs.iter().copied().filter(|(before, after)| before.is_finite() && after.is_finite()).collect();
        let all: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
        let differences: Vec<f64> = finite.iter().map(|(before, after)| after - before).collect();
        let groups = all.chunks(size.max(1)).filter(|group| group.iter().any(|difference| difference.is_finite())).count();
        let error = standard_error_of_groups(&all, size);
        Self {
            measure,
            baseline: mean(&finite.iter().map(|(before, _)| *before).collect::<Vec<f64>>()),
            mean: mean(&differences),
            error,
            half: error.map(|error| error * student_95(groups.saturating_sub(1))),
            same: differences.iter().all(|difference| *difference == 0.0),
        }
    }

    /// How many standard errors the mean lies from zero: none where no replicate differs, without bound where all differ by the same.
    #[must_use]
    pub fn t(&self) -> Option<f64> {
        let error = self.error?;
        if self.same {
            Some(0.0)
        } else if error > 0.0 {
            Some(self.mean / error)
        } else {
            Some(self.mean * f64::INFINITY)
        }
    }

    /// True where the mean lies at least [`BEYOND`] standard errors from zero.
    #[must_use]
    pub fn clear(&self) -> bool {
        self.t().is_some_and(|t| t.abs() >= BEYOND)
    }

    /// The mean as a share of the baseline's; nothing where that is nothing.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.baseline != 0.0 && self.baseline.is_finite()).then(|| self.mean / self.baseline)
    }
}

/// What one lever would change.
#[derive(Clone, Debug)]
pub struct Effects {
    /// The lever and its value.
    pub trial: Trial,
    /// In each of the measures of [`ASKED`].
    pub shifts: Vec<Shift>,
    /// In the indicator that answers first.
    pub own: Shift,
    /// Which part of what is asked of its line is paid, over the months in which it moves; nothing where it costs nothing.
    pub funded: Option<f64>,
}

impl Effects {
    /// True where nothing moves beyond chance, neither what is asked of all levers nor what answers first.
    #[must_use]
    pub fn idle(&self) -> bool {
        !self.own.clear() && self.shifts.iter().all(|shift| !shift.clear())
    }
}

/// How a set of trials is run.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The month from which on the levers move; what is told is about the months from there to the end.
    pub at: Month,
    /// Whether each lever's line gets on top what the lever costs.
    pub paid: bool,
    /// How many threads.
    pub jobs: usize,
}

/// The month of the run, counted from its start, in which the levers move.
#[must_use]
pub fn after(setting: &Setting, at: Month) -> usize {
    usize::try_from(at.since(setting.start())).unwrap_or(0)
}

/// What [`values`] makes of one replicate: what the baseline has of everything asked, and what each trial has.
pub struct Values {
    /// Of the baseline.
    pub baseline: Vec<f64>,
    /// Of each trial.
    pub trials: Vec<Vec<f64>>,
}

/// Simulates the baseline of `scenario` and each of `trials` in every replicate, and keeps what `read` makes of each run. `done` is told how many runs of
/// how many are through; nothing comes back once `stop` is true.
pub fn values(
    scenario: &Scenario,
    trials: &[Trial],
    terms: Terms,
    read: &(dyn Fn(&History) -> Vec<f64> + Sync),
    done: &(dyn Fn(usize, usize) + Sync),
    stop: &AtomicBool,
) -> Option<Vec<Values>> {
    let replicates = scenario.replicates as usize;
    let (through, all) = (AtomicUsize::new(0), replicates * (trials.len() + 1));
    let one = |replicate: usize| {
        let replicate = u32::try_from(replicate).unwrap_or(u32::MAX);
        let setting = scenario.setting(0, replicate);
        let after = after(&setting, terms.at);
        let mut past = Simulation::new(&setting, Luck::new(scenario.seed, replicate));
        let lead = |simulation: &mut Simulation, setting: &Setting, until: usize| {
            while simulation.month() < until && !stop.load(Ordering::Relaxed) {
                simulation.step(setting);
            }
        };
        lead(&mut past, &setting, after);
        let on = |setting: &Setting| {
            let mut simulation = past.clone();
            lead(&mut simulation, setting, setting.months());
            let values = if stop.load(Ordering::Relaxed) { vec![] } else { read(&simulation.into_history()) };
            done(through.fetch_add(1, Ordering::Relaxed) + 1, all);
            values
        };
        Values { baseline: on(&setting), trials: trials.iter().map(|trial| on(&trial.moved(&setting, after, terms.paid))).collect() }
    };
    let found = in_parallel(replicates, terms.jobs, &one, &|_| {}, stop)?;
    (!stop.load(Ordering::Relaxed)).then_some(found)
}

/// What each of `trials` would change against the baseline of `scenario`.
pub fn effects(scenario: &Scenario, trials: &[Trial], terms: Terms, done: &(dyn Fn(usize, usize) + Sync), stop: &AtomicBool) -> Option<Vec<Effects>> {
    let window = (terms.at, scenario.to);
    let everything: Vec<Measure> = ASKED.into_iter().chain(trials.iter().map(|trial| Measure::Indicator(trial.indicator()))).collect();
    let read = |history: &History| everything.iter().map(|measure| measure.value(history, window)).collect::<Vec<f64>>();
    let found = values(scenario, trials, terms, &read, done, stop)?;
    let size = together(scenario);
    let one = |(i, trial): (usize, &Trial)| {
        let shift = |k: usize| {
            let pairs: Vec<(f64, f64)> = found.iter().map(|values| (values.baseline[k], values.trials[i][k])).collect();
            Shift::of(everything[k], &pairs, size)
        };
        let shifts = (0..ASKED.len()).map(shift).collect();
        Effects { trial: *trial, shifts, own: shift(ASKED.len() + i), funded: funded(&scenario.variants[0].setting, trial, terms) }
    };
    Some(trials.iter().enumerate().map(one).collect())
}

/// How many replicates in a row assume the same drawn parameters.
#[must_use]
pub fn together(scenario: &Scenario) -> usize {
    if scenario.drawn.choice == Choice::Best { 1 } else { REPLICATES_PER_SET as usize }
}

/// Which part of what the line of a moved lever is asked it pays.
fn funded(setting: &Setting, trial: &Trial, terms: Terms) -> Option<f64> {
    let line = trial.lever.cost?.line;
    let moved = trial.moved(setting, after(setting, terms.at), terms.paid);
    let months = funding(&moved).into_iter().find(|of| of.line == line)?.months;
    let (planned, paid) =
        months.iter().filter(|(month, _)| *month >= terms.at).fold((0.0, 0.0), |(a, b), (_, paid)| (a + paid.planned, b + paid.paid));
    (planned > 0.0).then(|| paid / planned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    fn borderland(replicates: u32) -> Scenario {
        let month = |text: &str| Some(text.parse().expect("a month"));
        let overrides =
            Overrides { replicates: Some(replicates), scale: Some(50.0), from: month("2015-10"), to: month("2016-12"), ..Overrides::default() };
        let Ok(scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
        scenario
    }

    #[test]
    fn every_lever_is_tried_at_each_end_at_which_it_does_not_stand() {
        let scenario = borderland(1);
        let setting = &scenario.variants[0].setting;
        let trials = trials(setting, after(setting, setting.from));
        for (_, lever) in all() {
            let values = trials.iter().filter(|trial| trial.lever.key == lever.key).count();
            let fewest = if lever.shape == Shape::PerLine { LINES } else { 1 };
            assert!(values >= fewest, "{}: {values}", lever.key);
        }
        let shares = trials.iter().find(|trial| matches!(trial.to, To::Share(Line::Courts, _))).expect("each line's share");
        let moved = shares.moved(setting, 0, false);
        let row = crate::model::policy::Policy::from_row(&moved.plan.rows[0]).national;
        assert!((row.budget_shares.iter().take(LINES).sum::<f64>() - 1.0).abs() < 1e-12, "the shares still sum to 1");
    }

    #[test]
    fn a_lever_moves_from_its_month_on_and_can_bring_its_money() {
        let scenario = borderland(1);
        let setting = &scenario.variants[0].setting;
        let (place, lever) = all().find(|(_, lever)| lever.key == "beds").expect("it exists");
        let trial = Trial { place, lever, to: To::Value(4.0) };
        assert_eq!(trial.moved(setting, 9, false).differs_from(setting), Some(9));
        let terms = |paid| Terms { at: setting.from, paid, jobs: 1 };
        let [alone, paid] = [false, true].map(|paid| funded(setting, &trial, terms(paid)).expect("beds cost"));
        assert!(alone < paid && paid > 0.99, "{alone} {paid}");
    }

    #[test]
    fn a_shift_has_its_interval_and_what_never_differs_has_none() {
        let spent = Measure::Indicator(Indicator::Spent);
        let shift = Shift::of(spent, &[(10.0, 11.0), (10.0, 13.0), (f64::NAN, 1.0)], 1);
        assert_eq!((shift.baseline, shift.mean, shift.error), (10.0, 2.0, Some(1.0)));
        assert_eq!((shift.half, shift.t(), shift.share()), (Some(student_95(1)), Some(2.0), Some(0.2)));
        let same = Shift::of(spent, &[(1.0, 1.0), (2.0, 2.0)], 1);
        assert!(same.same && !same.clear() && same.t() == Some(0.0));
        assert!(Shift::of(spent, &[(1.0, 2.0), (2.0, 3.0)], 1).clear(), "all differ by the same");
        assert!(Shift::of(spent, &[(1.0, 2.0)], 1).error.is_none());
    }

    /// Three times the courts' money or none at all: the effect is that of the same two runs done one by one.
    #[test]
    fn a_shared_past_gives_the_effects_of_each_run_alone() {
        let scenario = borderland(2);
        let setting = &scenario.variants[0].setting;
        let at: Month = "2016-01".parse().expect("a month");
        let (place, lever) = all().find(|(_, lever)| lever.key == "labour_inspections").expect("it exists");
        let trial = Trial { place, lever, to: To::Value(3.0) };
        let found = effects(&scenario, &[trial], Terms { at, paid: true, jobs: 2 }, &|_, _| {}, &AtomicBool::new(false)).expect("nobody stops it");
        let value = |replicate, moved: bool| {
            let base = scenario.setting(0, replicate);
            let setting = if moved { trial.moved(&base, after(&base, at), true) } else { base.into_owned() };
            let history = crate::model::simulate(&setting, Luck::new(scenario.seed, replicate));
            Measure::Indicator(lever.indicator).value(&history, (at, scenario.to))
        };
        let alone: Vec<(f64, f64)> = (0..2).map(|replicate| (value(replicate, false), value(replicate, true))).collect();
        assert_eq!(found[0].own, Shift::of(Measure::Indicator(lever.indicator), &alone, 1));
        assert!(found[0].own.mean > 0.0 && setting.from < at, "{:?}", found[0].own);
        assert!(effects(&scenario, &[trial], Terms { at, paid: false, jobs: 1 }, &|_, _| {}, &AtomicBool::new(true)).is_none());
    }
}
