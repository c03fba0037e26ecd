"""Pictures: they say what the outcome says, in the reader's language, and are the same bytes everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from attrs import evolve
from defusedxml.ElementTree import fromstring

import emulation as em
from emulation.names import label
from emulation.problems import Refused
from emulation.report.canvas import SERIES, Scale_, broken, class_colour, long, scale
from emulation.report.pictures import PICTURES, Picture
from emulation.report.tiles import tiles_of_vietnam
from emulation.report.words import words

ROOT = Path(__file__).parents[2]
DAYS = ("2025-07-13", "2025-07-27", "2025-08-06")
EVIL = "</text><script>alert('x')</script> & \"co\""


@cache
def scored(name: str, *days: str) -> tuple[em.Outcome, ...]:
    """Score a campaign on some days, or on its own."""
    rules = em.load_campaign(ROOT / "campaigns" / name)
    facts = em.load_observations(ROOT / "campaigns" / name / "observations.csv", rules)
    return tuple(em.score(rules, facts, day) for day in days or (None,))


def drawn(name: str, what: str, *days: str, **asked: Any) -> Picture:
    """Draw a campaign."""
    return em.picture(scored(name, *days), what, **asked)


def written(picture: Picture) -> list[str]:
    """Give the texts of a picture, as they stand in its layers."""
    return [row["text"] for layer in picture.spec["layer"] for row in layer["data"]["values"] if row.get("text")]


def rows(picture: Picture, mark: str) -> list[dict[str, Any]]:
    """Give the rows of all layers of one mark."""
    layers = [layer for layer in picture.spec["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in layers for row in layer["data"]["values"]]


EVERY = {
    "ranking": drawn("thai-nguyen-2025", "ranking", top=12),
    "criteria": drawn("decision-766", "criteria"),
    "bump": drawn("thai-nguyen-2025", "bump", *DAYS, participants=["05443"]),
    "waterfall": drawn("can-tho-157", "waterfall", participants=["Phường Ninh Kiều"]),
    "distribution": drawn("thai-nguyen-2025", "distribution", by="online_share", lang="vi"),
    "tiles": drawn("resolution-57-2025", "tiles", kind="province", lang="vi"),
}


def test_every_picture_is_tried() -> None:
    """There is an example of each picture here."""
    assert set(EVERY) == set(PICTURES)


@pytest.mark.parametrize("what", PICTURES)
def test_it_is_well_formed_and_still(what: str) -> None:
    """A picture is well-formed SVG that runs nothing, fetches nothing and reuses nothing, and says what it shows."""
    svg = EVERY[what].svg
    root = fromstring(svg)
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}

    assert tags <= {"svg", "g", "path", "text", "rect", "line", "title", "tspan"}
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]+"', "", svg)
    assert root.get("aria-label") == EVERY[what].spec["description"]
    assert root.get("lang") == EVERY[what].language


@pytest.mark.parametrize("what", PICTURES)
def test_it_is_a_png_too(what: str) -> None:
    """The same picture is written as PNG without a browser, twice as large if not said otherwise."""
    png = EVERY[what].png()
    width = float(fromstring(EVERY[what].svg).get("width", "0"))

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) == pytest.approx(2 * width, abs=2)


@pytest.mark.parametrize("what", PICTURES)
def test_it_is_a_chart_of_altair_too(what: str) -> None:
    """Altair knows the picture, so that it can be changed further."""
    chart = EVERY[what].chart

    assert isinstance(chart, alt.LayerChart)
    assert chart.to_dict()["layer"]


@pytest.mark.parametrize("what", PICTURES)
def test_nothing_is_written_beyond_the_edge(what: str) -> None:
    """Every text of the picture begins and ends on its sheet, by our own measure of texts."""
    spec = EVERY[what].spec
    left, right = -spec["padding"]["left"], spec["width"] + spec["padding"]["right"]
    for layer in spec["layer"]:
        mark = layer["mark"]
        if mark["type"] != "text" or mark.get("angle"):
            continue
        for row in layer["data"]["values"]:
            wide = long(row["text"], mark["fontSize"]) * 85 // 100
            begin = row["x"] - {"left": 0, "center": wide / 2, "right": wide}[mark["align"]]
            assert left <= begin, row["text"]
            assert begin + wide <= right, row["text"]


def test_the_bytes_depend_on_nothing_but_the_outcome() -> None:
    """Neither hash seed, nor locale, nor time zone changes a byte."""
    program = (
        "import hashlib, sys, emulation as em\n"
        f"folder = {str(ROOT / 'campaigns' / 'thai-nguyen-2025')!r}\n"
        "rules = em.load_campaign(folder)\n"
        "facts = em.load_observations(folder + '/observations.csv', rules)\n"
        "days = [em.score(rules, facts, day) for day in ('2025-07-13', '2025-08-06')]\n"
        "for what in ('ranking', 'bump', 'distribution'):\n"
        "    print(hashlib.sha256(em.picture(days, what, lang='vi').svg.encode()).hexdigest())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        ).stdout
        for seed, zone, locale in (("1", "UTC", "C"), ("2", "Asia/Ho_Chi_Minh", "C.UTF-8"))
    }

    assert len(said) == 1


@pytest.mark.parametrize(
    ("lang", "number", "day"), [("en", "86.47%", "as of 6 Aug 2025"), ("vi", "86,47%", "tính đến ngày 06/08/2025")]
)
def test_numbers_and_days_are_the_languages_own(lang: str, number: str, day: str) -> None:
    """A picture in Vietnamese has decimal commas and Vietnamese days."""
    picture = drawn("thai-nguyen-2025", "ranking", by="online", lang=lang, top=3)

    assert number in written(picture)
    assert any(text.startswith(day) for text in written(picture))


def test_made_up_figures_are_marked() -> None:
    """A picture of made-up figures says so, in strong type."""
    assert "Dossiers and tasks are made up so that the reported figures come out." in written(EVERY["ranking"])


def test_a_name_cannot_become_markup() -> None:
    """What a participant is called stays text."""
    outcome = scored("ha-noi-2025")[0]
    from_rules = outcome.campaign.participants
    first = from_rules["van-phong-thanh-uy"]
    object.__setattr__(first, "name", EVIL)
    try:
        svg = em.picture(outcome, "ranking").svg
    finally:
        object.__setattr__(first, "name", "Văn phòng Thành ủy Hà Nội")

    assert "<script" not in svg
    assert EVIL in "".join(fromstring(svg).itertext())


def test_a_title_cannot_become_markup_either() -> None:
    """What a campaign is called stands in what the picture says of itself, as text."""
    outcome = scored("ha-noi-2025")[0]
    spoilt = evolve(outcome, campaign=evolve(outcome.campaign, title=label(EVIL)))

    root = fromstring(em.picture(spoilt, "ranking").svg)

    assert EVIL in root.get("aria-label", "")


# --- ranking


def test_a_bar_is_as_long_as_its_value() -> None:
    """In proportion to the others, from zero."""
    picture = drawn("resolution-57-2025", "ranking", kind="province")
    bars = {row["participant"]: row["x2"] - row["x"] for row in rows(picture, "rect")}

    assert bars["12"] == 420
    assert bars["19"] == pytest.approx(420 * 13 / 17, abs=0.02)


def test_classes_have_colour_shape_and_word() -> None:
    """What a colour means is also said by a shape and a word with its count."""
    picture = EVERY["ranking"]
    known = {(row["shape"], row["fill"]) for row in rows(picture, "point")}

    assert {("circle", class_colour(0, 3)), ("triangle-up", class_colour(1, 3))} <= known
    assert {"63 green", "29 amber", "0 red"} <= set(written(picture))


def test_a_cut_ranking_says_so() -> None:
    """Of 92 communes 12 are drawn, and so it is written; with top=0 all are."""
    assert any(text.endswith("12 of 92 shown") for text in written(EVERY["ranking"]))
    assert len(rows(drawn("thai-nguyen-2025", "ranking", top=0), "rect")) == 92


def test_who_is_asked_for_is_drawn_below_the_cut() -> None:
    """The last commune stands in a ranking of ten if it is named."""
    assert "Phường Bách Quang" in written(
        drawn("thai-nguyen-2025", "ranking", top=10, participants=["Phường Bách Quang"])
    )


def test_values_are_drawn_the_best_first() -> None:
    """Where no standing says otherwise: more is better here."""
    picture = drawn("hai-phong-2024", "ranking", top=0)
    lengths = [row["x2"] - row["x"] for row in rows(picture, "rect")]

    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]


def test_a_campaign_without_standings_is_not_ranked() -> None:
    """Bars in the order of values have no places, and the title claims none."""
    texts = written(drawn("hai-phong-2024", "ranking", lang="vi"))

    assert not any(text.startswith("Xếp hạng") for text in texts)


# --- criteria


def test_missing_is_no_zero() -> None:
    """A cell that could not be measured is empty with a sign; one with zero points is filled."""
    cells = rows(EVERY["criteria"], "rect")
    by_tip = {row["tip"]: row for row in cells}
    missing = by_tip["Xã Thạnh An · 1.4 Dossiers synchronised with the portal: ? 0.00"]

    assert missing["fill"] == "#ffffff"
    assert missing["stroke"] != missing["fill"]
    assert "? missing · – not applicable · 0/0 nothing to divide by" in written(EVERY["criteria"])
    assert all(row["fill"] != "#ffffff" for row in cells if row["tip"].endswith(": 0.48"))


def test_long_names_of_criteria_stand_aslant_and_whole() -> None:
    """Where columns are narrow; only a very long name is cut, between words, and says so."""
    picture = drawn("papi-2019", "criteria", lang="vi")
    aslant = [layer for layer in picture.spec["layer"] if layer["mark"].get("angle")]
    names = [row["text"] for layer in aslant for row in layer["data"]["values"]]

    assert "1.4 Đóng góp tự nguyện" in names
    leaves = [one for one in scored("papi-2019")[0].campaign.criterion.values() if one.is_leaf]

    assert len(names) == len(leaves)
    assert all(name.endswith("…") for name in names if long(name, 10) > 250)


# --- bump


def test_places_over_time_are_those_of_the_standing() -> None:
    """Where all are ranked on all days, a line goes through the official places."""
    days = scored("thai-nguyen-2025", *DAYS)
    picture = EVERY["bump"]
    tips = [row["tip"] for row in rows(picture, "point") if row["tip"].startswith("Phường Phan Đình Phùng")]

    assert tips == [f"Phường Phan Đình Phùng: {one['05443'].rank}" for one in days]


def test_a_line_has_a_gap_where_there_was_no_place() -> None:
    """Who had no place on a day is drawn in two lines, and counts for nobody's place on the other days."""
    days = list(scored("thai-nguyen-2025", *DAYS))
    standing = next(iter(days[1].standings))
    first = days[1].standings[standing]
    leader = next(id for id, placed in first.items() if placed.place == 1)
    kept = {id: placed for id, placed in first.items() if id != leader}
    object.__setattr__(days[1], "standings", {**days[1].standings, standing: kept})
    try:
        picture = em.picture(days, "bump", participants=[leader])
    finally:
        object.__setattr__(days[1], "standings", {**days[1].standings, standing: first})
    series = {row["series"] for row in rows(picture, "line") if row["series"].startswith(leader)}

    assert series == {f"{leader} 0", f"{leader} 1"}
    assert any("91 ranked on every day" in text for text in written(picture))
    assert any("interrupted" in text for text in written(picture))


