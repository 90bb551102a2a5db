//! Identification: recognition, disclosure, formal interview; false positives and false negatives.
//!
//! Rule 10: somebody met who is exploited by force is flagged with 1 - (1 - sens)(1 - disclosure * asked),
//! anybody else with 1 - spec of the screened, and whoever's report began the visit is flagged in any case. Recognition is sens times the skill of the unit, less
//! where the lead is not trained or no interpreter is at hand. Training, manuals and reflection raise specificity as well as sensitivity. A labour inspector who is not
//! trained inspects perfunctorily; in port, where a vessel's turn leaves no time, so does a trained one who
//! has no manual made with civil society to follow. Where a thorough visit finds a victim the others there are looked at again (`found_together`), and employers who
//! perceive more risk than usual have put out of sight whom a visit, other than an operation, would find (rule 18, `concealment`). Rule 11: disclosure, in `disclosure`. Rule 13: the flagged are
//! interviewed after reflection: identified, rejected or misprocessed; in a surge smuggled people may be
//! counted as victims. The victims of a dated mega-case are found by its investigation. Rule 35: each count is made by an official of a unit: the unit's
//! skill, training, complicity and workload shape it, in the visit and in the interview.
//!
//! Rule 10D, detention: of those arrested the share `detention_screening` is screened before removal, with `sensitivity_detention` and by what they disclose
//! there; the identified go into care, the others are held and removed (`care`). Each is one person: of an agent so many as the draw says.

pub mod workforce;
pub mod screening;
pub mod interview;

use super::super::ledgers::indicators::Indicator;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::ids::PersonId;
use super::super::state::institutions::FoundBy;
use crate::draws::{Luck, decisions};

decisions! {
    Flag = 0,
    Willing = 2,
    Pass = 3,
    Misprocessed = 4,
    Arrested = 5,
    Screened = 6,
    Surge = 7,
    Conflated = 8,
    Rescued = 9,
    Interviewer = 10,
    Stopped = 11,
    /// How many of a visit's workers are flagged or arrested, which of them that is, and who.
    Many = 12,
    Kind = 13,
    Which = 14,
    Copy = 15,
    /// Whether who was not recognised at first is, once a co-worker was.
    Together = 16,
    /// How many of those who seldom are, are arrested in a visit, and who.
    ManyArrests = 17,
    WhichArrest = 18,
}

/// Somebody flagged: one person, and what brought officials there.
#[derive(Clone, Copy, Debug)]
struct Flagged {
    person: PersonId,
    copy: u16,
    by: FoundBy,
    reported: bool,
}

/// Screens, flags and interviews those met and those arrested.
pub fn identification(state: &mut State, setting: &Setting, luck: &Luck) {
    let mut flagged = screening::screen(state, setting, luck);
    flagged.extend(screening::screen_arrested(state, setting, luck));
    state.count(Indicator::Flagged, flagged.len() as f64);
    interview::interview(state, setting, luck, &flagged);
    interview::surge(state, setting, luck);
    interview::rescue(state, setting, luck);
}

/// How well `unit` recognises, manuals made with NGOs included, 0 to 1.
fn skill(state: &State, unit: usize) -> f64 {
    let own = state.officials.unit_skill[unit];
    own + (1.0 - own) * state.institutions.policy.protection.manuals_with_ngos
}

/// What part of wrong flags is left where `good` of what prevents them is there, 0 to 1.
fn wrong(setting: &Setting, good: f64) -> f64 {
    1.0 - setting.parameters.identification.specificity_gain * good.clamp(0.0, 1.0)
}
