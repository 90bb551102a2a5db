//! Lists: who has written down whom as a possible victim, person by person.
//!
//! Police, inspectors, NGOs, the hotline and shelters each keep one. Nobody in the country sees them side by side, but whoever estimates how many victims there are
//! from how far lists overlap does (multiple systems estimation: Silverman 2014; Cruyff, van Dijk and van der Heijden 2017).

use super::ids::PersonId;
use std::collections::BTreeMap;

/// Months for which an entry counts beside others: lists are compared year by year.
const YEAR: u16 = 12;

/// Who keeps a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Police and immigration police.
    Police = 1,
    /// Labour inspectors.
    Inspectors = 2,
    /// NGOs.
    Ngos = 4,
    /// The hotline.
    Hotline = 8,
    /// Shelters, of the state or of NGOs.
    Shelters = 16,
}

/// What an entry makes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// On a list for the first time this year.
    First,
    /// On a second list.
    Second,
    /// On this list already, or on two others.
    Known,
}

/// Everybody who was written down within a year: the month of the first entry, and on whose lists.
#[derive(Clone, Debug, Default)]
pub struct Lists(BTreeMap<PersonId, (u16, u8)>);

impl Lists {
    /// `keeper` writes `person` down in `month`.
    pub fn enter(&mut self, person: PersonId, keeper: Keeper, month: u16) -> Entry {
        let (since, on) = self.0.entry(person).or_insert((month, 0));
        if month - *since >= YEAR {
            (*since, *on) = (month, 0);
        }
        let before = *on;
        *on |= keeper as u8;
        match (before.count_ones(), on.count_ones()) {
            (0, _) => Entry::First,
            (1, 2) => Entry::Second,
            _ => Entry::Known,
        }
    }

    /// Forgets who was written down a year before `month`.
    pub fn forget(&mut self, month: u16) {
        self.0.retain(|_, (since, _)| month - *since < YEAR);
    }

    /// Everybody on a list.
    pub fn persons(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.0.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lists within a year make a second entry once; after a year all begins anew.
    #[test]
    fn a_second_list_counts_once_a_year() {
        let mut lists = Lists::default();
        let mut enter = |keeper: Keeper, month: u16| lists.enter(PersonId(7), keeper, month);
        assert_eq!(enter(Keeper::Hotline, 3), Entry::First);
        assert_eq!(enter(Keeper::Hotline, 4), Entry::Known);
        assert_eq!(enter(Keeper::Police, 4), Entry::Second);
        assert_eq!(enter(Keeper::Shelters, 5), Entry::Known);
        assert_eq!(enter(Keeper::Police, 15), Entry::First);
        lists.forget(26);
        assert_eq!(lists.persons().count(), 1);
        lists.forget(27);
        assert_eq!(lists.persons().count(), 0);
    }
}
