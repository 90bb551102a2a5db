//! `fivep brief` and `fivep compare --brief`, run as a user runs them: what they write, in which language, and how they fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use fivep::briefing::PDF;
use fivep::briefing::phrases::Phrases;
use fivep::charts::FIGURES;

const SMALL: [&str; 11] =
    ["borderland", "--only", "open-shelters,crackdown", "--replicates", "3", "--scale", "1", "--from", "2015-10", "--to", "2016-12"];

fn fivep(folder: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("fivep").expect("the program is built").current_dir(folder).args(args).output().expect("the program starts")
}

fn good(folder: &Path, args: &[&str]) -> Output {
    let output = fivep(folder, args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A small run of the invented country in `home`: its folder, from there.
fn run(home: &Path) -> String {
    let output = good(home, &[&["run"], &SMALL[..]].concat());
    text(&output.stderr).lines().last().expect("the run folder").to_owned()
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The kinds of briefing that this build writes.
fn written() -> Vec<&'static str> {
    if PDF { vec!["briefing.html", "briefing.pdf"] } else { vec!["briefing.html"] }
}

#[test]
fn compare_with_a_briefing_leaves_the_run_all_figures_and_both_kinds_at_once() {
    let home = home();
    let output = good(home.path(), &[&["compare"], &SMALL[..], &["--brief", "--format", "csv"]].concat());
    let said = text(&output.stderr);
    let run = said.lines().last().expect("the run folder");
    let plain = good(home.path(), &["compare", run, "--format", "csv"]);
    assert_eq!(text(&output.stdout), text(&plain.stdout), "the results are those of a comparison alone");
    let folder = home.path().join(run);
    let mut figures: Vec<String> = FIGURES.iter().flat_map(|(name, _)| [format!("{name}.png"), format!("{name}.svg")]).collect();
    figures.sort();
    assert_eq!(names(&folder.join("charts")), figures);
    let wanted = figures.iter().map(|name| Path::new("charts").join(name)).chain(written().into_iter().map(PathBuf::from));
    for file in wanted {
        assert!(folder.join(&file).is_file(), "{}", file.display());
        let path = Path::new(run).join(&file).display().to_string();
        assert_eq!(said.lines().filter(|line| *line == path).count(), 1, "{path} in\n{said}");
    }
    assert_eq!(said.matches("not a forecast").count(), 1, "{said}");
}

#[test]
fn a_finished_run_is_briefed_in_both_kinds_without_running_anything() {
    let home = home();
    let run = run(home.path());
    let folder = home.path().join(&run);
    let before = names(&folder);
    let output = good(home.path(), &["brief", &run]);
    let paths: Vec<String> = written().iter().map(|name| Path::new(&run).join(name).display().to_string()).collect();
    assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), paths);
    assert_eq!(
        names(&folder).into_iter().filter(|name| !name.starts_with("briefing.") && name != "written.toml").collect::<Vec<_>>(),
        before,
        "nothing else is touched"
    );
    assert_eq!(text(&output.stderr).contains("--features pdf"), !PDF);
    let read = || written().iter().map(|name| fs::read(folder.join(name)).expect("a briefing")).collect::<Vec<_>>();
    let first = read();
    good(home.path(), &["brief", &run]);
    assert!(first == read(), "the same run gives the same bytes");
    assert!(!PDF || first[1].starts_with(b"%PDF-") && first[1].len() > 50_000, "a PDF");
}

#[test]
fn without_its_script_the_page_still_holds_the_figures_and_the_finding() {
    let home = home();
    let run = run(home.path());
    good(home.path(), &["brief", &run, "--output", "page.html"]);
    assert_eq!(names(home.path()), ["output", "page.html"], "the ending says which kind is wanted");
    let page = fs::read_to_string(home.path().join("page.html")).expect("a page");
    let still: String = page.split("<script").map(|part| part.split_once("</script>").map_or(part, |(_, rest)| rest)).collect();
    assert_eq!(still.matches("<figure class=\"figure\"").count(), FIGURES.len());
    assert_eq!(still.matches("<svg ").count(), FIGURES.len());
    for part in ["id=\"finding\"", "class=\"finding\"", "id=\"ledgers\"", "<desc "] {
        assert!(still.contains(part), "{part}");
    }
    // What would do nothing is hidden until the script shows it.
    assert!(still.contains("<section id=\"explore\" class=\"needs-script\" aria-labelledby=\"explore-heading\" hidden>"));
}

