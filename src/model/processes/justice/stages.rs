//! Stages: investigation, prosecution, court, each with so many slot-months of work a month.
//!
//! Rule 16: the work that a case asks for in a stage is lognormal, in slot-months; a joint team divides the first by 1 + j. The oldest work is done first; a case
//! takes up no more than its own slots at once, and a mega-case no more than a third of all. What takes less than a month holds a slot for less than a month, and a
//! case goes on to the next stage within the month: time runs on, only capacity is counted by months. So a verdict comes as soon with few slots as with many,
//! as long as work and slots stand in the same proportion.

use super::super::super::ledgers::indicators::Indicator;
use super::super::super::setting::Setting;
use super::super::super::state::State;
use super::super::super::state::cases::{Case, CaseKind};
use super::{Decision, trial};
use crate::draws::{Luck, Purpose, normal_quantile};

/// A dated or large trial takes up no more than this part of a stage.
const LARGEST_PART: f64 = 1.0 / 3.0;

/// Does a month's work at each stage in turn.
pub fn advance(state: &mut State, setting: &Setting, luck: &Luck) {
    for stage in 0..3 {
        work_off(state, setting, luck, stage);
    }
}

/// Does the month's work of one stage, the oldest first.
fn work_off(state: &mut State, setting: &Setting, luck: &Luck, stage: usize) {
    let all = state.institutions.capacity.slots[stage];
    let mut free = all;
    let month = f64::from(state.month);
    let open = std::mem::take(&mut state.cases.open);
    let (mut here, elsewhere): (Vec<Case>, Vec<Case>) = open.into_iter().partition(|case| case.stage == stage);
    here.sort_by(|a, b| a.entered.total_cmp(&b.entered).then(a.id.cmp(&b.id)));
    state.cases.open = elsewhere;
    for mut case in here {
        let since = (case.entered - month).max(0.0);
        let time = 1.0 - since;
        let rate = case.slots.min((all * LARGEST_PART).max(1.0));
        if let Some(verdict) = case.verdict {
            // A dated trial spends its time as its dates say, and takes up its slots meanwhile.
            let ends = dated_end(setting, &case, verdict);
            case.begun = true;
            free = (free - (rate * time).min(all * LARGEST_PART)).max(0.0);
            if ends < month + 1.0 {
                let ends = ends.max(case.entered);
                leave(state, setting, luck, case, ends);
            } else {
                state.cases.open.push(case);
            }
            continue;
        }
        if !case.begun && free > 0.0 {
            case.begun = true;
            case.left = length(setting, luck, &case) * case.slots;
        }
        let done = case.left.min(rate * time).min(free);
        if case.begun {
            free -= done;
            case.left -= done;
        }
        if case.begun && case.left <= 1e-12 {
            leave(state, setting, luck, case, month + since + done / rate);
        } else {
            state.cases.open.push(case);
        }
    }
}

/// When the stage of a dated trial ends, in months since the start.
fn dated_end(setting: &Setting, case: &Case, verdict: u16) -> f64 {
    let terms = &setting.parameters.justice;
    let last = f64::from(verdict) + 0.5;
    let share = [terms.mega_investigation, terms.mega_investigation + terms.mega_review, 1.0][case.stage];
    case.opened + (last - case.opened) * share.min(1.0)
}

/// Rule 16: months that a case takes in its stage with all its slots.
fn length(setting: &Setting, luck: &Luck, case: &Case) -> f64 {
    let terms = &setting.parameters.justice;
    let median = match (case.stage, case.kind) {
        (2, CaseKind::Mega) => terms.months_mega,
        (0, _) => terms.months_police / if case.joint { 1.0 + terms.joint_speed } else { 1.0 },
        (1, _) => terms.months_prosecutor,
        _ => terms.months_court,
    };
    let z = normal_quantile(luck.uniform(Purpose::Justice, case.month, case.id, Decision::Length.nth(case.stage)));
    (median * libm::exp(terms.service_spread * z)).min(600.0)
}

