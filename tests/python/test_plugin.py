"""The plug-in's promises to a scenario author: what a scenario does wrong is ERROR, never FAIL."""

from pathlib import Path

import pytest

from packrig._core import Channel, Trace
from packrig.runner import run_pytest

HEAD = """
from packrig._core import Channel
from packrig.scenario import Rig, Skipped

ROWS = ["DS-08"]
PACKS = [("lfp", 8)]
"""


def _results(folder: Path, body: str, *options: str) -> dict[str, dict]:
    # A name of its own: pytest keeps imported modules by their name, and this is one process.
    file = folder / f"scenario_{abs(hash(body)):x}.py"
    file.write_text(HEAD + body, encoding="utf-8")
    plain = ["-p", "packrig.plugin", "-c", "/dev/null", "-p", "no:cacheprovider"]
    _, collector = run_pytest([str(file), *plain, *options])
    return {name.replace(file.stem, "scenario"): result for name, result in collector.results.items()}


def test_a_scenario_that_throws_is_an_error_and_keeps_its_trace(tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    body = """
def test_broken(rig: Rig) -> None:
    run = rig.run()
    run.impose(Channel("cell_V", 3), 3.9)
    run.wait(1.0)
    raise ZeroDivisionError("my own mistake")
"""
    result = _results(tmp_path, body, f"--packrig-out={tmp_path}")["scenario.broken[lfp-8s]"]
    assert result["outcome"] == "ERROR"
    assert result["reason"] == "ZeroDivisionError: my own mistake"
    assert (tmp_path / result["broken_off_trace"]).is_file()


def test_an_interrupt_keeps_the_trace_of_the_running_scenario(tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    body = """
def test_stopped(rig: Rig) -> None:
    run = rig.run()
    run.impose(Channel("cell_V", 3), 3.9)
    run.wait(1.0)
    raise KeyboardInterrupt

def test_never_reached(rig: Rig) -> None:
    rig.run().wait(1.0)
"""
    file = tmp_path / "scenario_interrupted.py"
    file.write_text(HEAD + body, encoding="utf-8")
    code, collector = run_pytest(
        [str(file), "-p", "packrig.plugin", "-c", "/dev/null", "-p", "no:cacheprovider", f"--packrig-out={tmp_path}"]
    )
    assert code == 2
    assert collector.results == {}
    (stored,) = (tmp_path / "traces").iterdir()
    trace = Trace.load(str(stored))
    assert trace.series(Channel("cell_V", 3))[1].max() == pytest.approx(3.9)
    assert any(event["kind"] == "stimulus" for event in trace.events())


def test_a_scenario_that_judges_nothing_is_an_error(tmp_path: Path) -> None:
    results = _results(tmp_path, "def test_idle(rig: Rig) -> None:\n    rig.run().wait(1.0)\n")
    assert results["scenario.idle[lfp-8s]"]["outcome"] == "ERROR"
    assert "judged nothing" in results["scenario.idle[lfp-8s]"]["reason"]


def test_a_failed_assertion_in_a_scenario_is_not_a_verdict(tmp_path: Path) -> None:
    results = _results(tmp_path, "def test_asserts(rig: Rig) -> None:\n    assert 1 == 2\n")
    assert results["scenario.asserts[lfp-8s]"]["outcome"] == "ERROR"


def test_skipped_says_why(tmp_path: Path) -> None:
    results = _results(tmp_path, 'def test_cannot(rig: Rig) -> None:\n    raise Skipped("no such relay here")\n')
    assert results["scenario.cannot[lfp-8s]"]["outcome"] == "SKIPPED"
    assert results["scenario.cannot[lfp-8s]"]["reason"] == "no such relay here"


def test_a_value_out_of_range_names_itself(tmp_path: Path) -> None:
    body = """
def test_beyond(rig: Rig) -> None:
    rig.run().impose(Channel("cell_V", 3), 77.0)

def test_no_such_cell(rig: Rig) -> None:
    rig.run().impose(Channel("cell_V", 9), 3.0)

def test_the_past(rig: Rig) -> None:
    rig.run().impose(Channel("cell_V", 3), 3.0, after_s=-5.0)
"""
    results = _results(tmp_path, body)
    assert "cell_V = 77" in results["scenario.beyond[lfp-8s]"]["reason"]
    assert "-5 .. 10" in results["scenario.beyond[lfp-8s]"]["reason"]
    assert "cell 9 does not exist; accepted: 1 .. 8" in results["scenario.no_such_cell[lfp-8s]"]["reason"]
    assert "lies in the past" in results["scenario.the_past[lfp-8s]"]["reason"]
    assert {result["outcome"] for result in results.values()} == {"ERROR"}
