//! Institutions: money turned into capacities, queues, and what is at hand within a month.

use super::super::country::StreamKind;
use super::super::policy::{LINES, Policy};
use std::collections::VecDeque;

/// The institutions of the country.
#[derive(Clone, Debug)]
pub struct Institutions {
    /// The policy in force: what is planned, cut to what the budget pays.
    pub policy: Policy,
    /// Money allotted to each line a year, by month since the start.
    pub allotted: Vec<[f64; LINES]>,
    /// Each line's capacity against the start, this month.
    pub strength: [f64; LINES],
    /// Capacities in agents (visits, slots, beds) this month; fractions are carried over.
    pub capacity: Capacities,
    /// What is left of each fractional capacity from the month before.
    pub carried: Carried,
    /// Applicants waiting in the legal channel of each origin, first come first served.
    pub queue: Vec<VecDeque<u32>>,
    /// Screenings of last month, which share the interpreters of this one.
    pub screened: f64,
    /// Shocks and levers that this month act together on crackdown, buyers and borders.
    pub pressure: Pressure,
    /// Money at hand for compensation from forfeited assets, in W.
    pub fund: f64,
    /// Demand of last month for brokers of each origin, in recruits.
    pub broker_demand: Vec<f64>,
    /// What brokers may expect from each origin against what is usual, as a logarithm within [-1, 1].
    pub profit: Vec<f64>,
    /// Usual profit of brokers in each origin, as a logarithm: the mean over the first year.
    pub usual_profit: Vec<f64>,
    /// Usual room for workers in each zone of each sector, sector by sector, as a logarithm: the mean over the first year.
    pub usual_room: Vec<f64>,
    /// What happened within this month and is used by a later process of the same month.
    pub desk: Desk,
}

/// Whole capacities of one month, in agents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Capacities {
    /// Port visits.
    pub port: usize,
    /// Labour inspections.
    pub inspections: usize,
    /// Raids.
    pub raids: usize,
    /// Border checks.
    pub border: usize,
    /// Slots by stage: investigation, prosecution, court.
    pub slots: [usize; 3],
    /// Shelter beds.
    pub beds: usize,
    /// Share of screenings that an interpreter can join.
    pub interpreters: f64,
    /// Financial inquiries.
    pub financial: usize,
    /// Inspections of licensed recruiters.
    pub agencies: usize,
    /// Operations started by intelligence.
    pub intelligence: usize,
}

/// Fractions carried from month to month.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Port, inspections, raids, border, slots by stage, beds, financial, agencies, intelligence.
    pub fractions: [f64; 11],
    /// Throughput of the legal channel by origin.
    pub throughput: Vec<f64>,
    /// Smuggled people met.
    pub surge: f64,
}

/// What shocks and levers make together.
#[derive(Clone, Copy, Debug)]
pub struct Pressure {
    /// Immigration crackdown.
    pub crackdown: f64,
    /// Buyer pressure.
    pub buyers: f64,
    /// Factor on departures from every origin.
    pub departures: f64,
    /// Factor on voluntary returns.
    pub returns: f64,
    /// Factor on departures by origin.
    pub push: super::super::policy::Several,
}

/// A visit of officials to a workplace.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    /// The employer.
    pub employer: u32,
    /// The official who leads it.
    pub lead: u32,
    /// What brought them.
    pub kind: EncounterKind,
    /// Stopped by a complicit official.
    pub blocked: bool,
}

/// What brings officials to a workplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncounterKind {
    /// A visit of one of the streams.
    Stream(StreamKind),
    /// A check near a border.
    Border,
    /// An operation after a report or intelligence.
    Operation,
}

/// A victim or supposed victim whom officials identified this month.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The person.
    pub person: u32,
    /// The employer where found, or [`NONE`](super::NONE).
    pub employer: u32,
    /// Was exploited in truth.
    pub exploited: bool,
    /// What brought the person before officials.
    pub by: FoundBy,
    /// The sector where found.
    pub sector: u8,
    /// The zone where found.
    pub zone: u8,
}

