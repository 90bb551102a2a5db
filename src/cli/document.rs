//! A document that holds the answer of a verb: what stands between its two marks is written anew, the rest is left alone.

use std::path::Path;

use super::{Failure, fault};
use crate::results::whole;
use crate::scenario::{Shown as _, text_of};

/// The mark that ends a section.
const END: &str = "<!-- end -->";

/// A document and the place in it that belongs to a verb.
#[derive(Debug)]
pub struct Document<'a> {
    path: &'a Path,
    before: String,
    begin: String,
    after: String,
}

/// Most bytes of a document.
pub(super) const MOST: u64 = 16 << 20;

impl<'a> Document<'a> {
    /// Opens the document at `path`, which must hold the mark `<!-- fivep VERB -->`: what cannot be written is better known before minutes of work.
    ///
    /// # Errors
    /// Where it cannot be read, or holds no such section.
    pub fn open(path: &'a Path, verb: &str) -> Result<Self, Failure> {
        let begin = format!("<!-- fivep {verb} -->");
        let text = text_of(path, MOST)?;
        let parts = text.split_once(&begin).and_then(|(before, rest)| rest.split_once(END).map(|(_, after)| (before.to_owned(), after.to_owned())));
        let Some((before, after)) = parts else {
            let help = format!("put the two lines where the tables belong: {begin} and {END}");
            return Err(fault(format!("error: `{}` holds no section for the tables\nhelp: {help}", path.shown())));
        };
        Ok(Self { path, before, begin, after })
    }

    /// Writes the section anew and says so.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn write(&self, section: &str) -> Result<String, Failure> {
        let Self { before, begin, after, .. } = self;
        whole::write(self.path, format!("{before}{begin}\n\n{}\n\n{END}{after}", section.trim()))?;
        Ok(format!("The section of {} is fresh.", self.path.shown()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("LEVERS.md");
        std::fs::write(&path, "head\n<!-- fivep levers -->\nold\n<!-- end -->\nfoot\n").expect("it is written");
        let Ok(document) = Document::open(&path, "levers") else { panic!("it holds the marks") };
        assert!(document.write("| new |\n").is_ok());
        let text = std::fs::read_to_string(&path).expect("it is there");
        assert_eq!(text, "head\n<!-- fivep levers -->\n\n| new |\n\n<!-- end -->\nfoot\n");
        assert!(Document::open(&path, "scale").is_err() && Document::open(&folder.path().join("none"), "levers").is_err());
    }
}
