//! What a plan asks of each budget line, what the line pays, and what is left unfunded: no population is needed to know it.
//!
//! The plan is walked month by month as [`budget`](crate::model::processes::budget) does, each line's standing capacity growing and shrinking on
//! the way, so that a line that first hires and then has less for levers shows it. Whatever a run would record as `unfunded` stands here
//! before anything is run.

use crate::model::Setting;
use crate::model::policy::{LINES, Line, all};
use crate::model::processes::budget::fund;
use crate::quantities::Month;

/// One line in one month, money a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paid {
    /// What the plan's levers cost beyond their defaults.
    pub planned: f64,
    /// What of that is paid.
    pub paid: f64,
    /// What is wanted and not paid, posts that the line can no longer pay included.
    pub unfunded: f64,
    /// What the line has.
    pub allotted: f64,
    /// What is spent from it.
    pub spent: f64,
}

/// One line over a fiscal year: means over its months in the run, money a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Year {
    /// The fiscal year, named by the year in which it ends.
    pub year: i32,
    /// Its months in the run.
    pub months: u32,
    /// The means.
    pub mean: Paid,
}

/// What a plan asks of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Funding {
    /// The line.
    pub line: Line,
    /// The reported months, in order.
    pub months: Vec<(Month, Paid)>,
    /// The same by fiscal year.
    pub years: Vec<Year>,
    /// The first reported month in which a lever of the line is cut or a post unpaid.
    pub first_cut: Option<Month>,
    /// The levers that are cut then.
    pub levers: Vec<&'static str>,
}

/// What is wanted and not paid below this share of what is wanted is the rounding of sums.
const NOTHING: f64 = 1e-9;

/// Walks the plan of `setting` from its first month to its last; the reported months are told, line by line.
#[must_use]
pub fn funding(setting: &Setting) -> Vec<Funding> {
    let mut all: Vec<Funding> =
        Line::ALL.map(|line| Funding { line, months: vec![], years: vec![], first_cut: None, levers: vec![] }).into_iter().collect();
    let mut staff = [1.0; LINES];
    for (month, row) in (0..).map(|after| setting.start().plus(after)).zip(&setting.plan.rows) {
        let funded = fund(row, setting, &staff);
        staff = funded.next;
        if month < setting.from || month > setting.to {
            continue;
        }
        let national = crate::model::policy::Policy::from_row(row).national;
        for of in &mut all {
            let i = of.line as usize;
            let (planned, unfunded) = (funded.planned[i], funded.unfunded[i]);
            let allotted = national.budget_total * national.budget_shares[i] + national.budget_extra[i];
            // A payroll that cannot be paid comes on top of levers of which nothing is paid then.
            let paid = Paid { planned, paid: (planned - unfunded).max(0.0), unfunded, allotted, spent: funded.spent[i] };
            if unfunded > NOTHING * allotted.max(planned) && of.first_cut.is_none() {
                of.first_cut = Some(month);
                of.levers = cut(of.line, row, &funded.row);
            }
            of.months.push((month, paid));
        }
    }
    for of in &mut all {
        of.years = years(setting, &of.months);
    }
    all
}

/// The levers on `line` of which less is paid than planned.
fn cut(line: Line, planned: &[f64], paid: &[f64]) -> Vec<&'static str> {
    let of = all().filter(|(_, lever)| lever.cost.is_some_and(|bill| bill.line == line));
    let differs = |place: usize, width: usize| planned[place..place + width] != paid[place..place + width];
    of.filter(|(place, lever)| differs(*place, lever.shape.width())).map(|(_, lever)| lever.key).collect()
}

fn years(setting: &Setting, months: &[(Month, Paid)]) -> Vec<Year> {
    let year = |month: Month| setting.country.fiscal_year(month);
    months
        .chunk_by(|(a, _), (b, _)| year(*a) == year(*b))
        .map(|group| Year { year: year(group[0].0), months: group.len() as u32, mean: mean(group) })
        .collect()
}

/// The mean over months; nothing of no month.
#[must_use]
pub fn mean(months: &[(Month, Paid)]) -> Paid {
    let n = months.len().max(1) as f64;
    let of = |read: fn(&Paid) -> f64| months.iter().map(|(_, paid)| read(paid)).sum::<f64>() / n;
    Paid {
        planned: of(|paid| paid.planned),
        paid: of(|paid| paid.paid),
        unfunded: of(|paid| paid.unfunded),
        allotted: of(|paid| paid.allotted),
        spent: of(|paid| paid.spent),
    }
}

