//! Care: shelter, cooperation, return, reintegration; the end of detention; re-trafficking.
//!
//! The die names those whose detention or stay ends. Rule 10D: the detained are removed with their debts, or released; of victims whom nobody recognised those
//! who tell of it are released where the firewall holds (`non_punishment`), the others are removed like anybody else, and counted: they were taken out of
//! exploitation and helped by nobody. Rule 14: not everybody who is identified goes into a shelter that is
//! closed, and whoever does not, and finds no NGO, is on their own; witnesses are lost at
//! z0 * exp(-kc * open - kw * work permit + ka * months - kp * expected compensation), and more by exp(k away)
//! once they have left care, and more where suspects are on bail and lean on them (rule 38: 1 + `justice.lean` times their share, less what witness protection
//! holds off): open shelters keep those inside, and let some leave before they testify. Rule 26: survivors, whichever way they came out, are
//! trafficked again at r * exp(kappa26 D) * (1 - eps) for each of reintegration, follow-up and safe return, for
//! 24 months: at home through a broker, at work at an employer who exploits. Of the deported a part is back within six months, through brokers:
//! a crackdown displaces more than it removes (pattern P15).

use super::super::chance::{by_draw, within_a_month};
use super::super::disclosure::{disclosure, expected_compensation, openness};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::employment::{find_employer, find_work, leave_work, start_work};
use super::super::moves::exploitation::{Exit, confine, force_to, record_entry, record_exit};
use super::super::moves::status::{go_home, grant_permit};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::ids::{EmployerId, PersonId, RecruiterId};
use super::super::state::institutions::{Guest, Survivor};
use super::super::state::lists::Keeper;
use crate::draws::{Luck, Purpose, decisions};
use std::collections::BTreeSet;

/// Months for which a survivor is watched.
const WATCH: u16 = 24;

decisions! {
    Deported = 0,
    Admission = 1,
    NgoBed = 2,
    Permit = 3,
    Heard = 4,
    Reintegrated = 5,
    Safe = 6,
    Returns = 7,
    Again = 8,
    Witness = 9,
    ComesBack = 10,
    BackIn = 11,
    ComesForward = 12,
    Accepts = 13,
    Tells = 14,
    Place = 15,
}

/// The hazards of people in detention and in care this month.
pub struct Hazards {
    /// End of detention.
    pub detention: f64,
    /// End of a stay in care.
    pub leave: f64,
}

impl Hazards {
    /// The hazards of this month.
    #[must_use]
    pub fn new(state: &State, setting: &Setting) -> Self {
        let terms = &setting.parameters.care;
        let freedom = state.institutions.policy.protection.shelter_freedom;
        Self { detention: terms.detention, leave: 1.0 / terms.stay + terms.early_exit * freedom }
    }
}

/// Ends detentions and stays, admits the identified, watches survivors.
pub fn care(state: &mut State, setting: &Setting, luck: &Luck) {
    let (freed, leaving) = decide(state, setting, luck);
    for person in freed {
        end_detention(state, setting, luck, person);
    }
    discharge(state, setting, luck, &leaving);
    admit(state, setting, luck);
    lose_income(state);
    win_and_lose_witnesses(state, setting, luck);
    traffic_again(state, setting, luck);
}

/// Whose detention and whose stay ends this month.
fn decide(state: &State, setting: &Setting, luck: &Luck) -> (Vec<PersonId>, Vec<PersonId>) {
    let hazards = Hazards::new(state, setting);
    let die = luck.die(state.month);
    let (mut freed, mut leaving) = (Vec::new(), Vec::new());
    for person in &state.institutions.desk.die_care {
        let address = state.persons.address(*person);
        match state.persons.at(*person).whereabouts {
            Whereabouts::Detained if die.falls(address, hazards.detention) => freed.push(*person),
            Whereabouts::Care if die.falls(address, hazards.leave) => leaving.push(*person),
            _ => {}
        }
    }
    leaving.sort_unstable();
    (freed, leaving)
}

