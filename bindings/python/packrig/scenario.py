"""What a scenario author works with: a rig with a configured board, and runs forked from it.

    def test_trip_time(rig, protection, number, overdrive):
        for run in rig.phases():
            run.impose(protection.channel(number), protection.beyond(overdrive))
            run.until_drive(protection.limit.actuator, on=False, within_s=protection.longest_s)
            run.judge(protection.trip_rule(number, run.from_s))

All times in s of simulated time (or of the bench's clock), quantities by channel: cell_V, current_A, ntc_degC,
supply_V; numbers from 1. Current is positive when it discharges the pack. A scenario never asserts: run.judge()
computes a verdict from the trace and the rule; an exception means that the rig, not the product, is at fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from packrig import _core
from packrig.environment import data_folder
from packrig.part import PackChoice, Part, load_part
from packrig.specification import RigOptions, open_session_of

# Fractional parts of multiples of the golden ratio: evenly spread for any count, and never in step with a scan.
_GOLDEN = 0.6180339887498949
_PLASTIC = 0.7548776662466927  # another such ratio: each seed begins elsewhere
PHASE_COUNT = {"smoke": 3, "full": 8}


class Skipped(Exception):
    """This bench cannot impose or observe what the scenario needs."""


class PromiseBroken(Exception):
    """The board broke a promise on the way to the question; it has been judged, and the question cannot be asked."""


class SetupRefused(RuntimeError):
    """The board could not be brought into the state that the question needs: no verdict, so INCONCLUSIVE."""


@dataclass
class Judged:
    """One verdict of a case, with what it was computed from."""

    phase_s: float
    rule: Any
    verdict: Any
    trace: Any


@dataclass
class Record:
    """What a case leaves behind."""

    judged: list[Judged] = field(default_factory=list)
    simulated_s: float = 0.0
    rows: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    broken_off: str | None = None  # the trace of a scenario that did not come to its end


def every_channel(question: Any) -> Any:
    """Marks a question that is asked of every cell or probe, not of a chosen few."""
    question.every_channel = True
    return question


def of_rows(*rows: str) -> Any:
    """Marks a question that verifies these rows of the sheet, not all of its module's."""

    def mark(question: Any) -> Any:
        question.rows = rows
        return question

    return mark


