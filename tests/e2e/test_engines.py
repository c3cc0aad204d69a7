"""The model and the recorded truth against the engines of this machine, live.

Another seed: ENGINE_SEED=5 pytest tests/e2e/test_engines.py
"""

from __future__ import annotations

import os

import pytest

from ..browser.test_truth import truth
from ..engines.cases import NUMBER, SEED, generated
from ..engines.known import KNOWN
from ..engines.model import differences
from ..engines.record import recorded
from ..engines.rules import RULES
from .engines import ENGINES

WIRE = 0.97  # of the comparisons of what the servers saw; verdicts and readable headers: all but VERDICTS
VERDICTS = 0.997


@pytest.mark.parametrize("profile", ENGINES)
def test_the_engine_does_what_was_recorded_and_what_the_model_does(profile: str) -> None:
    seed = int(os.environ.get("ENGINE_SEED", SEED))
    cases = [*RULES, *generated(seed, NUMBER)]
    live = recorded(profile, cases)
    kinds = [
        {kind for kind, _, _ in differences(case, number, profile, live[number])} for number, case in enumerate(cases)
    ]
    shares = {kind: sum(kind not in each for each in kinds) / len(cases) for kind in ("verdict", "headers", "wire")}
    assert shares["verdict"] >= VERDICTS, shares
    assert shares["headers"] == 1, shares
    assert shares["wire"] >= WIRE, shares
    if seed != SEED:
        return
    unknown = {
        case.name: found
        for case, found in zip(cases, kinds, strict=True)
        if found != KNOWN[profile].get(case.name, set())
    }
    assert unknown == {}
    # An engine of another version: python -m tests.engines.record
    changed = [
        before["name"]
        for before, now in zip(truth(profile), live, strict=True)
        if (before["results"], before["wire"]) != (now["results"], now["wire"])
    ]
    assert changed == []


SCRIPT = """async ([url, method]) => {
  const source = `onmessage = async ({data: [url, method]}) => {
    try { postMessage((await (await fetch(url, {method})).text())); } catch (error) { postMessage("blocked"); }
  }`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
  const answer = new Promise((resolve) => { worker.onmessage = ({data}) => resolve(data); });
  worker.postMessage([url, method]);
  const here = await fetch(url, {method}).then((response) => response.text(), () => "blocked");
  return [await answer, here];
}"""


@pytest.mark.parametrize("profile", ["chrome", "firefox"])
def test_a_worker_s_fetch_is_judged_as_the_page_s(profile: str) -> None:
    from ..engines.cases import ALLOW, Call, Case, Hop
    from ..engines.site import Site

    cases = [Case("allowed", [Call()], [Hop((200, ALLOW), (200, ALLOW))]), Case("blocked", [Call()], [Hop()])]
    site = Site(cases)
    try:
        with ENGINES[profile]() as engine:
            engine.open(f"{site.origins['page']}/empty")
            for number, expected in enumerate(("x", "blocked")):
                for method in ("GET", "PUT"):
                    url = f"{site.origins['api']}/c/{number}/0"
                    assert engine.run(SCRIPT, [url, method]) == [expected, expected]
    finally:
        site.close()
