//! Each process of a month, on copies of the country as it stood when that process began in the middle of a run.

use criterion::{BatchSize, Criterion, Throughput};
use fivep::draws::Luck;
use fivep::model::state::State;
use fivep::model::{MONTH, Simulation};
use fivep::scenario::Overrides;

/// Months before the one that is measured: July 2016.
const BEFORE: usize = 78;

pub fn processes(bench: &mut Criterion) {
    let scenario = super::shipped("thailand-2016", &Overrides { scale: Some(100.0), ..Overrides::default() });
    let setting = &scenario.variants[0].setting;
    let luck = Luck::new(2016, 0);
    let mut simulation = Simulation::new(setting, luck);
    for _ in 0..BEFORE {
        simulation.step(setting);
    }
    // What one part of the month leaves is what the next one finds.
    let mut found: Vec<State> = Vec::new();
    simulation.step_watched(setting, &mut |_, state| found.push(state.clone()));
    let mut group = bench.benchmark_group("process");
    group.sample_size(20);
    for ((name, process), before) in MONTH.iter().zip(&found) {
        group.throughput(Throughput::Elements(u64::from(before.persons.len())));
        group.bench_function(*name, |b| {
            b.iter_batched_ref(|| before.clone(), |state| process(state, setting, &luck), BatchSize::PerIteration);
        });
    }
    group.finish();
}
