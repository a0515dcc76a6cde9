"""`packrig compare`: the same cases in several runs, side by side: benches, targets, cell models, versions."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from packrig.exit_codes import ExitCode, UsageError
from packrig.quantity import quantity
from packrig.table import console

# What a person reads; --json has all of them.
_SHOWN = 25


def compare(options: argparse.Namespace) -> ExitCode:
    """Exit code 1 when an outcome differs between the runs, 5 when they have no case in common."""
    document = comparison(options.folders)
    if options.json:
        json.dump(document, sys.stdout, indent=1, sort_keys=True)
        print()
    else:
        _print(document)
    if not document["cases"]:
        return ExitCode.NOTHING_RAN
    return ExitCode.FAILED if document["outcomes_differ"] else ExitCode.PASSED


def comparison(folders: list[Path]) -> dict[str, Any]:
    """Of every case that all runs have: outcomes, values, and whether what the BMS did is the same to the byte."""
    runs = [_cases(folder) for folder in folders]
    common = [name for name in runs[0] if all(name in run for run in runs[1:])]
    cases = [_case(name, [run[name] for run in runs]) for name in common]
    return {
        "folders": [str(folder) for folder in folders],
        "only_in_some": len(set().union(*runs)) - len(common),
        "outcomes_differ": sum(len(set(case["outcomes"])) > 1 for case in cases),
        "actions_equal": sum(case["actions_equal"] for case in cases),
        "traces_equal": sum(case["traces_equal"] for case in cases),
        # One figure for each run: its BMS's actions over all of these cases.
        "actions_hash": [_digest([run[name].get("actions_hash", "") for name in common]) for run in runs],
        "cases": cases,
    }


def _cases(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "results.json"
    if not file.is_file():
        raise UsageError(f"{folder} holds no run: results.json is missing")
    return {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))["cases"]}


def _case(name: str, versions: list[dict[str, Any]]) -> dict[str, Any]:
    values = [version.get("value") for version in versions]
    known = [value for value in values if value is not None]
    return {
        "id": name,
        "outcomes": [version["outcome"] for version in versions],
        "values": values,
        "unit": versions[0].get("unit", ""),
        "spread": max(known) - min(known) if known else 0.0,
        "actions_equal": len({version.get("actions_hash") for version in versions}) == 1,
        "traces_equal": len({version.get("trace_hash") for version in versions}) == 1,
    }


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _print(document: dict[str, Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    out = console(sys.stdout)
    cases = document["cases"]
    moved = [case for case in cases if case["spread"] > 0.0 or len(set(case["outcomes"])) > 1]
    moved.sort(key=lambda case: (len(set(case["outcomes"])) == 1, -case["spread"], case["id"]))
    table = Table(box=None, pad_edge=False)
    for heading in ("case", *document["folders"], "difference"):
        table.add_column(heading, overflow="fold")
    for case in moved[:_SHOWN]:
        shown = [
            f"{outcome} {quantity(value, case['unit'])}".strip()
            for outcome, value in zip(case["outcomes"], case["values"], strict=True)
        ]
        table.add_row(escape(case["id"]), *shown, quantity(case["spread"], case["unit"]))
    if moved:
        out.print(table)
    if len(moved) > _SHOWN:
        out.print(f"... and {len(moved) - _SHOWN} more that differ; --json has all")
    for folder, digest in zip(document["folders"], document["actions_hash"], strict=True):
        out.print(f"{digest}  actions of {folder}", markup=False, highlight=False)
    out.print(
        f"{len(cases)} cases in common, {document['only_in_some']} in some runs only; "
        f"outcomes differ in {document['outcomes_differ']}; "
        f"actions byte-identical in {document['actions_equal']}, whole traces in {document['traces_equal']}"
    )
