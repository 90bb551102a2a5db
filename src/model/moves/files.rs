//! Case files: their number, and their entry into the queue.

use super::super::ledgers::indicators::Indicator;
use super::super::state::State;
use super::super::state::cases::{Case, CaseKind, Inquiry};

/// A case's address: the founding workplace, recruiter or official, what it is about, and the month. Never 0, which stands for no case.
#[must_use]
pub fn case_id(founder: u32, kind: u32, month: u16) -> u32 {
    let mut x = founder.wrapping_mul(0x9E37_79B9) ^ (u32::from(month) << 3) ^ kind;
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    (x ^ (x >> 16)).max(1)
}

/// Counts a case as opened and lets it wait for investigation.
pub fn enter(state: &mut State, case: Case) {
    state.count_one(Indicator::Cases);
    state.count_one(match case.kind {
        CaseKind::Labour => Indicator::CasesLabour,
        CaseKind::Sex => Indicator::CasesSex,
        CaseKind::Begging => Indicator::CasesBegging,
        CaseKind::Mega | CaseKind::Official => Indicator::CasesOther,
    });
    if case.cross_border {
        state.count_one(Indicator::CrossBorderCases);
    }
    if case.unfounded() {
        state.count_one(Indicator::CasesUnfounded);
    }
    if case.inquiry == Inquiry::Open {
        state.count_one(Indicator::FinancialInquiries);
    }
    let early = case.victims.iter().filter(|witness| witness.testified).count();
    state.count(Indicator::Testified, early as f64);
    if let Some(sector) = case.sector {
        state.sector_row(sector).cases += 1.0;
    }
    state.by_stage[0].entered += 1.0;
    state.cases.open.push(case);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cases_differ_by_founder_kind_and_month() {
        let ids = [case_id(1, 0, 3), case_id(2, 0, 3), case_id(1, 1, 3), case_id(1, 0, 4)];
        for (i, id) in ids.iter().enumerate() {
            assert_ne!(*id, 0);
            assert!(ids[i + 1..].iter().all(|other| other != id));
        }
    }
    #[test]
    fn a_case_is_counted_once_and_in_the_sector_it_is_about() {
        let setting = crate::model::testing::setting(2);
        let mut state = crate::model::testing::state(&setting);
        enter(&mut state, Case { sector: Some(1), cross_border: true, ..Case::opened(5, CaseKind::Sex, 1, 0, vec![]) });
        enter(&mut state, Case::opened(6, CaseKind::Official, 0, 0, vec![]));
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::Cases) - 2.0).abs() < 1e-12);
        assert!((count(Indicator::CasesSex) - 1.0).abs() < 1e-12 && (count(Indicator::CasesOther) - 1.0).abs() < 1e-12);
        assert!((count(Indicator::CrossBorderCases) - 1.0).abs() < 1e-12);
        assert!(state.by_sector[0].cases.abs() < 1e-12 && (state.by_sector[1].cases - 1.0).abs() < 1e-12);
        assert!((state.by_stage[0].entered - 2.0).abs() < 1e-12);
    }
}
