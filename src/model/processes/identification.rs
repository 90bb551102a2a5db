//! Identification: recognition, disclosure, formal interview; false positives and false negatives.
//!
//! Rule 10: somebody met who is exploited by force is flagged with 1 - (1 - sens)(1 - disclosure * asked),
//! anybody else with 1 - spec of the screened, and whoever's report began the visit is flagged in any case. Recognition is sens times the skill of the unit, half of it
//! where the lead is not trained, and less where no interpreter is at hand. A labour inspector who is not
//! trained inspects perfunctorily; in port, where a vessel's turn leaves no time, so does a trained one who
//! has no manual made with civil society to follow. Rule 11: disclosure. Rule 13: the flagged are
//! interviewed after reflection: identified, rejected or misprocessed; in a surge smuggled people may be
//! counted as victims. The victims of a dated mega-case are found by its investigation. Rule 35: each count is made by an official of a unit: the unit's
//! skill, training, complicity and workload shape it, in the visit and in the interview.

use super::super::Setting;
use super::super::country::{Agency, SectorKind, ShockKind, StreamKind};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::institutions::{EncounterKind, Found, FoundBy};
use super::super::state::persons::BATCH;
use super::super::state::{NONE, OriginFlow, SectorFlow, State};
use super::{budget, by_draw, care, contact, logit, sigmoid};
use crate::draws::{Luck, Purpose};

const FLAG: u16 = 0;
const MANUAL: u16 = 1;
const WILLING: u16 = 2;
const PASS: u16 = 3;
const MISPROCESSED: u16 = 4;
const ARRESTED: u16 = 5;
const SCREENED: u16 = 6;
const SURGE: u16 = 7;
const CONFLATED: u16 = 8;
const RESCUED: u16 = 9;
const INTERVIEWER: u16 = 10;
const STOPPED: u16 = 11;

/// Fear of arrest of somebody in `cell` (rule 28): nothing for those with a status.
#[must_use]
pub fn fear(state: &State, setting: &Setting, community: usize, cell: Cell) -> f64 {
    if cell.legal != Legal::Irregular {
        return 0.0;
    }
    let believed = f64::from(state.communities.risk[community]) + state.institutions.pressure.crackdown;
    believed * (1.0 - setting.parameters.beliefs.firewall * state.institutions.policy.protection.non_punishment)
}

/// Rule 11: the logit of disclosure without reflection.
fn disclosure_logit(state: &State, setting: &Setting, person: u32, cell: Cell) -> f64 {
    let terms = &setting.parameters.identification;
    let policy = &state.institutions.policy;
    let community = state.persons.layout.community(person);
    let services = if state.persons.woman(person) || state.persons.minor(person) {
        setting.parameters.care.services * policy.protection.child_and_women_services
    } else {
        0.0
    };
    logit(terms.d0) + terms.k_shelter * care::openness(state) - terms.k_fear * fear(state, setting, community, cell)
        + terms.k_trust * f64::from(state.communities.trust[community])
        - terms.k_debt * state.persons.debt(person, state.month)
        + terms.k_ngo * policy.partnership.ngo_coverage
        + terms.k_interpreter * state.institutions.capacity.interpreters
        + services
}

/// Rule 11: the chance that `person`, in `cell`, would disclose.
#[must_use]
pub fn disclosure(state: &State, setting: &Setting, person: u32, cell: Cell) -> f64 {
    sigmoid(disclosure_logit(state, setting, person, cell))
}

/// How one visit screens those whom it meets.
#[derive(Clone, Copy, Debug)]
struct Screening {
    /// Recognition of the exploited.
    sensitivity: f64,
    /// Share of the screened who are asked in private.
    asked: f64,
    /// Wrong flags among everybody else.
    false_flags: f64,
    /// Takes an interpreter's time.
    thorough: bool,
}

/// Screens, flags and interviews those met and those arrested.
pub fn identification(state: &mut State, setting: &Setting, luck: &Luck) {
    state.institutions.desk.attention = attention(state, setting);
    let mut flagged = screen(state, setting, luck);
    flagged.extend(screen_arrested(state, setting, luck));
    state.count(Indicator::Flagged, flagged.len() as f64);
    state.institutions.desk.found.clear();
    interview(state, setting, luck, &flagged);
    detain_the_met(state, setting, luck, &flagged);
    surge(state, setting, luck);
    rescue(state, setting, luck);
}

