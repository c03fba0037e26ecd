"""Conftest: the documents run as tests, a test that is left out is said or is a failure, and how hard laws are tried.

Laws are tried on the same examples everywhere, so that a change is judged by what it changed. ``EMULATION_THOROUGH=1``
tries a hundred times as many, other ones each time. How long a machine takes is no fault of a law.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

REQUIRE_ALL = os.environ.get("EMULATION_REQUIRE_ALL") == "1"

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile(
    "quick", max_examples=50, deadline=None, derandomize=True, suppress_health_check=SLOW, database=None
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=5000, derandomize=False)
settings.load_profile("thorough" if os.environ.get("EMULATION_THOROUGH") == "1" else "quick")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
).pytest()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """With EMULATION_REQUIRE_ALL=1 a skipped test has failed."""
    return required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """With EMULATION_REQUIRE_ALL=1 a skipped file has failed."""
    return required((yield))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and why."""
    for why in sorted({reason(report) for report in terminalreporter.stats.get("skipped", [])}):
        terminalreporter.write_line(f"left out: {why}", yellow=True)


def required(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    """Turn a skip into a failure; an expected failure is none."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"left out: {reason(report)}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Give the reason of a skip, which pytest keeps beside its file and line."""
    return (report.longrepr[2] if isinstance(report.longrepr, tuple) else report.nodeid).removeprefix("Skipped: ")
