"""mesa-frames: persons are rows of a polars frame, and the month is an expression over its columns."""

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

sys.path.append(str(Path(__file__).parent.parent))
import chain as shared


class Persons(AgentSetPolars):
    """Everybody, with the cell as a column."""

    def __init__(self, model, persons):
        super().__init__(model)
        ids = pl.arange(persons, dtype=pl.Int64, eager=True)
        self.add(pl.DataFrame({"unique_id": ids, "cell": (ids % model.chain.groups).cast(pl.UInt8)}))

    def step(self):
        """Draws once for everybody; those who pass get the cell that the draw names."""
        model = self.model
        draw = pl.Series("draw", model.random.random(len(self.agents), dtype=np.float32))
        drawn = self.agents.with_columns(draw)
        moving = drawn.select((pl.col("draw") < pl.lit(model.chance).gather(pl.col("cell"))).arg_true()).to_series()
        movers = drawn[moving].select(
            old="cell",
            new=pl.when(pl.col("draw") < pl.lit(model.limits[0]).gather(pl.col("cell")))
            .then(pl.lit(model.targets[0]).gather(pl.col("cell")))
            .when(pl.col("draw") < pl.lit(model.limits[1]).gather(pl.col("cell")))
            .then(pl.lit(model.targets[1]).gather(pl.col("cell")))
            .otherwise(pl.lit(model.targets[2]).gather(pl.col("cell"))),
        )
        self.agents = self.agents.with_columns(self.agents["cell"].scatter(moving, movers["new"]))
        model.count(movers)


class Society(ModelDF):
    """Everybody, and how many are in each state."""

    def __init__(self, chain, persons, seed):
        super().__init__(seed)
        self.chain = chain
        self.chance = pl.Series(chain.chance, dtype=pl.Float32)
        self.limits = [pl.Series(way, dtype=pl.Float32) for way in zip(*chain.limits)]
        self.targets = [pl.Series(way, dtype=pl.UInt8) for way in zip(*chain.targets)]
        self.current = np.array([persons] + [0] * (len(chain.states) - 1))
        self.counts, self.moves = [], 0
        self.agents += Persons(self, persons)

    def count(self, movers):
        """Keeps the number in each state from those who move."""
        states, groups = len(self.chain.states), self.chain.groups
        gone, come = (np.bincount(movers[name].to_numpy() // groups, minlength=states) for name in ("old", "new"))
        self.current = self.current - gone + come
        self.counts.append(self.current)
        self.moves += len(movers)


def main():
    chain, persons, months, seed = shared.asked()
    society = Society(chain, persons, seed)
    began = time.process_time()
    for _ in range(months):
        society.step()
    shared.report(began, society.counts, society.moves)


if __name__ == "__main__":
    main()
