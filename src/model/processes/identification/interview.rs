//! The formal interview and what follows it (rule 13), and those who are found without one: in a surge, and by a mega-case.

use super::super::super::chance::{binomial, by_draw, sigmoid};
use super::super::super::country::{Agency, SectorKind, ShockKind};
use super::super::super::disclosure::disclosure_logit;
use super::super::super::ledgers::indicators::Indicator;
use super::super::super::moves::custody::detain;
use super::super::super::moves::exploitation::retaliate;
use super::super::super::setting::Setting;
use super::super::super::state::State;
use super::super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::super::super::state::communities::Outcome;
use super::super::super::state::ids::PersonId;
use super::super::super::state::institutions::{Found, FoundBy};
use super::super::super::state::lists::Keeper;
use super::{Decision, Flagged, skill, wrong};
use crate::draws::{Luck, Purpose};

/// Rule 35: the social worker who interviews somebody in `cell`: how well the unit recognises, whether this one is trained, and
/// whether this one is complicit and stops the case.
fn interviewer(state: &State, setting: &Setting, luck: &Luck, address: u32, cell: Cell) -> (f64, bool, bool) {
    let unit = state.officials.unit(Agency::Social, cell.zone);
    let draw = |decision: Decision| luck.uniform(Purpose::Identification, state.month, address, decision);
    let one = state.officials.one_of(unit, draw(Decision::Interviewer));
    let complicit = one.is_some_and(|one| state.officials.complicit[one]);
    let trained = one.is_some_and(|one| state.officials.fresh(one, state.month));
    (skill(state, unit), trained, complicit && draw(Decision::Stopped) < setting.parameters.complicity.blocks)
}

/// Rule 13: the formal interview, by a social worker of the zone.
pub(super) fn interview(state: &mut State, setting: &Setting, luck: &Luck, flagged: &[Flagged]) {
    let terms = &setting.parameters.identification;
    let policy = state.institutions.policy.protection;
    let load = flagged.len() as f64 / setting.country.officials[Agency::Social as usize].count.max(1.0);
    let attended = if load > terms.interviews { terms.interviews / load } else { 1.0 };
    for file in flagged {
        let person = file.person;
        let cell = state.persons.at(person);
        if !matches!(cell.whereabouts, Whereabouts::Working) {
            continue;
        }
        let address = state.persons.address(person);
        let month = state.month;
        let draw = |decision: Decision| luck.uniform(Purpose::Identification, month, address, decision);
        let exploited = cell.exploitation == Exploitation::Forced;
        let days = policy.reflection_days.min(30.0);
        let willing =
            file.reported || draw(Decision::Willing) < sigmoid(disclosure_logit(state, setting, person, cell) + terms.disclosure_reflection * days);
        let (skill, trained, blocked) = interviewer(state, setting, luck, address, cell);
        // An untrained social worker is one all the same: half of what training adds to recognition is part of the profession.
        let able = skill * attended * if trained { 1.0 } else { 0.75 + 0.25 * terms.untrained };
        let careful = wrong(setting, f64::midpoint(if trained { 1.0 } else { 0.0 }, days / 30.0));
        let passes = match (exploited, willing) {
            (true, true) => terms.pass_true * able,
            (true, false) => terms.pass_true * terms.pass_unwilling * able,
            (false, _) => terms.pass_false * careful,
        };
        if draw(Decision::Pass) < passes && !blocked {
            identify(state, setting, person, cell, file.copy, file.by);
            continue;
        }
        state.count_one(Indicator::Rejected);
        let community = state.persons.community(person);
        state.communities.hear(community, Outcome::Rejected, 1.0);
        let misprocessed = if file.by == FoundBy::Detention { 1.0 } else { terms.misprocess * (1.0 - policy.non_punishment) };
        if cell.legal == Legal::Irregular && draw(Decision::Misprocessed) < misprocessed {
            detain(state, person);
        } else if file.reported {
            retaliate(state, setting, luck, person);
        }
    }
}

