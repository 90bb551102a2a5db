//! Observation: the month's flows as counted, and the stocks as they stand. Observers get `&State`: nothing is changed.

use super::country::{Agency, SectorKind};
use super::ledgers::indicators::Indicator;
use super::ledgers::{Row, STAGES, SectorRow, StageRow};
use super::processes::{migration, recruitment};
use super::setting::Setting;
use super::state::State;
use super::state::cells::{Exploitation, Legal, Whereabouts};
use super::state::ids::PersonId;
use super::state::persons::{BOND, DOCUMENTS};

/// About how many persons the debt quantiles are taken from: a fixed sample, every so many persons.
const SAMPLE: u32 = 20_000;

/// What a month leaves behind.
#[must_use]
pub fn observe(state: &State, setting: &Setting) -> (Row, Vec<SectorRow>, [StageRow; STAGES.len()]) {
    let mut row = state.ledger.clone();
    let sectors = sectors(state, setting, &mut row);
    debts(state, &mut row);
    markets(state, setting, &mut row);
    officials(state, &mut row);
    beliefs(state, &mut row);
    (row, sectors, stages(state))
}

/// Persons at work by sector, condition and status, from the counts of cells.
fn sectors(state: &State, setting: &Setting, row: &mut Row) -> Vec<SectorRow> {
    let mut sectors: Vec<SectorRow> = state.by_sector.iter().map(super::ledgers::SectorMonth::values).collect();
    let cells = state.persons.cells;
    for (code, held) in state.persons.in_cell.iter().enumerate().filter(|(_, held)| **held > 0) {
        let cell = cells.decode(code as u16);
        if cell.whereabouts == Whereabouts::Working {
            let column = cell.exploitation as usize * 4 + cell.legal as usize;
            sectors[usize::from(cell.sector)][column] += f64::from(*held);
        }
    }
    let (mut irregular, mut registered) = (0.0, 0.0);
    for (sector, profile) in sectors.iter().zip(&setting.country.sectors) {
        let of = |exploitation: Exploitation| sector[exploitation as usize * 4..exploitation as usize * 4 + 4].iter().sum::<f64>();
        let with = |legal: Legal| (0..3).map(|exploitation| sector[exploitation * 4 + legal as usize]).sum::<f64>();
        row.add(Indicator::Unharmed, of(Exploitation::None));
        row.add(Indicator::Violation, of(Exploitation::Violation));
        let forced = of(Exploitation::Forced);
        row.add(if profile.kind == SectorKind::Sex { Indicator::ForcedSex } else { Indicator::ForcedLabour }, forced);
        row.add(Indicator::Exploited, forced);
        row.add(Indicator::PersonMonths, forced);
        row.add(Indicator::Unpaid, forced * (1.0 - setting.parameters.recruitment.wage_forced));
        irregular += with(Legal::Irregular);
        registered += with(Legal::Mou) + with(Legal::Regularised);
    }
    let workers = irregular + registered;
    row.set(Indicator::Workers, workers);
    row.set(Indicator::Irregular, irregular);
    row.set(Indicator::Registered, registered);
    row.set(Indicator::IrregularShare, irregular / workers.max(1.0));
    row.set(Indicator::RegisteredShare, registered / workers.max(1.0));
    sectors
}

/// Quartiles of debt, held documents and bonds, from fixed samples of persons as they were laid out.
fn debts(state: &State, row: &mut Row) {
    let stride = (state.persons.laid_out() / SAMPLE).max(1);
    let mut owed = Vec::new();
    let (mut held, mut bonded) = (0.0, 0.0);
    for person in (0..state.persons.laid_out()).step_by(stride as usize).map(PersonId) {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working {
            continue;
        }
        if cell.legal != Legal::Citizen {
            owed.push(state.persons.debt(person, state.month));
        }
        if cell.exploitation != Exploitation::None {
            let persons = f64::from(stride) * state.persons.persons(person);
            let confinement = state.persons.confinement(person);
            held += if confinement & DOCUMENTS != 0 { persons } else { 0.0 };
            bonded += if confinement & BOND != 0 { persons } else { 0.0 };
        }
    }
    row.set(Indicator::DocumentsHeld, held);
    row.set(Indicator::Bonded, bonded);
    let mut quantile = |share: f64| {
        let place = ((owed.len() as f64 - 1.0) * share).max(0.0) as usize;
        if owed.is_empty() { 0.0 } else { *owed.select_nth_unstable_by(place, f64::total_cmp).1 }
    };
    row.set(Indicator::DebtLowerQuartile, quantile(0.25));
    row.set(Indicator::DebtMedian, quantile(0.5));
    row.set(Indicator::DebtUpperQuartile, quantile(0.75));
}

