//! Cases: real cases with victims and suspects who exist in the population, in three real queues.

use super::super::ledgers::STAGES;
use super::ids::{EmployerId, IncumbentId, PersonId, RecruiterId};

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseKind {
    /// Labour trafficking.
    Labour,
    /// Sex trafficking.
    Sex,
    /// Forced begging.
    Begging,
    /// A mega-case: all recruiters and officials under one protector.
    Mega,
    /// A case against one complicit official.
    Official,
}

/// Who is suspected. The generation tells whether the slot is still the same one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An employer.
    Employer(EmployerId, u16),
    /// A recruiter.
    Recruiter(RecruiterId, u16),
    /// An official, in whatever post.
    Official(IncumbentId),
    /// Somebody who is no entity of the model.
    Accomplice,
}

/// How far a financial inquiry into a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inquiry {
    /// Nobody asked for one.
    None,
    /// Asked for, not begun: it waits through the life of the case.
    Waiting,
    /// Begun.
    Open,
}

/// A suspect in a case.
#[derive(Clone, Copy, Debug)]
pub struct Suspect {
    /// Who it is.
    pub who: Who,
    /// Arrested.
    pub arrested: bool,
    /// Charged.
    pub charged: bool,
    /// On bail since the arrest.
    pub bail: bool,
}

/// A victim in a case.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the case file, found independently")]
pub struct Witness {
    /// The person.
    pub person: PersonId,
    /// Was exploited in truth.
    pub exploited: bool,
    /// Has a work permit.
    pub permit: bool,
    /// Still cooperates.
    pub cooperates: bool,
    /// Has testified, in advance or in court: the evidence no longer decays with the witness.
    pub testified: bool,
}

/// One case.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the case file, found independently")]
pub struct Case {
    /// Hash of the founding workplace or recruiter and the month, so that its draws are the same under another variant; never 0.
    pub id: u32,
    /// What it is about.
    pub kind: CaseKind,
    /// The zone whose units carry it.
    pub zone: u8,
    /// The sector where the victims worked, where it is about one.
    pub sector: Option<u8>,
    /// Victims.
    pub victims: Vec<Witness>,
    /// Suspects.
    pub suspects: Vec<Suspect>,
    /// 0 investigation, 1 prosecution, 2 court.
    pub stage: usize,
    /// When it was opened, in months since the start.
    pub opened: f64,
    /// The month in which it was opened, part of its draws' address.
    pub month: u16,
    /// When it entered the stage, in months since the start.
    pub entered: f64,
    /// Work begun in this stage.
    pub begun: bool,
    /// Work left in this stage, in slot-months.
    pub left: f64,
    /// Slots that it can take up at once.
    pub slots: f64,
    /// Led by a joint team.
    pub joint: bool,
    /// The financial inquiry.
    pub inquiry: Inquiry,
    /// Evidence from abroad.
    pub cross_border: bool,
    /// A complicit official weakens it.
    pub blocked: bool,
    /// Assets restrained, in W.
    pub assets: f64,
    /// A dated trial: the month of its verdict.
    pub verdict: Option<u16>,
}

impl Case {
    /// A file opened in the middle of `month` in `zone` against the persons in `who`: one slot, nothing found yet.
    #[must_use]
    pub fn opened(id: u32, kind: CaseKind, zone: u8, month: u16, who: Vec<Who>) -> Self {
        let opened = f64::from(month) + 0.5;
        Self {
            id,
            kind,
            zone,
            sector: None,
            victims: Vec::new(),
            suspects: who.into_iter().map(|who| Suspect { who, arrested: false, charged: false, bail: false }).collect(),
            stage: 0,
            opened,
            month,
            entered: opened,
            begun: false,
            left: 0.0,
            slots: 1.0,
            joint: false,
            inquiry: Inquiry::None,
            cross_border: false,
            blocked: false,
            assets: 0.0,
            verdict: None,
        }
    }

    /// True if a financial inquiry has been begun.
    #[must_use]
    pub fn financial(&self) -> bool {
        self.inquiry == Inquiry::Open
    }

    /// The share of those arrested who are on bail, 0 to 1.
    #[must_use]
    pub fn on_bail(&self) -> f64 {
        let arrested = self.suspects.iter().filter(|suspect| suspect.arrested).count();
        let out = self.suspects.iter().filter(|suspect| suspect.arrested && suspect.bail).count();
        out as f64 / arrested.max(1) as f64
    }

    /// True for a case on somebody's report of exploitation in which nobody was exploited.
    #[must_use]
    pub fn unfounded(&self) -> bool {
        !self.victims.is_empty() && self.victims.iter().all(|witness| !witness.exploited)
    }
}

/// All open cases.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Open cases, in no order of age: those that were worked on last come last.
    pub open: Vec<Case>,
}

impl Cases {
    /// Cases at `stage`: (waiting, in progress).
    #[must_use]
    pub fn at(&self, stage: usize) -> (usize, usize) {
        debug_assert!(stage < STAGES.len());
        let at = self.open.iter().filter(|case| case.stage == stage);
        at.fold((0, 0), |(waiting, running), case| if case.begun { (waiting, running + 1) } else { (waiting + 1, running) })
    }
}
