//! What a scenario file says, and what is wrong with one: whole files, read and written again.

use super::*;
use crate::model::policy::Line;
use proptest::prelude::*;

fn loaded(reference: &str, overrides: &Overrides) -> Scenario {
    match load(reference, overrides) {
        Ok(scenario) => scenario,
        Err(Problem::Fault(text) | Problem::World(text)) => panic!("{reference}:\n{text}"),
    }
}

/// Whether a shock happens matters from the month in which it begins, and not from the first: what is compared begins there.
#[test]
fn variants_that_differ_in_a_shock_part_when_it_begins() {
    let text = "[variants.a]\nshocks.rumour-2015 = false\n[variants.b]\npolicy.protection.beds = { 2016-03 = 2 }\n";
    let scenario = read(&format!("{HEAD}{text}"), &Overrides::default()).expect("it is sound");
    let part = |name: &str| {
        let other = scenario.variants.iter().find(|variant| variant.name == name).expect("it is there");
        scenario.variants[0].parting(other)
    };
    assert_eq!((part("a"), part("b")), (Some(Month::new(2015, 9)), Some(Month::new(2016, 3))));
}

/// Loads a text as if it were an embedded scenario.
fn read(text: &str, overrides: &Overrides) -> Result<Scenario, Problem> {
    let faults = Faults::default();
    let own = chain::Source::embedded(&faults, "test", text);
    Loading { faults: &faults, overrides }.scenario(own)
}

fn faults_of(text: &str, overrides: &Overrides) -> String {
    match read(text, overrides) {
        Err(Problem::Fault(text)) => text,
        other => panic!("no fault: {other:?}"),
    }
}

const HEAD: &str =
    "format = 2\ntitle = \"T\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2016-12\"\nscale = 10\nreplicates = 2\nseed = 1\n";

/// Values of a lever, month by month, in a variant of a scenario.
fn course(scenario: &Scenario, variant: &str, key: &str, place: usize) -> Vec<f64> {
    let variant = scenario.variants.iter().find(|other| other.name == variant).expect("the variant exists");
    let (first, _) = crate::model::policy::all().find(|(_, lever)| lever.key == key).expect("the lever exists");
    variant.setting.plan.rows.iter().map(|row| row[first + place]).collect()
}

#[test]
fn every_shipped_scenario_loads_and_says_what_it_asks() {
    for (name, _) in embedded() {
        let scenario = loaded(name, &Overrides::default());
        assert_eq!(scenario.name, *name);
        assert!(!scenario.question.is_empty(), "{name} asks nothing");
        assert_eq!(scenario.variants[0].name, "baseline");
        assert!(scenario.variants.len() > 1, "{name} compares nothing");
        for variant in &scenario.variants {
            assert_eq!(variant.setting.plan.rows.len(), variant.setting.months());
        }
    }
}

#[test]
fn the_resolved_text_loads_to_the_same_settings_and_to_itself() {
    for (name, _) in embedded() {
        let scenario = loaded(name, &Overrides::default());
        let again = read(&scenario.resolved, &Overrides::default());
        let again = again.unwrap_or_else(|problem| panic!("{name}: {problem:?}\n{}", scenario.resolved));
        assert_eq!(again.resolved, scenario.resolved);
        // A text that spells out every parameter fixes every one; the settings are the same.
        let unfixed = |mut scenario: Scenario| {
            scenario.variants.iter_mut().for_each(|variant| variant.fixed.clear());
            scenario
        };
        assert_eq!(unfixed(Scenario { name: scenario.name.clone(), ..again }), unfixed(scenario));
    }
}

#[test]
fn the_resolved_text_draws_the_parameters_that_were_drawn() {
    for name in ["borderland", "thailand-2016"] {
        for choice in Choice::ALL {
            let asked = Overrides { parameters: Some(choice), ..Overrides::default() };
            let Ok(scenario) = load(name, &asked) else { continue };
            let again = read(&scenario.resolved, &Overrides::default()).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
            assert_eq!((again.drawn.choice, again.resolved), (choice, scenario.resolved));
            assert_eq!(again.drawn.rows, scenario.drawn.rows);
            let other = read(&again_drawn(name, "best"), &asked).map(|scenario| scenario.drawn.choice);
            assert_eq!(other.ok(), Some(choice), "the command line decides");
        }
    }
    let Err(Problem::Fault(text)) = read(&again_drawn("borderland", "posterior"), &Overrides::default()) else { panic!("no fault") };
    assert!(text.contains("`draw`: the country `borderland` has no posterior") && text.contains("draw = \"posterior\""), "{text}");
}

/// The text of a shipped scenario that says which parameter values it draws.
fn again_drawn(name: &str, word: &str) -> String {
    let text = embedded().iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    text.replacen("\nseed = ", &format!("\ndraw = \"{word}\"\nseed = "), 1)
}

#[test]
fn the_resolved_text_of_a_chosen_few_loads_too() {
    for (name, _) in embedded() {
        let last = loaded(name, &Overrides::default()).variants.last().map(|variant| variant.name.clone());
        let scenario = loaded(name, &Overrides { only: Some(last.into_iter().collect()), ..Overrides::default() });
        let again = read(&scenario.resolved, &Overrides::default()).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        assert_eq!(again.variants[1].setting, scenario.variants[1].setting);
    }
}

