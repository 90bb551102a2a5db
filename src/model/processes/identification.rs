//! Identification: recognition, disclosure, formal interview; false positives and false negatives.
//!
//! Rule 10: somebody met who is exploited by force is flagged with 1 - (1 - sens)(1 - disclosure * asked),
//! anybody else with 1 - spec of the screened, and whoever's report began the visit is flagged in any case. Recognition is sens times the skill of the unit, less
//! where the lead is not trained or no interpreter is at hand. Training, manuals and reflection raise specificity as well as sensitivity. A labour inspector who is not
//! trained inspects perfunctorily; in port, where a vessel's turn leaves no time, so does a trained one who
//! has no manual made with civil society to follow. Rule 11: disclosure, in `disclosure`. Rule 13: the flagged are
//! interviewed after reflection: identified, rejected or misprocessed; in a surge smuggled people may be
//! counted as victims. The victims of a dated mega-case are found by its investigation. Rule 35: each count is made by an official of a unit: the unit's
//! skill, training, complicity and workload shape it, in the visit and in the interview.
//!
//! Rule 10D, detention: of those arrested the share `detention_screening` is screened before removal, with `sens_detention` and by what they disclose
//! there; the identified go into care, the others are held and removed (`care`). Each is one person: of an agent so many as the draw says.
//!
//! A visit's workers are one person of each agent at the workplace. Where hardly anything can happen to any of them (perfunctory visits), one draw a visit
//! says how often it does, and further draws to whom; else each is drawn for.

use super::super::chance::{binomial, by_draw, pick_among, poisson, sigmoid};
use super::super::country::{AGENCIES, Agency, SectorKind, ShockKind, StreamKind};
use super::super::disclosure::{disclosure, disclosure_logit};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::custody::detain;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::ids::{EmployerId, PersonId};
use super::super::state::institutions::{Encounter, EncounterKind, Found, FoundBy};
use super::super::state::persons::BATCH;
use crate::draws::{Luck, Purpose, copy_of, decisions};

decisions! {
    Flag = 0,
    Manual = 1,
    Willing = 2,
    Pass = 3,
    Misprocessed = 4,
    Arrested = 5,
    Screened = 6,
    Surge = 7,
    Conflated = 8,
    Rescued = 9,
    Interviewer = 10,
    Stopped = 11,
    Present = 12,
    /// How many of a visit's workers are flagged, exploited or not, and how many arrested.
    Many = 13,
    Which = 14,
    Copy = 15,
}

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

/// Somebody flagged: one person, and what brought officials there.
#[derive(Clone, Copy, Debug)]
struct Flagged {
    person: PersonId,
    copy: u16,
    by: FoundBy,
    reported: bool,
}

/// Screens, flags and interviews those met and those arrested.
pub fn identification(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut flagged = screen(state, setting, luck);
    flagged.extend(screen_arrested(state, setting, luck));
    state.count(Indicator::Flagged, flagged.len() as f64);
    interview(state, setting, luck, &flagged);
    surge(state, setting, luck);
    rescue(state, setting, luck);
}

/// How well `unit` recognises, manuals made with NGOs included, 0 to 1.
fn skill(state: &State, unit: usize) -> f64 {
    let own = state.officials.unit_skill[unit];
    own + (1.0 - own) * state.institutions.policy.protection.manuals_with_ngos
}

/// What part of wrong flags is left where `good` of what prevents them is there, 0 to 1.
fn wrong(setting: &Setting, good: f64) -> f64 {
    1.0 - setting.parameters.identification.specificity_gain * good.clamp(0.0, 1.0)
}

