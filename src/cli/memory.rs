//! Whether a simulation fits into memory, reckoned before any is taken.
//!
//! What the machine has is the least of its memory with its swap, of the limits of the control groups that the process is in (as
//! containers and batch systems set them), and of `ulimit -v`; all three as Linux tells them. Elsewhere nothing is known, and nothing refused.
//!
//! Absent on purpose: an exact account. What is refused could not be done; what may be tight is warned of.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use super::{Failure, fault, say};
use crate::ensemble::work_of_unit;
use crate::model::ledgers::indicators::INDICATORS;
use crate::model::ledgers::{ORIGIN_COLUMNS, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use crate::scenario::{Scenario, agents};

/// What an agent takes with all that comes with it, in bytes: 42 of Thailand at scale 5 (`fivep plan`).
const AGENT: f64 = 44.0;
/// What a process takes before it simulates anything, and while it writes a unit.
const BASE: f64 = 100e6;
/// A simulation that needs less than this is never spoken of.
const SMALL: f64 = 500e6;

/// What a simulation takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Need {
    /// One country.
    country: f64,
    /// Countries at once: at least, and at most.
    countries: (f64, f64),
    /// Whatever the scale: plans and histories.
    rest: f64,
}

impl Need {
    fn of(scenario: &Scenario, jobs: usize) -> Self {
        let Some(first) = scenario.variants.first() else { return Self { country: 0.0, countries: (0.0, 0.0), rest: BASE } };
        let (variants, months) = (scenario.variants.len() as f64, first.setting.months() as f64);
        let country = &first.setting.country;
        let row = first.setting.plan.rows.first().map_or(0, Vec::len) as f64;
        let columns = INDICATORS.len()
            + country.sectors.len() * SECTOR_COLUMNS.len()
            + (country.origins.len() + 1) * ORIGIN_COLUMNS.len()
            + STAGES.len() * STAGE_COLUMNS.len();
        let (threads, at_once) = (jobs.max(1) as f64, work_of_unit(scenario).countries as f64);
        // A replicate with parameters of its own has plans of its own.
        let plans = variants * months * (8.0 * row + 24.0) * if scenario.drawn.rows.is_empty() { 1.0 } else { 1.0 + threads };
        let histories = variants * months * 8.0 * columns as f64 * (2.0 * threads + 1.0);
        let busy = threads.min(f64::from(scenario.replicates) * variants);
        let most = if jobs <= 1 { at_once } else { threads * (at_once + 1.0) }.min(f64::from(scenario.replicates) * variants);
        Self { country: AGENT * agents(scenario), countries: (busy, most.max(busy)), rest: BASE + plans + histories }
    }

    fn least(self) -> f64 {
        self.rest + self.country * self.countries.0
    }

    fn most(self) -> f64 {
        self.rest + self.country * self.countries.1
    }
}

/// Refuses a simulation that cannot fit into memory, and warns of one that may not.
///
/// # Errors
/// A fault that says what would fit.
pub fn fits(scenario: &Scenario, jobs: usize) -> Result<(), Failure> {
    let (need, machine) = (Need::of(scenario, jobs), Machine::here());
    match told(need, machine, scenario, jobs) {
        None => Ok(()),
        Some(Told::Refused(text)) => Err(fault(text)),
        Some(Told::Warned(text)) => {
            say(&format!("{text}\n\n"));
            Ok(())
        }
    }
}

enum Told {
    Refused(String),
    Warned(String),
}

fn told(need: Need, machine: Machine, scenario: &Scenario, jobs: usize) -> Option<Told> {
    let bound = machine.all?;
    let scarce = machine.free.unwrap_or(bound).min(bound);
    if need.most() < SMALL.min(bound) || need.most() < scarce {
        return None;
    }
    let refused = need.least() > bound;
    let room = if refused { bound } else { scarce };
    let help = format!("help: what would fit: {}", remedy(need, room, scenario, jobs));
    let gigabytes = |bytes: f64| format!("{:.1} GB", bytes / 1e9);
    Some(if refused {
        let say = format!("error: this needs about {} of memory, and this process may have {}", gigabytes(need.least()), gigabytes(bound));
        Told::Refused(format!("{say}; nothing was run\n{help}"))
    } else {
        let say = format!("warning: this may need {} of memory, and {} are free", gigabytes(need.most()), gigabytes(scarce));
        Told::Warned(format!("{say}\n{help}"))
    })
}

/// Fewer threads where that is enough, else a coarser scale as well, else fewer variants.
fn remedy(need: Need, room: f64, scenario: &Scenario, jobs: usize) -> String {
    let left = room - BASE;
    let each = need.country * need.countries.1 / jobs.max(1) as f64 + (need.rest - BASE) / jobs.max(1) as f64;
    let threads = (left / each.max(1.0)).floor();
    if jobs > 1 && threads >= 1.0 {
        return format!("--jobs {}", threads.min(jobs as f64 - 1.0));
    }
    let of_one = need.country * need.countries.1 / jobs.max(1) as f64;
    let beside = (need.rest - BASE) / jobs.max(1) as f64;
    if left > beside {
        let scale = (scenario.scale * of_one / (left - beside) * 1.2).ceil().max(scenario.scale + 1.0);
        return format!("{}--scale {scale}", if jobs > 1 { "--jobs 1 " } else { "" });
    }
    "fewer variants (--only) or fewer months (--to)".to_owned()
}

