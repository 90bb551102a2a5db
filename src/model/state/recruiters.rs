//! Recruiters, licensed and informal, each one of the nation's whatever the scale; a place that is left may be taken over by a successor.

use super::ids::{OfficialId, RecruiterId};
use super::proposals::Proposals;

/// Recruiters in one circle: neighbours from one origin, who learn of each other's arrests.
pub const CIRCLE: usize = 20;

/// All recruiters.
#[derive(Clone, Debug)]
pub struct Recruiters {
    /// Licensed (or informal).
    pub licensed: Vec<bool>,
    /// The place was laid out for a licensed recruiter.
    pub licensed_place: Vec<bool>,
    /// Origin served.
    pub origin: Vec<u8>,
    /// Sector supplied.
    pub sector: Vec<u8>,
    /// Zone supplied.
    pub zone: Vec<u8>,
    /// Places recruits exploitatively at present.
    pub active: Vec<bool>,
    /// Share of recruits placed exploitatively when active.
    pub intensity: Vec<f32>,
    /// Fee, as a multiple of the corridor's.
    pub fee: Vec<f32>,
    /// Working capital, in W.
    pub capital: Vec<f32>,
    /// Working capital with which the recruiter set up, in W.
    pub needed: Vec<f32>,
    /// Recruits a month that can be placed with the whole working capital, persons.
    pub capacity: Vec<f32>,
    /// Perceived risk of being caught, as it stood in `risk_month`.
    pub risk: Vec<f32>,
    /// The month in which `risk` was last brought up to date.
    pub risk_month: Vec<u16>,
    /// The protecting official, or nobody.
    pub protector: Vec<OfficialId>,
    /// The case in which the recruiter is held, or 0.
    pub held_by: Vec<u32>,
    /// The place was left for good: by a conviction, or with a licence. A successor may take it over.
    pub left: Vec<bool>,
    /// How often the place has been left, so that what was begun against one recruiter never reaches the next.
    pub generation: Vec<u16>,
    /// Places that may be taken over: (month, recruiter).
    pub vacant: Vec<(u16, RecruiterId)>,
    /// How travellers come upon recruiters: by how many each can place with the whole working capital.
    pub met: Proposals,
}

impl Recruiters {
    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.licensed.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.licensed.is_empty()
    }

    /// All places.
    pub fn all(&self) -> impl Iterator<Item = RecruiterId> + use<> {
        RecruiterId::all(self.len())
    }

    /// The circle of `recruiter`: those of the same origin who sit side by side with it, itself among them.
    pub fn circle(&self, recruiter: RecruiterId) -> impl Iterator<Item = RecruiterId> + use<'_> {
        let first = recruiter.index() / CIRCLE * CIRCLE;
        let places = (first..self.len().min(first + CIRCLE)).map(|place| RecruiterId(place as u32));
        places.filter(move |other| self.origin[*other] == self.origin[recruiter])
    }

    /// True if `recruiter` is at work.
    #[must_use]
    pub fn at_work(&self, recruiter: RecruiterId) -> bool {
        !self.left[recruiter] && self.held_by[recruiter] == 0
    }

    /// `recruiter` leaves the place for good.
    pub fn leave(&mut self, recruiter: RecruiterId) {
        self.left[recruiter] = true;
        self.held_by[recruiter] = 0;
        self.protector[recruiter] = OfficialId::NONE;
        self.generation[recruiter] = self.generation[recruiter].wrapping_add(1);
    }

    /// The share of recruits that `recruiter` places exploitatively now.
    #[must_use]
    pub fn share(&self, recruiter: RecruiterId) -> f64 {
        if self.active[recruiter] { f64::from(self.intensity[recruiter]) } else { 0.0 }
    }

    /// What share of the working capital with which `recruiter` set up is there to work with now: none for who is not at work.
    #[must_use]
    pub fn held(&self, recruiter: RecruiterId) -> f64 {
        if self.at_work(recruiter) { (f64::from(self.capital[recruiter]) / f64::from(self.needed[recruiter]).max(1e-9)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Recruits a month that `recruiter` can place now, persons: capacity follows capital.
    #[must_use]
    pub fn capacity_now(&self, recruiter: RecruiterId) -> f64 {
        f64::from(self.capacity[recruiter]) * self.held(recruiter)
    }
}
