//! Studies far larger than anybody simulates in a test: rows that are invented and written as a merge writes them, and rows that nobody promised.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use fivep::ensemble::simulate_units;
use fivep::model::ledgers::{History, Row};
use fivep::results::tables::{Layout, begin, frame};
use fivep::results::whole::{self, Growing};
use fivep::results::{Manifest, Study};
use fivep::scenario::{Overrides, Scenario, load};

use super::studies::{fivep, folder, stderr};

/// A run folder of `scenario` in `run`, whose figures are invented: those of a variant differ from the baseline's.
fn invented(run: &Path, scenario: &Scenario) {
    let mut manifest = Manifest::of(scenario);
    let layout = Layout::of(&manifest);
    let country = &scenario.variants[0].setting.country;
    let months = layout.months;
    let history = |variant: usize, replicate: u32| {
        let value = |month: usize, place: usize| ((replicate as usize * 7_919 + variant * 104_729 + month * 31 + place) % 10_007) as f64;
        let mut rows = vec![Row::zero(); months];
        for (month, row) in rows.iter_mut().enumerate() {
            for (place, figure) in row.0.iter_mut().enumerate() {
                *figure = value(month, place);
            }
        }
        let sectors = vec![vec![[1.0; 16]; country.sectors.len()]; months];
        History {
            first: scenario.from,
            rows,
            sectors,
            origins: vec![vec![[1.0; 3]; country.origins.len() + 1]; months],
            stages: vec![[[1.0; 5]; 3]; months],
        }
    };
    whole::make(run).expect("writable");
    manifest.files = vec![("scenario.toml".to_owned(), whole::write(&run.join("scenario.toml"), &scenario.resolved).expect("room"))];
    for table in layout.tables() {
        let mut file = Growing::begin(&run.join(table.file())).expect("room");
        let mut writer = begin(&mut file, &layout, table).expect("room");
        for first in (0..scenario.replicates).step_by(layout.together()) {
            let mut all = None;
            for replicate in first..scenario.replicates.min(first + layout.together() as u32) {
                let histories: Vec<History> = (0..layout.variants.len()).map(|variant| history(variant, replicate)).collect();
                let own = frame(&layout, table, replicate, &histories).expect("rows");
                match &mut all {
                    None => all = Some(own),
                    Some(all) => {
                        all.vstack_mut(&own).expect("the same columns");
                    }
                }
            }
            let mut all = all.expect("a replicate");
            all.rechunk_mut();
            writer.write_batch(&all).expect("room");
        }
        writer.finish().expect("room");
        manifest.files.push((table.file().to_owned(), file.finish().expect("room")));
    }
    "invented".clone_into(&mut manifest.units);
    whole::write(&run.join("manifest.toml"), manifest.to_toml()).expect("room");
}

