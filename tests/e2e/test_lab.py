"""The lab in three engines: every scenario does what it promises, the model predicts it, and the fix fixes it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import ROOT, processes
from .engines import ENGINES

sys.path.insert(0, str(ROOT / "examples" / "lab"))
from code_reader import UnreadableError, read
from scenarios import SCENARIOS

RUN_ALL = """
async () => {
  const results = {};
  await lab.post("/reset");
  for (const {id, canFix} of Object.values(lab.scenarios())) {
    for (const fixed of canFix ? [false, true] : [false]) {
      const scenario = await lab.post(`/fix/${id}`, {fixed});
      const predicting = lab.post(`/predict/${id}`, {profile: lab.profile});
      const late = new Promise(resolve => setTimeout(() => resolve({outcome: "no answer"}), 15000));
      const result = await Promise.race([lab.send(scenario.request, predicting, id), late]);
      const text = (name) => document.getElementById(name).textContent;
      results[`${id} ${fixed ? "fixed" : "broken"}`] = {
        outcome: result.outcome, predicted: (await predicting), promise: scenario.promise, did: text("did"),
        agreement: text("agreement"), exchanges: document.querySelectorAll(".exchange").length,
      };
    }
  }
  return results;
}
"""
READY = "async () => { while (!window.lab) await new Promise(resolve => setTimeout(resolve, 50)); return lab.profile; }"
# Why the broken ones fail, by the model: the outcome alone could have another reason.
KINDS = {
    "simple-none": "response-acao-missing", "simple-other": "response-acao-mismatch", "preflight-origin": "preflight-acao-missing",
    "preflight-method": "preflight-method", "preflight-executed": "response-acao-mismatch", "credentials-wildcard": "response-acao-wildcard-credentials",
    "credentials-missing": "response-acac", "auth-401": "preflight-status", "slash-redirect": "preflight-redirect", "options-405": "preflight-status",
    "error-500": "response-acao-missing", "two-values": "response-acao-multiple", "list-value": "response-acao-multiple", "trailing-slash": "response-acao-mismatch",
    "wrong-scheme": "response-acao-mismatch", "wrong-port": "response-acao-mismatch", "localhost-127": "response-acao-mismatch",
    "json-content-type": "preflight-header", "custom-header": "preflight-header", "wildcard-lists": "preflight-method", "null-origin": "response-acao-missing",
    "redirect-third": "response-acao-missing", "patch-case": "preflight-method", "header-in-request": "preflight-header", "vary": "response-acao-mismatch",
    "post-executed": "response-acao-missing", "events": "response-acao-missing", "font": "response-acao-missing", "third-party": "response-acao-missing",
}  # fmt: skip


@contextmanager
def running(logs: Path) -> Iterator[str]:
    with processes(logs) as start:
        process = start(str(ROOT / "examples" / "lab"))
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.mark.parametrize("profile", ENGINES)
def test_every_scenario_in_every_engine(profile: str, lab: str) -> None:
    with ENGINES[profile]() as engine:
        engine.open(lab)
        assert engine.run(READY) == profile
        results: dict[str, Any] = engine.run(RUN_ALL)
        console = [re.sub(r"\?run=[\w-]+", "", line) for line in engine.console()]
    wrong = []
    for scenario in SCENARIOS:
        for state in ("broken", "fixed") if scenario.fixed or scenario.fixed_request else ("broken",):
            result = results[f"{scenario.id} {state}"]
            broken = scenario.differs.get(profile, scenario.outcome)
            promised = scenario.fixed_outcome if state == "fixed" else broken
            seen = (result["outcome"], result["predicted"]["outcome"], result["agreement"])
            if seen != (promised, promised, "They agree."):
                wrong.append((scenario.id, state, promised, result))
            if state == "fixed" and scenario.shows not in result["did"]:
                wrong.append((scenario.id, "does not show", scenario.shows, result["did"]))
            # WebKit looks at the status of a refused preflight first.
            kinds = {
                KINDS.get(scenario.id),
                "preflight-status" if profile == "safari" and scenario.id == "preflight-origin" else None,
            }
            if promised == "blocked" and result["predicted"]["kind"] not in kinds:
                wrong.append((scenario.id, "for another reason", result["predicted"]["kind"], result))
            if engine.has_console and not any(result["predicted"]["console"] in line for line in console):
                wrong.append((scenario.id, "not on the console", result["predicted"]["console"]))  # type: ignore[arg-type]
            if result["exchanges"] == 0:
                wrong.append((scenario.id, "nothing arrived", result))  # type: ignore[arg-type]
    assert not wrong, "\n".join(map(str, wrong))
    assert "executed by the server so far: 1" in results["preflight-executed broken"]["did"]
    for name in ("post-executed", "form-executed"):
        for state in ("broken", "fixed"):  # the counter stays where it is
            assert "executed by the server so far: 1" in results[f"{name} {state}"]["did"]
    assert "2 preflights" in results["max-age broken"]["did"]
    assert "visits=0" in results["cookie-samesite broken"]["did"]


def opened(page: Page, lab: str, anchor: str = "") -> list[str]:
    """Open the lab, and return the list in which errors of the page itself will stand."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"{lab}/{anchor}")
    page.wait_for_selector("html[data-ready]")
    return errors


