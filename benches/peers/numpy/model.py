"""numpy: one array of cells, one float32 draw a person a month into a buffer that is kept, and an index of who moves."""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parent.parent))
import chain as shared


def main():
    chain, persons, months, seed = shared.asked()
    states, groups = len(chain.states), chain.groups
    chance = np.array(chain.chance, dtype=np.float32)
    limits = np.array(chain.limits, dtype=np.float32)
    targets = np.array(chain.targets, dtype=np.uint8)
    # SFC64 is the fastest of numpy's generators.
    luck = np.random.Generator(np.random.SFC64(seed))
    cell = (np.arange(persons) % groups).astype(np.uint8)
    draw = np.empty(persons, dtype=np.float32)
    bound = np.empty(persons, dtype=np.float32)
    count = np.bincount(cell // groups, minlength=states)
    counts, moves = [], 0
    began = time.process_time()
    for _ in range(months):
        luck.random(out=draw, dtype=np.float32)
        # `clip` spares numpy a check of every index, and lets it write into the buffer directly.
        np.take(chance, cell, out=bound, mode="clip")
        moving = np.flatnonzero(draw < bound)
        old = cell[moving]
        way = (draw[moving, None] >= limits[old]).sum(axis=1)
        new = targets[old, way]
        cell[moving] = new
        count = count + np.bincount(new // groups, minlength=states) - np.bincount(old // groups, minlength=states)
        counts.append(count)
        moves += len(moving)
    shared.report(began, counts, moves)


if __name__ == "__main__":
    main()
