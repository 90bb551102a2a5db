//! Every measure of the five Ps, as a lever.
//!
//! One file per P; a lever is a documented field of that P's struct and one row of its table, written in
//! one place by `levers!`. A lever says what is *planned*; what the budget cannot pay is cut in
//! [`budget`](super::processes::budget) before any process reads it.
//!
//! Absent on purpose: what is assumed whatever the policy (`parameters`), and the country's own figures
//! (`country`).

pub mod cost;
pub mod national;
pub mod partnership;
pub mod prevention;
pub mod prosecution;
pub mod protection;

use super::ledgers::indicators::Indicator;
use crate::quantities::Month;

pub use cost::Bill;
pub use national::National;
pub use partnership::Partnership;
pub use prevention::Prevention;
pub use prosecution::Prosecution;
pub use protection::Protection;

/// One of the five Ps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum P {
    /// National policy, law and budget.
    Policy,
    /// Investigation, courts, sanctions.
    Prosecution,
    /// Identification and care.
    Protection,
    /// Recruitment, entry, work.
    Prevention,
    /// Neighbours, private sector, civil society.
    Partnership,
}

impl P {
    /// The section of a scenario file that holds its levers: `[policy.SECTION]`.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Policy => "national",
            Self::Prosecution => "prosecution",
            Self::Protection => "protection",
            Self::Prevention => "prevention",
            Self::Partnership => "partnership",
        }
    }

    /// All five.
    pub const ALL: [Self; 5] = [Self::Policy, Self::Prosecution, Self::Protection, Self::Prevention, Self::Partnership];
}

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// A published figure.
    Measured,
    /// Arithmetic on published figures.
    Derived,
    /// An assumption with a range, never a finding.
    Assumed,
}

impl Grade {
    /// The word used in files and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }
}

/// A budget line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Line {
    /// Registration and legal entry.
    Entry,
    /// Inspections.
    Inspections,
    /// Shelters.
    Shelters,
    /// Interpreters.
    Interpreters,
    /// Investigation.
    Investigation,
    /// Prosecution and courts.
    Courts,
    /// Civil society.
    Ngo,
    /// Training.
    Training,
    /// Financial inquiry.
    Financial,
    /// Integrity of officials.
    Integrity,
    /// Partners abroad and at home.
    Partners,
}

/// How many budget lines there are.
pub const LINES: usize = 11;

impl Line {
    /// All lines, in the order of their columns.
    pub const ALL: [Self; LINES] = [
        Self::Entry,
        Self::Inspections,
        Self::Shelters,
        Self::Interpreters,
        Self::Investigation,
        Self::Courts,
        Self::Ngo,
        Self::Training,
        Self::Financial,
        Self::Integrity,
        Self::Partners,
    ];

    /// Its name in files and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Inspections => "inspections",
            Self::Shelters => "shelters",
            Self::Interpreters => "interpreters",
            Self::Investigation => "investigation",
            Self::Courts => "courts",
            Self::Ngo => "ngo",
            Self::Training => "training",
            Self::Financial => "financial",
            Self::Integrity => "integrity",
            Self::Partners => "partners",
        }
    }

    /// How many times the general lag it takes until money of this line is people or things: posts are hired, trained and housed; courses and
    /// grants begin sooner (`budget.lag`). Assumed.
    #[must_use]
    pub fn pace(self) -> f64 {
        match self {
            Self::Inspections | Self::Investigation | Self::Courts | Self::Integrity | Self::Financial => 1.25,
            Self::Shelters => 1.0,
            Self::Entry | Self::Interpreters | Self::Partners => 0.5,
            Self::Ngo | Self::Training => 0.25,
        }
    }

    /// What there is of people or things where the line's money has become capacity.
    #[must_use]
    pub fn buys(self) -> Indicator {
        match self {
            Self::Entry => Indicator::HasCounters,
            Self::Inspections => Indicator::HasInspectors,
            Self::Shelters => Indicator::HasBeds,
            Self::Interpreters => Indicator::HasInterpreters,
            Self::Investigation => Indicator::HasTeams,
            Self::Courts => Indicator::HasCourtPlaces,
            Self::Ngo => Indicator::HasCaseworkers,
            Self::Training => Indicator::TrainedShare,
            Self::Financial => Indicator::HasInquiries,
            Self::Integrity => Indicator::HasIntegrityOfficers,
            Self::Partners => Indicator::Operations,
        }
    }

    /// The indicator that answers first when the line gets more money, and the sign of the answer.
    #[must_use]
    pub fn answers(self) -> (Indicator, Sign) {
        match self {
            Self::Entry => (Indicator::ArrivalsMou, Sign::Up),
            Self::Inspections => (Indicator::Inspections, Sign::Up),
            Self::Shelters => (Indicator::Sheltered, Sign::Up),
            Self::Interpreters => (Indicator::Flagged, Sign::Up),
            Self::Investigation => (Indicator::BacklogInvestigation, Sign::Down),
            Self::Courts => (Indicator::BacklogCourt, Sign::Down),
            Self::Ngo => (Indicator::NgoReports, Sign::Up),
            Self::Training => (Indicator::TrainedShare, Sign::Up),
            Self::Financial => (Indicator::FinancialInquiries, Sign::Up),
            Self::Integrity => (Indicator::OfficialsInvestigated, Sign::Up),
            Self::Partners => (Indicator::Operations, Sign::Up),
        }
    }
}

