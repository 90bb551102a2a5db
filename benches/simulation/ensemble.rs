//! Twelve variants, two replicates, on one thread and on all cores: what shared pasts and parallel runs bring.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use criterion::{Criterion, Throughput};
use fivep::ensemble::simulate_all;
use fivep::scenario::Overrides;

pub fn ensemble(bench: &mut Criterion) {
    let scenario = super::shipped("thailand-2016", &Overrides { scale: Some(100.0), replicates: Some(2), ..Overrides::default() });
    let go_on = AtomicBool::new(false);
    let months = Mutex::new(0);
    let _ = simulate_all(&scenario, 1, &|progress| *months.lock().expect("no thread panics") = progress.total_months, &go_on);
    let months = months.into_inner().expect("no thread panics");
    let mut group = bench.benchmark_group("ensemble");
    group.sample_size(10);
    // Months are counted once where variants share them: what is simulated, not what is reported.
    group.throughput(Throughput::Elements(months * 100_000));
    for jobs in [1, available_parallelism().map_or(1, NonZero::get)] {
        group.bench_function(format!("{} variants x 2 replicates, {jobs} threads", scenario.variants.len()), |b| {
            b.iter(|| simulate_all(&scenario, jobs, &|_| {}, &go_on));
        });
    }
    group.finish();
}
