"""DS-14: a short circuit opens the discharge relay. The sheet has no number: times are CHARACTERISED."""

from packrig._core import Channel, HoldRule, TripRule
from packrig.scenario import Rig, Run

ROWS = ["DS-14", "DS-31"]
CURRENT = Channel("current_A")


def _rule(rig: Rig, from_s: float, sign: int = 1) -> TripRule:
    return TripRule(
        channel=CURRENT,
        side="above" if sign > 0 else "below",
        threshold=sign * 0.5 * rig.part.assumed_value("short_A"),
        actuator="discharge" if sign > 0 else "charge",
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


def test_short_in_the_charging_direction(rig: Rig) -> None:
    """A short circuit across a charger that feeds it: the charge drive opens."""
    rig.require_short_circuit()
    for run in rig.phases():
        run.impose(CURRENT, -rig.part.assumed_value("short_A"))
        run.until_drive("charge", on=False, within_s=2.0 * rig.part.assumed_value("short_longest_s") + 1.0)
        run.judge(_rule(rig, run.from_s, sign=-1))


def test_charge_path_stays(rig: Rig) -> None:
    """A short circuit of the load leaves the charge path closed (the two paths are independent, DS-03)."""
    rig.require_short_circuit()
    run = rig.run()
    run.impose(CURRENT, rig.part.assumed_value("short_A"))
    run.wait(0.2)
    run.impose(CURRENT, 0.0)
    run.wait(2.0)
    run.judge(
        HoldRule(
            channel=CURRENT,
            side="above",
            reach=0.5 * rig.part.assumed_value("short_A"),
            reach_s=0.15,
            ceiling=float("inf"),
            ceiling_s=0.0,
            actuator="charge",
            drive_on=False,
            promised=False,
            from_s=run.from_s,
        )
    )


def test_short_at_the_load_port(rig: Rig) -> None:
    """A real short circuit behind the discharge relay, driven by the pack through the loop's inductance."""
    rig.require_short_circuit()
    for run in rig.phases():
        run.short_load_port(0.010)
        run.until_drive("discharge", on=False, within_s=2.0 * rig.part.assumed_value("short_longest_s") + 1.0)
        run.judge(_rule(rig, run.from_s))


def _reclosed(rig: Rig) -> Run | None:
    """A run in which the drive has opened on a short and closed again; judged on the way. None if it did not."""
    run = rig.run()
    run.impose(CURRENT, rig.part.assumed_value("short_A"))
    run.until_drive("discharge", on=False, within_s=2.0)
    if not run.judge(_rule(rig, run.from_s)):
        return None
    run.mark("the open relay ends the current")
    run.impose(CURRENT, 0.0)
    release_s = rig.settings["short_release_s"]
    low_s, high_s = rig.part.delay_band_s(release_s)
    run.until_drive("discharge", on=True, within_s=high_s + 2.0, expected_s=release_s)
    release = TripRule(
        channel=CURRENT,
        side="below",
        threshold=0.5 * rig.part.assumed_value("short_A"),
        actuator="discharge",
        drive_on=True,
        low_s=low_s,
        high_s=high_s,
        promised=True,
        from_s=run.from_s,
    )
    return run if run.judge(release) else None


def test_release_time(rig: Rig) -> None:
    """The drive closes again after the release time that was written to the board."""
    rig.require_short_circuit()
    _reclosed(rig)


def test_recloses_onto_a_standing_short(rig: Rig) -> None:
    """After the release time the board closes again; the short still stands, so it must open again."""
    rig.require_short_circuit()
    if (run := _reclosed(rig)) is None:
        return
    run.mark("the board has closed onto the standing short")
    run.impose(CURRENT, rig.part.assumed_value("short_A"))
    run.until_drive("discharge", on=False, within_s=2.0)
    run.judge(_rule(rig, run.from_s))
