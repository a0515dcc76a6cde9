"""DS-19, DS-28: the board's own supply dips (PWR-06); in the end the board is as before."""

from packrig._core import Channel, SettingRule, StateRule
from packrig.scenario import Rig

ROWS = ["DS-19", "DS-28"]
SUPPLY = Channel("supply_V")
BACK_S = 5.0  # [assumed] a board that was restarted has closed its paths again by then
CHANGED_V = 0.011  # by which a setting is moved, to see that it is kept


def test_dips(rig: Rig) -> None:
    """From 0.5 ms to 5 s, to nothing and to a few volts: afterwards both paths are closed and the settings are kept."""
    for deepest_V in (0.0, 3.0, 5.5):
        for dip_s in (0.0005, 0.005, 0.05, 0.5, 5.0):
            run = rig.run()
            kept_V = rig.settings["cell_ovp_V"] - CHANGED_V
            run.write("cell_ovp_V", kept_V)
            run.wait(BACK_S)
            run.impose(SUPPLY, deepest_V)
            run.wait(dip_s)
            run.release(SUPPLY)
            run.wait(BACK_S)
            for actuator in ("charge", "discharge"):
                run.judge(StateRule(actuator=actuator, drive_on=True))
            run.read("cell_ovp_V")
            setting = rig.part.settings["cell_ovp_V"]
            run.judge(SettingRule(register=setting.register, value=setting.counts(kept_V), accepted=True))


def test_without_supply_nothing_is_driven(rig: Rig) -> None:
    """While there is no supply, no coil is."""
    run = rig.run()
    run.impose(SUPPLY, 0.0)
    run.wait(BACK_S)
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=False))
