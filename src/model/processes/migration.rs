//! Migration: who leaves, by which channel, and the queue of the legal channel.
//!
//! Rule 1: the departure hazard is `base_origin` * season * (1 + nu * share of the own community abroad). Who
//! departs chooses among the legal channel (MOU), a broker, the own network and staying by a logit of
//! U = -beta (fee/W + delta * wait * wage gap - legal value) - rho * believed arrest risk + nu ln(1 + peers in the
//! channel), with U = 0 for staying. Rule 2: the wait emerges from the queue, first come first served; an
//! applicant expects the shortest processing time + backlog / throughput. Rule 33: citizens at risk enter
//! sex work, begging or fishing at rates that would hold the stock at the start where nothing prevented it: social protection prevents what follows a
//! household's loss (`household_shock`), a unit against recruitment online what begins there (`online`).

use super::super::chance::{by_draw, pick, whole};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::status::go_home;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Whereabouts};
use super::super::state::ids::{CommunityId, PersonId, RecruiterId};
use super::super::state::institutions::{Route, Traveller};
use super::super::state::persons::BATCH;
use super::recruitment;
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Channel = 0,
    Cause = 1,
    PlaceInQueue = 2,
    Waits = 3,
}

/// What part of recruitment goes on although something is done against where it begins (rule 33).
pub struct Still {
    /// Of what follows a household's loss.
    pub household: f64,
    /// Of what begins online.
    pub online: f64,
}

impl Still {
    /// Under the policy of this month.
    #[must_use]
    pub fn of(state: &State, setting: &Setting) -> Self {
        let (terms, policy) = (&setting.parameters.migration, &state.institutions.policy);
        Self {
            household: 1.0 - terms.household_shock * policy.prevention.social_protection,
            online: 1.0 - terms.online * policy.partnership.online_operations,
        }
    }
}

/// The hazards of people at home and in the queue.
pub struct Hazards {
    /// Departure by origin, for a community with nobody abroad.
    pub departure: Vec<f64>,
    /// Pull of own villagers abroad.
    nu: f64,
    /// Push of a debt that was brought home: for debts below 2W, and from there on.
    push: [f64; 3],
    /// Entry of citizens by sector: adults.
    entry: Vec<f64>,
    /// The same for minors.
    entry_minor: Vec<f64>,
    /// Rate at which applicants reconsider.
    pub reconsider: f64,
}

impl Hazards {
    /// The hazards of this month.
    #[must_use]
    pub fn new(state: &State, setting: &Setting) -> Self {
        let country = &setting.country;
        let parameters = &setting.parameters;
        let pressure = &state.institutions.pressure;
        // The peak lies in February, after the harvest.
        let season = 1.0 + parameters.migration.season * libm::cos(std::f64::consts::TAU * f64::from(state.now.month() - 2) / 12.0);
        let departure = country.origins.iter().zip(pressure.push).map(|(origin, push)| origin.departure * season * pressure.departures * push);
        let total: f64 = country.sectors.iter().map(|sector| sector.citizens).sum();
        let at_home = (country.citizens_at_risk - total).max(1.0);
        let Still { household, online } = Still::of(state, setting);
        let still = household * online;
        let entry =
            |ratio: f64| country.sectors.iter().map(|sector| sector.citizens / at_home * parameters.work.return_home * ratio * still).collect();
        Self {
            departure: departure.collect(),
            nu: parameters.migration.peer_pull,
            push: [1.0, 1.0 + parameters.migration.debt_push, 1.0 + 3.0 * parameters.migration.debt_push],
            entry: entry(1.0),
            entry_minor: entry(parameters.migration.minor_entry),
            reconsider: parameters.migration.reconsider,
        }
    }

    /// Total hazard at home: `abroad` is the share of the own community abroad.
    #[must_use]
    pub fn home(&self, cell: Cell, abroad: f64) -> f64 {
        match self.departure.get(usize::from(cell.zone)) {
            Some(departure) => departure * (1.0 + self.nu * abroad) * self.push[usize::from(cell.band)],
            None => self.entry_of(cell).iter().sum(),
        }
    }

    /// The bound of [`Self::home`] over all communities.
    #[must_use]
    pub fn home_bound(&self, cell: Cell) -> f64 {
        self.home(cell, 1.0)
    }

    /// Entry of a citizen by sector; minority stands in the cell's sector at home.
    fn entry_of(&self, cell: Cell) -> &[f64] {
        if cell.sector == 1 { &self.entry_minor } else { &self.entry }
    }
}

/// What somebody who may leave decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Stay,
    Apply,
    Go(Route, Option<u8>),
}

