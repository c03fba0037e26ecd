"""Campaign file: a folder becomes a campaign whatever order its keys are in, and never leads out of itself."""

from __future__ import annotations

import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulebook
from emulation.campaign import Campaign
from emulation.names import CriterionId, IndicatorId
from emulation.observations import NONE_REPORTED
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.document import Listing, Mapping, Node, Text, read_document
from emulation.standings import Indicator_, Key, Points
from rulebook import PEOPLE, load, problems, told

from work import calls_of

CAMPAIGNS = sorted((Path(__file__).parents[2] / "campaigns").iterdir())


def plain(node: Node, random: Random) -> Any:
    """Give a tree as a document in JSON would have it, with the keys of every map shuffled."""
    match node:
        case Text(value):
            return value
        case Listing(items):
            return [plain(item, random) for item in items]
        case Mapping(entries):
            pairs = [(key.value, plain(value, random)) for key, value in entries]
            random.shuffle(pairs)
            return dict(pairs)


def shuffled(home: Path, folder: Path, random: Random) -> Campaign:
    """Read a campaign whose keys have been shuffled, and whose YAML is written quite otherwise."""
    source = home / "campaign.yaml"
    tree = plain(read_document(source.read_bytes(), source.name), random)
    (folder / source.name).write_text(json.dumps(tree, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.copy(home / "participants.csv", folder)
    return load_campaign(folder)


# What a campaign means


@pytest.mark.parametrize("home", CAMPAIGNS, ids=lambda home: str(home.name))
def test_the_order_of_keys_means_nothing(home: Path, tmp_path: Path) -> None:
    """A campaign written in another order and style has the same fingerprint."""
    assert shuffled(home, tmp_path, Random(home.name)).fingerprint == load_campaign(home).fingerprint


@cache
def fingerprint_of(home: Path) -> str:
    """Give the fingerprint of a campaign as it is written, read once."""
    return load_campaign(home).fingerprint


@settings(
    max_examples=15, suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture]
)
@given(st.randoms(use_true_random=False))
def test_no_order_of_keys_means_anything(tmp_path: Path, random: Random) -> None:
    """Whatever order the keys are in, the fingerprint is the same."""
    home = CAMPAIGNS[0]

    assert shuffled(home, tmp_path, random).fingerprint == fingerprint_of(home)


@pytest.mark.parametrize(
    "change",
    [
        {"campaign": "another"},
        {"title": "Second quarter"},
        {"title": "{en: First quarter, vi: Quý một}"},
        {"period": "{from: 2025-01-01, to: 2025-03-30}"},
        {"set_aside": "block"},
        {"unmeasured": "undecided"},
        {"gaps": "{missing: full, not_applicable: drop, zero_denominator: missing}"},
        {"rounding": "{total: 2, mode: half_up, decide_on: rounded}"},
        {"indicators": "{online: {ratio: {of: done, among: due}, over: period, better: higher}}"},
        {"indicators": "{online: {share: {of: done, among: due}, over: period, better: lower}}"},
        {"criteria": rulebook.PARTS["criteria"].replace("80%", "90%")},
        {"criteria": rulebook.PARTS["criteria"].replace("max: 100", "max: 99")},
        {"criteria": rulebook.PARTS["criteria"].replace("cap: full", "cap: none")},
        {"criteria": rulebook.PARTS["criteria"].replace("commune", "a")},
        {"standings": "{total: {for: commune, by: [total], ties: shared}}"},
    ],
)
def test_a_change_of_meaning_shows(change: dict[str, str], tmp_path: Path) -> None:
    """A campaign with another meaning has another fingerprint."""
    before = load(tmp_path).fingerprint

    assert load(tmp_path, **change).fingerprint != before


def test_the_order_of_a_list_means_something(tmp_path: Path) -> None:
    """Keys of a standing are a list, and the first decides before the second."""
    by_both = "{total: {for: commune, by: [%s, %s], ties: shared}}"

    first = load(tmp_path, standings=by_both % ("total", "online"))

    assert first.fingerprint != load(tmp_path, standings=by_both % ("online", "total")).fingerprint


def test_who_takes_part_is_meant_too(tmp_path: Path) -> None:
    """The order of the participants means nothing; who they are does."""
    head, *rows = PEOPLE.splitlines(keepends=True)
    before = load(tmp_path).fingerprint

    assert load(tmp_path, head + "".join(reversed(rows))).fingerprint == before
    assert load(tmp_path, PEOPLE.replace("east", "west")).fingerprint != before


# Where a campaign is


def test_a_campaign_is_a_folder_or_its_file(tmp_path: Path) -> None:
    """A campaign is called by its folder or by its file."""
    load(tmp_path)

    assert load_campaign(str(tmp_path)).id == load_campaign(tmp_path / "campaign.yaml").id == "quarter"


def test_a_folder_without_a_campaign(tmp_path: Path) -> None:
    """A folder without a campaign is refused with what would do."""
    with pytest.raises(
        Refused, match=r"E112 there is no campaign.yaml in .* \(a campaign's folder or its campaign.yaml"
    ):
        campaign_path(tmp_path)


def test_a_near_name_of_a_folder(tmp_path: Path) -> None:
    """A misspelt folder is refused with the nearest that is there."""
    (tmp_path / "thai-nguyen").mkdir()

    with pytest.raises(Refused, match=r"E112 there is no file .*; did you mean thai-nguyen\?"):
        campaign_path(tmp_path / "thai-nguyn")
    with pytest.raises(Refused, match="E112 there is no file"):
        campaign_path(tmp_path / "nowhere" / "at-all")


# Files beside a campaign

OUT = [
    "../participants.csv",
    "below/../../participants.csv",
    "/etc/passwd",
    "C:/participants.csv",
    "'C:\\participants.csv'",
    "'\\\\server\\share\\participants.csv'",
    "~/participants.csv",
    "~root/participants.csv",
    "file:///etc/passwd",
    "http://example.org/participants.csv",
    "..",
]


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize("part", ["participants", "observations"])
def test_no_file_leads_out_of_the_folder(part: str, name: str, tmp_path: Path) -> None:
    """A name that leads out of the folder, on this machine or another, is refused before anything is opened."""
    (wrong,) = problems(tmp_path, **{part: f"{{file: {name}}}"})[:1]

    assert wrong.code == "E138"
    assert wrong.place is not None
    assert wrong.place.text[wrong.place.column - 1 :].startswith(name)


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    """A link beside the campaign that leads elsewhere is refused; one that stays is followed."""
    folder, elsewhere = tmp_path / "campaign", tmp_path / "elsewhere.csv"
    folder.mkdir()
    elsewhere.write_text(PEOPLE, encoding="utf-8")
    (folder / "out.csv").symlink_to(elsewhere)
    (folder / "in.csv").symlink_to(folder / "participants.csv")

    assert told(folder, participants="{file: out.csv}")[0] == "E138 'out.csv' leads out of the campaign's folder"
    assert len(load(folder, participants="{file: in.csv, groups: [cluster]}").participants) == 3


def test_links_in_a_circle(tmp_path: Path) -> None:
    """Links that lead to each other are no file."""
    (tmp_path / "one.csv").symlink_to(tmp_path / "two.csv")
    (tmp_path / "two.csv").symlink_to(tmp_path / "one.csv")

    assert told(tmp_path, participants="{file: one.csv}") == ["E139 there is no file 'one.csv' beside the campaign"]


@pytest.mark.parametrize("name", [".", "x" * 300, "below", "data..csv"])
def test_what_is_no_file(name: str, tmp_path: Path) -> None:
    """A folder, a name no machine takes, or one of nothing is no file."""
    (tmp_path / "below").mkdir()

    assert [one.code for one in problems(tmp_path, participants=f"{{file: {name}}}")] == ["E139"]


def test_a_folder_below_is_beside(tmp_path: Path) -> None:
    """A table can be in a folder of the campaign's folder."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "people.csv").write_text(PEOPLE.replace(",", ";"), encoding="utf-8")
    people = "{file: data/people.csv, groups: [cluster], delimiter: ';'}"

    assert load(tmp_path, participants=people).participants["a"].place is not None


def test_tabs_between_cells(tmp_path: Path) -> None:
    """A table of participants may have tabs between its cells."""
    people = PEOPLE.replace(",", "\t")

    assert (
        len(
            load(
                tmp_path, people, participants="{file: participants.csv, groups: [cluster], delimiter: tab}"
            ).participants
        )
        == 3
    )


def test_the_table_of_facts_need_not_be_there(tmp_path: Path) -> None:
    """A campaign is read before anything was reported."""
    assert load(tmp_path, observations="{file: nowhere.csv}").observations is not None


# One problem is enough


def test_unreadable_participants_are_one_problem(tmp_path: Path) -> None:
    """Rules that name participants are not blamed for a table of participants that cannot be read."""
    assert [one.code for one in problems(tmp_path, "id;name;kind\n")] == ["E305"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Problems of the table, of single keys and of rules that do not agree are told together, in order."""
    found = problems(tmp_path, PEOPLE.replace("west", "wést").replace(",p,", ",q,"), set_aside="blok", campaign="a b")

    assert [one.code for one in found] == ["E134", "E155", "E146", "E146"]


def test_a_problem_shows_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem says file, line and column, shows the line with a mark, and the nearest word."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Refused) as refused:
        load(Path(), set_aside="reprt")

    assert str(refused.value) == (
        "campaign.yaml:5:12 E155 set_aside cannot be 'reprt' (one of block, report); did you mean report?\n"
        "  5 | set_aside: reprt\n"
        "                 ^"
    )


# Whom a rule is for


@pytest.mark.parametrize(
    ("written", "bodies"),
    [
        ("commune", "ab"),
        ("[commune, province]", "pab"),
        ("a", "a"),
        ("[a, p]", "pa"),
        ("{kind: commune}", "ab"),
        ("{kind: [commune], group: {cluster: east}}", "a"),
        ("{group: {cluster: [east, west]}}", "ab"),
        ("{id: b}", "b"),
        ("{kind: province, id: [a, p]}", "p"),
    ],
)
def test_whom_a_rule_is_for(written: str, bodies: str, tmp_path: Path) -> None:
    """Kinds, ids, lists and maps of them choose participants; all that is said must agree."""
    campaign = load(tmp_path, criteria=rulebook.PARTS["criteria"].replace("for: commune", f"for: {written}"))

    assert "".join(body.id for body in campaign.participants.selected(campaign.criteria[0].for_)) == bodies


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("[]", "E153 for names nobody"),
        ("{}", "E153 for names nobody"),
        ("{id: []}", "E153 id names nobody"),
        ("{group: {cluster: []}}", "E153 cluster names nobody"),
        ("comune", "E135 neither a kind nor a participant: 'comune'"),
        ("{kind: a}", "E135 unknown kind 'a'"),
        ("{id: commune}", "E135 unknown id 'commune'"),
        ("{group: {clustr: east}}", "E135 unknown group 'clustr'"),
        ("{group: {cluster: north}}", "E135 nobody is in cluster 'north'"),
        ("{group: east}", "E154 criteria.online.for.group is the text 'east'"),
        ("{kinds: [commune]}", "E114 unknown key 'kinds'"),
        ("[commune, a]", "E156 a list of kinds and of participants"),
        ("[[commune]]", "E154 criteria.online.for is a list"),
    ],
)
def test_a_rule_for_nobody(written: str, problem: str, tmp_path: Path) -> None:
    """A rule for nobody, or for somebody unknown, is refused."""
    assert told(tmp_path, criteria=rulebook.PARTS["criteria"].replace("for: commune", f"for: {written}")) == [problem]


