"""The lab's page in Chromium: every button and state, two tabs, dead servers, widths, times."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import ROOT
from .lab import running
from .servers import node_packages

sys.path.insert(0, str(ROOT / "examples" / "lab"))
from code_reader import UnreadableError, read

MESSAGE = (
    "Access to fetch at 'http://localhost:5000/api' from origin 'http://localhost:3000' has been blocked by CORS policy: "
    "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response."
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("lab")) as address:
        yield address


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
    expect(page.locator("#timeline mark")).to_contain_text(["Access-Control-Allow-Origin"])
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
    page.click("#own [type=submit]")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    page.fill("#own-server", 'CORS(app, origins="{page}/x", supports_credentials=1)')
    expect(page.locator("#own-problem")).to_contain_text("supports_credentials")
    page.fill("#own-server", '__import__("os").system("true")')
    expect(page.locator("#own-problem")).to_contain_text("line 1: write CORS(app")
    page.fill("#own-server", 'CORS(app, origins=["{page}"])')
    expect(page.locator("#verdict")).to_have_text("Prediction: readable")
    page.click("#own [type=submit]")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#own-method")).to_have_value("DELETE")
    expect(page.locator("#own-server")).to_have_value('CORS(app, origins=["{page}"])')


def test_a_form_writes_your_own_policy_and_request(page: Page, lab: str) -> None:
    opened(page, lab, "#own")
    page.select_option("#own-kind", "json")
    expect(page.locator("#own-headers .name")).to_have_value("Content-Type")
    page.select_option("#own-method", "PUT")
    page.click("#own-add")
    page.locator("#own-headers .name").last.fill("X-Api-Key")
    page.locator("#own-headers .value").last.fill("1")
    page.check("#own-methods [value=GET]")
    page.check("#own-methods [value=PUT]")
    page.fill("#own-allowed", "Content-Type")
    page.fill("#own-other-origins", "https://a.example, https://b.example")
    page.fill("#own-more", 'response.headers["X-Total-Count"] = "3"')
    lines = """CORS(
    app,
    origins=["{page}", "https://a.example", "https://b.example"],
    methods=["GET", "PUT"],
    allow_headers=["Content-Type"],
)
response.headers["X-Total-Count"] = "3\""""
    expect(page.locator("#own-server")).to_have_value(lines)
    expect(page.locator("#predicted")).to_contain_text("Request header field x-api-key is not allowed")
    page.fill("#own-allowed", "Content-Type, X-Api-Key")
    page.select_option("#own-credentials", "include")
    expect(page.locator("#predicted")).to_contain_text("'Access-Control-Allow-Credentials' header")
    page.check("#own-with")
    page.fill("#own-exposed", "X-Total-Count")
    expect(page.locator("#verdict")).to_have_text("Prediction: readable")
    page.click("#own [type=submit]")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    expect(page.locator("#did")).to_contain_text("x-total-count: 3")
    expect(page.locator("#did")).to_contain_text("1 request, 1 preflight")
    page.locator("#own-headers button").last.click()
    expect(page.locator("#own-headers .header")).to_have_count(1)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#own-headers .name")).to_have_value("Content-Type")


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param({"own-mode": "same-origin"}, id="mode: same-origin, to another origin"),
        pytest.param({"own-method": "TRACE"}, id="a forbidden method"),
        pytest.param({"own-mode": "no-cors", "own-method": "PUT"}, id="mode: no-cors with PUT"),
    ],
)
def test_what_the_browser_never_sends_is_called_that(page: Page, lab: str, choices: dict[str, str]) -> None:
    opened(page, lab, "#own")
    for name, value in choices.items():
        page.select_option(f"#{name}", value)
    expect(page.locator("#verdict")).to_have_text("Prediction: not sent")
    page.click("#own [type=submit]")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Not sent: the browser refuses"))
    expect(page.locator("#agreement")).to_have_text("They agree.")
    expect(page.locator("#timeline .request")).to_have_count(0)


def in_state(page: Page, lab: str, state: str) -> None:
    """Bring the page into one of its states."""
    anchor = {"introduction": "", "introduction, sent": "", "own": "#own"}.get(state, "#preflight-method")
    opened(page, lab, anchor)
    if state == "introduction, sent":
        page.click("#intro-cookie")
        expect(page.locator("#picture-4-result")).to_have_text(re.compile("^Blocked"))
    elif state == "own":
        expect(page.locator("#verdict")).to_have_text("Prediction: readable")
        page.click("#own-add")
    elif state in ("blocked", "fixed", "another server"):
        page.click("#send")
        expect(page.locator("#agreement")).to_have_text("They agree.")
    if state == "fixed":
        page.click("#fix")
        expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))
    elif state == "another server":
        page.select_option("#target", "nginx")
        expect(page.locator("#elsewhere")).to_contain_text("map $http_origin")
    elif state == "pasted":
        page.fill("#paste-text", MESSAGE)
        page.click("#paste button")
        expect(page.locator("#pasted strong")).to_have_count(1)
    elif state == "a problem":
        page.route(f"{lab}/fix/*", lambda route: route.abort())
        page.route(f"{lab}/predict/*", lambda route: route.fulfill(status=500))
        page.click("#send")
        expect(page.locator("#problem")).to_have_text("The lab answers 500.")


