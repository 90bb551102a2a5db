//! Contact: inspections, raids, border checks, operations; arrests; reports; the complicity gate.
//!
//! Rule 9: employers are chosen with weight size^a * formality * risk^tau: of N the K with the smallest keys
//! -ln(u)/weight, so that more capacity keeps the earlier choices. An inspected employer's workers are all
//! met. Rule 12: an own or peer report goes to the hotline, or to an NGO where one is present; the NGO refers
//! to the state with P = sg(trust + value of the official path), else the person leaves unofficially: gone
//! from the stock, in no count. A report to the state opens an operation at that employer. Rule 23: if one of
//! the team is complicit, the contact may be blocked; the employer is warned and feels safer.

use super::super::Setting;
use super::super::country::{Agency, SectorKind, StreamKind};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Exploitation, Legal, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::institutions::{Encounter, EncounterKind, Survivor};
use super::super::state::persons::BATCH;
use super::super::state::{NONE, SectorFlow, State};
use super::{Exit, leave_work, record_exit, return_home, sigmoid};
use crate::draws::{Luck, Purpose};

/// Keys of the streams: port, inspection, venue, border.
const KEYS: [u16; 4] = [0, 1, 2, 3];
const HOTLINE: u16 = 10;
const NGO: u16 = 11;
const REFERRED: u16 = 12;
const TIP: u16 = 20;
const TEAM: u16 = 40;
const BLOCKS: u16 = 60;

/// Lets officials meet people.
pub fn contact(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut encounters = Vec::new();
    visit(state, setting, luck, &mut encounters);
    take_reports(state, setting, luck, &mut encounters);
    follow_intelligence(state, setting, luck, &mut encounters);
    gate(state, setting, luck, &mut encounters);
    meet(state, encounters);
    arrest(state);
}

/// The streams' visits, by the K smallest keys.
fn visit(state: &mut State, setting: &Setting, luck: &Luck, encounters: &mut Vec<Encounter>) {
    let capacity = state.institutions.capacity;
    let streams = [
        (EncounterKind::Stream(StreamKind::Port), capacity.port),
        (EncounterKind::Stream(StreamKind::Inspection), capacity.inspections),
        (EncounterKind::Stream(StreamKind::Venue), capacity.raids),
        (EncounterKind::Border, capacity.border),
    ];
    for (stream, (kind, planned)) in streams.into_iter().enumerate() {
        let sectors: Vec<usize> = (0..setting.country.sectors.len())
            .filter(|sector| match kind {
                EncounterKind::Stream(stream) => setting.country.sectors[*sector].stream == stream,
                EncounterKind::Border | EncounterKind::Operation => true,
            })
            .collect();
        let anywhere = kind != EncounterKind::Border;
        let chosen = choose(state, luck, &sectors, |zone| anywhere || setting.country.at_border[usize::from(zone)], planned, KEYS[stream]);
        state.count(Indicator::Inspections, chosen.len() as f64);
        if kind == EncounterKind::Stream(StreamKind::Venue) {
            state.count(Indicator::Raids, chosen.len() as f64);
        }
        for employer in chosen {
            state.employers.inspected[employer as usize] = state.month;
            encounters.push(Encounter { employer, lead: NONE, kind, blocked: false });
        }
    }
}

/// The `planned` employers of `sectors` in zones that are `near` with the smallest keys -ln(u)/weight (exponential order
/// sampling).
fn choose(state: &State, luck: &Luck, sectors: &[usize], near: impl Fn(u8) -> bool, planned: usize, decision: u16) -> Vec<u32> {
    if planned == 0 {
        return Vec::new();
    }
    let open: Vec<u32> = sectors
        .iter()
        .flat_map(|sector| state.employers.of_sector(*sector))
        .map(|employer| employer as u32)
        .filter(|employer| state.employers.weight[*employer as usize] > 0.0 && near(state.employers.zone[*employer as usize]))
        .filter(|employer| state.employers.open(*employer, state.month))
        .collect();
    let total: f64 = open.iter().map(|employer| f64::from(state.employers.weight[*employer as usize])).sum();
    // The K-th key lies near K / total weight; four times that holds enough of them unless K nears N, in
    // which case all are taken. The choice is the same either way.
    let far = 4.0 * planned as f64 / total;
    let mut keys = keys_up_to(state, luck, &open, far, decision);
    if keys.len() < planned {
        keys = keys_up_to(state, luck, &open, f64::INFINITY, decision);
    }
    let planned = planned.min(keys.len());
    if planned > 0 && planned < keys.len() {
        keys.select_nth_unstable_by(planned - 1, |a, b| a.0.total_cmp(&b.0));
        keys.truncate(planned);
    }
    let mut chosen: Vec<u32> = keys.into_iter().map(|(_, employer)| employer).collect();
    chosen.sort_unstable();
    chosen
}