/// How the visit `encounter` screens, by officials who can attend to so much of what they meet.
fn screening(state: &State, setting: &Setting, luck: &Luck, encounter: &Encounter, attention: &[f64]) -> Screening {
    let terms = &setting.parameters.identification;
    let manuals = state.institutions.policy.protection.manuals_with_ngos;
    let lead = encounter.lead.known();
    let trained = lead.is_some_and(|lead| state.officials.trained_until[lead] > state.month);
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
    let careful = wrong(setting, if trained { f64::midpoint(1.0, manuals) } else { 0.0 });
    let thorough = |sensitivity: f64, specificity: f64| Screening {
        sensitivity: sensitivity * skill * understood * trained_by,
        asked: terms.asked * trained_by,
        false_flags: (1.0 - specificity) * careful,
        thorough: true,
    };
    let perfunctory = Screening { sensitivity: terms.sens_perfunctory, asked: 0.0, false_flags: terms.false_perfunctory, thorough: false };
    let place = state.employers.workplace(encounter.employer, encounter.copy);
    match encounter.kind {
        EncounterKind::Stream(StreamKind::Venue) => thorough(terms.sens_sex, terms.spec_sex),
        EncounterKind::Stream(StreamKind::Inspection) if trained => thorough(terms.sens_labour, terms.spec_labour),
        EncounterKind::Stream(StreamKind::Port)
            if trained && luck.happens(manuals, Purpose::Identification, state.month, place, Decision::Manual) =>
        {
            thorough(terms.sens_labour, terms.spec_labour)
        }
        EncounterKind::Stream(_) => perfunctory,
        EncounterKind::Border => Screening { asked: 0.0, ..thorough(terms.sens_border, 1.0) },
        EncounterKind::Operation => {
            let specificity = if sector.kind == SectorKind::Sex { terms.spec_sex } else { terms.spec_labour };
            thorough(terms.sens_operation, specificity)
        }
    }
}

/// The workers of the employers visited this month, employer by employer.
struct Workforce {
    employers: Vec<EmployerId>,
    starts: Vec<u32>,
    workers: Vec<PersonId>,
}

