"""Where a served board's CAN bus comes out: an interface of the kernel, a candump stream, a socket for python-can."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any, TextIO

from packrig import _core, candump
from packrig.control import Listener
from packrig.exit_codes import SetupError, UsageError

BUS = "can0"  # the bus's name in candump lines
_HEAD = 5  # bytes of identifier and length before a frame's data, see models/connector.hpp
_EXTENDED = 1 << 31
_QUEUE_S = 0.001  # how long a full queue of an interface may hold the board up


class FrameBytes:
    """A CAN frame as the bytes by which it crosses the plug, and back."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def push(self, value: int, at_s: float) -> candump.Frame | None:
        """The frame that this byte ends, if it does."""
        self._bytes.append(value)
        if len(self._bytes) < _HEAD or len(self._bytes) < _HEAD + self._bytes[4]:
            return None
        word = int.from_bytes(self._bytes[:4], "big")
        frame = candump.Frame(
            word & (0x1FFFFFFF if word & _EXTENDED else 0x7FF),
            bytes(self._bytes[_HEAD:]),
            extended=bool(word & _EXTENDED),
            at_s=at_s,
        )
        self._bytes.clear()
        return frame

    @staticmethod
    def of(frame: candump.Frame) -> bytes:
        word = frame.id | (_EXTENDED if frame.extended else 0)
        return word.to_bytes(4, "big") + bytes([len(frame.data)]) + frame.data


class Interface:
    """An interface of the kernel (SocketCAN). One that goes away is taken up again when it is back."""

    def __init__(self, name: str) -> None:
        try:
            self._socket = _core.CanSocket(name)
        except _core.BenchFault as error:
            raise SetupError(str(error)) from error
        self._gone = False
        self.dropped = 0
        self.words = name

    def send(self, frame: candump.Frame) -> None:
        raw = _core.CanFrame(frame.id, frame.data, extended=frame.extended)
        self._tried(lambda: self._socket.send(raw, _QUEUE_S), lost=1)

    def receive(self) -> list[candump.Frame]:
        found = []
        while (raw := self._tried(lambda: self._socket.receive(0.0), lost=0)) is not None:
            if not raw.remote and not raw.fd:  # the board's bus is classic and knows no remote request
                found.append(candump.Frame(raw.id, raw.data, extended=raw.extended))
        return found

    def close(self) -> None:
        """Closed with its owner."""

    def _tried(self, action: Any, lost: int) -> Any:
        try:
            if self._gone:
                self._socket.reopen(0.0)
                self._gone = False
            return action()
        except _core.BenchFault:
            self._gone = True
            self.dropped += lost
            return None


class Stream:
    """A file, or stdout, in candump's log format."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._file: TextIO = sys.stdout if path is None else path.open("w", buffering=1, encoding="ascii")
        except OSError as error:
            raise UsageError(f"--can-log {path}: cannot be written ({error.strerror})") from error
        self.dropped = 0
        self.words = "candump stream on " + ("stdout" if path is None else str(path))

    def send(self, frame: candump.Frame) -> None:
        try:
            print(candump.write(frame, BUS), file=self._file, flush=self._file is sys.stdout)
        except BrokenPipeError:
            raise  # whoever read stdout has had enough
        except OSError as error:
            raise SetupError(f"{self.words}: cannot be written ({error.strerror})") from error

    def receive(self) -> list[candump.Frame]:
        return []

    def close(self) -> None:
        if self._file is not sys.stdout:
            with contextlib.suppress(OSError):  # what could not be written has been told
                self._file.close()


class Socket:
    """A local socket on which every client is a node of the bus, in candump lines both ways."""

    def __init__(self, path: Path) -> None:
        self._listener = Listener(path)
        self.words = str(path)

    @property
    def dropped(self) -> int:
        return self._listener.dropped

    def send(self, frame: candump.Frame) -> None:
        self._listener.send_all(candump.write(frame, BUS))

    def receive(self) -> list[candump.Frame]:
        found = []
        for sender, line in self._listener.lines():
            try:
                frame = candump.read(line)
            except ValueError:
                continue  # noise on the bus
            self._listener.send_all(line, but=sender)  # the other nodes hear it too
            if not frame.remote and not frame.fd:
                found.append(frame)
        return found

    def close(self) -> None:
        self._listener.close()
