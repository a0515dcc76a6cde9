"""The words by which a serving's surroundings are changed: `packrig set load 20A`."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from typing import Any

from packrig import _core
from packrig.exit_codes import UsageError
from packrig.part import Part
from packrig.suggest import nearest

WORDS = {
    "status": "what the pack and the board's drives do now",
    "load": "off | 20A | 500W | 2Ohm (positive discharges the pack)",
    "charger": "off | 58.4V 20A (its voltage, its largest current)",
    "ambient": "-5degC",
    "short": "off | 50mOhm (across the load port; a harder one blows the pack's fuse)",
    "fuse": "new (in place of a blown one)",
    "wire": "TAP off | TAP 100mOhm (sense wire 0 .. cells; off: broken)",
    "ntc": "NUMBER off | NUMBER on (a temperature sensor pulled, or back)",
    "weld": "charge|discharge on|off (a relay's contact)",
    "cell": "NUMBER off | NUMBER 3.65V (imposed at the terminal)",
    "setting": "NAME [VALUE] (of the board, as the part's file names it)",
    "port": "rs485 | modbus | can (what speaks on the board's shared port)",
}

_NUMBER = re.compile(r"([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)([num]?)([A-Za-z]+)")
_PREFIX = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}
# Registers by which JK02 boards choose what speaks on UART 1 and which of RS485 and CAN the shared connector carries
# (syssi/esphome-jk-bms, components/jk_bms_ble: 0x2A "port switch", 0xA5 "UART1 protocol").
_PORT_SWITCH, _UART_PROTOCOL = 0x2A, 0xA5
_PORTS: dict[str, tuple[tuple[int, int], ...]] = {
    "rs485": ((_UART_PROTOCOL, 0), (_PORT_SWITCH, 1)),
    "modbus": ((_UART_PROTOCOL, 1), (_PORT_SWITCH, 1)),
    "can": ((_PORT_SWITCH, 0),),
}
_REFUSALS = {  # PackrigWriteResult in models/bms/firmware_api.h
    1: "it has no such register",
    2: "outside its range",
    3: "at odds with another setting, such as a release beyond its protection",
    5: "not as it is now",
}
_LOADS = {"A": "current_A", "W": "power_W", "Ohm": "resistance_Ohm"}


def quantity_of(text: str, *units: str) -> tuple[float, str]:
    """(value, unit) of "20A", "5mOhm". Raises UsageError naming the units that are accepted."""
    found = _NUMBER.fullmatch(text)
    try:
        if found and found.group(3) in units:
            return float(found.group(1)) * _PREFIX[found.group(2)], found.group(3)
    except ValueError:  # two decimal points
        pass
    accepted = ", ".join(f"2{unit}" for unit in units)
    raise UsageError(f"'{text}' is no number with its unit; accepted: such as {accepted}")


class Surroundings:
    """What may be done to one session, word by word."""

    def __init__(self, session: Any, part: Part, cell_count: int) -> None:
        self._session = session
        self._part = part
        self._cell_count = cell_count
        self.port = ""

    def act(self, words: list[str]) -> dict[str, Any]:
        """Raises UsageError naming what is unknown, out of range or refused by the board."""
        word = words[0] if words else ""
        if word not in WORDS:
            raise UsageError(f"'{word}' cannot be set; {nearest(word, WORDS)}")
        action: Callable[..., dict[str, Any] | None] = getattr(self, f"_{word}")
        try:
            inspect.signature(action).bind(*words[1:])
        except TypeError as error:
            raise UsageError(f"{word} takes other words: {WORDS[word]}") from error
        try:
            return action(*words[1:]) or {}
        except (_core.BadInput, _core.BenchFault) as error:
            raise UsageError(str(error)) from error

    def _status(self) -> dict[str, Any]:
        def shown(quantity: str, number: int = 0) -> float:
            return self._session.shown(_core.Channel(quantity, number))

        return {
            "now_s": self._session.now_s,
            "cell_V": [shown("cell_V", number) for number in range(1, self._cell_count + 1)],
            "current_A": shown("current_A"),
            "charge_on": self._session.drive_on("charge"),
            "discharge_on": self._session.drive_on("discharge"),
            "fuse": "whole" if self._session.contact_closed("fuse") else "blown",
            "port": self.port,
        }

    def _load(self, value: str) -> None:
        if value == "off":
            self._session.set_load("none")
            return
        number, unit = quantity_of(value, *_LOADS)
        self._session.set_load(_LOADS[unit], number)

    def _charger(self, *values: str) -> None:
        if values == ("off",):
            self._session.unplug_charger()
            return
        if len(values) != 2:
            raise UsageError(f"charger takes other words: {WORDS['charger']}")
        voltage, current = values
        self._session.set_charger(quantity_of(voltage, "V")[0], quantity_of(current, "A")[0])

    def _ambient(self, value: str) -> None:
        self._session.set_ambient(quantity_of(value, "degC")[0])

    def _short(self, value: str) -> None:
        self._session.short_load_port(math.inf if value == "off" else quantity_of(value, "Ohm")[0])

    def _fuse(self, value: str) -> None:
        if value != "new":
            raise UsageError(f"'{value}' is unknown; accepted: new")
        self._session.replace_fuse()

    def _wire(self, tap: str, value: str) -> None:
        resistance_Ohm = math.inf if value == "off" else quantity_of(value, "Ohm")[0]
        self._session.set_sense_wire(_whole(tap, 0, self._cell_count), resistance_Ohm)

    def _ntc(self, number: str, value: str) -> None:
        self._session.fit_ntc(_whole(number, 1, 3), _switch(value))

    def _weld(self, contact: str, value: str) -> None:
        self._session.weld(contact, _switch(value))

    def _cell(self, number: str, value: str) -> None:
        channel = _core.Channel("cell_V", _whole(number, 1, self._cell_count))
        if value == "off":
            self._session.release(channel)
        else:
            self._session.impose(channel, quantity_of(value, "V")[0])

    def _setting(self, name: str, value: str | None = None) -> dict[str, Any]:
        if name not in self._part.settings:
            raise UsageError(f"setting '{name}' is unknown; {nearest(name, self._part.settings)}")
        setting = self._part.settings[name]
        if value is not None:
            try:
                counts = setting.counts(float(value))
            except (ValueError, OverflowError) as error:
                raise UsageError(f"setting {name} = '{value}' is no number") from error
            if reason := self._session.write_setting(setting.register, counts):
                raise UsageError(f"the board refuses {name} = {value}: {_REFUSALS.get(reason, reason)}")
        held = self._session.read_setting(setting.register)
        return {name: None if held is None else held / setting.scale}

    def _port(self, name: str) -> None:
        if name not in _PORTS:
            raise UsageError(f"port '{name}' is unknown; {nearest(name, _PORTS)}")
        for register, value in _PORTS[name]:
            if reason := self._session.write_setting(register, value):
                raise UsageError(f"this board does not speak {name} (register 0x{register:02X}: reason {reason})")
        self.port = name


def _whole(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]+", text) or not low <= int(text) <= high:
        raise UsageError(f"'{text}' is not a whole number from {low} to {high}")
    return int(text)


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise UsageError(f"'{text}' is unknown; accepted: on, off")
    return text == "on"
