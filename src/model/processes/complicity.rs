//! Complicity: officials are trained, take or refuse, are found out, moved and replaced.
//!
//! Rule 22: an official who reconsiders takes with lgt P = a + bC * (complicit share of the own unit) -
//! sC * perceived detection * (1 + sigma * penalty) + kb * ln(1 + bribe / salary), where a holds the agency's
//! share at the start when nothing else changes (1 + keeps small bribes from weighing without bound). A complicit official is found out at
//! d0 * exp(-g * complicit share) * (1 + integrity unit): intimidation, which whistle-blower protection lowers
//! and a switch removes. Rule 23: complicit officials protect employers and recruiters.
//!
//! Training reaches the planned share of officials as far as they take it up (a part without any agenda, all of
//! it with a full national priority and full pressure of the yearly ranking), and fades.

use super::super::Setting;
use super::super::country::{AGENCIES, Agency};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cases::{Case, CaseKind, Who};
use super::super::state::officials::Officials;
use super::super::state::{NONE, State};
use super::{by_draw, justice, logit, sigmoid};
use crate::draws::{Luck, Purpose, normal_quantile};

/// Risk of detection that an official perceives at first.
pub const FIRST_RISK: f64 = 0.05;
/// Spread of officials' own integrity, in logits.
const INTEGRITY_SPREAD: f64 = 0.5;

const TRAINED: u16 = 0;
const RECONSIDERS: u16 = 1;
const TAKES: u16 = 2;
const DETECTED: u16 = 3;
const DISCIPLINED: u16 = 4;
const LEAVES: u16 = 5;
const ROTATED: u16 = 6;
const NEW_ZONE: u16 = 7;
const INTEGRITY: u16 = 8;
const SEEKS: u16 = 9;
const PROTECTOR: u16 = 10;
const RECRUITER_SEEKS: u16 = 11;
const RECRUITER_PROTECTOR: u16 = 12;

/// Lets a month pass among officials.
pub fn complicity(state: &mut State, setting: &Setting, luck: &Luck) {
    train(state, setting, luck);
    decide(state, setting, luck);
    detect(state, setting, luck);
    turn_over(state, setting, luck);
    rotate(state, setting, luck);
    tear_links(state);
    seek_protection(state, setting, luck);
    state.officials.muster();
}

/// Trains officials, the smallest keys first, until the planned share is fresh.
fn train(state: &mut State, setting: &Setting, luck: &Luck) {
    let policy = &state.institutions.policy;
    let uptake = setting.parameters.complicity.uptake;
    let planned = 1.0 - (1.0 - policy.protection.training) * (1.0 - policy.partnership.foreign_training);
    let wanted = planned * (uptake + (1.0 - uptake) * policy.agenda()) * state.officials.len() as f64;
    let month = state.month;
    let fresh = state.officials.trained_until.iter().filter(|until| **until > month).count();
    let missing = (wanted.round() as usize).saturating_sub(fresh);
    if missing == 0 {
        return;
    }
    let untrained = (0..state.officials.len() as u32).filter(|official| state.officials.trained_until[*official as usize] <= month);
    let queue = by_draw(untrained, |official| luck.uniform(Purpose::Complicity, month, *official, TRAINED));
    let fade = setting.parameters.identification.training_fade.round() as u16;
    for official in queue.into_iter().take(missing) {
        state.officials.trained_until[official as usize] = month + fade;
    }
}

/// Rule 22's constant for each agency: the profile's share holds where nothing has changed since the start.
fn constants(setting: &Setting) -> [f64; AGENCIES] {
    let terms = &setting.parameters.complicity;
    setting.country.officials.map(|agency| {
        let share = agency.complicit;
        logit(share.max(1e-4)) - terms.peers * share + terms.risk * FIRST_RISK - terms.kb * libm::log1p(terms.protection_price / terms.salary)
    })
}