def test_days_before_anybody_was_ranked_are_no_places() -> None:
    """Provinces have reported nothing in July: one day with places is no line, and it is said."""
    with pytest.raises(Refused, match="E773 only one of the days has places"):
        drawn("resolution-57-2025", "bump", "2025-07-20", "2025-08-06", kind="province")


def test_a_line_of_thousands_is_counted_quickly_and_right() -> None:
    """Places against the panel are those one would count one by one."""
    picture = drawn("resolution-57-2025", "bump", "2025-08-01", "2025-08-06", kind="commune", top=3)
    days = scored("resolution-57-2025", "2025-08-01", "2025-08-06")
    first = next(one for one in days[-1] if one.participant.kind == "commune" and one.rank == 1)
    found = [row["tip"] for row in rows(picture, "point") if row["tip"].startswith(f"{first.participant.name}: ")]
    panel = [
        one.participant.id
        for one in days[0]
        if one.participant.kind == "commune" and one.rank and days[1][one.participant.id].rank
    ]
    own = days[0][first.participant.id].rank

    assert own is not None
    assert found == [
        f"{first.participant.name}: {1 + sum((days[0][id].rank or 0) < own for id in panel)}",
        f"{first.participant.name}: 1",
    ]


# --- waterfall


def test_the_steps_lead_from_nothing_to_the_total() -> None:
    """Each bar begins where the one before ended, and the last one is the total."""
    bars = [row for row in rows(EVERY["waterfall"], "rect") if row["fill"] != "#ffffff"]
    *steps, total = bars

    assert steps[0]["x"] == total["x"]
    assert all(one["x2"] == after["x"] for one, after in pairwise(steps))
    assert steps[-1]["x2"] == total["x2"]
    assert "115.00" in written(EVERY["waterfall"])


