"""From results.json to docs/peers.svg: `figure.py RESULTS SVG`."""

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

import report

OWN, OTHER, LIBRARY, GREY, INK = "#005aa0", "#cc5200", "#5f5f5f", "#666666", "#222222"


def draw(results, path):
    """A dot for the months alone and a line to what the whole process takes, for each implementation."""
    persons = report.sizes(results)[0]
    rows = report.of_size(results, persons)
    own = next(row for row in rows if row["kind"] == "fivep")
    # Text stays text, and the same numbers give the same bytes.
    plt.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "fivep", "font.family": "sans-serif", "font.size": 11}
    plt.rcParams["font.sans-serif"] = ["Inter", "Helvetica", "Arial", "DejaVu Sans"]
    figure, axes = plt.subplots(figsize=(9.4, 0.4 * len(rows) + 2.1))
    figure.subplots_adjust(left=0.18, right=0.79, top=1.0 - 1.4 / figure.get_figheight(), bottom=0.55 / figure.get_figheight())
    least = min(row["ns"] for row in rows)
    most = max(max(row["ns"], row["ns_all"]) for row in rows)
    axes.set_xscale("log")
    axes.set_xlim(least * 0.6, most * 1.35)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    for place, row in enumerate(rows):
        colour = {"fivep": OWN, "framework": OTHER, "library": LIBRARY}[row["kind"]]
        whole = max(row["ns_all"], row["ns"])
        axes.plot([row["ns"], whole], [place, place], color=colour, linewidth=2.0, alpha=0.45, solid_capstyle="butt")
        axes.plot(whole, place, marker="|", markersize=9, markeredgewidth=2.0, color=colour, alpha=0.6)
        axes.plot(row["ns"], place, marker="o", markersize=8, color=colour)
        weight = "bold" if row["kind"] == "fivep" else "normal"
        extrapolated = "*" if row["months"] < report.MONTHS else ""
        axes.text(-0.015, place, row["name"] + extrapolated, transform=axes.get_yaxis_transform(), ha="right", va="center", color=INK, weight=weight)
        for edge, words in ((1.09, report.short(row["ns"])), (1.25, report.short(row["ns"] / own["ns"]))):
            axes.text(edge, place, words, transform=axes.get_yaxis_transform(), ha="right", va="center", color=colour, weight=weight)
    for edge, words in ((1.09, "ns"), (1.25, "times fivep's")):
        axes.text(edge, -0.85, words, transform=axes.get_yaxis_transform(), ha="right", va="center", color=GREY, size=10)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.tick_params(axis="x", which="both", length=0, colors=GREY)
    axes.grid(axis="x", which="major", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    first, *others = report.gains(rows)
    others = [f"{report.short(alone)} times as fast as {name}" for name, _, alone, _, _ in others]
    title = [f"fivep's pass is {report.short(first[2])} times as fast as {first[0]}, {first[1]},", " and ".join(others)]
    note = f"Nanoseconds for one person and one month, log scale; {persons:,} persons, {report.MONTHS} months, one thread."
    key = "Dots and figures: the months alone. Strokes: the whole process. Orange: frameworks; grey: array libraries."
    texts = [(line, {"size": 14, "weight": "bold", "color": INK}) for line in title] + [(line, {"size": 10, "color": GREY}) for line in (note, key)]
    for place, (line, style) in zip((0.26, 0.50, 0.78, 0.98), texts):
        figure.text(0.02, 1.0 - place / figure.get_figheight(), line, va="center", **style)
    if any(row["months"] < report.MONTHS for row in rows):
        figure.text(0.02, 0.015, "* extrapolated from fewer months", size=9.5, color=GREY)
    figure.savefig(path, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        draw(json.load(file), sys.argv[2])
