//! Arrest, charge, verdict, and what follows from a conviction.
//!
//! Rule 38: of the arrested the share `bail_refused` stays in custody, the others are on bail, from where some flee and all lean on witnesses (`care`).
//!
//! Rule 17: P(convict) per defendant = clip(v0 + v1 * coop * exp(-dec * delay) + v2 * financial +
//! v3 * joint + v4 * cross-border - v5 * blocked, .02, .97). From flag to verdict the truth goes with the case: where nobody was exploited nobody testifies to it, the
//! prosecution dismisses many such cases (`justice.dismissed`: about a fifth of 364 cases were dropped as smuggling, TIP report 2019), and those that it does not
//! convict less (`justice.unfounded`). Rule 24: financial inquiries restrain capital of recruiters and assets of employers;
//! rule 25: compensation.

use super::super::super::chance::within_a_month;
use super::super::super::country::Agency;
use super::super::super::ledgers::indicators::Indicator;
use super::super::super::moves::posts::{investigate, release, remove_recruiter, replace_official};
use super::super::super::setting::Setting;
use super::super::super::state::State;
use super::super::super::state::cases::{Case, Suspect, Who};
use super::super::super::state::communities::Outcome;
use super::super::super::state::ids::{EmployerId, RecruiterId};
use super::Decision;
use super::opening::weakened;
use crate::draws::{Luck, Purpose, copy_of, normal_quantile};

/// The draw of one suspect: of a mega-case there are a hundred, so that each has an address of the own.
fn suspect_draw(luck: &Luck, case: &Case, suspect: usize, decision: Decision) -> f64 {
    luck.uniform(Purpose::Justice, case.month, copy_of(case.id, suspect as u32 + 1), decision)
}

/// True if the suspect is still the one against whom the case was opened. Of an agent that stands for many employers any one may be.
fn same(state: &State, who: Who) -> bool {
    match who {
        Who::Employer(employer, generation) => state.employers.scale > 1 || state.employers.generation[employer] == generation,
        Who::Recruiter(recruiter, generation) => state.recruiters.generation[recruiter] == generation,
        Who::Official(_) | Who::Accomplice => true,
    }
}

/// The end of an investigation: arrests; what an arrest teaches is learnt in adaptation.
pub fn arrest(state: &mut State, setting: &Setting, luck: &Luck, case: &mut Case) -> bool {
    for suspect in 0..case.suspects.len() {
        let caught = suspect_draw(luck, case, suspect, Decision::Arrested) < setting.parameters.justice.arrested;
        case.suspects[suspect].arrested = caught;
        if !caught {
            continue;
        }
        state.count_one(Indicator::Arrested);
        case.suspects[suspect].bail = suspect_draw(luck, case, suspect, Decision::Bail) >= state.institutions.policy.prosecution.bail_refused;
        let who = case.suspects[suspect].who;
        if !same(state, who) {
            continue;
        }
        match who {
            Who::Employer(employer, _) => {
                state.institutions.desk.arrested_employers.push(employer);
                if case.financial() {
                    restrain_employer(state, setting, case, employer);
                }
            }
            Who::Recruiter(recruiter, _) => {
                if state.recruiters.held_by[recruiter] == 0 {
                    state.recruiters.held_by[recruiter] = case.id;
                }
                state.institutions.desk.arrested_recruiters.push(recruiter);
                if case.financial() {
                    restrain_recruiter(state, setting, case, recruiter);
                }
            }
            Who::Official(incumbent) => {
                investigate(state, incumbent);
                if let Some(post) = state.officials.post_of(incumbent) {
                    replace_official(state, setting, luck, post);
                }
            }
            Who::Accomplice => {}
        }
    }
    let goes_on = case.suspects.iter().any(|suspect| suspect.arrested);
    if !goes_on {
        drop_case(state, case);
    }
    goes_on
}

/// Rule 38: suspects on bail flee at `justice.flight`; the case goes on against those who stay, and is over where nobody does.
pub fn flee(state: &mut State, setting: &Setting, luck: &Luck) {
    let flight = within_a_month(setting.parameters.justice.flight);
    let month = state.month;
    let mut open = std::mem::take(&mut state.cases.open);
    for case in open.iter_mut().filter(|case| case.stage > 0) {
        for place in 0..case.suspects.len() {
            let suspect = case.suspects[place];
            let address = copy_of(case.id, place as u32 + 1);
            let at_large = suspect.arrested && suspect.bail && (case.stage == 1 || suspect.charged);
            if at_large && luck.happens(flight, Purpose::Justice, month, address, Decision::Flees) {
                case.suspects[place] = Suspect { arrested: false, charged: false, bail: false, ..suspect };
                state.count_one(Indicator::Fled);
                release(state, suspect.who, case.id);
            }
        }
    }
    let pending = |case: &Case| match case.stage {
        0 => true,
        1 => case.suspects.iter().any(|suspect| suspect.arrested),
        _ => case.suspects.iter().any(|suspect| suspect.charged),
    };
    let (open, over): (Vec<Case>, Vec<Case>) = open.into_iter().partition(pending);
    for case in over {
        state.count_left(&case, f64::from(month));
    }
    state.cases.open = open;
}

