//! Policy: the national agenda, the budget and the law.

use super::Default::{Profile, Value};
use super::levers;

levers! {
    /// The national agenda, the budget and the law in one month.
    National, Policy:

    /// How high trafficking stands on the national agenda: how readily officials take up training, and how much they are pressed for numbers.
    national_priority: One = "national_priority", "national agenda (\"zero tolerance\")", "share",
        0.0..=1.0, Value(0.2), cost (5.0 One x Desk on Partners), Assumed, rules "10, 30",
        TrainedShare Up, Some("metric pressure: effort drifts to cases that are easily counted (rule 30)");

    /// The whole anti-trafficking budget.
    budget_total: One = "budget.total", "budget (+23.88 %)", "money a year",
        0.0..=1e13, Profile, cost , Measured, rules "29",
        Inspections Up, Some("queues: more is found than courts can try; money can go to registration alone");

    /// A line's share of the budget; the shares sum to 1.
    budget_shares: PerLine = "budget.shares", "budget by line", "share",
        0.0..=1.0, Profile, cost , Assumed, rules "29",
        Inspections Up, Some("money spent on registration alone leaves the rest of the chain as it was");

    /// Money on top of a line's share, a year. A change in per cent is of all that the line has in the layer below, month by month, and comes on top of it.
    budget_extra: PerLine = "budget.extra", "budget by line", "money a year",
        0.0..=1e13, Value(0.0), cost , Assumed, rules "29",
        Inspections Up, None;

    /// How clearly the law defines forced labour as an offence of its own: raises the share of labour cases that can be charged.
    law_forced_labour_offence: One = "law.forced_labour_offence", "legal reform", "share",
        0.0..=1.0, Value(0.0), cost , Assumed, rules "15",
        CasesLabour Up, Some("cases are relabelled: the count rises faster than what is found");

    /// Years of prison that the law adds to what courts would impose.
    law_penalty_years: One = "law.penalty_years", "legal reform", "years",
        0.0..=20.0, Value(0.0), cost , Assumed, rules "17, 19, 22",
        SentencesOver10 Up, None;

    /// How firmly the law forbids keeping a worker's documents.
    law_document_retention_offence: One = "law.document_retention_offence", "legal reform", "share",
        0.0..=1.0, Value(0.1), cost , Assumed, rules "5, 8",
        DocumentsHeld Down, None;

    /// How far the law lets officials close a workplace.
    law_closure_power: One = "law.closure_power", "legal reform", "share",
        0.0..=1.0, Value(0.2), cost , Assumed, rules "9",
        Closures Up, Some("workers of a closed workplace lose job and status");

    /// How far the law makes a debt void as a reason to hold a worker: no bond, and release when it is paid.
    law_debt_bondage_void: One = "law.debt_bondage_void", "legal reform", "share",
        0.0..=1.0, Value(0.0), cost , Assumed, rules "3, 5",
        Bonded Down, Some("a void debt is claimed by other means, or the worker is locked in instead");
}
