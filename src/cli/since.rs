//! Yearly figures of a file beside a run, and beside forecasts of who knows no model.

use std::fmt::Write;

use serde_json::{Value, json};

use super::CAVEAT;
use super::listing::{Listing, number, width, wrapped};
use super::numbers::figure;
use crate::calibration::validation::{Check, Naive, naive};
use crate::scenario::Published;

/// Figures of a file beside a run.
pub struct Since<'a> {
    /// Each that can be held against the run, and its naive forecasts.
    checks: Vec<(&'a Check, Option<Naive>)>,
    /// How many figures the file has.
    figures: usize,
}

impl<'a> Since<'a> {
    /// `checks` of `figures` in a file, beside what the country's own file knows of the same series.
    #[must_use]
    pub fn of(checks: &'a [Check], known: &[Published], figures: usize) -> Self {
        Self { checks: checks.iter().map(|check| (check, naive(check, known))).collect(), figures }
    }

    /// The table for other programs.
    #[must_use]
    pub fn listing(&self) -> Listing {
        let row = |(check, naive): &(&Check, Option<Naive>)| {
            let low = check.published.iter().copied().fold(f64::INFINITY, f64::min);
            let high = check.published.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut row = vec![json!(series(check)), json!(check.year), number(low), number(high)];
            row.extend(check.band.into_iter().chain([check.below, check.score]).map(number));
            row.extend((0..2).flat_map(|k| naive.map_or([Value::Null, Value::Null], |naive| [naive.middles[k], naive.scores[k]].map(number))));
            row.push(json!(if check.within() { "yes" } else { "no" }));
            row
        };
        let columns = vec![
            "series",
            "year",
            "published_low",
            "published_high",
            "median",
            "low_5",
            "high_95",
            "share_of_runs_below",
            "score",
            "mean_of_earlier",
            "score_of_mean",
            "last_of_earlier",
            "score_of_last",
            "within",
        ];
        Listing { columns, rows: self.checks.iter().map(row).collect() }
    }

    /// The table for readers, below what it is `about`.
    #[must_use]
    pub fn text(&self, about: &str) -> String {
        let paragraph = width().min(100);
        let met = self.checks.iter().filter(|(check, _)| check.within()).count();
        let forecast: Vec<(&Check, Naive)> = self.checks.iter().filter_map(|(check, naive)| Some((*check, (*naive)?))).collect();
        let sum = |score: &dyn Fn(&(&Check, Naive)) -> f64| forecast.iter().map(score).sum::<f64>();
        let skill = |k: usize| 1.0 - sum(&|(check, _)| check.score) / sum(&|(_, naive)| naive.scores[k]);
        let better = |k: usize| forecast.iter().filter(|(check, naive)| check.score < naive.scores[k]).count();
        let mut says = format!(
            "Of {} figures in the file {} can be held against the run, series by series and year by year; {met} of these meet the band.",
            self.figures,
            self.checks.len()
        );
        if !forecast.is_empty() {
            let _ = write!(
                says,
                " As a forecast of the {} with earlier figures in the country's own file, the runs score better than the mean of those, give or take 30 %, for {} (skill {:+.2}), and than the last of them for {} ({:+.2}).",
                forecast.len(),
                better(0),
                skill(0),
                better(1),
                skill(1)
            );
        }
        let mut out = format!("\n{}\n{}\n", wrapped(about, 0, paragraph), wrapped(&says, 0, paragraph));
        let name = self.checks.iter().map(|(check, _)| series(check).len()).max().unwrap_or(0);
        let _ = writeln!(
            out,
            "{:<name$} {:>4} {:>20} {:>10} {:>22} {:>5} {:>5} {:>5} {:>5}",
            "", "", "published", "median", "5 to 95 %", "below", "score", "mean", "last"
        );
        for (check, naive) in &self.checks {
            let published = check.published.iter().map(|value| figure(*value)).collect::<Vec<_>>().join(" or ");
            let [median, low, high] = check.band.map(figure);
            let naive = |k: usize| naive.map_or("-".to_owned(), |naive| format!("{:.2}", naive.scores[k]));
            let _ = writeln!(
                out,
                "{:<name$} {:>4} {published:>20} {median:>10} {:>22} {:>3.0} % {:>5.2} {:>5} {:>5}",
                series(check),
                check.year,
                format!("{low} to {high}"),
                check.below * 100.0,
                check.score,
                naive(0),
                naive(1)
            );
        }
        let key = "Below: the share of runs below what was published (PIT); over many figures it is spread evenly where forecasts are honest. Scores are continuous ranked probability scores of log(1 + figure), the smaller the better: of the runs, and of the mean and the last of earlier figures.";
        let _ = write!(out, "\n{}\n{}", wrapped(key, 0, paragraph), wrapped(CAVEAT, 0, paragraph));
        out
    }
}

/// The name of the series of `check`.
#[must_use]
pub fn series(check: &Check) -> String {
    let minus = check.minus.map_or(String::new(), |minus| format!(" less {}", minus.info().name));
    format!("{}{minus}", check.indicator.info().name)
}
