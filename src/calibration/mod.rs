//! Parameter sets that match published figures.
//!
//! [`calibrate`] is the whole route, for any simulator that turns parameters and luck into figures: a screen finds the
//! parameters that move any figure ([`screen`]), waves of history matching place runs where figures can be met
//! ([`matching`], with [`emulator`]s standing in for the model), and ABC-SMC weighs the whole of the ranges ([`abc`]). It is a pure
//! function of its arguments: neither the number of threads nor an interruption changes a byte, because every batch of
//! runs goes through [`store`], which keeps it on disk and hands it back when the route is walked again.
//!
//! All parameters vary in every run. Those that move figures are known to the emulators; the others are drawn from their ranges, so that
//! what they do is part of a run's luck to whoever does not know them, and they stay in the sets as they were drawn.
//!
//! Whether the whole of it finds what it should is asked of runs whose truth is known ([`ranks`](mod@ranks)).
//!
//! [`targets`] reads the figures of a country's targets off a run, and [`posterior`] writes what was found.
//!
//! Absent on purpose: validation targets. Whoever makes goals of targets leaves out what may not be fitted
//! ([`targets::goals`] refuses).

pub mod abc;
pub mod checks;
pub mod design;
pub mod kernel;
pub mod lengths;
pub mod emulator;
pub mod left_out;
pub mod matching;
pub mod misfit;
pub mod posterior;
pub mod ranks;
pub mod scales;
pub mod screen;
pub mod settling;
pub mod skill;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod store;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod kept;
pub mod targets;
pub mod validation;

use crate::draws::fnv;
use crate::scenario::Problem;
use abc::{Population, cool, densities, weigh};
use checks::{Checked, check};
use design::{Dice, apart, points};
use emulator::{Emulators, FEW, FINE};
use left_out::{Forecast, forecasts};
use lengths::{MANY, learn};
use matching::{Wave, remaining};
use misfit::{doubt, misfit};
use ranks::{Played, Ranks};
use scales::Scale;
use settling::{Settling, shift};
use store::Store;

/// The parameters that may be varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// Their names.
    pub names: Vec<String>,
    /// The low end of each range.
    pub low: Vec<f64>,
    /// The high end of each range.
    pub high: Vec<f64>,
    /// The value that the country's file says of each.
    pub start: Vec<f64>,
}

impl Space {
    /// The values at a point of the unit cube of all parameters.
    #[must_use]
    pub fn values(&self, point: &[f64]) -> Vec<f64> {
        // Rounding must not carry a value out of its range.
        let value = |(k, u): (usize, &f64)| (self.low[k] + u * (self.high[k] - self.low[k])).clamp(self.low[k], self.high[k]);
        point.iter().enumerate().map(value).collect()
    }
}

/// A figure to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The least that was published; minus infinity for an open side.
    pub low: f64,
    /// The greatest that was published.
    pub high: f64,
    /// Standard deviation of the observation.
    pub error: f64,
    /// Standard deviation of what the model's form cannot meet.
    pub discrepancy: f64,
    /// The scale on which it is fitted.
    pub scale: Scale,
    /// The series that it belongs to, where it has one: goals of one series share a part of their discrepancy.
    pub series: Option<usize>,
    /// The year in which its period ends.
    pub year: i32,
}

/// How much is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Runs of the screen.
    pub screen: usize,
    /// Most parameters that emulators know.
    pub most: usize,
    /// Waves of history matching.
    pub waves: usize,
    /// Runs of a wave.
    pub runs: usize,
    /// Places of a generation of ABC-SMC.
    pub places: usize,
    /// Most generations; fewer are made once emulators change little.
    pub generations: usize,
    /// Runs of each set by which the sets are checked in the end.
    pub checks: usize,
}

impl Effort {
    /// Most runs that it can take.
    #[must_use]
    pub fn most_runs(self) -> usize {
        self.screen + self.waves * self.runs + self.places * (self.generations + self.checks)
    }
}

/// What decides a calibration beside its goals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How much is simulated.
    pub effort: Effort,
    /// The seed of designs and proposals.
    pub seed: u64,
    /// The share of the variance of a run's luck that the published figures carry: one where a run is as large as the
    /// real country, one over the scale where an agent stands for several persons.
    pub luck: f64,
    /// The last year whose figures a calibration knows that is to forecast the later ones.
    pub split: i32,
    /// How many runs play what was published, to see whether sets lie where the truth does.
    pub truths: usize,
}

