//! The house rules, held against the source itself: floors, fences, head comments.
//!
//! `src/lib.rs` is the floor plan. Sources are read as text with comments, strings and test modules taken out,
//! which is enough for paths and macro calls; no compiler is asked. Each check collects all its faults before it fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file: where it stands below `src`, the module path it is, its text and its code without comments, strings and test modules.
struct Source {
    place: String,
    module: Vec<String>,
    text: String,
    tokens: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, skip: &dyn Fn(&str) -> bool, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if skip(&name) {
        } else if path.is_dir() {
            walk(&path, skip, files);
        } else {
            files.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    walk(&src, &|_| false, &mut files);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.into_iter().map(|path| read(&src, &path)).collect()
}

fn read(src: &Path, path: &Path) -> Source {
    let place = path.strip_prefix(src).expect("a file below src").to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(path).unwrap_or_else(|fault| panic!("{place}: {fault}"));
    let mut module: Vec<String> = place.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    let tokens = without_tests(&tokens(&text));
    Source { place, module, text, tokens }
}

/// Splits code into words, numbers and single signs (`::` counts as one); comments vanish, a string or a character becomes `""`.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let raw = raw_string(&chars, i);
        if c.is_whitespace() {
            i += 1;
        } else if c == '/' && at(i + 1) == '/' {
            i += chars[i..].iter().take_while(|c| **c != '\n').count();
        } else if c == '/' && at(i + 1) == '*' {
            i = after_block_comment(&chars, i);
        } else if let Some(after) = raw {
            found.push("\"\"".to_owned());
            i = after;
        } else if c == '"' || matches!(c, 'b' | 'c') && at(i + 1) == '"' {
            found.push("\"\"".to_owned());
            i = after_quote(&chars, if c == '"' { i } else { i + 1 }, '"');
        } else if (c == '\'' || c == 'b' && at(i + 1) == '\'') && is_character(&chars, if c == '\'' { i } else { i + 1 }) {
            found.push("\"\"".to_owned());
            i = after_quote(&chars, if c == '\'' { i } else { i + 1 }, '\'');
        } else if word(c) {
            let length = chars[i..].iter().take_while(|c| word(**c)).count();
            found.push(chars[i..i + length].iter().collect());
            i += length;
        } else {
            let length = if c == ':' && at(i + 1) == ':' { 2 } else { 1 };
            found.push(chars[i..i + length].iter().collect());
            i += length;
        }
    }
    found
}

/// A quote that opens a character and not a lifetime or a label.
fn is_character(chars: &[char], quote: usize) -> bool {
    chars.get(quote + 1) == Some(&'\\') || chars.get(quote + 2) == Some(&'\'')
}

fn after_quote(chars: &[char], open: usize, quote: char) -> usize {
    let mut i = open + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn after_block_comment(chars: &[char], open: usize) -> usize {
    let (mut depth, mut i) = (1, open + 2);
    while i < chars.len() && depth > 0 {
        let pair = (chars[i], chars.get(i + 1).copied());
        depth += i32::from(pair == ('/', Some('*'))) - i32::from(pair == ('*', Some('/')));
        i += if matches!(pair, ('/', Some('*')) | ('*', Some('/'))) { 2 } else { 1 };
    }
    i
}

/// Where a raw string that begins at `start` ends, if one begins there.
fn raw_string(chars: &[char], start: usize) -> Option<usize> {
    let prefix = [['b', 'r'], ['c', 'r']].iter().any(|prefix| chars[start..].starts_with(prefix));
    let inner = start + if prefix { 2 } else { usize::from(chars[start] == 'r') };
    let hashes = chars[inner..].iter().take_while(|c| **c == '#').count();
    if inner == start || chars.get(inner + hashes) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = inner + hashes + 1;
    let length = chars[body..].windows(closing.len()).position(|window| window == closing);
    Some(length.map_or(chars.len(), |length| body + length + closing.len()))
}

/// Takes out every item that is only compiled for tests.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i..].len() >= mark.len() && tokens[i..].iter().zip(mark).all(|(token, mark)| token == mark) {
            i = after_item(tokens, i + mark.len());
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    kept
}

/// The token after an item: past its first `;` outside brackets, or past the brace that closes its body.
fn after_item(tokens: &[String], start: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            ";" if depth == 0 => return i + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The modules that a file declares, in order.
fn declared(source: &Source) -> Vec<String> {
    source.tokens.windows(3).filter(|three| three[0] == "mod" && three[2] == ";").map(|three| three[1].clone()).collect()
}

fn source<'a>(sources: &'a [Source], place: &str) -> &'a Source {
    sources.iter().find(|source| source.place == place).unwrap_or_else(|| panic!("src/{place} exists"))
}

