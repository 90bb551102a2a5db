//! Everything that one variant's simulation is given; the random numbers come beside it.
//!
//! Absent on purpose: the state, and anything that changes while a run goes on.

use super::country::{Country, Shock, ShockKind};
use super::parameters::Parameters;
use super::policy::Plan;
use super::switches::Switches;
use crate::quantities::Month;

/// Everything that one variant's simulation is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The country's profile, as its file says it.
    pub profile: Country,
    /// The country as it is simulated: [`Country::supposing`] what the parameters say of the profile.
    pub country: Country,
    /// What is assumed.
    pub parameters: Parameters,
    /// What is planned, month by month, from the start of the spin-up.
    pub plan: Plan,
    /// The structure.
    pub switches: Switches,
    /// For each of the country's shocks, whether it happens.
    pub shocks: Vec<bool>,
    /// Persons for whom an agent stands at first; a whole number.
    pub scale: f64,
    /// The first reported month.
    pub from: Month,
    /// The last reported month.
    pub to: Month,
}

impl Setting {
    /// The same under these parameters.
    #[must_use]
    pub fn assuming(&self, parameters: Parameters) -> Self {
        Self { country: self.profile.supposing(&parameters.profile), parameters, ..self.clone() }
    }

    /// The first month simulated, where the spin-up begins.
    #[must_use]
    pub fn start(&self) -> Month {
        self.plan.first
    }

    /// How many months are simulated, spin-up included.
    #[must_use]
    pub fn months(&self) -> usize {
        (self.to.since(self.start()) + 1) as usize
    }

    /// Unreported months at the start.
    #[must_use]
    pub fn spin_up(&self) -> u16 {
        // What is reported may begin later than the file's world does.
        self.country.spin_up.max(0) as u16
    }

    /// The shocks that are on in the month `now`.
    pub fn shocks_in(&self, now: Month) -> impl Iterator<Item = ShockKind> + '_ {
        self.country
            .shocks
            .iter()
            .zip(&self.shocks)
            .filter(move |(shock, on)| **on && shock.from <= now && now <= shock.to)
            .map(|(shock, _)| shock.kind)
    }

    /// The shocks that begin in the month `now`.
    pub fn beginning(&self, now: Month) -> impl Iterator<Item = &Shock> {
        self.country.shocks.iter().zip(&self.shocks).filter(move |(shock, on)| **on && shock.from == now).map(|(shock, _)| shock)
    }

    /// The first month, counted from the start, in which the run under `other` would differ from this one;
    /// nothing if it never would. Plans and shocks may differ later than at the start.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> Option<usize> {
        let same_but_dated = self.parameters == other.parameters
            && self.switches == other.switches
            && self.scale.to_bits() == other.scale.to_bits()
            && self.from == other.from
            && self.to == other.to
            && self.plan.first == other.plan.first
            && self.country == other.country;
        if !same_but_dated {
            return Some(0);
        }
        let switched = self.shocks.iter().zip(&other.shocks).zip(&self.country.shocks).filter(|((a, b), _)| a != b);
        let first = switched.filter_map(|(_, shock)| self.begins(shock)).min();
        self.plan.differs_from(&other.plan).into_iter().chain(first).min()
    }

    /// The first month, counted from the start, in which `shock` does anything; nothing if it is over before the run or begins after it.
    #[must_use]
    pub fn begins(&self, shock: &Shock) -> Option<usize> {
        // A trial opens in the shock's own first month or not at all.
        let opens_late = matches!(shock.kind, ShockKind::MegaCase { .. }) && shock.from < self.start();
        let after = usize::try_from(shock.from.since(self.start()).max(0)).unwrap_or(usize::MAX);
        (!opens_late && shock.to >= self.start() && after < self.months()).then_some(after)
    }
}
