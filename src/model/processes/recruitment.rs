//! Recruitment: the recruiter, the fee, the debt, the border.
//!
//! Rule 3: the legal fee is max(0, cap + markup * (1 - enforcement at the destination * enforcement at the
//! origin) - what employers really pay), the irregular fee is fee * (1 + crackdown price * crackdown). Where
//! licensed recruiters grow scarce against the start, the markup grows in proportion. Rule 31: the origin's
//! cooperation multiplies its enforcement. Rule 4: the borrowed share of the cost becomes debt. Rule 23:
//! complicit border officials extort irregular crossers.
//!
//! Recruiters can place only so many a month. Brokers who are asked by more than they can carry turn the
//! rest away, each with the same chance.

use super::super::Setting;
use super::super::country::Agency;
use super::super::ledgers::indicators::Indicator;
use super::super::state::communities::Outcome;
use super::super::state::institutions::{Route, Traveller};
use super::super::state::persons::{BATCH, Holder};
use super::super::state::{NONE, State};
use super::pick_among;
use crate::draws::{Luck, Purpose};

const RECRUITER: u16 = 0;
const TURNED_AWAY: u16 = 1;
const BORDER_ZONE: u16 = 2;
const BORDER_OFFICIAL: u16 = 3;
const EXTORTED: u16 = 4;

/// Which recruiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With a licence.
    Licensed,
    /// Without.
    Informal,
}

/// The fee of the legal channel from `origin`, in W.
#[must_use]
pub fn legal_fee(state: &State, setting: &Setting, origin: usize) -> f64 {
    let terms = &setting.parameters.recruitment;
    let policy = &state.institutions.policy;
    let cap = setting.country.origins[origin].fee_cap * policy.prevention.mou_fee;
    let at_destination = (terms.inspection_bite * policy.prevention.agency_inspection).min(1.0);
    let at_origin = (terms.cooperation * policy.partnership.origin_enforcement[origin]).min(1.0);
    let markup = terms.markup * (1.0 - at_destination * at_origin) * scarcity(state);
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

/// Licensed recruiters at the start against those at work now, at least 1/5 and at most 5.
fn scarcity(state: &State) -> f64 {
    let slots = state.recruiters.licensed_slot.iter().filter(|slot| **slot).count() as f64;
    let at_work = (0..state.recruiters.len() as u32)
        .filter(|recruiter| state.recruiters.licensed[*recruiter as usize] && state.recruiters.at_work(*recruiter))
        .count() as f64;
    (slots / at_work.max(1.0)).clamp(0.2, 5.0)
}

/// Recruits a month that recruiters of `kind` from `origin` can place, in agents.
#[must_use]
pub fn capacity(state: &State, origin: usize, kind: Kind) -> f64 {
    serving(state, origin, kind).map(|recruiter| state.recruiters.capacity_now(recruiter)).sum()
}

fn serving(state: &State, origin: usize, kind: Kind) -> impl Iterator<Item = u32> + '_ {
    (0..state.recruiters.len() as u32).filter(move |recruiter| {
        let i = *recruiter as usize;
        usize::from(state.recruiters.origin[i]) == origin && state.recruiters.licensed[i] == (kind == Kind::Licensed)
    })
}

/// Recruiters from one origin with the running sums of their capacities.
struct Roster {
    recruiters: Vec<u32>,
    sums: Vec<f64>,
}

impl Roster {
    fn of(state: &State, origin: usize, kind: Kind) -> Self {
        let recruiters: Vec<u32> = serving(state, origin, kind).collect();
        let sums = recruiters
            .iter()
            .scan(0.0, |sum, recruiter| {
                *sum += state.recruiters.capacity_now(*recruiter);
                Some(*sum)
            })
            .collect();
        Self { recruiters, sums }
    }

    fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// A recruiter with probability in proportion to capacity.
    fn pick(&self, u: f64) -> Option<u32> {
        let sought = u * self.total();
        let place = self.sums.partition_point(|sum| *sum <= sought);
        self.recruiters.get(place).copied()
    }
}

