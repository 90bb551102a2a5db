//! Complicity: officials are trained, take or refuse, are found out, exchange posts and are replaced.
//!
//! Rule 22: an official who reconsiders takes with lgt P = a + bC * (complicit share of the own circle) -
//! sC * (perceived detection against its rest) + kb * ln(1 + bribe / salary), where a holds the agency's
//! share at rest (1 + keeps small bribes from weighing without bound). The circle is a fixed number of colleagues in the unit, so that nothing hangs on how large
//! a unit or a sample is. A complicit official is found out at
//! d0 * exp(-g * complicit share) * (1 + integrity unit): intimidation, which whistle-blower protection lowers
//! and a switch removes. Who is found out teaches the circle. Rule 23: complicit officials protect employers and recruiters, whose bribes are paid out of capital, at
//! tariff * (share that can be bought at rest / share now * perceived risk against its rest)^market: who is left asks for more.
//! The share at rest and the intimidation are assumed; contagion among peers follows studies of police units, which give no figure for this.
//!
//! Training reaches the planned share of officials as far as they take it up (a part without any agenda, all of
//! it with a full national priority and full pressure of the yearly ranking), and fades.
//!
//! The month's die is rolled for every post: only those are looked at to whom something may happen.

use super::super::chance::{binomial, logit, sigmoid, within_a_month};
use super::super::country::{AGENCIES, Agency};
use super::super::ledgers::indicators::Indicator;
use super::super::moves::files::{case_id, enter};
use super::super::moves::posts::{complicity_constant, investigate, replace_official};
use super::super::risk::{Perception, pace, taught};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cases::{Case, CaseKind, Who};
use super::super::state::employers::Link;
use super::super::state::ids::{EmployerId, OfficialId, RecruiterId};
use crate::draws::{Die, Luck, Purpose, decisions};

decisions! {
    Trained = 0,
    Event = 1,
    Takes = 2,
    Disciplined = 4,
    NewPost = 7,
    Seeks = 9,
    Protector = 10,
    RecruiterSeeks = 11,
    RecruiterProtector = 12,
    Counts = 13,
}

/// Added to a post's number where its die is rolled, so that it is not a person's.
const POSTS: u32 = 0x2000_0000;

/// Runs a month among officials.
pub fn complicity(state: &mut State, setting: &Setting, luck: &Luck) {
    train(state, setting, luck);
    happen(state, setting, luck);
    tear_links(state, setting);
    seek_protection(state, setting, luck);
}

/// Counts whose training has not ended, and trains officials until the planned share is fresh: proposals by draws of their own, so that more training keeps the earlier choices.
fn train(state: &mut State, setting: &Setting, luck: &Luck) {
    let policy = &state.institutions.policy;
    let uptake = setting.parameters.complicity.uptake;
    let planned = 1.0 - (1.0 - policy.protection.training) * (1.0 - policy.partnership.foreign_training);
    let n = state.officials.len();
    let wanted = (planned * (uptake + (1.0 - uptake) * policy.agenda()) * n as f64).round() as u32;
    let month = state.month;
    state.officials.trained = state.officials.all().filter(|official| state.officials.fresh(*official, month)).count() as u32;
    let until = month + setting.parameters.identification.training_fade.round() as u16;
    let missing = wanted.saturating_sub(state.officials.trained);
    let mut left = missing;
    for proposal in 0..missing * 20 {
        if left == 0 {
            break;
        }
        let u = luck.uniform(Purpose::Complicity, month, proposal, Decision::Trained);
        let official = OfficialId((u * n as f64) as u32);
        if !state.officials.fresh(official, month) {
            // Courses of one plan do not all end in one month.
            let spread = (luck.uniform(Purpose::Complicity, month, proposal, Decision::Trained.nth(1)) * 12.0) as u16;
            state.officials.trained_until[official] = until.saturating_sub(6).max(month + 1) + spread;
            state.officials.trained += 1;
            left -= 1;
        }
    }
}

/// What may happen to an official in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Reconsiders,
    Detected,
    Leaves,
    Moves,
}

const CAUSES: [Cause; 4] = [Cause::Reconsiders, Cause::Detected, Cause::Leaves, Cause::Moves];

