//! Cases: real cases with victims and suspects who exist in the population, in three real queues.

use super::super::ledgers::STAGES;

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
    Employer(u32, u16),
    /// A recruiter.
    Recruiter(u32, u16),
    /// An official.
    Official(u32, u16),
    /// Somebody who is no entity of the model.
    Accomplice,
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
}

/// A victim in a case.
#[derive(Clone, Copy, Debug)]
pub struct Witness {
    /// The person.
    pub person: u32,
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
    /// Hash of the founding employer or recruiter and the month, so that luck survives another variant.
    pub id: u32,
    /// What it is about.
    pub kind: CaseKind,
    /// The zone whose units carry it.
    pub zone: u8,
    /// The sector where the victims worked.
    pub sector: u8,
    /// Victims.
    pub victims: Vec<Witness>,
    /// Suspects.
    pub suspects: Vec<Suspect>,
    /// 0 investigation, 1 prosecution, 2 court.
    pub stage: usize,
    /// Month in which it was opened.
    pub opened: u16,
    /// Month in which it entered the stage.
    pub entered: u16,
    /// Month in which the stage ends, once it is in progress.
    pub ends: Option<u16>,
    /// Slots that it takes up.
    pub slots: u32,
    /// Led by a joint team.
    pub joint: bool,
    /// A financial inquiry was opened.
    pub financial: bool,
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
    /// A file opened in `month` in `zone` against the persons in `who`: one slot, nothing found yet.
    #[must_use]
    pub fn opened(id: u32, kind: CaseKind, zone: u8, month: u16, who: Vec<Who>) -> Self {
        Self {
            id,
            kind,
            zone,
            sector: 0,
            victims: Vec::new(),
            suspects: who.into_iter().map(|who| Suspect { who, arrested: false, charged: false }).collect(),
            stage: 0,
            opened: month,
            entered: month,
            ends: None,
            slots: 1,
            joint: false,
            financial: false,
            cross_border: false,
            blocked: false,
            assets: 0.0,
            verdict: None,
        }
    }
}

/// All open cases, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Open cases in the order in which they were opened.
    pub open: Vec<Case>,
}

impl Cases {
    /// Cases at `stage`: (waiting, in progress).
    #[must_use]
    pub fn at(&self, stage: usize) -> (usize, usize) {
        debug_assert!(stage < STAGES.len());
        let at = self.open.iter().filter(|case| case.stage == stage);
        at.fold((0, 0), |(waiting, running), case| if case.ends.is_some() { (waiting, running + 1) } else { (waiting + 1, running) })
    }
}
