//! Work: abuse deepens or eases, people exit, change employer, go home; permits lapse, windows open.
//!
//! Hazards a month, competing: return home (not from force); none -> violation -> forced at
//! h * e * `m_legal` * (1 + kappa D) (rule 6); easing back at e0 * (1 - e), toward the employer's norm; exit
//! max(floor, x0 * prod(1 - c) * (1 + theta * freedom) * exp(-kappa8 D)) (rule 8); change of employer, which
//! workers of the legal channel avoid (`tied`) as far as it costs them their status; own or peer report (rule 12);
//! routine arrest of the irregular; extortion (rule 23). Leaving an MOU employer makes irregular unless the right
//! to change employer holds. Rule 32: registration windows, permits, renewal.

use super::super::Setting;
use super::super::country::{Agency, SectorKind};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{BAND_EDGE, Cell, Exploitation, Legal, MAX_DEBT, Whereabouts};
use super::super::state::persons::{BATCH, BOND, DOCUMENTS, LOCKED};
use super::super::state::{NEVER, NONE, State};
use super::{Exit, identification, leave_work, pick, placement, record_entry, record_exit, recruitment, return_home, sigmoid};
use crate::draws::{Luck, Purpose};

const CAUSE: u16 = 0;
const AFTER_EXIT: u16 = 1;
const STATUS: u16 = 2;
const REGISTER: u16 = 0;
const RENEW: u16 = 1;

/// What may happen to a worker, in the order of the competing hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Return,
    Worsen,
    Ease,
    Exit,
    Change,
    Report,
    Arrest,
    Extortion,
}

const CAUSES: [Cause; 8] = [Cause::Return, Cause::Worsen, Cause::Ease, Cause::Exit, Cause::Change, Cause::Report, Cause::Arrest, Cause::Extortion];

/// What a worker's hazards depend on beyond the cell.
#[derive(Clone, Copy, Debug)]
struct Circumstances {
    propensity: f64,
    debt: f64,
    /// Product of 1 - c over the confinements held.
    unconfined: f64,
    disclosure: f64,
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
    kappa_exit: f64,
    /// Change of employer by legal status.
    change: [f64; 4],
    /// Report by sector, times disclosure.
    report: Vec<f64>,
    violation_report: f64,
    arrest: f64,
    /// Extortion by zone.
    extortion: Vec<f64>,
}

impl Hazards {
    /// The hazards of this month.
    #[must_use]
    pub fn new(state: &State, setting: &Setting) -> Self {
        let terms = &setting.parameters.work;
        let contact = &setting.parameters.contact;
        let policy = &state.institutions.policy;
        let feared = contact.lawsuits * (1.0 - policy.partnership.lawsuit_protection);
        let reported = contact.access * (1.0 - feared);
        let zones = 0..setting.country.zones.len() as u8;
        let police = |zone| state.officials.unit_complicit[state.officials.unit(Agency::Police, zone)];
        Self {
            return_home: terms.return_home * state.institutions.pressure.returns,
            onset: terms.h,
            vulnerability: Legal::ALL.map(|legal| placement::vulnerability(setting, legal)),
            kappa: terms.kappa,
            ease: [0.0, terms.ease_violation, terms.ease_forced],
            exit_floor: terms.exit_floor,
            exit: terms.x0 * (1.0 + terms.theta * policy.prevention.employer_change),
            kappa_exit: terms.kappa_exit,
            change: Legal::ALL.map(|legal| {
                let loses = if legal == Legal::Mou { 1.0 - policy.prevention.employer_change } else { 0.0 };
                terms.change * (1.0 - terms.tied * loses)
            }),
            report: setting
                .country
                .sectors
                .iter()
                .map(|sector| reported * if sector.kind == SectorKind::Sex { contact.r0_sex } else { contact.r0_labour })
                .collect(),
            violation_report: contact.violation_report,
            arrest: contact.arrest * (1.0 + state.institutions.pressure.crackdown),
            extortion: zones.map(|zone| setting.parameters.recruitment.extortion_rate * police(zone)).collect(),
        }
    }

    /// The competing hazards of a worker, in the order of [`CAUSES`].
    fn of(&self, cell: Cell, case: Circumstances) -> [f64; 8] {
        let exploitation = cell.exploitation;
        let exploited = exploitation != Exploitation::None;
        let irregular = cell.legal == Legal::Irregular;
        let when = |condition: bool, hazard: f64| if condition { hazard } else { 0.0 };
        let report = self.report[usize::from(cell.sector)] * case.disclosure;
        let reported = match exploitation {
            Exploitation::None => 0.0,
            Exploitation::Violation => report * self.violation_report,
            Exploitation::Forced => report,
        };
        let worsening = self.onset * case.propensity * self.vulnerability[cell.legal as usize] * (1.0 + self.kappa * case.debt);
        [
            when(exploitation != Exploitation::Forced, self.return_home),
            when(exploitation != Exploitation::Forced, worsening),
            self.ease[exploitation as usize] * (1.0 - case.propensity),
            if exploited { (self.exit * case.unconfined * libm::exp(-self.kappa_exit * case.debt)).max(self.exit_floor) } else { 0.0 },
            when(!exploited, self.change[cell.legal as usize]),
            reported,
            when(irregular, self.arrest),
            when(irregular, self.extortion[usize::from(cell.zone)]),
        ]
    }

