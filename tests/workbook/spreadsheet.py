"""Spreadsheet: LibreOffice without a window, to see what formulas come to in the program that auditors have."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""Reckon every formula anew when a file is opened, whatever value stands beside it."""


def reckoned(files: Sequence[Path], folder: Path) -> list[Path]:
    """Open workbooks, reckon them anew, and save them; leave the test out where there is no LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    settings = folder / "office" / "user"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    made = folder / "reckoned"
    command = [office, f"-env:UserInstallation={settings.parent.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(made), *map(str, files)], check=True, capture_output=True, timeout=300)
    return [made / file.name for file in files]