# What is ranked by


def test_a_plain_key_names_a_criterion_or_an_indicator(tmp_path: Path) -> None:
    """An id that stands alone is a criterion's, else an indicator's; a map may say which, and which way."""
    by = "[total, online, done, {indicator: online, better: lower}]"
    indicators = rulebook.PARTS["indicators"][:-1] + ", done: {count: dossiers, over: period, better: higher}}"

    campaign = load(tmp_path, indicators=indicators, standings=f"{{s: {{by: [total], then: {by}, ties: shared}}}}")

    assert campaign.standings[0].then == (
        Key(Points(CriterionId("total"))),
        Key(Points(CriterionId("online"))),
        Key(Indicator_(IndicatorId("done"))),
        Key(Indicator_(IndicatorId("online")), "lower"),
    )


@pytest.mark.parametrize(
    ("id", "problem"),
    [
        ("totl", "E135 unknown criterion 'totl'"),
        ("onlin", "E135 unknown indicator 'onlin'"),
        ("zzz", "E135 unknown indicator 'zzz'"),
    ],
)
def test_a_misspelt_key(id: str, problem: str, tmp_path: Path) -> None:
    """A misspelt id is told as what it is nearest to."""
    assert told(tmp_path, standings=f"{{s: {{by: [{id}], then: [{{count_back: [online]}}], ties: shared}}}}") == [
        problem
    ]


