//! Where the answers come from: by which way people come into exploitation and out of it, and which way carries a variant's effect.
//!
//! A ranking of policies by people exploited rests on ways in and ways out. Where one of them carries more than half of an effect, the answer is that
//! way's parameter, and the reader should know. What is told of an effect is the change in persons a year by each way: fewer in and more out both leave
//! fewer exploited, so ways out count with the other sign.

use super::compare::effect;
use super::measure::Measure;
use crate::model::ledgers::indicators::Indicator;
use crate::quantities::Month;
use crate::results::Record;

/// A way into exploitation or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Exploited from the day of arrival.
    AtArrival,
    /// Exploited later, at work.
    AtWork,
    /// A former victim exploited again.
    Again,
    /// Out by own escape.
    Escape,
    /// Out with the debt repaid.
    DebtRepaid,
    /// Out because the employer eased off.
    Eased,
    /// Out through officials who visited.
    IdentifiedByVisit,
    /// Out through screening in immigration detention.
    IdentifiedInDetention,
    /// Out through an NGO or peers.
    Ngo,
    /// Out by arrest or deportation, unrecognised.
    Deported,
    /// Out because the workplace closed or a panic carried the worker home.
    Other,
}

impl Route {
    /// All of them, in first.
    pub const ALL: [Self; 11] = [
        Self::AtArrival,
        Self::AtWork,
        Self::Again,
        Self::Escape,
        Self::DebtRepaid,
        Self::Eased,
        Self::IdentifiedByVisit,
        Self::IdentifiedInDetention,
        Self::Ngo,
        Self::Deported,
        Self::Other,
    ];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtArrival => "at_arrival",
            Self::AtWork => "at_work",
            Self::Again => "again",
            Self::Escape => "escape",
            Self::DebtRepaid => "debt_repaid",
            Self::Eased => "eased",
            Self::IdentifiedByVisit => "identified_by_visit",
            Self::IdentifiedInDetention => "identified_in_detention",
            Self::Ngo => "ngo",
            Self::Deported => "deported",
            Self::Other => "other",
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AtArrival => "exploited from the day of arrival",
            Self::AtWork => "exploited later, at work",
            Self::Again => "trafficked again",
            Self::Escape => "escape",
            Self::DebtRepaid => "debt repaid",
            Self::Eased => "employer eased off",
            Self::IdentifiedByVisit => "identified on a visit",
            Self::IdentifiedInDetention => "identified in detention",
            Self::Ngo => "NGO or peers",
            Self::Deported => "arrested or deported, unrecognised",
            Self::Other => "workplace closed, or panic",
        }
    }

    /// True for a way in.
    #[must_use]
    pub fn into(self) -> bool {
        matches!(self, Self::AtArrival | Self::AtWork | Self::Again)
    }

    /// What is counted, and what of that is taken off.
    fn parts(self) -> (Indicator, &'static [Indicator]) {
        match self {
            Self::AtArrival => (Indicator::ForcedAtArrival, &[]),
            Self::AtWork => (Indicator::NewVictims, &[Indicator::ForcedAtArrival, Indicator::Retrafficked]),
            Self::Again => (Indicator::Retrafficked, &[]),
            Self::Escape => (Indicator::ExitsEscape, &[]),
            Self::DebtRepaid => (Indicator::ExitsDebtRepaid, &[]),
            Self::Eased => (Indicator::ExitsEased, &[]),
            Self::IdentifiedByVisit => (Indicator::ExitsIdentified, &[Indicator::IdentifiedDetention]),
            Self::IdentifiedInDetention => (Indicator::IdentifiedDetention, &[]),
            Self::Ngo => (Indicator::ExitsNgo, &[]),
            Self::Deported => (Indicator::ExitsDeported, &[]),
            Self::Other => (Indicator::ExitsOther, &[]),
        }
    }
}

/// One way in one variant: persons a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// The way.
    pub route: Route,
    /// Persons a year.
    pub persons: f64,
    /// Their share of all ways in, or of all ways out.
    pub share: f64,
    /// The change against the baseline, persons a year; nothing for the baseline.
    pub change: f64,
    /// What that change adds to the balance of people exploited: its sign turned for a way out.
    pub weight: f64,
}

/// All ways in one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// Each way.
    pub flows: Vec<Flow>,
    /// The mean difference in months lived in exploitation a year.
    pub person_months: f64,
}

