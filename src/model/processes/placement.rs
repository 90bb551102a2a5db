//! Placement: the employer, and conditions at arrival.
//!
//! Rule 5: an employer is found with probability in proportion to vacancies times the own community's share
//! there. The share `network` of placements is sought where a fellow villager works, who is picked at random
//! (so that an employer is met in proportion to the villagers there) and succeeds if there is a vacancy; the
//! rest, and those who fail, find an employer in proportion to vacancies. Each is then forced at arrival with
//! P = 1 - exp(-a * (q + e)/2 * `m_legal` * (1 + kappa * max(0, D - 1)) * (1 - omega * know)).

use super::super::Setting;
use super::super::country::SectorKind;
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts, tercile};
use super::super::state::institutions::{Route, Traveller};
use super::super::state::persons::{BATCH, BOND, DOCUMENTS, Holder, LOCKED};
use super::super::state::{NONE, State};
use super::{pick, pick_among, record_entry};
use crate::draws::{Luck, Purpose};

const NETWORK: u16 = 0;
const VILLAGER: u16 = 1;
const SUITS: u16 = 2;
const SECTOR: u16 = 3;
const EMPLOYER: u16 = 4;
const FORCED: u16 = 5;
const KNOWS: u16 = 6;
/// Three draws of confinement follow each other.
const CONFINED: u16 = 7;

/// How much vulnerability a legal status carries (rule 5, `m_legal`).
#[must_use]
pub fn vulnerability(setting: &Setting, legal: Legal) -> f64 {
    let terms = &setting.parameters.placement;
    match legal {
        Legal::Mou => terms.m_mou,
        Legal::Regularised => terms.m_regularised,
        Legal::Irregular => terms.m_irregular,
        Legal::Citizen => terms.m_citizen,
    }
}

/// Places everybody who is on the way.
pub fn placement(state: &mut State, setting: &Setting, luck: &Luck) {
    open_vacancies(state, setting);
    let travellers = std::mem::take(&mut state.institutions.desk.travellers);
    let mut recruited = (0.0, 0.0);
    for batch in travellers.chunks(BATCH) {
        state.persons.fetch(batch.iter().map(|traveller| traveller.person));
        let free = batch.iter().filter(|traveller| traveller.sector.is_none());
        fetch_villagers(state, setting, luck, free.map(|traveller| traveller.person));
        for traveller in batch {
            let traveller = *traveller;
            match traveller.route {
                Route::Mou => state.count_one(Indicator::ArrivalsMou),
                Route::Broker => state.count_one(Indicator::ArrivalsBroker),
                Route::Network => state.count_one(Indicator::ArrivalsNetwork),
                Route::Citizen => state.count_one(Indicator::ArrivalsCitizens),
                Route::Again => {}
            }
            recruited.0 += f64::from(u8::from(traveller.route == Route::Broker));
            recruited.1 += f64::from(u8::from(matches!(traveller.route, Route::Broker | Route::Mou)));
            arrive(state, setting, luck, traveller);
        }
    }
    if recruited.1 > 0.0 {
        state.ledger.set(Indicator::InformalShare, recruited.0 / recruited.1);
    }
}

/// Running sums of vacancies, as they stand at the start of the process. An employer that is full still
/// takes the odd worker: a twentieth of its size.
fn open_vacancies(state: &mut State, setting: &Setting) {
    let mut vacancies = std::mem::take(&mut state.employers.vacancies);
    vacancies.fill((0..state.employers.len()).map(|employer| {
        if state.employers.open(employer as u32, state.month) {
            let size = f64::from(state.employers.size[employer]);
            (size - f64::from(state.employers.workers[employer])).max(size / 20.0)
        } else {
            0.0
        }
    }));
    state.employers.vacancies = vacancies;
    for (sector, profile) in setting.country.sectors.iter().enumerate() {
        let all = self::vacancies(state, sector);
        for (suiting, share) in state.employers.suiting.iter_mut().zip([1.0 - profile.women, profile.women]) {
            suiting[sector] = all * share;
        }
    }
}

/// Vacancies of `sector`.
fn vacancies(state: &State, sector: usize) -> f64 {
    let range = state.employers.of_sector(sector);
    state.employers.vacancies.before(range.end) - state.employers.vacancies.before(range.start)
}

