//! Contact: inspections, raids, arrests, reports; the complicity gate.
//!
//! Everything here happens at the nation's own size, whatever the scale: a visit meets one workplace, a report is one person's.
//!
//! Rule 9: four streams (port, labour inspection, venues, border) choose workplaces with weight size^a * formality * risk^tau, one after the
//! other and none twice a month. The visit numbered j proposes a workplace by draws of its own and accepts it in proportion to what is
//! left of its weight, so that more visits keep the earlier choices and one workplace that changes moves no other visit. All workers of a
//! workplace are met. Rule 12: an own or peer report (r0 a month) goes to the hotline, or to an NGO where one is present; the NGO refers
//! to the state with P = sg(trust + value of the official path), else the person leaves unofficially: gone
//! from the stock, in no count. Rule 39: an NGO follows as many reports as its caseworkers can, who are fewer where courts let them be sued; whose report lies over is
//! left where they are. Own reports need a moment unguarded; peers who report are co-workers who are not locked in. A report to the state opens an operation at that
//! workplace. Rule 23: if one of the team is complicit, or the workplace has a protector, the contact may be blocked; the employer is warned and feels safer.

use super::super::chance::{binomial, sigmoid, within_a_month};
use super::super::country::{Agency, SectorKind, StreamKind};
use super::super::disclosure::{disclosure, expected_compensation, openness};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::custody::watch;
use super::super::moves::employment::leave_work;
use super::super::moves::exploitation::{Exit, record_exit, retaliate};
use super::super::moves::status::go_home;
use super::super::risk::Perception;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Exploitation, Legal, Whereabouts};
use super::super::state::ids::{EmployerId, PersonId};
use super::super::state::institutions::{Encounter, EncounterKind, FoundBy, Revisit};
use super::super::state::lists::Keeper;
use super::super::state::persons::{BATCH, LOCKED};
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    /// A visit proposes a workplace: two draws an attempt, the first half of the attempts.
    Propose = 0,
    ProposeMore = 1,
    Reports = 2,
    Hotline = 3,
    Ngo = 4,
    Referred = 5,
    Place = 6,
    Team = 7,
    Protected = 8,
    Blocks = 9,
    Followed = 10,
    Own = 11,
    /// Whether who inspects in port follows a manual.
    Manual = 12,
}

/// Attempts after which a visit is given up: all that would be accepted are visited.
const ATTEMPTS: usize = 60;

/// Lets officials meet people.
pub fn contact(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut encounters = take_reports(state, setting, luck);
    let referred = std::mem::take(&mut state.institutions.referred);
    encounters.extend(referred.into_iter().map(|(employer, copy)| Encounter::planned(employer, copy, EncounterKind::Operation)));
    follow_intelligence(state, setting, luck, &mut encounters);
    // One visit a workplace a month: an operation goes before a routine visit.
    let mut operations = Vec::with_capacity(encounters.len());
    for encounter in encounters {
        if claim(state, encounter.employer, encounter.copy) {
            operations.push(encounter);
        }
    }
    let mut encounters = operations;
    visit(state, luck, &mut encounters);
    gate(state, setting, luck, &mut encounters);
    state.institutions.desk.encounters = encounters;
    arrest(state);
}

/// Marks a workplace as visited this month; false if it was so already.
fn claim(state: &mut State, employer: EmployerId, copy: u16) -> bool {
    let place = state.employers.workplace(employer, copy) as usize;
    let now = state.month + 1;
    std::mem::replace(&mut state.employers.visited[place], now) != now
}

/// The streams' visits.
fn visit(state: &mut State, luck: &Luck, encounters: &mut Vec<Encounter>) {
    let capacity = state.institutions.capacity;
    let again = visit_again(state, capacity.inspections, encounters);
    state.count(Indicator::Revisits, again as f64);
    state.count(Indicator::Inspections, again as f64);
    let streams = [
        (EncounterKind::Stream(StreamKind::Port), capacity.port),
        (EncounterKind::Stream(StreamKind::Inspection), capacity.inspections - again),
        (EncounterKind::Stream(StreamKind::Venue), capacity.raids),
        (EncounterKind::Border, capacity.border),
    ];
    for (stream, (kind, planned)) in streams.into_iter().enumerate() {
        let before = encounters.len();
        choose(state, luck, stream, kind, planned, encounters);
        let made = (encounters.len() - before) as f64;
        state.count(Indicator::Inspections, made);
        if kind == EncounterKind::Stream(StreamKind::Venue) {
            state.count(Indicator::Raids, made);
        }
    }
}

