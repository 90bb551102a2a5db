//! Trade-offs: every route by which a lever is said to do harm or to lose its purpose, and the trade-offs that the model must be able to
//! show, each as a comparison over paired replicates.
//!
//! A measure is taken from one run; a claim says which way its paired difference goes, or that it is small. Absent on purpose: sizes. How
//! large an effect is depends on the country and is no law of the model.

use crate::borderland;
use crate::futures::{Difference, Stages, futures, on_two_threads};
use fivep::draws::Luck;
use fivep::model::Setting;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::policy::{self, Line};
use fivep::model::state::State;
use fivep::model::state::ids::RecruiterId;
use std::collections::BTreeSet;
use std::ops::Range;

const REPLICATES: Stages = Stages { few: 6, all: 24 };

/// Shocks come at their own dates and would only add noise.
const QUIET: &str =
    "[shocks]\nrumour-2015 = false\nmega-case-2016 = false\nbuyers-2016 = false\nflood-border-2017 = false\nslump-2018 = false\nsurge-2018 = false\n";

/// What one run leaves to be measured.
struct Run {
    history: History,
    /// The state after the last month.
    state: State,
}

impl Run {
    /// The indicator summed over all reported months.
    fn sum(&self, indicator: Indicator) -> f64 {
        self.between(indicator, 0, self.history.rows.len())
    }

    /// The indicator summed over the reported months from `first` to before `end`.
    fn between(&self, indicator: Indicator, first: usize, end: usize) -> f64 {
        self.history.rows[first..end].iter().map(|row| row.get(indicator)).sum()
    }

    fn ratio(&self, top: Indicator, bottom: Indicator) -> f64 {
        self.sum(top) / self.sum(bottom).max(1e-9)
    }

    /// Mean propensity of employers who export, or of those who do not.
    fn propensity(&self, exports: bool) -> f64 {
        let employers = &self.state.employers;
        let of: Vec<f64> = (0..employers.len()).filter(|i| employers.exports[*i] == exports).map(|i| f64::from(employers.propensity[i])).collect();
        of.iter().sum::<f64>() / of.len() as f64
    }

    fn at_work(&self) -> impl Iterator<Item = RecruiterId> + '_ {
        let recruiters = &self.state.recruiters;
        recruiters.all().filter(|recruiter| recruiters.at_work(*recruiter))
    }

    /// What all who came through the legal channel paid, in W.
    fn legal_fees(&self) -> f64 {
        self.history.rows.iter().map(|row| row.get(Indicator::ArrivalsMou) * row.get(Indicator::MouFeePaid)).sum()
    }

    /// Recruiters at work after the last month.
    fn recruiters_at_work(&self) -> f64 {
        self.at_work().count() as f64
    }

    /// Share of recruiters at work who recruit in the first origin.
    fn in_first_origin(&self) -> f64 {
        let first = self.at_work().filter(|recruiter| self.state.recruiters.origin[*recruiter] == 0).count();
        first as f64 / self.recruiters_at_work()
    }
}

/// What a paired difference does.
#[derive(Clone, Copy, Debug)]
enum Claim {
    /// Its mean lies more than two standard errors above nothing.
    Up,
    /// Its mean lies more than two standard errors below nothing.
    Down,
    /// Its mean stays within this share of the base's mean.
    Little(f64),
}
use Claim::{Down, Little, Up};

type Measure = fn(&Run) -> f64;

