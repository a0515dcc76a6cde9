"""A broken instrument is never blamed on the product, and never passes a case that needs it."""

from pathlib import Path

import pytest

from packrig import runner
from packrig.specification import RigOptions


def _cases(fault: str, keyword: str, out: Path) -> list[dict]:
    return runner.run("b2a25srp", "twin", "smoke", keyword, out, 1, 1, None, fault=fault)["cases"]


@pytest.mark.parametrize("fault", ["stuck_cell", "swapped_cells", "dead_readback", "dead_instrument"])
def test_no_fault_of_the_rig_is_a_fail(fault: str, tmp_path: Path) -> None:
    cases = _cases(fault, "over_charge or discharge_over_current", tmp_path)
    assert [case["id"] for case in cases if case["outcome"] == "FAIL"] == []


@pytest.mark.parametrize("fault", ["stuck_cell", "swapped_cells"])
def test_the_case_that_needs_the_channel_is_an_error(fault: str, tmp_path: Path) -> None:
    cases = _cases(fault, "over_charge and trip_point and cell01", tmp_path)
    assert {case["outcome"] for case in cases} == {"ERROR"}
    assert all("did not impose cell" in case["reason"] and "read back" in case["reason"] for case in cases)


@pytest.mark.parametrize(
    ("fault", "words"), [("dead_readback", "gives no readback"), ("dead_instrument", "does not answer")]
)
def test_a_dead_instrument_gives_no_verdict(fault: str, words: str, tmp_path: Path) -> None:
    cases = _cases(fault, "over_charge and trip_time", tmp_path)
    assert {case["outcome"] for case in cases} == {"ERROR"}
    assert all(words in case["reason"] for case in cases)


def test_the_healthy_twin_agrees_with_the_simulation(tmp_path: Path) -> None:
    """Same scenarios on both benches: outcomes equal, trip times within the declared uncertainty and one scan."""
    keyword = "over_charge and trip_time"
    sim = runner.run("b2a25srp", "sim", "smoke", keyword, tmp_path / "sim", 1, 1, None)["cases"]
    twin = runner.run("b2a25srp", "twin", "smoke", keyword, tmp_path / "twin", 1, 1, None)["cases"]
    scan_s = 0.1  # the copy's own; only here, to compare, never to judge
    for one, other in zip(sim, twin, strict=True):
        assert one["outcome"] == other["outcome"] == "PASS"
        assert 0.0 < other["uncertainty"] < 0.02
        assert abs(one["value"] - other["value"]) <= scan_s + 2.0 * other["uncertainty"]


def test_what_the_twin_cannot_impose_is_skipped_with_its_reason(tmp_path: Path) -> None:
    cases = runner.run("b2a25srp", "twin", "smoke", "short_circuit", tmp_path, 1, 1, None)["cases"]
    assert {case["outcome"] for case in cases} == {"SKIPPED"}
    assert all("short circuit" in case["reason"] for case in cases)


def test_a_stimulus_below_the_resolution_is_inconclusive() -> None:
    """0.2 mV beyond the threshold is less than the twin's readback can tell."""
    from packrig import _core
    from packrig.part import load_part
    from packrig.protection import Protection
    from packrig.scenario import Rig

    part = load_part("b2a25srp")
    rig = Rig(part, part.pack("lfp", 16), RigOptions(bench="twin"), part.configured("lfp"))
    protection = Protection(part, part.limits["over_charge"], rig.settings)
    run = rig.run()
    run.impose(protection.channel(3), protection.beyond(0.0002))
    run.wait(2.0 * protection.longest_s)
    run.judge(protection.trip_rule(3, run.from_s))
    verdict = rig.record.judged[0].verdict
    assert verdict.outcome == "INCONCLUSIVE"
    assert "cannot tell" in verdict.reason
    assert isinstance(verdict, _core.Verdict)
