"""`packrig serve`: a pack and its board in real time, the board's ports where programs can reach them.

A wall clock paces the session, and bytes come when a client sends them: no two servings are alike, so nothing here is
part of the claim that equal inputs give equal bytes.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from packrig import _core, can_outlets, control, real_time
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.lateness import Lateness
from packrig.part import load_part
from packrig.pty_port import Pty
from packrig.specification import RigOptions, open_session_of
from packrig.stimuli import Surroundings
from packrig.used_pack import used

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
    port = _first_port(options)
    lateness = Lateness(TICK_S)
    serving = None
    try:
        with _ended_by_signals(), ExitStack() as outlets:
            rig_options = RigOptions(bench=options.bench, firmware=firmware)
            if firmware:  # a foreign one has what past it has
                session = open_session_of(part, replace(pack, initial_soc=options.soc), rig_options)
            else:
                session = used(part, pack, rig_options, options.soc)
            surroundings = Surroundings(session, part, options.cells)
            if not firmware:  # a foreign one speaks what it speaks
                surroundings.act(["port", port])
            serving = Serving(session, surroundings, options, port, outlets)
            serving.say(f"serving {part.name} {pack.label} at {100.0 * options.soc:.0f} % on {options.bench}")
            with real_time.scheduled():
                serving.run(options.duration, lateness)
    except KeyboardInterrupt:
        pass
    except _core.BadInput as error:
        raise UsageError(str(error)) from error
    except (_core.BenchFault, _core.NumericFault) as error:
        raise SetupError(str(error)) from error
    if serving is None:  # ended before it began
        return ExitCode.PASSED
    serving.end(lateness)
    return ExitCode.PASSED


def _first_port(options: argparse.Namespace) -> str:
    """What speaks first on the port that the board's UART and CAN share."""
    given = [name for name, value in (("rs485", options.rs485), ("modbus", options.modbus)) if value]
    if any((options.can, options.can_log, options.can_socket)):
        given.append("can")
    if options.rs485 and options.modbus:
        raise UsageError("--rs485 and --modbus are one pty, the board's UART: give one of them, and --port")
    if options.port:
        return options.port
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} share one port of the board; name the first to speak by --port")
    return given[0] if given else "rs485"


class Serving:
    """A running session, the outlets of its ports, and the socket by which it is changed."""

    def __init__(
        self, session: Any, surroundings: Surroundings, options: argparse.Namespace, port: str, outlets: ExitStack
    ) -> None:
        self._session = session
        self._begun_s = session.now_s
        self._surroundings = surroundings
        self._label = "modbus" if port == "modbus" else "rs485"
        self._link = options.modbus or options.rs485
        self._pty = outlets.enter_context(Pty(self._link, "--modbus" if options.modbus else "--rs485"))
        self._buses: list[Any] = []
        for outlet in self._outlets_of(options):
            outlets.callback(outlet.close)
            self._buses.append(outlet)
        path = options.control or control.own_folder() / f"{os.getpid()}{control.SUFFIX}"
        self._control = outlets.enter_context(control.Listener(path))
        self._frames = can_outlets.FrameBytes()
        self._endless = options.duration is None
        self._line_free_s = {"rs485": 0.0, "can": 0.0}

    @staticmethod
    def _outlets_of(options: argparse.Namespace) -> Iterator[Any]:
        if options.can:
            yield can_outlets.Interface(options.can)
        if options.can_log:
            yield can_outlets.Stream(None if options.can_log == Path("-") else options.can_log)
        if options.can_socket:
            yield can_outlets.Socket(options.can_socket)

    def say(self, what: str) -> None:
        print(f"{self._label:6} {self._pty.name}{f' ({self._link})' if self._link else ''}")
        for bus in self._buses:
            print(f"can    {bus.words}")
        print(f"{what} in wall-clock time; bytes served are outside the byte-identity claim", end="")
        print("; Ctrl-C ends it" if self._endless else "")
        print(f"change it by `packrig set`  ({self._control.path})", flush=True)

    def run(self, duration_s: float | None, lateness: Lateness) -> None:
        begun_s = time.monotonic()
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
            control.answer(self._control, self._surroundings.act)
            self._bring_in()
            # A late tick is made up for by the next ones: they do not wait until the board has the wall's time again.
            self._session.run_for(self._begun_s + due_s - self._session.now_s)
            self._bring_out(self._session.take_trace().events())

    def end(self, lateness: Lateness) -> None:
        self._session.make_safe()
        print(f"served {self._session.now_s - self._begun_s:.3f} s; {lateness.line()}")
        if self._pty.dropped:
            print(f"{self._pty.dropped} bytes of the board dropped: nobody read them")
        if dropped := sum(bus.dropped for bus in self._buses):
            print(f"{dropped} CAN frames of the board dropped: nobody took them")

    def _bring_in(self) -> None:
        self._send("rs485", self._pty.read(BYTES_PER_TICK), BYTE_S)
        for bus in self._buses:
            for frame in bus.receive():
                # All of a frame is there at its end: its bytes come together.
                self._send("can", can_outlets.FrameBytes.of(frame), 0.0)

    def _send(self, port: str, data: bytes, byte_s: float) -> None:
        for value in data:
            self._line_free_s[port] = max(self._line_free_s[port], self._session.now_s) + byte_s
            self._session.send_byte(port, value, at_s=self._line_free_s[port])

    def _bring_out(self, events: list[dict[str, Any]]) -> None:
        said = bytearray()
        for event in events:
            if event["kind"] != "bus_byte":
                continue
            if event["port"] == "rs485":
                said.append(event["value"])
            elif event["port"] == "can" and (frame := self._frames.push(event["value"], event["at_s"])):
                for bus in self._buses:
                    bus.send(frame)
        self._pty.write(bytes(said))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A service manager's SIGTERM and a closed terminal's SIGHUP end a serving as Ctrl-C does: without leftovers."""
    former = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
