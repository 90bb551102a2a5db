//! What a run says of a country's targets, and which of them may be fitted.

use super::Goal;
use crate::model::Setting;
use crate::model::ledgers::indicators::Indicator;
use crate::model::ledgers::{History, Row, SectorRow};
use crate::quantities::Month;
use crate::scenario::targets::{Against, Expected, Figure, Target, Use};

/// The columns of the table by sector that this file reads.
const FORCED: usize = 8;
const MET: usize = 13;
const IDENTIFIED: usize = 14;
/// Legal statuses of a condition in that table, citizens last.
const STATUSES: usize = 4;

/// The figure over the months from `from` to `to` that the history holds; not a number where it holds none, or where the
/// figure is undefined.
#[must_use]
pub fn figure(figure: Figure, history: &History, (from, to): (Month, Month)) -> f64 {
    let place = |month: Month| usize::try_from(month.since(history.first)).unwrap_or(0).min(history.rows.len());
    let months = place(from)..place(to.plus(1)).max(place(from));
    if months.is_empty() {
        return f64::NAN;
    }
    let rows = &history.rows[months.clone()];
    let sectors =
        |sector: usize, value: &dyn Fn(&SectorRow) -> f64| history.sectors[months.clone()].iter().map(|all| value(&all[sector])).sum::<f64>();
    match figure {
        Figure::Ledger { indicator, minus, per } => {
            let value = over(rows, indicator) - minus.map_or(0.0, |minus| over(rows, minus));
            per.map_or(value, |per| value / over(rows, per))
        }
        Figure::Forced { sector } => {
            let migrants = |row: &SectorRow, condition: usize| row[condition * STATUSES..(condition + 1) * STATUSES - 1].iter().sum::<f64>();
            let forced = sectors(sector, &|row| migrants(row, FORCED / STATUSES));
            forced / sectors(sector, &|row| (0..3).map(|condition| migrants(row, condition)).sum())
        }
        Figure::Found { sector } => sectors(sector, &|row| row[IDENTIFIED]) / sectors(sector, &|row| row[MET]),
        Figure::MouOfRegistered => {
            let count = history.sectors.first().map_or(0, Vec::len);
            let status = |status: usize| {
                let one = |row: &SectorRow| (0..3).map(|condition| row[condition * STATUSES + status]).sum::<f64>();
                (0..count).map(|sector| sectors(sector, &one)).sum::<f64>()
            };
            let (mou, regularised) = (status(0), status(1));
            mou / (mou + regularised)
        }
    }
}

/// A flow's sum, or the mean of what is averaged.
fn over(rows: &[Row], indicator: Indicator) -> f64 {
    let sum: f64 = rows.iter().map(|row| row.get(indicator)).sum();
    if indicator.info().averaged() { sum / rows.len() as f64 } else { sum }
}

/// The same with flows as sums a year, so that periods of unequal length can be set beside each other.
fn yearly(which: Figure, history: &History, period: (Month, Month)) -> f64 {
    let Figure::Ledger { indicator, per, .. } = which else { return figure(which, history, period) };
    let years = f64::from(period.1.since(period.0) + 1) / 12.0;
    let length = |indicator: Indicator| if indicator.info().averaged() { 1.0 } else { years };
    figure(which, history, period) / (length(indicator) / per.map_or(1.0, length))
}

/// What a run says of `target`: its figure, or for a direction the difference to what it is told against, a year where it is a
/// flow's. `second` gives the run under another lever.
#[must_use]
pub fn reading(target: &Target, history: &History, second: &dyn Fn(&Target) -> Option<History>) -> f64 {
    let own = figure(target.figure, history, target.period);
    match target.expected {
        Expected::Direction { against: Against::Earlier(from, to), .. } => {
            yearly(target.figure, history, target.period) - yearly(target.figure, history, (from, to))
        }
        // The lever is what rises: the run under it, less the run as it is.
        Expected::Direction { against: Against::Lever { .. }, .. } => {
            second(target).map_or(f64::NAN, |second| figure(target.figure, &second, target.period) - own)
        }
        _ => own,
    }
}

