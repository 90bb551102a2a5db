//! Beliefs: communities learn from the outcomes of their own members; rumours and panic.
//!
//! Rule 28: trust in [-1, 1] moves toward 1 with good outcomes and toward -1 with bad ones, by l for the outcome of one
//! member in a hundred, bad news weighing more; the believed arrest risk rises with own members' arrests and is forgotten. What a legal status is
//! worth and what brokers' word is worth move with how own members fared who came that way; an arrival
//! without harm is hardly news and counts a tenth. What shelters are like is hearsay: the official word moves it a little each month. In the spin-up beliefs move
//! faster (see `risk`), so that they have come to rest when the report begins. Rule 27: under a rumour the share
//! max(0, sg(k (rumour - theta)) - sg(-k theta)) of irregular members leaves in each of four weeks, while the
//! rumour spreads and fades; most come back within six months, through brokers, with new debt.

use super::super::chance::sigmoid;
use super::super::country::ShockKind;
use super::super::disclosure::openness;
use super::super::moves::custody::flee;
use super::super::risk::pace;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Legal, Whereabouts};
use super::super::state::communities::Outcomes;
use super::super::state::ids::{CommunityId, PersonId};
use crate::draws::{Luck, Purpose, decisions};

/// An arrival without harm, as a share of one with harm.
const NO_NEWS: f64 = 0.1;

decisions! {
    Hears = 0,
    /// One draw a week.
    Flees = 1,
    ComesBack = 2,
    When = 3,
}

/// Lets communities hear, learn and flee.
pub fn beliefs(state: &mut State, setting: &Setting, luck: &Luck) {
    if setting.switches.learning {
        learn(state, setting);
    }
    state.communities.outcomes.fill(Outcomes::default());
    hear_rumours(state, setting, luck);
    panic(state, setting, luck);
}

/// Rule 28. Outcomes are taken per hundred members, so that size and scale do not matter.
fn learn(state: &mut State, setting: &Setting) {
    let terms = &setting.parameters.beliefs;
    let pace = pace(state, setting);
    let forget = (setting.parameters.adaptation.forgetting * pace).min(1.0);
    let taught = setting.parameters.adaptation.own_arrest * pace;
    let first = setting.parameters.migration.legal_value;
    let open = openness(state);
    let hearsay = (terms.hearsay * pace).min(1.0);
    let communities = &mut state.communities;
    for community in 0..communities.len() {
        let heard = communities.outcomes[community];
        let per_hundred = 100.0 / f64::from(communities.members[community].max(1));
        let lesson = |amount: f32, weight: f64| (terms.lesson * pace * weight * f64::from(amount) * per_hundred).min(1.0);
        let (good, bad) = (lesson(heard.good, 1.0), lesson(heard.bad, terms.bad_news));
        let trust = f64::from(communities.trust[community]);
        let origin = setting.country.origins.get(usize::from(communities.origin[community]));
        let prior = origin.map_or(0.0, |origin| origin.trust);
        let kept = trust + forget * (prior - trust);
        communities.trust[community] = (kept + good * (1.0 - kept) - bad * (1.0 + kept)).clamp(-1.0, 1.0) as f32;

        let risk = f64::from(communities.risk[community]);
        let seen = f64::from(heard.arrests) / f64::from(communities.abroad[community].max(1));
        let remembered = risk * (1.0 - forget);
        communities.risk[community] = (remembered + taught * seen.min(1.0) * (1.0 - remembered)) as f32;

        let value = f64::from(communities.legal_value[community]);
        let kept = value + forget * (first - value);
        let (better, worse) = (lesson(heard.legal_good, NO_NEWS), lesson(heard.legal_bad, terms.bad_news));
        communities.legal_value[community] = (kept + better * (2.0 * first - kept).max(0.0) - worse * kept).max(0.0) as f32;

        let shelters = f64::from(communities.shelters[community]);
        communities.shelters[community] = (shelters + hearsay * (open - shelters)) as f32;

        let reputation = f64::from(communities.reputation[community]);
        let kept = reputation * (1.0 - forget);
        let (better, worse) = (lesson(heard.broker_good, NO_NEWS), lesson(heard.broker_bad, terms.bad_news));
        communities.reputation[community] = (kept + better * (1.0 - kept) - worse * (1.0 + kept)).clamp(-1.0, 1.0) as f32;
    }
}

/// A rumour from outside reaches communities of an origin, each more or less strongly.
fn hear_rumours(state: &mut State, setting: &Setting, luck: &Luck) {
    for shock in setting.shocks_in(state.now) {
        let ShockKind::Rumour { strength } = shock else { continue };
        for community in 0..state.communities.len() {
            let strength = strength.get(usize::from(state.communities.origin[community])).copied().unwrap_or(0.0);
            if strength > 0.0 {
                let u = luck.uniform(Purpose::Beliefs, state.month, community as u32, Decision::Hears);
                let heard = (strength * (0.5 + u)).min(1.0) as f32;
                state.communities.rumour[community] = state.communities.rumour[community].max(heard);
            }
        }
    }
}

