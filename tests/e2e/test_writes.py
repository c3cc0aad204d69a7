"""A user's session in three engines: no page that the policy does not name moves the counter, by any means it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from .conftest import free_port, processes
from .engines import ENGINES

# Every means to send something that a page has. Each resolves when it is over, whatever came of it.
ATTACKS = """
async ({shop, others}) => {
  const tried = [];
  const pause = (time) => new Promise(resolve => setTimeout(resolve, time));
  const attempt = async (name, action) => {
    tried.push(name);
    try { await Promise.race([action(), pause(3000)]); } catch {}
  };
  const inFrame = (sandbox, enctype, action) => new Promise(resolve => {
    const frame = document.createElement("iframe");
    frame.name = `f${Math.random()}`;
    if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, {method: "POST", action, target: frame.name, enctype});
    const field = document.createElement("input");
    Object.assign(field, {name: "a", value: "1"});
    form.append(field);
    document.body.append(form);
    form.submit();
    setTimeout(resolve, 250);
  });
  const written = (sandbox) => new Promise(resolve => {
    const frame = document.createElement("iframe");
    if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
    frame.srcdoc = `<form method=POST action="${shop}/count"><input name=a value=1></form><script>document.forms[0].submit()<\\/script>`;
    document.body.append(frame);
    setTimeout(resolve, 400);
  });
  const count = `${shop}/count`;
  for (const enctype of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
    await attempt(`form ${enctype}`, () => inFrame(null, enctype, count));
  await attempt("form in a sandbox", () => written("allow-scripts allow-forms"));
  await attempt("form in a frame of this page", () => written(null));
  for (const method of ["POST", "PUT", "PATCH", "DELETE"])
    for (const mode of ["cors", "no-cors"])
      for (const type of ["text/plain", "application/json"])
        for (const credentials of ["include", "same-origin"])
          await attempt(`fetch ${method} ${mode} ${type} ${credentials}`, () =>
            fetch(count, {method, mode, credentials, body: "a=1", headers: {"Content-Type": type}}));
  await attempt("fetch without a body", () => fetch(count, {method: "POST", credentials: "include", mode: "no-cors"}));
  await attempt("fetch with keepalive", () => fetch(count, {method: "POST", credentials: "include", mode: "no-cors", keepalive: true, body: "a"}));
  await attempt("fetch without a referrer", () => fetch(count, {method: "POST", credentials: "include", mode: "no-cors", referrerPolicy: "no-referrer", body: "a"}));
  await attempt("beacon", async () => navigator.sendBeacon(count, "a=1"));
  await attempt("beacon with a blob", async () => navigator.sendBeacon(count, new Blob(["a=1"], {type: "text/plain"})));
  await attempt("XMLHttpRequest", () => new Promise(resolve => {
    const xhr = new XMLHttpRequest();
    xhr.withCredentials = true;
    xhr.onloadend = resolve;
    xhr.open("POST", count);
    xhr.send("a=1");
  }));
  await attempt("ping", async () => {
    const link = document.createElement("a");
    link.href = "#"; link.ping = count;
    document.body.append(link);
    link.click();
    await pause(200);
  });
  for (const through of others)
    for (const status of [307, 308, 303]) {
      const url = `${through}/away?status=${status}&to=${encodeURIComponent(count)}`;
      await attempt(`fetch through ${through} ${status}`, () => fetch(url, {method: "POST", credentials: "include", body: "a=1"}));
      await attempt(`no-cors through ${through} ${status}`, () => fetch(url, {method: "POST", mode: "no-cors", credentials: "include", body: "a=1"}));
      await attempt(`form through ${through} ${status}`, () => inFrame(null, "text/plain", url));
    }
  await pause(500);
  return tried;
}
"""
WRITE = """
async ({shop}) => {
  const statuses = [];
  for (const method of ["POST", "PUT", "PATCH", "DELETE"])
    statuses.push((await fetch(`${shop}/count`, {method, credentials: "include", headers: {"Content-Type": "application/json"}, body: "{}"})).status);
  statuses.push(navigator.sendBeacon(`${shop}/count`, "a=1"));
  const form = Object.assign(document.createElement("form"), {method: "POST", action: `${shop}/count`, target: "here"});
  const frame = Object.assign(document.createElement("iframe"), {name: "here"});
  document.body.append(frame, form);
  form.submit();
  await new Promise(resolve => setTimeout(resolve, 600));
  return statuses;
}
"""


class Places(NamedTuple):
    """The shop, the page that it names, and two foreign pages: of the same site, and of another."""

    shop: str
    listed: str
    same_site: str
    cross_site: str

    def moved(self) -> int:
        return int(httpx.get(f"{self.shop}/count".replace("localhost", "127.0.0.1")).json()["moved"])


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    ports = [free_port() for _ in range(4)]
    shop, listed, same_site = (f"http://localhost:{port}" for port in ports[:3])
    with processes(tmp_path_factory.mktemp("counter")) as start:
        start("-m", "tests.e2e.counter", *map(str, ports), port=ports[-1], LISTED=listed)
        yield Places(shop, listed, same_site, f"http://127.0.0.1:{ports[3]}")


@pytest.mark.parametrize("profile", ENGINES)
def test_no_foreign_page_moves_the_counter(profile: str, places: Places) -> None:
    others = [places.shop, places.listed, places.cross_site, places.same_site]
    with ENGINES[profile]() as engine:
        engine.open(f"{places.shop}/login")
        before = places.moved()
        for page in (places.same_site, places.cross_site):
            engine.open(page)
            tried: list[Any] = engine.run(ATTACKS, {"shop": places.shop, "others": others})
            assert len(tried) > 70
            assert places.moved() == before, page


@pytest.mark.parametrize("profile", ENGINES)
def test_the_listed_page_and_the_shop_itself_move_it(profile: str, places: Places) -> None:
    with ENGINES[profile]() as engine:
        engine.open(f"{places.shop}/login")
        for page in (places.listed, places.shop):
            before = places.moved()
            engine.open(page)
            assert engine.run(WRITE, {"shop": places.shop}) == [200, 200, 200, 200, True], page
            assert places.moved() == before + 6, page


def test_webhooks_and_native_clients_are_not_stopped(places: Places) -> None:
    before = places.moved()
    url = f"{places.shop}/count".replace("localhost", "127.0.0.1")
    for method in ("POST", "PUT", "DELETE"):
        assert httpx.request(method, url, headers={"Cookie": "session=x"}).status_code == 200
    assert places.moved() == before + 3


def test_the_attacks_work_where_nothing_is_protected(tmp_path: Path) -> None:
    """The test above has to be able to fail: without the option the same attacks move the counter."""
    source = (Path(__file__).parent / "counter.py").read_text().replace("csrf_protection=True", "csrf_protection=False")
    (tmp_path / "open_counter.py").write_text(source)
    ports = [free_port() for _ in range(4)]
    shop, listed, same_site = (f"http://localhost:{port}" for port in ports[:3])
    with processes(tmp_path) as start:
        start(str(tmp_path / "open_counter.py"), *map(str, ports), port=ports[-1], LISTED=listed)
        places = Places(shop, listed, same_site, "")
        with ENGINES["chrome"]() as engine:
            engine.open(f"{shop}/login")
            engine.open(same_site)
            engine.run(ATTACKS, {"shop": shop, "others": [shop]})
        assert places.moved() > 10
