"""Runs scenarios: from a selection to a results document."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packrig import _core
from packrig.environment import data_folder, version
from packrig.exit_codes import SetupError, UsageError
from packrig.part import Part, load_part
from packrig.plugin import Collector
from packrig.specification import RigOptions, open_session_of

OnCase = Callable[[int, int, str, str], None]


def run(
    part: str,
    bench: str,
    tier: str,
    keyword: str | None,
    out: Path,
    seed: int,
    jobs: int,
    firmware: str | None,
    on_case: OnCase | None = None,
    fault: str = "none",
    cell: str = "ecm",
    afe: str = "nominal",
) -> dict[str, Any]:
    """Runs the selected cases and writes OUT/results.json and OUT/traces/. Returns the results document.

    `on_case(n, of, id, outcome)` is called as each case ends. "interrupted" is true in the document after Ctrl-C; what
    had ended by then is in it.
    """
    loaded = load_part(part)
    traces = out / "traces"
    traces.mkdir(parents=True, exist_ok=True)
    arguments = _arguments(loaded, RigOptions(bench, cell, tier, seed, firmware, afe, fault), keyword)
    arguments += [f"--packrig-out={out}"]
    if keyword:
        # A worker dies of a malformed -k without saying why; this process says it.
        run_pytest([*arguments, "--collect-only"])
    if jobs > 1:
        arguments += ["-n", str(jobs)]
    code, collector = run_pytest(arguments, on_case)
    document = _document(loaded, bench, tier, seed, firmware)
    document["cell"] = cell
    document["afe"] = afe
    if firmware:
        document["firmware"] = firmware
    document["cases"] = [collector.results[name] for name in sorted(collector.results)]
    document["interrupted"] = code == pytest.ExitCode.INTERRUPTED
    (out / "results.json").write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return document


def plan(part: str, bench: str, tier: str, keyword: str | None, seed: int, cell: str = "ecm") -> list[dict[str, Any]]:
    """What run() would do: per case id, rows, simulated_s, wall_s (by a rate measured now), skip_reason or None."""
    loaded = load_part(part)
    arguments = [*_arguments(loaded, RigOptions(bench, cell, tier, seed), keyword), "--packrig-plan"]
    begun = time.perf_counter()
    _, collector = run_pytest(arguments)
    # A planned case costs what a real one costs, but for the simulation.
    overhead_s = (time.perf_counter() - begun) / max(1, len(collector.results))
    rate = _simulated_per_wall_second(loaded, bench, seed)
    return [
        {
            "id": name,
            "rows": result["rows"],
            "simulated_s": result.get("simulated_s", 0.0),
            "wall_s": overhead_s + result.get("simulated_s", 0.0) / rate,
            "skip_reason": result["reason"] if result["outcome"] == "SKIPPED" else None,
        }
        for name, result in sorted(collector.results.items())
    ]


def rejudge(out: Path) -> list[dict[str, Any]]:
    """Recomputes every stored verdict from its trace and rule alone. Per case: id, stored, outcome, same.

    Raises UsageError when `out` holds no run.
    """
    file = out / "results.json"
    if not file.is_file():
        raise UsageError(f"{out} holds no run: results.json is missing")
    rows = []
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
        if "trace" not in case:
            continue
        trace = _core.Trace.load(str(out / case["trace"]))
        verdict = _core.judge(_core.rule_from_json(json.dumps(case["rule"])), trace)
        same = verdict.outcome == case["outcome"] and trace.hash() == case["trace_hash"]
        rows.append({"id": case["id"], "stored": case["outcome"], "outcome": verdict.outcome, "same": same})
    return rows


def _arguments(part: Part, options: RigOptions, keyword: str | None) -> list[str]:
    arguments = [
        str(data_folder("scenarios")),
        "-p",
        "packrig.plugin",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        f"--rootdir={data_folder('scenarios')}",
        "-o",
        "python_files=[a-z]*.py",
        f"--packrig-part={part.name}",
        f"--packrig-bench={options.bench}",
        f"--packrig-cell={options.cell}",
        f"--packrig-tier={options.tier}",
        f"--packrig-seed={options.seed}",
        f"--packrig-afe={options.afe}",
        f"--packrig-fault={options.instrument_fault}",
    ]
    if options.firmware:
        arguments.append(f"--packrig-firmware={options.firmware}")
    if keyword:
        arguments += ["-k", keyword]
    return arguments


def run_pytest(arguments: list[str], on_case: OnCase | None = None) -> tuple[int, Collector]:
    """pytest in this process, silent; the exit code and the records. Raises UsageError or SetupError."""
    collector = Collector(on_case)
    spoken = io.StringIO()
    with contextlib.redirect_stdout(spoken), contextlib.redirect_stderr(spoken):
        code = pytest.main([*arguments, "-q", "--no-header", "--tb=line"], plugins=[collector])
    if code == pytest.ExitCode.USAGE_ERROR:
        raise UsageError(_last_line(spoken.getvalue()))
    if collector.collection_errors:
        raise SetupError("scenario cannot be collected: " + collector.collection_errors[0])
    if code == pytest.ExitCode.INTERNAL_ERROR:
        raise SetupError("pytest broke down: " + _last_line(spoken.getvalue()))
    return code, collector


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "no message"


def _document(part: Part, bench: str, tier: str, seed: int, firmware: str | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "part": part.name,
        "title": part.title,
        "bench": bench,
        "tier": tier,
        "seed": seed,
        "versions": {"packrig": version(), "firmware": Path(firmware).name if firmware else _core.firmware_name()},
        "rows": [
            {
                "id": name,
                "claim": row["claim"],
                "reading": row["reading"],
                **({"remark": row["contradiction"]} if "contradiction" in row else {}),
            }
            for name, row in part.rows.items()
        ],
        "contradictions": part.all_contradictions,
        "assumed": [
            {"name": entry.name, "value": entry.value, "reason": entry.reason} for entry in part.assumed.values()
        ],
    }


def _simulated_per_wall_second(part: Part, bench: str, seed: int) -> float:
    """How fast this machine simulates this bench, measured on a minute of an idle pack."""
    session = open_session_of(part, part.pack_choices("smoke")[0], RigOptions(bench=bench, seed=seed))
    begun = time.perf_counter()
    session.run_for(60.0)
    return 60.0 / (time.perf_counter() - begun)
