"""DS-15: a temperature probe that was never fitted is none of the board's; one that is lost is a fault (WIR-09)."""

from packrig._core import AlarmRule, StateRule
from packrig.scenario import Rig, Run

ROWS = ["DS-15"]
HEARD_S = 3.0


def _judge_paths(run: Run, drive_on: bool) -> None:
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=drive_on))


def test_never_fitted(rig: Rig) -> None:
    """The board is powered with a probe missing: both paths close."""
    run = rig.fresh_run()
    run.fit_ntc(3, False)
    run.write("precharge_s", 0)
    run.wait(rig.part.assumed_value("temperature_longest_s"))
    _judge_paths(run, drive_on=True)


def test_lost(rig: Rig) -> None:
    """Each that was there and is gone: an alarm, and no path stays closed on temperatures that nobody knows."""
    longest_s = rig.part.assumed_value("temperature_longest_s")
    for probe in (1, 2, 3):
        run = rig.run()
        run.listen("bluetooth")
        run.wait(HEARD_S)
        run.mark(f"probe {probe} is lost")
        run.fit_ntc(probe, False)
        run.wait(longest_s + HEARD_S)
        run.judge(
            AlarmRule(
                alarms=["temperature_probe"],
                actuator="charge",
                low_s=0.0,
                high_s=longest_s + rig.part.report_age_s,
                from_s=run.from_s,
            )
        )
        _judge_paths(run, drive_on=False)
        run.fit_ntc(probe, True)
        run.wait(longest_s)
        _judge_paths(run, drive_on=True)