/// How one wave went.
#[derive(Clone, Debug)]
pub struct WaveReport {
    /// Leave-one-out Q2 of each goal's emulator; not a number where there is none.
    pub q2: Vec<f64>,
    /// The standard deviation that luck gives to each goal's figure in one run.
    pub noise: Vec<f64>,
    /// The greatest implausibility let pass.
    pub cutoff: f64,
    /// The share of the known parameters' ranges that remains, by volume.
    pub share: f64,
}

/// How one generation went.
#[derive(Clone, Copy, Debug)]
pub struct Generation {
    /// The tolerance that it came down to.
    pub tolerance: f64,
    /// How many tolerances that took.
    pub stages: u16,
    /// The share of accepted steps of the last walks.
    pub accepted: f64,
    /// How emulators that have seen its runs judge it.
    pub settling: Settling,
}

/// What calibration found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The parameters that emulators know, by their places in the space.
    pub known: Vec<usize>,
    /// What the screen saw of each parameter.
    pub screened: Vec<screen::Influence>,
    /// How each wave went.
    pub waves: Vec<WaveReport>,
    /// The emulators themselves.
    pub emulators: Vec<Wave>,
    /// How each generation went.
    pub generations: Vec<Generation>,
    /// Where walks end under emulators that have seen all runs, in the unit cube of the known parameters.
    pub population: Population,
    /// The same places in the unit cube of all parameters: those that are not known as they were drawn.
    pub places: Vec<Vec<f64>>,
    /// The figures of the last generation's runs, which lie where the emulators before them led to.
    pub outputs: Vec<Vec<f64>>,
    /// How real runs judge the sets, where there were any.
    pub checked: Option<Checked>,
    /// Figures left out in turn, and forecast.
    pub left_out: Vec<Forecast>,
    /// The share of runs left out whose figure lies within the central nine tenths of what the last emulators expect, goal by goal; not a number where there is none.
    pub covered: Vec<f64>,
    /// For each run that played what was published where its truth lies among its sets.
    pub ranks: Vec<Ranks>,
    /// How well emulators foretell what variants differ in: leave-one-out Q2; empty where nobody asked.
    pub foretold: Vec<f64>,
    /// How many runs it took.
    pub runs: usize,
}

impl Outcome {
    /// How the last generation was judged, and nothing where there was none.
    #[must_use]
    pub fn settling(&self) -> Option<Settling> {
        self.generations.last().map(|last| last.settling)
    }

    /// Whether all that is asked of the last generation and of the sets is met; nothing where there was no generation.
    #[must_use]
    pub fn settled(&self) -> Option<bool> {
        self.settling().map(|settling| settling.settled() && self.checked.is_none_or(|checked| checked.held()))
    }

    /// What is asked and what there is, in a line.
    #[must_use]
    pub fn told(&self) -> String {
        let told = self.settling().map(|settling| settling.told()).into_iter().chain(self.checked.map(|checked| checked.told()));
        told.collect::<Vec<_>>().join(", ")
    }

    /// The values of all parameters of `space` in each set.
    #[must_use]
    pub fn sets(&self, space: &Space) -> Vec<Vec<f64>> {
        self.places.iter().map(|place| space.values(place)).collect()
    }
}

