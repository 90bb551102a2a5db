//! Policy and budget: the levers and shocks of this month take effect, and money becomes capacity with a lag.
//!
//! Rule 29, bottom-up. A line's standing capacity (posts, beds, counters) has a bill of its own, from unit costs (`policy::cost`). What the line
//! gets beyond the start, less what the plan's levers take beyond the running share, is turned into more of it: the target is 1 + that money / the
//! bill, and capacity moves toward it by 1 / lag a month (people a year and more, beds a year, grants and courses months). Less money freezes
//! hiring and then cuts, by 1 / `budget.cut` a month. Assumed; the lags are those of public hiring.
//!
//! A lever says what is *planned*; what it costs beyond its default is charged to its line. There the running share of the line is free for levers, and
//! whatever growth has not been turned into capacity yet; what neither takes stays unspent. If plans pass that, the line's levers are cut in proportion and the shortfall is recorded as
//! unfunded, and so is a payroll that the line can no longer pay.
//!
//! Rule 34: what is paid for is *done* to a part that nobody knows well, one for each P: a lever's distance from its default is multiplied by it
//! (`done`). It costs what was planned all the same. Assumed.
//!
//! Rule 30: effort drifts to what is easily counted, under the pressure of rankings and the national agenda: a share of inspectors' visits is
//! given up, and the police make as many more raids on venues.

use super::super::costs::{OFFICERS_PER_ENFORCER, WORKERS_PER_CASEWORKER, standing};
use super::super::country::{Agency, ShockKind};
use super::super::ledgers::indicators::Indicator;
use super::super::parameters::Implementation;
use super::super::policy::{self, LINES, Lever, Line, P, Policy, Shape};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::institutions::{Capacities, Pressure};
use crate::draws::Luck;

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
    let funded = fund(&setting.plan.rows[usize::from(state.month)], setting, &state.institutions.staff);
    for (line, indicator) in SPENT.into_iter().enumerate() {
        state.ledger.add(indicator, funded.spent[line] / 12.0);
        state.ledger.add(Indicator::Spent, funded.spent[line] / 12.0);
    }
    state.ledger.add(Indicator::Unfunded, funded.unfunded.iter().sum::<f64>() / 12.0);
    let mut policy = Policy::from_row(&done(&funded.row, &setting.parameters.implementation));
    let staff = state.institutions.staff;
    let raised = |value: f64, line: Line| (value * staff[line as usize]).min(1.0);
    policy.partnership.ngo_coverage = raised(policy.partnership.ngo_coverage, Line::Ngo);
    policy.protection.training = raised(policy.protection.training, Line::Training);
    policy.prosecution.integrity_unit *= staff[Line::Integrity as usize];
    state.institutions.policy = policy;
    state.institutions.pressure = pressure(state, setting);
    state.institutions.capacity = capacities(state, setting);
    report(state, setting);
    state.institutions.staff = funded.next;
}

/// What comes of the levers of `row`: each as far beyond its default as its P is carried out. Money is what it is, and what the profile says of a lever is no plan.
fn done(row: &[f64], implementation: &Implementation) -> Vec<f64> {
    let mut done = row.to_vec();
    for (place, lever) in policy::all() {
        let (Some(default), false) = (lever.default_value(), matches!(lever.shape, Shape::PerLine)) else { continue };
        let factor = match lever.p {
            P::Policy => implementation.policy,
            P::Prosecution => implementation.prosecution,
            P::Protection => implementation.protection,
            P::Prevention => implementation.prevention,
            P::Partnership => implementation.partnership,
        };
        for value in &mut done[place..place + lever.shape.width()] {
            *value = whole_or_part(*value, default, factor).clamp(lever.min, lever.max);
        }
    }
    done
}

/// `factor` times the distance of `value` from `default`; what is done as planned stays so to the last digit.
fn whole_or_part(value: f64, default: f64, factor: f64) -> f64 {
    if factor.to_bits() == 1.0_f64.to_bits() { value } else { default + factor * (value - default) }
}

/// What the budget makes of a month's plan.
#[derive(Clone, Debug)]
pub struct Funded {
    /// The plan cut to what is paid.
    pub row: Vec<f64>,
    /// Spent from each line, money a year.
    pub spent: [f64; LINES],
    /// What the plan and the payroll of each line want beyond what it has, money a year.
    pub unfunded: [f64; LINES],
    /// Cost of the plan's levers on each line, money a year.
    pub planned: [f64; LINES],
    /// Standing capacity of the next month against the start.
    pub next: [f64; LINES],
}