/// Rolls the die for every post, and lets happen what it names.
fn happen(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.complicity;
    let policy = state.institutions.policy.prosecution;
    let silence = if setting.switches.intimidation { terms.intimidation * (1.0 - policy.whistleblower_protection) } else { 0.0 };
    // People come and go, and are found out, as fast as beliefs move, so that the spin-up ends where it would end in the long run.
    let pace = pace(state, setting);
    let reconsider = setting.parameters.adaptation.reconsider * pace;
    let found = terms.detection_base * (1.0 + policy.integrity_unit) * pace;
    settle(state, setting);
    let rest = state.institutions.rest.complicity;
    let constants: Vec<f64> =
        (0..AGENCIES).map(|agency| rest[agency] + complicity_constant(setting, setting.country.officials[agency].complicit)).collect();
    let leaves = terms.tenure_exit * pace;
    let die = luck.die(state.month);
    let bound = Die::bound(reconsider + found + leaves + policy.rotation);
    let hit: Vec<OfficialId> = state.officials.all().filter(|official| die.roll(official.0 | POSTS) < bound).collect();
    let mut events = Vec::new();
    for official in hit {
        let detected = if state.officials.complicit[official] { found * libm::exp(-silence * state.officials.peers(official)) } else { 0.0 };
        let each = [reconsider, detected, leaves, policy.rotation];
        let total: f64 = each.iter().sum();
        if die.falls(official.0 | POSTS, total) {
            let u = luck.uniform(Purpose::Complicity, state.month, official.0, Decision::Event);
            events.push((official, CAUSES[super::super::chance::pick(&each, u)]));
        }
    }
    // All decide on the state as it stood; then it is applied.
    let perception = Perception::of(state, setting);
    let takes: Vec<bool> = events
        .iter()
        .map(|(official, cause)| *cause == Cause::Reconsiders && takes(state, setting, &perception, luck, *official, &constants))
        .collect();
    // Posts are exchanged last, so that what was decided of somebody befalls nobody who has come in the meantime.
    let (moves, others): (Vec<_>, Vec<_>) = events.into_iter().zip(takes).partition(|((_, cause), _)| *cause == Cause::Moves);
    for ((official, cause), takes) in others.into_iter().chain(moves) {
        match cause {
            Cause::Reconsiders => state.officials.set_complicit(official, takes),
            Cause::Detected => detect(state, setting, luck, official),
            Cause::Leaves => replace_official(state, setting, luck, official),
            Cause::Moves => rotate(state, setting, luck, official),
        }
    }
}

/// In the spin-up the constants of rule 22 are found at which each agency's share is the profile's.
fn settle(state: &mut State, setting: &Setting) {
    if state.month >= setting.spin_up() {
        return;
    }
    for agency in Agency::ALL {
        let units = (0..state.officials.zones as u8).map(|zone| state.officials.unit(agency, zone));
        let (all, complicit) = units.fold((0, 0), |(all, complicit), unit| {
            let members = state.officials.members(unit);
            (all + members.end - members.start, complicit + state.officials.unit_complicit[unit])
        });
        let wanted = setting.country.officials[agency as usize].complicit;
        // Half an official more and less, so that an agency without any is told from one with none wanted.
        let now = (f64::from(complicit) + 0.5) / (f64::from(all) + 1.0);
        let aim = (wanted * f64::from(all) + 0.5) / (f64::from(all) + 1.0);
        let offset = &mut state.institutions.rest.complicity[agency as usize];
        *offset = (*offset + SETTLES * (logit(aim) - logit(now))).clamp(-3.0, 3.0);
    }
}

/// How much of the distance to the profile's share is made up in a month of the spin-up.
const SETTLES: f64 = 0.15;

/// Rule 22: whether `official`, who reconsiders, takes.
fn takes(state: &State, setting: &Setting, perception: &Perception, luck: &Luck, official: OfficialId, constants: &[f64]) -> bool {
    let terms = &setting.parameters.complicity;
    let risk = perception.now(state.officials.risk[official], state.officials.risk_month[official]);
    let bribe = price(state, setting, perception, official) * f64::from(state.officials.clients[official].max(1));
    let target = constants[usize::from(state.officials.agency[official])] + terms.peers * state.officials.peers(official)
        - terms.risk * perception.deters(risk, state.institutions.rest.officials[usize::from(state.officials.agency[official])])
        + terms.bribe_weight * libm::log1p(bribe / terms.salary)
        - f64::from(state.officials.integrity[official]);
    luck.happens(sigmoid(target), Purpose::Complicity, state.month, official.0, Decision::Takes)
}

