//! Compounds across the border, where people are held and forced to commit fraud.
//!
//! Rule 37. From the month that the profile names, so many people a month are recruited for compounds, most of them deceived by offers online; a unit against recruitment
//! online prevents what begins there (`migration.online`), social protection what follows a household's loss among citizens (`migration.household_shock`). Whoever is
//! inside gets out by ransom or escape at the profile's rate, and a share of these come before officials; a release brings thousands in one month. All who come
//! before officials wait to be screened, first come first served, by `compounds.screened` a month for each of the staff; while they wait they go home unscreened at
//! `goes_home`. Of the forced who are screened are recognised 1 - (1 - recognised * trained) (1 - tells * (1/4 + 3/4 non-punishment)); whoever is not
//! is sent home, and punished for the fraud with `punished` where the firewall does not hold. The recognised take a bed until they can go home, or find none. Screening takes
//! interpreters from everybody else.
//!
//! They are counted on their own: `exploited` is of those in the country. Assumed throughout but for the dated release; who was forced and who was not is contested in
//! every country that has screened them.

use super::super::chance::{by_draw, within_a_month};
use super::super::country::{Compounds as Profile, ShockKind};
use super::super::ledgers::indicators::Indicator;
use super::super::policy::Line;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::compounds::Inmate;
use super::migration::Still;
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Citizen = 0,
    Forced = 1,
    Prevented = 2,
    Leaves = 3,
    Noticed = 4,
    Released = 5,
    GoesHome = 6,
    Recognised = 7,
    Punished = 8,
    Stays = 9,
}

/// Of those who would tell of forced crime where nobody is punished for it, the part that tells where everybody is. Assumed, .1 to .5.
const TELLS_ANYWAY: f64 = 0.25;

/// Lets people into compounds and out, screens those who come, shelters those who are recognised.
pub fn compounds(state: &mut State, setting: &Setting, luck: &Luck) {
    let Some(profile) = setting.country.compounds else { return };
    if state.now < profile.from {
        return;
    }
    let month = state.month;
    state.compounds.sheltered.retain(|until| *until > month);
    recruit(state, setting, luck, profile);
    come_out(state, setting, luck, profile);
    screen(state, setting, luck, profile);
    go_home(state, setting, luck);
    state.count(Indicator::InCompounds, state.compounds.held.iter().filter(|inmate| inmate.forced).count() as f64);
    state.count(Indicator::CompoundsWaiting, state.compounds.waiting.len() as f64);
}

/// Who is recruited this month: those who are held already where the compounds begin come first.
fn recruit(state: &mut State, setting: &Setting, luck: &Luck, profile: Profile) {
    let still = Still::of(state, setting);
    let first = state.now == profile.from;
    let stood = if first { profile.held } else { 0.0 };
    let exact = profile.entries * state.institutions.pressure.departures + stood + state.compounds.carried[0];
    state.compounds.carried[0] = exact.fract();
    let mut entered = 0.0;
    for number in 0..exact as u32 {
        let id = state.compounds.recruited;
        state.compounds.recruited += 1;
        let draw = |decision: Decision| luck.uniform(Purpose::Compounds, 0, id, decision);
        let citizen = draw(Decision::Citizen) < profile.citizens;
        let kept = still.online * if citizen { still.household } else { 1.0 };
        // Policies of today prevent nobody of those who have been there for long.
        if draw(Decision::Prevented) < kept || f64::from(number) < stood {
            let forced = draw(Decision::Forced) < profile.forced;
            entered += f64::from(u8::from(forced));
            state.compounds.held.push(Inmate { id, citizen, forced });
        }
    }
    state.count(Indicator::IntoCompounds, entered);
}

/// Ransom, escape and dated releases.
fn come_out(state: &mut State, setting: &Setting, luck: &Luck, profile: Profile) {
    let month = state.month;
    let draw = |inmate: &Inmate, decision: Decision| luck.uniform(Purpose::Compounds, month, inmate.id, decision);
    let leaves = within_a_month(profile.leave);
    let (out, mut held): (Vec<Inmate>, Vec<Inmate>) =
        std::mem::take(&mut state.compounds.held).into_iter().partition(|inmate| draw(inmate, Decision::Leaves) < leaves);
    let mut came = out.len();
    let (seen, unseen): (Vec<Inmate>, Vec<Inmate>) = out.into_iter().partition(|inmate| draw(inmate, Decision::Noticed) < profile.noticed);
    state.compounds.waiting.extend(seen);
    let unseen = unseen.iter().filter(|inmate| inmate.forced).count();
    state.count(Indicator::CompoundsUnrecognised, unseen as f64);
    let released: f64 = setting.shocks_in(state.now).map(|shock| if let ShockKind::Release { people } = shock { people } else { 0.0 }).sum();
    let released = (released.round() as usize).min(held.len());
    if released > 0 {
        let order = by_draw(std::mem::take(&mut held).into_iter(), |inmate| draw(inmate, Decision::Released));
        let (free, rest) = order.split_at(released);
        state.compounds.waiting.extend(free);
        held = rest.to_vec();
        held.sort_unstable_by_key(|inmate| inmate.id);
        came += released;
    }
    state.compounds.held = held;
    state.count(Indicator::OutOfCompounds, came as f64);
}