def test_penalties_and_caps_are_steps_down() -> None:
    """What is taken off goes to the left; what a cap cuts is a step of its own."""
    folder = Path(__file__).parent / "every_rule"
    rules = em.load_campaign(folder)
    outcome = em.score(rules, em.load_observations(folder / "observations.csv", rules))
    said = [
        written(em.picture(outcome, "waterfall", participants=[one.participant.id], by="work"))
        for one in outcome
        if one.total is not None
    ]

    assert any("−5.00" in texts for texts in said)
    assert any("cut at the cap" in texts for texts in said)


@pytest.mark.parametrize(
    ("by", "said"),
    [("best_of", "not counted, others are better"), ("gaps", "not counted (missing)")],
)
def test_what_does_not_count_is_a_step_that_leads_nowhere(by: str, said: str) -> None:
    """What is not among the best, and what was dropped, is told with its reason."""
    folder = Path(__file__).parent / "every_rule"
    rules = em.load_campaign(folder)
    outcome = em.score(rules, em.load_observations(folder / "observations.csv", rules))

    assert said in written(em.picture(outcome, "waterfall", participants=["b"], by=by))


def test_a_standing_has_no_waterfall_of_its_own() -> None:
    """Asked by a standing, it is that of the total."""
    picture = drawn("thai-nguyen-2025", "waterfall", participants=["05443"], by="online_share")

    assert "Phường Phan Đình Phùng: where the points come from" in written(picture)