fn perfunctory(setting: &Setting) -> Screening {
    let terms = &setting.parameters.identification;
    Screening { sensitivity: terms.sens_perfunctory, asked: 0.0, false_flags: terms.false_perfunctory, thorough: false }
}

/// How well `unit` recognises, manuals made with NGOs included, 0 to 1.
fn skill(state: &State, unit: usize) -> f64 {
    let own = state.officials.unit_skill[unit];
    own + (1.0 - own) * state.institutions.policy.protection.manuals_with_ngos
}

/// How the visit numbered `visit` screens.
fn screening(state: &State, setting: &Setting, luck: &Luck, visit: usize) -> Screening {
    let terms = &setting.parameters.identification;
    let manuals = state.institutions.policy.protection.manuals_with_ngos;
    let encounter = state.institutions.desk.encounters[visit];
    let trained = encounter.lead != NONE && state.officials.trained_until[encounter.lead as usize] > state.month;
    let sector = &setting.country.sectors[usize::from(state.employers.sector[encounter.employer as usize])];
    let skill = if encounter.lead == NONE {
        1.0
    } else {
        let unit = state.officials.unit_of(encounter.lead);
        skill(state, unit) * state.institutions.desk.attention[unit]
    };
    let understood = 1.0 - terms.interpreter_gain * (1.0 - state.institutions.capacity.interpreters);
    let trained_by = if trained { 1.0 } else { terms.untrained };
    let thorough = |sensitivity: f64, specificity: f64| Screening {
        sensitivity: sensitivity * skill * understood * trained_by,
        asked: terms.asked * trained_by,
        false_flags: 1.0 - specificity,
        thorough: true,
    };
    match encounter.kind {
        EncounterKind::Stream(StreamKind::Venue) => thorough(terms.sens_sex, terms.spec_sex),
        EncounterKind::Stream(StreamKind::Inspection) if trained => thorough(terms.sens_labour, terms.spec_labour),
        EncounterKind::Stream(StreamKind::Port)
            if trained && luck.happens(manuals, Purpose::Identification, state.month, encounter.employer, MANUAL) =>
        {
            thorough(terms.sens_labour, terms.spec_labour)
        }
        EncounterKind::Stream(_) => perfunctory(setting),
        EncounterKind::Border => Screening { asked: 0.0, thorough: false, ..thorough(terms.sens_border, 1.0) },
        EncounterKind::Operation => {
            let specificity = if sector.kind == SectorKind::Sex { terms.spec_sex } else { terms.spec_labour };
            thorough(terms.sens_operation, specificity)
        }
    }
}

/// Rule 35: how far each unit's officials can attend to those whom it meets this month, 0 to 1.
fn attention(state: &State, setting: &Setting) -> Vec<f64> {
    let mut met = vec![0.0; state.officials.unit_skill.len()];
    for (visit, _) in &state.institutions.desk.met {
        let lead = state.institutions.desk.encounters[*visit as usize].lead;
        if lead != NONE {
            met[state.officials.unit_of(lead)] += 1.0;
        }
    }
    let enough = |unit: usize| state.officials.members(unit).len() as f64 * setting.parameters.identification.workload;
    met.into_iter().enumerate().map(|(unit, met)| if met > enough(unit) { enough(unit) / met } else { 1.0 }).collect()
}

/// Whether a report on behalf of `person` began one of this month's operations: what it says need not be recognised again.
fn reported(state: &State, person: u32) -> bool {
    state.institutions.desk.reporters.binary_search(&person).is_ok()
}

