"""`packrig perf`: what is measured, against what, on this machine, now. Nothing here is asserted by a test."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from packrig import environment
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.part import DEFAULT_PART
from packrig.suggest import nearest

# What Google Benchmark says of every benchmark; anything else in its record is a counter of that benchmark.
_STANDARD_KEYS = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index",
    "threads", "iterations", "real_time", "cpu_time", "time_unit", "label", "error_occurred", "error_message",
    "aggregate_name", "aggregate_unit", "big_o", "rms",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One measured number. `against` says what a ratio is relative to, or what a time covers."""

    name: str
    value: float
    unit: str
    against: str


def perf(name: str | None, repeat: int, as_json: bool) -> ExitCode:
    """Each benchmark's figures are those of the fastest of `repeat` runs: what else the machine does only adds time."""
    root, build = environment.source_root(), environment.build_folder()
    if root is None:
        raise SetupError("the benchmarks are not installed, only in the source tree: start ./packrig perf there")
    benchmarks = _benchmarks(build)
    wanted_benchmarks = {key: exe for key, exe in benchmarks.items() if name is None or name in key}
    wanted_wholes = {key: run for key, run in WHOLES.items() if name is None or name in key}
    if not wanted_benchmarks and not wanted_wholes:
        raise UsageError(f"nothing to measure is named '{name}'; {nearest(name, [*WHOLES, *benchmarks])}")
    figures: list[Figure] = []
    for benchmark, executable in wanted_benchmarks.items():
        _show(_run_benchmark(executable, benchmark, repeat), figures, as_json)
    for measure in wanted_wholes.values():
        _show(measure(root), figures, as_json)
    if as_json:
        json.dump([asdict(figure) for figure in figures], sys.stdout, indent=1)
        print()
    return ExitCode.PASSED


def _show(new: list[Figure], figures: list[Figure], as_json: bool) -> None:
    figures += new
    if not as_json:
        for figure in new:
            print(f"{figure.name:58} {figure.value:12.5g} {figure.unit:6} {figure.against}", flush=True)


def _benchmarks(build: Path) -> dict[str, Path]:
    """Every benchmark's name and the executable that has it."""
    found: dict[str, Path] = {}
    for executable in sorted(build.glob("tests/**/*_bench")):
        listed = _output([str(executable), "--benchmark_list_tests"])
        found.update(dict.fromkeys(listed.split(), executable))
    return found


def _run_benchmark(executable: Path, name: str, repeat: int) -> list[Figure]:
    # What runs a fixed number of times measures accuracy, which is the same each time.
    repeat = 1 if "/iterations:" in name else repeat
    # By exact name: the filter is a regular expression, in which / < > are plain and the rest is escaped.
    escaped = "".join(f"\\{letter}" if letter in ".[]()*+?^$|{}\\" else letter for letter in name)
    command = [str(executable), "--benchmark_format=json", f"--benchmark_filter=^{escaped}$"]
    document = json.loads(_output([*command, f"--benchmark_repetitions={repeat}"]))
    runs = [record for record in document["benchmarks"] if record["run_type"] == "iteration"]
    for run in runs:
        if run.get("error_occurred"):
            raise SetupError(f"benchmark {run['name']}: {run['error_message']}")
    fastest, slowest = (of(runs, key=lambda run: run["real_time"]) for of in (min, max))
    ratio = slowest["real_time"] / fastest["real_time"]
    said = f"per iteration, fastest of {repeat}, the slowest took {ratio:.2f} x" if repeat > 1 else "per iteration"
    figures = [Figure(name, fastest["real_time"], fastest["time_unit"], said)]
    for counter in sorted(set(fastest) - _STANDARD_KEYS):
        figures.append(Figure(f"{name} {counter}", fastest[counter], "", fastest.get("label", "")))
    return figures


def _second_start(root: Path) -> list[Figure]:
    # A typing error is answered after the check of the set-up and of the build, and before anything is simulated.
    _, wall_s = _timed([str(root / "packrig"), "verify", "--bench", "none"])
    return [Figure("second start", wall_s, "s", "set-up check, build with nothing to do, Python up to the arguments")]


def _smoke(root: Path) -> list[Figure]:
    figures = []
    for bench in ("sim", "twin"):
        with tempfile.TemporaryDirectory() as folder:
            document, wall_s = _verify(root, folder, "--bench", bench)
        cases = len(document["cases"])
        simulated_s = sum(case.get("simulated_s", 0.0) for case in document["cases"])
        figures.append(Figure(f"smoke tier on {bench}", wall_s, "s", f"{cases} cases, all cores, report included"))
        figures.append(Figure(f"smoke tier on {bench}, speed", simulated_s / wall_s, "x", "simulated over wall time"))
    return figures


def _same_bytes(root: Path) -> list[Figure]:
    """Compares every trace of one seed run in one process and in two."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        _verify(root, one, "--jobs", "1")
        _verify(root, two, "--jobs", "2")
        names = sorted({path.name for folder in (one, two) for path in Path(folder).glob("traces/*")})
        same = sum(_bytes(one, name) == _bytes(two, name) is not None for name in names)
    if not names:
        raise SetupError("the smoke tier wrote no trace to compare")
    return [Figure("traces of --jobs 1 and --jobs 2 that are equal", same / len(names), "", f"of {len(names)} traces")]


WHOLES: dict[str, Callable[[Path], list[Figure]]] = {
    "second start": _second_start,
    "smoke tier": _smoke,
    "same bytes": _same_bytes,
}


def _bytes(folder: str, name: str) -> bytes | None:
    path = Path(folder) / "traces" / name
    return path.read_bytes() if path.is_file() else None


def _verify(root: Path, out: str, *arguments: str) -> tuple[dict, float]:
    run, wall_s = _timed([str(root / "packrig"), "verify", DEFAULT_PART, "--out", out, "--json", *arguments])
    if not run.stdout:
        raise SetupError(f"verify {' '.join(arguments)}: {run.stderr.strip()}")
    return json.loads(run.stdout), wall_s


def _timed(command: list[str]) -> tuple[subprocess.CompletedProcess, float]:
    begun_s = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run, time.perf_counter() - begun_s


def _output(command: list[str]) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise SetupError(f"{Path(command[0]).name}: exit {run.returncode}: {run.stderr.strip()}")
    return run.stdout
