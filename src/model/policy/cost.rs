//! What a lever costs, bottom-up: so many people, beds, cases or applications, each at its unit cost.
//!
//! Unit costs are parameters (`costs.*`, in multiples of the reference wage W), with range, grade and source in the country's file; how many are needed follows
//! from the country's profile (`costs`, further down the floors). Laws and pledges cost nothing by themselves: what they ask for is paid through other levers.

use super::Line;

/// Of what a lever buys more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// One of it.
    One,
    /// Every official.
    Officials,
    /// Police and immigration officers.
    Enforcers,
    /// Immigration officers.
    Immigration,
    /// Inspectors who make the labour inspections of a month.
    Inspectors,
    /// Investigation teams.
    Teams,
    /// Cases with the prosecution at once.
    Prosecution,
    /// Cases in court at once.
    Court,
    /// Shelter beds.
    Beds,
    /// Interpreters.
    Interpreters,
    /// Licensed recruitment agencies.
    Agencies,
    /// Financial inquiries a year.
    Inquiries,
    /// Applications that the legal channel processes a year.
    Applications,
    /// Victims in state care a year.
    Victims,
    /// Arrests of irregular migrants a year.
    Arrests,
    /// Migrant workers in the country.
    Workers,
    /// Citizens at risk.
    AtRisk,
    /// Staff who screen people out of compounds across the border.
    Screeners,
    /// Communities of origin.
    Communities,
    /// Countries of origin.
    Origins,
}

/// What each of them costs: a parameter of the group `costs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// An inspector or another officer for a year.
    Officer,
    /// An investigation team for a year.
    Team,
    /// A place for a case with the prosecution or in court for a year.
    Place,
    /// A bed with its care for a year.
    Bed,
    /// An interpreter for a year.
    Interpreter,
    /// A social or NGO worker with an office for a year.
    Caseworker,
    /// Training of one official.
    Training,
    /// One financial inquiry.
    Inquiry,
    /// One application processed.
    Application,
    /// Assistance to one victim beside the bed.
    Assistance,
    /// A desk of a few officials with its running costs for a year.
    Desk,
    /// One person screened, with an interpreter.
    Screening,
    /// The capped fee of the legal channel, on the mean over origins.
    Fee,
    /// What is awarded to a victim.
    Compensation,
}

/// What one unit of a lever beyond its default costs a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bill {
    /// Of what more is bought.
    pub quantity: Quantity,
    /// What each costs.
    pub price: Price,
    /// How many times that: the part of it that one unit of the lever takes; negative where going below the default costs.
    pub times: f64,
    /// The budget line that pays.
    pub line: Line,
}
