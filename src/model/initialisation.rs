//! The first month's population, from the country's profile at the scenario's scale.
//!
//! Stocks are shared out exactly (the largest remainders round up), so that small scales keep their
//! proportions; who is in which stock is drawn. What the profile does not say settles in the spin-up.

use super::Setting;
use super::country::{AGENCIES, Agency, Country};
use super::ledgers::{ORIGIN_COLUMNS, Row, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use super::policy::{LINES, Policy};
use super::processes::{adaptation, complicity, placement, skewed};
use super::state::cases::Cases;
use super::state::cells::{Cells, Exploitation, Legal, Whereabouts};
use super::state::communities::{Communities, Outcomes};
use super::state::debts::Debts;
use super::state::employers::{CLUSTER, Employers};
use super::state::institutions::{Capacities, Carried, Desk, Institutions, Pressure};
use super::state::officials::Officials;
use super::state::persons::{Holder, Layout, Persons};
use super::state::recruiters::Recruiters;
use super::state::sums::RunningSums;
use super::state::{NEVER, NONE, State};
use crate::draws::{Luck, Purpose, normal_quantile};
use rand_distr::{Distribution, weighted::WeightedAliasIndex};
use std::collections::VecDeque;

const TYPE: u16 = 0;
const WORKS: u16 = 2;
const STATUS: u16 = 3;
const SECTOR: u16 = 4;
const EMPLOYER: u16 = 5;
const CONDITION: u16 = 6;
const DEBT: u16 = 7;
const PERMIT: u16 = 8;
const SIZE: u16 = 20;
const MARGIN: u16 = 21;
const PROPENSITY: u16 = 22;
const DOCUMENTS: u16 = 23;
const EXPORTS: u16 = 24;
const ACTIVE: u16 = 30;
const INTENSITY: u16 = 31;
const RECRUITER_SECTOR: u16 = 32;
const RECRUITER_ZONE: u16 = 33;
const FEE: u16 = 34;
const COMPLICIT: u16 = 40;
const INTEGRITY: u16 = 41;
const SKILL: u16 = 43;

/// The state before the first month.
#[must_use]
pub fn initialise(setting: &Setting, luck: &Luck) -> State {
    let country = &setting.country;
    let layout = layout(setting);
    let months = setting.months();
    let cells = Cells { sectors: country.sectors.len().max(2) as u16, zones: (country.zones.len().max(country.origins.len() + 1)) as u16 };
    let persons = Persons::new(cells, layout, Debts::new(&setting.parameters, months), months);
    let employers = employers(setting, luck);
    let policy = Policy::from_row(&setting.plan.rows[0]);
    let mut state = State {
        month: 0,
        now: setting.start(),
        scale: setting.scale,
        communities: communities(setting, &persons),
        persons,
        employers,
        recruiters: recruiters(setting, luck),
        officials: officials(setting, luck),
        cases: Cases::default(),
        institutions: institutions(country, &policy),
        ledger: Row::zero(),
        by_sector: vec![[0.0; SECTOR_COLUMNS.len()]; country.sectors.len()],
        by_origin: vec![[0.0; ORIGIN_COLUMNS.len()]; country.origins.len() + 1],
        by_stage: [[0.0; STAGE_COLUMNS.len()]; STAGES.len()],
    };
    populate(&mut state, setting, luck);
    state
}

/// Agents that stand for `persons` at the scenario's scale.
fn agents(setting: &Setting, persons: f64) -> u32 {
    (persons / setting.scale).round() as u32
}

/// Shares `total` agents out in proportion to `weights`, exactly.
fn share_out(total: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| f64::from(total) * weight / sum).collect();
    let mut shares: Vec<u32> = exact.iter().map(|x| x.floor() as u32).collect();
    let mut by_rest: Vec<usize> = (0..weights.len()).collect();
    by_rest.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    let missing = total - shares.iter().sum::<u32>();
    for place in by_rest.into_iter().take(missing as usize) {
        shares[place] += 1;
    }
    shares
}

fn layout(setting: &Setting) -> Layout {
    let country = &setting.country;
    let mut sizes: Vec<u32> = country.origins.iter().map(|origin| agents(setting, origin.home + origin.abroad.iter().sum::<f64>())).collect();
    sizes.push(agents(setting, country.citizens_at_risk));
    let mut starts = vec![0];
    let mut community_starts = vec![0];
    for size in sizes {
        starts.push(starts.last().expect("it begins with 0") + size);
        community_starts.push(community_starts.last().expect("it begins with 0") + size.div_ceil(country.community_size));
    }
    Layout { starts, community_starts, community_size: country.community_size }
}