/// Finds weighted parameter sets of `space` that meet `goals`.
///
/// `store` simulates, on any number of threads; the answer does not depend on how many.
///
/// # Errors
/// What `store` could not do: an interrupt, or a disk that refuses.
pub fn calibrate(space: &Space, goals: &[Goal], settings: Settings, store: &mut Store<'_>) -> Result<Outcome, Stopped> {
    let Settings { effort, seed, luck, .. } = settings;
    let screened = screen::screen(space, goals, effort, seed, store)?;
    let known = screen::known(&screened.influences, effort.most);
    let scales: Vec<Scale> = goals.iter().map(|goal| goal.scale).collect();
    let goals: &[Goal] = &goals.iter().map(Goal::on_scale).collect::<Vec<_>>();
    let mut runs = Runs { space, known: &known, seed, scales: &scales, points: vec![], outputs: vec![] };
    let places = screened.design.iter().map(|place| known.iter().map(|k| place[*k]).collect()).collect::<Vec<_>>();
    runs.learn(&places, &screened.outputs);
    let mut waves: Vec<Wave> = vec![];
    let mut reports = vec![];
    let mut bounds = vec![(0.0, 1.0); known.len()];
    let mut design = points(effort.runs, known.len(), seed as u32 ^ 0x5eed);
    for number in 0..effort.waves {
        design.truncate(effort.runs);
        runs.add(store, &format!("wave-{}", number + 1), &design)?;
        waves.push(Wave { emulators: runs.emulate(), luck, cutoff: matching::CUTOFF });
        let left = remaining(goals, &mut waves, effort.runs.max(effort.places), &bounds, seed, number as u16);
        reports.push(WaveReport::of(&waves[number], left.share));
        bounds = left.bounds;
        design = left.points;
    }
    design.truncate(effort.places);
    // The last wave's have seen all runs so far.
    let (start, mut emulators) = (design, waves.last().map_or_else(|| runs.emulate(), |wave| wave.emulators.clone()));
    let mut generations: Vec<Generation> = vec![];
    // Learnt anew for each generation, lengths would move the sets by more than its runs do.
    let mut lengths = None;
    loop {
        let number = generations.len() as u16;
        let lead = |emulators: &Emulators, number: u16, store: &Store<'_>| {
            let at = |point: &[f64]| misfit(goals, emulators, luck, point);
            cool(&start, &at, &|stage| Dice::new(seed, 100 * (1 + number) + stage), store)
        };
        let (ends, misfits, stages) = lead(&emulators, number, store)?;
        let outputs = runs.add(store, &format!("generation-{}", number + 1), &ends.points)?;
        let lengths = lengths.get_or_insert_with(|| learn(&runs.points, &runs.outputs, MANY));
        let with = |features: usize| Emulators::with(lengths.clone(), features, &runs.points, &runs.outputs);
        // How far emulators that have seen the runs agree with those that led there.
        let judge = |emulators: &Emulators, store: &Store<'_>| {
            let anew = store.each(ends.points.len(), &|place| misfit(goals, emulators, luck, &ends.points[place]))?;
            let judged = weigh(ends.points.clone(), &anew, &densities(&misfits, ends.tolerance), ends.tolerance, ends.accepted);
            let doubts = store.each(ends.points.len(), &|place| doubt(goals, emulators, luck, &ends.points[place]))?;
            Ok::<_, Stopped>(Settling {
                places: ends.points.len(),
                tolerance: ends.tolerance,
                agreed: judged.effective,
                doubt: doubts.iter().sum::<f64>() / doubts.len() as f64,
                shift: shift(&ends.points, &judged.weights),
            })
        };
        emulators = with(FEW);
        let mut settling = judge(&emulators, store)?;
        let last = generations.len() + 1 == effort.generations;
        // Finer ones cost eight times as much, and only the sets that are handed out need them.
        let fine = (last || settling.stands()).then(|| with(FINE));
        if let Some(fine) = &fine {
            settling = judge(fine, store)?;
        }
        store.tell(&format!("generation {}: {}", number + 1, settling.told()));
        generations.push(Generation { tolerance: ends.tolerance, stages, accepted: ends.accepted, settling });
        if let Some(fine) = fine
            && (last || settling.settled())
        {
            emulators = fine;
            // The last cooling needs no runs, and so may use what all runs taught.
            let (population, ..) = lead(&emulators, number + 1, store)?;
            let places = runs.beside(apart(population.points.len(), space.names.len(), seed), &population.points);
            let rounds = (1..=effort.checks).map(|round| runs.look(store, &format!("check-{round}"), &population.points));
            let rounds = rounds.collect::<Result<Vec<_>, _>>()?;
            let checked = (effort.checks > 0).then(|| check(goals, &emulators, luck, &population.points, &rounds));
            let left_out = if effort.checks > 0 { forecasts(goals, &emulators, luck, &population, settings.split, seed, store)? } else { vec![] };
            let (ranks, foretold) = runs.play(goals, &emulators, &screened.design, settings, store)?;
            return Ok(Outcome {
                covered: emulators.covered(),
                ranks,
                foretold,
                known,
                screened: screened.influences,
                waves: reports,
                emulators: waves,
                generations,
                population,
                places,
                outputs,
                checked,
                left_out,
                runs: store.runs(),
            });
        }
    }
}

/// The runs that emulators learn from: all of them, for those far off say where the figures bend.
struct Runs<'a> {
    space: &'a Space,
    known: &'a [usize],
    seed: u64,
    scales: &'a [Scale],
    /// Places in the unit cube of the known parameters.
    points: Vec<Vec<f64>>,
    /// Their figures, each on its scale.
    outputs: Vec<Vec<f64>>,
}

