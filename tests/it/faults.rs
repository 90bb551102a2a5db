//! Faults: broken files, and exactly what the user sees.
//!
//! A test is the shipped Borderland scenario with one changed line. Each is loaded by the library and checked
//! by the program: exit code 2, nothing on stdout, the same text on stderr.

use fivep::scenario::{Overrides, Problem, embedded, load};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The shipped scenario that is broken here.
fn borderland() -> &'static str {
    embedded().iter().find(|(name, _)| *name == "borderland").expect("Borderland is shipped").1
}

/// What loading `path` shows; it must be the user's fault.
fn fault(path: &Path) -> String {
    match load(&path.to_string_lossy(), &Overrides::default()) {
        Err(Problem::Fault(text)) => text,
        Err(Problem::World(text)) => panic!("{}: not the user's fault: {text}", path.display()),
        Ok(_) => panic!("{}: no fault was found", path.display()),
    }
}

/// What is amiss with what the library and the program say about `path`: all `phrases` must be in it.
fn amiss(path: &Path, phrases: &[&str]) -> Vec<String> {
    let text = fault(path);
    let mut amiss: Vec<String> =
        phrases.iter().filter(|phrase| !text.contains(**phrase)).map(|phrase| format!("{}: `{phrase}` is not in\n{text}", path.display())).collect();
    if text.contains('\u{1b}') || !text.starts_with("error: ") {
        amiss.push(format!("colour, or no error:\n{text}"));
    }
    let output = fivep().arg("check").arg(path).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(2) || !output.stdout.is_empty() || !told.contains(text.trim_end()) {
        amiss.push(format!("the program exits with {} and says\n{told}\nand the library\n{text}", output.status));
    }
    amiss
}

fn fivep() -> assert_cmd::Command {
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_fivep"))
}

/// Checks that the library and the program say all `phrases` about `path`.
fn check(path: &Path, phrases: &[&str]) {
    let amiss = amiss(path, phrases);
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

/// Borderland with `old` replaced by `new`.
struct Changed {
    old: &'static str,
    new: &'static str,
    /// The line that must be shown; nothing where no line is to blame.
    line: Option<usize>,
    phrases: &'static [&'static str],
}

/// The number of the first line that holds `part`.
fn line_of(text: &str, part: &str) -> usize {
    text[..text.find(part).unwrap_or_else(|| panic!("`{part}` is in the text"))].matches('\n').count() + 1
}

/// A change whose own first line is to blame.
const fn changed(old: &'static str, new: &'static str, phrases: &'static [&'static str]) -> Changed {
    Changed { old, new, line: Some(0), phrases }
}

/// A change of which the line `after` lines further down is to blame.
const fn below(old: &'static str, new: &'static str, after: usize, phrases: &'static [&'static str]) -> Changed {
    Changed { old, new, line: Some(after), phrases }
}

/// A change for which no line is to blame.
const fn nowhere(old: &'static str, new: &'static str, phrases: &'static [&'static str]) -> Changed {
    Changed { old, new, line: None, phrases }
}