# Values with dates

DATED = "{online: {for: commune, indicator: online, max: {dated: %s}, proportional: {full_at: 80%%, cap: full}}}"


def test_dated_values_give_editions(tmp_path: Path) -> None:
    """Each day on which a value changes begins an edition; the one in force is the last that has begun."""
    campaign = load(
        tmp_path, criteria=DATED % "{2025-02-01: 90, 2024-12-01: 100, 2025-03-01: [80]}".replace("[80]", "80")
    )

    in_force = {
        day: campaign.on(date(2025, month, 15)).criteria[0].max for day, month in (("jan", 1), ("feb", 2), ("mar", 3))
    }

    assert [day for day, _ in campaign.editions] == [date(2024, 12, 1), date(2025, 2, 1), date(2025, 3, 1)]
    assert in_force == {"jan": 100, "feb": 90, "mar": 80}
    assert campaign.on(date(2024, 1, 1)) is campaign


def test_dated_values_change_each_on_its_days(tmp_path: Path) -> None:
    """Two values with dates of their own change independently, inside lists too."""
    criteria = (
        "{online: {for: commune, indicator: online, max: {dated: {2025-01-01: 100, 2025-02-01: 90}},"
        " bands: {of: [{points: 0, before: {dated: {2025-01-01: 50%, 2025-03-01: 60%}}}], otherwise: 90}}}"
    )
    campaign = load(tmp_path, criteria=criteria)

    def shown(month: int) -> tuple[Any, Any]:
        criterion: Any = campaign.on(date(2025, month, 1)).criteria[0]
        return criterion.max, criterion.earns.of[0].before * 100

    assert [shown(1), shown(2), shown(3)] == [(100, 50), (90, 50), (90, 60)]


