//! What `check`, `run` and `compare` warn of before anything is simulated: the one place where all warnings come together.
//!
//! Absent on purpose: the warnings that the files alone give rise to (`scenario`), and what a plan leaves unfunded (`funding`).

use super::funding;
use crate::scenario::Scenario;

/// All warnings about a scenario, each as text to show.
#[must_use]
pub fn warnings(scenario: &Scenario) -> Vec<String> {
    let mut all = scenario.warnings.clone();
    all.extend(funding::warnings(scenario));
    all
}
