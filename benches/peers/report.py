"""From results.json to the section of docs/PERFORMANCE.md between its marks."""

import math

MONTHS = 120
OPEN, CLOSE = "<!-- peers -->", "<!-- /peers -->"

# What is asked of fivep's pass: times as fast as the fastest of a kind, or as one of a name.
AIMS = (
    ("the fastest framework", 10, lambda row: row["kind"] == "framework"),
    ("numpy", 5, lambda row: row["name"] == "numpy"),
    ("Mesa", 100, lambda row: row["name"] == "Mesa"),
)

# Why an aim is missed, by who holds it up.
REASONS = {
    "henad": "henad runs a loop of the same shape (a small code for each person, one draw, one comparison), compiled to machine code as "
    "well. What fivep gains over it are wide vectors, which henad's draws do not allow: each follows from the one before it in its chunk "
    "of 512 agents. The rest of what such a loop costs is the reading and writing of the persons who move, and that is the same for both.",
}


def figures(row):
    """The least of the rounds: CPU seconds of set-up, of the months and of all, nanoseconds for one person and month.

    Where fewer months were timed, their cost is scaled to all."""
    least = {key: min(run[key] for run in row["runs"]) for key in ("setup", "cpu", "wall", "peak_kb")}
    least["spread"] = max(run["cpu"] for run in row["runs"]) / least["cpu"] - 1.0
    alone = min(run["cpu"] - run["setup"] for run in row["runs"])
    least["cpu"] += alone * (MONTHS / row["months"] - 1.0)
    least["ns"] = alone / row["persons"] / row["months"] * 1e9
    least["ns_all"] = least["cpu"] / row["persons"] / MONTHS * 1e9
    return row | least


def of_size(results, persons):
    """The rows of one size, the fastest first."""
    return sorted((figures(row) for row in results["rows"] if row["persons"] == persons), key=lambda row: row["ns"])


def sizes(results):
    """The sizes, the largest first."""
    return sorted({row["persons"] for row in results["rows"]}, reverse=True)


def gains(rows):
    """For each aim: who holds the place, times as fast as it by the months alone and by the whole process, the aim."""
    own = next(row for row in rows if row["kind"] == "fivep")
    for name, aim, fits in AIMS:
        rivals = [row for row in rows if fits(row)]
        if rivals:
            rival = min(rivals, key=lambda row: row["ns"])
            yield name, rival["name"], rival["ns"] / own["ns"], rival["cpu"] / own["cpu"], aim


def short(number):
    """Two figures that count, no more."""
    if number < 10:
        return f"{number:.2f}" if number < 1 else f"{number:.1f}"
    return f"{round(number, 1 - int(math.log10(number))):,.0f}"


def table(rows, persons):
    """One size as a table."""
    own = next(row for row in rows if row["kind"] == "fivep")
    lines = [
        f"| {persons:,} persons, {MONTHS} months | version | ns a person-month | times fivep's | CPU s, whole process | times fivep's | of it set-up | wall s | memory, MB | rounds |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        name = row["name"] if row["months"] == MONTHS else f"{row['name']} (extrapolated from {row['months']} months)"
        times = [short(row[key] / own[key]) for key in ("ns", "cpu")]
        cells = [name, row["version"], short(row["ns"]), times[0], f"{row['cpu']:.3f} (+{row['spread']:.0%})", times[1]]
        cells += [f"{row['setup']:.3f}", f"{row['wall']:.2f}", f"{row['peak_kb'] / 1024:.0f}", str(len(row["runs"]))]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def text(results):
    """The whole section."""
    largest = of_size(results, sizes(results)[0])
    lines = [
        "![Time for one person and one month, in nanoseconds, for fivep's pass and what a user would take instead](peers.svg)",
        "",
        "The small life course of [benches/peers](../benches/peers/README.md), written for each tool in its own way, on one thread. "
        "Every outcome timed here agreed with the exact expectation. The figures are the least of interleaved rounds; in brackets stands "
        "how far the worst round lay above. Times are user and system time of the process; set-up is what it takes before the first "
        f"month and after the last, and a person-month is what is left. Machine: {results['machine']}; {results['day']}. To repeat: `python3.12 benches/peers/run.py`.",
        "",
    ]
    for persons in sizes(results):
        lines += [*table(of_size(results, persons), persons), ""]
    lines += ["What was aimed at, at the larger size:", ""]
    for name, rival, alone, whole, aim in gains(largest):
        held = name if name == rival else f"{name}, {rival}"
        verdict = "reached" if min(alone, whole) >= aim else "missed"
        reason = f" {REASONS[rival]}" if verdict == "missed" and rival in REASONS else ""
        lines.append(f"- {aim} times as fast as {held}: {verdict}; {short(alone)} times by the months alone, {short(whole)} times by the whole process.{reason}")
    for name, fault in results["left_out"].items():
        lines.append(f"- Not in the table: {name}. {fault}")
    return "\n".join(lines)


def write(results, path):
    """Puts the section between its marks; adds it at the end where there are none."""
    page = path.read_text(encoding="utf-8")
    if OPEN not in page:
        page = f"{page.rstrip()}\n\n## Beside what a user would take instead\n\n{OPEN}\n{CLOSE}\n"
    before, rest = page.split(OPEN, 1)
    if CLOSE not in rest:
        raise OSError(f"{path}: `{OPEN}` without `{CLOSE}`")
    after = rest.split(CLOSE, 1)[1]
    path.write_text(f"{before}{OPEN}\n{text(results)}\n{CLOSE}{after}", encoding="utf-8")