#[test]
fn the_template_loads_whatever_its_name() {
    for (scenario, _) in embedded() {
        let below = loaded(scenario, &Overrides::default());
        for name in ["mine", "", "a \"quoted\" \\ name", "{title}", "ภาษาไทย"] {
            let own = read(&template(name, &Start { reference: scenario, scenario: &below }), &Overrides::default());
            let own = own.unwrap_or_else(|problem| panic!("{name} from {scenario}: {problem:?}"));
            assert_eq!(own.warnings, Vec::<String>::new(), "{scenario}");
            assert_eq!(own.variants[0].setting.plan, below.variants[0].setting.plan, "it begins with the real baseline");
        }
    }
}

#[test]
fn parameter_notes_stand_in_the_order_of_the_table() {
    for country in embedded::COUNTRIES {
        let notes = parameter_notes(country.name).expect("the shipped countries are sound");
        let order: Vec<String> = notes.iter().map(|note| note.parameter.path()).collect();
        let table: Vec<String> = crate::model::parameters::PARAMETERS.iter().map(Parameter::path).collect();
        assert_eq!(order, table);
    }
    let Err(Problem::Fault(text)) = parameter_notes("thialand") else { panic!("there is no such country") };
    assert!(text.contains("did you mean `thailand`?"), "{text}");
}

#[test]
fn a_variant_modifies_what_it_builds_on() {
    let text = format!(
        "{HEAD}policy.protection.training = {{ start = 0.2, 2016-01 = 0.4 }}\npolicy.prevention.immigration_crackdown = 2.0\n\
             [variants.b]\nbase = \"a\"\npolicy.protection.beds = 2\npolicy.protection.training = {{ 2016-10 = \"+50%\" }}\n\
             [variants.a]\npolicy.protection.training = {{ 2016-07 = 0.6 }}\n\
             [variants.d]\npolicy.protection.training = \"default\"\n\
             [variants.e]\npolicy.prevention.immigration_crackdown = \"+10%\"\npolicy.protection.training = \"x2\"\n\
             [variants.f]\npolicy.prevention.immigration_crackdown = {{ 2016-06 = \"-0.5\" }}\n"
    );
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    let last = scenario.variants[0].setting.months() - 1;
    // The values in the last months of 2015, and of June, September and December 2016.
    let at = |variant: &str, key: &str| [12, 6, 3, 0].map(|before| course(&scenario, variant, key, 0)[last - before]);
    assert_eq!(at("baseline", "training"), [0.2, 0.4, 0.4, 0.4]);
    assert_eq!(at("a", "training"), [0.2, 0.4, 0.6, 0.6]);
    assert_eq!(at("b", "training"), [0.2, 0.4, 0.6, 0.6 * 1.5]);
    assert_eq!(at("d", "training"), [0.1; 4]);
    assert_eq!(at("e", "training"), [0.4, 0.8, 0.8, 0.8]);
    assert_eq!(at("e", "immigration_crackdown"), [2.2; 4]);
    assert_eq!(at("f", "immigration_crackdown"), [2.0, 1.5, 1.5, 1.5]);
    assert_eq!(at("b", "beds"), [2.0; 4]);
    assert_eq!(scenario.variants.iter().map(|variant| variant.name.as_str()).collect::<Vec<_>>(), ["baseline", "b", "a", "d", "e", "f"]);
}

#[test]
fn a_variant_goes_with_others_and_takes_sections_over() {
    let text = format!(
        "{HEAD}policy.protection.training = 0.2\n\
             [variants.both]\nwith = [\"a\", \"b\"]\n\
             [variants.a]\npolicy.protection.training = 0.5\npolicy.protection.beds = 2\n\
             [variants.b]\npolicy.protection.training = {{ 2016-01 = \"+20%\" }}\nswitches.learning = false\npolicy.prosecution.court_slots = 2\n\
             [variants.c]\nbase = \"both\"\npolicy.protection = \"baseline\"\n\
             [variants.d]\nbase = \"both\"\npolicy.protection = \"b\"\n\
             [variants.e]\npolicy.protection = \"default\"\n"
    );
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    let ends = |variant: &str, key: &str| {
        let course = course(&scenario, variant, key, 0);
        (course[0], course[course.len() - 1])
    };
    assert_eq!(ends("both", "training"), (0.5, 0.5 * 1.2), "each is laid over what stands before it");
    assert_eq!((ends("both", "beds"), ends("both", "court_slots")), ((2.0, 2.0), (2.0, 2.0)));
    assert_eq!((ends("c", "training"), ends("c", "beds"), ends("c", "court_slots")), ((0.2, 0.2), (1.0, 1.0), (2.0, 2.0)));
    assert_eq!(ends("d", "training"), (0.2, 0.2 * 1.2));
    assert_eq!(ends("e", "training"), (0.1, 0.1));
    let learning = |name: &str| scenario.variants.iter().find(|other| other.name == name).and_then(|other| other.setting.switches.get("learning"));
    assert_eq!((learning("both"), learning("a")), (Some("false"), Some("true")));
}

