"""What the model must give, computed exactly, and how far an outcome lies from it.

Persons are independent Markov chains, one kind for each group. With P the matrix of monthly chances and Q its part
off the diagonal (the moves), the shares after t months are start P^t; the moves M made so far have E[M] and E[M^2]
from the same recursion carried to second order, v and w being E[M; state] and E[M^2; state]:

    v' = v P + shares Q        w' = w P + 2 v Q + shares Q

Counts are sums of independent indicators, so their variances are exact too.
"""

import math

# A count of fewer expected persons is too skewed for a normal bound.
FEWEST = 10.0


def chances_of(chain, group):
    """The matrix of monthly chances of one group."""
    states = len(chain.states)
    matrix = [[0.0] * states for _ in range(states)]
    for state in range(states):
        cell, reached = state * chain.groups + group, 0.0
        for limit, target in zip(chain.limits[cell], chain.targets[cell]):
            matrix[state][target // chain.groups] += limit - reached
            reached = limit
        matrix[state][state] = 1.0 - reached
    return matrix


def times(row, matrix):
    """A row vector times a matrix."""
    return [sum(x * line[column] for x, line in zip(row, matrix)) for column in range(len(row))]


def plus(*rows):
    """The sum of row vectors."""
    return [sum(parts) for parts in zip(*rows)]


def expectation(chain, persons, months):
    """Mean and variance of the persons in each state after each month, and of all moves made by the end."""
    states = len(chain.states)
    means = [[0.0] * states for _ in range(months)]
    variances = [[0.0] * states for _ in range(months)]
    moves_mean = moves_variance = 0.0
    for group in range(chain.groups):
        held = len(range(group, persons, chain.groups))
        stays = chances_of(chain, group)
        moving = [[0.0 if a == b else chance for b, chance in enumerate(line)] for a, line in enumerate(stays)]
        shares, first, second = [1.0] + [0.0] * (states - 1), [0.0] * states, [0.0] * states
        for month in range(months):
            second = plus(times(second, stays), [2.0 * x for x in times(first, moving)], times(shares, moving))
            first = plus(times(first, stays), times(shares, moving))
            shares = times(shares, stays)
            means[month] = plus(means[month], [held * share for share in shares])
            variances[month] = plus(variances[month], [held * share * (1.0 - share) for share in shares])
        moves_mean += held * sum(first)
        moves_variance += held * (sum(second) - sum(first) ** 2)
    return means, variances, moves_mean, moves_variance


def distances(chain, persons, months, outcome):
    """Standard errors between `outcome` and the expectation: the worst of all months and states, the worst at the
    end, and that of the number of moves. Raises ValueError if the outcome has another shape or loses somebody."""
    counts = outcome["counts"]
    if [len(row) for row in counts] != [len(chain.states)] * months:
        raise ValueError(f"the outcome is not {months} months of {len(chain.states)} counts")
    if any(sum(row) != persons or min(row) < 0 for row in counts):
        raise ValueError("persons are lost or made")
    means, variances, moves_mean, moves_variance = expectation(chain, persons, months)
    off = [
        [abs(count - mean) / math.sqrt(variance) if mean >= FEWEST else 0.0 for count, mean, variance in zip(*rows)]
        for rows in zip(counts, means, variances)
    ]
    return max(map(max, off)), max(off[-1]), abs(outcome["moves"] - moves_mean) / math.sqrt(moves_variance)