/// Every path of this crate that a file names, from the crate's root: `use` trees are spread out, `super` and `self` resolved.
fn paths(source: &Source) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (i, token) in source.tokens.iter().enumerate() {
        let starts = i == 0 || source.tokens[i - 1] != "::";
        if starts && matches!(token.as_str(), "crate" | "super" | "self") && source.tokens.get(i + 1).is_some_and(|next| next == "::") {
            spread(&source.tokens, i, &source.module, &mut found);
        }
    }
    found
}

/// Follows one path from token `i`, given the path so far (`base`, which the first word replaces or shortens); returns the token after it.
fn spread(tokens: &[String], mut i: usize, base: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = base.to_vec();
    loop {
        match tokens.get(i).map(String::as_str) {
            Some("crate") => path.clear(),
            Some("super") => {
                path.pop();
            }
            Some("self") => {}
            Some("{") => {
                i += 1;
                while tokens.get(i).is_some_and(|token| token != "}") {
                    let before = i;
                    i = spread(tokens, i, &path, found);
                    i += usize::from(i == before || tokens.get(i).is_some_and(|token| token == ","));
                }
                return i + 1;
            }
            Some(word) if word.starts_with(|c: char| c.is_alphanumeric() || c == '_') => path.push(word.to_owned()),
            _ => break,
        }
        i += 1;
        if tokens.get(i).is_none_or(|token| token != "::") {
            break;
        }
        i += 1;
    }
    found.push(path);
    // A renamed import ends after `as NAME`.
    i + if tokens.get(i).is_some_and(|token| token == "as") { 2 } else { 0 }
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Holds the files of each module to what stands above it: `floor` is the list of modules below `base`, in order.
fn check_floors(sources: &[Source], base: &[&str], floor: &[String]) -> Vec<String> {
    let level = |path: &[String]| {
        let inside = path.len() > base.len() && path.iter().zip(base).all(|(a, b)| a == b);
        inside.then(|| floor.iter().position(|name| *name == path[base.len()])).flatten()
    };
    let mut faults = Vec::new();
    for source in sources {
        let Some(own) = level(&source.module) else { continue };
        for path in paths(source) {
            if let Some(other) = level(&path).filter(|other| *other > own) {
                faults.push(format!(
                    "src/{}: `{}` stands above `{}` and may not use it ({})",
                    source.place,
                    floor[own],
                    floor[other],
                    path.join("::")
                ));
            }
        }
    }
    faults
}

#[test]
fn a_module_uses_only_those_above_it() {
    let sources = sources();
    let floor = declared(source(&sources, "lib.rs"));
    assert!(floor.starts_with(&["draws".to_owned(), "quantities".to_owned(), "model".to_owned()]), "the floor plan begins with {floor:?}");
    let mut faults = check_floors(&sources, &[], &floor);
    for source in &sources {
        let top = source.module.first();
        if source.place != "lib.rs" && source.place != "main.rs" && top.is_none_or(|top| !floor.contains(top)) {
            faults.push(format!("src/{}: no module of the floor plan in src/lib.rs", source.place));
        }
    }
    report(&faults);
}

/// In every folder of the model that lists modules; elsewhere (figures, verbs, the reading of files) the list is alphabetical.
#[test]
fn inside_each_folder_of_the_model_too_a_module_uses_only_those_above_it() {
    let sources = sources();
    let mut faults = Vec::new();
    for plan in sources.iter().filter(|source| source.place.starts_with("model/") && source.place.ends_with("/mod.rs")) {
        let base: Vec<&str> = plan.module.iter().map(String::as_str).collect();
        faults.extend(check_floors(&sources, &base, &declared(plan)));
    }
    report(&faults);
}

/// Which modules of the folder `base` use which others of it.
fn uses<'a>(sources: &'a [Source], base: &str, all: &[String]) -> BTreeMap<&'a str, BTreeSet<String>> {
    let inside = |path: &[String]| path.len() > 1 && path[0] == base && all.contains(&path[1]);
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| inside(&source.module)) {
        let own = source.module[1].as_str();
        let others = paths(source).into_iter().filter(|path| inside(path)).map(|path| path[1].clone()).filter(|other| other != own);
        uses.entry(own).or_default().extend(others);
    }
    uses
}