/// The setting in which a lever holds another value throughout; nothing where the target names no lever.
#[must_use]
pub fn under_lever(target: &Target, setting: &Setting) -> Option<Setting> {
    let Expected::Direction { against: Against::Lever { place, width, value, .. }, .. } = target.expected else { return None };
    let mut other = setting.clone();
    for row in &mut other.plan.rows {
        row[place..place + width].fill(value);
    }
    Some(other)
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
    let refused: Vec<&str> = targets.iter().filter(|target| target.purpose == Use::Validate).map(|target| target.name.as_str()).collect();
    if !refused.is_empty() {
        return Err(format!("{} validate only (use = \"V\") and may not be fitted", refused.join(", ")));
    }
    Ok(targets
        .iter()
        .map(|target| {
            let (low, high) = target.interval();
            let size = target.size();
            Goal { name: target.name.clone(), low, high, error: target.error * size + target.absolute_error, discrepancy: target.discrepancy * size }
        })
        .collect())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::model::ledgers::SECTOR_COLUMNS;
    use crate::scenario::{Overrides, load, targets_of};

    #[test]
    fn the_columns_are_the_named_ones() {
        assert_eq!([FORCED, MET, IDENTIFIED].map(|column| SECTOR_COLUMNS[column]), ["forced_mou", "met", "identified"]);
        assert_eq!(SECTOR_COLUMNS[STATUSES - 1], "unharmed_citizen");
    }

    fn history() -> History {
        let mut rows = vec![Row::zero(); 24];
        for (row, i) in rows.iter_mut().zip(0..) {
            row.set(Indicator::Identified, 10.0 + f64::from(i));
            row.set(Indicator::IdentifiedSmuggled, 1.0);
            row.set(Indicator::Cases, 5.0);
            row.set(Indicator::Workers, f64::from(i));
        }
        let mut sector = [0.0; SECTOR_COLUMNS.len()];
        for (i, value) in sector.iter_mut().enumerate() {
            *value = i as f64;
        }
        History { first: Month::new(2015, 1), rows, sectors: vec![vec![sector; 2]; 24], origins: vec![], stages: vec![] }
    }

    #[test]
    fn figures_have_known_answers() {
        let year = (Month::new(2015, 1), Month::new(2015, 12));
        let ledger = |indicator, minus, per| figure(Figure::Ledger { indicator, minus, per }, &history(), year);
        assert_eq!(ledger(Indicator::Identified, None, None), 186.0);
        assert_eq!(ledger(Indicator::Identified, Some(Indicator::IdentifiedSmuggled), Some(Indicator::Cases)), 174.0 / 60.0);
        assert_eq!(ledger(Indicator::Workers, None, None), 5.5);
        // Migrants: 0+1+2 unharmed, 4+5+6 violated, 8+9+10 forced; citizens are left out.
        assert_eq!(figure(Figure::Forced { sector: 1 }, &history(), year), 27.0 / 45.0);
        assert_eq!(figure(Figure::Found { sector: 0 }, &history(), year), 14.0 / 13.0);
        assert_eq!(figure(Figure::MouOfRegistered, &history(), year), 12.0 / 27.0);
        assert!(figure(Figure::MouOfRegistered, &history(), (Month::new(2000, 1), Month::new(2000, 12))).is_nan());
    }

    /// Two years of 3 a month after one of 2 rise, and a sum of fewer years is not what falls.
    #[test]
    fn directions_compare_rates_whatever_the_lengths_of_the_periods() {
        let mut history = history();
        for (row, i) in history.rows.iter_mut().zip(0..) {
            row.set(Indicator::Identified, if i < 18 { 2.0 } else { 3.0 });
            row.set(Indicator::Workers, if i < 18 { 100.0 } else { 200.0 });
        }
        let read = |indicator, minus, per| {
            let months = |from: (i32, i32), to: (i32, i32)| (Month::new(from.0, from.1), Month::new(to.0, to.1));
            let (before, period) = (months((2015, 1), (2016, 6)), months((2016, 7), (2016, 12)));
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
            reading(&target, &history, &|_| None)
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
