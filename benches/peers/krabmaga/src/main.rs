//! krABMaga: a person is an `Agent` on the schedule, the rest is the `State` that every step is given.

#[path = "../../chain.rs"]
mod chain;

use std::any::Any;

use chain::{Asked, Chain, STATES};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use krabmaga::rand::rngs::SmallRng;
use krabmaga::rand::{Rng, SeedableRng};

/// Somebody in a cell.
#[derive(Clone, Copy)]
struct Person {
    cell: u8,
}

impl Agent for Person {
    fn step(&mut self, state: &mut dyn State) {
        let society = state.as_any_mut().downcast_mut::<Society>().expect("there is one kind of state");
        let draw: f64 = society.luck.random();
        if draw < society.chain.chance[usize::from(self.cell)] {
            let new = society.chain.target(self.cell, draw);
            society.count[society.chain.state(self.cell)] -= 1;
            society.count[society.chain.state(new)] += 1;
            society.moves += 1;
            self.cell = new;
        }
    }
}

/// What all persons share.
struct Society {
    chain: Chain,
    persons: u32,
    luck: SmallRng,
    count: [i64; STATES],
    counts: Vec<[i64; STATES]>,
    moves: u64,
}

impl State for Society {
    fn init(&mut self, schedule: &mut Schedule) {
        self.count[0] = i64::from(self.persons);
        for person in 0..self.persons {
            let cell = (person as usize % self.chain.groups) as u8;
            schedule.schedule_repeating(Box::new(Person { cell }), 0.0, 0);
        }
    }

    fn after_step(&mut self, _schedule: &mut Schedule) {
        self.counts.push(self.count);
    }

    fn update(&mut self, _step: u64) {}

    fn reset(&mut self) {}

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}

fn main() {
    let Some(Asked { chain, persons, months, seed }) = chain::asked() else { return };
    let luck = SmallRng::seed_from_u64(seed);
    let mut society = Society { chain, persons, luck, count: [0; STATES], counts: Vec::new(), moves: 0 };
    let mut schedule = Schedule::new();
    society.init(&mut schedule);

    for _ in 0..months {
        schedule.step(&mut society);
    }
    chain::report(&society.counts, society.moves);
}
