//! The past of those who are exploited in the first month: by what they are held, and what is left of their debts.
//!
//! Whoever is met in exploitation on some day has been there for longer, and is held faster, than whoever gets there on that day: those who stay are
//! the likelier to be met. So each past is drawn as it would have come about: ties and debt as at entry (rules 3B and 5), a time since that is anything up
//! to [`SPAN`], and month after month the same ways out, interest, repayment, charges and releases as later (rules 4 and 8); a past that would have ended
//! before today is no past, and another is drawn. Assumed: entries were as many and of the same kind in every month before.

use super::super::moves::exploitation::ties;
use super::super::processes::work::{Circumstances, Hazards, release};
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::debts::Terms;
use super::super::state::ids::PersonId;
use super::super::state::persons::{BOND, Holder, LOCKED};
use super::Decision;
use crate::draws::{Luck, Purpose};
use rand::RngExt;

/// Months: longer than nearly all are exploited.
const SPAN: f64 = 240.0;

/// Pasts that are tried; where none of them lasts the last stands.
const TRIES: usize = 200;

/// Gives `person`, exploited at work since the first month, ties and a debt, who borrowed `borrowed` to come, W.
pub fn give(state: &mut State, setting: &Setting, luck: &Luck, hazards: &Hazards, person: PersonId, borrowed: f64) {
    let cell = state.persons.at(person);
    let employer = state.persons.employer[person];
    let terms = |bonded| Terms { whereabouts: cell.whereabouts, exploitation: cell.exploitation, bonded };
    let charge = setting.parameters.recruitment.bond_charge;
    let release = release(state, setting);
    let mut draws = luck.stream(Purpose::Initialisation, 0, person.0, Decision::Past);
    let mut past = (0, 0, 0.0);
    for _ in 0..TRIES {
        let mut debt = borrowed * (0.8 + 0.4 * draws.random::<f64>());
        let mut held = ties(state, setting, employer, cell.exploitation, debt > 0.0, [(); 3].map(|()| draws.random()));
        let months = (SPAN * draws.random::<f64>()) as u16;
        let lasts = (0..months).all(|_| {
            let case = Circumstances::of(state, setting, employer, held, debt);
            let leaves = hazards.leaving(cell, case);
            if draws.random::<f64>() < -libm::expm1(-leaves) {
                return false;
            }
            if held & LOCKED != 0 && draws.random::<f64>() < -libm::expm1(-hazards.unlocked) {
                held &= !LOCKED;
            }
            if debt > 0.0 {
                debt = state.persons.debts.next(debt, terms(held & BOND != 0));
                if debt <= 0.0 && held & BOND != 0 {
                    if draws.random::<f64>() < release {
                        held &= !BOND;
                    } else {
                        debt = charge;
                    }
                }
            }
            true
        });
        past = (months, held, debt);
        if lasts {
            break;
        }
    }
    let (months, held, debt) = past;
    state.persons.records[person].since = 0u16.wrapping_sub(months);
    if debt > 0.0 {
        state.persons.borrow(person, debt, if held & BOND == 0 { Holder::Lender } else { Holder::Employer }, 0);
    }
    state.persons.confine(person, held, 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::{Exploitation, Legal};
    use crate::model::state::ids::EmployerId;
    use crate::model::state::persons::DOCUMENTS;
    use crate::model::testing::{at_work, luck, setting, state};

    /// Documents are held of every second who gets there; the others get away at .2 a month, these at .02. Of those who are met the share with documents held is
    /// 45.9 / (45.9 + 5.5), by how many months each kind stays, and they have been there for the months that each kind does.
    #[test]
    fn those_who_stay_are_the_likelier_to_be_met() {
        let mut setting = setting(4);
        setting.parameters.placement.hold_documents = 0.5;
        let terms = &mut setting.parameters.work;
        (terms.exit_base, terms.exit_floor, terms.held_by_documents, terms.debt_in_exit) = (0.2, 0.0, 0.9, 0.0);
        (terms.ease_forced, terms.abuse_onset, terms.freedom_to_change) = (0.0, 0.0, 0.0);
        setting.parameters.placement.hold_locked = 0.0;
        setting.parameters.contact.arrest = 0.0;
        let mut state = state(&setting);
        state.employers.keeps_documents[EmployerId(0)] = true;
        let workers = at_work(&mut state, 400, EmployerId(0), Legal::Irregular, Exploitation::Forced);
        let hazards = Hazards::new(&state, &setting);
        let (mut held, mut months) = (0.0, 0.0);
        for person in workers {
            give(&mut state, &setting, &luck(), &hazards, person, 0.0);
            held += f64::from(u8::from(state.persons.confinement(person) == DOCUMENTS)) / 400.0;
            months += f64::from(state.persons.months_there(person, 0)) / 400.0;
        }
        // Sums of survival over 240 months: 1 / (1 - exp(-h)), less what is cut off.
        let stays = |h: f64| (1.0 - libm::exp(-240.0 * h)) / (1.0 - libm::exp(-h));
        let share = stays(0.02) / (stays(0.02) + stays(0.2));
        let age = |h: f64| (0..240).map(|m| f64::from(m) * libm::exp(-h * f64::from(m))).sum::<f64>() / stays(h);
        let mean = share * age(0.02) + (1.0 - share) * age(0.2);
        assert!((held - share).abs() < 4.0 * (share * (1.0 - share) / 400.0).sqrt(), "{held} against {share}");
        assert!((months - mean).abs() < 4.0 * 50.0 / 20.0, "{months} against {mean}");
    }

    /// Where a bond never ends and is added to, nobody met in it owes less than was borrowed; the holder is the employer.
    #[test]
    fn a_bond_grows_while_it_lasts() {
        let mut setting = setting(4);
        setting.parameters.placement.hold_bond = 1.0;
        let terms = &mut setting.parameters.recruitment;
        (terms.bond_charge, terms.repayment) = (0.1, 0.05);
        let mut state = state(&setting);
        let workers = at_work(&mut state, 50, EmployerId(0), Legal::Irregular, Exploitation::Forced);
        let hazards = Hazards::new(&state, &setting);
        for person in workers {
            give(&mut state, &setting, &luck(), &hazards, person, 1.0);
            assert!(state.persons.debt(person, 0) > 0.8 && state.persons.holder(person) == Holder::Employer);
        }
    }
}
