//! A whole run at three scales: cost must grow with persons and nothing else.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use fivep::draws::Luck;
use fivep::model::{Simulation, simulate};
use fivep::scenario::Overrides;

pub fn run(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("run");
    group.sample_size(10);
    for scale in [1000.0, 100.0, 10.0] {
        let scenario = super::shipped("thailand-2016", &Overrides { scale: Some(scale), ..Overrides::default() });
        let setting = &scenario.variants[0].setting;
        let persons = u64::from(Simulation::new(setting, Luck::new(2016, 0)).state().persons.len());
        group.throughput(Throughput::Elements(persons * setting.months() as u64));
        group.bench_with_input(BenchmarkId::new("thailand-2016 baseline, scale", scale), setting, |b, setting| {
            b.iter(|| simulate(black_box(setting), Luck::new(2016, 0)));
        });
    }
    group.finish();
}
