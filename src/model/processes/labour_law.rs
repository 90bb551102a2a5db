//! Labour law: what inspectors find short of trafficking, what it costs the employer, and what the workers get of it.
//!
//! Rule 36, a ladder. A visit of inspectors to a workplace where somebody's rights are violated finds it with `labour_law.finds` where the lead is trained and asks
//! in private, by the unit's skill, and with `finds_untrained` where not, nor where a vessel's turn in port leaves no time to ask. A finding is an order: the conditions of each worker in violation are put right with
//! `mended`, the employer pays a fine of `prevention.labour_penalty` a worker, twice and three times as much at the second and third finding, and `prevention.back_wages` of a
//! year's wages withheld, which go to the workers and pay their debts first. Of the ordered workplaces the share `prevention.revisits` is visited again within
//! three to six months, and that visit is one of routine less. A third finding closes the workplace where the law and the lever allow it, or hands it to the police. Forced
//! labour is not mended by an order: who is held by force is identified or is not.
//!
//! What a finding teaches stands to an arrest as `fined`, in proportion to what it costs against what a year of the violation saves: a fine below the wages withheld is a
//! fee. A visit that finds nothing reassures (`reassured`). Assumed; that inspections without findings protect abusers follows the 474,334 fishers inspected
//! in whom none was found (US State Department, 2019), and deterrence by certainty more than by size follows Nagin 2013.

use super::super::country::StreamKind;
use super::super::ledgers::indicators::Indicator;
use super::super::moves::exploitation;
use super::super::risk::Perception;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::Exploitation;
use super::super::state::ids::EmployerId;
use super::super::state::institutions::{Encounter, EncounterKind, Revisit};
use super::employers::reassure;
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Finds = 0,
    Again = 1,
    When = 2,
    Closes = 3,
    /// A worker draws for being at the copy that was visited, and for what is mended.
    There = 4,
    Mended = 5,
}

/// A third finding is the last.
const LAST: u8 = 3;

/// Months of wages withheld that are claimed back, and against which a fine is weighed.
const YEAR: f64 = 12.0;

/// Lets inspectors' visits of this month have their consequences under the labour law.
pub fn labour_law(state: &mut State, setting: &Setting, luck: &Luck) {
    let inspected = |encounter: &&Encounter| {
        !encounter.blocked && matches!(encounter.kind, EncounterKind::Stream(StreamKind::Port | StreamKind::Inspection) | EncounterKind::Revisit)
    };
    let visits: Vec<Encounter> = state.institutions.desk.encounters.iter().filter(inspected).copied().collect();
    let perception = Perception::of(state, setting);
    let mut ordered = Vec::new();
    for visit in visits {
        if luck.happens(finds(state, setting, &visit), Purpose::LabourLaw, state.month, place(state, &visit), Decision::Finds) {
            order(state, setting, luck, &visit);
            ordered.push(visit);
        } else {
            reassure(state, setting, luck, &perception, visit.employer, visit.copy, setting.parameters.adaptation.reassured);
        }
    }
    put_right(state, setting, luck, &ordered);
}

fn place(state: &State, visit: &Encounter) -> u32 {
    state.employers.workplace(visit.employer, visit.copy)
}

/// The chance that `visit` finds violations: nothing where there are none.
fn finds(state: &State, setting: &Setting, visit: &Encounter) -> f64 {
    let terms = &setting.parameters.labour_law;
    let skill = visit.lead.known().map_or(1.0, |lead| state.officials.unit_skill[state.officials.unit_of(lead)]);
    // Who comes again knows what to look for.
    let found = if visit.asks || visit.kind == EncounterKind::Revisit { terms.finds * skill } else { terms.finds_untrained };
    f64::from(visit.abused).min(1.0) * found
}

