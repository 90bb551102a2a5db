//! henad: persons are agents whose cell is a lane, and the month is one pass of a kernel over the lanes.
//!
//! Agents of henad have a place in a world; these stay at its corner and have no neighbours. The tables are read
//! once, since henad's parameters are single numbers.

#[path = "../../chain.rs"]
mod chain;

use std::ops::ControlFlow;
use std::sync::OnceLock;

use chain::{Asked, Chain, STATES};
use henad::authoring::prelude::*;
use henad::authoring::{ChunkTally, register_agent_model};
use henad::params::ParamDescriptor;

static CHAIN: OnceLock<Chain> = OnceLock::new();

fn chain() -> &'static Chain {
    CHAIN.get().expect("read before the model is built")
}

henad::agent_lanes! {
    /// Everybody.
    pub struct Lanes {
        read Read;
        chunk Chunk;
        plain pos_x: f32 = 0.0,
        plain pos_y: f32 = 0.0,
        plain cell: u8 = 0,
    }
}

/// What a pass adds to the number in each state, and the moves.
#[derive(Default)]
struct Flow {
    change: [i64; STATES],
    moves: u64,
}

impl ChunkTally for Flow {
    fn merge(mut self, other: Self) -> Self {
        // Most agents have nothing to add.
        if other.moves > 0 {
            for (own, more) in self.change.iter_mut().zip(other.change) {
                *own += more;
            }
            self.moves += other.moves;
        }
        self
    }
}

struct LifeCourse;

impl AgentModel for LifeCourse {
    const NAME: &'static str = "Life course";
    const ID: &'static str = "life_course";
    const DESCRIPTION: &'static str = "Persons move between states by the hazards of their cell.";
    const PALETTE: &'static [[u8; 4]] = &[[0, 0, 0, 255]];
    const STATS: &'static [StatDescriptor] = &[
        StatDescriptor::new("home", [0; 4]),
        StatDescriptor::new("applying", [0; 4]),
        StatDescriptor::new("working", [0; 4]),
        StatDescriptor::new("exploited", [0; 4]),
        StatDescriptor::new("identified", [0; 4]),
        StatDescriptor::new("moves", [0; 4]),
    ];
    const DEFAULT_AGENTS: u32 = 100_000;
    const DEFAULT_EXTENT: Extent = Extent { w: 1.0, h: 1.0 };

    type Lanes = Lanes;
    type Field = NoField;
    type Index = NoIndex;
    type Params = ();
    type Tally = Flow;

    fn param_descriptors() -> Vec<ParamDescriptor> {
        Vec::new()
    }

    fn from_params(_params: &[ParamValue], _extent: Extent) {}

    fn init(lanes: &mut Lanes, _extent: Extent, _params: &[ParamValue], _rng: &mut u64) {
        for (person, cell) in lanes.cell.iter_mut().enumerate() {
            *cell = (person % chain().groups) as u8;
        }
    }

    fn run_step_pass(lanes: &mut Lanes, _ctx: &StepCtx<'_, Self>, seed: u64, tick: u64) -> Flow {
        let chain = chain();
        // `below` compares integers; a limit is a chance in units of 2^-32.
        let mut thresholds = [0u32; 256];
        for (threshold, chance) in thresholds.iter_mut().zip(&chain.chance) {
            *threshold = (chance * 4_294_967_296.0) as u32;
        }
        lanes.run_pass(Self::CHUNK, seed, tick, |_, at, _, chunk, rng| {
            // henad's chunk seeds and its generator are linear over bits, so that chunks are not independent and
            // counts vary too much (see README.md). Mixing the seed once a chunk mends it.
            if at == 0 {
                *rng = mix_seed(*rng);
            }
            let old = chunk.cell[at];
            let bits = next_bits(rng);
            let mut flow = Flow::default();
            if below(bits, thresholds[usize::from(old)]) {
                let new = chain.target(old, f64::from(bits) / 4_294_967_296.0);
                chunk.cell[at] = new;
                flow.change[chain.state(old)] -= 1;
                flow.change[chain.state(new)] += 1;
                flow.moves = 1;
            }
            flow
        })
    }

    fn stats(lanes: &Lanes, _field: &NoField, tally: &Flow) -> Vec<StatValue> {
        let mut counts = tally.change;
        counts[0] += lanes.cell.len() as i64;
        let moves = StatValue::Scalar(tally.moves as f64);
        counts.iter().map(|count| StatValue::Scalar(*count as f64)).chain([moves]).collect()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(Asked { chain, persons, months, seed }) = chain::asked() else { return Ok(()) };
    assert!(CHAIN.set(chain).is_ok(), "read once");
    let entry = register_agent_model::<LifeCourse>();
    let mut simulation = entry.setup().set("num_agents", persons)?.with_seed(seed).build(None)?;

    let (mut counts, mut moves) = (Vec::new(), 0);
    if months > 0 {
        let flow = simulation.run_sampled(u64::from(months), 1, |sample| {
            if sample.tick() > 0 {
                let value = |label: &str| sample.scalar(label).expect("a stat of this model");
                counts.push(["home", "applying", "working", "exploited", "identified"].map(|state| value(state) as i64));
                moves = value("moves") as u64;
            }
            ControlFlow::<()>::Continue(())
        })?;
        assert!(flow.is_continue(), "nothing stops the run early");
    }
    chain::report(&counts, moves);
    Ok(())
}