/// Recruiters and employers.
fn markets(state: &State, setting: &Setting, row: &mut Row) {
    let recruiters = &state.recruiters;
    let mut capacity = 0.0;
    let mut licensed = 0.0;
    let mut protected = 0.0;
    for recruiter in recruiters.all() {
        capacity += recruiters.capacity_now(recruiter) * recruiters.share(recruiter);
        licensed += f64::from(u8::from(recruiters.licensed[recruiter] && recruiters.at_work(recruiter)));
        protected += f64::from(u8::from(recruiters.protector[recruiter].known().is_some()));
    }
    let (mut workers, mut weighted) = (0.0, 0.0);
    for employer in state.employers.all() {
        protected += f64::from(state.employers.protected[employer]);
        workers += f64::from(state.employers.workers[employer]);
        weighted += f64::from(state.employers.workers[employer]) * f64::from(state.employers.propensity[employer]);
    }
    row.set(Indicator::ExploitativeCapacity, capacity);
    row.set(Indicator::LicensedRecruiters, licensed);
    row.set(Indicator::ProtectedEmployers, protected);
    row.set(Indicator::ExploitativeEmployers, weighted / workers.max(1.0));
    let throughput: f64 = setting.country.origins.iter().map(|origin| origin.throughput).sum();
    let capacities = recruitment::capacities(state, setting.country.origins.len());
    let origins = setting.country.origins.iter().zip(capacities).enumerate();
    let wait = origins.map(|(i, (origin, [licensed, _]))| migration::expected_wait(state, setting, i, licensed) * origin.throughput);
    row.set(Indicator::MouWait, wait.sum::<f64>() / throughput.max(1e-9));
}

/// Officials by agency.
fn officials(state: &State, row: &mut Row) {
    let officials = &state.officials;
    let of = |agency: Agency| {
        let units = (0..officials.zones as u8).map(|zone| officials.unit(agency, zone));
        units.fold((0.0, 0.0), |(all, complicit), unit| {
            let members = officials.members(unit);
            (all + f64::from(members.end - members.start), complicit + f64::from(officials.unit_complicit[unit]))
        })
    };
    let share = |agency: Agency| of(agency).1 / of(agency).0.max(1.0);
    let complicit: f64 = Agency::ALL.into_iter().map(|agency| of(agency).1).sum();
    row.set(Indicator::ComplicitShare, complicit / officials.len().max(1) as f64);
    row.set(Indicator::ComplicitPolice, share(Agency::Police));
    row.set(Indicator::ComplicitImmigration, share(Agency::Immigration));
    row.set(Indicator::ComplicitInspection, share(Agency::Inspection));
    row.set(Indicator::ComplicitProsecution, share(Agency::Prosecution));
    row.set(Indicator::ComplicitSocial, share(Agency::Social));
    row.set(Indicator::TrainedShare, officials.trained_share());
}

/// Beliefs, averaged over communities.
fn beliefs(state: &State, row: &mut Row) {
    let mean = |values: &[f32]| values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len().max(1) as f64;
    row.set(Indicator::Trust, mean(&state.communities.trust));
    row.set(Indicator::Fear, mean(&state.communities.risk));
}

/// Cases at each stage.
fn stages(state: &State) -> [StageRow; STAGES.len()] {
    let mut stages = state.by_stage;
    for (stage, row) in stages.iter_mut().enumerate() {
        let (waiting, running) = state.cases.at(stage);
        row.waiting = waiting as f64;
        row.in_progress = running as f64;
    }
    stages.map(|row| row.values())
}
