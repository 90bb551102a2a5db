//! Cases opened: victims found together, or through one recruiter, form one case; the suspects are those behind all of its workplaces.
//!
//! Rule 15: of groups of labour victims the share `chargeable_labour` becomes a case, the others are settled as labour offences; where forced labour is an offence of its
//! own, `offence_used` of those others does too, for a new law comes into use slowly. Suspects are the employer (.7), the recruiter (.4), the protector (.1 * integrity of the unit), for each workplace and recruiter of the group, and
//! a geometric number of accomplices: recruiters of the same circle who are in it too (`colluding`), or staff of the workplaces, who are nobody in the model.
//! A case rests on what victims say: whether any of them was exploited goes with it. A mega-case takes in all recruiters
//! under one protector, colleagues of the circle who are complicit too, and accomplices; its investigation and trial take up a slot for every ten
//! defendants. The number of colleagues is drawn from the circle, which has one size in every unit and at every scale.

use super::super::super::chance::{by_draw, geometric, within_a_month};
use super::super::super::country::{Agency, SectorKind, ShockKind};
use super::super::super::disclosure::disclosure;
use super::super::super::moves::files::{case_id, enter};
use super::super::super::setting::Setting;
use super::super::super::state::State;
use super::super::super::state::cases::{Case, CaseKind, Inquiry, Who, Witness};
use super::super::super::state::ids::{EmployerId, OfficialId, PersonId, RecruiterId};
use super::super::super::state::institutions::{Found, FoundBy};
use super::Decision;
use crate::draws::{Luck, Purpose};
use std::collections::BTreeMap;

/// Groups of those identified: by workplace, and workplaces joined by a common recruiter. Persons of one agent at several workplaces have the same recruiter
/// only because an agent stands for many: they are joined by nothing.
fn group(state: &State) -> Vec<Vec<Found>> {
    let by = |found: &Found| found.by.at_workplace() || found.by == FoundBy::Detention;
    let mut found: Vec<Found> = state.institutions.desk.found.iter().copied().filter(by).collect();
    found.sort_by_key(|found| (found.employer, found.copy, found.person));
    let mut groups: Vec<Vec<Found>> = Vec::new();
    let mut by_recruiter: BTreeMap<RecruiterId, (usize, EmployerId)> = BTreeMap::new();
    let mut by_workplace: BTreeMap<(EmployerId, u16), usize> = BTreeMap::new();
    for victim in found {
        let recruiter = state.persons.records[victim.person].recruiter;
        let workplace = (victim.employer, victim.copy);
        let through = by_recruiter.get(&recruiter).filter(|(_, employer)| *employer != victim.employer).map(|(place, _)| place);
        let known = by_workplace.get(&workplace).or(through).copied();
        let place = known.unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(victim);
        by_workplace.insert(workplace, place);
        if recruiter.known().is_some() {
            by_recruiter.entry(recruiter).or_insert((place, victim.employer));
        }
    }
    groups
}

/// Makes cases of those whom contacts and detention found.
pub fn open_cases(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.justice;
    for group in group(state) {
        let first = group[0];
        let sector = setting.country.sectors[usize::from(first.sector)].kind;
        let recruiter = state.persons.records[first.person].recruiter;
        let founder = first.employer.known().map_or(recruiter.0, |employer| state.employers.workplace(employer, first.copy));
        let id = case_id(founder, sector as u32, state.month);
        let draw = |decision: Decision| luck.uniform(Purpose::Justice, state.month, id, decision);
        let kind = match sector {
            SectorKind::Labour => CaseKind::Labour,
            SectorKind::Sex => CaseKind::Sex,
            SectorKind::Begging => CaseKind::Begging,
        };
        let law = state.institutions.policy.national.law_forced_labour_offence;
        let chargeable = terms.chargeable_labour + (1.0 - terms.chargeable_labour) * law * terms.offence_used;
        if kind == CaseKind::Labour && draw(Decision::Chargeable) >= chargeable {
            continue;
        }
        let suspects = suspects(state, setting, luck, id, &group);
        let victims = group.iter().map(|found| witness(state, setting, luck, found.person, found.exploited)).collect();
        let origin = state.persons.origin(first.person);
        let sharing = state.institutions.policy.partnership.evidence_sharing;
        // Rule 31: a government that cooperates shares more of it.
        let shared =
            if origin < setting.country.origins.len() { (sharing[origin] * setting.parameters.recruitment.cooperation).min(1.0) } else { 0.0 };
        let intelligence = state.institutions.policy.partnership.intelligence;
        let cross_border = 1.0 - (1.0 - shared) * (1.0 - terms.intelligence_evidence * intelligence);
        let case = Case {
            sector: Some(first.sector),
            victims,
            joint: draw(Decision::Joint) < state.institutions.policy.prosecution.joint_teams,
            cross_border: draw(Decision::CrossBorder) < cross_border,
            inquiry: if draw(Decision::Traced) < terms.traceable_money { Inquiry::Waiting } else { Inquiry::None },
            blocked: weakened(state, setting, luck, id, Agency::Police, first.zone),
            ..Case::opened(id, kind, first.zone, state.month, suspects)
        };
        enter(state, case);
    }
}