/// Vacancies of `sector` in `zone`, whose employers stand side by side.
#[must_use]
pub fn vacancies_in(state: &State, sector: usize, zone: usize) -> f64 {
    let range = state.employers.of_sector(sector);
    let zones = &state.employers.zone[range.clone()];
    let from = |zone: usize| state.employers.vacancies.before(range.start + zones.partition_point(|of| usize::from(*of) < zone));
    from(zone + 1) - from(zone)
}

/// One traveller arrives.
fn arrive(state: &mut State, setting: &Setting, luck: &Luck, traveller: Traveller) {
    let person = traveller.person;
    let Some(employer) = find_employer(state, setting, luck, person, traveller.recruiter, traveller.sector) else {
        // Nobody has work: who came home again is at home.
        return;
    };
    let legal = match traveller.route {
        Route::Mou => Legal::Mou,
        Route::Broker | Route::Network => Legal::Irregular,
        Route::Citizen | Route::Again => state.persons.home_cell(person, Whereabouts::Home).legal,
    };
    let exploited = traveller.route == Route::Again || forced_at_arrival(state, setting, luck, person, traveller.recruiter, employer, legal);
    start_work(state, person, employer, legal, if exploited { Exploitation::Forced } else { Exploitation::None });
    state.persons.records[person as usize].recruiter = traveller.recruiter;
    let community = state.persons.layout.community(person);
    let heard = &mut state.communities.outcomes[community];
    match (traveller.route, exploited) {
        (Route::Mou, true) => heard.legal_bad += 1.0,
        (Route::Mou, false) => heard.legal_good += 1.0,
        (Route::Broker, true) => heard.broker_bad += 1.0,
        (Route::Broker, false) => heard.broker_good += 1.0,
        _ => {}
    }
    if legal == Legal::Mou {
        super::work::grant_permit(state, setting, person);
    }
    if exploited {
        let sector = state.employers.sector[employer as usize];
        confine(state, setting, luck, person, employer, Exploitation::Forced);
        record_entry(state, person, sector);
        if traveller.route == Route::Again {
            state.count_one(Indicator::Retrafficked);
        } else {
            state.count_one(Indicator::ForcedAtArrival);
        }
    }
}

/// Puts `person` to work at `employer`, from home, the queue or another workplace that was left.
pub fn start_work(state: &mut State, person: u32, employer: u32, legal: Legal, exploitation: Exploitation) {
    let i = employer as usize;
    state.employers.workers[i] += 1;
    state.persons.employer[person as usize] = employer;
    let community = state.persons.layout.community(person);
    state.communities.abroad[community] += 1;
    if legal == Legal::Mou {
        state.communities.abroad_mou[community] += 1;
    }
    let cell = Cell {
        whereabouts: Whereabouts::Working,
        exploitation,
        legal,
        band: 0,
        tercile: tercile(f64::from(state.employers.propensity[i])),
        sector: state.employers.sector[i],
        zone: state.employers.zone[i],
    };
    state.persons.change(person, cell, state.month);
}

/// Rule 5: an employer for `person`, in `sector` if given.
pub fn find_employer(state: &State, setting: &Setting, luck: &Luck, person: u32, recruiter: u32, sector: Option<u8>) -> Option<u32> {
    let month = state.month;
    let draw = |decision| luck.uniform(Purpose::Placement, month, person, decision);
    if sector.is_none()
        && let Some(villager) = villager(state, setting, luck, person)
    {
        let employer = state.persons.employer[villager as usize];
        if employer != NONE && has_room(state, employer) && draw(SUITS) < suits(state, setting, person, employer) {
            return Some(employer);
        }
    }
    let sector = sector.map_or_else(|| find_sector(state, person, recruiter, draw(SECTOR)), usize::from);
    let range = state.employers.of_sector(sector);
    let vacancies = &state.employers.vacancies;
    let (low, high) = (vacancies.before(range.start), vacancies.before(range.end));
    if high <= low {
        return None;
    }
    let employer = vacancies.find(range, low + draw(EMPLOYER) * (high - low)) as u32;
    state.employers.open(employer, month).then_some(employer)
}