# --- distribution


def test_bounds_of_classes_and_targets_are_lines_with_words() -> None:
    """The bound of green and the target are at 80 %, that of red at 50 %."""
    texts = written(EVERY["distribution"])

    assert {"xanh: đạt từ 80% trở lên", "đỏ: dưới 50%"} <= set(texts)
    assert any(text.startswith("mục tiêu: ") for text in texts)


def test_each_participant_is_a_dot_and_many_are_counted() -> None:
    """92 communes are 92 dots beside the three of the legend; 3,321 are counted in bars that add up."""
    many = drawn("resolution-57-2025", "distribution", by="online_share", kind="commune")

    assert len(rows(EVERY["distribution"], "point")) == 92 + 3
    assert sum(int(row["text"].replace(",", "")) for row in rows(many, "rect")) == 3321


def test_a_bar_counts_those_between_its_edges() -> None:
    """A value at an edge belongs to the bar on its right: 80 % is not below 80 %."""
    picture = drawn("resolution-57-2025", "distribution", by="online_share", kind="commune")
    outcome = scored("resolution-57-2025")[0]
    found = outcome.measurements["online_share"]
    values = [found[one.participant.id].value for one in outcome if one.participant.kind == "commune"]
    edge, end = Fraction(80, 100), Fraction(85, 100)

    assert f"{sum(edge <= value < end for value in values if value is not None):,}" in written(picture)


# --- tiles


def test_the_tiles_are_the_34_provinces() -> None:
    """Each official code of 2025 has one tile, and no two lie on one another."""
    tiles = tiles_of_vietnam()
    people = em.load_campaign(ROOT / "campaigns" / "resolution-57-2025").participants
    provinces = {one.id: one.name.removeprefix("Thành phố ") for one in people if one.kind == "province"}

    assert {one.code: one.name for one in tiles} == provinces
    assert len({(one.column, one.row) for one in tiles}) == len(tiles) == 34


def test_the_islands_are_drawn_with_their_provinces() -> None:
    """Hoàng Sa has the colour of Đà Nẵng, Trường Sa that of Khánh Hòa."""
    assert {"Hoàng Sa", "(Đà Nẵng)", "Trường Sa", "(Khánh Hòa)"} <= set(written(EVERY["tiles"]))


def test_without_classes_a_tile_is_as_dark_as_its_value_is_good() -> None:
    """The best is the darkest, and the board says so."""
    outcome = evolve(scored("resolution-57-2025")[0], classes={})
    picture = em.picture(outcome, "tiles", kind="province", by="online_share")
    fills = {row["tip"]: row["fill"] for row in rows(picture, "rect") if "tip" in row}

    assert min(fills, key=lambda name: fills[name]) == "Lai Châu"
    assert max(fills, key=lambda name: fills[name]) == "An Giang"
    assert "The darker a tile, the better its value." in written(picture)