/// What carries the effect of a variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carrier {
    /// The way that changes most.
    pub route: Route,
    /// Its change, persons a year.
    pub change: f64,
    /// Its part of all changes that go the same way for the people exploited, 0 to 1.
    pub part: f64,
}

/// The ways of the baseline and of every variant over `window`.
#[must_use]
pub fn routes(record: &Record, window: (Month, Month)) -> Vec<Ways> {
    let mean_of = |variant: usize, indicator: Indicator| {
        let effect = effect(record, Measure::Indicator(indicator), variant, window);
        (effect.variant, effect.difference)
    };
    let one = |variant: usize| {
        let flow = |route: Route| {
            let (counted, off) = route.parts();
            let sum = |(value, change): (f64, f64), (less, less_change): (f64, f64)| (value - less, change - less_change);
            let (persons, change) = off.iter().map(|indicator| mean_of(variant, *indicator)).fold(mean_of(variant, counted), sum);
            Flow { route, persons, share: 0.0, change, weight: if route.into() { change } else { -change } }
        };
        let mut flows: Vec<Flow> = Route::ALL.into_iter().map(flow).collect();
        for into in [true, false] {
            let all: f64 = flows.iter().filter(|flow| flow.route.into() == into).map(|flow| flow.persons).filter(|persons| persons.is_finite()).sum();
            // Of a way that a run does not tell no share is known, and the others go without it.
            let share = |persons: f64| if all > 0.0 || persons.is_nan() { persons / all } else { 0.0 };
            flows.iter_mut().filter(|flow| flow.route.into() == into).for_each(|flow| flow.share = share(flow.persons));
        }
        Ways { variant, flows, person_months: mean_of(variant, Indicator::PersonMonths).1 }
    };
    (0..record.manifest.variants.len()).map(one).collect()
}

/// The way that carries most of what `ways` changes for people exploited, in the direction in which person-months change; nothing where no way does.
///
/// Ways in and ways out feed each other (fewer victims leave fewer to escape), so the changes that go against the effect are its echo as much as its
/// cause: they are left out of the whole of which a part is told.
#[must_use]
pub fn carrier(ways: &Ways) -> Option<Carrier> {
    let along = |flow: &&Flow| flow.weight.is_finite() && flow.weight != 0.0 && (flow.weight < 0.0) == (ways.person_months < 0.0);
    let whole: f64 = ways.flows.iter().filter(along).map(|flow| flow.weight.abs()).sum();
    let most = ways.flows.iter().filter(along).max_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs()))?;
    Some(Carrier { route: most.route, change: most.change, part: most.weight.abs() / whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    #[test]
    fn ways_add_up_and_the_one_that_carries_an_effect_is_named() {
        let record = record(&["baseline", "other", "same"], 5, |variant, _, row| {
            let other = if variant == 1 { 1.0 } else { 0.0 };
            row.set(Indicator::NewVictims, 10.0 - 2.0 * other);
            row.set(Indicator::ForcedAtArrival, 4.0 - 2.0 * other);
            row.set(Indicator::Retrafficked, 1.0);
            row.set(Indicator::ExitsEscape, 6.0 - other);
            row.set(Indicator::ExitsIdentified, 2.0 + other);
            row.set(Indicator::IdentifiedDetention, 0.5 + other);
            row.set(Indicator::PersonMonths, 100.0 - 20.0 * other);
        });
        let all = routes(&record, record.manifest.window);
        let of = |variant: usize, route: Route| *all[variant].flows.iter().find(|flow| flow.route == route).expect("all ways are told");
        assert_eq!((of(0, Route::AtArrival).persons, of(0, Route::AtWork).persons, of(0, Route::Again).share), (48.0, 60.0, 0.1));
        assert_eq!((of(1, Route::IdentifiedByVisit).persons, of(1, Route::IdentifiedByVisit).change), (18.0, 0.0));
        assert_eq!((of(1, Route::AtArrival).weight, of(1, Route::IdentifiedInDetention).weight, of(1, Route::Escape).weight), (-24.0, -12.0, 12.0));
        assert_eq!(carrier(&all[1]), Some(Carrier { route: Route::AtArrival, change: -24.0, part: 24.0 / 36.0 }));
        assert_eq!((carrier(&all[0]), carrier(&all[2])), (None, None));
    }
}
