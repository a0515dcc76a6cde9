"""`packrig monitor`: a board, real or served, read over its bus and shown in the terminal while it lasts."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from packrig import _core
from packrig.exit_codes import ExitCode, SetupError, UsageError
from packrig.monitor_sources import SOURCES, Said, StreamEnded
from packrig.quantity import quantity

STALE_PERIODS = 3


def monitor(options: argparse.Namespace) -> ExitCode:
    """Until --count answers, Ctrl-C or the end of a recorded stream.

    Raises SetupError when the port cannot be opened, or nothing ever answered.
    """
    try:
        source = SOURCES[options.protocol](options)
    except _core.BenchFault as error:
        raise SetupError(str(error)) from error
    except _core.BadInput as error:
        raise UsageError(str(error)) from error
    view = View(options.target, options.period)
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _watch(source, view, options)
    finally:
        signal.signal(signal.SIGTERM, former)
    if not view.answers:
        raise SetupError(f"{options.target}: no board answers; {view.trouble or 'the line is silent'}")
    if not sys.stdout.isatty():
        print()  # behind the last picture, which a terminal has wiped
    print(f"{view.answers} answers, {view.misses} missed")
    return ExitCode.PASSED


def _watch(source: Any, view: View, options: argparse.Namespace) -> None:
    console = Console(file=sys.stdout)
    due_s = time.monotonic()
    with Live(console=console, auto_refresh=False, transient=console.is_terminal) as live:
        while options.count is None or view.answers + view.misses < options.count:
            try:
                if said := source.ask():
                    view.take(said)
                else:
                    view.miss(source.silence)
            except StreamEnded as end:
                view.trouble = view.trouble or str(end)
                return
            except _core.BadInput as refusal:
                view.miss(str(refusal))
            except _core.BenchFault as fault:
                view.miss(str(fault))
                with contextlib.suppress(_core.BenchFault):  # it is said when it is asked next
                    source.reopen()
            live.update(view.picture(), refresh=console.is_terminal)
            due_s = max(due_s + options.period, time.monotonic())
            time.sleep(max(0.0, due_s - time.monotonic()))


class View:
    """What is known of the board, and how old it is."""

    def __init__(self, target: str, period_s: float) -> None:
        self._title = target
        self._period_s = period_s
        self._said: Said = {}
        self._at_s = 0.0
        self.answers = 0
        self.misses = 0
        self.trouble = ""

    def take(self, said: Said) -> None:
        if said["objection"]:
            self.miss(f"implausible: {said['objection']}")
        else:
            self._said, self._at_s, self.trouble = said, time.monotonic(), ""
            self.answers += 1

    def miss(self, why: str) -> None:
        self.misses += 1
        self.trouble = why

    def picture(self) -> Group:
        age_s = time.monotonic() - self._at_s
        stale = bool(self._said) and age_s > STALE_PERIODS * self._period_s
        parts: list[Any] = [Text(f"{self._title}  answers {self.answers}, missed {self.misses}")]
        if self.trouble:
            parts.append(Text(self.trouble, style="bold red"))
        if self._said:
            style = "dim" if stale else ""
            parts += [self._cells(style), self._values(style)]
        if stale:
            parts.append(Text(f"{age_s:.0f} s old", style="bold yellow"))
        return Group(*parts)

    def _cells(self, style: str) -> Table:
        table = Table.grid(padding=(0, 2))
        cells = self._said["cell_V"]
        low, high = min(cells, default=0.0), max(cells, default=0.0)
        row: list[Text] = []
        for number, cell_V in enumerate(cells, 1):
            mark = " ▲" if cell_V == high != low else " ▼" if cell_V == low != high else "  "
            row.append(Text(f"{number:2} {cell_V:.3f} V{mark}", style=style))
            if len(row) == 5:
                table.add_row(*row)
                row = []
        if row:
            table.add_row(*row)
        return table

    def _values(self, style: str) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, text in _lines(self._said):
            table.add_row(Text(name, style=style), Text(text, style=style))
        return table


def _lines(said: Said) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        words = name.rsplit("_", 1)
        if name in ("cell_V", "wire_Ohm", "objection") or value in (None, ""):
            continue
        if name in ("soc", "soh_share"):
            yield f"state of {'charge' if name == 'soc' else 'health'}", f"{100.0 * value:.0f} %"
        elif name == "probe_degC":
            yield "probes", "  ".join(quantity(probe, "degC") for probe in value if probe is not None)
        elif name == "current_A":
            way = " discharging" if value > 0 else " charging" if value < 0 else ""
            yield "current", quantity(abs(value), "A") + way
        elif isinstance(value, bool):
            yield words[0].replace("_", " "), "on" if value else "off"
        elif words[-1] == "count":
            yield name.replace("_", " "), f"{value:.0f}"
        elif isinstance(value, float):
            yield words[0].replace("_", " "), quantity(value, words[-1])
        else:
            yield name.replace("_", " "), str(value)
