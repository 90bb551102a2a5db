//! Communities: home villages or kin clusters, whose members' ids are neighbours.

/// All communities.
#[derive(Clone, Debug)]
pub struct Communities {
    /// The origin (one past the last origin: citizens).
    pub origin: Vec<u8>,
    /// Members.
    pub members: Vec<u16>,
    /// Members at work in the country.
    pub abroad: Vec<u16>,
    /// Members at work in the country who came through the legal channel.
    pub abroad_mou: Vec<u16>,
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
    /// This month's outcomes of own members.
    pub outcomes: Vec<Outcomes>,
}

/// What happened to a community's members this month, as far as it learns from it.
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

    /// Tells `community` of an outcome of one of its members; weights from rule 28.
    pub fn hear(&mut self, community: usize, outcome: Outcome) {
        let heard = &mut self.outcomes[community];
        match outcome {
            Outcome::Deported => {
                heard.bad += 1.0;
                heard.arrests += 1.0;
            }
            Outcome::IncomeLost => heard.bad += 0.5,
            Outcome::Rejected => heard.bad += 0.3,
            Outcome::OpenCare => heard.good += 0.3,
            Outcome::Convicted => heard.good += 0.5,
            Outcome::Compensated => heard.good += 1.0,
        }
    }

    /// Something befell a member of `community` that frightens as much as this part of an arrest.
    pub fn fear(&mut self, community: usize, arrests: f64) {
        self.outcomes[community].arrests += arrests as f32;
    }

    /// Share of members at work in the country.
    #[must_use]
    pub fn share_abroad(&self, community: usize) -> f64 {
        f64::from(self.abroad[community]) / f64::from(self.members[community].max(1))
    }
}
