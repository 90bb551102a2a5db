//! Risk: how employers, recruiters and officials learn of the risk of being caught, and what it deters.
//!
//! Rule 18: perceived risk p rises by lo (1 - p) with an own arrest, by lp (1 - p) with one among those whose fate is seen (a fixed number of
//! neighbours), and is forgotten at lf toward what somebody believes who has heard of nobody (`prior_risk`). Strangers' arrests teach nothing
//! (Lochner 2007, "Individual perceptions of the criminal justice system").
//!
//! Whoever perceives more risk than usual also hides from visits whom they exploit: of what a visit would find (usual / p)^`concealment` is left in sight. Assumed;
//! fishers were told what to say and were interviewed near their captains (Human Rights Watch, 2018). So what inspections and training find grows less than they do.
//!
//! Where arrests are as usual, perceived risk comes to rest; where it rests is found in the spin-up, in which learning runs [`PACE`] times as fast so
//! that it is over. What deters is the risk against that rest: p / rest - 1, and beside it sigma * ln(how many times as long sentences are), so that the weight is an elasticity where risk is near its rest, which is
//! what studies report (certainty -.05 to -.8, severity next to nothing: Nagin 2013, "Deterrence in the twenty-first century"). Nothing deters
//! and nothing tempts where risk is at rest on the mean, with learning switched off as well: it is then the rest that is kept.

use super::setting::Setting;
use super::state::State;
use super::state::employers::Employers;
use super::state::ids::EmployerId;
use super::switches::Deterrence;

/// How many times as fast beliefs move in the spin-up: twenty-four months then are twelve years, twice the memory of what is learned.
pub const PACE: f64 = 6.0;

/// What learning and forgetting are multiplied by in this month.
#[must_use]
pub fn pace(state: &State, setting: &Setting) -> f64 {
    if state.month < setting.spin_up() { PACE } else { 1.0 }
}

/// `risk` after a lesson of this size.
#[must_use]
pub fn taught(risk: f64, lesson: f64) -> f64 {
    risk + lesson.min(1.0) * (1.0 - risk)
}

/// True while what is usual is being found: in the spin-up, and in the first month where there is none.
#[must_use]
pub fn settles(month: u16, spin_up: u16) -> bool {
    month < spin_up || month == 0
}

/// What is usual in `month` of the spin-up, where it was `usual` so far and is `now` this month: the mean of its second half, for a single month may lie
/// far from it.
#[must_use]
pub fn settled(usual: f64, now: f64, month: u16, spin_up: u16) -> f64 {
    let months = month.saturating_sub(spin_up / 2);
    usual + (now - usual) / f64::from(months + 1)
}

/// How far `now` lies above what is `usual`; while that is being found nothing is unusual.
#[must_use]
pub fn against_usual(usual: &mut f64, now: f64, month: u16, spin_up: u16) -> f64 {
    if settles(month, spin_up) {
        *usual = settled(*usual, now, month, spin_up);
        return 0.0;
    }
    now - *usual
}

/// Whoever perceives this many times the usual risk is deterred no further by more.
const MOST: f64 = 10.0;

/// How perceived risks stand in one month, and what they deter.
#[derive(Clone, Debug)]
pub struct Perception {
    prior: f64,
    /// What is left in this month of what was known in each earlier one.
    kept: Vec<f64>,
    learned: bool,
    severity: f64,
}

impl Perception {
    /// Of this month.
    #[must_use]
    pub fn of(state: &State, setting: &Setting) -> Self {
        let terms = &setting.parameters.adaptation;
        let mut kept = vec![1.0; usize::from(state.month) + 1];
        for month in (0..state.month).rev() {
            let pace = if month < setting.spin_up() { PACE } else { 1.0 };
            kept[usize::from(month)] = kept[usize::from(month) + 1] * (1.0 - (terms.forgetting * pace).min(1.0));
        }
        let sentence = setting.parameters.justice.sentence;
        let longer = libm::log((sentence + state.institutions.policy.national.law_penalty_years) / sentence);
        let severity = match setting.switches.deterrence {
            Deterrence::Learned => terms.sentence_weight * longer,
            Deterrence::None => 0.0,
            // As if the length of sentences deterred as much as their certainty.
            Deterrence::Severity => longer,
        };
        Self { prior: terms.prior_risk, kept, learned: setting.switches.deterrence == Deterrence::Learned, severity }
    }

