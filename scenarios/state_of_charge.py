"""DS-17, DS-21: charge and state of charge as the board reports them, against what the plant holds.

DS-21 states no condition; those that it is judged under stand in the part's file (soc_*): the pack has been full once,
which is the board's anchor, is worked and full again within hours; its cells are alike or as those of one batch; the
shunt errs as the bench's front end does, or misses a drain on the cells.
"""

from dataclasses import replace

from packrig._core import AccuracyRule, Channel
from packrig.scenario import Rig, Run, of_rows

ROWS = ["DS-17", "DS-21"]
ACCURACY = ["soc", "current_A"]
PACKS = [("lfp", 16), ("li_ion", 14)]

HOUR_s = 3600.0
POLL_S = 60.0
FULL_V = {"lfp": 3.60, "li_ion": 4.20}  # of a cell, at which the chemistry's cell sets are full
NEARLY_FULL_soc = 0.8
CYCLES = {"smoke": 1, "full": 10}
SLOW_PER_h = 0.15  # charge of the capacity in an hour
USED_PER_h = 0.5


def _run(rig: Rig, **spread: float) -> Run:
    """A board that knows the capacity of its pack, which is nearly full."""
    rig.pack = replace(rig.pack, initial_soc=NEARLY_FULL_soc, **spread)
    rig.configure({"capacity_Ah": rig.pack.capacity_Ah})
    return rig.run()


def _fill(run: Run, part_of_it: float, per_h: float) -> None:
    """Charges at constant voltage until little flows: board and plant are full."""
    count, capacity_Ah = run.rig.pack.cell_count, run.rig.pack.capacity_Ah
    run.set_charger(FULL_V[run.rig.pack.chemistry] * count, per_h * capacity_Ah)
    run.wait((0.7 + part_of_it / per_h) * HOUR_s)
    run.unplug_charger()


def _work(run: Run, per_h: float) -> None:
    """Half of it out, a rest, and full again."""
    run.set_load("current_A", USED_PER_h * run.rig.pack.capacity_Ah)
    run.wait(0.5 / USED_PER_h * HOUR_s)
    run.set_load("none")
    run.wait(0.5 * HOUR_s)
    _fill(run, 0.5, per_h)
    run.wait(0.2 * HOUR_s)


def _judge(run: Run) -> None:
    error = run.rig.part.accuracy["soc"].error
    run.judge(AccuracyRule(reported="soc", low=-error, high=error, age_s=run.rig.part.report_age_s, from_s=run.from_s))


def _been_full(rig: Rig, per_h: float, **spread: float) -> Run:
    run = _run(rig, **spread)
    _fill(run, 1.0 - NEARLY_FULL_soc, per_h)
    run.mark("the pack has been full")
    run.poll(POLL_S)
    return run


@of_rows("DS-21")
def test_state_of_charge_of_equal_cells(rig: Rig) -> None:
    """Less than 8 points from the truth at any time after the first full charge, charged as fast as is covered."""
    per_h = rig.part.assumed_value("soc_charge_per_h")
    run = _been_full(rig, per_h)
    for _ in range(CYCLES[rig.options.tier]):
        _work(run, per_h)
    _judge(run)


@of_rows("DS-21")
def test_state_of_charge_of_unequal_cells(rig: Rig) -> None:
    """The same of cells as those of one batch that are not balanced; charged slowly where there is time for it."""
    spread = rig.part.assumed_value("soc_spread")
    per_h = SLOW_PER_h if rig.options.tier == "full" else rig.part.assumed_value("soc_charge_per_h")
    rig.configure({"balance_on": 0})
    run = _been_full(rig, per_h, capacity_spread=spread, soc_spread=0.5 * spread)
    for _ in range(CYCLES[rig.options.tier]):
        _work(run, per_h)
    _judge(run)


@of_rows("DS-21")
def test_state_of_charge_with_an_unseen_drain(rig: Rig) -> None:
    """What the shunt does not see is as if it were off: each cell loses the whole 1.5 A of DS-07 beside it, for as long
    as may pass between two anchors."""
    drain_A = rig.part.accuracy["current_A"].error
    cell_V = FULL_V[rig.pack.chemistry]
    run = _been_full(rig, rig.part.assumed_value("soc_charge_per_h"))
    for cell in range(1, rig.pack.cell_count + 1):
        run.short_cell(cell, cell_V / drain_A)
    run.set_load("current_A", 0.1 * rig.pack.capacity_Ah)
    run.wait(rig.part.assumed_value("soc_anchor_h") * HOUR_s)
    _judge(run)


@of_rows("DS-17")
def test_charge_is_counted(rig: Rig) -> None:
    """Twenty minutes out and ten in: what is left moves by the charge that flowed, but for the current's error."""
    run = _run(rig)
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