STATES = [
    "introduction",
    "introduction, sent",
    "planned",
    "blocked",
    "fixed",
    "another server",
    "own",
    "pasted",
    "a problem",
]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_axe_finds_nothing(page: Page, lab: str, width: int, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    for state in STATES:
        in_state(page, lab, state)
        found = [(state, each["id"], each["nodes"][0]["html"]) for each in axe.run(page).response["violations"]]
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
        page.unroute_all()
    page.goto(f"{lab}/errors")
    assert [each["id"] for each in axe.run(page).response["violations"]] == []


@pytest.mark.parametrize(("server", "name"), [("api", "The API"), ("third", "The third origin")])
def test_a_server_can_be_stopped_and_is_shown_as_stopped(page: Page, tmp_path: Path, server: str, name: str) -> None:
    with running(tmp_path) as address:
        opened(page, address, "#simple-right" if server == "api" else "#vary")
        row = page.locator(f"#servers [data-server={server}]")
        row.locator("button").click()
        expect(row.locator(".state")).to_have_text("stopped")
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(
            re.compile(rf"^{name} \(http://localhost:\d+\) does not answer"), timeout=9000
        )
        page.goto(f"{address}/#introduction")
        if server == "api":
            page.click("#intro-none")
            expect(page.locator("#picture-2-result")).to_have_text(re.compile("^The API .* does not answer"))
            page.click("#intro-curl")
            expect(page.locator("#intro-curl-result")).to_have_text(re.compile("^The API does not answer"))
            page.goto(f"{address}/#own")
            page.click("#own [type=submit]")
            expect(page.locator("#verdict")).to_have_text(re.compile("^The API .* does not answer"))
        page.goto(f"{address}/#simple-right" if server == "api" else f"{address}/#vary")
        row.locator("button").click()
        expect(row.locator(".state")).to_have_text("runs")
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(re.compile("^Readable" if server == "api" else "^Blocked"))


def test_the_page_can_be_stopped_and_comes_back_by_itself(page: Page, tmp_path: Path) -> None:
    with running(tmp_path) as address:
        opened(page, address, "#simple-none")
        row = page.locator("#servers [data-server=page]")
        row.locator("button").click()
        expect(row.locator(".state")).to_have_text("stopped")
        page.wait_for_timeout(500)
        page.click("#send")
        expect(page.locator("#problem")).to_have_text(re.compile("The page's server .* does not answer"))
        expect(row.locator(".state")).to_have_text("runs", timeout=15_000)
        expect(page.locator("#problem")).to_be_hidden()
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))


def test_a_scenario_shows_a_server_that_does_not_run(page: Page, lab: str) -> None:
    opened(page, lab, "#server-stopped")
    page.check("#guess [value=other]")
    page.click("#send")
    expect(page.locator("#verdict")).to_have_text(re.compile("^The server .* does not answer\\..* You guessed right"))
    expect(page.locator("#predicted")).to_contain_text("net::ERR_CONNECTION_REFUSED")
    expect(page.locator("#advice")).to_contain_text("Start the server")
    page.click("#fix")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Readable"))


def test_a_dead_page_is_shown_as_dead_on_every_button(page: Page, tmp_path: Path) -> None:
    with running(tmp_path) as address:
        opened(page, address, "#simple-none")
        page.click("#send")
        expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked"))
    for action in (
        lambda: page.click("#fix"), lambda: page.click("#send"), lambda: page.click("#reset"), lambda: page.click("#paste button"),
        lambda: page.click("#servers [data-server=api] button"),
        lambda: page.locator("nav a", has_text="A policy and a request").click(), lambda: page.click("#own [type=submit]"),
        lambda: page.evaluate("location.hash = '#introduction'; document.getElementById('intro-ask').click()"), lambda: page.click("#intro-curl"),
    ):  # fmt: skip
        page.evaluate("document.getElementById('problem').textContent = ''")
        action()
        expect(page.locator("#problem")).to_have_text(re.compile("The page's server .* do not answer"))


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
    blocked, readable = "Blocked: JavaScript did not get the response.", "Readable: JavaScript got the response."
    for button, place, text in (
        ("intro-same-origin", 1, f"{readable} The server received: GET → 200."),
        ("intro-other", 1, f"{blocked} The server received: GET → 200."),
        ("intro-none", 2, f"{blocked} The server received: GET → 200."),
        ("intro-right", 2, f"{readable} The server received: GET → 200."),
        ("intro-ask", 3, f"{readable} The server received: OPTIONS → 200, then PUT → 200."),
        ("intro-cookie", 4, f"{blocked} The server received: GET → 200."),
        ("intro-cookie-right", 4, f"{readable} The server received: GET → 200."),
    ):
        page.click(f"#{button}")
        expect(page.locator(f"#picture-{place}-result")).to_have_text(text)
        end = page.locator(f"#picture-{place} .arrow").last
        expect(end).to_have_text("TypeError" if text.startswith("Blocked") else "response")
    page.click("#intro-curl")
    expect(page.locator("#intro-curl-result")).to_have_text('Status 200: {"method":"GET"}')