/// Removal, or release to look for work again.
fn end_detention(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId) {
    let terms = &setting.parameters.care;
    let victim = state.persons.detained_victim(person);
    state.persons.mark_detained_victim(person, false);
    let cell = state.persons.at(person);
    let address = state.persons.address(person);
    let month = state.month;
    let draw = |decision: Decision| luck.uniform(Purpose::Care, month, address, decision);
    // The firewall serves those of whom somebody knows.
    let spared = victim && draw(Decision::Tells) < state.institutions.policy.protection.non_punishment * disclosure(state, setting, person, cell);
    if victim {
        state.institutions.survivors.push(Survivor::alone(person, month, cell.sector));
    }
    if !spared && draw(Decision::Deported) < terms.deport {
        state.count_persons(Indicator::Deported, person);
        let persons = state.persons.persons(person);
        state.origin_row(person).deported += persons;
        if victim {
            // Counted among the harmed since the detention.
            state.count(Indicator::VictimsDeported, persons);
            state.count(Indicator::RemovedUnassisted, persons);
        }
        go_home(state, person);
        if draw(Decision::ComesBack) < terms.deported_return {
            state.persons.come_back(person, month, draw(Decision::BackIn));
        }
    } else {
        find_work(state, setting, luck, person, cell.legal, None, EmployerId::NONE);
    }
}

/// People leave care: reintegrated or not, home or to work, watched from now on.
fn discharge(state: &mut State, setting: &Setting, luck: &Luck, leaving: &[PersonId]) {
    let policy = state.institutions.policy.protection;
    let month = state.month;
    let guests = std::mem::take(&mut state.institutions.guests);
    let (gone, stay): (Vec<Guest>, Vec<Guest>) = guests.into_iter().partition(|guest| leaving.binary_search(&guest.person).is_ok());
    state.institutions.guests = stay;
    for guest in gone {
        let person = guest.person;
        let address = state.persons.address(person);
        let draw = |decision: Decision| luck.uniform(Purpose::Care, month, address, decision);
        if guest.bed {
            state.count_one(Indicator::LeftShelter);
            state.count(Indicator::StayMonths, f64::from(month - guest.since));
        }
        let community = state.persons.community(person);
        let open = openness(state);
        let outcome = if draw(Decision::Heard) < open || !guest.bed { Outcome::OpenCare } else { Outcome::IncomeLost };
        state.communities.hear(community, outcome, 1.0);
        let reintegrated = draw(Decision::Reintegrated) < policy.reintegration_coverage;
        if reintegrated {
            state.count_one(Indicator::Reintegrated);
        }
        if let Some(sector) = guest.sector {
            let follow_up = policy.follow_up_months.round() as u16;
            let safe = draw(Decision::Safe) < policy.safe_return;
            state.institutions.survivors.push(Survivor { person, since: month, reintegrated, follow_up, safe, sector });
        }
        let citizen = state.persons.at(person).legal == Legal::Citizen;
        if citizen || draw(Decision::Returns) < setting.parameters.care.return_after_care {
            go_home(state, person);
        } else {
            let legal = if guest.permit { Legal::Regularised } else { Legal::Irregular };
            find_work(state, setting, luck, person, legal, None, EmployerId::NONE);
            if guest.permit && state.persons.at(person).whereabouts == Whereabouts::Working {
                grant_permit(state, setting, person);
            }
        }
    }
}

