"""Records what the engines of this machine do: python -m tests.engines.record [--seed N] [chrome firefox safari].

Writes tests/engines/truth/ENGINE.json. With --seed the cases are others, and what differs from the model is printed.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..e2e.engines import ENGINES, minibrowser
from .cases import NUMBER, SEED, Case, generated
from .model import TRUTH, differences
from .rules import RULES
from .site import Site

BATCH = 40  # Firefox keeps 250 lines of its console, and writes two for some


@contextmanager
def opened(profile: str, site: Site) -> Iterator[Any]:
    """Open the page in an engine, and give a function that returns what its console has got."""
    if profile == "safari":  # its console is on the standard output, where no URL tells cases apart: one at a time
        with minibrowser(f"{site.origins['page']}/?at-once=1") as console:
            yield console
        return
    with ENGINES[profile]() as engine:
        engine.open(f"{site.origins['page']}/?at-once=8")
        yield engine.console


def recorded(profile: str, cases: list[Case]) -> list[dict[str, Any]]:
    """Return what the engine does in each case."""
    site = Site(cases)
    truth: list[dict[str, Any]] = []
    try:
        with opened(profile, site) as console:
            for batch, start in enumerate(range(0, len(cases), BATCH)):
                numbers = list(range(start, min(start + BATCH, len(cases))))
                site.give(numbers)
                results = site.results(batch)
                lines = [site.named(line) for line in console()]
                texts = by_case(lines)
                for number, calls in zip(numbers, results, strict=True):
                    written = texts.get(number, [])
                    truth.append({"name": cases[number].name, "results": calls, "wire": site.wire[number], "console": [written] * len(calls)})  # fmt: skip
            site.give(None)
    finally:
        site.close()
    return truth


def by_case(lines: list[str]) -> dict[int, list[str]]:
    """Return the lines of a console by the number of the case in their URL; those without one belong to the next."""
    found: dict[int, list[str]] = collections.defaultdict(list)
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        number = re.search(r"/c/(\d+)/", line)
        if number is not None:
            found[int(number[1])] += waiting
            waiting = []
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.engines.record", description=__doc__)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--number", type=int, default=NUMBER)
    parser.add_argument("engines", nargs="*", default=list(ENGINES))
    options = parser.parse_args()
    cases = [*RULES, *generated(options.seed or SEED, options.number)]
    for profile in options.engines:
        truth = recorded(profile, cases)
        if options.seed is None:
            TRUTH.mkdir(exist_ok=True)
            text = ",\n".join(json.dumps(each) for each in truth)
            (TRUTH / f"{profile}.json").write_text(f"[\n{text}\n]\n")
        report(profile, cases, truth)


def report(profile: str, cases: list[Case], truth: list[dict[str, Any]]) -> None:
    """Print in what the model differs from the engine."""
    counts: collections.Counter[str] = collections.Counter()
    for number, (case, each) in enumerate(zip(cases, truth, strict=True)):
        for kind, ours, theirs in differences(case, number, profile, each):
            counts[kind] += 1
            print(f"{profile}: {case.name}: {kind}\n  model:  {ours}\n  engine: {theirs}")
    print(f"{profile}: {len(cases)} cases, differences: {dict(counts)}")


if __name__ == "__main__":
    main()
