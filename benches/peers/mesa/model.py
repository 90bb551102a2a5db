"""Mesa 3: a person is an agent with a `step`; the month is `agents.do("step")`, since the order does not matter."""

import sys
import time
from pathlib import Path

import mesa

sys.path.append(str(Path(__file__).parent.parent))
import chain as shared


class Person(mesa.Agent):
    """Somebody in a cell."""

    def __init__(self, model, cell):
        super().__init__(model)
        self.cell = cell

    def step(self):
        """Draws once; most stay where they are."""
        model = self.model
        cell = self.cell
        draw = model.random.random()
        if draw < model.chance[cell]:
            model.move(self, cell, draw)


class Society(mesa.Model):
    """Everybody, and how many are in each state."""

    def __init__(self, chain, persons, seed):
        super().__init__(rng=seed)
        self.chain = chain
        self.chance = chain.chance
        self.counts = [persons] + [0] * (len(chain.states) - 1)
        self.moves = 0
        Person.create_agents(self, persons, [person % chain.groups for person in range(persons)])
        self.collector = mesa.DataCollector(model_reporters={"counts": lambda model: list(model.counts)})

    def move(self, person, cell, draw):
        """Moves `person` out of `cell`, by the draw that passed."""
        chain = self.chain
        way = next(way for way, limit in enumerate(chain.limits[cell]) if draw < limit)
        person.cell = chain.targets[cell][way]
        self.counts[cell // chain.groups] -= 1
        self.counts[person.cell // chain.groups] += 1
        self.moves += 1

    def step(self):
        """One month."""
        self.agents.do("step")
        self.collector.collect(self)


def main():
    chain, persons, months, seed = shared.asked()
    society = Society(chain, persons, seed)
    began = time.process_time()
    for _ in range(months):
        society.step()
    shared.report(began, society.collector.model_vars["counts"], society.moves)


if __name__ == "__main__":
    main()