/// A victim as a witness: who would disclose cooperates; early testimony freezes the evidence.
fn witness(state: &State, setting: &Setting, luck: &Luck, person: PersonId, exploited: bool) -> Witness {
    let address = state.persons.address(person);
    let draw = |decision: Decision| luck.uniform(Purpose::Justice, state.month, address, decision);
    let cell = state.persons.at(person);
    let guest = state.institutions.guests.iter().rev().find(|guest| guest.person == person);
    let terms = &setting.parameters.justice;
    // Whoever found no bed is hard to find again.
    let cared_for = if guest.is_some() { 1.0 } else { terms.cooperation_unassisted };
    let discloses = disclosure(state, setting, person, cell);
    // Somebody who has been identified has come part of the way already. Who was not exploited has nothing to testify.
    let willing = terms.cooperation + (1.0 - terms.cooperation) * discloses;
    let cooperates = exploited && draw(Decision::Cooperates) < willing * cared_for;
    let testified = cooperates && draw(Decision::Testifies) < state.institutions.policy.prosecution.advance_testimony;
    Witness { person, exploited, permit: guest.is_some_and(|guest| guest.permit), cooperates, testified }
}

/// True if the official of `agency` in `zone` who carries the file is complicit and weakens it.
#[must_use]
pub fn weakened(state: &State, setting: &Setting, luck: &Luck, id: u32, agency: Agency, zone: u8) -> bool {
    let at = |decision: Decision| luck.uniform(Purpose::Justice, state.month, id, decision.nth(agency as usize));
    let carries = state.officials.one_of(state.officials.unit(agency, zone), at(Decision::Official));
    carries.is_some_and(|official| state.officials.complicit[official]) && at(Decision::Blocked) < setting.parameters.complicity.blocks
}

/// Rule 15: who is suspected, over all workplaces and recruiters of the group.
fn suspects(state: &State, setting: &Setting, luck: &Luck, id: u32, group: &[Found]) -> Vec<Who> {
    let terms = &setting.parameters.justice;
    let draw = |decision: Decision, k: usize| luck.uniform(Purpose::Justice, state.month, id, decision.nth(k));
    let mut who = Vec::new();
    let mut workplaces: Vec<(EmployerId, u16)> = group.iter().map(|found| (found.employer, found.copy)).collect();
    workplaces.dedup();
    for (k, (employer, _)) in workplaces.into_iter().enumerate() {
        let Some(employer) = employer.known() else { continue };
        if draw(Decision::Employer, k) < terms.suspect_employer {
            who.push(Who::Employer(employer, state.employers.generation[employer]));
        }
        let protected = draw(Decision::Protector, k) / (terms.suspect_protector * state.employers.covered(employer)).max(1e-12);
        if let Some(protector) = state.employers.protector(employer, draw(Decision::WhichProtector, k)) {
            let clean = 1.0 - state.officials.complicit_share(state.officials.unit_of(protector));
            if protected < clean {
                who.push(Who::Official(state.officials.incumbent[protector]));
            }
        }
    }
    let mut recruiters: Vec<RecruiterId> = group.iter().filter_map(|found| state.persons.records[found.person].recruiter.known()).collect();
    recruiters.sort_unstable();
    recruiters.dedup();
    for (k, recruiter) in recruiters.into_iter().enumerate() {
        // Whoever has left for good is out of reach.
        if !state.recruiters.left[recruiter] && draw(Decision::Recruiter, k) < terms.suspect_recruiter {
            who.push(Who::Recruiter(recruiter, state.recruiters.generation[recruiter]));
        }
    }
    let leader = group.iter().find_map(|found| state.persons.records[found.person].recruiter.known());
    for k in 0..geometric(draw(Decision::Accomplices, 0), terms.accomplices) {
        let circle = leader.filter(|_| draw(Decision::Colludes, k) < terms.colluding);
        let may = |one: &RecruiterId| state.recruiters.active[*one] && state.recruiters.at_work(*one);
        let known = |one: &Who, other: RecruiterId| matches!(one, Who::Recruiter(recruiter, _) if *recruiter == other);
        let free = |other: &RecruiterId| Some(*other) != leader && !who.iter().any(|one| known(one, *other));
        let others: Vec<RecruiterId> = circle.into_iter().flat_map(|leader| state.recruiters.circle(leader)).filter(may).filter(free).collect();
        let other = others.get((draw(Decision::WhichRecruiter, k) * others.len() as f64) as usize);
        who.push(other.map_or(Who::Accomplice, |other| Who::Recruiter(*other, state.recruiters.generation[*other])));
    }
    if who.is_empty() {
        who.push(Who::Accomplice);
    }
    who
}