/// A ring among what uses what, if there is one: what uses nothing that is left is taken away until nothing or a ring is left.
fn ring(uses: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut left: BTreeSet<&str> = uses.keys().copied().collect();
    loop {
        let free: Vec<&str> = left.iter().copied().filter(|own| !uses[own].iter().any(|other| left.contains(other.as_str()))).collect();
        if free.is_empty() {
            return left.into_iter().map(str::to_owned).collect();
        }
        left.retain(|own| !free.contains(own));
    }
}

/// What reads scenarios is one ring still: a file that is upgraded is loaded, and what is loaded may be upgraded.
const RINGS: [&str; 1] = ["scenario"];

#[test]
fn no_folder_holds_a_ring() {
    let sources = sources();
    let mut faults = Vec::new();
    for plan in sources.iter().filter(|source| source.place.ends_with("/mod.rs") && source.module.len() == 1) {
        let base = plan.module[0].as_str();
        let ring = ring(&uses(&sources, base, &declared(plan)));
        if !ring.is_empty() && !RINGS.contains(&base) {
            faults.push(format!("src/{base}: {} use each other", ring.join(", ")));
        }
    }
    report(&faults);
    let two =
        BTreeMap::from([("a", BTreeSet::from(["b".to_owned()])), ("b", BTreeSet::from(["a".to_owned(), "c".to_owned()])), ("c", BTreeSet::new())]);
    assert_eq!(ring(&two), ["a", "b"]);
}

/// What two verbs share lies in a room of its own.
#[test]
fn no_verb_uses_a_verb() {
    let sources = sources();
    let plan = source(&sources, "cli/mod.rs");
    let called = |three: &[String]| three[1] == "::" && ["answer", "plan", "status", "merge"].contains(&three[2].as_str());
    let verbs: BTreeSet<&str> = plan.tokens.windows(3).filter(|three| called(three)).map(|three| three[0].as_str()).collect();
    assert!(verbs.contains("run") && verbs.contains("plan") && verbs.contains("brief"), "{verbs:?}");
    let uses = uses(&sources, "cli", &declared(plan));
    let between = uses.iter().filter(|(own, _)| verbs.contains(*own));
    let between = between.flat_map(|(own, others)| others.iter().filter(|other| verbs.contains(other.as_str())).map(move |other| (own, other)));
    let faults: Vec<String> = between.map(|(own, other)| format!("src/cli/{own}.rs: uses the verb `{other}`")).collect();
    report(&faults);
}

#[test]
fn main_calls_the_command_line_and_nothing_else() {
    let sources = sources();
    let main = source(&sources, "main.rs");
    let faults: Vec<String> = main
        .tokens
        .windows(3)
        .filter(|three| three[0] == "fivep" && three[1] == "::" && three[2] != "cli")
        .map(|three| format!("src/main.rs: uses fivep::{}", three[2]))
        .collect();
    report(&faults);
}