/// Room for one value per budget line or per origin; unused places hold the default.
pub const PLACES: usize = 12;

/// One value per budget line, or per origin of the country, in their order.
pub type Several = [f64; PLACES];

/// How many values a lever holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// One value per budget line: `budget.shares.courts`.
    PerLine,
    /// One value per origin: `origin_enforcement.myanmar`; without an origin, the same for all.
    PerOrigin,
}

impl Shape {
    /// How many places it takes in a policy's row of values.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::One => 1,
            Self::PerLine | Self::PerOrigin => PLACES,
        }
    }
}

/// What a lever is when the scenario says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// This value.
    Value(f64),
    /// The country profile's own figure or series.
    Profile,
}

/// The direction in which a lever's first-order indicator moves when the lever is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It rises.
    Up,
    /// It falls.
    Down,
}

/// Everything that is known of a lever before any scenario.
#[derive(Clone, Copy, Debug)]
pub struct Lever {
    /// The P it belongs to.
    pub p: P,
    /// Its key in `[policy.SECTION]`.
    pub key: &'static str,
    /// What it means.
    pub text: &'static str,
    /// The measure of the case that it stands for.
    pub measure: &'static str,
    /// How many values it holds.
    pub shape: Shape,
    /// Its unit.
    pub unit: &'static str,
    /// The least value it may take.
    pub min: f64,
    /// The greatest value it may take.
    pub max: f64,
    /// What it is when the scenario says nothing.
    pub default: Default,
    /// What one unit beyond the default costs, bottom-up, and which budget line pays; nothing where it costs nothing by itself.
    pub cost: Option<Bill>,
    /// How well its effect is known.
    pub grade: Grade,
    /// The rules of the model that it enters.
    pub rules: &'static str,
    /// The indicator that answers first.
    pub indicator: Indicator,
    /// The direction of that answer when the lever is raised.
    pub sign: Sign,
    /// The route by which it can do harm or lose its purpose, if one is known.
    pub backfire: Option<&'static str>,
}

impl Lever {
    /// Its address in a scenario file.
    #[must_use]
    pub fn path(&self) -> String {
        format!("policy.{}.{}", self.p.section(), self.key)
    }

    /// The default of place `place`, where it does not come from the profile.
    #[must_use]
    pub fn default_value(&self) -> Option<f64> {
        match self.default {
            Default::Value(value) => Some(value),
            Default::Profile => None,
        }
    }
}

