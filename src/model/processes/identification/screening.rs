//! Screening of those met in visits and of those arrested (rules 10 and 10D), by officials who can attend to so many (rule 35).
//!
//! A visit's workers are one person of each agent at the workplace. In a thorough visit each of the exploited is looked at; whatever is rare,
//! wrong flags, arrests and what a perfunctory visit comes upon, falls by a draw a visit that says how often, and further draws that say to whom.

use super::super::super::chance::{binomial, pick_among, poisson};
use super::super::super::country::{AGENCIES, Agency, SectorKind, StreamKind};
use super::super::super::disclosure::disclosure;
use super::super::super::ledgers::indicators::Indicator;
use super::super::super::moves::custody::detain;
use super::super::super::risk::Perception;
use super::super::super::setting::Setting;
use super::super::super::state::State;
use super::super::super::state::cells::{Exploitation, Whereabouts};
use super::super::super::state::ids::{OfficialId, PersonId};
use super::super::super::state::institutions::{Encounter, EncounterKind, FoundBy};
use super::super::super::state::lists::Keeper;
use super::workforce::{self, AT_WORK, Crew, FORCED, IRREGULAR, Workforce};
use super::{Decision, Flagged, skill, wrong};
use crate::draws::{Luck, Purpose, copy_of};

/// How one visit screens those whom it meets.
#[derive(Clone, Copy, Debug)]
struct Screening {
    /// Recognition of the exploited.
    sensitivity: f64,
    /// Share of the screened who are asked in private.
    asked: f64,
    /// Wrong flags among everybody else.
    false_flags: f64,
    /// Takes an interpreter's time, and each is looked at.
    thorough: bool,
}

impl Screening {
    /// The chance that somebody exploited who would tell with the chance `told` is flagged.
    fn chance(self, told: f64) -> f64 {
        1.0 - (1.0 - self.sensitivity) * (1.0 - self.asked * told)
    }
}

/// How the visit `encounter` screens, by officials who can attend to so much of what they meet.
fn screening(state: &State, setting: &Setting, encounter: &Encounter, attention: &[f64], perception: &Perception) -> Screening {
    let terms = &setting.parameters.identification;
    let manuals = state.institutions.policy.protection.manuals_with_ngos;
    let lead = encounter.lead.known();
    let trained = lead.is_some_and(|lead| state.officials.fresh(lead, state.month));
    let sector = &setting.country.sectors[usize::from(state.employers.sector[encounter.employer])];
    let skill = lead.map_or(1.0, |lead| {
        let unit = state.officials.unit_of(lead);
        skill(state, unit) * attention[unit]
    });
    let understood = 1.0 - terms.interpreter_gain * (1.0 - state.institutions.capacity.interpreters);
    // Police who raid venues and follow reports do nothing else: half of what training adds to recognition is part of the trade.
    let police = lead.is_some_and(|lead| usize::from(state.officials.agency[lead]) == Agency::Police as usize);
    let trained_by = match (trained, police) {
        (true, _) => 1.0,
        (false, true) => f64::midpoint(1.0, terms.untrained),
        (false, false) => terms.untrained,
    };
    let in_sight = in_sight(state, setting, encounter, perception);
    let careful = wrong(setting, if trained { f64::midpoint(1.0, manuals) } else { 0.0 });
    let thorough = |sensitivity: f64, specificity: f64| Screening {
        sensitivity: sensitivity * skill * understood * trained_by * in_sight,
        asked: terms.asked * trained_by * in_sight,
        false_flags: (1.0 - specificity) * careful,
        thorough: true,
    };
    let perfunctory =
        Screening { sensitivity: terms.sensitivity_perfunctory * in_sight, asked: 0.0, false_flags: terms.false_perfunctory, thorough: false };
    match encounter.kind {
        EncounterKind::Stream(StreamKind::Venue) => thorough(terms.sensitivity_sex, terms.specificity_sex),
        EncounterKind::Stream(_) | EncounterKind::Revisit if encounter.asks => thorough(terms.sensitivity_labour, terms.specificity_labour),
        EncounterKind::Stream(_) | EncounterKind::Revisit => perfunctory,
        EncounterKind::Border => Screening { asked: 0.0, ..thorough(terms.sensitivity_border, 1.0) },
        EncounterKind::Operation => {
            let specificity = if sector.kind == SectorKind::Sex { terms.specificity_sex } else { terms.specificity_labour };
            thorough(terms.sensitivity_operation, specificity)
        }
    }
}