class Run:
    """One fork of a configured board: impose, wait, judge. Its trace begins at the fork."""

    def __init__(self, rig: Rig, session: Any, phase_s: float) -> None:
        self.rig = rig
        self.session = session
        self.phase_s = phase_s
        rig.latest = self
        self.from_s = session.mark("question")
        self._begun_s = self._judged_s = self.from_s

    @property
    def now_s(self) -> float:
        return self.session.now_s

    def impose(self, channel: Any, value: float, after_s: float = 0.0) -> None:
        """A step to `value` at the terminal, `after_s` from now plus the run's phase; it holds until changed."""
        self.session.impose(channel, value, at_s=self._at_s(after_s))

    def impose_cells(self, cells_V: float | list[float]) -> None:
        """All cells, one voltage for all or one for each, and with them the supply: the board is fed by their sum, and
        what it reports would else not be plausible."""
        each_V = cells_V if isinstance(cells_V, list) else [cells_V] * self.rig.pack.cell_count
        for number, cell_V in enumerate(each_V, start=1):
            self.impose(_core.Channel("cell_V", number), cell_V)
        self.impose(_core.Channel("supply_V"), sum(each_V))

    def ramp(self, channel: Any, start: float, stop: float, duration_s: float, after_s: float = 0.0) -> None:
        self.session.ramp(channel, start, stop, duration_s, at_s=self._at_s(after_s))

    def release(self, channel: Any, after_s: float = 0.0) -> None:
        """Back to what the plant has at this terminal."""
        self.session.release(channel, at_s=self._at_s(after_s))

    def _at_s(self, after_s: float) -> float:
        # The phase delays the first stimuli of a run alone: later ones are relative to what happened.
        phase_s = self.phase_s if self.session.now_s == self._begun_s else 0.0
        return self.session.now_s + phase_s + after_s

    def wait(self, duration_s: float) -> None:
        self.session.run_for(duration_s)

    def set_load(self, kind: str, value: float = 0.0, after_s: float = 0.0) -> None:
        """kind: none, current_A, power_W, resistance_Ohm."""
        self.session.set_load(kind, value, at_s=self._at_s(after_s))

    def set_charger(self, cv_V: float, cc_A: float, after_s: float = 0.0) -> None:
        self.session.set_charger(cv_V, cc_A, at_s=self._at_s(after_s))

    def unplug_charger(self, after_s: float = 0.0) -> None:
        self.session.unplug_charger(at_s=self._at_s(after_s))

    def set_ambient(self, ambient_degC: float) -> None:
        """The air around pack and board."""
        self.session.set_ambient(ambient_degC)

    def weld(self, contact: str, welded: bool = True) -> None:
        """The contact stays closed, whatever its coil does; or is whole again."""
        self.session.weld(contact, welded)

    def set_coil_supply(self, present: bool) -> None:
        """The supply that the relays' coils are fed from; without it no coil holds its contact."""
        self.session.set_coil_supply(present)

    def press_button(self, pressed: bool) -> None:
        """K+/K- of the display's port."""
        self.session.press_button(pressed)

    def fit_ntc(self, number: int, fitted: bool) -> None:
        """Takes a probe away, or puts it back."""
        self.session.fit_ntc(number, fitted)

    def short_load_port(self, short_Ohm: float, after_s: float = 0.0) -> None:
        self.session.short_load_port(short_Ohm, at_s=self._at_s(after_s))

    def short_cell(self, group: int, short_Ohm: float, cell: int = 1, after_s: float = 0.0) -> None:
        """A short inside cell `cell` of parallel group `group`, both counted from 1; infinity removes it."""
        self.session.short_cell(group, cell, short_Ohm, at_s=self._at_s(after_s))

    def set_busbar(self, group: int, busbar_Ohm: float, after_s: float = 0.0) -> None:
        """The link above a group, counted from 1; infinity opens it."""
        self.session.set_busbar(group, busbar_Ohm, at_s=self._at_s(after_s))

    def set_sense_wire(self, tap: int, wire_Ohm: float, after_s: float = 0.0) -> None:
        """The wire to tap 0 .. cell count; infinity breaks it."""
        self.session.set_sense_wire(tap, wire_Ohm, at_s=self._at_s(after_s))

    def set_load_profile(self, file: str, unit: str = "A", scale: float = 1.0) -> None:
        """A course of A or W over time from models/parameters/profiles, positive when it discharges."""
        path = data_folder("models/parameters") / "profiles" / file
        self.session.set_load_profile(str(path), unit, scale)

    def load_settings(self, frame: bytes) -> int:
        """A captured settings frame; returns 0 or the board's reason code of refusal."""
        return self.session.load_settings(frame)

    def shown(self, channel: Any) -> float:
        """What was last shown at the plug."""
        return self.session.shown(channel)

    def until_drive(self, actuator: str, *, on: bool, within_s: float, expected_s: float | None = None) -> bool:
        """True when the drive is `on` (or off) within the time; the run then stands at that tick. `expected_s` is
        for the plan alone: how long a healthy board takes."""
        return self.session.until(_core.drive_is(actuator, on), within_s, expected_s)

    def until_contact(self, contact: str, *, closed: bool, within_s: float) -> bool:
        return self.session.until(_core.contact_is(contact, closed), within_s, None)

    def mark(self, text: str) -> float:
        """A new instant from which to judge, in s."""
        self.from_s = self.session.mark(text)
        return self.from_s

    def write(self, setting: str, value: float) -> int:
        """Writes a setting by its name in the part file; returns 0 or the board's reason code of refusal."""
        entry = self.rig.part.settings[setting]
        return self.session.write_setting(entry.register, entry.counts(value))

    def read(self, setting: str) -> float | None:
        """The setting as the board holds it, or None when it refuses to tell."""
        entry = self.rig.part.settings[setting]
        counts = self.session.read_setting(entry.register)
        return None if counts is None else counts / entry.scale

    def poll(self, period_s: float, language: str = "nw") -> None:
        """From now on the rig asks the board over RS485 for everything it reports, in "nw" (4E57) or "modbus"."""
        self.session.poll(period_s, language)

    def stop_polling(self) -> None:
        self.session.stop_polling()

    @property
    def reported(self) -> Any:
        """The newest plausible telemetry, with members like cell_V and current_A; None before the first."""
        return self.session.reported

    def until_reported(
        self, reported: str, side: str, level: float, *, within_s: float, number: int = 0, expected_s: float = 0.0
    ) -> bool:
        """True when the board reports a quantity "above" or "below" the level within the time."""
        return self.session.until(_core.reported_beyond(reported, number, side, level), within_s, expected_s)

    def until_alarm(self, alarms: list[str], *, within_s: float, expected_s: float | None = None) -> bool:
        """True when the board reports one of the alarms within the time."""
        return self.session.until(_core.alarm_reported(alarms, True), within_s, expected_s)

    def listen(self, port: str) -> None:
        """From now on the rig hears what the board says by itself: "bluetooth" (asked to begin), "lcd" or "can"."""
        self.session.listen(port)

    def write_by_app(self, setting: str, value: float) -> int:
        """Writes a setting over Bluetooth (JK02); returns 0, or 255 where it is not acknowledged."""
        entry = self.rig.part.settings[setting]
        return self.session.write_by_app(entry.register, entry.counts(value))

    def read_by_app(self, setting: str) -> float | None:
        entry = self.rig.part.settings[setting]
        counts = self.session.read_by_app(entry.register)
        return None if counts is None else counts / entry.scale

    def read_serial_by_app(self) -> int | None:
        """The serial number by which the app finds the board; None where it names none."""
        return self.session.read_serial_by_app()

    def write_over_bus(self, setting: str, value: float) -> int:
        """Writes a setting over RS485 (4E57); returns 0, or 255 where the board is silent, which is how it refuses."""
        code, scale = _core.nw_register(setting)
        return self.session.write_register(code, round(value * scale))

    def read_over_bus(self, setting: str) -> float | None:
        code, scale = _core.nw_register(setting)
        counts = self.session.read_register(code)
        return None if counts is None else counts / scale

    def bus_setting_rule(self, setting: str, value: float, *, accepted: bool) -> Any:
        """What was written over the bus is accepted and read back the same, or refused and not there."""
        code, scale = _core.nw_register(setting)
        return _core.SettingRule(register=code, value=round(value * scale), accepted=accepted)

    def write_all(self, settings: dict[str, float]) -> None:
        write_all(self.session, self.rig.part, settings)

    def fork(self, phase_s: float = 0.0) -> Run:
        return Run(self.rig, self.session.fork(), phase_s)

    def phases(self) -> Iterator[Run]:
        """Forks whose first stimulus comes at different phases of the BMS's sampling; the worst verdict counts."""
        scan_s = self.rig.part.assumed_value("scan_s")
        for k in range(PHASE_COUNT[self.rig.options.tier]):
            yield self.fork(phase_s=round((k * _GOLDEN + self.rig.options.seed * _PLASTIC) % 1.0 * scan_s, 6))

    def judge(self, rule: Any) -> bool:
        """Records the verdict over the trace so far. False when it is not a good one: what follows in a scenario may
        then take something for granted that did not happen."""
        record = self.rig.record
        verdict = self.session.judge(rule)
        record.judged.append(Judged(self.phase_s, rule, verdict, self.session.trace))
        record.simulated_s += self.session.now_s - self._judged_s
        self._judged_s = self.session.now_s
        return verdict is None or verdict.outcome in ("PASS", "CHARACTERISED")


