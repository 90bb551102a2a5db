//! Care: shelter, cooperation, return, reintegration; the end of detention; re-trafficking.
//!
//! The die names those whose detention or stay ends. Rule 14: not everybody who is identified goes into a shelter that is
//! closed, and whoever does not, and finds no NGO, is on their own; witnesses are lost at
//! z0 * exp(-kc * open - kw * work permit + ka * months - kp * expected compensation), and more by exp(k away)
//! once they have left care: open shelters keep those inside, and let some leave before they testify. Rule 26: survivors are
//! trafficked again at r * exp(kappa D) * (1 - eps) for each of reintegration, follow-up and safe return, for
//! 24 months after care or unofficial exit. Of the deported a part is back within six months, through brokers:
//! a crackdown displaces more than it removes (pattern P15).

use super::super::Setting;
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::institutions::{Guest, Survivor};
use super::super::state::{NONE, OriginFlow, State};
use super::{Exit, by_draw, go_home, identification, leave_work, placement, record_entry, record_exit};
use crate::draws::{Luck, Purpose};
use std::collections::BTreeSet;

/// Months for which a survivor is watched.
const WATCH: u16 = 24;

const DEPORTED: u16 = 0;
const ADMISSION: u16 = 1;
const NGO_BED: u16 = 2;
const PERMIT: u16 = 3;
const HEARD: u16 = 4;
const REINTEGRATED: u16 = 5;
const SAFE: u16 = 6;
const RETURNS: u16 = 7;
const AGAIN: u16 = 8;
const COMES_BACK: u16 = 10;
const BACK_IN: u16 = 11;
const COMES_FORWARD: u16 = 12;
const ACCEPTS: u16 = 13;
/// Witnesses draw at this decision.
pub const WITNESS: u16 = 9;

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

/// How open shelters are, 0 to 1.
#[must_use]
pub fn openness(state: &State) -> f64 {
    let protection = &state.institutions.policy.protection;
    0.7 * protection.shelter_freedom + 0.3 * protection.shelter_communication
}

