//! What a run says of a country's targets, and which of them may be fitted.

use super::Goal;
use super::scales::Scale;
use crate::analysis::effects::{To, Trial};
use crate::analysis::figures::figures;
use crate::analysis::measure::Window;
use crate::model::Setting;
use crate::model::ledgers::indicators::Indicator;
use crate::model::policy::all;
use crate::results::Record;
use crate::scenario::Problem;
use crate::scenario::targets::{Against, Expected, Figure, Target, Use};

/// What is added to a ratio before its logarithm is taken, as a share of what was published.
const OFFSET: f64 = 0.1;

/// What makes the sum of a flow over `period` one of a year, so that periods of unequal length can be set beside each other.
fn yearly(which: Figure, period: Window) -> f64 {
    let Figure::Ledger { indicator, per, .. } = which else { return 1.0 };
    let years = f64::from(period.1.since(period.0) + 1) / 12.0;
    let length = |indicator: Indicator| if indicator.info().averaged() { 1.0 } else { years };
    per.map_or(1.0, length) / length(indicator)
}

/// What every replicate of the first variant of a record says of each target: its figure, or for a direction the difference to what it
/// is told against, a year where it is a flow's. `second` names the variant under another lever.
///
/// # Errors
/// A problem of the world where the rows cannot be read.
pub fn readings(record: &Record, targets: &[&Target], second: &dyn Fn(&Target) -> Option<usize>) -> Result<Vec<Vec<f64>>, Problem> {
    let mut wanted: Vec<(Figure, Window)> = targets.iter().map(|target| (target.figure, target.period)).collect();
    let earlier = |target: &&Target| match target.expected {
        Expected::Direction { against: Against::Earlier(from, to), .. } => (from, to),
        _ => target.period,
    };
    wanted.extend(targets.iter().map(|target| (target.figure, earlier(target))));
    let found = figures(record, &wanted)?;
    let replicates = record.manifest.replicates as usize;
    let reading = |(place, target): (usize, &&Target), replicate: usize| {
        let own = found[place][replicate];
        match target.expected {
            Expected::Direction { against: Against::Earlier(from, to), .. } => {
                let earlier = found[targets.len() + place][replicate];
                own * yearly(target.figure, target.period) - earlier * yearly(target.figure, (from, to))
            }
            // The lever is what rises: the run under it, less the run as it is.
            Expected::Direction { against: Against::Lever { .. }, .. } => {
                second(target).map_or(f64::NAN, |variant| found[place][variant * replicates + replicate] - own)
            }
            _ => own,
        }
    };
    Ok(targets.iter().enumerate().map(|target| (0..replicates).map(|replicate| reading(target, replicate)).collect()).collect())
}

/// The setting in which a lever holds another value throughout, and its line has the money that this costs: what is asked is what the measure does, not what a
/// plan does that nobody pays for. Nothing where the target names no lever.
#[must_use]
pub fn under_lever(target: &Target, setting: &Setting) -> Option<Setting> {
    let Expected::Direction { against: Against::Lever { place, value, .. }, .. } = target.expected else { return None };
    let (_, lever) = all().find(|(own, _)| *own == place)?;
    Some(Trial { place, lever, to: To::Value(value) }.moved(setting, 0, true))
}

/// The targets among `targets` that are fitted: class C, within the run, and read off one run.
#[must_use]
pub fn fitted<'a>(targets: &'a [Target], setting: &Setting) -> Vec<&'a Target> {
    targets.iter().filter(|target| target.purpose == Use::Calibrate && covered(target, setting) && !target.needs_second_run()).collect()
}

/// Whether the run of `setting` reports all months that `target` reads.
#[must_use]
pub fn covered(target: &Target, setting: &Setting) -> bool {
    let (from, to) = target.months();
    from >= setting.from && to <= setting.to
}

/// Goals for the fit.
///
/// # Errors
/// The names of targets that may not be fitted: class V validates only.
pub fn goals(targets: &[&Target]) -> Result<Vec<Goal>, String> {
    let refused: Vec<&str> = targets.iter().filter(|target| target.purpose != Use::Calibrate).map(|target| target.name.as_str()).collect();
    if !refused.is_empty() {
        return Err(format!("{} only validate (use = \"V\" or \"E\") and may not be fitted", refused.join(", ")));
    }
    Ok(targets
        .iter()
        .map(|target| {
            let (low, high) = target.interval();
            let size = target.size();
            Goal {
                name: target.name.clone(),
                low,
                high,
                error: target.error * size + target.absolute_error,
                discrepancy: target.discrepancy * size,
                scale: scale(target),
                year: target.period.1.year(),
                // A difference is no year of the series that it is one of.
                series: (scale(target) != Scale::Plain).then(|| targets.iter().position(|other| other.figure == target.figure)).flatten(),
            }
        })
        .collect())
}

