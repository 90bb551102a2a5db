//! Work: an employer is found, work begins and ends, people move on.
//!
//! Rule 5: an employer is found with probability in proportion to vacancies times the own community's share
//! there. The share `network` of placements is sought where a fellow villager works, who is picked at random
//! (so that an employer is met in proportion to the villagers there) and succeeds if there is a vacancy; the
//! rest, and those who fail, find an employer in proportion to vacancies. Whom a recruiter brings is shown a workplace of the sector that the recruiter supplies
//! every other time. Each is then forced at arrival with
//! P = 1 - exp(-a * (q + e)/2 * m * (1 + kappa5 * max(0, D - 1)) * (1 - omega * know)). Who finds a second workplace meets the same
//! hazard, less what knowing the country is worth (`placement.later`, assumed); nobody is led back to the employer just left.

use super::super::chance::pick;
use super::super::country::SectorKind;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Exploitation, Legal, Whereabouts, tercile};
use super::super::state::ids::{EmployerId, PersonId, RecruiterId};
use super::exploitation::{confine, record_entry, whatever_the_means};
use super::status::{self, go_home};
use crate::draws::{Luck, Purpose, decisions};
use rand::RngExt;

decisions! {
    Network = 0,
    Villager = 1,
    Suits = 2,
    Sector = 3,
    Employer = 4,
    Forced = 5,
    Knows = 6,
    Offered = 7,
}

/// How much vulnerability a legal status carries (m of rules 5 and 6).
#[must_use]
pub fn vulnerability(setting: &Setting, legal: Legal) -> f64 {
    let terms = &setting.parameters.placement;
    match legal {
        Legal::Mou => terms.vulnerability_mou,
        Legal::Regularised => terms.vulnerability_regularised,
        Legal::Irregular => terms.vulnerability_irregular,
        Legal::Citizen => terms.vulnerability_citizen,
    }
}

/// Vacancies of `sector`, in agents.
#[must_use]
pub fn vacancies(state: &State, sector: usize) -> f64 {
    let range = state.employers.of_sector(sector);
    state.employers.vacancies.before(range.end) - state.employers.vacancies.before(range.start)
}

/// Vacancies of `sector` in `zone`, whose employers stand side by side, in agents.
#[must_use]
pub fn vacancies_in(state: &State, sector: usize, zone: usize) -> f64 {
    let range = state.employers.of_sector(sector);
    let zones = &state.employers.zone[range.clone()];
    let from = |zone: usize| state.employers.vacancies.before(range.start + zones.partition_point(|of| usize::from(*of) < zone));
    from(zone + 1) - from(zone)
}

/// Puts `person` to work at `employer`, from home, the queue or another workplace that was left.
pub fn start_work(state: &mut State, person: PersonId, employer: EmployerId, legal: Legal, exploitation: Exploitation) {
    let persons = u32::from(state.persons.weight(person));
    state.employers.workers[employer] += persons;
    state.persons.employer[person] = employer;
    let community = state.persons.community(person);
    state.communities.abroad[community] += persons;
    if legal == Legal::Mou {
        state.communities.abroad_mou[community] += persons;
    }
    let cell = Cell {
        whereabouts: Whereabouts::Working,
        exploitation,
        legal,
        band: 0,
        tercile: tercile(f64::from(state.employers.propensity[employer])),
        sector: state.employers.sector[employer],
        zone: state.employers.zone[employer],
    };
    state.persons.change(person, cell, state.month);
}

/// Takes `person`, who is at work in `cell`, away from the employer and out of the community's count abroad. What is owed is owed on, to
/// a lender: whoever flees a bond leaves the debt with the family.
pub fn leave_work(state: &mut State, person: PersonId, cell: Cell) {
    let persons = u32::from(state.persons.weight(person));
    let employer = std::mem::replace(&mut state.persons.employer[person], EmployerId::NONE);
    if let Some(employer) = employer.known() {
        state.employers.workers[employer] -= persons;
    }
    super::exploitation::end_bond(state, person);
    state.persons.confine(person, 0, state.month);
    let community = state.persons.community(person);
    state.communities.abroad[community] -= persons;
    if cell.legal == Legal::Mou {
        state.communities.abroad_mou[community] -= persons;
    }
}

