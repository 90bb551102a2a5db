//! Financial inquiries (rule 24): a queue through a case's life.
//!
//! Whether a case has money worth tracing is drawn when it opens (`justice.aml`); it then waits for one of the month's inquiries until its verdict, the oldest
//! first. So more inquiries reach more cases as long as cases wait. Capacity is an assumption: the number of inquiries is not published.

use super::super::super::ledgers::indicators::Indicator;
use super::super::super::state::State;
use super::super::super::state::cases::{Case, Inquiry};

/// Begins as many inquiries as there is capacity for, those that have waited longest first.
pub fn begin(state: &mut State) {
    // Cases stand by stage, not by age.
    let mut waiting: Vec<&mut Case> = state.cases.open.iter_mut().filter(|case| case.inquiry == Inquiry::Waiting).collect();
    waiting.sort_by(|a, b| a.opened.total_cmp(&b.opened).then(a.id.cmp(&b.id)));
    let mut begun = 0.0;
    for case in waiting.into_iter().take(state.institutions.capacity.financial) {
        case.inquiry = Inquiry::Open;
        begun += 1.0;
    }
    state.count(Indicator::FinancialInquiries, begun);
}
