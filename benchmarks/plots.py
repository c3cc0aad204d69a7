"""Draws what was measured: python -m benchmarks.plots measured.json docs/images"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

OURS, THEIRS = "#1f6feb", "#8c959f"
FLASK = ("CORS(app)", "CORS(blueprint)", "@cross_origin", "flask-cors", "flask-cors @cross_origin")
NUMBERS = {
    "1 origin": 1,
    "10 origins": 10,
    "1,000 origins": 1_000,
    "10,000 origins": 10_000,
    "100,000 origins": 100_000,
}


def added_by_contender(measured: list[dict[str, Any]], file: Path) -> None:
    """Draw what each contender adds to a GET with an allowed Origin, and what its preflights take."""
    rows = {(row["contender"], row["request"]): row for row in measured if row["policy"] == "1 origin"}
    figure, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
    colours = [THEIRS if "flask-cors" in name else OURS for name in FLASK]
    for axis, request, key, title in (
        (axes[0], "allowed", "added", "GET with an allowed Origin: added to Flask"),
        (axes[1], "preflight", "with", "preflight: the whole answer"),
    ):
        values = [rows[name, request][key] for name in FLASK]
        bars = axis.barh(FLASK, values, color=colours)
        axis.bar_label(bars, fmt="%.1f", padding=3)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("microseconds")
        axis.set_xlim(0, max(values) * 1.15)
        axis.invert_yaxis()
        axis.spines[["top", "right"]].set_visible(False)
    axes[1].set_yticklabels([])
    figure.savefig(file, dpi=120)


def cost_by_number(measured: list[dict[str, Any]], file: Path) -> None:
    """Draw what a GET with an allowed Origin costs against the number of exact origins."""
    figure, axis = plt.subplots(figsize=(6, 3), layout="constrained")
    for name, colour in (("CORS(app)", OURS), ("CORSMiddleware", "#54aeff"), ("flask-cors", THEIRS)):
        points = [
            (NUMBERS[row["policy"]], max(row["added"], 0.1))
            for row in measured
            if row["contender"] == name and row["request"] == "allowed" and row["policy"] in NUMBERS
        ]
        axis.plot(*zip(*sorted(points), strict=True), marker="o", color=colour, label=name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("exact origins")
    axis.set_ylabel("microseconds added to a GET")
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(frameon=False)
    figure.savefig(file, dpi=120)


def main(source: str, folder: str) -> None:
    """Draw both plots from a file that ``python -m benchmarks --json`` wrote."""
    measured = json.loads(Path(source).read_text())["measured"]
    Path(folder).mkdir(parents=True, exist_ok=True)
    added_by_contender(measured, Path(folder, "overhead.png"))
    cost_by_number(measured, Path(folder, "origins.png"))


if __name__ == "__main__":
    main(*sys.argv[1:])