/// What brings somebody before the officials who identify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// A visit or an arrest.
    Contact,
    /// A surge of smuggled people, some of whom are counted as victims.
    Surge,
    /// The investigation of a dated mega-case, whose victims these are.
    MegaCase,
}

/// Somebody in care.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// The person.
    pub person: u32,
    /// Month of admission.
    pub since: u16,
    /// In a shelter of the state (else in one of an NGO).
    pub bed: bool,
    /// Has a work permit.
    pub permit: bool,
    /// The sector of the former exploitation, if there was any.
    pub sector: Option<u8>,
}

/// Somebody who left exploitation, watched for re-trafficking (rule 26).
#[derive(Clone, Copy, Debug)]
pub struct Survivor {
    /// The person.
    pub person: u32,
    /// Month in which the watch began.
    pub since: u16,
    /// Left care with reintegration support.
    pub reintegrated: bool,
    /// Months of follow-up received.
    pub follow_up: u16,
    /// Was returned safely.
    pub safe: bool,
    /// The sector of the former exploitation.
    pub sector: u8,
}

impl Survivor {
    /// Somebody who got out of exploitation in `sector` in `month` and was left alone.
    #[must_use]
    pub fn alone(person: u32, month: u16, sector: u8) -> Self {
        Self { person, since: month, reintegrated: false, follow_up: 0, safe: false, sector }
    }
}

/// How somebody comes to a workplace this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Through the legal channel.
    Mou,
    /// Through a broker.
    Broker,
    /// Through the own network.
    Network,
    /// A citizen entering work at home.
    Citizen,
    /// Trafficked again.
    Again,
}

/// Somebody on the way to a workplace.
#[derive(Clone, Copy, Debug)]
pub struct Traveller {
    /// The person.
    pub person: u32,
    /// How.
    pub route: Route,
    /// The recruiter, or [`NONE`](super::NONE).
    pub recruiter: u32,
    /// The sector, where it is given (citizens, and those trafficked again).
    pub sector: Option<u8>,
}

/// What lies on the desk within a month.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Rolled by the die: at home or applying.
    pub die_home: Vec<u32>,
    /// Rolled by the die: at work.
    pub die_work: Vec<u32>,
    /// Rolled by the die: detained or in care.
    pub die_care: Vec<u32>,
    /// On the way.
    pub travellers: Vec<Traveller>,
    /// Exploited workers who reported, or for whom peers did.
    pub reports: Vec<u32>,
    /// Those whose report began one of this month's operations, in order.
    pub reporters: Vec<u32>,
    /// Irregular workers arrested by routine.
    pub arrested: Vec<u32>,
    /// Visits of this month.
    pub encounters: Vec<Encounter>,
    /// Workers met: (visit, person), by visit and person.
    pub met: Vec<(u32, u32)>,
    /// How far the officials of each unit can attend to those whom they meet, 0 to 1.
    pub attention: Vec<f64>,
    /// Identified this month.
    pub found: Vec<Found>,
    /// In care, in order of admission.
    pub guests: Vec<Guest>,
    /// Trafficked again from home, on the way next month: (person, sector).
    pub again: Vec<(u32, u8)>,
    /// Watched for re-trafficking.
    pub survivors: Vec<Survivor>,
    /// Officials rotated this month.
    pub rotated: Vec<u32>,
    /// Employers convicted or closed this month, whose workers lose their job.
    pub closing: Vec<u32>,
    /// Employers arrested this month.
    pub arrested_employers: Vec<u32>,
    /// Recruiters arrested this month.
    pub arrested_recruiters: Vec<u32>,
    /// Empty slots of employers that may be taken over: (month, employer).
    pub vacant_employers: Vec<(u16, u32)>,
    /// Empty slots of recruiters that may be taken over: (month, recruiter).
    pub vacant_recruiters: Vec<(u16, u32)>,
}
