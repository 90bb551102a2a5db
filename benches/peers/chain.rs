//! The model as every Rust implementation reads it: one table over cells, and the report they all print.
//!
//! A cell is `state * groups + group`. The only thing shared is the table; each implementation keeps its own
//! persons, draws its own luck and counts in its own way.
//!
//! The command line is `FILE PERSONS MONTHS SEED`; whatever is wrong with it stops the program, since only the script calls it.

// Not every implementation reads every column.
#![allow(dead_code)]

use serde_json::{Value, json};

/// How many states there are; the file is checked against it.
pub const STATES: usize = 5;

/// Who goes where. One uniform draw u settles a person's month: below the first of the `ways` of the person's cell the
/// person goes to the cell that it names, below the next to the next, and from the chance of the cell upwards stays.
pub struct Chain {
    /// How many groups there are.
    pub groups: usize,
    /// For each cell the total hazard a month.
    pub hazard: Vec<f64>,
    /// For each cell the chance that its person moves in a month.
    pub chance: Vec<f64>,
    /// For each cell the cumulative chances and the cells they lead to; the last is repeated up to three.
    pub ways: Vec<[(f64, u8); 3]>,
    /// For each cell its state.
    pub state: Vec<u8>,
}

impl Chain {
    /// Reads the table from `path`.
    #[expect(clippy::disallowed_methods, reason = "outcomes are judged by standard errors, so the last bit does not matter")]
    pub fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(path).expect("the parameter file can be read");
        let table: Value = serde_json::from_str(&text).expect("the parameter file is JSON");
        let list = |key: &str| table[key].as_array().expect("a list").clone();
        let (states, groups) = (list("states"), list("groups").len());
        assert_eq!(states.len(), STATES);
        assert!(STATES * groups <= 256, "a cell is one byte");
        let state = |name: &Value| states.iter().position(|state| state == name).expect("a known state");
        let mut chain = Self { groups, hazard: Vec::new(), chance: Vec::new(), ways: Vec::new(), state: Vec::new() };
        for from in 0..STATES {
            for group in 0..groups {
                let leaving: Vec<(f64, u8)> = list("transitions")
                    .iter()
                    .filter(|row| state(&row["from"]) == from)
                    .map(|row| (row["monthly_hazard"][group].as_f64().expect("a hazard"), (state(&row["to"]) * groups + group) as u8))
                    .collect();
                let total: f64 = leaving.iter().map(|(hazard, _)| hazard).sum();
                let chance = -f64::exp_m1(-total);
                let mut reached = 0.0;
                let mut ways = leaving.into_iter().map(|(hazard, to)| {
                    reached += hazard;
                    (chance * reached / total, to)
                });
                let mut way = (chance, 0);
                chain.ways.push([(); 3].map(|()| {
                    way = ways.next().unwrap_or(way);
                    way
                }));
                chain.state.push(from as u8);
                chain.hazard.push(total);
                chain.chance.push(chance);
            }
        }
        chain
    }

    /// The cell to which `draw`, below the chance of `cell`, moves its person.
    pub fn target(&self, cell: u8, draw: f64) -> u8 {
        let ways = &self.ways[usize::from(cell)];
        ways[usize::from(draw >= ways[0].0) + usize::from(draw >= ways[1].0)].1
    }

    /// The state of `cell`.
    pub fn state(&self, cell: u8) -> usize {
        usize::from(self.state[usize::from(cell)])
    }
}

/// What the command line asks for.
pub struct Asked {
    /// The table.
    pub chain: Chain,
    /// How many persons.
    pub persons: u32,
    /// How many months.
    pub months: u32,
    /// The seed.
    pub seed: u64,
}

/// Reads the command line; `None` if it has fewer words, as when `cargo bench` runs every bench there is.
pub fn asked() -> Option<Asked> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.len() < 4 {
        return None;
    }
    let number = |at: usize| words[at].parse::<u64>().expect("FILE PERSONS MONTHS SEED");
    Some(Asked { chain: Chain::read(&words[0]), persons: number(1) as u32, months: number(2) as u32, seed: number(3) })
}

/// The most memory this process has held, in kilobytes; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Prints what the script reads: the persons by state after each month, all moves, and the memory.
pub fn report(counts: &[[i64; STATES]], moves: u64) {
    println!("{}", json!({ "counts": counts, "moves": moves, "peak_kb": peak_kb() }));
}
