//! Policy and budget: the levers and shocks of this month take effect, and money becomes capacity with a lag.
//!
//! Rule 29: a line's capacity is its capacity at the start times (line / line at the start)^eps, `lag` months
//! later. A lever says what is *planned*; what it costs beyond its default is charged to its line. A line's
//! standing capacity takes up the share `committed`; if plans pass the rest, that line's levers are cut in
//! proportion and the shortfall is recorded as unfunded. What is neither committed nor planned stays unspent.
//!
//! Rule 30: effort drifts to what is easily counted, under the pressure of rankings and the national agenda.

use super::super::Setting;
use super::super::country::{Shock, ShockKind};
use super::super::ledgers::indicators::Indicator;
use super::super::policy::{self, LINES, Lever, Line, PLACES, Policy, Shape};
use super::super::state::State;
use super::super::state::institutions::{Capacities, Pressure};
use crate::draws::Luck;
use crate::quantities::Month;

const SPENT: [Indicator; LINES] = [
    Indicator::SpentEntry,
    Indicator::SpentInspections,
    Indicator::SpentShelters,
    Indicator::SpentInterpreters,
    Indicator::SpentInvestigation,
    Indicator::SpentCourts,
    Indicator::SpentNgo,
    Indicator::SpentTraining,
    Indicator::SpentFinancial,
    Indicator::SpentIntegrity,
    Indicator::SpentPartners,
];

/// Puts the month's policy in force and turns its money into capacities.
pub fn budget(state: &mut State, setting: &Setting, _luck: &Luck) {
    let funded = fund(&setting.plan.rows[usize::from(state.month)], setting);
    for (line, indicator) in SPENT.into_iter().enumerate() {
        state.ledger.add(indicator, funded.spent[line] / 12.0);
        state.ledger.add(Indicator::Spent, funded.spent[line] / 12.0);
    }
    state.ledger.add(Indicator::Unfunded, funded.unfunded / 12.0);
    state.institutions.allotted.push(funded.allotted);
    state.institutions.strength = strength(state, setting);
    let mut policy = Policy::from_row(&funded.row);
    let strength = state.institutions.strength;
    let raised = |value: f64, line: Line| (value * strength[line as usize]).min(1.0);
    policy.partnership.ngo_coverage = raised(policy.partnership.ngo_coverage, Line::Ngo);
    policy.protection.training = raised(policy.protection.training, Line::Training);
    policy.prosecution.integrity_unit *= strength[Line::Integrity as usize];
    state.institutions.policy = policy;
    state.institutions.pressure = pressure(state, setting);
    state.institutions.capacity = capacities(state, setting);
}

/// What the budget makes of a month's plan.
struct Funded {
    row: Vec<f64>,
    allotted: [f64; LINES],
    spent: [f64; LINES],
    unfunded: f64,
}

/// Cuts the plan `row` to what its lines can pay.
fn fund(row: &[f64], setting: &Setting) -> Funded {
    let planned_policy = Policy::from_row(row);
    let start = setting.country.budget_at(setting.start());
    let committed = setting.parameters.budget.committed;
    let national = planned_policy.national;
    let mut allotted = [0.0; LINES];
    for (line, money) in allotted.iter_mut().enumerate() {
        *money = national.budget_total * national.budget_shares[line] + national.budget_extra[line];
    }
    let mut planned = [0.0; LINES];
    for (place, lever) in policy::all() {
        if let Some(line) = lever.line {
            planned[line as usize] += excess(row, place, lever, setting) * lever.cost.abs() * start;
        }
    }
    let mut row = row.to_vec();
    let mut spent = [0.0; LINES];
    let mut unfunded = 0.0;
    for line in 0..LINES {
        let free = allotted[line] * (1.0 - committed);
        let paid = planned[line].min(free);
        spent[line] = allotted[line] - free + paid;
        unfunded += planned[line] - paid;
        if paid < planned[line] {
            cut(&mut row, line, paid / planned[line]);
        }
    }
    Funded { row, allotted, spent, unfunded }
}

/// How far a lever stands on the side of its default that costs, averaged over origins where it has one value for each.
fn excess(row: &[f64], place: usize, lever: &Lever, setting: &Setting) -> f64 {
    let default = lever.default_value().unwrap_or(0.0);
    let width = match lever.shape {
        Shape::One => 1,
        Shape::PerLine => LINES,
        Shape::PerOrigin => setting.country.origins.len(),
    };
    let over: f64 = row[place..place + width].iter().map(|value| (lever.cost.signum() * (value - default)).max(0.0)).sum();
    over / width as f64
}

