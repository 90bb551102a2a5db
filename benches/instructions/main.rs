//! One small fixed run, for counting its instructions: see the script `run` beside it.

use fivep::draws::Luck;
use fivep::model::simulate;
use fivep::scenario::{Overrides, load};

fn main() {
    let overrides = Overrides { scale: Some(500.0), ..Overrides::default() };
    let Ok(scenario) = load("thailand-2016", &overrides) else { panic!("the shipped scenario loads") };
    let history = simulate(&scenario.variants[0].setting, Luck::new(2016, 0));
    assert_eq!(history.rows.len(), 96, "the run was simulated to its end");
}
