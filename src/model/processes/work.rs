//! Work: abuse deepens or eases, debts hold, people exit, change employer, go home; permits lapse, windows open.
//!
//! Hazards a month, competing: return home (not from force); none -> violation -> forced at
//! h * e * m * (1 + kappa6 D) (rule 6); easing back at e0 * (1 - e), toward the employer's norm; exit
//! max(floor, x0 * prod(1 - c) * (1 + theta * freedom) * exp(-kappa8 D)) (rule 8), where the freedom to change employer is of use to those whose status
//! names one and who are not locked in; change of employer, which those whom it would cost their status avoid (`tied`);
//! being let about, for those who are locked in (rule 8: `unlocked`; the other ties stay); routine arrest of the irregular (rule 8), which reaches the locked in hardly, and less at sea, in households and under protection; extortion
//! (rule 23), which grows with the quotas of a crackdown; being sold on with the debt, for those in force whom a bond holds (rule 3B). In a slump workers are
//! laid off: those who are free lose the job in proportion to what demand fell by.
//!
//! Rule 3B, debt: a bond ends with the debt, if the employer lets it (`work.release`); until then the holder adds charges (`recruitment.bond_charge`).
//! Rule 32: registration windows, permits, renewal.

use super::super::chance::{pick, sigmoid};
use super::super::country::{Agency, StreamKind};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::custody::{return_home, watch};
use super::super::moves::employment::{self, prefetch_villagers, start_work, vulnerability};
use super::super::moves::exploitation::{self, Exit, end_bond, record_exit};
use super::super::moves::status::{self, grant_permit, set_legal};
use super::super::setting::Setting;
use super::super::state::cells::{BAND_EDGE, Cell, Exploitation, Legal, MAX_DEBT, Whereabouts};
use super::super::state::ids::{EmployerId, PersonId};
use super::super::state::persons::{BATCH, BOND, DOCUMENTS, Holder, LOCKED};
use super::super::state::{NEVER, State};
use super::recruitment;
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Cause = 0,
    AfterExit = 1,
    Register = 2,
    Renew = 3,
    Released = 4,
    Sold = 5,
}

/// What may happen to a worker, in the order of the competing hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Return,
    Worsen,
    Ease,
    Exit,
    Change,
    Arrest,
    Extortion,
    Sold,
    LaidOff,
    Unlocked,
}

const CAUSES: [Cause; 10] = [
    Cause::Return,
    Cause::Worsen,
    Cause::Ease,
    Cause::Exit,
    Cause::Change,
    Cause::Arrest,
    Cause::Extortion,
    Cause::Sold,
    Cause::LaidOff,
    Cause::Unlocked,
];

/// What a worker's hazards depend on beyond the cell.
#[derive(Clone, Copy, Debug)]
struct Circumstances {
    propensity: f64,
    debt: f64,
    /// Product of 1 - c over the confinements held.
    unconfined: f64,
    /// What of an arrest reaches the worker: 1 for those whom nothing shields.
    exposed: f64,
    locked: bool,
    bonded: bool,
}

/// The hazards of people at work this month.
pub struct Hazards {
    return_home: f64,
    onset: f64,
    vulnerability: [f64; 4],
    kappa: f64,
    ease: [f64; 3],
    exit_floor: f64,
    exit: f64,
    freedom: f64,
    kappa_exit: f64,
    /// Change of employer by legal status.
    change: [f64; 4],
    /// Arrest by sector.
    arrest: Vec<f64>,
    /// Extortion by zone.
    extortion: Vec<f64>,
    sold: f64,
    laid_off: f64,
    unlocked: f64,
}