/// Cuts the plan `row` to what its lines can pay beside their standing capacity `staff`.
#[must_use]
pub fn fund(row: &[f64], setting: &Setting, staff: &[f64; LINES]) -> Funded {
    let national = Policy::from_row(row).national;
    let start = setting.country.budget_at(setting.start());
    let terms = &setting.parameters.budget;
    let planned = planned(row, setting);
    let mut funded = Funded { row: row.to_vec(), spent: [0.0; LINES], unfunded: [0.0; LINES], planned, next: *staff };
    for line in Line::ALL {
        let i = line as usize;
        let allotted = national.budget_total * national.budget_shares[i] + national.budget_extra[i];
        let at_start = start * setting.country.shares[i];
        let grown = allotted - at_start;
        let bill = standing(line, &setting.country, &setting.parameters);
        let payroll = (staff[i] - 1.0) * bill;
        let running = at_start * (1.0 - terms.committed);
        // What is free for levers: the running share, and growth that is not in posts yet; a payroll beyond the growth comes first.
        let free = running + grown - payroll;
        let paid = planned[i].min(free.max(0.0));
        funded.unfunded[i] = planned[i] - paid + (-free).max(0.0);
        funded.spent[i] = (at_start * terms.committed + payroll + paid).min(allotted);
        if paid < planned[i] {
            cut(&mut funded.row, line, paid / planned[i]);
        }
        // Levers beyond the running share live on the growth: what they take hires nobody.
        let levers = (planned[i] - running).clamp(0.0, grown.max(0.0));
        let target = if bill > 0.0 { (1.0 + (grown - levers) / bill).max(0.0) } else { 1.0 };
        let lag = if target > staff[i] { terms.lag * line.pace() } else { terms.cut };
        funded.next[i] = staff[i] + (target - staff[i]) / lag.max(1.0);
    }
    funded
}

/// Cost of the levers of `row` on each line, money a year.
#[must_use]
pub fn planned(row: &[f64], setting: &Setting) -> [f64; LINES] {
    let mut planned = [0.0; LINES];
    for (place, lever) in policy::all() {
        if let Some(bill) = lever.cost {
            planned[bill.line as usize] += excess(row, place, lever, setting) * bill.yearly(&setting.country, &setting.parameters);
        }
    }
    planned
}

/// How far a lever stands on the side of its default that costs, averaged over origins where it has one value for each.
fn excess(row: &[f64], place: usize, lever: &Lever, setting: &Setting) -> f64 {
    let default = lever.default_value().unwrap_or(0.0);
    let width = match lever.shape {
        Shape::One => 1,
        Shape::PerLine => LINES,
        Shape::PerOrigin => setting.country.origins.len(),
    };
    let sign = lever.cost.map_or(1.0, |bill| bill.times.signum());
    let over: f64 = row[place..place + width].iter().map(|value| (sign * (value - default)).max(0.0)).sum();
    over / width as f64
}

/// Cuts all levers that `line` pays to the share `kept` of what they do beyond their defaults on the side that costs.
fn cut(row: &mut [f64], line: Line, kept: f64) {
    for (place, lever) in policy::all() {
        if let Some(bill) = lever.cost.filter(|bill| bill.line == line) {
            let default = lever.default_value().unwrap_or(0.0);
            for value in &mut row[place..place + lever.shape.width()] {
                let beyond = *value - default;
                *value = default + if beyond * bill.times > 0.0 { beyond * kept } else { beyond };
            }
        }
    }
}

/// Levers and shocks that press in the same direction, together.
fn pressure(state: &State, setting: &Setting) -> Pressure {
    let policy = &state.institutions.policy;
    let mut pressure = Pressure { crackdown: policy.prevention.immigration_crackdown, buyers: policy.partnership.buyer_pressure, ..Pressure::none() };
    for shock in setting.shocks_in(state.now) {
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
            ShockKind::Response { contacts, inspections, courts, demand } => {
                pressure.contacts *= contacts;
                pressure.inspections *= inspections;
                pressure.courts *= courts;
                pressure.demand *= demand;
            }
            ShockKind::Margins { lost } => {
                for (sum, lost) in pressure.margins.iter_mut().zip(lost) {
                    *sum += lost;
                }
            }
            ShockKind::Rumour { .. } | ShockKind::MegaCase { .. } | ShockKind::Surge { .. } | ShockKind::Release { .. } => {}
        }
    }
    pressure.buyers = pressure.buyers.min(1.0);
    pressure
}