/// What one line leaves unfunded from its first cut on, money a year over the months in which it is cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// The line.
    pub line: Line,
    /// The first month in which it is cut.
    pub from: Month,
    /// The last.
    pub to: Month,
    /// What the levers of the line ask.
    pub asked: f64,
    /// What of that is paid.
    pub paid: f64,
    /// What posts cost that the line can no longer pay.
    pub payroll: f64,
    /// The levers that are cut in the first month.
    pub levers: Vec<&'static str>,
}

/// The lines of `setting` that leave something unfunded.
#[must_use]
pub fn shortfalls(setting: &Setting) -> Vec<Shortfall> {
    let one = |of: Funding| {
        let from = of.first_cut?;
        let short: Vec<(Month, Paid)> = of.months.into_iter().filter(|(_, paid)| paid.unfunded > NOTHING * paid.allotted.max(paid.planned)).collect();
        let Paid { planned, paid, unfunded, .. } = mean(&short);
        let to = short.last()?.0;
        Some(Shortfall { line: of.line, from, to, asked: planned, paid, payroll: (unfunded - (planned - paid)).max(0.0), levers: of.levers })
    };
    funding(setting).into_iter().filter_map(one).collect()
}

impl Shortfall {
    /// True where `other` says the same but for what is too little to tell: the variant inherits it.
    #[must_use]
    pub fn like(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 0.005 * a.abs().max(b.abs());
        self.line == other.line
            && self.from == other.from
            && near(self.asked, other.asked)
            && near(self.paid, other.paid)
            && near(self.payroll, other.payroll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Simulation;
    use crate::model::ledgers::indicators::Indicator;
    use crate::scenario::{Overrides, load};

    fn borderland() -> Setting {
        let overrides = Overrides { scale: Some(50.0), ..Overrides::default() };
        let Ok(scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
        scenario.variants[0].setting.clone()
    }

    fn place(key: &str) -> usize {
        all().find(|(_, lever)| lever.key == key).expect("the lever exists").0
    }

    /// From its `after`th reported month on, `key` is `value`.
    fn with(mut setting: Setting, key: &str, after: usize, value: f64) -> Setting {
        let (place, from) = (place(key), usize::from(setting.spin_up()) + after);
        setting.plan.rows.iter_mut().skip(from).for_each(|row| row[place] = value);
        setting
    }

    /// Ten times the beds from the second reported year on: the line pays what it has, says from when on, and names the lever.
    #[test]
    fn a_plan_beyond_its_line_is_told_with_its_first_month() {
        let before = shortfalls(&borderland());
        let setting = with(borderland(), "beds", 12, 10.0);
        let short: Vec<Shortfall> = shortfalls(&setting).into_iter().filter(|short| !before.iter().any(|own| own.like(short))).collect();
        assert_eq!(short.iter().map(|short| (short.line, short.from)).collect::<Vec<_>>(), [(Line::Shelters, setting.from.plus(12))]);
        assert!(short[0].levers.contains(&"beds") && short[0].paid < 0.5 * short[0].asked && short[0].payroll < 1.0, "{short:?}");
    }

    /// Half of all money leaves posts unpaid, until they are cut.
    #[test]
    fn less_money_leaves_a_payroll_unpaid_for_some_time() {
        let money = borderland().plan.rows[0][place("budget.total")];
        let short = shortfalls(&with(borderland(), "budget.total", 12, 0.5 * money));
        assert!(
            short.iter().all(|short| short.payroll >= 0.0) && short.iter().any(|short| short.asked > short.paid || short.payroll > 0.0),
            "{short:?}"
        );
    }

    /// What is told before a run is what the run records.
    #[test]
    fn a_run_records_what_was_told() {
        let mut setting = with(borderland(), "beds", 0, 10.0);
        setting.to = setting.from.plus(5);
        let mut simulation = Simulation::new(&setting, crate::draws::Luck::new(1, 0));
        (0..setting.months()).for_each(|_| simulation.step(&setting));
        let recorded: f64 = simulation.into_history().rows.iter().map(|row| row.get(Indicator::Unfunded)).sum();
        let told: f64 = funding(&setting).iter().flat_map(|of| &of.months).map(|(_, paid)| paid.unfunded / 12.0).sum();
        assert!((recorded - told).abs() < 1e-6 * told && told > 0.0, "{recorded} {told}");
        let years: u32 = funding(&setting)[0].years.iter().map(|year| year.months).sum();
        assert_eq!(years, 6);
    }
}
