"""The firmware's README names, for each row of the sheet, files that exist and scenarios that ask about that row."""

import re
import tomllib

import pytest
from tree import ROOT

PART = tomllib.loads((ROOT / "models" / "parts" / "b2a25srp.toml").read_text("utf-8"))
SECTION = "## The sheet, row by row"


def _table() -> dict[str, dict[str, list[str]]]:
    section = (ROOT / "models" / "bms" / "README.md").read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| DS-")]
    return {row: {"files": files.split(", "), "scenarios": asked.split(", ")} for row, _, files, asked, _ in lines}


def rows_asked(text: str) -> set[str]:
    """Those a scenario's text names as strings, and those of the limits and accuracies that it names."""
    rows = set(re.findall(r'"(DS-\d\d)"', text))
    for kind in ("limits", "accuracy"):
        for name, promise in PART[kind].items():
            if f'"{name}"' in text:
                rows |= {*promise["rows"], *promise.get("release_rows", ())}
    return rows


TABLE = _table()


def test_every_row_of_the_sheet_has_its_line():
    assert list(TABLE) == list(PART["rows"])


@pytest.mark.parametrize("row", TABLE)
def test_files_exist(row: str):
    assert [path for path in TABLE[row]["files"] if not (ROOT / "models" / path).is_file()] == []


@pytest.mark.parametrize("row", TABLE)
def test_scenarios_ask_about_the_row(row: str):
    for name in TABLE[row]["scenarios"]:
        assert row in rows_asked((ROOT / "scenarios" / f"{name}.py").read_text("utf-8")), name


def test_a_row_that_is_not_asked_about_is_seen():
    assert rows_asked('LIMITS = ["over_charge"]') == {"DS-08", "DS-09", "DS-31"}
    assert rows_asked('ROWS = ["DS-01"]') == {"DS-01"}