    /// The bound of the total over everybody in `cell`. Each hazard is monotone in each circumstance, so the
    /// bound takes each at the end of its range that makes the hazard greatest: they never meet in one person.
    #[must_use]
    pub fn bound(&self, cell: Cell) -> f64 {
        let (low, high) = (f64::from(cell.tercile) / 3.0, f64::from(cell.tercile + 1) / 3.0);
        let (least, most) = [(0.0, 0.0), (0.0, BAND_EDGE), (BAND_EDGE, MAX_DEBT)][usize::from(cell.band)];
        let rising = self.of(cell, Circumstances { propensity: high, debt: most, unconfined: 1.0, disclosure: 1.0 });
        let falling = self.of(cell, Circumstances { propensity: low, debt: least, unconfined: 1.0, disclosure: 1.0 });
        // The rounding of a debt to 32 bits can pass a band's edge by a hair.
        rising.iter().zip(falling).map(|(a, b)| a.max(b)).sum::<f64>() * (1.0 + 1e-6)
    }
}

/// Lets a month of work pass.
pub fn work(state: &mut State, setting: &Setting, luck: &Luck) {
    let events = decide(state, setting, luck);
    state.institutions.desk.reports.clear();
    state.institutions.desk.arrested.clear();
    for batch in events.chunks(BATCH) {
        state.persons.fetch(batch.iter().map(|(person, _)| *person));
        let seekers = batch.iter().filter(|(_, cause)| matches!(cause, Cause::Change | Cause::Exit));
        placement::fetch_villagers(state, setting, luck, seekers.map(|(person, _)| *person));
        for (person, cause) in batch {
            happen(state, setting, luck, *person, *cause);
        }
    }
    lapse(state, setting, luck);
    register(state, setting, luck);
}

fn happen(state: &mut State, setting: &Setting, luck: &Luck, person: u32, cause: Cause) {
    let cell = state.persons.at(person);
    match cause {
        Cause::Return => {
            return_home(state, person, Exit::Other);
            state.count_one(Indicator::Returns);
        }
        Cause::Worsen => worsen(state, setting, luck, person, cell),
        Cause::Ease => ease(state, person, cell),
        Cause::Exit => exit(state, setting, luck, person, cell),
        Cause::Change => move_on(state, setting, luck, person, cell),
        Cause::Report => state.institutions.desk.reports.push(person),
        Cause::Arrest => state.institutions.desk.arrested.push(person),
        Cause::Extortion => recruitment::extort(state, setting, person),
    }
}

/// Who sees which event, from the state as it stands.
fn decide(state: &State, setting: &Setting, luck: &Luck) -> Vec<(u32, Cause)> {
    let hazards = Hazards::new(state, setting);
    let die = luck.die(state.month);
    let mut events = Vec::new();
    for batch in state.institutions.desk.die_work.chunks(BATCH) {
        state.persons.fetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            if cell.whereabouts != Whereabouts::Working {
                continue;
            }
            let case = circumstances(state, setting, person, cell);
            let each = hazards.of(cell, case);
            let total: f64 = each.iter().sum();
            debug_assert!(total <= hazards.bound(cell), "{cell:?} {case:?}: {total} > {}", hazards.bound(cell));
            if die.falls(person, total) {
                let u = luck.uniform(Purpose::Work, state.month, person, CAUSE);
                events.push((person, CAUSES[pick(&each, u)]));
            }
        }
    }
    events
}

fn circumstances(state: &State, setting: &Setting, person: u32, cell: Cell) -> Circumstances {
    let terms = &setting.parameters.work;
    let confinement = state.persons.confinement(person);
    let free = |bit: u8, c: f64| if confinement & bit == 0 { 1.0 } else { 1.0 - c };
    let exploited = cell.exploitation != Exploitation::None;
    Circumstances {
        propensity: f64::from(state.employers.propensity[state.persons.employer[person as usize] as usize]),
        debt: state.persons.debt(person, state.month),
        unconfined: free(DOCUMENTS, terms.c_documents) * free(BOND, terms.c_bond) * free(LOCKED, terms.c_locked),
        // Only the exploited have anything to disclose.
        disclosure: if exploited { identification::disclosure(state, setting, person, cell) } else { 0.0 },
    }
}

fn worsen(state: &mut State, setting: &Setting, luck: &Luck, person: u32, cell: Cell) {
    let employer = state.persons.employer[person as usize];
    let worse = if cell.exploitation == Exploitation::None { Exploitation::Violation } else { Exploitation::Forced };
    state.persons.change(person, Cell { exploitation: worse, ..cell }, state.month);
    placement::confine(state, setting, luck, person, employer, worse);
    if worse == Exploitation::Forced {
        record_entry(state, person, cell.sector);
        let community = state.persons.layout.community(person);
        let heard = &mut state.communities.outcomes[community];
        match cell.legal {
            Legal::Mou => heard.legal_bad += 1.0,
            Legal::Irregular => heard.broker_bad += 1.0,
            Legal::Regularised | Legal::Citizen => {}
        }
    }
}