#[test]
fn a_change_dated_before_the_run_is_of_what_was_in_force_then() {
    let head = HEAD.replace("borderland", "thailand").replace("scale = 10", "scale = 100");
    let text = format!("{head}policy.national.budget.total = {{ 2012-10 = \"+10%\", 2014-10 = \"default\" }}\n");
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    assert_eq!(course(&scenario, "baseline", "budget.total", 0)[0], 2_000_000_000.0 * 1.1, "fiscal 2013, though the run begins in fiscal 2013");
}

#[test]
fn a_scenario_extends_another() {
    let text = "format = 2\ntitle = \"T\"\nextends = \"thailand-gaps\"\nreplicates = 2\nscale = 100\nto = \"2023-12\"\n\
            policy.prevention.labour_inspections = { 2020-01 = \"+100%\" }\n[variants.a]\npolicy.protection.beds = { 2020-01 = \"x2\" }\n";
    let scenario = read(text, &Overrides::default()).expect("it is sound");
    let below = loaded("thailand-gaps", &Overrides::default());
    assert_eq!((scenario.from, scenario.seed, scenario.country.0.as_str()), (below.from, below.seed, "thailand"));
    assert_eq!((scenario.to, scenario.replicates, scenario.title.as_str()), (Month::new(2023, 12), 2, "T"));
    assert!(scenario.question.is_empty() && scenario.compare.is_none() && scenario.variants.len() == 2, "variants stay where they are");
    let inspections = course(&scenario, "baseline", "labour_inspections", 0);
    let before = usize::try_from(Month::new(2020, 1).since(scenario.variants[0].setting.start())).expect("it lies in the run");
    assert_eq!(inspections[..before], course(&below, "baseline", "labour_inspections", 0)[..before]);
    assert!(inspections[before..].iter().all(|value| *value == 3.4), "twice 1.7, which held from 2018-10 on");
    assert_eq!(scenario.warnings, Vec::<String>::new());
    let variant = text.replace("to = ", "baseline = \"open-shelters\"\nto = ");
    let variant = read(&variant, &Overrides::default()).expect("it is sound");
    assert_eq!(course(&variant, "baseline", "shelter_freedom", 0).last(), Some(&0.9));
    for (old, new, phrase) in [
        ("thailand-gaps", "thailand-gap", "did you mean `thailand-gaps`?"),
        ("extends = \"thailand-gaps\"", "baseline = \"a\"", "`baseline` needs `extends`"),
        ("extends = \"thailand-gaps\"", "extends = 3", "must be text"),
        ("to = ", "baseline = \"open-shelter\"\nto = ", "did you mean `open-shelters`?"),
        ("policy.prevention.", "policy.protection = \"open-shelters\"\npolicy.prevention.", "the baseline cannot take `policy.protection` over"),
        ("extends = ", "base = ", "a scenario builds on another one by `extends`"),
    ] {
        let told = faults_of(&text.replacen(old, new, 1), &Overrides::default());
        assert!(told.contains(phrase), "{phrase} in\n{told}");
        // What a file that was not found may well say is not asked for here.
        assert!(new.starts_with("base = ") || !told.contains("is missing"), "{told}");
    }
}

/// More money for a line that has something on top already is more, and half as much again of twice as much is three times as much.
#[test]
fn a_change_of_extra_money_is_of_all_that_the_line_has() {
    let text = format!(
        "{HEAD}policy.national.budget.extra.training = {{ 2016-01 = 500_000 }}\n[variants.a]\npolicy.national.budget.extra.training = {{ 2016-01 = \"+10%\" }}\n\
         [variants.b]\npolicy.national.budget.extra.courts = \"+100%\"\n[variants.c]\nwith = [\"b\"]\npolicy.national.budget.extra.courts = {{ 2016-01 = \"+50%\" }}\n"
    );
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    let at = |variant: &str, key: &str, line: Line| course(&scenario, variant, key, line as usize).last().copied().expect("it has months");
    let line = |line: Line| at("baseline", "budget.total", Line::Entry) * at("baseline", "budget.shares", line);
    let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
    assert!(close(at("a", "budget.extra", Line::Training), 500_000.0 + 0.1 * (line(Line::Training) + 500_000.0)));
    assert!(close(at("b", "budget.extra", Line::Courts), line(Line::Courts)));
    assert!(close(at("c", "budget.extra", Line::Courts), 2.0 * line(Line::Courts)));
}

#[test]
fn a_change_that_is_written_otherwise_says_how_to_write_it() {
    for (change, phrase) in [
        ("20%", "a change needs its sign"),
        ("+٢٠%", "the digits 0 to 9"),
        ("+1.000,5%", "a decimal point and no separators"),
        ("2", "write a level without quotes"),
        ("twice", "\"x2\""),
    ] {
        let told = faults_of(&format!("{HEAD}[variants.a]\npolicy.protection.beds = {{ 2016-01 = \"{change}\" }}\n"), &Overrides::default());
        assert!(told.contains(phrase) && told.matches("error: ").count() == 1, "{phrase} in\n{told}");
    }
}