/// The keys of `employers` up to `far`. Since -ln(u) >= 1 - u, most need no logarithm to be told too far.
fn keys_up_to(state: &State, luck: &Luck, employers: &[u32], far: f64, decision: u16) -> Vec<(f64, u32)> {
    let mut keys = Vec::new();
    luck.uniforms(Purpose::Contact, state.month, employers.iter().copied(), decision, |employer, u| {
        let weight = f64::from(state.employers.weight[employer as usize]);
        if 1.0 - u <= far * weight {
            let key = -libm::log(u) / weight;
            if key <= far {
                keys.push((key, employer));
            }
        }
    });
    keys
}

/// Rule 12: reports become calls, referrals, unofficial exits and operations.
fn take_reports(state: &mut State, setting: &Setting, luck: &Luck, encounters: &mut Vec<Encounter>) {
    let terms = &setting.parameters.contact;
    let policy = state.institutions.policy;
    state.institutions.desk.reporters.clear();
    for person in std::mem::take(&mut state.institutions.desk.reports) {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        let draw = |decision| luck.uniform(Purpose::Contact, state.month, person, decision);
        let employer = state.persons.employer[person as usize];
        let operation = Encounter { employer, lead: NONE, kind: EncounterKind::Operation, blocked: false };
        if draw(HOTLINE) < terms.hotline {
            state.count_one(Indicator::HotlineCalls);
            state.institutions.desk.reporters.push(person);
            encounters.push(operation);
        } else if draw(NGO) < policy.partnership.ngo_coverage {
            state.count_one(Indicator::NgoReports);
            if luck.happens(referral(state, setting, person), Purpose::Contact, state.month, person, REFERRED) {
                state.count_one(Indicator::NgoReferrals);
                state.institutions.desk.reporters.push(person);
                encounters.push(operation);
            } else {
                leave_unofficially(state, person);
            }
        }
    }
    state.institutions.desk.reporters.sort_unstable();
}

/// P(an NGO refers `person` to the state): trust, and what the official path offers.
fn referral(state: &State, setting: &Setting, person: u32) -> f64 {
    let terms = &setting.parameters.contact;
    let policy = &state.institutions.policy;
    let community = state.persons.layout.community(person);
    let offered = policy.protection.work_permit
        + super::care::expected_compensation(state, setting)
        + policy.partnership.ngo_formal_role
        + super::care::openness(state)
        + policy.protection.non_punishment;
    sigmoid(terms.referral + f64::from(state.communities.trust[community]) + terms.referral_value * (offered - 1.0))
}

/// An NGO or peers get `person` out: gone from the stock, in no official count.
fn leave_unofficially(state: &mut State, person: u32) {
    let cell = state.persons.at(person);
    record_exit(state, person, cell, Exit::Ngo);
    if cell.exploitation == Exploitation::Forced {
        state.institutions.desk.survivors.push(Survivor::alone(person, state.month, cell.sector));
    }
    leave_work(state, person, cell);
    super::go_home(state, person);
}

/// Operations that no report began: intelligence points at workplaces in proportion to size and abuse. Each
/// tip considers random employers until one fits, at most a hundred.
fn follow_intelligence(state: &State, setting: &Setting, luck: &Luck, encounters: &mut Vec<Encounter>) {
    let employers = state.employers.len();
    let likely = setting.country.sectors.iter().zip(0..).map(|(sector, i)| (state.employers.of_sector(i), sector));
    let mean: Vec<f64> = likely.map(|(range, sector)| (sector.migrants + sector.citizens) / state.scale / range.len().max(1) as f64).collect();
    for tip in 0..state.institutions.capacity.intelligence as u32 {
        for attempt in 0..100u16 {
            let at = |decision| luck.uniform(Purpose::Contact, state.month, tip * 100 + u32::from(attempt), decision);
            let employer = ((at(TIP) * employers as f64) as usize).min(employers - 1);
            let busy = f64::from(state.employers.workers[employer]) / (4.0 * mean[usize::from(state.employers.sector[employer])].max(1.0));
            if at(TIP + 1) < f64::from(state.employers.propensity[employer]) * busy.min(1.0) {
                encounters.push(Encounter { employer: employer as u32, lead: NONE, kind: EncounterKind::Operation, blocked: false });
                break;
            }
        }
    }
}

