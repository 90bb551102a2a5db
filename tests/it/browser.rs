//! The briefing in a real browser: what its reader sees, hears, chooses, downloads and prints.
//!
//! One Chromium for all of it, with a profile folder of its own, spoken to over a pipe (Chrome `DevTools` protocol, messages
//! of JSON that end in a zero byte). Nothing sleeps: the page says on its root element, `data-ready`, when it is drawn.
//! Where there is no Chromium the test says so and passes, unless `FIVEP_BROWSER=required`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};

use fivep::analysis::course::course;
use fivep::analysis::measure::Measure;
use fivep::briefing::phrases::Phrases;
use fivep::briefing::template::Templates;
use fivep::briefing::{Material, html};
use fivep::charts::words::Words;
use fivep::charts::{Options, Source, draw_all};
use fivep::results::{Record, load};

const AXE: &str = include_str!("../axe/axe.min.js");
/// No step takes longer on the slowest machine; a browser that hangs fails the test instead of stopping the suite.
const PATIENCE: Duration = Duration::from_mins(2);
const READY: &str = "new Promise(done => { const root = document.documentElement; const check = () => root.dataset.ready && done(true); \
                     check(); new MutationObserver(check).observe(root, { attributes: true }); })";
const PICTURE: &str = "[...document.querySelectorAll('.chart canvas')].map(canvas => canvas.toDataURL()).join(' ')";
/// As wide as the text of an A4 page within its margins, in CSS pixels.
const A4_TEXT: f64 = (210.0 - 2.0 * 17.0) / 25.4 * 96.0;

struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    events: Vec<Value>,
    session: Option<String>,
    last: u64,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    /// Starts Chromium; nothing where there is none.
    fn start(profile: &Path) -> Option<Self> {
        let name = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        })?;
        // The protocol speaks on the file descriptors 3 and 4, which the shell makes from the pipes of 0 and 1.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", name])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("the browser speaks JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser = Self { child, input, messages, events: vec![], session: None, last: 0 };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }))["targetId"].clone();
        let session = browser.call("Target.attachToTarget", &json!({ "targetId": target, "flatten": true }))["sessionId"].clone();
        browser.session = session.as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        Some(browser)
    }

    fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the browser answers in time")
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = self.session.as_ref().filter(|_| !method.starts_with("Browser.")) {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).and_then(|()| self.input.flush()).expect("the browser listens");
        loop {
            let mut message = self.next();
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    /// Waits for an event that `wanted` accepts, also among those that came before.
    fn event(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut seen = 0;
        loop {
            for event in &self.events[seen..] {
                if event["method"] == method && wanted(&event["params"]) {
                    return event["params"].clone();
                }
            }
            seen = self.events.len();
            let message = self.next();
            self.events.push(message);
        }
    }

    /// What `script` evaluates to, after its promise is kept.
    fn ask(&mut self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut answer = self.call("Runtime.evaluate", &params);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Opens a page and waits until it is drawn.
    fn open(&mut self, page: &Path) {
        self.events.clear();
        self.call("Page.navigate", &json!({ "url": format!("file://{}", page.display()) }));
        self.event("Page.loadEventFired", |_| true);
        self.ready();
    }

    fn ready(&mut self) {
        assert_eq!(self.ask(READY), true);
    }

    /// What went wrong or went out since the page was opened.
    fn complaints(&self) -> Vec<String> {
        let complaint = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(params["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" if params["type"] == "error" => Some(params["args"].to_string()),
                "Log.entryAdded" if params["entry"]["level"] == "error" => Some(params["entry"].to_string()),
                "Network.requestWillBeSent" => {
                    let url = params["request"]["url"].as_str()?;
                    let inside = ["file:", "data:", "blob:"].iter().any(|scheme| url.starts_with(scheme));
                    (!inside || url.starts_with("file:") && params["type"] != "Document").then(|| format!("requests {url}"))
                }
                _ => None,
            }
        };
        self.events.iter().filter_map(complaint).collect()
    }

    /// What axe-core finds to be serious or critical.
    fn barriers(&mut self) -> Vec<String> {
        self.ask(&format!("{AXE}; true"));
        let found = self.ask("axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)");
        let serious = |violation: &&Value| violation["impact"] == "serious" || violation["impact"] == "critical";
        found.as_array().expect("a list").iter().filter(serious).map(|one| format!("{}: {}", one["id"], one["nodes"][0]["html"])).collect()
    }
}

fn fivep(folder: &Path, args: &[&str]) -> String {
    let output = assert_cmd::Command::cargo_bin("fivep").expect("the program is built").current_dir(folder).args(args).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_briefing_in_a_real_browser() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let home = fs::canonicalize(folder.path()).expect("it is there");
    let profile = tempfile::tempdir().expect("a profile folder");
    let Some(mut browser) = Browser::start(profile.path()) else {
        assert!(std::env::var("FIVEP_BROWSER").as_deref() != Ok("required"), "FIVEP_BROWSER=required, but there is no chromium");
        eprintln!("skipped: there is no chromium to drive");
        return;
    };
    let small = ["--replicates", "4", "--scale", "10", "--from", "2015-01", "--to", "2017-12", "--only", "open-shelters,crackdown"];
    let run = fivep(&home, &[&["run", "borderland"][..], &small[..]].concat());
    fivep(&home, &["brief", &run, "--output", "page.html"]);
    let record = load(&home.join(&run)).expect("the run folder is whole");

    browser.open(&home.join("page.html"));
    assert_eq!(browser.complaints(), Vec::<String>::new(), "on loading");
    assert_eq!(browser.barriers(), Vec::<String>::new());
    choices_change_what_is_drawn(&mut browser);
    keys_move_from_month_to_month(&mut browser);
    the_download_holds_the_numbers_shown(&mut browser, &home, &record);
    assert_eq!(browser.complaints(), Vec::<String>::new(), "after use");
    print_fits_a4(&mut browser);
    without_a_script_the_pictures_stand(&mut browser, &home.join("page.html"));
    hostile_texts_harm_nothing(&mut browser, &home, record);
}

/// Switching variant, indicator, ledger and kind each draw another picture and say so.
fn choices_change_what_is_drawn(browser: &mut Browser) {
    let mut seen = vec![(browser.ask(PICTURE), browser.ask("document.getElementById('shown').textContent"))];
    assert!(seen[0].0.as_str().is_some_and(|picture| picture.len() > 5_000), "something is drawn");
    for choice in [
        "document.querySelectorAll('#variant-boxes input:not(:checked)')[0].click()",
        "{ const select = document.getElementById('measure-truth'); select.selectedIndex = 3; select.dispatchEvent(new Event('change')) }",
        "document.querySelector('input[value=cost]').click()",
        "document.querySelector('input[value=differences]').click()",
    ] {
        browser.ask(choice);
        browser.ready();
        let now = (browser.ask(PICTURE), browser.ask("document.getElementById('shown').textContent"));
        assert!(seen.iter().all(|before| before.0 != now.0), "after {choice} the same is drawn");
        seen.push(now);
    }
    assert_ne!(seen[0].1, seen[2].1, "a change is said aloud");
    for back in ["document.querySelector('input[value=levels]').click()", "document.querySelector('input[value=official]').click()"] {
        browser.ask(back);
        browser.ready();
    }
}

fn keys_move_from_month_to_month(browser: &mut Browser) {
    browser.ask("document.getElementById('chart-truth').focus()");
    let read = "document.getElementById('read-truth').textContent";
    let mut read_after = |key: &str| {
        browser.ask(&format!("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"));
        browser.ask(read).as_str().expect("a text").to_owned()
    };
    assert!(read_after("End").starts_with("Dec 2017"));
    assert!(read_after("ArrowLeft").starts_with("Nov 2017"));
    assert!(read_after("Home").starts_with("Jan 2015"));
}

/// The file that is downloaded says what the table shows, and both say what the run folder holds.
fn the_download_holds_the_numbers_shown(browser: &mut Browser, home: &Path, record: &Record) {
    let folder = home.join("downloads");
    fs::create_dir(&folder).expect("it can be made");
    let behaviour = json!({ "behavior": "allow", "downloadPath": folder, "eventsEnabled": true });
    browser.call("Browser.setDownloadBehavior", &behaviour);
    browser.ask("document.getElementById('download').click()");
    browser.event("Browser.downloadProgress", |params| params["state"] == "completed");
    let file = fs::read_dir(&folder).expect("a folder").next().expect("a file").expect("an entry").path();
    assert_eq!(file.extension().and_then(|ending| ending.to_str()), Some("csv"), "{}", file.display());
    let text = fs::read_to_string(file).expect("it is text");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert!(rows.iter().all(|row| row.len() == 11 && row.get(10) == Some("chance only")));

    // By month and column, as the table lays them out.
    let cells =
        browser.ask("[...document.querySelectorAll('#table tbody tr')].map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))");
    let cells: Vec<Vec<String>> = serde_json::from_value(cells).expect("a table of texts");
    let columns = cells[0].len();
    assert_eq!(columns, 6, "three variants in two ledgers");
    let (mut place, mut compared) = (0, 0);
    for column in 0..columns {
        for cell in cells.iter().map(|row| &row[column]).filter(|cell| *cell != "not defined") {
            for (shown, written) in numbers(cell).into_iter().zip([7, 9, 8].map(|field| rows[place].get(field).expect("a field"))) {
                let decimals = shown.split_once('.').map_or(0, |(_, rest)| rest.len() as i32);
                let (shown, written): (f64, f64) = (shown.parse().expect("a number"), written.parse().expect("a number"));
                assert!((shown - written).abs() <= 0.5001 * 10.0_f64.powi(-decimals), "{cell} is not {:?}", rows[place]);
                compared += 1;
            }
            place += 1;
        }
    }
    assert_eq!(place, rows.len(), "every row of the file is shown");
    assert!(compared > 300, "{compared}");

    for row in rows.iter().filter(|row| row.get(6) == Some("Baseline")) {
        let measure = Measure::named(row.get(2).expect("a name")).expect("an indicator");
        let known = course(record, measure, 0);
        let (_, quantiles) = known.quantiles.iter().find(|(month, _)| Some(&*month.to_string()) == row.get(0)).expect("the month");
        let median: f64 = row.get(8).expect("a median").parse().expect("a number");
        assert!((median - quantiles[2]).abs() <= 1e-4 * quantiles[2].abs(), "{row:?} is not {quantiles:?}");
    }
}

/// The numbers of a text like "1,200 to 1,300, median 1,250".
fn numbers(text: &str) -> Vec<String> {
    let words = text.replace('−', "-");
    words.split_whitespace().map(|word| word.trim_end_matches(',').replace(',', "")).filter(|word| word.parse::<f64>().is_ok()).collect()
}

/// Every page is A4, nothing is wider than its text, and what cannot be used on paper is left out.
fn print_fits_a4(browser: &mut Browser) {
    let pdf = browser.call("Page.printToPDF", &json!({ "preferCSSPageSize": true }));
    let pdf = base64::engine::general_purpose::STANDARD.decode(pdf["data"].as_str().expect("data")).expect("base64");
    let text = String::from_utf8_lossy(&pdf);
    let boxes: Vec<Vec<f64>> = text
        .split("/MediaBox [")
        .skip(1)
        .map(|rest| rest.split(']').next().unwrap_or_default().split_whitespace().filter_map(|number| number.parse().ok()).collect())
        .collect();
    assert!((4..=14).contains(&boxes.len()), "{} pages", boxes.len());
    assert!(boxes.iter().all(|page| (page[2] - 595.3).abs() < 1.5 && (page[3] - 841.9).abs() < 1.5), "{boxes:?}");
    browser.call("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    let metrics = json!({ "width": A4_TEXT as u32, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
    browser.call("Emulation.setDeviceMetricsOverride", &metrics);
    let wide = browser.ask(
        "[...document.querySelectorAll('main *, header *')].filter(node => node.getBoundingClientRect().right > innerWidth + 1).map(node => node.outerHTML.slice(0, 90))",
    );
    assert_eq!(wide, json!([]));
    assert_eq!(browser.ask("getComputedStyle(document.getElementById('explore')).display"), "none");
    let high = browser.ask("Math.max(...[...document.querySelectorAll('figure')].map(figure => figure.getBoundingClientRect().height))");
    assert!(high.as_f64().is_some_and(|high| high < 263.0 / 25.4 * 96.0), "a figure of {high} pixels is cut");
    browser.call("Emulation.setEmulatedMedia", &json!({ "media": "" }));
    browser.call("Emulation.clearDeviceMetricsOverride", &json!({}));
}

/// Without JavaScript every figure is there as a picture, drawn where it is seen, and nothing that needs a script is offered.
fn without_a_script_the_pictures_stand(browser: &mut Browser, page: &Path) {
    browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    browser.events.clear();
    browser.call("Page.navigate", &json!({ "url": format!("file://{}", page.display()) }));
    browser.event("Page.loadEventFired", |_| true);
    assert!(browser.ask("document.documentElement.dataset.ready === undefined").as_bool().expect("an answer"), "a script has run");
    let pictures = browser.ask(
        "[...document.querySelectorAll('figure')].map(figure => { const svg = figure.querySelector('svg'); svg.scrollIntoView({ block: 'center', behavior: 'instant' }); \
         const { x, y, width, height } = svg.getBoundingClientRect(); const marks = [...svg.querySelectorAll('text')]; \
         return [figure.id, width > 300 && height > 100 && svg.contains(document.elementFromPoint(x + width / 2, y + height / 2)), \
         marks.length > 5 && marks.every(mark => mark.getBoundingClientRect().width > 0)] })",
    );
    let pictures: Vec<(String, bool, bool)> = serde_json::from_value(pictures).expect("a list");
    assert!(pictures.len() >= 12 && pictures.iter().all(|(_, seen, written)| *seen && *written), "{pictures:?}");
    let offered = browser.ask("[...document.querySelectorAll('.needs-script, canvas')].filter(node => node.checkVisibility()).length");
    assert_eq!(offered, 0, "what needs a script is offered without one");
    browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
}

/// Titles that a careless page would run, break or turn around, in both languages and on a telephone.
fn hostile_texts_harm_nothing(browser: &mut Browser, home: &Path, mut record: Record) {
    let script = "</script><script>window.harm = 1</script><img src=x onerror='window.harm = 2'> \"quotes\" & {{ 7 * 7 }} {variant}";
    record.manifest.title = format!("{script} {}", "คุ้มครอง".repeat(38));
    record.manifest.question = format!("حماية الضحايا \u{202e}evil\u{202c} {script}");
    "<b>BDM".clone_into(&mut record.manifest.currency);
    record.manifest.variants[1].title = format!("=1+1 {script}");
    record.manifest.variants[2].title = "הגנה ".repeat(60);
    let scenario = fivep::scenario::load("borderland", &fivep::scenario::Overrides::default()).expect("it is embedded");
    for language in ["en", "th"] {
        let options = Options { words: Words::embedded(language).expect("it is embedded"), ..Options::english() };
        let phrases = Phrases::embedded(language).expect("it is embedded");
        let source = Source { record: &record, scenario: Some(&scenario), published: &[] };
        let figures = draw_all(&source, &options);
        let material = Material { source, options: &options, figures: &figures, phrases: &phrases, notes: &[], imprint: &scenario.imprint };
        let page = html(&material, &Templates::default()).expect("our own template");
        let path = home.join(format!("hostile-{language}.html"));
        fs::write(&path, page).expect("it can be written");
        let phone = json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": true });
        browser.call("Emulation.setDeviceMetricsOverride", &phone);
        browser.open(&path);
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{language}");
        assert_eq!(browser.ask("String(window.harm)"), "undefined");
        assert_eq!(browser.ask("document.scripts.length"), 3);
        assert_eq!(browser.ask("document.querySelectorAll('img').length"), 0);
        assert_eq!(browser.ask("document.querySelector('h1').textContent"), record.manifest.title.as_str());
        assert_eq!(browser.ask("document.documentElement.lang"), language);
        assert!(browser.ask("document.documentElement.scrollWidth").as_f64().is_some_and(|wide| wide <= 391.0), "the page is wider than the screen");
        let smallest = "Math.min(...[...document.querySelectorAll('.picture svg')].map(svg => 11 * svg.getBoundingClientRect().width / 640))";
        assert!(browser.ask(smallest).as_f64().is_some_and(|pixels| pixels >= 9.0), "the small type of a figure cannot be read on a telephone");
        assert_eq!(browser.barriers(), Vec::<String>::new(), "{language}");
    }
}