def test_a_scenario_by_its_buttons(page: Page, lab: str) -> None:
    errors = opened(page, lab, "#trailing-slash")
    expect(page.locator("#title")).to_have_text("A slash at the end")
    page.click("#send")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    expect(page.locator("#agreement")).to_have_text("They agree.")
    expect(page.locator("#predicted")).to_contain_text("has been blocked by CORS policy")
    expect(page.locator(".exchange mark")).to_contain_text(["Access-Control-Allow-Origin"])
    page.click("#fix")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    expect(page.locator("#server")).to_contain_text("CORS(app, origins=")
    page.click("#unfix")
    page.click("#send")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    page.click("#fix")
    page.click("#reset")
    expect(page.locator("#server")).to_contain_text("after_request")
    assert [each for each in errors if "CORS policy" not in each and "net::ERR_FAILED" not in each] == []


def test_it_works_by_keyboard_alone(page: Page, lab: str) -> None:
    opened(page, lab, "#simple-none")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("nav a", has_text="A list in one value").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_have_text("A list in one value")
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    page.locator("#fix").focus()
    page.keyboard.press("Space")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    expect(page.locator("#unfix")).to_be_focused()


def test_your_own_policy_and_request(page: Page, lab: str) -> None:
    opened(page, lab, "#own")
    page.fill("#own-server", 'CORS(app, origins=["{page}"], methods=["GET"])')
    page.select_option("#own-method", "DELETE")
    expect(page.locator("#verdict")).to_have_text("Prediction: blocked")
    expect(page.locator("#predicted")).to_contain_text("Method DELETE is not allowed")
    page.click("#own button")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    page.fill("#own-server", 'CORS(app, origins="{page}/x", supports_credentials=1)')
    expect(page.locator("#own-problem")).to_contain_text("supports_credentials")
    page.fill("#own-server", '__import__("os").system("true")')
    expect(page.locator("#own-problem")).to_contain_text("line 1: write CORS(app")
    page.fill("#own-server", 'CORS(app, origins=["{page}"])')
    expect(page.locator("#verdict")).to_have_text("Prediction: readable")
    page.click("#own button")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#own-method")).to_have_value("DELETE")
    expect(page.locator("#own-server")).to_have_value('CORS(app, origins=["{page}"])')


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_axe_finds_nothing(page: Page, lab: str, width: int, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for anchor in ("#preflight-executed", "#own", ""):
        opened(page, lab, anchor)
        if anchor == "#preflight-executed":
            page.click("#send")
            expect(page.locator("#agreement")).to_have_text("They agree.")
        found = [(each["id"], each["nodes"][0]["html"]) for each in axe.run(page).response["violations"]]
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_dead_server_is_shown_as_dead(page: Page, tmp_path: Path) -> None:
    with running(tmp_path) as address:
        opened(page, address, "#simple-right")
        # Both API servers refuse connections, as if they had ended.
        page.route(
            re.compile(r"http://localhost:(?!" + address.rpartition(":")[2] + ")"),
            lambda route: route.abort("connectionrefused"),
        )
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(
            re.compile(r"The API \(.*\), The third origin \(.*\) does not answer")
        )


def test_a_dead_page_is_shown_as_dead_on_every_button(page: Page, tmp_path: Path) -> None:
    with running(tmp_path) as address:
        opened(page, address, "#simple-none")
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    for button in ("#send", "#fix", "#reset"):
        page.evaluate("document.getElementById('verdict').textContent = ''")
        page.click(button)
        expect(page.locator("#verdict")).to_have_text(re.compile("The page's server .* does not answer at all"))


def test_it_opens_with_an_introduction_in_four_steps(page: Page, lab: str) -> None:
    for anchor in ("", "#no-such-scenario", "#introduction"):
        opened(page, lab, anchor)
        expect(page.locator("#introduction h2")).to_have_text("What is CORS?")
        expect(page.locator("#scenario")).to_be_hidden()
    page.fill("#intro-url", "https://app.example/items")
    assert [page.inner_text(f"#intro-{part}") for part in ("scheme", "host", "port")] == ["https", "app.example", "443"]
    expect(page.locator("#intro-same")).to_have_text(re.compile("^Another origin"))
    page.fill("#intro-url", f"{lab}/x")
    expect(page.locator("#intro-same")).to_have_text(re.compile("^The same origin"))
    for button, text in (
        ("intro-none", "Blocked: JavaScript did not get the response. The server received: GET → 200."),
        ("intro-right", "Readable: JavaScript got the response. The server received: GET → 200."),
        ("intro-ask", "Readable: JavaScript got the response. The server received: OPTIONS → 200, then PUT → 200."),
        ("intro-cookie", "Blocked: JavaScript did not get the response. The server received: GET → 200."),
    ):
        page.click(f"#{button}")
        expect(page.locator(f"#{button}-result")).to_have_text(text)


def test_a_pasted_message_is_explained_and_leads_to_its_scenario(page: Page, lab: str) -> None:
    opened(page, lab)
    page.fill(
        "#paste-text",
        "Access to fetch at 'http://localhost:5000/api' from origin 'http://localhost:3000' has been blocked by CORS policy: "
        "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
    )
    page.click("#paste button")
    expect(page.locator("#pasted strong")).to_have_text(
        "Access-Control-Allow-Headers does not list the request header x-a"
    )
    expect(page.locator("#pasted pre")).to_contain_text("Express (cors): add 'x-a' to allowedHeaders")
    page.click("#pasted a")
    expect(page.locator("#title")).to_have_text("JSON, and Content-Type is not allowed")
    page.fill("#paste-text", "hello")
    page.click("#paste button")
    expect(page.locator("#pasted")).to_have_text(re.compile("no message about CORS"))


def test_the_fix_in_the_words_of_other_servers_and_the_way_to_the_next_scenario(page: Page, lab: str) -> None:
    opened(page, lab, "#trailing-slash")
    page.click("#send")
    page.select_option("#target", "nginx")
    expect(page.locator("#elsewhere")).to_contain_text("map $http_origin $cors_origin")
    page.select_option("#target", "express")
    expect(page.locator("#elsewhere")).to_contain_text("app.use(cors({")
    page.click("#next")
    expect(page.locator("#title")).to_have_text("https for http")
    page.click("#previous")
    expect(page.locator("#title")).to_have_text("A slash at the end")


def test_the_fix_is_offered_after_the_first_try(page: Page, lab: str) -> None:
    opened(page, lab, "#trailing-slash")
    expect(page.locator("#fix")).to_be_hidden()
    expect(page.locator("#change")).to_be_hidden()
    page.click("#send")
    expect(page.locator("#fix")).to_be_visible()
    expect(page.locator("#change")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (768, 1024), (1280, 800)], ids=["phone", "tablet", "desktop"]
)
def test_the_verdict_is_in_view_after_send(page: Page, lab: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, lab, "#trailing-slash")
    page.click("#send")
    expect(page.locator("#agreement")).to_have_text("They agree.")
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=0.99)
    expect(page.locator("#predicted")).to_be_in_viewport(ratio=0.3)


