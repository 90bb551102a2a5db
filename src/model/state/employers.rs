//! Employers, ordered by sector and then by zone, in norm clusters of neighbours.

use super::NEVER;
use super::sums::RunningSums;

/// Employers in one norm cluster.
pub const CLUSTER: usize = 40;

/// All employers.
#[derive(Clone, Debug)]
pub struct Employers {
    /// The first employer of each sector, then one past the last employer.
    pub starts: Vec<u32>,
    /// Sector.
    pub sector: Vec<u8>,
    /// Zone.
    pub zone: Vec<u8>,
    /// Workers wanted, in persons; a heavy tail.
    pub size: Vec<f32>,
    /// Workers at present.
    pub workers: Vec<u32>,
    /// Margin against the sector's, 0 to 1; a thin margin presses.
    pub margin: Vec<f32>,
    /// Exploitation propensity, 0 to 1.
    pub propensity: Vec<f32>,
    /// The propensity with which the employer set up, 0 to 1.
    pub habit: Vec<f32>,
    /// Keeps workers' documents.
    pub keeps_documents: Vec<bool>,
    /// Exports.
    pub exports: Vec<bool>,
    /// Norm cluster.
    pub cluster: Vec<u32>,
    /// Perceived risk of being caught, 0 to 1, as it stood in `risk_month`.
    pub risk: Vec<f32>,
    /// The month in which `risk` was last brought up to date.
    pub risk_month: Vec<u16>,
    /// Month of the last inspection, or [`NEVER`].
    pub inspected: Vec<u16>,
    /// Closed or sanctioned until this month (0: open).
    pub closed_until: Vec<u16>,
    /// The protecting official, or [`NONE`](super::NONE).
    pub protector: Vec<u32>,
    /// How often the slot has been taken over by a new employer.
    pub generation: Vec<u16>,
    /// Weight in the choice of inspections (rule 9), kept up to date with size and propensity.
    pub weight: Vec<f32>,
    /// Running sums of vacancies at the start of placement.
    pub vacancies: RunningSums,
    /// Vacancies of each sector then, weighted by how often men and women work there.
    pub suiting: [Vec<f64>; 2],
}

impl Employers {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sector.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sector.is_empty()
    }

    /// The employers of `sector`.
    #[must_use]
    pub fn of_sector(&self, sector: usize) -> std::ops::Range<usize> {
        self.starts[sector] as usize..self.starts[sector + 1] as usize
    }

    /// True if `employer` is at work in `month`.
    #[must_use]
    pub fn open(&self, employer: u32, month: u16) -> bool {
        self.closed_until[employer as usize] <= month
    }

    /// Closes `employer` for good; a successor may take the slot over.
    pub fn close(&mut self, employer: u32) {
        self.closed_until[employer as usize] = NEVER;
    }

    /// Perceived risk of `employer` in `month`, after forgetting at `forget` a month (rule 18).
    #[must_use]
    pub fn risk_now(&self, employer: u32, month: u16, forget: f64) -> f64 {
        let i = employer as usize;
        let months = i32::from(month - self.risk_month[i]);
        f64::from(self.risk[i]) * libm::pow(1.0 - forget, f64::from(months))
    }

    /// Raises the perceived risk of `employer` by `lesson` of what is left to 1 (rule 18).
    pub fn learn(&mut self, employer: u32, lesson: f64, month: u16, forget: f64) {
        let before = self.risk_now(employer, month, forget);
        self.risk[employer as usize] = (before + lesson * (1.0 - before)) as f32;
        self.risk_month[employer as usize] = month;
    }
}