/// Lets people leave, apply, withdraw and be served.
pub fn migration(state: &mut State, setting: &Setting, luck: &Luck) {
    let capacities = recruitment::capacities(state, setting.country.origins.len());
    let decisions = decide(state, setting, luck, &capacities);
    state.institutions.broker_demand.fill(0.0);
    let mut applicants = Vec::new();
    let mut decided: Vec<PersonId> = decisions.iter().map(|(person, _)| *person).collect();
    for (person, decision) in decisions {
        match decision {
            Choice::Stay => {
                if state.persons.at(person).whereabouts == Whereabouts::Applying {
                    go_home(state, person);
                }
            }
            Choice::Apply => {
                if state.persons.at(person).whereabouts == Whereabouts::Home {
                    applicants.push(person);
                }
            }
            Choice::Go(route, sector) => {
                if state.persons.at(person).whereabouts == Whereabouts::Applying {
                    go_home(state, person);
                }
                travel(state, person, route, sector);
            }
        }
    }
    // Nobody leaves twice in a month: who has decided, or is trafficked again, does not come back as well.
    decided.sort_unstable();
    let mut again = std::mem::take(&mut state.institutions.again);
    again.sort_unstable();
    again.dedup_by_key(|(person, _)| *person);
    for (person, sector) in again {
        if state.persons.at(person).whereabouts == Whereabouts::Home && decided.binary_search(&person).is_err() {
            travel(state, person, Route::Again, Some(sector));
        }
    }
    decided.extend(state.institutions.desk.travellers.iter().map(|traveller| traveller.person));
    decided.sort_unstable();
    let mut comebacks = std::mem::take(&mut state.persons.comebacks[usize::from(state.month)]);
    comebacks.sort_unstable();
    comebacks.dedup();
    for person in comebacks {
        if state.persons.at(person).whereabouts == Whereabouts::Home && decided.binary_search(&person).is_err() {
            travel(state, person, Route::Broker, None);
        }
    }
    join_queue(state, luck, applicants);
    serve_queue(state, setting, luck, &capacities);
}

fn travel(state: &mut State, person: PersonId, route: Route, sector: Option<u8>) {
    if route == Route::Broker {
        let origin = state.persons.origin(person);
        state.institutions.broker_demand[origin] += state.persons.persons(person);
    }
    state.institutions.desk.travellers.push(Traveller { person, route, recruiter: RecruiterId::NONE, sector });
}

/// All decisions of those whom the die names, from the state as it stands.
fn decide(state: &State, setting: &Setting, luck: &Luck, capacities: &[[f64; 2]]) -> Vec<(PersonId, Choice)> {
    let hazards = Hazards::new(state, setting);
    let scarcity = recruitment::scarcity(state);
    let offer = |(origin, [licensed, _]): (usize, &[f64; 2])| Offer::of(state, setting, origin, scarcity, *licensed);
    let offers: Vec<Offer> = capacities.iter().enumerate().map(offer).collect();
    let die = luck.die(state.month);
    let mut decisions = Vec::new();
    for batch in state.institutions.desk.die_home.chunks(BATCH) {
        state.persons.prefetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            let community = state.persons.community(person);
            let address = state.persons.address(person);
            let total = match cell.whereabouts {
                Whereabouts::Home => hazards.home(cell, state.communities.share_abroad(community)),
                Whereabouts::Applying => hazards.reconsider,
                _ => continue,
            };
            debug_assert!(cell.whereabouts != Whereabouts::Home || total <= hazards.home_bound(cell) * (1.0 + 1e-12));
            if !die.falls(address, total) {
                continue;
            }
            let decision = if let Some(offer) = offers.get(usize::from(cell.zone)) {
                let utilities = offer.utilities(state, setting, community);
                let u = luck.uniform(Purpose::Migration, state.month, address, Decision::Channel);
                choose(utilities, u)
            } else {
                let u = luck.uniform(Purpose::Migration, state.month, address, Decision::Cause);
                Choice::Go(Route::Citizen, Some(pick(hazards.entry_of(cell), u) as u8))
            };
            decisions.push((person, decision));
        }
    }
    decisions
}

/// The logit of rule 1 with U = 0 for staying.
fn choose(utilities: [f64; 3], u: f64) -> Choice {
    let weights = [1.0, libm::exp(utilities[0]), libm::exp(utilities[1]), libm::exp(utilities[2])];
    match pick(&weights, u) {
        0 => Choice::Stay,
        1 => Choice::Apply,
        2 => Choice::Go(Route::Broker, None),
        _ => Choice::Go(Route::Network, None),
    }
}

/// What the channels from one origin cost and take, as an applicant expects it.
struct Offer {
    legal_fee: f64,
    wait: f64,
    broker_fee: f64,
}

