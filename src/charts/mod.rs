//! Answers into pictures: thirteen figures, one per file, from a run folder alone.
//!
//! [`draw_all`] is the whole route: a [`Source`] (what a run folder holds) becomes one [`Figure`] each, as SVG with live text and with a
//! title and a description for those who cannot see it; [`picture`] turns it into outlines or pixels. Each figure
//! lays its marks on a [`sheet`]; [`style`] holds palette and type, [`plot`] axes and fans, [`labels`] keeps labels
//! apart, [`events`] marks what happened, [`words`], [`findings`] and [`answer`](mod@answer) say things in the reader's language.
//!
//! The title of every figure states what was found, in careful words: never more than the replicate pairs show. The two
//! ledgers always stand together. Absent on purpose: files, and running the model.

pub mod answer;
pub mod cascade;
pub mod complicity;
pub mod cost;
pub mod difference;
pub mod events;
pub mod fans;
pub mod findings;
pub mod heatmap;
pub mod labels;
pub mod multiples;
pub mod assumptions;
pub mod patterns;
pub mod picture;
pub mod pipeline;
pub mod plot;
pub mod quadrant;
pub mod ranking;
pub mod replicates;
pub mod sheet;
pub mod style;
pub mod superiority;
mod syllables;
pub mod tiles;
pub mod timeline;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod words;

use crate::results::{Manifest, Record};
use crate::scenario::sets::Choice;
use crate::scenario::{Published, Scenario};
use sheet::Sheet;
use words::Words;

/// What the figures are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The run.
    pub record: &'a Record,
    /// What was simulated, as the run folder spells it out; without it the timeline of policies is left out.
    pub scenario: Option<&'a Scenario>,
    /// Published figures of the country.
    pub published: &'a [Published],
}

/// What an interval is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Uncertainty {
    /// The same assumptions with other luck.
    #[default]
    Chance,
    /// Other luck, and other assumptions within their ranges.
    ChanceAndInputs,
}

/// How the figures are drawn.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language.
    pub words: Words,
    /// The variant that is shown against the baseline where there is room for one, by its place in the record.
    pub variant: usize,
    /// What every interval is about.
    pub uncertainty: Uncertainty,
}

impl Uncertainty {
    /// What the intervals of a run with this manifest are about.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        if manifest.parameters == Choice::Best { Self::Chance } else { Self::ChanceAndInputs }
    }
}

impl Options {
    /// In English, the first variant against the baseline, intervals about chance only.
    ///
    /// # Panics
    /// Never: English is embedded.
    #[must_use]
    pub fn english() -> Self {
        Self { words: Words::embedded("en").expect("English is embedded"), variant: 1, uncertainty: Uncertainty::default() }
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name: a file's stem, and what `--only` takes.
    pub name: &'static str,
    /// What was found.
    pub title: String,
    /// The same for readers who cannot see the figure, with its main numbers.
    pub description: String,
    /// The figure, with live text; [`picture::outlined`] makes it independent of fonts.
    pub svg: String,
}

/// Draws one figure, or nothing where the run holds nothing to draw it from.
pub type Draw = fn(&Source<'_>, &Options) -> Option<Sheet>;

/// The figure that shows the variants in order.
pub const RANKING: &str = "ranking";

/// All figures by name, in the order of a briefing.
pub const FIGURES: [(&str, Draw); 13] = [
    (RANKING, ranking::draw),
    ("tiles", tiles::draw),
    ("fans", fans::draw),
    ("difference", difference::draw),
    ("quadrant", quadrant::draw),
    ("cascade", cascade::draw),
    ("pipeline", pipeline::draw),
    ("heatmap", heatmap::draw),
    ("complicity", complicity::draw),
    ("timeline", timeline::draw),
    ("cost", cost::draw),
    ("superiority", superiority::draw),
    ("replicates", replicates::draw),
];

/// Draws every figure for which the run holds something.
#[must_use]
pub fn draw_all(source: &Source<'_>, options: &Options) -> Vec<Figure> {
    FIGURES.iter().filter_map(|(name, _)| draw(name, source, options)).collect()
}

/// Draws the figure called `name`; nothing where there is none, or nothing to draw.
#[must_use]
pub fn draw(name: &str, source: &Source<'_>, options: &Options) -> Option<Figure> {
    let (name, draw) = FIGURES.iter().find(|(known, _)| *known == name)?;
    Some(figure(name, draw(source, options)?, options))
}

/// The figure that shows the variants in order, with the first `most` of them only; nothing where there is only a baseline.
#[must_use]
pub fn draw_first(source: &Source<'_>, options: &Options, most: usize) -> Option<Figure> {
    Some(figure(RANKING, ranking::draw_first(source, options, most)?, options))
}

fn figure(name: &'static str, sheet: Sheet, options: &Options) -> Figure {
    let svg = sheet.svg(name, options.words.word("language"));
    Figure { name, title: sheet.title, description: style::shown(&sheet.description.join(" ")), svg }
}

#[cfg(test)]
mod tests;