/// The identified find a bed while there is one, in the order of their draws, if they will have it: the more open shelters are,
/// the more will. The others find an NGO's, or nothing.
fn admit(state: &mut State, setting: &Setting, luck: &Luck) {
    let policy = state.institutions.policy;
    let month = state.month;
    let persons = &state.persons;
    let found = std::mem::take(&mut state.institutions.desk.found);
    let order = by_draw(found.iter().copied(), |found| luck.uniform(Purpose::Care, month, persons.address(found.person), Decision::Admission));
    state.institutions.desk.found = found;
    let mut free = state.beds_free();
    let accept = setting.parameters.care.accept;
    let accept = accept + (1.0 - accept) * openness(state);
    for found in order {
        let person = found.person;
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        let address = state.persons.address(person);
        let draw = |decision: Decision| luck.uniform(Purpose::Care, month, address, decision);
        record_exit(state, person, cell, Exit::Identified);
        leave_work(state, person, cell);
        let accepts = draw(Decision::Accepts) < accept;
        let bed = free > 0 && accepts;
        free -= usize::from(bed);
        let sector = found.exploited.then_some(found.sector);
        if bed {
            state.count_one(Indicator::Sheltered);
        } else if draw(Decision::NgoBed) >= policy.partnership.ngo_coverage {
            state.count_one(if accepts { Indicator::Unassisted } else { Indicator::Declined });
            if let Some(sector) = sector {
                state.institutions.survivors.push(Survivor::alone(person, month, sector));
            }
            go_home(state, person);
            continue;
        }
        state.list(person, Keeper::Shelters);
        let adult = !state.persons.minor(person);
        let permit = adult && cell.legal != Legal::Citizen && draw(Decision::Permit) < policy.protection.work_permit;
        if permit {
            state.count_one(Indicator::WorkPermits);
        }
        let in_care = Cell { whereabouts: Whereabouts::Care, exploitation: Exploitation::None, tercile: 0, ..cell };
        state.persons.change(person, in_care, month);
        state.institutions.guests.push(Guest { person, since: month, bed, permit, sector });
    }
    state.count(Indicator::InShelter, state.beds_taken() as f64);
}

/// Who stays in a shelter without a work permit earns nothing: a month of W each.
fn lose_income(state: &mut State) {
    let idle = state.institutions.guests.iter().filter(|guest| guest.bed && !guest.permit).count();
    state.count(Indicator::IncomeLost, idle as f64);
}

/// Rule 14: attrition of witnesses who have not testified yet. While the investigation lasts, victims in care
/// who have kept silent may come forward: speed alone leaves them no time to.
fn win_and_lose_witnesses(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.care;
    let services = terms.services * state.institutions.policy.protection.child_and_women_services;
    let held = terms.attrition_open * openness(state) + terms.attrition_compensation * expected_compensation(state, setting);
    let month = state.month;
    let mut in_care: Vec<PersonId> = state.institutions.guests.iter().map(|guest| guest.person).collect();
    in_care.sort_unstable();
    let forward = |person: PersonId| {
        let chance = terms.come_forward * disclosure(state, setting, person, state.persons.at(person));
        in_care.binary_search(&person).is_ok() && luck.happens(chance, Purpose::Care, month, state.persons.address(person), Decision::ComesForward)
    };
    // Who was not exploited has nothing to come forward with.
    let silent = state
        .cases
        .open
        .iter()
        .filter(|case| case.stage == 0)
        .flat_map(|case| &case.victims)
        .filter(|witness| witness.exploited && !witness.cooperates);
    let coming: BTreeSet<PersonId> = silent.map(|witness| witness.person).filter(|person| forward(*person)).collect();
    let mut lost = 0.0;
    let lean = setting.parameters.justice.lean * (1.0 - state.institutions.policy.prosecution.witness_protection);
    for case in &mut state.cases.open {
        let months = (f64::from(month) - case.opened).max(0.0);
        let leaned_on = 1.0 + lean * case.on_bail();
        for witness in case.victims.iter_mut().filter(|witness| witness.cooperates && !witness.testified) {
            let permit = if witness.permit { terms.attrition_permit } else { 0.0 };
            let served = if state.persons.woman(witness.person) || state.persons.minor(witness.person) { 1.0 - services } else { 1.0 };
            let away = if in_care.binary_search(&witness.person).is_ok() { 0.0 } else { terms.attrition_away };
            let hazard = terms.attrition_base * libm::exp(away - held - permit + terms.attrition_months * months) * served * leaned_on;
            if luck.happens(within_a_month(hazard), Purpose::Care, month, state.persons.address(witness.person), Decision::Witness) {
                witness.cooperates = false;
                lost += 1.0;
            }
        }
        for witness in case.victims.iter_mut().filter(|witness| case.stage == 0 && !witness.cooperates) {
            witness.cooperates = coming.contains(&witness.person);
        }
    }
    state.count(Indicator::WitnessesLost, lost);
}

