"""Outcome: the same rules and facts give the same result, whatever they are called and however they are listed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.awards import Award, Considered
from emulation.campaign import Campaign
from emulation.criteria import TOTAL, Mean
from emulation.gaps import Zero
from emulation.joins import Scored
from emulation.measures import Measurement
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.periods import Span
from emulation.plausibility import Plausibility, Range, doubts
from emulation.problems import Problem
from emulation.standings import Indicator_, Key, Placed
from emulation.targets import Aim
from emulation.testing.contests import contests
from small import DAY, FEW, at_least, body, by_total, campaign, contest, indicator, leaf, outcome

Contest: TypeAlias = tuple[Campaign, Observations]


def said(came_to: Outcome) -> dict[str, Any]:
    """Give all that an outcome says, whatever order it says it in."""
    every = {
        "measured": came_to.measurements,
        "points": came_to.scores,
        "places": came_to.standings,
        "targets": came_to.aims,
        "awards": {id: award.considered for id, award in came_to.awards.items()},
    }
    flat: dict[str, Any] = {
        part: {(id, body): heard(one) for id, bodies in found.items() for body, one in bodies.items()}
        for part, found in every.items()
    }
    classes = {body: (one.class_, one.by) for body, one in came_to.classes.items()}
    return flat | {"classes": classes, "problems": sorted(problem.code for problem in came_to.problems)}


def heard(record: Any) -> Any:
    """Give what a stage's record says, apart from how it is told."""
    match record:
        case Measurement():
            return record.state, record.value, record.bound
        case Scored():
            return record.points, record.most, record.branch
        case Placed():
            return record.place, record.of, frozenset(record.tied_with)
        case Aim():
            return record.state, record.distance
        case Considered():
            return record.result
    raise AssertionError(record)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Give a record with every id in it called differently, inside and out."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(renamed(one, names) for one in value)
    if isinstance(value, dict):
        return {renamed(key, names): renamed(one, names) for key, one in value.items()}
    if isinstance(value, frozenset):
        return frozenset(renamed(one, names) for one in value)
    if attrs.has(type(value)):
        found = {field.name: getattr(value, field.name) for field in attrs.fields(type(value)) if field.init}
        called = {name: renamed(one, names) for name, one in found.items()}
        return evolve(value, **{name: one for name, one in called.items() if one is not found[name]})
    return value


@FEW
@given(contests(), st.randoms(use_true_random=False))
def test_anonymity(drawn: Contest, random: Any) -> None:
    """In whatever order bodies, facts, indicators and rules are written, the same comes out."""
    rules, facts = drawn

    def shuffled(items: Any) -> Any:
        return tuple(random.sample(list(items), len(items)))

    other = evolve(
        rules,
        participants=Participants(shuffled(rules.participants.listed)),
        indicators=shuffled(rules.indicators),
        criteria=shuffled(rules.criteria),
        targets=shuffled(rules.targets),
        standings=shuffled(rules.standings),
        awards=shuffled(rules.awards),
    )

    assert said(score(other, Observations(shuffled(facts.reported)))) == said(score(rules, facts))
    assert other.fingerprint == evolve(rules, participants=other.participants).fingerprint


@FEW
@given(contests(), st.randoms(use_true_random=False))
def test_names_are_not_data(drawn: Contest, random: Any) -> None:
    """When everybody and everything is called differently, only the names in the result change."""
    rules, facts = drawn
    ids = [
        *rules.participants.by_id,
        *rules.indicator,
        *rules.criterion,
        *rules.facts,
        "total",
        "other",
        "own",
        "below",
        "flag",
        "praise",
    ]
    ids = [id for id in dict.fromkeys(ids) if id != TOTAL]
    names = {id: f"{random.choice('abcxyz')}{number}" for number, id in enumerate(random.sample(ids, len(ids)))}

    other, others_facts = renamed(rules, names), Observations(renamed(facts.reported, names))
    assert said(score(other, others_facts)) == renamed(said(score(rules, facts)), names)


@FEW
@given(contests())
def test_outsiders(drawn: Contest) -> None:
    """A body that does not compete changes nothing, and neither does a fact about it, or about a day to come."""
    rules, facts = drawn
    outsider = Participant("outsider", "Outsider", "ministry")
    tomorrow = Span(date(2025, 11, 1), date(2025, 11, 1))
    more = [
        Observation(body, fact, days, Fraction(7, 3))
        for body, days in (("outsider", Span(DAY, DAY)), (rules.participants.listed[0].id, tomorrow))
        for fact in rules.facts
    ]
    other = evolve(rules, participants=Participants((outsider, *rules.participants)))
    before, after = said(score(rules, facts)), said(score(other, Observations((*more, *facts.reported))))

    assert {
        part: {key: one for key, one in after[part].items() if "outsider" not in key}
        for part in before
        if part != "problems"
    } == {part: found for part, found in before.items() if part != "problems"}
    assert after["problems"] == before["problems"]


