"""DS-28, DS-30: below the shutdown voltage the board switches itself off; a charger or the button brings it back."""

from _protection import judge_over_charge
from packrig._core import Channel, HoldRule, StateRule, TripRule
from packrig.scenario import Rig, Run

ROWS = ["DS-28", "DS-30"]
HIGHEST = Channel("cell_max_V")


def _switched_off(rig: Rig) -> Run | None:
    """A run with every cell below the shutdown voltage, in which the charge path has opened, as nothing but the
    shutdown asks it to. None when it did not; it is judged here."""
    longest_s = rig.part.assumed_value("power_off_longest_s")
    run = rig.run()
    run.impose_cells(rig.settings["power_off_V"] - 0.1)
    run.until_drive("charge", on=False, within_s=longest_s + 1.0, expected_s=3.0)
    run.wait(2.0)
    rule = TripRule(
        channel=HIGHEST,
        side="below",
        threshold=rig.settings["power_off_V"],
        actuator="charge",
        drive_on=False,
        low_s=0.0,
        high_s=longest_s,
        promised=False,
        from_s=run.from_s,
    )
    return run if run.judge(rule) else None


def test_all_cells_below(rig: Rig) -> None:
    """Both relays open, and stay so while nothing wakes the board."""
    if (run := _switched_off(rig)) is None:
        return
    run.wait(60.0)
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=False))


def test_one_cell_above(rig: Rig) -> None:
    """The sheet says a cell, the maker's manual the highest one: with one cell above, does the board stay on?
    CHARACTERISED, since the two contradict each other."""
    run = rig.run()
    run.impose_cells(rig.settings["power_off_V"] - 0.1)
    run.impose(Channel("cell_V", 2), rig.settings["power_off_V"] + 0.05)
    hold_s = 2.0 * rig.part.assumed_value("power_off_longest_s")
    run.wait(hold_s + 1.0)
    run.judge(
        HoldRule(
            channel=Channel("cell_min_V"),
            side="below",
            reach=rig.settings["power_off_V"],
            reach_s=hold_s,
            ceiling=float("-inf"),
            ceiling_s=0.0,
            actuator="charge",
            drive_on=False,
            promised=False,
            from_s=run.from_s,
        )
    )


def test_cells_that_recover_wake_nothing(rig: Rig) -> None:
    """A board that is off measures nothing: the relays stay open although the cells are back."""
    if (run := _switched_off(rig)) is None:
        return
    run.impose_cells(0.5 * (rig.settings["cell_uvpr_V"] + rig.settings["cell_ovpr_V"]))
    run.wait(10.0)
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=False))


def test_charger_wakes(rig: Rig) -> None:
    """A charger put in: at once the charge relay closes, so that the pack can be charged; discharging stays cut."""
    if (run := _switched_off(rig)) is None:
        return
    run.set_charger(cv_V=1.2 * rig.settings["cell_uvpr_V"] * rig.pack.cell_count, cc_A=5.0)
    run.wait(rig.part.assumed_value("wake_longest_s"))
    run.judge(StateRule(actuator="charge", drive_on=True))
    run.judge(StateRule(actuator="discharge", drive_on=False))
    run.impose_cells(0.5 * (rig.settings["cell_uvpr_V"] + rig.settings["cell_ovpr_V"]))
    run.wait(5.0)
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=True))


def test_protection_is_back_after_the_wake(rig: Rig) -> None:
    """All functions back: a cell above its limit opens the charge relay as before."""
    if (run := _switched_off(rig)) is None:
        return
    run.set_charger(cv_V=1.2 * rig.settings["cell_uvpr_V"] * rig.pack.cell_count, cc_A=5.0)
    run.impose_cells(0.5 * (rig.settings["cell_uvpr_V"] + rig.settings["cell_ovpr_V"]))
    run.wait(5.0)
    judge_over_charge(run)


def test_button(rig: Rig) -> None:
    """Held for its time the button switches the board off, and on again; a press that is too short does neither."""
    on_s, off_s = (rig.part.assumed_value(name) for name in ("button_on_s", "button_off_s"))
    run = rig.run()
    for press_s, closed in ((0.8 * off_s, True), (1.1 * off_s, False), (0.8 * on_s, False), (1.1 * on_s, True)):
        run.press_button(True)
        run.wait(press_s)
        run.press_button(False)
        run.wait(rig.part.assumed_value("wake_longest_s"))
        for actuator in ("charge", "discharge"):
            run.judge(StateRule(actuator=actuator, drive_on=closed))