    /// What is perceived now by somebody who perceived `risk` in the month `since`.
    #[must_use]
    pub fn now(&self, risk: f32, since: u16) -> f64 {
        self.prior + (f64::from(risk) - self.prior) * self.kept[usize::from(since)]
    }

    /// What part of the exploited a visit can still come upon where the employer perceives `risk` and `rest` is usual: whoever fears a visit has
    /// workers told what to say, or out of sight. Nobody hides less than where risk is usual.
    #[must_use]
    pub fn in_sight(&self, risk: f64, rest: f64, concealment: f64) -> f64 {
        if self.learned { libm::pow((risk / rest.max(1e-9)).clamp(1.0, MOST), -concealment) } else { 1.0 }
    }

    /// What `employer` perceives now.
    #[must_use]
    pub fn of_employer(&self, employers: &Employers, employer: EmployerId) -> f64 {
        self.now(employers.risk[employer], employers.risk_month[employer])
    }

    /// What deters somebody who perceives `risk` where `rest` is usual: how far certainty lies above it, and the length of sentences beside it.
    #[must_use]
    pub fn deters(&self, risk: f64, rest: f64) -> f64 {
        self.severity + if self.learned { (risk / rest.max(1e-9)).min(MOST) - 1.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{setting, state};

    /// Of .2 above a prior of .1 four fifths are left after a month; a month of the spin-up forgets six times as much.
    #[test]
    fn what_is_forgotten_goes_to_the_prior() {
        let mut setting = setting(4);
        let terms = &mut setting.parameters.adaptation;
        (terms.prior_risk, terms.forgetting) = (0.1, 0.05);
        setting.country.spin_up = 1;
        let mut state = state(&setting);
        state.month = 2;
        let perception = Perception::of(&state, &setting);
        assert!((perception.now(0.3, 2) - 0.3).abs() < 1e-7);
        assert!((perception.now(0.3, 1) - (0.1 + 0.2 * 0.95)).abs() < 1e-7);
        assert!((perception.now(0.3, 0) - (0.1 + 0.2 * 0.95 * 0.7)).abs() < 1e-7);
        assert!((taught(0.2, 0.5) - 0.6).abs() < 1e-12);
    }

    /// 1, 3 and 5 in the second half of a spin-up of six months make 3 the usual; what was before is forgotten, and nothing is unusual meanwhile.
    #[test]
    fn usual_is_the_mean_of_the_second_half() {
        let mut usual = 0.0;
        for (now, month) in [9.0, 9.0, 7.0, 1.0, 3.0, 5.0].into_iter().zip(0..) {
            assert!(against_usual(&mut usual, now, month, 6).abs() < 1e-12);
        }
        assert!((usual - 3.0).abs() < 1e-12, "{usual}");
        assert!((against_usual(&mut usual, 3.4, 6, 6) - 0.4).abs() < 1e-12);
    }

    /// Who perceives four times the usual risk hides half with an exponent of a half; who perceives less than usual hides nothing.
    #[test]
    fn whoever_fears_a_visit_hides() {
        let setting = setting(4);
        let perception = Perception::of(&state(&setting), &setting);
        assert!((perception.in_sight(0.04, 0.01, 0.5) - 0.5).abs() < 1e-12);
        assert!((perception.in_sight(0.004, 0.01, 0.5) - 1.0).abs() < 1e-12);
        assert!((perception.in_sight(0.9, 0.01, 1.0) - 1.0 / MOST).abs() < 1e-12);
    }

    /// With lessons at a steady rate risk rests where what is learned is what is forgotten: at prior + rate (1 - p) / lf.
    #[test]
    fn risk_comes_to_rest_where_lessons_balance_forgetting() {
        for pace in [1.0, PACE] {
            let (prior, forget, lesson) = (0.004, 0.015 * pace, 0.0005 * pace);
            let mut risk = 0.2;
            for _ in 0..2000 {
                risk = taught(prior + (risk - prior) * (1.0 - forget), lesson);
            }
            let rest = (prior * 0.015 + 0.0005) / (0.015 + 0.0005);
            assert!((risk - rest).abs() < 2e-4, "{risk} against {rest}");
        }
    }
}