def test_a_request_belongs_to_its_scenario(page: Page, lab: str) -> None:
    opened(page, lab, "#simple-none")

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route(re.compile(r"/simple-none/item"), late)
    page.click("#send")
    page.locator("nav a", has_text="The right origin").click()
    expect(page.locator("#title")).to_have_text("The right origin")
    page.wait_for_timeout(900)
    expect(page.locator("#results")).to_be_hidden()


def test_two_tabs_do_not_disturb_each_other(page: Page, lab: str) -> None:
    opened(page, lab, "#trailing-slash")
    other = page.context.new_page()
    opened(other, lab, "#trailing-slash")
    page.click("#send")
    page.click("#fix")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    other.click("#send")
    expect(other.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    expect(other.locator("#server")).to_contain_text("after_request")
    page.click("#reset")
    expect(other.locator("#agreement")).to_have_text("They agree.")


def test_a_shared_link_shows_its_prediction_at_once_and_a_long_text_is_refused_in_words(page: Page, lab: str) -> None:
    opened(page, lab, "#own?server=CORS(app%2C%20origins%3D[])&method=PUT")
    expect(page.locator("#verdict")).to_have_text("Prediction: blocked")
    page.fill("#own-body", "x" * 21_000)
    expect(page.locator("#verdict")).to_have_text("That is too long: the lab takes 20,000 characters.")


def test_another_page_cannot_change_anything(page: Page, lab: str) -> None:
    import httpx

    for headers in ({}, {"Origin": "https://evil.example"}):
        assert httpx.post(f"{lab}/reset", headers=headers).status_code == 403
    assert httpx.post(f"{lab}/own", headers={"Origin": lab}, content=b"x" * 30_000).status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "CORS(app, origins=open('x'))",
        "CORS(app, **{})",
        "CORS(app)\nCORS(app)",
        "CORS(other)",
        "response.headers['A'] = f'{1}'",
        "response.headers['A'] = 'x' if True else 'y'",
        "response.headers['A'] = 'x\\r\\ny'",
        "(" * 1000,
        "x" * 3000,
        "CORS(app, origins=['a'",
    ],
)
def test_code_is_parsed_and_never_evaluated(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text)


def test_it_stops_at_once_and_says_what_is_wrong_with_a_port(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / "lab")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip().rpartition(":")[2]
        taken = subprocess.run([*command, "--page-port", port], capture_output=True, text=True, timeout=20)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    assert taken.returncode == 1
    assert f"--page-port {port} cannot be used" in taken.stderr
    assert json.dumps(port) not in taken.stdout