/// A case leaves its stage at `time`, in months since the start: on to the next, or over.
fn leave(state: &mut State, setting: &Setting, luck: &Luck, mut case: Case, time: f64) {
    state.count_left(&case, time);
    let goes_on = match case.stage {
        0 => trial::arrest(state, setting, luck, &mut case),
        1 => trial::charge(state, setting, luck, &mut case),
        _ => {
            state.count(Indicator::CaseMonths, time - case.opened);
            trial::judge(state, setting, luck, &case, time - case.opened);
            false
        }
    };
    if goes_on {
        case.stage += 1;
        case.entered = time;
        case.begun = false;
        state.by_stage[case.stage].entered += 1.0;
        state.cases.open.push(case);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// With one slot, four investigations of a quarter of a month are done in one month; the fifth waits.
    #[test]
    fn a_slot_is_held_for_as_long_as_the_work_takes() {
        let mut setting = setting(3);
        setting.parameters.justice.months_police = 0.25;
        let mut state = state(&setting);
        state.institutions.capacity.slots = [1.0, 1.0, 1.0];
        state.cases.open = (1..=5).map(|id| Case::opened(id, CaseKind::Labour, 0, 0, vec![])).collect();
        work_off(&mut state, &setting, &luck(), 0);
        assert!((state.by_stage[0].left - 4.0).abs() < 1e-12);
        assert!((state.by_stage[0].months - 1.0).abs() < 1e-9);
        assert_eq!(state.cases.at(0), (1, 0));
        state.month = 1;
        state.begin_month();
        work_off(&mut state, &setting, &luck(), 0);
        // It entered in the middle of the month before and is done a quarter after the beginning of this one.
        assert!((state.by_stage[0].months - 0.75).abs() < 1e-9);
    }

    /// A trial of two months with three slots in a court of nine takes six slot-months: two months, if no more than a third is its own.
    #[test]
    fn a_large_trial_takes_a_third_at_most() {
        let mut setting = setting(6);
        setting.parameters.justice.months_mega = 2.0;
        let mut state = state(&setting);
        state.institutions.capacity.slots = [9.0, 9.0, 6.0];
        let case = Case { slots: 3.0, stage: 2, entered: 0.0, ..Case::opened(9, CaseKind::Mega, 0, 0, vec![]) };
        state.cases.open = vec![case];
        // Of six slots two are a third: six slot-months last three months.
        for month in 0..3 {
            state.month = month;
            state.begin_month();
            work_off(&mut state, &setting, &luck(), 2);
            assert_eq!(state.by_stage[2].left > 0.5, month == 2, "month {month}");
        }
        assert!((state.by_stage[2].months - 3.0).abs() < 1e-9);
    }

    /// A mega-case that could use all six slots stands at the head of the line and takes up two: three ordinary trials behind it begin, each for a month's work.
    #[test]
    fn ordinary_trials_go_on_beside_a_large_one() {
        let mut setting = setting(6);
        (setting.parameters.justice.months_mega, setting.parameters.justice.months_court) = (2.0, 12.0);
        let mut state = state(&setting);
        state.institutions.capacity.slots = [9.0, 9.0, 6.0];
        state.month = 1;
        let large = Case { slots: 6.0, stage: 2, entered: 0.0, ..Case::opened(2, CaseKind::Mega, 0, 0, vec![]) };
        let others = (3..6).map(|id| Case { stage: 2, entered: 1.0, ..Case::opened(id, CaseKind::Labour, 0, 0, vec![]) });
        state.cases.open = std::iter::once(large).chain(others).collect();
        work_off(&mut state, &setting, &luck(), 2);
        assert_eq!(state.cases.at(2), (0, 4));
        assert!(state.cases.open.iter().all(|case| (case.left - if case.id == 2 { 10.0 } else { 11.0 }).abs() < 1e-9));
    }
}
