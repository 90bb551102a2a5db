//! Communities: home villages or kin clusters, whose members' ids are neighbours.

use super::ids::CommunityId;

/// All communities.
#[derive(Clone, Debug)]
pub struct Communities {
    /// The origin (one past the last origin: citizens).
    pub origin: Vec<u8>,
    /// Members, persons.
    pub members: Vec<u32>,
    /// Members at work in the country, persons.
    pub abroad: Vec<u32>,
    /// Members at work in the country who came through the legal channel, persons.
    pub abroad_mou: Vec<u32>,
    /// Belief: what a legal status is worth, in W.
    pub legal_value: Vec<f32>,
    /// Belief: whether brokers keep their word, -1 to 1.
    pub reputation: Vec<f32>,
    /// Belief: the risk of arrest, 0 to 1.
    pub risk: Vec<f32>,
    /// Belief: trust in the authorities, -1 to 1.
    pub trust: Vec<f32>,
    /// A rumour of expulsion, 0 to 1.
    pub rumour: Vec<f32>,
    /// Hearsay: how open shelters are believed to be, 0 to 1.
    pub shelters: Vec<f32>,
    /// This month's outcomes of own members.
    pub outcomes: Vec<Outcomes>,
}

/// What happened to a community's members this month, as far as it learns from it, in persons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Sum of good outcomes: open care, convictions, compensation.
    pub good: f32,
    /// Sum of bad outcomes, as a positive number: detention, deportation, income lost, rejection.
    pub bad: f32,
    /// Members arrested, and a part of those extorted.
    pub arrests: f32,
    /// Members who were exploited after coming through the legal channel.
    pub legal_bad: f32,
    /// Members who arrived unharmed through the legal channel.
    pub legal_good: f32,
    /// Members who were exploited after coming through a broker.
    pub broker_bad: f32,
    /// Members who arrived unharmed through a broker.
    pub broker_good: f32,
}

/// What a community hears of one of its members (rule 28).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Detained or deported.
    Deported,
    /// Income lost: extorted, or kept in a closed shelter.
    IncomeLost,
    /// Came forward and was rejected.
    Rejected,
    /// Was cared for in the open.
    OpenCare,
    /// Saw an offender convicted.
    Convicted,
    /// Was compensated.
    Compensated,
}

impl Communities {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origin.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origin.is_empty()
    }

    /// Tells `community` of an outcome of `persons` of its members; weights from rule 28.
    pub fn hear(&mut self, community: CommunityId, outcome: Outcome, persons: f64) {
        let heard = &mut self.outcomes[community];
        let persons = persons as f32;
        match outcome {
            Outcome::Deported => {
                heard.bad += persons;
                heard.arrests += persons;
            }
            Outcome::IncomeLost => heard.bad += 0.5 * persons,
            Outcome::Rejected => heard.bad += 0.3 * persons,
            Outcome::OpenCare => heard.good += 0.3 * persons,
            Outcome::Convicted => heard.good += 0.5 * persons,
            Outcome::Compensated => heard.good += persons,
        }
    }

    /// Something befell members of `community` that frightens as much as so many arrests.
    pub fn fear(&mut self, community: CommunityId, arrests: f64) {
        self.outcomes[community].arrests += arrests as f32;
    }

    /// Share of members at work in the country.
    #[must_use]
    pub fn share_abroad(&self, community: CommunityId) -> f64 {
        f64::from(self.abroad[community]) / f64::from(self.members[community].max(1))
    }
}