/// Rule 23: what `official` asks a month for protection, in W: more where fewer of the unit can be bought than the profile says, and more of whom perceives
/// more than the usual risk.
fn price(state: &State, setting: &Setting, perception: &Perception, official: OfficialId) -> f64 {
    let terms = &setting.parameters.complicity;
    let agency = usize::from(state.officials.agency[official]);
    let share = state.officials.complicit_share(state.officials.unit_of(official));
    let scarce = (setting.country.officials[agency].complicit + FEW) / (share + FEW);
    let rest = state.institutions.rest.officials[agency];
    let risk = perception.now(state.officials.risk[official], state.officials.risk_month[official]);
    let dear = if rest > 0.0 { 1.0 + perception.deters(risk, rest) } else { 1.0 };
    terms.protection_price * libm::pow((scarce * dear).clamp(0.1, 10.0), terms.market)
}

/// Added to shares of officials, so that the last one who can be bought does not ask for everything.
const FEW: f64 = 0.01;

/// A complicit official is found out: disciplined, or a case is opened. Either way somebody else takes the post.
fn detect(state: &mut State, setting: &Setting, luck: &Luck, official: OfficialId) {
    let month = state.month;
    teach_circle(state, setting, official);
    // Most of those found out in the spin-up belong to years that never were: no case of theirs may fill the courts.
    if luck.uniform(Purpose::Complicity, month, official.0, Decision::Counts) >= 1.0 / pace(state, setting) {
        replace_official(state, setting, luck, official);
        return;
    }
    let incumbent = state.officials.incumbent[official];
    investigate(state, incumbent);
    if luck.happens(setting.parameters.complicity.disciplined, Purpose::Complicity, month, official.0, Decision::Disciplined) {
        state.count_one(Indicator::OfficialsDisciplined);
    } else {
        let who = Who::Official(incumbent);
        let zone = state.officials.zone[official];
        enter(state, Case::opened(case_id(official.0, 9, month), CaseKind::Official, zone, month, vec![who]));
    }
    replace_official(state, setting, luck, official);
}

/// What becomes of one teaches the circle (rule 18: the own arrest falls away with the person).
fn teach_circle(state: &mut State, setting: &Setting, official: OfficialId) {
    let lesson = setting.parameters.adaptation.neighbour_arrest;
    let perception = Perception::of(state, setting);
    for colleague in state.officials.circle(official).map(OfficialId) {
        let known = perception.now(state.officials.risk[colleague], state.officials.risk_month[colleague]);
        let risk = taught(known, lesson);
        state.officials.risk[colleague] = risk as f32;
        state.officials.risk_month[colleague] = state.month;
    }
}

/// Rotation: an official exchanges posts with one of the same agency in another zone; what both arranged with clients stays behind.
fn rotate(state: &mut State, setting: &Setting, luck: &Luck, official: OfficialId) {
    let zones = setting.country.zones.len();
    if zones < 2 {
        return;
    }
    let draw = |k: usize| luck.uniform(Purpose::Complicity, state.month, official.0, Decision::NewPost.nth(k));
    let step = 1 + (draw(0) * (zones - 1) as f64) as usize;
    let zone = (usize::from(state.officials.zone[official]) + step) % zones;
    let unit = usize::from(state.officials.agency[official]) * zones + zone;
    if let Some(other) = state.officials.one_of(unit, draw(1)) {
        state.officials.exchange(official, other);
        state.count(Indicator::OfficialsRotated, 2.0);
    }
}

