//! Recruiters, licensed and informal; a slot that is left may be taken over by a successor.

use super::NONE;

/// All recruiters.
#[derive(Clone, Debug)]
pub struct Recruiters {
    /// Licensed (or informal).
    pub licensed: Vec<bool>,
    /// The slot was laid out for a licensed recruiter.
    pub licensed_slot: Vec<bool>,
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
    /// Recruits a month that can be placed, in agents.
    pub capacity: Vec<f32>,
    /// Share of the capacity lost to seizures, recovering.
    pub bitten: Vec<f32>,
    /// Perceived risk of being caught, 0 to 1.
    pub risk: Vec<f32>,
    /// The protecting official, or [`NONE`].
    pub protector: Vec<u32>,
    /// The case in which the recruiter is held, or [`NONE`].
    pub held_by: Vec<u32>,
    /// The slot was left for good: by a conviction, or with a licence. A successor may take it over.
    pub vacant: Vec<bool>,
    /// How often the slot has been left, so that what was begun against one recruiter never reaches the next.
    pub generation: Vec<u16>,
}

impl Recruiters {
    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.licensed.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.licensed.is_empty()
    }

    /// True if `recruiter` is at work.
    #[must_use]
    pub fn at_work(&self, recruiter: u32) -> bool {
        !self.vacant[recruiter as usize] && self.held_by[recruiter as usize] == NONE
    }

    /// `recruiter` leaves the slot for good.
    pub fn leave(&mut self, recruiter: u32) {
        let i = recruiter as usize;
        self.vacant[i] = true;
        self.held_by[i] = NONE;
        self.generation[i] = self.generation[i].wrapping_add(1);
    }

    /// The share of recruits that `recruiter` places exploitatively now.
    #[must_use]
    pub fn share(&self, recruiter: u32) -> f64 {
        if self.active[recruiter as usize] { f64::from(self.intensity[recruiter as usize]) } else { 0.0 }
    }

    /// Recruits a month that `recruiter` can place now.
    #[must_use]
    pub fn capacity_now(&self, recruiter: u32) -> f64 {
        let i = recruiter as usize;
        if self.at_work(recruiter) { f64::from(self.capacity[i]) * (1.0 - f64::from(self.bitten[i])) } else { 0.0 }
    }
}