/// Mega-cases by chance, and those dated in the country's profile.
pub fn open_mega_cases(state: &mut State, setting: &Setting, luck: &Luck) {
    let rate = setting.parameters.justice.mega_rate / 12.0;
    if luck.happens(within_a_month(rate), Purpose::Justice, state.month, 0, Decision::Mega) {
        let protectors: Vec<OfficialId> = state.officials.all().filter(|official| state.officials.clients[*official] > 0).collect();
        let u = luck.uniform(Purpose::Justice, state.month, 0, Decision::MegaProtector);
        if let Some(protector) = protectors.get((u * protectors.len() as f64) as usize) {
            mega_case(state, setting, luck, *protector);
        }
    }
    for shock in setting.beginning(state.now) {
        if let ShockKind::MegaCase { defendants, officials, .. } = shock.kind {
            let months = shock.to.since(shock.from).max(1) as u16;
            dated_mega_case(state, setting, luck, [defendants, officials], months);
        }
    }
}

/// Everybody under one protector: recruiters, colleagues of the circle who are complicit too, and accomplices.
fn mega_case(state: &mut State, setting: &Setting, luck: &Luck, protector: OfficialId) {
    let colleagues = state.officials.circle(protector).map(OfficialId).filter(|official| state.officials.complicit[*official]);
    let mut who: Vec<Who> = colleagues.map(|official| Who::Official(state.officials.incumbent[official])).collect();
    let id = case_id(protector.0, 7, state.month);
    for recruiter in state.recruiters.all().filter(|recruiter| state.recruiters.protector[*recruiter] == protector) {
        who.push(Who::Recruiter(recruiter, state.recruiters.generation[recruiter]));
        let u = luck.uniform(Purpose::Justice, state.month, recruiter.0, Decision::Accomplices);
        let others = geometric(u, setting.parameters.justice.mega_network);
        who.extend(std::iter::repeat_n(Who::Accomplice, others));
    }
    let zone = state.officials.zone[protector];
    let case = mega(state, id, zone, who, None);
    enter(state, case);
}

/// A dated trial: its defendants are complicit officials and recruiters at work, the rest anonymous; its
/// victims are those whom its investigation found this month.
fn dated_mega_case(state: &mut State, setting: &Setting, luck: &Luck, [defendants, officials]: [f64; 2], months: u16) {
    let month = state.month;
    let complicit = state.officials.all().filter(|official| state.officials.complicit[*official]);
    let complicit = by_draw(complicit, |official| luck.uniform(Purpose::Justice, month, official.0, Decision::MegaColleagues));
    let named = complicit.iter().take(officials.round() as usize);
    let mut who: Vec<Who> = named.map(|official| Who::Official(state.officials.incumbent[*official])).collect();
    let recruiters = state.recruiters.all().filter(|recruiter| state.recruiters.active[*recruiter] && state.recruiters.at_work(*recruiter));
    let recruiters = by_draw(recruiters, |recruiter| luck.uniform(Purpose::Justice, month, recruiter.0, Decision::MegaRecruiters));
    let total = (defendants.round() as usize).max(1);
    let known = (total.saturating_sub(who.len()) as f64 * setting.parameters.justice.mega_recruiters).round() as usize;
    who.extend(recruiters.iter().take(known).map(|recruiter| Who::Recruiter(*recruiter, state.recruiters.generation[*recruiter])));
    who.resize(total, Who::Accomplice);
    let zone = complicit.first().map_or(0, |official| state.officials.zone[*official]);
    let found: Vec<Found> = state.institutions.desk.found.iter().copied().filter(|found| found.by == FoundBy::MegaCase).collect();
    let victims = found.into_iter().map(|found| witness(state, setting, luck, found.person, found.exploited)).collect();
    let case = mega(state, case_id(0, 8, state.month), zone, who, Some(state.month + months));
    enter(state, Case { victims, ..case });
}

