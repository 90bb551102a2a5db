//! The processes of a month, one file each, named after the submodels of the ODD protocol.
//!
//! Within a process all decisions read the state as it stood at the process's start: a process first collects
//! who does what, each by draws of its own address, and then applies it.

pub mod die;
pub mod budget;
pub mod migration;
pub mod recruitment;
pub mod placement;
pub mod work;
pub mod contact;
pub mod identification;
pub mod care;
pub mod justice;
pub mod complicity;
pub mod adaptation;
pub mod beliefs;

use super::ledgers::indicators::Indicator;
use super::state::cells::{Cell, Exploitation, Legal, Whereabouts};
use super::state::{NONE, State};

/// The logistic function.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The inverse of [`sigmoid`], for shares strictly between 0 and 1.
#[must_use]
pub fn logit(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    libm::log(share / (1.0 - share))
}

/// The place in `weights` that the uniform draw `u` picks, each with probability in proportion to its weight.
/// The last place with a weight is returned where rounding would run past the end.
#[must_use]
pub fn pick(weights: &[f64], u: f64) -> usize {
    pick_among(weights.iter().copied(), u)
}

/// The same for weights that stand nowhere.
#[must_use]
pub fn pick_among(weights: impl Iterator<Item = f64> + Clone, u: f64) -> usize {
    let total: f64 = weights.clone().sum();
    let mut left = u * total;
    let mut last = 0;
    for (place, weight) in weights.enumerate() {
        if weight > 0.0 {
            last = place;
            if left < weight {
                return place;
            }
            left -= weight;
        }
    }
    last
}

/// `entities` in the order of their draws, the smallest first: the K first are K of them chosen under common
/// luck, and more room keeps the earlier choices.
pub fn by_draw<T>(entities: impl Iterator<Item = T>, draw: impl Fn(&T) -> f64) -> Vec<T> {
    let mut keys: Vec<(f64, T)> = entities.map(|entity| (draw(&entity), entity)).collect();
    keys.sort_by(|a, b| a.0.total_cmp(&b.0));
    keys.into_iter().map(|(_, entity)| entity).collect()
}

/// The quantile `u` of a power of a uniform with this mean: most lie near 0, with a heavy tail near 1.
#[must_use]
pub fn skewed(mean: f64, u: f64) -> f64 {
    libm::pow(u, 1.0 / mean - 1.0)
}

/// Why somebody leaves forced labour or sexual exploitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By own escape.
    Escape,
    /// With the debt repaid.
    DebtRepaid,
    /// The employer eased off.
    Eased,
    /// Officially identified.
    Identified,
    /// Through an NGO or peers.
    Ngo,
    /// Arrested or deported unrecognised.
    Deported,
    /// The workplace closed, or a panic carried the worker home.
    Other,
}

/// Records that `person`, in `cell`, leaves exploitation by `route`, if the person was in it.
pub fn record_exit(state: &mut State, person: u32, cell: Cell, route: Exit) {
    if cell.exploitation != Exploitation::Forced {
        return;
    }
    state.count_one(match route {
        Exit::Escape => Indicator::ExitsEscape,
        Exit::DebtRepaid => Indicator::ExitsDebtRepaid,
        Exit::Eased => Indicator::ExitsEased,
        Exit::Identified => Indicator::ExitsIdentified,
        Exit::Ngo => Indicator::ExitsNgo,
        Exit::Deported => Indicator::ExitsDeported,
        Exit::Other => Indicator::ExitsOther,
    });
    let months = state.month - state.persons.records[person as usize].since;
    state.count(Indicator::ExitMonths, f64::from(months));
}

/// Records that `person` becomes a victim in `sector`.
pub fn record_entry(state: &mut State, person: u32, sector: u8) {
    state.count_one(Indicator::NewVictims);
    state.count_sector(sector, super::state::SectorFlow::NewVictims, 1.0);
    state.count_origin(person, super::state::OriginFlow::NewVictims);
    let times = &mut state.persons.records[person as usize].times;
    *times = times.saturating_add(1);
}

/// Takes `person`, who is at work in `cell`, away from the employer and out of the community's count abroad.
pub fn leave_work(state: &mut State, person: u32, cell: Cell) {
    let employer = std::mem::replace(&mut state.persons.employer[person as usize], NONE);
    if employer != NONE {
        state.employers.workers[employer as usize] -= 1;
    }
    state.persons.confine(person, 0);
    let community = state.persons.layout.community(person);
    state.communities.abroad[community] -= 1;
    if cell.legal == Legal::Mou {
        state.communities.abroad_mou[community] -= 1;
    }
}

/// Sends `person`, who no longer works, home.
pub fn go_home(state: &mut State, person: u32) {
    let home = state.persons.home_cell(person, Whereabouts::Home);
    state.persons.records[person as usize].permit = super::state::NEVER;
    state.persons.change(person, home, state.month);
}

/// Takes `person` away from work (counting the exit) and home.
pub fn return_home(state: &mut State, person: u32, route: Exit) {
    let cell = state.persons.at(person);
    record_exit(state, person, cell, route);
    leave_work(state, person, cell);
    go_home(state, person);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_are_in_proportion_to_weights() {
        let weights = [1.0, 0.0, 3.0];
        assert_eq!(pick(&weights, 0.2499), 0);
        assert_eq!(pick(&weights, 0.2501), 2);
        assert_eq!(pick(&weights, 0.999_999_999), 2);
        assert_eq!(pick(&[0.0, 0.0], 0.5), 0);
    }

    #[test]
    fn the_logit_undoes_the_sigmoid() {
        for x in [-5.0, -0.3, 0.0, 2.0] {
            assert!((logit(sigmoid(x)) - x).abs() < 1e-9);
        }
    }
}
