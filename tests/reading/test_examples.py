"""Examples: cases worked by hand come out exactly, or each difference is told where it is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulation.problems import Problem
from emulation.reading.examples import example_outcome, failing_examples
from rulebook import load

MORE = {
    "indicators": (
        "{online: {share: {of: done, among: due}, over: period, better: higher},"
        " stock: {count: dossiers, at: latest}, held: {count: dossiers, at: 2025-01-31},"
        " level: {level: [low, high], at: latest}}"
    ),
    "targets": "{t: {for: commune, indicator: online, at_least: 80%, by: 2025-03-31}}",
    "standings": "{total: {for: commune, by: [total], ties: shared}}",
    "readiness": (
        "{level: {for: commune, classes: [green, red], otherwise: red,"
        " when: {green: {indicator: online, at_least: 80%}}}}"
    ),
    "awards": "{flag: {for: commune, standing: total, places: 1, border: share}}",
}


def failing(folder: Path, example: str, **parts: str) -> list[str]:
    """Give what is told of one example, each with its path."""
    return [said(one) for one in failing_examples(load(folder, **MORE | parts, examples=f"[{example}]"))]


def said(problem: Problem) -> str:
    """Give a problem and where it is."""
    return f"{'.'.join(problem.path[2:])} {problem.code} {problem.what} ({problem.expected})"


def test_an_example_that_comes_out(tmp_path: Path) -> None:
    """Points, total, place, class, awards, targets and values are compared exactly."""
    example = (
        "{for: commune, given: {x: {done: 6, due: 10, stock: 5, held: 7}, y: {done: 8, due: 10}}, expect: {"
        "x: {points: {online: 75}, total: 75, rank: 2, readiness: red, awards: [], targets: {t: missed},"
        " values: {online: 60%, stock: 5, held: 7}}, y: {total: 100, awards: [flag], targets: {t: met}}}}"
    )

    assert failing(tmp_path, example) == []


def test_every_difference_is_told(tmp_path: Path) -> None:
    """Each value that comes out otherwise is told with what came out and what was expected."""
    example = (
        "{for: commune, given: {x: {done: 6, due: 9}}, expect: {"
        "x: {points: {online: 80}, total: 81, rank: 3, readiness: green, awards: [], targets: {t: met},"
        " values: {online: 0.6, stock: 1}}}}"
    )

    assert sorted(failing(tmp_path, example)) == [
        "expect.x.awards E181 awards of x comes out as flag (none is expected)",
        "expect.x.points.online E181 points.online of x comes out as 250/3 (80 is expected)",
        "expect.x.rank E181 rank of x comes out as 1 (3 is expected)",
        "expect.x.readiness E181 readiness of x comes out as red (green is expected)",
        "expect.x.targets.t E181 targets.t of x comes out as missed (met is expected)",
        "expect.x.total E181 total of x comes out as 250/3 (81 is expected)",
        "expect.x.values.online E181 values.online of x comes out as 2/3 (0.6 is expected)",
        "expect.x.values.stock E181 values.stock of x comes out as nothing (unreported) (1 is expected)",
    ]


def test_what_is_not_for_a_body(tmp_path: Path) -> None:
    """What is expected of somebody whom a rule is not for comes out as nothing."""
    example = (
        "{given: {p: {stock: 5}}, expect: {"
        "p: {points: {online: 80}, total: 1, rank: 1, readiness: green, targets: {t: met}, values: {stock: 5}}}}"
    )
    told = failing(tmp_path, example)

    assert len(told) == 5
    assert all("comes out as nothing" in one for one in told)


def test_the_bodies_of_an_example(tmp_path: Path) -> None:
    """A body is described, a participant of the campaign, or invented: of the kind said, else of the first."""
    campaign = load(
        tmp_path,
        **MORE,
        examples=(
            "[{for: commune, bodies: {x: {kind: commune, parent: p, groups: {cluster: east}}, z: {kind: commune,"
            " parent: nobody}}, given: {x: {done: 1, due: 1}, b: {done: 1, due: 1}, y: {stock: 1}, p: {}},"
            " expect: {}}, {given: {w: {}}, expect: {}}]"
        ),
    )
    first, second = (example_outcome(campaign, example).campaign.participants for example in campaign.examples)

    assert [(body.id, body.kind, body.parent, body.groups) for body in first] == [
        ("x", "commune", "p", (("cluster", "east"),)),
        ("z", "commune", None, ()),
        ("b", "commune", "p", (("cluster", "west"),)),
        ("y", "commune", None, ()),
        ("p", "province", None, ()),
    ]
    assert [body.kind for body in second] == ["province"]


def test_a_state_in_brackets(tmp_path: Path) -> None:
    """What is given can be a state, in brackets."""
    example = '{for: commune, given: {x: {done: "[not_applicable]", due: 9}}, expect: {x: {total: 1}}}'

    assert failing(tmp_path, example) == ["expect.x.total E181 total of x comes out as nothing (1 is expected)"]


def test_an_example_of_another_day(tmp_path: Path) -> None:
    """An example is computed for its own day, on the rules in force then; a flow is reported up to it."""
    example = "{for: commune, as_of: 2025-%s, given: {x: {done: 6, due: 10}}, expect: {x: {total: %s}}}"
    criteria = (
        "{online: {for: commune, indicator: online, max: {dated: {2025-01-01: 100, 2025-02-01: 80}},"
        " proportional: {full_at: 80%, cap: full}}}"
    )

    assert failing(tmp_path, example % ("01-31", 75), criteria=criteria) == []
    assert failing(tmp_path, example % ("02-28", 60), criteria=criteria) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{don: 6}", "given.x.don E182 a fact of the example cannot be used: unknown indicator 'don' (None)"),
        (
            "{stock: -1}",
            "given.x.stock E182 a fact of the example cannot be used: -1 is no count (a whole number, not negative)",
        ),
        (
            "{level: six}",
            "given.x.level E182 a fact of the example cannot be used: 'six' is no level (low, high)",
        ),
    ],
)
def test_a_fact_that_cannot_be_used(given: str, told: str, tmp_path: Path) -> None:
    """A fact that cannot be read or used is told where it is given."""
    assert failing(tmp_path, f"{{for: commune, given: {{x: {given}}}, expect: {{}}}}") == [told]


def test_a_body_of_whom_nothing_is_given(tmp_path: Path) -> None:
    """What is expected of somebody who is not there is told."""
    assert failing(tmp_path, "{given: {a: {}}, expect: {b: {total: 1}}}") == [
        "expect.b E135 nothing is given for 'b' (None)"
    ]
