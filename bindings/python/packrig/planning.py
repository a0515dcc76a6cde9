"""A session that passes no time: it adds up how long a scenario would take, for `packrig plan`."""

from __future__ import annotations

from typing import Any

from packrig.part import PackChoice, Part
from packrig.specification import RigOptions


class PlannedSession:
    """Answers a scenario as a healthy board would, as far as a plan needs: every wait ends when it is expected to."""

    def __init__(self, part: Part, pack: PackChoice, options: RigOptions) -> None:
        self.now_s = 0.0
        self.labels: list[str] = []
        # What the twin's instruments cannot do; a plan knows it without opening a bench.
        self.can_short_circuit = options.bench != "twin"
        self.pace_s = 0.0 if self.can_short_circuit else 0.005
        self.trace = None
        self._origin = (part, pack, options)

    def fork(self) -> PlannedSession:
        copy = PlannedSession(*self._origin)
        copy.now_s = self.now_s
        return copy

    def run_for(self, duration_s: float) -> None:
        self.now_s += duration_s

    def until(self, condition: Any, within_s: float, expected_s: float | None = None) -> bool:
        self.now_s += min(within_s, 0.0 if expected_s is None else expected_s)
        return True

    def mark(self, text: str) -> float:
        return self.now_s

    def write_setting(self, register: int, value: int) -> int:
        return 0

    def read_setting(self, register: int) -> int:
        return 0

    def load_settings(self, frame: bytes) -> int:
        return 0

    def shown(self, channel: Any) -> float:
        return 3.3

    def judge(self, rule: Any) -> None:
        return None

    reported = None

    def write_register(self, code: int, counts: int) -> int:
        return 0

    def read_register(self, code: int) -> int:
        return 0

    def write_by_app(self, register: int, counts: int) -> int:
        return 0

    def read_by_app(self, register: int) -> int:
        return 0

    def read_serial_by_app(self) -> int:
        return 1

    def _nothing(self, *arguments: Any, **named: Any) -> None:
        """Stimuli cost no time of their own."""

    impose = ramp = release = set_load = set_load_profile = set_charger = unplug_charger = set_ambient = _nothing
    press_button = fit_ntc = weld = set_coil_supply = short_load_port = short_cell = set_busbar = _nothing
    poll = stop_polling = listen = set_sense_wire = _nothing
