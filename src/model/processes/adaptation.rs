//! Adaptation: employers and recruiters learn risk, change tactic, enter, leave, are replaced, move.
//!
//! Rule 18: perceived risk p rises by lo (1 - p) with an own arrest, by lp (1 - p) with one in the own
//! cluster, and is forgotten at lf; strangers' arrests teach nothing. Rule 7: an employer who reconsiders
//! goes deeper with lgt P = a + g * margin gap + n * (cluster mean - own) - s * risk * penalty -
//! b * buyer pressure (exporters; a leak of it presses the others), moving the propensity by `step` of what
//! is left; a lies between the sector's propensity and the one with which this employer set up, by `habit`, so
//! that victims stay bunched with few employers. Rule 19: a recruiter stays exploitative with
//! lgt P = a + profit - p (1 + sigma * severity). Rule 20: what was removed is replaced toward demand: a recruiter
//! with 1 - (1 - replacement)^exp(expected profit), an employer with the replacement itself, for what goods sell is
//! not in the model. Rule 21: recruiters re-choose origin, sector and zone with inertia: each by its share at the start
//! times exp(displacement * expected profit), so that without displacement nobody is drawn anywhere. From an origin
//! profit is what brokers can ask of those who seek them, in a sector and zone it is the room for workers; both as
//! logarithms against their means over the first year, in which nobody expects more or less than that.

use super::super::Setting;
use super::super::country::{Country, Recruiters};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Cell, Whereabouts, tercile};
use super::super::state::employers::CLUSTER;
use super::super::state::persons::BATCH;
use super::super::state::{NEVER, NONE, State};
use super::super::switches::Deterrence;
use super::{Exit, by_draw, logit, pick, placement, record_exit, recruitment, sigmoid, skewed, work};
use crate::draws::{Luck, Purpose};

/// Risk of being caught that an employer or recruiter perceives at first.
pub const FIRST_RISK: f64 = 0.05;
/// Recruiters in one cluster.
const RECRUITER_CLUSTER: usize = 20;
/// Months at the start over which recruiters learn what profit is usual: all seasons, once.
const FIRST_YEAR: u16 = 12;

const RECONSIDERS: u16 = 0;
const DEEPER: u16 = 1;
const CLOSED: u16 = 2;
const REPLACED: u16 = 3;
const DELAY: u16 = 4;
const PROPENSITY: u16 = 5;
const MARGIN: u16 = 6;
const R_RECONSIDERS: u16 = 20;
const R_ACTIVE: u16 = 21;
const R_MOVES: u16 = 22;
const R_ORIGIN: u16 = 23;
const R_PLACE: u16 = 24;
const R_REPLACED: u16 = 26;
const R_DELAY: u16 = 27;
const R_INTENSITY: u16 = 28;
const R_INSPECTED: u16 = 29;
const R_FOUND: u16 = 30;
const R_REVOKED: u16 = 31;
const R_BAR: u16 = 32;

/// Lets employers and recruiters adapt.
pub fn adaptation(state: &mut State, setting: &Setting, luck: &Luck) {
    learn(state, setting);
    sanction(state, setting, luck);
    close_workplaces(state, setting, luck);
    let moved = reconsider_employers(state, setting, luck);
    refresh_terciles(state, &moved);
    license(state, setting, luck);
    reconsider_recruiters(state, setting, luck);
    recover(state, setting);
    take_over(state, setting, luck);
}

/// Rule 18 for this month's arrests.
fn learn(state: &mut State, setting: &Setting) {
    let terms = &setting.parameters.adaptation;
    let month = state.month;
    for employer in std::mem::take(&mut state.institutions.desk.arrested_employers) {
        let cluster = state.employers.cluster[employer as usize];
        for neighbour in cluster as usize..state.employers.len().min(cluster as usize + CLUSTER) {
            if state.employers.cluster[neighbour] == cluster {
                let lesson = if neighbour as u32 == employer { terms.lo } else { terms.lp };
                state.employers.learn(neighbour as u32, lesson, month, terms.lf);
            }
        }
    }
    for risk in &mut state.recruiters.risk {
        *risk *= (1.0 - terms.lf) as f32;
    }
    for recruiter in std::mem::take(&mut state.institutions.desk.arrested_recruiters) {
        let cluster = recruiter as usize / RECRUITER_CLUSTER * RECRUITER_CLUSTER;
        for neighbour in cluster..state.recruiters.len().min(cluster + RECRUITER_CLUSTER) {
            if state.recruiters.origin[neighbour] == state.recruiters.origin[recruiter as usize] {
                let lesson = if neighbour as u32 == recruiter { terms.lo } else { terms.lp };
                let risk = &mut state.recruiters.risk[neighbour];
                *risk += lesson as f32 * (1.0 - *risk);
            }
        }
    }
}

