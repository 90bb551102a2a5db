//! Cells: what the monthly die knows of a person.
//!
//! A person's whereabouts, exploitation, legal status, sector, zone, debt band and employer tercile are one
//! 16-bit cell code, so that the month's pass reads one small integer a person.

/// Most debt that anybody can owe, in W; lenders stop there.
pub const MAX_DEBT: f64 = 6.0;
/// Where the debt bands of a cell part, in W.
pub const BAND_EDGE: f64 = 2.0;
/// The code of a place that is nobody's: at home everybody is irregular or a citizen, so that no person ever has it.
pub const NOBODY: u16 = 0;

/// Where a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Whereabouts {
    /// At home.
    Home,
    /// Waiting in the queue of the legal channel.
    Applying,
    /// At work in the country.
    Working,
    /// In immigration detention.
    Detained,
    /// In a shelter.
    Care,
}

impl Whereabouts {
    const ALL: [Self; 5] = [Self::Home, Self::Applying, Self::Working, Self::Detained, Self::Care];
}

/// How far a person is exploited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exploitation {
    /// Not at all.
    None,
    /// Rights are violated short of force.
    Violation,
    /// Forced labour or sexual exploitation.
    Forced,
}

impl Exploitation {
    const ALL: [Self; 3] = [Self::None, Self::Violation, Self::Forced];
}

/// A person's legal status in the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Legal {
    /// Came through the legal channel.
    Mou,
    /// Registered after irregular entry.
    Regularised,
    /// No status.
    Irregular,
    /// A citizen.
    Citizen,
}

impl Legal {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Mou, Self::Regularised, Self::Irregular, Self::Citizen];
}

/// What a person's cell says.
///
/// For somebody at home or applying, `zone` holds the origin (one past the last origin: citizens) and
/// `sector` holds 1 for a minor; neither has a workplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Where the person is.
    pub whereabouts: Whereabouts,
    /// How far exploited.
    pub exploitation: Exploitation,
    /// Legal status.
    pub legal: Legal,
    /// Debt band: 0 none, 1 below 2W, 2 from 2W.
    pub band: u8,
    /// Tercile of the employer's propensity: below 1/3, below 2/3, above.
    pub tercile: u8,
    /// Sector of work.
    pub sector: u8,
    /// Zone of work.
    pub zone: u8,
}

/// How cells are numbered in one country.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    /// Places for a sector.
    pub sectors: u16,
    /// Places for a zone (or an origin).
    pub zones: u16,
}

impl Cells {
    /// How many cells there are.
    #[must_use]
    pub fn count(self) -> usize {
        5 * 3 * 4 * 3 * 3 * usize::from(self.sectors) * usize::from(self.zones)
    }

    /// The number of `cell`.
    #[must_use]
    pub fn encode(self, cell: Cell) -> u16 {
        let status = ((cell.whereabouts as u16 * 3 + cell.exploitation as u16) * 4 + cell.legal as u16) * 9;
        let detail = status + u16::from(cell.band) * 3 + u16::from(cell.tercile);
        (detail * self.sectors + u16::from(cell.sector)) * self.zones + u16::from(cell.zone)
    }

    /// The cell numbered `code`.
    #[must_use]
    #[inline]
    pub fn decode(self, code: u16) -> Cell {
        let (rest, zone) = (code / self.zones, code % self.zones);
        let (rest, sector) = (rest / self.sectors, rest % self.sectors);
        Cell { sector: sector as u8, zone: zone as u8, ..DETAILS[usize::from(rest)] }
    }
}

/// What a cell says beyond sector and zone, by the number that [`Cells::encode`] calls `detail`.
const DETAILS: [Cell; 5 * 3 * 4 * 3 * 3] = {
    let cell = Cell { whereabouts: Whereabouts::Home, exploitation: Exploitation::None, legal: Legal::Mou, band: 0, tercile: 0, sector: 0, zone: 0 };
    let mut details = [cell; 5 * 3 * 4 * 3 * 3];
    let mut detail = 0;
    while detail < details.len() {
        details[detail].whereabouts = Whereabouts::ALL[detail / 108];
        details[detail].exploitation = Exploitation::ALL[detail / 36 % 3];
        details[detail].legal = Legal::ALL[detail / 9 % 4];
        details[detail].band = (detail / 3 % 3) as u8;
        details[detail].tercile = (detail % 3) as u8;
        detail += 1;
    }
    details
};

/// The debt band of a debt: 0 none, 1 below 2W, 2 from 2W.
#[must_use]
pub fn band(debt: f64) -> u8 {
    u8::from(debt > 0.0) + u8::from(debt >= BAND_EDGE)
}

/// The tercile band of an employer's propensity.
#[must_use]
pub fn tercile(propensity: f64) -> u8 {
    u8::from(propensity >= 1.0 / 3.0) + u8::from(propensity >= 2.0 / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Cells {
        Cells { sectors: 12, zones: 9 }
    }

    #[test]
    fn every_cell_decodes_to_itself() {
        let cells = cells();
        assert!(cells.count() <= usize::from(u16::MAX) + 1);
        for code in 0..cells.count() as u32 {
            assert_eq!(cells.encode(cells.decode(code as u16)), code as u16);
        }
    }
}
