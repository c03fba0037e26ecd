"""Reception: the rules on handing in, and what came of them, are said in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.periods import Span
from emulation.report.explanations import Said, explanation
from emulation.report.reception import received
from emulation.report.rulebook import rulebook_text
from emulation.report.speech import Speech
from emulation.report.words import words
from rulebook import PEOPLE, load, problems

ADMISSION = """{within: {workdays: 5}, closes: 2025-04-15, late: left_out, stages: [self_scored, verified],
  counts: last, sources: [portal, province], tolerance: 1%, disputed: left_out}"""
MERGERS = "{counts: pool, others: best, splits: own, standing: unranked}"
MARCH = Span(date(2025, 3, 1), date(2025, 3, 31))


def told(value: int, fact: str = "done", day: int = 1, **more: object) -> Observation:
    """Give a verified report of the portal, handed in on a day of April."""
    given = {"source": "portal", "stage": "verified", "received": date(2025, 4, day)} | more
    return Observation(ParticipantId("a"), fact, MARCH, value, **given)  # type: ignore[arg-type]


def outcome(folder: Path, *facts: Observation, admission: str = ADMISSION) -> Outcome:
    """Score a small campaign on reports."""
    return score(load(folder, admission=admission, mergers=MERGERS), Observations(facts), date(2025, 3, 31))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "A figure can be handed in up to 5 working days after the last day it is about.",
                "Nothing can be handed in after 15 Apr 2025.",
                "A figure handed in later does not count; it is listed as late.",
                "A figure passes through these stages: self scored, then verified.",
                "What counts of each figure is the last stage it has reached.",
                "Where several sources report the same, the first of these counts: portal, then province.",
                "Where another source differs from it by more than 1%, the two are listed.",
                "A disputed figure does not count until the dispute is settled.",
                "A body made of others takes over their counts, added up, until it reports itself.",
                "Of what cannot be added up it takes over the best that one of them had.",
                "The parts of a body that was split take over nothing of it.",
                "It is not ranked in a period in which it was made.",
            ],
        ),
        (
            "vi",
            [
                "Số liệu được nộp trong vòng 5 ngày làm việc sau ngày cuối cùng mà số liệu phản ánh.",
                "Không nhận số liệu sau ngày 15/04/2025.",
                "Số liệu nộp muộn không được tính và được liệt kê là nộp muộn.",
                "Số liệu qua các bước: self scored, sau đó verified.",
                "Số liệu được tính là của bước cuối cùng đã có.",
                "Khi nhiều nguồn cùng báo cáo, lấy nguồn đứng trước trong danh sách: portal, sau đó province.",
                "Nguồn khác chênh lệch quá 1% thì cả hai số liệu được liệt kê.",
                "Số liệu đang khiếu nại không được tính cho đến khi giải quyết xong.",
                "Đơn vị được hợp nhất nhận tổng số liệu đếm của các đơn vị cũ cho đến khi tự báo cáo.",
                "Số liệu không cộng được thì lấy mức tốt nhất của các đơn vị cũ.",
                "Đơn vị được chia tách không nhận số liệu của đơn vị cũ.",
                "Đơn vị đó không xếp hạng trong kỳ được thành lập.",
            ],
        ),
    ],
)
def test_the_rules_are_said(lang: str, said: list[str], tmp_path: Path) -> None:
    """Each rule is a sentence of the rulebook."""
    text = rulebook_text(load(tmp_path, admission=ADMISSION, mergers=MERGERS), words(lang))

    flat = " ".join(text.split())
    assert [one for one in said if one not in flat] == []


def test_what_does_not_count_is_listed(tmp_path: Path) -> None:
    """Late, undated, disputed and unknown reports by name; those that others outdo, by number."""
    found = outcome(
        tmp_path,
        told(50),
        told(40, source="province"),
        told(30, stage="self_scored"),
        told(9, "due", day=16),
        told(8, "due", received=None),
        told(7, "due", disputed=True),
        told(6, "due", stage="x"),
        told(5, "due", source="x"),
    )

    assert list(received(found, Speech(found.campaign, words("en")))) == [
        "Handed in too late, not counted: An Bình due (1 Mar 2025 to 31 Mar 2025)",
        "Without a day of receipt, not counted: An Bình due (1 Mar 2025 to 31 Mar 2025)",
        "Disputed, not counted: An Bình due (1 Mar 2025 to 31 Mar 2025)",
        "Of no declared stage, not counted: An Bình due (1 Mar 2025 to 31 Mar 2025)",
        "From no declared source, not counted: An Bình due (1 Mar 2025 to 31 Mar 2025)",
        "1 report outdone by a later stage",
        "1 report from a source that others are believed before",
        "Sources differ: An Bình done: 50 counts, province says 40",
    ]


def test_a_stage_of_its_own_is_said(tmp_path: Path) -> None:
    """An indicator that looks at another stage says so."""
    claimed = "{claimed: {share: {of: done, among: due}, over: period, better: higher, stage: self_scored}}"
    rules = load(tmp_path, admission=ADMISSION, indicators=claimed, criteria=None)

    assert "It looks at the figures of the stage self scored." in " ".join(rulebook_text(rules, words("en")).split())


def test_a_late_report_that_counts_is_listed(tmp_path: Path) -> None:
    """What counts although it was late is no secret."""
    found = outcome(tmp_path, told(5, day=30), admission="{closes: 2025-04-15, late: counted, disputed: counted}")

    listed = list(received(found, Speech(found.campaign, words("en"))))
    assert listed == ["Handed in late, and counted: An Bình done (1 Mar 2025 to 31 Mar 2025)"]


def test_many_are_counted(tmp_path: Path) -> None:
    """Twenty are listed, the others counted."""
    several = [told(number, stage="x") for number in range(25)]
    found = outcome(tmp_path, *several)

    (line,) = received(found, Speech(found.campaign, words("en")))
    assert line.endswith("; 5 more")


def test_what_a_merged_body_took_over_is_explained(tmp_path: Path) -> None:
    """The reason of a merged body's figure goes down to the reports of those it was made of."""
    people = (
        "id,name,kind,from,until,predecessors\na,An,commune,,2025-02-28,\nb,Bình,commune,,2025-02-28,\n"
        "c,Cẩm,commune,2025-03-01,,a b\n"
    )
    rules = load(tmp_path, people, mergers=MERGERS, participants="{file: participants.csv}")
    span = Span(date(2025, 1, 1), date(2025, 1, 31))
    facts = [
        Observation(ParticipantId(id), fact, span, value, file="jan.csv", line=line)
        for line, (id, fact, value) in enumerate(
            [("a", "done", 80), ("a", "due", 100), ("b", "done", 10), ("b", "due", 100)]
        )
    ]

    reason = explanation(score(rules, Observations(tuple(facts)), date(2025, 3, 31)), "c", words("en"))

    told_of = "\n".join(lines(reason))
    assert "done 80, 1 Jan 2025 to 31 Jan 2025 · jan.csv:0 · taken over" in told_of
    assert "An, done 80, 1 Jan 2025 to 31 Jan 2025 · jan.csv:0" in told_of
    assert "100 × 45% ÷ 80% = 56.25" in told_of