/// How many can be screened this month, the fraction carried over.
fn capacity(state: &mut State, setting: &Setting, profile: Profile) -> usize {
    let institutions = &state.institutions;
    let staff = profile.screeners * institutions.policy.protection.mass_screening * institutions.staff[Line::Interpreters as usize];
    let exact = staff * setting.parameters.compounds.screened + state.compounds.carried[1];
    // What nobody asks for is not saved up.
    state.compounds.carried[1] = exact.fract();
    exact as usize
}

/// The chance that somebody who was forced is recognised as a victim.
fn recognised(state: &State, setting: &Setting) -> f64 {
    let terms = &setting.parameters.compounds;
    let untrained = setting.parameters.identification.untrained;
    let trained = state.officials.trained_share();
    let seen = terms.recognised * (untrained + (1.0 - untrained) * trained);
    let promised = TELLS_ANYWAY + (1.0 - TELLS_ANYWAY) * state.institutions.policy.protection.non_punishment;
    1.0 - (1.0 - seen) * (1.0 - terms.tells * promised)
}

/// Screens those who wait, as many as there is staff for.
fn screen(state: &mut State, setting: &Setting, luck: &Luck, profile: Profile) {
    let terms = &setting.parameters.compounds;
    let month = state.month;
    let most = capacity(state, setting, profile).min(state.compounds.waiting.len());
    let recognised = recognised(state, setting);
    let punished = terms.punished * (1.0 - state.institutions.policy.protection.non_punishment);
    let screened: Vec<Inmate> = state.compounds.waiting.drain(..most).collect();
    state.count(Indicator::CompoundsScreened, screened.len() as f64);
    state.institutions.screened += screened.iter().filter(|inmate| !inmate.citizen).count() as f64;
    let mut free = state.beds_free();
    for inmate in screened {
        let draw = |decision: Decision| luck.uniform(Purpose::Compounds, month, inmate.id, decision);
        let passes = if inmate.forced { recognised } else { terms.false_pass };
        if draw(Decision::Recognised) < passes {
            state.count_one(Indicator::Identified);
            state.count_one(Indicator::IdentifiedCompounds);
            // Whoever comes out is written down by those who screen, and by the shelter.
            state.count_one(Indicator::Listed);
            if inmate.citizen {
                state.count_one(Indicator::IdentifiedCitizens);
            }
            if !inmate.forced {
                state.count_one(Indicator::WronglyHeld);
                state.count_one(Indicator::ResponseHarm);
            }
            if free > 0 {
                free -= 1;
                state.count_one(Indicator::Sheltered);
                state.count_one(Indicator::ListedTwice);
                let stay = -terms.stay * libm::log(draw(Decision::Stays));
                state.compounds.sheltered.push(month.saturating_add(1 + stay.min(36.0) as u16));
            } else {
                state.count_one(Indicator::Unassisted);
            }
        } else if inmate.forced {
            state.count_one(Indicator::CompoundsUnrecognised);
            if draw(Decision::Punished) < punished {
                state.count_one(Indicator::CompoundsPunished);
                state.count_one(Indicator::ResponseHarm);
            }
        }
    }
}