/// Counts `person`, one person, as a victim and lays the file on the desk.
fn identify(state: &mut State, setting: &Setting, person: PersonId, cell: Cell, copy: u16, by: FoundBy) {
    let exploited = cell.exploitation == Exploitation::Forced;
    let kind = setting.country.sectors[usize::from(cell.sector)].kind;
    state.count_one(Indicator::Identified);
    state.count_one(match kind {
        _ if by == FoundBy::Surge => Indicator::IdentifiedSmuggled,
        SectorKind::Labour => Indicator::IdentifiedLabour,
        SectorKind::Sex => Indicator::IdentifiedSex,
        SectorKind::Begging => Indicator::IdentifiedBegging,
    });
    match by {
        FoundBy::Detention => state.count_one(Indicator::IdentifiedDetention),
        FoundBy::OwnReport => state.count_one(Indicator::IdentifiedOwnReport),
        FoundBy::PeerReport => state.count_one(Indicator::IdentifiedPeerReport),
        FoundBy::Referral => state.count_one(Indicator::IdentifiedReferral),
        FoundBy::Contact | FoundBy::Surge | FoundBy::MegaCase => {}
    }
    if state.persons.woman(person) {
        state.count_one(Indicator::IdentifiedWomen);
    }
    if state.persons.minor(person) {
        state.count_one(Indicator::IdentifiedMinors);
    }
    if cell.legal == Legal::Citizen {
        state.count_one(Indicator::IdentifiedCitizens);
    }
    if !exploited {
        state.count_one(Indicator::WronglyHeld);
        state.count_one(Indicator::ResponseHarm);
    }
    state.sector_row(cell.sector).identified += 1.0;
    state.origin_row(person).identified += 1.0;
    let employer = state.persons.employer[person];
    state.institutions.desk.found.push(Found { person, employer, copy, exploited, by, sector: cell.sector, zone: cell.zone });
}

/// A surge: smuggled people among this month's irregular arrivals are met in numbers. Under conflation some
/// are counted as victims, the others are detained.
pub(super) fn surge(state: &mut State, setting: &Setting, luck: &Luck) {
    let people: f64 = setting.shocks_in(state.now).map(|shock| if let ShockKind::Surge { people } = shock { people } else { 0.0 }).sum();
    if people <= 0.0 {
        return;
    }
    let month = state.month;
    let mut left = people + state.institutions.carried.surge;
    let persons = &state.persons;
    let arrived = std::mem::take(&mut state.institutions.desk.arrived);
    let here =
        arrived.into_iter().filter(|person| persons.at(*person).whereabouts == Whereabouts::Working && persons.at(*person).legal == Legal::Irregular);
    for person in by_draw(here, |person| luck.uniform(Purpose::Identification, month, persons.address(*person), Decision::Surge)) {
        let many = state.persons.persons(person);
        if left < many {
            break;
        }
        left -= many;
        state.count(Indicator::PeopleMet, many);
        let conflation = if setting.switches.conflation { setting.parameters.identification.conflation } else { 0.0 };
        let u = luck.uniform(Purpose::Identification, month, state.persons.address(person), Decision::Conflated);
        let counted = binomial(u, state.persons.weight(person), conflation);
        let mut all = false;
        for _ in 0..counted {
            let one = state.persons.split(person, month);
            let cell = state.persons.at(one);
            state.list(one, Keeper::Police);
            identify(state, setting, one, cell, 0, FoundBy::Surge);
            all |= one == person;
        }
        if !all {
            state.count_persons(Indicator::ArrestsRoutine, person);
            detain(state, person);
        }
    }
    state.institutions.carried.surge = left.min(state.scale);
}

