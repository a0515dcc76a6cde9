"""DS-04 to DS-07, DS-15, DS-22: what the board reports over RS485 against what is true."""

from packrig._core import AccuracyRule, Channel
from packrig.scenario import Rig, Run, of_rows

ROWS = ["DS-04", "DS-05", "DS-06", "DS-07", "DS-15", "DS-22"]
ACCURACY = ["cell_V", "pack_V", "current_A", "probe_degC"]
PACKS = [("li_ion", 7), ("lfp", 16), ("lfp", 25)]

POLL_S = 1.0
HEARD_S = 5.0  # so long is each value reported
WIRES_TESTED_S = 30.0  # a board that tests its sense wires with a current at its start has done so by then
REGISTER_HIGH_degC = 100.0  # 4E57 codes above it are temperatures below zero


def _listen(run: Run, duration_s: float = HEARD_S) -> None:
    run.poll(POLL_S)
    run.wait(run.rig.part.report_age_s + duration_s)


def _judge(run: Run, reported: str, number: int = 0, from_s: float | None = None) -> None:
    accuracy = run.rig.part.accuracy[reported]
    run.judge(
        AccuracyRule(
            reported=reported,
            number=number,
            low=-accuracy.error,
            high=accuracy.error,
            age_s=run.rig.part.report_age_s,
            from_s=run.from_s if from_s is None else from_s,
        )
    )


@of_rows("DS-04", "DS-05")
def test_cells_over_their_range(rig: Rig) -> None:
    """Every cell somewhere between the ends of the range, in steps from cell to cell; then the other way round."""
    accuracy = rig.part.accuracy["cell_V"]
    count = rig.pack.cell_count
    span_V = accuracy.high - accuracy.low
    cells_V = [accuracy.low + span_V * k / (count - 1) for k in range(count)]
    for values_V in (cells_V, cells_V[::-1]):
        run = rig.run()
        run.impose_cells(values_V)
        _listen(run)
        for number in range(1, count + 1):
            _judge(run, "cell_V", number)


@of_rows("DS-05")
def test_cells_at_rest(rig: Rig) -> None:
    """As the pack stands, nothing imposed, and nothing balanced: that current would move the taps meanwhile."""
    run = rig.run()
    run.write("balance_on", 0)
    run.wait(WIRES_TESTED_S)
    from_s = run.now_s
    _listen(run)
    for number in range(1, rig.pack.cell_count + 1):
        _judge(run, "cell_V", number, from_s)


@of_rows("DS-06")
def test_pack_voltage(rig: Rig) -> None:
    """From cells at 1 V to the end of the range, or to cells at 4.35 V."""
    high_V = min(rig.part.accuracy["pack_V"].high, 4.35 * rig.pack.cell_count)
    low_V = 1.0 * rig.pack.cell_count
    for k in range(5):
        run = rig.run()
        pack_V = low_V + (high_V - low_V) * k / 4
        run.impose_cells(pack_V / rig.pack.cell_count)
        _listen(run)
        _judge(run, "pack_V")


@of_rows("DS-07")
def test_current(rig: Rig) -> None:
    """Both ends of the shunt's range, and currents between them in both directions."""
    accuracy = rig.part.accuracy["current_A"]
    for current_A in (accuracy.low, -50.0, -2.0, 0.0, 2.0, 100.0, accuracy.high):
        run = rig.run()
        run.impose(Channel("current_A"), current_A)
        _listen(run)
        _judge(run, "current_A")


@of_rows("DS-15")
def test_temperatures(rig: Rig) -> None:
    """The two probes that 4E57 has registers for, from the range's low end to where the register ends."""
    accuracy = rig.part.accuracy["probe_degC"]
    for probe_degC in (accuracy.low, -10.0, 0.0, 25.0, 60.0, REGISTER_HIGH_degC):
        for number in (1, 2):
            run = rig.run()
            run.impose(Channel("ntc_degC", number), probe_degC)
            _listen(run)
            _judge(run, "probe_degC", number)


@of_rows("DS-22")
def test_cycle_charge(rig: Rig) -> None:
    """A quarter of an hour of 90 A out of the pack: half of it is counted."""
    run = rig.run()
    run.impose(Channel("current_A"), 90.0)
    duration_s = 900.0
    run.poll(30.0)
    run.wait(duration_s)
    # The register counts whole ampere-hours; the rest is what an error of the current within DS-07 adds up to.
    error_Ah = 1.0 + 0.5 * rig.part.accuracy["current_A"].error * duration_s / 3600.0
    run.judge(
        AccuracyRule(reported="cycle_Ah", low=-error_Ah, high=error_Ah, age_s=rig.part.report_age_s, from_s=run.from_s)
    )