/// What there is, in bytes; nothing where the system does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Machine {
    /// What the process may have in all.
    all: Option<f64>,
    /// What is free now.
    free: Option<f64>,
}

impl Machine {
    fn here() -> Self {
        let read = |path: &Path| read_to_string(path).ok();
        Self::of(&read)
    }

    fn of(read: &dyn Fn(&Path) -> Option<String>) -> Self {
        let info = read(Path::new("/proc/meminfo")).unwrap_or_default();
        let line = |name: &str| {
            let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
        };
        let swap = line("SwapFree").unwrap_or(0.0);
        let machine = line("MemTotal").map(|total| total + line("SwapTotal").unwrap_or(0.0));
        let limits = read(Path::new("/proc/self/limits")).unwrap_or_default();
        let space =
            limits.lines().find_map(|line| line.strip_prefix("Max address space")).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let group = read(Path::new("/proc/self/cgroup")).map(|text| limit_of_groups(&text, read)).unwrap_or_default();
        let least = |all: [Option<f64>; 3]| all.into_iter().flatten().min_by(f64::total_cmp);
        Self { all: least([machine, space, group]), free: line("MemAvailable").map(|free| free + swap) }
    }
}

/// The least limit of the control groups that `/proc/self/cgroup` names, and of those above them.
fn limit_of_groups(groups: &str, read: &dyn Fn(&Path) -> Option<String>) -> Option<f64> {
    let mut least: Option<f64> = None;
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(kinds), Some(path)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let (root, file) = match kinds {
            "" => ("/sys/fs/cgroup", "memory.max"),
            kinds if kinds.split(',').any(|kind| kind == "memory") => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        let own = PathBuf::from(format!("{root}{path}"));
        // In a container the root may be the group itself, under another name than the one told.
        for folder in own.ancestors().take_while(|folder| folder.starts_with(root)) {
            // "max", or in the older version a number beyond any memory, says that there is none.
            let limit = read(&folder.join(file)).and_then(|text| text.trim().parse::<f64>().ok());
            least = [least, limit].into_iter().flatten().min_by(f64::total_cmp);
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    fn machine(files: &[(&str, &str)]) -> Machine {
        Machine::of(&|path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn the_least_of_all_limits_holds() {
        let info = ("/proc/meminfo", "MemTotal:       8000000 kB\nMemAvailable:   3000000 kB\nSwapTotal:      1000000 kB\nSwapFree: 0 kB\n");
        let free = Some(3e6 * 1024.0);
        assert_eq!(machine(&[info]), Machine { all: Some(9e6 * 1024.0), free });
        let limits = ("/proc/self/limits", "Limit Soft Hard Units\nMax address space         6144000000           unlimited            bytes\n");
        assert_eq!(machine(&[info, limits]).all, Some(6_144_000_000.0));
        let two =
            [("/proc/self/cgroup", "0::/user/job\n"), ("/sys/fs/cgroup/user/job/memory.max", "max\n"), ("/sys/fs/cgroup/user/memory.max", "5000\n")];
        assert_eq!(machine(&[info, limits, two[0], two[1], two[2]]).all, Some(5000.0), "a group above counts");
        let one = [("/proc/self/cgroup", "3:cpu:/x\n4:memory:/job\n"), ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "7000\n")];
        assert_eq!(machine(&[info, one[0], one[1]]).all, Some(7000.0), "the root of a container");
        assert_eq!(machine(&[]), Machine { all: None, free: None });
    }

    #[test]
    fn what_cannot_fit_is_refused_and_what_is_offered_instead_fits() {
        let load =
            |scale: f64| load("thailand-2016", &Overrides { scale: Some(scale), ..Overrides::default() }).unwrap_or_else(|_| panic!("it ships"));
        let fine = load(1.0);
        for (jobs, room) in [(1, 200e6), (2, 300e6), (8, 900e6), (64, 3e9)] {
            let machine = Machine { all: Some(room), free: Some(room) };
            let Some(Told::Refused(text)) = told(Need::of(&fine, jobs), machine, &fine, jobs) else { panic!("{jobs} threads in {room} bytes") };
            let offered = |name: &str| text.split(name).nth(1).and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
            let (threads, scale) = (offered("--jobs ").unwrap_or(jobs as f64), offered("--scale ").unwrap_or(1.0));
            assert!(threads < jobs as f64 || scale > 1.0, "{text}");
            let need = Need::of(&load(scale), threads as usize);
            assert!(need.most() <= room, "{text}: needs {} of {room}", need.most());
        }
        let need = Need::of(&fine, 2);
        let tight = Machine { all: Some(1e12), free: Some(need.least()) };
        assert!(matches!(told(need, tight, &fine, 2), Some(Told::Warned(_))));
        assert!(told(Need::of(&load(100.0), 2), Machine { all: Some(8e9), free: Some(4e9) }, &fine, 2).is_none());
    }
}
