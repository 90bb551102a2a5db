//! What a long study says while it goes on, on standard error: how long the whole will take, and a first look as soon as a replicate is whole.
//!
//! A first look is the differences in people exploited so far, paired within replicates, without any interval: one future or two tell how large things
//! are and whether the scenario is the one that was meant, and nothing about how sure.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::numbers::{counted, cut_apart, grouped, signed};
use crate::analysis::answer::PEOPLE;
use crate::ensemble::{Progress, Unit};
use crate::results::manifest::window;
use crate::scenario::Scenario;

/// After how long the whole is reckoned.
const AFTER: Duration = Duration::from_secs(4);
/// What takes no longer says nothing.
const LONG: Duration = Duration::from_secs(30);
/// The most variants in a first look.
const MOST: usize = 12;
/// How wide a title may be.
const NAME: usize = 40;

/// What is known so far of a study that goes on.
#[derive(Debug)]
pub(super) struct Early<'a> {
    scenario: &'a Scenario,
    began: Instant,
    /// Whether the whole has been reckoned, and whether it is long.
    reckoned: AtomicBool,
    long: AtomicBool,
}

impl<'a> Early<'a> {
    pub(super) fn of(scenario: &'a Scenario) -> Self {
        Self { scenario, began: Instant::now(), reckoned: AtomicBool::new(false), long: AtomicBool::new(false) }
    }

    /// How long the whole will take, once, where that is long; asked after every month from any thread.
    pub(super) fn reckon(&self, progress: Progress, missing: usize) -> Option<String> {
        let gone = self.began.elapsed();
        if gone < AFTER || progress.done_months == 0 || self.reckoned.swap(true, Ordering::Relaxed) {
            return None;
        }
        let whole = gone.as_secs_f64() * progress.total_months as f64 / progress.done_months as f64;
        if whole < LONG.as_secs_f64() {
            return None;
        }
        self.long.store(true, Ordering::Relaxed);
        let (variants, scale) = (self.scenario.variants.len(), self.scenario.scale);
        let then = if variants > 1 { "; the first rows come with the first replicate" } else { "" };
        let what = format!("{}, {} at scale {scale}", counted(variants, "variant"), counted(missing, "replicate"));
        Some(format!("{}: {what}: about {}{then}.\n", self.scenario.title, long(whole)))
    }

    /// What the first replicate that is whole shows, where the whole takes long and there is something to compare.
    pub(super) fn look(&self, unit: &Unit) -> Option<String> {
        if self.scenario.variants.len() < 2 || !self.long.swap(false, Ordering::Relaxed) {
            return None;
        }
        Some(table(self.scenario, unit))
    }
}

/// Seconds as somebody would say them who has to wait.
fn long(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => "a minute".to_owned(),
        s if s < 90.0 * 60.0 => format!("{:.0} minutes", s / 60.0),
        s => format!("{:.1} hours", s / 3600.0),
    }
}

fn table(scenario: &Scenario, unit: &Unit) -> String {
    let window = window(scenario);
    let exploited = |variant: usize| PEOPLE.value(&unit.histories[variant], window);
    let against = scenario.against.as_ref().and_then(|name| scenario.variants.iter().position(|variant| variant.name == *name)).unwrap_or(0);
    let before = exploited(against);
    let mut rows: Vec<(&str, f64)> = (0..scenario.variants.len())
        .filter(|variant| *variant != against)
        .map(|variant| (scenario.variants[variant].title.as_str(), exploited(variant) - before))
        .collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let title = &scenario.variants[against].title;
    let mut text = format!(
        "A first look, at one replicate: people exploited, against {} under “{title}”. Chance may turn small ones; how sure each is comes with the rest.\n",
        grouped(before, 0)
    );
    let names = cut_apart(&rows.iter().map(|(title, _)| (*title).to_owned()).collect::<Vec<_>>(), NAME);
    for (title, (_, difference)) in names.iter().zip(&rows).take(MOST) {
        let percent = if before > 0.0 { format!("{} %", signed(100.0 * difference / before, 1)) } else { String::new() };
        let _ = writeln!(text, "  {title:<NAME$} {:>10} {percent:>9}", signed(*difference, 0));
    }
    if rows.len() > MOST {
        let _ = writeln!(text, "  and {} more", rows.len() - MOST);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::super::numbers::cut;
    use super::*;
    use crate::ensemble::simulate_units;
    use crate::model::ledgers::indicators::Indicator;
    use crate::scenario::{Overrides, load};
    use std::sync::atomic::AtomicBool;

    #[test]
    fn a_wait_is_said_in_whole_words() {
        assert_eq!([40.0, 300.0, 7200.0].map(long), ["a minute", "5 minutes", "2.0 hours"]);
    }

    #[test]
    fn the_first_look_says_what_the_rows_say() {
        let wanted = Overrides { replicates: Some(1), scale: Some(50.0), ..Overrides::default() };
        let scenario = load("borderland", &wanted).expect("it is embedded");
        let mut unit = None;
        simulate_units(&scenario, &[0], 1, &|_| (), &AtomicBool::new(false), &mut |found| {
            unit = Some(found);
            true
        });
        let unit = unit.expect("one replicate");
        let early = Early::of(&scenario);
        assert_eq!(early.look(&unit), None, "what is short says nothing");
        early.long.store(true, Ordering::Relaxed);
        let text = early.look(&unit).expect("what is long does");
        assert_eq!(early.look(&unit), None, "once");
        let (from, to) = window(&scenario);
        let mean = |variant: usize| {
            let history = &unit.histories[variant];
            let rows = &history.rows[from.since(history.first) as usize..=to.since(history.first) as usize];
            rows.iter().map(|row| row.get(Indicator::Exploited)).sum::<f64>() / rows.len() as f64
        };
        for variant in 1..scenario.variants.len() {
            let title = format!("  {:<NAME$} ", cut(&scenario.variants[variant].title, NAME));
            let line = text.lines().find(|line| line.starts_with(&title)).expect("a line each");
            assert!(line.contains(&format!(" {} ", signed(mean(variant) - mean(0), 0))), "{line}");
        }
    }
}
