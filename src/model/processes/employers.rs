//! Employers: they learn risk, change what they do to workers, close, are replaced.
//!
//! Rule 18 (see `risk`): an employer's own arrest and those of its cluster teach. Rule 7: an employer who reconsiders
//! goes deeper with lgt P = a + g * margin gap + n * (cluster mean - own) - s * (perceived risk against its rest) -
//! b * buyer pressure (exporters; a leak of it presses firms of the same sectors that serve the domestic market), moving the propensity by `step` of what
//! is left; a lies between the sector's propensity and the one with which this employer set up, by `habit`, so
//! that victims stay bunched with few employers. Rule 20: what was removed is replaced with the replacement itself, for what goods sell is
//! not in the model. All weights are assumed; that firms copy their neighbours and that buyers' pressure leaks follows the ILO's surveys of seafood.
//!
//! An agent of many copies learns from each arrest of one of them its part: what one of w copies learns raises the mean of all by one w-th.

use super::super::chance::{logit, sigmoid, skewed};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::employment::move_on;
use super::super::moves::exploitation::{Exit, record_exit};
use super::super::moves::posts::successor;
use super::super::risk::{Perception, pace, taught};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Whereabouts, tercile};
use super::super::state::employers::CLUSTER;
use super::super::state::ids::{EmployerId, PersonId};
use super::super::state::persons::BATCH;
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Reconsiders = 0,
    Deeper = 1,
    Closed = 2,
    Propensity = 5,
    Margin = 6,
    Goes = 7,
}

/// Lets employers adapt.
pub fn employers(state: &mut State, setting: &Setting, luck: &Luck) {
    learn(state, setting);
    sanction(state, luck);
    close_workplaces(state, setting, luck);
    let moved = reconsider(state, setting, luck);
    refresh_terciles(state, &moved);
    take_over(state, setting, luck);
    rest(state, setting);
}

fn set_risk(state: &mut State, employer: EmployerId, risk: f64) {
    state.employers.risk[employer] = risk as f32;
    state.employers.risk_month[employer] = state.month;
}

/// The perceived risk of `employer` falls by this part of what it is.
pub fn reassure(state: &mut State, perception: &Perception, employer: EmployerId, part: f64) {
    let risk = perception.now(state.employers.risk[employer], state.employers.risk_month[employer]);
    set_risk(state, employer, risk * (1.0 - part.min(1.0)));
}

/// Rule 18 for this month's arrests, and rule 36 for what inspectors found.
fn learn(state: &mut State, setting: &Setting) {
    let terms = &setting.parameters.adaptation;
    let pace = pace(state, setting);
    let perception = Perception::of(state, setting);
    let arrested = std::mem::take(&mut state.institutions.desk.arrested_employers).into_iter().map(|employer| (employer, 1.0));
    let fined = std::mem::take(&mut state.institutions.desk.fined);
    for (employer, lesson) in arrested.chain(fined) {
        let cluster = state.employers.cluster_of(employer);
        let copies = f64::from(state.employers.scale);
        // At full scale a cluster holds so many workplaces, and all but the one itself learn at second hand: spread over the agents here.
        let workplaces = cluster.len() as f64 * copies;
        let neighbours = workplaces.min(CLUSTER as f64) - 1.0;
        let spread = if state.employers.scale == 1 { 1.0 } else { neighbours / workplaces };
        for neighbour in cluster {
            let neighbour = EmployerId(neighbour as u32);
            let own = if neighbour == employer { terms.lo / copies } else { 0.0 };
            let second_hand = if neighbour == employer && state.employers.scale == 1 { 0.0 } else { terms.lp * spread };
            let known = perception.now(state.employers.risk[neighbour], state.employers.risk_month[neighbour]);
            let risk = taught(known, (own + second_hand) * lesson * pace);
            set_risk(state, neighbour, risk);
        }
    }
}

