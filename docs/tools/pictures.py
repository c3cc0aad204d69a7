"""Draws the pictures of the lab for the README: two screenshots, and the timeline as an animation.

Run it: make pictures    (needs Chromium)
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
STEP = 60  # ms between two frames, as between two arrows of the picture
LAST = 3000  # ms for which the end is shown
COLOURS = 64


def save(page: Page, name: str) -> None:
    """Save what is seen, with as few colours as text needs."""
    image = Image.open(io.BytesIO(page.screenshot()))
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(IMAGES / name, optimize=True)


def send(page: Page, address: str, scenario: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/#{scenario}")
    page.wait_for_selector("html[data-ready]")
    page.check("#guess [value=blocked]")
    page.click("#send")
    page.wait_for_selector("#agreement:has-text('agree')")


def screenshots(page: Page, address: str) -> None:
    send(page, address, "trailing-slash", "light")
    page.wait_for_timeout(1500)
    page.evaluate("document.getElementById('title').scrollIntoView()")
    save(page, "lab-light.png")
    send(page, address, "preflight-method", "dark")
    page.click("#fix")
    page.wait_for_selector("#verdict.readable")
    page.wait_for_timeout(1500)
    page.evaluate("document.getElementById('title').scrollIntoView()")
    save(page, "lab-dark.png")


def animation(page: Page, address: str) -> None:
    """Save the timeline as it appears, frame by frame."""
    send(page, address, "preflight-method", "light")
    moving = "[...document.getAnimations()].filter(each => each.effect.target.closest('#story'))"
    end = page.evaluate(f"Math.max(...{moving}.map(each => each.effect.getComputedTiming().endTime))")
    story = page.locator("#story")
    frames = []
    for time in range(0, round(end) + STEP, STEP):
        page.evaluate(f"time => {moving}.forEach(each => {{ each.pause(); each.currentTime = time; }})", time)
        frames.append(
            Image.open(io.BytesIO(story.screenshot())).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS)
        )
    durations = [3 * STEP] * (len(frames) - 1) + [LAST]
    frames[0].save(
        IMAGES / "timeline.gif", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True
    )


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("there is no Chromium on the path")
    command = [sys.executable, str(ROOT / "examples" / "lab")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab, sync_playwright() as playwright:
        assert lab.stdout is not None
        address = lab.stdout.readline().split()[-1]
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            screenshots(page, address)
            page = browser.new_page(viewport={"width": 760, "height": 1000})
            animation(page, address)
            browser.close()
        finally:
            lab.terminate()


if __name__ == "__main__":
    main()