/// Of those who still wait some go home, whom nobody has asked.
fn go_home(state: &mut State, setting: &Setting, luck: &Luck) {
    let leaves = within_a_month(setting.parameters.compounds.goes_home);
    let month = state.month;
    let goes = |inmate: &Inmate| luck.happens(leaves, Purpose::Compounds, month, inmate.id, Decision::GoesHome);
    let (gone, wait): (Vec<Inmate>, Vec<Inmate>) = std::mem::take(&mut state.compounds.waiting).into_iter().partition(goes);
    state.compounds.waiting = wait;
    let victims = gone.iter().filter(|inmate| inmate.forced).count();
    state.count(Indicator::CompoundsUnrecognised, victims as f64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::country::{Compounds, Shock, Titles};
    use crate::model::testing::{luck, plan, setting, state};

    /// A thousand are held from the first month, all of them forced foreigners; nobody comes, nobody leaves.
    fn held(months: usize) -> Setting {
        let mut setting = setting(months);
        let from = setting.from;
        setting.country.compounds =
            Some(Compounds { from, held: 1000.0, entries: 0.0, citizens: 0.0, forced: 1.0, leave: 0.0, noticed: 1.0, screeners: 2.0 });
        let terms = &mut setting.parameters;
        (terms.compounds.screened, terms.compounds.recognised, terms.identification.untrained) = (50.0, 0.5, 1.0);
        setting
    }

    fn release(setting: &mut Setting, people: f64) {
        let (from, to) = (setting.from, setting.from);
        let kind = ShockKind::Release { people };
        setting.country.shocks = vec![Shock { name: "release".to_owned(), title: "Release".to_owned(), titles: Titles::new(), from, to, kind }];
        setting.shocks = vec![true];
    }

    /// Of 400 released two screen 50 each in the first month; nobody is lost of the thousand.
    #[test]
    fn a_release_waits_for_its_screening() {
        let mut setting = held(3);
        release(&mut setting, 400.0);
        let mut state = state(&setting);
        compounds(&mut state, &setting, &luck());
        assert_eq!((state.compounds.held.len(), state.compounds.waiting.len()), (600, 300));
        let count = |indicator: Indicator| state.ledger.get(indicator);
        assert!((count(Indicator::CompoundsScreened) - 100.0).abs() < 1e-12 && (count(Indicator::OutOfCompounds) - 400.0).abs() < 1e-12);
        assert!((count(Indicator::IdentifiedCompounds) + count(Indicator::CompoundsUnrecognised) - 100.0).abs() < 1e-12);
        // Half are recognised, within four standard errors; two beds are free, and the others find none.
        assert!((count(Indicator::IdentifiedCompounds) - 50.0).abs() < 20.0);
        assert!((count(Indicator::Unassisted) - (count(Indicator::IdentifiedCompounds) - state.compounds.sheltered.len() as f64)).abs() < 1e-12);
    }

    /// Recognition .5, disclosure .4 where all are punished and a quarter of it tell: 1 - .5 * .9; and 1 - .5 * .6 under a full promise.
    #[test]
    fn a_promise_not_to_punish_lets_people_tell() {
        let mut setting = held(2);
        setting.parameters.compounds.tells = 0.4;
        let mut state = state(&setting);
        state.institutions.policy.protection.non_punishment = 0.0;
        assert!((recognised(&state, &setting) - 0.55).abs() < 1e-12);
        state.institutions.policy.protection.non_punishment = 1.0;
        assert!((recognised(&state, &setting) - 0.7).abs() < 1e-12);
    }

    /// Half of a thousand offers begin online: a full unit prevents half, within four standard errors, and the same ones whatever else is done.
    #[test]
    fn a_unit_against_recruitment_online_prevents_what_begins_there() {
        let entered = |operations: f64| {
            let mut setting = held(2);
            setting.parameters.migration.online = 0.5;
            let from = setting.from.plus(-1);
            setting.country.compounds = setting.country.compounds.map(|profile| Compounds { from, entries: 1000.0, ..profile });
            plan(&mut setting, "online_operations", operations);
            let mut state = state(&setting);
            state.institutions.policy.partnership.online_operations = operations;
            recruit(&mut state, &setting, &luck(), setting.country.compounds.expect("the country has some"));
            state.compounds.held.iter().map(|inmate| inmate.id).collect::<Vec<_>>()
        };
        let (all, some) = (entered(0.0), entered(1.0));
        assert_eq!(all.len(), 1000);
        assert!((some.len() as f64 - 500.0).abs() < 4.0 * 250f64.sqrt());
        assert!(some.iter().all(|id| all.binary_search(id).is_ok()));
    }

    /// Who waits goes home unscreened, and a victim who does is one whom nobody recognised.
    #[test]
    fn who_waits_too_long_is_lost() {
        let mut setting = held(2);
        setting.parameters.compounds.goes_home = 1e9;
        setting.country.compounds = setting.country.compounds.map(|profile| Compounds { screeners: 0.0, ..profile });
        release(&mut setting, 10.0);
        let mut state = state(&setting);
        compounds(&mut state, &setting, &luck());
        assert!(state.compounds.waiting.is_empty());
        assert!((state.ledger.get(Indicator::CompoundsUnrecognised) - 10.0).abs() < 1e-12);
    }
}