/// Runs `command` to its end: how long it takes, and its peak memory in kB.
fn watched(command: &mut Command) -> (Output, Duration, u64) {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut peak = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let own = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|text| text.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(own.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = began.elapsed();
    (child.wait_with_output().expect("it ended"), took, peak)
}

/// A table of far more rows than the manifest tells of is refused before any is read, in an old folder too, which holds no sums.
#[cfg(target_os = "linux")]
#[test]
fn a_table_that_claims_more_rows_than_were_promised_takes_no_memory() {
    use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
    use polars_io::parquet::write::ParquetWriter;

    let home = folder();
    let (old, run) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-3"), home.path().join("old"));
    fs::create_dir(&run).expect("writable");
    for entry in fs::read_dir(old).expect("it is shipped").flatten() {
        fs::copy(entry.path(), run.join(entry.file_name())).expect("a copy");
    }
    let path = run.to_str().expect("plain");
    let (output, _, usual) = watched(&mut fivep(home.path(), &["compare", path]));
    assert!(output.status.success(), "{}", stderr(&output));
    let rows = 1_000_000;
    let figures = ["exploited", "new_victims"].map(|name| Series::new(name.into(), vec![0.0; rows]).into_column());
    let columns = [Series::new("replicate".into(), vec![0_u32; rows]).into_column()].into_iter().chain(figures);
    let batch = DataFrame::new(rows, columns.collect()).expect("columns of one length");
    let file = fs::File::create(run.join("months.parquet")).expect("writable");
    let mut writer = ParquetWriter::new(file).batched(&batch.schema().clone()).expect("room");
    for _ in 0..12 {
        writer.write_batch(&batch).expect("room");
    }
    writer.finish().expect("room");
    let (output, took, peak) = watched(&mut fivep(home.path(), &["compare", path]));
    let said = stderr(&output);
    assert!(output.status.code() == Some(1) && said.contains("has 12000000 rows") && said.contains("help:"), "{said}");
    // Read, they would take 240 MB.
    assert!(peak < usual + (60 << 10) && took < Duration::from_secs(20), "{usual} and {peak} kB, {took:?}");
}

/// Borderland as shipped, with so many variants and replicates.
fn borderland(variants: usize, replicates: u32) -> Scenario {
    let mut scenario = load("borderland", &Overrides::default()).expect("it is shipped");
    scenario.replicates = replicates;
    while scenario.variants.len() < variants {
        let mut more = scenario.variants[1].clone();
        more.name = format!("more-{}", scenario.variants.len());
        scenario.variants.push(more);
    }
    scenario
}

/// Processor time of this process and of its children that have ended, in seconds.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells it");
    let numbers = stat.rsplit_once(')').expect("a name in brackets").1.split_whitespace();
    // User and system time, own and of children, in hundredths of a second.
    numbers.skip(11).take(4).filter_map(|text| text.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The two figures that once took memory and time by the square and the cube of the variants, for as many variants as there may be.
#[cfg(target_os = "linux")]
#[test]
fn five_hundred_variants_are_drawn_in_little_memory() {
    let home = folder();
    let mut scenario = borderland(500, 4);
    scenario.to = scenario.from.plus(11);
    let run = home.path().join("run");
    invented(&run, &scenario);
    let peak = drawn(home.path(), &run, 500);
    // Unoptimised, and with what the allocator keeps: 722 MB were taken for 300 variants.
    assert!(peak < 200 << 10, "{peak} kB");
}

/// Draws them from `run`, and hands back the peak of memory in kB.
fn drawn(home: &Path, run: &Path, variants: usize) -> u64 {
    let before = processor();
    let (output, _, peak) = watched(&mut fivep(home, &["chart", run.to_str().expect("plain"), "--only", "cost,superiority", "--format", "svg"]));
    assert!(output.status.success(), "{}", stderr(&output));
    println!("cost and superiority of {variants} variants: {:.1} processor seconds, {} MB", processor() - before, peak / 1024);
    peak
}

/// The same of a run as large as Borderland's own, for docs/PERFORMANCE.md: `cargo test --release -- --ignored many_variants --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes a minute; docs/PERFORMANCE.md holds what it printed"]
fn what_pictures_of_many_variants_cost() {
    for variants in [125, 250, 500] {
        let home = folder();
        let run = home.path().join("run");
        invented(&run, &borderland(variants, 20));
        drawn(home.path(), &run, variants);
    }
}

/// What keeping each replicate and making tables of them costs beside simulating, in processor seconds, as shipped but for the number of
/// replicates: `cargo test --release -- --ignored keeping --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; docs/PERFORMANCE.md holds what it printed"]
fn what_keeping_units_costs() {
    println!("| scenario | replicates | simulated, s | kept, s | made tables, s | share |\n|---|---|---|---|---|---|");
    for (name, replicates) in [("thailand-2016", 2), ("borderland", 20)] {
        let home = folder();
        let scenario = load(name, &Overrides { replicates: Some(replicates), ..Overrides::default() }).expect("it is shipped");
        let stop = AtomicBool::new(false);
        let (mut units, began) = (vec![], processor());
        let all: Vec<u32> = (0..replicates).collect();
        simulate_units(&scenario, &all, 1, &|_| {}, &stop, &mut |unit| {
            units.push(unit);
            true
        });
        let simulated = processor();
        let mut study = Study::open(home.path(), &scenario).expect("room");
        for unit in &units {
            study.keep(unit).expect("room");
        }
        let kept = processor();
        study.finish(&|_| {}).expect("room");
        let (simulated, kept, made) = (simulated - began, kept - simulated, processor() - kept);
        let share = 100.0 * (kept + made) / simulated;
        println!("| {name} | {replicates} | {simulated:.1} | {kept:.2} | {made:.2} | {share:.2} % |");
        // Borderland's replicates take less than half a second each, of which rows take their part.
        assert!(cfg!(debug_assertions) || name == "borderland" || share < 3.0, "{name}: {share} %");
    }
}

/// Ten thousand replicates of twelve variants are compared in seconds: `cargo test --release -- --ignored ten_thousand --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; docs/PERFORMANCE.md holds what it printed"]
fn ten_thousand_units_of_twelve_variants_are_compared_in_seconds() {
    let home = folder();
    let run = home.path().join("run");
    invented(&run, &borderland(12, 10_000));
    for _ in 0..3 {
        compared(home.path(), &run);
    }
}

/// Compares `run`, and hands back the peak of memory in kB.
fn compared(home: &Path, run: &Path) -> u64 {
    let before = processor();
    let (output, took, peak) = watched(&mut fivep(home, &["compare", run.to_str().expect("plain")]));
    assert!(output.status.success(), "{}", stderr(&output));
    println!("{:.1} s on the wall, {:.1} processor seconds, {} MB", took.as_secs_f64(), processor() - before, peak / 1024);
    peak
}

/// Peak memory of `run` for 20 to 10,000 replicates, the most that a scenario may have, of four months and three variants of Borderland, whose units are
/// simulated, kept, read again and merged as larger ones are: `cargo test --release -- --ignored the_memory_of_a_run --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; docs/PERFORMANCE.md holds what it printed"]
fn the_memory_of_a_run_stays_flat() {
    let home = folder();
    let text = "format = 2\ntitle = \"Short\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2015-04\"\nscale = 60\nreplicates = 20\nseed = 7\n\
                [variants.more]\npolicy.prevention.labour_inspections = { start = 1.0, 2015-02 = 3.0 }\n[variants.trained]\npolicy.protection.training = 0.6\n";
    fs::write(home.path().join("short.toml"), text).expect("writable");
    println!("| replicates | seconds | peak, MB |\n|---|---|---|");
    let mut peaks = vec![];
    for replicates in ["20", "200", "2000", "10000"] {
        let words = ["run", "short.toml", "--parameters", "best", "--jobs", "2", "--replicates", replicates];
        let (output, took, peak) = watched(&mut fivep(home.path(), &words));
        assert!(output.status.success(), "{}", stderr(&output));
        println!("| {replicates} | {:.0} | {} |", took.as_secs_f64(), peak / 1024);
        peaks.push(peak);
    }
    // A merge holds one piece of 16,384 rows, 1,365 of these short replicates: from there on nothing grows.
    assert!(peaks[3] < peaks[2] * 5 / 4, "{peaks:?} kB");
}

/// Peak memory and time of `compare` on runs of 20 to 20,000 replicates of Borderland as shipped (7 variants, 48 months):
/// `cargo test --release -- --ignored memory --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; docs/PERFORMANCE.md holds what it printed"]
fn the_memory_of_a_comparison_stays_flat() {
    let home = folder();
    let mut peaks = vec![];
    for replicates in [20, 200, 2_000, 20_000] {
        let run = home.path().join("run");
        invented(&run, &borderland(7, replicates));
        print!("{replicates} replicates: ");
        peaks.push(compared(home.path(), &run));
        fs::remove_dir_all(run).expect("it is there");
    }
    assert!(peaks[3] < peaks[0] * 2, "{peaks:?} kB");
}
