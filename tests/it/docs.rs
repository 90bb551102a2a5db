//! The documents say what the program says: their generated parts are never stale.

use assert_cmd::Command;
use fivep::model::MONTH;
use fivep::results::tables::Table;
use std::fmt::Write;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between `<!-- NAME -->` and `<!-- end -->`.
fn part(name: &str) -> String {
    if name == "submodels" { submodels() } else { listing(name.strip_prefix("fivep ").expect("a part names a command")) }
}

fn listing(verb: &str) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep")).args([verb, "--format", "markdown"]).output().expect("the program starts");
    assert!(output.status.success(), "{verb}");
    String::from_utf8(output.stdout).expect("text")
}

/// What processes rest on: heads of files that hold rules below them.
const BELOW: [&str; 7] = ["risk", "disclosure", "moves/exploitation", "moves/status", "moves/employment", "moves/custody", "moves/posts"];

/// The heads of the process files in the month's order, a folder's parts after its own, then of what they rest on.
fn submodels() -> String {
    let mut text = String::new();
    let mut add = |title: &str, file: PathBuf| {
        let source = std::fs::read_to_string(&file).expect("a process has its file");
        writeln!(text, "### {title}\n").expect("memory suffices");
        for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
            writeln!(text, "{}", line.strip_prefix(' ').unwrap_or(line)).expect("memory suffices");
        }
        text.push('\n');
    };
    let model = root().join("src/model");
    for (name, _) in MONTH {
        let folder = model.join("processes").join(name);
        if folder.is_dir() {
            add(name, folder.join("mod.rs"));
            let source = std::fs::read_to_string(folder.join("mod.rs")).expect("a folder has its list");
            for part in source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
                add(&format!("{name}: {part}"), folder.join(format!("{part}.rs")));
            }
        } else {
            add(name, model.join("processes").join(format!("{name}.rs")));
        }
    }
    for name in BELOW {
        add(name, model.join(format!("{name}.rs")));
    }
    text
}

#[test]
fn the_odd_tables_are_fresh() {
    let path = root().join("docs/ODD.md");
    let known = std::fs::read_to_string(&path).expect("docs/ODD.md is there").replace("\r\n", "\n");
    let mut fresh = known.clone();
    for name in ["fivep switches", "submodels", "fivep levers", "fivep parameters", "fivep indicators"] {
        let mark = format!("<!-- {name} -->\n");
        let from = fresh.find(&mark).expect("the mark is there") + mark.len();
        let to = from + fresh[from..].find("<!-- end -->").expect("the part ends");
        fresh.replace_range(from..to, &format!("\n{}\n", part(name).trim()));
        fresh = fresh.replace("\n<!-- end -->", "\n\n<!-- end -->").replace("\n\n\n", "\n\n");
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("docs can be written");
        return;
    }
    assert!(fresh == known, "docs/ODD.md is stale: run UPDATE=1 cargo test docs");
}

#[test]
fn the_columns_of_the_tables_are_those_that_are_written() {
    let path = root().join("docs/DATA.md");
    let known = std::fs::read_to_string(&path).expect("docs/DATA.md is there").replace("\r\n", "\n");
    let named = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut lines = String::from("| file | names of a row | figures |\n|---|---|---|\n");
    for table in Table::ALL {
        let keys = ["variant", "replicate", "month"].into_iter().chain(table.part());
        writeln!(lines, "| `{}` | {} | {} |", table.file(), named(keys.collect()), named(table.figures())).expect("memory suffices");
    }
    let mark = "<!-- columns -->\n";
    let from = known.find(mark).expect("the mark is there") + mark.len();
    let to = from + known[from..].find("<!-- end -->").expect("the part ends");
    let mut fresh = known.clone();
    fresh.replace_range(from..to, &format!("\n{lines}\n"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("docs can be written");
        return;
    }
    assert!(fresh == known, "docs/DATA.md is stale: run UPDATE=1 cargo test docs");
}

#[test]
fn the_readme_has_its_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    assert!(readme.contains("cargo run --release -- compare") && readme.contains("\ncargo test "));
}

/// The README's picture is trimmed, never retouched: each of its lines is a line that its command prints.
#[test]
fn the_readme_shows_what_its_command_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there").replace("\r\n", "\n");
    let (_, picture) = readme.split_once("```text\n$ fivep ").expect("a picture begins with its command");
    let (picture, _) = picture.split_once("```").expect("the picture ends");
    let mut lines = picture.lines();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep"))
        .args(lines.next().expect("the command").split_whitespace())
        .arg("--output")
        .arg(folder.path())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    for line in lines.filter(|line| *line != "...") {
        assert!(printed.lines().any(|other| other == line), "README.md shows a line that is not printed:\n{line}");
    }
}
