"""A case's record: plain data for the report, JUnit and --json; the worst phase counts and its trace is kept."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from packrig import _core
from packrig.scenario import Judged, Rig

# Points of a plotted curve; more say nothing on a screen.
_PLOT_POINTS = 400


def conclude(rig: Rig, *, case: str, scenario: str, test: str, params: dict, traces: Path | None) -> dict[str, Any]:
    """The record of a case that has run. Raises RuntimeError when it judged nothing."""
    record = rig.record
    if not record.judged:
        raise RuntimeError("the scenario judged nothing")
    result: dict[str, Any] = {
        "id": case,
        "scenario": scenario,
        "test": test,
        "rows": list(record.rows),
        "params": params,
        "labels": list(record.labels),
        "simulated_s": round(record.simulated_s, 9),
    }
    if record.judged[0].verdict is None:
        return result | {"outcome": "PLANNED", "reason": ""}
    worst_index = _core.worst_of([judged.verdict for judged in record.judged])
    worst = record.judged[worst_index]
    verdict = worst.verdict
    result |= {
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "value": _finite(verdict.value),
        "low": _finite(verdict.low),
        "high": _finite(verdict.high),
        "uncertainty": _finite(verdict.uncertainty),
        "margin": _finite(verdict.margin),
        "unit": verdict.unit,
        "phases": [
            {"phase_s": each.phase_s, "value": _finite(each.verdict.value), "outcome": each.verdict.outcome}
            for each in record.judged
        ],
        "worst_phase": worst_index,
        "rule": json.loads(_core.rule_to_json(worst.rule)),
        "actions_hash": worst.trace.actions_hash(),
        "trace_hash": worst.trace.hash(),
        "plot": _plot(worst),
    }
    if traces is not None:
        result["trace"] = _save(worst.trace, case, traces)
    return {key: value for key, value in result.items() if value is not None}


def save_broken_off(rig: Rig, case: str, traces: Path | None) -> str | None:
    """Keeps the trace of a scenario that threw or was interrupted; its path in the run's folder."""
    if traces is None or rig.latest is None or rig.latest.session.trace is None:
        return None
    return _save(rig.latest.session.trace, f"{case}.broken_off", traces)


def _save(trace: Any, name: str, traces: Path) -> str:
    file = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_") + ".prt"
    trace.save(str(traces / file))
    return f"traces/{file}"


def skipped_result(*, case: str, scenario: str, test: str, params: dict, rows: tuple, reason: str) -> dict[str, Any]:
    return _without_verdict("SKIPPED", case, scenario, test, params, rows, reason)


def inconclusive_result(
    *, case: str, scenario: str, test: str, params: dict, rows: tuple, reason: str
) -> dict[str, Any]:
    return _without_verdict("INCONCLUSIVE", case, scenario, test, params, rows, reason)


def error_result(
    *, case: str, scenario: str, test: str, params: dict, rows: tuple, reason: str, trace: str | None = None
) -> dict[str, Any]:
    result = _without_verdict("ERROR", case, scenario, test, params, rows, reason)
    return result | {"broken_off_trace": trace} if trace else result


def _without_verdict(outcome: str, case: str, scenario: str, test: str, params: dict, rows: tuple, reason: str) -> dict:
    return {
        "id": case,
        "scenario": scenario,
        "test": test,
        "rows": list(rows),
        "params": params,
        "outcome": outcome,
        "reason": reason,
    }


def _finite(value: float) -> float | None:
    """JSON knows neither NaN nor infinity."""
    return value if math.isfinite(value) else None


def _plot(judged: Judged) -> dict[str, Any] | None:
    """The curve that the rule watched, around the crossing and the edge; None for a rule without a channel."""
    rule = json.loads(_core.rule_to_json(judged.rule))
    if "quantity" not in rule:
        return None
    verdict = judged.verdict
    channel = _core.Channel(rule["quantity"], rule["number"])
    t_s, value = judged.trace.series(channel)
    from_s = rule["from_ns"] * 1e-9
    end_s = judged.trace.end_s
    points = _staircase(t_s, value, from_s, end_s)
    plot: dict[str, Any] = {
        "quantity": channel.label,
        "unit": channel.unit,
        "t_s": [t for t, _ in points],
        "value": [v for _, v in points],
        "threshold": rule.get("threshold", rule.get("ceiling")),
        "t0_s": verdict.t0_s,
        "t1_s": verdict.t1_s,
        "t2_s": verdict.t2_s,
        "t3_s": verdict.t3_s,
    }
    if rule["kind"] in ("trip", "alarm") and verdict.t0_s is not None:
        plot["low_s"] = verdict.t0_s + rule["low_s"]
        plot["high_s"] = verdict.t0_s + rule["high_s"]
    if rule["kind"] == "point":
        plot["threshold"] = 0.5 * (rule["low"] + rule["high"])
    return {key: entry for key, entry in plot.items() if entry is not None}


def _staircase(t_s: Any, value: Any, from_s: float, end_s: float) -> list[tuple[float, float]]:
    """The samples from `from_s` on, thinned where there are too many, with the value that held before and after."""
    points: list[tuple[float, float]] = []
    before = None
    for t, v in zip(t_s.tolist(), value.tolist(), strict=True):
        if t < from_s:
            before = v
            continue
        if not points and before is not None:
            points.append((from_s, before))
        points.append((t, v))
    if not points and before is not None:
        points.append((from_s, before))
    if len(points) > _PLOT_POINTS:
        step = math.ceil(len(points) / _PLOT_POINTS)
        points = points[:-1:step] + points[-1:]
    if points and points[-1][0] < end_s:
        points.append((end_s, points[-1][1]))
    return points
