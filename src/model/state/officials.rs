//! Officials, each one of the nation's whatever the scale, in units of one agency and one zone.
//!
//! A post keeps its number, its unit and its colleagues; people come, go and exchange posts, and an incumbent has a number of the own, by which a case
//! finds them wherever they sit. No post is ever empty: somebody acts for whoever is taken out of it. Posts of a unit stand side by side, in circles
//! of neighbours who know of each other: what one learns of others, and who keeps silent about whom, is a matter of the circle, so
//! that it does not hang on how large a unit is.

use super::super::country::{AGENCIES, Agency};
use super::ids::{IncumbentId, OfficialId};
use std::collections::BTreeSet;

/// Posts in one circle of colleagues: a station, not a friendship. Assumed, 20 to 150.
pub const CIRCLE: u32 = 60;

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
    /// Perceived risk of detection, as it stood in `risk_month`.
    pub risk: Vec<f32>,
    /// The month in which `risk` was last brought up to date.
    pub risk_month: Vec<u16>,
    /// Workplaces and recruiters under protection.
    pub clients: Vec<u16>,
    /// Who holds the post.
    pub incumbent: Vec<IncumbentId>,
    /// Who has been investigated: each is one official, in however many cases.
    pub investigated: BTreeSet<IncumbentId>,
    /// Who has been convicted.
    pub convicted: BTreeSet<IncumbentId>,
    /// How many have held a post so far.
    incumbents: u32,
    /// The first post of each unit, then one past the last post.
    pub unit_starts: Vec<u32>,
    /// Complicit officials of each unit.
    pub unit_complicit: Vec<u32>,
    /// Complicit officials of each circle, at the place of its first post.
    circle_complicit: Vec<u16>,
    /// Officials whose training is fresh.
    pub trained: u32,
    /// How well each unit recognises by itself, 0 to 1.
    pub unit_skill: Vec<f64>,
}

impl Officials {
    /// Posts with no history: `counts` holds how many each unit has, unit by unit.
    #[must_use]
    pub fn new(zones: usize, counts: &[u32], risk: f32) -> Self {
        let mut starts = vec![0u32];
        let (mut agency, mut zone) = (Vec::new(), Vec::new());
        for (unit, count) in counts.iter().enumerate() {
            for _ in 0..*count {
                agency.push((unit / zones) as u8);
                zone.push((unit % zones) as u8);
            }
            starts.push(agency.len() as u32);
        }
        let n = agency.len();
        Self {
            zones,
            agency,
            zone,
            complicit: vec![false; n],
            integrity: vec![0.0; n],
            trained_until: vec![0; n],
            risk: vec![risk; n],
            risk_month: vec![0; n],
            clients: vec![0; n],
            incumbent: OfficialId::all(n).map(|post| IncumbentId(post.0)).collect(),
            investigated: BTreeSet::new(),
            convicted: BTreeSet::new(),
            incumbents: n as u32,
            unit_starts: starts,
            unit_complicit: vec![0; AGENCIES * zones],
            circle_complicit: vec![0; n],
            trained: 0,
            unit_skill: vec![1.0; AGENCIES * zones],
        }
    }

    /// How many posts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.agency.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agency.is_empty()
    }

    /// All posts.
    pub fn all(&self) -> impl Iterator<Item = OfficialId> + use<> {
        OfficialId::all(self.len())
    }

    /// The post that `incumbent` holds, if it is still one.
    #[must_use]
    pub fn post_of(&self, incumbent: IncumbentId) -> Option<OfficialId> {
        self.all().find(|post| self.incumbent[*post] == incumbent)
    }

    /// Somebody who has held no post before takes this one.
    pub fn take(&mut self, official: OfficialId) {
        self.incumbent[official] = IncumbentId(self.incumbents);
        self.incumbents += 1;
    }

    /// True if the training of `official` is fresh in `month`.
    #[must_use]
    pub fn fresh(&self, official: OfficialId, month: u16) -> bool {
        self.trained_until[official] > month
    }

    /// The share of officials whose training is fresh.
    #[must_use]
    pub fn trained_share(&self) -> f64 {
        f64::from(self.trained) / self.len().max(1) as f64
    }

    /// The unit of `agency` in `zone`.
    #[must_use]
    pub fn unit(&self, agency: Agency, zone: u8) -> usize {
        agency as usize * self.zones + usize::from(zone)
    }

    /// The unit of `official`.
    #[must_use]
    pub fn unit_of(&self, official: OfficialId) -> usize {
        usize::from(self.agency[official]) * self.zones + usize::from(self.zone[official])
    }

    /// The posts of `unit`.
    #[must_use]
    pub fn members(&self, unit: usize) -> std::ops::Range<u32> {
        self.unit_starts[unit]..self.unit_starts[unit + 1]
    }

    /// The member of `unit` at the quantile `u`, if it has any.
    #[must_use]
    pub fn one_of(&self, unit: usize, u: f64) -> Option<OfficialId> {
        let members = self.members(unit);
        let n = members.end - members.start;
        (n > 0).then(|| OfficialId(members.start + ((u * f64::from(n)) as u32).min(n - 1)))
    }

    /// The posts of the circle of `official`: neighbours in the same unit.
    #[must_use]
    pub fn circle(&self, official: OfficialId) -> std::ops::Range<u32> {
        let members = self.members(self.unit_of(official));
        let first = members.start + (official.0 - members.start) / CIRCLE * CIRCLE;
        first..(first + CIRCLE).min(members.end)
    }

    /// The share of complicit officials in the circle of `official`, the own post left out.
    #[must_use]
    pub fn peers(&self, official: OfficialId) -> f64 {
        let circle = self.circle(official);
        let others = f64::from(self.circle_complicit[circle.start as usize]) - f64::from(u8::from(self.complicit[official]));
        others / f64::from((circle.end - circle.start).saturating_sub(1).max(1))
    }

    /// The share of complicit officials in `unit`.
    #[must_use]
    pub fn complicit_share(&self, unit: usize) -> f64 {
        let members = self.members(unit);
        f64::from(self.unit_complicit[unit]) / f64::from((members.end - members.start).max(1))
    }

    /// Makes `official` complicit or clean, and keeps the counts of unit and circle.
    pub fn set_complicit(&mut self, official: OfficialId, complicit: bool) {
        if self.complicit[official] == complicit {
            return;
        }
        self.complicit[official] = complicit;
        let unit = self.unit_of(official);
        let circle = self.circle(official).start as usize;
        if complicit {
            self.unit_complicit[unit] += 1;
            self.circle_complicit[circle] += 1;
        } else {
            self.unit_complicit[unit] -= 1;
            self.circle_complicit[circle] -= 1;
        }
    }

    /// Two officials of one agency exchange posts: what they are goes with them, what they arranged with clients stays behind.
    pub fn exchange(&mut self, one: OfficialId, other: OfficialId) {
        let (a, b) = (self.complicit[one], self.complicit[other]);
        self.set_complicit(one, b);
        self.set_complicit(other, a);
        let (one, other) = (one.index(), other.index());
        self.integrity.swap(one, other);
        self.trained_until.swap(one, other);
        self.risk.swap(one, other);
        self.risk_month.swap(one, other);
        self.incumbent.swap(one, other);
        self.clients[one] = 0;
        self.clients[other] = 0;
    }
}
