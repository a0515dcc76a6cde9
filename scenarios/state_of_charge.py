"""DS-17, DS-21: charge and state of charge as the board reports them, against what the plant holds.

DS-21 states no condition. These are the ones it is judged under: the pack has been full once (the board's anchor), is
then worked between full and a third once a day and charged in some eight hours; the shunt errs as the bench's front end
does; all cells have the capacity that is set. Boards of this family call a pack full as soon as its cells reach a
voltage, so a faster charge makes them early: how much is CHARACTERISED.
"""

from packrig._core import AccuracyRule, Channel
from packrig.scenario import Rig, Run, of_rows

ROWS = ["DS-17", "DS-21"]
ACCURACY = ["soc", "current_A"]
PACKS = [("lfp", 16), ("li_ion", 14)]

HOUR_s = 3600.0
POLL_S = 300.0
FULL_V = {"lfp": 3.60, "li_ion": 4.20}  # of a cell, at which the chemistry's cell sets are full
DAYS = {"smoke": 1, "full": 7}


SLOW_PER_h, FAST_PER_h = 0.15, 0.4  # charge of the capacity in an hour


def _fill(run: Run, per_h: float = SLOW_PER_h) -> None:
    """Charges at constant voltage until little flows: board and plant are full."""
    count, capacity_Ah = run.rig.pack.cell_count, run.rig.pack.capacity_Ah
    run.set_charger(FULL_V[run.rig.pack.chemistry] * count, per_h * capacity_Ah)
    run.wait((2.0 + 1.0 / per_h) * HOUR_s)
    run.unplug_charger()


def _work(run: Run, per_h: float = SLOW_PER_h) -> None:
    """A day: out in two stages to about a third, idle, and full again."""
    capacity_Ah = run.rig.pack.capacity_Ah
    for share, hours in ((0.30, 1.0), (0.15, 2.0), (0.0, 4.0)):
        run.set_load("current_A", share * capacity_Ah) if share else run.set_load("none")
        run.wait(hours * HOUR_s)
    _fill(run, per_h)
    run.wait(4.0 * HOUR_s)


@of_rows("DS-21")
def test_state_of_charge_over_days(rig: Rig) -> None:
    """Less than 8 points from the truth at any time after the first full charge."""
    error = rig.part.accuracy["soc"].error
    run = rig.run()
    _fill(run)
    run.mark("the pack has been full")
    run.poll(POLL_S)
    for _ in range(DAYS[rig.options.tier]):
        _work(run)
    run.judge(AccuracyRule(reported="soc", low=-error, high=error, age_s=rig.part.report_age_s, from_s=run.from_s))


@of_rows("DS-21")
def test_state_of_charge_after_a_fast_charge(rig: Rig) -> None:
    """The same day with the pack charged in two and a half hours: how far the board is then off."""
    error = rig.part.accuracy["soc"].error
    run = rig.run()
    _fill(run)
    run.mark("the pack has been full")
    run.poll(POLL_S)
    _work(run, FAST_PER_h)
    run.judge(
        AccuracyRule(
            reported="soc",
            low=-error,
            high=error,
            age_s=rig.part.report_age_s,
            promised=False,
            from_s=run.from_s,
        )
    )


@of_rows("DS-17")
def test_charge_is_counted(rig: Rig) -> None:
    """Twenty minutes out and ten in: what is left moves by the charge that flowed, but for the current's error."""
    run = rig.run()
    run.listen("bluetooth")
    run.wait(20.0)  # in which a board that has just booted shows zero
    run.mark("the board counts")
    for current_A, duration_s in ((30.0, HOUR_s / 3.0), (-30.0, HOUR_s / 6.0)):
        run.impose(Channel("current_A"), current_A)
        run.wait(duration_s)
    error_Ah = 0.01 + rig.part.accuracy["current_A"].error * 0.5
    run.judge(
        AccuracyRule(
            reported="remaining_Ah", low=-error_Ah, high=error_Ah, age_s=rig.part.report_age_s, from_s=run.from_s
        )
    )
