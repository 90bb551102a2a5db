//! How long a run takes, at three scales, and the month's die alone: `cargo bench`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fivep::draws::{Die, Luck};
use fivep::model::simulate;
use fivep::scenario::{Overrides, load};
use std::hint::black_box;

fn die(bench: &mut Criterion) {
    let persons = 1_000_000u32;
    let cells: Vec<u16> = (0..persons).map(|person| (person % 977) as u16).collect();
    let bounds: Vec<u32> = (0..977).map(|cell| Die::bound(f64::from(cell) * 2e-5)).collect();
    let die = Luck::new(1, 0).die(7);
    let mut group = bench.benchmark_group("die");
    group.throughput(Throughput::Elements(u64::from(persons)));
    group.bench_function("bare pass", |b| {
        b.iter(|| (0u32..).zip(black_box(&cells)).filter(|(person, cell)| die.roll(*person) < bounds[usize::from(**cell)]).count());
    });
    group.finish();
}

fn run(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("run");
    group.sample_size(10);
    for scale in [1000.0, 100.0, 10.0] {
        let overrides = Overrides { scale: Some(scale), ..Overrides::default() };
        let Ok(scenario) = load("thailand-2016", &overrides) else { panic!("the shipped scenario loads") };
        let setting = &scenario.variants[0].setting;
        group.throughput(Throughput::Elements((10_000_000.0 / scale) as u64 * setting.months() as u64));
        group.bench_with_input(BenchmarkId::new("thailand-2016 baseline, scale", scale), setting, |b, setting| {
            b.iter(|| simulate(black_box(setting), Luck::new(2016, 0)));
        });
    }
    group.finish();
}

criterion_group!(benches, die, run);
criterion_main!(benches);
