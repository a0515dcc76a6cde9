"""The course of a simulated pack as one SVG: current, cell voltages, temperatures; drawn by gnuplot."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from packrig import environment

_SIZE = "900,800"
_PANELS = (
    ("current / A", "string_A", ("discharging",)),
    ("cell / V", "_V", ("lowest", "highest")),
    ("SoC", "_soc", ("lowest", "highest")),
    ("cell / degC", "_degC", ("coldest", "hottest")),
)


def write_course_plot(trace: Any, path: Path) -> None:
    """Writes `path`. Where gnuplot is missing, writes nothing and says so on stderr."""
    program = environment.gnuplot()
    if program is None:
        environment.warn("gnuplot is not installed: no plot is drawn")
        return
    run = subprocess.run(
        [program, "-d"], input=_script(trace.truth()), capture_output=True, text=True, timeout=60, check=False
    )
    if run.returncode != 0 or "</svg>" not in run.stdout:
        raise RuntimeError(f"gnuplot: {run.stderr.strip() or 'nothing drawn'}")
    path.write_text(run.stdout, encoding="utf-8")


def _script(truth: dict[str, np.ndarray]) -> str:
    times_s = truth["t_s"].tolist()
    lines = [
        f"set terminal svg size {_SIZE} dynamic font 'sans-serif,13' noenhanced background rgb 'white'",
        f"set multiplot layout {len(_PANELS)},1",
        "set grid lc rgb '#d8dee4'",
        "set border 3",
        "set tics nomirror out scale 0.5",
        "set key above horizontal left Left reverse samplen 1.5",
        "set lmargin 11",
        f"set xrange [{times_s[0]!r}:{times_s[-1]!r}]",
    ]
    for place, (label, column, titles) in enumerate(_PANELS):
        lines.append(f"set ylabel '{label}'")
        lines.append(f"set xlabel '{'time / s' if place == len(_PANELS) - 1 else ''}'")
        curves = _curves(truth, column)
        plots = [
            f"'-' with lines lw 1.2 lc rgb '{colour}' title '{title}'"
            for (colour, _), title in zip(curves, titles, strict=True)
        ]
        lines.append("plot " + ", ".join(plots))
        for _, values in curves:
            lines += [f"{t!r} {v!r}" for t, v in zip(times_s, values.tolist(), strict=True)]
            lines.append("e")
    return "\n".join([*lines, "unset multiplot"]) + "\n"


def _curves(truth: dict[str, np.ndarray], column: str) -> list[tuple[str, np.ndarray]]:
    if column in truth:
        return [("#1f2328", truth[column])]
    cells = np.stack([values for name, values in truth.items() if name.startswith("cell") and name.endswith(column)])
    return [("#0969da", cells.min(axis=0)), ("#bc4c00", cells.max(axis=0))]
