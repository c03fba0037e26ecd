"""Problems: everything that is wrong is said once, in the order a reader meets it, where it stands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.problems import SHOWN_AT_MOST, EmulationError, Place, Problem, Refused, Unsettled, in_order, report

PLACES = st.none() | st.builds(Place, st.sampled_from(("a.yaml", "b.csv")), st.integers(1, 3), st.integers(1, 3))
PROBLEMS = st.builds(
    Problem,
    st.sampled_from(("E114", "E135")),
    st.sampled_from(("x", "y")),
    path=st.sampled_from(((), ("criteria",), ("criteria", "a"))),
    place=PLACES,
)


@given(st.lists(PROBLEMS), st.randoms(use_true_random=False))
def test_problems_have_one_order(problems: list[Problem], random: object) -> None:
    """Problems come in the order of file, line and column, each once, however they were found."""
    shuffled = [*problems, *problems]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    ordered = in_order(shuffled)
    assert ordered == in_order(problems)
    assert set(ordered) == set(problems)
    placed = [(one.place.file, one.place.line, one.place.column) for one in ordered if one.place]
    assert placed == sorted(placed)


def test_problems_that_differ_only_in_what_was_expected() -> None:
    """The order of problems does not hang on the seed of Python's hashes."""
    program = (
        "from emulation.problems import Problem, in_order\n"
        "print([one.expected for one in in_order(Problem('E1', 'x', expected=word) for word in 'abcdefgh')])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(printed) == 1


@pytest.mark.parametrize("error", [Refused, Unsettled])
def test_an_error_carries_every_problem(error: type[Refused | Unsettled]) -> None:
    """What is refused or left open says all of it, under one root."""
    problem = Problem("E114", "unknown key 'wieght'", "a key", "weight", ("criteria", "a"))
    raised = error([problem, problem])

    assert isinstance(raised, EmulationError)
    assert raised.problems == (problem,)
    assert str(raised) == "criteria.a E114 unknown key 'wieght' (a key); did you mean weight?"


def test_a_place_shows_its_line() -> None:
    """Under the line stands a mark at the column, however wide the letters before it are."""
    place = Place("c.yaml", 7, 6, "漢e\u0301\tx: 1")

    shown = report([Problem("E114", "unknown key 'x'").at(place)])

    assert shown == "c.yaml:7:6 E114 unknown key 'x'\n  7 | 漢e\u0301\tx: 1\n         \t ^"


def test_a_long_report_ends() -> None:
    """Only the first hundred are shown, and how many more there are."""
    shown = report(Problem("E1", str(number)) for number in range(SHOWN_AT_MOST + 5)).splitlines()

    assert len(shown) == SHOWN_AT_MOST + 1
    assert shown[-1] == "... and 5 more"
    assert report([]) == ""
