"""Starsim: the life course is a module of a `Sim`; its draws are Starsim's distributions over all agents at once."""

import sys
import time
from pathlib import Path

import numpy as np
import starsim as ss

sys.path.append(str(Path(__file__).parent.parent))
import chain as shared


class LifeCourse(ss.Module):
    """The cell of every agent, and how many are in each state."""

    def __init__(self, chain):
        super().__init__()
        self.chain = chain
        self.chance = np.array(chain.chance, dtype=np.float32)
        self.limits = np.array(chain.limits, dtype=np.float32)
        self.targets = np.array(chain.targets, dtype=np.int32)
        self.define_states(ss.IntArr("cell"))
        self.define_pars(luck=ss.random())
        self.moves = 0

    def init_post(self):
        """Everybody starts at home."""
        super().init_post()
        agents = self.sim.people.auids
        self.cell[agents] = np.asarray(agents) % self.chain.groups
        self.current = self.count(self.cell.values)

    def init_results(self):
        """One series for each state."""
        super().init_results()
        self.define_results(*(ss.Result(f"n_{name}", dtype=int, scale=False) for name in self.chain.states))

    def count(self, cells):
        """How many of `cells` are in each state."""
        return np.bincount(cells // self.chain.groups, minlength=len(self.chain.states))

    def step(self):
        """Draws once for everybody; those who pass get the cell that the draw names."""
        agents = self.sim.people.auids
        draw = self.pars.luck.rvs(agents)
        cell = self.cell.values
        moving = np.flatnonzero(draw < self.chance[cell])
        old = cell[moving]
        new = self.targets[old, (draw[moving, None] >= self.limits[old]).sum(axis=1)]
        self.cell[agents[moving]] = new
        self.current = self.current + self.count(new) - self.count(old)
        self.moves += len(moving)

    def update_results(self):
        """Writes this month's numbers."""
        super().update_results()
        for name, number in zip(self.chain.states, self.current):
            self.results[f"n_{name}"][self.ti] = number


def main():
    chain, persons, months, seed = shared.asked()
    course = LifeCourse(chain)
    # Starsim steps at both ends of its span: the last of `dur` months is the one before.
    sim = ss.Sim(n_agents=persons, dt=ss.month, dur=ss.months(max(months - 1, 0)), modules=course, rand_seed=seed, verbose=0, copy_inputs=False)
    sim.init()
    began = time.process_time()
    if months > 0:
        sim.run()
    series = [course.results[f"n_{name}"].values for name in chain.states] if months > 0 else []
    shared.report(began, zip(*series), course.moves)


if __name__ == "__main__":
    main()
