"""`packrig perf`: which of several runs is shown, with a benchmark that tells its own times."""

import json
from pathlib import Path

import pytest

from packrig import perf
from packrig.exit_codes import SetupError

# Each repetition of `loop/scan` is told as the next of these; `cells/off/iterations:1` is asked for once.
TIMES_MS = [30.0, 20.0, 25.0]

PROGRAM = """#!/usr/bin/env python3
import json, sys
arguments = dict(argument.lstrip("-").split("=", 1) for argument in sys.argv[1:] if "=" in argument)
if "--benchmark_list_tests" in sys.argv:
    print("loop/scan\\ncells/off/iterations:1")
    sys.exit()
name = arguments["benchmark_filter"].strip("^$").replace("\\\\", "")
count = int(arguments["benchmark_repetitions"])
records = [
    {"name": name, "run_type": "iteration", "iterations": 7, "real_time": t, "time_unit": "ms", "x": 600 / t}
    for t in TIMES[:count]
]
if count > 1:
    records.append({"name": name + "_mean", "run_type": "aggregate", "real_time": 1.0, "time_unit": "ms"})
if FAILS:
    records[0] |= {"error_occurred": True, "error_message": "the BMS tripped"}
print(json.dumps({"benchmarks": records}))
"""


def program(folder: Path, fails: bool = False) -> Path:
    path = folder / "tests" / "some_bench"
    path.parent.mkdir(parents=True)
    path.write_text(PROGRAM.replace("TIMES", str(TIMES_MS)).replace("FAILS", str(fails)))
    path.chmod(0o755)
    return path


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program(tmp_path)
    monkeypatch.setattr(perf.environment, "source_root", lambda: tmp_path)
    monkeypatch.setattr(perf.environment, "build_folder", lambda: tmp_path)
    return tmp_path


def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, dict]:
    return {figure["name"]: figure for figure in json.loads(capsys.readouterr().out)}


def test_the_fastest_of_its_runs_is_shown_with_its_counters(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    perf.perf("loop", 3, as_json=True)
    shown = figures(capsys)
    assert shown["loop/scan"]["value"] == 20.0
    assert shown["loop/scan"]["against"] == "per iteration, fastest of 3, the slowest took 1.50 x"
    assert shown["loop/scan x"]["value"] == 30.0
    assert set(shown) == {"loop/scan", "loop/scan x"}


def test_what_measures_accuracy_runs_once(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    perf.perf("cells", 3, as_json=True)
    shown = figures(capsys)["cells/off/iterations:1"]
    assert (shown["value"], shown["against"]) == (30.0, "per iteration")


def test_a_benchmark_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="benchmark loop/scan: the BMS tripped"):
        perf._run_benchmark(program(tmp_path, fails=True), "loop/scan", 3)
