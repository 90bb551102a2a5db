//! Financial inquiries (rule 24): a queue through a case's life.
//!
//! Whether a case has money worth tracing is drawn when it opens (`justice.aml`); it then waits for one of the month's inquiries until its verdict, the oldest
//! first. So more inquiries reach more cases as long as cases wait. Capacity is an assumption: the number of inquiries is not published.

use super::super::super::ledgers::indicators::Indicator;
use super::super::super::state::State;
use super::super::super::state::cases::Inquiry;

/// Begins as many inquiries as there is capacity for, those that have waited longest first.
pub fn begin(state: &mut State) {
    let mut left = state.institutions.capacity.financial;
    let mut begun = 0.0;
    for case in state.cases.open.iter_mut().filter(|case| case.inquiry == Inquiry::Waiting) {
        if left == 0 {
            break;
        }
        case.inquiry = Inquiry::Open;
        left -= 1;
        begun += 1.0;
    }
    state.count(Indicator::FinancialInquiries, begun);
}