#[test]
fn titles_and_questions_may_be_in_more_than_one_language() {
    let text = HEAD.replace("title = \"T\"", "title.en = \"T\"\ntitle.th = \"ก\"\nquestion = { en = \"Which?\", th = \"ใด\\n?\" }")
        + "[compare]\nagainst = \"a\"\nbaseline_title = { en = \"As is\", th = \"ข\" }\n[variants.a]\ntitle.en = \"A\"\ntitle.th = \"ค\"\npolicy.protection.beds = 2\n";
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    let said = |language| {
        let own = scenario.clone().in_language(language);
        [own.title, own.question, own.variants[0].title.clone(), own.variants[1].title.clone()]
    };
    assert_eq!(said("th"), ["ก", "ใด\n?", "ข", "ค"]);
    assert_eq!(said("en"), ["T", "Which?", "As is", "A"]);
    assert_eq!(said("lo"), said("en"));
    let again = read(&scenario.resolved, &Overrides::default()).expect("it is sound");
    assert_eq!(
        (again.titles, again.questions, &again.variants[1].titles),
        (scenario.titles.clone(), scenario.questions.clone(), &scenario.variants[1].titles)
    );
    for (old, new, phrase) in [
        ("title.en", "title.english", "`english` is not the code of a language"),
        ("title.en", "title.lo", "add `title.en = \"...\"`"),
        ("title.th = \"ก\"", "title.th = 3", "`title.th` must be text"),
        ("title.en = \"T\"", "title = \"T\"", "write the first as `title.en`"),
    ] {
        let told = faults_of(&text.replacen(old, new, 1), &Overrides::default());
        assert!(told.contains(phrase), "{phrase} in\n{told}");
    }
}

#[test]
fn a_scenario_says_who_answers_for_its_briefings() {
    let of = |lines: &str| read(&format!("{HEAD}[briefing]\n{lines}"), &Overrides::default()).expect("it is sound");
    let scenario = of("office = { en = \"Ministry\", th = \"กระทรวง\" }\nauthor = \"A. B.\"\ndate = \"2026-11-30\"\n");
    let again = read(&scenario.resolved, &Overrides::default()).expect("it is sound");
    assert_eq!(again.imprint, scenario.imprint);
    let thai = scenario.in_language("th").imprint;
    assert_eq!((thai.office.as_str(), thai.author.as_str(), thai.date), ("กระทรวง", "A. B.", "2026-11-30".parse().ok()));
    assert_eq!(of("date = 2026-11-30\n").imprint.date, thai.date, "without quotes too");
    assert_eq!(of("").imprint, Imprint::default());
    for (line, phrase) in [
        ("office = \"\"", "`briefing.office` must not be empty"),
        ("date = \"30.11.2026\"", "write year, month and day"),
        ("date = 2026", "`briefing.date` must be text"),
        ("offices = \"x\"", "did you mean `office`?"),
    ] {
        let told = faults_of(&format!("{HEAD}[briefing]\n{line}\n"), &Overrides::default());
        assert!(told.contains(phrase), "{phrase} in\n{told}");
    }
}

/// What figures and briefings show of a country has a title in Thai, and says it where Thai is asked for.
#[test]
fn the_shipped_countries_have_thai_titles() {
    for name in ["thailand-2016", "borderland"] {
        let country = |language: &str| {
            let scenario = load(name, &Overrides::default()).expect("it is sound").in_language(language);
            let country = scenario.variants[0].setting.country.clone();
            let mut titles = vec![country.title];
            titles.extend(country.origins.into_iter().map(|origin| origin.title));
            titles.extend(country.shocks.into_iter().map(|shock| shock.title));
            titles
        };
        let (english, thai) = (country("en"), country("th"));
        for (english, thai) in english.iter().zip(&thai) {
            let letters = |text: &str| text.chars().any(|letter| ('\u{e00}'..='\u{e7f}').contains(&letter));
            assert!(letters(thai) && !letters(english), "{name}: {english}: {thai}");
        }
    }
}

#[test]
fn a_scenario_keeps_its_own_titles_over_those_that_it_extends() {
    let text = |more: &str| format!("format = 2\ntitle.en = \"T\"\n{more}extends = \"thailand-gaps\"\n[variants.a]\npolicy.protection.beds = 2\n");
    let of = |more| read(&text(more), &Overrides::default()).expect("it is sound").in_language("th").title;
    assert_eq!((of("title.th = \"ก\"\n").as_str(), of("").as_str()), ("ก", "T"));
}

#[test]
fn a_question_carries_no_signs_that_a_terminal_would_obey() {
    let text = HEAD.replace("seed = 1", "seed = 1\nquestion = \"one\\ntwo \\u001b[31mred\\u0007\"");
    assert_eq!(read(&text, &Overrides::default()).expect("it is sound").question, "one\ntwo [31mred");
}

