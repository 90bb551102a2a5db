//! Recruiters: they learn risk, change tactic, enter, leave, are replaced, move.
//!
//! Rule 18 (see `risk`): a recruiter's own arrest and those of its circle from the same origin teach. Rule 19: a recruiter stays exploitative with
//! lgt P = a + profit - c * (perceived risk against its rest). Rule 20: what was removed is replaced toward demand
//! with 1 - (1 - replacement)^exp(expected profit). Rule 21: recruiters re-choose origin, sector and zone with inertia: each by its share at the start
//! times exp(displacement * expected profit), so that without displacement nobody is drawn anywhere. From an origin
//! profit is what brokers can ask of those who seek them, in a sector and zone it is the room for workers; both as
//! logarithms against what is usual (see `risk`). All weights are assumed.

use super::super::chance::{by_draw, logit, pick, sigmoid, skewed};
use super::super::country::{Country, Recruiters};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::employment::vacancies_in;
use super::super::moves::posts::remove_recruiter;
use super::super::risk::{Perception, against_usual, pace, settled, settles, taught};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::ids::RecruiterId;
use super::recruitment;
use crate::draws::{Die, Luck, Purpose, decisions};

decisions! {
    Active = 1,
    Moves = 2,
    Origin = 3,
    Place = 4,
    Intensity = 8,
    Inspected = 9,
    Found = 10,
    Revoked = 11,
    Bar = 12,
}

/// Added to a recruiter's number where its die is rolled, so that it is not a person's.
const DICE: u32 = 0x1000_0000;

/// Lets recruiters adapt.
pub fn recruiters(state: &mut State, setting: &Setting, luck: &Luck) {
    learn(state, setting);
    license(state, setting, luck);
    reconsider(state, setting, luck);
    take_over(state, setting, luck);
    rest(state, setting);
}

fn set_risk(state: &mut State, recruiter: RecruiterId, risk: f64) {
    state.recruiters.risk[recruiter] = risk as f32;
    state.recruiters.risk_month[recruiter] = state.month;
}

/// Rule 18 for this month's arrests.
fn learn(state: &mut State, setting: &Setting) {
    let terms = &setting.parameters.adaptation;
    let pace = pace(state, setting);
    let perception = Perception::of(state, setting);
    for recruiter in std::mem::take(&mut state.institutions.desk.arrested_recruiters) {
        for neighbour in state.recruiters.circle(recruiter).collect::<Vec<_>>() {
            let lesson = if neighbour == recruiter { terms.own_arrest } else { terms.neighbour_arrest };
            let known = perception.now(state.recruiters.risk[neighbour], state.recruiters.risk_month[neighbour]);
            let risk = taught(known, lesson * pace);
            set_risk(state, neighbour, risk);
        }
    }
}

/// Where the perceived risk of recruiters and officials comes to rest in the spin-up.
fn rest(state: &mut State, setting: &Setting) {
    if settles(state.month, setting.spin_up()) {
        let perception = Perception::of(state, setting);
        let known = state.recruiters.risk.iter().zip(&state.recruiters.risk_month);
        let sum: f64 = known.map(|(risk, since)| perception.now(*risk, *since)).sum();
        let rest = &mut state.institutions.rest;
        let settle = |rest: &mut f64, now: f64| *rest = settled(*rest, now, state.month, setting.spin_up());
        settle(&mut rest.recruiters, sum / state.recruiters.len().max(1) as f64);
        let officials = &state.officials;
        let risk = |i: usize| perception.now(officials.risk[i], officials.risk_month[i]);
        let starts = &officials.unit_starts;
        for (agency, rest) in rest.officials.iter_mut().enumerate() {
            let posts = starts[agency * officials.zones] as usize..starts[(agency + 1) * officials.zones] as usize;
            let n = posts.len().max(1) as f64;
            settle(rest, posts.map(risk).sum::<f64>() / n);
        }
    }
}

