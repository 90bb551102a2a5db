//! Justice: cases form, wait, are investigated, prosecuted and tried.
//!
//! Rule 15: victims found together or through one recruiter form one case. Suspects are the employer, the
//! recruiter, the protector by the integrity of the unit, and anonymous accomplices. A mega-case takes in the
//! recruiters and complicit colleagues under one protector and takes up a slot for every ten defendants.
//! Rule 16: three queues with slots; the length of a stage is lognormal, and a joint team divides the first
//! by 1 + j. Rule 17: P(convict) per defendant = clip(v0 + v1 * coop * exp(-dec * delay) + v2 * financial +
//! v3 * joint + v4 * cross-border - v5 * blocked, .02, .97). Rule 24: financial inquiries restrain capital;
//! rule 25: compensation.

use super::super::Setting;
use super::super::country::{Agency, SectorKind, ShockKind};
use super::super::ledgers::indicators::Indicator;
use super::super::state::cases::{Case, CaseKind, Who, Witness};
use super::super::state::communities::Outcome;
use super::super::state::institutions::{Found, FoundBy};
use super::super::state::{NONE, SectorFlow, StageFlow, State};
use super::{budget, by_draw};
use crate::draws::{Luck, Purpose, normal_quantile};

const CHARGEABLE: u16 = 0;
const EMPLOYER: u16 = 1;
const RECRUITER: u16 = 2;
const PROTECTOR: u16 = 3;
const ACCOMPLICES: u16 = 4;
const JOINT: u16 = 5;
const CROSS_BORDER: u16 = 6;
const OFFICIAL: u16 = 7;
const BLOCKED: u16 = 8;
const FINANCIAL: u16 = 9;
const MEGA: u16 = 10;
/// Stages draw their length and the rounding of it at two decisions each, from here.
const LENGTH: u16 = 12;
/// Suspects draw at decisions from here, a few each.
const SUSPECT: u16 = 1000;
/// Decisions reserved for each suspect.
const EACH: u16 = 8;
/// Victims draw by person at these.
const COOPERATES: u16 = 20;
const TESTIFIES: u16 = 21;
const ORDERED: u16 = 22;
const PAID: u16 = 23;

/// Lets a month of justice pass.
pub fn justice(state: &mut State, setting: &Setting, luck: &Luck) {
    open_cases(state, setting, luck);
    open_mega_cases(state, setting, luck);
    for stage in 0..3 {
        advance(state, setting, luck, stage);
    }
    for stage in 0..3 {
        let (waiting, running) = state.cases.at(stage);
        let indicator = [Indicator::BacklogInvestigation, Indicator::BacklogProsecution, Indicator::BacklogCourt][stage];
        state.count(indicator, (waiting + running) as f64);
        state.count(Indicator::Backlog, (waiting + running) as f64);
    }
}

