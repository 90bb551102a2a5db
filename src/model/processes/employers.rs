//! Employers: they learn risk, change what they do to workers, close, are replaced.
//!
//! Rule 18 (see `risk`): an employer's own arrest and those of its cluster teach. Rule 7: an employer who reconsiders
//! goes deeper with lgt P = a + g * (margin gap + what shocks have taken of the sector's margins) + n * (cluster mean - own) - s * (perceived risk against its rest) +
//! shortage * (places the sector cannot fill, against what is usual: who is short of hands holds on to those there are, and who finds
//! others easily less) -
//! b * buyer pressure (exporters; a leak of it presses firms of the same sectors that serve the domestic market), moving the propensity by `step` of what
//! is left; a lies between the sector's propensity and the one with which this employer set up, by `habit`, so
//! that victims stay bunched with few employers. Rule 20: a place that is closed is carried on by kin or partners who work as
//! the one before and know what became of them, with `replacement`; the others are let in the end to newcomers of the cluster's kind, for what goods
//! sell is not in the model. All weights are assumed; that firms copy their neighbours and that buyers' pressure leaks follows the ILO's surveys of seafood.
//!
//! What befalls one of the w copies of an agent befalls all of them with one w-th of the chance, so that employers differ as much at every scale: what deters
//! is no straight line, and w small lessons would deter more than a large one.

use super::super::chance::{logit, sigmoid, skewed};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::employment::move_on;
use super::super::moves::exploitation::{Exit, record_exit};
use super::super::moves::posts::{due, successor};
use super::super::risk::{Perception, against_usual, pace, settled, settles, taught};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Whereabouts, tercile};
use super::super::state::employers::{CLUSTER, Vacant};
use super::super::state::ids::{EmployerId, PersonId};
use super::super::state::persons::BATCH;
use crate::draws::{Luck, Purpose, copy_of, decisions};

decisions! {
    Reconsiders = 0,
    Deeper = 1,
    Closed = 2,
    Propensity = 5,
    Margin = 6,
    Goes = 7,
    Hears = 8,
    WhichCopy = 9,
    Let = 10,
    Calms = 11,
}