/// Rule 27: four weeks of flight, rumour spreading with those who leave, and fading.
fn panic(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = setting.parameters.beliefs;
    let mut split: Vec<Vec<PersonId>> = Vec::new();
    for community in 0..state.communities.len() {
        if state.communities.rumour[community] < 0.01 {
            state.communities.rumour[community] = 0.0;
            continue;
        }
        if split.is_empty() {
            // Who was split off from an agent belongs to its community still.
            split = vec![Vec::new(); state.communities.len()];
            for person in state.persons.split_off() {
                split[state.persons.community(person)].push(person);
            }
        }
        let mut members: Vec<PersonId> = state.persons.layout.members(CommunityId(community as u32)).map(PersonId).collect();
        members.extend(&split[community]);
        for week in 0..4 {
            let rumour = f64::from(state.communities.rumour[community]);
            let leaving = (sigmoid(terms.panic_steepness * (rumour - terms.panic_threshold))
                - sigmoid(-terms.panic_steepness * terms.panic_threshold))
            .max(0.0);
            let fled = flight(state, setting, luck, &members, week, leaving);
            let spread = terms.rumour_spread * rumour * (1.0 - rumour) * fled;
            state.communities.rumour[community] = (rumour + spread - terms.rumour_fade * rumour).clamp(0.0, 1.0) as f32;
        }
    }
}

/// One week: each irregular member at work leaves with probability `leaving`. Returns the share that left.
fn flight(state: &mut State, setting: &Setting, luck: &Luck, members: &[PersonId], week: usize, leaving: f64) -> f64 {
    let month = state.month;
    let (mut asked, mut fled) = (0.0, 0.0);
    for person in members.iter().copied() {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working || cell.legal != Legal::Irregular {
            continue;
        }
        let persons = state.persons.persons(person);
        asked += persons;
        let address = state.persons.address(person);
        let draw = |decision: u16| luck.uniform(Purpose::Beliefs, month, address, decision);
        if draw(Decision::Flees.nth(week)) < leaving {
            fled += persons;
            flee(state, person);
            if draw(Decision::ComesBack.into()) < setting.parameters.beliefs.panic_return {
                state.persons.come_back(person, month, draw(Decision::When.into()));
            }
        }
    }
    if asked > 0.0 { fled / asked } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::communities::Outcome;
    use crate::model::testing::{luck, setting, state};

    /// One in a hundred fared well, or badly: trust moves by .01 of what is left, or by twice that of what there is, at any scale.
    #[test]
    fn one_in_a_hundred_teaches_alike_at_every_scale() {
        let mut setting = setting(2);
        (setting.parameters.beliefs.lesson, setting.parameters.beliefs.bad_news) = (0.01, 2.0);
        for scale in [1.0, 5.0] {
            setting.scale = scale;
            let mut state = state(&setting);
            state.communities.hear(CommunityId(0), Outcome::Compensated, scale);
            state.communities.hear(CommunityId(1), Outcome::Deported, scale);
            learn(&mut state, &setting);
            assert!((state.communities.trust[CommunityId(0)] - 0.01).abs() < 1e-6);
            assert!((state.communities.trust[CommunityId(1)] + 0.02).abs() < 1e-6);
            assert!(state.communities.trust[CommunityId(2)].abs() < 1e-6);
        }
    }

    /// Half of the way from what was heard to what shelters are like now.
    #[test]
    fn hearsay_follows_the_official_word() {
        let mut setting = setting(2);
        setting.parameters.beliefs.hearsay = 0.5;
        let mut state = state(&setting);
        state.institutions.policy.protection.shelter_freedom = 1.0;
        state.institutions.policy.protection.shelter_communication = 1.0;
        learn(&mut state, &setting);
        assert!((f64::from(state.communities.shelters[CommunityId(0)]) - (0.13 + 0.87 / 2.0)).abs() < 1e-6);
    }

    /// Without a rumour nobody flees; with one the irregular do, and nobody else.
    #[test]
    fn panic_takes_the_irregular_only() {
        let mut setting = setting(4);
        (setting.parameters.beliefs.panic_steepness, setting.parameters.beliefs.panic_threshold) = (30.0, 0.1);
        let mut state = state(&setting);
        let workers = crate::model::testing::at_work(
            &mut state,
            40,
            super::super::super::state::ids::EmployerId(0),
            Legal::Irregular,
            super::super::super::state::cells::Exploitation::None,
        );
        for person in &workers[20..] {
            let cell = state.persons.at(*person);
            super::super::super::moves::status::set_legal(&mut state, *person, cell, Legal::Regularised);
        }
        panic(&mut state, &setting, &luck());
        assert_eq!(state.persons.count(|cell| cell.whereabouts == Whereabouts::Working), 40);
        state.communities.rumour[CommunityId(0)] = 1.0;
        panic(&mut state, &setting, &luck());
        assert_eq!(state.persons.count(|cell| cell.whereabouts == Whereabouts::Working), 20);
        assert!(workers[20..].iter().all(|person| state.persons.at(*person).whereabouts == Whereabouts::Working));
    }
}