/// Rule 10 for everybody met: (person, visit) of the flagged.
fn screen(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<(u32, u32)> {
    let mut flagged = Vec::new();
    let mut screened = 0.0;
    let mut current: Option<(u32, Screening)> = None;
    for batch in state.institutions.desk.met.chunks(BATCH) {
        state.persons.fetch(batch.iter().map(|(_, person)| *person));
        for (visit, person) in batch {
            let (visit, person) = (*visit, *person);
            let by = match current {
                Some((known, screening)) if known == visit => screening,
                _ => screening(state, setting, luck, visit as usize),
            };
            current = Some((visit, by));
            screened += f64::from(u8::from(by.thorough));
            let cell = state.persons.at(person);
            let chance = if reported(state, person) {
                1.0
            } else if cell.exploitation == Exploitation::Forced {
                let disclosed = if by.asked > 0.0 { disclosure(state, setting, person, cell) * by.asked } else { 0.0 };
                1.0 - (1.0 - by.sensitivity) * (1.0 - disclosed)
            } else {
                by.false_flags
            };
            if chance > 0.0 && luck.happens(chance, Purpose::Identification, state.month, person, FLAG) {
                flagged.push((person, visit));
            }
        }
    }
    state.institutions.screened = screened;
    flagged
}

/// Of those arrested by routine some are screened; the others are detained.
fn screen_arrested(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<(u32, u32)> {
    let terms = &setting.parameters.identification;
    let mut flagged = Vec::new();
    for person in std::mem::take(&mut state.institutions.desk.arrested) {
        let cell = state.persons.at(person);
        let draw = |decision| luck.uniform(Purpose::Identification, state.month, person, decision);
        let exploited = cell.exploitation == Exploitation::Forced;
        let recognised = exploited && draw(SCREENED) < terms.screened_arrest && {
            let disclosed = disclosure(state, setting, person, cell) * terms.asked;
            draw(FLAG) < 1.0 - (1.0 - terms.sens_border) * (1.0 - disclosed)
        };
        if recognised {
            flagged.push((person, NONE));
        } else {
            contact::detain(state, person);
        }
    }
    flagged
}

/// Rule 35: the social worker who interviews `person`: how well the unit recognises, and whether
/// this one is complicit and stops the case.
fn interviewer(state: &State, setting: &Setting, luck: &Luck, person: u32, cell: Cell) -> (f64, bool) {
    let unit = state.officials.unit(Agency::Social, cell.zone);
    let draw = |decision| luck.uniform(Purpose::Identification, state.month, person, decision);
    let complicit = state.officials.one_of(unit, draw(INTERVIEWER)).is_some_and(|one| state.officials.complicit[one as usize]);
    (skill(state, unit), complicit && draw(STOPPED) < setting.parameters.complicity.blocks)
}

/// Rule 13: the formal interview, by a social worker of the zone.
fn interview(state: &mut State, setting: &Setting, luck: &Luck, flagged: &[(u32, u32)]) {
    let terms = &setting.parameters.identification;
    let policy = state.institutions.policy.protection;
    for (person, _) in flagged {
        let person = *person;
        let cell = state.persons.at(person);
        let month = state.month;
        let draw = |decision| luck.uniform(Purpose::Identification, month, person, decision);
        let exploited = cell.exploitation == Exploitation::Forced;
        let reflection = terms.k_reflection * policy.reflection_days.min(30.0);
        let willing = reported(state, person) || draw(WILLING) < sigmoid(disclosure_logit(state, setting, person, cell) + reflection);
        let (skill, blocked) = interviewer(state, setting, luck, person, cell);
        let passes = match (exploited, willing) {
            (true, true) => terms.pass_true * skill,
            (true, false) => terms.pass_true * terms.pass_unwilling * skill,
            (false, _) => terms.pass_false,
        };
        if draw(PASS) < passes && !blocked {
            identify(state, setting, person, cell, FoundBy::Contact);
            continue;
        }
        state.count_one(Indicator::Rejected);
        let community = state.persons.layout.community(person);
        state.communities.hear(community, Outcome::Rejected);
        let misprocessed = terms.misprocess * (1.0 - policy.non_punishment);
        if cell.legal == Legal::Irregular && draw(MISPROCESSED) < misprocessed {
            contact::detain(state, person);
        }
    }
}

/// Counts `person` as a victim and lays the file on the desk.
fn identify(state: &mut State, setting: &Setting, person: u32, cell: Cell, by: FoundBy) {
    let exploited = cell.exploitation == Exploitation::Forced;
    let kind = setting.country.sectors[usize::from(cell.sector)].kind;
    state.count_one(Indicator::Identified);
    state.count_one(match kind {
        _ if by == FoundBy::Surge => Indicator::IdentifiedSmuggled,
        SectorKind::Labour => Indicator::IdentifiedLabour,
        SectorKind::Sex => Indicator::IdentifiedSex,
        SectorKind::Begging => Indicator::IdentifiedBegging,
    });
    if state.persons.woman(person) {
        state.count_one(Indicator::IdentifiedWomen);
    }
    if state.persons.minor(person) {
        state.count_one(Indicator::IdentifiedMinors);
    }
    if cell.legal == Legal::Citizen {
        state.count_one(Indicator::IdentifiedCitizens);
    }
    if !exploited {
        state.count_one(Indicator::WronglyHeld);
        state.count_one(Indicator::ResponseHarm);
    }
    state.count_sector(cell.sector, SectorFlow::Identified, 1.0);
    state.count_origin(person, OriginFlow::Identified);
    let employer = state.persons.employer[person as usize];
    state.institutions.desk.found.push(Found { person, employer, exploited, by, sector: cell.sector, zone: cell.zone });
}

/// Irregular workers met and not flagged may be detained; a border check detains them all.
fn detain_the_met(state: &mut State, setting: &Setting, luck: &Luck, flagged: &[(u32, u32)]) {
    let policy = &state.institutions.policy;
    let crackdown = 1.0 + state.institutions.pressure.crackdown;
    let arrested = (setting.parameters.contact.arrest_when_met * crackdown * (1.0 - policy.protection.non_punishment)).min(1.0);
    let mut spared: Vec<u32> = flagged.iter().map(|(person, _)| *person).collect();
    spared.sort_unstable();
    for batch in std::mem::take(&mut state.institutions.desk.met).chunks(BATCH) {
        state.persons.fetch(batch.iter().map(|(_, person)| *person));
        for (visit, person) in batch {
            let (visit, person) = (*visit, *person);
            let cell = state.persons.at(person);
            if cell.legal != Legal::Irregular || cell.whereabouts != Whereabouts::Working || spared.binary_search(&person).is_ok() {
                continue;
            }
            let share = match state.institutions.desk.encounters[visit as usize].kind {
                EncounterKind::Border => 1.0,
                // An operation looks for victims: who is found there is not arrested for status.
                EncounterKind::Operation => 0.0,
                EncounterKind::Stream(_) => arrested,
            };
            if share > 0.0 && luck.happens(share, Purpose::Identification, state.month, person, ARRESTED) {
                state.count_one(Indicator::ArrestsRoutine);
                contact::detain(state, person);
            }
        }
    }
}

/// A surge: smuggled people among this month's irregular arrivals are met in numbers. Under conflation some
/// are counted as victims, the others are detained.
fn surge(state: &mut State, setting: &Setting, luck: &Luck) {
    let people: f64 = budget::shocks(state, setting).map(|shock| if let ShockKind::Surge { people } = shock { people } else { 0.0 }).sum();
    if people <= 0.0 {
        return;
    }
    let exact = people / state.scale + state.institutions.carried.surge;
    let met = exact.floor() as usize;
    state.institutions.carried.surge = exact - exact.floor();
    let arrived = state.persons.select(|cell| cell.whereabouts == Whereabouts::Working && cell.legal == Legal::Irregular);
    let found: Vec<u32> = state.institutions.desk.found.iter().map(|found| found.person).collect();
    let month = state.month;
    let arrived = arrived.into_iter().filter(|person| state.persons.records[*person as usize].since == month && !found.contains(person));
    let queue = by_draw(arrived, |person| luck.uniform(Purpose::Identification, month, *person, SURGE));
    for person in queue.into_iter().take(met) {
        state.count_one(Indicator::PeopleMet);
        let counted = setting.switches.conflation
            && luck.happens(setting.parameters.identification.conflation, Purpose::Identification, state.month, person, CONFLATED);
        if counted {
            let cell = state.persons.at(person);
            identify(state, setting, person, cell, FoundBy::Surge);
        } else {
            contact::detain(state, person);
        }
    }
}

/// The victims of a dated mega-case: irregular migrants held by force, found by the investigation that opens it.
fn rescue(state: &mut State, setting: &Setting, luck: &Luck) {
    let victims: f64 =
        budget::beginning(state.now, setting).map(|shock| if let ShockKind::MegaCase { victims, .. } = shock.kind { victims } else { 0.0 }).sum();
    let wanted = (victims / state.scale).round() as usize;
    if wanted == 0 {
        return;
    }
    let found: Vec<u32> = state.institutions.desk.found.iter().map(|found| found.person).collect();
    let held = |cell: Cell| cell.whereabouts == Whereabouts::Working && cell.exploitation == Exploitation::Forced && cell.legal == Legal::Irregular;
    let held = state.persons.select(held).into_iter().filter(|person| !found.contains(person));
    let month = state.month;
    for person in by_draw(held, |person| luck.uniform(Purpose::Identification, month, *person, RESCUED)).into_iter().take(wanted) {
        let cell = state.persons.at(person);
        identify(state, setting, person, cell, FoundBy::MegaCase);
    }
}