#[test]
fn only_what_is_reported_moves_with_from() {
    let text = format!("{HEAD}policy.protection.training = {{ start = 0.2, 2016-01 = 0.4 }}\n");
    let whole = read(&text, &Overrides::default()).expect("it is sound");
    for from in [Month::new(2013, 1), Month::new(2015, 7), Month::new(2016, 3)] {
        let later = read(&text, &Overrides { from: Some(from), ..Overrides::default() }).expect("it is sound");
        assert_eq!((later.begin, later.from), (whole.from, from));
        assert_eq!(later.variants[0].setting.plan, whole.variants[0].setting.plan);
        let again = read(&later.resolved, &Overrides::default()).expect("it is sound");
        assert_eq!(again.variants[0].setting, later.variants[0].setting, "the resolved text keeps its beginning");
    }
    let told = faults_of(&text, &Overrides { from: Some(Month::new(2012, 12)), ..Overrides::default() });
    assert!(told.contains("--from") && told.contains("before the first month that is simulated (2013-01"), "{told}");
    let told = faults_of(&text.replace("seed = 1", "seed = 1\nbegin = \"2017-06\""), &Overrides::default());
    assert!(told.contains("would begin its spin-up (2015-06) after its first reported month (2015-01)"), "{told}");
}

/// Thailand's packages are told by one baseline and one variant: each P of a variant is as in one of them.
#[test]
fn each_p_of_thailand_2016_is_the_packages_or_that_of_before() {
    let scenario = loaded("thailand-2016", &Overrides::default());
    let rows = |name: &str| {
        let found = scenario.variants.iter().find(|variant| variant.name == name);
        &found.unwrap_or_else(|| panic!("{name} is there")).setting.plan.rows
    };
    for p in crate::model::policy::P::ALL {
        let name = if p.section() == "national" { "policy" } else { p.section() };
        let (only, without) = (rows(&format!("{name}-only")), rows(&format!("without-{name}")));
        for (first, lever) in crate::model::policy::all() {
            let places = first..first + lever.shape.width();
            let same = |a: &[Vec<f64>], b: &[Vec<f64>]| a.iter().zip(b).all(|(a, b)| a[places.clone()] == b[places.clone()]);
            let (own, other) = if lever.p == p { ("baseline", "no-package") } else { ("no-package", "baseline") };
            assert!(same(only, rows(own)) && same(without, rows(other)), "{name}: {}", lever.key);
        }
    }
}

/// Warns once, in these words, of `lines` below the head.
fn warns_once(lines: &str, overrides: &Overrides, phrases: [&str; 2]) {
    let scenario = read(&format!("{HEAD}{lines}"), overrides).unwrap_or_else(|problem| panic!("{lines}: {problem:?}"));
    let told = scenario.warnings.join("\n");
    let whole = scenario.warnings.iter().all(|warning| warning.starts_with("warning: ") && warning.contains("help: "));
    assert!(whole && scenario.warnings.len() == 1 && phrases.iter().all(|phrase| told.contains(phrase)), "{phrases:?} in\n{told}");
}

#[test]
fn money_windows_and_starts_that_are_hardly_meant_are_warned_of() {
    for (lines, overrides, phrases) in [
        (
            "[variants.a]\npolicy.national.\"budget.total\" = { 2016-01 = \"-50\" }\n",
            Overrides::default(),
            ["`budget.total` of `a` changes by 50 a year, where ", "fifty million is 50_000_000"],
        ),
        (
            "policy.protection.beds = { start = 2.0, 2016-01 = \"+1\", 2016-06 = \"+1\" }\n[variants.a]\npolicy.protection.training = { 2016-01 = 0.9 }\n",
            Overrides::default(),
            ["the change of 2016-06 is of `start`, not of the step before it in this line", "write the level itself"],
        ),
        (
            "[compare]\nfrom = \"2015-06\"\nto = \"2015-12\"\n[variants.a]\npolicy.protection.beds = { 2015-06 = 2.0 }\n",
            Overrides { from: Some(Month::new(2016, 1)), ..Overrides::default() },
            ["nothing of [compare] lies within 2016-01 to ", "all of these months are compared"],
        ),
        (
            "begin = \"2015-03\"\n[variants.a]\npolicy.protection.beds = { 2016-01 = 2.0 }\n",
            Overrides::default(),
            ["the months from 2015-01 to before 2015-03 are of the spin-up", "report from 2015-03 on"],
        ),
        (
            "[compare]\nbaseline_title = \"As it was\"\n[variants.a]\npolicy.protection.beds = { 2016-01 = 2.0 }\n",
            Overrides::default(),
            ["`baseline_title` is not shown", "(`against`)"],
        ),
        (
            "[variants.a]\npolicy.national.\"budget.total\" = { 2016-01 = 200_000 }\n",
            Overrides::default(),
            ["`budget.total` of `a` is 200000 a year, where ", " stand now"],
        ),
    ] {
        warns_once(lines, &overrides, phrases);
    }
}

