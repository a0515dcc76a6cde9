"""DS-02: 2 A between cells, whatever the pack does, as the board reports it over Bluetooth."""

from packrig._core import Channel, ReportRule
from packrig.scenario import Rig, Run

ROWS = ["DS-02"]
PACKS = [("lfp", 16), ("li_ion", 7), ("lfp", 25)]

RATED_A = 2.0  # of the sheet
TRIGGER_V = 0.010
HIGH, LOW = 2, 5


def _apart(run: Run, difference_V: float) -> None:
    """Both in the middle of what the protections allow: one cell above the others, one below them."""
    settings = run.rig.settings
    middle_V = 0.5 * (settings["cell_uvpr_V"] + settings["cell_ovpr_V"])
    run.write("balance_trigger_V", TRIGGER_V)
    run.write("balance_start_V", settings["cell_uvpr_V"])
    for number in range(1, run.rig.pack.cell_count + 1):
        run.impose(Channel("cell_V", number), middle_V)
    run.impose(Channel("cell_V", HIGH), middle_V + 0.5 * difference_V)
    run.impose(Channel("cell_V", LOW), middle_V - 0.5 * difference_V)
    run.listen("bluetooth")
    run.wait(5.0)
    run.mark("the cells are apart")


def _judge_current(run: Run, current_A: float) -> None:
    error_A = abs(current_A) * run.rig.part.assumed_value("balance_error") or 0.05
    run.judge(ReportRule(reported="balance_A", low=current_A - error_A, high=current_A + error_A, from_s=run.from_s))


def test_out_of_the_highest_and_into_the_lowest(rig: Rig) -> None:
    """BAL-02, BAL-04: idle, charging and discharging, both phases carry the rated current."""
    start_s = rig.part.assumed_value("balance_start_s")
    for while_A in (0.0, -20.0, 20.0):
        run = rig.run(while_A=while_A)
        _apart(run, 0.050)
        run.until_reported("balance_A", "below", -0.5 * RATED_A, within_s=start_s, expected_s=1.0)
        run.wait(2.0)
        _judge_current(run, -RATED_A)
        run.until_reported("balance_A", "above", 0.5 * RATED_A, within_s=start_s, expected_s=45.0)
        run.wait(2.0)
        _judge_current(run, RATED_A)


def test_rests_within_the_trigger(rig: Rig) -> None:
    """BAL-01: cells that differ by less than trigger and accuracy together leave nothing to do."""
    run = rig.run()
    _apart(run, 0.5 * TRIGGER_V)
    run.wait(rig.part.assumed_value("balance_start_s"))
    _judge_current(run, 0.0)


def test_rests_in_heat(rig: Rig) -> None:
    """BAL-06: none while a probe is beyond the limit of charging."""
    run = rig.run()
    run.impose(Channel("ntc_degC", 1), rig.settings["charge_otp_degC"] + 10.0)
    run.wait(rig.part.assumed_value("temperature_longest_s"))
    _apart(run, 0.050)
    run.wait(rig.part.assumed_value("balance_start_s"))
    _judge_current(run, 0.0)


def test_switched_off(rig: Rig) -> None:
    """None with the balance switch off."""
    run = rig.run()
    run.write("balance_on", 0)
    _apart(run, 0.050)
    run.wait(rig.part.assumed_value("balance_start_s"))
    _judge_current(run, 0.0)
