"""DS-03: two external relays; the BMS drives their coils, the contacts follow, the paths are independent."""

from _drive import characterise_drive

from packrig._core import Channel, HoldRule, StateRule
from packrig.protection import Protection
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
    protection = Protection(rig.part, rig.part.limits["charge_over_current"], rig.settings)
    run.until_drive("charge", on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    run.wait(0.1)
    run.judge(protection.trip_rule(0, run.from_s))


def test_regeneration_into_a_full_pack(rig: Rig) -> None:
    """A load feeds 20 A back while a cell above its limit has opened the charge relay (SPL-02): they come in through
    the discharge path. CHARACTERISED: does that path open, which nobody promises?"""
    protection = Protection(rig.part, rig.part.limits["over_charge"], rig.settings)
    run = rig.run()
    run.impose(protection.channel(1), protection.beyond(protection.limit.overdrive["middle"]))
    run.until_drive("charge", on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    if not run.judge(protection.trip_rule(1, run.from_s)):
        return
    run.mark("the load feeds back")
    run.set_load("current_A", -20.0)
    hold_s = 2.0 * protection.longest_s
    run.wait(hold_s + 1.0)
    characterise_drive(run, "discharge", CURRENT, "below", -18.0, hold_s, on=False)


def test_switches(rig: Rig) -> None:
    """Each path has its own switch: off opens its drive and leaves the other, on closes it again."""
    for name, other in (("charge", "discharge"), ("discharge", "charge")):
        run = rig.run()
        run.write(f"{name}_switch", 0)
        run.wait(2.0)
        run.judge(StateRule(actuator=name, drive_on=False))
        run.judge(StateRule(actuator=other, drive_on=True))
        run.write(f"{name}_switch", 1)
        run.wait(2.0)
        run.judge(StateRule(actuator=name, drive_on=True))


def test_a_release_never_overrides_a_switch(rig: Rig) -> None:
    """Switched off while a protection holds the path open: its release closes nothing, the switch does."""
    protection = Protection(rig.part, rig.part.limits["over_charge"], rig.settings)
    run = rig.run()
    run.impose(protection.channel(2), protection.beyond(protection.limit.overdrive["middle"]))
    run.until_drive("charge", on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
    run.write("charge_switch", 0)
    run.impose(protection.channel(2), protection.inside_release(0.1))
    run.wait(2.0 * protection.release_band_s[1])
    run.judge(StateRule(actuator="charge", drive_on=False))
    run.write("charge_switch", 1)
    run.wait(2.0)
    run.judge(StateRule(actuator="charge", drive_on=True))


def test_a_switch_never_overrides_a_protection(rig: Rig) -> None:
    """A cell stands above its limit; switching charging off and on again must not close the relay (ACT-02)."""
    cell = Channel("cell_V", 2)
    run = rig.run()
    run.impose(cell, rig.settings["cell_ovp_V"] + 0.050)
    run.until_drive("charge", on=False, within_s=10.0, expected_s=3.0)
    run.mark("the protection has opened the path")
    for position in (0, 1):
        run.write("charge_switch", position)
        run.wait(5.0)
    run.judge(
        HoldRule(
            channel=cell,
            side="above",
            reach=rig.settings["cell_ovp_V"],
            reach_s=9.0,
            ceiling=float("inf"),
            ceiling_s=0.0,
            actuator="charge",
            drive_on=True,
            from_s=run.from_s,
        )
    )