/// Capacities of this month; what must be whole carries its fraction over, so that the mean is right.
fn capacities(state: &mut State, setting: &Setting) -> Capacities {
    let base = &setting.country.capacity;
    let parameters = &setting.parameters;
    let institutions = &mut state.institutions;
    let policy = institutions.policy;
    let pressure = institutions.pressure;
    let staff = |line: Line| institutions.staff[line as usize];
    let drift = parameters.contact.metric_pressure * policy.agenda();
    let visits = staff(Line::Inspections) * pressure.inspections;
    let given_up = base.inspections * drift;
    let wanted = [
        base.port * visits,
        (base.inspections * policy.prevention.labour_inspections - given_up).max(0.0) * visits,
        (base.raids + given_up) * visits,
        base.border * visits * (1.0 + pressure.crackdown),
        base.beds * policy.protection.beds * staff(Line::Shelters),
        base.financial * policy.prosecution.financial_inquiry * staff(Line::Financial),
        base.agency_inspections * policy.prevention.agency_inspection,
        (parameters.contact.intelligence_yield * policy.partnership.intelligence * staff(Line::Partners)
            + parameters.contact.online_yield * policy.partnership.online_operations)
            * pressure.contacts,
    ];
    let mut whole = [0; 8];
    for ((whole, wanted), carried) in whole.iter_mut().zip(wanted).zip(&mut institutions.carried.fractions) {
        let exact = wanted + *carried;
        *whole = exact.floor() as usize;
        *carried = exact - exact.floor();
    }
    let served = base.interpreters * policy.protection.interpreters * staff(Line::Interpreters) * base.interpreter_load;
    let interpreters = if institutions.screened > served { served / institutions.screened } else { 1.0 };
    let mut attention = [1.0; super::super::country::AGENCIES];
    attention[Agency::Inspection as usize] = staff(Line::Inspections) * policy.prevention.labour_inspections.max(1.0);
    attention[Agency::Police as usize] = staff(Line::Investigation);
    Capacities {
        port: whole[0],
        inspections: whole[1],
        raids: whole[2],
        border: whole[3],
        slots: [
            base.investigation * policy.prosecution.investigators * staff(Line::Investigation),
            base.prosecution * policy.prosecution.prosecutors * staff(Line::Courts) * pressure.courts,
            base.court * policy.prosecution.court_slots * staff(Line::Courts) * pressure.courts,
        ],
        beds: whole[4],
        interpreters,
        financial: whole[5],
        agencies: whole[6],
        intelligence: whole[7],
        casework: caseworkers(setting, &policy),
        attention,
    }
}

/// Caseworkers of NGOs: those who reach so many workers, and those whom more money for casework pays.
fn caseworkers(setting: &Setting, policy: &Policy) -> f64 {
    let workers = policy::cost::Quantity::Workers.of(&setting.country, &setting.parameters);
    workers / WORKERS_PER_CASEWORKER * policy.partnership.ngo_coverage * policy.partnership.ngo_funding
}

