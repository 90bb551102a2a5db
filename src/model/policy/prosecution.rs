//! Prosecution: quality and speed of cases, money, administrative powers, complicit officials.

use super::Default::Value;
use super::levers;

levers! {
    /// Prosecution in one month.
    Prosecution, Prosecution:

    /// Share of investigations led by a joint team of police, prosecutors and social workers.
    joint_teams: One = "joint_teams", "quality and speed by coordination", "share",
        0.0..=1.0, Value(0.1), cost (0.2 Teams x Team on Investigation), Assumed, rules "16, 17",
        BacklogInvestigation Down, Some("speed without cooperation loses cases: victims have less time to come forward, and what is investigated sooner waits in court");

    /// Investigation teams for trafficking cases, as a multiple of the profile's.
    investigators: One = "investigators", "quality and speed by coordination", "multiple",
        0.1..=10.0, Value(1.0), cost (1.0 Teams x Team on Investigation), Assumed, rules "16",
        BacklogInvestigation Down, Some("what is investigated sooner waits with the prosecution and in court");

    /// Prosecutors for trafficking cases, as a multiple of the profile's.
    prosecutors: One = "prosecutors", "quality and speed by coordination", "multiple",
        0.1..=10.0, Value(1.0), cost (1.0 Prosecution x Place on Courts), Assumed, rules "16",
        BacklogProsecution Down, Some("what is reviewed sooner waits in court");

    /// Court capacity for trafficking cases, as a multiple of the profile's.
    court_slots: One = "court_slots", "quality and speed by coordination", "multiple",
        0.1..=10.0, Value(1.0), cost (1.0 Court x Place on Courts), Assumed, rules "16",
        BacklogCourt Down, None;

    /// Share of the arrested who are kept in custody until the verdict.
    bail_refused: One = "bail_refused", "quality and speed by coordination", "share",
        0.0..=1.0, Value(0.5), cost (0.3 Court x Place on Courts), Assumed, rules "38",
        Fled Down, None;

    /// Protection of witnesses from those on bail and their friends.
    witness_protection: One = "witness_protection", "quality and speed by coordination", "share",
        0.0..=1.0, Value(0.1), cost (2.0 Victims x Assistance on Courts), Assumed, rules "38",
        WitnessesLost Down, None;

    /// Share of cooperating victims whose testimony is taken before trial.
    advance_testimony: One = "advance_testimony", "quality and speed by coordination", "share",
        0.0..=1.0, Value(0.1), cost (2.0 Victims x Assistance on Courts), Assumed, rules "14, 17",
        Testified Up, None;

    /// Financial inquiries, as a multiple of the profile's capacity.
    financial_inquiry: One = "financial_inquiry", "anti-money-laundering", "multiple",
        0.0..=20.0, Value(1.0), cost (1.0 Inquiries x Inquiry on Financial), Assumed, rules "24",
        FinancialInquiries Up, Some("the removed are replaced: seized capital is rebuilt by new recruiters");

    /// Share of forfeited assets that pays compensation.
    assets_to_compensation: One = "assets_to_compensation", "anti-money-laundering", "share",
        0.0..=1.0, Value(0.0), cost , Assumed, rules "24, 25",
        CompensationMoney Up, None;

    /// Share of workplaces found abusive that are closed, within what the law allows.
    closure: One = "closure", "administrative powers", "share",
        0.0..=1.0, Value(0.05), cost (2.0 One x Desk on Inspections), Assumed, rules "9, 20",
        Closures Up, Some("workers lose job and status and move to informal brokers");

    /// Share of inspected licensed recruiters with exploitative recruits whose licence is revoked.
    licence_revocation: One = "licence_revocation", "administrative powers", "share",
        0.0..=1.0, Value(0.05), cost (1.0 One x Desk on Entry), Assumed, rules "20",
        LicencesSuspended Up, Some("the legal channel shrinks and migrants move to informal brokers");

    /// Strength of the unit that looks for complicit officials, as an addition to detection.
    integrity_unit: One = "integrity_unit", "complicit officials", "multiple added",
        0.0..=20.0, Value(0.5), cost (0.015 Enforcers x Officer on Integrity), Assumed, rules "22",
        OfficialsInvestigated Up, None;

    /// Share of officials moved to another unit each month.
    rotation: One = "rotation", "complicit officials", "share a month",
        0.0..=0.2, Value(0.004), cost (6.0 Officials x Training on Integrity), Assumed, rules "22, 23",
        ProtectedEmployers Down, Some("rotation carries complicity into other units");

    /// Protection of officials and colleagues who report complicity.
    whistleblower_protection: One = "whistleblower_protection", "complicit officials", "share",
        0.0..=1.0, Value(0.1), cost (4.0 One x Desk on Integrity), Assumed, rules "22",
        OfficialsInvestigated Up, None;
}
