//! Posts and places: officials replaced, recruiters removed, successors.

use super::super::chance::logit;
use super::super::ledgers::indicators::Indicator;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cases::Who;
use super::super::state::ids::{IncumbentId, OfficialId, RecruiterId};
use crate::draws::{Luck, Purpose, decisions, normal_quantile};

decisions! {
    Integrity = 0,
    Replaced = 1,
    Delay = 2,
}

/// Spread of officials' own integrity, in logits. Assumed, 0.2 to 1.
const INTEGRITY_SPREAD: f64 = 0.5;

/// An official's own integrity at the quantile `u`: normal around 0, in logits.
#[must_use]
pub fn integrity(u: f64) -> f32 {
    (INTEGRITY_SPREAD * normal_quantile(u)) as f32
}

/// Somebody new takes the post: clean, untrained, without clients, believing what people believe who have heard of nobody.
pub fn replace_official(state: &mut State, setting: &Setting, luck: &Luck, official: OfficialId) {
    let u = luck.uniform(Purpose::Posts, state.month, official.0, Decision::Integrity);
    let officials = &mut state.officials;
    officials.set_complicit(official, false);
    officials.integrity[official] = integrity(u);
    if officials.fresh(official, state.month) {
        officials.trained -= 1;
    }
    officials.trained_until[official] = 0;
    officials.risk[official] = setting.parameters.adaptation.prior_risk as f32;
    officials.risk_month[official] = state.month;
    officials.clients[official] = 0;
    officials.take(official);
}

/// `incumbent` is investigated: one official, in however many cases.
pub fn investigate(state: &mut State, incumbent: IncumbentId) {
    if state.officials.investigated.insert(incumbent) {
        state.count_one(Indicator::OfficialsInvestigated);
    }
}

/// A suspect whom `case` held is free again; one who is held by another case is not, nor one who has left for good. An official does not come back to the post.
pub fn release(state: &mut State, who: Who, case: u32) {
    match who {
        Who::Recruiter(recruiter, generation) => {
            if state.recruiters.generation[recruiter] == generation && state.recruiters.held_by[recruiter] == case {
                state.recruiters.held_by[recruiter] = 0;
            }
        }
        Who::Official(_) | Who::Employer(..) | Who::Accomplice => {}
    }
}

/// Rule 20: the month in which somebody takes over what `entity` left, if anybody does; `demand` is one where it is as usual. What
/// trafficking markets replace follows what studies of drug markets find (assumed, .3 to .95).
#[must_use]
pub fn successor(setting: &Setting, luck: &Luck, month: u16, entity: u32, demand: f64) -> Option<u16> {
    let terms = &setting.parameters.adaptation;
    let chance = 1.0 - libm::pow(1.0 - terms.replacement, demand);
    let comes = setting.switches.replacement && luck.happens(chance, Purpose::Posts, month, entity, Decision::Replaced);
    comes.then(|| due(month, terms.replacement_months, luck.uniform(Purpose::Posts, month, entity, Decision::Delay)))
}

/// The month in which a place is taken over that is left in `month`: after half to one and a half times `months`, by the quantile `u`.
#[must_use]
pub fn due(month: u16, months: f64, u: f64) -> u16 {
    month.saturating_add(((months * (0.5 + u)).round() as u16).max(1))
}

/// Takes `recruiter` out of business; a successor may come.
pub fn remove_recruiter(state: &mut State, setting: &Setting, luck: &Luck, recruiter: RecruiterId) {
    state.recruiters.leave(recruiter);
    let demand = libm::exp(state.institutions.profit[usize::from(state.recruiters.origin[recruiter])]);
    let due = successor(setting, luck, state.month, recruiter.0 | 0x4000_0000, demand);
    state.recruiters.vacant.extend(due.map(|due| (due, recruiter)));
}

/// Rule 22's constant for an agency whose complicit share at rest is `share`: it holds where nothing has changed.
#[must_use]
pub fn complicity_constant(setting: &Setting, share: f64) -> f64 {
    let terms = &setting.parameters.complicity;
    logit(share.max(1e-4)) - terms.peers * share - terms.bribe_weight * libm::log1p(terms.protection_price / terms.salary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// logit .1 - 2 * .1 - ln(1 + 2/2).
    #[test]
    fn the_constant_holds_the_share_at_rest() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.complicity;
        (terms.peers, terms.bribe_weight, terms.protection_price, terms.salary) = (2.0, 1.0, 2.0, 2.0);
        assert!((complicity_constant(&setting, 0.1) - (-3.090_371_757_9)).abs() < 1e-9);
    }

    /// 1 - (1 - .5)^2 = .75 of places find a successor where demand is twice as high, after half to one and a half times the mean.
    #[test]
    fn what_is_removed_is_replaced_toward_demand() {
        let mut setting = setting(2);
        setting.parameters.adaptation.replacement = 0.5;
        setting.parameters.adaptation.replacement_months = 12.0;
        let due: Vec<u16> = (0..4000).filter_map(|entity| successor(&setting, &luck(), 3, entity, 2.0)).collect();
        assert!((due.len() as f64 / 4000.0 - 0.75).abs() < 4.0 * (0.75_f64 * 0.25 / 4000.0).sqrt(), "{}", due.len());
        assert!(due.iter().all(|month| (9..=21).contains(month)));
        setting.switches.replacement = false;
        assert_eq!(successor(&setting, &luck(), 3, 0, 2.0), None);
    }

    #[test]
    fn a_new_official_is_clean_and_the_old_one_is_found_in_whatever_post() {
        let setting = setting(2);
        let mut state = state(&setting);
        let (post, other) = (OfficialId(3), OfficialId(5));
        state.officials.set_complicit(post, true);
        state.officials.trained_until[post] = 9;
        state.officials.trained = 1;
        let unit = state.officials.unit_of(post);
        let suspect = state.officials.incumbent[post];
        state.officials.exchange(post, other);
        assert_eq!(state.officials.post_of(suspect), Some(other));
        replace_official(&mut state, &setting, &luck(), other);
        assert_eq!(state.officials.post_of(suspect), None);
        assert!(!state.officials.complicit[post] && !state.officials.complicit[other]);
        assert_eq!((state.officials.unit_complicit[unit], state.officials.trained), (0, 0));
        let incumbents: std::collections::BTreeSet<_> = state.officials.incumbent.iter().collect();
        assert_eq!(incumbents.len(), state.officials.len(), "nobody holds two posts");
    }
}