def test_a_province_that_takes_no_part_is_an_empty_tile() -> None:
    """Six provinces take part in Decision 766's sample; the others are white."""
    picture = drawn("decision-766", "tiles", kind="province")

    assert sum(row["fill"] == "#ffffff" for row in rows(picture, "rect") if "tip" in row) == 28


# --- as a notebook shows it


def test_a_notebook_shows_the_picture_itself(tmp_path: Path) -> None:
    """The page of a picture is the picture; saved, it is the same text."""
    EVERY["waterfall"].save(tmp_path / "x.svg")

    assert EVERY["waterfall"]._repr_html_() == f'<div class="emulation">{EVERY["waterfall"].svg}</div>'
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == EVERY["waterfall"].svg


# --- what is refused


@pytest.mark.parametrize(
    ("what", "asked", "code"),
    [
        ("pie", {}, "E770"),
        ("ranking", {"kind": "ward"}, "E772"),
        ("ranking", {"by": "onlin"}, "E772"),
        ("ranking", {"group": "nobody"}, "E773"),
        ("waterfall", {}, "E775"),
        ("waterfall", {"participants": ["19"]}, "E773"),
        ("ranking", {"participants": ["Xã Không Có"]}, "E318"),
        ("bump", {}, "E776"),
        ("tiles", {}, "E777"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_code(what: str, asked: dict[str, Any], code: str) -> None:
    """Each has a code and a remedy."""
    with pytest.raises(Refused) as refused:
        drawn("thai-nguyen-2025", what, **asked)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_provinces_of_before_2025_are_no_tiles() -> None:
    """A code such as 08 meant another province in 2006: nothing is drawn in a wrong place."""
    with pytest.raises(Refused, match="E777"):
        drawn("pci-2006", "tiles")


def test_a_campaign_without_points_has_no_criteria_to_draw() -> None:
    """It is said, not drawn empty."""
    with pytest.raises(Refused, match="E773"):
        drawn("hau-giang-2024", "criteria")


def test_no_outcome_is_nothing_to_draw() -> None:
    """A sequence without outcomes is refused."""
    with pytest.raises(Refused, match="E773"):
        em.picture([], "ranking")


@pytest.mark.parametrize("file", ["x.pdf", "x"])
def test_other_files_are_refused(file: str) -> None:
    """A picture is SVG or PNG."""
    with pytest.raises(Refused, match="E774"):
        EVERY["ranking"].written(file)


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where vl-convert is absent, the remedy is named (E641)."""
    program = (
        "import sys; sys.modules['vl_convert'] = None\n"
        "import emulation as em\n"
        f"folder = {str(ROOT / 'campaigns' / 'ha-noi-2025')!r}\n"
        "rules = em.load_campaign(folder)\n"
        "outcome = em.score(rules, em.load_observations(folder + '/observations.csv', rules))\n"
        "try: em.picture(outcome, 'ranking').svg\n"
        "except em.Refused as refused: print(refused)\n"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.startswith("E641 a picture needs a library that is not installed")
    assert "emulation-campaigns[pictures]" in said


# --- the sheet


def test_texts_are_broken_at_blanks_and_never_within_a_word() -> None:
    """All words are there, in their order."""
    text = "Trung tâm Phục vụ hành chính công thành phố Hà Nội"

    assert " ".join(broken(text, 90)) == text
    assert all(long(line) <= 90 for line in broken(text, 90))
    assert list(broken("Nghiêngngả", 10)) == ["Nghiêngngả"]


def test_a_scale_has_round_values_and_holds_all() -> None:
    """Ticks are 1, 2 or 5 times a power of ten; the first and the last value lie on the scale."""
    found = scale([37, 91], 100, from_zero=False)

    assert (found.low, found.high) == (20, 100)
    assert found.ticks() == (20, 40, 60, 80, 100)
    assert Scale_(0, 10, 100).at(3) == 30.0


def test_colours_can_be_told_apart() -> None:
    """No two lines have one colour, and no two classes of a campaign."""
    assert len(set(SERIES)) == len(SERIES)
    assert all(len({class_colour(at, of) for at in range(of)}) == of for of in range(1, 6))


def test_the_words_have_the_signs_of_each_missing_state() -> None:
    """Every state that is drawn with a sign has its word."""
    assert all(words("vi").said(f"state.{state}") for state in ("missing", "not_applicable", "withheld"))
