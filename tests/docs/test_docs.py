"""Docs: every example runs, every generated part is what the code says, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.examples import failing_examples
from emulation.reading.facts import load_observations
from emulation.scenarios.study import Study
from emulation.scenarios.study_file import load_study
from emulation.scenarios.supposed import suppose

from documents import DOCS, EXAMPLES, HOME, SKETCHES, STUDIES, TOOL, campaign_of, refused_with
from house import ROOMS, STEPS

PAGES = [pytest.param(page, id=str(page.relative_to(DOCS))) for page in TOOL.pages()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_come_out(example: str, tmp_path: Path) -> None:
    """A fragment reads, and what it expects comes out exactly; one that is marked as refused is."""
    block = EXAMPLES[example]
    if codes := refused_with(block):
        with pytest.raises(Refused) as refused:
            campaign_of(block["text"], tmp_path)
        assert [problem.code for problem in refused.value.problems] == codes
        return
    assert [str(problem) for problem in failing_examples(campaign_of(block["text"], tmp_path))] == []


@pytest.mark.parametrize("example", STUDIES)
def test_studies_are_read(example: str, tmp_path: Path) -> None:
    """A study that is shown reads, and each of its scenarios can be supposed."""
    name, text = STUDIES[example]
    folder = HOME / "campaigns" / name
    rules = load_campaign(folder)
    facts = load_observations(folder / "observations.csv", rules)
    (tmp_path / "scenarios.yaml").write_text(text, encoding="utf-8")

    study = load_study(tmp_path, rules)

    assert study != Study()
    assert all(suppose(rules, facts, *study.chain(one.id)).changed for one in study.scenarios)


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda path: path.stem)
def test_sketches_come_out(sketch: Path) -> None:
    """A rulebook that is sketched in the reference reads, and its examples come out."""
    assert [str(problem) for problem in failing_examples(load_campaign(sketch))] == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_up_to_date(page: Path) -> None:
    """What is generated, and what commands print, is as it stands in the page; else run tools/reference.py."""
    assert TOOL.rendered(page) == page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of ours names one that is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_words_are_plain(page: Path) -> None:
    """No sentence tells its reader that a thing is simple, and no line is longer than an editor's."""
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|<!-- \w+(: \S+)? -->.*?<!-- end -->", "", text, flags=re.DOTALL)

    assert re.findall(r"\b(?:simply|just|obviously|easily|of course)\b", prose, re.IGNORECASE) == []
    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")] == []


def test_every_page_is_reached_from_the_door() -> None:
    """From the index, links lead to every page."""
    reached: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            links = re.findall(r"\]\(([^):#]+\.md)", page.read_text(encoding="utf-8"))
            waiting += [(page.parent / link).resolve() for link in links]

    assert {page for page in TOOL.pages() if page not in reached} == set()


def test_every_code_is_listed() -> None:
    """The page of problem codes has every code that stands in the source, and no other."""
    listed = re.findall(
        r"^\| (E\d{3}) \|", (DOCS / "reference" / "problem-codes.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    in_source = {code for room in ROOMS for code in re.findall(r'"(E\d{3})"', room.text)}

    assert listed == sorted(in_source)


def test_every_room_is_on_the_map() -> None:
    """The page on architecture names every room, in the order of the stairs."""
    text = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
    step = {name: number for number, names in enumerate(STEPS) for name in names}
    shelves = {room.name.rpartition(".")[0] for room in ROOMS}
    heights = [step[name.partition(".")[0]] for name in named]

    assert sorted(named) == sorted(room.name for room in ROOMS if room.name not in shelves)
    assert heights == sorted(heights)