/// Where the perceived risk of each sector's employers came to rest: the mean at the end of the spin-up.
fn rest(state: &mut State, setting: &Setting) {
    if state.month < setting.spin_up() || state.month == 0 {
        let perception = Perception::of(state, setting);
        for sector in 0..setting.country.sectors.len() {
            let range = state.employers.of_sector(sector);
            let n = range.len().max(1) as f64;
            let sum: f64 = range.map(|i| perception.now(state.employers.risk[i], state.employers.risk_month[i])).sum();
            state.institutions.rest.employers[sector] = sum / n;
        }
    }
}

/// Administrative powers: workplaces where somebody exploited was found this month may be closed.
fn sanction(state: &mut State, luck: &Luck) {
    let policy = &state.institutions.policy;
    let share = policy.prosecution.closure * policy.national.law_closure_power;
    let exploited = state.institutions.desk.found.iter().filter(|found| found.exploited && found.by.at_workplace());
    let mut found: Vec<(EmployerId, u16)> = exploited.map(|found| (found.employer, found.copy)).collect();
    found.sort_unstable();
    found.dedup();
    for (employer, copy) in found.into_iter().filter(|(employer, _)| employer.known().is_some()) {
        let place = state.employers.workplace(employer, copy);
        if luck.happens(share, Purpose::Employers, state.month, place, Decision::Closed) {
            state.count_one(Indicator::Closures);
            state.institutions.desk.closing.push(employer);
        }
    }
}

/// Workplaces of the convicted and the closed: they stop, their workers move on, a successor may come.
fn close_workplaces(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut closing = std::mem::take(&mut state.institutions.desk.closing);
    closing.sort_unstable();
    if state.employers.scale == 1 {
        // A second conviction of the same one closes nothing.
        closing.dedup();
    }
    closing.retain(|employer| state.employers.at_work(*employer));
    let mut gone = Vec::new();
    let workers = state.persons.workers_of(&closing, state.employers.len());
    for (k, employer) in closing.iter().enumerate().filter(|(_, employer)| state.employers.at_work(**employer)).collect::<Vec<_>>() {
        let open = f64::from(state.employers.open[*employer]);
        // One person of each of the agent's workers belonged to the workplace that closes.
        for person in workers.iter().copied() {
            if state.persons.employer[person] != *employer {
                continue;
            }
            let u = luck.uniform(Purpose::Employers, state.month, state.persons.address(person), Decision::Goes.nth(k.min(60)));
            if u < state.persons.persons(person) / open {
                gone.push(state.persons.split(person, state.month));
            }
        }
        state.employers.close(*employer);
        let place = employer.0 | (u32::from(state.employers.open[*employer]) << 20);
        let delay = successor(setting, luck, state.month, place, 1.0);
        state.employers.vacant.extend(delay.map(|due| (due, *employer)));
        displace(state, setting, luck, &std::mem::take(&mut gone));
    }
}

fn displace(state: &mut State, setting: &Setting, luck: &Luck, gone: &[PersonId]) {
    for person in gone {
        let cell = state.persons.at(*person);
        state.count_persons(Indicator::DisplacedWorkers, *person);
        record_exit(state, *person, cell, Exit::Other);
        super::super::moves::custody::watch(state, *person, cell);
        move_on(state, setting, luck, *person, cell);
    }
}

