"""DS-26: the heater's drive follows the coldest probe, and stays off where nothing can be measured."""

from packrig._core import Channel, StateRule
from packrig.scenario import Rig, Run

ROWS = ["DS-26"]
START_degC = 5.0
STOP_degC = 15.0


def _heating(rig: Rig, cold_degC: float) -> Run:
    """A run with heating switched on, a charger in, the middle probe at `cold_degC` and the others warm."""
    run = rig.run()
    run.write_all({"heating_stop_degC": STOP_degC, "heating_start_degC": START_degC, "heating_switch": 1})
    run.set_charger(cv_V=run.shown(Channel("cell_V", 1)) * rig.pack.cell_count, cc_A=1.0)
    for probe, probe_degC in ((1, 25.0), (2, cold_degC), (3, 25.0)):
        run.impose(Channel("ntc_degC", probe), probe_degC)
    run.wait(rig.part.assumed_value("temperature_longest_s"))
    return run


def _judge(run: Run, on: bool) -> bool:
    return run.judge(StateRule(actuator="heater", drive_on=on))


def test_thresholds_and_hysteresis(rig: Rig) -> None:
    """Off above the start, on below it, on up to the stop, off above it, off until the start again."""
    margin_degC = 1.5 * rig.part.assumed_value("temperature_accuracy_degC")
    run = _heating(rig, START_degC + margin_degC)
    if not _judge(run, False):
        return
    courses = (
        (START_degC - margin_degC, True),
        (STOP_degC - margin_degC, True),
        (STOP_degC + margin_degC, False),
        (START_degC + margin_degC, False),
    )
    for probe_degC, on in courses:
        run.impose(Channel("ntc_degC", 2), probe_degC)
        run.wait(rig.part.assumed_value("temperature_longest_s"))
        if not _judge(run, on):
            return


def test_without_a_charger(rig: Rig) -> None:
    """A pack must not heat itself flat: with the charger taken out the heater goes off."""
    run = _heating(rig, START_degC - 10.0)
    if not _judge(run, True):
        return
    run.unplug_charger()
    run.wait(2.0)
    _judge(run, False)


def test_with_a_probe_lost(rig: Rig) -> None:
    """No heating on the loss of a sensor, though the cold one still reads."""
    run = _heating(rig, START_degC - 10.0)
    if not _judge(run, True):
        return
    run.fit_ntc(1, False)
    run.release(Channel("ntc_degC", 1))
    run.wait(rig.part.assumed_value("temperature_longest_s"))
    _judge(run, False)


def test_switched_off(rig: Rig) -> None:
    run = _heating(rig, START_degC - 10.0)
    if not _judge(run, True):
        return
    run.write("heating_switch", 0)
    run.wait(2.0)
    _judge(run, False)
