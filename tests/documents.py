"""Documents: the pages under docs/ as the tests see them, and the campaigns that are shown in them.

A ```yaml block is a fragment of a campaign. What it leaves out is the frame that stands last in the page on the
language. A block behind ``<!-- file: NAME -->`` is a file of the page, which the page's commands use; one behind
``<!-- refused: E114 -->`` must be refused with that code, and one behind ``<!-- study: CAMPAIGN -->`` is a study of
that campaign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from emulation.campaign import Campaign
from emulation.reading.campaign_file import load_campaign

HOME = Path(__file__).parents[1]
DOCS = HOME / "docs"
SKETCHES = sorted((DOCS / "reference" / "sketches").glob("*.yaml"))

PARTICIPANTS = """\
id,name,kind,parent,type
p,Province,province,,
a,An Bình,commune,p,xã
b,Bình Minh,commune,p,xã
c,Châu Sơn,commune,p,xã
d,Đông Hà,commune,p,phường
e,Ea Kar,commune,p,phường
"""
_KEY = re.compile(r"^(\w+):", re.MULTILINE)


def tool() -> ModuleType:
    """Load the tool that writes the generated parts of the pages."""
    spec = spec_from_file_location("reference", HOME / "tools" / "reference.py")
    if spec is None or spec.loader is None:
        raise AssertionError(spec)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = tool()


def fragments(page: Path) -> list[re.Match[str]]:
    """Give the blocks of YAML of a page that are no files of it."""
    found = TOOL.blocks(page.read_text(encoding="utf-8"))
    return [one for one in found if one["language"] == "yaml" and not _is_file(one)]


def _is_file(block: re.Match[str]) -> bool:
    return (block["mark"] or "").startswith(("file: ", "more: ", "study: "))


def refused_with(block: re.Match[str]) -> list[str]:
    """Give the codes a block must be refused with; none for one that must read."""
    mark, _, codes = (block["mark"] or "").partition(": ")
    return codes.split() if mark == "refused" else []


def parts_of(text: str) -> dict[str, str]:
    """Split a campaign's text by its top-level keys."""
    keys = list(_KEY.finditer(text))
    ends = [*(key.start() for key in keys), len(text)]
    return {key[1]: text[start:end] for key, (start, end) in zip(keys, pairwise(ends), strict=True)}


FRAME = parts_of(fragments(DOCS / "reference" / "language.md")[-1]["text"])
EXAMPLES = {
    f"{page.relative_to(DOCS)}:{number}": block
    for page in TOOL.pages()
    for number, block in enumerate(fragments(page), start=1)
}


STUDIES = {
    f"{page.relative_to(DOCS)}:{number}": (block["mark"].removeprefix("study: "), block["text"])
    for page in TOOL.pages()
    for number, block in enumerate(TOOL.blocks(page.read_text(encoding="utf-8")), start=1)
    if (block["mark"] or "").startswith("study: ")
}


def campaign_of(text: str, folder: Path) -> Campaign:
    """Read a fragment, with what it leaves out, as a campaign."""
    own = parts_of(text)
    frame = "".join(part for key, part in FRAME.items() if key not in own)
    (folder / "campaign.yaml").write_text(f"{text.rstrip()}\n{frame}", encoding="utf-8")
    (folder / "participants.csv").write_text(PARTICIPANTS, encoding="utf-8")
    return load_campaign(folder)


def shown_campaigns(folder: Path) -> Iterator[Campaign]:
    """Give every campaign of the documents: the fragments that read, and the sketches."""
    for block in EXAMPLES.values():
        if not refused_with(block):
            yield campaign_of(block["text"], folder)
    for sketch in SKETCHES:
        yield load_campaign(sketch)
