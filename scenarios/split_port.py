"""DS-03: two external relays; the BMS drives their coils, the contacts follow, the paths are independent."""

from packrig._core import Channel, HoldRule, TripRule
from packrig.scenario import Rig

ROWS = ["DS-03"]
CURRENT = Channel("current_A")


def test_load_masks_the_charger(rig: Rig) -> None:
    """Charger 100 A, load 90 A: the shunt sees net 10 A of charging, so a limit of 50 A cannot act (SPL-01).

    CHARACTERISED: masking is reported, it is no pass of the over-current protection."""
    run = rig.run()
    cell_V = run.shown(Channel("cell_V", 1))
    run.set_charger(cv_V=1.5 * cell_V * rig.pack.cell_count, cc_A=100.0)
    run.set_load("current_A", 90.0)
    hold_s = 3.0 * rig.settings["charge_delay_s"]
    run.wait(hold_s + 1.0)
    run.judge(
        HoldRule(
            channel=CURRENT,
            side="below",
            reach=-9.0,
            reach_s=hold_s,
            ceiling=-11.0,
            ceiling_s=0.1,
            actuator="charge",
            drive_on=False,
            promised=False,
            from_s=run.from_s,
        )
    )


def test_load_leaves_the_charger(rig: Rig) -> None:
    """The load stops, the whole 100 A charge the pack: now the charge relay must open."""
    run = rig.run()
    cell_V = run.shown(Channel("cell_V", 1))
    run.set_charger(cv_V=1.5 * cell_V * rig.pack.cell_count, cc_A=100.0)
    run.set_load("current_A", 90.0)
    run.wait(1.0)
    run.mark("the load stops")
    run.set_load("none")
    delay_s = rig.settings["charge_delay_s"]
    low_s, high_s = rig.part.delay_band_s(delay_s)
    run.until_drive("charge", on=False, within_s=high_s + 1.0, expected_s=delay_s)
    run.wait(0.1)
    run.judge(
        TripRule(
            channel=CURRENT,
            side="below",
            threshold=-rig.settings["charge_limit_A"],
            actuator="charge",
            drive_on=False,
            low_s=low_s,
            high_s=high_s,
            promised=True,
            from_s=run.from_s,
        )
    )
