//! Compounds across the border: each of those held there, and of those who have come out, is one person at every scale.

/// Somebody in a compound, or out of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inmate {
    /// A running number over all who were ever recruited for one, part of the address of draws.
    pub id: u32,
    /// A citizen of the country; the others are foreigners who pass through it.
    pub citizen: bool,
    /// Held and forced; the others work there by choice.
    pub forced: bool,
}

/// Everybody in compounds and on the way out of them.
#[derive(Clone, Debug, Default)]
pub struct Compounds {
    /// How many have been recruited so far, deceived or not, prevented or not.
    pub recruited: u32,
    /// In compounds.
    pub held: Vec<Inmate>,
    /// Out, and waiting to be screened, first come first served.
    pub waiting: Vec<Inmate>,
    /// Identified and in a shelter: the month in which each goes home.
    pub sheltered: Vec<u16>,
    /// Fractions of entries and of screenings carried from month to month.
    pub carried: [f64; 2],
}