/// A job, with the conditions at arrival already decided.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The employer.
    pub employer: EmployerId,
    /// Forced from the first day.
    pub forced: bool,
}

/// Starts `person`, of status `legal`, in `job`.
pub fn take_job(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, legal: Legal, job: Job) {
    let exploitation = if job.forced { Exploitation::Forced } else { Exploitation::None };
    start_work(state, person, job.employer, legal, exploitation);
    if job.forced {
        confine(state, setting, luck, person, job.employer, Exploitation::Forced);
        record_entry(state, person, state.employers.sector[job.employer]);
    }
}

/// `person`, who is at work nowhere, looks for work in the country again with status `legal`; home if there is none. `not` is left out.
pub fn find_work(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, legal: Legal, sector: Option<u8>, not: EmployerId) {
    let found = find_employer(state, setting, luck, person, RecruiterId::NONE, sector);
    match found.and_then(|employer| other_than(state, employer, not)) {
        Some(employer) => {
            let later = setting.parameters.placement.later;
            let forced = forced_at_arrival(state, setting, luck, person, RecruiterId::NONE, employer, legal, later);
            take_job(state, setting, luck, person, legal, Job { employer, forced });
        }
        None => go_home(state, person),
    }
}

/// `found`, or where that is the employer just left, the next of the sector who is at work: an agent of several copies has another workplace.
fn other_than(state: &State, found: EmployerId, not: EmployerId) -> Option<EmployerId> {
    if found != not || state.employers.open[found] > 1 {
        return Some(found);
    }
    let range = state.employers.of_sector(usize::from(state.employers.sector[found]));
    let after = (found.index() + 1..range.end).chain(range.start..found.index());
    after.map(|place| EmployerId(place as u32)).find(|employer| state.employers.at_work(*employer))
}

/// Takes `person` from the present employer to another; status may be lost.
pub fn move_on(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cell: Cell) {
    let legal = status::after_leaving(state, setting, luck, person, cell.legal);
    let left = state.persons.employer[person];
    leave_work(state, person, cell);
    let sector = (cell.legal == Legal::Citizen).then_some(cell.sector);
    find_work(state, setting, luck, person, legal, sector, left);
}

/// Rule 5: an employer for `person`, in `sector` if given.
#[must_use]
pub fn find_employer(
    state: &State,
    setting: &Setting,
    luck: &Luck,
    person: PersonId,
    recruiter: RecruiterId,
    sector: Option<u8>,
) -> Option<EmployerId> {
    let address = state.persons.address(person);
    let draw = |decision: Decision| luck.uniform(Purpose::Employment, state.month, address, decision);
    if sector.is_none()
        && let Some(villager) = villager(state, setting, luck, person)
        && let Some(employer) = state.persons.employer[villager].known()
        && has_room(state, employer)
        && draw(Decision::Suits) < suits(state, setting, person, employer)
    {
        return Some(employer);
    }
    offered(state, setting, luck, person, recruiter, sector).or_else(|| {
        let sector = sector.map_or_else(|| find_sector(state, person, draw(Decision::Sector)), usize::from);
        let range = state.employers.of_sector(sector);
        let vacancies = &state.employers.vacancies;
        let (low, high) = (vacancies.before(range.start), vacancies.before(range.end));
        let found = || EmployerId(vacancies.find(range, low + draw(Decision::Employer) * (high - low)) as u32);
        (high > low).then(found).filter(|employer| state.employers.at_work(*employer))
    })
}

/// How many employers somebody comes upon who looks for work; whoever is taken by none of them finds work where there is any.
const OFFERS: usize = 100;