/// Rule 24: a share of the recruiter's working capital is restrained, and with it capacity.
fn restrain_recruiter(state: &mut State, setting: &Setting, case: &mut Case, recruiter: RecruiterId) {
    let seized = setting.parameters.justice.seized * f64::from(state.recruiters.capital[recruiter]);
    state.recruiters.capital[recruiter] -= seized as f32;
    case.assets += seized;
    state.count(Indicator::AssetsRestrained, seized);
}

/// Rule 24: a share of what an employer owns is restrained: so much for each worker.
fn restrain_employer(state: &mut State, setting: &Setting, case: &mut Case, employer: EmployerId) {
    let terms = &setting.parameters.justice;
    let seized = terms.seized * terms.employer_assets * f64::from(state.employers.size[employer]);
    case.assets += seized;
    state.count(Indicator::AssetsRestrained, seized);
}

/// The prosecution decides whom to charge, and whether there is a case at all.
pub fn charge(state: &mut State, setting: &Setting, luck: &Luck, case: &mut Case) -> bool {
    let terms = &setting.parameters.justice;
    let weak = weakened(state, setting, luck, case.id, Agency::Prosecution, case.zone);
    case.blocked |= weak;
    if weak {
        state.count_one(Indicator::Blocked);
    }
    let dismissed = case.unfounded() && luck.happens(terms.dismissed, Purpose::Justice, case.month, case.id, Decision::Dismissed);
    for suspect in 0..case.suspects.len() {
        if case.suspects[suspect].arrested {
            case.suspects[suspect].charged = !dismissed && suspect_draw(luck, case, suspect, Decision::Charged) < terms.charged;
            if case.suspects[suspect].charged {
                state.count_one(Indicator::Prosecuted);
            } else {
                state.count_one(Indicator::Dropped);
                release(state, case.suspects[suspect].who, case.id);
            }
        }
    }
    let goes_on = case.suspects.iter().any(|suspect| suspect.charged);
    if goes_on {
        state.count_one(Indicator::CasesIndicted);
    }
    goes_on
}

/// Nobody was found: the suspects are dropped.
fn drop_case(state: &mut State, case: &Case) {
    for suspect in &case.suspects {
        state.count_one(Indicator::Dropped);
        release(state, suspect.who, case.id);
    }
}

/// Rule 17: the chance that a defendant is convicted. `cooperation` is the share of victims who testify, `delay` months since the case was opened.
#[must_use]
pub fn conviction(setting: &Setting, cooperation: f64, delay: f64, case: &Case) -> f64 {
    let terms = &setting.parameters.justice;
    let if_so = |condition: bool, value: f64| if condition { value } else { 0.0 };
    let chance = terms.conviction_base
        + terms.conviction_testimony * cooperation * libm::exp(-terms.evidence_decay * delay)
        + if_so(case.financial(), terms.conviction_inquiry)
        + if_so(case.joint, terms.conviction_joint_team)
        + if_so(case.cross_border, terms.conviction_cross_border)
        - if_so(case.blocked, terms.conviction_blocked);
    let truth = if case.unfounded() { terms.unfounded } else { 1.0 };
    (chance * truth).clamp(0.02, 0.97)
}

/// The court decides, `months` after the case was opened.
pub fn judge(state: &mut State, setting: &Setting, luck: &Luck, case: &Case, months: f64) {
    state.count_one(Indicator::CasesDecided);
    let in_court = case.victims.iter().filter(|witness| witness.cooperates && !witness.testified).count();
    state.count(Indicator::Testified, in_court as f64);
    let early = case.victims.iter().filter(|witness| witness.testified).count();
    let chance = if case.victims.is_empty() {
        // A mega-case rests on money and on evidence from abroad, not on one group of victims.
        conviction(setting, setting.parameters.justice.mega_cooperation, months, case)
    } else {
        // Testimony taken early does not decay; what is said in court has aged with the case.
        let share = |n: usize| n as f64 / case.victims.len() as f64;
        let fresh = conviction(setting, share(early), 0.0, case) - conviction(setting, 0.0, 0.0, case);
        (conviction(setting, share(in_court), months, case) + fresh).clamp(0.02, 0.97)
    };
    let mut convicted = false;
    for suspect in 0..case.suspects.len() {
        if !case.suspects[suspect].charged {
            continue;
        }
        if suspect_draw(luck, case, suspect, Decision::Convicted) < chance {
            convicted = true;
            convict(state, setting, luck, case, suspect);
        } else {
            state.count_one(Indicator::Acquitted);
            release(state, case.suspects[suspect].who, case.id);
        }
    }
    if convicted {
        state.count_one(Indicator::CasesConvicted);
        settle_assets(state, case);
        compensate(state, setting, luck, case);
    }
}