fn mega(state: &State, id: u32, zone: u8, who: Vec<Who>, verdict: Option<u16>) -> Case {
    let slots = who.len().div_ceil(10) as f64;
    Case { slots, joint: true, inquiry: Inquiry::Open, cross_border: true, verdict, ..Case::opened(id, CaseKind::Mega, zone, state.month, who) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::{Exploitation, Legal};
    use crate::model::testing::{at_work, setting, state};

    /// Victims of one workplace are one case, and so are those whom one recruiter brought to two.
    #[test]
    fn victims_found_together_or_through_one_recruiter_are_one_group() {
        let setting = setting(2);
        let mut state = state(&setting);
        let people = at_work(&mut state, 4, EmployerId(0), Legal::Irregular, Exploitation::Forced);
        let found = |person: PersonId, employer: u32| Found {
            person,
            employer: EmployerId(employer),
            copy: 0,
            exploited: true,
            by: FoundBy::Contact,
            sector: 0,
            zone: 0,
        };
        state.institutions.desk.found = vec![found(people[0], 0), found(people[1], 0), found(people[2], 1), found(people[3], 2)];
        assert_eq!(group(&state).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
        for person in [people[0], people[2]] {
            state.persons.records[person].recruiter = RecruiterId(5);
        }
        assert_eq!(group(&state).iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
        state.institutions.desk.found[3].by = FoundBy::Surge;
        assert_eq!(group(&state).len(), 1, "a surge founds no case");
    }

    /// Everybody suspected who may be, and of those only.
    #[test]
    fn suspects_are_those_behind_the_group() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.justice;
        (terms.suspect_employer, terms.suspect_recruiter, terms.accomplices) = (1.0, 1.0, 0.0);
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        state.persons.records[person].recruiter = RecruiterId(5);
        let group = [Found { person, employer: EmployerId(0), copy: 0, exploited: true, by: FoundBy::Contact, sector: 0, zone: 0 }];
        let luck = crate::model::testing::luck();
        assert_eq!(suspects(&state, &setting, &luck, 1, &group), [Who::Employer(EmployerId(0), 0), Who::Recruiter(RecruiterId(5), 0)]);
        setting.parameters.justice.suspect_employer = 0.0;
        state.recruiters.left[RecruiterId(5)] = true;
        assert_eq!(suspects(&state, &setting, &luck, 1, &group), [Who::Accomplice]);
        // Whoever stands by is of the recruiter's circle, each once; when there is nobody left, staff.
        setting.parameters.justice.accomplices = 5.0;
        setting.parameters.justice.colluding = 1.0;
        state.recruiters.active.fill(false);
        state.recruiters.active[RecruiterId(7)] = true;
        let who = suspects(&state, &setting, &luck, 1, &group);
        assert_eq!(who[0], Who::Recruiter(RecruiterId(7), 0));
        assert!(who.len() > 1 && who[1..].iter().all(|one| *one == Who::Accomplice), "{who:?}");
    }

    /// A group over two workplaces, brought by two recruiters: both employers and both recruiters are behind it, each once.
    #[test]
    fn a_group_over_several_workplaces_suspects_those_behind_each() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.justice;
        (terms.suspect_employer, terms.suspect_recruiter, terms.accomplices) = (1.0, 1.0, 0.0);
        let mut state = state(&setting);
        let people = at_work(&mut state, 3, EmployerId(0), Legal::Irregular, Exploitation::Forced);
        for (person, recruiter) in people.iter().zip([5, 5, 6]) {
            state.persons.records[*person].recruiter = RecruiterId(recruiter);
        }
        let found = |person: PersonId, employer: u32| {
            let employer = EmployerId(employer);
            Found { person, employer, copy: 0, exploited: true, by: FoundBy::Contact, sector: 0, zone: 0 }
        };
        state.institutions.desk.found = vec![found(people[0], 0), found(people[1], 1), found(people[2], 1)];
        let groups = group(&state);
        assert_eq!(groups.len(), 1);
        let who = suspects(&state, &setting, &crate::model::testing::luck(), 1, &groups[0]);
        let (employers, recruiters) = ([0, 1].map(|one| Who::Employer(EmployerId(one), 0)), [5, 6].map(|one| Who::Recruiter(RecruiterId(one), 0)));
        assert_eq!(who, [employers, recruiters].concat());
    }
}