/// Gives each traveller a recruiter, a debt and a passage.
pub fn recruitment(state: &mut State, setting: &Setting, luck: &Luck) {
    let origins = setting.country.origins.len();
    let licensed: Vec<Roster> = (0..origins).map(|origin| Roster::of(state, origin, Kind::Licensed)).collect();
    let informal: Vec<Roster> = (0..origins).map(|origin| Roster::of(state, origin, Kind::Informal)).collect();
    // What is asked does not change while people are recruited: one fee an origin, not one a traveller.
    let legal_fees: Vec<f64> = (0..origins).map(|origin| legal_fee(state, setting, origin)).collect();
    let broker_fees: Vec<f64> = (0..origins).map(|origin| broker_fee(state, setting, origin)).collect();
    let mut fees = (0.0, 0.0);
    let travellers = std::mem::take(&mut state.institutions.desk.travellers);
    let mut on_the_way = Vec::with_capacity(travellers.len());
    for batch in travellers.chunks(BATCH) {
        state.persons.fetch(batch.iter().map(|traveller| traveller.person));
        for traveller in batch {
            let traveller = *traveller;
            let person = traveller.person;
            let origin = state.persons.layout.origin(person);
            if traveller.route == Route::Citizen {
                on_the_way.push(traveller);
                continue;
            }
            let u = luck.uniform(Purpose::Recruitment, state.month, person, RECRUITER);
            let (recruiter, cost) = match traveller.route {
                Route::Mou => (licensed[origin].pick(u), legal_fees[origin]),
                Route::Broker => {
                    let carried = informal[origin].total() / state.institutions.broker_demand[origin].max(1.0);
                    if !luck.happens(carried, Purpose::Recruitment, state.month, person, TURNED_AWAY) {
                        continue;
                    }
                    (informal[origin].pick(u), broker_fees[origin])
                }
                Route::Network => (None, broker_fees[origin] * setting.parameters.migration.network_cost),
                Route::Citizen | Route::Again => (None, 0.0),
            };
            let recruiter = recruiter.unwrap_or(NONE);
            let cost = if recruiter == NONE { cost } else { cost * f64::from(state.recruiters.fee[recruiter as usize]) };
            if traveller.route == Route::Mou {
                fees = (fees.0 + cost, fees.1 + 1.0);
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

/// The borrowed share of `cost` becomes debt: to the recruiter where that one exploits, else to a lender.
fn charge(state: &mut State, setting: &Setting, person: u32, recruiter: u32, cost: f64) {
    let mut holder = Holder::Lender;
    if recruiter != NONE {
        let i = recruiter as usize;
        state.recruiters.capital[i] += cost as f32;
        if state.recruiters.active[i] {
            holder = Holder::Recruiter;
        }
    }
    state.persons.borrow(person, setting.parameters.recruitment.borrowed * cost, holder, state.month);
}

/// Rule 23 at the border: the official met may be complicit and may extort.
fn pass_border(state: &mut State, setting: &Setting, luck: &Luck, person: u32, recruiter: u32) {
    let month = state.month;
    let zone = if recruiter == NONE {
        // Where no zone lies at a border, people come in by the first.
        let at_border = setting.country.at_border.iter().map(|at_border| f64::from(u8::from(*at_border)));
        pick_among(at_border, luck.uniform(Purpose::Recruitment, month, person, BORDER_ZONE)) as u8
    } else {
        state.recruiters.zone[recruiter as usize]
    };
    let unit = state.officials.unit(Agency::Immigration, zone);
    let met = state.officials.one_of(unit, luck.uniform(Purpose::Recruitment, month, person, BORDER_OFFICIAL));
    let extorts = met.is_some_and(|official| state.officials.complicit[official as usize]);
    if extorts && luck.happens(setting.parameters.recruitment.border_extortion, Purpose::Recruitment, month, person, EXTORTED) {
        extort(state, setting, person);
    }
}

/// Takes money from an irregular migrant: debt and fear rise.
pub fn extort(state: &mut State, setting: &Setting, person: u32) {
    state.persons.borrow(person, setting.parameters.recruitment.extortion, Holder::Lender, state.month);
    let community = state.persons.layout.community(person);
    state.communities.hear(community, Outcome::IncomeLost);
    state.communities.fear(community, setting.parameters.recruitment.extortion_fear);
    state.count_one(Indicator::Extorted);
}