/// Lets employers adapt.
pub fn employers(state: &mut State, setting: &Setting, luck: &Luck) {
    learn(state, setting, luck);
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

/// A visit to the copy `copy` of `employer` reassures: the perceived risk falls by this part of what it is. Of an agent's copies this is the one that
/// stands for all with one chance in so many.
pub fn reassure(state: &mut State, setting: &Setting, luck: &Luck, perception: &Perception, employer: EmployerId, copy: u16, part: f64) {
    let one = 1.0 / f64::from(state.employers.open[employer].max(1));
    if luck.happens(one, Purpose::Employers, state.month, state.employers.workplace(employer, copy), Decision::Calms) {
        let risk = perception.of_employer(&state.employers, employer);
        set_risk(state, employer, risk * (1.0 - (part * pace(state, setting)).min(1.0)));
    }
}

/// Rule 18 for this month's arrests, and rule 36 for what inspectors found. At full scale a cluster holds [`CLUSTER`] workplaces, and all but the one itself
/// learn at second hand; of clusters of agents each learns with the chance that one of its copies is among them.
fn learn(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.adaptation;
    let pace = pace(state, setting);
    let perception = Perception::of(state, setting);
    let arrested = std::mem::take(&mut state.institutions.desk.arrested_employers).into_iter().map(|employer| (employer, 1.0));
    let fined = std::mem::take(&mut state.institutions.desk.fined);
    let mut lessons: Vec<(EmployerId, f64)> = arrested.chain(fined).collect();
    lessons.sort_by(|(one, a), (other, b)| one.cmp(other).then(b.total_cmp(a)));
    let copies = f64::from(state.employers.scale);
    for same in lessons.chunk_by(|(one, _), (other, _)| one == other) {
        let employer = same[0].0;
        let cluster = state.employers.cluster_of(employer);
        let workplaces = cluster.len() as f64 * copies;
        let spread = (workplaces.min(CLUSTER as f64) - 1.0) / (workplaces - 1.0).max(1.0);
        for (k, (_, lesson)) in same.iter().enumerate() {
            for neighbour in cluster.clone().map(|place| EmployerId(place as u32)) {
                let u = luck.uniform(Purpose::Employers, state.month, copy_of(neighbour.0, employer.0 + 1), Decision::Hears.nth(k));
                let own = if neighbour == employer { 1.0 / copies } else { 0.0 };
                let taught_by = match u {
                    u if u < own => terms.own_arrest,
                    u if u < own + (1.0 - own) * spread => terms.neighbour_arrest,
                    _ => continue,
                };
                let known = perception.of_employer(&state.employers, neighbour);
                set_risk(state, neighbour, taught(known, taught_by * lesson * pace));
            }
        }
    }
}

/// Where the perceived risk of each sector's employers comes to rest in the spin-up.
fn rest(state: &mut State, setting: &Setting) {
    if settles(state.month, setting.spin_up()) {
        let perception = Perception::of(state, setting);
        for sector in 0..setting.country.sectors.len() {
            let range = state.employers.of_sector(sector);
            let n = range.len().max(1) as f64;
            let sum: f64 = range.map(|i| perception.now(state.employers.risk[i], state.employers.risk_month[i])).sum();
            let rest = &mut state.institutions.rest.employers[sector];
            *rest = settled(*rest, sum / n, state.month, setting.spin_up());
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
        let kin = successor(setting, luck, state.month, place, 1.0);
        let due = kin.or_else(|| newcomer(setting, luck, state.month, place));
        state.employers.vacant.extend(due.map(|due| Vacant { due, employer: *employer, kin: kin.is_some() }));
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
    let short = shortages(state, setting);
    let lost = state.institutions.pressure.margins;
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
        let deterred = perception.deters(perception.of_employer(&state.employers, employer), rest);
        let gap = 0.5 - f64::from(state.employers.margin[employer]) + lost.get(usize::from(state.employers.sector[employer])).copied().unwrap_or(0.0);
        let norm = means[state.employers.cluster[employer] as usize] - own;
        // What exporters are pressed out of leaks to firms of the same goods that serve the domestic market, in proportion to their numbers.
        let exporting = profile.exporters;
        let pressed = if state.employers.exports[employer] {
            -terms.buyer_weight * buyers
        } else {
            terms.buyer_weight * buyers * terms.leak * exporting / (1.0 - exporting).max(0.1)
        };
        let habit = (profile.propensity + terms.habit * (f64::from(state.employers.habit[employer]) - profile.propensity)).clamp(0.001, 0.999);
        let target = logit(habit) + terms.margin_weight * gap + terms.norm_weight * norm - terms.risk_weight * deterred
            + pressed
            + terms.shortage * short[usize::from(state.employers.sector[employer])];
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

/// What share of the places of each sector that its trade could use nobody fills, above what is usual.
fn shortages(state: &mut State, setting: &Setting) -> Vec<f64> {
    let of = |sector: usize| {
        let (wanted, workers) = state.employers.of_sector(sector).fold((0.0, 0.0), |(wanted, workers), place| {
            let employer = EmployerId(place as u32);
            (wanted + state.employers.wanted(employer), workers + f64::from(state.employers.workers[employer]))
        });
        state.institutions.pressure.demand - workers / f64::max(wanted, 1.0)
    };
    let now: Vec<f64> = (0..setting.country.sectors.len()).map(of).collect();
    let usual = state.institutions.usual_shortage.iter_mut();
    usual.zip(now).map(|(usual, now)| against_usual(usual, now, state.month, setting.spin_up())).collect()
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

/// Rule 20: the month in which a newcomer sets up where nobody carried on, if anybody ever does.
fn newcomer(setting: &Setting, luck: &Luck, month: u16, place: u32) -> Option<u16> {
    let u = luck.uniform(Purpose::Employers, month, place, Decision::Let);
    setting.switches.replacement.then(|| due(month, setting.parameters.adaptation.newcomer_months, u))
}

/// Places that were closed and are due open again: kin go on as before; a newcomer takes after the cluster, and believes what people believe who have heard
/// of nobody.
fn take_over(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.employers.vacant).into_iter().partition(|vacant| vacant.due <= month);
    state.employers.vacant = later;
    let newcomers = due.iter().filter(|vacant| !vacant.kin).count();
    let means = if newcomers > 0 { cluster_means(state) } else { vec![] };
    let mut moved = Vec::new();
    for Vacant { employer, kin, .. } in due {
        state.employers.open[employer] = (state.employers.open[employer] + 1).min(state.employers.scale);
        let place = state.employers.workplace(employer, state.employers.open[employer] - 1);
        let draw = |decision: Decision| luck.uniform(Purpose::Employers, month, place, decision);
        if kin || draw(Decision::WhichCopy) * f64::from(state.employers.open[employer]) >= 1.0 {
            continue;
        }
        let mean = means[state.employers.cluster[employer] as usize].clamp(0.01, 0.99);
        let before = tercile(f64::from(state.employers.propensity[employer]));
        let propensity = skewed(mean, draw(Decision::Propensity)) as f32;
        state.employers.set_propensity(employer, propensity);
        state.employers.habit[employer] = propensity;
        state.employers.margin[employer] = draw(Decision::Margin) as f32;
        set_risk(state, employer, setting.parameters.adaptation.prior_risk);
        if tercile(f64::from(propensity)) != before {
            moved.push(employer);
        }
    }
    refresh_terciles(state, &moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::{Exploitation, Legal};
    use crate::model::state::institutions::{Found, FoundBy};
    use crate::model::testing::{luck, setting, state};

    /// An arrest of one teaches a fixed number at any scale: the own lesson, and second-hand ones to thirty-nine neighbours; each is as large as at full scale.
    #[test]
    fn an_arrest_teaches_as_much_at_every_scale() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.adaptation;
        (terms.own_arrest, terms.neighbour_arrest) = (0.4, 0.05);
        for scale in [1.0, 2.0, 5.0, 10.0] {
            setting.scale = scale;
            let months = if scale > 1.0 { 400 } else { 1 };
            let (mut told, mut squares) = (0.0, 0.0);
            for month in 0..months {
                let mut state = state(&setting);
                state.month = month;
                state.employers.risk_month.fill(month);
                state.institutions.desk.arrested_employers = vec![EmployerId(1)];
                learn(&mut state, &setting, &luck());
                // From .02 each lesson raises by its part of what is left.
                let lessons: Vec<f64> = state.employers.risk.iter().map(|risk| (f64::from(*risk) - 0.02) / 0.98).collect();
                assert!(lessons.iter().all(|lesson| [0.0, 0.05, 0.4].iter().any(|known| (lesson - known).abs() < 1e-5)), "{lessons:?}");
                let sum = lessons.iter().sum::<f64>() * scale;
                told += sum;
                squares += sum * sum;
            }
            let n = f64::from(months);
            let error = (((squares - told * told / n) / n).max(0.0) / n).sqrt();
            assert!((told / n - (0.4 + 39.0 * 0.05)).abs() < 4.0 * error + 1e-3, "{} at scale {scale}", told / n);
        }
    }

    /// A fifth of the places is usually free; when a tenth more is, the shortage is a tenth, and a slump that needs a tenth fewer takes it away again.
    #[test]
    fn a_shortage_is_what_is_missing_beyond_the_usual() {
        let mut setting = setting(2);
        let mut state = state(&setting);
        let staff = |state: &mut State, share: f64| {
            for employer in state.employers.all() {
                state.employers.workers[employer] = (share * 100.0) as u32;
                state.employers.size[employer] = 100.0;
            }
        };
        setting.country.spin_up = 1;
        staff(&mut state, 0.8);
        assert!(shortages(&mut state, &setting)[0].abs() < 1e-12);
        state.month = 1;
        staff(&mut state, 0.7);
        assert!((shortages(&mut state, &setting)[0] - 0.1).abs() < 1e-12);
        state.institutions.pressure.demand = 0.9;
        assert!(shortages(&mut state, &setting)[0].abs() < 1e-12);
    }

    /// Kin go on as before. Of five copies that newcomers took one is the agent's each time, which then is as the newcomer is.
    #[test]
    fn kin_go_on_and_newcomers_bring_their_own_ways() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let employer = EmployerId(0);
        let mut changed = 0;
        for (months, kin) in [(1, true), (400, false)] {
            for month in 0..months {
                let mut state = state(&setting);
                state.month = month;
                state.employers.propensity.fill(0.5);
                state.employers.risk[employer] = 0.11;
                state.employers.close(employer);
                state.employers.vacant.push(Vacant { due: month, employer, kin });
                take_over(&mut state, &setting, &luck());
                assert_eq!(state.employers.open[employer], 5);
                let new = (state.employers.risk[employer] - 0.01).abs() < 1e-6;
                assert!(new || (state.employers.risk[employer], state.employers.propensity[employer]) == (0.11, 0.5));
                changed += i32::from(new);
                assert!(!(kin && new), "kin know");
            }
        }
        assert!((f64::from(changed) - 80.0).abs() < 4.0 * (400.0_f64 * 0.2 * 0.8).sqrt(), "{changed}");
    }

    /// Who is not carried on is let later, and nobody is where nothing is replaced.
    #[test]
    fn newcomers_take_their_time() {
        let mut setting = setting(2);
        setting.parameters.adaptation.newcomer_months = 24.0;
        let due: Vec<u16> = (0..400).filter_map(|place| newcomer(&setting, &luck(), 3, place)).collect();
        assert!(due.len() == 400 && due.iter().all(|month| (15..=39).contains(month)));
        setting.switches.replacement = false;
        assert_eq!(newcomer(&setting, &luck(), 3, 0), None);
    }

    /// Certain powers close the workplace where contact found somebody exploited; not where a surge did, nor where nobody was.
    #[test]
    fn only_workplaces_of_victims_whom_contact_found_are_closed() {
        let setting = setting(2);
        let mut state = state(&setting);
        state.institutions.policy.prosecution.closure = 1.0;
        state.institutions.policy.national.law_closure_power = 1.0;
        let person = crate::model::testing::at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        let found = |employer: u32, exploited: bool, by: FoundBy| Found {
            person,
            employer: EmployerId(employer),
            copy: 0,
            exploited,
            by,
            sector: 0,
            zone: 0,
        };
        state.institutions.desk.found = vec![found(0, true, FoundBy::Surge), found(1, false, FoundBy::Contact), found(2, true, FoundBy::Contact)];
        sanction(&mut state, &luck());
        assert_eq!(state.institutions.desk.closing, [EmployerId(2)]);
        assert!((state.ledger.get(Indicator::Closures) - 1.0).abs() < 1e-12);
    }

    /// A closed workplace loses one person of each of its workers, who are counted and look for other work.
    #[test]
    fn one_copy_that_closes_displaces_one_of_each() {
        let mut setting = setting(3);
        setting.scale = 5.0;
        setting.switches.replacement = false;
        let mut state = state(&setting);
        let workers = crate::model::testing::at_work(&mut state, 3, EmployerId(0), Legal::Mou, Exploitation::None);
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

    /// Where half of the fields export, foreign buyers press domestic ones deeper and leave venues, which sell nothing that they buy, as they were.
    #[test]
    fn buyers_press_the_goods_that_they_buy() {
        let mut setting = setting(60);
        setting.country.sectors[0].exporters = 0.5;
        let terms = &mut setting.parameters.adaptation;
        (terms.reconsider, terms.step, terms.buyer_weight, terms.leak, terms.habit) = (0.3, 0.3, 2.0, 1.0, 0.5);
        let deep = |buyers: f64| {
            let mut state = state(&setting);
            state.institutions.pressure.buyers = buyers;
            for month in 0..60 {
                state.month = month;
                reconsider(&mut state, &setting, &luck());
            }
            let sum = |sector: u8, exports: bool| {
                let those = state.employers.all().filter(|one| state.employers.sector[*one] == sector && state.employers.exports[*one] == exports);
                those.map(|one| f64::from(state.employers.propensity[one])).sum::<f64>()
            };
            [sum(0, true), sum(0, false), sum(1, false)]
        };
        let ([exporting, domestic, venues], [pressed, leaked_to, untouched]) = (deep(0.0), deep(1.0));
        assert!(pressed < exporting && leaked_to > domestic, "{pressed} of {exporting}, {leaked_to} of {domestic}");
        assert!((untouched - venues).abs() < 1e-12, "{untouched} of {venues}");
    }
}
