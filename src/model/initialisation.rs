//! The first month's population, from the country's profile at the scenario's scale.
//!
//! Stocks are shared out exactly (the largest remainders round up), so that small scales keep their
//! proportions; who is in which stock is drawn. What the profile does not say settles in the spin-up.

use super::chance::{by_draw, pick, sigmoid, skewed};
use super::country::{AGENCIES, Agency, Country};
use super::ledgers::{OriginMonth, Row, STAGES, SectorMonth, StageMonth};
use super::moves::employment::start_work;
use super::moves::exploitation::{confine, whatever_the_means};
use super::moves::posts;
use super::policy::{LINES, Policy};
use super::processes::recruiters::{intensity, working_capital};
use super::processes::recruitment::Roster;
use super::setting::Setting;
use super::state::cases::Cases;
use super::state::cells::{Cells, Exploitation, Legal, Whereabouts};
use super::state::communities::{Communities, Outcomes};
use super::state::compounds::Compounds;
use super::state::debts::Debts;
use super::state::employers::{CLUSTER, Employers, drawn};
use super::state::ids::{EmployerId, OfficialId, PersonId, RecruiterId};
use super::state::institutions::{Capacities, Carried, Desk, Institutions, Pressure, Rest};
use super::state::lists::Lists;
use super::state::officials::Officials;
use super::state::persons::{Holder, Layout, Persons};
use super::state::proposals::Proposals;
use super::state::recruiters::Recruiters;
use super::state::sums::RunningSums;
use super::state::{Offers, State};
use crate::draws::{Luck, Purpose, decisions, normal_quantile};
use rand_distr::{Distribution, weighted::WeightedAliasIndex};
use std::collections::VecDeque;

decisions! {
    Woman = 0,
    Minor = 1,
    Works = 2,
    Status = 3,
    Sector = 4,
    Employer = 5,
    Condition = 6,
    Debt = 7,
    Permit = 8,
    Broker = 9,
    Tactic = 10,
    Recruiter = 11,
    Spread = 20,
    Documents = 23,
    Exports = 24,
    Part = 25,
    Active = 30,
    Intensity = 31,
    RecruiterSector = 32,
    RecruiterZone = 33,
    Fee = 34,
    Complicit = 40,
    Integrity = 41,
    Skill = 43,
}