class Rig:
    """The part on a bench with one pack, configured and settled; every run is a fork of it."""

    def __init__(
        self,
        part: Part,
        pack: PackChoice,
        options: RigOptions,
        settings: dict[str, float],
        settled: dict[Any, Any] | None = None,
        open_session: Any = None,
    ) -> None:
        """`settled` keeps configured sessions between rigs: one boot, then thousands of forks."""
        self.part = part
        self.pack = pack
        self.options = options
        self.settings = settings
        self.record = Record()
        self.latest: Run | None = None
        self._open_session = open_session or open_session_of
        self._settled = settled if settled is not None else {}

    def require_short_circuit(self) -> None:
        """Raises Skipped where the bench cannot step fast enough to stand for a short circuit."""
        if not self.settled().can_short_circuit:
            raise Skipped(f"bench '{self.options.bench}' cannot impose a short circuit (set-point latency too long)")

    def of_part(self, name: str) -> Rig:
        """A rig for a part of the series: its rules, its first pack, and unless it is this one the firmware built in.
        Verdicts are added here."""
        part = load_part(name)
        pack = part.pack_choices("smoke")[0]
        options = self.options if name == self.part.name else replace(self.options, firmware=None)
        sibling = Rig(part, pack, options, part.configured(pack.chemistry), open_session=self._open_session)
        sibling.record = self.record
        return sibling

    def require_days(self) -> None:
        """Raises Skipped where days of simulated time cannot be run."""
        pace_s = self.settled().pace_s
        if pace_s > 0.0:
            raise Skipped(f"bench '{self.options.bench}' is read every {pace_s * 1e3:g} ms: days of it take too long")

    def settled(self) -> Any:
        """The configured board with both relays closed, made once per rig."""
        key = (self.pack, tuple(sorted(self.settings.items())))
        session = self._settled.get(key)
        if session is None:
            session = self._open_session(self.part, self.pack, self.options)
            write_all(session, self.part, self.settings)
            closed = all(session.until(_core.drive_is(name, True), 10.0, 0.2) for name in ("charge", "discharge"))
            if not closed:
                raise SetupRefused("the board did not close both relays within 10 s of power-up")
            session.run_for(2.0 * self.part.assumed_value("scan_s"))
            self._settled[key] = session
        self.record.labels = tuple(session.labels)
        return session

    def fresh_run(self) -> Run:
        """A board as it is powered up, before anything is written to it."""
        return Run(self, self._open_session(self.part, self.pack, self.options), 0.0)

    def configure(self, settings: dict[str, float]) -> None:
        """Changes what the board is configured with; before the first run."""
        self.settings.update(settings)

    def run(self, while_A: float = 0.0) -> Run:
        """A fork of the settled board, with a current imposed that the question takes for granted."""
        run = Run(self, self.settled().fork(), 0.0)
        if while_A:
            self._let_flow(run, while_A)
            return run.fork()
        return run

    def _let_flow(self, run: Run, current_A: float) -> None:
        """A current inside every limit. Raises PromiseBroken when a drive does not bear it."""
        channel = _core.Channel("current_A")
        flow_s = 2.0 * self.part.assumed_value("scan_s")
        run.impose(channel, current_A)
        run.wait(flow_s + 0.5)
        for actuator in ("charge", "discharge"):
            stays = _core.HoldRule(
                channel=channel,
                side="above" if current_A > 0 else "below",
                reach=0.9 * current_A,
                reach_s=flow_s,
                ceiling=float("inf") if current_A > 0 else float("-inf"),
                ceiling_s=0.0,
                actuator=actuator,
                drive_on=False,
                from_s=run.from_s,
            )
            if not run.judge(stays):
                raise PromiseBroken(f"{actuator} drive opened at {current_A:g} A")

    def phases(self, while_A: float = 0.0) -> Iterator[Run]:
        return self.run(while_A).phases()


def write_all(session: Any, part: Part, settings: dict[str, float]) -> None:
    """Writes settings in whatever order the board takes them. Raises SetupRefused naming those that it never does."""
    # A board refuses a release beyond its protection, so the order matters and depends on what it holds: write until
    # no refused write is left or nothing moves any more.
    waiting = dict(settings)
    while waiting:
        refused = {}
        for name, value in waiting.items():
            reason = session.write_setting(part.settings[name].register, part.settings[name].counts(value))
            if reason:
                refused[name] = reason
        if len(refused) == len(waiting):
            listed = ", ".join(f"{name} = {settings[name]:g} (reason {reason})" for name, reason in refused.items())
            raise SetupRefused(f"the board refuses to be configured: {listed}")
        waiting = {name: waiting[name] for name in refused}
