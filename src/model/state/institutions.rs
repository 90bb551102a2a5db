//! Institutions: money turned into capacities, queues, care, and what is at hand within a month.
//!
//! All capacities are the nation's, whatever the scale.

use super::super::country::StreamKind;
use super::super::policy::{LINES, Policy};
use super::ids::{EmployerId, OfficialId, PersonId, RecruiterId};
use super::lists::Lists;
use std::collections::VecDeque;

/// The institutions of the country.
#[derive(Clone, Debug)]
pub struct Institutions {
    /// The policy in force: what is planned, cut to what the budget pays.
    pub policy: Policy,
    /// Each line's standing capacity (staff, beds, vehicles) against the start.
    pub staff: [f64; LINES],
    /// Capacities this month.
    pub capacity: Capacities,
    /// What is left of each fractional capacity from the month before.
    pub carried: Carried,
    /// Applicants waiting in the legal channel of each origin, first come first served.
    pub queue: Vec<VecDeque<PersonId>>,
    /// Screenings of last month that wanted an interpreter, which share the interpreters of this one.
    pub screened: f64,
    /// Shocks and levers that this month act together.
    pub pressure: Pressure,
    /// Money at hand for compensation from forfeited assets, in W.
    pub fund: f64,
    /// Demand of last month for brokers of each origin, in recruits.
    pub broker_demand: Vec<f64>,
    /// What brokers may expect from each origin against what is usual, as a logarithm within [-1, 1].
    pub profit: Vec<f64>,
    /// Usual profit of brokers in each origin, as a logarithm.
    pub usual_profit: Vec<f64>,
    /// What share of its places each sector usually cannot fill.
    pub usual_shortage: Vec<f64>,
    /// Usual room for workers in each zone of each sector, sector by sector, as a logarithm.
    pub usual_room: Vec<f64>,
    /// The perceived risk at which employers, recruiters and officials came to rest in the spin-up.
    pub rest: Rest,
    /// In care, in order of admission.
    pub guests: Vec<Guest>,
    /// Watched for re-trafficking.
    pub survivors: Vec<Survivor>,
    /// Trafficked again from home, on the way next month.
    pub again: Vec<(PersonId, u8)>,
    /// Workplaces ordered to mend what inspectors found, which are to be visited again.
    pub revisits: Vec<Revisit>,
    /// Workplaces handed to the police after a third finding: an operation of the next month.
    pub referred: Vec<(EmployerId, u16)>,
    /// Who has been written down as a possible victim, and by whom.
    pub lists: Lists,
    /// What happened within this month and is used by a later process of the same month.
    pub desk: Desk,
}

/// Perceived risks at rest.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    /// Of employers, by sector: a venue hears of more arrests than a farm.
    pub employers: Vec<f64>,
    /// Of recruiters.
    pub recruiters: f64,
    /// Of officials, by agency.
    pub officials: [f64; super::super::country::AGENCIES],
    /// What is added to rule 22's constant of each agency so that its share at rest is the profile's: turnover, spread of integrity and
    /// clients move it otherwise.
    pub complicity: [f64; super::super::country::AGENCIES],
}

/// Capacities of one month.
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
    /// Slot-months by stage: investigation, prosecution, court.
    pub slots: [f64; 3],
    /// Shelter beds.
    pub beds: usize,
    /// Share of screenings that an interpreter can join.
    pub interpreters: f64,
    /// Financial inquiries that can be begun.
    pub financial: usize,
    /// Inspections of licensed recruiters.
    pub agencies: usize,
    /// Operations started by intelligence.
    pub intelligence: usize,
    /// Caseworkers of NGOs.
    pub casework: f64,
    /// People whom the officials of each agency can attend to, against the start.
    pub attention: [f64; super::super::country::AGENCIES],
}

/// Fractions carried from month to month.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Port, inspections, raids, border, beds, financial, agencies, intelligence.
    pub fractions: [f64; 8],
    /// Throughput of the legal channel by origin, persons.
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
    /// Factor on reports, and on whom officials meet beside visits.
    pub contacts: f64,
    /// Factor on visits of all streams.
    pub inspections: f64,
    /// Factor on the work of prosecution and courts.
    pub courts: f64,
    /// Factor on the workers that employers want.
    pub demand: f64,
    /// What employers have lost of their margin, by sector.
    pub margins: super::super::policy::Several,
}

impl Pressure {
    /// Nothing presses.
    #[must_use]
    pub fn none() -> Self {
        Self {
            crackdown: 0.0,
            buyers: 0.0,
            departures: 1.0,
            returns: 1.0,
            push: [1.0; super::super::policy::PLACES],
            contacts: 1.0,
            inspections: 1.0,
            courts: 1.0,
            demand: 1.0,
            margins: [0.0; super::super::policy::PLACES],
        }
    }
}