/// Links end with the complicity, the post or the place of the protector, and with the client. Those that hold are paid for.
fn tear_links(state: &mut State, setting: &Setting) {
    let perception = Perception::of(state, setting);
    let mut links = std::mem::take(&mut state.employers.links);
    links.retain(|link| state.officials.complicit[link.official] && state.officials.clients[link.official] > 0);
    links.sort_unstable();
    let nobody = vec![0; state.officials.len()];
    let before = std::mem::replace(&mut state.officials.clients, nobody);
    state.employers.protected.fill(0);
    links.retain(|link| {
        let holds = state.employers.protected[link.employer] < state.employers.open[link.employer];
        if holds {
            state.employers.protected[link.employer] += 1;
            state.officials.clients[link.official] = state.officials.clients[link.official].saturating_add(1);
        }
        holds
    });
    state.employers.links = links;
    for recruiter in RecruiterId::all(state.recruiters.len()) {
        if let Some(protector) = state.recruiters.protector[recruiter].known() {
            let price = price(state, setting, &perception, protector);
            let pays = f64::from(state.recruiters.capital[recruiter]) >= price;
            if pays && before[protector] > 0 && state.recruiters.at_work(recruiter) && state.officials.complicit[protector] {
                state.recruiters.capital[recruiter] -= price as f32;
                state.officials.clients[protector] = state.officials.clients[protector].saturating_add(1);
            } else {
                state.recruiters.protector[recruiter] = OfficialId::NONE;
            }
        }
    }
}

/// Exploitative employers and recruiters without a protector look for one among the police of their zone
/// (recruiters: immigration). They are asked in thirds, each at three times the rate.
fn seek_protection(state: &mut State, setting: &Setting, luck: &Luck) {
    // As fast as links end with the complicity of the protector, which in the spin-up comes and goes faster.
    let rate = 3.0 * setting.parameters.complicity.seek * pace(state, setting);
    let month = state.month;
    let third = u32::from(month % 3);
    for employer in (third..state.employers.len() as u32).step_by(3).map(EmployerId) {
        if state.employers.propensity[employer] < 0.5 {
            continue;
        }
        let bare = state.employers.open[employer].saturating_sub(state.employers.protected[employer]);
        let unit = state.officials.unit(Agency::Police, state.employers.zone[employer]);
        let chance = within_a_month(rate * state.officials.complicit_share(unit));
        let found = binomial(luck.uniform(Purpose::Complicity, month, employer.0, Decision::Seeks), bare, chance);
        for k in 0..usize::from(found) {
            let draw = |attempt: usize| {
                luck.uniform(Purpose::Complicity, month, employer.0.wrapping_add((k as u32) << 20), Decision::Protector.nth(attempt))
            };
            if let Some(official) = find_protector(state, unit, draw) {
                state.employers.links.push(Link { employer, official });
                state.employers.protected[employer] += 1;
                state.officials.clients[official] = state.officials.clients[official].saturating_add(1);
            }
        }
    }
    state.employers.links.sort_unstable();
    for recruiter in (third..state.recruiters.len() as u32).step_by(3).map(RecruiterId) {
        if !state.recruiters.active[recruiter] || state.recruiters.protector[recruiter].known().is_some() || !state.recruiters.at_work(recruiter) {
            continue;
        }
        let unit = state.officials.unit(Agency::Immigration, state.recruiters.zone[recruiter]);
        let chance = within_a_month(rate * state.officials.complicit_share(unit));
        if luck.happens(chance, Purpose::Complicity, month, recruiter.0, Decision::RecruiterSeeks) {
            let draw = |attempt: usize| luck.uniform(Purpose::Complicity, month, recruiter.0, Decision::RecruiterProtector.nth(attempt));
            if let Some(official) = find_protector(state, unit, draw) {
                state.recruiters.protector[recruiter] = official;
                state.officials.clients[official] = state.officials.clients[official].saturating_add(1);
            }
        }
    }
}