impl Offer {
    fn of(state: &State, setting: &Setting, origin: usize, scarcity: f64, licensed: f64) -> Self {
        Self {
            legal_fee: recruitment::legal_fee(state, setting, origin, scarcity),
            wait: expected_wait(state, setting, origin, licensed),
            broker_fee: recruitment::broker_fee(state, setting, origin),
        }
    }

    /// Utilities of the legal channel, a broker and the own network for a member of `community`.
    fn utilities(&self, state: &State, setting: &Setting, community: CommunityId) -> [f64; 3] {
        let terms = &setting.parameters.migration;
        let beliefs = &state.communities;
        // Peers are counted as agents, so that a community knows as many at every scale.
        let abroad = f64::from(beliefs.abroad[community]) / state.scale;
        let abroad_mou = f64::from(beliefs.abroad_mou[community]) / state.scale;
        let arrest = terms.arrest_weight * f64::from(beliefs.risk[community]);
        let waiting = terms.waiting_weight * self.wait * terms.wage_gap;
        let legal =
            -terms.cost_weight * (self.legal_fee + waiting - f64::from(beliefs.legal_value[community])) + terms.peer_pull * libm::log1p(abroad_mou);
        let irregular_peers = terms.peer_pull * libm::log1p(abroad - abroad_mou);
        let broker = -terms.cost_weight * self.broker_fee - arrest + irregular_peers + terms.reputation * f64::from(beliefs.reputation[community]);
        let network =
            if abroad > 0.0 { -terms.cost_weight * terms.network_cost * self.broker_fee - arrest + irregular_peers } else { f64::NEG_INFINITY };
        [legal, broker, network]
    }
}

/// Rule 2: the wait that an applicant of `origin` must expect, in months, where licensed recruiters can place so many a month.
#[must_use]
pub fn expected_wait(state: &State, setting: &Setting, origin: usize, licensed: f64) -> f64 {
    let throughput = throughput(state, setting, origin, licensed);
    let backlog = state.institutions.queue[origin].iter().map(|person| state.persons.persons(*person)).sum::<f64>();
    let shortest = state.institutions.policy.prevention.mou_months;
    // Where nothing is processed at all, nobody expects to live to see it.
    if throughput > 0.0 { (shortest + backlog / throughput).min(120.0) } else { 120.0 }
}

/// Applications of `origin` that can be processed this month: the state's throughput, and no more than licensed recruiters can place.
fn throughput(state: &State, setting: &Setting, origin: usize, licensed: f64) -> f64 {
    let policy = &state.institutions.policy.prevention;
    let staff = state.institutions.staff[super::super::policy::Line::Entry as usize];
    let state_side = setting.country.origins[origin].throughput * policy.mou_throughput * staff;
    state_side.min(licensed)
}

/// New applicants queue up; those of the same month in the order of their draws, never of their ids.
fn join_queue(state: &mut State, luck: &Luck, applicants: Vec<PersonId>) {
    let month = state.month;
    let persons = &state.persons;
    let place = |person: &PersonId| luck.uniform(Purpose::Migration, month, persons.address(*person), Decision::PlaceInQueue);
    for person in by_draw(applicants.into_iter(), place) {
        let origin = state.persons.origin(person);
        let waiting = state.persons.home_cell(person, Whereabouts::Applying);
        state.persons.change(person, waiting, state.month);
        state.institutions.queue[origin].push_back(person);
    }
}