/// Writes the levers of one P: its struct, and its table for everything that lists levers.
macro_rules! levers {
    ($(#[$about:meta])* $Struct:ident, $p:ident:
     $($(#[doc = $text:literal])+ $field:ident: $shape:ident = $key:literal, $measure:literal, $unit:literal,
        $min:literal..=$max:literal, $default:expr, cost $(($times:literal $quantity:ident x $price:ident on $line:ident))?, $grade:ident, rules $rules:literal,
        $indicator:ident $sign:ident, $backfire:expr;)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $Struct {
            $($(#[doc = $text])+ pub $field: $crate::model::policy::levers!(@type $shape),)*
        }

        impl $Struct {
            /// The table of its levers, in the order of its fields.
            pub const LEVERS: &'static [$crate::model::policy::Lever] = &[
                $($crate::model::policy::Lever {
                    p: $crate::model::policy::P::$p,
                    key: $key,
                    text: concat!($($text),+),
                    measure: $measure,
                    shape: $crate::model::policy::Shape::$shape,
                    unit: $unit,
                    min: $min,
                    max: $max,
                    default: $default,
                    cost: $crate::model::policy::levers!(@cost $($times $quantity $price $line)?),
                    grade: $crate::model::policy::Grade::$grade,
                    rules: $rules,
                    indicator: $crate::model::ledgers::indicators::Indicator::$indicator,
                    sign: $crate::model::policy::Sign::$sign,
                    backfire: $backfire,
                },)*
            ];

            /// Reads its fields from a row of values, taking as many places as each lever is wide.
            pub(super) fn take(values: &mut &[f64]) -> Self {
                Self { $($field: $crate::model::policy::levers!(@take $shape values),)* }
            }
        }
    };
    (@type One) => { f64 };
    (@type PerLine) => { $crate::model::policy::Several };
    (@type PerOrigin) => { $crate::model::policy::Several };
    (@take One $values:ident) => { $crate::model::policy::take_one($values) };
    (@take PerLine $values:ident) => { $crate::model::policy::take_several($values) };
    (@take PerOrigin $values:ident) => { $crate::model::policy::take_several($values) };
    (@cost) => { None };
    (@cost $times:literal $quantity:ident $price:ident $line:ident) => {
        Some($crate::model::policy::cost::Bill {
            quantity: $crate::model::policy::cost::Quantity::$quantity,
            price: $crate::model::policy::cost::Price::$price,
            times: $times,
            line: $crate::model::policy::Line::$line,
        })
    };
}
use levers;

fn take_one(values: &mut &[f64]) -> f64 {
    let (first, rest) = values.split_first().expect("a row holds a value for every place");
    *values = rest;
    *first
}

fn take_several(values: &mut &[f64]) -> Several {
    let (first, rest) = values.split_first_chunk().expect("a row holds a value for every place");
    *values = rest;
    *first
}

/// The policy in force in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// `[policy.national]`
    pub national: National,
    /// `[policy.prosecution]`
    pub prosecution: Prosecution,
    /// `[policy.protection]`
    pub protection: Protection,
    /// `[policy.prevention]`
    pub prevention: Prevention,
    /// `[policy.partnership]`
    pub partnership: Partnership,
}

impl Policy {
    /// How hard the national agenda and the yearly ranking press together, 0 to 1.
    #[must_use]
    pub fn agenda(&self) -> f64 {
        0.5 * self.national.national_priority + 0.5 * self.partnership.tier_pressure
    }

    /// Reads a policy from its row of values, laid out as [`all`] lists them.
    #[must_use]
    pub fn from_row(row: &[f64]) -> Self {
        let values = &mut &*row;
        Self {
            national: National::take(values),
            prosecution: Prosecution::take(values),
            protection: Protection::take(values),
            prevention: Prevention::take(values),
            partnership: Partnership::take(values),
        }
    }
}

/// All levers, in the order of the five Ps, each with the first of its places in a row of values.
pub fn all() -> impl Iterator<Item = (usize, &'static Lever)> {
    let tables = [National::LEVERS, Prosecution::LEVERS, Protection::LEVERS, Prevention::LEVERS, Partnership::LEVERS];
    tables.into_iter().flatten().scan(0, |next, lever| {
        let place = *next;
        *next += lever.shape.width();
        Some((place, lever))
    })
}

/// How many places a policy's row of values has.
#[must_use]
pub fn row_width() -> usize {
    all().map(|(_, lever)| lever.shape.width()).sum()
}

/// What is planned in every month of a run, spin-up included.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The first month, where the spin-up begins.
    pub first: Month,
    /// One row of values a month, laid out as [`all`] lists them.
    pub rows: Vec<Vec<f64>>,
}

impl Plan {
    /// The first month, counted from the start of the run, in which `self` and `other` differ.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> Option<usize> {
        self.rows.iter().zip(&other.rows).position(|(a, b)| a != b)
    }
}
