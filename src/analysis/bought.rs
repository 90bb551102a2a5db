//! What money bought: the change in people and things of each variant whose budget differs from the baseline's, or whose plan wants more than the
//! same budget has.
//!
//! Money becomes posts, beds and courses with a lag, so that things are told as they stand in the last twelve months compared, and money as a mean of
//! all of them. What was given and not spent could not be turned into anything in that time.

use super::compare::{Effect, effect};
use super::funding::{funding, mean};
use super::measure::Measure;
use super::verdict::Verdict;
use crate::model::Setting;
use crate::model::ledgers::indicators::Indicator;
use crate::model::policy::{LINES, Line, all};
use crate::quantities::Month;
use crate::results::Record;
use crate::scenario::Scenario;

/// What one line's money became.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// The line.
    pub line: Line,
    /// The change in what it buys, over the last twelve months compared.
    pub change: Effect,
}

/// What the money of one variant bought.
#[derive(Clone, Debug, PartialEq)]
pub struct Bought {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// What it is given more than the baseline, money a year; what it spends more, where its plan is not at hand.
    pub given: f64,
    /// Of that, what is not spent; nothing where its plan is not at hand.
    pub unspent: Option<f64>,
    /// What its plan wants beyond what its lines have, more than the baseline's, money a year.
    pub unfunded: f64,
    /// The people and things that change, in the order of their lines.
    pub things: Vec<Thing>,
    /// The last month compared, in which those things stand.
    pub by: Month,
}

/// What is less than this is not worth a word: half a thing, or half a per cent of a share.
fn least(indicator: Indicator) -> f64 {
    if indicator.info().unit == "share" { 0.005 } else { 0.5 }
}

/// What the money of each variant bought over `window`; variants of the same budget as the baseline, which leave no more of their plan unpaid, are
/// left out.
#[must_use]
pub fn bought(record: &Record, scenario: Option<&Scenario>, window: (Month, Month)) -> Vec<Bought> {
    let settings = scenario.filter(|scenario| scenario.variants.len() == record.manifest.variants.len());
    let late = (window.0.max(window.1.plus(-11)), window.1);
    let one = |variant: usize| {
        let of = |indicator: Indicator, window| effect(record, Measure::Indicator(indicator), variant, window);
        let spent = of(Indicator::Spent, window);
        let plans = settings.map(|scenario| [0, variant].map(|place| &scenario.variants[place].setting));
        let differs = plans.map_or(spent.futures.equal < spent.futures.all(), |[before, after]| budgets_differ(before, after, window));
        let unfunded = of(Indicator::Unfunded, window).difference;
        if !differs && unfunded <= 0.0 {
            return None;
        }
        let given = plans.map(|plans| plans.map(|setting| allotted(setting, window))).map(|[before, after]| after - before);
        let thing = |line: Line| {
            let change = of(line.buys(), late);
            let clear = change.verdict.clear() || change.verdict == Verdict::One;
            (clear && change.difference.abs() >= least(line.buys())).then_some(Thing { line, change })
        };
        Some(Bought {
            variant,
            given: given.unwrap_or(spent.difference),
            unspent: given.map(|given| given - spent.difference),
            unfunded,
            things: Line::ALL.into_iter().filter_map(thing).collect(),
            by: window.1,
        })
    };
    (1..record.manifest.variants.len()).filter_map(one).collect()
}

/// What all lines have together, money a year over the months of `window`.
fn allotted(setting: &Setting, (from, to): (Month, Month)) -> f64 {
    funding(setting)
        .iter()
        .map(|of| mean(&of.months.iter().copied().filter(|(month, _)| (from..=to).contains(month)).collect::<Vec<_>>()).allotted)
        .sum()
}

/// True where the two plan another budget in any month of `window`.
fn budgets_differ(before: &Setting, after: &Setting, (from, to): (Month, Month)) -> bool {
    let places: Vec<usize> = all()
        .filter(|(_, lever)| lever.key.starts_with("budget."))
        .flat_map(|(place, lever)| place..place + if lever.shape.width() == 1 { 1 } else { LINES })
        .collect();
    let months = (0..).map(|after| before.start().plus(after)).zip(before.plan.rows.iter().zip(&after.plan.rows));
    months.filter(|(month, _)| (from..=to).contains(month)).any(|(_, (a, b))| places.iter().any(|place| a[*place].to_bits() != b[*place].to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    #[test]
    fn a_plan_that_its_budget_does_not_pay_is_told_where_budgets_are_alike() {
        let record = record(&["baseline", "wish", "same"], 3, |variant, _, row| {
            row.set(Indicator::Spent, 100.0);
            row.set(Indicator::Unfunded, if variant == 1 { 7.0 } else { 0.0 });
        });
        let bought = bought(&record, None, record.manifest.window);
        assert_eq!(bought.iter().map(|one| (one.variant, one.given, one.unfunded)).collect::<Vec<_>>(), [(1, 0.0, 84.0)]);
    }

    #[test]
    fn people_and_things_are_told_where_the_money_differs() {
        let record = record(&["baseline", "more", "same"], 3, |variant, _, row| {
            let more = if variant == 1 { 1.0 } else { 0.0 };
            row.set(Indicator::Spent, 100.0 + 5.0 * more);
            row.set(Indicator::HasInspectors, 50.0 + 21.0 * more);
            row.set(Indicator::HasBeds, 10.0 - 2.0 * more);
            row.set(Indicator::HasTeams, 10.0 + 0.3 * more);
        });
        let bought = bought(&record, None, record.manifest.window);
        assert_eq!(bought.len(), 1, "the third spends as much as the first");
        let things: Vec<(Line, f64)> = bought[0].things.iter().map(|thing| (thing.line, thing.change.difference)).collect();
        assert_eq!(things, [(Line::Inspections, 21.0), (Line::Shelters, -2.0)], "a third of a team is nothing");
        assert_eq!((bought[0].variant, bought[0].given, bought[0].unspent), (1, 60.0, None));
    }
}
