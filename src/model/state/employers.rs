//! Employers, ordered by sector and then by zone, in norm clusters of neighbours.
//!
//! At scale w an employer's agent stands for w employers alike, its *copies*; each has one person of each of the agent's workers.
//! A visit concerns one copy, and so does a closure: the agent loses one of its copies and gets it back with a successor.

use super::ids::{EmployerId, OfficialId};
use super::sums::RunningSums;

/// Propensity below which a workplace looks no safer.
const LEAST_RISK: f64 = 0.01;

/// Employers in one norm cluster.
pub const CLUSTER: usize = 40;

/// A workplace under the protection of an official.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The employer, one of whose copies is protected.
    pub employer: EmployerId,
    /// The protector.
    pub official: OfficialId,
}

/// A closed copy that may be taken over.
#[derive(Clone, Copy, Debug)]
pub struct Vacant {
    /// The month in which it is.
    pub due: u16,
    /// The employer whose copy it was.
    pub employer: EmployerId,
    /// By kin or partners, who go on as before; or else by a newcomer.
    pub kin: bool,
}

/// All employers.
#[derive(Clone, Debug)]
pub struct Employers {
    /// Copies of an agent at first.
    pub scale: u16,
    /// The first employer of each sector, then one past the last employer.
    pub starts: Vec<u32>,
    /// Sector.
    pub sector: Vec<u8>,
    /// Zone.
    pub zone: Vec<u8>,
    /// Workers wanted by one copy; a heavy tail.
    pub size: Vec<f32>,
    /// Workers of all copies at present, persons.
    pub workers: Vec<u32>,
    /// Copies at work.
    pub open: Vec<u16>,
    /// Margin against the sector's, 0 to 1; a thin margin presses.
    pub margin: Vec<f32>,
    /// Exploitation propensity, 0 to 1; set by [`Self::set_propensity`].
    pub propensity: Vec<f32>,
    /// How far visits of routine, and raids, are drawn to a workplace by its propensity, against where they are drawn most.
    pub drawn: Vec<[f32; 2]>,
    /// The powers of the propensity by which they are.
    pub draw: [f64; 2],
    /// The propensity with which the employer set up, 0 to 1.
    pub habit: Vec<f32>,
    /// Keeps workers' documents.
    pub keeps_documents: Vec<bool>,
    /// Exports.
    pub exports: Vec<bool>,
    /// Norm cluster.
    pub cluster: Vec<u32>,
    /// Perceived risk of being caught, as it stood in `risk_month`; see [`risk`](super::super::risk).
    pub risk: Vec<f32>,
    /// The month in which `risk` was last brought up to date.
    pub risk_month: Vec<u16>,
    /// Copies that have a protector among the police.
    pub protected: Vec<u16>,
    /// Who protects them, employer by employer.
    pub links: Vec<Link>,
    /// How often a copy has been taken over by a new employer.
    pub generation: Vec<u16>,
    /// The month after the last visit to each copy (0: never), agent by agent.
    pub visited: Vec<u16>,
    /// Copies that may be taken over.
    pub vacant: Vec<Vacant>,
    /// Running sums of vacancies at the start of placement, in agents.
    pub vacancies: RunningSums,
    /// Vacancies of each sector then, weighted by how often men and women work there.
    pub suiting: [Vec<f64>; 2],
}

impl Employers {
    /// How many agents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sector.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sector.is_empty()
    }

    /// All agents.
    pub fn all(&self) -> impl Iterator<Item = EmployerId> + use<> {
        EmployerId::all(self.len())
    }

    /// The employers of `sector`.
    #[must_use]
    pub fn of_sector(&self, sector: usize) -> std::ops::Range<usize> {
        self.starts[sector] as usize..self.starts[sector + 1] as usize
    }

    /// The employers of the cluster of `employer`.
    #[must_use]
    pub fn cluster_of(&self, employer: EmployerId) -> std::ops::Range<usize> {
        let first = self.cluster[employer] as usize;
        let most = self.len().min(first + CLUSTER);
        let length = self.cluster[first..most].iter().take_while(|cluster| **cluster as usize == first).count();
        first..first + length
    }

    /// Sets the propensity of `employer`, and how far visits are drawn there.
    pub fn set_propensity(&mut self, employer: EmployerId, propensity: f32) {
        self.propensity[employer] = propensity;
        self.drawn[employer] = drawn(self.draw, propensity);
    }

    /// True if a copy of `employer` is at work.
    #[must_use]
    pub fn at_work(&self, employer: EmployerId) -> bool {
        self.open[employer] > 0
    }

    /// Workers wanted by all copies at work, persons.
    #[must_use]
    pub fn wanted(&self, employer: EmployerId) -> f64 {
        f64::from(self.size[employer]) * f64::from(self.open[employer])
    }

    /// The share of the copies of `employer` at work that a protector covers.
    #[must_use]
    pub fn covered(&self, employer: EmployerId) -> f64 {
        (f64::from(self.protected[employer]) / f64::from(self.open[employer].max(1))).min(1.0)
    }

    /// The protector at the quantile `u` of the protected copies of `employer`.
    #[must_use]
    pub fn protector(&self, employer: EmployerId, u: f64) -> Option<OfficialId> {
        let first = self.links.partition_point(|link| link.employer < employer);
        let count = self.links[first..].iter().take_while(|link| link.employer == employer).count();
        self.links.get(first + ((u * count as f64) as usize).min(count.saturating_sub(1))).filter(|_| count > 0).map(|link| link.official)
    }

    /// The place of the copy `copy` of `employer` among all workplaces of the country.
    #[must_use]
    pub fn workplace(&self, employer: EmployerId, copy: u16) -> u32 {
        employer.0 * u32::from(self.scale) + u32::from(copy)
    }

    /// One copy of `employer` closes for good; a successor may take it over.
    pub fn close(&mut self, employer: EmployerId) {
        self.open[employer] = self.open[employer].saturating_sub(1);
        self.generation[employer] = self.generation[employer].wrapping_add(1);
    }
}

/// What propensity is worth to visits that are drawn by these powers of it, against the most that any is.
#[must_use]
pub fn drawn(powers: [f64; 2], propensity: f32) -> [f32; 2] {
    powers.map(|tau| {
        let most = if tau < 0.0 { libm::pow(LEAST_RISK, tau) } else { 1.0 };
        (libm::pow(f64::from(propensity).max(LEAST_RISK), tau) / most) as f32
    })
}