/// A case's address: the founding entity and the month.
#[must_use]
pub fn case_id(founder: u32, kind: u32, month: u16) -> u32 {
    let mut x = founder.wrapping_mul(0x9E37_79B9) ^ (u32::from(month) << 3) ^ kind;
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// Groups of those identified: by workplace, and workplaces joined by a common recruiter.
fn group(state: &State) -> Vec<Vec<Found>> {
    let mut found: Vec<Found> = state.institutions.desk.found.iter().copied().filter(|found| found.by == FoundBy::Contact).collect();
    found.sort_by_key(|found| (found.employer, found.person));
    let mut groups: Vec<Vec<Found>> = Vec::new();
    let mut by_recruiter: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    let mut by_employer: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    for victim in found {
        let recruiter = state.persons.records[victim.person as usize].recruiter;
        let known = by_employer.get(&victim.employer).or_else(|| by_recruiter.get(&recruiter)).copied();
        let place = known.unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(victim);
        if victim.employer != NONE {
            by_employer.insert(victim.employer, place);
        }
        if recruiter != NONE {
            by_recruiter.entry(recruiter).or_insert(place);
        }
    }
    groups
}

fn open_cases(state: &mut State, setting: &Setting, luck: &Luck) {
    let terms = &setting.parameters.justice;
    for group in group(state) {
        let first = group[0];
        let sector = setting.country.sectors[usize::from(first.sector)].kind;
        let recruiter = state.persons.records[first.person as usize].recruiter;
        let founder = if first.employer == NONE { recruiter } else { first.employer };
        let id = case_id(founder, sector as u32, state.month);
        let kind = match sector {
            SectorKind::Labour => CaseKind::Labour,
            SectorKind::Sex => CaseKind::Sex,
            SectorKind::Begging => CaseKind::Begging,
        };
        let law = state.institutions.policy.national.law_forced_labour_offence;
        let chargeable = terms.chargeable_labour + (1.0 - terms.chargeable_labour) * law;
        if kind == CaseKind::Labour && !luck.happens(chargeable, Purpose::Justice, state.month, id, CHARGEABLE) {
            continue;
        }
        let suspects = suspects(state, setting, luck, id, first);
        let victims = group.iter().map(|found| witness(state, setting, luck, found.person)).collect();
        let origin = state.persons.layout.origin(first.person);
        let sharing = state.institutions.policy.partnership.evidence_sharing;
        // Rule 31: a government that cooperates shares more of it.
        let shared =
            if origin < setting.country.origins.len() { (sharing[origin] * setting.parameters.recruitment.cooperation).min(1.0) } else { 0.0 };
        let intelligence = state.institutions.policy.partnership.intelligence;
        let cross_border = 1.0 - (1.0 - shared) * (1.0 - terms.intelligence_evidence * intelligence);
        let case = Case {
            sector: first.sector,
            victims,
            joint: luck.happens(state.institutions.policy.prosecution.joint_teams, Purpose::Justice, state.month, id, JOINT),
            cross_border: luck.happens(cross_border, Purpose::Justice, state.month, id, CROSS_BORDER),
            blocked: weakened(state, setting, luck, id, Agency::Police, first.zone, BLOCKED),
            ..Case::opened(id, kind, first.zone, state.month, suspects)
        };
        enter(state, case);
    }
}

/// A victim as a witness: who would disclose cooperates; early testimony freezes the evidence.
fn witness(state: &State, setting: &Setting, luck: &Luck, person: u32) -> Witness {
    let month = state.month;
    let draw = |decision| luck.uniform(Purpose::Justice, month, person, decision);
    let cell = state.persons.at(person);
    let guest = state.institutions.desk.guests.iter().rev().find(|guest| guest.person == person);
    let terms = &setting.parameters.justice;
    // Whoever found no bed is hard to find again.
    let cared_for = if guest.is_some() { 1.0 } else { terms.cooperation_unassisted };
    let discloses = super::identification::disclosure(state, setting, person, cell);
    // Somebody who has been identified has come part of the way already.
    let willing = terms.cooperation + (1.0 - terms.cooperation) * discloses;
    let cooperates = draw(COOPERATES) < willing * cared_for;
    let testified = cooperates && draw(TESTIFIES) < state.institutions.policy.prosecution.advance_testimony;
    Witness { person, permit: guest.is_some_and(|guest| guest.permit), cooperates, testified }
}

/// True if the official of `agency` in `zone` who carries the file is complicit and weakens it.
fn weakened(state: &State, setting: &Setting, luck: &Luck, id: u32, agency: Agency, zone: u8, decision: u16) -> bool {
    let u = luck.uniform(Purpose::Justice, state.month, id, OFFICIAL + 100 * decision);
    let carries = state.officials.one_of(state.officials.unit(agency, zone), u);
    carries.is_some_and(|official| state.officials.complicit[official as usize])
        && luck.happens(setting.parameters.complicity.blocks, Purpose::Justice, state.month, id, decision)
}

/// Rule 15: who is suspected.
fn suspects(state: &State, setting: &Setting, luck: &Luck, id: u32, first: Found) -> Vec<Who> {
    let terms = &setting.parameters.justice;
    let draw = |decision| luck.uniform(Purpose::Justice, state.month, id, decision);
    let mut who = Vec::new();
    if first.employer != NONE {
        let i = first.employer as usize;
        if draw(EMPLOYER) < terms.suspect_employer {
            who.push(Who::Employer(first.employer, state.employers.generation[i]));
        }
        let protector = state.employers.protector[i];
        if protector != NONE {
            let clean = 1.0 - state.officials.unit_complicit[state.officials.unit_of(protector)];
            if draw(PROTECTOR) < terms.suspect_protector * clean {
                who.push(Who::Official(protector, state.officials.generation[protector as usize]));
            }
        }
    }
    let recruiter = state.persons.records[first.person as usize].recruiter;
    // Whoever has left for good is out of reach.
    if recruiter != NONE && !state.recruiters.vacant[recruiter as usize] && draw(RECRUITER) < terms.suspect_recruiter {
        who.push(Who::Recruiter(recruiter, state.recruiters.generation[recruiter as usize]));
    }
    let others = geometric(draw(ACCOMPLICES), terms.accomplices);
    who.extend(std::iter::repeat_n(Who::Accomplice, others));
    if who.is_empty() {
        who.push(Who::Accomplice);
    }
    who
}

/// The geometric quantile of `u` on 0, 1, 2, ... with this mean.
fn geometric(u: f64, mean: f64) -> usize {
    if mean <= 0.0 {
        return 0;
    }
    let stop = 1.0 / (1.0 + mean);
    (libm::log(1.0 - u) / libm::log(1.0 - stop)).floor().clamp(0.0, 10_000.0) as usize
}

/// Counts a case as opened and lets it wait for investigation.
pub fn enter(state: &mut State, case: Case) {
    state.count_one(Indicator::Cases);
    state.count_one(match case.kind {
        CaseKind::Labour => Indicator::CasesLabour,
        CaseKind::Sex => Indicator::CasesSex,
        CaseKind::Begging => Indicator::CasesBegging,
        CaseKind::Mega | CaseKind::Official => Indicator::CasesOther,
    });
    if case.cross_border {
        state.count_one(Indicator::CrossBorderCases);
    }
    let early = case.victims.iter().filter(|witness| witness.testified).count();
    state.count(Indicator::Testified, early as f64);
    state.count_sector(case.sector, SectorFlow::Cases, 1.0);
    state.count_stage(0, StageFlow::Entered, 1.0);
    state.cases.open.push(case);
}

/// Mega-cases by chance, and those dated in the country's profile.
fn open_mega_cases(state: &mut State, setting: &Setting, luck: &Luck) {
    let rate = setting.parameters.justice.mega_rate / 12.0 / state.scale;
    if luck.happens(-libm::expm1(-rate), Purpose::Justice, state.month, 0, MEGA) {
        let complicit: Vec<u32> = (0..state.officials.len() as u32).filter(|official| state.officials.clients[*official as usize] > 0).collect();
        let u = luck.uniform(Purpose::Justice, state.month, 1, MEGA);
        if let Some(protector) = complicit.get((u * complicit.len() as f64) as usize) {
            mega_case(state, setting, luck, *protector);
        }
    }
    for shock in budget::beginning(state.now, setting) {
        if let ShockKind::MegaCase { defendants, officials, .. } = shock.kind {
            let months = shock.to.since(shock.from).max(1) as u16;
            dated_mega_case(state, setting, luck, [defendants, officials], months);
        }
    }
}

/// Everybody under one protector: recruiters, colleagues of the unit who are complicit too, and accomplices.
fn mega_case(state: &mut State, setting: &Setting, luck: &Luck, protector: u32) {
    let unit = state.officials.unit_of(protector);
    let complicit = |official: &&u32| state.officials.complicit[**official as usize];
    let mut who: Vec<Who> =
        state.officials.members(unit).iter().filter(complicit).map(|o| Who::Official(*o, state.officials.generation[*o as usize])).collect();
    let id = case_id(protector, 7, state.month);
    for recruiter in 0..state.recruiters.len() {
        if state.recruiters.protector[recruiter] == protector {
            who.push(Who::Recruiter(recruiter as u32, state.recruiters.generation[recruiter]));
            let u = luck.uniform(Purpose::Justice, state.month, recruiter as u32, ACCOMPLICES);
            let others = geometric(u, setting.parameters.justice.mega_network);
            who.extend(std::iter::repeat_n(Who::Accomplice, others));
        }
    }
    let zone = state.officials.zone[protector as usize];
    let case = mega(state, id, zone, who, None);
    enter(state, case);
}

/// A dated trial: its defendants are complicit officials and recruiters at work, the rest anonymous; its
/// victims are those whom its investigation found this month.
fn dated_mega_case(state: &mut State, setting: &Setting, luck: &Luck, [defendants, officials]: [f64; 2], months: u16) {
    let agents = |persons: f64| (persons / state.scale).round() as usize;
    let month = state.month;
    let complicit = (0..state.officials.len() as u32).filter(|official| state.officials.complicit[*official as usize]);
    let complicit = by_draw(complicit, |official| luck.uniform(Purpose::Justice, month, *official, MEGA));
    let mut who: Vec<Who> =
        complicit.iter().take(agents(officials)).map(|official| Who::Official(*official, state.officials.generation[*official as usize])).collect();
    let recruiters =
        (0..state.recruiters.len() as u32).filter(|recruiter| state.recruiters.active[*recruiter as usize] && state.recruiters.at_work(*recruiter));
    let recruiters = by_draw(recruiters, |recruiter| luck.uniform(Purpose::Justice, month, *recruiter, MEGA + 1));
    let total = agents(defendants).max(1);
    let named = (total.saturating_sub(who.len()) as f64 * setting.parameters.justice.mega_recruiters).round() as usize;
    who.extend(recruiters.iter().take(named).map(|recruiter| Who::Recruiter(*recruiter, state.recruiters.generation[*recruiter as usize])));
    who.resize(total, Who::Accomplice);
    let zone = complicit.first().map_or(0, |official| state.officials.zone[*official as usize]);
    let found: Vec<u32> = state.institutions.desk.found.iter().filter(|found| found.by == FoundBy::MegaCase).map(|found| found.person).collect();
    let victims = found.into_iter().map(|person| witness(state, setting, luck, person)).collect();
    let case = mega(state, case_id(0, 8, state.month), zone, who, Some(state.month + months));
    enter(state, Case { victims, ..case });
}

fn mega(state: &State, id: u32, zone: u8, who: Vec<Who>, verdict: Option<u16>) -> Case {
    let slots = who.len().div_ceil(10) as u32;
    Case { slots, joint: true, financial: true, cross_border: true, verdict, ..Case::opened(id, CaseKind::Mega, zone, state.month, who) }
}

/// Moves cases through one stage: those that are due leave, those that wait begin while slots are free,
/// oldest first.
fn advance(state: &mut State, setting: &Setting, luck: &Luck, stage: usize) {
    leave_stage(state, setting, luck, stage);
    let slots = state.institutions.capacity.slots[stage];
    let busy: usize = state.cases.open.iter().filter(|case| case.stage == stage && case.ends.is_some()).map(|case| case.slots as usize).sum();
    let mut free = slots.saturating_sub(busy);
    let mut inquiries = state.institutions.capacity.financial;
    let mut waiting: Vec<usize> =
        (0..state.cases.open.len()).filter(|i| state.cases.open[*i].stage == stage && state.cases.open[*i].ends.is_none()).collect();
    waiting.sort_by_key(|i| (state.cases.open[*i].entered, state.cases.open[*i].id));
    for i in waiting {
        let case = &state.cases.open[i];
        // A mega-case larger than all slots together still gets its turn when everything else is done.
        let needed = (case.slots as usize).min(slots.max(1));
        if needed > free && case.verdict.is_none() {
            break;
        }
        free = free.saturating_sub(needed);
        let length = length(setting, luck, case, stage);
        let id = case.id;
        let financial = stage == 0
            && inquiries > 0
            && !case.financial
            && luck.happens(setting.parameters.justice.aml, Purpose::Justice, case.opened, id, FINANCIAL);
        let case = &mut state.cases.open[i];
        case.ends = Some(state.month + length);
        case.financial |= financial;
        if financial {
            inquiries -= 1;
            state.count_one(Indicator::FinancialInquiries);
        }
    }
    if stage == 0 {
        state.institutions.capacity.financial = inquiries;
    }
    // What lasted less than a month is over already.
    leave_stage(state, setting, luck, stage);
}

/// Rule 16: months that a case takes in a stage, rounded up or down by a draw so that the mean is exact.
fn length(setting: &Setting, luck: &Luck, case: &Case, stage: usize) -> u16 {
    let terms = &setting.parameters.justice;
    let draw = |decision| luck.uniform(Purpose::Justice, case.opened, case.id, decision);
    if let Some(verdict) = case.verdict {
        // What investigation and review leave of its time a dated trial spends in court, and ends on its date.
        let total = f64::from(verdict - case.opened);
        let share = [terms.mega_investigation, terms.mega_review, 1.0][stage];
        let left = f64::from(verdict.saturating_sub(case.entered));
        return if stage == 2 { left as u16 } else { (total * share) as u16 };
    }
    let median = match (stage, case.kind) {
        (2, CaseKind::Mega) => terms.months_mega,
        (0, _) => terms.months_police / if case.joint { 1.0 + terms.joint_speed } else { 1.0 },
        (1, _) => terms.months_prosecutor,
        _ => terms.months_court,
    };
    let first = LENGTH + 2 * stage as u16;
    let exact = median * libm::exp(terms.service_spread * normal_quantile(draw(first)));
    (exact + draw(first + 1)).floor().min(600.0) as u16
}

/// Cases whose stage is over go on.
fn leave_stage(state: &mut State, setting: &Setting, luck: &Luck, stage: usize) {
    let month = state.month;
    let due = |case: &Case| case.stage == stage && case.ends.is_some_and(|ends| ends <= month);
    let open = std::mem::take(&mut state.cases.open);
    let (over, stay): (Vec<Case>, Vec<Case>) = open.into_iter().partition(due);
    state.cases.open = stay;
    for mut case in over {
        state.count_stage(stage, StageFlow::Left, 1.0);
        state.count_stage(stage, StageFlow::Months, f64::from(month - case.entered));
        let goes_on = match stage {
            0 => arrest(state, setting, luck, &mut case),
            1 => charge(state, setting, luck, &mut case),
            _ => {
                judge(state, setting, luck, &case);
                false
            }
        };
        if goes_on {
            case.stage += 1;
            case.entered = month;
            case.ends = None;
            state.count_stage(case.stage, StageFlow::Entered, 1.0);
            state.cases.open.push(case);
        }
    }
}

fn suspect_draw(luck: &Luck, case: &Case, suspect: usize, decision: u16) -> f64 {
    luck.uniform(Purpose::Justice, case.opened, case.id, SUSPECT.wrapping_add(EACH.wrapping_mul(suspect as u16)) + decision)
}

/// The end of an investigation: arrests; what an arrest teaches is learnt in adaptation.
fn arrest(state: &mut State, setting: &Setting, luck: &Luck, case: &mut Case) -> bool {
    for suspect in 0..case.suspects.len() {
        let caught = suspect_draw(luck, case, suspect, 0) < setting.parameters.justice.arrested;
        case.suspects[suspect].arrested = caught;
        if !caught {
            continue;
        }
        state.count_one(Indicator::Arrested);
        match case.suspects[suspect].who {
            Who::Employer(employer, generation) if state.employers.generation[employer as usize] == generation => {
                state.institutions.desk.arrested_employers.push(employer);
            }
            Who::Recruiter(recruiter, generation) if state.recruiters.generation[recruiter as usize] == generation => {
                let held_by = &mut state.recruiters.held_by[recruiter as usize];
                if *held_by == NONE {
                    *held_by = case.id;
                }
                state.institutions.desk.arrested_recruiters.push(recruiter);
                if case.financial {
                    restrain(state, setting, case, recruiter);
                }
            }
            Who::Official(official, generation) if state.officials.generation[official as usize] == generation => {
                suspend(state, official, case.id);
            }
            _ => {}
        }
    }
    let goes_on = case.suspects.iter().any(|suspect| suspect.arrested);
    if !goes_on {
        drop_case(state, case);
    }
    goes_on
}

/// An official who is arrested is suspended. Whom the integrity unit found is so already, and counted.
fn suspend(state: &mut State, official: u32, case: u32) {
    if !state.officials.suspended(official) {
        state.officials.held_by[official as usize] = case;
        state.count_one(Indicator::OfficialsInvestigated);
    }
}

/// Rule 24: a share of the recruiter's working capital is restrained, and with it capacity.
fn restrain(state: &mut State, setting: &Setting, case: &mut Case, recruiter: u32) {
    let terms = &setting.parameters.justice;
    let i = recruiter as usize;
    let seized = terms.seized * f64::from(state.recruiters.capital[i]);
    state.recruiters.capital[i] -= seized as f32;
    state.recruiters.bitten[i] = (f64::from(state.recruiters.bitten[i]) + terms.capital_bite * terms.seized).min(0.95) as f32;
    case.assets += seized;
    state.count(Indicator::AssetsRestrained, seized);
}

/// The prosecution decides whom to charge.
fn charge(state: &mut State, setting: &Setting, luck: &Luck, case: &mut Case) -> bool {
    let weakened = weakened(state, setting, luck, case.id, Agency::Prosecution, case.zone, BLOCKED + 1);
    case.blocked |= weakened;
    if weakened {
        state.count_one(Indicator::Blocked);
    }
    for suspect in 0..case.suspects.len() {
        if case.suspects[suspect].arrested {
            case.suspects[suspect].charged = suspect_draw(luck, case, suspect, 1) < setting.parameters.justice.charged;
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

/// A suspect whom `case` held is free again; one who is held by another case is not, nor one who has left for good.
fn release(state: &mut State, who: Who, case: u32) {
    let (held_by, same) = match who {
        Who::Recruiter(recruiter, generation) => {
            (&mut state.recruiters.held_by[recruiter as usize], state.recruiters.generation[recruiter as usize] == generation)
        }
        Who::Official(official, generation) => {
            (&mut state.officials.held_by[official as usize], state.officials.generation[official as usize] == generation)
        }
        Who::Employer(..) | Who::Accomplice => return,
    };
    if same && *held_by == case {
        *held_by = NONE;
    }
}

/// Rule 17: the chance that a defendant is convicted. `cooperation` is the share of victims who testify.
#[must_use]
pub fn conviction(setting: &Setting, cooperation: f64, delay: f64, case: &Case) -> f64 {
    let terms = &setting.parameters.justice;
    let if_so = |condition: bool, value: f64| if condition { value } else { 0.0 };
    let chance = terms.v0
        + terms.v1 * cooperation * libm::exp(-terms.decay * delay)
        + if_so(case.financial, terms.v2)
        + if_so(case.joint, terms.v3)
        + if_so(case.cross_border, terms.v4)
        - if_so(case.blocked, terms.v5);
    chance.clamp(0.02, 0.97)
}

/// The court decides.
fn judge(state: &mut State, setting: &Setting, luck: &Luck, case: &Case) {
    let month = state.month;
    let months = f64::from(month - case.opened);
    state.count(Indicator::CaseMonths, months);
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
        if suspect_draw(luck, case, suspect, 2) < chance {
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

/// A conviction: the sentence, and the convicted leave the scene.
fn convict(state: &mut State, setting: &Setting, luck: &Luck, case: &Case, suspect: usize) {
    let terms = &setting.parameters.justice;
    state.count_one(Indicator::Convicted);
    let z = normal_quantile(suspect_draw(luck, case, suspect, 3));
    let years = terms.sentence * libm::exp(terms.sentence_spread * z) + state.institutions.policy.national.law_penalty_years;
    state.count_one(match years {
        years if years < 5.0 => Indicator::SentencesUnder5,
        years if years <= 10.0 => Indicator::Sentences5To10,
        _ => Indicator::SentencesOver10,
    });
    match case.suspects[suspect].who {
        Who::Employer(employer, generation) if state.employers.generation[employer as usize] == generation => {
            state.institutions.desk.closing.push(employer);
        }
        Who::Recruiter(recruiter, generation) if state.recruiters.generation[recruiter as usize] == generation => {
            super::adaptation::remove_recruiter(state, setting, luck, recruiter);
        }
        Who::Official(official, generation) if state.officials.generation[official as usize] == generation => {
            state.count_one(Indicator::OfficialsConvicted);
            super::complicity::replace_official(state, luck, official);
        }
        _ => {}
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
        let community = state.persons.layout.community(person);
        state.communities.hear(community, Outcome::Convicted);
        let draw = |decision| luck.uniform(Purpose::Justice, month, person, decision);
        if draw(ORDERED) >= terms.ordered {
            continue;
        }
        state.count_one(Indicator::CompensationOrdered);
        let from_fund = state.institutions.fund >= terms.compensation_size;
        let lever = state.institutions.policy.protection.compensation_paid;
        let paid = from_fund || draw(PAID) < terms.compensation + (1.0 - terms.compensation) * lever;
        if paid {
            if from_fund {
                state.institutions.fund -= terms.compensation_size;
            }
            state.count_one(Indicator::CompensationPaid);
            state.count(Indicator::CompensationMoney, terms.compensation_size);
            state.persons.relieve(person, terms.compensation_size, month);
            state.communities.hear(community, Outcome::Compensated);
        }
    }
}
