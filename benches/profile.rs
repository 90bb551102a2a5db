//! Where the time of a run goes: `cargo bench --bench profile -- SCALE...` (1000, 100 and 10 if none is given; 1 is the nation).
//!
//! For each scale one baseline of thailand-2016 with its spin-up, on one core: seconds, share, nanoseconds a person-month
//! and events of each part of the month, the bare pass beside it, and memory. Seconds are those that the process ran, not
//! those it waited for a core, where the system tells: the parts share them as they share the time on the wall. Events are counted in a second run that is not timed (`--time-only`
//! leaves it out). An event is a person whose record a part of the month changed, or a visit of officials.

use std::time::{Duration, Instant};

use fivep::draws::lanes::{Bounds, Level};
use fivep::draws::{Die, Luck};
use fivep::model::state::State;
use fivep::model::state::ids::{EmployerId, PersonId};
use fivep::model::{Setting, Simulation};
use fivep::scenario::{Overrides, load};

/// How long this thread has run since the clock was started.
struct Clock {
    started: Instant,
    ran: Option<Duration>,
}

impl Clock {
    /// Linux looks at the count of a running thread a few hundred times a second: no good for less than this.
    const COARSE: Duration = Duration::from_millis(100);

    fn new() -> Self {
        Self { started: Instant::now(), ran: Self::on_core() }
    }

    fn ran(&self) -> Duration {
        let elapsed = self.started.elapsed();
        match (self.ran, Self::on_core()) {
            (Some(then), Some(now)) if elapsed > Self::COARSE => now.saturating_sub(then),
            _ => elapsed,
        }
    }

    /// The nanoseconds that this thread has been on a core, as Linux counts them.
    fn on_core() -> Option<Duration> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    }
}

/// A part of the month: what it took and what it did.
struct Part {
    name: &'static str,
    spent: Duration,
    events: u64,
}

fn main() {
    let given: Vec<f64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let scales = if given.is_empty() { vec![1000.0, 100.0, 10.0] } else { given };
    let counted = !std::env::args().any(|word| word == "--time-only");
    for scale in scales {
        profile(scale, counted);
    }
}

/// Simulates one baseline at `scale` and prints where the time went.
fn profile(scale: f64, counted: bool) {
    let Ok(scenario) = load("thailand-2016", &Overrides { scale: Some(scale), ..Overrides::default() }) else { panic!("the shipped scenario loads") };
    let setting = &scenario.variants[0].setting;
    let before = resident();
    let clock = Clock::new();
    let mut simulation = Simulation::new(setting, Luck::new(2016, 0));
    let begun = clock.ran();
    let clock = Clock::new();
    let mut parts: Vec<Part> = Vec::new();
    for _ in 0..setting.months() {
        let mut last = Instant::now();
        simulation.step_watched(setting, &mut |name, _| {
            let now = Instant::now();
            part(&mut parts, name).spent += now - last;
            last = now;
        });
    }
    let share = (clock.ran().as_secs_f64() / clock.started.elapsed().as_secs_f64()).min(1.0);
    for part in &mut parts {
        part.spent = part.spent.mul_f64(share);
    }
    let persons = simulation.state().persons.len();
    let memory = resident().saturating_sub(before) as f64 / f64::from(persons);
    drop(simulation);
    if counted {
        count_events(setting, &mut parts);
    }

    let person_months = f64::from(persons) * setting.months() as f64;
    let total: Duration = parts.iter().map(|part| part.spent).sum();
    let events: u64 = parts.iter().map(|part| part.events).sum();
    let bare = bare_pass(persons, setting.months());
    println!("scale {scale}: {persons} agents x {} months", setting.months());
    println!("  {:<15} {:>8} {:>7} {:>16} {:>12} {:>12}", "part", "seconds", "share", "ns/person-month", "events", "ns/event");
    let line = |name: &str, spent: Duration, events: u64| {
        let seconds = spent.as_secs_f64();
        let share = 100.0 * seconds / total.as_secs_f64();
        let each = if events > 0 { format!("{:.0}", seconds * 1e9 / events as f64) } else { String::new() };
        println!("  {name:<15} {seconds:>8.3} {share:>5.1} % {:>16.3} {events:>12} {each:>12}", seconds * 1e9 / person_months);
    };
    for part in &parts {
        line(part.name, part.spent, part.events);
    }
    line("all", total, events);
    line("the bare pass", bare, 0);
    let allowed = 3.0 * bare.as_secs_f64() + 120e-9 * events as f64;
    println!("  {:.3} billion person-months a second", person_months / 1e9 / total.as_secs_f64());
    println!("  {:.2} x (3 bare passes + 120 ns an event)", total.as_secs_f64() / allowed);
    println!("  {:.2} s to lay out the first month; {memory:.1} bytes a person resident at the end", begun.as_secs_f64());
}

fn part<'a>(parts: &'a mut Vec<Part>, name: &'static str) -> &'a mut Part {
    let place = parts.iter().position(|part| part.name == name).unwrap_or(parts.len());
    if place == parts.len() {
        parts.push(Part { name, spent: Duration::ZERO, events: 0 });
    }
    &mut parts[place]
}

/// The pass over the same number of persons in as many cells as a run has, with as many hits, and nothing else.
fn bare_pass(persons: u32, months: usize) -> Duration {
    let cells: Vec<u16> = (0..persons).map(|person| (person.wrapping_mul(2_654_435_761) >> 21) as u16 * 18).collect();
    let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
    for (place, bound) in bounds.iter_mut().enumerate() {
        *bound = Die::bound(place as f64 * 1.7e-6);
    }
    let luck = Luck::new(1, 0);
    let mut hits = Vec::new();
    let clock = Clock::new();
    for month in 0..months {
        hits.clear();
        Level::best().pass(luck.die(month as u16), 0, &cells, &bounds, &mut hits);
        std::hint::black_box(&hits);
    }
    clock.ran()
}

/// What is compared of a person to tell whether anything happened.
fn record(state: &State, person: PersonId) -> (u16, EmployerId, u16, u8, u16) {
    let persons = &state.persons;
    let record = &persons.records[person];
    (persons.cell[person], persons.employer[person], record.permit, persons.confinement(person), record.since)
}

/// Counts the events of each part.
fn count_events(setting: &Setting, parts: &mut Vec<Part>) {
    let mut simulation = Simulation::new(setting, Luck::new(2016, 0));
    let mut known: Vec<_> = simulation.state().persons.all().map(|person| record(simulation.state(), person)).collect();
    for _ in 0..setting.months() {
        simulation.step_watched(setting, &mut |name, state| {
            // Whoever is split off was known as part of the agent; what befalls the person in the same part of the month counts.
            known.extend(state.persons.all().skip(known.len()).map(|person| record(state, person)));
            let mut events = if name == "contact" { state.institutions.desk.encounters.len() as u64 } else { 0 };
            for (known, person) in known.iter_mut().zip(state.persons.all()) {
                let now = record(state, person);
                if *known != now {
                    *known = now;
                    events += 1;
                }
            }
            part(parts, name).events += events;
        });
    }
}

/// Resident memory in bytes; 0 where the system does not tell.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).map_or(0, |kilobytes| kilobytes * 1024)
}
