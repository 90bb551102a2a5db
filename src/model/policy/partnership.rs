//! Partnership: neighbouring governments, the private sector, civil society, other agencies.

use super::Default::Value;
use super::levers;

levers! {
    /// Partnership in one month.
    Partnership, Partnership:

    /// How firmly an origin enforces its own rules on recruitment and fees.
    origin_enforcement: PerOrigin = "origin_enforcement", "neighbouring governments", "share",
        0.0..=1.0, Value(0.3), cost (3.0 Origins x Desk on Partners), Assumed, rules "3, 31",
        MouFeePaid Down, Some("corridor displacement: recruiters move to an origin that enforces less");

    /// How far an origin shares evidence.
    evidence_sharing: PerOrigin = "evidence_sharing", "neighbouring governments", "share",
        0.0..=1.0, Value(0.1), cost (3.0 Origins x Desk on Partners), Assumed, rules "17, 31",
        CrossBorderCases Up, None;

    /// Pressure of foreign buyers on exporting employers.
    buyer_pressure: One = "buyer_pressure", "private sector", "share",
        0.0..=1.0, Value(0.1), cost (3.0 One x Desk on Partners), Assumed, rules "7, 31",
        ExploitativeEmployers Down, Some("leak: abuse moves to firms that serve the domestic market");

    /// Share of communities and workplaces that an NGO reaches.
    ngo_coverage: One = "ngo_coverage", "civil society", "share",
        0.0..=1.0, Value(0.3), cost (0.000_125 Workers x Caseworker on Ngo), Assumed, rules "11, 12",
        NgoReports Up, None;

    /// Money of NGOs for casework, as a multiple of what they have.
    ngo_funding: One = "ngo_funding", "civil society", "multiple",
        0.0..=10.0, Value(1.0), cost (0.000_037_5 Workers x Caseworker on Ngo), Assumed, rules "39",
        NgoOverflow Down, None;

    /// A unit that works against recruitment online, at home and with the platforms.
    online_operations: One = "online_operations", "private sector", "share",
        0.0..=1.0, Value(0.0), cost (6.0 One x Desk on Investigation), Assumed, rules "33, 37",
        Operations Up, None;

    /// Formal role of NGOs in identification and care: people referred to the state.
    ngo_formal_role: One = "ngo_formal_role", "civil society", "share",
        0.0..=1.0, Value(0.2), cost (0.00002 Workers x Caseworker on Ngo), Assumed, rules "12",
        NgoReferrals Up, None;

    /// Protection of workers and NGOs from lawsuits for what they report.
    lawsuit_protection: One = "lawsuit_protection", "civil society", "share",
        0.0..=1.0, Value(0.1), cost (4.0 One x Desk on Ngo), Assumed, rules "12",
        HotlineCalls Up, None;

    /// Share of officials trained by foreign agencies.
    foreign_training: One = "foreign_training", "US and other agencies", "share",
        0.0..=1.0, Value(0.02), cost (0.25 Officials x Training on Partners), Assumed, rules "10",
        TrainedShare Up, None;

    /// Intelligence from abroad: operations that no report began.
    intelligence: One = "intelligence", "US and other agencies", "share",
        0.0..=1.0, Value(0.1), cost (8.0 One x Desk on Partners), Assumed, rules "12, 17",
        Operations Up, None;

    /// Pressure of the yearly ranking.
    tier_pressure: One = "tier_pressure", "US and other agencies", "share",
        0.0..=1.0, Value(0.3), cost , Assumed, rules "10, 30",
        Raids Up, Some("goal displacement: effort drifts to cases that are easily counted (rule 30)");
}