impl Hazards {
    /// The hazards of this month.
    #[must_use]
    pub fn new(state: &State, setting: &Setting) -> Self {
        let terms = &setting.parameters.work;
        let contact = &setting.parameters.contact;
        let recruitment = &setting.parameters.recruitment;
        let policy = &state.institutions.policy;
        let pressure = &state.institutions.pressure;
        let zones = 0..setting.country.zones.len() as u8;
        let police = |zone| state.officials.complicit_share(state.officials.unit(Agency::Police, zone));
        let quota = 1.0 + recruitment.crackdown_extortion * pressure.crackdown;
        let arrest = contact.arrest * (1.0 + pressure.crackdown) * pressure.contacts;
        Self {
            return_home: terms.return_home * pressure.returns,
            onset: terms.abuse_onset,
            vulnerability: Legal::ALL.map(|legal| vulnerability(setting, legal)),
            kappa: terms.debt_in_onset,
            ease: [0.0, terms.ease_violation, terms.ease_forced],
            exit_floor: terms.exit_floor,
            exit: terms.exit_base,
            freedom: 1.0 + terms.freedom_to_change * policy.prevention.employer_change,
            kappa_exit: terms.debt_in_exit,
            change: Legal::ALL.map(|legal| {
                let loses = if status::tied(legal) { 1.0 - policy.prevention.employer_change } else { 0.0 };
                let tied = if legal == Legal::Regularised { terms.tied * (1.0 - terms.released) } else { terms.tied };
                terms.change * (1.0 - tied * loses)
            }),
            arrest: setting
                .country
                .sectors
                .iter()
                .map(|sector| {
                    // At sea nobody is stopped in the street, and behind the doors of a household hardly anybody.
                    let seen = if sector.stream == StreamKind::Port {
                        contact.arrest_at_sea
                    } else {
                        contact.arrest_hidden + (1.0 - contact.arrest_hidden) * (2.0 * sector.formality).min(1.0)
                    };
                    arrest * seen
                })
                .collect(),
            extortion: zones.map(|zone| recruitment.extortion_rate * police(zone) * quota).collect(),
            sold: terms.sold,
            laid_off: terms.laid_off * (1.0 - pressure.demand).max(0.0),
            unlocked: terms.unlocked,
        }
    }

    /// The competing hazards of a worker, in the order of [`CAUSES`].
    fn of(&self, cell: Cell, case: Circumstances) -> [f64; 10] {
        let exploitation = cell.exploitation;
        let forced = exploitation == Exploitation::Forced;
        let exploited = exploitation != Exploitation::None;
        let irregular = cell.legal == Legal::Irregular;
        let when = |condition: bool, hazard: f64| if condition { hazard } else { 0.0 };
        let worsening = self.onset * case.propensity * self.vulnerability[cell.legal as usize] * (1.0 + self.kappa * case.debt);
        let freedom = if status::tied(cell.legal) && !case.locked { self.freedom } else { 1.0 };
        [
            when(!forced, self.return_home),
            when(!forced, worsening),
            self.ease[exploitation as usize] * (1.0 - case.propensity),
            when(exploited, (self.exit * case.unconfined * freedom * libm::exp(-self.kappa_exit * case.debt)).max(self.exit_floor)),
            when(!exploited, self.change[cell.legal as usize]),
            when(irregular, self.arrest[usize::from(cell.sector)] * case.exposed),
            when(irregular, self.extortion[usize::from(cell.zone)]),
            when(forced && case.bonded, self.sold),
            when(!exploited, self.laid_off),
            when(case.locked, self.unlocked),
        ]
    }

    /// The bound of the total over everybody in `cell`. Each hazard is monotone in each circumstance, so the
    /// bound takes each at the end of its range that makes the hazard greatest: they never meet in one person.
    #[must_use]
    pub fn bound(&self, cell: Cell) -> f64 {
        let (low, high) = (f64::from(cell.tercile) / 3.0, f64::from(cell.tercile + 1) / 3.0);
        let (least, most) = [(0.0, 0.0), (0.0, BAND_EDGE), (BAND_EDGE, MAX_DEBT)][usize::from(cell.band)];
        let free = Circumstances { propensity: high, debt: most, unconfined: 1.0, exposed: 1.0, locked: false, bonded: true };
        let rising = self.of(cell, free);
        let falling = self.of(cell, Circumstances { propensity: low, debt: least, ..free });
        let held = self.of(cell, Circumstances { locked: cell.exploitation == Exploitation::Forced, ..free });
        // The rounding of a debt to 32 bits can pass a band's edge by a hair.
        rising.iter().zip(falling).zip(held).map(|((a, b), c)| a.max(b).max(c)).sum::<f64>() * (1.0 + 1e-6)
    }
}