/// What part of the exploited a visit can come upon: an operation comes unannounced and knows whom it looks for.
fn in_sight(state: &State, setting: &Setting, encounter: &Encounter, perception: &Perception) -> f64 {
    if encounter.kind == EncounterKind::Operation {
        return 1.0;
    }
    let employer = encounter.employer;
    let rest = state.institutions.rest.employers[usize::from(state.employers.sector[employer])];
    let risk = perception.of_employer(&state.employers, employer);
    perception.in_sight(risk, rest, setting.parameters.adaptation.concealment)
}

/// Rule 35: how far each unit's officials can attend to those whom they screen this month, 0 to 1.
fn attention(state: &State, setting: &Setting, met: &[f64]) -> Vec<f64> {
    let per = setting.parameters.identification.workload;
    (0..met.len())
        .map(|unit| {
            let members = state.officials.members(unit);
            let staff = state.institutions.capacity.attention[(unit / state.officials.zones).min(AGENCIES - 1)];
            let enough = f64::from(members.end - members.start) * per * staff;
            if met[unit] > enough { enough / met[unit] } else { 1.0 }
        })
        .collect()
}

/// Rule 10 for everybody met; and the irregular met who are arrested.
pub(super) fn screen(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<Flagged> {
    let mut encounters = std::mem::take(&mut state.institutions.desk.encounters);
    let workforce = Workforce::of(state, &encounters);
    for encounter in encounters.iter_mut().filter(|encounter| !encounter.blocked) {
        encounter.abused = workforce.crew(encounter.employer).makeup.abused as f32;
    }
    let made = || encounters.iter().filter(|encounter| !encounter.blocked);
    let mut met = vec![0.0; state.officials.unit_skill.len()];
    let mut people = 0.0;
    for encounter in made() {
        let here = workforce.crew(encounter.employer).makeup.all;
        people += here;
        state.sector_row(state.employers.sector[encounter.employer]).met += here;
        if let Some(lead) = encounter.lead.known() {
            met[state.officials.unit_of(lead)] += here;
        }
    }
    state.count(Indicator::PeopleMet, people);
    let attention = attention(state, setting, &met);
    let perception = Perception::of(state, setting);
    let mut flagged = Vec::new();
    let mut screened = 0.0;
    // How much of what is rare happens: wrong flags and finds apart from arrests, so that more arrests change nobody's flag.
    let many = [Decision::Many, Decision::ManyArrests].map(|decision| {
        let mut many = Vec::new();
        let places = made().map(|encounter| state.employers.workplace(encounter.employer, encounter.copy));
        luck.uniforms(Purpose::Identification, state.month, places, decision, |_, u| many.push(u));
        many
    });
    let [finds, arrested] = many;
    for ((encounter, finds), arrested) in made().zip(finds).zip(arrested) {
        let crew = workforce.crew(encounter.employer);
        let by = screening(state, setting, encounter, &attention, &perception);
        screened += if by.thorough { crew.makeup.foreign } else { 0.0 };
        let arrests = arrest_share(state, setting, encounter.kind);
        look(state, setting, luck, encounter, &workforce, by, arrests, [finds, arrested], &mut flagged);
    }
    state.institutions.screened = screened;
    state.institutions.desk.encounters = encounters;
    flagged
}

/// The share of irregular workers met who are arrested.
fn arrest_share(state: &State, setting: &Setting, kind: EncounterKind) -> f64 {
    match kind {
        EncounterKind::Border => 1.0,
        // An operation looks for victims: who is found there is not arrested for status.
        EncounterKind::Operation => 0.0,
        EncounterKind::Stream(_) | EncounterKind::Revisit => {
            let firewall = 1.0 - state.institutions.policy.protection.non_punishment;
            (setting.parameters.contact.arrest_when_met * (1.0 + state.institutions.pressure.crackdown) * firewall).min(1.0)
        }
    }
}

/// Where at least this share of a kind of workers is arrested, each of them is drawn for: a count of so many would not be one of rare events.
const OFTEN: f64 = 0.2;

/// One visit: who is flagged, and who is arrested. `many` are the draws that say how many of those who seldom are, flagged and arrested.
#[expect(clippy::too_many_arguments, reason = "a visit, those who are there, and how they are looked at")]
fn look(
    state: &mut State,
    setting: &Setting,
    luck: &Luck,
    encounter: &Encounter,
    workforce: &Workforce,
    by: Screening,
    arrests: f64,
    many: [f64; 2],
    flagged: &mut Vec<Flagged>,
) {
    let month = state.month;
    let crew = workforce.crew(encounter.employer);
    let makeup = crew.makeup;
    // Whom this visit has dealt with, by the agents from which they came: an agent has one person at a workplace.
    let mut taken = Vec::new();
    if let Some(reporter) = encounter.reporter.known() {
        state.list(reporter, keeper(state, encounter));
        flagged.push(Flagged { person: reporter, copy: encounter.copy, by: encounter.by, reported: true });
        taken.push(reporter);
    }
    if by.thorough {
        look_at_the_exploited(state, setting, luck, encounter, crew, by, flagged, &mut taken);
    }
    let open = f64::from(state.employers.open[encounter.employer].max(1));
    // Flagged of those who are exploited, and of all others: how many are expected at most.
    let exploited = if by.thorough { makeup.seldom * by.chance(1.0) } else { makeup.forced * by.sensitivity };
    let rare = [exploited, (makeup.all - makeup.forced) * by.false_flags];
    let place = state.employers.workplace(encounter.employer, encounter.copy);
    for k in 0..poisson(many[0], rare.iter().sum()) {
        let draw = |decision: Decision| luck.uniform(Purpose::Identification, month, place, decision.nth(k));
        let forced = pick_among(rare.iter().copied(), draw(Decision::Kind)) == 0;
        let there = |person: &PersonId| {
            // Who is there as a rule was looked at already.
            let seldom = !by.thorough || state.persons.persons(*person) / open < workforce::SELDOM;
            let of_kind = if forced { workforce.is(state, *person, FORCED) && seldom } else { !workforce.is(state, *person, FORCED) };
            of_kind && workforce.is(state, *person, AT_WORK) && !taken.contains(person)
        };
        // These are so few that all may be looked through.
        let suitable: Vec<PersonId> = crew.workers.iter().copied().filter(there).collect();
        let one = suitable.get(pick_among(suitable.iter().map(|person| state.persons.persons(*person)), draw(Decision::Which))).copied();
        let Some(person) = one else { continue };
        let silent =
            forced && by.thorough && draw(Decision::Flag) >= by.chance(disclosure(state, setting, person, state.persons.at(person))) / by.chance(1.0);
        if !silent && flagged.iter().all(|known| known.person != person) {
            taken.push(person);
            take(state, encounter, person, false, flagged);
        }
    }
    // Flags come before arrests, so that more arrests change nobody's flag.
    if by.thorough && taken.iter().any(|person| workforce.is(state, *person, FORCED)) {
        look_again(state, setting, luck, encounter, workforce, flagged, &mut taken);
    }
    if arrests >= OFTEN {
        for person in crew.workers.iter().copied() {
            if !workforce.is(state, person, AT_WORK | IRREGULAR) || taken.contains(&person) {
                continue;
            }
            let u = luck.uniform(Purpose::Identification, month, address_there(state, encounter, person), Decision::Arrested);
            if u < state.persons.persons(person) / open * arrests {
                take(state, encounter, person, true, flagged);
            }
        }
    }
    let arrested = if arrests >= OFTEN { 0.0 } else { makeup.irregular * arrests };
    for k in 0..poisson(many[1], arrested) {
        let u = luck.uniform(Purpose::Identification, month, place, Decision::WhichArrest.nth(k));
        let there = |person: &PersonId| workforce.is(state, *person, IRREGULAR) && workforce.is(state, *person, AT_WORK) && !taken.contains(person);
        if let Some(person) = crew.irregular(u).filter(there) {
            taken.push(person);
            take(state, encounter, person, true, flagged);
        }
    }
}

/// A thorough visit looks at each of the exploited who are there.
#[expect(clippy::too_many_arguments, reason = "a visit, those who are there, and how they are looked at")]
fn look_at_the_exploited(
    state: &mut State,
    setting: &Setting,
    luck: &Luck,
    encounter: &Encounter,
    crew: Crew,
    by: Screening,
    flagged: &mut Vec<Flagged>,
    taken: &mut Vec<PersonId>,
) {
    let open = f64::from(state.employers.open[encounter.employer].max(1));
    let most = by.chance(1.0);
    for person in crew.forced.iter().copied().filter(|person| *person != encounter.reporter) {
        let here = (state.persons.persons(person) / open).min(1.0);
        let u = luck.uniform(Purpose::Identification, state.month, address_there(state, encounter, person), Decision::Flag);
        // Most draws lie beyond what even the most open would tell, and nothing else of the person need be known.
        if u >= here * most {
            continue;
        }
        let cell = state.persons.at(person);
        if cell.whereabouts == Whereabouts::Working && u < here * by.chance(disclosure(state, setting, person, cell)) {
            taken.push(person);
            take(state, encounter, person, false, flagged);
        }
    }
}

/// Where one victim has been found, the others are looked for: all of them, however seldom somebody of their agent is there.
fn look_again(
    state: &mut State,
    setting: &Setting,
    luck: &Luck,
    encounter: &Encounter,
    workforce: &Workforce,
    flagged: &mut Vec<Flagged>,
    taken: &mut Vec<PersonId>,
) {
    let open = f64::from(state.employers.open[encounter.employer].max(1));
    for person in workforce.crew(encounter.employer).workers.iter().copied() {
        // Whose report began the visit is among those taken.
        if !workforce.is(state, person, AT_WORK | FORCED) || taken.contains(&person) {
            continue;
        }
        let here = (state.persons.persons(person) / open).min(1.0);
        let u = luck.uniform(Purpose::Identification, state.month, address_there(state, encounter, person), Decision::Together);
        if u < here * setting.parameters.identification.found_together {
            taken.push(person);
            take(state, encounter, person, false, flagged);
        }
    }
}

/// The address of the one of `person`'s agent who works where `encounter` takes place.
fn address_there(state: &State, encounter: &Encounter, person: PersonId) -> u32 {
    copy_of(state.persons.address(person), if state.persons.weight(person) > 1 { u32::from(encounter.copy) } else { 0 })
}

/// On whose list those stand who are flagged in `encounter`.
fn keeper(state: &State, encounter: &Encounter) -> Keeper {
    let inspectors = |lead: OfficialId| usize::from(state.officials.agency[lead]) == Agency::Inspection as usize;
    if encounter.lead.known().is_some_and(inspectors) { Keeper::Inspectors } else { Keeper::Police }
}

/// One person of `person`'s agent is arrested, or flagged.
fn take(state: &mut State, encounter: &Encounter, person: PersonId, arrested: bool, flagged: &mut Vec<Flagged>) {
    let one = state.persons.split(person, state.month);
    if arrested {
        state.count_one(Indicator::ArrestsRoutine);
        detain(state, one);
    } else {
        state.list(one, keeper(state, encounter));
        flagged.push(Flagged { person: one, copy: encounter.copy, by: encounter.by, reported: false });
    }
}

/// Rule 10D: of those arrested by routine some are screened in detention; the others are held as offenders.
pub(super) fn screen_arrested(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<Flagged> {
    let terms = &setting.parameters.identification;
    let share = state.institutions.policy.protection.detention_screening;
    let understood = 1.0 - terms.interpreter_gain * (1.0 - state.institutions.capacity.interpreters);
    let trained = state.officials.trained_share();
    let trained_by = terms.untrained + (1.0 - terms.untrained) * trained;
    let mut flagged = Vec::new();
    for person in std::mem::take(&mut state.institutions.desk.arrested) {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        if cell.exploitation == Exploitation::Forced {
            let unit = state.officials.unit(Agency::Immigration, cell.zone);
            let seen = terms.sensitivity_detention * skill(state, unit) * understood * trained_by;
            let told = disclosure(state, setting, person, cell) * terms.told_in_detention;
            let chance = share * (1.0 - (1.0 - seen) * (1.0 - told));
            let address = state.persons.address(person);
            let count =
                binomial(luck.uniform(Purpose::Identification, state.month, address, Decision::Screened), state.persons.weight(person), chance);
            // Each of them worked at another copy of the workplace: arrested in the street, they were not found together.
            let copies = usize::from(state.employers.scale);
            let first = (luck.uniform(Purpose::Identification, state.month, address, Decision::Copy) * copies as f64) as usize;
            for k in 0..usize::from(count) {
                let one = state.persons.split(person, state.month);
                let copy = ((first + k) % copies) as u16;
                state.list(one, Keeper::Police);
                flagged.push(Flagged { person: one, copy, by: FoundBy::Detention, reported: false });
                if one == person {
                    break;
                }
            }
        }
        if flagged.last().is_none_or(|last| last.person != person) {
            detain(state, person);
        }
    }
    flagged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Legal;
    use crate::model::state::ids::EmployerId;
    use crate::model::testing::{at_work, luck, setting, state};

    /// 240 officials an agency in two zones: 120 a unit, who attend to one person each; of 240 whom they meet half.
    #[test]
    fn attention_is_shared_out_among_those_met() {
        let mut setting = setting(2);
        setting.parameters.identification.workload = 1.0;
        let state = state(&setting);
        let mut met = vec![0.0; AGENCIES * 2];
        met[0] = 240.0;
        met[1] = 120.0;
        let attention = attention(&state, &setting, &met);
        assert!((attention[0] - 0.5).abs() < 1e-12 && (attention[1] - 1.0).abs() < 1e-12);
    }

    /// Five arrested persons of one agent who are all screened and all recognised are five persons found; unscreened they are detained.
    #[test]
    fn screening_in_detention_finds_persons() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        setting.parameters.identification.sensitivity_detention = 1.0;
        for (screened, found) in [(1.0, 5), (0.0, 0)] {
            let mut state = state(&setting);
            state.institutions.policy.protection.detention_screening = screened;
            let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
            state.officials.unit_skill.fill(1.0);
            state.institutions.desk.arrested = vec![person];
            let flagged = screen_arrested(&mut state, &setting, &luck());
            assert_eq!(flagged.len(), found);
            assert!(flagged.iter().all(|file| state.persons.weight(file.person) == 1));
            let detained = state.persons.count(|cell| cell.whereabouts == Whereabouts::Detained);
            assert_eq!(detained, 5 - found as u64);
        }
    }

    /// Where nobody is recognised at first, nobody is looked for again; once a reporter has been found, a certain second look finds all others of the copy, and
    /// nobody of another one.
    #[test]
    fn who_is_found_leads_to_those_beside() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let terms = &mut setting.parameters.identification;
        (terms.sensitivity_operation, terms.asked, terms.found_together) = (0.0, 0.0, 1.0);
        for reported in [false, true] {
            let mut state = state(&setting);
            let workers = at_work(&mut state, 4, EmployerId(0), Legal::Irregular, Exploitation::Forced);
            let reporter = if reported { state.persons.split(workers[0], 0) } else { PersonId::NONE };
            let operation = Encounter::planned(EmployerId(0), 1, EncounterKind::Operation);
            state.institutions.desk.encounters = vec![Encounter { reporter, ..operation }];
            let flagged = screen(&mut state, &setting, &luck());
            let exploited = flagged.iter().filter(|file| state.persons.at(file.person).exploitation == Exploitation::Forced).count();
            assert!(if reported { (4..=5).contains(&exploited) } else { exploited == 0 }, "{exploited}");
        }
    }

    /// Border checks arrest all, operations nobody, visits a part that a crackdown doubles and a firewall halves.
    #[test]
    fn what_part_of_the_irregular_is_arrested() {
        let mut setting = setting(2);
        setting.parameters.contact.arrest_when_met = 0.2;
        let mut state = state(&setting);
        state.institutions.pressure.crackdown = 1.0;
        state.institutions.policy.protection.non_punishment = 0.5;
        let share = |kind: EncounterKind| arrest_share(&state, &setting, kind);
        assert!((share(EncounterKind::Border) - 1.0).abs() < 1e-12);
        assert!(share(EncounterKind::Operation).abs() < 1e-12);
        assert!((share(EncounterKind::Stream(StreamKind::Inspection)) - 0.2).abs() < 1e-12);
    }

    /// Police in a venue see half of the exploited once trained, three quarters of that before; of a tenth flagged wrongly training and a manual each prevent
    /// two fifths.
    #[test]
    fn training_and_manuals_raise_specificity_as_well_as_sensitivity() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.identification;
        (terms.sensitivity_sex, terms.specificity_sex, terms.untrained, terms.specificity_gain) = (0.5, 0.9, 0.5, 0.8);
        for (trained, manuals, sensitivity, false_flags) in [(false, 0.0, 0.375, 0.1), (true, 0.0, 0.5, 0.06), (true, 1.0, 0.5, 0.02)] {
            let mut state = state(&setting);
            state.institutions.policy.protection.manuals_with_ngos = manuals;
            state.officials.trained_until.fill(if trained { 9 } else { 0 });
            let venue = EmployerId(state.employers.of_sector(1).start as u32);
            let lead = OfficialId(state.officials.members(state.officials.unit(Agency::Police, 1)).start);
            let visit = Encounter { lead, ..Encounter::planned(venue, 0, EncounterKind::Stream(StreamKind::Venue)) };
            let all = vec![1.0; state.officials.unit_skill.len()];
            let by = screening(&state, &setting, &visit, &all, &Perception::of(&state, &setting));
            assert!((by.sensitivity - sensitivity).abs() < 1e-12 && (by.false_flags - false_flags).abs() < 1e-12, "{by:?}");
        }
    }
}
