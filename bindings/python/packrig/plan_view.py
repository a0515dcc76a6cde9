"""The readable form of `packrig plan`."""

from collections import Counter
from typing import TextIO

from packrig.quantity import number
from packrig.table import console


def print_plan(entries: list[dict], stream: TextIO) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console(stream)
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    table.add_column("case", overflow="fold")
    table.add_column("rows", no_wrap=True)
    table.add_column("simulated", no_wrap=True, justify="right")
    table.add_column("expected wall", no_wrap=True, justify="right")
    runs = [entry for entry in entries if entry["skip_reason"] is None]
    for entry in runs:
        table.add_row(
            Text(entry["id"]), " ".join(entry["rows"]), duration(entry["simulated_s"]), duration(entry["wall_s"])
        )
    if runs:
        out.print(table)
    skipped = Counter(entry["skip_reason"] for entry in entries if entry["skip_reason"] is not None)
    for reason, cases in skipped.items():
        out.print(f"skipped, {cases} cases: {reason}", markup=False)
    simulated_s = sum(entry["simulated_s"] for entry in runs)
    wall_s = sum(entry["wall_s"] for entry in runs)
    out.print(
        f"{len(runs)} cases to run, {sum(skipped.values())} skipped; {duration(simulated_s)} simulated, "
        f"about {duration(wall_s)} of one core"
    )


def duration(seconds: float) -> str:
    """For example "350 ms", "12.5 s", "4 min", "2.1 h"."""
    if seconds >= 3600:
        return f"{number(seconds / 3600, 3)} h"
    if seconds >= 60:
        return f"{number(seconds / 60, 3)} min"
    if seconds >= 1:
        return f"{number(seconds, 3)} s"
    return f"{number(seconds * 1000, 3)} ms"