/// Serves each origin's queue; nobody is served before the shortest processing time is over: 1.2 months are one month for four of five.
fn serve_queue(state: &mut State, setting: &Setting, luck: &Luck, capacities: &[[f64; 2]]) {
    let shortest = state.institutions.policy.prevention.mou_months;
    for (origin, [licensed, _]) in capacities.iter().enumerate() {
        let (persons, month) = (&state.persons, state.month);
        persons.prefetch(state.institutions.queue[origin].iter().copied());
        // Those who withdrew have left the queue; those who applied again stand at its end.
        state.institutions.queue[origin].retain(|person| persons.at(*person).whereabouts == Whereabouts::Applying);
        let mut left = throughput(state, setting, origin, *licensed) + state.institutions.carried.throughput[origin];
        let due = |state: &State, person: PersonId| {
            let since = state.persons.records[person].since;
            let u = luck.uniform(Purpose::Migration, since, state.persons.address(person), Decision::Waits);
            usize::from(since) + whole(shortest, u) <= usize::from(month)
        };
        let mut ready = true;
        while let Some(person) = state.institutions.queue[origin].front().copied()
            && left >= state.persons.persons(person)
        {
            if !due(state, person) {
                ready = false;
                break;
            }
            state.institutions.queue[origin].pop_front();
            left -= state.persons.persons(person);
            travel(state, person, Route::Mou, None);
        }
        // What a larger party waits for is kept; counters that stand idle are not.
        let waits = ready && !state.institutions.queue[origin].is_empty();
        state.institutions.carried.throughput[origin] = if waits { left } else { left.fract() };
    }
    let waiting: f64 = state.institutions.queue.iter().flatten().map(|person| state.persons.persons(*person)).sum();
    state.count(Indicator::MouWaiting, waiting);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// Two months at least, and fifteen persons before ten a month.
    #[test]
    fn an_applicant_expects_processing_and_the_backlog() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        state.institutions.policy.prevention.mou_months = 2.0;
        state.institutions.queue[0].extend((0..3).map(PersonId));
        assert!((expected_wait(&state, &setting, 0, recruitment::capacities(&state, 1)[0][0]) - 3.5).abs() < 1e-6);
        state.institutions.policy.prevention.mou_throughput = 0.0;
        assert!((expected_wait(&state, &setting, 0, recruitment::capacities(&state, 1)[0][0]) - 120.0).abs() < 1e-12);
    }

    /// Of a thousand applicants, each the only one, four in five are served after a month where processing takes 1.2, and half where it takes 1.5.
    #[test]
    fn a_part_of_a_month_is_a_month_for_some() {
        for (months, share) in [(1.2, 0.8), (1.5, 0.5)] {
            let mut setting = setting(4);
            setting.country.origins[0].throughput = 1e6;
            let mut state = state(&setting);
            state.institutions.policy.prevention.mou_months = months;
            for person in state.persons.all().take(1000) {
                state.month = 0;
                join_queue(&mut state, &luck(), vec![person]);
                state.month = 1;
                serve_queue(&mut state, &setting, &luck(), &[[1e6, 1e6]]);
                state.institutions.queue[0].clear();
            }
            let served = state.institutions.desk.travellers.len() as f64;
            assert!((served - 1000.0 * share).abs() < 4.0 * (1000.0 * share * (1.0 - share)).sqrt(), "{served} where it takes {months}");
        }
    }

    /// Staying has the weight 1, as has each channel of utility nothing.
    #[test]
    fn channels_are_chosen_by_the_logit() {
        assert_eq!(choose([0.0; 3], 0.24), Choice::Stay);
        assert_eq!(choose([0.0; 3], 0.26), Choice::Apply);
        assert_eq!(choose([0.0; 3], 0.51), Choice::Go(Route::Broker, None));
        assert_eq!(choose([0.0; 3], 0.76), Choice::Go(Route::Network, None));
        // exp(ln 6) = 6 against 1 for staying and 1 for the legal channel.
        let broker = [0.0, libm::log(6.0), f64::NEG_INFINITY];
        assert_eq!(choose(broker, 0.249), Choice::Apply);
        assert_eq!(choose(broker, 0.251), Choice::Go(Route::Broker, None));
        assert_eq!(choose(broker, 0.999), Choice::Go(Route::Broker, None));
    }

    /// -beta (fee + delta wait gap - value) for a channel that nobody at home knows.
    #[test]
    fn what_a_channel_is_worth() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.migration;
        (terms.cost_weight, terms.waiting_weight, terms.wage_gap, terms.legal_value, terms.arrest_weight) = (0.5, 0.8, 0.5, 2.0, 1.0);
        let state = state(&setting);
        let offer = Offer { legal_fee: 1.0, wait: 3.0, broker_fee: 2.0 };
        let [legal, broker, network] = offer.utilities(&state, &setting, CommunityId(0));
        assert!((legal - -0.5 * (1.0 + 1.2 - 2.0)).abs() < 1e-6, "{legal}");
        // The believed arrest risk is .2.
        assert!((broker - (-1.0 - 0.2)).abs() < 1e-6, "{broker}");
        assert!(network == f64::NEG_INFINITY, "nobody of the community is there");
    }

    /// Who came out of two workplaces and is to be trafficked again for both leaves once.
    #[test]
    fn nobody_is_trafficked_again_twice_in_a_month() {
        let setting = setting(4);
        let mut state = state(&setting);
        state.institutions.again = vec![(PersonId(3), 1), (PersonId(7), 0), (PersonId(3), 0)];
        migration(&mut state, &setting, &luck());
        let again: Vec<PersonId> = state.institutions.desk.travellers.iter().map(|traveller| traveller.person).collect();
        assert_eq!(again, [PersonId(3), PersonId(7)]);
        assert!(state.institutions.again.is_empty());
    }
}
