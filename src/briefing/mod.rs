//! Pictures and sentences into a briefing: one HTML page that needs nothing but itself.
//!
//! [`html`] is the whole route: what a run folder holds ([`Material`]) becomes the content of a page, as plain values
//! ([`content`], [`basis`], [`series`]), which a template lays out ([`template`]). Sentences come from tables of words
//! ([`phrases`]; what figures say comes from those of the charts), figures from [`charts`](crate::charts), and numbers from
//! [`analysis`](crate::analysis).
//!
//! The page makes no request to anywhere: fonts, styles, figures and the numbers of its interactive part are in it, and its
//! content security policy forbids anything else. Absent on purpose: files, and running the model.

pub mod basis;
pub mod content;
pub mod phrases;
pub mod series;
pub mod template;

use crate::charts::{Options, Source, draw_all};
use crate::scenario::ParameterNote;
use phrases::Phrases;
use template::{Fault, Templates};

/// What a briefing is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The run, its scenario and its country's published figures.
    pub source: Source<'a>,
    /// The language of the figures, and the variant that is told at length.
    pub options: &'a Options,
    /// The words of the briefing.
    pub phrases: &'a Phrases,
    /// What is assumed whatever the policy; empty where the country is not at hand.
    pub notes: &'a [ParameterNote],
}

/// The briefing as one HTML document.
///
/// # Errors
/// What is wrong with a template, which can only be one of the user's own.
pub fn html(material: &Material<'_>, templates: &Templates) -> Result<String, Fault> {
    let figures = draw_all(&material.source, material.options);
    template::render(templates, &content::content(material), &figures, &series::series(material))
}

#[cfg(test)]
mod tests;
