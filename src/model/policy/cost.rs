//! What a lever costs, bottom-up: so many people, beds, cases or applications, each at its unit cost.
//!
//! Unit costs are parameters (`costs.*`, in multiples of the reference wage W), with range, grade and source in the country's file; how many are needed follows
//! from the country's profile. Laws and pledges cost nothing by themselves: what they ask for is paid through other levers.

use super::super::country::{Agency, Country};
use super::super::parameters::Parameters;
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
    /// Communities of origin.
    Communities,
    /// Countries of origin.
    Origins,
}

impl Quantity {
    /// How many there are in `country` at the start.
    #[must_use]
    pub fn of(self, country: &Country, parameters: &Parameters) -> f64 {
        let officials = |agency: Agency| country.officials[agency as usize].count;
        let capacity = &country.capacity;
        match self {
            Self::One => 1.0,
            Self::Officials => country.officials.iter().map(|agency| agency.count).sum(),
            Self::Enforcers => officials(Agency::Police) + officials(Agency::Immigration),
            Self::Immigration => officials(Agency::Immigration),
            Self::Inspectors => officials(Agency::Inspection) * capacity.inspections / (capacity.inspections + capacity.port).max(1.0),
            Self::Teams => capacity.investigation,
            Self::Prosecution => capacity.prosecution,
            Self::Court => capacity.court,
            Self::Beds => capacity.beds,
            Self::Interpreters => capacity.interpreters,
            Self::Agencies => country.licensed.count,
            Self::Inquiries => capacity.financial * 12.0,
            Self::Applications => country.origins.iter().map(|origin| origin.throughput).sum::<f64>() * 12.0,
            Self::Victims => capacity.beds * 12.0 / parameters.care.stay,
            Self::Arrests => country.origins.iter().map(|origin| origin.abroad[2]).sum::<f64>() * parameters.contact.arrest * 12.0,
            Self::Workers => country.origins.iter().map(|origin| origin.abroad.iter().sum::<f64>()).sum(),
            Self::Communities => {
                country.origins.iter().map(|origin| origin.home + origin.abroad.iter().sum::<f64>()).sum::<f64>() / f64::from(country.community_size)
            }
            Self::Origins => country.origins.len() as f64,
        }
    }
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

impl Price {
    /// The price in W.
    #[must_use]
    pub fn of(self, country: &Country, parameters: &Parameters) -> f64 {
        let costs = &parameters.costs;
        match self {
            Self::Officer => costs.officer,
            Self::Team => costs.team,
            Self::Place => costs.place,
            Self::Bed => costs.bed,
            Self::Interpreter => costs.interpreter,
            Self::Caseworker => costs.caseworker,
            Self::Training => costs.training,
            Self::Inquiry => costs.inquiry,
            Self::Application => costs.application,
            Self::Assistance => costs.assistance,
            Self::Desk => costs.desk,
            Self::Screening => costs.screening,
            Self::Fee => country.origins.iter().map(|origin| origin.fee_cap).sum::<f64>() / country.origins.len().max(1) as f64,
            Self::Compensation => parameters.justice.compensation_size * parameters.justice.ordered,
        }
    }
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

impl Bill {
    /// The yearly cost of one unit beyond the default, in the country's currency, without sign.
    #[must_use]
    pub fn yearly(&self, country: &Country, parameters: &Parameters) -> f64 {
        self.quantity.of(country, parameters) * self.price.of(country, parameters) * self.times.abs() * country.wage
    }
}

/// What the standing capacity of `line` costs a year, in the country's currency: what one more of it would cost, times what there is.
#[must_use]
pub fn standing(line: Line, country: &Country, parameters: &Parameters) -> f64 {
    let of = |quantity: Quantity, price: Price, times: f64| quantity.of(country, parameters) * price.of(country, parameters) * times;
    let bill = match line {
        Line::Entry => of(Quantity::Applications, Price::Application, 1.0),
        Line::Inspections => country.officials[Agency::Inspection as usize].count * parameters.costs.officer,
        Line::Shelters => of(Quantity::Beds, Price::Bed, 1.0),
        Line::Interpreters => of(Quantity::Interpreters, Price::Interpreter, 1.0),
        Line::Investigation => of(Quantity::Teams, Price::Team, 1.0),
        Line::Courts => of(Quantity::Prosecution, Price::Place, 1.0) + of(Quantity::Court, Price::Place, 1.0),
        Line::Ngo => of(Quantity::Workers, Price::Caseworker, 0.3 / WORKERS_PER_CASEWORKER),
        Line::Training => of(Quantity::Officials, Price::Training, 0.1 * 12.0 / parameters.identification.training_fade),
        Line::Financial => of(Quantity::Inquiries, Price::Inquiry, 1.0),
        Line::Integrity => of(Quantity::Enforcers, Price::Officer, 0.5 * OFFICERS_PER_ENFORCER),
        Line::Partners => of(Quantity::One, Price::Desk, 20.0),
    };
    bill * country.wage
}

/// Migrant workers whom one NGO worker reaches. Assumed, 4,000 to 16,000.
pub const WORKERS_PER_CASEWORKER: f64 = 8_000.0;
/// Officers of an integrity unit of strength 1, for each officer whom it watches. Assumed, .007 to .03.
pub const OFFICERS_PER_ENFORCER: f64 = 0.015;