#[test]
fn warnings_tell_what_may_not_be_meant_and_refuse_nothing() {
    let beds = "policy.protection.beds = { 2016-06 = 2 }\n";
    for (lines, overrides, phrases) in [
        ("[variants.a]\ntitle = \"Nothing\"\n", Overrides::default(), ["`a` changes nothing", "test.toml:9:"]),
        ("[variants.a]\npolicy.protection.beds = 1\n", Overrides::default(), ["`a` changes nothing", "test.toml:9:"]),
        (
            "[variants.a]\nshocks.surge-2018 = false\n",
            Overrides::default(),
            ["`a` changes nothing: the shocks in which it differs", "(2013-01 to 2016-12)"],
        ),
        (
            "[variants.a]\npolicy.prevention.immigration_crackdown = \"+20%\"\n",
            Overrides::default(),
            ["`a` changes nothing", "of a level of 0 any share"],
        ),
        (
            "[variants.a]\npolicy.protection.beds = 2\n[variants.b]\npolicy.protection.beds = 2\n",
            Overrides::default(),
            ["`a` and `b` are the same", "test.toml:11:"],
        ),
        (
            "[variants.a]\npolicy.protection.beds = { 2016-06 = 2 }\n",
            Overrides { to: Some(Month::new(2016, 3)), ..Overrides::default() },
            ["`a` never starts: its first step is 2016-06", "test.toml:10:"],
        ),
        (
            "[compare]\nfrom = \"2015-06\"\nto = \"2015-12\"\n[variants.a]\npolicy.protection.beds = { 2016-06 = 2 }\n",
            Overrides::default(),
            ["differs from the baseline from 2016-06 on, and", "are compared"],
        ),
        (
            "[variants.a]\npolicy.protection.beds = { start = 1.5, 2016-06 = 2 }\n",
            Overrides::default(),
            ["differs from the baseline from 2013-01 on, in `beds`", "first dated step (2016-06)"],
        ),
        (
            "[variants.a]\npolicy.protection.beds = { 2015-06 = 2, 2016-06 = \"+10%\" }\n",
            Overrides::default(),
            ["the change of 2016-06 is of the layer below", "write the level itself"],
        ),
        (
            "[variants.b]\npolicy.protection.beds = { 2016-06 = 2 }\npolicy.protection.training = { 2016-06 = 0.9 }\n\
             [variants.c]\npolicy.protection.beds = { 2015-03 = 3 }\n[variants.d]\nwith = [\"b\", \"c\"]\n",
            Overrides::default(),
            ["in `d` what `b` says of `beds` in 2016-06 is lost: `c` is named after it, and says what holds from 2015-03 on", "name `c` before `b`"],
        ),
        (
            "[variants.b]\npolicy.protection.beds = 2\npolicy.protection.training = 0.9\n\
             [variants.c]\npolicy.protection.beds = 3\n[variants.d]\nwith = [\"b\", \"c\"]\n",
            Overrides::default(),
            ["in `d` what `b` says of `beds` is lost: `c` is named after it, and says what holds at all times", "test.toml:15:"],
        ),
        (
            "[variants.a]\ntitle = \"B\"\npolicy.protection.beds = 2\n[variants.b]\ntitle = \"B\"\npolicy.protection.beds = 3\n",
            Overrides::default(),
            ["`a` and `b` have the same title", "test.toml:13:"],
        ),
        (
            "[variants.a]\ntitle = \"Baseline\"\npolicy.protection.beds = 2\n",
            Overrides::default(),
            ["`baseline` and `a` have the same title", "test.toml:10:"],
        ),
        (
            "policy.prevention.labour_inspections = { start = 1.0, 2016-06 = 1.5 }\n[variants.a]\npolicy.prevention.labour_inspections = { 2016-01 = \"x2\" }\n",
            Overrides::default(),
            ["`labour_inspections` of `a` stays 2 from 2016-01 on, though what it builds on goes from 1 to 1.5 in 2016-06", "test.toml:11:"],
        ),
        (
            "policy.protection.beds = { start = 1.0, 2016-06 = 3.0 }\n[variants.a]\npolicy.protection.beds = { 2016-01 = 2.0 }\n",
            Overrides::default(),
            ["above what it builds on in 2016-01 (2, not 1), and below it from 2016-06 on (2, not 3)", "add a step for 2016-06"],
        ),
        (
            "[variants.a]\npolicy.national.budget.extra.shelters = { 2016-01 = 5 }\n",
            Overrides::default(),
            ["`budget.extra` of `a` is 5 a year, where ", "fifty million is 50_000_000"],
        ),
        (
            "[variants.a]\npolicy.protection.beds = 2\n",
            Overrides { from: Some(Month::new(2030, 1)), to: Some(Month::new(2034, 12)), ..Overrides::default() },
            ["the last figure of the budget is for 2015-12", "and the last dated event ends in 2018-08"],
        ),
    ] {
        warns_once(lines, &overrides, phrases);
    }
    let plain = read(&format!("{HEAD}[variants.a]\n{beds}"), &Overrides::default()).expect("it is sound");
    assert_eq!(plain.warnings, Vec::<String>::new());
    for (name, _) in embedded() {
        assert_eq!(loaded(name, &Overrides::default()).warnings, Vec::<String>::new(), "{name}");
    }
}