fn ease(state: &mut State, person: u32, cell: Cell) {
    record_exit(state, person, cell, Exit::Eased);
    let (better, confinement) = match cell.exploitation {
        Exploitation::Forced => (Exploitation::Violation, state.persons.confinement(person) & !LOCKED),
        Exploitation::Violation | Exploitation::None => (Exploitation::None, 0),
    };
    state.persons.confine(person, confinement);
    state.persons.change(person, Cell { exploitation: better, ..cell }, state.month);
}

/// Somebody gets away: home, or to another employer.
fn exit(state: &mut State, setting: &Setting, luck: &Luck, person: u32, cell: Cell) {
    let free_of_debt = state.persons.debt(person, state.month) <= 0.0;
    let goes_home = luck.happens(setting.parameters.work.home_after_exit, Purpose::Work, state.month, person, AFTER_EXIT);
    let route = if free_of_debt { Exit::DebtRepaid } else { Exit::Escape };
    if goes_home {
        return_home(state, person, route);
    } else {
        record_exit(state, person, cell, route);
        move_on(state, setting, luck, person, cell);
    }
}

/// Takes `person` from the present employer to another, unexploited at first; status may be lost.
pub fn move_on(state: &mut State, setting: &Setting, luck: &Luck, person: u32, cell: Cell) {
    let legal = status_after_leaving(state, luck, person, cell.legal);
    leave_work(state, person, cell);
    let sector = (cell.legal == Legal::Citizen).then_some(cell.sector);
    match placement::find_employer(state, setting, luck, person, NONE, sector) {
        Some(employer) => placement::start_work(state, person, employer, legal, Exploitation::None),
        None => super::go_home(state, person),
    }
}

/// Who leaves the employer of the legal channel loses status unless the right to change employer holds.
fn status_after_leaving(state: &mut State, luck: &Luck, person: u32, legal: Legal) -> Legal {
    let keeps = state.institutions.policy.prevention.employer_change;
    if legal != Legal::Mou || luck.happens(keeps, Purpose::Work, state.month, person, STATUS) {
        return legal;
    }
    state.persons.records[person as usize].permit = NEVER;
    state.count_one(Indicator::FellIrregular);
    Legal::Irregular
}

/// Makes a worker irregular, or registered, in place.
pub fn set_legal(state: &mut State, person: u32, cell: Cell, legal: Legal) {
    let community = state.persons.layout.community(person);
    if cell.legal == Legal::Mou {
        state.communities.abroad_mou[community] -= 1;
    }
    if legal == Legal::Mou {
        state.communities.abroad_mou[community] += 1;
    }
    state.persons.change(person, Cell { legal, ..cell }, state.month);
}

/// A permit from now on, for its term.
pub fn grant_permit(state: &mut State, setting: &Setting, person: u32) {
    state.persons.give_permit(person, state.month + setting.parameters.work.permit_term.round() as u16);
}

/// Rule 32: permits lapse at their term; some are renewed.
fn lapse(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.work;
    for batch in std::mem::take(&mut state.persons.lapses[usize::from(state.month)]).chunks(BATCH) {
        state.persons.fetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            let held = state.persons.records[person as usize].permit == state.month;
            if !held || cell.whereabouts != Whereabouts::Working || !matches!(cell.legal, Legal::Mou | Legal::Regularised) {
                continue;
            }
            if luck.happens(terms.renewal, Purpose::Registration, state.month, person, RENEW) {
                grant_permit(state, setting, person);
            } else {
                state.persons.records[person as usize].permit = NEVER;
                set_legal(state, person, cell, Legal::Irregular);
                state.count_one(Indicator::PermitsLapsed);
                state.count_one(Indicator::FellIrregular);
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
    let mut able = Vec::new();
    luck.uniforms(Purpose::Registration, month, irregular.into_iter(), REGISTER, |person, u| {
        if u < most {
            able.push(person);
        }
    });
    for batch in able.chunks(BATCH) {
        state.persons.fetch(batch.iter().copied());
        for person in batch {
            let person = *person;
            let cell = state.persons.at(person);
            let employer = state.persons.employer[person as usize] as usize;
            let help = terms.register_help * (1.0 - f64::from(state.employers.propensity[employer]));
            let willing = sigmoid(terms.register_base - terms.register_fee + help);
            if luck.happens(open * terms.register_pace * willing, Purpose::Registration, state.month, person, REGISTER) {
                set_legal(state, person, cell, Legal::Regularised);
                grant_permit(state, setting, person);
                let fee = setting.parameters.recruitment.borrowed * terms.register_fee;
                state.persons.borrow(person, fee, super::super::state::persons::Holder::Lender, state.month);
                state.count_one(Indicator::Registrations);
            }
        }
    }
}
