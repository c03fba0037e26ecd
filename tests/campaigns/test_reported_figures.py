"""Reported figures: what the articles say comes out of the founding campaigns, to the digit."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
FOUNDING = ("thai-nguyen-2025", "resolution-57-2025", "hau-giang-2024", "ha-noi-2025", "hai-phong-2024")
WITH_REPORTED_ROWS = {"resolution-57-2025", "hai-phong-2024"}

Record = dict[str, Any]


@cache
def board(campaign: str, as_of: str | None = None) -> Record:
    """Give what ``score --format json`` prints."""
    command = [sys.executable, "-m", "emulation", "score", str(CAMPAIGNS / campaign), "--format", "json"]
    when = [] if as_of is None else ["--as-of", as_of]
    done = subprocess.run([*command, *when], capture_output=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


@cache
def participants(campaign: str, as_of: str | None = None) -> dict[str, Record]:
    """Give the participants of a board by id."""
    return {one["id"]: one for one in board(campaign, as_of)["participants"]}


def of_kind(campaign: str, kind: str) -> list[Record]:
    """Give the participants of a kind."""
    return [one for one in participants(campaign).values() if one["kind"] == kind]


@cache
def rows(campaign: str, table: str = "observations.csv") -> tuple[dict[str, str], ...]:
    """Give the rows of a campaign's table."""
    with (CAMPAIGNS / campaign / table).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


# --- thai-nguyen-2025 ---------------------------------------------------------------------------------------


def test_thai_nguyen_has_92_communes() -> None:
    """Thái Nguyên has 92 communes and wards."""
    assert len(of_kind("thai-nguyen-2025", "commune")) == 92


def test_thai_nguyen_communes_are_63_green_29_amber_and_0_red() -> None:
    """On 6 August 2025, 63 communes are green and none is red, so that 29 are amber."""
    found = board("thai-nguyen-2025")

    assert (found["as_of"], found["summary"]["readiness"]["commune"]) == (
        "2025-08-06",
        {"green": 63, "amber": 29, "red": 0},
    )


def test_thai_nguyen_online_share() -> None:
    """The province's share online is 68.91 %, pooled from its communes."""
    share = participants("thai-nguyen-2025")["19"]["indicators"]["online_share"]

    assert (share["value"], "pooled" in share["flags"]) == ("0.6891", True)


def test_thai_nguyen_share_is_pooled_and_no_mean() -> None:
    """The pooled share is not the mean of the communes' shares."""
    shares = [
        Fraction(int(one["indicators"]["online_share"]["of"]), int(one["indicators"]["online_share"]["among"]))
        for one in of_kind("thai-nguyen-2025", "commune")
    ]

    assert sum(shares) / len(shares) > Fraction(75, 100)


def test_thai_nguyen_is_ready() -> None:
    """The province is ready with 63 of its 92 communes green: ready does not ask for all."""
    assert participants("thai-nguyen-2025")["19"]["readiness"] == "ready"


@pytest.mark.parametrize("target", ["online_80", "all_green"])
def test_thai_nguyen_targets_are_open(target: str) -> None:
    """On 6 August both targets of the province are still open."""
    assert participants("thai-nguyen-2025")["19"]["targets"][target]["state"] == "open"


def test_thai_nguyen_online_target_ends_on_19_august() -> None:
    """Before 20 August means by the 19th: on the 20th the target is missed, and the other still open."""
    targets = participants("thai-nguyen-2025", "2025-08-20")["19"]["targets"]

    assert {id: one["state"] for id, one in targets.items()} == {"online_80": "missed", "all_green": "open"}


def test_thai_nguyen_green_target_ends_on_24_august() -> None:
    """Before 25 August means by the 24th: on the 25th the target is missed."""
    assert participants("thai-nguyen-2025", "2025-08-25")["19"]["targets"]["all_green"]["state"] == "missed"


def test_thai_nguyen_communes_share_places() -> None:
    """Communes with equal shares online stand in the same place."""
    places = Counter(one["standings"]["online"]["rank"] for one in of_kind("thai-nguyen-2025", "commune"))

    assert sorted(places.values(), reverse=True)[:4] == [2, 2, 2, 2]


def test_thai_nguyen_flag_goes_to_at_most_ten_percent() -> None:
    """At most 10 % of 92 ranked communes is 9, and no tie at the border waits for a decision."""
    flag = board("thai-nguyen-2025")["awards"]["flag"]

    assert (len(flag["winners"]), flag["open"]) == (9, [])


