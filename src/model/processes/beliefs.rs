//! Beliefs: communities learn from the outcomes of their own members; rumours and panic.
//!
//! Rule 28: trust in [-1, 1] moves toward 1 with good outcomes and toward -1 with bad ones, bad news weighing
//! more; the believed arrest risk rises with own members' arrests and is forgotten. What a legal status is
//! worth and what brokers' word is worth move with how own members fared who came that way; an arrival
//! without harm is hardly news and counts a tenth. Rule 27: under a rumour the share
//! max(0, sg(k (rumour - theta)) - sg(-k theta)) of irregular members leaves in each of four weeks, while the
//! rumour spreads and fades; most come back within six months, through brokers, with new debt.

use super::super::Setting;
use super::super::country::ShockKind;
use super::super::state::State;
use super::super::state::cells::{Legal, Whereabouts};
use super::super::state::communities::Outcomes;
use super::{budget, contact, sigmoid};
use crate::draws::{Luck, Purpose};

/// An arrival without harm, as a share of one with harm.
const NO_NEWS: f64 = 0.1;

const HEARS: u16 = 0;
/// Four weeks follow.
const FLEES: u16 = 1;
const COMES_BACK: u16 = 5;
const WHEN: u16 = 6;

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
    let adaptation = &setting.parameters.adaptation;
    let first = setting.parameters.migration.legal_value;
    let communities = &mut state.communities;
    for community in 0..communities.len() {
        let heard = communities.outcomes[community];
        let per_hundred = 100.0 / f64::from(communities.members[community].max(1));
        let lesson = |amount: f32, weight: f64| (terms.l * weight * f64::from(amount) * per_hundred).min(1.0);
        let (good, bad) = (lesson(heard.good, 1.0), lesson(heard.bad, terms.bad_news));
        let trust = f64::from(communities.trust[community]);
        let origin = setting.country.origins.get(usize::from(communities.origin[community]));
        let prior = origin.map_or(0.0, |origin| origin.trust);
        let kept = trust + adaptation.lf * (prior - trust);
        communities.trust[community] = (kept + good * (1.0 - kept) - bad * (1.0 + kept)).clamp(-1.0, 1.0) as f32;

        let risk = f64::from(communities.risk[community]);
        let seen = f64::from(heard.arrests) / f64::from(communities.abroad[community].max(1));
        let remembered = risk * (1.0 - adaptation.lf);
        communities.risk[community] = (remembered + adaptation.lo * seen.min(1.0) * (1.0 - remembered)) as f32;

        let value = f64::from(communities.legal_value[community]);
        let kept = value + adaptation.lf * (first - value);
        let (better, worse) = (lesson(heard.legal_good, NO_NEWS), lesson(heard.legal_bad, terms.bad_news));
        communities.legal_value[community] = (kept + better * (2.0 * first - kept).max(0.0) - worse * kept).max(0.0) as f32;

        let reputation = f64::from(communities.reputation[community]);
        let kept = reputation * (1.0 - adaptation.lf);
        let (better, worse) = (lesson(heard.broker_good, NO_NEWS), lesson(heard.broker_bad, terms.bad_news));
        communities.reputation[community] = (kept + better * (1.0 - kept) - worse * (1.0 + kept)).clamp(-1.0, 1.0) as f32;
    }
}

/// A rumour from outside reaches communities of an origin, each more or less strongly.
fn hear_rumours(state: &mut State, setting: &Setting, luck: &Luck) {
    let strengths: Vec<_> =
        budget::shocks(state, setting).filter_map(|shock| if let ShockKind::Rumour { strength } = shock { Some(strength) } else { None }).collect();
    for strength in strengths {
        for community in 0..state.communities.len() {
            let strength = strength.get(usize::from(state.communities.origin[community])).copied().unwrap_or(0.0);
            if strength > 0.0 {
                let u = luck.uniform(Purpose::Beliefs, state.month, community as u32, HEARS);
                let heard = (strength * (0.5 + u)).min(1.0) as f32;
                state.communities.rumour[community] = state.communities.rumour[community].max(heard);
            }
        }
    }
}

/// Rule 27: four weeks of flight, rumour spreading with those who leave, and fading.
fn panic(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = setting.parameters.beliefs;
    for community in 0..state.communities.len() {
        if state.communities.rumour[community] < 0.01 {
            state.communities.rumour[community] = 0.0;
            continue;
        }
        for week in 0..4 {
            let rumour = f64::from(state.communities.rumour[community]);
            let leaving = (sigmoid(terms.k * (rumour - terms.theta)) - sigmoid(-terms.k * terms.theta)).max(0.0);
            let fled = flight(state, setting, luck, community, week, leaving);
            let spread = terms.rumour_spread * rumour * (1.0 - rumour) * fled;
            state.communities.rumour[community] = (rumour + spread - terms.rumour_fade * rumour).clamp(0.0, 1.0) as f32;
        }
    }
}

/// One week: each irregular member at work leaves with probability `leaving`. Returns the share that left.
fn flight(state: &mut State, setting: &Setting, luck: &Luck, community: usize, week: u16, leaving: f64) -> f64 {
    let month = state.month;
    let (mut asked, mut fled) = (0.0, 0.0);
    for person in state.persons.layout.members(community) {
        let cell = state.persons.at(person);
        if cell.whereabouts != Whereabouts::Working || cell.legal != Legal::Irregular {
            continue;
        }
        asked += 1.0;
        let draw = |decision| luck.uniform(Purpose::Beliefs, month, person, decision);
        if draw(FLEES + week) < leaving {
            fled += 1.0;
            contact::flee(state, person);
            if draw(COMES_BACK) < setting.parameters.beliefs.panic_return {
                state.persons.come_back(person, month, draw(WHEN));
            }
        }
    }
    if asked > 0.0 { fled / asked } else { 0.0 }
}
