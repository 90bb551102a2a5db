//! The month's pass beside bare loops: the same hash, the same compare, the same arrays, and no model.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use fivep::draws::lanes::{Bounds, Level, one_by_one};
use fivep::draws::{Die, Luck};

const PERSONS: u32 = 1_000_000;

/// Persons in some two thousand cells, of whom 3 % pass: about what a run of Thailand has.
fn population() -> (Vec<u16>, Box<Bounds>) {
    let cells = (0..PERSONS).map(|person| (person.wrapping_mul(2_654_435_761) >> 21) as u16 * 18).collect();
    let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
    for (place, bound) in bounds.iter_mut().enumerate() {
        *bound = Die::bound(place as f64 * 1.7e-6);
    }
    (cells, bounds)
}

/// What somebody would write first: it only counts, so it does less than the pass does.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled once for any processor and once for AVX2")]
fn bare(die: Die, cells: &[u16], bounds: &Bounds) -> u32 {
    (0u32..).zip(cells).map(|(person, cell)| u32::from(die.roll(person) < bounds[usize::from(*cell)])).sum()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn bare_avx2(die: Die, cells: &[u16], bounds: &Bounds) -> u32 {
    bare(die, cells, bounds)
}

pub fn pass(bench: &mut Criterion) {
    let (cells, bounds) = population();
    let die = Luck::new(1, 0).die(7);
    let mut group = bench.benchmark_group("pass");
    group.throughput(Throughput::Elements(u64::from(PERSONS)));
    group.bench_function("bare loop, any processor", |b| b.iter(|| bare(die, black_box(&cells), &bounds)));
    #[cfg(target_arch = "x86_64")]
    if Level::available().len() > 1 {
        #[expect(unsafe_code, reason = "a function compiled for a processor feature can be called in no other way")]
        // SAFETY: a second level is available only where the processor has these features.
        group.bench_function("bare loop, AVX2", |b| b.iter(|| unsafe { bare_avx2(die, black_box(&cells), &bounds) }));
    }
    let mut hits = Vec::new();
    group.bench_function("person by person", |b| {
        b.iter(|| {
            hits.clear();
            one_by_one(die, 0, black_box(&cells), &bounds, &mut hits);
            hits.len()
        });
    });
    for level in Level::available() {
        group.bench_function(format!("{level:?}"), |b| {
            b.iter(|| {
                hits.clear();
                level.pass(die, 0, black_box(&cells), &bounds, &mut hits);
                hits.len()
            });
        });
    }
    group.finish();
}