/// An employer in proportion to vacancies and to how often people of this sex work in the sector: whoever looks for work comes upon employers by their size, and each
/// takes the person with the chance that a place is free. One vacancy more or less then moves those who come upon it and nobody else, so that futures under two
/// policies stay pairs; sought among the sums of all vacancies, it would send every other person elsewhere.
fn offered(state: &State, setting: &Setting, luck: &Luck, person: PersonId, recruiter: RecruiterId, sector: Option<u8>) -> Option<EmployerId> {
    let mut draws = luck.stream(Purpose::Employment, state.month, state.persons.address(person), Decision::Offered);
    let offers = &state.offers;
    let anywhere = sector.map_or(&offers.anywhere[usize::from(state.persons.woman(person))], |sector| &offers.sectors[usize::from(sector)]);
    let supplied = recruiter.known().filter(|_| sector.is_none()).map(|recruiter| &offers.sectors[usize::from(state.recruiters.sector[recruiter])]);
    let vacancies = &state.employers.vacancies;
    let demand = state.institutions.pressure.demand.max(1.0);
    (0..OFFERS).find_map(|attempt| {
        let brought = supplied.filter(|_| attempt % 2 == 0);
        let employer = EmployerId(brought.unwrap_or(anywhere).propose(draws.random())?);
        // A recruiter's sector takes those of the sex that works there; who finds work alone is offered it so already.
        let wanted = brought.map_or(1.0, |_| suits(state, setting, person, employer) / usually(setting, state, employer));
        let free = vacancies.before(employer.index() + 1) - vacancies.before(employer.index());
        let taken = draws.random::<f64>() * f64::from(state.employers.size[employer]) * demand < free * wanted;
        (taken && state.employers.at_work(employer)).then_some(employer)
    })
}

/// The fellow villager at whose workplace `person` asks first, if the person asks anybody.
fn villager(state: &State, setting: &Setting, luck: &Luck, person: PersonId) -> Option<PersonId> {
    let address = state.persons.address(person);
    let draw = |decision: Decision| luck.uniform(Purpose::Employment, state.month, address, decision);
    let asks = draw(Decision::Network) < setting.parameters.placement.network;
    asks.then(|| {
        let members = state.persons.layout.members(state.persons.community(person));
        PersonId(members.start + (draw(Decision::Villager) * f64::from(members.end - members.start)) as u32)
    })
}

/// Asks memory for the workplaces of those whom `persons` will ask (see [`Persons::prefetch`]).
///
/// [`Persons::prefetch`]: super::super::state::persons::Persons::prefetch
pub fn prefetch_villagers(state: &State, setting: &Setting, luck: &Luck, persons: impl Iterator<Item = PersonId>) {
    let villagers = persons.filter_map(|person| villager(state, setting, luck, person));
    std::hint::black_box(villagers.fold(0, |all, villager| all ^ state.persons.employer[villager].0));
}

fn has_room(state: &State, employer: EmployerId) -> bool {
    f64::from(state.employers.workers[employer]) < state.employers.wanted(employer) * state.institutions.pressure.demand
}

/// How often people of this person's sex work in the employer's sector.
fn suits(state: &State, setting: &Setting, person: PersonId, employer: EmployerId) -> f64 {
    setting.country.sectors[usize::from(state.employers.sector[employer])].share_of(state.persons.woman(person))
}

/// How often people of the sex that works there most work in the employer's sector.
fn usually(setting: &Setting, state: &State, employer: EmployerId) -> f64 {
    let sector = &setting.country.sectors[usize::from(state.employers.sector[employer])];
    sector.share_of(true).max(sector.share_of(false))
}

/// A sector in proportion to its vacancies and to how often people of this sex work there.
fn find_sector(state: &State, person: PersonId, u: f64) -> usize {
    pick(&state.employers.suiting[usize::from(state.persons.woman(person))], u)
}