/// A complicit member of `unit`: the first of those whom chance names, if there is one among sixty.
fn find_protector(state: &State, unit: usize, draw: impl Fn(usize) -> f64) -> Option<OfficialId> {
    (0..60).filter_map(|attempt| state.officials.one_of(unit, draw(attempt))).find(|official| state.officials.complicit[*official])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, plan, setting, state};

    /// Half of all officials are to be trained and all take it up: six hundred of twelve hundred.
    #[test]
    fn training_reaches_the_planned_share() {
        let mut setting = setting(3);
        setting.parameters.complicity.uptake = 1.0;
        plan(&mut setting, "training", 0.5);
        plan(&mut setting, "foreign_training", 0.0);
        let mut state = state(&setting);
        train(&mut state, &setting, &luck());
        assert_eq!(state.officials.trained, 600);
        assert_eq!(state.officials.trained_until.iter().filter(|until| **until > 0).count(), 600);
        // Asked again, nobody more is missing.
        train(&mut state, &setting, &luck());
        assert_eq!(state.officials.trained, 600);
    }

    /// Who is found out teaches fifty-nine colleagues, and the silence of peers is theirs alone.
    #[test]
    fn a_circle_has_one_size() {
        let mut setting = setting(2);
        setting.parameters.adaptation.neighbour_arrest = 0.1;
        setting.parameters.complicity.disciplined = 1.0;
        let mut state = state(&setting);
        for official in 0..5 {
            state.officials.set_complicit(OfficialId(official), true);
        }
        assert!((state.officials.peers(OfficialId(0)) - 4.0 / 59.0).abs() < 1e-12);
        assert!((state.officials.peers(OfficialId(59)) - 5.0 / 59.0).abs() < 1e-12);
        assert!(state.officials.peers(OfficialId(60)).abs() < 1e-12);
        detect(&mut state, &setting, &luck(), OfficialId(0));
        let taught = state.officials.risk.iter().filter(|risk| **risk > 0.03).count();
        assert_eq!(taught, 59, "the new holder of the post has heard of nothing");
        assert!(!state.officials.complicit[OfficialId(0)]);
        assert!((state.ledger.get(Indicator::OfficialsDisciplined) - 1.0).abs() < 1e-12);
    }

    /// Where nobody else of a unit of 120 can be bought, who expected one in ten asks (.1 + .01) / (1/120 + .01) = six times the tariff, at twice the usual risk
    /// twelve times and so ten, which is the most; a fixed tariff asks once.
    #[test]
    fn protection_is_dear_where_few_can_be_bought() {
        let mut setting = setting(2);
        (setting.parameters.complicity.protection_price, setting.parameters.complicity.market) = (0.5, 1.0);
        setting.country.officials[0].complicit = 0.1;
        let mut state = state(&setting);
        let one = OfficialId(0);
        for other in state.officials.all() {
            state.officials.set_complicit(other, other == one);
        }
        state.institutions.rest.officials[0] = 0.02;
        state.officials.risk[one] = 0.02;
        let asks = |state: &State, setting: &Setting| price(state, setting, &Perception::of(state, setting), one);
        assert!((asks(&state, &setting) - 0.5 * 6.0).abs() < 1e-6, "{}", asks(&state, &setting));
        state.officials.risk[one] = 0.04;
        assert!((asks(&state, &setting) - 5.0).abs() < 1e-6);
        setting.parameters.complicity.market = 0.0;
        assert!((asks(&state, &setting) - 0.5).abs() < 1e-12);
    }

    /// Links end with the protector's complicity; a recruiter pays for one out of capital.
    #[test]
    fn protection_is_paid_for_and_ends_with_the_protector() {
        let mut setting = setting(2);
        (setting.parameters.complicity.protection_price, setting.parameters.complicity.market) = (3.0, 0.0);
        let mut state = state(&setting);
        let (good, bad) = (OfficialId(0), OfficialId(1));
        state.officials.set_complicit(bad, true);
        state.officials.clients[good] = 1;
        state.officials.clients[bad] = 2;
        state.employers.links = vec![Link { employer: EmployerId(2), official: good }, Link { employer: EmployerId(3), official: bad }];
        let recruiter = RecruiterId(12);
        state.recruiters.protector[recruiter] = bad;
        let before = state.recruiters.capital[recruiter];
        tear_links(&mut state, &setting);
        assert_eq!(state.employers.links, [Link { employer: EmployerId(3), official: bad }]);
        assert_eq!((state.employers.protected[EmployerId(2)], state.employers.protected[EmployerId(3)]), (0, 1));
        assert_eq!((state.officials.clients[good], state.officials.clients[bad]), (0, 2));
        assert!((before - state.recruiters.capital[recruiter] - 3.0).abs() < 1e-5);
        state.recruiters.capital[recruiter] = 1.0;
        tear_links(&mut state, &setting);
        assert_eq!(state.recruiters.protector[recruiter], OfficialId::NONE, "who cannot pay is not protected");
    }
}
