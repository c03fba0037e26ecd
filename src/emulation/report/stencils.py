"""Stencils: the templates of pages, filled in with everything escaped; the only room that sees the template engine."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""What must not stand as it is in data inside a page: it could end the data, or begin something else."""


def filled(template: str, /, **given: Any) -> str:
    """Fill in a template; whatever is given is text, never markup."""
    return _templates().get_template(template).render(**given)


def part(name: str) -> str:
    """Give a style sheet or a script as it stands beside the templates."""
    return files("emulation.report").joinpath("templates", name).read_text(encoding="utf-8")


def inlined(name: str) -> Markup:
    """Give a style sheet or a script of ours as it is to stand inside a page."""
    return Markup(part(name))  # noqa: S704 - written by us, beside this room


def fingerprint(name: str) -> str:
    """Give the hash by which a page allows one style sheet or script, and no other."""
    return f"sha256-{b64encode(sha256(part(name).encode()).digest()).decode()}"


def data(record: Any) -> Markup:
    """Write a record as JSON that can stand inside a page, whatever texts it holds."""
    written = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_UNSAFE))  # noqa: S704 - no sign is left that a page would read as markup


@cache
def _templates() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(part)
    )
    environment.globals.update(inlined=inlined, fingerprint=fingerprint)
    return environment