/// Rule 36: workplaces whose second or third visit is due, which take up inspections that would have been of routine. Returns how many were visited; what is left is
/// due next month.
fn visit_again(state: &mut State, most: usize, encounters: &mut Vec<Encounter>) -> usize {
    let month = state.month;
    let (due, mut later): (Vec<Revisit>, Vec<Revisit>) =
        std::mem::take(&mut state.institutions.revisits).into_iter().partition(|revisit| revisit.due <= month);
    let before = encounters.len();
    for revisit in due {
        let there = revisit.copy < state.employers.open[revisit.employer];
        if encounters.len() - before >= most {
            later.push(revisit);
        } else if there && claim(state, revisit.employer, revisit.copy) {
            let planned = Encounter::planned(revisit.employer, revisit.copy, EncounterKind::Revisit);
            encounters.push(Encounter { findings: revisit.findings, ..planned });
        }
    }
    state.institutions.revisits = later;
    encounters.len() - before
}

/// The workplaces of `planned` visits of one stream.
fn choose(state: &mut State, luck: &Luck, stream: usize, kind: EncounterKind, planned: usize, encounters: &mut Vec<Encounter>) {
    let raid = usize::from(kind == EncounterKind::Stream(StreamKind::Venue));
    let mut waiting: Vec<u32> = (0..planned as u32).collect();
    let mut proposed = Vec::new();
    for attempt in 0..ATTEMPTS {
        if waiting.is_empty() {
            break;
        }
        let (decision, k) = if attempt < ATTEMPTS / 2 { (Decision::Propose, attempt) } else { (Decision::ProposeMore, attempt - ATTEMPTS / 2) };
        let entities = || waiting.iter().map(|visit| visit * 4 + stream as u32);
        proposed.clear();
        luck.uniforms(Purpose::Contact, state.month, entities(), decision.nth(2 * k), |_, u| proposed.push((u, 0.0)));
        let mut place = 0;
        luck.uniforms(Purpose::Contact, state.month, entities(), decision.nth(2 * k + 1), |_, u| {
            proposed[place].1 = u;
            place += 1;
        });
        let mut left = Vec::new();
        for (visit, (which, rest)) in waiting.iter().zip(&proposed) {
            let Some(employer) = state.visits[stream].propose(*which).map(EmployerId) else { return };
            // The second draw holds the copy and, in what is left of it, the acceptance.
            let exact = rest * state.scale;
            let (copy, u) = (exact as u16, exact.fract());
            let open = f64::from(state.employers.open[employer]) / state.scale;
            if u < open * f64::from(state.employers.drawn[employer][raid]) && claim(state, employer, copy) {
                encounters.push(Encounter::planned(employer, copy, kind));
            } else {
                left.push(*visit);
            }
        }
        waiting = left;
    }
}