/// What deters at perceived risk `risk`: what has been learned, nothing, or the length of sentences alone.
fn deterrent(state: &State, setting: &Setting, risk: f64) -> f64 {
    let severity = (setting.parameters.justice.sentence + state.institutions.policy.national.law_penalty_years) / 10.0;
    let first = setting.parameters.justice.sentence / 10.0;
    let sigma = setting.parameters.adaptation.sigma;
    match setting.switches.deterrence {
        // Severity counts by what it adds to the sentences of the start.
        Deterrence::Learned => risk * (1.0 + sigma * (severity - first)),
        Deterrence::None => FIRST_RISK,
        Deterrence::Severity => FIRST_RISK * severity / first,
    }
}

/// Administrative powers: workplaces where victims were found this month may be closed.
fn sanction(state: &mut State, _setting: &Setting, luck: &Luck) {
    let policy = &state.institutions.policy;
    let share = policy.prosecution.closure * policy.national.law_closure_power;
    let mut found: Vec<u32> = state.institutions.desk.found.iter().map(|found| found.employer).filter(|employer| *employer != NONE).collect();
    found.sort_unstable();
    found.dedup();
    for employer in found {
        if luck.happens(share, Purpose::Adaptation, state.month, employer, CLOSED) {
            state.count_one(Indicator::Closures);
            state.institutions.desk.closing.push(employer);
        }
    }
}

/// Workplaces of the convicted and the closed: they stop, their workers move on, a successor may come.
fn close_workplaces(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut closing = std::mem::take(&mut state.institutions.desk.closing);
    closing.sort_unstable();
    closing.dedup();
    // A second conviction of somebody already closed closes nothing.
    closing.retain(|employer| state.employers.open(*employer, state.month));
    for employer in &closing {
        state.employers.close(*employer);
        let delay = successor(setting, luck, state.month, *employer, 1.0, [REPLACED, DELAY]);
        state.institutions.desk.vacant_employers.extend(delay.map(|due| (due, *employer)));
    }
    for person in state.persons.workers_of(&closing, state.employers.len()) {
        let cell = state.persons.at(person);
        state.count_one(Indicator::DisplacedWorkers);
        record_exit(state, person, cell, Exit::Other);
        work::move_on(state, setting, luck, person, cell);
    }
}

/// Rule 20: the month in which somebody takes over what was removed, if anybody does; `demand` is one where it is as usual.
fn successor(setting: &Setting, luck: &Luck, month: u16, entity: u32, demand: f64, [replaced, delay]: [u16; 2]) -> Option<u16> {
    let terms = &setting.parameters.adaptation;
    let chance = 1.0 - libm::pow(1.0 - terms.replacement, demand);
    let comes = setting.switches.replacement && luck.happens(chance, Purpose::Adaptation, month, entity, replaced);
    comes.then(|| {
        let months = terms.replacement_months * (0.5 + luck.uniform(Purpose::Adaptation, month, entity, delay));
        month.saturating_add((months.round() as u16).max(1))
    })
}

/// Takes `recruiter` out of business; a successor may come.
pub fn remove_recruiter(state: &mut State, setting: &Setting, luck: &Luck, recruiter: u32) {
    state.recruiters.leave(recruiter);
    let demand = libm::exp(state.institutions.profit[usize::from(state.recruiters.origin[recruiter as usize])]);
    let delay = successor(setting, luck, state.month, recruiter, demand, [R_REPLACED, R_DELAY]);
    state.institutions.desk.vacant_recruiters.extend(delay.map(|due| (due, recruiter)));
}

