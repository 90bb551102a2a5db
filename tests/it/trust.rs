//! What comes from somebody else, and what the machine refuses: nothing is run that should not be, nothing lost, nothing misread.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::studies::{finished, fivep, folder, stderr};

const HEAD: &str = "format = 2\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2015-03\"\nscale = 60\nreplicates = 2\nseed = 1\n";

fn done(at: &Path, args: &[&str]) -> Output {
    fivep(at, args).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// A refusal: exit code 2, a word, a remedy, and nothing written.
fn refused(at: &Path, args: &[&str], phrase: &str) {
    let before = names(at);
    let output = done(at, args);
    let said = stderr(&output);
    assert!(output.status.code() == Some(2) && said.contains(phrase) && said.contains("help"), "{args:?}: {:?} {said}", output.status.code());
    assert_eq!(names(at), before, "{args:?}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[cfg(target_os = "linux")]
#[test]
fn what_does_not_fit_into_memory_is_refused_before_any_is_taken() {
    let own = folder();
    let program = fivep(own.path(), &[]).get_program().to_string_lossy().into_owned();
    let limited = |more: &str| {
        let line = format!("ulimit -v 1000000; exec '{program}' run thailand-2016 --scale 1 --only baseline --replicates 8 --to 2016-10 {more}");
        Command::new("sh").args(["-c", &line]).current_dir(own.path()).output().expect("a shell")
    };
    let output = limited("--jobs 4");
    let said = stderr(&output);
    assert!(output.status.code() == Some(2) && said.contains("what would fit: --jobs"), "{said}");
    assert!(names(own.path()).is_empty(), "nothing is left");
}

#[test]
fn texts_from_anywhere_command_neither_terminal_nor_spreadsheet() {
    let own = folder();
    let text = format!("title = \"=cmd|' /C calc'!A0\"\nquestion = \"a\\u001b]0;b\\u202ec\"\n{HEAD}");
    fs::write(own.path().join("odd.toml"), text).expect("writable");
    let output = done(own.path(), &["run", "odd.toml"]);
    finished(own.path(), &output);
    assert!(!stdout(&output).contains(['\u{1b}', '\u{202e}']), "{}", stdout(&output));
    let list = |more: &[&str]| stdout(&done(own.path(), &[&["runs", "--format", "csv"], more].concat()));
    assert!(list(&[]).contains(",'=cmd") && list(&["--raw-csv"]).contains(",=cmd"), "{}", list(&[]));
}

#[test]
fn templates_stay_in_their_folder_and_files_without_an_end_are_refused() {
    let own = folder();
    fs::write(own.path().join("s.toml"), format!("title = \"T\"\n{HEAD}")).expect("writable");
    finished(own.path(), &done(own.path(), &["run", "s.toml"]));
    let template = own.path().join("template");
    fs::create_dir(&template).expect("writable");
    symlink("/etc/hostname", template.join("briefing.css")).expect("a link");
    refused(own.path(), &["brief", "latest", "--template", "template", "--output", "page.html"], "leads out of its folder");
    fs::remove_file(template.join("briefing.css")).expect("it is there");
    fs::write(template.join("own.css"), "body {}").expect("writable");
    symlink("own.css", template.join("briefing.css")).expect("a link");
    assert_eq!(
        done(own.path(), &["brief", "latest", "--template", "template", "--output", "page.html"]).status.code(),
        Some(0),
        "a link inside is fine"
    );
    refused(own.path(), &["chart", "latest", "--language", "/dev/zero"], "larger than 1 MB");
    refused(own.path(), &["validate", "borderland", "--update", "/dev/zero"], "larger than 16 MB");
    assert!(Command::new("mkfifo").arg(own.path().join("pipe")).status().is_ok_and(|status| status.success()));
    refused(own.path(), &["check", "pipe"], "a pipe and not a file");
}

#[test]
fn a_file_of_a_country_that_cannot_be_read_is_never_passed_over_in_silence() {
    let own = folder();
    assert_eq!(done(own.path(), &["new", "country", "land"]).status.code(), Some(0));
    let run = || done(own.path(), &["run", "land-question.toml", "--scale", "50", "--replicates", "1", "--parameters", "best"]);
    let land = own.path().join("land");
    fs::remove_file(land.join("observed.csv")).expect("it was written");
    assert!(Command::new("mkfifo").arg(land.join("observed.csv")).status().is_ok_and(|status| status.success()));
    let output = run();
    assert!(output.status.code() == Some(0) && stderr(&output).contains("observed.csv is passed over: this is a pipe"), "{}", stderr(&output));
    refused(own.path(), &["check", "land-question.toml"], "this is a pipe");
    fs::remove_file(land.join("observed.csv")).expect("it is there");
    fs::write(land.join("posterior.csv"), "x".repeat((16 << 20) + 1)).expect("writable");
    let output = done(own.path(), &["run", "land-question.toml", "--parameters", "posterior"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("no file of a country is"), "{}", stderr(&output));
}

#[test]
fn a_megabyte_of_nonsense_is_refused_at_once() {
    let own = folder();
    let lines = |line: &dyn Fn(usize) -> String| (0..60_000).map(line).collect::<String>();
    let country = format!("[policy.prevention]\n{}", lines(&|i| format!("k{i} = 1\n")));
    let long = format!("[parameters.work]\n{} = 1\n", "k".repeat(900_000));
    let list = format!("[policy.protection]\ntraining = {{ {} }}\n", (0..60_000).map(|i| format!("k{i} = 1.0")).collect::<Vec<_>>().join(", "));
    for (name, text) in
        [("levers", country), ("parameters", format!("[parameters.work]\n{}", lines(&|i| format!("k{i} = 1\n")))), ("long", long), ("list", list)]
    {
        fs::write(own.path().join("big.toml"), format!("title = \"T\"\n{HEAD}{text}")).expect("writable");
        let clock = Instant::now();
        refused(own.path(), &["check", "big.toml"], "error: ");
        // Unoptimised, and on a busy machine: it was a minute and more.
        assert!(clock.elapsed() < Duration::from_secs(15), "{name}: {:?}", clock.elapsed());
    }
    fs::write(own.path().join("rich.toml"), format!("title = \"T\"\n{HEAD}policy.national.budget.total = 1e12\n")).expect("writable");
    refused(own.path(), &["check", "rich.toml"], "no government has more");
}

#[test]
fn an_answer_is_not_lost_with_what_is_written_after_it() {
    let own = folder();
    let path = own.path().join("table.md");
    fs::write(&path, "a\n<!-- fivep validate -->\n<!-- end -->\n").expect("writable");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its owner may");
    symlink("table.md", own.path().join("link.md")).expect("a link");
    fs::write(own.path().join("table.partial"), "mine").expect("writable");
    let validate = ["validate", "borderland", "--replicates", "2", "--scale", "50", "--update", "link.md"];
    let output = done(own.path(), &validate);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(own.path().join("link.md").is_symlink() && fs::read_to_string(&path).expect("text").contains("| pattern |"));
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(own.path().join("table.partial")).expect("text"), "mine");
    // Where the pictures find no place the table is printed all the same.
    fs::write(own.path().join("figures"), "in the way").expect("writable");
    let output = done(own.path(), &["validate", "borderland", "--replicates", "2", "--scale", "50", "--figures", "figures"]);
    assert!(output.status.code() == Some(1) && stdout(&output).contains("Of class C"), "{:?} {}", output.status.code(), stderr(&output));
}

#[test]
fn an_interrupt_is_heard_while_pictures_are_drawn() {
    let own = folder();
    fs::write(own.path().join("s.toml"), format!("title = \"T\"\n{HEAD}[variants.more]\npolicy.protection.training = 0.6\n")).expect("writable");
    let mut child = fivep(own.path(), &["compare", "s.toml", "--brief"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let clock = Instant::now();
    let there = || {
        own.path()
            .join("output/s")
            .read_dir()
            .is_ok_and(|mut all| all.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("0001"))))
    };
    while !there() && clock.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let clock = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().is_ok_and(|status| status.success()));
    let code = child.wait().expect("it ends").code();
    // How soon depends on what else the machine does; that it does not wait for the last picture does not.
    assert!(clock.elapsed() < Duration::from_mins(1), "{:?}", clock.elapsed());
    let output = child.wait_with_output().expect("it ended");
    // On a quick machine all was drawn before.
    assert!(code == Some(0) || code == Some(130) && stderr(&output).contains("the run itself is whole"), "{code:?}: {}", stderr(&output));
}

#[test]
fn hundreds_of_variants_are_drawn_in_seconds() {
    let own = folder();
    let variants: Vec<String> =
        (0..300).map(|i| format!("[variants.v{i}]\npolicy.prevention.labour_inspections = {:.4}\n", 1.0 + f64::from(i) * 0.01)).collect();
    fs::write(own.path().join("many.toml"), format!("title = \"T\"\n{HEAD}{}", variants.concat())).expect("writable");
    finished(own.path(), &done(own.path(), &["run", "many.toml"]));
    let clock = Instant::now();
    let output = done(own.path(), &["chart", "latest", "--only", "cost,superiority", "--format", "svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(clock.elapsed() < Duration::from_secs(40), "unoptimised it takes two seconds, and took minutes: {:?}", clock.elapsed());
}

/// A name need not be text: it is used as it is, or refused with its bytes shown, and nothing of a like name is made or read.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_used_or_refused_and_never_another_one() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let own = folder();
    let odd = OsStr::from_bytes(b"n\xe9");
    let done = |at: &Path, args: &[&OsStr]| fivep(at, &[]).args(args).output().expect("the program starts");
    fs::write(own.path().join("a.toml"), format!("title = \"A\"\n{HEAD}")).expect("writable");
    fs::create_dir(own.path().join(odd)).expect("the disk knows such names");
    fs::write(own.path().join(odd).join("a.toml"), format!("title = \"A\"\n{}", HEAD.replace("borderland", "land"))).expect("writable");
    for (name, text) in fivep::scenario::embedded_country("borderland").expect("it ships") {
        fs::create_dir_all(own.path().join(odd).join("land")).expect("writable");
        fs::write(own.path().join(odd).join("land").join(name), text).expect("writable");
    }
    // Where text is needed, a word says so.
    let scenario = OsStr::from_bytes(b"n\xe9/a.toml");
    for args in [["run", "--jobs=1"], ["check", "--raw-csv"], ["compare", "--jobs=1"], ["new", "--raw-csv"]] {
        let output = done(own.path(), &[OsStr::new(args[0]), scenario, OsStr::new(args[1])]);
        let said = stderr(&output);
        assert!(output.status.code() == Some(2) && said.contains("`n\\xE9/a.toml` is no UTF-8") && said.contains("help:"), "{args:?}: {said}");
    }
    // From within the folder the scenario and its country are found.
    let inside = done(&own.path().join(odd), &["run", "a.toml"].map(OsStr::new));
    let run = own.path().join(odd).join(stderr(&inside).lines().last().expect("a run folder"));
    assert!(inside.status.success() && run.join("country/land/profile.toml").is_file(), "{}", stderr(&inside));
    // A folder for output is used as it is called, and told byte by byte.
    let output = done(own.path(), &[OsStr::new("run"), OsStr::new("a.toml"), OsStr::new("--output"), odd]);
    assert!(output.status.success());
    let last = output.stderr.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).expect("a run folder");
    assert!(last.starts_with(b"n\xe9/a/0001-") && own.path().join(OsStr::from_bytes(last)).join("manifest.toml").is_file());
    let page = done(own.path(), &[OsStr::new("brief"), OsStr::from_bytes(last), OsStr::new("--format"), OsStr::new("html")]);
    assert!(page.status.success(), "{}", String::from_utf8_lossy(&page.stderr));
    let made = done(own.path(), &[OsStr::new("eject"), OsStr::new("borderland"), OsStr::new("--output"), odd]);
    assert!(made.status.success() && own.path().join(odd).join("borderland.toml").is_file());
    let planned = done(own.path(), &[OsStr::new("plan"), OsStr::new("a.toml"), OsStr::new("--study"), OsStr::from_bytes(b"s\xe9")]);
    assert!(planned.status.success(), "{}", String::from_utf8_lossy(&planned.stderr));
    let told = String::from_utf8_lossy(&planned.stdout).into_owned();
    assert!(told.contains("in that folder on each of N machines: fivep run . --shard K/N") && !told.contains('\u{fffd}'), "{told}");
    let made = [made.stdout, made.stderr].concat();
    let made = String::from_utf8_lossy(&made);
    assert!(made.contains("n\\xE9/borderland.toml") && !made.contains('\u{fffd}'), "{made}");
    let submitted = done(own.path(), &[OsStr::new("submit"), OsStr::from_bytes(b"s\xe9"), OsStr::new("--engine"), OsStr::new("slurm")]);
    assert!(submitted.status.code() == Some(2), "a job file cannot hold it");
    assert!(names(own.path()).iter().all(|name| ["a.toml", "n\u{fffd}", "s\u{fffd}"].contains(&name.as_str())), "{:?}", names(own.path()));
    assert_eq!(names(own.path()).len(), 3, "nothing of another name");
}

/// A name that a shell would take apart is quoted in the commands that are shown, and in CSV.
#[test]
fn commands_that_are_shown_can_be_typed_whatever_the_folder_is_called() {
    let own = folder();
    fs::write(own.path().join("s.toml"), format!("title = \"T\"\n{HEAD}")).expect("writable");
    for (name, typed, cell) in [("a b,c", "\"a b,c\"", "\"a b,c\""), ("=$(id)", "'=$(id)'", "'=$(id)"), ("plain", "plain", "plain")] {
        let output = done(own.path(), &["plan", "s.toml", "--study", name]);
        assert!(stdout(&output).contains(&format!("fivep run {typed} --shard K/N")), "{} {}", stdout(&output), stderr(&output));
        let output = done(own.path(), &["status", name, "--format", "csv"]);
        assert_eq!(stdout(&output), format!("study,merged,done,missing,foreign,changed\n{cell},false,0,2,0,0\n"));
    }
    refused(own.path(), &["run", "s.toml", "--replicates", "10001"], "10001 is not in 1..=10000");
    refused(own.path(), &["compare", "latest"], "there is no finished run in `output`");
}

/// A run folder from somebody else may hold links and pipes: nothing that a link leads to is moved, replaced or removed, and nothing is
/// waited for.
#[test]
fn what_links_in_a_run_folder_lead_to_is_left_alone() {
    let own = folder();
    let at = |name: &str| own.path().join(name);
    fs::write(at("s.toml"), format!("title = \"T\"\n{HEAD}[variants.more]\npolicy.protection.training = 0.6\n")).expect("writable");
    let sound = finished(own.path(), &done(own.path(), &["run", "s.toml"]));
    fs::create_dir_all(at("mine/notes")).expect("writable");
    for name in ["mine/a.txt", "mine/notes/b.txt"] {
        fs::write(at(name), "mine").expect("writable");
    }
    let held = |args: &[&str], code: i32, phrase: &str, make: &dyn Fn(&Path)| {
        let run = at("other");
        let _ = fs::remove_dir_all(&run);
        copied(&sound, &run);
        make(&run);
        let clock = Instant::now();
        let output = done(own.path(), args);
        let said = stderr(&output);
        assert!(output.status.code() == Some(code) && said.contains(phrase), "{args:?}: {:?} {said}", output.status.code());
        assert!(clock.elapsed() < Duration::from_mins(1), "{args:?}: {:?}", clock.elapsed());
        for name in ["mine/a.txt", "mine/notes/b.txt"] {
            assert_eq!(fs::read_to_string(at(name)).ok().as_deref(), Some("mine"), "{args:?}: {name}");
        }
        assert_eq!(names(&at("mine")), ["a.txt", "notes"], "{args:?}");
        assert_eq!(names(&at("mine/notes")), ["b.txt"], "{args:?}");
    };
    let link = |to: &str, place: &Path| {
        let _ = fs::remove_file(place);
        symlink(own.path().join(to), place).expect("a link");
    };
    // What would be taken up after a death, and what would be removed as its remains.
    held(&["compare", "other"], 0, "", &|run| link("mine", &run.join(".commit")));
    held(&["run", "other", "--replicates", "3"], 0, "", &|run| link("mine", &run.join(".commit")));
    held(&["run", "other", "--replicates", "3"], 0, "", &|run| link("mine", &run.join(".staging")));
    for inside in ["x", "manifest.toml"] {
        held(&["compare", "other"], 0, "", &|run| {
            fs::create_dir(run.join(".commit")).expect("writable");
            link("mine", &run.join(".commit").join(inside));
        });
    }
    held(&["compare", "other"], 0, "", &|run| {
        link("mine", &run.join("country"));
        fs::create_dir_all(run.join(".commit/country")).expect("writable");
        fs::write(run.join(".commit/country/a.txt"), "theirs").expect("writable");
    });
    // What is written beside the tables where nobody names a place.
    let out = "is a link that leads out of its folder";
    held(&["brief", "other", "--format", "html"], 2, out, &|run| link("mine/a.txt", &run.join("briefing.html")));
    held(&["chart", "other", "--only", "ranking", "--format", "svg"], 2, out, &|run| link("mine", &run.join("charts")));
    held(&["chart", "other", "--only", "ranking", "--format", "svg"], 2, out, &|run| {
        fs::create_dir(run.join("charts")).expect("writable");
        link("mine/a.txt", &run.join("charts/ranking.svg"));
    });
    held(&["compare", "other", "--format", "xlsx"], 2, out, &|run| link("mine/none.xlsx", &run.join("comparison.xlsx")));
    held(&["table", "other", "--format", "xlsx"], 2, out, &|run| link("mine/a.txt", &run.join("truth-years.xlsx")));
    held(&["brief", "other", "--format", "html"], 0, "", &|run| {
        fs::create_dir(run.join("inner")).expect("writable");
        link("other/inner/page.html", &run.join("briefing.html"));
        fs::write(run.join("inner/page.html"), "").expect("writable");
    });
    // A pipe is waited for by whoever opens it, and a device has no end.
    let pipe = |place: &Path| {
        let _ = fs::remove_file(place);
        assert!(Command::new("mkfifo").arg(place).status().is_ok_and(|status| status.success()));
    };
    for name in ["months.parquet", "scenario.toml"] {
        held(&["compare", "other"], 1, "this is no file", &|run| pipe(&run.join(name)));
        held(&["compare", "other"], 1, "this is no file", &|run| {
            let _ = fs::remove_file(run.join(name));
            symlink("/dev/zero", run.join(name)).expect("a link");
        });
    }
    held(&["run", "other", "--replicates", "3"], 1, "this is no file", &|run| pipe(&run.join(".lock")));
    held(&["run", "other", "--replicates", "3"], 1, "this is no file", &|run| link("mine/none", &run.join(".lock")));
}

/// Copies the files of one folder, without folders in it, into another.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for entry in fs::read_dir(from).expect("readable").flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}
