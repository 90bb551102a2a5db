//! Prevention: recruitment agencies, legal entry, loopholes, awareness, and the contrary.

use super::Default::{Profile, Value};
use super::levers;

levers! {
    /// Prevention in one month.
    Prevention, Prevention:

    /// Share of licensed recruiters inspected a year at the destination: holds fees to the cap.
    agency_inspection: One = "agency_inspection", "regulate recruitment agencies", "share a year",
        0.0..=1.0, Value(0.1), cost (0.05 Agencies x Officer on Entry), Assumed, rules "3",
        MouFeePaid Down, Some("over-regulation: fewer licensed agencies, more informal brokers");

    /// How high the bar for a licence stands: deposit, capital, ownership.
    licence_bar: One = "licence_bar", "regulate recruitment agencies", "share",
        0.0..=1.0, Value(0.1), cost , Assumed, rules "3, 20",
        LicensedRecruiters Down, Some("over-regulation: licensed agencies leave, fees rise, informal brokers take over");

    /// Share of the recruitment fee that the employer must pay.
    employer_pays: One = "employer_pays", "regulate recruitment agencies", "share",
        0.0..=1.0, Value(0.0), cost , Assumed, rules "3",
        MouFeePaid Down, None;

    /// Share of the recruitment cost that is refunded to the worker before it becomes a debt.
    fee_refund: One = "fee_refund", "regulate recruitment agencies", "share",
        0.0..=1.0, Value(0.0), cost (0.02 Applications x Fee on Entry), Assumed, rules "4",
        DebtUpperQuartile Down, None;

    /// The official cost of the legal channel, as a multiple of the profile's cap.
    mou_fee: One = "mou_fee", "cheaper, faster legal entry", "multiple",
        0.0..=5.0, Value(1.0), cost (-0.3 Applications x Fee on Entry), Assumed, rules "1, 3",
        MouFeePaid Up, Some("more applicants than the queue can carry");

    /// Months that processing in the legal channel takes at the least, without a queue.
    mou_months: One = "mou_months", "cheaper, faster legal entry", "months",
        0.1..=12.0, Value(1.5), cost (-0.2 Applications x Application on Entry), Assumed, rules "1, 2",
        MouWait Up, Some("time cut without a fee cut moves people into a channel of high debt");

    /// Applications that the legal channel can process a month, as a multiple of the profile's.
    mou_throughput: One = "mou_throughput", "cheaper, faster legal entry", "multiple",
        0.0..=10.0, Value(1.0), cost (1.0 Applications x Application on Entry), Assumed, rules "2",
        ArrivalsMou Up, None;

    /// Freedom of workers in the legal channel to change employer without losing status.
    employer_change: One = "employer_change", "close loopholes", "share",
        0.0..=1.0, Value(0.2), cost (0.2 Applications x Application on Entry), Assumed, rules "8",
        FellIrregular Down, None;

    /// How far a registration window for irregular migrants is open.
    registration_windows: One = "registration_windows", "close loopholes", "share",
        0.0..=1.0, Profile, cost , Measured, rules "32",
        Registrations Up, Some("new paperwork and new agents: a fee to borrow for");

    /// Labour inspections, as a multiple of the profile's number.
    labour_inspections: One = "labour_inspections", "close loopholes", "multiple",
        0.0..=20.0, Value(1.0), cost (1.0 Inspectors x Officer on Inspections), Assumed, rules "9",
        Inspections Up, Some("inspections that do not recognise find almost nobody (pattern P2)");

    /// Fine that the labour law puts on a finding of inspectors, for each worker whose rights are violated; twice and three times as much at the second and third finding.
    labour_penalty: One = "labour_penalty", "close loopholes", "W a worker",
        0.0..=24.0, Value(0.1), cost , Assumed, rules "36",
        LabourFines Up, None;

    /// Share of the wages withheld over a year that inspectors get back for the workers.
    back_wages: One = "back_wages", "close loopholes", "share",
        0.0..=1.0, Value(0.1), cost (0.15 Inspectors x Officer on Inspections), Assumed, rules "36",
        BackWagesMoney Up, None;

    /// Share of the workplaces with a finding that inspectors visit again within half a year.
    revisits: One = "revisits", "close loopholes", "share",
        0.0..=1.0, Value(0.05), cost , Assumed, rules "36",
        Revisits Up, Some("every second visit is a first visit less");

    /// Support for households at risk: money and schooling where somebody would else have to leave.
    social_protection: One = "social_protection", "social protection", "share",
        0.0..=1.0, Value(0.1), cost (0.02 AtRisk x Assistance on Partners), Assumed, rules "33, 37",
        ArrivalsCitizens Down, None;

    /// Share of communities reached by information on rights and risks.
    information: One = "information", "awareness", "share",
        0.0..=1.0, Value(0.2), cost (0.004 Communities x Caseworker on Partners), Measured, rules "5",
        ForcedAtArrival Down, Some("little effect: what is known protects little against debt and status");

    /// Immigration crackdown: more routine arrests of irregular migrants.
    immigration_crackdown: One = "immigration_crackdown", "the contrary", "multiple added",
        0.0..=5.0, Value(0.0), cost (0.1 Immigration x Officer on Inspections), Assumed, rules "3, 8, 28",
        ArrestsRoutine Up, Some("fear and brokers: identification falls");
}