fn communities(setting: &Setting, persons: &Persons) -> Communities {
    let n = *persons.layout.community_starts.last().expect("a layout ends with its end") as usize;
    let origin: Vec<u8> =
        (0..n).map(|community| persons.layout.community_starts[1..].iter().take_while(|start| **start as usize <= community).count() as u8).collect();
    let of = |value: fn(&super::country::Origin) -> f64, none: f64| -> Vec<f32> {
        origin.iter().map(|origin| setting.country.origins.get(usize::from(*origin)).map_or(none, value) as f32).collect()
    };
    Communities {
        members: (0..n).map(|community| persons.layout.members(community).len() as u16).collect(),
        abroad: vec![0; n],
        abroad_mou: vec![0; n],
        legal_value: vec![setting.parameters.migration.legal_value as f32; n],
        reputation: vec![0.0; n],
        risk: of(|origin| origin.fear, 0.0),
        trust: of(|origin| origin.trust, 0.0),
        rumour: vec![0.0; n],
        outcomes: vec![Outcomes::default(); n],
        origin,
    }
}

fn employers(setting: &Setting, luck: &Luck) -> Employers {
    let country = &setting.country;
    let mut all = Employers {
        starts: vec![0],
        sector: vec![],
        zone: vec![],
        size: vec![],
        workers: vec![],
        margin: vec![],
        propensity: vec![],
        habit: vec![],
        keeps_documents: vec![],
        exports: vec![],
        cluster: vec![],
        risk: vec![],
        risk_month: vec![],
        inspected: vec![],
        closed_until: vec![],
        protector: vec![],
        generation: vec![],
        weight: vec![],
        vacancies: RunningSums::default(),
        suiting: [0, 1].map(|_| vec![0.0; country.sectors.len()]),
    };
    for (sector, profile) in country.sectors.iter().enumerate() {
        let count = agents(setting, profile.employers).max(1);
        let first = all.sector.len();
        for (zone, in_zone) in share_out(count, &profile.zones).into_iter().enumerate() {
            let start = all.sector.len();
            for place in 0..in_zone as usize {
                all.sector.push(sector as u8);
                all.zone.push(zone as u8);
                all.cluster.push((start + place / CLUSTER * CLUSTER) as u32);
            }
        }
        let draw = |employer: usize, decision| luck.uniform(Purpose::Initialisation, 0, employer as u32, decision);
        // Lognormal sizes with the profile's spread, scaled so that all workers find room, with a twentieth
        // to spare; nobody wants less than one worker.
        let raw: Vec<f64> = (first..all.sector.len()).map(|e| libm::exp(profile.size_spread * normal_quantile(draw(e, SIZE)))).collect();
        let wanted = (profile.migrants + profile.citizens) / setting.scale * 1.05;
        let scale = wanted / raw.iter().sum::<f64>().max(1e-9);
        for (employer, raw) in (first..all.sector.len()).zip(raw) {
            all.size.push((raw * scale).max(1.0) as f32);
            all.margin.push(draw(employer, MARGIN) as f32);
            let mean = profile.propensity.clamp(0.001, 0.999);
            let propensity = skewed(mean, draw(employer, PROPENSITY));
            all.propensity.push(propensity as f32);
            all.habit.push(propensity as f32);
            all.keeps_documents.push(draw(employer, DOCUMENTS) < 0.5 + 0.5 * propensity);
            all.exports.push(draw(employer, EXPORTS) < profile.exporters);
        }
        all.starts.push(all.sector.len() as u32);
    }
    let n = all.sector.len();
    all.workers = vec![0; n];
    all.risk = vec![adaptation::FIRST_RISK as f32; n];
    all.risk_month = vec![0; n];
    all.inspected = vec![NEVER; n];
    all.closed_until = vec![0; n];
    all.protector = vec![NONE; n];
    all.generation = vec![0; n];
    all.weight = (0..n).map(|employer| adaptation::inspection_weight(setting, &all, employer) as f32).collect();
    all.vacancies.fill(std::iter::repeat_n(0.0, n));
    all
}