/// Who reconsiders, and takes or refuses.
fn decide(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.complicity;
    let constants = constants(setting);
    let month = state.month;
    let severity = setting.parameters.adaptation.sigma * state.institutions.policy.national.law_penalty_years / 10.0;
    for official in 0..state.officials.len() as u32 {
        let i = official as usize;
        let draw = |decision| luck.uniform(Purpose::Complicity, month, official, decision);
        if state.officials.suspended(official) || draw(RECONSIDERS) >= setting.parameters.adaptation.reconsider {
            continue;
        }
        let peers = state.officials.unit_complicit[state.officials.unit_of(official)];
        let bribe = terms.protection_price * f64::from(state.officials.clients[i].max(1));
        let target = constants[usize::from(state.officials.agency[i])] + terms.peers * peers
            - terms.risk * f64::from(state.officials.risk[i]) * (1.0 + severity)
            + terms.kb * libm::log1p(bribe / terms.salary)
            - f64::from(state.officials.integrity[i]);
        state.officials.complicit[i] = draw(TAKES) < sigmoid(target);
    }
    let forgets = (1.0 - setting.parameters.adaptation.lf) as f32;
    for risk in &mut state.officials.risk {
        *risk *= forgets;
    }
}

/// Complicit officials are found out; some are disciplined, against the others a case is opened.
fn detect(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.complicity;
    let policy = state.institutions.policy.prosecution;
    let silence = if setting.switches.intimidation { terms.g * (1.0 - policy.whistleblower_protection) } else { 0.0 };
    let month = state.month;
    let mut found = Vec::new();
    for official in 0..state.officials.len() as u32 {
        let i = official as usize;
        if !state.officials.complicit[i] || state.officials.suspended(official) {
            continue;
        }
        let peers = state.officials.unit_complicit[state.officials.unit_of(official)];
        let hazard = terms.d0 * libm::exp(-silence * peers) * (1.0 + policy.integrity_unit);
        if luck.happens(-libm::expm1(-hazard), Purpose::Complicity, month, official, DETECTED) {
            found.push(official);
        }
    }
    for official in found {
        state.count_one(Indicator::OfficialsInvestigated);
        teach_unit(state, setting, official);
        if luck.happens(terms.disciplined, Purpose::Complicity, month, official, DISCIPLINED) {
            state.count_one(Indicator::OfficialsDisciplined);
            replace_official(state, luck, official);
        } else {
            let id = justice::case_id(official, 9, month);
            state.officials.held_by[official as usize] = id;
            let who = Who::Official(official, state.officials.generation[official as usize]);
            let zone = state.officials.zone[official as usize];
            justice::enter(state, Case::opened(id, CaseKind::Official, zone, month, vec![who]));
        }
    }
}

/// What becomes of one teaches the unit (rule 18: the own arrest falls away with the person).
fn teach_unit(state: &mut State, setting: &Setting, official: u32) {
    let lesson = setting.parameters.adaptation.lp;
    let members = state.officials.members(state.officials.unit_of(official)).to_vec();
    for member in members {
        let risk = &mut state.officials.risk[member as usize];
        *risk += (lesson as f32) * (1.0 - *risk);
    }
}

/// Somebody new takes the post: clean, untrained, without clients.
pub fn replace_official(state: &mut State, luck: &Luck, official: u32) {
    let i = official as usize;
    let u = luck.uniform(Purpose::Complicity, state.month, official, INTEGRITY);
    let officials = &mut state.officials;
    officials.complicit[i] = false;
    officials.integrity[i] = integrity(u);
    officials.trained_until[i] = 0;
    officials.risk[i] = FIRST_RISK as f32;
    officials.held_by[i] = NONE;
    officials.clients[i] = 0;
    officials.generation[i] = officials.generation[i].wrapping_add(1);
}

/// An official's own integrity at the quantile `u`: normal around 0, in logits.
#[must_use]
pub fn integrity(u: f64) -> f32 {
    (INTEGRITY_SPREAD * normal_quantile(u)) as f32
}

fn turn_over(state: &mut State, setting: &Setting, luck: &Luck) {
    for official in 0..state.officials.len() as u32 {
        let leaves = setting.parameters.complicity.tenure_exit;
        if !state.officials.suspended(official) && luck.happens(leaves, Purpose::Complicity, state.month, official, LEAVES) {
            replace_official(state, luck, official);
        }
    }
}