/// The victims of a dated mega-case: irregular migrants held by force, found by the investigation that opens it.
pub(super) fn rescue(state: &mut State, setting: &Setting, luck: &Luck) {
    let victims: f64 =
        setting.beginning(state.now).map(|shock| if let ShockKind::MegaCase { victims, .. } = shock.kind { victims } else { 0.0 }).sum();
    let wanted = victims.round() as usize;
    if wanted == 0 {
        return;
    }
    let found: Vec<PersonId> = state.institutions.desk.found.iter().map(|found| found.person).collect();
    let held = |cell: Cell| cell.whereabouts == Whereabouts::Working && cell.exploitation == Exploitation::Forced && cell.legal == Legal::Irregular;
    let persons = &state.persons;
    let held = persons.select(held).into_iter().filter(|person| !found.contains(person));
    let month = state.month;
    let mut left = wanted;
    for person in by_draw(held, |person| luck.uniform(Purpose::Identification, month, persons.address(*person), Decision::Rescued)) {
        // Of an agent no more than a tenth of those who are found: they were held together, and not all of them.
        let most = usize::from(state.persons.weight(person)).min(left).min(wanted.div_ceil(10));
        for _ in 0..most {
            let one = state.persons.split(person, month);
            let cell = state.persons.at(one);
            state.list(one, Keeper::Police);
            identify(state, setting, one, cell, 0, FoundBy::MegaCase);
        }
        left -= most;
        if left == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::country::{Shock, Titles};
    use crate::model::state::ids::EmployerId;
    use crate::model::testing::{at_work, luck, setting, state};

    /// Who was not exploited is identified wrongly, and counted so.
    #[test]
    fn the_wrongly_identified_are_counted() {
        let setting = setting(2);
        let mut state = state(&setting);
        let workers = at_work(&mut state, 2, EmployerId(0), Legal::Irregular, Exploitation::None);
        state.persons.change(workers[0], Cell { exploitation: Exploitation::Forced, ..state.persons.at(workers[0]) }, 0);
        for person in workers {
            let cell = state.persons.at(person);
            identify(&mut state, &setting, person, cell, 0, FoundBy::Contact);
        }
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::Identified) - 2.0).abs() < 1e-12 && (count(Indicator::IdentifiedLabour) - 2.0).abs() < 1e-12);
        assert!((count(Indicator::WronglyHeld) - 1.0).abs() < 1e-12 && (count(Indicator::ResponseHarm) - 1.0).abs() < 1e-12);
        assert_eq!(state.institutions.desk.found.len(), 2);
    }

    /// A surge of fifty meets who has arrived this month, and nobody who came before, whatever has befallen them since.
    #[test]
    fn a_surge_takes_this_months_arrivals_alone() {
        let mut setting = setting(9);
        let (from, to) = (setting.from, setting.to);
        let (name, title, titles) = ("surge".to_owned(), "Surge".to_owned(), Titles::new());
        setting.country.shocks = vec![Shock { name, title, titles, from, to, kind: ShockKind::Surge { people: 50.0 } }];
        setting.shocks = vec![true];
        let mut state = state(&setting);
        let workers = at_work(&mut state, 3, EmployerId(0), Legal::Irregular, Exploitation::None);
        (state.month, state.now) = (5, from.plus(5));
        let worse = Cell { exploitation: Exploitation::Violation, ..state.persons.at(workers[0]) };
        state.persons.change(workers[0], worse, 5);
        state.institutions.desk.arrived = vec![workers[1]];
        surge(&mut state, &setting, &luck());
        assert!((state.ledger.get(Indicator::PeopleMet) - 1.0).abs() < 1e-12);
        let at_work: Vec<bool> = workers.iter().map(|person| state.persons.at(*person).whereabouts == Whereabouts::Working).collect();
        assert_eq!(at_work, [true, false, true]);
    }

    /// Of five hundred victims who tell, four in five pass before trained social workers, and before others three quarters of those.
    #[test]
    fn a_trained_interviewer_recognises_more() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.identification;
        (terms.pass_true, terms.untrained) = (0.8, 0.0);
        for (until, share) in [(9, 0.8), (0, 0.6)] {
            let mut state = state(&setting);
            state.officials.trained_until.fill(until);
            let workers = at_work(&mut state, 500, EmployerId(0), Legal::Irregular, Exploitation::Forced);
            let flagged: Vec<Flagged> = workers.into_iter().map(|person| Flagged { person, copy: 0, by: FoundBy::Contact, reported: true }).collect();
            interview(&mut state, &setting, &luck(), &flagged);
            let passed = state.ledger.get(Indicator::Identified);
            assert!((passed - 500.0 * share).abs() < 4.0 * (500.0 * share * (1.0 - share)).sqrt(), "{passed}");
        }
    }
}
