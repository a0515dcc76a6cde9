"""DS-31: two protections at once; each cuts its own path (MLT-01), and a path waits for all of its causes (MLT-02)."""

import math

from packrig._core import AlarmRule, StateRule
from packrig.protection import Protection
from packrig.scenario import Rig, Run

ROWS = ["DS-31"]


FLOW_A = 20.0  # inside every limit
WIRE = 5
HEARD_S = 3.0


def _protections(rig: Rig, *names: str) -> list[Protection]:
    return [Protection(rig.part, rig.part.limits[name], rig.settings) for name in names]


def _both_trip(rig: Rig, names: tuple[str, str], numbers: tuple[int, int]) -> None:
    """Both limits passed at the same instant: both drives open, each in its own time."""
    pair = _protections(rig, *names)
    for run in rig.phases():
        for protection, number in zip(pair, numbers, strict=True):
            run.impose(protection.channel(number), protection.beyond(protection.limit.overdrive["middle"]))
        for protection in pair:
            run.until_drive(
                protection.limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s
            )
        for protection, number in zip(pair, numbers, strict=True):
            run.judge(protection.trip_rule(number, run.from_s))


def test_over_charge_and_over_discharge(rig: Rig) -> None:
    """One cell above, another below."""
    _both_trip(rig, ("over_charge", "over_discharge"), (1, 2))


def test_over_charge_and_discharge_over_current(rig: Rig) -> None:
    _both_trip(rig, ("over_charge", "discharge_over_current"), (3, 0))


def test_over_discharge_and_charge_over_current(rig: Rig) -> None:
    _both_trip(rig, ("over_discharge", "charge_over_current"), (3, 0))


def test_over_charge_and_an_open_wire(rig: Rig) -> None:
    """Both are in the alarm word in time, and both paths are open."""
    (protection,) = _protections(rig, "over_charge")
    longest_s = rig.part.assumed_value("wire_longest_s")
    run = rig.run()
    run.listen("bluetooth")
    run.wait(HEARD_S)
    run.mark("a cell above its limit, the wire of another one broken")
    run.impose(protection.channel(1), protection.beyond(protection.limit.overdrive["middle"]))
    run.set_sense_wire(WIRE, math.inf)
    run.wait(longest_s + HEARD_S)
    for alarms in (["cell_over_voltage"], ["cell_count", "wire_resistance"]):
        high_s = longest_s + rig.part.report_age_s
        run.judge(AlarmRule(alarms=alarms, actuator="charge", low_s=0.0, high_s=high_s, from_s=run.from_s))
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=False))


def _judge_held(run: Run, protection: Protection, number: int, hold_s: float, inside: float) -> None:
    """While this cause stands the path stays open, whatever else has ended; it closes when this one has ended too."""
    actuator, channel = protection.limit.actuator, protection.channel(number)
    run.wait(hold_s + 1.0)
    if not run.judge(
        protection.hold_rule(channel, run.from_s, reach=protection.threshold, reach_s=hold_s, drive_on=True)
    ):
        return
    run.mark("the last cause ends")
    run.impose(channel, protection.inside_release(inside))
    run.until_drive(actuator, on=True, within_s=protection.longest_s, expected_s=0.5)
    run.judge(protection.release_rule(channel, run.from_s))


def test_path_waits_for_both_causes(rig: Rig) -> None:
    """A cell below its limit and a probe above its own cut discharging; with the cell back, the probe still does."""
    cell, probe = _protections(rig, "over_discharge", "discharge_over_temperature")
    run = rig.run(while_A=FLOW_A)
    for protection in (cell, probe):
        run.impose(protection.channel(2), protection.beyond(protection.limit.overdrive["far"]))
    run.wait(probe.longest_s)
    run.judge(StateRule(actuator="discharge", drive_on=False))
    run.mark("the cell is back")
    run.impose(cell.channel(2), cell.inside_release(0.1))
    _judge_held(run, probe, 2, 2.0 * cell.release_band_s[1], 10.0)


def test_fault_during_the_release_of_another(rig: Rig) -> None:
    """A cell rises above its limit while an over-current waits for its release: at that time nothing closes."""
    current, cell = _protections(rig, "charge_over_current", "over_charge")
    run = rig.run()
    run.impose(current.channel(0), current.beyond(current.limit.overdrive["middle"]))
    run.until_drive("charge", on=False, within_s=current.longest_s, expected_s=current.delay_s)
    if not run.judge(current.trip_rule(0, run.from_s)):
        return
    run.impose(current.channel(0), 0.0)
    run.mark("the current is gone, a cell rises")
    run.impose(cell.channel(3), cell.beyond(cell.limit.overdrive["middle"]))
    _judge_held(run, cell, 3, current.release_band_s[1] + cell.longest_s, 0.1)
