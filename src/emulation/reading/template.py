"""Template: the folder a new campaign starts from: commented rules, two tables, a schema for editors, a guide."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path as FilePath

from emulation.names import is_id
from emulation.problems import Problem, Refused
from emulation.reading.schema import campaign_schema

SCHEMA_FILE = "campaign.schema.json"

_FILES = ("campaign.yaml", "participants.csv", "observations.csv", "README.md")
_NAME = "my-campaign"  # as the template calls itself


def new_campaign(folder: str | FilePath) -> tuple[FilePath, ...]:
    """Write a campaign to start from into a new or empty folder; give the files written.

    The folder's name becomes the campaign's id where it can be one. Raise `Refused` where anything is there
    already: nothing is ever overwritten.
    """
    there = FilePath(folder)
    if there.exists() and (not there.is_dir() or any(there.iterdir())):
        what = f"{there} is {'not empty' if there.is_dir() else 'a file'}"
        raise Refused([Problem("E630", what, "a folder that is new or empty; nothing is overwritten")])
    there.mkdir(parents=True, exist_ok=True)
    name = there.resolve().name
    return tuple(_written(there / file, text) for file, text in _texts(name if is_id(name) else _NAME).items())


def _texts(name: str) -> dict[str, str]:
    """Give each file's text, with the campaign's id in place."""
    shelf = files("emulation.reading") / "template"
    texts = {file: (shelf / file).read_text(encoding="utf-8").replace(_NAME, name) for file in _FILES}
    return {**texts, SCHEMA_FILE: json.dumps(campaign_schema(), ensure_ascii=False, indent=1) + "\n"}


def _written(file: FilePath, text: str) -> FilePath:
    file.write_text(text, encoding="utf-8", newline="\n")
    return file
