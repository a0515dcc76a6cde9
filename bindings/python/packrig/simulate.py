"""`packrig sim`: a pack, its BMS with factory settings and a load profile; a trace and a plot of what happened."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from packrig import _core
from packrig.commands import check_writable
from packrig.course_plot import write_course_plot
from packrig.environment import data_folder
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.part import DEFAULT_PART, load_part
from packrig.progress import RunProgress
from packrig.specification import RigOptions, specification_of

# Rows of a channel that a plot can show and a trace of a long run should hold.
_ROWS = 5000
_SLICES = 200


def simulate(options: argparse.Namespace) -> ExitCode:
    """Raises UsageError for what was asked wrongly, SetupError when the simulation itself breaks down."""
    cell = options.bpx.stem if options.bpx else options.chem
    out = options.out or Path("out") / f"sim-{cell}-{options.cells}s"
    check_writable(out)
    profile = options.profile or data_folder("models/parameters") / "profiles" / "us06.csv"
    try:
        profile_s = _core.profile_end_s(str(profile))
        duration_s = options.duration or profile_s
        session = _session(options, duration_s)
        out.mkdir(parents=True, exist_ok=True)
        session.store_trace(str(out / "trace.prt"))
        interrupted, wall_s = _run(session, options, profile, duration_s, profile_s if options.repeat else 0.0)
        session.close_trace()
    except _core.BadInput as error:
        raise UsageError(str(error)) from error
    except (_core.NumericFault, _core.BenchFault) as error:
        raise SetupError(str(error)) from error
    trace = _core.Trace.load(str(out / "trace.prt"))
    write_course_plot(trace, out / "course.svg")
    _report(_summary(session, trace, wall_s, out), options.json)
    return ExitCode.INTERRUPTED if interrupted else ExitCode.PASSED


def _session(options: argparse.Namespace, duration_s: float) -> Any:
    part = load_part(DEFAULT_PART)
    chemistry = _core.bpx_chemistry(str(options.bpx)) if options.bpx else options.chem
    pack = part.pack(chemistry, options.cells)
    specification = specification_of(part, pack, RigOptions(seed=options.seed, cell=options.cell))
    if options.bpx:
        specification["pack"] |= {"cell": "spme", "cell_set": str(options.bpx)}
    specification["pack"] |= {
        "initial_soc": options.soc,
        "initial_degC": options.ambient,
        "ambient_degC": options.ambient,
    }
    del specification["pack"]["capacity_Ah"]
    if options.capacity:
        specification["pack"]["capacity_Ah"] = options.capacity
    period_s = duration_s / _ROWS
    specification["trace"] = {"plug_period_s": period_s, "truth_period_s": period_s, "reported_period_s": period_s}
    return _core.Session(json.dumps(specification, sort_keys=True), str(data_folder("models/parameters")))


def _run(
    session: Any, options: argparse.Namespace, profile: Path, duration_s: float, repeat_s: float
) -> tuple[bool, float]:
    """True after Ctrl-C, and the wall time. What was simulated by then is in the session."""
    begun = time.perf_counter()
    try:
        if not session.until(_core.drive_is("discharge", True), 20.0):
            raise SetupError("the BMS did not close its discharge relay within 20 s: the pack is outside its limits")
        session.set_load_profile(str(profile), options.unit, options.scale, repeat_s)
        with RunProgress(f"{duration_s:g} s of {profile.name}", quiet=options.json) as progress:
            for n in range(_SLICES):
                session.run_for(duration_s / _SLICES)
                session.flush_trace()
                progress.at((n + 1) / _SLICES)
    except KeyboardInterrupt:
        return True, time.perf_counter() - begun
    return False, time.perf_counter() - begun


def _summary(session: Any, trace: Any, wall_s: float, out: Path) -> dict[str, Any]:
    truth = trace.truth()
    cells = [name for name in truth if name.startswith("cell")]

    def extreme(suffix: str, choose: Any) -> float:
        return float(choose(choose(truth[name]) for name in cells if name.endswith(suffix)))

    return {
        "simulated_s": session.now_s,
        "wall_s": wall_s,
        "times_real_time": session.now_s / wall_s,
        "lowest_cell_V": extreme("_V", min),
        "highest_cell_V": extreme("_V", max),
        "lowest_soc": extreme("_soc", min),
        "highest_soc": extreme("_soc", max),
        "hottest_cell_degC": extreme("_degC", max),
        "edges": [
            {"at_s": event["at_s"], "actuator": event["actuator"], "on": event["on"]}
            for event in trace.events()
            if event["kind"] == "edge"
        ],
        "labels": list(session.labels),
        "trace_hash": trace.hash(),
        "trace": str(out / "trace.prt"),
        "plot": str(out / "course.svg"),
    }


def _report(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, indent=1, sort_keys=True))
        return
    print(
        f"simulated {summary['simulated_s']:.6g} s in {summary['wall_s']:.3g} s "
        f"({summary['times_real_time']:.4g} x real time)"
    )
    print(f"cells     {summary['lowest_cell_V']:.4f} .. {summary['highest_cell_V']:.4f} V")
    print(f"SoC       {summary['lowest_soc']:.4f} .. {summary['highest_soc']:.4f}")
    print(f"hottest   {summary['hottest_cell_degC']:.2f} degC")
    for edge in summary["edges"]:
        print(f"{edge['at_s']:12.6f} s  {edge['actuator']} {'on' if edge['on'] else 'off'}")
    for label in summary["labels"]:
        print(f"note      {label}")
    print(f"trace     {summary['trace']}")
    print(f"plot      {summary['plot']}")
