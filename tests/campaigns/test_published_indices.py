"""Published indices: a published table comes out of its rules and inputs, score by score and place by place."""

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from boards import ROOT, outcome

# For each index, how near a published score must come out: its README says why it is not equal to the last digit.
NEAR = {"pci-2006": Fraction("0.001"), "papi-2019": Fraction("0.00001")}

PCI_SCORES = [
    "entry",
    "land_1_soft",
    "land_1_hard",
    "land_1",
    "land_2",
    "land",
    "transparency_1",
    "transparency_2",
    "transparency_3",
    "transparency_4",
    "transparency",
    "time_1",
    "time_2",
    "time",
    "informal",
    "soebias_soft",
    "soebias_hard",
    "soebias",
    "proactivity",
    "psd",
    "labor",
    "legal_soft",
    "legal_hard",
    "legal",
    "total",
]
PAPI_SCORES = [
    "participation",
    "transparency",
    "accountability",
    "corruption",
    "procedures",
    "services",
    "environmental",
    "e_governance",
    "total",
]


@cache
def published(name: str) -> dict[str, dict[str, str]]:
    """Give the rows of an index's published table by participant."""
    with (ROOT / "campaigns" / name / "published.csv").open(encoding="utf-8", newline="") as file:
        return {row["participant"]: row for row in csv.DictReader(file)}


def far_off(name: str, score: str) -> list[str]:
    """Give the participants whose score comes out further from the published one than it may."""
    scored = outcome(name).scores[score]
    return [id for id, row in published(name).items() if not _is_near(scored[id].points, row[score], NEAR[name])]


def _is_near(found: Fraction | int | None, wanted: str, near: Fraction) -> bool:
    return found is not None and abs(found - Fraction(wanted)) <= near


@pytest.mark.parametrize("score", PCI_SCORES)
def test_a_score_of_the_pci_comes_out_for_every_province(score: str) -> None:
    """A published score of the PCI 2006 comes out within 0.001 for all 64 provinces."""
    assert far_off("pci-2006", score) == []


def test_every_rank_of_the_pci_comes_out() -> None:
    """All 64 published ranks of the PCI 2006 come out."""
    ranks = {id: row["rank"] for id, row in published("pci-2006").items()}

    assert {id: str(outcome("pci-2006")[id].rank) for id in ranks} == ranks


def test_the_published_pci_has_64_provinces_and_25_scores() -> None:
    """The published table of the PCI is whole."""
    assert len(published("pci-2006")) == 64
    assert {*PCI_SCORES, "participant", "rank"} == set(next(iter(published("pci-2006").values())))


def test_the_weights_of_the_pcis_inspections_are_not_scaled_up() -> None:
    """No province has more than 6.4 points in the dimension whose weights add up to 0.64."""
    assert {scored.most for scored in outcome("pci-2006").scores["time_2"].values()} == {Fraction("6.4")}


def test_the_best_and_the_worst_province_have_10_and_1_for_an_indicator() -> None:
    """Peer min-max puts the field between 1 and 10, both ends taken."""
    points = {scored.points for scored in outcome("pci-2006").scores["website"].values()}

    assert (min(points), max(points)) == (1, 10)


@pytest.mark.parametrize("score", PAPI_SCORES)
def test_a_score_of_papi_comes_out_for_every_province(score: str) -> None:
    """A published score of PAPI 2019 comes out within 0.00001 for all 63 provinces."""
    assert far_off("papi-2019", score) == []


def test_the_published_papi_has_63_provinces_and_9_scores() -> None:
    """The published table of PAPI is whole."""
    assert len(published("papi-2019")) == 63
    assert {*PAPI_SCORES, "participant"} == set(next(iter(published("papi-2019").values())))


def test_papi_has_no_ranks() -> None:
    """PAPI publishes no ranks, and none are made up."""
    assert outcome("papi-2019").standings == {}


@pytest.mark.parametrize("name", NEAR)
def test_an_input_keeps_every_digit_that_was_published(name: str) -> None:
    """An input is read as it was written: written back, it is the same text."""
    file = Path(ROOT, "campaigns", name, "observations.csv")
    with file.open(encoding="utf-8", newline="") as table:
        written = {(row["participant"], row["indicator"]): row["value"] for row in csv.DictReader(table)}

    assert {(one.participant, one.fact): one.value for one in outcome(name).observations} == {
        key: Fraction(value) for key, value in written.items()
    }
