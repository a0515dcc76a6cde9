"""DS-03: what the external relays do to the board: a welded contact, lost coils, a capacitor behind."""

from dataclasses import replace

from _drive import characterise_drive

from packrig._core import AlarmRule, Channel, LevelRule, StateRule
from packrig.protection import Protection
from packrig.scenario import Rig, Run

ROWS = ["DS-03"]
CURRENT = Channel("current_A")
POLL_S = 0.25
WATCHED_S = 5.0

LOAD_F = 10e-3  # the input of a large inverter
PRECHARGE_S = 5
HIGH_A = 300.0  # the end of the shunt's range
LOAD_A = 30.0  # inside every limit
RETRIED_S = 90.0  # [assumed] a board that tries again does so within this time


def _judge_current(run: Run, text: str) -> None:
    """What flows from now on. CHARACTERISED: the sheet says nothing of it."""
    run.mark(text)
    run.wait(WATCHED_S)
    run.judge(LevelRule(channel=CURRENT, low=-HIGH_A, high=HIGH_A, span_s=WATCHED_S, promised=False, from_s=run.from_s))


def _judge_over_current(run: Run, actuator: str) -> None:
    """The drive opens in its time and the bus says why, as with a relay that is whole."""
    name = f"{actuator}_over_current"
    protection = Protection(run.rig.part, run.rig.part.limits[name], run.rig.settings)
    heard_s = POLL_S + run.rig.part.assumed_value("report_s")
    run.until_alarm([name], within_s=protection.longest_s + heard_s, expected_s=protection.delay_s)
    run.judge(protection.trip_rule(0, run.from_s))
    run.judge(protection.alarm_rule(0, [name], heard_s, run.from_s))
    run.judge(StateRule(actuator=actuator, drive_on=False))


def test_welded_discharge_contact(rig: Rig) -> None:
    """An over-current with the discharge contact welded (SPL-03): the drive opens, the current goes on."""
    run = rig.run()
    run.poll(POLL_S)
    run.wait(1.0)
    run.weld("discharge")
    run.mark("an over-current through a welded contact")
    run.set_load("current_A", 1.5 * rig.settings["discharge_limit_A"])
    _judge_over_current(run, "discharge")
    _judge_current(run, "the drive is open, the contact is not")


def test_welded_charge_contact(rig: Rig) -> None:
    """The same of the charge contact."""
    run = rig.run()
    cell_V = run.shown(Channel("cell_V", 1))
    run.poll(POLL_S)
    run.wait(1.0)
    run.weld("charge")
    run.mark("an over-current through a welded contact")
    run.set_charger(cv_V=1.5 * cell_V * rig.pack.cell_count, cc_A=1.5 * rig.settings["charge_limit_A"])
    _judge_over_current(run, "charge")
    _judge_current(run, "the drive is open, the contact is not")


def test_welded_contact_is_told(rig: Rig) -> None:
    """Each path switched off with its contact welded (SC-05): the alarm word says so in time, over Bluetooth."""
    within_s = rig.part.assumed_value("weld_longest_s")
    for contact in ("charge", "discharge"):
        run = rig.run()
        run.listen("bluetooth")
        run.wait(3.0)
        run.weld(contact)
        run.mark(f"the {contact} contact is welded, its drive is to open")
        run.write(f"{contact}_switch", 0)
        run.wait(within_s + 1.0)
        run.judge(
            AlarmRule(
                alarms=[f"{contact}_switch_abnormal"],
                actuator=contact,
                low_s=0.0,
                high_s=within_s + rig.part.report_age_s,
                from_s=run.from_s,
            )
        )


def test_coil_supply_lost(rig: Rig) -> None:
    """The coils lose their supply while 30 A flow (SPL-03, ACT-04): the contacts open, though they are driven. What the
    drive does then, and whether the current flows again once the supply is back, is CHARACTERISED."""
    run = rig.run()
    run.set_load("current_A", LOAD_A)
    run.wait(1.0)
    run.mark("the coils lose their supply")
    run.set_coil_supply(False)
    run.wait(2.0 * WATCHED_S)
    characterise_drive(run, "discharge", CURRENT, "below", 0.1 * LOAD_A, WATCHED_S, on=False)
    run.set_coil_supply(True)
    run.wait(RETRIED_S)
    _judge_current(run, "the supply is back")


def _discharged_load(rig: Rig) -> Run:
    """A board that precharges, its discharge path open, and an empty capacitor behind it."""
    rig.pack = replace(rig.pack, load_F=LOAD_F)
    rig.configure({"precharge_s": PRECHARGE_S})
    run = rig.run()
    run.write("discharge_switch", 0)
    run.set_load("resistance_Ohm", 10.0)
    run.wait(3.0)
    run.set_load("none")
    run.wait(1.0)
    return run


def test_precharge_into_a_capacitor(rig: Rig) -> None:
    """10 mF behind the relay: precharge first, then the discharge relay, and no surge. The surge is CHARACTERISED."""
    run = _discharged_load(rig)
    run.mark("closing onto an empty capacitor")
    run.write("discharge_switch", 1)
    run.until_drive("precharge", on=True, within_s=2.0, expected_s=0.1)
    run.judge(StateRule(actuator="precharge", drive_on=True))
    run.judge(StateRule(actuator="discharge", drive_on=False))
    run.until_drive("discharge", on=True, within_s=2.0 * PRECHARGE_S, expected_s=PRECHARGE_S)
    run.wait(WATCHED_S)
    run.judge(StateRule(actuator="discharge", drive_on=True))
    run.judge(StateRule(actuator="precharge", drive_on=False))
    run.judge(LevelRule(channel=CURRENT, low=-HIGH_A, high=HIGH_A, span_s=WATCHED_S, promised=False, from_s=run.from_s))


def test_precharge_in_vain(rig: Rig) -> None:
    """A load is on behind the capacitor, so that its voltage never comes up: does the discharge relay close onto it?
    CHARACTERISED, since the sheet does not mention precharge."""
    run = _discharged_load(rig)
    run.set_load("resistance_Ohm", 10.0)
    run.wait(0.1)
    run.mark("closing onto a load")
    run.write("discharge_switch", 1)
    run.wait(2.0 * PRECHARGE_S)
    characterise_drive(run, "discharge", CURRENT, "above", 0.1, 0.9 * PRECHARGE_S, on=True)