/// The share of victims in a convicted case who may expect to be paid compensation.
#[must_use]
pub fn expected_compensation(state: &State, setting: &Setting) -> f64 {
    let terms = &setting.parameters.justice;
    let from_fund = f64::from(u8::from(state.institutions.fund >= terms.compensation_size));
    let lever = state.institutions.policy.protection.compensation_paid;
    terms.ordered * (terms.compensation + (1.0 - terms.compensation) * lever.max(from_fund))
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
fn decide(state: &State, setting: &Setting, luck: &Luck) -> (Vec<u32>, Vec<u32>) {
    let hazards = Hazards::new(state, setting);
    let die = luck.die(state.month);
    let (mut freed, mut leaving) = (Vec::new(), Vec::new());
    for person in &state.institutions.desk.die_care {
        match state.persons.at(*person).whereabouts {
            Whereabouts::Detained if die.falls(*person, hazards.detention) => freed.push(*person),
            Whereabouts::Care if die.falls(*person, hazards.leave) => leaving.push(*person),
            _ => {}
        }
    }
    (freed, leaving)
}

/// Deportation, or release to look for work again.
fn end_detention(state: &mut State, setting: &Setting, luck: &Luck, person: u32) {
    let victim = state.persons.detained_victim(person);
    state.persons.mark_detained_victim(person, false);
    let cell = state.persons.at(person);
    if luck.happens(setting.parameters.care.deport, Purpose::Care, state.month, person, DEPORTED) {
        state.count_one(Indicator::Deported);
        state.count_origin(person, OriginFlow::Deported);
        if victim {
            // Counted among the harmed since the detention.
            state.count_one(Indicator::VictimsDeported);
        }
        go_home(state, person);
        let draw = |decision| luck.uniform(Purpose::Care, state.month, person, decision);
        if draw(COMES_BACK) < setting.parameters.care.deported_return {
            state.persons.come_back(person, state.month, draw(BACK_IN));
        }
    } else {
        find_work(state, setting, luck, person, cell.legal);
    }
}

fn find_work(state: &mut State, setting: &Setting, luck: &Luck, person: u32, legal: Legal) {
    match placement::find_employer(state, setting, luck, person, NONE, None) {
        Some(employer) => placement::start_work(state, person, employer, legal, Exploitation::None),
        None => go_home(state, person),
    }
}

/// People leave care: reintegrated or not, home or to work, watched from now on.
fn discharge(state: &mut State, setting: &Setting, luck: &Luck, leaving: &[u32]) {
    let policy = state.institutions.policy.protection;
    let month = state.month;
    let guests = std::mem::take(&mut state.institutions.desk.guests);
    let (gone, stay): (Vec<Guest>, Vec<Guest>) = guests.into_iter().partition(|guest| leaving.binary_search(&guest.person).is_ok());
    state.institutions.desk.guests = stay;
    for guest in gone {
        let person = guest.person;
        let draw = |decision| luck.uniform(Purpose::Care, month, person, decision);
        if guest.bed {
            state.count_one(Indicator::LeftShelter);
            state.count(Indicator::StayMonths, f64::from(month - guest.since));
        }
        let community = state.persons.layout.community(person);
        let outcome = if draw(HEARD) < openness(state) || !guest.bed { Outcome::OpenCare } else { Outcome::IncomeLost };
        state.communities.hear(community, outcome);
        let reintegrated = draw(REINTEGRATED) < policy.reintegration_coverage;
        if reintegrated {
            state.count_one(Indicator::Reintegrated);
        }
        if let Some(sector) = guest.sector {
            let follow_up = policy.follow_up_months.round() as u16;
            let safe = draw(SAFE) < policy.safe_return;
            state.institutions.desk.survivors.push(Survivor { person, since: month, reintegrated, follow_up, safe, sector });
        }
        let citizen = state.persons.at(person).legal == Legal::Citizen;
        if citizen || draw(RETURNS) < setting.parameters.care.return_after_care {
            go_home(state, person);
        } else {
            let legal = if guest.permit { Legal::Regularised } else { Legal::Irregular };
            find_work(state, setting, luck, person, legal);
            if guest.permit && state.persons.at(person).whereabouts == Whereabouts::Working {
                super::work::grant_permit(state, setting, person);
            }
        }
    }
}

/// The identified find a bed while there is one, in the order of their draws, if they will have it: the more open shelters are,
/// the more will. The others find an NGO's, or nothing.
fn admit(state: &mut State, setting: &Setting, luck: &Luck) {
    let policy = state.institutions.policy;
    let month = state.month;
    let found = by_draw(state.institutions.desk.found.iter().copied(), |found| luck.uniform(Purpose::Care, month, found.person, ADMISSION));
    let taken = state.institutions.desk.guests.iter().filter(|guest| guest.bed).count();
    let mut free = state.institutions.capacity.beds.saturating_sub(taken);
    let accept = setting.parameters.care.accept;
    let accept = accept + (1.0 - accept) * openness(state);
    for found in found {
        let person = found.person;
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        record_exit(state, person, cell, Exit::Identified);
        leave_work(state, person, cell);
        let bed = free > 0 && luck.happens(accept, Purpose::Care, month, person, ACCEPTS);
        free -= usize::from(bed);
        let sector = found.exploited.then_some(found.sector);
        if bed {
            state.count_one(Indicator::Sheltered);
        } else if !luck.happens(policy.partnership.ngo_coverage, Purpose::Care, month, person, NGO_BED) {
            state.count_one(Indicator::Unassisted);
            if let Some(sector) = sector {
                state.institutions.desk.survivors.push(Survivor::alone(person, month, sector));
            }
            go_home(state, person);
            continue;
        }
        let adult = !state.persons.minor(person);
        let permit = adult && cell.legal != Legal::Citizen && luck.happens(policy.protection.work_permit, Purpose::Care, month, person, PERMIT);
        if permit {
            state.count_one(Indicator::WorkPermits);
        }
        let in_care = Cell { whereabouts: Whereabouts::Care, exploitation: Exploitation::None, tercile: 0, ..cell };
        state.persons.change(person, in_care, month);
        state.institutions.desk.guests.push(Guest { person, since: month, bed, permit, sector });
    }
    let in_shelter = state.institutions.desk.guests.iter().filter(|guest| guest.bed).count();
    state.count(Indicator::InShelter, in_shelter as f64);
}

/// Who stays in a shelter without a work permit earns nothing: a month of W each.
fn lose_income(state: &mut State) {
    let idle = state.institutions.desk.guests.iter().filter(|guest| guest.bed && !guest.permit).count();
    state.count(Indicator::IncomeLost, idle as f64);
}

/// Rule 14: attrition of witnesses who have not testified yet. While the investigation lasts, victims in care
/// who have kept silent may come forward: speed alone leaves them no time to.
fn win_and_lose_witnesses(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.care;
    let services = terms.services * state.institutions.policy.protection.child_and_women_services;
    let held = terms.k_open * openness(state) + terms.k_compensation * expected_compensation(state, setting);
    let month = state.month;
    let mut in_care: Vec<u32> = state.institutions.desk.guests.iter().map(|guest| guest.person).collect();
    in_care.sort_unstable();
    let forward = |person: u32| {
        let chance = terms.come_forward * identification::disclosure(state, setting, person, state.persons.at(person));
        in_care.binary_search(&person).is_ok() && luck.happens(chance, Purpose::Care, month, person, COMES_FORWARD)
    };
    let silent = state.cases.open.iter().filter(|case| case.stage == 0).flat_map(|case| &case.victims).filter(|witness| !witness.cooperates);
    let coming: BTreeSet<u32> = silent.map(|witness| witness.person).filter(|person| forward(*person)).collect();
    let mut lost = 0.0;
    for case in &mut state.cases.open {
        let months = f64::from(month - case.opened);
        for witness in case.victims.iter_mut().filter(|witness| witness.cooperates && !witness.testified) {
            let permit = if witness.permit { terms.k_permit } else { 0.0 };
            let served = if state.persons.woman(witness.person) || state.persons.minor(witness.person) { 1.0 - services } else { 1.0 };
            let away = if in_care.binary_search(&witness.person).is_ok() { 0.0 } else { terms.k_away };
            let hazard = terms.z0 * libm::exp(away - held - permit + terms.k_months * months) * served;
            if luck.happens(-libm::expm1(-hazard), Purpose::Care, month, witness.person, WITNESS) {
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
    let survivors = std::mem::take(&mut state.institutions.desk.survivors);
    let mut watched = Vec::with_capacity(survivors.len());
    for survivor in survivors {
        let person = survivor.person;
        let months = month - survivor.since;
        let cell = state.persons.at(person);
        if months >= WATCH || cell.exploitation == Exploitation::Forced {
            continue;
        }
        let eps = |held: bool| if held { 1.0 - terms.reintegration } else { 1.0 };
        let kept = eps(survivor.reintegrated) * eps(months < survivor.follow_up) * eps(survivor.safe);
        let hazard = terms.retraffic * libm::exp(terms.kappa * state.persons.debt(person, month)) * kept;
        let at_risk = months > 0 && matches!(cell.whereabouts, Whereabouts::Home | Whereabouts::Working);
        if !at_risk || !luck.happens(-libm::expm1(-hazard), Purpose::Care, month, person, AGAIN) {
            watched.push(survivor);
            continue;
        }
        if cell.whereabouts == Whereabouts::Home {
            state.institutions.desk.again.push((person, survivor.sector));
        } else {
            let employer = state.persons.employer[person as usize];
            state.persons.change(person, Cell { exploitation: Exploitation::Forced, ..cell }, month);
            placement::confine(state, setting, luck, person, employer, Exploitation::Forced);
            record_entry(state, person, cell.sector);
            state.count_one(Indicator::Retrafficked);
        }
    }
    state.institutions.desk.survivors = watched;
}