def test_a_pasted_message_is_explained_and_leads_to_its_scenario(page: Page, lab: str) -> None:
    opened(page, lab)
    page.fill("#paste-text", MESSAGE)
    page.click("#paste button")
    expect(page.locator("#pasted strong")).to_have_text(
        "Access-Control-Allow-Headers does not list the request header x-a"
    )
    expect(page.locator("#pasted pre")).to_contain_text("Express (cors): add 'x-a' to allowedHeaders")
    page.locator("#pasted a").first.click()
    expect(page.locator("#title")).to_have_text("JSON, and Content-Type is not allowed")
    page.fill("#paste-text", "hello")
    page.click("#paste button")
    expect(page.locator("#pasted")).to_have_text(re.compile("not a message about CORS"))


def test_pasted_headers_say_more_than_the_message(page: Page, lab: str) -> None:
    opened(page, lab)
    text = (
        "Access to fetch at 'http://localhost:5000/api' from origin 'http://localhost:3000' has been blocked by CORS policy: "
        "No 'Access-Control-Allow-Origin' header is present on the requested resource."
    )
    page.fill("#paste-text", text)
    page.click("#paste summary")
    page.fill("#paste-headers", "HTTP/1.1 502 Bad Gateway\nServer: nginx/1.24.0\nContent-Type: text/html\n")
    page.click("#paste button")
    expect(page.locator("#pasted strong")).to_contain_text("502")
    page.fill("#paste-headers", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: http://localhost:3000/\n")
    page.click("#paste button")
    expect(page.locator("#pasted pre")).to_contain_text("without the slash")
    page.fill("#paste-headers", "Access-Control-Allow-Origin: http://localhost:3000")
    page.click("#paste button")
    expect(page.locator("#pasted strong")).to_have_text(re.compile("the browser blocked another response"))
    page.locator("#pasted a", has_text="Every cause").click()
    expect(page.locator("#acao-missing")).to_be_in_viewport()


def test_the_timeline_tells_the_request_step_by_step(page: Page, lab: str) -> None:
    opened(page, lab, "#preflight-method")
    page.click("#send")
    expect(page.locator("#agreement")).to_have_text("They agree.")
    steps = page.locator("#timeline > ol > li")
    expect(steps.locator("strong")).to_have_text(
        [
            "The page sends",
            "The browser sends a preflight",
            "The server answers",
            "The browser checks the response, and blocks it",
            "JavaScript gets an error, without the reason",
        ]
    )
    times = [int(text.split()[0]) for text in steps.locator(".time").all_inner_texts()]
    assert times == sorted(times)
    expect(steps.locator("mark")).to_have_text(["Access-Control-Allow-Methods: GET, PUT"])
    checks = steps.locator(".check")
    expect(checks).to_have_text(
        [
            re.compile("✓passes: Access-Control-Allow-Origin is http"),
            re.compile("✓passes: The status is 200"),
            re.compile("✗fails: Access-Control-Allow-Methods is GET, PUT: it does not allow DELETE"),
        ]
    )
    assert (
        page.locator("#timeline .rule").last.get_attribute("href")
        == "https://fetch.spec.whatwg.org/#cors-preflight-fetch"
    )
    folded = page.locator("#timeline details").first
    expect(folded.locator(".headers")).to_be_hidden()
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(folded.locator(".headers")).to_contain_text("User-Agent")
    label = page.locator("#picture svg").get_attribute("aria-label")
    assert label is not None
    assert label.startswith("script to browser: fetch DELETE; browser to server: OPTIONS (preflight)")


def test_a_guess_is_counted_in_this_browser(page: Page, lab: str) -> None:
    opened(page, lab, "#trailing-slash")
    page.check("#guess [value=readable]")
    page.click("#send")
    expect(page.locator("#verdict")).to_have_text(re.compile("^Blocked.* Your guess was wrong"))
    expect(page.locator("#guess")).to_be_hidden()
    page.goto(f"{lab}/#wrong-scheme")
    page.check("#guess [value=blocked]")
    page.click("#send")
    expect(page.locator("#verdict")).to_have_text(re.compile("You guessed right"))
    page.reload()
    expect(page.locator("#progress-text")).to_have_text("2 of 41 tried · guesses: 1 of 2 right")
    expect(page.locator("nav a.tried")).to_have_text(["A slash at the end", "https for http"])
    page.click("#reset")
    expect(page.locator("#progress-text")).to_have_text("0 of 41 tried")


def test_scenarios_are_found_by_their_words(page: Page, lab: str) -> None:
    opened(page, lab)
    page.fill("#search", "samesite")
    expect(page.locator("nav li[data-text]:visible")).to_have_text(
        ["A cookie that comes back", "A cookie that does not come back", "A form of another origin, and executed"]
    )
    page.fill("#search", "no such words")
    expect(page.locator("#none-found")).to_be_visible()


def test_a_link_a_reload_and_the_history_lead_to_the_same_scenario(page: Page, lab: str) -> None:
    opened(page, lab, "#trailing-slash")
    page.locator("nav a", has_text="https for http").click()
    expect(page.locator("#title")).to_have_text("https for http")
    page.go_back()
    expect(page.locator("#title")).to_have_text("A slash at the end")
    page.go_forward()
    page.reload()
    expect(page.locator("#title")).to_have_text("https for http")
    expect(page).to_have_title("https for http · The CORS lab")


def test_the_prediction_is_there_for_three_engines(page: Page, lab: str) -> None:
    opened(page, lab, "#simple-none")
    page.click("#send")
    for engine, text in (
        ("firefox", "(Reason: CORS header"),
        ("safari", "is not allowed by Access-Control-Allow-Origin"),
        ("chrome", "blocked by CORS policy"),
    ):
        page.click(f"#engines [data-engine={engine}]")
        expect(page.locator("#predicted")).to_contain_text(text)


def test_every_curl_command_reaches_the_server(page: Page, lab: str) -> None:
    opened(page, lab)
    codes = page.evaluate(
        "Object.values(lab.scenarios()).filter(each => each.id !== 'server-stopped' && each.codes.curl).map(each => [each.id, each.codes.curl.text, each.request.method])"
    )
    assert len(codes) > 30
    for name, command, method in codes:
        done = subprocess.run(
            ["sh", "-c", f"{command.replace('curl -i', 'curl -is --max-time 10')}"],
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert done.stdout.startswith("HTTP/1."), (name, command, done.stderr)
        if name in ("preflight-right", "credentials-right", "json-content-type", "simple-right"):
            assert f'"method":"{method}"' in done.stdout or "visits" in done.stdout, done.stdout


def test_the_code_that_is_shown_does_what_the_lab_does(page: Page, lab: str) -> None:
    opened(page, lab)
    page.evaluate((node_packages() / "axios" / "dist" / "axios.min.js").read_text(encoding="utf-8"))
    shown = page.evaluate("""Object.values(lab.scenarios()).filter(each => each.codes.axios && each.request.times === 1)
        .map(each => [each.id, each.promise, each.codes.fetch.text, each.codes.axios.text])""")
    assert len(shown) > 25
    for name, promise, *codes in shown:
        for code in codes:
            # A response that axios takes for an error has been read all the same.
            outcome = page.evaluate(
                f"async () => {{ try {{ {code}; return 'readable' }} catch (error) {{ return error.response ? 'readable' : 'blocked' }} }}"
            )
            assert outcome == promise.replace("dead", "blocked"), (name, code)


def test_the_page_is_usable_within_a_second_and_send_adds_little(page: Page, lab: str) -> None:
    opened(page, lab, "#simple-right")  # once, as the server makes its texts
    page.reload()
    page.wait_for_selector("html[data-ready]")
    usable = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert usable < 1000
    took = page.evaluate("""async () => {
      const times = [];
      for (let index = 0; index < 5; index++) {
        const started = performance.now();
        await lab.send(lab.scenarios()["simple-right"].request, lab.post("/predict/simple-right"), {id: "simple-right"});
        times.push(performance.now() - started);
      }
      return times;
    }""")
    assert min(took) < 100, took


def test_the_lab_says_what_it_needs_without_javascript(lab: str) -> None:
    import httpx

    text = httpx.get(lab).text
    assert "Please switch JavaScript on" in text
    assert "CORSMissingAllowOrigin" in httpx.get(f"{lab}/errors").text


def test_a_refused_write_and_a_form_show_what_the_server_executed(page: Page, lab: str) -> None:
    opened(page, lab, "#post-executed")
    page.click("#send")
    expect(page.locator("#did")).to_contain_text("executed by the server so far: 1")
    page.click("#fix")
    expect(page.locator("#did")).to_contain_text("executed by the server so far: 1")


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
    expect(page.locator("#problem")).to_have_text("That is too long: the lab takes 20,000 characters.")


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
