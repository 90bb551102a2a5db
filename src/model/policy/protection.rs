//! Protection: identification centred on the victim, shelters, rehabilitation.

use super::Default::Value;
use super::levers;

levers! {
    /// Protection in one month.
    Protection, Protection:

    /// Share of officials trained to recognise and interview victims.
    training: One = "training", "victim-centred identification", "share",
        0.0..=1.0, Value(0.1), cost (0.5 Officials x Training on Training), Assumed, rules "10, 13",
        TrainedShare Up, None;

    /// Interpreters, as a multiple of the profile's number.
    interpreters: One = "interpreters", "victim-centred identification", "multiple",
        0.0..=20.0, Value(1.0), cost (1.0 Interpreters x Interpreter on Interpreters), Assumed, rules "10, 11",
        Flagged Up, None;

    /// Days of reflection before the formal interview.
    reflection_days: One = "reflection_days", "victim-centred identification", "days",
        0.0..=90.0, Value(0.0), cost (0.008 Beds x Bed on Shelters), Assumed, rules "11, 13",
        Identified Up, None;

    /// Firewall: how far victims are neither punished nor deported for offences they were made to commit.
    non_punishment: One = "non_punishment", "victim-centred identification", "share",
        0.0..=1.0, Value(0.2), cost (0.05 Arrests x Screening on Interpreters), Assumed, rules "11, 13, 28",
        VictimsDetained Down, None;

    /// Share of arrested migrants who are screened for exploitation before removal.
    detention_screening: One = "detention_screening", "victim-centred identification", "share",
        0.0..=1.0, Value(0.02), cost (1.0 Arrests x Screening on Interpreters), Assumed, rules "10, 13",
        IdentifiedDetention Up, Some("who is identified there has been arrested first; without a firewall the rest are removed as before");

    /// Staff for the screening of people who come out of compounds across the border, as a multiple of the profile's.
    mass_screening: One = "mass_screening", "victim-centred identification", "multiple",
        0.0..=20.0, Value(1.0), cost (1.0 Screeners x Officer on Interpreters), Assumed, rules "37",
        CompoundsScreened Up, Some("who is screened in haste and not recognised is treated as an offender");

    /// Freedom of movement of victims in shelters.
    shelter_freedom: One = "shelter_freedom", "shelters", "share",
        0.0..=1.0, Value(0.1), cost (0.1 Beds x Bed on Shelters), Assumed, rules "11, 14",
        WitnessesLost Down, Some("some leave before they testify");

    /// Freedom of victims in shelters to communicate with the outside.
    shelter_communication: One = "shelter_communication", "shelters", "share",
        0.0..=1.0, Value(0.2), cost (0.03 Beds x Bed on Shelters), Assumed, rules "11, 14",
        WitnessesLost Down, None;

    /// Shelter beds, as a multiple of the profile's number.
    beds: One = "beds", "shelters", "multiple",
        0.0..=20.0, Value(1.0), cost (1.0 Beds x Bed on Shelters), Assumed, rules "13, 14",
        Sheltered Up, None;

    /// Share of adult victims in care who get a work permit.
    work_permit: One = "work_permit", "shelters", "share",
        0.0..=1.0, Value(0.1), cost (1.0 Victims x Application on Shelters), Assumed, rules "12, 14",
        WorkPermits Up, None;

    /// Share of victims who leave care with reintegration support.
    reintegration_coverage: One = "reintegration_coverage", "rehabilitation, reintegration", "share",
        0.0..=1.0, Value(0.2), cost (1.0 Victims x Assistance on Shelters), Assumed, rules "26",
        Reintegrated Up, Some("costly, and its effect comes late");

    /// Share of ordered compensation that is paid, on top of the profile's rate.
    compensation_paid: One = "compensation_paid", "rehabilitation, reintegration", "share",
        0.0..=1.0, Value(0.0), cost (1.0 Victims x Compensation on Shelters), Assumed, rules "14, 25, 28",
        CompensationPaid Up, Some("costly, and its effect comes late");

    /// Services made for women and children: their disclosure and their care.
    child_and_women_services: One = "child_and_women_services", "women and children", "share",
        0.0..=1.0, Value(0.2), cost (0.15 Beds x Bed on Shelters), Assumed, rules "11, 14",
        IdentifiedWomen Up, None;

    /// The part of training that is designed with civil society: units recognise more alike.
    manuals_with_ngos: One = "manuals_with_ngos", "standard trainings and manuals with civil society", "share",
        0.0..=1.0, Value(0.1), cost (0.1 Officials x Training on Training), Assumed, rules "10",
        Flagged Up, None;

    /// Months of follow-up after care.
    follow_up_months: One = "follow_up_months", "no re-victimisation", "months",
        0.0..=24.0, Value(3.0), cost (0.05 Victims x Assistance on Shelters), Assumed, rules "26",
        Retrafficked Down, None;

    /// Share of returns that are assessed and accompanied.
    safe_return: One = "safe_return", "no re-victimisation", "share",
        0.0..=1.0, Value(0.2), cost (0.5 Victims x Assistance on Shelters), Assumed, rules "26",
        Retrafficked Down, None;
}