/// The scale on which a target is fitted.
fn scale(target: &Target) -> Scale {
    let size = target.size();
    match target.figure {
        _ if matches!(target.expected, Expected::Direction { .. }) || size == 0.0 => Scale::Plain,
        Figure::Forced { .. } | Figure::MouOfRegistered => Scale::Share,
        Figure::Ledger { indicator, per: None, .. } => match indicator.info().unit {
            "share" => Scale::Share,
            // Multiples of a wage and durations may be far below one.
            "multiples of W" | "months" => Scale::Log { offset: OFFSET * size },
            _ => Scale::Log { offset: 1.0 },
        },
        Figure::Ledger { .. } | Figure::Found { .. } => Scale::Log { offset: OFFSET * size },
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::of_months;
    use crate::quantities::Month;
    use crate::scenario::{Overrides, load, targets_of};

    #[test]
    fn a_flow_is_told_a_year_and_a_ratio_of_flows_is_left_alone() {
        let half = (Month::new(2016, 1), Month::new(2016, 6));
        let ledger = |indicator, per| yearly(Figure::Ledger { indicator, minus: None, per }, half);
        assert_eq!(ledger(Indicator::Identified, None), 2.0);
        assert_eq!(ledger(Indicator::Workers, None), 1.0);
        assert_eq!(ledger(Indicator::Identified, Some(Indicator::Cases)), 1.0);
        assert_eq!(ledger(Indicator::Identified, Some(Indicator::Workers)), 2.0);
    }

    /// Two years of 3 a month after one of 2 rise, and a sum of fewer years is not what falls.
    #[test]
    fn directions_compare_rates_whatever_the_lengths_of_the_periods() {
        let record = of_months(&["baseline"], 1, 24, |_, _, month, row| {
            row.set(Indicator::Identified, if month < 18 { 2.0 } else { 3.0 });
            row.set(Indicator::Workers, if month < 18 { 100.0 } else { 200.0 });
        });
        let read = |indicator, minus, per| {
            let months = |from: (i32, i32), to: (i32, i32)| (Month::new(from.0, from.1), Month::new(to.0, to.1));
            let (before, period) = (months((2016, 1), (2017, 6)), months((2017, 7), (2017, 12)));
            let target = Target {
                name: "a".to_owned(),
                title: "A".to_owned(),
                pattern: "P5".to_owned(),
                purpose: Use::Validate,
                figure: Figure::Ledger { indicator, minus, per },
                period,
                expected: Expected::Direction { rises: true, against: Against::Earlier(before.0, before.1) },
                error: 0.0,
                absolute_error: 0.0,
                discrepancy: 0.0,
                sources: vec![],
                note: String::new(),
            };
            readings(&record, &[&target], &|_| None).expect("in memory")[0][0]
        };
        assert_eq!(read(Indicator::Identified, None, None), 12.0, "36 a year after 24");
        assert_eq!(read(Indicator::Workers, None, None), 100.0);
        assert!((read(Indicator::Identified, None, Some(Indicator::Workers)) - (36.0 / 200.0 - 24.0 / 100.0)).abs() < 1e-12);
        assert!(read(Indicator::Identified, None, Some(Indicator::Identified)).abs() < 1e-12);
    }

    #[test]
    fn what_validates_only_is_refused() {
        let scenario = load("borderland", &Overrides::default()).expect("it is sound");
        let targets = targets_of(&scenario).expect("they are sound");
        let all: Vec<&Target> = targets.iter().collect();
        let refused = goals(&all).expect_err("some are V");
        assert!(refused.contains("convicted-later") && refused.contains("may not be fitted"), "{refused}");
        let fitted = fitted(&targets, &scenario.variants[0].setting);
        assert!(fitted.iter().all(|target| target.purpose == Use::Calibrate));
        let goals = goals(&fitted).expect("all are C");
        let cases = goals.iter().find(|goal| goal.name == "cases").expect("it is there");
        assert_eq!((cases.low, cases.high, cases.error), (50.0, 60.0, 5.5));
        assert_eq!(cases.scale, Scale::Log { offset: 1.0 });
    }

    #[test]
    fn a_lever_is_laid_over_every_month() {
        let scenario = load("borderland", &Overrides::default()).expect("it is sound");
        let setting = &scenario.variants[0].setting;
        let targets = targets_of(&scenario).expect("they are sound");
        let target = targets.iter().find(|target| target.needs_second_run()).expect("one is there");
        let other = under_lever(target, setting).expect("it names a lever");
        assert_eq!(setting.differs_from(&other), Some(0));
        assert!(other.plan.rows.iter().all(|row| crate::model::policy::Policy::from_row(row).prevention.immigration_crackdown == 2.0));
    }
}
