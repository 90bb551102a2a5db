//! A workbook says what the comparison says, and a spreadsheet program (`soffice`) opens it, where one is installed (`FIVEP_OFFICE=required` makes its absence a failure).

use assert_cmd::Command;
use resvg::usvg::roxmltree::{Document, Node};
use std::path::Path;

use super::office::parts;

/// Runs the program in `folder`, and hands back what it printed.
fn fivep(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep")).current_dir(folder).args(words).output().expect("the program starts");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A run whose title a spreadsheet would take for a formula.
fn run(folder: &Path) -> String {
    let scenario = "format = 2\nextends = \"borderland\"\ntitle = \"=1+1\"\nquestion = \"Which?\"\n[variants.crackdown]\ntitle = \"Crackdown\"\npolicy.prevention.immigration_crackdown = 2.0\n\
                    [variants.plan]\ntitle = \"计划\"\n[variants.family]\ntitle = \"👩\u{200d}👧\"\n";
    std::fs::write(folder.join("hostile.toml"), scenario).expect("it is written");
    let words = ["run", "hostile.toml", "--replicates", "3", "--scale", "50", "--parameters", "best"];
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep")).current_dir(folder).args(words).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).trim_end().lines().last().expect("the run folder").to_owned()
}

#[test]
fn the_same_run_gives_the_same_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    let made = |words: &[&str]| {
        let path = fivep(folder.path(), words);
        std::fs::read(folder.path().join(path.trim_end())).expect("it is where the program says")
    };
    let compare = ["compare", &run, "--format", "xlsx"];
    let first = made(&compare);
    assert!(first.starts_with(b"PK") && first == made(&compare));
    let ledger = made(&["table", &run, "--ledger", "official", "--by", "stage", "--format", "xlsx"]);
    assert!(ledger.starts_with(b"PK"));
}

#[test]
fn a_name_for_the_workbook_of_a_comparison_is_a_fault_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["compare", "borderland", "--format", "xlsx", "--output", "mine.XLSX"];
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep")).current_dir(folder.path()).args(words).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--output names the folder of run folders, not the workbook"));
    assert!(std::fs::read_dir(folder.path()).expect("the folder").next().is_none());
}

#[test]
fn levers_and_their_effects_are_workbooks_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = |words: &[&str]| {
        let path = fivep(folder.path(), &[&["levers", "--format", "xlsx"], words].concat());
        std::fs::read(folder.path().join(path.trim_end())).expect("it is where the program says")
    };
    let all = made(&[]);
    assert!(all.starts_with(b"PK") && all == made(&[]) && all == made(&["--output", "own.xlsx"]));
    assert!(folder.path().join("levers.xlsx").is_file() && folder.path().join("own.xlsx").is_file());
    assert!(made(&["shelters", "--output", "few.xlsx"]).len() < all.len());
    let effects = ["--effects", "borderland", "--only", "beds", "--replicates", "2", "--scale", "50", "--output", "effects.xlsx"];
    assert!(made(&effects) == made(&effects));
    let Some(sheets) = opened(folder.path(), "levers.xlsx") else { return };
    let csv = fivep(folder.path(), &["levers", "--format", "csv"]);
    assert_eq!(sheets("Levers").matches(",policy.").count(), csv.lines().count() - 1, "a row a lever");
    assert!(sheets("Cover").starts_with("Title,Levers of the model\n") && sheets("Notes").contains("Levers,Least value,"));
    let Some(sheets) = opened(folder.path(), "effects.xlsx") else { return };
    let row = sheets("Effects");
    assert!(row.contains(",policy.protection.beds,") && row.starts_with("Lever,Name,Value,"), "{row}");
}

/// The sheets of a workbook as CSV, by name, as a spreadsheet program shows them; nothing where none is installed.
fn opened(folder: &Path, path: &str) -> Option<impl Fn(&str) -> String> {
    let office = ["soffice", "libreoffice"].into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(office) = office else {
        assert!(std::env::var_os("FIVEP_OFFICE").is_none(), "LibreOffice is required and is not here");
        eprintln!("skipped: LibreOffice is not installed");
        return None;
    };
    // Every sheet as CSV, in UTF-8, as it is shown.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let converted = Command::new(office)
        .current_dir(folder)
        .args([&profile, "--headless", "--convert-to", filter, "--outdir", "sheets", path])
        .output()
        .expect("it starts");
    assert!(converted.status.success(), "{}", String::from_utf8_lossy(&converted.stderr));
    let stem = Path::new(path).file_stem().expect("it has a name").to_string_lossy().into_owned();
    let sheets = folder.join("sheets");
    Some(move |name: &str| std::fs::read_to_string(sheets.join(format!("{stem}-{name}.csv"))).expect("a file each sheet"))
}