/// A conviction: the sentence, and the convicted leave the scene. An official has left it with the arrest.
fn convict(state: &mut State, setting: &Setting, luck: &Luck, case: &Case, suspect: usize) {
    let terms = &setting.parameters.justice;
    state.count_one(Indicator::Convicted);
    if case.unfounded() {
        state.count_one(Indicator::ConvictedUnfounded);
    }
    let z = normal_quantile(suspect_draw(luck, case, suspect, Decision::Sentence));
    let years = terms.sentence * libm::exp(terms.sentence_spread * z) + state.institutions.policy.national.law_penalty_years;
    state.count_one(match years {
        years if years < 5.0 => Indicator::SentencesUnder5,
        years if years <= 10.0 => Indicator::Sentences5To10,
        _ => Indicator::SentencesOver10,
    });
    let who = case.suspects[suspect].who;
    if !same(state, who) {
        return;
    }
    match who {
        Who::Employer(employer, _) => state.institutions.desk.closing.push(employer),
        Who::Recruiter(recruiter, _) => remove_recruiter(state, setting, luck, recruiter),
        Who::Official(incumbent) => {
            if state.officials.convicted.insert(incumbent) {
                state.count_one(Indicator::OfficialsConvicted);
            }
        }
        Who::Accomplice => {}
    }
}

/// Restrained assets are forfeited; a share of them may pay compensation.
fn settle_assets(state: &mut State, case: &Case) {
    state.count(Indicator::AssetsForfeited, case.assets);
    state.institutions.fund += case.assets * state.institutions.policy.prosecution.assets_to_compensation;
}