fn recruiters(setting: &Setting, luck: &Luck) -> Recruiters {
    let country = &setting.country;
    let mut all = Recruiters {
        licensed: vec![],
        licensed_slot: vec![],
        origin: vec![],
        sector: vec![],
        zone: vec![],
        active: vec![],
        intensity: vec![],
        fee: vec![],
        capital: vec![],
        capacity: vec![],
        bitten: vec![],
        risk: vec![],
        protector: vec![],
        held_by: vec![],
        vacant: vec![],
        generation: vec![],
    };
    let flows: Vec<f64> = country.origins.iter().map(|origin| origin.home * origin.departure).collect();
    let sectors: Vec<f64> = country.sectors.iter().map(|sector| sector.migrants).collect();
    for (kind, licensed) in [(country.licensed, true), (country.informal, false)] {
        let count = agents(setting, kind.count).max(country.origins.len() as u32);
        for (origin, in_origin) in share_out(count, &flows).into_iter().enumerate() {
            // Licensed recruiters together can place twice what the state processes at the start, brokers
            // as many as all who leave.
            let places = if licensed { 2.0 * country.origins[origin].throughput } else { 1.5 * flows[origin] } / setting.scale;
            for _ in 0..in_origin {
                let i = all.licensed.len() as u32;
                let draw = |decision| luck.uniform(Purpose::Initialisation, 0, i, decision);
                let sector = super::processes::pick(&sectors, draw(RECRUITER_SECTOR));
                all.licensed.push(licensed);
                all.licensed_slot.push(licensed);
                all.origin.push(origin as u8);
                all.sector.push(sector as u8);
                all.zone.push(super::processes::pick(&country.sectors[sector].zones, draw(RECRUITER_ZONE)) as u8);
                all.active.push(draw(ACTIVE) < kind.active);
                all.intensity.push(adaptation::intensity(kind, draw(INTENSITY)));
                all.fee.push((0.8 + 0.4 * draw(FEE)) as f32);
                all.capacity.push((places / f64::from(in_origin)) as f32);
                all.capital.push(adaptation::working_capital(country, origin, places / f64::from(in_origin)));
            }
        }
    }
    let n = all.licensed.len();
    all.bitten = vec![0.0; n];
    all.risk = vec![adaptation::FIRST_RISK as f32; n];
    all.protector = vec![NONE; n];
    all.held_by = vec![NONE; n];
    all.vacant = vec![false; n];
    all.generation = vec![0; n];
    all
}

fn officials(setting: &Setting, luck: &Luck) -> Officials {
    let country = &setting.country;
    let zones = country.zones.len();
    let mut all = Officials {
        zones,
        agency: vec![],
        zone: vec![],
        complicit: vec![],
        integrity: vec![],
        trained_until: vec![],
        risk: vec![],
        clients: vec![],
        held_by: vec![],
        generation: vec![],
        by_unit: vec![],
        unit_starts: vec![],
        unit_complicit: vec![],
        unit_skill: vec![],
    };
    for agency in Agency::ALL {
        let profile = country.officials[agency as usize];
        let count = agents(setting, profile.count).max(zones as u32);
        for (zone, in_zone) in share_out(count, &vec![1.0; zones]).into_iter().enumerate() {
            for _ in 0..in_zone {
                let official = all.agency.len() as u32;
                let draw = |decision| luck.uniform(Purpose::Initialisation, 0, official, decision);
                all.agency.push(agency as u8);
                all.zone.push(zone as u8);
                all.complicit.push(draw(COMPLICIT) < profile.complicit);
                all.integrity.push(complicity::integrity(draw(INTEGRITY)));
            }
        }
    }
    let n = all.agency.len();
    all.trained_until = vec![0; n];
    all.risk = vec![complicity::FIRST_RISK as f32; n];
    all.clients = vec![0; n];
    all.held_by = vec![NONE; n];
    all.generation = vec![0; n];
    let spread = setting.parameters.identification.unit_spread;
    all.unit_skill = (0..AGENCIES * zones).map(|unit| 1.0 - spread * luck.uniform(Purpose::Initialisation, 0, unit as u32, SKILL)).collect();
    all.muster();
    all
}

fn institutions(country: &Country, policy: &Policy) -> Institutions {
    let origins = country.origins.len();
    Institutions {
        policy: *policy,
        allotted: Vec::new(),
        strength: [1.0; LINES],
        capacity: Capacities::default(),
        carried: Carried { throughput: vec![0.0; origins], ..Carried::default() },
        queue: vec![VecDeque::new(); origins],
        screened: 0.0,
        pressure: Pressure { crackdown: 0.0, buyers: 0.0, departures: 1.0, returns: 1.0, push: [1.0; super::policy::PLACES] },
        fund: 0.0,
        broker_demand: vec![0.0; origins],
        profit: vec![0.0; origins],
        usual_profit: vec![0.0; origins],
        usual_room: vec![0.0; country.sectors.len() * country.zones.len()],
        desk: Desk::default(),
    }
}

