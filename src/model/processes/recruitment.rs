//! Recruitment: the recruiter, the fee, the debt, the border.
//!
//! Rule 3: the legal fee is max(0, cap + markup * (1 - enforcement at the destination * enforcement at the
//! origin) - what employers really pay), the irregular fee is fee * (1 + crackdown price * crackdown). Where
//! licensed recruiters grow scarce against the start, the markup grows with the square root of it (assumed: others work more). Rule 31: the origin's
//! cooperation multiplies its enforcement. Rule 4: the borrowed share of the cost becomes debt. Rule 23:
//! complicit border officials extort irregular crossers.
//!
//! Recruiters can place only so many a month. Brokers who are asked by more than they can carry turn the
//! rest away, each with the same chance.

use super::super::chance::pick_among;
use super::super::country::Agency;
use super::super::ledgers::indicators::Indicator;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::communities::Outcome;
use super::super::state::ids::{PersonId, RecruiterId};
use super::super::state::institutions::{Route, Traveller};
use super::super::state::persons::{BATCH, Holder};
use crate::draws::{Luck, Purpose, decisions};
use rand::RngExt;

decisions! {
    Recruiter = 0,
    TurnedAway = 1,
    BorderZone = 2,
    BorderOfficial = 3,
    Extorted = 4,
    Met = 5,
}

/// The fee of the legal channel from `origin`, in W, where licensed recruiters are so scarce.
#[must_use]
pub fn legal_fee(state: &State, setting: &Setting, origin: usize, scarcity: f64) -> f64 {
    let terms = &setting.parameters.recruitment;
    let policy = &state.institutions.policy;
    let cap = setting.country.origins[origin].fee_cap * policy.prevention.mou_fee;
    let at_destination = (terms.inspection_bite * policy.prevention.agency_inspection).min(1.0);
    let at_origin = (terms.cooperation * policy.partnership.origin_enforcement[origin]).min(1.0);
    let markup = terms.markup * (1.0 - at_destination * at_origin) * scarcity;
    let asked = cap + markup;
    // Employers pay their share only as far as somebody looks.
    (asked * (1.0 - policy.prevention.employer_pays * at_destination)).max(0.0)
}

/// The fee of an irregular broker from `origin`, in W.
#[must_use]
pub fn broker_fee(state: &State, setting: &Setting, origin: usize) -> f64 {
    let crackdown = state.institutions.pressure.crackdown;
    setting.country.origins[origin].broker_fee * (1.0 + setting.parameters.recruitment.crackdown_price * crackdown)
}

/// How scarce licensed recruiters are against the start, as a factor on what they add.
#[must_use]
pub fn scarcity(state: &State) -> f64 {
    let recruiters = &state.recruiters;
    let places = recruiters.licensed_place.iter().filter(|place| **place).count() as f64;
    let at_work = recruiters.licensed.iter().zip(&recruiters.left).zip(&recruiters.held_by);
    let at_work = at_work.filter(|((licensed, left), held_by)| **licensed && !**left && **held_by == 0).count() as f64;
    libm::sqrt((places / at_work.max(1.0)).clamp(0.25, 4.0))
}

/// Recruits a month that recruiters from each origin can place, persons: licensed ones, and informal ones.
#[must_use]
pub fn capacities(state: &State, origins: usize) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0; 2]; origins];
    for recruiter in state.recruiters.all() {
        let kind = usize::from(!state.recruiters.licensed[recruiter]);
        sums[usize::from(state.recruiters.origin[recruiter])][kind] += state.recruiters.capacity_now(recruiter);
    }
    sums
}

/// Recruiters with the running sums of what each brings.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    recruiters: Vec<RecruiterId>,
    sums: Vec<f64>,
}

impl Roster {
    /// Of each origin those with a licence and those without.
    fn all(state: &State, origins: usize) -> Vec<[Self; 2]> {
        let mut rosters = vec![[Self::default(), Self::default()]; origins];
        for recruiter in state.recruiters.all() {
            let kind = usize::from(!state.recruiters.licensed[recruiter]);
            let capacity = state.recruiters.capacity_now(recruiter);
            rosters[usize::from(state.recruiters.origin[recruiter])][kind].add(recruiter, capacity);
        }
        rosters
    }

    /// Adds `recruiter`, who brings so much.
    pub fn add(&mut self, recruiter: RecruiterId, brings: f64) {
        let sum = self.total() + brings;
        self.recruiters.push(recruiter);
        self.sums.push(sum);
    }

    /// What all of them bring.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// The recruiter at the quantile `u`, with probability in proportion to what each brings.
    #[must_use]
    pub fn pick(&self, u: f64) -> Option<RecruiterId> {
        let sought = u * self.total();
        let place = self.sums.partition_point(|sum| *sum <= sought);
        self.recruiters.get(place).copied()
    }
}