/// Licensed recruiters are inspected and may lose their licence; under a high bar some turn informal, and
/// under a low one they come back.
fn license(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let policy = state.institutions.policy;
    let licensed: Vec<RecruiterId> =
        state.recruiters.all().filter(|recruiter| state.recruiters.licensed_place[*recruiter] && state.recruiters.at_work(*recruiter)).collect();
    let now = licensed.iter().copied().filter(|recruiter| state.recruiters.licensed[*recruiter]);
    let queue = by_draw(now, |recruiter| luck.uniform(Purpose::Recruiters, month, recruiter.0, Decision::Inspected));
    for recruiter in queue.into_iter().take(state.institutions.capacity.agencies) {
        let draw = |decision: Decision| luck.uniform(Purpose::Recruiters, month, recruiter.0, decision);
        if draw(Decision::Found) < state.recruiters.share(recruiter) && draw(Decision::Revoked) < policy.prosecution.licence_revocation {
            state.count_one(Indicator::LicencesSuspended);
            remove_recruiter(state, setting, luck, recruiter);
        }
    }
    let bar = policy.prevention.licence_bar;
    let leave = setting.parameters.adaptation.bar_exit * bar;
    let enter = setting.parameters.adaptation.bar_exit * (1.0 - bar);
    for recruiter in licensed {
        if state.recruiters.at_work(recruiter) {
            let rate = if state.recruiters.licensed[recruiter] { leave } else { enter };
            state.recruiters.licensed[recruiter] ^= luck.happens(rate, Purpose::Recruiters, month, recruiter.0, Decision::Bar);
        }
    }
}

/// Rules 19 and 21 for recruiters who reconsider, whom the die names.
fn reconsider(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.adaptation;
    let month = state.month;
    let capacities = recruitment::capacities(state, setting.country.origins.len());
    state.institutions.profit =
        capacities.iter().enumerate().map(|(origin, [_, informal])| expected_profit(state, setting, origin, *informal)).collect();
    let drawn = setting.country.origins.iter().zip(&state.institutions.profit);
    let softmax: Vec<f64> = drawn.map(|(origin, profit)| origin.home * origin.departure * libm::exp(terms.displacement * profit)).collect();
    let places = places(state, setting);
    let perception = Perception::of(state, setting);
    let die = luck.die(month);
    let bound = Die::bound(terms.reconsider);
    for recruiter in RecruiterId::all(state.recruiters.len()).filter(|recruiter| die.roll(recruiter.0 | DICE) < bound) {
        if !state.recruiters.at_work(recruiter) {
            continue;
        }
        let draw = |decision: Decision| luck.uniform(Purpose::Recruiters, month, recruiter.0, decision);
        let profit = state.institutions.profit[usize::from(state.recruiters.origin[recruiter])];
        state.recruiters.active[recruiter] = draw(Decision::Active) < exploits(state, setting, &perception, recruiter, profit);
        if draw(Decision::Moves) >= terms.inertia {
            state.recruiters.origin[recruiter] = pick(&softmax, draw(Decision::Origin)) as u8;
            let zones = setting.country.zones.len();
            let place = pick(&places, draw(Decision::Place));
            state.recruiters.sector[recruiter] = (place / zones) as u8;
            state.recruiters.zone[recruiter] = (place % zones) as u8;
        }
    }
}

/// Rule 21: the weight of each zone of each sector in a recruiter's choice, sector by sector.
fn places(state: &mut State, setting: &Setting) -> Vec<f64> {
    let mut weights = Vec::new();
    for (sector, profile) in setting.country.sectors.iter().enumerate() {
        for (zone, share) in profile.zones.iter().enumerate() {
            // One more worker than there is room for, so that a place without any can be told from others too.
            let room = libm::log(1.0 + vacancies_in(state, sector, zone));
            let profit = against_usual(&mut state.institutions.usual_room[weights.len()], room, state.month, setting.spin_up());
            weights.push(profile.migrants * share * libm::exp(setting.parameters.adaptation.displacement * profit.clamp(-1.0, 1.0)));
        }
    }
    weights
}

/// What the profile says of recruiters of this one's kind.
fn kind_of(state: &State, setting: &Setting, recruiter: RecruiterId) -> Recruiters {
    if state.recruiters.licensed[recruiter] { setting.country.licensed } else { setting.country.informal }
}

/// Rule 19: the chance that `recruiter` exploits, at this expected profit.
fn exploits(state: &State, setting: &Setting, perception: &Perception, recruiter: RecruiterId, profit: f64) -> f64 {
    let terms = &setting.parameters.adaptation;
    let constant = logit(kind_of(state, setting, recruiter).active.clamp(0.001, 0.999));
    let risk = perception.now(state.recruiters.risk[recruiter], state.recruiters.risk_month[recruiter]);
    let deterred = perception.deters(risk, state.institutions.rest.recruiters);
    sigmoid(constant + terms.profit * profit - terms.certainty * deterred)
}

