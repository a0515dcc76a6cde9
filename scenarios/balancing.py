"""DS-02: the rated current between cells, whatever the pack does: as the board reports it over Bluetooth, and as it
really flows in the cells."""

from dataclasses import replace

from packrig._core import CellCurrentRule, Channel, ReportRule
from packrig.scenario import Rig, Run

ROWS = ["DS-02"]
PACKS = [("lfp", 16), ("li_ion", 7), ("lfp", 25), ("lto", 12)]

TRIGGER_V = 0.010
APART_V = 0.050  # beyond any trigger here, the errors of two readings included
HIGH, LOW, OTHER = 2, 5, 4
WATCHED_S = 10.0  # from the beginning of a phase
OUT_S, IN_S = 43.0, 22.0  # for the plan: the phases of a captured board
CAPTURED_A, CAPTURED_V = 2.0, 3.0  # the board, and the lowest cell, whose rhythm is known
SMALL_Ah = 10.0  # of a cell, so that the charge moved shows in its state of charge


def _apart(run: Run, difference_V: float, *, trigger_V: float = TRIGGER_V, balance_on: int = 1) -> None:
    """In the middle of what the protections allow: one cell above the others, one below them. The switch comes on when
    they stand there: a phase that has begun with another cell goes on."""
    settings = run.rig.settings
    run.write("balance_on", 0)
    middle_V = 0.5 * (settings["cell_uvpr_V"] + settings["cell_ovpr_V"])
    run.write("balance_trigger_V", trigger_V)
    run.write("balance_start_V", settings["cell_uvpr_V"])
    run.impose_cells(middle_V)
    run.impose(Channel("cell_V", HIGH), middle_V + 0.5 * difference_V)
    run.impose(Channel("cell_V", LOW), middle_V - 0.5 * difference_V)
    run.listen("bluetooth")
    run.wait(5.0)
    run.write("balance_on", balance_on)
    run.mark("the cells are apart")


def _judge_current(run: Run, current_A: float, *, promised: bool = True) -> None:
    error_A = abs(current_A) * run.rig.part.assumed_value("balance_error") or 0.05
    run.judge(
        ReportRule(
            reported="balance_A",
            low=current_A - error_A,
            high=current_A + error_A,
            promised=promised,
            from_s=run.from_s,
        )
    )


def _as_captured(run: Run) -> bool:
    """What is given was taken before: a smaller board, or lower cells, may have taken less in the time of its phase."""
    return run.rig.part.balance_rated_A >= CAPTURED_A and run.shown(Channel("cell_min_V")) > CAPTURED_V


def _judge_cell(run: Run, number: int, current_A: float, *, promised: bool = True) -> None:
    """The mean of what flowed into a cell since the mark: a share of the current at least, which sags."""
    value = run.rig.part.assumed_value
    ends_A = [value("balance_mean_share") * current_A, (1.0 + value("balance_error")) * current_A]
    low_A, high_A = sorted(ends_A) if current_A else (-0.05, 0.05)
    run.judge(
        CellCurrentRule(
            number=number, low=low_A, high=high_A, span_s=0.8 * WATCHED_S, promised=promised, from_s=run.from_s
        )
    )


def _judge_rest(run: Run) -> None:
    """For as long as a balancer may take to begin: nothing, by report and in truth."""
    run.wait(run.rig.part.assumed_value("balance_start_s"))
    _judge_current(run, 0.0)
    for number in (HIGH, LOW):
        _judge_cell(run, number, 0.0)


def test_out_of_the_highest_and_into_the_lowest(rig: Rig) -> None:
    """BAL-02, BAL-04: idle, charging and discharging, both phases carry the rated current, in and out of the right cell
    and no other. What a whole phase moves, in which the current sags, is CHARACTERISED."""
    rig.pack = replace(rig.pack, capacity_Ah=SMALL_Ah)
    start_s, rated_A = rig.part.assumed_value("balance_start_s"), rig.part.balance_rated_A
    for while_A in (0.0, -20.0, 20.0):
        run = rig.run(while_A=while_A)
        run.write("balance_limit_A", rated_A)
        _apart(run, APART_V)
        for number, side, current_A, phase_s in ((HIGH, "below", -rated_A, OUT_S), (LOW, "above", rated_A, IN_S)):
            run.until_reported("balance_A", side, 0.5 * current_A, within_s=start_s, expected_s=1.0)
            begun_s = run.mark(f"cell {number}")
            run.wait(2.0)
            _judge_current(run, current_A, promised=number == HIGH or _as_captured(run))
            run.wait(WATCHED_S - 2.0)
            _judge_cell(run, number, current_A)
            _judge_cell(run, OTHER, 0.0)
            back = "above" if side == "below" else "below"
            run.until_reported("balance_A", back, 0.0, within_s=start_s, expected_s=phase_s - WATCHED_S)
            run.from_s = begun_s
            _judge_cell(run, number, current_A, promised=False)


def test_never_more_than_rated(rig: Rig) -> None:
    """Asked for twice the rated current, the board gives no more than the rated one."""
    rig.pack = replace(rig.pack, capacity_Ah=SMALL_Ah)
    rated_A = rig.part.balance_rated_A
    run = rig.run()
    run.write("balance_limit_A", 2.0 * rated_A)
    _apart(run, APART_V)
    run.until_reported(
        "balance_A", "below", -0.5 * rated_A, within_s=rig.part.assumed_value("balance_start_s"), expected_s=1.0
    )
    run.mark("the board balances")
    run.wait(WATCHED_S)
    _judge_cell(run, HIGH, -rated_A)


def test_rests_within_the_trigger(rig: Rig) -> None:
    """BAL-01: cells that differ by less than the trigger, however their two readings err, leave nothing to do."""
    error_V = rig.part.accuracy["cell_V"].error
    run = rig.run()
    _apart(run, APART_V - 2.2 * error_V, trigger_V=APART_V)
    _judge_rest(run)


def test_rests_below_the_start(rig: Rig) -> None:
    """BAL-01: the highest cell below the start voltage, by more than its reading errs."""
    run = rig.run()
    _apart(run, APART_V)
    highest_V = run.shown(Channel("cell_max_V"))
    run.write("balance_start_V", highest_V + 1.2 * rig.part.accuracy["cell_V"].error)
    run.wait(2.0)
    run.mark("below the start")
    _judge_rest(run)


def test_rests_in_heat(rig: Rig) -> None:
    """BAL-06: none while a probe is beyond the limit of charging."""
    run = rig.run()
    run.impose(Channel("ntc_degC", 1), rig.settings["charge_otp_degC"] + 10.0)
    run.wait(rig.part.assumed_value("temperature_longest_s"))
    _apart(run, APART_V)
    _judge_rest(run)


def test_switched_off(rig: Rig) -> None:
    """None with the balance switch off."""
    run = rig.run()
    _apart(run, APART_V, balance_on=0)
    _judge_rest(run)