/// Rule 5: forced at arrival; `part` of the hazard holds. Of minors in commercial sex nothing is asked.
#[must_use]
#[expect(clippy::too_many_arguments, reason = "who, through whom, where and with which papers are four things")]
pub fn forced_at_arrival(
    state: &State,
    setting: &Setting,
    luck: &Luck,
    person: PersonId,
    recruiter: RecruiterId,
    employer: EmployerId,
    legal: Legal,
    part: f64,
) -> bool {
    let terms = &setting.parameters.placement;
    let sector = &setting.country.sectors[usize::from(state.employers.sector[employer])];
    if whatever_the_means(state, setting, person, state.employers.sector[employer]) {
        return true;
    }
    let level = if sector.kind == SectorKind::Sex { terms.sex_at_arrival } else { terms.labour_at_arrival };
    let tactic = recruiter.known().map_or(0.0, |recruiter| state.recruiters.share(recruiter));
    let propensity = f64::midpoint(tactic, f64::from(state.employers.propensity[employer]));
    let debt = state.persons.debt(person, state.month);
    let bonded = 1.0 + setting.parameters.recruitment.debt_vulnerability * (debt - 1.0).max(0.0);
    let address = state.persons.address(person);
    let draw = |decision: Decision| luck.uniform(Purpose::Employment, state.month, address, decision);
    let knows = draw(Decision::Knows) < state.institutions.policy.prevention.information;
    let known = if knows { 1.0 - terms.rights_knowledge } else { 1.0 };
    let hazard = level * propensity * vulnerability(setting, legal) * bonded * known * part;
    draw(Decision::Forced) < -libm::expm1(-hazard)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ledgers::indicators::Indicator;
    use crate::model::state::persons::Holder;
    use crate::model::testing::{at_work, luck, setting, state};

    #[test]
    fn whoever_begins_and_leaves_work_counts_with_the_weight() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        let employer = EmployerId(0);
        let workers = at_work(&mut state, 2, employer, Legal::Mou, Exploitation::None);
        let community = state.persons.community(workers[0]);
        assert_eq!(state.employers.workers[employer], 10);
        assert_eq!((state.communities.abroad[community], state.communities.abroad_mou[community]), (10, 10));
        let one = state.persons.split(workers[0], 0);
        let cell = state.persons.at(one);
        leave_work(&mut state, one, cell);
        assert_eq!(state.employers.workers[employer], 9);
        assert_eq!((state.communities.abroad[community], state.communities.abroad_mou[community]), (9, 9));
        assert_eq!((state.persons.weight(workers[0]), state.persons.weight(one)), (4, 1));
    }

    /// Whoever flees a bond leaves the debt behind, owed to a lender now.
    #[test]
    fn a_bond_ends_with_the_work_and_the_debt_does_not() {
        let setting = setting(2);
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        state.persons.borrow(person, 2.0, Holder::Employer, 0);
        state.persons.confine(person, super::super::super::state::persons::BOND, 0);
        let cell = state.persons.at(person);
        leave_work(&mut state, person, cell);
        assert_eq!(state.persons.confinement(person), 0);
        assert_eq!(state.persons.holder(person), Holder::Lender);
        assert!((state.persons.debt(person, 0) - 2.0).abs() < 1e-6);
    }

    /// A minor in commercial sex is a victim where no adult would be, and a minor in the fields is not for that alone.
    #[test]
    fn a_minor_in_commercial_sex_is_exploited_whatever_the_means() {
        let setting = setting(2);
        let mut state = state(&setting);
        let person = PersonId(0);
        let venue = EmployerId(state.employers.of_sector(1).start as u32);
        let forced = |state: &State, employer: EmployerId| {
            forced_at_arrival(state, &setting, &luck(), person, RecruiterId::NONE, employer, Legal::Irregular, 1.0)
        };
        assert!(!forced(&state, venue), "nobody is forced where the level is nothing");
        state.persons.set_type(person, true, true);
        assert!(forced(&state, venue) && !forced(&state, EmployerId(0)));
    }

    /// 1 - exp(-a q/2 m (1 + kappa5 (D - 1))) with .5 * .6/2 * 2 * (1 + .5) = .45.
    #[test]
    fn arrivals_are_forced_as_often_as_the_rule_says() {
        let mut setting = setting(2);
        setting.parameters.placement.labour_at_arrival = 0.5;
        setting.parameters.placement.vulnerability_irregular = 2.0;
        setting.parameters.recruitment.debt_vulnerability = 0.5;
        let mut state = state(&setting);
        let employer = EmployerId(0);
        state.employers.set_propensity(employer, 0.6);
        let n = state.persons.len();
        let mut forced = 0;
        for person in state.persons.all() {
            state.persons.borrow(person, 2.0, Holder::Lender, 0);
            let nobody = RecruiterId::NONE;
            forced += u32::from(forced_at_arrival(&state, &setting, &luck(), person, nobody, employer, Legal::Irregular, 1.0));
        }
        let expected = -libm::expm1(-0.45);
        let error = (expected * (1.0 - expected) / f64::from(n)).sqrt();
        assert!((f64::from(forced) / f64::from(n) - expected).abs() < 4.0 * error, "{forced} of {n}");
    }

    #[test]
    fn work_is_found_where_there_is_room() {
        let setting = setting(2);
        let mut state = state(&setting);
        let n = state.employers.len();
        state.employers.vacancies.fill((0..n).map(|employer| if employer == 3 { 1.0 } else { 0.0 }));
        for person in state.persons.all().take(50) {
            assert_eq!(find_employer(&state, &setting, &luck(), person, RecruiterId::NONE, Some(0)), Some(EmployerId(3)));
            assert_eq!(find_employer(&state, &setting, &luck(), person, RecruiterId::NONE, Some(1)), None);
        }
        assert!((vacancies(&state, 0) - 1.0).abs() < 1e-12 && (vacancies_in(&state, 0, 0) - 1.0).abs() < 1e-12);
        assert!(vacancies_in(&state, 0, 1).abs() < 1e-12);
    }

    /// Where all exploit, who moves on is forced at the second workplace with 1 - exp(-2 * .5 * .5): half of the hazard of a first one.
    #[test]
    fn who_moves_on_may_land_in_exploitation() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.placement;
        (terms.labour_at_arrival, terms.sex_at_arrival, terms.vulnerability_irregular, terms.later) = (2.0, 2.0, 1.0, 0.5);
        let mut state = state(&setting);
        state.employers.propensity.fill(1.0);
        state.employers.vacancies.fill((0..state.employers.len()).map(|_| 1.0));
        let workers = at_work(&mut state, 500, EmployerId(0), Legal::Irregular, Exploitation::None);
        for person in &workers {
            let cell = state.persons.at(*person);
            move_on(&mut state, &setting, &luck(), *person, cell);
        }
        let forced = workers.iter().filter(|person| state.persons.at(**person).exploitation == Exploitation::Forced).count() as f64;
        let expected = -libm::expm1(-0.5);
        assert!((forced / 500.0 - expected).abs() < 4.0 * (expected * (1.0 - expected) / 500.0).sqrt(), "{forced}");
        assert!((state.ledger.get(Indicator::NewVictims) - forced).abs() < 1e-12);
    }

    /// Where the employer just left is the only one with a place, who escapes goes to the next of the sector, or home if there is none; never back.
    #[test]
    fn nobody_is_led_back_to_the_employer_just_left() {
        let setting = setting(2);
        let mut state = state(&setting);
        let left = EmployerId(0);
        let workers = at_work(&mut state, 2, left, Legal::Irregular, Exploitation::Forced);
        state.employers.vacancies.fill((0..state.employers.len()).map(|employer| if employer == 0 { 1.0 } else { 0.0 }));
        assert_eq!(find_employer(&state, &setting, &luck(), workers[0], RecruiterId::NONE, None), Some(left));
        let cell = state.persons.at(workers[0]);
        move_on(&mut state, &setting, &luck(), workers[0], cell);
        assert_eq!(state.persons.employer[workers[0]], EmployerId(1));
        for employer in state.employers.all().skip(1) {
            state.employers.close(employer);
        }
        move_on(&mut state, &setting, &luck(), workers[1], cell);
        assert_eq!(state.persons.at(workers[1]).whereabouts, Whereabouts::Home);
    }
}