/// What a finding costs the employer, against what a year of the violation saves, at most 1.
fn bite(state: &State, setting: &Setting, finding: u8) -> f64 {
    let policy = &state.institutions.policy.prevention;
    let saved = (1.0 - setting.parameters.recruitment.wage_violation) * YEAR;
    let cost = policy.labour_penalty * f64::from(finding) + policy.back_wages * saved;
    (cost / saved.max(1e-9)).min(1.0)
}

/// A finding: the order and the fine, a second visit planned, and what the third time brings.
fn order(state: &mut State, setting: &Setting, luck: &Luck, visit: &Encounter) {
    let policy = state.institutions.policy;
    let finding = (visit.findings + 1).min(LAST);
    let month = state.month;
    let draw = |decision: Decision| luck.uniform(Purpose::LabourLaw, month, place(state, visit), decision);
    let (again, when, closes) = (draw(Decision::Again), draw(Decision::When), draw(Decision::Closes));
    state.count_one(Indicator::LabourOrders);
    state.count(Indicator::LabourFines, policy.prevention.labour_penalty * f64::from(finding) * f64::from(visit.abused));
    let lesson = setting.parameters.adaptation.fined * bite(state, setting, finding);
    state.institutions.desk.fined.push((visit.employer, lesson));
    if finding == LAST {
        if closes < policy.prosecution.closure * policy.national.law_closure_power {
            state.count_one(Indicator::Closures);
            state.institutions.desk.closing.push(visit.employer);
        } else {
            state.count_one(Indicator::LabourReferrals);
            state.institutions.referred.push((visit.employer, visit.copy));
        }
    } else if again < policy.prevention.revisits {
        let due = month + 3 + (when * 4.0) as u16;
        state.institutions.revisits.push(Revisit { due, employer: visit.employer, copy: visit.copy, findings: finding });
    }
}