/// Runs a month of work.
pub fn work(state: &mut State, setting: &Setting, luck: &Luck) {
    let events = decide(state, setting, luck);
    for batch in events.chunks(BATCH) {
        state.persons.prefetch(batch.iter().map(|(person, _)| *person));
        let seekers = batch.iter().filter(|(_, cause)| matches!(cause, Cause::Change | Cause::Exit | Cause::LaidOff));
        prefetch_villagers(state, setting, luck, seekers.map(|(person, _)| *person));
        for (person, cause) in batch {
            happen(state, setting, luck, *person, *cause);
        }
    }
    settle_bonds(state, setting, luck);
    lapse(state, setting, luck);
    register(state, setting, luck);
}

fn happen(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cause: Cause) {
    let cell = state.persons.at(person);
    match cause {
        Cause::Return => {
            return_home(state, person, Exit::Other);
            state.count_persons(Indicator::Returns, person);
        }
        Cause::Worsen => worsen(state, setting, luck, person, cell),
        Cause::Ease if exploitation::whatever_the_means(state, setting, person, cell.sector) => {}
        Cause::Ease => exploitation::ease(state, person),
        Cause::Exit => exit(state, setting, luck, person, cell),
        Cause::Change | Cause::LaidOff => employment::move_on(state, setting, luck, person, cell),
        Cause::Arrest => state.institutions.desk.arrested.push(person),
        Cause::Extortion => recruitment::extort(state, setting, person),
        Cause::Sold => sell(state, setting, luck, person, cell),
        Cause::Unlocked => state.persons.confine(person, state.persons.confinement(person) & !LOCKED, state.month),
    }
}

/// Who sees which event, from the state as it stands.
fn decide(state: &State, setting: &Setting, luck: &Luck) -> Vec<(PersonId, Cause)> {
    let hazards = Hazards::new(state, setting);
    let die = luck.die(state.month);
    let mut events = Vec::new();
    for batch in state.institutions.desk.die_work.chunks(BATCH) {
        state.persons.prefetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            if cell.whereabouts != Whereabouts::Working {
                continue;
            }
            let case = circumstances(state, setting, person);
            let each = hazards.of(cell, case);
            let total: f64 = each.iter().sum();
            debug_assert!(total <= hazards.bound(cell), "{cell:?} {case:?}: {total} > {}", hazards.bound(cell));
            let address = state.persons.address(person);
            if die.falls(address, total) {
                let u = luck.uniform(Purpose::Work, state.month, address, Decision::Cause);
                events.push((person, CAUSES[pick(&each, u)]));
            }
        }
    }
    events
}

fn circumstances(state: &State, setting: &Setting, person: PersonId) -> Circumstances {
    let terms = &setting.parameters.work;
    let confinement = state.persons.confinement(person);
    let free = |bit: u8, c: f64| if confinement & bit == 0 { 1.0 } else { 1.0 - c };
    let employer = state.persons.employer[person];
    let protected = 1.0 - setting.parameters.complicity.blocks * state.employers.covered(employer);
    Circumstances {
        propensity: f64::from(state.employers.propensity[employer]),
        debt: state.persons.debt(person, state.month),
        unconfined: free(DOCUMENTS, terms.held_by_documents) * free(BOND, terms.held_by_bond) * free(LOCKED, terms.held_by_lock),
        exposed: free(LOCKED, terms.held_by_lock) * protected,
        locked: confinement & LOCKED != 0,
        bonded: confinement & BOND != 0,
    }
}

fn worsen(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cell: Cell) {
    exploitation::worsen(state, setting, luck, person);
    if cell.exploitation == Exploitation::Violation {
        let persons = state.persons.persons(person) as f32;
        let community = state.persons.community(person);
        let heard = &mut state.communities.outcomes[community];
        match cell.legal {
            Legal::Mou => heard.legal_bad += persons,
            Legal::Irregular => heard.broker_bad += persons,
            Legal::Regularised | Legal::Citizen => {}
        }
    }
}

