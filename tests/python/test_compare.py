"""Runs side by side: what differs is found, what is the same is said to be so."""

import json
from pathlib import Path

import pytest

from packrig.compare import comparison
from packrig.exit_codes import UsageError


def _run(folder: Path, **cases: tuple) -> Path:
    folder.mkdir()
    document = {
        "cases": [
            {
                "id": name,
                "outcome": outcome,
                "value": value,
                "unit": "s",
                "actions_hash": actions,
                "trace_hash": actions,
            }
            for name, (outcome, value, actions) in cases.items()
        ]
    }
    (folder / "results.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_equal_runs_are_equal(tmp_path: Path) -> None:
    cases = {"a": ("PASS", 3.0, "01"), "b": ("PASS", 4.0, "02")}
    document = comparison([_run(tmp_path / name, **cases) for name in ("x", "y", "z")])
    assert (document["outcomes_differ"], document["actions_equal"], document["traces_equal"]) == (0, 2, 2)
    assert len(set(document["actions_hash"])) == 1


def test_a_difference_is_found_and_measured(tmp_path: Path) -> None:
    one = _run(tmp_path / "one", a=("PASS", 3.0, "01"), b=("PASS", 4.0, "02"), c=("PASS", 1.0, "03"))
    other = _run(tmp_path / "other", a=("PASS", 3.25, "09"), b=("FAIL", 4.0, "02"))
    document = comparison([one, other])
    assert document["only_in_some"] == 1
    assert document["outcomes_differ"] == 1
    assert [case["spread"] for case in document["cases"]] == [0.25, 0.0]
    assert [case["actions_equal"] for case in document["cases"]] == [False, True]
    assert len(set(document["actions_hash"])) == 2


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no run: results\.json is missing"):
        comparison([tmp_path, tmp_path])