def test_one_date_is_no_amendment(tmp_path: Path) -> None:
    """A value with one date, in force from the beginning, is a plain value."""
    campaign = load(tmp_path, criteria=DATED % "{2025-01-01: 100}")

    assert campaign.editions == ()
    assert campaign.criteria[0].max == 100


@pytest.mark.parametrize(
    ("written", "problems_"),
    [
        ("{}", ["E153 dated has no value"]),
        ("[100]", ["E154 criteria.online.max.dated is a list"]),
        ("{1/2/2025: 100}", ["E123 criteria.online.max.dated is no date: '1/2/2025'"]),
        ("{2025-02-30: 100}", ["E123 criteria.online.max.dated is a day that does not exist: '2025-02-30'"]),
        ("{2025-01-01: 100}, because: law", ["E114 'dated' has keys beside it"]),
        ("{2025-02-01: 100}", ["E157 no value is in force before 2025-02-01"]),
        ("{2025-01-01: many, 2025-02-01: more}", ["E316 not a number: 'many'", "E316 not a number: 'more'"]),
    ],
)
def test_dated_values_that_are_none(written: str, problems_: list[str], tmp_path: Path) -> None:
    """A value with dates has days as keys, is there when the period begins, and every edition is checked."""
    assert told(tmp_path, criteria=DATED % written) == problems_


def test_a_hundred_editions_are_enough(tmp_path: Path) -> None:
    """Rules that change on more than a hundred days are refused, for each edition is read as a campaign."""
    days = ", ".join(f"{year}-01-01: {year}" for year in range(1950, 2051))

    assert told(tmp_path, criteria=DATED % f"{{{days}}}") == ["E111 rules that change on more than 100 days"]


# Many of everything


def chain(length: int) -> str:
    """Write indicators each of which is made of the next."""
    formulas = ", ".join(f"i{number}: {{formula: i{number + 1} + 1}}" for number in range(length))
    return f"{rulebook.PARTS['indicators'][:-1]}, {formulas}, i{length}: {{count: dossiers, over: period}}}}"


def test_indicators_of_indicators_have_a_depth(tmp_path: Path) -> None:
    """Indicators can be made of others that are made of others 32 deep, which can be computed; and no deeper."""
    campaign = load(tmp_path, indicators=chain(31))

    assert score(campaign, NONE_REPORTED).measurements[IndicatorId("i0")]
    assert told(tmp_path, indicators=chain(3000)) == ["E103 i2968 is made of others 32 deep"]


def test_very_many_problems_take_little_work(tmp_path: Path) -> None:
    """Near names are sought for what a report shows, and classes are compared rule by rule."""
    member = "{for: commune, classes: [g, r], when: {g: {member: commune}}, otherwise: r}"
    criteria = ", ".join(f"c{number}: {{indicator: x{number}, max: 0}}" for number in range(1000))
    readiness = ", ".join(f"r{number}: {member}" for number in range(300))

    calls, found = calls_of(lambda: problems(tmp_path, criteria=f"{{{criteria}}}", readiness=f"{{{readiness}}}"))

    assert calls < 6_000_000
    assert [sum(one.code == code for one in found) for code in ("E135", "E166")] == [1000, 299]