/// Somebody gets away: home, or to another employer. Whoever flees from force is watched for being trafficked again.
fn exit(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cell: Cell) {
    let free_of_debt = state.persons.debt(person, state.month) <= 0.0;
    let address = state.persons.address(person);
    let goes_home = luck.happens(setting.parameters.work.home_after_exit, Purpose::Work, state.month, address, Decision::AfterExit);
    let route = if free_of_debt { Exit::DebtRepaid } else { Exit::Escape };
    if goes_home {
        return_home(state, person, route);
    } else {
        record_exit(state, person, cell, route);
        employment::move_on(state, setting, luck, person, cell);
    }
    if state.persons.at(person).exploitation == Exploitation::None {
        watch(state, person, cell);
    }
}

/// The employer sells a worker on, with the debt and a charge on top, to another of the cluster: still in force, in other hands.
fn sell(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, cell: Cell) {
    let from = state.persons.employer[person];
    let cluster = state.employers.cluster_of(from);
    let u = luck.uniform(Purpose::Work, state.month, state.persons.address(person), Decision::Sold);
    let buyer = EmployerId(cluster.start as u32 + (u * (cluster.end - cluster.start) as f64) as u32);
    if buyer == from || !state.employers.at_work(buyer) {
        return;
    }
    let confinement = state.persons.confinement(person);
    let since = state.persons.records[person].since;
    let month = state.month;
    employment::leave_work(state, person, cell);
    start_work(state, person, buyer, cell.legal, cell.exploitation);
    state.persons.records[person].since = since;
    state.persons.confine(person, confinement, month);
    state.persons.borrow(person, setting.parameters.recruitment.bond_charge, Holder::Employer, month);
    state.count_persons(Indicator::Sold, person);
}

/// Rule 3B: those who are out of debt this month are released from their bond, or kept: then the holder writes up a new one.
fn settle_bonds(state: &mut State, setting: &Setting, luck: &Luck) {
    let month = state.month;
    let void = state.institutions.policy.national.law_debt_bondage_void;
    let release = setting.parameters.work.release;
    let release = release + (1.0 - release) * void;
    for person in std::mem::take(&mut state.institutions.desk.free_of_debt) {
        if state.persons.debt(person, month) > 0.0 {
            continue;
        }
        if state.persons.confinement(person) & BOND == 0 {
            state.persons.set_holder(person, Holder::Nobody);
            continue;
        }
        if luck.happens(release, Purpose::Work, month, state.persons.address(person), Decision::Released) {
            end_bond(state, person);
        } else {
            state.persons.borrow(person, setting.parameters.recruitment.bond_charge, Holder::Employer, month);
        }
    }
}

/// Rule 32: permits lapse at their term; some are renewed.
fn lapse(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.work;
    for batch in std::mem::take(&mut state.persons.lapses[usize::from(state.month)]).chunks(BATCH) {
        state.persons.prefetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            let held = state.persons.records[person].permit == state.month;
            if !held || cell.whereabouts != Whereabouts::Working || !matches!(cell.legal, Legal::Mou | Legal::Regularised) {
                continue;
            }
            if luck.happens(terms.renewal, Purpose::Registration, state.month, state.persons.address(person), Decision::Renew) {
                grant_permit(state, setting, person);
            } else {
                state.persons.records[person].permit = NEVER;
                set_legal(state, person, cell, Legal::Irregular);
                state.count_persons(Indicator::PermitsLapsed, person);
                state.count_persons(Indicator::FellIrregular, person);
            }
        }
    }
}