/// Rule 26: survivors at home, or at work and free, are trafficked again.
fn traffic_again(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.care;
    let month = state.month;
    let survivors = std::mem::take(&mut state.institutions.survivors);
    let mut draws = Vec::with_capacity(survivors.len());
    let addresses = survivors.iter().map(|survivor| state.persons.address(survivor.person));
    luck.uniforms(Purpose::Care, month, addresses, Decision::Again, |_, u| draws.push(u));
    let deepest = terms.retraffic * libm::exp(terms.debt_in_retrafficking * super::super::state::cells::MAX_DEBT);
    let mut watched = Vec::with_capacity(survivors.len());
    for (survivor, u) in survivors.into_iter().zip(draws) {
        let person = survivor.person;
        let months = month - survivor.since;
        let cell = state.persons.at(person);
        if months >= WATCH || cell.exploitation == Exploitation::Forced {
            continue;
        }
        let at_risk = months > 0 && matches!(cell.whereabouts, Whereabouts::Home | Whereabouts::Working);
        let eps = |held: bool| if held { 1.0 - terms.reintegration } else { 1.0 };
        let kept = eps(survivor.reintegrated) * eps(months < survivor.follow_up) * eps(survivor.safe);
        // Most draws lie beyond what the deepest debt could make of it.
        if !at_risk || u > deepest * kept {
            watched.push(survivor);
            continue;
        }
        let hazard = terms.retraffic * libm::exp(terms.debt_in_retrafficking * state.persons.debt(person, month)) * kept;
        if u >= within_a_month(hazard) {
            watched.push(survivor);
        } else if cell.whereabouts == Whereabouts::Home {
            state.institutions.again.push((person, survivor.sector));
        } else {
            lure(state, setting, luck, person, cell);
        }
    }
    state.institutions.survivors = watched;
}

/// Somebody at work and free falls into exploitation again: at another employer, taken in proportion to how far employers exploit.
fn lure(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cell: Cell) {
    let persons = state.persons.persons(person);
    state.count(Indicator::Retrafficked, persons);
    let sector = (cell.legal == Legal::Citizen).then_some(cell.sector);
    let here = state.persons.employer[person];
    let found = find_employer(state, setting, luck, person, RecruiterId::NONE, sector).filter(|employer| *employer != here);
    let u = luck.uniform(Purpose::Care, state.month, state.persons.address(person), Decision::Place);
    match found.map(|employer| worst_neighbour(state, employer, u)) {
        Some(employer) => {
            leave_work(state, person, cell);
            start_work(state, person, employer, cell.legal, Exploitation::Forced);
            confine(state, setting, luck, person, employer, Exploitation::Forced);
            record_entry(state, person, state.employers.sector[employer]);
        }
        None => force_to(state, setting, luck, person, Exploitation::Forced),
    }
}