/// Rule 7 for a third of employers each month, at three times the monthly rate. Returns those whose tercile
/// changed.
fn reconsider(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<EmployerId> {
    let terms = &setting.parameters.adaptation;
    let month = state.month;
    let means = cluster_means(state);
    let perception = Perception::of(state, setting);
    let buyers = state.institutions.pressure.buyers;
    let third = u32::from(month % 3);
    let mut decisions = Vec::new();
    for employer in (third..state.employers.len() as u32).step_by(3).map(EmployerId) {
        let draw = |decision: Decision| luck.uniform(Purpose::Employers, month, employer.0, decision);
        if draw(Decision::Reconsiders) >= 3.0 * terms.reconsider || !state.employers.at_work(employer) {
            continue;
        }
        let profile = &setting.country.sectors[usize::from(state.employers.sector[employer])];
        let own = f64::from(state.employers.propensity[employer]);
        let rest = state.institutions.rest.employers[usize::from(state.employers.sector[employer])];
        let deterred = perception.deters(perception.now(state.employers.risk[employer], state.employers.risk_month[employer]), rest);
        let gap = 0.5 - f64::from(state.employers.margin[employer]);
        let norm = means[state.employers.cluster[employer] as usize] - own;
        // What exporters are pressed out of leaks to firms of the same goods that serve the domestic market, in proportion to their numbers.
        let exporting = profile.exporters;
        let pressed = if state.employers.exports[employer] {
            -terms.b * buyers
        } else {
            terms.b * buyers * terms.leak * exporting / (1.0 - exporting).max(0.1)
        };
        let habit = (profile.propensity + terms.habit * (f64::from(state.employers.habit[employer]) - profile.propensity)).clamp(0.001, 0.999);
        let target = logit(habit) + terms.g * gap + terms.n * norm - terms.s * deterred + pressed;
        let deeper = draw(Decision::Deeper) < sigmoid(target);
        decisions.push((employer, if deeper { own + terms.step * (1.0 - own) } else { own - terms.step * own }));
    }
    let mut moved = Vec::new();
    for (employer, propensity) in decisions {
        if tercile(f64::from(state.employers.propensity[employer])) != tercile(f64::from(propensity as f32)) {
            moved.push(employer);
        }
        state.employers.set_propensity(employer, propensity as f32);
    }
    moved
}

/// Mean propensity of each norm cluster (a cluster is numbered by its first employer).
fn cluster_means(state: &State) -> Vec<f64> {
    let mut means = vec![0.0; state.employers.len()];
    let mut first = 0;
    while first < state.employers.len() {
        let cluster = state.employers.cluster_of(EmployerId(first as u32));
        let sum: f64 = state.employers.propensity[cluster.clone()].iter().map(|e| f64::from(*e)).sum();
        means[first] = sum / cluster.len() as f64;
        first = cluster.end;
    }
    means
}

/// The cells of workers follow their employer's tercile.
fn refresh_terciles(state: &mut State, moved: &[EmployerId]) {
    let workers = state.persons.workers_of(moved, state.employers.len());
    for batch in workers.chunks(BATCH) {
        state.persons.prefetch(batch.iter().copied());
        for person in batch.iter().copied() {
            let employer = state.persons.employer[person];
            let cell = state.persons.at(person);
            debug_assert_eq!(cell.whereabouts, Whereabouts::Working);
            let tercile = tercile(f64::from(state.employers.propensity[employer]));
            state.persons.change(person, Cell { tercile, ..cell }, state.month);
        }
    }
}

/// Successors take over what was removed and is due: a newcomer takes after the cluster, and believes what people believe who have heard of nobody. Of an agent of many
/// copies the mean moves by one of them.
fn take_over(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.employers.vacant).into_iter().partition(|(due, _)| *due <= month);
    state.employers.vacant = later;
    if due.is_empty() {
        return;
    }
    let means = cluster_means(state);
    let perception = Perception::of(state, setting);
    let mut moved = Vec::new();
    for (_, employer) in due {
        let draw = |decision: Decision| luck.uniform(Purpose::Employers, month, employer.0, decision);
        let mean = means[state.employers.cluster[employer] as usize].clamp(0.01, 0.99);
        let part = 1.0 / (f64::from(state.employers.open[employer]) + 1.0);
        let mix = |old: f64, new: f64| (old + part * (new - old)) as f32;
        let before = tercile(f64::from(state.employers.propensity[employer]));
        let newcomer = skewed(mean, draw(Decision::Propensity));
        let risk = perception.now(state.employers.risk[employer], state.employers.risk_month[employer]);
        let propensity = mix(f64::from(state.employers.propensity[employer]), newcomer);
        state.employers.set_propensity(employer, propensity);
        state.employers.habit[employer] = mix(f64::from(state.employers.habit[employer]), newcomer);
        state.employers.margin[employer] = mix(f64::from(state.employers.margin[employer]), draw(Decision::Margin));
        set_risk(state, employer, f64::from(mix(risk, setting.parameters.adaptation.prior_risk)));
        state.employers.open[employer] = (state.employers.open[employer] + 1).min(state.employers.scale);
        if tercile(f64::from(state.employers.propensity[employer])) != before {
            moved.push(employer);
        }
    }
    refresh_terciles(state, &moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// An arrest of one teaches a fixed number at any scale: the own lesson, and second-hand ones to thirty-nine neighbours.
    #[test]
    fn an_arrest_teaches_as_much_at_every_scale() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.adaptation;
        (terms.lo, terms.lp) = (0.4, 0.05);
        for scale in [1.0, 2.0, 5.0, 10.0] {
            setting.scale = scale;
            let mut state = state(&setting);
            state.institutions.desk.arrested_employers = vec![EmployerId(1)];
            learn(&mut state, &setting);
            // From .02 each lesson raises by its part of what is left.
            let lessons: f64 = state.employers.risk.iter().map(|risk| (f64::from(*risk) - 0.02) / 0.98 * scale).sum();
            assert!((lessons - (0.4 + 39.0 * 0.05)).abs() < 1e-3, "{lessons} at scale {scale}");
        }
    }

    /// Four of five copies are left and a fifth comes: a fifth of the way to what the newcomer brings.
    #[test]
    fn a_successor_moves_the_mean_by_one_of_the_copies() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        let employer = EmployerId(0);
        state.employers.close(employer);
        assert_eq!(state.employers.open[employer], 4);
        state.employers.propensity.fill(0.5);
        let newcomer = skewed(0.5, luck().uniform(Purpose::Employers, 0, 0, Decision::Propensity));
        state.employers.risk[employer] = 0.11;
        state.employers.vacant.push((0, employer));
        take_over(&mut state, &setting, &luck());
        assert_eq!(state.employers.open[employer], 5);
        assert!((f64::from(state.employers.propensity[employer]) - (0.5 + 0.2 * (newcomer - 0.5))).abs() < 1e-6);
        assert!((f64::from(state.employers.risk[employer]) - (0.11 + 0.2 * (0.01 - 0.11))).abs() < 1e-6);
    }

    /// A closed workplace loses one person of each of its workers, who are counted and look for other work.
    #[test]
    fn one_copy_that_closes_displaces_one_of_each() {
        let mut setting = setting(3);
        setting.scale = 5.0;
        setting.switches.replacement = false;
        let mut state = state(&setting);
        let workers = crate::model::testing::at_work(
            &mut state,
            3,
            EmployerId(0),
            super::super::super::state::cells::Legal::Mou,
            super::super::super::state::cells::Exploitation::None,
        );
        state.employers.vacancies.fill((0..state.employers.len()).map(|employer| if employer == 5 { 1.0 } else { 0.0 }));
        for sums in &mut state.employers.suiting {
            sums[0] = 1.0;
        }
        state.institutions.desk.closing = vec![EmployerId(0)];
        close_workplaces(&mut state, &setting, &luck());
        assert_eq!(state.employers.open[EmployerId(0)], 4);
        assert!((state.ledger.get(Indicator::DisplacedWorkers) - 3.0).abs() < 1e-12);
        assert!(workers.iter().all(|person| state.persons.weight(*person) == 4));
        assert_eq!((state.employers.workers[EmployerId(0)], state.employers.workers[EmployerId(5)]), (12, 3));
    }
}