/// Gives everybody a place: home, or work with its status, sector, employer, condition and debt.
fn populate(state: &mut State, setting: &Setting, luck: &Luck) {
    let country = &setting.country;
    let rooms = Rooms::new(state, country);
    let citizens = country.origins.len();
    let citizen_stock: Vec<f64> = country.sectors.iter().map(|sector| sector.citizens).collect();
    for person in 0..state.persons.len() {
        let origin = state.persons.layout.origin(person);
        let draw = |decision| luck.uniform(Purpose::Initialisation, 0, person, decision);
        let (women, minors) =
            country.origins.get(origin).map_or((country.citizens_women, country.citizens_minor), |origin| (origin.women, origin.minors));
        state.persons.set_type(person, draw(TYPE) < women, draw(TYPE + 1) < minors);
        let home = state.persons.home_cell(person, Whereabouts::Home);
        state.persons.begin(person, home);
        let (abroad, all) = match country.origins.get(origin) {
            Some(origin) => (origin.abroad.iter().sum::<f64>(), origin.home + origin.abroad.iter().sum::<f64>()),
            None => (citizen_stock.iter().sum(), country.citizens_at_risk),
        };
        if draw(WORKS) >= abroad / all.max(1.0) {
            continue;
        }
        let (legal, sector) = if origin == citizens {
            (Legal::Citizen, super::processes::pick(&citizen_stock, draw(SECTOR)))
        } else {
            let status = super::processes::pick(&country.origins[origin].abroad, draw(STATUS));
            let woman = state.persons.woman(person);
            ([Legal::Mou, Legal::Regularised, Legal::Irregular][status], rooms.sector(luck, person, woman))
        };
        let employer = rooms.employer(luck, person, sector);
        begin_work(state, setting, luck, person, legal, sector, employer);
    }
}

/// Where there is room for workers at the start.
struct Rooms {
    /// Sectors by sex: men, women.
    sectors: [WeightedAliasIndex<f64>; 2],
    /// Employers of each sector by size.
    employers: Vec<WeightedAliasIndex<f64>>,
    starts: Vec<u32>,
}

impl Rooms {
    fn new(state: &State, country: &Country) -> Self {
        let weights = |of_women: bool| -> Vec<f64> {
            let share = |sector: &super::country::Sector| if of_women { sector.women } else { 1.0 - sector.women };
            country.sectors.iter().map(|sector| (sector.migrants * share(sector)).max(1e-9)).collect()
        };
        let table = |weights: Vec<f64>| WeightedAliasIndex::new(weights).expect("weights are positive and finite");
        let by_size = |sector: usize| table(state.employers.size[state.employers.of_sector(sector)].iter().map(|size| f64::from(*size)).collect());
        Self {
            sectors: [table(weights(false)), table(weights(true))],
            employers: (0..country.sectors.len()).map(by_size).collect(),
            starts: state.employers.starts.clone(),
        }
    }

    fn sector(&self, luck: &Luck, person: u32, woman: bool) -> usize {
        self.sectors[usize::from(woman)].sample(&mut luck.stream(Purpose::Initialisation, 0, person, SECTOR))
    }

    fn employer(&self, luck: &Luck, person: u32, sector: usize) -> u32 {
        self.starts[sector] + self.employers[sector].sample(&mut luck.stream(Purpose::Initialisation, 0, person, EMPLOYER)) as u32
    }
}

/// A worker of the first month: the more an employer exploits, the likelier the worker is exploited.
fn begin_work(state: &mut State, setting: &Setting, luck: &Luck, person: u32, legal: Legal, sector: usize, employer: u32) {
    let profile = &setting.country.sectors[sector];
    let draw = |decision| luck.uniform(Purpose::Initialisation, 0, person, decision);
    let forced = if legal == Legal::Citizen { profile.citizens_forced } else { profile.forced };
    let relative = f64::from(state.employers.propensity[employer as usize]) / profile.propensity.max(0.001);
    let u = draw(CONDITION);
    let exploitation = if u < (forced * relative).min(0.9) {
        Exploitation::Forced
    } else if u < ((forced + profile.violation) * relative).min(0.95) {
        Exploitation::Violation
    } else {
        Exploitation::None
    };
    placement::start_work(state, person, employer, legal, exploitation);
    state.persons.records[person as usize].since = 0;
    if legal != Legal::Citizen {
        // Of those who still owe something most owe less than a month's reference wage, nobody more than two.
        let among = draw(DEBT) / profile.indebted;
        if among < 1.0 {
            state.persons.borrow(person, 2.0 * among * among, Holder::Lender, 0);
        }
    }
    if exploitation != Exploitation::None {
        placement::confine(state, setting, luck, person, employer, exploitation);
    }
    if matches!(legal, Legal::Mou | Legal::Regularised) {
        let term = setting.parameters.work.permit_term;
        state.persons.give_permit(person, 1 + (draw(PERMIT) * term) as u16);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_favour_the_largest_remainders() {
        assert_eq!(share_out(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(share_out(7, &[0.5, 0.25, 0.25]), [3, 2, 2]);
        assert_eq!(share_out(3, &[0.0, 0.0]), [0, 0]);
    }
}