#[test]
fn the_kinds_the_language_and_the_place_can_be_chosen() {
    let home = home();
    let run = run(home.path());
    let out = home.path().join("out");
    fs::create_dir(&out).expect("a folder");
    good(home.path(), &["brief", &run, "--language", "th", "--format", "html", "--variant", "crackdown", "--output", "out/thai"]);
    assert_eq!(names(&out), ["thai.html"]);
    let page = fs::read_to_string(out.join("thai.html")).expect("a page");
    let thai = Phrases::embedded("th").expect("it is embedded");
    for own in ["<h1 dir=\"auto\">แดนชายขอบ (ประเทศสมมติ)</h1>", "แดนชายขอบเป็นประเทศสมมติ", "การกวาดล้าง"]
    {
        assert!(page.contains(own), "{own}: the scenario's own Thai is used");
    }
    assert!(!page.contains("Crackdown"), "no title is left in English");
    assert!(page.contains("<html lang=\"th\">") && page.contains(thai.word("finding.heading")) && page.contains("2559"));
    if PDF {
        good(home.path(), &["brief", &run, "--output", "out/only.pdf"]);
        good(home.path(), &["brief", &run, "--output", "out/v1.2", "--format", "pdf,html,pdf", "--language", "th"]);
        assert_eq!(names(&out), ["only.pdf", "thai.html", "v1.2.html", "v1.2.pdf"]);
    } else {
        let output = fivep(home.path(), &["brief", &run, "--format", "pdf"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("cargo build --release --features pdf"), "{}", text(&output.stderr));
    }
}

#[test]
fn who_answers_for_a_briefing_stands_on_its_first_page() {
    let home = home();
    let own = "format = 2\ntitle = \"T\"\nextends = \"borderland\"\n[briefing]\noffice = { en = \"Ministry of Examples\", th = \"กระทรวงตัวอย่าง\" }\n\
                [variants.a]\npolicy.protection.beds = { 2016-01 = 2 }\n";
    fs::write(home.path().join("own.toml"), own).expect("it can be written");
    let output = good(home.path(), &["run", "own.toml", "--replicates", "2", "--scale", "50", "--from", "2015-10", "--to", "2016-12"]);
    let said = text(&output.stderr);
    let run = said.lines().last().expect("the run folder");
    let page = |args: &[&str]| {
        good(home.path(), &[&["brief", run, "--output", "page.html"], args].concat());
        fs::read_to_string(home.path().join("page.html")).expect("a page")
    };
    let plain = page(&[]);
    assert!(plain.contains("<dt>Office</dt><dd><bdi>Ministry of Examples</bdi></dd>") && !plain.contains("<dt>Author</dt>"));
    let thai = page(&["--language", "th", "--date", "2026-11-30"]);
    assert!(thai.contains("กระทรวงตัวอย่าง") && thai.contains("<dd><bdi>30 พ.ย. 2569</bdi></dd>"));
    assert!(page(&["--office", "Other", "--author", "A. B."]).contains("<dd><bdi>Other</bdi></dd></div>\n<div><dt>Author</dt><dd><bdi>A. B."));
    let output = fivep(home.path(), &["brief", run, "--date", "30.11.2026"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("write year, month and day"));
}

#[test]
fn what_is_ejected_gives_the_same_briefing_until_it_is_changed() {
    let home = home();
    let run = run(home.path());
    good(home.path(), &["brief", "--eject", "mine"]);
    let mine = home.path().join("mine");
    assert_eq!(names(&mine), ["briefing.css", "briefing.html", "briefing.js", "briefing.typ", "en.toml", "th.toml"]);
    assert_eq!(fivep(home.path(), &["brief", "--eject", "mine"]).status.code(), Some(2), "nothing is overwritten");
    let brief = |output: &str| {
        good(home.path(), &["brief", &run, "--template", "mine", "--output", output]);
        written().iter().map(|name| fs::read(home.path().join(name.replace("briefing", output))).expect("a briefing")).collect::<Vec<_>>()
    };
    good(home.path(), &["brief", &run, "--output", "plain"]);
    let plain: Vec<_> = written().iter().map(|name| fs::read(home.path().join(name.replace("briefing", "plain"))).expect("a briefing")).collect();
    assert!(brief("same") == plain);
    for name in ["briefing.html", "briefing.typ"] {
        let text = fs::read_to_string(mine.join(name)).expect("a template");
        fs::write(mine.join(name), text.replace("words.closing.line", "words.kind")).expect("it can be changed");
    }
    let changed = brief("changed");
    assert!(changed.iter().zip(&plain).all(|(now, before)| now != before));
}

#[test]
fn what_cannot_be_briefed_is_said_with_what_to_do() {
    let home = home();
    let run = run(home.path());
    let write = |name: &str, text: &str| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    write("html/briefing.html", "<p>\n{{ nobody }}");
    write("typ/briefing.typ", "= Briefing\n\n#nobody");
    write("words/en.toml", "kind = \"Note\"");
    write("other/letter.docx", "");
    write("file", "");
    let mut cases = vec![
        ("brief", 2, "fivep brief <RUN>"),
        ("brief nowhere", 2, "is no run folder"),
        ("brief RUN --variant crackdwn", 2, "did you mean `crackdown`?"),
        ("brief RUN --language xx", 2, "use en or th"),
        ("brief RUN --format odt", 2, "possible values: html, pdf, docx, pptx"),
        ("brief RUN --template nowhere", 2, "there is no folder `nowhere`"),
        ("brief RUN --template other", 2, "fivep brief --eject DIR"),
        ("brief RUN --template html", 2, "briefing.html, line 2: undefined value"),
        ("brief RUN --template words", 2, "`question` is missing"),
        ("brief RUN --output file/below", 1, "cannot write `file/below.html`"),
        ("compare RUN --brief --indicators exploitd", 2, "did you mean `exploited`?"),
    ];
    if PDF {
        cases.push(("brief RUN --template typ", 2, "briefing.typ, line 3: unknown variable: nobody"));
    }
    let before = names(&home.path().join(&run));
    for (command, code, phrase) in cases {
        let args: Vec<&str> = command.split(' ').map(|word| if word == "RUN" { run.as_str() } else { word }).collect();
        let output = fivep(home.path(), &args);
        assert_eq!(output.status.code(), Some(code), "{command}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(phrase), "{command}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{command}");
    }
    assert_eq!(names(&home.path().join(&run)), before, "a fault leaves nothing half done");
    // A file where the folder of the figures should be.
    write(&format!("{run}/charts"), "");
    let output = fivep(home.path(), &["compare", &run, "--brief"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
}