/// Which agency leads a visit.
fn agency(kind: EncounterKind, sector: SectorKind) -> Agency {
    match kind {
        EncounterKind::Stream(StreamKind::Venue) => Agency::Police,
        EncounterKind::Stream(StreamKind::Port | StreamKind::Inspection) => Agency::Inspection,
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
fn gate(state: &mut State, setting: &Setting, luck: &Luck, encounters: &mut Vec<Encounter>) {
    // One visit a workplace a month: an operation goes before a routine visit.
    encounters.sort_by_key(|encounter| (encounter.employer, encounter.kind != EncounterKind::Operation));
    encounters.dedup_by_key(|encounter| encounter.employer);
    for encounter in encounters {
        let employer = encounter.employer;
        let i = employer as usize;
        let sector = setting.country.sectors[usize::from(state.employers.sector[i])].kind;
        let terms = &setting.parameters.contact;
        let team = if sector == SectorKind::Sex { terms.team_sex } else { terms.team_labour }.round() as u16;
        let lead_unit = state.officials.unit(agency(encounter.kind, sector), state.employers.zone[i]);
        let police = state.officials.unit(Agency::Police, state.employers.zone[i]);
        let mut complicit = state.employers.protector[i] != NONE;
        for member in 0..team {
            let unit = if member == 0 { lead_unit } else { police };
            let u = luck.uniform(Purpose::Contact, state.month, employer, TEAM + member);
            if let Some(official) = state.officials.one_of(unit, u) {
                if member == 0 {
                    encounter.lead = official;
                }
                complicit |= state.officials.complicit[official as usize];
            }
        }
        encounter.blocked = complicit && luck.happens(setting.parameters.complicity.blocks, Purpose::Contact, state.month, employer, BLOCKS);
        if encounter.kind == EncounterKind::Operation {
            state.count_one(Indicator::Operations);
        }
        if encounter.blocked {
            state.count_one(Indicator::Blocked);
            // Warned in time, the employer has reason to feel safe.
            let calm = 1.0 - setting.parameters.adaptation.lo;
            state.employers.risk[i] *= calm as f32;
        }
    }
}

/// All workers of the workplaces visited and not blocked are met.
fn meet(state: &mut State, encounters: Vec<Encounter>) {
    let mut visits: Vec<(u32, u32)> = encounters.iter().zip(0u32..).filter(|(e, _)| !e.blocked).map(|(e, i)| (e.employer, i)).collect();
    visits.sort_unstable();
    let employers: Vec<u32> = visits.iter().map(|(employer, _)| *employer).collect();
    let mut met: Vec<(u32, u32)> = Vec::new();
    let workers = state.persons.workers_of(&employers, state.employers.len());
    for batch in workers.chunks(BATCH) {
        state.persons.fetch(batch.iter().copied());
        for person in batch.iter().copied() {
            let employer = state.persons.employer[person as usize];
            let place = visits.partition_point(|(visited, _)| *visited < employer);
            met.push((visits[place].1, person));
            let sector = state.employers.sector[employer as usize];
            state.count_sector(sector, SectorFlow::Met, 1.0);
        }
    }
    met.sort_unstable();
    state.count(Indicator::PeopleMet, met.len() as f64);
    state.institutions.desk.encounters = encounters;
    state.institutions.desk.met = met;
}

/// Routine arrest: the arrested are detained, exploited or not. Whether they are recognised first is decided
/// in identification, which reads who was arrested.
fn arrest(state: &mut State) {
    let mut arrested = std::mem::take(&mut state.institutions.desk.arrested);
    // Who was met at work this month is dealt with by that visit.
    let mut met: Vec<u32> = state.institutions.desk.met.iter().map(|(_, person)| *person).collect();
    met.sort_unstable();
    arrested.retain(|person| {
        let cell = state.persons.at(*person);
        cell.whereabouts == Whereabouts::Working && cell.legal == Legal::Irregular && met.binary_search(person).is_err()
    });
    state.count(Indicator::ArrestsRoutine, arrested.len() as f64);
    state.count(Indicator::PeopleMet, arrested.len() as f64);
    state.institutions.desk.arrested = arrested;
}

/// Detains `person`, who is at work: as an offender, whatever was done to the person.
pub fn detain(state: &mut State, person: u32) {
    let cell = state.persons.at(person);
    record_exit(state, person, cell, Exit::Deported);
    if cell.exploitation == Exploitation::Forced {
        state.count_one(Indicator::VictimsDetained);
        state.count_one(Indicator::ResponseHarm);
        state.persons.mark_detained_victim(person, true);
    }
    leave_work(state, person, cell);
    let detained = super::super::state::cells::Cell { whereabouts: Whereabouts::Detained, exploitation: Exploitation::None, tercile: 0, ..cell };
    state.persons.change(person, detained, state.month);
    let community = state.persons.layout.community(person);
    state.communities.hear(community, Outcome::Deported);
}

/// Sends home whoever flees in a panic.
pub fn flee(state: &mut State, person: u32) {
    return_home(state, person, Exit::Other);
    state.count_one(Indicator::PanicReturns);
}
