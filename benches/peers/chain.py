"""The model as every Python implementation reads it: one table over cells, and the report they all print.

A cell is `state * groups + group`. The only thing shared is the table; each implementation keeps its own
persons, draws its own luck and counts in its own way.
"""

import json
import math
import sys
import time


class Chain:
    """Who goes where. For each cell three cumulative chances a month and the cells they lead to.

    One uniform draw u settles a person's month: below `limits[cell][0]` the person goes to `targets[cell][0]`,
    below the next limit to the next target, and from the last limit, `chance[cell]`, upwards stays.
    """

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            table = json.load(file)
        self.states = table["states"]
        self.groups = len(table["groups"])
        self.limits, self.targets = [], []
        for state in self.states:
            leaving = [row for row in table["transitions"] if row["from"] == state]
            for group in range(self.groups):
                hazards = [row["monthly_hazard"][group] for row in leaving]
                total = sum(hazards)
                chance = -math.expm1(-total)
                reached, limits = 0.0, []
                for hazard in hazards:
                    reached += hazard
                    limits.append(chance * reached / total)
                targets = [self.states.index(row["to"]) * self.groups + group for row in leaving]
                spare = 3 - len(leaving)
                self.limits.append(limits + limits[-1:] * spare)
                self.targets.append(targets + targets[-1:] * spare)
        self.chance = [limits[-1] for limits in self.limits]


def asked():
    """The chain, the persons, the months and the seed of the command line."""
    path, persons, months, seed = sys.argv[1:5]
    return Chain(path), int(persons), int(months), int(seed)


def peak_kb():
    """The most memory this process has held, in kilobytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    except OSError:
        return 0


def report(began, counts, moves):
    """Prints what the script reads: the CPU seconds of the months, which began at `time.process_time()` = `began`, the
    persons by state after each month, all moves, and the memory."""
    alone = time.process_time() - began
    counts = [[int(number) for number in row] for row in counts]
    print(f"\n{json.dumps({'alone': alone, 'counts': counts, 'moves': int(moves), 'peak_kb': peak_kb()})}")