def test_thai_nguyen_can_be_scored_for_an_earlier_day() -> None:
    """On 20 July fewer dossiers came online, and the province was not ready."""
    province = participants("thai-nguyen-2025", "2025-07-20")["19"]

    share = Fraction(
        int(province["indicators"]["online_share"]["of"]), int(province["indicators"]["online_share"]["among"])
    )
    assert share < Fraction(6891, 10000)
    assert province["readiness"] == "not_ready"


# --- resolution-57-2025 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "count"), [("province", 34), ("commune", 3321)])
def test_resolution_57_counts_units(kind: str, count: int) -> None:
    """The country has 34 provinces and 3,321 communes."""
    assert len(of_kind("resolution-57-2025", kind)) == count


def test_resolution_57_official_types() -> None:
    """The official type is a group: 28 provinces and 6 cities; 2,621 communes, 687 wards, 13 special zones."""
    types = Counter(one["groups"]["type"] for one in participants("resolution-57-2025").values())

    assert types == {"tỉnh": 28, "thành phố trung ương": 6, "xã": 2621, "phường": 687, "đặc khu": 13}


def test_resolution_57_ready_provinces() -> None:
    """Of 34 provinces 26 are ready."""
    assert board("resolution-57-2025")["summary"]["readiness"]["province"] == {"ready": 26, "not_ready": 8}


def test_resolution_57_thai_nguyen_is_ready() -> None:
    """Thái Nguyên is one of the 26."""
    assert participants("resolution-57-2025")["19"]["readiness"] == "ready"


def test_resolution_57_thai_nguyen_is_20th_online() -> None:
    """Thái Nguyên is 20th of 34 on its share online."""
    online = participants("resolution-57-2025")["19"]["standings"]["online"]

    assert (online["rank"], online["of"], online["tied_with"]) == (20, 34, [])


def test_resolution_57_thai_nguyen_share() -> None:
    """Thái Nguyên has 68.91 % online."""
    assert participants("resolution-57-2025")["19"]["indicators"]["online_share"]["value"] == "0.6891"


def test_resolution_57_thai_nguyen_communes_are_the_same_participants() -> None:
    """Thái Nguyên's 92 communes are listed alike in both campaigns."""
    here = [one for one in rows("resolution-57-2025", "participants.csv") if one["parent"] == "19"]
    there = [one for one in rows("thai-nguyen-2025", "participants.csv") if one["parent"] == "19"]

    assert (len(here), here) == (92, there)


def test_resolution_57_thai_nguyen_communes_have_the_same_rows() -> None:
    """What is reported of Thái Nguyên's communes is the same in both campaigns."""
    communes = {one["id"] for one in rows("thai-nguyen-2025", "participants.csv")} - {"19"}
    here = [one for one in rows("resolution-57-2025") if one["participant"] in communes]

    assert here == list(rows("thai-nguyen-2025"))


def test_resolution_57_thai_nguyen_communes_have_the_same_results() -> None:
    """Thái Nguyên's communes earn the same points and hold the same classes in both campaigns."""
    here, there = participants("resolution-57-2025"), participants("thai-nguyen-2025")
    communes = [one["id"] for one in of_kind("thai-nguyen-2025", "commune")]

    assert {id: (here[id]["total"], here[id]["readiness"]) for id in communes} == {
        id: (there[id]["total"], there[id]["readiness"]) for id in communes
    }


def test_resolution_57_ho_chi_minh_city_tasks() -> None:
    """Ho Chi Minh City completed 17 of 17 tasks."""
    tasks = participants("resolution-57-2025")["79"]["indicators"]["tasks_done"]

    assert (tasks["of"], tasks["among"]) == ("17", "17")


def test_resolution_57_ho_chi_minh_city_communes() -> None:
    """All 168 communes, wards and the special zone of Ho Chi Minh City are green."""
    classes = [one["readiness"] for one in of_kind("resolution-57-2025", "commune") if one["parent"] == "79"]

    assert classes == ["green"] * 168


def test_resolution_57_ho_chi_minh_city_is_second() -> None:
    """Ho Chi Minh City is 2nd of 34 in the first declared standing of provinces."""
    city = participants("resolution-57-2025")["79"]

    assert (city["rank"], city["of"], city["tied_with"]) == (2, 34, [])


def test_resolution_57_sizes() -> None:
    """The largest province, Ho Chi Minh City, received 43 times as many dossiers as the smallest, Điện Biên."""
    received = {
        one["id"]: int(one["indicators"]["online_share"]["among"]) for one in of_kind("resolution-57-2025", "province")
    }

    assert (max(received, key=received.__getitem__), min(received, key=received.__getitem__)) == ("79", "11")
    assert received["79"] == 43 * received["11"]


