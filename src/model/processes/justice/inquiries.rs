//! Financial inquiries (rule 24): a queue through a case's life.
//!
//! Whether a case has money worth tracing is drawn when it opens (`justice.traceable_money`); it then waits for one of the month's inquiries until its verdict, the oldest
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cases::{Case, CaseKind};
    use crate::model::testing::{setting, state};

    /// One inquiry a month goes to the case that has waited longest, wherever it stands in the queues.
    #[test]
    fn who_has_waited_longest_is_looked_into_first() {
        let setting = setting(2);
        let mut state = state(&setting);
        let case = |id: u32, month: u16| Case { inquiry: Inquiry::Waiting, ..Case::opened(id, CaseKind::Labour, 0, month, vec![]) };
        state.cases.open = vec![case(1, 5), case(2, 3), case(3, 4)];
        state.institutions.capacity.financial = 1;
        begin(&mut state);
        let open: Vec<u32> = state.cases.open.iter().filter(|case| case.financial()).map(|case| case.id).collect();
        assert_eq!(open, [2]);
        state.institutions.capacity.financial = 5;
        begin(&mut state);
        assert!(state.cases.open.iter().all(Case::financial));
        assert!((state.ledger.get(Indicator::FinancialInquiries) - 3.0).abs() < 1e-12);
    }
}