@FEW
@given(contests(most=3))
def test_symmetry(drawn: Contest) -> None:
    """Two bodies of which the same is reported fare the same in everything."""
    rules, facts = drawn
    first = next(body for body in rules.participants if body.kind == "commune")
    twin = evolve(first, id="twin", name="Twin")
    others = (evolve(fact, participant="twin") for fact in facts if fact.participant == first.id)
    both = score(evolve(rules, participants=Participants((twin, *rules.participants))), Observations((*others, *facts)))
    found = said(both)

    for part in ("measured", "points", "targets", "awards"):
        assert {key: found[part][key[0], "twin"] for key in found[part] if key[1] == first.id} == {
            key: one for key, one in found[part].items() if key[1] == first.id
        }
    assert found["classes"].get("twin") == found["classes"].get(first.id)
    for placed in both.standings.values():
        assert placed["twin"].place == placed[first.id].place
        assert placed["twin"].place is None or first.id in placed["twin"].tied_with


@FEW
@given(contests())
def test_purity_and_exactness(drawn: Contest) -> None:
    """The same is said twice; nobody is forgotten; every number is a whole number or a fraction."""
    came_to, again = score(*drawn), score(*drawn)

    assert came_to == again
    assert [result.participant for result in came_to] == list(came_to.campaign.participants)
    for found in came_to.scores.values():
        for one in found.values():
            assert all(isinstance(number, int | Fraction | None) for number in (one.points, one.exact, one.most))


@FEW
@given(contests())
def test_terms_add_up(drawn: Contest) -> None:
    """What the parts of a sum or mean add is the exact whole, unless a floor, a cap or a gate cut it."""
    came_to = score(*drawn)

    for criterion in came_to.campaign.criterion.values():
        for one in came_to.scores[criterion.id].values():
            if one.branch in ("sum", "mean", "weighted_sum", "best_of"):
                assert sum(term for _, term in one.terms) == one.exact


@FEW
@given(contests())
def test_an_award_s_conditions_hold(drawn: Contest) -> None:
    """Every winner is in the award's field, alive where it is ranked, and meets its conditions."""
    came_to = score(*drawn)

    for award in came_to.campaign.awards:
        for id in came_to.awards[award.id].winners:
            considered = came_to.awards[award.id].considered[id]
            assert award.for_.selects(came_to.campaign.participants[id])
            assert considered.judged is None or considered.judged.holds
            assert award.standing is None or came_to.standings[award.standing][id].place is not None


# --- asking an outcome ---------------------------------------------------------------------------------------------


def test_one_participant_s_result() -> None:
    """A result is asked for by id or name, and repeats the first standing that ranks its participant."""
    by_x = by_total(id="by_x", by=(Key(Indicator_("x")),))
    came_to = outcome({"a": {"x": 9}, "b": {"x": "missing"}}, leaf("x", missing=None), standings=(by_x, by_total()))
    one, other = came_to["a"], came_to["B"]

    assert (one.total, one.most, one.rank, one.of, one.readiness, one.awards, one.unranked) == (
        9,
        10,
        1,
        1,
        None,
        (),
        None,
    )
    assert (other.participant.id, other.total, other.rank, other.unranked) == ("b", None, None, "missing:x")
    with pytest.raises(KeyError):
        came_to["z"]


def test_a_campaign_without_points() -> None:
    """A campaign may have no criteria, no standing and no class; then its results have none."""
    result = outcome({"a": {"x": 1}})["a"]

    assert (result.total, result.most, result.rank, result.readiness, result.placed) == (None, None, None, None, None)


def test_the_day_it_is_computed_for() -> None:
    """The day asked for goes before the one declared, that before the latest fact's, that before the last of all."""
    rules, facts = contest({"a": {"x": 1}}, leaf("x"))
    undeclared = evolve(rules, as_of=None)

    assert score(rules, facts, "2025-07-01").as_of == date(2025, 7, 1)
    assert score(rules, facts, date(2025, 7, 2)).as_of == date(2025, 7, 2)
    assert score(rules, facts).as_of == DAY
    assert score(
        undeclared, Observations((Observation("a", "x", Span(date(2025, 2, 1), date(2025, 2, 3)), 1),))
    ).as_of == date(2025, 2, 3)
    assert score(undeclared, Observations()).as_of == date(2025, 12, 31)


