//! Paths as they are shown to people and typed into a shell.
//!
//! A name need not be text. Where it is none its bytes are shown as `\xE9`, so that nobody is told another name than the one on the
//! disk.
//!
//! Absent on purpose: marks for characters that command a terminal, which whoever prints puts in their place (`cli`).

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

/// A path as it is shown.
pub trait Shown {
    /// The text of it, with the bytes that are no text as `\xE9`.
    fn shown(&self) -> String;
}

impl Shown for Path {
    fn shown(&self) -> String {
        by_bytes(self.as_os_str())
    }
}

/// A word with its bytes that are no text as `\xE9`.
#[must_use]
pub fn by_bytes(word: &OsStr) -> String {
    let mut out = String::new();
    for chunk in word.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

/// A path as a shell takes it: in quotes where it holds more than plain signs, and never taken for an option.
#[must_use]
pub fn quoted_path(path: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./\\:".contains(letter);
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    if path.contains(['"', '$', '`', '!']) {
        // Within double quotes a shell would run these.
        format!("'{}'", path.replace('\'', "'\\''"))
    } else if path.is_empty() || !path.chars().all(plain) {
        format!("\"{path}\"")
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_typed_so_that_a_shell_runs_none_of_it() {
        for (path, typed) in [
            ("a/b-1.toml", "a/b-1.toml"),
            ("a b", "\"a b\""),
            ("", "\"\""),
            ("-x.toml", "./-x.toml"),
            ("- x", "\"./- x\""),
            ("$(id)", "'$(id)'"),
            ("it's `x`", "'it'\\''s `x`'"),
            ("it's", "\"it's\""),
            ("C:\\x", "C:\\x"),
        ] {
            assert_eq!(quoted_path(path), typed, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown_as_bytes() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(Path::new(OsStr::from_bytes(b"n\xe9/\xc3\xa9\xff")).shown(), "n\\xE9/\u{e9}\\xFF");
    }
}