/// A fence: what is fenced, how a file shows that it uses it, and the modules that may.
type Fence = (&'static str, fn(&[String]) -> bool, &'static [&'static str]);

/// A name of another crate counts where a path begins with it.
fn names(tokens: &[String], crates: &[&str]) -> bool {
    (0..tokens.len()).any(|i| {
        let starts = i == 0 || tokens[i - 1] != "::" && tokens[i - 1] != ".";
        starts && crates.contains(&tokens[i].as_str()) && tokens.get(i + 1).is_some_and(|next| next == "::")
    })
}

/// A path `A::B`, written out or inside the braces of a `use`.
fn steps(tokens: &[String], first: &str, second: &str) -> bool {
    (0..tokens.len()).any(|i| {
        let path = tokens[i] == first && tokens.get(i + 1).is_some_and(|next| next == "::");
        let direct = tokens.get(i + 2).is_some_and(|next| next == second);
        let braced =
            tokens.get(i + 2).is_some_and(|next| next == "{") && tokens[i..].iter().take_while(|token| *token != ";").any(|token| token == second);
        path && (direct || braced)
    })
}

fn calls_macro(tokens: &[String], macros: &[&str]) -> bool {
    tokens.windows(2).any(|two| macros.contains(&two[0].as_str()) && two[1] == "!")
}

/// What stands in the last column may use it; `main` prints the error and nothing else.
const FENCES: &[Fence] = &[
    ("luck (rand, rand_distr)", |tokens| names(tokens, &["rand", "rand_distr"]), &["draws", "model"]),
    ("unsafe code", |tokens| tokens.iter().any(|token| token == "unsafe"), &["draws"]),
    ("the library toml", |tokens| names(tokens, &["toml"]), &["scenario", "results", "charts", "briefing"]),
    ("rayon", |tokens| names(tokens, &["rayon"]), &["ensemble"]),
    ("polars", |tokens| names(tokens, &["polars"]), &["results", "analysis"]),
    ("minijinja and base64", |tokens| names(tokens, &["minijinja", "base64"]), &["briefing"]),
    ("typst", |tokens| names(tokens, &["typst", "typst_layout", "typst_pdf"]), &["briefing"]),
    ("plotters and resvg", |tokens| names(tokens, &["plotters", "resvg", "rustybuzz"]), &["charts"]),
    ("clap and progress bars", |tokens| names(tokens, &["clap", "clap_complete", "clap_mangen", "indicatif"]), &["cli", "main"]),
    ("standard output", |tokens| calls_macro(tokens, &["print", "println", "dbg"]) || steps(tokens, "io", "stdout"), &["cli"]),
    ("standard error", |tokens| calls_macro(tokens, &["eprint", "eprintln"]) || steps(tokens, "io", "stderr"), &["cli", "main"]),
    (
        "files",
        |tokens| steps(tokens, "std", "fs") || names(tokens, &["fs"]) || steps(tokens, "File", "open") || steps(tokens, "File", "create"),
        &["scenario", "calibration", "results", "report", "cli"],
    ),
    ("the clock of the wall", |tokens| tokens.iter().any(|token| token == "SystemTime"), &["results", "report", "cli"]),
];

#[test]
fn fences_hold() {
    let mut faults = Vec::new();
    for source in sources() {
        let top = source.module.first().map_or("lib", String::as_str);
        for (what, uses, rooms) in FENCES {
            if !rooms.contains(&top) && uses(&source.tokens) {
                faults.push(format!("src/{}: {what} only in {}", source.place, rooms.join(", ")));
            }
        }
    }
    report(&faults);
}

/// Functions of the standard library that change what lies on a disk.
const CHANGES: &[&str] =
    &["write", "rename", "remove_file", "remove_dir", "remove_dir_all", "create_dir", "create_dir_all", "copy", "hard_link", "set_permissions"];

#[test]
fn one_file_changes_what_lies_on_the_disk() {
    let changes = |tokens: &[String]| {
        let calls = CHANGES.iter().any(|name| steps(tokens, "fs", name));
        calls || ["create", "create_new"].iter().any(|name| steps(tokens, "File", name))
    };
    let sources = sources();
    let strays = sources.iter().filter(|source| source.place != "results/whole.rs" && changes(&source.tokens));
    report(&strays.map(|source| format!("src/{}: only src/results/whole.rs changes what lies on the disk", source.place)).collect::<Vec<_>>());
    assert!(changes(&source(&sources, "results/whole.rs").tokens), "the scan sees nothing");
}

#[test]
fn no_path_is_shown_as_another_one() {
    let shows = |tokens: &[String]| tokens.windows(3).any(|three| three[0] == "." && three[1] == "display" && three[2] == "(");
    let sources = sources();
    let strays = sources.iter().filter(|source| shows(&source.tokens));
    let said = strays.map(|source| format!("src/{}: a name that is no text is shown by `Shown`, byte by byte", source.place));
    report(&said.collect::<Vec<_>>());
}

#[test]
fn what_reads_files_from_anywhere_unwraps_nothing() {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("readable");
    for room in ["scenario", "results", "cli"] {
        assert!(text.contains(&format!("#[deny(clippy::unwrap_used, clippy::expect_used)]\npub mod {room};")), "{room}: clippy no longer holds it");
    }
}

/// Methods of floating-point numbers whose last bit differs between systems.
const INEXACT: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "sin", "cos", "sin_cos", "tan", "asin", "acos", "atan", "atan2", "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot",
];

#[test]
fn luck_and_model_take_transcendental_functions_from_libm() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module.first().is_some_and(|top| top == "draws" || top == "model")) {
        for i in 1..source.tokens.len().saturating_sub(1) {
            let called = source.tokens[i + 1] == "(" && source.tokens[i - 1] == ".";
            let named = i > 1 && source.tokens[i - 1] == "::" && matches!(source.tokens[i - 2].as_str(), "f64" | "f32");
            if INEXACT.contains(&source.tokens[i].as_str()) && (called || named) {
                faults.push(format!("src/{}: `{}` differs between systems; use libm", source.place, source.tokens[i]));
            }
        }
    }
    report(&faults);
}

