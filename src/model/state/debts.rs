//! Debt (rule 4) in closed form: a base, the month of the base, and the interest and repayment that hold since.
//!
//! It is clipped to [0, 6W], and re-based whenever wage, rate or state changes
//! ([`Persons::settle`](super::persons::Persons::settle)).

use super::super::parameters::Parameters;
use super::cells::{BAND_EDGE, Exploitation, MAX_DEBT, Whereabouts, band};

/// On what a debtor's repayment depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Where the debtor is.
    pub whereabouts: Whereabouts,
    /// How far exploited.
    pub exploitation: Exploitation,
    /// The debt is a bond: the employer adds charges to it.
    pub bonded: bool,
}

/// The terms of debt, and what has been owed, paid and relieved so far (in W, all persons together).
#[derive(Clone, Debug)]
pub struct Debts {
    /// Interest a month.
    pub(super) interest: f64,
    /// ln(1 + interest).
    log_growth: f64,
    /// (1 + interest)^k for k months.
    growth: Vec<f64>,
    /// Repayment a month by whereabouts and exploitation.
    pay: [[f64; 3]; 5],
    /// What the holder of a bond adds a month: a repayment that goes the wrong way.
    charge: f64,
    /// Debt taken up.
    pub borrowed: f64,
    /// Interest accrued.
    pub accrued: f64,
    /// Debt repaid.
    pub repaid: f64,
    /// Debt relieved: compensation, or beyond what lenders will lend.
    pub relieved: f64,
}

impl Debts {
    /// The terms under `parameters`, for runs of up to `months` months.
    #[must_use]
    pub fn new(parameters: &Parameters, months: usize) -> Self {
        let terms = &parameters.recruitment;
        let growth = std::iter::successors(Some(1.0), |g| Some(g * (1.0 + terms.interest))).take(months + 2).collect();
        let home = [terms.repayment * terms.home_income; 3];
        let work = [terms.repayment, terms.repayment * terms.wage_violation, terms.repayment * terms.wage_forced];
        Self {
            interest: terms.interest,
            log_growth: libm::log1p(terms.interest),
            growth,
            pay: [home, home, work, [0.0; 3], [0.0; 3]],
            charge: terms.bond_charge,
            borrowed: 0.0,
            accrued: 0.0,
            repaid: 0.0,
            relieved: 0.0,
        }
    }

    /// What a debtor under `terms` repays a month, less what the holder adds.
    pub(super) fn pay(&self, terms: Terms) -> f64 {
        self.pay[terms.whereabouts as usize][terms.exploitation as usize] - if terms.bonded { self.charge } else { 0.0 }
    }

    /// Books what `persons` debtors alike owe after `months` months, and returns it: interest and charges accrue, the rest is
    /// repaid, and what lies beyond 6W nobody lends.
    pub(super) fn book(&mut self, base: f64, pay: f64, months: usize, persons: f64) -> f32 {
        let settled = self.after(base, pay, months);
        if settled > 0.0 && settled < MAX_DEBT && pay >= 0.0 {
            // Never clipped, so every repayment was made in full.
            let paid = pay * months as f64;
            self.repaid += paid * persons;
            self.accrued += (settled - base + paid) * persons;
            // What rounding to 32 bits takes or gives is booked too: money owed is conserved.
            self.relieved += (settled - f64::from(settled as f32)) * persons;
            return settled as f32;
        }
        let mut owed = base;
        for _ in 0..months {
            let interest = owed * self.interest + (-pay).max(0.0);
            let paid = pay.max(0.0).min(owed + interest);
            let next = owed + interest - paid;
            self.accrued += interest * persons;
            self.repaid += paid * persons;
            self.relieved += (next - MAX_DEBT).max(0.0) * persons;
            owed = next.min(MAX_DEBT);
        }
        let settled = settled as f32;
        self.relieved += (owed - f64::from(settled)) * persons;
        settled
    }

    /// The debt `months` after it was `base`, with repayment `pay` a month: the solution of
    /// D' = D (1 + i) - pay, clipped to [0, 6W], which it cannot leave again once it is there.
    pub(super) fn after(&self, base: f64, pay: f64, months: usize) -> f64 {
        if base <= 0.0 {
            return 0.0;
        }
        let growth = self.growth[months];
        let paid = if self.interest > 0.0 { pay * (growth - 1.0) / self.interest } else { pay * months as f64 };
        (base * growth - paid).clamp(0.0, MAX_DEBT)
    }

    /// Months until the debt crosses into another band, if it ever does.
    pub(super) fn months_to_crossing(&self, base: f64, pay: f64) -> Option<usize> {
        let drift = base * self.interest - pay;
        let edge = match band(base) {
            1 if drift < 0.0 => 0.0,
            1 if drift > 0.0 => BAND_EDGE,
            2 if drift < 0.0 => BAND_EDGE,
            _ => return None,
        };
        let exact = if self.interest > 0.0 {
            let level = pay / self.interest;
            libm::log((level - edge) / (level - base)) / self.log_growth
        } else {
            (base - edge) / pay
        };
        Some((exact.max(0.0).floor() as usize).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debts(interest: f64) -> Debts {
        let growth = (0..400).map(|k| libm::pow(1.0 + interest, f64::from(k))).collect();
        let pay = [[0.05; 3], [0.05; 3], [0.2, 0.15, 0.07], [0.0; 3], [0.0; 3]];
        Debts { interest, log_growth: libm::log1p(interest), growth, pay, charge: 0.05, borrowed: 0.0, accrued: 0.0, repaid: 0.0, relieved: 0.0 }
    }

    /// The closed form against the recurrence it solves, month by month with the clip.
    #[test]
    fn the_closed_form_of_debt_is_its_recurrence() {
        for interest in [0.0, 0.02, 0.04, 0.1] {
            let debts = debts(interest);
            for pay in [-0.05, 0.0, 0.07, 0.2, 0.5] {
                for base in [0.3, 1.0, 1.9, 2.5, 5.9] {
                    let mut owed = base;
                    for months in 1..60 {
                        owed = (owed * (1.0 + interest) - pay).clamp(0.0, MAX_DEBT);
                        assert!((debts.after(base, pay, months) - owed).abs() < 1e-9, "{interest} {pay} {base} {months}");
                    }
                }
            }
        }
    }

    /// The estimate may come early, never late: until it is due, the band holds.
    #[test]
    fn a_band_holds_until_its_crossing_is_due() {
        for interest in [0.0, 0.04, 0.1] {
            let debts = debts(interest);
            for pay in [-0.03, 0.01, 0.07, 0.2] {
                for step in 1..60 {
                    let base = f64::from(step) * 0.1;
                    if (base * interest - pay).abs() < 1e-9 {
                        // Interest and repayment cancel: only rounding would ever move such a debt.
                        continue;
                    }
                    let due = debts.months_to_crossing(base, pay).unwrap_or(300);
                    for months in 0..due.min(300) {
                        assert_eq!(band(debts.after(base, pay, months)), band(base), "{interest} {pay} {base} after {months} of {due}");
                    }
                }
            }
        }
    }
}