/// Rule 7 for a third of employers each month, at three times the monthly rate. Returns those whose tercile
/// changed.
fn reconsider_employers(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<u32> {
    let terms = &setting.parameters.adaptation;
    let month = state.month;
    let means = cluster_means(state);
    let buyers = state.institutions.pressure.buyers;
    let exporters: f64 = setting.country.sectors.iter().map(|sector| sector.exporters * sector.migrants).sum::<f64>();
    let all: f64 = setting.country.sectors.iter().map(|sector| sector.migrants).sum();
    let exporting = exporters / all.max(1.0);
    // What is left of a risk after so many months, as in `risk_now`: one power a month, not one an employer.
    let remembered: Vec<f64> = (0..=month).map(|months| libm::pow(1.0 - terms.lf, f64::from(months))).collect();
    let third = u32::from(month % 3);
    let mut decisions = Vec::new();
    for employer in (0..state.employers.len() as u32).filter(|employer| employer % 3 == third) {
        let i = employer as usize;
        let draw = |decision| luck.uniform(Purpose::Adaptation, month, employer, decision);
        if draw(RECONSIDERS) >= 3.0 * terms.reconsider || !state.employers.open(employer, month) {
            continue;
        }
        let own = f64::from(state.employers.propensity[i]);
        let risk = deterrent(state, setting, f64::from(state.employers.risk[i]) * remembered[usize::from(month - state.employers.risk_month[i])]);
        let gap = 0.5 - f64::from(state.employers.margin[i]);
        let norm = means[state.employers.cluster[i] as usize] - own;
        // What exporters are pressed out of leaks to the others, in proportion to their numbers.
        let pressed =
            if state.employers.exports[i] { -terms.b * buyers } else { terms.b * buyers * terms.leak * exporting / (1.0 - exporting).max(0.1) };
        let usual = setting.country.sectors[usize::from(state.employers.sector[i])].propensity;
        let habit = (usual + terms.habit * (f64::from(state.employers.habit[i]) - usual)).clamp(0.001, 0.999);
        let target = logit(habit) + terms.g * gap + terms.n * norm - terms.s * (risk - FIRST_RISK) + pressed;
        let deeper = draw(DEEPER) < sigmoid(target);
        decisions.push((employer, if deeper { own + terms.step * (1.0 - own) } else { own - terms.step * own }));
    }
    let mut moved = Vec::new();
    for (employer, propensity) in decisions {
        let i = employer as usize;
        if tercile(f64::from(state.employers.propensity[i])) != tercile(f64::from(propensity as f32)) {
            moved.push(employer);
        }
        state.employers.propensity[i] = propensity as f32;
        state.employers.weight[i] = inspection_weight(setting, &state.employers, i) as f32;
    }
    moved
}

/// Rule 9: the weight of an employer in the choice of inspections.
#[must_use]
pub fn inspection_weight(setting: &Setting, employers: &super::super::state::employers::Employers, employer: usize) -> f64 {
    let terms = &setting.parameters.contact;
    let formality = setting.country.sectors[usize::from(employers.sector[employer])].formality;
    let size = libm::pow(f64::from(employers.size[employer]), terms.size_weight);
    size * formality * libm::pow(f64::from(employers.propensity[employer]).max(0.01), terms.risk_weight)
}

/// Mean propensity of each norm cluster (a cluster is numbered by its first employer).
fn cluster_means(state: &State) -> Vec<f64> {
    let mut means = vec![0.0; state.employers.len()];
    let mut first = 0;
    while first < state.employers.len() {
        let cluster = state.employers.cluster[first];
        let end = (first..state.employers.len()).take(CLUSTER).take_while(|i| state.employers.cluster[*i] == cluster).count() + first;
        let sum: f64 = state.employers.propensity[first..end].iter().map(|e| f64::from(*e)).sum();
        means[first] = sum / (end - first) as f64;
        first = end;
    }
    means
}

/// The cells of workers follow their employer's tercile.
fn refresh_terciles(state: &mut State, moved: &[u32]) {
    let workers = state.persons.workers_of(moved, state.employers.len());
    for batch in workers.chunks(BATCH) {
        state.persons.fetch(batch.iter().copied());
        for person in batch.iter().copied() {
            let employer = state.persons.employer[person as usize] as usize;
            let cell = state.persons.at(person);
            debug_assert_eq!(cell.whereabouts, Whereabouts::Working);
            let tercile = tercile(f64::from(state.employers.propensity[employer]));
            state.persons.change(person, Cell { tercile, ..cell }, state.month);
        }
    }
}

/// Licensed recruiters are inspected and may lose their licence; under a high bar some turn informal, and
/// under a low one they come back.
fn license(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let policy = state.institutions.policy;
    let licensed =
        (0..state.recruiters.len() as u32).filter(|recruiter| state.recruiters.licensed[*recruiter as usize] && state.recruiters.at_work(*recruiter));
    let queue = by_draw(licensed, |recruiter| luck.uniform(Purpose::Adaptation, month, *recruiter, R_INSPECTED));
    for recruiter in queue.into_iter().take(state.institutions.capacity.agencies) {
        let draw = |decision| luck.uniform(Purpose::Adaptation, month, recruiter, decision);
        if draw(R_FOUND) < state.recruiters.share(recruiter) && draw(R_REVOKED) < policy.prosecution.licence_revocation {
            state.count_one(Indicator::LicencesSuspended);
            remove_recruiter(state, setting, luck, recruiter);
        }
    }
    let bar = policy.prevention.licence_bar;
    let leave = setting.parameters.adaptation.bar_exit * bar;
    let enter = setting.parameters.adaptation.bar_exit * (1.0 - bar);
    for recruiter in 0..state.recruiters.len() as u32 {
        let i = recruiter as usize;
        if state.recruiters.licensed_slot[i] && state.recruiters.at_work(recruiter) {
            let rate = if state.recruiters.licensed[i] { leave } else { enter };
            state.recruiters.licensed[i] ^= luck.happens(rate, Purpose::Adaptation, month, recruiter, R_BAR);
        }
    }
}

/// Rules 19 and 21 for recruiters who reconsider.
fn reconsider_recruiters(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.adaptation;
    let month = state.month;
    state.institutions.profit = (0..setting.country.origins.len()).map(|origin| expected_profit(state, setting, origin)).collect();
    let drawn = setting.country.origins.iter().zip(&state.institutions.profit);
    let softmax: Vec<f64> = drawn.map(|(origin, profit)| origin.home * origin.departure * libm::exp(terms.displacement * profit)).collect();
    let places = places(state, setting);
    for recruiter in 0..state.recruiters.len() as u32 {
        let i = recruiter as usize;
        let draw = |decision| luck.uniform(Purpose::Adaptation, month, recruiter, decision);
        if draw(R_RECONSIDERS) >= terms.reconsider || !state.recruiters.at_work(recruiter) {
            continue;
        }
        let profit = state.institutions.profit[usize::from(state.recruiters.origin[i])];
        state.recruiters.active[i] = draw(R_ACTIVE) < exploits(state, setting, recruiter, profit);
        if draw(R_MOVES) >= terms.inertia {
            state.recruiters.origin[i] = pick(&softmax, draw(R_ORIGIN)) as u8;
            let zones = setting.country.zones.len();
            let place = pick(&places, draw(R_PLACE));
            state.recruiters.sector[i] = (place / zones) as u8;
            state.recruiters.zone[i] = (place % zones) as u8;
        }
    }
}

/// Rule 21: the weight of each zone of each sector in a recruiter's choice, sector by sector.
fn places(state: &mut State, setting: &Setting) -> Vec<f64> {
    let mut weights = Vec::new();
    for (sector, profile) in setting.country.sectors.iter().enumerate() {
        for (zone, share) in profile.zones.iter().enumerate() {
            // One more worker than there is room for, so that a place without any can be told from others too.
            let room = libm::log(1.0 + placement::vacancies_in(state, sector, zone));
            let usual = &mut state.institutions.usual_room[weights.len()];
            let profit = against_usual(usual, room, state.month);
            weights.push(profile.migrants * share * libm::exp(setting.parameters.adaptation.displacement * profit));
        }
    }
    weights
}

/// How far `now` lies above what is `usual`, within [-1, 1]: the mean over the first year, in which it is nothing.
fn against_usual(usual: &mut f64, now: f64, month: u16) -> f64 {
    if month < FIRST_YEAR {
        *usual += (now - *usual) / f64::from(month + 1);
        return 0.0;
    }
    (now - *usual).clamp(-1.0, 1.0)
}

/// What the profile says of recruiters of this one's kind.
fn kind_of(state: &State, setting: &Setting, recruiter: u32) -> Recruiters {
    if state.recruiters.licensed[recruiter as usize] { setting.country.licensed } else { setting.country.informal }
}

/// Rule 19: the chance that `recruiter` exploits, at this expected profit.
fn exploits(state: &State, setting: &Setting, recruiter: u32, profit: f64) -> f64 {
    let terms = &setting.parameters.adaptation;
    let constant = logit(kind_of(state, setting, recruiter).active.clamp(0.001, 0.999)) + terms.certainty * FIRST_RISK;
    let risk = deterrent(state, setting, f64::from(state.recruiters.risk[recruiter as usize]));
    sigmoid(constant + terms.profit * profit - terms.certainty * risk)
}

/// How much more a recruiter may expect from `origin` than is usual, as a logarithm within [-1, 1]: brokers
/// asked by more than they can carry, at a dearer fee; less where the origin enforces its rules.
fn expected_profit(state: &mut State, setting: &Setting, origin: usize) -> f64 {
    let capacity = recruitment::capacity(state, origin, recruitment::Kind::Informal).max(1.0);
    let demand = state.institutions.broker_demand[origin].max(1.0);
    let fee = recruitment::broker_fee(state, setting, origin).max(0.01);
    let enforced = 1.0 - setting.parameters.adaptation.enforced * state.institutions.policy.partnership.origin_enforcement[origin];
    let profit = libm::log(demand / capacity * fee * enforced.max(0.01));
    against_usual(&mut state.institutions.usual_profit[origin], profit, state.month)
}

/// What a recruiter from `origin` with room for `capacity` recruits a month works with at first, in W: half a year's fees.
#[must_use]
pub fn working_capital(country: &Country, origin: usize, capacity: f64) -> f32 {
    (6.0 * capacity * country.origins[origin].broker_fee) as f32
}

/// Rule 24: seized capital is rebuilt.
fn recover(state: &mut State, setting: &Setting) {
    let months = setting.parameters.justice.recovery;
    for bitten in &mut state.recruiters.bitten {
        *bitten *= (1.0 - 1.0 / months).max(0.0) as f32;
    }
}

/// Successors take over what was removed and is due.
fn take_over(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let due = |list: &mut Vec<(u16, u32)>| {
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(list).into_iter().partition(|(due, _)| *due <= month);
        *list = later;
        now
    };
    let employers = due(&mut state.institutions.desk.vacant_employers);
    let recruiters = due(&mut state.institutions.desk.vacant_recruiters);
    let means = if employers.is_empty() { Vec::new() } else { cluster_means(state) };
    for (_, employer) in employers.into_iter().filter(|(_, employer)| !state.employers.open(*employer, month)).collect::<Vec<_>>() {
        let i = employer as usize;
        let draw = |decision| luck.uniform(Purpose::Adaptation, month, employer, decision);
        // A newcomer takes after the cluster.
        let mean = means[state.employers.cluster[i] as usize].clamp(0.01, 0.99);
        state.employers.propensity[i] = skewed(mean, draw(PROPENSITY)) as f32;
        state.employers.habit[i] = state.employers.propensity[i];
        state.employers.margin[i] = draw(MARGIN) as f32;
        state.employers.risk[i] = FIRST_RISK as f32;
        state.employers.risk_month[i] = month;
        state.employers.inspected[i] = NEVER;
        state.employers.closed_until[i] = month;
        state.employers.protector[i] = NONE;
        state.employers.generation[i] = state.employers.generation[i].wrapping_add(1);
        state.employers.weight[i] = inspection_weight(setting, &state.employers, i) as f32;
    }
    for (_, recruiter) in recruiters {
        let i = recruiter as usize;
        let draw = |decision| luck.uniform(Purpose::Adaptation, month, recruiter, decision);
        // A newcomer has caught nobody's fate yet, and knows no more of profit than that it is as it was at the start.
        state.recruiters.risk[i] = FIRST_RISK as f32;
        let origin = usize::from(state.recruiters.origin[i]);
        state.recruiters.capital[i] = working_capital(&setting.country, origin, f64::from(state.recruiters.capacity[i]));
        state.recruiters.active[i] = draw(R_ACTIVE) < exploits(state, setting, recruiter, 0.0);
        state.recruiters.intensity[i] = intensity(kind_of(state, setting, recruiter), draw(R_INTENSITY));
        state.recruiters.bitten[i] = 0.0;
        state.recruiters.protector[i] = NONE;
        state.recruiters.vacant[i] = false;
    }
}

/// The share of recruits that an active recruiter of this kind exploits, at the quantile `u`: a power of a
/// uniform with the mean that the profile asks for.
#[must_use]
pub fn intensity(kind: Recruiters, u: f64) -> f32 {
    let mean = (kind.exploitative / kind.active.max(1e-9)).clamp(0.001, 0.999);
    skewed(mean, u) as f32
}
