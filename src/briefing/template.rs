//! What briefings are laid out with: the templates, ours or the user's own; and how minijinja makes the page.
//!
//! Every text is escaped where it is put; only what the program itself drew or embedded is put as it is. The numbers of the
//! interactive part stand in the page as JSON, in which no text can close the element that holds it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::phrases;
use crate::charts::Figure;

/// The embedded files that a user may replace, by name.
pub const FILES: [(&str, &str); 4] = [
    (PAGE, include_str!("../../assets/briefing/briefing.html")),
    ("briefing.css", include_str!("../../assets/briefing/briefing.css")),
    ("briefing.js", include_str!("../../assets/briefing/briefing.js")),
    (DOCUMENT, include_str!("../../assets/briefing/briefing.typ")),
];

/// The endings of the files that a folder of templates may hold, the tables of words beside them; pictures are there to be included.
pub const ENDINGS: [&str; 6] = ["html", "css", "js", "typ", "svg", "toml"];

/// The template with which the page begins.
const PAGE: &str = "briefing.html";

/// The template with which the printed document begins.
pub const DOCUMENT: &str = "briefing.typ";

/// uPlot, which draws the interactive part.
const UPLOT: (&str, &str) = (include_str!("../../assets/uplot/uPlot.iife.min.js"), include_str!("../../assets/uplot/uPlot.min.css"));

/// The fonts of the page: family, weight, the letters they are for, and their bytes.
const FONTS: [(&str, u32, &str, &[u8]); 4] = [
    ("Inter", 400, "U+0000-0DFF, U+1E00-FFFF", include_bytes!("../../assets/briefing/Inter-Regular.woff2")),
    ("Inter", 700, "U+0000-0DFF, U+1E00-FFFF", include_bytes!("../../assets/briefing/Inter-SemiBold.woff2")),
    ("Noto Sans Thai", 400, "U+0E00-0E7F, U+200B-200D, U+25CC", include_bytes!("../../assets/briefing/NotoSansThai-Regular.woff2")),
    ("Noto Sans Thai", 700, "U+0E00-0E7F, U+200B-200D, U+25CC", include_bytes!("../../assets/briefing/NotoSansThai-Bold.woff2")),
];

/// A template that cannot be used, and why.
pub type Fault = String;

/// Everything that may be written to a folder to start from: the templates, and the tables of words.
pub fn ejected() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.into_iter().chain(phrases::TABLES)
}

/// The files that make a briefing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    files: BTreeMap<String, String>,
}

impl Default for Templates {
    fn default() -> Self {
        Self { files: FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }
}

impl Templates {
    /// The embedded files, those called the same as one of `own` replaced; others are there to be included.
    #[must_use]
    pub fn replaced(own: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut templates = Self::default();
        templates.files.extend(own);
        templates
    }

    /// Those with one of the `endings`, by name, in order.
    pub fn ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let ends = |name: &str| name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending));
        self.files.iter().filter(move |(name, _)| ends(name)).map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// Lays out `content` with the figures, and with `series` for the interactive part.
///
/// # Errors
/// The template and the line that are wrong, and why.
///
/// # Panics
/// Never: the marks of the template language are the usual ones.
#[expect(clippy::expect_used, reason = "the marks are our own")]
pub fn render(templates: &Templates, content: &serde_json::Value, drawn: &[Figure], series: &serde_json::Value) -> Result<String, Fault> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the usual marks");
    environment.set_syntax(syntax);
    // Styles and the script hold braces of their own and are put as they are.
    for (name, text) in templates.ending(&["html", "svg"]) {
        environment.add_template(name, text).map_err(|error| told(&error))?;
    }
    let raw = |name: &str| Value::from_safe_string(templates.files.get(name).cloned().unwrap_or_default());
    let figures: BTreeMap<&str, Value> = drawn.iter().map(|figure| (figure.name, Value::from_safe_string(figure.svg.clone()))).collect();
    let page = environment.get_template(PAGE).map_err(|error| told(&error))?;
    let own = context! {
        figures => figures,
        fonts => Value::from_safe_string(fonts()),
        css => raw("briefing.css"),
        js => raw("briefing.js"),
        uplot_js => Value::from_safe_string(UPLOT.0.to_owned()),
        uplot_css => Value::from_safe_string(UPLOT.1.to_owned()),
        series => Value::from_safe_string(inert(series)),
    };
    page.render(context! { ..own, ..Value::from(Serde(content)) }).map_err(|error| told(&error))
}

/// A fault of minijinja's with its place.
fn told(error: &minijinja::Error) -> Fault {
    let place = error.name().map_or(String::new(), |name| format!("{name}, line {}: ", error.line().unwrap_or(0)));
    let detail = error.detail().map_or(String::new(), |detail| format!(": {detail}"));
    format!("{place}{}{detail}", error.kind())
}

/// JSON in which nothing can end the script element around it or begin another.
fn inert(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The fonts as styles.
fn fonts() -> String {
    let face = |(family, weight, letters, bytes): &(&str, u32, &str, &[u8])| {
        let data = STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:\"{family}\";font-weight:{weight};font-display:block;unicode-range:{letters};\
             src:url(data:font/woff2;base64,{data}) format(\"woff2\")}}\n"
        )
    };
    FONTS.iter().map(face).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_in_the_numbers_can_end_their_element() {
        let inert = inert(&serde_json::json!({ "name": "</script><!-- & \u{2028}" }));
        assert!(!inert.contains(['<', '>', '&', '\u{2028}']), "{inert}");
        let back: serde_json::Value = serde_json::from_str(&inert).expect("it is still JSON");
        assert_eq!(back["name"], "</script><!-- & \u{2028}");
    }
}