/// The fellow villager at whose workplace `person` asks first, if the person asks anybody.
fn villager(state: &State, setting: &Setting, luck: &Luck, person: u32) -> Option<u32> {
    let draw = |decision| luck.uniform(Purpose::Placement, state.month, person, decision);
    let asks = draw(NETWORK) < setting.parameters.placement.network;
    asks.then(|| {
        let members = state.persons.layout.members(state.persons.layout.community(person));
        members.start + (draw(VILLAGER) * f64::from(members.end - members.start)) as u32
    })
}

/// Asks memory for the workplaces of those whom `persons` will ask (see [`Persons::fetch`]).
///
/// [`Persons::fetch`]: super::super::state::persons::Persons::fetch
pub fn fetch_villagers(state: &State, setting: &Setting, luck: &Luck, persons: impl Iterator<Item = u32>) {
    let villagers = persons.filter_map(|person| villager(state, setting, luck, person));
    std::hint::black_box(villagers.fold(0, |all, villager| all ^ state.persons.employer[villager as usize]));
}

fn has_room(state: &State, employer: u32) -> bool {
    let i = employer as usize;
    state.employers.open(employer, state.month) && f64::from(state.employers.workers[i]) < f64::from(state.employers.size[i])
}

/// How often people of this person's sex work in the employer's sector.
fn suits(state: &State, setting: &Setting, person: u32, employer: u32) -> f64 {
    let women = setting.country.sectors[usize::from(state.employers.sector[employer as usize])].women;
    if state.persons.woman(person) { women } else { 1.0 - women }
}

/// A sector in proportion to its vacancies and to how often people of this sex work there. A recruiter who
/// supplies a sector counts as much again for it as all others together.
fn find_sector(state: &State, person: u32, recruiter: u32, u: f64) -> usize {
    let weights = &state.employers.suiting[usize::from(state.persons.woman(person))];
    let supplied = state.recruiters.sector.get(recruiter as usize).map(|sector| usize::from(*sector));
    match supplied.filter(|sector| weights[*sector] > 0.0) {
        None => pick(weights, u),
        Some(supplied) => {
            let others: f64 = weights.iter().sum();
            pick_among(weights.iter().enumerate().map(|(sector, weight)| if sector == supplied { weight + others } else { *weight }), u)
        }
    }
}

/// Rule 5: forced at arrival.
fn forced_at_arrival(state: &State, setting: &Setting, luck: &Luck, person: u32, recruiter: u32, employer: u32, legal: Legal) -> bool {
    let terms = &setting.parameters.placement;
    let sector = &setting.country.sectors[usize::from(state.employers.sector[employer as usize])];
    let level = if sector.kind == SectorKind::Sex { terms.a_sex } else { terms.a_labour };
    let tactic = if recruiter == NONE { 0.0 } else { state.recruiters.share(recruiter) };
    let propensity = f64::midpoint(tactic, f64::from(state.employers.propensity[employer as usize]));
    let debt = state.persons.debt(person, state.month);
    let bonded = 1.0 + setting.parameters.recruitment.kappa * (debt - 1.0).max(0.0);
    let draw = |decision| luck.uniform(Purpose::Placement, state.month, person, decision);
    let knows = draw(KNOWS) < state.institutions.policy.prevention.information;
    let known = if knows { 1.0 - terms.omega } else { 1.0 };
    let hazard = level * propensity * vulnerability(setting, legal) * bonded * known;
    draw(FORCED) < -libm::expm1(-hazard)
}

/// Draws how `person`, exploited by `employer` as far as `exploitation`, is confined. Only force locks in.
pub fn confine(state: &mut State, setting: &Setting, luck: &Luck, person: u32, employer: u32, exploitation: Exploitation) {
    let terms = &setting.parameters.placement;
    let law = state.institutions.policy.national.law_document_retention_offence;
    let draw = |decision| luck.uniform(Purpose::Placement, state.month, person, CONFINED + decision);
    let mut confinement = 0;
    if state.employers.keeps_documents[employer as usize] && draw(0) < terms.hold_documents * (1.0 - law) {
        confinement |= DOCUMENTS;
    }
    if state.persons.debt(person, state.month) > 0.0 && draw(1) < terms.hold_bond {
        confinement |= BOND;
        state.persons.set_holder(person, Holder::Employer);
    }
    if exploitation == Exploitation::Forced && draw(2) < terms.hold_locked {
        confinement |= LOCKED;
    }
    state.persons.confine(person, confinement);
}
