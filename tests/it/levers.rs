//! For each lever: raised, its first-order indicator moves with the declared sign, over paired replicates.

use crate::borderland;
use crate::futures::{Difference, Stages, futures, on_two_threads};
use fivep::draws::Luck;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::policy::{self, Line, Shape, Sign};
use fivep::model::{Setting, Simulation};
use std::ops::Range;

const REPLICATES: Stages = Stages { few: 4, all: 10 };

/// One comparison: a lever's places, set low against high.
struct Case {
    name: String,
    /// The country under the policy that both sides share, by its place.
    base: usize,
    low: Setting,
    high: Setting,
    indicator: Indicator,
    sign: Sign,
}

/// What a lever needs beside it to matter at all, and why.
fn company(key: &str) -> &'static str {
    match key {
        // What may be closed is a share of what the law lets close.
        "closure" => "[policy.national]\nlaw.closure_power = 1.0\n",
        "law.closure_power" => "[policy.prosecution]\nclosure = 1.0\n",
        // Only forfeited assets pay; somebody has to look for them.
        "assets_to_compensation" => "[policy.prosecution]\nfinancial_inquiry = 20\n[parameters]\njustice.traceable_money = 0.9\n",
        // Employers pay as far as somebody looks.
        "employer_pays" | "origin_enforcement" => "[policy.prevention]\nagency_inspection = 0.6\n",
        "agency_inspection" => "[policy.partnership]\norigin_enforcement = 0.6\n",
        // Licences are revoked where agencies are inspected.
        "licence_revocation" => "[policy.prevention]\nagency_inspection = 1.0\n",
        // Inquiries, slots, beds and interpreters have to be scarce for money to matter, and interpreters to be needed; mega-cases would only add noise.
        "budget.shares" | "budget.extra" => {
            "[policy.prosecution]\nfinancial_inquiry = 0.05\ncourt_slots = 0.1\n[policy.protection]\ninterpreters = 0.2\nbeds = 0.2\n[parameters]\n\
             identification.interpreter_gain = 0.9\nidentification.disclosure_interpreter = 3\njustice.mega_rate = 0\njustice.suspect_protector = 0\n\
             justice.months_police = 12\njustice.traceable_money = 0.9\n[shocks]\nmega-case-2016 = false\n"
        }
        // The unit has to be paid for, and chance finds in other cases would only add noise.
        "integrity_unit" | "whistleblower_protection" => {
            "[policy.national]\nbudget.extra.integrity = 110_000_000\n[parameters]\njustice.mega_rate = 0\njustice.suspect_protector = 0\n\
             complicity.intimidation = 4\n[shocks]\nmega-case-2016 = false\n"
        }
        // Moving people costs more than the line has; the same money would let the integrity unit find nearly all who protect, and is held apart.
        "rotation" => "[policy.national]\nbudget.extra.integrity = 110_000_000\n[policy.prosecution]\nintegrity_unit = 0\n",
        // Open shelters also bring more victims forward, who may then be lost as witnesses: held apart here.
        "shelter_freedom" | "shelter_communication" => {
            "[parameters]\nidentification.disclosure_shelter = 0\ncare.attrition_base = 0.2\ncare.attrition_open = 3\n"
        }
        // Reflection speaks in the interview: where the unwilling never pass and few are willing, days matter.
        "reflection_days" => {
            "[parameters]\nidentification.disclosure_base = 0.1\nidentification.pass_unwilling = 0\nidentification.disclosure_reflection = 0.1\n"
        }
        // Services bring women to speak: where few do by themselves and all are asked, that shows.
        "child_and_women_services" => "[parameters]\nidentification.disclosure_base = 0.1\nidentification.asked = 1\ncare.services = 1\n",
        // Who is not found owes no second visit.
        "revisits" | "back_wages" => {
            "[policy.protection]\ntraining = 0.9\nmanuals_with_ngos = 0.9\n[policy.national]\nbudget.extra.training = 110_000_000\n"
        }
        // Fewer flee where fewer are out; mega-cases would only add noise.
        "bail_refused" => {
            "[policy.national]\nbudget.extra.courts = 110_000_000\n[parameters]\njustice.flight = 0.1\njustice.mega_rate = 0\n[shocks]\nmega-case-2016 = false\n"
        }
        "witness_protection" => {
            "[policy.prosecution]\nbail_refused = 0\n[policy.national]\nbudget.extra.courts = 110_000_000\n[parameters]\njustice.lean = 4\njustice.flight = 0\n"
        }
        // Caseworkers have to be few for reports to lie over.
        "ngo_funding" => "[policy.national]\nbudget.extra.ngo = 110_000_000\n[parameters]\ncontact.ngo_caseload = 0.05\n",
        "online_operations" => "[policy.national]\nbudget.extra.investigation = 110_000_000\n",
        "social_protection" => "[policy.national]\nbudget.extra.partners = 110_000_000\n",
        // A plan that the budget cuts to nothing would test the budget.
        _ => "",
    }
}