/// What there is of people and things this month, for the official ledger: what money bought.
fn report(state: &mut State, setting: &Setting) {
    let base = &setting.country.capacity;
    let policy = state.institutions.policy;
    let capacity = state.institutions.capacity;
    let staff = state.institutions.staff;
    let of = |line: Line| staff[line as usize];
    let inspectors = policy::cost::Quantity::Inspectors.of(&setting.country, &setting.parameters);
    let labour = setting.country.officials[Agency::Inspection as usize].count;
    let counters: f64 = setting.country.origins.iter().map(|origin| origin.throughput).sum();
    let values = [
        (Indicator::HasCounters, counters * policy.prevention.mou_throughput * of(Line::Entry)),
        (Indicator::HasInspectors, (labour + inspectors * (policy.prevention.labour_inspections - 1.0)).max(0.0) * of(Line::Inspections)),
        (Indicator::HasBeds, capacity.beds as f64),
        (Indicator::HasInterpreters, base.interpreters * policy.protection.interpreters * of(Line::Interpreters)),
        (Indicator::HasTeams, capacity.slots[0]),
        (Indicator::HasCourtPlaces, capacity.slots[1] + capacity.slots[2]),
        (Indicator::HasCaseworkers, capacity.casework),
        (Indicator::HasInquiries, base.financial * policy.prosecution.financial_inquiry * of(Line::Financial)),
        (
            Indicator::HasIntegrityOfficers,
            policy::cost::Quantity::Enforcers.of(&setting.country, &setting.parameters) * OFFICERS_PER_ENFORCER * policy.prosecution.integrity_unit,
        ),
    ];
    for (indicator, value) in values {
        state.ledger.set(indicator, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::country::{Shock, Titles};
    use crate::model::policy::PLACES;
    use crate::model::testing::{plan, setting};
    use crate::quantities::Month;

    /// Each line has 100 a year, of which 60 pay two beds at 30 each and 40 wait for levers; money takes twelve months and cuts four.
    fn beds() -> Setting {
        let mut setting = setting(2);
        let terms = &mut setting.parameters;
        (terms.budget.committed, terms.budget.lag, terms.budget.cut, terms.costs.bed) = (0.6, 12.0, 4.0, 30.0);
        setting
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} against {expected}");
    }

    const BEDS: usize = Line::Shelters as usize;

    /// Two shocks in one month take .1 and .2 of the margins of the sectors they name, and only while they last.
    #[test]
    fn shocks_take_margins_by_sector_while_they_last() {
        let mut setting = setting(2);
        let mut state = crate::model::testing::state(&setting);
        let margins = |lost: [f64; 2]| {
            let mut all = [0.0; PLACES];
            all[..2].copy_from_slice(&lost);
            let (name, title, titles) = ("margins".to_owned(), "Margins".to_owned(), Titles::new());
            Shock { name, title, titles, from: Month::new(2016, 1), to: Month::new(2016, 12), kind: ShockKind::Margins { lost: all } }
        };
        setting.country.shocks = vec![margins([0.1, 0.0]), margins([0.2, 0.3])];
        setting.shocks = vec![true; 2];
        for (now, expected) in [(Month::new(2016, 12), [0.3, 0.3]), (Month::new(2017, 1), [0.0, 0.0])] {
            state.now = now;
            let found = pressure(&state, &setting).margins;
            close(found[0], expected[0]);
            close(found[1], expected[1]);
        }
    }

    #[test]
    fn the_money_of_the_start_buys_what_there_is() {
        let setting = beds();
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.next[BEDS], 1.0);
        close(funded.spent[BEDS], 60.0);
        close(funded.unfunded[BEDS], 0.0);
    }

    /// Twice the money: the target is 1 + 100 / 60, and a twelfth of the way is gone.
    #[test]
    fn more_money_becomes_beds_with_a_lag() {
        let mut setting = beds();
        plan(&mut setting, "budget.total", 2200.0);
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.next[BEDS], 1.0 + 100.0 / 60.0 / 12.0);
        close(funded.spent[BEDS], 60.0);
        // Once the beds are there, their payroll is spent: 60 + 100; no lever asks for the running share.
        let grown = 1.0 + 100.0 / 60.0;
        let later = fund(&setting.plan.rows[0], &setting, &[grown; LINES]);
        close(later.next[BEDS], grown);
        close(later.spent[BEDS], 160.0);
    }

    /// Half the money: 50 for a standing capacity of 60; a quarter of the way to 1 - 50 / 60 is gone.
    #[test]
    fn less_money_cuts_what_there_is() {
        let mut setting = beds();
        plan(&mut setting, "budget.total", 550.0);
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.next[BEDS], 1.0 - 50.0 / 60.0 / 4.0);
        close(funded.spent[BEDS], 50.0);
        close(funded.unfunded[BEDS], 10.0);
    }

    /// Four beds more cost 120 a year, and 40 are free: a third of what is planned is paid.
    #[test]
    fn a_plan_beyond_its_line_is_cut_in_proportion_and_recorded() {
        let mut setting = beds();
        plan(&mut setting, "beds", 3.0);
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.planned[BEDS], 120.0);
        close(funded.unfunded[BEDS], 80.0);
        close(Policy::from_row(&funded.row).protection.beds, 1.0 + 2.0 / 3.0);
        close(funded.next[BEDS], 1.0);
        // With 100 more the plan has 140: it is paid in full, and what it takes beyond the running share builds nothing else.
        plan(&mut setting, "budget.total", 2200.0);
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.unfunded[BEDS], 0.0);
        close(Policy::from_row(&funded.row).protection.beds, 3.0);
        close(funded.next[BEDS], 1.0 + (100.0 - 80.0) / 60.0 / 12.0);
    }

    /// Two beds more for each are planned and paid; half of protection is carried out, so that there is one more, and it costs the same.
    #[test]
    fn what_is_planned_is_done_in_part_and_paid_in_full() {
        let mut setting = beds();
        plan(&mut setting, "beds", 2.0);
        plan(&mut setting, "budget.total", 2200.0);
        setting.parameters.implementation.protection = 0.5;
        let funded = fund(&setting.plan.rows[0], &setting, &[1.0; LINES]);
        close(funded.planned[BEDS], 60.0);
        let done = Policy::from_row(&done(&funded.row, &setting.parameters.implementation));
        close(done.protection.beds, 1.5);
        close(done.national.budget_total, 2200.0);
    }

    /// Of a thousand inspections full pressure of rankings takes three hundred, and there are three hundred raids more: visits, one for one.
    #[test]
    fn metric_pressure_moves_visits_one_for_one() {
        let mut setting = setting(2);
        setting.parameters.contact.metric_pressure = 0.3;
        (setting.country.capacity.inspections, setting.country.capacity.raids) = (1000.0, 50.0);
        for (pressure, expected) in [(0.0, (1000, 50)), (0.5, (850, 200)), (1.0, (700, 350))] {
            let mut state = crate::model::testing::state(&setting);
            state.institutions.policy.national.national_priority = pressure;
            state.institutions.policy.partnership.tier_pressure = pressure;
            let capacity = capacities(&mut state, &setting);
            assert_eq!((capacity.inspections, capacity.raids), expected);
        }
    }
}