def test_resolution_57_only_reported_rows_are_not_illustrative() -> None:
    """Only the tasks of Ho Chi Minh City are reported, and say by whom."""
    reported = {
        (one["participant"], one["indicator"], one["value"]) for one in rows("resolution-57-2025") if one["source"]
    }

    assert reported == {("79", "tasks_due", "17"), ("79", "tasks_completed", "17")}


# --- hau-giang-2024 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "count"), [("district", 8), ("commune", 75), ("telecom", 3)])
def test_hau_giang_kinds(kind: str, count: int) -> None:
    """Three kinds take part: 8 districts, 75 communes, 3 telecom companies."""
    assert len(of_kind("hau-giang-2024", kind)) == count


@pytest.mark.parametrize(
    ("kind", "targets"),
    [
        ("district", ["T1", "T2", "T3a", "T3b"]),
        ("commune", ["T1", "T2", "T3a", "T3b"]),
        ("telecom", ["T4"]),
    ],
)
def test_hau_giang_targets(kind: str, targets: list[str]) -> None:
    """Dossiers are the targets of districts and communes, 2G is that of the companies."""
    assert {tuple(one["targets"]) for one in of_kind("hau-giang-2024", kind)} == {tuple(targets)}


@pytest.mark.parametrize(
    ("target", "bound"),
    [
        ("T1", Fraction(60, 100)),
        ("T2", Fraction(50, 100)),
        ("T3a", Fraction(1)),
        ("T3b", Fraction(1)),
        ("T4", Fraction(1)),
    ],
)
def test_hau_giang_bounds(target: str, bound: Fraction) -> None:
    """The targets are 60 %, 50 %, 100 %, 100 % and 100 %."""
    found = [one["targets"][target] for one in participants("hau-giang-2024").values() if target in one["targets"]]

    assert {Fraction(one["value"]) - Fraction(one["distance"]) for one in found if one["distance"]} == {bound}


@pytest.mark.parametrize("what", ["total", "rank", "readiness"])
def test_hau_giang_has_no_points(what: str) -> None:
    """There are no points, no ranking and no classes."""
    assert {one[what] for one in participants("hau-giang-2024").values()} == {None}


def test_hau_giang_without_fees_is_undecided() -> None:
    """Where there was no fee to pay, the target of online payment is undecided."""
    target = participants("hau-giang-2024")["31339"]["targets"]["T2"]

    assert target["state"] == "undecided"


# --- ha-noi-2025 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "count"),
    [("van-phong-thanh-uy", 4), ("van-phong-hdnd", 3), ("van-phong-ubnd", 2), ("trung-tam-hanh-chinh-cong", 3)],
)
def test_ha_noi_bodies_have_their_own_targets(body: str, count: int) -> None:
    """Each of the four bodies has targets that nobody else has."""
    everybody = participants("ha-noi-2025")
    others = {id for one in everybody.values() if one["id"] != body for id in one["targets"]}

    assert (len(everybody[body]["targets"]), others & set(everybody[body]["targets"])) == (count, set())


def test_ha_noi_four_bodies() -> None:
    """Four bodies signed the pact."""
    assert len(of_kind("ha-noi-2025", "agency")) == 4


@pytest.mark.parametrize(("as_of", "value", "met"), [("2025-09-30", "0.95", False), ("2025-12-31", "1147/1200", True)])
def test_ha_noi_satisfaction_is_strict(as_of: str, value: str, *, met: bool) -> None:
    """Satisfaction of exactly 95 % does not meet the target of over 95 %."""
    target = participants("ha-noi-2025", as_of)["trung-tam-hanh-chinh-cong"]["targets"]["centre_satisfaction"]

    assert (target["value"], target["state"] == "met") == (value, met)


def test_ha_noi_goals_of_2030_belong_to_the_city() -> None:
    """The goals of 2030 are the city's, and still open when the pact has ended."""
    city = participants("ha-noi-2025")["01"]["targets"]

    assert {id: one["state"] for id, one in city.items()} == dict.fromkeys(
        ["users_2030", "cashless_2030", "procedures_2030", "officials_2030", "economy_2030"], "open"
    )


@pytest.mark.parametrize("what", ["total", "rank", "readiness"])
def test_ha_noi_has_no_points(what: str) -> None:
    """There are no points, no ranking and no classes."""
    assert {one[what] for one in participants("ha-noi-2025").values()} == {None}


# --- hai-phong-2024 -----------------------------------------------------------------------------------------


def test_hai_phong_has_35_departments_and_districts() -> None:
    """The 35 are 20 departments and 15 districts."""
    assert (len(of_kind("hai-phong-2024", "department")), len(of_kind("hai-phong-2024", "district"))) == (20, 15)


