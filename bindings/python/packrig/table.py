"""The readable end of a run on the terminal: by datasheet row, then every case that needs a look."""

import sys
from pathlib import Path
from typing import TextIO

from packrig.summary import attention, by_row, count, headline, margin_text, replay_line

STYLES = {
    "PASS": "green",
    "FAIL": "bold red",
    "ERROR": "bold magenta",
    "INCONCLUSIVE": "yellow",
    "CHARACTERISED": "cyan",
    "SKIPPED": "dim",
    "NOT RUN": "dim",
}
# Beyond this many, the rest is in the report: a terminal is no place for a thousand failures.
SHOWN_AT_MOST = 20
LOG_WIDTH = 120


def console(stream: TextIO):
    """A rich console: colour only on a terminal without NO_COLOR, a fixed width where there is no terminal."""
    from rich.console import Console

    # 80 columns, rich's guess for a log file, would wrap every row.
    return Console(file=stream, width=None if stream.isatty() else LOG_WIDTH, highlight=False, soft_wrap=False)


def print_results(results: dict, report: Path | None, stream: TextIO | None = None) -> None:
    out = console(stream or sys.stdout)
    out.print()
    if results["cases"]:
        out.print(_rows_table(results))
        absent = [row.id for row in by_row(results) if not row.cases]
        if absent:
            out.print(f"No case selected for {', '.join(absent)}", style="dim", markup=False)
    _print_attention(results, out)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in count(results["cases"]).items())
    out.print()
    out.print(f"{headline(results)} ({counts or 'no cases'})", style="bold", markup=False)
    if report is not None:
        # soft_wrap: a path or a command that is broken over two lines cannot be copied.
        out.print(f"Report: {report}", markup=False, soft_wrap=True)


def _rows_table(results: dict):
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    table.add_column("row", no_wrap=True)
    table.add_column("claim", overflow="fold", ratio=3)
    table.add_column("outcome", no_wrap=True)
    table.add_column("cases", no_wrap=True)
    table.add_column("worst margin", no_wrap=True, justify="right")
    table.add_column("remark", overflow="fold", ratio=4)
    for row in by_row(results):
        if not row.cases:
            continue
        cases = ", ".join(f"{number} {outcome.lower()}" for outcome, number in row.counts.items())
        if len(row.counts) == 1:
            cases = str(len(row.cases))
        table.add_row(
            row.id,
            Text(row.claim),
            Text(row.outcome, style=STYLES[row.outcome]),
            cases,
            margin_text(row.worst),
            Text(row.remark, style="dim"),
        )
    return table


def _print_attention(results: dict, out) -> None:
    cases = attention(results)
    for case in cases[:SHOWN_AT_MOST]:
        out.print()
        out.print(f"[{STYLES[case['outcome']]}]{case['outcome']}[/] ", end="")
        out.print(case["id"], markup=False, soft_wrap=True)
        if case.get("reason"):
            out.print(f"  {case['reason']}", markup=False)
        out.print(f"  {replay_line(results, case)}", markup=False, soft_wrap=True, style="dim")
    if len(cases) > SHOWN_AT_MOST:
        out.print(f"\n... and {len(cases) - SHOWN_AT_MOST} more: see the report")
