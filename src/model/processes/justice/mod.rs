//! Justice: real cases with real victims and suspects, in three real queues, at the nation's own size.
//!
//! `opening` makes cases of those who were found; `stages` moves them through investigation, prosecution and court; `trial` decides; `inquiries` are
//! those into money.

pub mod opening;
pub mod trial;
pub mod stages;
pub mod inquiries;

use super::super::ledgers::indicators::Indicator;
use super::super::setting::Setting;
use super::super::state::State;
use crate::draws::{Luck, decisions};

decisions! {
    Chargeable = 0,
    Employer = 1,
    Recruiter = 2,
    Protector = 3,
    Accomplices = 4,
    Joint = 5,
    CrossBorder = 6,
    Official = 7,
    Blocked = 8,
    Traced = 9,
    Mega = 10,
    MegaProtector = 11,
    MegaColleagues = 12,
    /// A stage's length.
    Length = 13,
    /// A suspect's arrest, charge, verdict and sentence; suspects beyond the sixty-fourth share the last draw's address with other numbers.
    Arrested = 14,
    Charged = 15,
    Convicted = 16,
    Sentence = 17,
    /// Victims draw by person at these.
    Cooperates = 18,
    Testifies = 19,
    Ordered = 20,
    Paid = 21,
    MegaRecruiters = 22,
    WhichProtector = 23,
    Dismissed = 24,
    /// Whether an arrested suspect is let out on bail, and whether one on bail flees: draws of the month.
    Bail = 25,
    Flees = 26,
    Colludes = 27,
    WhichRecruiter = 28,
}

/// Runs the justice process for one month.
pub fn justice(state: &mut State, setting: &Setting, luck: &Luck) {
    opening::open_cases(state, setting, luck);
    opening::open_mega_cases(state, setting, luck);
    inquiries::begin(state);
    trial::flee(state, setting, luck);
    stages::advance(state, setting, luck);
    for stage in 0..3 {
        let (waiting, running) = state.cases.at(stage);
        let indicator = [Indicator::BacklogInvestigation, Indicator::BacklogProsecution, Indicator::BacklogCourt][stage];
        state.count(indicator, (waiting + running) as f64);
        state.count(Indicator::Backlog, (waiting + running) as f64);
    }
}
