//! What one unit of a study costs, measured on its baseline.

use std::time::Instant;

use crate::ensemble::work_of_unit;
use crate::model::Simulation;
use crate::scenario::Scenario;

/// What one unit costs on one thread.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// Seconds.
    pub seconds: f64,
    /// Megabytes of memory of a process that computes one unit at a time; nothing where the system does not say.
    pub memory: Option<f64>,
}

/// How long a price is looked for, in seconds, beyond the first year.
const LOOK: f64 = 5.0;

/// The price of a unit of `scenario`, from its baseline: all of it where that is quick, else the first months, which are the cheaper
/// ones by a third or so.
#[must_use]
pub fn price(scenario: &Scenario) -> Price {
    let work = work_of_unit(scenario);
    let setting = scenario.setting(0, 0);
    let before = resident();
    let mut simulation = Simulation::new(&setting, crate::draws::Luck::new(scenario.seed, 0));
    let (clock, mut months) = (Instant::now(), 0);
    while months < setting.months() && (months < 12 || clock.elapsed().as_secs_f64() < LOOK) {
        simulation.step(&setting);
        months += 1;
    }
    let month = clock.elapsed().as_secs_f64() / months.max(1) as f64;
    let own = resident().zip(before).map(|(after, before)| (before, (after - before).max(0.0)));
    drop(simulation);
    // Writing a unit takes some memory too, whatever the country's size.
    Price { seconds: month * work.months as f64, memory: own.map(|(before, country)| before + country * work.countries as f64 + 50.0) }
}

/// The megabytes of memory that this process holds, where the system says so.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