/// Rule 25: compensation is ordered for some victims and paid to few; payment cuts debt and lifts trust.
fn compensate(state: &mut State, setting: &Setting, luck: &Luck, case: &Case) {
    let terms = &setting.parameters.justice;
    let month = state.month;
    for witness in &case.victims {
        let person = witness.person;
        let community = state.persons.community(person);
        state.communities.hear(community, Outcome::Convicted, 1.0);
        let address = state.persons.address(person);
        let draw = |decision: Decision| luck.uniform(Purpose::Justice, month, address, decision);
        if draw(Decision::Ordered) >= terms.ordered {
            continue;
        }
        state.count_one(Indicator::CompensationOrdered);
        let from_fund = state.institutions.fund >= terms.compensation_size;
        let lever = state.institutions.policy.protection.compensation_paid;
        let paid = from_fund || draw(Decision::Paid) < terms.compensation + (1.0 - terms.compensation) * lever;
        if paid {
            if from_fund {
                state.institutions.fund -= terms.compensation_size;
            }
            state.count_one(Indicator::CompensationPaid);
            state.count(Indicator::CompensationMoney, terms.compensation_size);
            state.persons.relieve(person, terms.compensation_size, month);
            state.communities.hear(community, Outcome::Compensated, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cases::{CaseKind, Witness};
    use crate::model::state::ids::{OfficialId, PersonId};
    use crate::model::testing::{luck, setting, state};

    /// .2 + .5 * .5 * exp(-.1 * 10), and its corrections.
    #[test]
    fn conviction_adds_up_what_there_is() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.justice;
        (
            terms.conviction_base,
            terms.conviction_testimony,
            terms.conviction_inquiry,
            terms.conviction_blocked,
            terms.evidence_decay,
            terms.unfounded,
        ) = (0.2, 0.5, 0.1, 0.15, 0.1, 0.5);
        let case = Case::opened(4, CaseKind::Labour, 0, 0, vec![]);
        let base = 0.2 + 0.25 * libm::exp(-1.0);
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} against {expected}");
        close(conviction(&setting, 0.5, 10.0, &case), base);
        close(conviction(&setting, 0.5, 10.0, &Case { blocked: true, ..case.clone() }), base - 0.15);
        close(
            conviction(&setting, 0.5, 10.0, &Case { inquiry: super::super::super::super::state::cases::Inquiry::Open, ..case.clone() }),
            base + 0.1,
        );
        let witness = Witness { person: PersonId(0), exploited: false, permit: false, cooperates: false, testified: false };
        close(conviction(&setting, 0.0, 10.0, &Case { victims: vec![witness], ..case.clone() }), 0.1);
        close(conviction(&setting, 0.0, 10.0, &Case { blocked: true, ..case }), 0.05);
    }

    /// Certain arrest and charge: two are prosecuted; without arrest the case ends and nobody is.
    #[test]
    fn suspects_go_through_arrest_and_charge() {
        for (arrested, prosecuted, dropped) in [(1.0, 2.0, 0.0), (0.0, 0.0, 2.0)] {
            let mut setting = setting(2);
            (setting.parameters.justice.arrested, setting.parameters.justice.charged) = (arrested, 1.0);
            let mut state = state(&setting);
            let mut case = Case::opened(4, CaseKind::Labour, 0, 0, vec![Who::Accomplice, Who::Employer(EmployerId(2), 0)]);
            if arrest(&mut state, &setting, &luck(), &mut case) {
                assert!(charge(&mut state, &setting, &luck(), &mut case));
                assert_eq!(state.institutions.desk.arrested_employers, [EmployerId(2)]);
            }
            assert!((state.ledger.get(Indicator::Prosecuted) - prosecuted).abs() < 1e-12);
            assert!((state.ledger.get(Indicator::Dropped) - dropped).abs() < 1e-12);
        }
    }

    /// Two before the court, one of them on bail: the one flees, and the other is judged alone; where both are out the case is over.
    #[test]
    fn who_is_on_bail_may_flee() {
        let mut setting = setting(2);
        setting.parameters.justice.flight = 1e9;
        for (others, left) in [(false, 1), (true, 0)] {
            let mut state = state(&setting);
            let suspect = |bail: bool| Suspect { who: Who::Accomplice, arrested: true, charged: true, bail };
            let case = Case { suspects: vec![suspect(true), suspect(others)], stage: 2, ..Case::opened(4, CaseKind::Labour, 0, 0, vec![]) };
            assert!((case.on_bail() - if others { 1.0 } else { 0.5 }).abs() < 1e-12);
            state.cases.open = vec![case];
            flee(&mut state, &setting, &luck());
            assert_eq!(state.cases.open.len(), left);
            assert!((state.ledger.get(Indicator::Fled) - if others { 2.0 } else { 1.0 }).abs() < 1e-12);
        }
    }

    /// A convicted employer's workplace closes, a recruiter leaves; one who has left since is convicted and no successor suffers for it.
    #[test]
    fn the_convicted_leave_the_scene() {
        let setting = setting(2);
        let mut state = state(&setting);
        let suspect = |who: Who| Suspect { who, arrested: true, charged: true, bail: false };
        let suspects =
            vec![suspect(Who::Employer(EmployerId(1), 0)), suspect(Who::Recruiter(RecruiterId(3), 0)), suspect(Who::Recruiter(RecruiterId(4), 9))];
        let case = Case { suspects, ..Case::opened(4, CaseKind::Labour, 0, 0, vec![]) };
        for suspect in 0..3 {
            convict(&mut state, &setting, &luck(), &case, suspect);
        }
        assert_eq!(state.institutions.desk.closing, [EmployerId(1)]);
        assert!(state.recruiters.left[RecruiterId(3)] && !state.recruiters.left[RecruiterId(4)]);
        assert!((state.ledger.get(Indicator::Convicted) - 3.0).abs() < 1e-12);
    }

    /// Who is arrested acts no more: where every prosecutor of a zone weakens files, none does once all are under arrest and others act for them.
    #[test]
    fn arrested_officials_weaken_no_file() {
        let mut setting = setting(2);
        (setting.parameters.complicity.blocks, setting.parameters.justice.arrested) = (1.0, 1.0);
        let mut state = state(&setting);
        let posts = || state.officials.members(state.officials.unit(Agency::Prosecution, 0)).map(OfficialId);
        let (posts, who): (Vec<OfficialId>, Vec<Who>) = posts().map(|post| (post, Who::Official(state.officials.incumbent[post]))).unzip();
        for post in posts {
            state.officials.set_complicit(post, true);
        }
        let weak = |state: &State| weakened(state, &setting, &luck(), 1, Agency::Prosecution, 0);
        assert!(weak(&state));
        let mut case = Case::opened(4, CaseKind::Mega, 0, 0, who);
        assert!(arrest(&mut state, &setting, &luck(), &mut case));
        assert!(!weak(&state), "a prosecutor under arrest weakens a file");
    }
}
