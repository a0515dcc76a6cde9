"""The plot of one case as inline SVG, drawn by gnuplot: what was imposed, its threshold, and when the BMS acted.

Every `_s` of a case's "plot" is on one time axis, that of its "t_s"; the drawing counts from t0, or from its first
sample where nothing crossed.
"""

import re
import subprocess

from packrig import environment
from packrig.quantity import scale

WIDTH, HEIGHT = 520, 300
# More than gnuplot can tell apart at this width.
POINTS_AT_MOST = 600

# The instants at which something was done: name in the plot, colour, title.
_INSTANTS = (("t1_s", "drive", "drive edge"), ("t2_s", "contact", "contact"), ("t3_s", "alarm", "bus alarm"))

# What is drawn, and the CSS variable that colours it: the page decides, so that one drawing serves light and dark.
# gnuplot only takes numbers, so it draws in these marker colours and the SVG's text is replaced afterwards.
_COLOURS = ("value", "threshold", "band", "crossing", "drive", "contact", "grid", "text", "alarm")
_MARKER = re.compile(r"rgb\(\s*0,\s*170,\s*(\d+)\s*\)")


def case_svg(case: dict) -> str:
    """The SVG element of `case["plot"]`. Raises RuntimeError with gnuplot's own words when it cannot be drawn."""
    program = environment.gnuplot()
    if program is None:
        raise RuntimeError("gnuplot is not installed")
    run = subprocess.run(
        [program, "-d"], input=gnuplot_script(case), capture_output=True, text=True, timeout=60, check=False
    )
    if run.returncode != 0 or "</svg>" not in run.stdout:
        raise RuntimeError(f"gnuplot: {run.stderr.strip() or f'exit {run.returncode}, nothing drawn'}")
    return _inline(run.stdout, case["id"])


def gnuplot_script(case: dict) -> str:
    """What gnuplot is fed: text in, SVG out, no file."""
    plot = case["plot"]
    crossed = plot.get("t0_s") is not None
    t0_s = plot["t0_s"] if crossed else plot["t_s"][0]
    points = thin([(t_s - t0_s, value) for t_s, value in zip(plot["t_s"], plot["value"], strict=True)])
    times_s = [t_s for t_s, _ in points]
    instants = [name for name, _, _ in _INSTANTS]
    marks = [plot[name] - t0_s for name in (*instants, "low_s", "high_s") if plot.get(name) is not None]
    first_s, last_s = min(times_s[0], 0.0), max([times_s[-1], *marks])
    time_factor, time_unit = scale(last_s - first_s, "s")
    low, high = _value_range([value for _, value in points], plot.get("threshold"))

    lines = [
        f"set terminal svg size {WIDTH},{HEIGHT} font 'sans-serif,14' noenhanced",
        f"set border 3 lc rgb '{_marker('text')}'",
        f"set tics nomirror out scale 0.5 tc rgb '{_marker('text')}'",
        f"set grid lt 1 lc rgb '{_marker('grid')}' lw 0.5",
        f"set xlabel 'time{' after the crossing' if crossed else ''} / {time_unit}' tc rgb '{_marker('text')}'",
        f"set ylabel {_quoted(plot['quantity'] + ' / ' + plot['unit'])} tc rgb '{_marker('text')}' offset 1",
        f"set key above horizontal left Left reverse samplen 1.5 width -1 tc rgb '{_marker('text')}'",
        f"set xrange [{first_s * time_factor!r}:{last_s * time_factor!r}]",
        f"set yrange [{low!r}:{high!r}]",
    ]
    # A legend entry is drawn by a curve; the marks are curves of two points so that they explain themselves.
    curves: list[str] = []
    data: list[str] = []
    if plot.get("low_s") is not None or plot.get("high_s") is not None:
        band_low_s = plot["low_s"] - t0_s if plot.get("low_s") is not None else first_s
        band_high_s = plot["high_s"] - t0_s if plot.get("high_s") is not None else last_s
        curves.append(
            f"'-' using 1:2:3 with filledcurves fs solid 0.22 noborder lc rgb '{_marker('band')}' title 'allowed'"
        )
        data.append(_rows([(t_s * time_factor, low, high) for t_s in (band_low_s, band_high_s)]))
    # Steps: between two samples of a trace the earlier one holds.
    curves.append(f"'-' with steps lw 2 lc rgb '{_marker('value')}' title {_quoted(plot['quantity'])}")
    data.append(_rows([(t_s * time_factor, value) for t_s, value in points]))
    if plot.get("threshold") is not None:
        curves.append(f"'-' with lines lw 1.5 dt (6,4) lc rgb '{_marker('threshold')}' title 'threshold'")
        data.append(_rows([(t_s * time_factor, plot["threshold"]) for t_s in (first_s, last_s)]))
    for name, colour, title in _INSTANTS:
        if plot.get(name) is not None:
            at = (plot[name] - t0_s) * time_factor
            style = "dt (2,3) " if name == "t2_s" else ""
            curves.append(f"'-' with lines lw 2 {style}lc rgb '{_marker(colour)}' title '{title}'")
            data.append(_rows([(at, low), (at, high)]))
    lines.append("plot " + ", ".join(curves))
    return "\n".join(lines) + "\n" + "".join(data)


def thin(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most POINTS_AT_MOST points, keeping the first, the last and the extremes of every stretch between."""
    if len(points) <= POINTS_AT_MOST:
        return points
    stretches = POINTS_AT_MOST // 2 - 1
    inner = points[1:-1]
    kept = [points[0]]
    for k in range(stretches):
        stretch = inner[k * len(inner) // stretches : (k + 1) * len(inner) // stretches]
        extremes = {min(stretch, key=lambda point: point[1]), max(stretch, key=lambda point: point[1])}
        kept += sorted(extremes)
    return [*kept, points[-1]]


def _value_range(values: list[float], threshold: float | None) -> tuple[float, float]:
    shown = values if threshold is None else [*values, threshold]
    low, high = min(shown), max(shown)
    # An eighth of room keeps the curve off the frame; a flat line gets a frame of its own size.
    room = (high - low) / 8 or abs(high) / 8 or 1.0
    return low - room, high + room


def _marker(colour: str) -> str:
    return f"#00aa{_COLOURS.index(colour):02x}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


def _rows(rows: list[tuple[float, ...]]) -> str:
    return "".join(" ".join(repr(float(value)) for value in row) + "\n" for row in rows) + "e\n"


def _inline(document: str, title: str) -> str:
    svg = document[document.index("<svg") :]
    # An id may stand only once in a page, and gnuplot's are the same in every drawing; lines need none of them.
    svg = re.sub(r"<defs>.*?</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<title>.*?</title>|<desc>.*?</desc>|<rect [^>]*fill=\"none\"/>|\sid=\"[^\"]*\"", "", svg)
    svg = re.sub(r"<g [^>]*>\s*</g>", "", svg)
    svg = _MARKER.sub(lambda found: f"var(--plot-{_COLOURS[int(found.group(1))]})", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    label = re.sub(r"[<>&\"]", " ", f"plot of {title}")
    return re.sub(r"^<svg\s+width=\"\d+\" height=\"\d+\"", f'<svg role="img" aria-label="{label}"', svg).strip()