/// One comparison.
struct Case {
    /// The lever whose backfire it shows, or a trade-off of its own.
    name: &'static str,
    /// Lines of the scenario that both sides share: what the lever needs beside it.
    company: &'static str,
    /// What the other side does differently.
    change: fn(&mut Setting),
    claims: Vec<(&'static str, Measure, Claim)>,
}

fn place_of(key: &str) -> (usize, usize) {
    policy::all().find(|(_, lever)| lever.key == key).map(|(place, lever)| (place, lever.shape.width())).expect("the lever exists")
}

/// Sets all places of a lever from the first reported month on.
fn set(setting: &mut Setting, key: &str, value: f64) {
    let (place, width) = place_of(key);
    (place..place + width).for_each(|at| set_place(setting, at, value));
}

fn set_place(setting: &mut Setting, place: usize, value: f64) {
    let reported = setting.from.since(setting.start()) as usize;
    for row in setting.plan.rows.iter_mut().skip(reported) {
        row[place] = value;
    }
}

/// The whole budget times `factor`.
fn more_money(setting: &mut Setting, factor: f64) {
    let (total, _) = place_of("budget.total");
    let reported = setting.from.since(setting.start()) as usize;
    for row in setting.plan.rows.iter_mut().skip(reported) {
        row[total] *= factor;
    }
}

/// The whole budget times `factor`, with the same money for every line but registration and entry, which takes all that is added.
fn more_for_entry_alone(setting: &mut Setting, factor: f64) {
    more_money(setting, factor);
    let (shares, _) = place_of("budget.shares");
    let reported = setting.from.since(setting.start()) as usize;
    for row in setting.plan.rows.iter_mut().skip(reported) {
        row[shares + Line::Entry as usize] += factor - 1.0;
        row[shares..shares + policy::LINES].iter_mut().for_each(|share| *share /= factor);
    }
}

/// Detection, and all that can be done to recruiters whom it leads to: enough blows to see who gets up again.
const BLOWS: &str = "[policy.prevention]\nlabour_inspections = 4\n[policy.protection]\ntraining = 0.8\nmanuals_with_ngos = 1\n\
                     [policy.prosecution]\nfinancial_inquiry = 20\ncourt_slots = 4\n[policy.national]\nbudget.extra.training = 27_500_000\n\
                     budget.extra.inspections = 27_500_000\nbudget.extra.courts = 55_000_000\nbudget.extra.financial = 27_500_000\n[parameters]\njustice.traceable_money = 1\njustice.suspect_recruiter = 1\n";

/// The same, and every workplace closed where victims were found.
const CLOSURES: &str = "[policy.prevention]\nlabour_inspections = 4\n[policy.protection]\ntraining = 0.8\nmanuals_with_ngos = 1\n\
                        [policy.prosecution]\nfinancial_inquiry = 20\ncourt_slots = 4\nclosure = 1\n[policy.national]\n\
                        law.closure_power = 1\nbudget.extra.training = 27_500_000\nbudget.extra.inspections = 27_500_000\nbudget.extra.courts = 55_000_000\nbudget.extra.financial = 27_500_000\n\
                        [parameters]\njustice.traceable_money = 1\njustice.suspect_recruiter = 1\n";

/// The routes named in the levers' tables, in their order.
#[expect(clippy::too_many_lines, reason = "one table, read from top to bottom")]
fn backfires() -> Vec<Case> {
    vec![
        Case {
            name: "national_priority",
            company: "[policy.national]\nnational_priority = 0\n",
            change: |setting| set(setting, "national_priority", 1.0),
            claims: vec![
                ("raids", |run| run.sum(Indicator::Raids), Up),
                ("other inspections", |run| run.sum(Indicator::Inspections) - run.sum(Indicator::Raids), Down),
            ],
        },
        Case {
            name: "budget.total",
            // Where courts are overwhelmed already, money relieves them: the queue begins where they just keep up.
            company: "[parameters]\ncontact.reports_sex = 0.01\nidentification.sensitivity_sex = 0.12\n",
            change: |setting| more_money(setting, 6.0),
            claims: vec![("backlog", |run| run.sum(Indicator::Backlog), Up)],
        },
        Case {
            name: "budget.shares",
            company: "",
            change: |setting| more_for_entry_alone(setting, 1.24),
            claims: vec![
                ("spent", |run| run.sum(Indicator::Spent), Up),
                ("inspections", |run| run.sum(Indicator::Inspections), Little(0.001)),
                ("identified", |run| run.sum(Indicator::Identified), Little(0.1)),
                ("exploited", |run| run.sum(Indicator::Exploited), Little(0.05)),
            ],
        },
        Case {
            name: "law.forced_labour_offence",
            company: "",
            change: |setting| set(setting, "law.forced_labour_offence", 1.0),
            claims: vec![
                ("labour cases for each victim identified", |run| run.ratio(Indicator::CasesLabour, Indicator::IdentifiedLabour), Up),
                ("exploited", |run| run.sum(Indicator::Exploited), Little(0.03)),
            ],
        },
        Case {
            name: "law.closure_power",
            // What is closed is a share of what the law lets close.
            company: "[policy.prosecution]\nclosure = 1.0\n",
            change: |setting| set(setting, "law.closure_power", 1.0),
            claims: vec![
                ("workers displaced", |run| run.sum(Indicator::DisplacedWorkers), Up),
                ("fell irregular", |run| run.sum(Indicator::FellIrregular), Up),
            ],
        },
        Case {
            name: "joint_teams",
            // Courts are full and investigations long: what is investigated sooner waits in court.
            company: "[policy.prosecution]\njoint_teams = 0\ncourt_slots = 0.1\n[parameters]\njustice.months_police = 6\n",
            change: |setting| set(setting, "joint_teams", 1.0),
            claims: vec![("backlog in court", |run| run.sum(Indicator::BacklogCourt), Up)],
        },
        Case {
            name: "joint_teams",
            // Conviction rests on testimony, what a joint team adds to the evidence is set aside, and nothing is lost by waiting: what
            // remains is that speed leaves victims less time to come forward.
            company: "[policy.prosecution]\njoint_teams = 0\ncourt_slots = 4\n[policy.protection]\ntraining = 0.8\nbeds = 20\nmanuals_with_ngos = 1\n\
                      [parameters]\njustice.months_police = 5\nidentification.disclosure_base = 0.25\njustice.joint_speed = 2\njustice.mega_rate = 0\njustice.conviction_base = 0\njustice.conviction_testimony = 1\n\
                      justice.conviction_joint_team = 0\njustice.cooperation = 0\njustice.evidence_decay = 0\n\
                      care.attrition_base = 0\ncare.come_forward = 1\ncomplicity.detection_base = 0\njustice.suspect_protector = 0\n",
            change: |setting| set(setting, "joint_teams", 1.0),
            claims: vec![
                ("testified in each case decided", |run| run.ratio(Indicator::Testified, Indicator::CasesDecided), Down),
                ("convicted for each prosecuted", |run| run.ratio(Indicator::Convicted, Indicator::Prosecuted), Down),
            ],
        },
        Case {
            name: "financial_inquiry",
            company: BLOWS,
            // Nobody inquires any more, and yet little comes of it: what is taken is rebuilt, and who is removed is replaced.
            change: |setting| set(setting, "financial_inquiry", 0.0),
            claims: vec![
                ("restrained", |run| run.sum(Indicator::AssetsRestrained), Down),
                ("recruiters at work at the end", Run::recruiters_at_work, Little(0.1)),
                ("capacity to exploit in the last year", |run| run.between(Indicator::ExploitativeCapacity, 36, 48), Little(0.2)),
            ],
        },
        Case {
            name: "law.debt_bondage_void",
            company: "",
            // Nobody is bonded any more, and yet most are held: by documents, by locks, by the debt to others.
            change: |setting| set(setting, "law.debt_bondage_void", 1.0),
            claims: vec![("bonded", |run| run.sum(Indicator::Bonded), Down), ("exploited", |run| run.sum(Indicator::Exploited), Little(0.15))],
        },
        Case {
            name: "investigators",
            company: "[policy.prosecution]\ninvestigators = 0.3\nprosecutors = 0.3\ncourt_slots = 0.1\n",
            change: |setting| set(setting, "investigators", 2.0),
            claims: vec![
                ("backlog in investigation", |run| run.sum(Indicator::BacklogInvestigation), Down),
                ("backlog beyond it", |run| run.sum(Indicator::BacklogProsecution) + run.sum(Indicator::BacklogCourt), Up),
            ],
        },
        Case {
            name: "prosecutors",
            company: "[policy.prosecution]\nprosecutors = 0.1\ncourt_slots = 0.1\n",
            change: |setting| set(setting, "prosecutors", 2.0),
            claims: vec![
                ("backlog with the prosecution", |run| run.sum(Indicator::BacklogProsecution), Down),
                ("backlog in court", |run| run.sum(Indicator::BacklogCourt), Up),
            ],
        },
        Case {
            name: "detention_screening",
            company: "[policy.protection]\nnon_punishment = 0\n",
            // Who is recognised there has been arrested first, and hardly anybody is.
            change: |setting| set(setting, "detention_screening", 1.0),
            claims: vec![
                ("identified in detention", |run| run.sum(Indicator::IdentifiedDetention), Up),
                ("victims removed without help", |run| run.sum(Indicator::RemovedUnassisted), Little(0.25)),
            ],
        },
        Case {
            name: "closure",
            company: "[policy.national]\nlaw.closure_power = 1.0\n",
            change: |setting| set(setting, "closure", 1.0),
            claims: vec![
                ("workers displaced", |run| run.sum(Indicator::DisplacedWorkers), Up),
                ("fell irregular", |run| run.sum(Indicator::FellIrregular), Up),
            ],
        },
        Case {
            name: "licence_revocation",
            // Only inspected agencies lose a licence; those who drift in and out under the bar would only add noise.
            company: "[policy.prevention]\nagency_inspection = 1.0\n[parameters]\nadaptation.bar_exit = 0\n",
            change: |setting| set(setting, "licence_revocation", 1.0),
            claims: vec![
                ("licensed recruiters", |run| run.sum(Indicator::LicensedRecruiters), Down),
                ("informal share", |run| run.sum(Indicator::InformalShare), Up),
            ],
        },
        Case {
            name: "rotation",
            company: "[policy.national]\nbudget.extra.integrity = 110_000_000\n[policy.prosecution]\nrotation = 0\n",
            change: |setting| set(setting, "rotation", 0.2),
            claims: vec![
                ("officials who exchanged posts", |run| run.sum(Indicator::OfficialsRotated), Up),
                ("complicit share", |run| run.sum(Indicator::ComplicitShare), Little(0.1)),
            ],
        },
        Case {
            name: "shelter_freedom",
            company: "",
            change: |setting| set(setting, "shelter_freedom", 1.0),
            claims: vec![("months of a stay", |run| run.ratio(Indicator::StayMonths, Indicator::LeftShelter), Down)],
        },
        Case {
            name: "reintegration_coverage",
            company: "",
            change: |setting| set(setting, "reintegration_coverage", 1.0),
            claims: vec![
                ("spent in the first year", |run| run.between(Indicator::SpentShelters, 0, 12), Up),
                ("trafficked again in the first half-year", |run| run.between(Indicator::Retrafficked, 0, 6), Little(0.1)),
                ("trafficked again later", |run| run.between(Indicator::Retrafficked, 12, 48), Down),
            ],
        },
        Case {
            name: "compensation_paid",
            company: BLOWS,
            change: |setting| set(setting, "compensation_paid", 1.0),
            claims: vec![
                ("spent in the first year", |run| run.between(Indicator::SpentShelters, 0, 12), Up),
                ("paid", |run| run.sum(Indicator::CompensationPaid), Up),
                ("exploited", |run| run.sum(Indicator::Exploited), Little(0.03)),
            ],
        },
        Case {
            name: "agency_inspection",
            // Where no origin enforces anything, inspection lowers no fee and only takes licences.
            company: "[policy.partnership]\norigin_enforcement = 0\n[policy.prosecution]\nlicence_revocation = 1.0\n\
                      [parameters]\nadaptation.bar_exit = 0\n",
            change: |setting| set(setting, "agency_inspection", 1.0),
            claims: vec![
                ("licensed recruiters", |run| run.sum(Indicator::LicensedRecruiters), Down),
                ("informal share", |run| run.sum(Indicator::InformalShare), Up),
            ],
        },
        Case {
            name: "licence_bar",
            company: "",
            change: |setting| set(setting, "licence_bar", 1.0),
            claims: vec![
                ("licensed recruiters", |run| run.sum(Indicator::LicensedRecruiters), Down),
                ("fee", |run| run.sum(Indicator::MouFeePaid), Up),
                ("informal share", |run| run.sum(Indicator::InformalShare), Up),
            ],
        },
        Case {
            name: "mou_fee",
            company: "",
            change: |setting| set(setting, "mou_fee", 0.2),
            claims: vec![("waiting", |run| run.sum(Indicator::MouWaiting), Up)],
        },
        Case {
            name: "mou_months",
            // A channel whose queue binds is no faster without processing time.
            company: "[policy.national]\nbudget.extra.entry = 55_000_000\n[policy.prevention]\nmou_throughput = 10\nmou_months = 4\n[parameters]\nrecruitment.markup = 4\n",
            change: |setting| set(setting, "mou_months", 0.1),
            claims: vec![
                ("arrivals through the legal channel", |run| run.sum(Indicator::ArrivalsMou), Up),
                ("fees paid in the legal channel", Run::legal_fees, Up),
            ],
        },
        Case {
            name: "registration_windows",
            company: "[policy.prevention]\nregistration_windows = 0\n",
            change: |setting| set(setting, "registration_windows", 1.0),
            claims: vec![
                ("registered", |run| run.sum(Indicator::Registrations), Up),
                ("upper quartile of debt in the first half-year", |run| run.between(Indicator::DebtUpperQuartile, 0, 6), Up),
            ],
        },
        Case {
            name: "labour_inspections",
            company: "",
            change: |setting| set(setting, "labour_inspections", 4.0),
            claims: vec![
                ("met", |run| run.sum(Indicator::PeopleMet), Up),
                ("identified of those met", |run| run.ratio(Indicator::Identified, Indicator::PeopleMet), Down),
            ],
        },
        Case {
            name: "revisits",
            company: "[policy.protection]\ntraining = 0.9\n[policy.national]\nbudget.extra.training = 110_000_000\n",
            change: |setting| set(setting, "revisits", 1.0),
            claims: vec![
                ("second visits", |run| run.sum(Indicator::Revisits), Up),
                ("first visits", |run| run.sum(Indicator::Inspections) - run.sum(Indicator::Revisits), Down),
            ],
        },
        Case {
            name: "information",
            company: "[policy.prevention]\ninformation = 0\n",
            change: |setting| set(setting, "information", 1.0),
            claims: vec![
                ("forced at arrival", |run| run.sum(Indicator::ForcedAtArrival), Down),
                ("forced at arrival, a little", |run| run.sum(Indicator::ForcedAtArrival), Little(0.12)),
                ("exploited", |run| run.sum(Indicator::Exploited), Little(0.06)),
            ],
        },
        Case {
            name: "immigration_crackdown",
            company: "",
            change: |setting| set(setting, "immigration_crackdown", 3.0),
            claims: vec![
                ("fear", |run| run.sum(Indicator::Fear), Up),
                ("identified", |run| run.sum(Indicator::Identified), Down),
                ("victims detained", |run| run.sum(Indicator::VictimsDetained), Up),
            ],
        },
        Case {
            name: "origin_enforcement",
            company: "[policy.partnership]\norigin_enforcement = 0\n",
            change: |setting| set_place(setting, place_of("origin_enforcement").0, 1.0),
            claims: vec![("recruiters in the origin that enforces", Run::in_first_origin, Down)],
        },
        Case {
            name: "buyer_pressure",
            company: "[policy.partnership]\nbuyer_pressure = 0\n",
            change: |setting| set(setting, "buyer_pressure", 1.0),
            claims: vec![("propensity of exporters", |run| run.propensity(true), Down), ("propensity of others", |run| run.propensity(false), Up)],
        },
        Case {
            name: "tier_pressure",
            company: "[policy.partnership]\ntier_pressure = 0\n",
            change: |setting| set(setting, "tier_pressure", 1.0),
            claims: vec![
                ("raids", |run| run.sum(Indicator::Raids), Up),
                ("other inspections", |run| run.sum(Indicator::Inspections) - run.sum(Indicator::Raids), Down),
            ],
        },
    ]
}

/// The trade-offs that the model must be able to show.
fn tradeoffs() -> Vec<Case> {
    vec![
        Case {
            name: "more detection, the same courts",
            company: "",
            change: |setting| {
                // With the money that it costs: on its own line it would be cut.
                for line in [policy::Line::Inspections, policy::Line::Training] {
                    let (place, _) = place_of("budget.extra");
                    let from = setting.from.since(setting.start()) as usize;
                    for row in setting.plan.rows.iter_mut().skip(from) {
                        row[place + line as usize] += 30_000_000.0;
                    }
                }
                set(setting, "labour_inspections", 4.0);
                set(setting, "training", 1.0);
                set(setting, "manuals_with_ngos", 1.0);
            },
            claims: vec![
                ("identified", |run| run.sum(Indicator::Identified), Up),
                ("backlog", |run| run.sum(Indicator::Backlog), Up),
                ("acquitted for each convicted", |run| run.ratio(Indicator::Acquitted, Indicator::Convicted), Up),
            ],
        },
        Case {
            name: "open shelters",
            company: "",
            change: |setting| {
                set(setting, "shelter_freedom", 1.0);
                set(setting, "shelter_communication", 1.0);
            },
            claims: vec![("identified", |run| run.sum(Indicator::Identified), Up)],
        },
        Case {
            name: "a crackdown does not lower prevalence",
            company: "",
            change: |setting| set(setting, "immigration_crackdown", 1.5),
            // Victims too are detained and deported, and so are those who are not exploited: of those who work, as many are.
            claims: vec![
                ("identified", |run| run.sum(Indicator::Identified), Down),
                ("exploited of all workers", |run| run.ratio(Indicator::Exploited, Indicator::Workers), Up),
                ("new victims", |run| run.sum(Indicator::NewVictims), Up),
            ],
        },
        Case {
            name: "over-regulated agencies",
            company: "",
            change: |setting| {
                set(setting, "licence_bar", 0.9);
                set(setting, "agency_inspection", 0.9);
            },
            claims: vec![("informal share", |run| run.sum(Indicator::InformalShare), Up)],
        },
        Case {
            name: "sentences doubled, nothing else",
            company: "",
            // Sentences have a median of nine years.
            change: |setting| set(setting, "law.penalty_years", 9.0),
            claims: vec![
                ("sentences over ten years", |run| run.sum(Indicator::SentencesOver10), Up),
                ("exploited", |run| run.sum(Indicator::Exploited), Little(0.03)),
            ],
        },
        Case {
            name: "nobody is replaced",
            company: CLOSURES,
            change: |setting| setting.switches.replacement = false,
            claims: vec![("exploited in the last year", |run| run.between(Indicator::Exploited, 36, 48), Down)],
        },
        Case {
            name: "nobody is intimidated",
            // Trials of others also bring officials to light, and would hide what silence among colleagues does.
            company: "[parameters]\ncomplicity.intimidation = 6\njustice.mega_rate = 0\njustice.suspect_protector = 0\n",
            change: |setting| setting.switches.intimidation = false,
            claims: vec![
                ("investigated for each complicit official", |run| run.ratio(Indicator::OfficialsInvestigated, Indicator::ComplicitShare), Up),
                // The share itself rests where the profile says under either structure: the constants of rule 22 are found in the spin-up.
                ("complicit share in the last year", |run| run.between(Indicator::ComplicitShare, 36, 48), Little(0.2)),
            ],
        },
    ]
}

/// Whether `claim` holds of what `after` adds to `before`, where so many standard errors are asked, and the figures.
fn judge(claim: Claim, before: &[f64], after: &[f64], errors: f64) -> (bool, String) {
    let found = Difference::between(before, after);
    let holds = match claim {
        Up => found.beyond(1.0, errors),
        Down => found.beyond(-1.0, errors),
        // Of few replicates what is little must be so whatever chance has done.
        Little(share) => found.mean.abs() + if errors > Stages::ALL { errors * found.error } else { 0.0 } <= share * found.level.abs(),
    };
    (holds, format!("{claim:?}: {:.4} changes by {:.4} (s.e. {:.4})", found.level, found.mean, found.error))
}

/// What the claims of one case measure on both sides, in one replicate.
type Sides = [Vec<f64>; 2];

/// Both sides of each case in `wanted`, replicate by replicate; `companies` are the countries that sides share. All futures that share one are simulated together.
fn sides(companies: &[(&str, Setting)], cases: &[Case], wanted: &[usize], replicates: &Range<u32>) -> Vec<Vec<Sides>> {
    let jobs: Vec<(usize, u32)> = (0..companies.len()).flat_map(|company| replicates.clone().map(move |replicate| (company, replicate))).collect();
    let found = on_two_threads(jobs.len(), |job| {
        let (company, replicate) = jobs[job];
        let (company, base) = &companies[company];
        let here: Vec<usize> = wanted.iter().copied().filter(|case| cases[*case].company == *company).collect();
        if here.is_empty() {
            return vec![];
        }
        let changed = |case: &usize| {
            let mut setting = base.clone();
            (cases[*case].change)(&mut setting);
            setting
        };
        let changed: Vec<Setting> = here.iter().map(changed).collect();
        let settings: Vec<&Setting> = std::iter::once(base).chain(&changed).collect();
        let mut measured = futures(&settings, Luck::new(7, replicate), |place, future| {
            let state = future.state().clone();
            let run = Run { history: future.into_history(), state };
            let of = |case: &usize| cases[*case].claims.iter().map(|(_, measure, _)| measure(&run)).collect::<Vec<f64>>();
            // The base is the first side of every case, each other one the second of its own.
            place.checked_sub(1).map_or_else(|| here.iter().map(of).collect(), |place| vec![of(&here[place])])
        });
        let after = measured.split_off(1).into_iter().flatten();
        let before = measured.into_iter().flatten();
        here.into_iter().zip(before.zip(after).map(|(before, after)| [before, after])).collect()
    });
    let mut sides = vec![Vec::new(); cases.len()];
    for (case, both) in found.into_iter().flatten() {
        sides[case].push(both);
    }
    wanted.iter().map(|case| std::mem::take(&mut sides[*case])).collect()
}

/// Runs all cases and returns the claims that do not hold.
fn failures(cases: &[Case]) -> Vec<String> {
    let names: BTreeSet<&str> = cases.iter().map(|case| case.company).collect();
    let companies: Vec<(&str, Setting)> = names.into_iter().map(|company| (company, borderland(&format!("{QUIET}{company}")))).collect();
    let judged = |place: usize, sides: &[Sides], errors: f64| {
        let column = |side: usize, claim: usize| sides.iter().map(|both: &Sides| both[side][claim]).collect::<Vec<f64>>();
        let of = |(at, (about, _, claim)): (usize, &(&str, Measure, Claim))| {
            let (holds, figures) = judge(*claim, &column(0, at), &column(1, at), errors);
            (holds, format!("{} {}: {about} {figures}", if holds { "holds" } else { "FAILS" }, cases[place].name))
        };
        let claims: Vec<(bool, String)> = cases[place].claims.iter().enumerate().map(of).collect();
        (claims.iter().all(|(holds, _)| *holds), claims.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n"))
    };
    let verdicts = REPLICATES.ask(cases.len(), |wanted, replicates| sides(&companies, cases, wanted, &replicates), judged);
    for (_, lines) in &verdicts {
        println!("{lines}");
    }
    verdicts.into_iter().filter(|(holds, _)| !holds).map(|(_, lines)| lines).collect()
}

#[test]
fn every_backfire_route_can_be_shown() {
    let cases = backfires();
    // Borderland has no compounds: that haste lets more be punished is shown in Thailand (`thailand.rs`).
    for (_, lever) in policy::all().filter(|(_, lever)| lever.backfire.is_some() && lever.key != "mass_screening") {
        assert!(cases.iter().any(|case| case.name == lever.key), "{} names a backfire that no case shows", lever.path());
    }
    let failures = failures(&cases);
    assert!(failures.is_empty(), "these routes are not shown:\n{}", failures.join("\n"));
}

#[test]
fn the_trade_offs_can_be_shown() {
    let failures = failures(&tradeoffs());
    assert!(failures.is_empty(), "these trade-offs are not shown:\n{}", failures.join("\n"));
}