/// The countries in which levers are tried, each with what some of them need beside them, and the comparisons.
fn cases() -> (Vec<Setting>, Vec<Case>) {
    let (mut bases, mut cases) = (Vec::<Setting>::new(), Vec::new());
    for (place, lever) in policy::all() {
        let base = borderland(company(lever.key));
        let base = if lever.key == "mass_screening" { crate::with_compounds(base) } else { base };
        let of = bases.iter().position(|other| other.differs_from(&base).is_none()).unwrap_or_else(|| {
            bases.push(base.clone());
            bases.len() - 1
        });
        let set = |from: usize, to: usize, value: f64| {
            let mut setting = base.clone();
            // From the first reported month on: the spin-up is shared.
            for row in setting.plan.rows.iter_mut().skip(setting.from.since(base.start()) as usize) {
                row[from..to].fill(value);
            }
            setting
        };
        let default = lever.default_value().unwrap_or(0.0);
        match (lever.shape, lever.key) {
            (_, "budget.total") => {
                let money = base.plan.rows[0][place];
                cases.push(Case {
                    name: lever.path(),
                    base: of,
                    low: set(place, place + 1, money),
                    high: set(place, place + 1, 8.0 * money),
                    indicator: lever.indicator,
                    sign: lever.sign,
                });
            }
            (Shape::PerLine, key) => {
                for line in Line::ALL {
                    let (indicator, sign) = line.answers();
                    let mut high = base.clone();
                    let at = place + line as usize;
                    for row in high.plan.rows.iter_mut().skip(base.from.since(base.start()) as usize) {
                        if key == "budget.shares" {
                            // The line of registration and entry gives, so that no other part of the
                            // chain loses; for that line itself all others give in proportion.
                            if line == Line::Entry {
                                for other in &mut row[place..place + policy::LINES] {
                                    *other *= 0.5;
                                }
                                row[at] += 1.0 - row[place..place + policy::LINES].iter().sum::<f64>();
                            } else {
                                let given = 0.8 * row[place];
                                row[place] -= given;
                                row[at] += given;
                            }
                        } else {
                            row[at] = 2.0 * base.country.budget_at(base.start());
                        }
                    }
                    cases.push(Case { name: format!("{}.{}", lever.path(), line.name()), base: of, low: base.clone(), high, indicator, sign });
                }
            }
            _ => {
                let end = place + lever.shape.width();
                // Multiples go far enough to matter; shares go to their ends.
                let (low, high) = if lever.max > 5.0 && lever.unit == "multiple" { (0.1, 4.0) } else { (lever.min.max(0.0).min(default), lever.max) };
                cases.push(Case {
                    name: lever.path(),
                    base: of,
                    low: set(place, end, low),
                    high: set(place, end, high),
                    indicator: lever.indicator,
                    sign: lever.sign,
                });
            }
        }
    }
    (bases, cases)
}

/// The indicator over the reported months of one future.
fn total(future: Simulation, indicator: Indicator) -> f64 {
    future.into_history().rows.iter().map(|row| row.get(indicator)).sum()
}

/// Both sides of each case in `wanted`, replicate by replicate. All futures that share a base are simulated together.
fn sides(bases: &[Setting], cases: &[Case], wanted: &[usize], replicates: &Range<u32>) -> Vec<Vec<[f64; 2]>> {
    let jobs: Vec<(usize, u32)> = (0..bases.len()).flat_map(|base| replicates.clone().map(move |replicate| (base, replicate))).collect();
    let found = on_two_threads(jobs.len(), |job| {
        let (base, replicate) = jobs[job];
        let here: Vec<usize> = wanted.iter().copied().filter(|case| cases[*case].base == base).collect();
        if here.is_empty() {
            return vec![];
        }
        let both = here.iter().flat_map(|case| [&cases[*case].low, &cases[*case].high]);
        let settings: Vec<&Setting> = std::iter::once(&bases[base]).chain(both).collect();
        let totals = futures(&settings, Luck::new(7, replicate), |place, future| {
            // The first is the base, of which nothing is asked by itself.
            place.checked_sub(1).map_or(0.0, |place| total(future, cases[here[place / 2]].indicator))
        });
        here.into_iter().zip(totals[1..].chunks(2).map(|both| [both[0], both[1]])).collect()
    });
    let mut sides = vec![Vec::new(); cases.len()];
    for (case, both) in found.into_iter().flatten() {
        sides[case].push(both);
    }
    wanted.iter().map(|case| std::mem::take(&mut sides[*case])).collect()
}

#[test]
fn each_lever_moves_its_first_order_indicator() {
    let (bases, cases) = cases();
    let judged = |place: usize, sides: &[[f64; 2]], errors: f64| {
        let case = &cases[place];
        let [low, high] = [0, 1].map(|side| sides.iter().map(|both| both[side]).collect::<Vec<_>>());
        let found = Difference::between(&low, &high);
        let sign = if case.sign == Sign::Up { 1.0 } else { -1.0 };
        (found.beyond(sign, errors), format!("{}: {} by {:.3} (s.e. {:.3})", case.name, case.indicator.info().name, found.mean, found.error))
    };
    let verdicts = REPLICATES.ask(cases.len(), |wanted, replicates| sides(&bases, &cases, wanted, &replicates), judged);
    let failures: Vec<String> = verdicts.into_iter().filter(|(moves, _)| !moves).map(|(_, line)| line).collect();
    assert!(failures.is_empty(), "these levers do not move their indicator with the declared sign:\n{}", failures.join("\n"));
}
