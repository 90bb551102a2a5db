//! Pictures and sentences into a briefing: one HTML page that needs nothing but itself, a PDF to print, a document and slides.
//!
//! [`html`], [`pdf`], [`docx`](fn@docx) and [`pptx`](fn@pptx) are the whole route: what a run folder holds ([`Material`]) becomes content, as plain values
//! ([`content`], [`first`], [`basis`], [`bought`], [`cells`], [`series`]), which templates lay out ([`template`], [`document`]), or which becomes blocks
//! ([`outline`]) that documents are written from ([`docx`](mod@docx), [`pptx`](mod@pptx), [`package`]). Sentences come from tables of words
//! ([`phrases`]; what figures say comes from those of the charts), figures from [`charts`](crate::charts), and numbers from
//! [`analysis`](crate::analysis).
//!
//! The page makes no request to anywhere: fonts, styles, figures and the numbers of its interactive part are in it, and its
//! content security policy forbids anything else. Absent on purpose: files, and running the model.

pub mod basis;
pub mod bought;
pub mod cells;
pub mod content;
pub mod docx;
pub mod first;
pub mod named;
pub mod outline;
pub mod package;
pub mod pptx;

#[cfg(feature = "pdf")]
pub mod document;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod phrases;
pub mod series;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod template;

use crate::charts::{Figure, Options, RANKING, Source, draw_first};
use crate::scenario::{Imprint, ParameterNote};
use phrases::Phrases;
use template::{Fault, Templates};

/// What a briefing is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The run, its scenario and its country's published figures.
    pub source: Source<'a>,
    /// The language of the figures, and the variant that is told at length.
    pub options: &'a Options,
    /// What [`draw_all`](crate::charts::draw_all) made of the source.
    pub figures: &'a [Figure],
    /// The words of the briefing.
    pub phrases: &'a Phrases,
    /// What is assumed whatever the policy; empty where the country is not at hand.
    pub notes: &'a [ParameterNote],
    /// Who answers for it.
    pub imprint: &'a Imprint,
}

/// How many variants a page or a slide shows in a table or a figure.
const MOST_VARIANTS: usize = 12;

/// The figures as a page or a slide has room for them: the annex has all variants in a table.
fn on_paper(material: &Material<'_>) -> Vec<Figure> {
    let crowded = material.source.record.manifest.variants.len() > MOST_VARIANTS + 1;
    let mut figures = material.figures.to_vec();
    for figure in figures.iter_mut().filter(|figure| crowded && figure.name == RANKING) {
        if let Some(first) = draw_first(&material.source, material.options, MOST_VARIANTS) {
            *figure = first;
        }
    }
    figures
}

/// The briefing as a document for word processors.
///
/// # Errors
/// A figure that cannot be drawn.
pub fn docx(material: &Material<'_>) -> Result<Vec<u8>, Fault> {
    let content = content::content(material);
    docx::render(&content, &on_paper(material), &package::Properties::of(material, &content))
}

/// The first part of the briefing as slides.
///
/// # Errors
/// A figure that cannot be drawn.
pub fn pptx(material: &Material<'_>) -> Result<Vec<u8>, Fault> {
    let content = content::content(material);
    pptx::render(&content, &on_paper(material), &package::Properties::of(material, &content))
}

/// Whether the program was built with what writes PDF, the feature `pdf`.
pub const PDF: bool = cfg!(feature = "pdf");

/// The briefing as one HTML document.
///
/// # Errors
/// What is wrong with a template, which can only be one of the user's own.
pub fn html(material: &Material<'_>, templates: &Templates) -> Result<String, Fault> {
    template::render(templates, &content::content(material), material.figures, &series::series(material))
}

/// The briefing as a PDF.
///
/// # Errors
/// What is wrong with a template, which can only be one of the user's own; or that the program was built without [`PDF`].
#[cfg(feature = "pdf")]
pub fn pdf(material: &Material<'_>, templates: &Templates) -> Result<Vec<u8>, Fault> {
    document::render(templates, &content::content(material), &on_paper(material), &material.source.record.manifest)
}

/// The briefing as a PDF, which this program was built without.
///
/// # Errors
/// Always.
#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &Material<'_>, _: &Templates) -> Result<Vec<u8>, Fault> {
    Err("the program was built without the feature `pdf`".to_owned())
}

#[cfg(all(test, feature = "pdf"))]
mod printed;
#[cfg(test)]
mod tests;