/// Gives each traveller a recruiter, a debt and a passage.
pub fn recruitment(state: &mut State, setting: &Setting, luck: &Luck) {
    let origins = setting.country.origins.len();
    // Citizens, who come after the last origin, have nobody's.
    let rosters = Roster::all(state, origins + 1);
    // What is asked does not change while people are recruited: one fee an origin, not one a traveller.
    let scarcity = scarcity(state);
    let legal_fees: Vec<f64> = (0..origins).map(|origin| legal_fee(state, setting, origin, scarcity)).collect();
    let broker_fees: Vec<f64> = (0..origins).map(|origin| broker_fee(state, setting, origin)).collect();
    // So is what each has room for: fees that earlier travellers of the month have paid would let a change of one of them reach the others.
    let held: Vec<f64> = state.recruiters.all().map(|recruiter| state.recruiters.held(recruiter)).collect();
    let mut fees = (0.0, 0.0);
    let travellers = std::mem::take(&mut state.institutions.desk.travellers);
    let mut on_the_way = Vec::with_capacity(travellers.len());
    for batch in travellers.chunks(BATCH) {
        state.persons.prefetch(batch.iter().map(|traveller| traveller.person));
        for traveller in batch {
            let traveller = *traveller;
            let person = traveller.person;
            let origin = state.persons.origin(person);
            if traveller.route == Route::Citizen {
                on_the_way.push(traveller);
                continue;
            }
            let address = state.persons.address(person);
            let persons = state.persons.persons(person);
            let [licensed, informal] = &rosters[origin];
            let one = |roster: &Roster, kind: bool| {
                let u = luck.uniform(Purpose::Recruitment, state.month, address, Decision::Recruiter);
                met(state, &held, luck, address, origin, kind).or_else(|| roster.pick(u))
            };
            let (recruiter, cost) = match traveller.route {
                Route::Mou => (one(licensed, true), legal_fees[origin]),
                Route::Broker => {
                    let carried = informal.total() / state.institutions.broker_demand[origin].max(1.0);
                    if !luck.happens(carried, Purpose::Recruitment, state.month, address, Decision::TurnedAway) {
                        continue;
                    }
                    (one(informal, false), broker_fees[origin])
                }
                Route::Network => (None, broker_fees[origin] * setting.parameters.migration.network_cost),
                Route::Citizen | Route::Again => (None, 0.0),
            };
            let cost = recruiter.map_or(cost, |recruiter| cost * f64::from(state.recruiters.fee[recruiter]));
            let recruiter = recruiter.unwrap_or(RecruiterId::NONE);
            if traveller.route == Route::Mou {
                fees = (fees.0 + cost * persons, fees.1 + persons);
            }
            charge(state, setting, person, recruiter, cost);
            if matches!(traveller.route, Route::Broker | Route::Network) {
                pass_border(state, setting, luck, person, recruiter);
            }
            on_the_way.push(Traveller { recruiter, ..traveller });
        }
    }
    state.institutions.desk.travellers = on_the_way;
    if fees.1 > 0.0 {
        state.ledger.set(Indicator::MouFeePaid, fees.0 / fees.1);
    } else {
        // Where nobody came, the fee that would have been asked, averaged over origins.
        state.ledger.set(Indicator::MouFeePaid, legal_fees.iter().sum::<f64>() / origins as f64);
    }
}

/// How many recruiters a traveller comes upon; whom none of them fits one is found all the same, if there is any.
const MEETINGS: usize = 100;

/// A recruiter from `origin`, licensed or not, in proportion to what each can place now, of which `held` says the share: travellers come upon recruiters by what those could place at best, and
/// go with one who fits and has room. One recruiter more or less then moves nobody who would not have come upon that one.
fn met(state: &State, held: &[f64], luck: &Luck, address: u32, origin: usize, licensed: bool) -> Option<RecruiterId> {
    let recruiters = &state.recruiters;
    let mut draws = luck.stream(Purpose::Recruitment, state.month, address, Decision::Met);
    (0..MEETINGS).find_map(|_| {
        let one = RecruiterId(recruiters.met.propose(draws.random())?);
        let fits = usize::from(recruiters.origin[one]) == origin && recruiters.licensed[one] == licensed;
        (draws.random::<f64>() < held[one.index()] && fits).then_some(one)
    })
}

/// The borrowed share of `cost`, less what the employer refunds, becomes debt: to the recruiter where that one exploits, else to a lender. What is
/// left of the fee after costs is the recruiter's capital.
fn charge(state: &mut State, setting: &Setting, person: PersonId, recruiter: RecruiterId, cost: f64) {
    let mut holder = Holder::Lender;
    if let Some(recruiter) = recruiter.known() {
        let earned = cost * state.persons.persons(person) * setting.parameters.recruitment.profit_share;
        let capital = f64::from(state.recruiters.capital[recruiter]) + earned;
        // More than the business needs is taken out of it.
        state.recruiters.capital[recruiter] = capital.min(f64::from(state.recruiters.needed[recruiter])) as f32;
        if state.recruiters.active[recruiter] {
            holder = Holder::Recruiter;
        }
    }
    let refunded = state.institutions.policy.prevention.fee_refund;
    state.persons.borrow(person, setting.parameters.recruitment.borrowed * cost * (1.0 - refunded), holder, state.month);
}

