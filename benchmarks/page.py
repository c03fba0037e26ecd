"""Page: a nation's communes on one page in a browser: its size, and how soon it is painted, searched and sorted.

Run it with ``python benchmarks/page.py``. Each figure is the median of a few runs, beside the goal for it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from field import write_campaign
from playwright.sync_api import sync_playwright

from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.page import page_html
from emulation.report.words import words

CHROMIUM = "/usr/bin/chromium"
RUNS = 5
GOALS = {"size, MB": 3.0, "first paint, ms": 1000.0, "keystroke to painted, ms": 50.0, "sort to painted, ms": 50.0}

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
PAINTED = """work => new Promise(done => {
  const start = performance.now();
  work();
  requestAnimationFrame(() => { const port = new MessageChannel();
    port.port1.onmessage = () => done(performance.now() - start); port.port2.postMessage(0); });
})"""
KEY = """(() => {
  const box = document.querySelector("input[type=search]");
  box.value = "%s";
  box.dispatchEvent(new Event("input"));
})"""
SORT = "(() => [...document.querySelectorAll('thead button')].at(%d).click())"


def written(folder: Path) -> Path:
    """Write the page of the field."""
    rules = load_campaign(write_campaign(folder, ratios=True))
    outcome = score(rules, load_observations(folder / "observations.csv", rules))
    file = folder / "page.html"
    file.write_text(page_html(outcome, words("vi")), encoding="utf-8")
    return file


def measured(browser: Any, file: Path) -> dict[str, float]:
    """Open the page anew, and take each figure once."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_function(f"({PAINT}) !== undefined")
    keys = [page.evaluate(f"({PAINTED})({KEY % text})") for text in ("x", "xa", "xa 3", "xa 33", "")]
    sorts = [page.evaluate(f"({PAINTED})({SORT % number})") for number in (0, 1, -1, -1)]
    found = [file.stat().st_size / 1e6, page.evaluate(PAINT), max(keys), max(sorts)]
    page.close()
    return dict(zip(GOALS, found, strict=True))


def main() -> None:
    """Measure, and print a table with the ratio of each figure to its goal."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        file = written(Path(place))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        runs = [measured(browser, file) for _ in range(RUNS)]
        browser.close()
    sys.stdout.write(f"{'':26}{'median':>10}{'goal':>10}{'of goal':>10}\n")
    for name, goal in GOALS.items():
        median = sorted(run[name] for run in runs)[RUNS // 2]
        sys.stdout.write(f"{name:26}{median:10.2f}{goal:10g}{median / goal:10.2f}\n")


if __name__ == "__main__":
    main()
