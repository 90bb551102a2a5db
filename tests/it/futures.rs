//! Futures of one country under the same luck, as the tests compare them: what they share of the past is simulated once, and more
//! replicates are asked for only where few leave a doubt.

use fivep::draws::Luck;
use fivep::ensemble::in_parallel;
use fivep::model::{Setting, Simulation};
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Calls `work` for 0 to `count` on two threads; the answers come in this order.
pub fn on_two_threads<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    in_parallel(count, 2, &work, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it")
}

/// What `look` finds at the end of each of `settings`, told its place, under the same luck. What one shares of the past of the first is simulated once.
pub fn futures<T>(settings: &[&Setting], luck: Luck, look: impl Fn(usize, Simulation) -> T) -> Vec<T> {
    let first = settings[0];
    let months = first.months();
    let parting: Vec<usize> = settings.iter().map(|setting| first.differs_from(setting).unwrap_or(months)).collect();
    let mut shared = Simulation::new(first, luck);
    let mut found: Vec<Option<T>> = settings.iter().map(|_| None).collect();
    for month in 0..=months {
        for place in (0..settings.len()).filter(|place| parting[*place] == month) {
            let setting = settings[place];
            let mut own = if month == 0 { Simulation::new(setting, luck) } else { shared.clone() };
            (month..setting.months()).for_each(|_| own.step(setting));
            found[place] = Some(look(place, own));
        }
        if month < months {
            shared.step(first);
        }
    }
    found.into_iter().flatten().collect()
}

/// Mean and standard error.
pub fn spread(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    (values.iter().sum::<f64>() / n, (variance(values) / n).sqrt())
}

/// The variance of what `values` are a sample of.
pub fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

/// How two sides of paired replicates differ.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The mean of the first side.
    pub level: f64,
    /// The mean of what the second adds.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
}

impl Difference {
    /// Of the values of both sides, replicate by replicate.
    pub fn between(before: &[f64], after: &[f64]) -> Self {
        let differences: Vec<f64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
        let (mean, error) = spread(&differences);
        Self { level: before.iter().sum::<f64>() / before.len() as f64, mean, error }
    }

    /// The mean lies more than so many standard errors on the side of `sign`.
    pub fn beyond(&self, sign: f64, errors: f64) -> bool {
        sign * self.mean > errors * self.error && sign * self.mean > 0.0
    }
}

/// How many replicates there are at first and in all, and how many standard errors are asked then: the first few must leave far less doubt than all of them
/// (five standard errors of six pairs happen by chance once in 500 times, two of twenty-four once in 35).
#[derive(Clone, Copy, Debug)]
pub struct Stages {
    /// At first.
    pub few: u32,
    /// In all.
    pub all: u32,
}

impl Stages {
    /// Standard errors asked of the first few replicates.
    pub const FEW: f64 = 5.0;
    /// Standard errors asked of all of them.
    pub const ALL: f64 = 2.0;

    /// Asks `more` for what is found in replicates, for those of `count` questions whose places it is told; goes on with those of which `judged`, told the
    /// place, what was found and the standard errors to ask, is not satisfied by the first few. Each question's verdict, with its text.
    pub fn ask<T>(
        self,
        count: usize,
        mut more: impl FnMut(&[usize], Range<u32>) -> Vec<Vec<T>>,
        judged: impl Fn(usize, &[T], f64) -> (bool, String),
    ) -> Vec<(bool, String)> {
        let mut found: Vec<Vec<T>> = more(&(0..count).collect::<Vec<_>>(), 0..self.few);
        let mut verdicts: Vec<(bool, String)> = found.iter().enumerate().map(|(place, found)| judged(place, found, Self::FEW)).collect();
        let open: Vec<usize> = (0..count).filter(|place| !verdicts[*place].0).collect();
        println!("{} of {count} are open after {} replicates", open.len(), self.few);
        if !open.is_empty() {
            for (place, later) in open.iter().zip(more(&open, self.few..self.all)) {
                found[*place].extend(later);
                verdicts[*place] = judged(*place, &found[*place], Self::ALL);
            }
        }
        verdicts
    }
}