#[test]
fn clippy_bans_the_same_functions() {
    let text = fs::read_to_string(root().join("clippy.toml")).expect("clippy.toml stands at the root");
    let missing: Vec<String> =
        INEXACT.iter().flat_map(|name| [format!("\"f64::{name}\""), format!("\"f32::{name}\"")]).filter(|path| !text.contains(path)).collect();
    report(&missing);
}

#[test]
fn nothing_that_reaches_a_result_has_an_order_by_accident() {
    let rooms = ["draws", "quantities", "model", "ensemble", "results", "analysis", "calibration", "sensitivity"];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module.first().is_some_and(|top| rooms.contains(&top.as_str()))) {
        for name in ["HashMap", "HashSet"] {
            if source.tokens.iter().any(|token| token == name) {
                faults.push(format!("src/{}: {name} has no fixed order; use a Vec or a BTreeMap", source.place));
            }
        }
    }
    report(&faults);
}

#[test]
fn every_file_says_what_its_room_does() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| format!("src/{}: begins without a `//!` head comment", source.place))
        .collect();
    report(&faults);
}

#[test]
fn every_process_is_called_by_the_month() {
    let sources = sources();
    let Some(processes) = sources.iter().find(|source| source.place == "model/processes/mod.rs") else { return };
    let month = [processes, source(&sources, "model/mod.rs")];
    let called = |name: &String| month.iter().any(|source| source.tokens.windows(2).any(|two| two[0] == *name && two[1] == "::"));
    let faults: Vec<String> =
        declared(processes).iter().filter(|name| !called(name)).map(|name| format!("the process `{name}` is never called in a month")).collect();
    report(&faults);
}

#[test]
fn there_is_one_test_binary() {
    let mut files = Vec::new();
    walk(&root().join("tests"), &|_| false, &mut files);
    let tests = root().join("tests");
    let strays: Vec<String> = files
        .iter()
        .filter(|path| path.parent() == Some(&tests) && path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| format!("{}: every file directly in tests/ links everything anew; move it into tests/it/", path.display()))
        .collect();
    report(&strays);
}

#[test]
fn nothing_names_the_place_where_it_was_written() {
    // Written in pieces, so that this file does not name them either.
    let places =
        [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/tmp/", "bash"], ["sha", "red/design"], ["sha", "red/data"]].map(|parts| parts.concat());
    let mut files = Vec::new();
    walk(&root(), &|name| matches!(name, ".git" | "target" | "output"), &mut files);
    let mut faults = Vec::new();
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for place in &places {
            // Inside an address or a longer word the same letters mean something else.
            let named = text.match_indices(place).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '}')));
            if named {
                faults.push(format!("{}: names `{place}`", path.display()));
            }
        }
    }
    report(&faults);
}

#[test]
fn the_scan_sees_code_and_nothing_else() {
    let text = "//! a::b\nuse crate::{x::{self, Y as Z}, w}; /* super::q /* n */ */ fn f<'a>(c: &'a str) { g('\"', \"crate::s\", r#\"a\"b\"#, b'\\''); }\n#[cfg(test)]\nmod tests { use super::hidden; }\nfn h() { super::v::k() }";
    let source = Source { place: String::new(), module: vec!["m".into(), "n".into()], text: String::new(), tokens: without_tests(&tokens(text)) };
    let found: Vec<String> = paths(&source).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["x", "x::Y", "w", "m::v::k"]);
    assert_eq!(source.tokens.iter().filter(|token| *token == "\"\"").count(), 4);
    assert!(!source.tokens.iter().any(|token| token == "hidden" || token == "q" || token == "s"));
}

#[test]
fn a_planted_fault_is_found() {
    let plant = |place: &str, text: &str| Source {
        place: place.to_owned(),
        module: place.trim_end_matches(".rs").split('/').map(str::to_owned).collect(),
        text: text.to_owned(),
        tokens: without_tests(&tokens(text)),
    };
    let floor = ["low".to_owned(), "high".to_owned()];
    let planted =
        [plant("low/a.rs", "use super::super::high::X;"), plant("high.rs", "use crate::low::a::Y;"), plant("low.rs", "fn f() { crate::high::g() }")];
    let faults = check_floors(&planted, &[], &floor);
    assert_eq!(faults.len(), 2, "{faults:?}");
    let fences: BTreeMap<&str, bool> =
        FENCES.iter().map(|(what, uses, _)| (*what, uses(&tokens("use std::{fs, io}; fn f() { println!(); }")))).collect();
    assert!(fences["files"] && fences["standard output"] && !fences["standard error"] && !fences["polars"]);
}
