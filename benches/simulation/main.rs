//! What things cost: `cargo bench --bench simulation`, or a part of it by name: `cargo bench --bench simulation -- pass`.
//!
//! One binary, because each one links the whole program anew. Where persons are simulated, the throughput that
//! criterion prints is person-months a second ("elem/s").

mod analysis;
mod ensemble;
mod pass;
mod processes;
mod run;

use fivep::scenario::{Overrides, Scenario, load};

criterion::criterion_group!(benches, pass::pass, processes::processes, run::run, ensemble::ensemble, analysis::analysis);
criterion::criterion_main!(benches);

/// A shipped scenario with some values overridden.
fn shipped(name: &str, overrides: &Overrides) -> Scenario {
    let Ok(scenario) = load(name, overrides) else { panic!("the shipped scenario {name} loads") };
    scenario
}
