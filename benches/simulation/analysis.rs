//! Tables into answers and pictures, on a run folder of twelve variants and four replicates.

use std::sync::atomic::AtomicBool;

use criterion::Criterion;
use fivep::analysis::compare::compare;
use fivep::analysis::measure::HEADLINES;
use fivep::analysis::summary::summary;
use fivep::briefing::phrases::Phrases;
use fivep::briefing::template::Templates;
use fivep::briefing::{Material, html};
use fivep::charts::{Options, Source, draw_all, picture};
use fivep::ensemble::{simulate_all, simulate_units};
use fivep::results::{Record, Study, load};
use fivep::scenario::Overrides;

pub fn analysis(bench: &mut Criterion) {
    let scenario = super::shipped("thailand-2016", &Overrides { scale: Some(1000.0), replicates: Some(4), ..Overrides::default() });
    let runs = simulate_all(&scenario, 1, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it");
    let record = Record::new(&scenario, runs);
    let output = tempfile::tempdir().expect("a temporary folder");
    let mut units = vec![];
    let whole = simulate_units(&scenario, &[0, 1, 2, 3], 1, &|_| {}, &AtomicBool::new(false), &mut |unit| {
        units.push(unit);
        true
    });
    assert!(whole, "nobody stops it");
    let write = || {
        let Ok(mut study) = Study::open(output.path(), &scenario) else { panic!("the temporary folder takes a run") };
        assert!(units.iter().all(|unit| study.keep(unit).is_ok()), "there is room");
        let Ok(folder) = study.finish(&|_| {}) else { panic!("there is room") };
        folder
    };
    let folder = write();
    let mut group = bench.benchmark_group("analysis");
    group.sample_size(20);
    group.bench_function("write a run folder", |b| b.iter(write));
    group.bench_function("read a run folder", |b| b.iter(|| load(&folder).is_ok()));
    group.bench_function("summary", |b| b.iter(|| summary(&record, &HEADLINES)));
    group.bench_function("compare", |b| b.iter(|| compare(&record, &HEADLINES, record.manifest.window)));
    group.finish();

    let (options, phrases) = (Options::english(), Phrases::embedded("en").expect("English is embedded"));
    let source = Source { record: &record, scenario: Some(&scenario), published: &[] };
    let figures = draw_all(&source, &options);
    let material =
        Material { source, options: &options, figures: &figures, phrases: &phrases, notes: &[], imprint: &fivep::scenario::Imprint::default() };
    let mut group = bench.benchmark_group("pictures");
    group.sample_size(10);
    group.bench_function("draw thirteen figures", |b| b.iter(|| draw_all(&source, &options)));
    group.bench_function("their outlines", |b| b.iter(|| figures.iter().filter(|figure| picture::outlined(&figure.svg).is_ok()).count()));
    group.bench_function("their pixels", |b| b.iter(|| figures.iter().filter(|figure| picture::png(&figure.svg).is_ok()).count()));
    group.bench_function("the briefing's page", |b| b.iter(|| html(&material, &Templates::default()).is_ok()));
    group.finish();
}
