"""numba: the loop that numpy cannot write, one person after the other, compiled when it is first called."""

import sys
import time
from pathlib import Path

import numba
import numpy as np

sys.path.append(str(Path(__file__).parent.parent))
import chain as shared


@numba.njit
def months_pass(luck, cell, state, limits, targets, count, counts):
    """Every month of `counts`; returns how many moved."""
    moves = 0
    for month in range(len(counts)):
        for person in range(len(cell)):
            old = cell[person]
            draw = luck.random()
            if draw < limits[old, 2]:
                way = int(draw >= limits[old, 0]) + int(draw >= limits[old, 1])
                new = targets[old, way]
                cell[person] = new
                count[state[old]] -= 1
                count[state[new]] += 1
                moves += 1
        counts[month] = count
    return moves


def main():
    chain, persons, months, seed = shared.asked()
    states, groups = len(chain.states), chain.groups
    luck = np.random.Generator(np.random.SFC64(seed))
    cell = (np.arange(persons) % groups).astype(np.uint8)
    state = np.arange(states * groups) // groups
    count = np.bincount(cell // groups, minlength=states)
    tables = state, np.array(chain.limits), np.array(chain.targets, dtype=np.uint8)
    counts = np.zeros((months, states), dtype=np.int64)
    # Compiles, which is part of the set-up.
    months_pass(luck, cell, *tables, count, counts[:0])
    began = time.process_time()
    moves = months_pass(luck, cell, *tables, count, counts)
    shared.report(began, counts, moves)


if __name__ == "__main__":
    main()