/// A visit of officials to a workplace.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    /// The employer.
    pub employer: EmployerId,
    /// Which of its copies is visited.
    pub copy: u16,
    /// The official who leads it.
    pub lead: OfficialId,
    /// What brought them.
    pub kind: EncounterKind,
    /// How those found in it were found.
    pub by: FoundBy,
    /// The person on whose behalf it was reported.
    pub reporter: PersonId,
    /// Stopped by a complicit official.
    pub blocked: bool,
    /// The lead is trained to ask in private and has the time for it.
    pub asks: bool,
    /// How often inspectors have found violations there before, and come for that.
    pub findings: u8,
    /// Workers there whose rights are violated, or worse: known once the visit has looked at them.
    pub abused: f32,
}

impl Encounter {
    /// A visit to the workplace `copy` of `employer` that nobody has made yet.
    #[must_use]
    pub fn planned(employer: EmployerId, copy: u16, kind: EncounterKind) -> Self {
        Self {
            employer,
            copy,
            lead: OfficialId::NONE,
            kind,
            by: FoundBy::Contact,
            reporter: PersonId::NONE,
            blocked: false,
            asks: false,
            findings: 0,
            abused: 0.0,
        }
    }
}

/// A workplace that inspectors mean to visit again.
#[derive(Clone, Copy, Debug)]
pub struct Revisit {
    /// The month in which it is due.
    pub due: u16,
    /// The employer.
    pub employer: EmployerId,
    /// Which of its copies.
    pub copy: u16,
    /// Findings so far.
    pub findings: u8,
}

/// What brings officials to a workplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncounterKind {
    /// A visit of one of the streams.
    Stream(StreamKind),
    /// A second or third visit of labour inspectors to a workplace that was ordered to mend what they found.
    Revisit,
    /// A check near a border.
    Border,
    /// An operation after a report or intelligence.
    Operation,
}

/// A victim or supposed victim whom officials identified this month: one person.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// The employer where found, or nobody.
    pub employer: EmployerId,
    /// Which of its copies.
    pub copy: u16,
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
    /// A visit, or an operation that intelligence began.
    Contact,
    /// An operation that began with a report of somebody exploited there.
    OwnReport,
    /// The same with a report of co-workers.
    PeerReport,
    /// The same with a referral by an NGO.
    Referral,
    /// Screening in immigration detention.
    Detention,
    /// A surge of smuggled people, some of whom are counted as victims.
    Surge,
    /// The investigation of a dated mega-case, whose victims these are.
    MegaCase,
}

impl FoundBy {
    /// True where officials came to the workplace.
    #[must_use]
    pub fn at_workplace(self) -> bool {
        matches!(self, Self::Contact | Self::OwnReport | Self::PeerReport | Self::Referral)
    }
}

/// Somebody in care: one person.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// The person.
    pub person: PersonId,
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
    /// The person's agent.
    pub person: PersonId,
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
    pub fn alone(person: PersonId, month: u16, sector: u8) -> Self {
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
    /// The person's agent.
    pub person: PersonId,
    /// How.
    pub route: Route,
    /// The recruiter, or nobody.
    pub recruiter: RecruiterId,
    /// The sector, where it is given (citizens, and those trafficked again).
    pub sector: Option<u8>,
}

/// What lies on the desk within a month: it is cleared before the month begins.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Rolled by the die: at home or applying.
    pub die_home: Vec<PersonId>,
    /// Rolled by the die: at work.
    pub die_work: Vec<PersonId>,
    /// Rolled by the die: detained or in care.
    pub die_care: Vec<PersonId>,
    /// Whose debt has come to nothing this month.
    pub free_of_debt: Vec<PersonId>,
    /// On the way.
    pub travellers: Vec<Traveller>,
    /// Irregular migrants who arrived this month.
    pub arrived: Vec<PersonId>,
    /// Irregular workers arrested by routine.
    pub arrested: Vec<PersonId>,
    /// Visits of this month.
    pub encounters: Vec<Encounter>,
    /// Identified this month.
    pub found: Vec<Found>,
    /// Victims taken into immigration detention this month.
    pub detained_victims: Vec<PersonId>,
    /// Workplaces convicted or closed this month, whose workers lose their job.
    pub closing: Vec<EmployerId>,
    /// Employers for whom inspectors have found violations this month, and what that teaches against an arrest.
    pub fined: Vec<(EmployerId, f64)>,
    /// Employers arrested this month.
    pub arrested_employers: Vec<EmployerId>,
    /// Recruiters arrested this month.
    pub arrested_recruiters: Vec<RecruiterId>,
}
