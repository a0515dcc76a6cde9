"""What `packrig monitor` reads a board with: it asks in 4E57 or Modbus, or listens on CAN."""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from packrig import _core, candump
from packrig.exit_codes import UsageError

ANSWER_S = 0.5  # the longest answer lasts 30 ms; a slow board takes 0.1 s to begin
REPLUG_S = 0.5
BAUD = 115200
MODBUS_UNIT = 1
LINE_MAX = 65536  # bytes; no line of candump's is longer than 200

Said = dict[str, Any]


class StreamEnded(Exception):
    """A recorded or piped stream of CAN frames is at its end."""


class NwAsker:
    """4E57: asks for everything, reads one answer."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.address is not None:
            raise UsageError("--address: 4E57 has none; it is of --protocol modbus and can")
        self._port = _core.Port(options.target, options.baud or BAUD)
        self._reader = _core.NwReader()
        self.silence = ""

    def ask(self) -> Said | None:
        heard = 0
        self._reader.reset()
        self._port.drop_input()
        self._port.write(_core.nw_read_all_request(), ANSWER_S)
        deadline_s = time.monotonic() + ANSWER_S
        while (left_s := deadline_s - time.monotonic()) > 0.0:
            data = self._port.read(1024, left_s)
            heard += len(data)
            self._reader.push(data, time.monotonic())
            if said := self._reader.next():
                return said
        self.silence = f"{heard} bytes, but no answer in 4E57: does another program ask?" if heard else "no answer"
        return None

    def reopen(self) -> None:
        self._port.reopen(REPLUG_S)
        self._reader = _core.NwReader()  # it may be another board: nothing to compare with


class ModbusAsker:
    """JK's Modbus: what the board is and how it is set, once; then what it measures."""

    silence = "no answer"

    def __init__(self, options: argparse.Namespace) -> None:
        unit = MODBUS_UNIT if options.address is None else options.address
        self._master = _core.ModbusMaster(options.target, unit, options.baud or BAUD)
        self._reader = _core.ModbusReader()
        self._introduced = False

    def ask(self) -> Said | None:
        if not self._introduced:
            with contextlib.suppress(_core.BadInput):  # a board may keep that to itself
                device = self._master.read_registers(*_core.MODBUS_DEVICE, ANSWER_S)
                if device is None:
                    return None
                self._reader.device(device)
                settings = [self._master.read_registers(*part, ANSWER_S) for part in _core.MODBUS_SETTINGS]
                if None in settings:
                    return None
                self._reader.settings([value for block in settings for value in block])
            self._introduced = True
        live = self._master.read_registers(*_core.MODBUS_LIVE, ANSWER_S)
        return None if live is None else self._reader.live(live, time.monotonic())

    def reopen(self) -> None:
        self._master.reopen(REPLUG_S)
        self._reader = _core.ModbusReader()
        self._introduced = False


class CanEar:
    """JK's CAN: the board speaks by itself; what it says within a period is one answer."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.baud is not None:
            raise UsageError("--baud is of serial ports; `ip link` sets the bit rate of a CAN interface")
        self._address = options.address or 0
        self._reader = _core.CanReader(self._address)
        self._bus = _can_bus(options.target)
        self._period_s = options.period
        self.silence = ""

    def ask(self) -> Said | None:
        heard = foreign = 0
        for frame in self._bus.frames(time.monotonic() + self._period_s):
            told = self._reader.push(frame.id, frame.data, frame.extended, time.monotonic())
            heard, foreign = heard + told, foreign + (not told)
        if heard:
            return self._reader.said()
        told = f"{foreign} frames, none of them a JK board's" if foreign else ""
        self.silence = told or self._bus.strange or "the bus is silent"
        if self._bus.ended:
            raise StreamEnded(self.silence)
        return None

    def reopen(self) -> None:
        self._bus.reopen(REPLUG_S)
        self._reader = _core.CanReader(self._address)


SOURCES = {"nw": NwAsker, "modbus": ModbusAsker, "can": CanEar}


def _can_bus(target: str) -> Any:
    """Of an interface, or of lines as `candump -L` writes them: "-", a file or pipe, a served board's --can-socket."""
    path = Path(target)
    if target == "-":
        return Lines(target, sys.stdin.fileno)
    if path.exists() or os.sep in target:
        return Lines(target, lambda: _open(path))
    return Interface(target)


def _open(path: Path) -> int:
    """A descriptor to read from."""
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            # A pipe is opened though nobody writes yet.
            return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(path))
            return client.detach()
    except OSError as error:
        raise _core.BenchFault(f"{path}: cannot be read ({error.strerror})") from error


class Interface:
    """A CAN interface of the kernel (SocketCAN)."""

    ended = False
    strange = ""

    def __init__(self, name: str) -> None:
        self._socket = _core.CanSocket(name)

    def frames(self, until_s: float) -> Iterator[candump.Frame]:
        while (left_s := until_s - time.monotonic()) > 0.0:
            if (raw := self._socket.receive(left_s)) and not raw.remote:
                yield candump.Frame(raw.id, raw.data, extended=raw.extended)

    def reopen(self, within_s: float) -> None:
        self._socket.reopen(within_s)


class Lines:
    """Frames as `candump -L` writes them. A socket whose other end goes away is taken up again; any other stream is
    over then. What is no such line is skipped: `serve` says where it serves on the same output."""

    def __init__(self, name: str, opened: Callable[[], int]) -> None:
        self._name = name
        self._opened = opened
        self._file: int | None = opened()
        self._live = stat.S_ISSOCK(os.fstat(self._file).st_mode)
        self._rest = b""
        self.ended = False
        self.strange = ""  # the last line that was skipped, and why

    def frames(self, until_s: float) -> Iterator[candump.Frame]:
        if self._file is None:
            raise _core.BenchFault(f"{self._name}: gone")
        while not self.ended and (left_s := until_s - time.monotonic()) > 0.0:
            if not select.select([self._file], [], [], left_s)[0]:
                return
            *lines, self._rest = (self._rest + self._read(self._file)).split(b"\n")
            if len(self._rest) > LINE_MAX:
                self._rest, self.strange = b"", f"{self._name}: {LINE_MAX} bytes without an end of line"
            for line in filter(bytes.strip, lines):
                try:
                    yield candump.read(line.decode("ascii", "replace"))
                except ValueError as error:
                    self.strange = str(error)

    def _read(self, file: int) -> bytes:
        try:
            data = os.read(file, 65536)
        except OSError as error:
            raise _core.BenchFault(f"{self._name}: cannot be read ({error.strerror})") from error
        if not data and self._live:
            raise _core.BenchFault(f"{self._name}: the serving has ended")
        self.ended = not data
        return data

    def reopen(self, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        if self._file is not None:
            os.close(self._file)
            self._file, self._rest = None, b""
        while self._file is None:
            try:
                self._file = self._opened()
            except _core.BenchFault:
                if time.monotonic() > deadline_s:
                    raise
                time.sleep(0.02)