def test_hai_phong_has_217_communes() -> None:
    """There are 217 communes and wards."""
    assert len(of_kind("hai-phong-2024", "commune")) == 217


def test_hai_phong_baseline() -> None:
    """Early in 2022, 18 % of dossiers were submitted online."""
    assert participants("hai-phong-2024", "2022-03-01")["31"]["indicators"]["online_reported"]["value"] == "0.18"


def test_hai_phong_procedures_integrated() -> None:
    """Early in 2022, about 30 % of procedures were on the National Portal."""
    early = participants("hai-phong-2024", "2022-03-01")["31"]["indicators"]

    assert early["procedures_integrated"]["value"] == "0.3"


def test_hai_phong_baseline_missed_the_government_target() -> None:
    """The baseline of 18 % did not meet the Government's 50 %."""
    assert participants("hai-phong-2024", "2022-03-01")["31"]["targets"]["government"]["state"] == "not_met"


def test_hai_phong_result_of_2024_is_a_bound() -> None:
    """Over 90 % online in 2024 is a bound, not a value."""
    online = participants("hai-phong-2024")["31"]["indicators"]["online_reported"]

    assert (online["value"], online["bound"]) == ("0.9", "above")


def test_hai_phong_bound_meets_the_government_target() -> None:
    """Over 90 % is enough to say that 50 % is met."""
    assert participants("hai-phong-2024")["31"]["targets"]["government"]["state"] == "met"


@pytest.mark.parametrize(("indicator", "value"), [("digitised_reported", "0.92"), ("paid_online_reported", "0.6")])
def test_hai_phong_results_of_2024(indicator: str, value: str) -> None:
    """In 2024, 92 % of dossiers were digitised and 60 % of payments were made online."""
    assert participants("hai-phong-2024")["31"]["indicators"][indicator]["value"] == value


def test_hai_phong_full_process_is_another_indicator() -> None:
    """The target of 75 % fully processed online is not answered by the share submitted online."""
    city = participants("hai-phong-2024")["31"]

    assert (city["indicators"]["full_process_share"]["state"], city["targets"]["full_process"]["value"]) == (
        "missing",
        None,
    )


def test_hai_phong_units_have_targets_of_their_own() -> None:
    """Each of the 252 units is held against a target of its own, and not all meet it."""
    units = [one for one in participants("hai-phong-2024").values() if one["kind"] != "city"]
    bounds = [one["indicators"]["own_target"]["value"] for one in units]

    assert (len(bounds), None in bounds, len(set(bounds)) > 10) == (252, False, True)
    assert {one["targets"]["own"]["state"] for one in units} == {"met", "missed"}


def test_hai_phong_certified_copies() -> None:
    """Certified copies are 21.4 % of what is submitted in person."""
    total = Counter[str]()
    for one in rows("hai-phong-2024"):
        if one["value"].isdecimal():
            total[one["indicator"]] += int(one["value"])

    in_person = total["received_files"] - total["online_files"]
    assert Fraction(total["copies_certified_in_person"], in_person) == Fraction(214, 1000)


def test_hai_phong_units_agree_with_the_city() -> None:
    """All units together have over 90 % online once certified copies are left out."""
    shares = [
        one["indicators"]["online_share"] for one in participants("hai-phong-2024").values() if one["kind"] != "city"
    ]
    of, among = sum(int(one["of"]) for one in shares), sum(int(one["among"]) for one in shares)

    assert Fraction(of, among) > Fraction(90, 100)


# --- all of them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("campaign", FOUNDING)
def test_every_row_is_used(campaign: str) -> None:
    """No row is set aside and nothing is left open."""
    summary = board(campaign)["summary"]

    assert (summary["rows"]["rejected"], summary["set_aside"], summary["problems"]) == (0, [], [])


@pytest.mark.parametrize("campaign", FOUNDING)
def test_made_up_rows_say_so(campaign: str) -> None:
    """A row either names its source or says that it is illustrative."""
    made_up = {(bool(one.get("source")), one["illustrative"]) for one in rows(campaign)}

    reported = {(True, "no")} if campaign in WITH_REPORTED_ROWS else set()
    assert made_up == {(False, "yes")} | reported


@pytest.mark.parametrize("campaign", FOUNDING)
def test_generator_makes_the_committed_table(campaign: str) -> None:
    """The seeded script gives the very rows that are committed, and its own checks hold."""
    spec = importlib.util.spec_from_file_location(f"generate_{campaign}", CAMPAIGNS / campaign / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    made = [dict(zip(script.HEADER, map(str, row), strict=True)) for row in script.rows()]
    assert made == list(rows(campaign))
