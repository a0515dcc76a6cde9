"""`packrig soak`: the long figures of the wire."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packrig import _core, real_time
from packrig.exit_codes import ExitCode, SetupError
from packrig.lateness import Lateness

PERIOD_S = 0.2
BYTE_S = 10 / 115200
# Between the end of the question and the start of the answer, as measured on a board with firmware 11.54
# (ai-republic/bms-to-inverter, issue 165).
TURNAROUND_S = 0.008
ANSWERED_SHARE = 0.9999
LATE_P99_S = 0.005
PATIENCE_S = 1.0  # for one answer, as long as mbpoll waits unless told otherwise; the next question waits with it
START_S = 60.0


def soak(options: argparse.Namespace) -> ExitCode:
    """PASSED when the figure is reached, else FAILED."""
    said, good = _poll(options.count) if options.what == "poll" else _bus(options.hours)
    if options.json:
        print(json.dumps(said))
    else:
        for name, value in said.items():
            print(f"{name:16} {value}")
    return ExitCode.PASSED if good else ExitCode.FAILED


def _bus(hours: float) -> tuple[dict[str, Any], bool]:
    begun_s = time.monotonic()
    said = _core.soak_bus(3600.0 * hours)
    said["wall_s"] = round(time.monotonic() - begun_s, 3)
    return said, said["received"] == said["sent"] and not (said["lost"] or said["out_of_order"] or said["damaged"])


def _poll(count: int) -> tuple[dict[str, Any], bool]:
    lateness = Lateness(LATE_P99_S)
    missed_at_s: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as port, real_time.scheduled() as in_front:
        request = _core.nw_read_all_request()
        begun_s = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, begun_s + number * PERIOD_S - time.monotonic()))
            port.drop_input()
            asked_s = time.monotonic()
            port.write(request, PATIENCE_S)
            length, ended_s = _answer(port, asked_s + PATIENCE_S)
            if length:
                modelled_s = (len(request) + length) * BYTE_S + TURNAROUND_S
                lateness.add(ended_s - asked_s - modelled_s)
            else:
                missed_at_s.append(round(asked_s - begun_s, 1))
    answered = count - len(missed_at_s)
    p50_s, p99_s, longest_s = (lateness.percentile_s(percent) for percent in (50.0, 99.0, 100.0))
    said = {
        "polls": count,
        "answered": answered,
        "share": answered / count,
        "missed_at_s": missed_at_s,
        "late_p50_ms": round(1000.0 * p50_s, 2),
        "late_p99_ms": round(1000.0 * p99_s, 2),
        "late_max_ms": round(1000.0 * longest_s, 2),
        "wall_s": round(time.monotonic() - begun_s, 1),
        "real_time": in_front,
    }
    return said, answered >= ANSWERED_SHARE * count and p99_s < LATE_P99_S


def _answer(port: Any, deadline_s: float) -> tuple[int, float]:
    """(bytes of the answer, when its last one came), or (0, 0.0) when there was none by the deadline."""
    reader = _core.NwReader()
    length = 0
    while (left_s := deadline_s - time.monotonic()) > 0.0:
        data = port.read(1024, left_s)
        now_s = time.monotonic()
        length += len(data)
        reader.push(data, now_s)
        if reader.next():
            return length, now_s
    return 0, 0.0


@contextmanager
def _served(folder: Path) -> Iterator[Any]:
    """A board served by another process, and its port."""
    path = folder / "rs485"
    command = [sys.executable, "-m", "packrig", "serve", "--rs485", str(path), "--control", str(folder / "control")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        try:
            deadline_s = time.monotonic() + START_S
            while not path.is_symlink():
                if served.poll() is not None or time.monotonic() > deadline_s:
                    served.kill()
                    raise SetupError(f"the board was not served: {served.stderr.read().strip()}")
                time.sleep(0.05)
            port = _core.Port(str(path))
            while not _answer_to_one(port):
                if time.monotonic() > deadline_s:
                    raise SetupError("the served board does not answer")
            yield port
        finally:
            served.terminate()
            served.communicate()


def _answer_to_one(port: Any) -> int:
    port.write(_core.nw_read_all_request(), PATIENCE_S)
    return _answer(port, time.monotonic() + PATIENCE_S)[0]