/// A file of format 1 and the same rewritten come to the same plans; comments and everything else stay.
#[test]
fn a_file_of_format_1_is_upgraded_without_loss() {
    let old = HEAD.replace("format = 2", "format = 1 # the first")
        + "policy.protection.training = { start = 0.2, 2016-01 = 0.4 } # kept\n\
               policy.prevention.immigration_crackdown = 2.0\n\
               policy.protection.beds = { 2015-06 = \"+10%\", 2016-06 = \"+10%\" }\n\
               [variants.a]\npolicy.protection.training = { 2016-07 = 0.6 } # of the default\n\
               policy.prevention.immigration_crackdown = \"+10%\"\n\
               [variants.b]\nbase = \"a\"\npolicy.protection.training = { start = 0.2, 2016-01 = 0.4, 2016-10 = 0.5 }\n\
               [variants.c.policy.protection.training]\n# a table of its own\n2016-07 = 0.6\n";
    let told = faults_of(&old, &Overrides::default());
    for phrase in [
        "format 1 is not read any more",
        "test.toml:1:10",
        "`fivep check --upgrade test`",
        "line 13: { 2016-07 = 0.6 } becomes { start = \"default\", 2016-07 = 0.6 }",
        "line 14: \"+10%\" becomes 0.0",
    ] {
        assert!(told.contains(phrase), "{phrase} in\n{told}");
    }
    let faults = Faults::default();
    let own = chain::Source::embedded(&faults, "test", &old);
    let upgraded = Loading { faults: &faults, overrides: &Overrides::default() }.upgraded(own);
    let Ok(Upgrade::Done(new, told)) = upgraded else { panic!("{upgraded:?}") };
    assert_eq!(told.lines().count(), 4, "{told}");
    assert_eq!(old.matches('#').count(), new.matches('#').count());
    let scenario = read(&new, &Overrides::default()).unwrap_or_else(|problem| panic!("{problem:?}\n{new}"));
    let last = scenario.variants[0].setting.months() - 1;
    let at = |variant: &str, key: &str| [12, 6, 3, 0].map(|before| course(&scenario, variant, key, 0)[last - before]);
    assert_eq!(at("baseline", "training"), [0.2, 0.4, 0.4, 0.4]);
    assert_eq!(at("baseline", "beds"), [1.1, 1.1 * 1.1, 1.1 * 1.1, 1.1 * 1.1]);
    assert_eq!(at("a", "training"), [0.1, 0.1, 0.6, 0.6]);
    assert_eq!(at("a", "immigration_crackdown"), [0.0; 4]);
    assert_eq!(at("b", "training"), [0.2, 0.4, 0.4, 0.5]);
    assert_eq!(at("c", "training"), [0.1, 0.1, 0.6, 0.6]);
    let resolved = format!("{}{}", super::resolved::HEAD, old.replace("# the first", ""));
    assert!(read(&resolved, &Overrides::default()).is_ok(), "what an older program resolved says every course from its start");
    assert!(faults_of(&old.replace("format = 1", "format = 3"), &Overrides::default()).contains("format 3 is not known to this version"));
}

#[test]
fn nested_and_quoted_keys_mean_the_same() {
    let nested = read(&format!("{HEAD}[policy.national]\nbudget.total = \"+10%\"\nbudget.extra.courts = 1e7\n"), &Overrides::default());
    let quoted = read(&format!("{HEAD}[policy.national]\n\"budget.total\" = \"+10%\"\n\"budget.extra.courts\" = 1e7\n"), &Overrides::default());
    let (nested, quoted) = (nested.expect("it is sound"), quoted.expect("it is sound"));
    assert_eq!(nested, quoted);
    let plain = read(HEAD, &Overrides::default()).expect("it is sound");
    let (raised, before) = (course(&nested, "baseline", "budget.total", 0), course(&plain, "baseline", "budget.total", 0));
    assert!(raised.iter().zip(before).all(|(after, before)| (after / before - 1.1).abs() < 1e-12));
    assert_eq!(course(&nested, "baseline", "budget.extra", 5)[0], 1e7);
}

#[test]
fn a_lever_by_origin_takes_one_value_for_all_or_one_for_each() {
    let all = read(&format!("{HEAD}policy.partnership.origin_enforcement = 0.9\n"), &Overrides::default()).expect("it is sound");
    let origins = &all.variants[0].setting.country.origins;
    assert_eq!(course(&all, "baseline", "origin_enforcement", origins.len() - 1)[0], 0.9);
    let one = format!("{HEAD}policy.partnership.origin_enforcement.{} = 0.8\n", origins[0].name);
    let one = read(&one, &Overrides::default()).expect("it is sound");
    assert_eq!(course(&one, "baseline", "origin_enforcement", 0)[0], 0.8);
    assert_eq!(course(&one, "baseline", "origin_enforcement", origins.len())[0], 0.3);
}

#[test]
fn a_lever_at_its_own_default_changes_nothing() {
    let plain = read(HEAD, &Overrides::default()).expect("it is sound");
    let same = read(&format!("{HEAD}policy.protection.training = 0.1\npolicy.national.budget.total = \"default\"\n"), &Overrides::default());
    assert_eq!(same.expect("it is sound").variants, plain.variants);
}

#[test]
fn the_command_line_shortens_a_run_without_making_it_faulty() {
    let text =
        format!("{HEAD}policy.protection.training = {{ 2016-10 = 0.6 }}\n[compare]\nto = \"2016-12\"\n[variants.a]\npolicy.protection.beds = 2\n");
    let overrides = Overrides { to: Some(Month::new(2015, 12)), scale: Some(20.0), replicates: Some(5), seed: Some(9), ..Overrides::default() };
    let scenario = read(&text, &overrides).expect("it is sound");
    assert_eq!((scenario.to, scenario.scale, scenario.replicates, scenario.seed), (Month::new(2015, 12), 20.0, 5, 9));
    assert_eq!(scenario.compare, Some((Month::new(2015, 1), Month::new(2015, 12))));
    assert!(read(&scenario.resolved, &Overrides::default()).is_ok());
}