/// Rule 23 at the border: the official met may be complicit and may extort. Under a crackdown more are met.
fn pass_border(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, recruiter: RecruiterId) {
    let month = state.month;
    let address = state.persons.address(person);
    let draw = |decision: Decision| luck.uniform(Purpose::Recruitment, month, address, decision);
    let zone = recruiter.known().map_or_else(
        || {
            // Where no zone lies at a border, people come in by the first.
            let at_border = setting.country.at_border.iter().map(|at_border| f64::from(u8::from(*at_border)));
            pick_among(at_border, draw(Decision::BorderZone)) as u8
        },
        |recruiter| state.recruiters.zone[recruiter],
    );
    let unit = state.officials.unit(Agency::Immigration, zone);
    let met = state.officials.one_of(unit, draw(Decision::BorderOfficial));
    let extorts = met.is_some_and(|official| state.officials.complicit[official]);
    let quota = 1.0 + setting.parameters.recruitment.crackdown_extortion * state.institutions.pressure.crackdown;
    if extorts && draw(Decision::Extorted) < setting.parameters.recruitment.border_extortion * quota {
        extort(state, setting, person);
    }
}

/// Takes money from an irregular migrant: debt and fear rise.
pub fn extort(state: &mut State, setting: &Setting, person: PersonId) {
    state.persons.borrow(person, setting.parameters.recruitment.extortion, Holder::Lender, state.month);
    let community = state.persons.community(person);
    let persons = state.persons.persons(person);
    state.communities.hear(community, Outcome::IncomeLost, persons);
    state.communities.fear(community, setting.parameters.recruitment.extortion_fear * persons);
    state.count(Indicator::Extorted, persons);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::ids::RecruiterId as Id;
    use crate::model::testing::{setting, state};

    /// A markup of .5 is left but for .5 * .3 of it; an employer who pays half does so as far as half looks.
    #[test]
    fn fees_follow_cap_enforcement_and_who_pays() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.recruitment;
        (terms.markup, terms.inspection_bite, terms.crackdown_price) = (0.5, 2.0, 0.5);
        let mut state = state(&setting);
        state.institutions.policy.prevention.agency_inspection = 0.25;
        state.institutions.policy.partnership.origin_enforcement[0] = 0.3;
        assert!((legal_fee(&state, &setting, 0, 1.0) - 1.425).abs() < 1e-9);
        state.institutions.policy.prevention.employer_pays = 0.5;
        assert!((legal_fee(&state, &setting, 0, 1.0) - 1.425 * 0.75).abs() < 1e-9);
        state.institutions.pressure.crackdown = 1.0;
        assert!((broker_fee(&state, &setting, 0) - 3.0).abs() < 1e-9);
    }

    /// Half of a fee of 2 is borrowed, half of that refunded, by each of five; the recruiter keeps a tenth of what five pay.
    #[test]
    fn a_fee_is_the_workers_debt_and_the_recruiters_capital() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let terms = &mut setting.parameters.recruitment;
        (terms.borrowed, terms.profit_share) = (0.5, 0.1);
        let mut state = state(&setting);
        state.institutions.policy.prevention.fee_refund = 0.5;
        let (person, recruiter) = (PersonId(0), Id(20));
        state.recruiters.capital[recruiter] = 0.0;
        state.recruiters.active[recruiter] = true;
        charge(&mut state, &setting, person, recruiter, 2.0);
        assert!((state.persons.debt(person, 0) - 0.5).abs() < 1e-6);
        assert!((state.persons.debts.borrowed - 2.5).abs() < 1e-6);
        assert_eq!(state.persons.holder(person), Holder::Recruiter);
        assert!((f64::from(state.recruiters.capital[recruiter]) - 1.0).abs() < 1e-6);
        // The business needs no more than it set up with.
        charge(&mut state, &setting, person, recruiter, 1e6);
        assert!((state.recruiters.capital[recruiter] - state.recruiters.needed[recruiter]).abs() < 1e-6);
    }

    #[test]
    fn extortion_is_counted_by_persons() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        setting.parameters.recruitment.extortion = 0.2;
        let mut state = state(&setting);
        extort(&mut state, &setting, PersonId(0));
        assert!((state.persons.total_debt(0) - 1.0).abs() < 1e-6);
        assert!((state.ledger.get(Indicator::Extorted) - 5.0).abs() < 1e-12);
    }
}
