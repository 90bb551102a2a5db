//! How well many workers share a plan: nothing is simulated, a unit is a time that was drawn, and shares are those of `run --shard`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write;

use fivep::draws::{Luck, Purpose, normal_quantile};
use fivep::ensemble::Shard;

/// 200 replicates of 200 parameter sets.
const UNITS: u32 = 40_000;
/// How much units differ, and how much machines do: standard deviations of the logarithm.
const UNEVEN: f64 = 0.15;
const MACHINES: f64 = 0.1;
/// Seconds from one start of a task to the next, as a queue hands them out one by one, and seconds that a process takes before its first unit.
const HANDING: f64 = 0.02;
const STARTING: f64 = 1.0;

/// A factor about one, drawn at an address.
fn factor(what: u16, number: u32, spread: f64) -> f64 {
    libm::exp(spread * normal_quantile(Luck::new(2026, number).uniform(Purpose::Parameters, 0, 0, what)))
}

/// When the last shard ends, in seconds, where a queue gives each to the worker who is free first.
fn ends(units: &[f64], workers: u32, shards: u32) -> f64 {
    let all: Vec<u32> = (0..UNITS).collect();
    let speeds: Vec<f64> = (0..workers).map(|worker| factor(1, worker, MACHINES)).collect();
    // Times are positive, so that their bits stand in their order.
    let mut free: BinaryHeap<Reverse<(u64, u32)>> = (0..workers).map(|worker| Reverse((0_f64.to_bits(), worker))).collect();
    let mut last = 0.0_f64;
    for shard in 0..shards {
        let Reverse((at, worker)) = free.pop().expect("a worker");
        let work: f64 = Shard { own: shard + 1, all: shards }.share(&all).into_iter().map(|replicate| units[replicate as usize]).sum();
        let end = f64::from_bits(at).max(f64::from(shard) * HANDING) + STARTING + work * speeds[worker as usize];
        last = last.max(end);
        free.push(Reverse((end.to_bits(), worker)));
    }
    last
}

/// The share of the workers' time that went into units, as a machine like most would take for them.
fn efficiency(mean: f64, workers: u32, shards: u32) -> f64 {
    let units: Vec<f64> = (0..UNITS).map(|replicate| mean * factor(0, replicate, UNEVEN)).collect();
    units.iter().sum::<f64>() / (f64::from(workers) * ends(&units, workers, shards))
}

/// `cargo test --test it shards:: -- --nocapture` prints the table of docs/CLUSTER.md, which holds it.
#[test]
fn a_thousand_shards_keep_a_thousand_workers_busy() {
    let mut table = String::from("| workers | shards | of 12 s a unit | of 240 s a unit |\n|--:|--:|--:|--:|\n");
    let mut all = vec![];
    for (workers, shards) in [(64, 1_000), (1_000, 1_000), (1_000, 10_000), (10_000, 1_000), (10_000, 10_000)] {
        let [fine, coarse] = [12.0, 240.0].map(|mean| efficiency(mean, workers, shards));
        let _ = writeln!(table, "| {workers} | {shards} | {:.0} % | {:.0} % |", 100.0 * fine, 100.0 * coarse);
        all.push(coarse);
    }
    println!("{table}");
    assert!(all[0] > 0.9 && all[1] > 0.7 && all[2] > 0.9 && all[3] < 0.1, "{table}");
    let document = include_str!("../../docs/CLUSTER.md");
    assert!(document.contains(&table), "docs/CLUSTER.md holds another table than\n{table}");
}
