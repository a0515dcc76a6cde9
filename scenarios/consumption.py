"""DS-19, DS-20, DS-27, DS-29: what the board draws from the pack it watches, and when it draws less."""

from _protection import judge_over_charge
from packrig._core import CellCurrentRule, Channel, LevelRule, StateRule
from packrig.scenario import Rig, Run, of_rows

ROWS = ["DS-19", "DS-20", "DS-27", "DS-29"]
# A converter draws most where the pack is lowest, and the more cells the wider a pack swings.
PACKS = [("li_ion", 7), ("lfp", 25), ("li_ion", 25)]

SUPPLY = Channel("supply_A")
POLL_S = 1.0
SETTLE_S = 15.0  # [assumed] until what was before has died away; 4E57 register 0xB0 holds the bus ready for 10 s
WATCHED_S = 20.0
SLEEP_h = 1.0  # the lowest that the register takes
STORED_DAYS = {"smoke": 1.0, "full": 30.0}
DAY_S = 86400.0


def _judge(run: Run, state: str, span_s: float = WATCHED_S, *, low_A: float = 0.0, promised: bool = True) -> bool:
    """Watches what is drawn for a while, and holds it to the limit of that state."""
    run.mark(f"drawn: {state}")
    run.wait(span_s)
    high_A = run.rig.part.supply_A[state]
    return run.judge(
        LevelRule(channel=SUPPLY, low=low_A, high=high_A, span_s=span_s, promised=promised, from_s=run.from_s)
    )


def _levels_V(rig: Rig) -> list[float]:
    """The lowest, a middle and the highest cell voltage at which no protection acts."""
    low_V, high_V = rig.settings["cell_uvp_V"] + 0.05, rig.settings["cell_ovp_V"] - 0.05
    return [low_V, 0.5 * (low_V + high_V), high_V]


@of_rows("DS-19")
def test_running(rig: Rig) -> None:
    """Without communication, at the lowest, a middle and the highest pack voltage."""
    for cell_V in _levels_V(rig):
        run = rig.run()
        run.impose_cells(cell_V)
        run.wait(SETTLE_S)
        _judge(run, "running")


@of_rows("DS-19")
def test_communicating(rig: Rig) -> None:
    """While a master asks over RS485, and after it has stopped."""
    for cell_V in _levels_V(rig):
        run = rig.run()
        run.impose_cells(cell_V)
        run.poll(POLL_S)
        run.wait(SETTLE_S)
        _judge(run, "communicating")
        run.stop_polling()
        run.wait(SETTLE_S)
        _judge(run, "running")


def _resting(rig: Rig, offset_A: float = 0.0) -> Run:
    """A board that may sleep after an hour, left alone for that long; the shunt shows `offset_A`."""
    run = rig.run()
    cell_V = rig.settings["cell_uvp_V"] + 0.3
    run.write_all({"smart_sleep_V": cell_V + 0.2, "smart_sleep_h": SLEEP_h, "smart_sleep_switch": 1})
    run.impose_cells(cell_V)
    if offset_A:
        run.impose(Channel("current_A"), offset_A)
    run.wait(SLEEP_h * 3600.0 * (1.0 + rig.part.assumed_value("clock_ratio")) + SETTLE_S)
    return run


@of_rows("DS-20", "DS-29")
def test_standby(rig: Rig) -> None:
    """After the hours without current: less is drawn, and both paths stay closed."""
    run = _resting(rig)
    if not _judge(run, "standby"):
        return
    for actuator in ("charge", "discharge"):
        run.judge(StateRule(actuator=actuator, drive_on=True))


@of_rows("DS-29")
def test_standby_with_an_offset(rig: Rig) -> None:
    """A current sensor that shows 0.2 A or the whole 1.5 A of DS-07 though nothing flows: does the board still sleep?
    CHARACTERISED, since the sheet does not say what counts as no current."""
    for offset_A in (0.2, rig.part.accuracy["current_A"].error):
        _judge(_resting(rig, offset_A), "standby", promised=False)


def _asleep(rig: Rig) -> Run | None:
    run = _resting(rig)
    return run if _judge(run, "standby") else None


def _judge_awake(run: Run) -> None:
    """What is drawn now is CHARACTERISED: the sheet has no lower limit. The board must protect as ever."""
    _judge(run, "running", promised=False)
    judge_over_charge(run)


@of_rows("DS-29")
def test_wakers(rig: Rig) -> None:
    """Out of standby by a charger, the button, a byte on the bus, a current."""
    if (asleep := _asleep(rig)) is None:
        return
    for waker in ("charger", "button", "bus", "current"):
        run = asleep.fork()
        if waker == "charger":
            run.set_charger(cv_V=4.2 * rig.pack.cell_count, cc_A=5.0)
        elif waker == "button":
            run.press_button(True)
            run.wait(0.5)
            run.press_button(False)
        elif waker == "bus":
            run.poll(POLL_S)
            run.wait(SETTLE_S)
            run.stop_polling()
        else:
            run.impose(Channel("current_A"), 10.0)
        run.wait(rig.part.assumed_value("wake_longest_s") + SETTLE_S)
        _judge_awake(run)


@of_rows("DS-27")
def test_storage(rig: Rig) -> None:
    """Switched off by its button, for 30 days in the full tier: nothing is drawn; the button brings the board back."""
    rig.require_days()
    run = rig.run()
    run.impose_cells(_levels_V(rig)[1])
    on_s, off_s = (rig.part.assumed_value(name) for name in ("button_on_s", "button_off_s"))
    run.press_button(True)
    run.wait(1.1 * off_s)
    run.press_button(False)
    run.wait(SETTLE_S)
    stored_s, limit_A = STORED_DAYS[rig.options.tier] * DAY_S, rig.part.supply_A["storage"]
    if not _judge(run, "storage", stored_s, low_A=-limit_A):
        return
    # The pack's charge tells the same, whatever the way that it may leave by.
    for cell in (1, rig.pack.cell_count):
        run.judge(CellCurrentRule(number=cell, low=-limit_A, high=limit_A, span_s=0.99 * stored_s, from_s=run.from_s))
    for press_s, closed in ((0.0, False), (1.1 * on_s, True)):
        run.press_button(press_s > 0.0)
        run.wait(press_s)
        run.press_button(False)
        run.wait(rig.part.assumed_value("wake_longest_s"))
        for actuator in ("charge", "discharge"):
            run.judge(StateRule(actuator=actuator, drive_on=closed))