/// Rotation: a share of officials goes to another zone; what they arranged with clients stays behind.
fn rotate(state: &mut State, setting: &Setting, luck: &Luck) {
    let share = state.institutions.policy.prosecution.rotation;
    let zones = setting.country.zones.len();
    for official in 0..state.officials.len() as u32 {
        let i = official as usize;
        let draw = |decision| luck.uniform(Purpose::Complicity, state.month, official, decision);
        if zones < 2 || draw(ROTATED) >= share {
            continue;
        }
        let step = 1 + (draw(NEW_ZONE) * (zones - 1) as f64) as usize;
        state.officials.zone[i] = ((usize::from(state.officials.zone[i]) + step) % zones) as u8;
        state.officials.clients[i] = 0;
        state.count_one(Indicator::OfficialsRotated);
        state.institutions.desk.rotated.push(official);
    }
}

/// Links end with the complicity, the post or the place of the protector, and with the client.
fn tear_links(state: &mut State) {
    let mut rotated = std::mem::take(&mut state.institutions.desk.rotated);
    rotated.sort_unstable();
    state.officials.clients.fill(0);
    let month = state.month;
    let officials = &mut state.officials;
    let mut holds = |protector: u32, client_at_work: bool| {
        let i = protector as usize;
        let holds = client_at_work && officials.complicit[i] && !officials.suspended(protector) && rotated.binary_search(&protector).is_err();
        officials.clients[i] += u16::from(holds);
        holds
    };
    for employer in 0..state.employers.protector.len() {
        let protector = state.employers.protector[employer];
        if protector != NONE && !holds(protector, state.employers.closed_until[employer] <= month) {
            state.employers.protector[employer] = NONE;
        }
    }
    for recruiter in 0..state.recruiters.protector.len() {
        let protector = state.recruiters.protector[recruiter];
        if protector != NONE && !holds(protector, state.recruiters.at_work(recruiter as u32)) {
            state.recruiters.protector[recruiter] = NONE;
        }
    }
}

/// Exploitative employers and recruiters without a protector look for one among the police of their zone
/// (recruiters: immigration). Employers are asked in thirds, each at three times the rate.
fn seek_protection(state: &mut State, setting: &Setting, luck: &Luck) {
    let rate = setting.parameters.complicity.seek;
    let month = state.month;
    let third = u32::from(month % 3);
    for employer in 0..state.employers.len() as u32 {
        let i = employer as usize;
        if employer % 3 != third
            || state.employers.propensity[i] < 0.5
            || state.employers.protector[i] != NONE
            || !state.employers.open(employer, month)
        {
            continue;
        }
        let draw = |decision| luck.uniform(Purpose::Complicity, month, employer, decision);
        let unit = state.officials.unit(Agency::Police, state.employers.zone[i]);
        state.employers.protector[i] = find_protector(&mut state.officials, unit, 3.0 * rate, draw(SEEKS), draw(PROTECTOR));
    }
    for recruiter in 0..state.recruiters.len() as u32 {
        let i = recruiter as usize;
        if !state.recruiters.active[i] || state.recruiters.protector[i] != NONE || !state.recruiters.at_work(recruiter) {
            continue;
        }
        let draw = |decision| luck.uniform(Purpose::Complicity, month, recruiter, decision);
        let unit = state.officials.unit(Agency::Immigration, state.recruiters.zone[i]);
        let seeks = (draw(RECRUITER_SEEKS), draw(RECRUITER_PROTECTOR));
        state.recruiters.protector[i] = find_protector(&mut state.officials, unit, rate, seeks.0, seeks.1);
    }
}

/// A complicit member of `unit` with probability `rate` times the unit's complicit share.
fn find_protector(officials: &mut Officials, unit: usize, rate: f64, seeks: f64, which: f64) -> u32 {
    if seeks >= rate {
        return NONE;
    }
    let Some(official) = officials.one_of(unit, which) else { return NONE };
    if !officials.complicit[official as usize] || officials.suspended(official) {
        return NONE;
    }
    officials.clients[official as usize] += 1;
    official
}