/// Rule 12: reports become calls, referrals, unofficial exits and operations.
fn take_reports(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<Encounter> {
    let mut encounters = Vec::new();
    let coverage = state.institutions.policy.partnership.ngo_coverage;
    let reports = reports(state, setting, luck);
    let followed = followed(state, setting, &reports);
    for (person, count) in reports {
        for _ in 0..count {
            let cell = state.persons.at(person);
            if cell.whereabouts != Whereabouts::Working {
                break;
            }
            // The reports of several persons of one agent are told apart by those who have left it: each report concerns the next.
            let one = state.persons.split(person, state.month);
            let address = state.persons.address(one);
            let month = state.month;
            let draw = |decision: Decision| luck.uniform(Purpose::Contact, month, address, decision);
            let employer = state.persons.employer[one];
            let copy = (draw(Decision::Place) * state.scale) as u16;
            // Own reports need a moment unguarded, those of peers do not.
            let unguarded = unguarded(state, setting, one);
            let by = if draw(Decision::Own) * (1.0 + unguarded) < unguarded { FoundBy::OwnReport } else { FoundBy::PeerReport };
            let operation = Encounter { reporter: one, by, ..Encounter::planned(employer, copy, EncounterKind::Operation) };
            if draw(Decision::Hotline) < setting.parameters.contact.hotline {
                state.count_one(Indicator::HotlineCalls);
                state.list(one, Keeper::Hotline);
                encounters.push(operation);
            } else if draw(Decision::Ngo) < coverage {
                state.count_one(Indicator::NgoReports);
                if draw(Decision::Followed) >= followed {
                    state.count_one(Indicator::NgoOverflow);
                    continue;
                }
                state.list(one, Keeper::Ngos);
                if draw(Decision::Referred) < referral(state, setting, one) {
                    state.count_one(Indicator::NgoReferrals);
                    encounters.push(Encounter { by: FoundBy::Referral, ..operation });
                } else {
                    leave_unofficially(state, one);
                }
            }
        }
    }
    encounters
}

/// Rule 39: the part of this month's reports to NGOs that their caseworkers can follow.
fn followed(state: &State, setting: &Setting, reports: &[(PersonId, u16)]) -> f64 {
    let terms = &setting.parameters.contact;
    let policy = &state.institutions.policy;
    let all: f64 = reports.iter().map(|(_, count)| f64::from(*count)).sum();
    let expected = all * (1.0 - terms.hotline) * policy.partnership.ngo_coverage;
    let sued = terms.ngo_sued * (1.0 - policy.partnership.lawsuit_protection);
    let can = state.institutions.capacity.casework * terms.ngo_caseload * (1.0 - sued);
    if expected > can { can / expected } else { 1.0 }
}

/// How many persons of each exploited agent report, or are reported by peers, this month.
fn reports(state: &State, setting: &Setting, luck: &Luck) -> Vec<(PersonId, u16)> {
    let terms = &setting.parameters.contact;
    let policy = &state.institutions.policy;
    let feared = terms.lawsuits * (1.0 - policy.partnership.lawsuit_protection);
    let reached = terms.access * (1.0 - feared) * state.institutions.pressure.contacts;
    let most: Vec<f64> = setting
        .country
        .sectors
        .iter()
        .map(|sector| reached * if sector.kind == SectorKind::Sex { terms.reports_sex } else { terms.reports_labour })
        .collect();
    let exploited = state.persons.select(|cell| cell.whereabouts == Whereabouts::Working && cell.exploitation != Exploitation::None);
    // Nobody reports with more than the highest rate: most draws lie beyond it, and nothing else of the person need be known.
    let highest = most.iter().copied().fold(0.0, f64::max);
    let mut able = Vec::new();
    let mut place = 0;
    let addresses = exploited.iter().map(|person| state.persons.address(*person));
    luck.uniforms(Purpose::Contact, state.month, addresses, Decision::Reports, |_, u| {
        let person = exploited[place];
        place += 1;
        if u < highest * state.persons.persons(person) {
            able.push((person, u));
        }
    });
    let mut reports = Vec::new();
    for batch in able.chunks(BATCH) {
        state.persons.prefetch(batch.iter().map(|(person, _)| *person));
        for (person, u) in batch {
            let cell = state.persons.at(*person);
            let grave = if cell.exploitation == Exploitation::Forced { 1.0 } else { terms.violation_report };
            // Half of all reports are the person's own, half are those of peers.
            let hazard = most[usize::from(cell.sector)]
                * disclosure(state, setting, *person, cell)
                * grave
                * f64::midpoint(1.0, unguarded(state, setting, *person));
            let count = binomial(*u, state.persons.weight(*person), within_a_month(hazard));
            if count > 0 {
                reports.push((*person, count));
            }
        }
    }
    reports
}

/// How far `person` has moments unguarded, in which to report, against somebody who is not locked in.
fn unguarded(state: &State, setting: &Setting, person: PersonId) -> f64 {
    if state.persons.confinement(person) & LOCKED == 0 { 1.0 } else { 1.0 - setting.parameters.work.held_by_lock }
}

/// P(an NGO refers `person` to the state): trust, and what the official path offers.
fn referral(state: &State, setting: &Setting, person: PersonId) -> f64 {
    let terms = &setting.parameters.contact;
    let policy = &state.institutions.policy;
    let community = state.persons.community(person);
    let offered = policy.protection.work_permit
        + expected_compensation(state, setting)
        + policy.partnership.ngo_formal_role
        + openness(state)
        + policy.protection.non_punishment;
    sigmoid(terms.referral + f64::from(state.communities.trust[community]) + terms.referral_value * (offered - 1.0))
}

/// An NGO or peers get `person` out: gone from the stock, in no official count.
fn leave_unofficially(state: &mut State, person: PersonId) {
    let cell = state.persons.at(person);
    record_exit(state, person, cell, Exit::Ngo);
    leave_work(state, person, cell);
    go_home(state, person);
    watch(state, person, cell);
}

/// Operations that no report began: intelligence points at workplaces in proportion to size and abuse. Each
/// tip considers workplaces by their size until one fits.
fn follow_intelligence(state: &State, setting: &Setting, luck: &Luck, encounters: &mut Vec<Encounter>) {
    let streams = [StreamKind::Port, StreamKind::Inspection, StreamKind::Venue];
    let workers: Vec<f64> = streams
        .iter()
        .map(|stream| setting.country.sectors.iter().filter(|sector| sector.stream == *stream).map(|sector| sector.migrants + sector.citizens).sum())
        .collect();
    for tip in 0..state.institutions.capacity.intelligence as u32 {
        for attempt in 0..ATTEMPTS / 2 {
            let entity = tip * ATTEMPTS as u32 + attempt as u32;
            let at = |k: usize| luck.uniform(Purpose::Contact, state.month, entity | 0x4000_0000, Decision::Propose.nth(k));
            let stream = super::super::chance::pick(&workers, at(0));
            let Some(employer) = state.visits[stream].propose(at(1)).map(EmployerId) else { continue };
            if at(2) < f64::from(state.employers.propensity[employer]) && state.employers.at_work(employer) {
                let copy = (at(3) * state.scale) as u16;
                encounters.push(Encounter::planned(employer, copy, EncounterKind::Operation));
                break;
            }
        }
    }
}

/// Which agency leads a visit.
fn agency(kind: EncounterKind, sector: SectorKind) -> Agency {
    match kind {
        EncounterKind::Stream(StreamKind::Venue) => Agency::Police,
        EncounterKind::Stream(StreamKind::Port | StreamKind::Inspection) | EncounterKind::Revisit => Agency::Inspection,
        EncounterKind::Border => Agency::Immigration,
        EncounterKind::Operation => {
            if sector == SectorKind::Labour {
                Agency::Inspection
            } else {
                Agency::Police
            }
        }
    }
}

/// The complicity gate: each visit is made by real officials; police take part in all of them.
fn gate(state: &mut State, setting: &Setting, luck: &Luck, encounters: &mut [Encounter]) {
    let terms = &setting.parameters.contact;
    let month = state.month;
    let sector = |state: &State, encounter: &Encounter| setting.country.sectors[usize::from(state.employers.sector[encounter.employer])].kind;
    let team = |kind: SectorKind| if kind == SectorKind::Sex { terms.team_sex } else { terms.team_labour }.round() as usize;
    let largest = team(SectorKind::Sex).max(team(SectorKind::Labour));
    let places: Vec<u32> = encounters.iter().map(|encounter| state.employers.workplace(encounter.employer, encounter.copy)).collect();
    let draws = |decision: u16| {
        let mut draws = Vec::with_capacity(places.len());
        luck.uniforms(Purpose::Contact, month, places.iter().copied(), decision, |_, u| draws.push(u));
        draws
    };
    let protected = draws(Decision::Protected.into());
    let mut complicit: Vec<bool> = encounters.iter().zip(protected).map(|(encounter, u)| u < state.employers.covered(encounter.employer)).collect();
    for member in 0..largest {
        for ((encounter, u), complicit) in encounters.iter_mut().zip(draws(Decision::Team.nth(member))).zip(&mut complicit) {
            let kind = sector(state, encounter);
            if member >= team(kind) {
                continue;
            }
            let agency = if member == 0 { agency(encounter.kind, kind) } else { Agency::Police };
            let unit = state.officials.unit(agency, state.employers.zone[encounter.employer]);
            if let Some(official) = state.officials.one_of(unit, u) {
                if member == 0 {
                    encounter.lead = official;
                }
                *complicit |= state.officials.complicit[official];
            }
        }
    }
    let perception = Perception::of(state, setting);
    let manuals = state.institutions.policy.protection.manuals_with_ngos;
    for ((encounter, place), complicit) in encounters.iter_mut().zip(&places).zip(complicit) {
        let trained = encounter.lead.known().is_some_and(|lead| state.officials.fresh(lead, month));
        // A vessel's turn in port leaves no time to ask anybody, unless a manual made with civil society says how.
        let hurried = encounter.kind == EncounterKind::Stream(StreamKind::Port);
        encounter.asks = trained && (!hurried || luck.happens(manuals, Purpose::Contact, month, *place, Decision::Manual));
        encounter.blocked = complicit && luck.happens(setting.parameters.complicity.blocks, Purpose::Contact, month, *place, Decision::Blocks);
        if encounter.kind == EncounterKind::Operation {
            state.count_one(Indicator::Operations);
        }
        if encounter.blocked {
            state.count_one(Indicator::Blocked);
            // Warned in time, the employer has reason to feel safe.
            if let Some(reporter) = encounter.reporter.known() {
                retaliate(state, setting, luck, reporter);
            }
            super::employers::reassure(
                state,
                setting,
                luck,
                &perception,
                encounter.employer,
                encounter.copy,
                setting.parameters.adaptation.own_arrest,
            );
        }
    }
}

/// Routine arrest: the arrested are detained, exploited or not. Whether they are recognised first is decided
/// in identification, which reads who was arrested.
fn arrest(state: &mut State) {
    let mut arrested = std::mem::take(&mut state.institutions.desk.arrested);
    arrested.retain(|person| {
        let cell = state.persons.at(*person);
        cell.whereabouts == Whereabouts::Working && cell.legal == Legal::Irregular
    });
    let persons: f64 = arrested.iter().map(|person| state.persons.persons(*person)).sum();
    state.count(Indicator::ArrestsRoutine, persons);
    state.count(Indicator::PeopleMet, persons);
    state.institutions.desk.arrested = arrested;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{at_work, luck, setting, state};

    #[test]
    fn a_workplace_is_visited_once_a_month() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        assert!(claim(&mut state, EmployerId(2), 1));
        assert!(!claim(&mut state, EmployerId(2), 1));
        assert!(claim(&mut state, EmployerId(2), 2), "another copy is another workplace");
        state.month = 1;
        assert!(claim(&mut state, EmployerId(2), 1));
    }

    /// Of a thousand in force, who would disclose with .5 and report with .1 a month, 1 - exp(-.05) report, at any scale.
    #[test]
    fn reports_come_at_their_rate() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters;
        (terms.contact.reports_labour, terms.contact.access, terms.identification.disclosure_base) = (0.1, 1.0, 0.5);
        let expected = -1000.0 * libm::expm1(-0.05);
        for scale in [1.0, 5.0] {
            setting.scale = scale;
            let mut state = state(&setting);
            at_work(&mut state, (1000.0 / scale) as u32, EmployerId(0), Legal::Mou, Exploitation::Forced);
            let found: f64 = reports(&state, &setting, &luck()).iter().map(|(_, count)| f64::from(*count)).sum();
            assert!((found - expected).abs() < 4.0 * expected.sqrt(), "{found} at scale {scale}, {expected} expected");
        }
    }

    /// Where half of the copies are closed, visits go to the open ones and there are as many.
    #[test]
    fn visits_go_to_workplaces_that_are_open() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        for employer in state.employers.all().filter(|employer| employer.0 % 2 == 0) {
            state.employers.open[employer] = 0;
        }
        let mut encounters = Vec::new();
        choose(&mut state, &luck(), 1, EncounterKind::Stream(StreamKind::Inspection), 20, &mut encounters);
        assert_eq!(encounters.len(), 20);
        assert!(encounters.iter().all(|encounter| encounter.employer.0 % 2 == 1 && state.employers.sector[encounter.employer] == 0));
    }

    /// Ten large fields, half of them harmless, and a thousand small venues with as many workers: a third of operations are in fields, none in
    /// a harmless one.
    #[test]
    fn intelligence_points_where_workers_and_abuse_are() {
        let mut setting = setting(2);
        (setting.country.sectors[0].employers, setting.country.sectors[1].employers) = (10.0, 1000.0);
        let mut state = state(&setting);
        for employer in state.employers.all() {
            state.employers.set_propensity(employer, if employer.0 < 5 { 0.0 } else { 0.5 });
        }
        state.institutions.capacity.intelligence = 2000;
        let mut operations = Vec::new();
        follow_intelligence(&state, &setting, &luck(), &mut operations);
        assert_eq!(operations.len(), 2000);
        assert!(operations.iter().all(|operation| operation.employer.0 >= 5));
        let fields = operations.iter().filter(|operation| state.employers.sector[operation.employer] == 0).count() as f64 / 2000.0;
        assert!((fields - 1.0 / 3.0).abs() < 4.0 * (2.0 / 9.0 / 2000.0_f64).sqrt(), "{fields}");
    }
}
