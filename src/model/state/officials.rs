//! Officials, in units of one agency and one zone.

use super::super::country::{AGENCIES, Agency};
use super::NONE;

/// All officials.
#[derive(Clone, Debug)]
pub struct Officials {
    /// Zones of the country.
    pub zones: usize,
    /// Agency.
    pub agency: Vec<u8>,
    /// Zone.
    pub zone: Vec<u8>,
    /// Complicit.
    pub complicit: Vec<bool>,
    /// Own integrity, as a logit against complicity.
    pub integrity: Vec<f32>,
    /// Training is fresh until this month (0: never trained).
    pub trained_until: Vec<u16>,
    /// Perceived risk of detection, 0 to 1.
    pub risk: Vec<f32>,
    /// Employers and recruiters under protection.
    pub clients: Vec<u16>,
    /// The case during which the official is suspended, or [`NONE`].
    pub held_by: Vec<u32>,
    /// How often the post has changed hands.
    pub generation: Vec<u16>,
    /// Officials sorted by unit.
    pub by_unit: Vec<u32>,
    /// The first place of each unit in `by_unit`, then its end.
    pub unit_starts: Vec<u32>,
    /// Share of complicit officials of each unit.
    pub unit_complicit: Vec<f64>,
    /// How well each unit recognises by itself, 0 to 1.
    pub unit_skill: Vec<f64>,
}

impl Officials {
    /// True if `official` is suspended.
    #[must_use]
    pub fn suspended(&self, official: u32) -> bool {
        self.held_by[official as usize] != NONE
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.agency.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agency.is_empty()
    }

    /// The unit of `agency` in `zone`.
    #[must_use]
    pub fn unit(&self, agency: Agency, zone: u8) -> usize {
        agency as usize * self.zones + usize::from(zone)
    }

    /// The unit of `official`.
    #[must_use]
    pub fn unit_of(&self, official: u32) -> usize {
        usize::from(self.agency[official as usize]) * self.zones + usize::from(self.zone[official as usize])
    }

    /// The members of `unit`.
    #[must_use]
    pub fn members(&self, unit: usize) -> &[u32] {
        &self.by_unit[self.unit_starts[unit] as usize..self.unit_starts[unit + 1] as usize]
    }

    /// The member of `unit` at the quantile `u`, if it has any.
    #[must_use]
    pub fn one_of(&self, unit: usize, u: f64) -> Option<u32> {
        let members = self.members(unit);
        members.get((u * members.len() as f64) as usize).copied()
    }

    /// Sorts officials by unit and takes each unit's share of the complicit.
    pub fn muster(&mut self) {
        let units = AGENCIES * self.zones;
        let mut starts = vec![0u32; units + 1];
        for official in 0..self.len() as u32 {
            starts[self.unit_of(official) + 1] += 1;
        }
        for unit in 0..units {
            starts[unit + 1] += starts[unit];
        }
        let mut next = starts.clone();
        self.by_unit.resize(self.len(), 0);
        for official in 0..self.len() as u32 {
            let unit = self.unit_of(official);
            self.by_unit[next[unit] as usize] = official;
            next[unit] += 1;
        }
        self.unit_starts = starts;
        self.unit_complicit = (0..units)
            .map(|unit| {
                let members = self.members(unit);
                let complicit = members.iter().filter(|official| self.complicit[**official as usize]).count();
                complicit as f64 / members.len().max(1) as f64
            })
            .collect();
    }
}