const CHANGES: &[Changed] = &[
    // The head.
    nowhere("format = 2\n", "", &["`format` is missing", "format = 2"]),
    changed("format = 2\n", "format = 3\n", &["format 3 is not known", "this version reads format = 2"]),
    changed(
        "format = 2\n",
        "format = 1\n",
        &["format 1 is not read any more", "`fivep check --upgrade", "line 40: { 2016-01 = 0.9 } becomes { start = \"default\", 2016-01 = 0.9 }"],
    ),
    below("format = 2\n", "format = 2\nextends = \"thailand-gap\"\n", 1, &["no scenario `thailand-gap` to extend", "did you mean `thailand-gaps`?"]),
    below("format = 2\n", "format = 2\nextends = \"nowhere.toml\"\n", 1, &["there is no scenario `nowhere.toml` to extend"]),
    below("format = 2\n", "format = 2\nbase = \"thailand-2016\"\n", 1, &["unknown key `base`", "a scenario builds on another one by `extends`"]),
    below(
        "[variants.crackdown]\n",
        "[compare]\nagainst = \"crackdwn\"\n[variants.crackdown]\n",
        1,
        &["`compare.against`: there is no variant `crackdwn`", "did you mean `crackdown`?"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nwith = \"more-courts\"\n", 1, &["`variants.crackdown.with` must be a list"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nwith = [\"more-cuorts\"]\n",
        1,
        &["goes with `more-cuorts`", "did you mean `more-courts`?"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nwith = [\"crackdown\"]\n", 1, &["in a circle: crackdown -> crackdown"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\npolicy.protection = \"more-cuorts\"\n",
        1,
        &["takes a section from `more-cuorts`", "did you mean `more-courts`?", "`baseline` and `default`"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nshelter_freedom = 0.5\n", 1, &["write `policy.protection.shelter_freedom = ...`"]),
    changed("[variants.crackdown]\n", "[variants.crackdown.prosecution]\ncourt_slots = 2\n[variants.other]\n", &["write `policy.prosecution...`"]),
    changed("[variants.crackdown]\n", "[variants.crack down]\n", &["not valid TOML", "write [variants.crack-down]"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nbase = \"crackdwn\"\n",
        1,
        &["builds on `crackdwn`", "the other variants are open-shelters"],
    ),
    changed("from = \"2015-01\"\n", "from = \"2015-+1\"\n", &["is not a month: `2015-+1`"]),
    changed(
        "training = 0.3\n",
        "training = { \"2016-+1\" = 0.4, 2016-01 = 0.5 }\n",
        &["2016-+1` is neither `start` nor a month", "write year and month"],
    ),
    changed("training = 0.3\n", "training = \"0.5\"\n", &["write a level without quotes"]),
    changed("training = 0.3\n", "training = { 2016-01 = \"x20\" }\n", &["would be 2 in 2016-01 in the baseline, out of range"]),
    nowhere("title.en = \"Borderland\"\ntitle.th = \"แดนชายขอบ (ประเทศสมมติ)\"\n", "", &["`title` is missing"]),
    changed("title.en = \"Borderland\"\n", "title.en = \"\"\n", &["`title.en` must not be empty"]),
    changed("title.en = \"Borderland\"\n", "title.en = 7\n", &["`title.en` must be text, not a whole number"]),
    changed("title.en = \"Borderland\"\n", "title.lo = \"B\"\n", &["`title` has no text in English", "add `title.en = \"...\"`"]),
    below("title.en = \"Borderland\"\n", "title = \"Borderland\"\n", 1, &["write the first as `title.en`"]),
    changed("title.en = \"Borderland\"\n", "title.english = \"B\"\n", &["`english` is not the code of a language", "two or three small letters"]),
    changed("scale = 1\n", "scal = 1\n", &["unknown key `scal`", "did you mean `scale`?", "`scale` is missing"]),
    changed("scale = 1\n", "scale = \"1\"\n", &["`scale` must be a number, not text", "without quotes"]),
    changed("scale = 1\n", "scale = 0.5\n", &["`scale` is out of range", "below 1"]),
    changed("scale = 1\n", "scale = 1e7\n", &["fewer than 1000 agents", "give 1 to"]),
    changed("scale = 1\n", "scale = nan\n", &["`scale` is not a finite number"]),
    changed("replicates = 20\n", "replicates = 0\n", &["`replicates` is out of range", "from 1 to 10000"]),
    changed("replicates = 20\n", "replicates = 2.5\n", &["`replicates` must be a whole number"]),
    changed("seed = 7\n", "seed = -1\n", &["`seed` is out of range"]),
    changed("seed = 7\n", "seed = 99999999999999999999\n", &["`seed`"]),
    changed("seed = 7\n", "seed = true\n", &["`seed` must be a whole number, not true or false"]),
    // Months.
    changed("from = \"2015-01\"\n", "from = \"2015-13\"\n", &["`from` is not a month: `2015-13`", "months go from 01 to 12"]),
    changed("from = \"2015-01\"\n", "from = 2015-01\n", &["not valid TOML", "a month is written in quotes"]),
    changed("from = \"2015-01\"\n", "from = 2015-01-01\n", &["`from` must be a month, not a date", "\"2016-10\""]),
    changed("to = \"2018-12\"\n", "to = \"2014-12\"\n", &["would end (2014-12) before it begins (2015-01)"]),
    changed("to = \"2018-12\"\n", "to = \"2118-12\"\n", &["longer than 100 years"]),
    // The country.
    changed("country = \"borderland\"\n", "country = \"bordrland\"\n", &["there is no country `bordrland`", "did you mean `borderland`?"]),
    changed("country = \"borderland\"\n", "country = borderland\n", &["not valid TOML", "text is written in quotes"]),
    // Syntax.
    below("seed = 7\n", "seed = 7\nseed = 8\n", 1, &["not valid TOML", "duplicate key", "twice"]),
    changed("seed = 7\n", "seed = 7,5\n", &["not valid TOML", "written with a point"]),
    changed("seed = 7\n", "seed 7\n", &["not valid TOML", "key = value"]),
    changed("[policy.national]\n", "[policy.national\n", &["not valid TOML"]),
    // Levers.
    changed("[policy.national]\n", "[policy.nationl]\n", &["unknown section of policy `policy.nationl`", "did you mean `national`?"]),
    changed("training = 0.3\n", "trainin = 0.3\n", &["unknown lever `policy.protection.trainin`", "did you mean `training`?", "fivep levers"]),
    changed(
        "training = 0.3\n",
        "rotation = 0.1\n",
        &["`policy.protection.rotation` is not a lever of this section", "belongs in [policy.prosecution]"],
    ),
    changed("training = 0.3\n", "training = 30\n", &["out of range", "above 1", "30 per cent is written 0.3"]),
    changed("training = 0.3\n", "training = true\n", &["must be a number, not true or false"]),
    changed("training = 0.3\n", "training = inf\n", &["not a finite number"]),
    changed("training = 0.3\n", "training = \"30%\"\n", &["needs its sign", "\"+20%\""]),
    changed("training = 0.3\n", "training = +30%\n", &["not valid TOML", "a change in per cent is written in quotes"]),
    changed("training = 0.3\n", "training = \"0.3\"\n", &["without quotes"]),
    changed("training = 0.3\n", "training = \"+1000%\"\n", &["`policy.protection.training` would be 1.1 in", "out of range"]),
    changed("training = 0.3\n", "training = {}\n", &["says nothing"]),
    changed("training = 0.3\n", "training = { strat = 0.3 }\n", &["neither `start` nor a month", "did you mean `start`?"]),
    changed("training = 0.3\n", "training = { 2016-00 = 0.3 }\n", &["`2016-00` is neither `start` nor a month"]),
    changed("training = 0.3\n", "training = { 2026-01 = 0.3 }\n", &["the step of 2026-01 would never happen", "the run ends in 2018-12"]),
    changed("training = 0.3\n", "training = { 1916-10 = 0.3 }\n", &["more than 20 years before the run begins", "`start`"]),
    changed("training = 0.3\n", "training = { 2016-01 = -0.3 }\n", &["out of range", "below 0"]),
    changed("training = 0.3\n", "training = { 2016-01 = 0.3, 2016-01 = 0.4 }\n", &["not valid TOML", "duplicate key"]),
    changed("national_priority = 0.3\n", "budget.shares = 0.1\n", &["one value for each budget line", "the lines are entry, inspections"]),
    changed("national_priority = 0.3\n", "budget.shares.court = 0.1\n", &["unknown budget line", "did you mean `courts`?"]),
    changed("national_priority = 0.3\n", "budget.totl = 0.1\n", &["unknown lever `policy.national.budget.totl`", "did you mean `budget.total`?"]),
    changed("national_priority = 0.3\n", "budget = 5\n", &["`policy.national.budget` must be a table"]),
    below("national_priority = 0.3\n", "budget.total = 1e6\n\"budget.total\" = 2e6\n", 1, &["`policy.national.budget.total` is given twice"]),
    below(
        "training = 0.3\n",
        "[policy.national.budget.shares]\nentry = 0.9\ncourts = 0.9\n[policy.protection.x]\n",
        3,
        &["in `baseline` the shares of the budget sum to", "not to 1", "in force then: entry 0.9"],
    ),
    changed("intelligence = 0.2\n", "evidence_sharing.narnia = 0.5\n", &["unknown origin `policy.partnership.evidence_sharing.narnia`"]),
    // Variants.
    changed("[variants.crackdown]\n", "[variants.baseline]\n", &["no variant can be called `baseline`"]),
    changed("[variants.crackdown]\n", "[variants.Crack_Down]\n", &["`Crack_Down` cannot be the name of a variant", "small letters"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nbase = \"more-cuorts\"\n",
        1,
        &["builds on `more-cuorts`, which does not exist", "did you mean `more-courts`?"],
    ),
    below(
        "[variants.crackdown]\n",
        "[variants.a]\nbase = \"b\"\n[variants.b]\nbase = \"a\"\n[variants.crackdown]\n",
        1,
        &["in a circle: a -> b -> a", "remove `base`"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nbase = \"crackdown\"\n", 1, &["in a circle: crackdown -> crackdown"]),
    below("[variants.crackdown]\n", "[variants.crackdown]\nreplicates = 3\n", 1, &["unknown key `variants.crackdown.replicates`"]),
    below("[variants.crackdown]\n", "[variants.crackdown]\nswitches.replacment = false\n", 1, &["unknown switch", "did you mean `replacement`?"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nswitches.deterrence = true\n",
        1,
        &["`variants.crackdown.switches.deterrence` must be text"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nswitches.deterrence = \"none at all\"\n", 1, &["cannot be `none at all`", "`severity`"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nswitches.learning = \"false\"\n",
        1,
        &["must be true or false, not text", "without quotes"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nshocks.flood-1900 = false\n", 1, &["unknown shock"]),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nparameters.recruitment.repaymnt = 0.4\n",
        1,
        &["unknown parameter", "did you mean `repayment`?"],
    ),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\nparameters.recruitment.kappa = 0.4\n",
        1,
        &["`variants.crackdown.parameters.recruitment.kappa` is called `debt_vulnerability` now", "write `recruitment.debt_vulnerability`"],
    ),
    below(
        "[variants.crackdown]\n",
        "[variants.crackdown]\n\"parameters\".\"work.h\" = 0.01\n",
        1,
        &["is called `abuse_onset` now", "write `work.abuse_onset`"],
    ),
    below("[variants.crackdown]\n", "[variants.crackdown]\nparameters.omega = 0.1\n", 1, &["lacks its process", "`placement.rights_knowledge`"]),
    below("[variants.crackdown]\n", "[variants.crackdown]\nparameters.extortion = 0.4\n", 1, &["lacks its process", "`recruitment.extortion`"]),
    below("[variants.crackdown]\n", "[variants.crackdown]\nparameters.recruitment.debt_vulnerability = 40\n", 1, &["out of range", "above 2"]),
    // Comparison.
    below(
        "[policy.national]\n",
        "[compare]\nfrom = \"2019-01\"\n[policy.national]\n",
        1,
        &["`compare.from` lies outside of the run", "2015-01 to 2018-12"],
    ),
    changed(
        "[policy.national]\n",
        "[compare]\nfrom = \"2018-01\"\nto = \"2017-01\"\n[policy.national]\n",
        &["[compare] ends (2017-01) before it begins (2018-01)"],
    ),
    below("[policy.national]\n", "[compare]\nform = \"2018-01\"\n[policy.national]\n", 1, &["unknown key `compare.form`", "did you mean `from`?"]),
];

#[test]
fn a_changed_line_shows_its_fault() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut all: Vec<String> = vec![];
    for (number, change) in CHANGES.iter().enumerate() {
        let sound = borderland();
        assert!(sound.contains(change.old), "`{}` is in Borderland", change.old);
        let broken = sound.replacen(change.old, change.new, 1);
        let path = folder.path().join(format!("broken-{number}.toml"));
        fs::write(&path, &broken).expect("the folder can be written to");
        let place = change.line.map(|after| format!("broken-{number}.toml:{}:", line_of(sound, change.old) + after));
        let phrases: Vec<&str> = change.phrases.iter().copied().chain(place.as_deref()).collect();
        all.extend(amiss(&path, &phrases));
    }
    assert!(all.is_empty(), "{} of {} changes:\n{}", all.len(), CHANGES.len(), all.join("\n"));
}

#[test]
fn shares_that_do_not_sum_name_the_variant_and_the_month() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("shares.toml");
    let text = format!("{}\n[variants.x.policy.national]\nbudget.shares.courts = {{ 2016-03 = \"+50%\" }}\n", borderland());
    fs::write(&path, text).expect("the folder can be written to");
    check(&path, &["in `x` the shares of the budget sum to", "in 2016-03, not to 1", "away from one or more"]);
}

#[test]
fn scenarios_extend_files_and_name_their_faults() {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be written to");
        fs::write(&path, text).expect("the folder can be written to");
        path
    };
    let head = "format = 2\ntitle = \"T\"\nextends = ";
    write("deep/below.toml", &borderland().replacen("training = 0.3", "training = 0.5", 1));
    let own = write("own.toml", &format!("{head}\"deep/below\"\n[variants.a]\npolicy.protection.training = \"+20%\"\n"));
    let scenario = load(&own.to_string_lossy(), &Overrides::default()).expect("it is sound");
    assert_eq!((scenario.seed, scenario.variants.len(), scenario.country.0.as_str()), (7, 2, "borderland"));
    write("deep/below.toml", &borderland().replacen("training = 0.3", "trainin = 0.5", 1));
    check(&own, &["deep/below.toml:", "unknown lever `policy.protection.trainin`"]);
    write("deep/below.toml", &borderland().replacen("format = 2", "format = 1", 1));
    check(&own, &["deep/below.toml:2:10", "format 1 is not read any more"]);
    let (a, b) = (write("a.toml", &format!("{head}\"b.toml\"\n")), write("b.toml", &format!("{head}\"./a.toml\"\n")));
    check(&a, &["extend each other in a circle", "b.toml:3:11"]);
    check(&b, &["extend each other in a circle", "a.toml:3:11"]);
    check(&write("folder.toml", &format!("{head}\"deep\"\n")), &["`deep` is a folder"]);
    check(&write("binary.toml", &format!("{head}\"none\\u0000\"\n")), &["binary.toml:3:"]);
}

#[test]
fn a_country_beside_a_scenario_that_extends_another_is_not_passed_over_in_silence() {
    let folder = TempDir::new().expect("a temporary folder");
    with_country(&folder, "profile.toml", "format = 1", "format = 1");
    fs::rename(folder.path().join("ownland"), folder.path().join("borderland")).expect("the folder can be written to");
    let path = folder.path().join("extending.toml");
    let said = |lines: &str| {
        fs::write(&path, format!("format = 2\ntitle = \"T\"\nextends = \"borderland\"\n{lines}")).expect("the folder can be written to");
        load(&path.to_string_lossy(), &Overrides::default()).expect("it is sound").warnings.join("\n")
    };
    assert!(said("").contains("the folder `borderland` beside this scenario is not used"), "{}", said(""));
    assert!(!said("country = \"borderland\"\n").contains("is not used"));
}

#[test]
fn targets_of_ones_own_country_are_checked_too() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = with_country(&folder, "profile.toml", "format = 1", "format = 1");
    let targets = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/borderland/targets.toml")).expect("it is shipped");
    let run = || fivep().arg("check").arg(&path).output().expect("it starts");
    fs::write(folder.path().join("ownland/targets.toml"), &targets).expect("the folder can be written to");
    assert_eq!(run().status.code(), Some(0), "{}", String::from_utf8_lossy(&run().stderr));
    let told = String::from_utf8_lossy(&run().stderr).into_owned();
    assert!(told.contains("have the source \"invented country\""), "what was copied from the invented country is told: {told}");
    let impossible = "[impossible]\ntitle = \"T\"\npattern = \"P9\"\nuse = \"V\"\nindicator = \"registered_share\"\nfrom = \"2016-01\"\nto = \"2016-12\"\n\
        low = -0.1\nhigh = 50\nerror = 0.1\nsources = [\"S\"]\n";
    fs::write(folder.path().join("ownland/targets.toml"), format!("{targets}{impossible}")).expect("it can be written to");
    let told = String::from_utf8_lossy(&run().stderr).into_owned();
    for phrase in ["`impossible`: -0.1 is less than none", "`impossible`: 50 is more than the whole, and `registered_share` is a share", "as in 0.5"]
    {
        assert!(run().status.code() == Some(2) && told.contains(phrase), "{phrase} in {told}");
    }
    fs::write(folder.path().join("ownland/targets.toml"), targets.replace("sector = \"boats\"", "sector = \"ships\"")).expect("it can be written to");
    let told = String::from_utf8_lossy(&run().stderr).into_owned();
    assert!(run().status.code() == Some(2) && told.contains("has no sector `ships`") && told.contains("targets.toml:"), "{told}");
}

#[test]
fn published_figures_that_are_not_understood_are_told_with_their_place() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = with_country(&folder, "profile.toml", "format = 1", "format = 1");
    let warnings = |text: &str| {
        fs::write(folder.path().join("ownland/observed.csv"), text).expect("the folder can be written to");
        let scenario = load(&path.to_string_lossy(), &Overrides::default()).expect("it is sound");
        let warnings: Vec<String> = scenario.warnings.iter().filter(|warning| warning.contains("observed.csv")).cloned().collect();
        (warnings.join("\n"), fivep::scenario::published(&scenario).len())
    };
    assert_eq!(warnings("indicator,year,value\nidentified,2015,120\n"), (String::new(), 1));
    assert_eq!(warnings("indicator;year;value\nidentified;2015;120\nidentified;2016;90,5\n"), (String::new(), 2));
    let (told, read) = warnings("indicator,year,value\nidentifed,2015,120\nidentified,2016/17,3\nidentified,2017,4\n");
    for phrase in ["no indicator `identifed`", "observed.csv:2:1", "did you mean `identified`?", "`2016/17` is not a year", "observed.csv:3:12"] {
        assert!(told.contains(phrase), "{phrase} in\n{told}");
    }
    assert_eq!(read, 1);
}

#[test]
fn all_faults_of_a_file_come_at_once() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("many.toml");
    let text = borderland().replacen("seed = 7", "sed = 7", 1).replacen("training = 0.3", "trainin = 3", 1).replacen("scale = 1", "scale = 0", 1);
    fs::write(&path, text).expect("the folder can be written to");
    check(&path, &["unknown key `sed`", "`seed` is missing", "unknown lever", "`scale` is out of range", "4 faults; nothing was run"]);
}

#[test]
fn what_is_no_scenario_file_is_refused_politely() {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("the folder can be written to");
        path
    };
    check(&write("empty.toml", b""), &["is empty", "fivep new"]);
    check(&write("blank.toml", b"\n  \n"), &["is empty"]);
    check(&write("comment.toml", b"# nothing\n"), &["`format` is missing", "`title` is missing", "`country` is missing", "`seed` is missing"]);
    check(&write("binary.toml", &[0x7f, b'E', b'L', b'F', 0, 1, 2]), &["is binary"]);
    check(&write("latin.toml", b"title = \"caf\xe9\"\n"), &["not UTF-8", "line 1"]);
    check(&write("wide.toml", &[0xff, 0xfe, b't', 0]), &["UTF-16"]);
    check(&write("junk.toml", &vec![b'x'; 10 << 20]), &["larger than 1 MB"]);
    check(&write("line.toml", &vec![b'x'; 1 << 20]), &["not valid TOML"]);
    check(&write("nested.toml", "[".repeat(200_000).as_bytes()), &["not valid TOML"]);
    check(&write("deep.toml", format!("a = {}", "[".repeat(200_000)).as_bytes()), &["not valid TOML"]);
    check(&write("dots.toml", format!("a{} = 1", ".a".repeat(5_000)).as_bytes()), &[]);
    check(&write("csv.toml", b"year,month,value\n2016,1,3\n"), &["not valid TOML", "key = value"]);
    check(folder.path(), &["is a folder, not a scenario file"]);
    check(&folder.path().join("absent.toml"), &["neither a file nor a shipped scenario", "thailand-2016"]);
    check(Path::new("thailand-2061"), &["did you mean `thailand-2016`?"]);
    check(Path::new(""), &["neither a file nor a shipped scenario"]);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("windows.toml");
    fs::write(&path, format!("\u{feff}{}", borderland().replace('\n', "\r\n"))).expect("the folder can be written to");
    assert!(load(&path.to_string_lossy(), &Overrides::default()).is_ok());
    fs::write(&path, format!("\u{feff}{}", borderland().replace('\n', "\r\n").replacen("seed", "sed", 1))).expect("the folder can be written to");
    let line = line_of(borderland(), "seed = 7");
    check(&path, &["unknown key `sed`", &format!("windows.toml:{line}:1")]);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_the_worlds_fault() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("locked.toml");
    fs::write(&path, borderland()).expect("the folder can be written to");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("it is our file");
    // The superuser may read everything: there is nothing to test then.
    if fs::read(&path).is_ok() {
        return;
    }
    match load(&path.to_string_lossy(), &Overrides::default()) {
        Err(Problem::World(text)) => assert!(text.contains("permission"), "{text}"),
        other => panic!("{other:?}"),
    }
}

/// Borderland with a country's folder of its own beside it, one file of which is changed.
fn with_country(folder: &TempDir, file: &str, old: &str, new: &str) -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/borderland");
    let own = folder.path().join("ownland");
    fs::create_dir_all(&own).expect("the folder can be written to");
    for name in ["profile.toml", "parameters.toml"] {
        let text = fs::read_to_string(shipped.join(name)).expect("the shipped country is in the checkout");
        assert!(name != file || text.contains(old), "`{old}` is in {name}");
        let text = if name == file { text.replacen(old, new, 1) } else { text };
        fs::write(own.join(name), text).expect("the folder can be written to");
    }
    let path = folder.path().join("own.toml");
    fs::write(&path, borderland().replacen("\"borderland\"", "\"ownland\"", 1)).expect("the folder can be written to");
    path
}

#[test]
fn a_country_of_ones_own_loads_and_its_faults_name_its_files() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = with_country(&folder, "profile.toml", "format = 1", "format = 1");
    let scenario = load(&path.to_string_lossy(), &Overrides::default());
    assert_eq!(scenario.expect("it is sound").variants[0].setting.country.name, "ownland");
    for (file, old, new, phrases) in [
        ("profile.toml", "spin_up = ", "spinup = ", &["unknown key `spinup`", "did you mean `spin_up`?", "profile.toml:"][..]),
        ("profile.toml", "wage = ", "wage = -", &["`wage` is out of range", "profile.toml:"]),
        ("profile.toml", "kind = \"labour\"", "kind = \"labor\"", &["cannot be `labor`", "did you mean `labour`?"]),
        ("profile.toml", "stream = \"", "stream = \"x", &["stream` cannot be"]),
        ("profile.toml", "[capacity]", "[capacty]", &["unknown key `capacty`", "`capacity` is missing"]),
        ("profile.toml", "entry = 0.", "entry = 0.0", &["the shares of `budget.shares` sum to", "must sum to 1"]),
        (
            "parameters.toml",
            "[migration]",
            "[migraton]",
            &["unknown process `migraton`", "the parameter `migration.cost_weight` is missing", "parameters.toml:"],
        ),
        ("parameters.toml", "unit = \"per W\"", "unit = \"per baht\"", &["the unit of `migration.cost_weight` is `per W`"]),
        (
            "parameters.toml",
            "cost_weight = ",
            "beta = ",
            &["`migration.beta` is called `cost_weight` now", "write `migration.cost_weight`", "parameters.toml:45:"],
        ),
        (
            "profile.toml",
            "from = \"2018-05\"",
            "from = \"2561-05\"",
            &["`shocks.surge-2018.from` is not a time for this model: 2561-05", "2561 of the Buddhist era is 2018 here"],
        ),
        ("parameters.toml", "grade = \"assumed\"", "grade = \"asumed\"", &["did you mean `assumed`?"]),
        ("parameters.toml", "low = ", "low = 4.9 # ", &["not valid TOML"]),
    ] {
        let path = with_country(&folder, file, old, new);
        check(&path, phrases);
    }
    fs::write(folder.path().join("ownland/posterior.csv"), "weight,work.abuse_onset\n1,0.09\n1,0.01\n").expect("the folder can be written to");
    for (old, new, phrases) in [
        ("added = 0.3", "added = 0.0", ["`shocks.buyers-2016` changes nothing while it lasts", "profile.toml:250:"]),
        ("kind = \"surge\"", "kind = \"release\"", ["nobody comes out of compounds in `shocks.surge-2018`", "[compounds]"]),
        ("format = 1", "format = 1", ["`work.abuse_onset` lies outside its range of", "in 1 of 2 sets of posterior.csv"]),
    ] {
        let path = with_country(&folder, "profile.toml", old, new);
        let warnings = load(&path.to_string_lossy(), &Overrides::default()).expect("it is sound").warnings.join("\n");
        for phrase in phrases {
            assert!(warnings.contains(phrase), "{phrase} in\n{warnings}");
        }
    }
    fs::remove_file(folder.path().join("ownland/posterior.csv")).expect("it was written above");
    let path = with_country(&folder, "profile.toml", "format = 1", "format = 1");
    fs::remove_file(folder.path().join("ownland/parameters.toml")).expect("it was written above");
    check(&path, &["own.toml:", "lacks", "parameters.toml"]);
}
