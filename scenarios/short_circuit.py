"""DS-14: a short circuit opens the discharge relay. The sheet has no number: times are CHARACTERISED."""

from packrig._core import Channel, TripRule
from packrig.scenario import Rig

ROWS = ["DS-14", "DS-31"]
CURRENT = Channel("current_A")


def _rule(rig: Rig, from_s: float) -> TripRule:
    return TripRule(
        channel=CURRENT,
        side="above",
        threshold=0.5 * rig.part.assumed_value("short_A"),
        actuator="discharge",
        drive_on=False,
        low_s=0.0,
        high_s=rig.part.assumed_value("short_longest_s"),
        promised=False,
        from_s=from_s,
    )


def test_step_at_the_shunt(rig: Rig) -> None:
    """A step of the shunt voltage to that of a short circuit: how long until the drive opens?"""
    rig.require_short_circuit()
    for run in rig.phases():
        run.impose(CURRENT, rig.part.assumed_value("short_A"))
        run.until_drive("discharge", on=False, within_s=2.0 * rig.part.assumed_value("short_longest_s") + 1.0)
        run.wait(0.1)
        run.judge(_rule(rig, run.from_s))


def test_short_at_the_load_port(rig: Rig) -> None:
    """A real short circuit behind the discharge relay, driven by the pack through the loop's inductance."""
    rig.require_short_circuit()
    for run in rig.phases():
        run.short_load_port(0.010)
        run.until_drive("discharge", on=False, within_s=2.0 * rig.part.assumed_value("short_longest_s") + 1.0)
        run.judge(_rule(rig, run.from_s))


def test_recloses_onto_a_standing_short(rig: Rig) -> None:
    """After the release time the board closes again; the short still stands, so it must open again."""
    rig.require_short_circuit()
    run = rig.run()
    run.impose(CURRENT, rig.part.assumed_value("short_A"))
    run.until_drive("discharge", on=False, within_s=2.0)
    run.impose(CURRENT, 0.0)  # the open relay ends the current
    release_s = rig.settings["short_release_s"]
    run.until_drive("discharge", on=True, within_s=2.0 * release_s + 2.0, expected_s=release_s)
    run.mark("the board has closed onto the standing short")
    run.impose(CURRENT, rig.part.assumed_value("short_A"))
    run.until_drive("discharge", on=False, within_s=2.0)
    run.judge(_rule(rig, run.from_s))
