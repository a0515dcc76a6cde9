"""`packrig serve`: a pack and its board in real time, the board's RS485 port on a pty.

A wall clock paces the session, and bytes come when a client sends them: no two servings are alike, so nothing here is
part of the claim that equal inputs give equal bytes.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import termios
import time
import tty
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from packrig import _core
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.part import load_part
from packrig.scenario import RigOptions, open_session_of

TICK_S = 0.002
# 115200 baud, ten bits to a byte: no faster does a byte reach the board, whatever the pty could do.
BYTE_S = 10 / 115200
BYTES_PER_TICK = int(TICK_S / BYTE_S)


def serve(options: argparse.Namespace) -> ExitCode:
    """Serves until --duration is over or Ctrl-C comes; either is the ordinary end.

    Raises UsageError for what was asked wrongly, SetupError when the board breaks down.
    """
    part = load_part(options.part)
    pack = part.pack(options.chem, options.cells)
    if options.firmware and not options.firmware.is_file():
        raise UsageError(f"--firmware {options.firmware}: there is no such file")
    firmware = str(options.firmware.resolve()) if options.firmware else None
    lateness = Lateness()
    session = None
    try:
        with _ended_by_signals(), Pty(options.rs485) as pty:
            session = open_session_of(part, pack, RigOptions(bench=options.bench, firmware=firmware))
            _say_what_is_served(part.name, pack.label, options, pty)
            _serve(session, pty, options.duration, lateness)
    except KeyboardInterrupt:
        pass
    except _core.BadInput as error:
        raise UsageError(str(error)) from error
    except (_core.BenchFault, _core.NumericFault) as error:
        raise SetupError(str(error)) from error
    if session is None:  # ended before it began
        return ExitCode.PASSED
    session.make_safe()
    print(f"served {session.now_s:.3f} s; {lateness.line()}")
    if pty.dropped:
        print(f"{pty.dropped} bytes of the board dropped: nobody read them")
    return ExitCode.PASSED


def _say_what_is_served(part: str, pack: str, options: argparse.Namespace, pty: Pty) -> None:
    link = f" ({options.rs485})" if options.rs485 else ""
    print(f"rs485  {pty.name}{link}", flush=True)
    print(f"serving {part} {pack} on {options.bench} in wall-clock time; bytes served are outside the", end=" ")
    print("byte-identity claim" + ("" if options.duration else "; Ctrl-C ends it"), flush=True)


def _serve(session: Any, pty: Pty, duration_s: float | None, lateness: Lateness) -> None:
    begun_s = time.monotonic()
    line_free_s = 0.0
    end_s = math.inf if duration_s is None else duration_s
    due_s = 0.0
    tick = 0
    while due_s < end_s:
        tick += 1
        due_s = min(tick * TICK_S, end_s)
        ahead_s = due_s - (time.monotonic() - begun_s)
        if ahead_s > 0.0:
            time.sleep(ahead_s)
        lateness.add(time.monotonic() - begun_s - due_s)
        for value in pty.read(BYTES_PER_TICK):
            line_free_s = max(line_free_s, session.now_s) + BYTE_S
            session.send_byte("rs485", value, at_s=line_free_s)
        # A late tick is made up for by the next ones: they do not wait until the board has the wall's time again.
        session.run_for(due_s - session.now_s)
        events = session.take_trace().events()
        pty.write(bytes(event["value"] for event in events if event["kind"] == "bus_byte" and event["port"] == "rs485"))


class Pty:
    """The master of a pseudo terminal in raw mode, and a link to its slave where a path is given. Raises UsageError
    when the link cannot be made; something that exists there is never touched."""

    def __init__(self, link: Path | None) -> None:
        # The slave stays open here, else the master reads errors whenever no client has it open.
        self._master, self._slave = os.openpty()
        self._link = None
        self.dropped = 0
        try:
            tty.setraw(self._slave, termios.TCSANOW)
            os.set_blocking(self._master, False)
            self.name = os.ttyname(self._slave)
            if link is not None:
                self._make(link)
        except BaseException:
            self.close()
            raise

    def _make(self, link: Path) -> None:
        try:
            link.symlink_to(self.name)
        except FileExistsError as error:
            raise UsageError(f"--rs485 {link} exists; name a path that does not") from error
        except OSError as error:
            raise UsageError(f"--rs485 {link}: no link can be made there ({error.strerror})") from error
        self._link = link.absolute()

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(OSError):  # gone, or no link any more: then it is not ours
            if self._link is not None and str(self._link.readlink()) == self.name:
                self._link.unlink()
        os.close(self._master)
        os.close(self._slave)

    def read(self, count: int) -> bytes:
        """What clients sent, up to `count` bytes; the kernel keeps the rest."""
        try:
            return os.read(self._master, count)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """To the clients. What does not fit because nobody reads is dropped and counted, as a line forgets it."""
        written = 0
        with suppress(BlockingIOError):
            written = os.write(self._master, data) if data else 0
        self.dropped += len(data) - written


class Lateness:
    """How late ticks came, in classes of 10 us up to 1 s: as large after a month as after a minute."""

    CLASS_S = 1e-5
    CLASSES = 100_000

    def __init__(self) -> None:
        self._count: Counter[int] = Counter()
        self.ticks = 0
        self.late = 0

    def add(self, lateness_s: float) -> None:
        """A tick is late when the next one was due before it began."""
        self.ticks += 1
        self.late += lateness_s > TICK_S
        self._count[min(int(max(lateness_s, 0.0) / self.CLASS_S), self.CLASSES)] += 1

    def percentile_s(self, percent: float) -> float:
        """The upper end of the class below or in which `percent` of all ticks are; 0 without any tick."""
        wanted = self.ticks * percent / 100.0
        seen = 0
        for number in sorted(self._count):
            seen += self._count[number]
            if seen >= wanted:
                return (number + 1) * self.CLASS_S
        return 0.0

    def line(self) -> str:
        p50_ms, p99_ms = (1000.0 * self.percentile_s(percent) for percent in (50.0, 99.0))
        return f"{self.late} of {self.ticks} ticks late; lateness p50 {p50_ms:.2f} ms, p99 {p99_ms:.2f} ms"


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A service manager's SIGTERM and a closed terminal's SIGHUP end a serving as Ctrl-C does: without leftovers."""
    former = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