/// How much more a recruiter may expect from `origin` than is usual, as a logarithm within [-1, 1]: brokers
/// asked by more than they can carry, at a dearer fee; less where the origin enforces its rules.
fn expected_profit(state: &mut State, setting: &Setting, origin: usize, capacity: f64) -> f64 {
    let capacity = capacity.max(1.0);
    let demand = state.institutions.broker_demand[origin].max(1.0);
    let fee = recruitment::broker_fee(state, setting, origin).max(0.01);
    let enforced = 1.0 - setting.parameters.adaptation.enforced * state.institutions.policy.partnership.origin_enforcement[origin];
    let profit = libm::log(demand / capacity * fee * enforced.max(0.01));
    against_usual(&mut state.institutions.usual_profit[origin], profit, state.month, setting.spin_up()).clamp(-1.0, 1.0)
}

/// What a recruiter from `origin` with room for `capacity` recruits a month works with at first, in W: half a year's fees.
#[must_use]
pub fn working_capital(country: &Country, origin: usize, capacity: f64) -> f32 {
    (6.0 * capacity * country.origins[origin].broker_fee) as f32
}

/// Successors take over what was removed and is due.
fn take_over(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.recruiters.vacant).into_iter().partition(|(due, _)| *due <= month);
    state.recruiters.vacant = later;
    let perception = Perception::of(state, setting);
    for (_, recruiter) in due {
        let draw = |decision: Decision| luck.uniform(Purpose::Recruiters, month, recruiter.0, decision);
        // A newcomer has caught nobody's fate yet, and knows no more of profit than that it is as it was at the start.
        set_risk(state, recruiter, setting.parameters.adaptation.prior_risk);
        state.recruiters.capital[recruiter] = state.recruiters.needed[recruiter];
        state.recruiters.active[recruiter] = draw(Decision::Active) < exploits(state, setting, &perception, recruiter, 0.0);
        state.recruiters.intensity[recruiter] = intensity(kind_of(state, setting, recruiter), draw(Decision::Intensity));
        state.recruiters.left[recruiter] = false;
    }
}

/// The share of recruits that an active recruiter of this kind exploits, at the quantile `u`: a power of a
/// uniform with the mean that the profile asks for.
#[must_use]
pub fn intensity(kind: Recruiters, u: f64) -> f32 {
    let mean = (kind.exploitative / kind.active.max(1e-9)).clamp(0.001, 0.999);
    skewed(mean, u) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// The circle of twenty learns, and nobody beyond it.
    #[test]
    fn an_arrest_teaches_the_circle() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.adaptation;
        (terms.own_arrest, terms.neighbour_arrest) = (0.4, 0.05);
        let mut state = state(&setting);
        state.institutions.desk.arrested_recruiters = vec![RecruiterId(1)];
        learn(&mut state, &setting);
        let raised = |recruiter: u32| (f64::from(state.recruiters.risk[RecruiterId(recruiter)]) - 0.02) / 0.98;
        assert!((raised(1) - 0.4).abs() < 1e-5);
        assert!((raised(0) - 0.05).abs() < 1e-5 && (raised(19) - 0.05).abs() < 1e-5);
        assert!(raised(20).abs() < 1e-5);
    }

    /// logit .5 + 1 * .5 - 2 * (2 - 1): perceived risk is twice what is usual.
    #[test]
    fn risk_deters_as_an_elasticity() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.adaptation;
        (terms.profit, terms.certainty) = (1.0, 2.0);
        let mut state = state(&setting);
        state.institutions.rest.recruiters = 0.01;
        let expected = 1.0 / (1.0 + libm::exp(-(0.5 - 2.0)));
        assert!((exploits(&state, &setting, &Perception::of(&state, &setting), RecruiterId(0), 0.5) - expected).abs() < 1e-6);
        setting.switches.deterrence = super::super::super::switches::Deterrence::None;
        assert!((exploits(&state, &setting, &Perception::of(&state, &setting), RecruiterId(0), 0.0) - 0.5).abs() < 1e-9);
    }

    /// Active recruiters exploit .2 / .5 of their recruits on the mean.
    #[test]
    fn intensity_has_the_profiles_mean() {
        let setting = setting(2);
        let kind = setting.country.informal;
        let n = 4000;
        let mean = (0..n).map(|i| f64::from(intensity(kind, luck().uniform(Purpose::Recruiters, 0, i, 0u16)))).sum::<f64>() / f64::from(n);
        assert!((mean - 0.4).abs() < 0.02, "{mean}");
    }
}
