//! fivep's own pass, as `model::processes::die` makes it: every person's die against the bound of the person's cell,
//! and a second addressed draw for the few who pass.

#[path = "../chain.rs"]
mod chain;

use fivep::draws::lanes::{Bounds, Level};
use fivep::draws::{Die, Luck, Purpose};

/// Persons passed before their hits are dealt with, as in the model.
const STRETCH: usize = 1 << 17;

fn main() {
    let Some(chain::Asked { chain, persons, months, seed }) = chain::asked() else { return };
    let luck = Luck::new(seed, 0);
    let level = Level::best();
    let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
    for (bound, hazard) in bounds.iter_mut().zip(&chain.hazard) {
        *bound = Die::bound(*hazard);
    }
    let mut cell: Vec<u16> = (0..persons).map(|person| (person as usize % chain.groups) as u16).collect();
    let mut seen = Vec::new();
    let mut count = [0; chain::STATES];
    count[0] = i64::from(persons);
    let (mut counts, mut moves) = (Vec::new(), 0);

    for month in 0..months as u16 {
        let die = luck.die(month);
        for (cells, first) in cell.chunks_mut(STRETCH).zip((0u32..).step_by(STRETCH)) {
            seen.clear();
            level.pass(die, first, cells, &bounds, &mut seen);
            luck.uniforms(Purpose::Migration, month, seen.iter().copied(), 0u16, |person, draw| {
                let cell = &mut cells[(person - first) as usize];
                let old = *cell as u8;
                let new = chain.target(old, draw * chain.chance[usize::from(old)]);
                *cell = u16::from(new);
                count[chain.state(old)] -= 1;
                count[chain.state(new)] += 1;
            });
            moves += seen.len() as u64;
        }
        counts.push(count);
    }
    chain::report(&counts, moves);
}