impl Runs<'_> {
    /// Simulates `design`, and hands back its figures.
    fn add(&mut self, store: &mut Store<'_>, stage: &str, design: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Stopped> {
        let values: Vec<Vec<f64>> = self.whole(stage, design).iter().map(|place| self.space.values(place)).collect();
        let outputs = store.batch(stage, &values)?;
        self.learn(design, &outputs);
        Ok(outputs)
    }

    /// Simulates `design` and hands back its figures on their scales; nothing is learned from them.
    fn look(&self, store: &mut Store<'_>, stage: &str, design: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Stopped> {
        let values: Vec<Vec<f64>> = self.whole(stage, design).iter().map(|place| self.space.values(place)).collect();
        let on_scale = |row: Vec<f64>| row.iter().zip(self.scales).map(|(value, scale)| scale.of(*value)).collect();
        Ok(store.batch(stage, &values)?.into_iter().map(on_scale).collect())
    }

    fn learn(&mut self, points: &[Vec<f64>], outputs: &[Vec<f64>]) {
        self.points.extend_from_slice(points);
        let on_scale = |row: &Vec<f64>| row.iter().zip(self.scales).map(|(value, scale)| scale.of(*value)).collect();
        self.outputs.extend(outputs.iter().map(on_scale));
    }

    /// Places of all parameters: `design` of those that emulators know, and anywhere of the others, by a design that belongs to the `stage`.
    fn whole(&self, stage: &str, design: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let own = fnv(stage.bytes().chain(self.seed.to_le_bytes()));
        self.beside(points(design.len(), self.space.names.len(), own as u32), design)
    }

    /// The places `all` of all parameters, with `design` in the place of those that emulators know.
    fn beside(&self, mut all: Vec<Vec<f64>>, design: &[Vec<f64>]) -> Vec<Vec<f64>> {
        for (place, point) in all.iter_mut().zip(design) {
            for (k, u) in self.known.iter().zip(point) {
                place[*k] = *u;
            }
        }
        all
    }

    /// Lets runs play what was published: where their truths lie, and how well what variants differ in is foretold. `screen` holds the places of the first runs, in
    /// the unit cube of all parameters.
    fn play(
        &self,
        goals: &[Goal],
        emulators: &Emulators,
        screen: &[Vec<f64>],
        Settings { effort, seed, truths, .. }: Settings,
        store: &Store<'_>,
    ) -> Result<(Vec<Ranks>, Vec<f64>), Stopped> {
        // Only runs from anywhere in the ranges are truths that somebody could have guessed.
        let anywhere = screen.len().max(effort.runs).min(self.points.len());
        let chosen: Vec<usize> = (0..truths.min(anywhere)).map(|k| k * anywhere / truths.min(anywhere)).collect();
        let asked: Vec<Vec<f64>> = screen.iter().map(|place| self.space.values(place)).collect();
        let differences = if chosen.is_empty() || asked.is_empty() { None } else { store.differences(&asked)? }.unwrap_or_default();
        // Whoever plays the truth is not learnt from.
        let taught: Vec<usize> = (0..differences.len()).filter(|i| !chosen.contains(i)).collect();
        let of = |all: &[Vec<f64>]| taught.iter().map(|i| all[*i].clone()).collect::<Vec<_>>();
        let differing = (!taught.is_empty()).then(|| Emulators::fit(&of(&self.points), &of(&differences)));
        let played =
            |i: &usize| Played { truth: &self.points[*i], figures: &self.outputs[*i], differences: differences.get(*i).map_or(&[], Vec::as_slice) };
        let played: Vec<Played<'_>> = chosen.iter().map(played).collect();
        let start = points(effort.places, self.known.len(), seed as u32 ^ 0x7a1e);
        let found = ranks::ranks(goals, emulators, differing.as_ref(), &played, &start, seed, store)?;
        Ok((found, differing.map(|differing| differing.q2()).unwrap_or_default()))
    }

    fn emulate(&self) -> Emulators {
        Emulators::fit(&self.points, &self.outputs)
    }
}

impl WaveReport {
    fn of(wave: &Wave, share: f64) -> Self {
        Self { q2: wave.emulators.q2(), noise: wave.emulators.noise(), cutoff: wave.cutoff, share }
    }
}

/// Why calibration ended early; what was simulated is kept, and the next call goes on from there.
#[derive(Clone, Debug, PartialEq)]
pub enum Stopped {
    /// Somebody asked it to stop.
    Interrupted,
    /// The disk refused, or holds the state of another calibration.
    Problem(Problem),
}

#[cfg(test)]
mod known_answers;
#[cfg(test)]
mod settles;
