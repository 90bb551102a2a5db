//! What people and things cost in one country: how many there are of what a lever buys, at which price.
//!
//! The bill of each lever stands in its table (`policy`); here a country's profile and parameters turn it into money.

use super::country::{Agency, Country};
use super::parameters::Parameters;
use super::policy::Line;
use super::policy::cost::{Bill, Price, Quantity};

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
            Self::AtRisk => country.citizens_at_risk,
            Self::Screeners => country.compounds.as_ref().map_or(0.0, |compounds| compounds.screeners),
            Self::Workers => country.origins.iter().map(|origin| origin.abroad.iter().sum::<f64>()).sum(),
            Self::Communities => {
                country.origins.iter().map(|origin| origin.home + origin.abroad.iter().sum::<f64>()).sum::<f64>() / f64::from(country.community_size)
            }
            Self::Origins => country.origins.len() as f64,
        }
    }
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