/// Rule 32: in an open window irregular workers register with sg(a - fee/W + employer's help), a share of
/// the willing each month; an employer helps as far as it does not live on abuse.
fn register(state: &mut State, setting: &Setting, luck: &Luck) {
    let open = state.institutions.policy.prevention.registration_windows;
    if open <= 0.0 {
        return;
    }
    let terms = setting.parameters.work;
    let month = state.month;
    // Even the most willing does not register on such a draw, and most draws are such: they are left first.
    let most = open * terms.register_pace;
    let irregular = state.persons.select(|cell| cell.whereabouts == Whereabouts::Working && cell.legal == Legal::Irregular);
    let mut places = 0..irregular.len();
    let mut able = Vec::new();
    let addresses = irregular.iter().map(|person| state.persons.address(*person));
    luck.uniforms(Purpose::Registration, month, addresses, Decision::Register, |_, u| {
        let place = places.next().unwrap_or_default();
        if u < most {
            able.push((irregular[place], u));
        }
    });
    for batch in able.chunks(BATCH) {
        state.persons.prefetch(batch.iter().map(|(person, _)| *person));
        for (person, u) in batch {
            let person = *person;
            let cell = state.persons.at(person);
            let employer = state.persons.employer[person];
            let help = terms.register_help * (1.0 - f64::from(state.employers.propensity[employer]));
            let willing = sigmoid(terms.register_base - terms.register_fee + help);
            if *u < open * terms.register_pace * willing {
                set_legal(state, person, cell, Legal::Regularised);
                grant_permit(state, setting, person);
                let fee = setting.parameters.recruitment.borrowed * terms.register_fee;
                state.persons.borrow(person, fee, Holder::Lender, month);
                state.count_persons(Indicator::Registrations, person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{at_work, luck, setting, state};

    fn case() -> Circumstances {
        Circumstances { propensity: 0.5, debt: 1.0, unconfined: 0.5, exposed: 1.0, locked: false, bonded: false }
    }

    fn cell(legal: Legal, exploitation: Exploitation) -> Cell {
        Cell { whereabouts: Whereabouts::Working, exploitation, legal, band: 1, tercile: 1, sector: 0, zone: 0 }
    }

    const EXIT: usize = 3;
    const CHANGE: usize = 4;
    const ARREST: usize = 5;

    /// .1 * .5 * exp(-1), half as much again for those whom the right to change serves; never below the floor.
    #[test]
    fn exit_hangs_on_confinement_debt_and_freedom() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.work;
        (terms.exit_base, terms.exit_floor, terms.freedom_to_change, terms.debt_in_exit) = (0.1, 0.01, 1.0, 1.0);
        let mut state = state(&setting);
        state.institutions.policy.prevention.employer_change = 0.5;
        let hazards = Hazards::new(&state, &setting);
        let exit = |legal: Legal, case: Circumstances| hazards.of(cell(legal, Exploitation::Forced), case)[EXIT];
        let plain = 0.05 * libm::exp(-1.0);
        assert!((exit(Legal::Irregular, case()) - plain).abs() < 1e-12);
        assert!((exit(Legal::Mou, case()) - 1.5 * plain).abs() < 1e-12);
        assert!((exit(Legal::Mou, Circumstances { locked: true, ..case() }) - plain).abs() < 1e-12);
        assert!((exit(Legal::Citizen, Circumstances { debt: 5.0, ..case() }) - 0.01).abs() < 1e-12);
        assert!(hazards.of(cell(Legal::Mou, Exploitation::None), case())[EXIT].abs() < 1e-12);
    }

    /// Of a rate of .1 the fear of losing status takes .8 of what the right does not give: .1 * (1 - .8 * .75).
    #[test]
    fn the_tied_change_less() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.work;
        (terms.change, terms.tied, terms.released) = (0.1, 0.8, 0.5);
        let mut state = state(&setting);
        state.institutions.policy.prevention.employer_change = 0.25;
        let hazards = Hazards::new(&state, &setting);
        let change = |legal: Legal| hazards.of(cell(legal, Exploitation::None), case())[CHANGE];
        assert!((change(Legal::Mou) - 0.04).abs() < 1e-12);
        assert!((change(Legal::Regularised) - 0.1 * (1.0 - 0.4 * 0.75)).abs() < 1e-12);
        assert!((change(Legal::Irregular) - 0.1).abs() < 1e-12);
    }

    /// The bound of a cell holds for everybody in it.
    #[test]
    fn no_hazard_passes_its_bound() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.work;
        (
            terms.abuse_onset,
            terms.debt_in_onset,
            terms.exit_base,
            terms.debt_in_exit,
            terms.return_home,
            terms.sold,
            terms.ease_forced,
            terms.unlocked,
        ) = (0.05, 0.5, 0.1, 0.5, 0.02, 0.03, 0.02, 0.04);
        setting.parameters.placement.vulnerability_irregular = 2.0;
        setting.parameters.contact.arrest = 0.02;
        let state = state(&setting);
        let hazards = Hazards::new(&state, &setting);
        for exploitation in [Exploitation::None, Exploitation::Violation, Exploitation::Forced] {
            for legal in Legal::ALL {
                let bound = hazards.bound(cell(legal, exploitation));
                for debt in [0.1, 1.9] {
                    for propensity in [0.34, 0.66] {
                        for (unconfined, locked) in [(0.1, exploitation == Exploitation::Forced), (1.0, false)] {
                            let total: f64 = hazards
                                .of(cell(legal, exploitation), Circumstances { propensity, debt, unconfined, locked, bonded: true, ..case() })
                                .iter()
                                .sum();
                            assert!(total <= bound, "{exploitation:?} {legal:?} {debt} {propensity} {unconfined}: {total} > {bound}");
                        }
                    }
                }
            }
        }
    }

    /// Who has paid is let go, or charged anew where the employer keeps; where the law voids the bond everybody is let go.
    #[test]
    fn a_bond_ends_with_the_debt_if_the_employer_lets_it() {
        let mut setting = setting(2);
        setting.parameters.recruitment.bond_charge = 0.25;
        for (void, kept) in [(0.0, true), (1.0, false)] {
            let mut state = state(&setting);
            let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
            state.persons.confine(person, BOND, 0);
            state.institutions.policy.national.law_debt_bondage_void = void;
            state.institutions.desk.free_of_debt = vec![person];
            settle_bonds(&mut state, &setting, &luck());
            assert_eq!(state.persons.confinement(person) & BOND != 0, kept);
            assert!((state.persons.debt(person, 0) - if kept { 0.25 } else { 0.0 }).abs() < 1e-6);
        }
    }

    /// Sold on: in other hands, with the lock and a charge on top, and no exit.
    #[test]
    fn who_is_sold_stays_in_force() {
        let mut setting = setting(4);
        setting.parameters.recruitment.bond_charge = 0.25;
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        state.persons.borrow(person, 1.0, Holder::Employer, 0);
        state.persons.confine(person, BOND | LOCKED, 0);
        state.month = 2;
        let cell = state.persons.at(person);
        sell(&mut state, &setting, &luck(), person, cell);
        let buyer = state.persons.employer[person];
        assert_ne!(buyer, EmployerId(0));
        assert_eq!((state.employers.workers[EmployerId(0)], state.employers.workers[buyer]), (0, 1));
        assert_eq!(state.employers.cluster[buyer], state.employers.cluster[EmployerId(0)]);
        assert_eq!(state.persons.confinement(person), BOND | LOCKED);
        assert_eq!(state.persons.holder(person), Holder::Employer);
        assert!(state.persons.debt(person, 2) > 1.2);
        assert_eq!(state.persons.records[person].since, 0);
        assert!((state.ledger.get(Indicator::Sold) - 1.0).abs() < 1e-12);
    }

    /// A lock that holds nine of ten leaves a tenth of an arrest, an employer protected by officials who block half of everything leaves half of that.
    #[test]
    fn arrest_hardly_reaches_the_locked_in() {
        let mut setting = setting(2);
        (setting.parameters.contact.arrest, setting.parameters.work.held_by_lock, setting.parameters.complicity.blocks) = (0.02, 0.9, 0.5);
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        let arrest = |state: &State| Hazards::new(state, &setting).of(state.persons.at(person), circumstances(state, &setting, person))[ARREST];
        assert!((arrest(&state) - 0.02).abs() < 1e-12);
        state.persons.confine(person, LOCKED, 0);
        assert!((arrest(&state) - 0.002).abs() < 1e-12);
        state.employers.protected[EmployerId(0)] = 1;
        assert!((arrest(&state) - 0.001).abs() < 1e-12);
    }
}
