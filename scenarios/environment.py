"""DS-16: the board's own environment. In the cold and in the heat it measures as promised and protects as ever."""

from _protection import judge_over_charge
from packrig._core import AccuracyRule, Channel, StateRule
from packrig.scenario import Rig, Run

ROWS = ["DS-16"]
ACCURACY = ["cell_V", "pack_V", "current_A", "probe_degC"]

COLD_degC, ROOM_degC, HOT_degC, STORED_degC = -40.0, 25.0, 85.0, 95.0
SOAK_s = 600.0  # [assumed] a board of 100 g in still air follows within ten minutes
STORED_s = 3600.0
POLL_S = 1.0
HEARD_S = 5.0
CURRENT_A = 30.0  # inside every limit


def _soak(run: Run, ambient_degC: float, duration_s: float) -> None:
    """The probes lie on the pack, not on the board: they stay at room temperature, so that no protection acts."""
    run.set_ambient(ambient_degC)
    for probe in (1, 2, 3):
        run.impose(Channel("ntc_degC", probe), ROOM_degC)
    run.wait(duration_s)


def _judge_reports(run: Run) -> None:
    """Cells over their span, pack, current and probes, as the board reports them over RS485."""
    part, count = run.rig.part, run.rig.pack.cell_count
    low_V, high_V = run.rig.settings["cell_uvp_V"] + 0.05, run.rig.settings["cell_ovp_V"] - 0.05
    cells_V = [low_V + (high_V - low_V) * k / (count - 1) for k in range(count)]
    run.write("balance_on", 0)  # cells that differ would be balanced, and so moved
    run.impose_cells(cells_V)
    run.impose(Channel("current_A"), CURRENT_A)
    run.mark("what is reported")
    run.poll(POLL_S)
    run.wait(part.report_age_s + HEARD_S)
    reported = [("cell_V", number) for number in range(1, count + 1)]
    reported += [("pack_V", 0), ("current_A", 0), ("probe_degC", 1), ("probe_degC", 2)]
    for quantity, number in reported:
        error = part.accuracy[quantity].error
        run.judge(
            AccuracyRule(
                reported=quantity, number=number, low=-error, high=error, age_s=part.report_age_s, from_s=run.from_s
            )
        )
    run.stop_polling()


def _judge_trip(run: Run) -> None:
    judge_over_charge(run)
    run.judge(StateRule(actuator="discharge", drive_on=True))


def test_operating(rig: Rig) -> None:
    """At both ends of the operating range and in a room."""
    for ambient_degC in (COLD_degC, ROOM_degC, HOT_degC):
        run = rig.run()
        _soak(run, ambient_degC, SOAK_s)
        _judge_reports(run)
        _judge_trip(run)


def test_stored(rig: Rig) -> None:
    """Switched off by its button, an hour at both ends of the storing range each; back in a room all is as before."""
    run = rig.run()
    on_s, off_s = (rig.part.assumed_value(name) for name in ("button_on_s", "button_off_s"))
    run.press_button(True)
    run.wait(1.1 * off_s)
    run.press_button(False)
    for ambient_degC, duration_s in ((COLD_degC, STORED_s), (STORED_degC, STORED_s), (ROOM_degC, SOAK_s)):
        _soak(run, ambient_degC, duration_s)
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=False))
    run.press_button(True)
    run.wait(1.1 * on_s)
    run.press_button(False)
    run.wait(rig.part.assumed_value("wake_longest_s"))
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=True))
    _judge_reports(run)
    _judge_trip(run)