/// The state before the first month.
#[must_use]
pub fn initialise(setting: &Setting, luck: &Luck) -> State {
    let country = &setting.country;
    let layout = layout(setting);
    let months = setting.months();
    let cells = Cells { sectors: country.sectors.len().max(2) as u16, zones: (country.zones.len().max(country.origins.len() + 1)) as u16 };
    let persons = Persons::new(cells, layout, Debts::new(&setting.parameters, months), months, setting.scale as u16);
    let employers = employers(setting, luck);
    let policy = Policy::from_row(&setting.plan.rows[0]);
    let mut state = State {
        month: 0,
        now: setting.start(),
        scale: setting.scale,
        communities: communities(setting, &persons, &policy),
        persons,
        visits: visits(setting, &employers),
        offers: offers(setting, &employers),
        employers,
        recruiters: recruiters(setting, luck),
        officials: officials(setting, luck),
        cases: Cases::default(),
        compounds: Compounds::default(),
        institutions: institutions(country, &policy),
        ledger: Row::zero(),
        by_sector: vec![SectorMonth::default(); country.sectors.len()],
        by_origin: vec![OriginMonth::default(); country.origins.len() + 1],
        by_stage: [StageMonth::default(); STAGES.len()],
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

fn communities(setting: &Setting, persons: &Persons, policy: &Policy) -> Communities {
    let n = *persons.layout.community_starts.last().expect("a layout ends with its end") as usize;
    let origin: Vec<u8> =
        (0..n).map(|community| persons.layout.community_starts[1..].iter().take_while(|start| **start as usize <= community).count() as u8).collect();
    let of = |value: fn(&super::country::Origin) -> f64, none: f64| -> Vec<f32> {
        origin.iter().map(|origin| setting.country.origins.get(usize::from(*origin)).map_or(none, value) as f32).collect()
    };
    let scale = setting.scale as u32;
    let open = 0.7 * policy.protection.shelter_freedom + 0.3 * policy.protection.shelter_communication;
    Communities {
        members: (0..n as u32).map(|community| persons.layout.members(super::state::ids::CommunityId(community)).len() as u32 * scale).collect(),
        abroad: vec![0; n],
        abroad_mou: vec![0; n],
        legal_value: vec![setting.parameters.migration.legal_value as f32; n],
        reputation: vec![0.0; n],
        risk: of(|origin| origin.fear, 0.0),
        trust: of(|origin| origin.trust, 0.0),
        rumour: vec![0.0; n],
        shelters: vec![open as f32; n],
        outcomes: vec![Outcomes::default(); n],
        origin,
    }
}

/// The coordinate `dimension` of the point number `k` of an even spread over the unit cube, within (0, 1): a scrambled Sobol sequence, in blocks as long as it is.
fn even(k: u32, dimension: u32, seed: u32) -> f64 {
    let point = sobol_burley::sample(k % POINTS, dimension, seed.wrapping_add(k / POINTS));
    f64::from(point).clamp(1e-7, 1.0 - 1e-7)
}

/// Points of one spread.
const POINTS: u32 = 1 << 16;

fn employers(setting: &Setting, luck: &Luck) -> Employers {
    let country = &setting.country;
    let mut all = Employers {
        scale: setting.scale as u16,
        starts: vec![0],
        sector: vec![],
        zone: vec![],
        size: vec![],
        workers: vec![],
        open: vec![],
        margin: vec![],
        propensity: vec![],
        drawn: vec![],
        draw: [setting.parameters.contact.risk_weight, setting.parameters.contact.raid_weight],
        habit: vec![],
        keeps_documents: vec![],
        exports: vec![],
        cluster: vec![],
        risk: vec![],
        risk_month: vec![],
        protected: vec![],
        links: vec![],
        generation: vec![],
        visited: vec![],
        vacant: vec![],
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
        let draw = |employer: usize, decision: Decision| luck.uniform(Purpose::Initialisation, 0, employer as u32, decision);
        // Propensity, size and margin are spread evenly over what they may be together, and dealt by chance: a coarse sample has the nation's means and
        // tails, and large workplaces exploit no more in one replicate than in another.
        let n = all.sector.len() - first;
        let seed = (luck.uniform(Purpose::Initialisation, 0, sector as u32, Decision::Spread) * f64::from(u32::MAX)) as u32;
        let dealt = by_draw(0..n, |place| draw(first + place, Decision::Part));
        let mut parts = vec![0u32; n];
        for (part, place) in (0u32..).zip(dealt) {
            parts[place] = part;
        }
        let spread = |employer: usize, dimension: u32| even(parts[employer - first], dimension, seed);
        // Lognormal sizes with the profile's spread, scaled so that all workers find room, with a twentieth
        // to spare; nobody wants less than one worker.
        let raw: Vec<f64> = (first..all.sector.len()).map(|e| libm::exp(profile.size_spread * normal_quantile(spread(e, 1)))).collect();
        let wanted = (profile.migrants + profile.citizens) / setting.scale * 1.05;
        let scale = wanted / raw.iter().sum::<f64>().max(1e-9);
        for (employer, raw) in (first..all.sector.len()).zip(raw) {
            all.size.push((raw * scale).max(1.0) as f32);
            all.margin.push(spread(employer, 2) as f32);
            let mean = profile.propensity.clamp(0.001, 0.999);
            let propensity = skewed(mean, spread(employer, 0));
            all.propensity.push(propensity as f32);
            all.drawn.push(drawn(all.draw, propensity as f32));
            all.habit.push(propensity as f32);
            all.keeps_documents.push(draw(employer, Decision::Documents) < 0.5 + 0.5 * propensity);
            all.exports.push(draw(employer, Decision::Exports) < profile.exporters);
        }
        all.starts.push(all.sector.len() as u32);
    }
    let n = all.sector.len();
    all.workers = vec![0; n];
    all.open = vec![all.scale; n];
    all.risk = vec![(2.0 * setting.parameters.adaptation.prior_risk) as f32; n];
    all.risk_month = vec![0; n];
    all.protected = vec![0; n];
    all.generation = vec![0; n];
    all.visited = vec![0; n * usize::from(all.scale)];
    all.vacancies.fill(std::iter::repeat_n(0.0, n));
    all
}

/// Rule 9: how visits of each stream choose among employers, by what does not change: size and how visible the sector's workplaces are.
fn visits(setting: &Setting, employers: &Employers) -> [Proposals; 4] {
    use super::country::StreamKind;
    let country = &setting.country;
    let power = setting.parameters.contact.size_weight;
    let weight = |employer: EmployerId| {
        let formality = country.sectors[usize::from(employers.sector[employer])].formality;
        libm::pow(f64::from(employers.size[employer]), power) * formality
    };
    let of = |stream: StreamKind| {
        let in_stream = |employer: &EmployerId| country.sectors[usize::from(employers.sector[*employer])].stream == stream;
        Proposals::new(employers.all().filter(in_stream).map(|employer| (employer.0, weight(employer))))
    };
    let near = employers.all().filter(|employer| country.at_border[usize::from(employers.zone[*employer])]);
    [of(StreamKind::Port), of(StreamKind::Inspection), of(StreamKind::Venue), Proposals::new(near.map(|employer| (employer.0, weight(employer))))]
}

/// Rule 5: how those who look for work come upon employers.
fn offers(setting: &Setting, employers: &Employers) -> Offers {
    let sectors = &setting.country.sectors;
    let sized = |place: usize| (place as u32, f64::from(employers.size[place]));
    let suits = |women: bool, employer: EmployerId| sectors[usize::from(employers.sector[employer])].share_of(women);
    let anywhere =
        |women: bool| Proposals::new(employers.all().map(|employer| (employer.0, f64::from(employers.size[employer]) * suits(women, employer))));
    Offers {
        sectors: (0..sectors.len()).map(|sector| Proposals::new(employers.of_sector(sector).map(sized))).collect(),
        anywhere: [anywhere(false), anywhere(true)],
    }
}

/// Recruiters, each one of the nation's.
fn recruiters(setting: &Setting, luck: &Luck) -> Recruiters {
    let country = &setting.country;
    let mut all = Recruiters {
        licensed: vec![],
        licensed_place: vec![],
        origin: vec![],
        sector: vec![],
        zone: vec![],
        active: vec![],
        intensity: vec![],
        fee: vec![],
        capital: vec![],
        needed: vec![],
        capacity: vec![],
        risk: vec![],
        risk_month: vec![],
        protector: vec![],
        held_by: vec![],
        left: vec![],
        generation: vec![],
        vacant: vec![],
        met: Proposals::default(),
    };
    let flows: Vec<f64> = country.origins.iter().map(|origin| origin.home * origin.departure).collect();
    let sectors: Vec<f64> = country.sectors.iter().map(|sector| sector.migrants).collect();
    for (kind, licensed) in [(country.licensed, true), (country.informal, false)] {
        let count = (kind.count.round() as u32).max(country.origins.len() as u32);
        for (origin, in_origin) in share_out(count, &flows).into_iter().enumerate() {
            // Licensed recruiters together can place twice what the state processes at the start, brokers
            // as many as all who leave.
            let places = if licensed { 2.0 * country.origins[origin].throughput } else { 1.5 * flows[origin] };
            for _ in 0..in_origin {
                let i = all.licensed.len() as u32;
                let draw = |decision: Decision| luck.uniform(Purpose::Initialisation, 0, i, decision);
                let sector = pick(&sectors, draw(Decision::RecruiterSector));
                let capacity = places / f64::from(in_origin);
                all.licensed.push(licensed);
                all.licensed_place.push(licensed);
                all.origin.push(origin as u8);
                all.sector.push(sector as u8);
                all.zone.push(pick(&country.sectors[sector].zones, draw(Decision::RecruiterZone)) as u8);
                all.active.push(draw(Decision::Active) < kind.active);
                all.intensity.push(intensity(kind, draw(Decision::Intensity)));
                all.fee.push((0.8 + 0.4 * draw(Decision::Fee)) as f32);
                all.capacity.push(capacity as f32);
                all.capital.push(working_capital(country, origin, capacity));
            }
        }
    }
    let n = all.licensed.len();
    all.met = Proposals::new(all.capacity.iter().zip(0..).map(|(capacity, recruiter)| (recruiter, f64::from(*capacity))));
    all.needed.clone_from(&all.capital);
    all.risk = vec![(2.0 * setting.parameters.adaptation.prior_risk) as f32; n];
    all.risk_month = vec![0; n];
    all.protector = vec![OfficialId::NONE; n];
    all.held_by = vec![0; n];
    all.left = vec![false; n];
    all.generation = vec![0; n];
    all
}

/// Officials, each one of the nation's: in the zones in proportion to the people who work there, and one at least.
fn officials(setting: &Setting, luck: &Luck) -> Officials {
    let country = &setting.country;
    let zones = country.zones.len();
    let mut there = vec![0.0; zones];
    for sector in &country.sectors {
        let all: f64 = sector.zones.iter().sum();
        for (zone, share) in sector.zones.iter().enumerate() {
            there[zone] += (sector.migrants + sector.citizens) * share / all.max(1e-9);
        }
    }
    let mut counts = Vec::new();
    for agency in Agency::ALL {
        let count = (country.officials[agency as usize].count.round() as u32).max(zones as u32);
        counts.extend(share_out(count - zones as u32, &there).into_iter().map(|share| share + 1));
    }
    let mut all = Officials::new(zones, &counts, (2.0 * setting.parameters.adaptation.prior_risk) as f32);
    for official in OfficialId::all(all.len()) {
        let draw = |decision: Decision| luck.uniform(Purpose::Initialisation, 0, official.0, decision);
        let share = country.officials[usize::from(all.agency[official])].complicit;
        all.set_complicit(official, draw(Decision::Complicit) < share);
        all.integrity[official] = posts::integrity(draw(Decision::Integrity));
    }
    let spread = setting.parameters.identification.unit_spread;
    all.unit_skill =
        (0..AGENCIES * zones).map(|unit| 1.0 - spread * luck.uniform(Purpose::Initialisation, 0, unit as u32, Decision::Skill)).collect();
    all
}

fn institutions(country: &Country, policy: &Policy) -> Institutions {
    let origins = country.origins.len();
    Institutions {
        policy: *policy,
        staff: [1.0; LINES],
        capacity: Capacities { interpreters: 1.0, attention: [1.0; AGENCIES], ..Capacities::default() },
        carried: Carried { throughput: vec![0.0; origins], ..Carried::default() },
        queue: vec![VecDeque::new(); origins],
        screened: 0.0,
        pressure: Pressure::none(),
        fund: 0.0,
        broker_demand: vec![0.0; origins],
        profit: vec![0.0; origins],
        usual_profit: vec![0.0; origins],
        usual_shortage: vec![0.0; country.sectors.len()],
        usual_room: vec![0.0; country.sectors.len() * country.zones.len()],
        rest: Rest { employers: vec![0.0; country.sectors.len()], ..Rest::default() },
        guests: vec![],
        survivors: vec![],
        again: vec![],
        revisits: vec![],
        lists: Lists::default(),
        referred: vec![],
        desk: Desk::default(),
    }
}

/// Gives everybody a place: home, or work with its status, sector, employer, condition and debt.
fn populate(state: &mut State, setting: &Setting, luck: &Luck) {
    let country = &setting.country;
    let rooms = Rooms::new(state, country);
    let brought: Vec<Brought> = (0..country.origins.len()).map(|origin| Brought::of(state, setting, origin)).collect();
    let citizens = country.origins.len();
    let citizen_stock: Vec<f64> = country.sectors.iter().map(|sector| sector.citizens).collect();
    for person in state.persons.all() {
        let origin = state.persons.origin(person);
        let draw = |decision: Decision| luck.uniform(Purpose::Initialisation, 0, person.0, decision);
        let (women, minors) =
            country.origins.get(origin).map_or((country.citizens_women, country.citizens_minor), |origin| (origin.women, origin.minors));
        state.persons.set_type(person, draw(Decision::Woman) < women, draw(Decision::Minor) < minors);
        let home = state.persons.home_cell(person, Whereabouts::Home);
        state.persons.begin(person, home);
        let (abroad, all) = match country.origins.get(origin) {
            Some(origin) => (origin.abroad.iter().sum::<f64>(), origin.home + origin.abroad.iter().sum::<f64>()),
            None => (citizen_stock.iter().sum(), country.citizens_at_risk),
        };
        if draw(Decision::Works) >= abroad / all.max(1.0) {
            continue;
        }
        let (legal, sector) = if origin == citizens {
            (Legal::Citizen, pick(&citizen_stock, draw(Decision::Sector)))
        } else {
            let status = pick(&country.origins[origin].abroad, draw(Decision::Status));
            let woman = state.persons.woman(person);
            ([Legal::Mou, Legal::Regularised, Legal::Irregular][status], rooms.sector(luck, person, woman))
        };
        let employer = rooms.employer(luck, person, sector);
        begin_work(state, setting, luck, person, legal, sector, employer);
        if let Some(brought) = brought.get(origin) {
            let propensity = f64::from(state.employers.propensity[employer]);
            let forced = state.persons.at(person).exploitation == Exploitation::Forced;
            state.persons.records[person].recruiter = brought.by(legal, forced, propensity, draw);
        }
    }
}

/// Who brought the migrants of the first month from one origin: all of the legal channel came through a licensed recruiter, of the others those who would have
/// preferred a broker to the own network at what both ask (rule 1). Without it nobody's recruiter would be known until the stock has turned over.
struct Brought {
    broker: f64,
    licensed: Roster,
    informal: Roster,
    /// The informal by how many they place exploitatively.
    exploiting: Roster,
}

impl Brought {
    fn of(state: &State, setting: &Setting, origin: usize) -> Self {
        let terms = &setting.parameters.migration;
        let recruiters = &state.recruiters;
        let mut brought = Self {
            broker: sigmoid(-terms.cost_weight * setting.country.origins[origin].broker_fee * (1.0 - terms.network_cost)),
            licensed: Roster::default(),
            informal: Roster::default(),
            exploiting: Roster::default(),
        };
        for recruiter in recruiters.all().filter(|recruiter| usize::from(recruiters.origin[*recruiter]) == origin) {
            let capacity = f64::from(recruiters.capacity[recruiter]);
            if recruiters.licensed[recruiter] {
                brought.licensed.add(recruiter, capacity);
            } else {
                brought.informal.add(recruiter, capacity);
                brought.exploiting.add(recruiter, capacity * recruiters.share(recruiter));
            }
        }
        brought
    }

    /// The recruiter of somebody of this status, or nobody. Of the forced the tactic brought as many as weighs beside the employer's propensity (rule 5).
    fn by(&self, legal: Legal, forced: bool, propensity: f64, draw: impl Fn(Decision) -> f64) -> RecruiterId {
        let tactic = self.exploiting.total() / self.informal.total().max(1e-9);
        let sources = match legal {
            Legal::Mou => &self.licensed,
            Legal::Citizen => return RecruiterId::NONE,
            _ if draw(Decision::Broker) >= self.broker => return RecruiterId::NONE,
            _ if forced && draw(Decision::Tactic) * (tactic + propensity) < tactic => &self.exploiting,
            _ => &self.informal,
        };
        sources.pick(draw(Decision::Recruiter)).unwrap_or(RecruiterId::NONE)
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
        let weights =
            |of_women: bool| -> Vec<f64> { country.sectors.iter().map(|sector| (sector.migrants * sector.share_of(of_women)).max(1e-9)).collect() };
        let table = |weights: Vec<f64>| WeightedAliasIndex::new(weights).expect("weights are positive and finite");
        let by_size = |sector: usize| table(state.employers.size[state.employers.of_sector(sector)].iter().map(|size| f64::from(*size)).collect());
        Self {
            sectors: [table(weights(false)), table(weights(true))],
            employers: (0..country.sectors.len()).map(by_size).collect(),
            starts: state.employers.starts.clone(),
        }
    }

    fn sector(&self, luck: &Luck, person: PersonId, woman: bool) -> usize {
        self.sectors[usize::from(woman)].sample(&mut luck.stream(Purpose::Initialisation, 0, person.0, Decision::Sector))
    }

    fn employer(&self, luck: &Luck, person: PersonId, sector: usize) -> EmployerId {
        EmployerId(
            self.starts[sector] + self.employers[sector].sample(&mut luck.stream(Purpose::Initialisation, 0, person.0, Decision::Employer)) as u32,
        )
    }
}

/// A worker of the first month: the more an employer exploits, the likelier the worker is exploited.
fn begin_work(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, legal: Legal, sector: usize, employer: EmployerId) {
    let profile = &setting.country.sectors[sector];
    let draw = |decision: Decision| luck.uniform(Purpose::Initialisation, 0, person.0, decision);
    let forced = if legal == Legal::Citizen { profile.citizens_forced } else { profile.forced };
    let relative = f64::from(state.employers.propensity[employer]) / profile.propensity.max(0.001);
    let u = draw(Decision::Condition);
    let exploitation = if whatever_the_means(state, setting, person, sector as u8) || u < (forced * relative).min(0.9) {
        Exploitation::Forced
    } else if u < ((forced + profile.violation) * relative).min(0.95) {
        Exploitation::Violation
    } else {
        Exploitation::None
    };
    start_work(state, person, employer, legal, exploitation);
    state.persons.records[person].since = 0;
    if legal != Legal::Citizen {
        // Of those who still owe something most owe less than a month's reference wage, nobody more than two.
        let among = draw(Decision::Debt) / profile.indebted;
        if among < 1.0 {
            state.persons.borrow(person, 2.0 * among * among, Holder::Lender, 0);
        }
    }
    if exploitation != Exploitation::None {
        confine(state, setting, luck, person, employer, exploitation);
    }
    if matches!(legal, Legal::Mou | Legal::Regularised) {
        let term = setting.parameters.work.permit_term;
        state.persons.give_permit(person, 1 + (draw(Decision::Permit) * term) as u16);
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

    /// Three quarters of the workers are on the coast: of 240 officials of each agency one is in each zone, and 238 are shared out as the workers are.
    #[test]
    fn officials_are_where_the_workers_are() {
        let mut setting = crate::model::testing::setting(2);
        setting.country.sectors[0].migrants = 3000.0;
        let officials = officials(&setting, &crate::model::testing::luck());
        for agency in Agency::ALL {
            let posts = [0, 1].map(|zone| officials.members(officials.unit(agency, zone)).len());
            assert_eq!(posts, [180, 60], "{agency:?}");
        }
    }
}
