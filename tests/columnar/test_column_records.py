"""Column records: a tool that reads the exact engine's JSON reads that of columns, and finds the same in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings

from emulation.awards import Places
from emulation.campaign import Campaign
from emulation.columnar.results import Verdict
from emulation.columnar.verdict import left_open, score_columns
from emulation.commands.options import observations_of
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.report.column_records import columns_json
from emulation.report.records import outcome_json, outcome_record

from plain import sound_plain_contests

CAMPAIGNS = ("ha-noi-2025", "hau-giang-2024", "one-stop-2025", "resolution-57-2025", "thai-nguyen-2025")
ONLY_EXACT = {
    "targets": {"value", "distance"},
    "indicators": {"bound", "flags", "because"},
    "criteria": {"branch"},
}
"""What of these only the exact engine says; and why somebody is unranked, and the maximum of what has no points."""


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    folder = Path("campaigns") / name
    campaign = load_campaign(folder)
    return campaign, observations_of(campaign, folder, ())


def document(verdict: Verdict, facts: Observations | None, group: str | None = None) -> dict[str, Any]:
    """Give the document of a verdict."""
    found: dict[str, Any] = json.loads("".join(columns_json(verdict, left_open(verdict), group, facts)))
    return found


def shared(outcome: Outcome, group: str | None = None) -> dict[str, Any]:
    """Give the exact engine's document without what it alone says."""
    record = outcome_record(outcome, group)
    for one in record["participants"]:
        for kind, keys in ONLY_EXACT.items():
            one[kind] = {id: {key: found[key] for key in found.keys() - keys} for id, found in one[kind].items()}
        for criterion in one["criteria"].values():
            if criterion["points"] is None:
                del criterion["max"]
        for placed in (one, *one["standings"].values()):
            if placed["unranked"] is not None:
                del placed["unranked"]
    return record


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_documents_of_real_campaigns_are_the_same(name: str, engine: str) -> None:
    """All but what only the exact engine says, to the last digit; beside it stands who reckoned."""
    campaign, facts = loaded(name)
    outcome = score(campaign, facts)

    found = document(score_columns(campaign, facts, outcome.as_of, engine=engine, parts=True), facts)

    assert found.pop("engine") == engine
    assert found == shared(outcome)


def test_the_keys_stand_in_the_same_order() -> None:
    """What is left of the exact engine's text, once what it alone says is taken out of it, is that of columns."""
    campaign, facts = loaded("thai-nguyen-2025")
    outcome = score(campaign, facts)
    exact = json.loads(outcome_json(outcome))
    verdict = score_columns(campaign, facts, outcome.as_of, engine="polars", parts=True)
    text = "".join(columns_json(verdict, [], None, facts))

    assert text.count(' "engine": "polars",\n') == 1
    assert text.replace(' "engine": "polars",\n', "") == (
        json.dumps(narrowed(exact, json.loads(text)), ensure_ascii=False, indent=1) + "\n"
    )


def narrowed(exact: Any, columns: Any) -> Any:
    """Leave of one document, in its own order, the keys that stand in another."""
    match exact:
        case dict():
            return {key: narrowed(value, columns[key]) for key, value in exact.items() if key in columns}
        case list():
            return [narrowed(*pair) for pair in zip(exact, columns, strict=True)]
        case _:
            return exact


@settings(max_examples=40)
@given(sound_plain_contests())
def test_the_documents_of_drawn_contests_are_the_same(contest: tuple[Campaign, Observations]) -> None:
    """With their ties, gaps and awards; what is not settled is told in fewer words."""
    campaign, facts = contest
    outcome = score(campaign, facts)
    try:
        verdict = score_columns(campaign, facts, outcome.as_of, engine="polars", parts=True)
    except Refused:
        return
    found, exact = document(verdict, facts), shared(outcome)

    assert found.pop("engine") == "polars"
    unsettled = [one for one in found["summary"].pop("problems") if " E161 " not in one]
    assert unsettled == [one for one in exact["summary"].pop("problems") if " E161 " not in one and " E162 " not in one]
    assert found == exact


def test_a_table_that_is_read_where_it_lies_is_not_hashed() -> None:
    """Nothing is said of its rows either; the keys are left out."""
    campaign, facts = loaded("thai-nguyen-2025")
    verdict = score_columns(campaign, facts, engine="polars", parts=True)

    with_facts, without = document(verdict, facts), document(verdict, None)

    assert with_facts.keys() - without.keys() == {"data_hash", "illustrative"}
    assert with_facts["summary"].keys() - without["summary"].keys() == {"rows", "set_aside"}
    assert with_facts["participants"] == without["participants"]


@pytest.mark.parametrize("group", ["19", "nobody's"])
def test_a_group_is_told_alone(group: str) -> None:
    """Its participants and their classes; awards stay those of all."""
    campaign, facts = loaded("thai-nguyen-2025")
    outcome = score(campaign, facts)

    found = document(score_columns(campaign, facts, outcome.as_of, engine="polars", parts=True), facts, group)

    assert found.pop("engine") == "polars"
    assert found == shared(outcome, group)


def test_what_waits_for_a_decision_is_told_as_by_the_exact_engine() -> None:
    """Tie by tie, and an award at whose border two stand; in the document too."""
    campaign, facts = loaded("thai-nguyen-2025")
    standings = tuple(evolve(one, ties="decision") for one in campaign.standings)
    awards = tuple(evolve(one, quota=Places(1)) for one in campaign.awards)
    waiting = evolve(campaign, standings=standings, awards=awards)
    outcome = score(waiting, facts)

    verdict = score_columns(waiting, facts, outcome.as_of, engine="polars", parts=True)
    found = document(verdict, facts)

    assert [str(one) for one in left_open(verdict)] == [str(one) for one in outcome.problems]
    assert {one.code for one in outcome.problems} == {"E171", "E172"}
    assert found.pop("engine") == "polars"
    assert found == shared(outcome)
    assert len(found["awards"]["flag"]["open"]) == 2
