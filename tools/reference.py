"""Reference: writes the parts of docs/ that the code knows best, and what the commands shown there print.

    python tools/reference.py           rewrite what differs, and say which pages
    python tools/reference.py --check   only say so; exit code 1 where any does

In a page, what stands between ``<!-- keys: points.Bands -->`` and ``<!-- end -->`` is written from the code
(keys, meaning, rooms, help, codes, findings). The commands of a ```console block are run in a folder that holds the
page's files (each block behind ``<!-- file: NAME -->``) and the campaigns; what they print is the rest of the block.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NewType, get_args, get_origin

import attrs

from emulation.cases import Where
from emulation.conditions import Condition
from emulation.formulas import Expression
from emulation.gaps import Gap
from emulation.grammar import (
    hints,
    is_bare,
    is_by_id,
    is_inline,
    is_spread,
    key_for,
    keys_of,
    meaning_of,
    members_of,
    word_for,
)
from emulation.limits import Yardstick
from emulation.lint.review import CATALOGUE
from emulation.names import ClassName, FieldId, GroupName, Label
from emulation.participants import Participants, Selector
from emulation.reading.keys import leads
from emulation.standings import Key

HOME = Path(__file__).resolve().parents[1]
DOCS = HOME / "docs"
SOURCE = HOME / "src" / "emulation"

_PART = re.compile(
    r"(?P<head><!-- (?P<what>keys|meaning|rooms|help|codes|findings)(?:: (?P<of>\S+))? -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)
_FENCE = re.compile(
    r"(?:<!-- (?P<mark>[^\n]+?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"E\d{3}")


def pages() -> list[Path]:
    """Give the pages of the documents."""
    return sorted(DOCS.rglob("*.md"))


def blocks(text: str) -> Iterator[re.Match[str]]:
    """Give the fenced blocks of a page, each with the mark above it."""
    yield from _FENCE.finditer(text)


def rendered(page: Path) -> str:
    """Give a page's text as it should be."""
    text = page.read_text(encoding="utf-8")
    text = _PART.sub(lambda part: f"{part['head']}\n{_PARTS[part['what']](part['of'])}\n{part['end']}", text)
    return _with_output(text) if "```console" in text else text


# --- keys of records -------------------------------------------------------------------------------------------

_SPOKEN: Mapping[Any, str] = {
    int: "a whole number",
    bool: "true or false",
    date: "a day",
    str: "a text",
    Expression: "a formula",
    Label: "a label",
    Selector: "whom it is for",
    Participants: "a map",
    Key: "an id, or a key",
    ClassName: "a class",
    GroupName: "a group's name",
    FieldId: "a field",
    Where: "`all`, a map of fields, or a list of such maps",
}
_UNIONS = {members_of(Condition): "a condition", members_of(Gap): "a gap", members_of(Yardstick): "a yardstick"}


def record_called(name: str) -> Any:
    """Find a record by ``room.Name``."""
    room, _, record = name.rpartition(".")
    return getattr(import_module(f"emulation.{room}"), record)


def keys(name: str) -> str:
    """Write the table of a record's keys."""
    record = record_called(name)
    attributes = attrs.fields(record)
    if not attributes:
        return "It has no keys.\n"
    if is_bare(record) and not is_spread(record):
        attribute = attributes[0]
        said = keys_of(record).get(key_for(attribute), "").rstrip(".")
        return f"Written without a key of its own: {kind_of(hints(record)[attribute.name])} ({said}).\n"
    rows = [_row(record, attribute) for attribute in attributes if _is_written(record, attribute)]
    return "| key | needed | what it can be | what it means |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _is_written(record: Any, attribute: attrs.Attribute[Any]) -> bool:
    by_id = is_by_id(record) and record.__name__ != "Campaign"
    return attribute.repr and not (by_id and attribute.name == "id")


