//! ixa, as its book builds models: a person is an entity with a property, what happens next is a plan.
//!
//! Hazards are constant while somebody stays in a cell, so the months until the next move are geometric and one
//! plan a move is enough; nobody is looked at in between. With a fifth word, `pass`, the program looks at everybody
//! every month instead, as a model must whose hazards depend on the month.

#[path = "../../chain.rs"]
mod chain;

use std::rc::Rc;

use chain::{Asked, Chain, STATES};
use ixa::ExecutionPhase;
use ixa::prelude::*;
use ixa::rand::RngExt;

define_rng!(LifeRng);
define_entity!(Person);
define_property!(struct Cell(u8), Person);

/// What the model keeps beside the persons.
#[derive(Default)]
struct Tally {
    chain: Option<Rc<Chain>>,
    months: f64,
    count: [i64; STATES],
    counts: Vec<[i64; STATES]>,
    moves: u64,
}

define_data_plugin!(TallyPlugin, Tally, Tally::default());

fn main() {
    let Some(Asked { chain, persons, months, seed }) = chain::asked() else { return };
    let chain = Rc::new(chain);
    let mut context = Context::new();
    context.init_random(seed);
    for person in 0..persons {
        let cell = Cell((person as usize % chain.groups) as u8);
        context.add_entity(with!(Person, cell)).expect("a person has a cell");
    }
    let tally = context.get_data_mut(TallyPlugin);
    tally.chain = Some(Rc::clone(&chain));
    tally.months = f64::from(months);
    tally.count[0] = i64::from(persons);
    let everybody_monthly = std::env::args().nth(5).as_deref() == Some("pass");

    if everybody_monthly {
        for month in 1..=months {
            context.add_plan(f64::from(month), look_at_everybody);
        }
    } else {
        for person in context.get_entity_iterator::<Person>() {
            plan_next_move(&mut context, person, &chain);
        }
    }
    for month in 1..=months {
        context.add_plan_with_phase(f64::from(month), write_down, ExecutionPhase::Last);
    }
    context.execute();
    let tally = context.get_data(TallyPlugin);
    chain::report(&tally.counts, tally.moves);
}

/// The plan of the next move, unless it falls beyond the end.
fn plan_next_move(context: &mut Context, person: PersonId, chain: &Rc<Chain>) {
    let Cell(cell) = context.get_property(person);
    let draw: f64 = context.sample(LifeRng, |rng| rng.random());
    let wait = (-f64::ln_1p(-draw) / chain.hazard[usize::from(cell)]).ceil().max(1.0);
    let time = context.get_current_time() + wait;
    if time > context.get_data(TallyPlugin).months {
        return;
    }
    let chain = Rc::clone(chain);
    context.add_plan(time, move |context| {
        let draw: f64 = context.sample(LifeRng, |rng| rng.random());
        make_move(context, person, cell, draw * chain.chance[usize::from(cell)], &chain);
        plan_next_move(context, person, &chain);
    });
}

/// Draws once for everybody; those who pass move.
fn look_at_everybody(context: &mut Context) {
    let chain = context.get_data(TallyPlugin).chain.clone().expect("set before the first month");
    let movers: Vec<(PersonId, u8, f64)> = context.sample(LifeRng, |rng| {
        let drawn = context.get_entity_iterator::<Person>().map(|person| {
            let Cell(cell) = context.get_property(person);
            (person, cell, rng.random::<f64>())
        });
        drawn.filter(|(_, cell, draw)| *draw < chain.chance[usize::from(*cell)]).collect()
    });
    for (person, cell, draw) in movers {
        make_move(context, person, cell, draw, &chain);
    }
}

fn make_move(context: &mut Context, person: PersonId, old: u8, draw: f64, chain: &Chain) {
    let new = chain.target(old, draw);
    context.set_property(person, Cell(new));
    let tally = context.get_data_mut(TallyPlugin);
    tally.count[chain.state(old)] -= 1;
    tally.count[chain.state(new)] += 1;
    tally.moves += 1;
}

/// The month's row.
fn write_down(context: &mut Context) {
    let tally = context.get_data_mut(TallyPlugin);
    tally.counts.push(tally.count);
}