#[test]
fn a_bad_option_is_named() {
    let month = |year| Some(Month::new(year, 1));
    for (overrides, phrases) in [
        (Overrides { scale: Some(1e6), ..Overrides::default() }, ["--scale", "fewer than 1000 agents"]),
        (Overrides { scale: Some(f64::NAN), ..Overrides::default() }, ["--scale", "no number of persons"]),
        (Overrides { scale: Some(1e308), ..Overrides::default() }, ["--scale", "no number of persons"]),
        (Overrides { replicates: Some(0), ..Overrides::default() }, ["--replicates", "1 to 10000"]),
        (Overrides { seed: Some(u64::MAX), ..Overrides::default() }, ["--seed", "too large"]),
        (Overrides { to: month(2000), ..Overrides::default() }, ["--to", "before it begins"]),
        (Overrides { from: month(1800), ..Overrides::default() }, ["--from", "longer than 100 years"]),
        (Overrides { only: Some(vec!["beds-onyl".to_owned()]), ..Overrides::default() }, ["--only", "did you mean `beds-only`?"]),
    ] {
        let text = faults_of(&format!("{HEAD}[variants.beds-only]\n"), &overrides);
        assert!(phrases.iter().all(|phrase| text.contains(phrase)), "{phrases:?} in\n{text}");
    }
}

#[test]
fn only_keeps_the_baseline_and_what_it_names() {
    let text = format!("{HEAD}[variants.a]\n[variants.b]\n[variants.c]\nbase = \"b\"\n");
    let names = |only: &[&str]| {
        let only = Some(only.iter().map(|name| (*name).to_owned()).collect());
        let scenario = read(&text, &Overrides { only, ..Overrides::default() }).expect("it is sound");
        scenario.variants.into_iter().map(|variant| variant.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&["c", "a"]), ["baseline", "a", "c"]);
    assert_eq!(names(&["baseline"]), ["baseline"]);
}

#[test]
fn the_window_of_comparison_has_a_default_on_either_side() {
    let text = format!("{HEAD}[compare]\nto = \"2016-11\"\n[variants.a]\npolicy.protection.beds = {{ 2016-03 = 2 }}\n");
    let scenario = read(&text, &Overrides::default()).expect("it is sound");
    assert_eq!(scenario.compare, Some((Month::new(2016, 3), Month::new(2016, 11))));
}

/// `text` with the characters from `at` on, `gone` of them, replaced by `new`.
fn spoilt(text: &str, at: usize, gone: usize, new: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = at % (letters.len() + 1);
    let rest = (at + gone).min(letters.len());
    letters[..at].iter().chain(&new.chars().collect::<Vec<_>>()).chain(&letters[rest..]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a file, its user gets a scenario or a fault, and never a panic.
    #[test]
    fn no_file_makes_it_panic(at in 0usize..1_000_000, gone in 0usize..40, new in "(?s).{0,3}|[-0-9.eE+]{1,25}|[=\\[\\]{}\"',#]{1,4}|(start|default|2016-10|baseline) = ", which in 0usize..5) {
        let text = spoilt(embedded()[which].1, at, gone, &new);
        // The same as an older file: refused or upgraded, and never a panic either.
        let old = text.replacen("format = 2", "format = 1", 1);
        let faults = Faults::default();
        let upgraded = Loading { faults: &faults, overrides: &Overrides::default() }.upgraded(chain::Source::embedded(&faults, "test", &old));
        if let Ok(Upgrade::Done(new, _)) = upgraded {
            prop_assert!(read(&new, &Overrides::default()).is_ok(), "{new}");
        }
        prop_assert!(read(&old, &Overrides::default()).is_err());
        match read(&text, &Overrides::default()) {
            Ok(scenario) => prop_assert!(read(&scenario.resolved, &Overrides::default()).is_ok(), "{}", scenario.resolved),
            Err(Problem::Fault(told)) => prop_assert!(told.starts_with("error: "), "{told}"),
            Err(Problem::World(told)) => prop_assert!(false, "{told}"),
        }
    }

    /// The same for a country's files.
    #[test]
    fn no_country_makes_it_panic(at in 0usize..1_000_000, gone in 0usize..40, new in "(?s).{0,3}|[-0-9.eE+]{1,25}|[=\\[\\]{}\"',#]{1,4}", which in 0usize..2) {
        let folder = &embedded::COUNTRIES[which];
        let faults = Faults::default();
        let text = spoilt(folder.profile, at, gone, &new);
        let profile = (faults.file("profile.toml", &text), text);
        let country = parsed(&faults, &profile, |table| country::profile(table, folder.name));
        let text = spoilt(folder.parameters, at, gone, &new);
        let file = (faults.file("parameters.toml", &text), text);
        let notes = parsed(&faults, &file, country::parameters);
        if faults.is_empty() {
            prop_assert!(country.is_some_and(|country| country::persons(&country) >= country::FEWEST));
            prop_assert_eq!(notes.map(|notes| notes.len()), Some(crate::model::parameters::PARAMETERS.len()));
        } else {
            prop_assert!(faults.render().starts_with("error: "));
        }
    }
}