/// The workers of the ordered workplaces: those in violation are put right, and paid what was withheld. An agent that stands for the workers of so many copies
/// is there with one part in so many, and then all of it: conditions at work are sampled, as work is.
fn put_right(state: &mut State, setting: &Setting, luck: &Luck, ordered: &[Encounter]) {
    let mut employers: Vec<EmployerId> = ordered.iter().map(|visit| visit.employer).collect();
    employers.sort_unstable();
    let month = state.month;
    let back = state.institutions.policy.prevention.back_wages;
    let withheld = 1.0 - setting.parameters.recruitment.wage_violation;
    for person in state.persons.workers_of(&employers, state.employers.len()) {
        if state.persons.at(person).exploitation != Exploitation::Violation {
            continue;
        }
        let employer = state.persons.employer[person];
        let visits = employers.partition_point(|known| *known <= employer) - employers.partition_point(|known| *known < employer);
        let open = f64::from(state.employers.open[employer].max(1));
        let draw = |decision: Decision| luck.uniform(Purpose::LabourLaw, month, state.persons.address(person), decision);
        if draw(Decision::There) >= visits as f64 / open {
            continue;
        }
        let months = f64::from(month - state.persons.records[person].since).min(YEAR);
        let (paid, mended) = (back * withheld * months, draw(Decision::Mended) < setting.parameters.labour_law.mended);
        if paid > 0.0 {
            state.count_persons(Indicator::BackWages, person);
            let persons = state.persons.persons(person);
            state.count(Indicator::BackWagesMoney, paid * persons);
            state.persons.relieve(person, paid, month);
        }
        if mended {
            state.count_persons(Indicator::Mended, person);
            exploitation::ease(state, person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Legal;
    use crate::model::state::persons::Holder;
    use crate::model::testing::{at_work, luck, setting, state};

    fn visit(findings: u8, abused: f32) -> Encounter {
        let planned = Encounter::planned(EmployerId(0), 0, EncounterKind::Revisit);
        Encounter { findings, abused, ..planned }
    }

    /// Two workers at three quarters of W for four months: half of what was withheld is .5 W each, which pays a debt of .8 down to .3, and both are put right.
    #[test]
    fn an_order_pays_back_and_puts_right() {
        let mut setting = setting(8);
        let terms = &mut setting.parameters;
        (terms.recruitment.wage_violation, terms.labour_law.mended, terms.labour_law.finds) = (0.75, 1.0, 1.0);
        let mut state = state(&setting);
        state.officials.unit_skill.fill(1.0);
        let workers = at_work(&mut state, 2, EmployerId(0), Legal::Irregular, Exploitation::Violation);
        state.persons.borrow(workers[0], 0.8, Holder::Lender, 0);
        state.month = 4;
        state.institutions.policy.prevention.back_wages = 0.5;
        state.institutions.policy.prevention.labour_penalty = 2.0;
        state.institutions.desk.encounters = vec![visit(0, 2.0)];
        labour_law(&mut state, &setting, &luck());
        for person in &workers {
            assert_eq!(state.persons.at(*person).exploitation, Exploitation::None);
        }
        assert!((state.persons.debt(workers[0], 4) - 0.3).abs() < 1e-6);
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::LabourOrders) - 1.0).abs() < 1e-12 && (count(Indicator::Mended) - 2.0).abs() < 1e-12);
        assert!((count(Indicator::LabourFines) - 4.0).abs() < 1e-12 && (count(Indicator::BackWagesMoney) - 1.0).abs() < 1e-9);
    }

    /// A year of the violation saves 3 W; a fine of .75 and a third of the wages cost 1.75 W: such a finding teaches 7/12 of what `fined` says, and no more than all of it.
    #[test]
    fn a_fine_below_what_is_saved_teaches_in_proportion() {
        let mut setting = setting(2);
        setting.parameters.recruitment.wage_violation = 0.75;
        let mut state = state(&setting);
        state.institutions.policy.prevention.labour_penalty = 0.75;
        state.institutions.policy.prevention.back_wages = 1.0 / 3.0;
        assert!((bite(&state, &setting, 1) - 1.75 / 3.0).abs() < 1e-12);
        assert!((bite(&state, &setting, 3) - 1.0).abs() < 1e-12);
    }

    /// The first two findings bring the inspectors back within three to six months; the third brings the police, or closes the place.
    #[test]
    fn the_ladder_ends_with_the_police_or_a_closed_door() {
        let setting = setting(12);
        let mut state = state(&setting);
        state.institutions.policy.prevention.revisits = 1.0;
        state.institutions.policy.prosecution.closure = 0.0;
        order(&mut state, &setting, &luck(), &visit(0, 1.0));
        let revisit = state.institutions.revisits[0];
        assert!((3..=6).contains(&revisit.due) && revisit.findings == 1);
        order(&mut state, &setting, &luck(), &visit(2, 1.0));
        assert_eq!(state.institutions.referred, [(EmployerId(0), 0)]);
        assert_eq!(state.institutions.revisits.len(), 1);
        state.institutions.policy.prosecution.closure = 1.0;
        state.institutions.policy.national.law_closure_power = 1.0;
        order(&mut state, &setting, &luck(), &visit(2, 1.0));
        assert_eq!(state.institutions.desk.closing, [EmployerId(0)]);
    }

    /// Nothing is found where nothing is wrong, and the employer feels safer.
    #[test]
    fn a_visit_that_finds_nothing_reassures() {
        let mut setting = setting(2);
        (setting.parameters.labour_law.finds, setting.parameters.adaptation.reassured) = (1.0, 0.5);
        let mut state = state(&setting);
        state.employers.risk[EmployerId(0)] = 0.2;
        state.institutions.desk.encounters = vec![visit(0, 0.0)];
        labour_law(&mut state, &setting, &luck());
        assert!((f64::from(state.employers.risk[EmployerId(0)]) - 0.1).abs() < 1e-6);
        assert!(state.ledger.get(Indicator::LabourOrders).abs() < 1e-12);
    }
}