def test_what_is_left_open() -> None:
    """Rows set aside are a problem where the campaign says that they block, and a remark elsewhere."""
    rules, _ = contest({"a": {"x": 1}}, leaf("x"))
    row = Problem("E318", "unknown participant 'b'")
    facts = Observations(set_aside=(row,))

    assert score(rules, facts).is_settled
    assert score(evolve(rules, set_aside="block"), facts).problems == (row,)


def test_a_hash_of_the_facts() -> None:
    """The hash of the facts is blind to their order and sees every value, day and state."""
    fact = Observation("a", "x", Span(DAY, DAY), 1)
    others = [
        evolve(fact, value=Fraction(1, 3)),
        evolve(fact, state="missing", value=None),
        evolve(fact, bound="above"),
        evolve(fact, span=Span(date(2025, 1, 1), DAY)),
        evolve(fact, fact="y"),
        evolve(fact, participant="b"),
    ]
    rules = campaign(Participant("a", "A", "commune"), indicators=(indicator("x"), indicator("y")))
    hashes = [score(rules, Observations((one,))).data_hash for one in (fact, *others)]

    assert len(set(hashes)) == len(hashes)
    both = [score(rules, Observations(rows)).data_hash for rows in ((fact, others[4]), (others[4], fact))]
    assert both[0] == both[1]


def test_scoring_leaves_the_collector_as_it_was() -> None:
    """The search for garbage stands still while a board is made, and is as it was before afterwards."""
    assert gc.isenabled()
    gc.disable()
    try:
        outcome({"a": {"x": 1}}, leaf("x"))
        assert not gc.isenabled()
    finally:
        gc.enable()
    outcome({"a": {"x": 1}}, leaf("x"))
    assert gc.isenabled()


def test_editions() -> None:
    """The rules in force on the day are those that judge."""
    rules, facts = contest({"a": {"x": 8}}, leaf("x"))
    stricter = evolve(rules, criteria=(leaf("x", max=5),))
    dated = evolve(rules, editions=((date(2025, 1, 1), rules), (date(2025, 7, 1), stricter)))

    assert score(dated, facts, "2025-06-30")["a"].total == 8
    assert score(dated, facts, "2025-07-01")["a"].total == 4


PROGRAM = """
from fractions import Fraction
from emulation.outcome import score
from test_outcome import hard_contest
came_to = score(*hard_contest())
print(ascii((came_to.scores, came_to.standings, came_to.aims, came_to.classes, came_to.awards, came_to.problems)))
print(came_to.data_hash, came_to.campaign.fingerprint)
"""


def hard_contest() -> Contest:
    """Give a contest with ties, gaps, groups and problems."""
    rows: dict[str, dict[str, Any]] = {id: {"x": number % 3, "y": number % 2} for number, id in enumerate("đaéfbc")}
    rows["z"] = {"x": "missing", "y": "withheld"}
    section = leaf("s", Mean((leaf("x"), leaf("y"))), indicator=None, max=None, missing=None)
    return contest(rows, section, leaf("k", indicator="x", missing=Zero()), standings=(by_total(ties="decision"),))


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONUTF8": "0"},
    ],
)
def test_neither_seed_nor_place_decides(environment: dict[str, str]) -> None:
    """The hash seed, the time zone and the locale change not a character of what comes out."""
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])  # noqa: PTH120
    command = [sys.executable, "-c", PROGRAM]

    def printed(**more: str) -> bytes:
        return subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": path, **more}
        ).stdout

    assert printed(**environment) == printed(PYTHONHASHSEED="3", TZ="UTC")


def test_a_body_that_is_gone_is_not_judged() -> None:
    """Who no longer exists on the day has no points and no award, is compared with nobody, and is said to be gone."""
    bodies = (body("a"), evolve(body("b"), until=date(2025, 1, 1)))
    flag = Award("flag", needs=at_least("x", 1))

    found = outcome({"a": {"x": 1}, "b": {"x": 9}}, leaf("x"), standings=(by_total(),), awards=(flag,), bodies=bodies)

    assert (found["b"].total, found["b"].unranked, found["b"].awards) == (None, "not_alive", ())
    assert (found["a"].of, found["a"].awards) == (1, ("flag",))


def test_figures_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is in the way and what is told is not; both are doubts, found in one go."""
    looks: list[object] = []

    def counted(*given: Any) -> Any:
        looks.append(given)
        return doubts(*given)

    monkeypatch.setattr("emulation.outcome.doubts", counted)
    checks = (Plausibility(Range("x", to=4), "refused"), Plausibility(Range("x", to=6)))
    came_to = outcome({"a": {"x": 5}, "b": {"x": 7}}, leaf("x"), plausibility=checks)

    assert [one.observation.participant for one in came_to.doubts] == ["a", "b", "b"]
    assert [problem.what for problem in came_to.problems] == ["x of a is 5", "x of b is 7"]
    assert len(looks) == 1
