"""Measures one contender in a process of its own: base and contender take turns, round by round.

Its answer, on standard output, is JSON: for each request the microseconds a call of every round, of both.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from .contenders import CONTENDERS
from .scenarios import POLICIES, REQUESTS, environ


def measure(call: Callable[[dict[str, Any]], None], request: dict[str, str], calls: int) -> float:
    """Return the microseconds that one of *calls* calls takes."""
    environs = [environ(request) for _ in range(calls)]
    start = time.perf_counter()
    for each in environs:
        call(each)
    return (time.perf_counter() - start) / calls * 1e6


def main(contender: str, policy: str, rounds: int, requests: list[str]) -> dict[str, Any]:
    """Return the rounds of each request, and the seconds that the set-up took."""
    make, make_base = CONTENDERS[contender]
    base = make_base(POLICIES[policy])
    start = time.perf_counter()
    call = make(POLICIES[policy])
    setup = time.perf_counter() - start
    measured: dict[str, Any] = {"setup": setup}
    gc.disable()
    for name in requests:
        request = REQUESTS[name]
        calls = max(20, min(1000, int(10_000 / measure(base, request, 50))))
        measure(call, request, calls)
        turns = [(measure(base, request, calls), measure(call, request, calls)) for _ in range(rounds)]
        measured[name] = {"base": [turn[0] for turn in turns], "with": [turn[1] for turn in turns]}
        gc.collect()
    return measured


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]))))