def _row(record: Any, attribute: attrs.Attribute[Any]) -> str:
    key, kind = key_for(attribute), hints(record)[attribute.name]
    needed = attribute.default is attrs.NOTHING
    said = keys_of(record).get(key, "")
    if is_inline(attribute):
        words = [f"`{word}`" for one in members_of(kind) if attrs.has(one) for word in leads(one)]
        return f"| {' · '.join(words)} | {'one' if needed else ''} | one of these keys | {said} |\n"
    if record.__name__ == "Campaign" and key == "id":
        key, said, kind = "campaign", keys_of(record)["campaign"], NewType("CampaignId", str)
    return f"| `{key}` | {'yes' if needed else ''} | {kind_of(kind)} | {said} |\n"


def kind_of(kind: Any) -> str:
    """Say what can stand under a key."""
    members = members_of(kind)
    if members in _UNIONS:
        return _UNIONS[members]
    conditions = members_of(Condition)
    spoken = ["a number"] if Fraction in members else []
    spoken += [_one(one) for one in members if one not in conditions and not (spoken and one in (int, Fraction))]
    spoken += ["a condition"] if set(conditions) <= set(members) else []
    return " or ".join(dict.fromkeys(spoken))


def _one(kind: Any) -> str:
    if kind in _SPOKEN:
        return _SPOKEN[kind]
    if get_origin(kind) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(kind))
    if get_origin(kind) is tuple:
        return _many(get_args(kind)[0])
    if isinstance(kind, NewType):
        noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
        return "a kind" if noun == "kind" else f"the id of {_article(noun.removesuffix(' id'))}"
    if attrs.has(kind) and not attrs.fields(kind):
        return f"`{word_for(kind)}`"
    if is_bare(kind):
        return f"`{word_for(kind)}` with {kind_of(hints(kind)[attrs.fields(kind)[0].name])}"
    return "a map"


def _many(item: Any) -> str:
    if get_origin(item) is tuple:
        key, value = (kind_of(one) for one in get_args(item))
        return f"a map: for {key}, {value}"
    return "a map by id" if is_by_id(item) else f"a list: {kind_of(item)}"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def meaning(name: str) -> str:
    """Write what a record means."""
    return meaning_of(record_called(name)).replace("``", "`") + "\n"


def rooms(shelf: str) -> str:
    """Write what lives in each room of a shelf, as the first sentence of its docstring says it."""
    rows = [
        f"| `{shelf}.{path.stem}` | {_first_sentence(path)} |\n"
        for path in sorted((SOURCE / shelf).glob("*.py"))
        if path.stem != "__init__"
    ]
    return "| room | what lives there |\n| --- | --- |\n" + "".join(rows)


def _first_sentence(room: Path) -> str:
    said = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].partition(": ")[2].split())


# --- commands, codes, findings ------------------------------------------------------------------------------------


def help_of(verb: str | None) -> str:
    """Write the help of a command."""
    words = [verb] if verb else []
    return "```text\n" + run(["emulation", *words, "--help"], HOME).rstrip() + "\n```\n"