#[test]
fn a_spreadsheet_program_opens_it_and_finds_what_csv_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    let path = fivep(folder.path(), &["compare", &run, "--format", "xlsx"]);
    let Some(sheet) = opened(folder.path(), path.trim_end()) else { return };
    assert!(sheet("Cover").starts_with("Title,=1+1\n"), "a title is a text: {}", sheet("Cover"));
    assert!(sheet("Cover").contains("This model explores what would follow from stated assumptions"));

    let csv = fivep(folder.path(), &["compare", &run, "--format", "csv"]);
    let heads: Vec<&str> = csv.lines().next().expect("a line of names").split(',').collect();
    let at = |name: &str| heads.iter().position(|head| *head == name).expect("it is a column");
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let [people] = rows.iter().filter(|row| row[at("variant")] == "crackdown" && row[at("indicator")] == "exploited").collect::<Vec<_>>()[..] else {
        panic!("one row for each variant and measure")
    };
    let difference: f64 = people[at("difference")].parse().expect("a number");
    let answer = sheet("Answer");
    let row = answer.lines().find(|line| line.starts_with("Crackdown,")).expect("a row for each variant");
    let shown: f64 = row.split(',').nth(2).and_then(|cell| cell.parse().ok()).expect("a number");
    assert!((shown - difference).abs() <= 0.5, "{row} and {difference}");
    assert!(answer.contains("\n计划,plan,") && answer.contains("\nfamily,family,"), "{answer}");
    assert!(sheet("Cover").contains("Months compared,2015-01 to 2018-12"), "{}", sheet("Cover"));
    let measured = rows.iter().filter(|row| row[at("indicator")] != "cost_per_person_month_averted").count();
    assert_eq!(sheet("Differences").lines().count(), 1 + measured);
    assert!(sheet("Notes").contains("Answer,Variant,"));
}

/// What the checkers of spreadsheet programs look for, on every workbook that there is: a title; sheets with names of their own, none of them hidden; tables with one row
/// of headings, all different, and a text that says what the table shows; no merged cells, empty rows or pictures; no colour that text or sign depends on.
#[test]
fn an_accessibility_check_finds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    let effects = ["levers", "--effects", "borderland", "--only", "beds", "--replicates", "2", "--scale", "50"];
    let table = ["table", &run, "--ledger", "official", "--by", "stage"];
    for words in [&["compare", &run][..], &table, &["levers"], &effects] {
        let path = fivep(folder.path(), &[words, &["--format", "xlsx"]].concat());
        let parts = parts(&std::fs::read(folder.path().join(path.trim_end())).expect("it is where the program says"));
        let document = |name: &str| Document::parse(&parts[name]).unwrap_or_else(|fault| panic!("{words:?}, {name}: {fault}"));
        let under = |start: &str| parts.keys().filter(|name| name.starts_with(start)).cloned().collect::<Vec<_>>();
        let tags = |name: &str, tag: &str| document(name).descendants().filter(|node| node.has_tag_name(tag)).count();

        let core = document("docProps/core.xml");
        let title = core.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text()).unwrap_or_default();
        assert!(!title.is_empty(), "{words:?}");

        let book = document("xl/workbook.xml");
        let sheets: Vec<Node> = book.descendants().filter(|node| node.has_tag_name("sheet")).collect();
        assert!(sheets.iter().all(|sheet| sheet.attribute("state").is_none() && !sheet.attribute("name").unwrap_or_default().starts_with("Sheet")));

        for name in under("xl/worksheets/sheet") {
            assert_eq!([tags(&name, "mergeCell"), tags(&name, "drawing"), tags(&name, "conditionalFormatting")], [0; 3], "{words:?}, {name}");
            let sheet = document(&name);
            let rows: Vec<&str> = sheet.descendants().filter(|node| node.has_tag_name("row")).filter_map(|row| row.attribute("r")).collect();
            let expected: Vec<String> = (1..=rows.len()).map(|row| row.to_string()).collect();
            assert!(!rows.is_empty() && rows == expected, "{words:?}, {name}: a row in the middle is empty");
        }
        let tables = under("xl/tables/");
        // All but the cover.
        assert_eq!(tables.len(), sheets.len() - 1);
        for name in tables {
            let table = document(&name);
            assert_ne!(table.root_element().attribute("headerRowCount"), Some("0"), "{words:?}, {name}");
            let mut headings: Vec<&str> =
                table.descendants().filter(|node| node.has_tag_name("tableColumn")).filter_map(|column| column.attribute("name")).collect();
            let all = headings.len();
            headings.sort_unstable();
            headings.dedup();
            // A heading that nobody gave is called `Column1`.
            let own = |heading: &&str| heading.strip_prefix("Column").is_none_or(|rest| rest.parse::<u32>().is_err());
            assert!(headings.len() == all && headings.iter().all(own), "{headings:?}");
            let about = table.descendants().find_map(|node| node.attribute("altText").or(node.attribute("altTextSummary"))).unwrap_or_default();
            assert!(about.len() > 20, "{words:?}, {name}: what the table shows is said");
        }
        let styles = document("xl/styles.xml");
        let (mut colours, mut formats) = (0, 0);
        for node in styles.descendants() {
            let within = |tag: &str| node.ancestors().any(|above| above.has_tag_name(tag));
            // A theme's first colours are those of text and ground; any other must be black.
            if node.has_tag_name("color") && within("font") {
                colours += 1;
                assert!(node.attribute("theme") == Some("1") || node.attribute("rgb") == Some("FF000000"), "{node:?}");
            }
            if node.has_tag_name("patternFill") {
                assert!(["none", "gray125"].contains(&node.attribute("patternType").unwrap_or_default()), "{node:?}");
            }
            if let Some(code) = node.attribute("formatCode") {
                formats += 1;
                assert!(!code.contains('['), "{code}: a sign told by a colour");
            }
        }
        assert!(colours > 0 && formats > 0, "{words:?}");
    }
}