def lines(said: Said) -> list[str]:
    """Give a sentence and all below it."""
    return [said.text, *(line for part in said.parts for line in lines(part))]


def test_a_body_made_in_the_period_is_not_ranked(tmp_path: Path) -> None:
    """The rules say that such bodies have no place, and the board says why."""
    people = (
        "id,name,kind,from,until,predecessors\n"
        "a,An,commune,,2025-02-28,\nb,Bình,commune,,,\nc,Cẩm,commune,2025-03-01,,a\n"
    )
    by_total = "{total: {for: commune, by: [total], ties: shared}}"
    rules = load(tmp_path, people, mergers=MERGERS, standings=by_total, participants="{file: participants.csv}")

    found = score(rules, Observations(), date(2025, 3, 31))

    assert [(one.participant.id, one.rank, one.unranked) for one in found] == [
        ("a", None, "not_alive"),
        ("b", 1, None),
        ("c", None, "newly_made"),
    ]


def test_an_indicator_looks_at_a_stage_there_is(tmp_path: Path) -> None:
    """A stage that nobody declared is refused with the nearest."""
    looking = "{online: {share: {of: done, among: due}, over: period, better: higher, stage: verifed}}"

    (problem,) = problems(tmp_path, admission=ADMISSION, indicators=looking)

    assert (problem.code, problem.near) == ("E135", "verified")


def test_what_is_handed_in_decides_the_hash(tmp_path: Path) -> None:
    """The same figure handed in on another day is other data."""
    hashes = {outcome(tmp_path, told(5, day=day)).data_hash for day in (1, 2)}

    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "A figure of done below 1 is told.",
                "A figure of done above 9 is told.",
                "A figure of done below 1 or above 9 is told.",
                "A figure of done that differs from the report before it by more than 50% is told.",
                "The same figure of due in 3 reports in a row is told.",
                "The same figure of due from all bodies is refused.",
                "One can appeal against a publication up to 5 days after it.",
                "Its days are those of clocks at +07:00 from UTC.",
            ],
        ),
        (
            "vi",
            [
                "Số liệu done dưới 1 thì được cảnh báo.",
                "Số liệu done trên 9 thì được cảnh báo.",
                "Số liệu done dưới 1 hoặc trên 9 thì được cảnh báo.",
                "Số liệu done chênh lệch so với báo cáo trước quá 50% thì được cảnh báo.",
                "Số liệu due giống nhau trong 3 báo cáo liên tiếp thì được cảnh báo.",
                "Số liệu due giống nhau ở mọi đơn vị thì bị từ chối.",
                "Được khiếu nại kết quả công bố trong vòng 5 ngày kể từ ngày công bố.",
                "Ngày tính theo giờ +07:00 so với UTC.",
            ],
        ),
    ],
)
def test_checks_and_appeals_are_said(lang: str, said: list[str], tmp_path: Path) -> None:
    """What looks wrong, how long one can appeal, and by which clock."""
    ranges = "{range: {fact: done, from: 1}}, {range: {fact: done, to: 9}}, {range: {fact: done, from: 1, to: 9}}"
    others = "{jump: {fact: done, more_than: 50%}}, {repeated: {fact: due, times: 3}}, {alike: due, then: refused}"
    checks = f"[{ranges}, {others}]"
    rules = load(tmp_path, plausibility=checks, appeals="{days: 5}", time_zone="+07:00")

    flat = " ".join(rulebook_text(rules, words(lang)).split())
    assert [one for one in said if one not in flat] == []


def test_a_refused_figure_leaves_the_board_open(tmp_path: Path) -> None:
    """What is told is a doubt; what is refused is in the way too."""
    facts = Observations(tuple(told(value, "done", received=None) for value in (1,)))
    checks = "[{alike: done, then: refused}, {alike: due}]"
    rules = load(tmp_path, PEOPLE + "c,C,commune,p,west\n", plausibility=checks)
    rows = [evolve(one, participant=id, fact=fact) for one in facts for id in "abc" for fact in ("done", "due")]

    found = score(rules, Observations(tuple(rows)), date(2025, 3, 31))

    assert [one.code for one in found.problems] == ["E343"]
    assert [one.check.look.fact for one in found.doubts] == ["done", "due"]