def messages() -> dict[str, list[str]]:
    """Find every code of a problem in the source, and what is said with it."""
    said: dict[str, dict[str, None]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
            for code, text in _said_in(scope):
                said.setdefault(code, {}).setdefault(text)
    return {code: [text for text in texts if text] for code, texts in sorted(said.items())}


def _said_in(scope: ast.AST) -> Iterator[tuple[str, str]]:
    """Find codes with the message behind them, be it a text or a name that was given one in the lines before."""
    own = list(_own_nodes(scope))
    assigned = [node for node in own if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    for node in own:
        if isinstance(node, ast.Constant) and _CODE.fullmatch(str(node.value)):
            yield str(node.value), ""
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        for code, what in pairwise(parts):
            if isinstance(code, ast.Constant) and _CODE.fullmatch(str(code.value)):
                yield str(code.value), _template(_given(what, assigned))


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Give what stands in a function or module, but not in the functions inside it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _own_nodes(node)


def _given(what: ast.expr, assigned: list[ast.Assign]) -> ast.expr:
    if not isinstance(what, ast.Name):
        return what
    before = [one for one in assigned if ast.unparse(one.targets[0]) == what.id and one.lineno <= what.lineno]
    return max(before, key=lambda one: one.lineno).value if before else what


def _template(node: ast.expr) -> str:
    """Spell a message with … where something of the file is put in."""
    match node:
        case ast.Constant(str() as text):
            return re.sub(r"\{[^}]*\}", "…", text)
        case ast.JoinedStr(parts):
            return "".join(_template(part) for part in parts)
        case ast.FormattedValue():
            return "…"
        case ast.IfExp(body=one, orelse=other):
            return f"{_template(one)} / {_template(other)}"
        case _:
            return ""


_PIECED = {
    "E133": "an empty key · a key that is a list or a map",
    "E208": "a formula does not compare; write a condition",
    "E307": "a NUL in the file",
    "E308": "a line, or a cell, that is too long",
}
"""What is said with codes whose messages are put together elsewhere."""


def codes(_: str | None) -> str:
    """Write the table of problem codes."""
    said = {code: texts or [_PIECED.get(code, "…")] for code, texts in messages().items()}
    rows = [f"| {code} | {' · '.join(map(_escaped, texts))} |\n" for code, texts in said.items()]
    return "| code | what it says |\n| --- | --- |\n" + "".join(rows)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("\n", " ")


def findings(_: str | None) -> str:
    """Write what each kind of finding means."""
    return "\n".join(
        f"### {kind.code} {kind.title}\n\n{kind.means} {kind.matters}\n\n{kind.remedy}\n\n"
        f"```text\n{kind.example.strip()}\n```\n"
        for kind in CATALOGUE.values()
    )


_PARTS: Mapping[str, Callable[[Any], str]] = {
    "keys": keys,
    "meaning": meaning,
    "rooms": rooms,
    "help": help_of,
    "codes": codes,
    "findings": findings,
}


# --- commands that are shown ------------------------------------------------------------------------------------


def run(command: list[str] | str, folder: Path) -> str:
    """Run a command of ours as a reader would type it; give all it prints."""
    with TemporaryDirectory() as shelf:
        script = Path(shelf) / "emulation"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m emulation "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("EMULATION", "COV"))}
        own = {"PYTHONPATH": str(SOURCE.parent), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", "TERM": "dumb"}
        done = subprocess.run(
            command if isinstance(command, list) else ["/bin/sh", "-c", command],
            cwd=folder,
            env={**kept, **own, "PATH": f"{shelf}{os.pathsep}{kept['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.stdout.decode()


def _with_output(text: str) -> str:
    """Run the commands a page shows, one after another, in a folder with the page's files."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "campaigns").symlink_to(HOME / "campaigns")
        return _FENCE.sub(lambda block: _shown(block, folder), text)


def _shown(block: re.Match[str], folder: Path) -> str:
    write_file(block, folder)
    if block["language"] != "console":
        return block[0]
    commands = [line for line in block["text"].splitlines() if line.startswith("$ ")]
    printed = "".join(f"{line}\n{_tidy(run(line[2:], folder))}" for line in commands)
    return block[0].replace(block["text"], printed)


def write_file(block: re.Match[str], folder: Path) -> None:
    """Write a block that is a file of the page, or more of one."""
    mark, _, name = (block["mark"] or "").partition(": ")
    if mark not in ("file", "more"):
        return
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w" if mark == "file" else "a", encoding="utf-8") as written:
        written.write(block["text"])


def _tidy(printed: str) -> str:
    text = "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")
    return text + "\n" if text else ""


def main(arguments: list[str]) -> int:
    """Rewrite the pages that differ, or only name them."""
    differing = 0
    for page in pages():
        text = rendered(page)
        if text != page.read_text(encoding="utf-8"):
            differing += 1
            print(page.relative_to(HOME))
            if "--check" not in arguments:
                page.write_text(text, encoding="utf-8")
    return int(differing > 0 and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