/// Cuts all levers that `line` pays to the share `kept` of what they do beyond their defaults on the side that costs.
fn cut(row: &mut [f64], line: usize, kept: f64) {
    for (place, lever) in policy::all() {
        if lever.line.is_some_and(|of| of as usize == line) {
            let default = lever.default_value().unwrap_or(0.0);
            for value in &mut row[place..place + lever.shape.width()] {
                let beyond = *value - default;
                *value = default + if beyond * lever.cost > 0.0 { beyond * kept } else { beyond };
            }
        }
    }
}

/// Rule 29 for every line, looking `lag` months back (fractions of a month by the nearest month).
fn strength(state: &State, setting: &Setting) -> [f64; LINES] {
    let lag = setting.parameters.budget.lag.round() as usize;
    let start = setting.country.budget_at(setting.start());
    let then = usize::from(state.month).checked_sub(lag).map(|month| state.institutions.allotted[month]);
    let mut strength = [1.0; LINES];
    for line in 0..LINES {
        let before = start * setting.country.shares[line];
        if let (Some(then), true) = (then, before > 0.0) {
            strength[line] = libm::pow(then[line] / before, setting.parameters.budget.eps);
        }
    }
    strength
}

/// Levers and shocks that press in the same direction, together.
fn pressure(state: &State, setting: &Setting) -> Pressure {
    let policy = &state.institutions.policy;
    let mut pressure = Pressure {
        crackdown: policy.prevention.immigration_crackdown,
        buyers: policy.partnership.buyer_pressure,
        departures: 1.0,
        returns: 1.0,
        push: [1.0; PLACES],
    };
    for shock in shocks(state, setting) {
        match shock {
            ShockKind::BuyerPressure { added } => pressure.buyers += added,
            ShockKind::Crackdown { added } => pressure.crackdown += added,
            ShockKind::Border { departures, returns } => {
                pressure.departures *= departures;
                pressure.returns *= returns;
            }
            ShockKind::Push { factor } => {
                for (product, factor) in pressure.push.iter_mut().zip(factor) {
                    *product *= factor;
                }
            }
            ShockKind::Rumour { .. } | ShockKind::MegaCase { .. } | ShockKind::Surge { .. } => {}
        }
    }
    pressure.buyers = pressure.buyers.min(1.0);
    pressure
}

/// The shocks of this month that the scenario lets happen.
pub fn shocks<'a>(state: &'a State, setting: &'a Setting) -> impl Iterator<Item = ShockKind> + 'a {
    let shocks = setting.country.shocks.iter().zip(&setting.shocks);
    shocks.filter(|(shock, on)| **on && shock.from <= state.now && state.now <= shock.to).map(|(shock, _)| shock.kind)
}

/// The shocks that begin this month, of those that the scenario lets happen.
pub fn beginning(now: Month, setting: &Setting) -> impl Iterator<Item = &Shock> {
    setting.country.shocks.iter().zip(&setting.shocks).filter(move |(shock, on)| **on && shock.from == now).map(|(shock, _)| shock)
}

/// Whole capacities of this month; fractions are carried over, so that the mean is right at every scale.
fn capacities(state: &mut State, setting: &Setting) -> Capacities {
    let base = &setting.country.capacity;
    let parameters = &setting.parameters;
    let institutions = &mut state.institutions;
    let policy = institutions.policy;
    let strength = |line: Line| institutions.strength[line as usize];
    let drift = parameters.contact.metric_pressure * policy.agenda();
    let inspections = strength(Line::Inspections);
    let wanted = [
        base.port * inspections,
        base.inspections * policy.prevention.labour_inspections * inspections * (1.0 - drift),
        base.raids * inspections * (1.0 + drift),
        base.border * inspections * (1.0 + institutions.pressure.crackdown),
        base.investigation * strength(Line::Investigation),
        base.prosecution * strength(Line::Courts),
        base.court * policy.prosecution.court_slots * strength(Line::Courts),
        base.beds * policy.protection.beds * strength(Line::Shelters),
        base.financial * policy.prosecution.financial_inquiry * strength(Line::Financial),
        base.agency_inspections * policy.prevention.agency_inspection * strength(Line::Entry),
        parameters.contact.intelligence_yield * policy.partnership.intelligence * strength(Line::Partners),
    ];
    let mut whole = [0; 11];
    for ((whole, wanted), carried) in whole.iter_mut().zip(wanted).zip(&mut institutions.carried.fractions) {
        let exact = wanted / state.scale + *carried;
        *whole = exact.floor() as usize;
        *carried = exact - exact.floor();
    }
    let served = base.interpreters * policy.protection.interpreters * strength(Line::Interpreters) * base.interpreter_load / state.scale;
    let interpreters = if institutions.screened > served { served / institutions.screened } else { 1.0 };
    Capacities {
        port: whole[0],
        inspections: whole[1],
        raids: whole[2],
        border: whole[3],
        slots: [whole[4], whole[5], whole[6]],
        beds: whole[7],
        interpreters,
        financial: whole[8],
        agencies: whole[9],
        intelligence: whole[10],
    }
}