impl Workforce {
    fn of(state: &State, encounters: &[Encounter]) -> Self {
        let mut employers: Vec<EmployerId> = encounters.iter().filter(|encounter| !encounter.blocked).map(|encounter| encounter.employer).collect();
        employers.sort_unstable();
        employers.dedup();
        let found = state.persons.workers_of(&employers, state.employers.len());
        let place = |person: &PersonId| employers.partition_point(|employer| *employer < state.persons.employer[*person]);
        let mut starts = vec![0u32; employers.len() + 1];
        let places: Vec<u32> = found.iter().map(|person| place(person) as u32).collect();
        for place in &places {
            starts[*place as usize + 1] += 1;
        }
        for i in 0..employers.len() {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut workers = vec![PersonId::NONE; found.len()];
        for (person, place) in found.iter().zip(places) {
            workers[next[place as usize] as usize] = *person;
            next[place as usize] += 1;
        }
        Self { employers, starts, workers }
    }

    fn place(&self, employer: EmployerId) -> usize {
        self.employers.partition_point(|known| *known < employer)
    }

    fn of_place(&self, place: usize) -> &[PersonId] {
        &self.workers[self.starts[place] as usize..self.starts[place + 1] as usize]
    }
}

/// What there is to be found at a workplace of one employer: expected numbers at one copy.
#[derive(Clone, Copy, Debug, Default)]
struct Makeup {
    all: f64,
    forced: f64,
    irregular: f64,
    foreign: f64,
}

impl Makeup {
    fn of(state: &State, employer: EmployerId, workers: &[PersonId]) -> Self {
        let open = f64::from(state.employers.open[employer].max(1));
        let mut makeup = Self::default();
        for person in workers {
            let cell = state.persons.at(*person);
            let here = (state.persons.persons(*person) / open).min(1.0);
            makeup.all += here;
            makeup.forced += if cell.exploitation == Exploitation::Forced { here } else { 0.0 };
            makeup.irregular += if cell.legal == Legal::Irregular { here } else { 0.0 };
            makeup.foreign += if cell.legal == Legal::Citizen { 0.0 } else { here };
        }
        makeup
    }
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
fn screen(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<Flagged> {
    let encounters = std::mem::take(&mut state.institutions.desk.encounters);
    let workforce = Workforce::of(state, &encounters);
    let makeups: Vec<Makeup> =
        workforce.employers.iter().enumerate().map(|(place, employer)| Makeup::of(state, *employer, workforce.of_place(place))).collect();
    let mut met = vec![0.0; state.officials.unit_skill.len()];
    let mut people = 0.0;
    for encounter in encounters.iter().filter(|encounter| !encounter.blocked) {
        let here = makeups[workforce.place(encounter.employer)].all;
        people += here;
        state.sector_row(state.employers.sector[encounter.employer]).met += here;
        if let Some(lead) = encounter.lead.known() {
            met[state.officials.unit_of(lead)] += here;
        }
    }
    state.count(Indicator::PeopleMet, people);
    let attention = attention(state, setting, &met);
    let mut flagged = Vec::new();
    let mut screened = 0.0;
    for encounter in encounters.iter().filter(|encounter| !encounter.blocked) {
        let place = workforce.place(encounter.employer);
        let (workers, makeup) = (workforce.of_place(place), makeups[place]);
        let by = screening(state, setting, luck, encounter, &attention);
        let arrests = arrest_share(state, setting, encounter.kind);
        if by.thorough {
            screened += makeup.foreign;
            look_at_each(state, setting, luck, encounter, workers, by, arrests, &mut flagged);
        } else {
            look_along(state, luck, encounter, workers, makeup, by, arrests, &mut flagged);
        }
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
        EncounterKind::Stream(_) => {
            let firewall = 1.0 - state.institutions.policy.protection.non_punishment;
            (setting.parameters.contact.arrest_when_met * (1.0 + state.institutions.pressure.crackdown) * firewall).min(1.0)
        }
    }
}

/// A thorough visit: each worker who is there is screened.
#[expect(clippy::too_many_arguments, reason = "a visit, those who are there, and how they are looked at")]
fn look_at_each(
    state: &mut State,
    setting: &Setting,
    luck: &Luck,
    encounter: &Encounter,
    workers: &[PersonId],
    by: Screening,
    arrests: f64,
    flagged: &mut Vec<Flagged>,
) {
    let month = state.month;
    let open = f64::from(state.employers.open[encounter.employer].max(1));
    if let Some(reporter) = encounter.reporter.known() {
        flagged.push(Flagged { person: reporter, copy: encounter.copy, by: FoundBy::Contact, reported: true });
    }
    for batch in workers.chunks(BATCH) {
        state.persons.prefetch(batch.iter().copied());
        for person in batch.iter().copied().filter(|person| *person != encounter.reporter) {
            let cell = state.persons.at(person);
            if cell.whereabouts != Whereabouts::Working {
                continue;
            }
            let address = copy_of(state.persons.address(person), if state.persons.weight(person) > 1 { u32::from(encounter.copy) } else { 0 });
            let draw = |decision: Decision| luck.uniform(Purpose::Identification, month, address, decision);
            let here = state.persons.persons(person) / open;
            if here < 1.0 && draw(Decision::Present) >= here {
                continue;
            }
            let chance = if cell.exploitation == Exploitation::Forced {
                let disclosed = if by.asked > 0.0 { disclosure(state, setting, person, cell) * by.asked } else { 0.0 };
                1.0 - (1.0 - by.sensitivity) * (1.0 - disclosed)
            } else {
                by.false_flags
            };
            if chance > 0.0 && draw(Decision::Flag) < chance {
                let one = state.persons.split(person, month);
                flagged.push(Flagged { person: one, copy: encounter.copy, by: FoundBy::Contact, reported: false });
            } else if arrests > 0.0 && cell.legal == Legal::Irregular && draw(Decision::Arrested) < arrests {
                let one = state.persons.split(person, month);
                state.count_one(Indicator::ArrestsRoutine);
                detain(state, one);
            }
        }
    }
}

/// How many of a kind are expected, and who is of it.
type Wanted = (f64, fn(Cell) -> bool);

/// A perfunctory visit: so few are flagged or arrested that one draw says how many.
#[expect(clippy::too_many_arguments, reason = "a visit, those who are there, and how they are looked at")]
fn look_along(
    state: &mut State,
    luck: &Luck,
    encounter: &Encounter,
    workers: &[PersonId],
    makeup: Makeup,
    by: Screening,
    arrests: f64,
    flagged: &mut Vec<Flagged>,
) {
    let month = state.month;
    let place = state.employers.workplace(encounter.employer, encounter.copy);
    let wanted: [Wanted; 3] = [
        (makeup.forced * by.sensitivity, |cell| cell.exploitation == Exploitation::Forced),
        ((makeup.all - makeup.forced) * by.false_flags, |cell| cell.exploitation != Exploitation::Forced),
        (makeup.irregular * arrests, |cell| cell.legal == Legal::Irregular),
    ];
    for (kind, (expected, is)) in wanted.into_iter().enumerate() {
        let count = poisson(luck.uniform(Purpose::Identification, month, place, Decision::Many.nth(kind)), expected);
        for k in 0..count {
            let suitable: Vec<PersonId> = workers
                .iter()
                .copied()
                .filter(|person| {
                    let cell = state.persons.at(*person);
                    cell.whereabouts == Whereabouts::Working && is(cell) && !flagged.iter().any(|known| known.person == *person)
                })
                .collect();
            if suitable.is_empty() {
                break;
            }
            // An agent that stands for many is there more often than somebody split off from one.
            let u = luck.uniform(Purpose::Identification, month, place, Decision::Which.nth(kind * 16 + k.min(15)));
            let person = &suitable[pick_among(suitable.iter().map(|person| state.persons.persons(*person)), u)];
            let one = state.persons.split(*person, month);
            if kind == 2 {
                state.count_one(Indicator::ArrestsRoutine);
                detain(state, one);
            } else {
                flagged.push(Flagged { person: one, copy: encounter.copy, by: FoundBy::Contact, reported: false });
            }
        }
    }
}

/// Rule 10D: of those arrested by routine some are screened in detention; the others are held as offenders.
fn screen_arrested(state: &mut State, setting: &Setting, luck: &Luck) -> Vec<Flagged> {
    let terms = &setting.parameters.identification;
    let share = state.institutions.policy.protection.detention_screening;
    let understood = 1.0 - terms.interpreter_gain * (1.0 - state.institutions.capacity.interpreters);
    let trained = f64::from(state.officials.trained) / state.officials.len().max(1) as f64;
    let trained_by = terms.untrained + (1.0 - terms.untrained) * trained;
    let mut flagged = Vec::new();
    for person in std::mem::take(&mut state.institutions.desk.arrested) {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        if cell.exploitation == Exploitation::Forced {
            let unit = state.officials.unit(Agency::Immigration, cell.zone);
            let seen = terms.sens_detention * skill(state, unit) * understood * trained_by;
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

/// Rule 35: the social worker who interviews somebody in `cell`: how well the unit recognises, whether this one is trained, and
/// whether this one is complicit and stops the case.
fn interviewer(state: &State, setting: &Setting, luck: &Luck, address: u32, cell: Cell) -> (f64, bool, bool) {
    let unit = state.officials.unit(Agency::Social, cell.zone);
    let draw = |decision: Decision| luck.uniform(Purpose::Identification, state.month, address, decision);
    let one = state.officials.one_of(unit, draw(Decision::Interviewer));
    let complicit = one.is_some_and(|one| state.officials.corrupts(one));
    let trained = one.is_some_and(|one| state.officials.trained_until[one] > state.month);
    (skill(state, unit), trained, complicit && draw(Decision::Stopped) < setting.parameters.complicity.blocks)
}

/// Rule 13: the formal interview, by a social worker of the zone.
fn interview(state: &mut State, setting: &Setting, luck: &Luck, flagged: &[Flagged]) {
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
        let willing = file.reported || draw(Decision::Willing) < sigmoid(disclosure_logit(state, setting, person, cell) + terms.k_reflection * days);
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
    if by == FoundBy::Detention {
        state.count_one(Indicator::IdentifiedDetention);
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
fn surge(state: &mut State, setting: &Setting, luck: &Luck) {
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
fn rescue(state: &mut State, setting: &Setting, luck: &Luck) {
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
        setting.parameters.identification.sens_detention = 1.0;
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
}