/// Of the cluster of `employer` one at work, in proportion to how far each exploits.
fn worst_neighbour(state: &State, employer: EmployerId, u: f64) -> EmployerId {
    let cluster = state.employers.cluster_of(employer);
    let weight = |i: usize| if state.employers.open[i] > 0 { f64::from(state.employers.propensity[i]) } else { 0.0 };
    let place = super::super::chance::pick_among(cluster.clone().map(weight), u);
    EmployerId((cluster.start + place) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::moves::custody::detain;
    use crate::model::state::cases::{Case, CaseKind, Witness};
    use crate::model::state::institutions::{Found, FoundBy};
    use crate::model::testing::{at_work, luck, setting, state};

    fn found(person: PersonId) -> Found {
        Found { person, employer: EmployerId(0), copy: 0, exploited: true, by: FoundBy::Contact, sector: 0, zone: 0 }
    }

    /// Two beds for three who want one, and no NGO.
    #[test]
    fn beds_are_given_while_there_are_any() {
        let mut setting = setting(2);
        setting.parameters.care.accept = 1.0;
        let mut state = state(&setting);
        state.institutions.capacity.beds = 2;
        state.institutions.policy.partnership.ngo_coverage = 0.0;
        let workers = at_work(&mut state, 3, EmployerId(0), Legal::Mou, Exploitation::Forced);
        state.institutions.desk.found = workers.iter().map(|person| found(*person)).collect();
        admit(&mut state, &setting, &luck());
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::Sheltered) - 2.0).abs() < 1e-12 && (count(Indicator::Unassisted) - 1.0).abs() < 1e-12);
        assert!((count(Indicator::ExitsIdentified) - 3.0).abs() < 1e-12);
        assert_eq!(state.persons.count(|cell| cell.whereabouts == Whereabouts::Care), 2);
        assert_eq!((state.institutions.guests.len(), state.institutions.survivors.len()), (2, 1));
    }

    /// A tenth a month, and what an open door adds.
    #[test]
    fn a_stay_ends_by_its_length_or_early() {
        let mut setting = setting(2);
        setting.parameters.care.early_exit = 0.2;
        let mut state = state(&setting);
        state.institutions.policy.protection.shelter_freedom = 0.5;
        assert!((Hazards::new(&state, &setting).leave - 0.2).abs() < 1e-12);
    }

    /// Watched for two years: who has been watched longer is not trafficked again, and the cared for less.
    #[test]
    fn survivors_are_trafficked_again_at_their_hazard() {
        let mut setting = setting(40);
        setting.parameters.care.retraffic = 0.1;
        setting.parameters.care.reintegration = 0.5;
        let mut state = state(&setting);
        state.month = 30;
        let all = |since: u16, reintegrated: bool, of: std::ops::Range<u32>| {
            of.map(move |person| Survivor { reintegrated, ..Survivor::alone(PersonId(person), since, 0) })
        };
        state.institutions.survivors = all(29, false, 0..800).chain(all(29, true, 800..1600)).chain(all(6, false, 1600..2000)).collect();
        traffic_again(&mut state, &setting, &luck());
        let again = |of: std::ops::Range<u32>| state.institutions.again.iter().filter(|(person, _)| of.contains(&person.0)).count() as f64;
        let near = |found: f64, share: f64| (found - 800.0 * share).abs() < 4.0 * (800.0 * share * (1.0 - share)).sqrt();
        assert!(near(again(0..800), -libm::expm1(-0.1)), "{}", again(0..800));
        assert!(near(again(800..1600), -libm::expm1(-0.05)), "{}", again(800..1600));
        assert!(again(1600..2000).abs() < 1e-12);
        assert_eq!(state.institutions.survivors.len() + state.institutions.again.len(), 1600);
    }

    /// Victims in care who have kept silent may come forward while the investigation lasts; who was never exploited has nothing to say.
    #[test]
    fn only_victims_come_forward() {
        let mut setting = setting(4);
        setting.parameters.care.come_forward = 1.0;
        setting.parameters.identification.disclosure_base = 1.0;
        let mut state = state(&setting);
        let people: Vec<PersonId> = (0..2).map(PersonId).collect();
        for person in &people {
            state.institutions.guests.push(Guest { person: *person, since: 0, bed: true, permit: false, sector: Some(0) });
        }
        let witness = |person: PersonId, exploited: bool| Witness { person, exploited, permit: false, cooperates: false, testified: false };
        let victims = vec![witness(people[0], true), witness(people[1], false)];
        state.cases.open.push(Case { victims, ..Case::opened(3, CaseKind::Labour, 0, 0, vec![]) });
        win_and_lose_witnesses(&mut state, &setting, &luck());
        let cooperates: Vec<bool> = state.cases.open[0].victims.iter().map(|witness| witness.cooperates).collect();
        assert_eq!(cooperates, [true, false]);
    }

    /// Who was arrested and is removed without help is counted among the removed and watched for being trafficked again, if a victim.
    #[test]
    fn victims_removed_unassisted_are_watched() {
        let mut setting = setting(2);
        setting.parameters.care.deport = 1.0;
        let mut state = state(&setting);
        state.institutions.policy.protection.non_punishment = 0.0;
        let workers = at_work(&mut state, 2, EmployerId(0), Legal::Irregular, Exploitation::None);
        state.persons.change(workers[1], Cell { exploitation: Exploitation::Forced, ..state.persons.at(workers[1]) }, 0);
        for person in &workers {
            detain(&mut state, *person);
            end_detention(&mut state, &setting, &luck(), *person);
            assert_eq!(state.persons.at(*person).whereabouts, Whereabouts::Home);
        }
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::Deported) - 2.0).abs() < 1e-12 && (count(Indicator::RemovedUnassisted) - 1.0).abs() < 1e-12);
        let watched: Vec<PersonId> = state.institutions.survivors.iter().map(|survivor| survivor.person).collect();
        assert_eq!(watched, [workers[1]]);
    }

    /// Three who will not have one of a hundred free beds have declined: nothing was missing.
    #[test]
    fn who_declines_is_not_unassisted() {
        let mut setting = setting(2);
        setting.parameters.care.accept = 0.0;
        let mut state = state(&setting);
        (state.institutions.policy.protection.shelter_freedom, state.institutions.policy.protection.shelter_communication) = (0.0, 0.0);
        state.institutions.policy.partnership.ngo_coverage = 0.0;
        state.institutions.capacity.beds = 100;
        let workers = at_work(&mut state, 3, EmployerId(0), Legal::Mou, Exploitation::Forced);
        state.institutions.desk.found = workers.iter().map(|person| found(*person)).collect();
        admit(&mut state, &setting, &luck());
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::Declined) - 3.0).abs() < 1e-12 && count(Indicator::Sheltered).abs() < 1e-12);
        assert!(count(Indicator::Unassisted).abs() < 1e-12);
    }

    /// Survivors at work at a harmless employer are trafficked again elsewhere: at the one employer of a cluster who exploits.
    #[test]
    fn survivors_at_work_are_trafficked_again_where_somebody_exploits() {
        let mut setting = setting(40);
        setting.parameters.care.retraffic = 1e6;
        let mut state = state(&setting);
        let here = EmployerId(1);
        for employer in state.employers.all() {
            let first = state.employers.cluster_of(employer).start == employer.index();
            state.employers.set_propensity(employer, if first { 0.8 } else { 0.0 });
        }
        state.employers.vacancies.fill((0..state.employers.len()).map(|employer| if employer == here.index() { 0.0 } else { 1.0 }));
        let workers = at_work(&mut state, 50, here, Legal::Irregular, Exploitation::None);
        state.month = 30;
        state.institutions.survivors = workers.iter().map(|person| Survivor::alone(*person, 29, 0)).collect();
        traffic_again(&mut state, &setting, &luck());
        assert!((state.ledger.get(Indicator::Retrafficked) - 50.0).abs() < 1e-12);
        for person in workers {
            assert_eq!(state.persons.at(person).exploitation, Exploitation::Forced);
            assert!(state.employers.propensity[state.persons.employer[person]] > 0.5);
        }
    }
}
