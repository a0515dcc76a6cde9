"""DS-18: a sense wire that is off, or a poor contact, is found, named over Bluetooth, and cuts what it makes unsafe."""

import math

from packrig._core import AlarmRule, ReportRule, StateRule
from packrig.scenario import Rig, Run

ROWS = ["DS-18", "DS-31"]
PACKS = [("lfp", 16), ("li_ion", 7), ("lfp", 25)]

GOOD_Ohm = 0.05
POOR_Ohm = 1.0
HEARD_S = 3.0
BOOTED_S = 1.0  # before it a board that was just powered answers nobody


def _judge_paths(run: Run, drive_on: bool) -> None:
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=drive_on))


def _judge_named(run: Run, tap: int) -> None:
    """Named is the cell below the wire, the one above it, or both."""
    count = run.rig.pack.cell_count
    low = 1 << max(tap - 1, 0)
    high = (low if tap > 0 else 0) | (1 << tap if tap < count else 0)
    run.judge(ReportRule(reported="suspect_cells", low=low, high=high, from_s=run.from_s))


def _listening(run: Run) -> Run:
    """The app is told something every half a second; what it hears first is not yet of the question."""
    run.listen("bluetooth")
    run.wait(HEARD_S)
    run.mark("the app listens")
    return run


def _judge_alarm(run: Run, alarms: list[str], within_s: float) -> None:
    """The alarm word says so in time; which of its bits stands for an open wire nobody has published."""
    run.judge(
        AlarmRule(
            alarms=alarms,
            actuator="charge",
            low_s=0.0,
            high_s=within_s + run.rig.part.report_age_s,
            from_s=run.from_s,
        )
    )


def _taps(rig: Rig) -> list[int]:
    count = rig.pack.cell_count
    return list(range(count + 1)) if rig.options.tier == "full" else [0, 1, count // 2, count]


def test_open_wire(rig: Rig) -> None:
    """WIR-01: with each off, both paths open in time and the cells beside it are named; with it back, both close."""
    longest_s = rig.part.assumed_value("wire_longest_s")
    for tap in _taps(rig):
        run = _listening(rig.run())
        run.set_sense_wire(tap, math.inf)
        run.wait(longest_s)
        _judge_paths(run, drive_on=False)
        run.wait(HEARD_S)
        _judge_alarm(run, ["cell_count", "wire_resistance"], longest_s)
        _judge_named(run, tap)
        run.set_sense_wire(tap, GOOD_Ohm)
        run.wait(longest_s)
        _judge_paths(run, drive_on=True)


def test_two_open_wires(rig: Rig) -> None:
    """WIR-02: two apart, and two side by side."""
    for taps in ((1, 4), (3, 4)):
        run = rig.run()
        for tap in taps:
            run.set_sense_wire(tap, math.inf)
        run.wait(rig.part.assumed_value("wire_longest_s"))
        _judge_paths(run, drive_on=False)


def test_open_busbar_under_load(rig: Rig) -> None:
    """WIR-08: a link between two cells comes off while 30 A flow: the paths open in time, and stay open."""
    run = rig.run()
    run.set_load("current_A", 30.0)
    run.wait(1.0)
    run.set_busbar(rig.pack.cell_count // 2, math.inf)
    run.wait(rig.part.assumed_value("wire_longest_s"))
    run.judge(StateRule(actuator="discharge", drive_on=False))
    run.wait(rig.part.assumed_value("wire_test_s"))
    run.judge(StateRule(actuator="discharge", drive_on=False))


def test_poor_contact(rig: Rig) -> None:
    """WIR-03: a contact of 1 Ohm is found after switching on, and its cell named; a good one is not."""
    test_s = rig.part.assumed_value("wire_test_s")
    for tap in _taps(rig):
        run = rig.fresh_run()
        run.set_sense_wire(tap, POOR_Ohm)
        run.wait(BOOTED_S)
        run.listen("bluetooth")
        run.wait(test_s + HEARD_S)
        _judge_alarm(run, ["wire_resistance"], test_s)
        _judge_named(run, tap)
    run = rig.fresh_run()
    run.wait(test_s + HEARD_S)
    run.listen("bluetooth")
    run.wait(HEARD_S)
    run.judge(ReportRule(reported="suspect_cells", low=0.0, high=0.0, from_s=run.from_s))
