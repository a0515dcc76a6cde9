"""report.html: one self-contained page about one run. A pure function of the run's results, no clock, no network."""

from pathlib import Path

from packrig import environment, plots, quantity, summary, trip_map

# One row may have a worst case per test; the gravest few tell the story.
PLOTS_PER_ROW_AT_MOST = 4


def write_report(results: dict, path: Path) -> None:
    path.write_text(report_html(results), encoding="utf-8")


def report_html(results: dict) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(environment.data_folder("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["slug"] = slug
    rows = summary.by_row(results)
    drawings = _Drawings()
    lines = trip_map.trip_map(results["cases"])
    return templates.get_template("report.html.j2").render(
        results=results,
        version=environment.version(),
        style=(environment.data_folder("reports") / "report.css").read_text("utf-8"),
        headline=summary.headline(results),
        verdict="INTERRUPTED" if results.get("interrupted") else summary.gravest(results["cases"]),
        counts=summary.count(results["cases"]),
        meanings=summary.MEANINGS,
        facts=_facts(results),
        attention=[_case_view(results, case) for case in summary.attention(results)],
        rows=[_row_view(results, row, drawings) for row in rows],
        map_lines=lines,
        map_columns=trip_map.cell_columns(lines),
        skipped=[case for case in results["cases"] if case["outcome"] == "SKIPPED"],
        labels=_labels(results["cases"]),
    )


def slug(text: str) -> str:
    """An id for an anchor."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)


class _Drawings:
    """Draws each case once, however many rows it stands in; remembers in which row it is shown."""

    def __init__(self) -> None:
        self._shown_in: dict[str, str] = {}
        self._fault: str | None = None

    def draw(self, case: dict, row_id: str) -> dict:
        from markupsafe import Markup

        view = {"id": case["id"], "labels": case.get("labels", []), "svg": None, "shown_in": None, "fault": None}
        if case["id"] in self._shown_in:
            return {**view, "shown_in": self._shown_in[case["id"]]}
        self._shown_in[case["id"]] = row_id
        if self._fault is None:
            try:
                # Markup is safe here: the drawing is gnuplot's, which escapes the texts that it is given.
                return {**view, "svg": Markup(plots.case_svg(case))}
            except RuntimeError as fault:
                self._fault = str(fault)
        return {**view, "fault": self._fault}


def _facts(results: dict) -> list[tuple[str, str]]:
    simulated_s = sum(case.get("simulated_s") or 0.0 for case in results["cases"])
    facts = [
        ("part", results["part"]),
        ("bench", results["bench"]),
        ("firmware", results.get("firmware") or "the simulated copy"),
        ("tier", results.get("tier", "smoke")),
        ("seed", str(results["seed"])),
    ]
    tried = sum(bool(row.cases) for row in summary.by_row(results))
    facts.append(("datasheet rows tried", f"{tried} of {len(results['rows'])}"))
    if simulated_s:
        facts.append(("simulated", f"{quantity.number(simulated_s / 3600, 3)} h"))
    return facts + [(f"version of {name}", str(value)) for name, value in results.get("versions", {}).items()]


def _row_view(results: dict, row: summary.Row, drawings: _Drawings) -> dict:
    plotted = _worst_per_test(row.cases)
    return {
        "id": row.id,
        "claim": row.claim,
        "reading": row.reading,
        "remark": row.remark,
        "outcome": row.outcome,
        "counts": row.counts,
        "total": len(row.cases),
        "margin": summary.margin_text(row.worst),
        "worst_id": row.worst["id"] if row.worst else "",
        "contradictions": [item["text"] for item in results.get("contradictions", []) if item["row"] == row.id],
        "plots": [drawings.draw(case, row.id) for case in plotted[:PLOTS_PER_ROW_AT_MOST]],
        "cases": [_case_view(results, case) for case in row.cases],
        "labels": _labels(row.cases),
    }


def _worst_per_test(cases: list[dict]) -> list[dict]:
    """Of each test the gravest case that has a plot; tests without a margin (nothing should happen) last."""

    def rank(case: dict) -> tuple[int, bool, float]:
        margin = case.get("margin")
        gravity = summary.OUTCOMES.index(case["outcome"])
        return gravity, margin is None, 0.0 if margin is None else summary.relative_margin(case)

    worst: dict[tuple[str, str], dict] = {}
    for case in sorted((case for case in cases if case.get("plot")), key=rank):
        worst.setdefault((case["scenario"], case["test"]), case)
    return list(worst.values())


def _case_view(results: dict, case: dict) -> dict:
    unit = case.get("unit", "")
    phases = case.get("phases") or []
    worst_phase = case.get("worst_phase")
    return {
        "id": case["id"],
        "outcome": case["outcome"],
        "measured": quantity.with_uncertainty(case.get("value"), case.get("uncertainty"), unit),
        "beside": _drive_edge(case.get("plot") or {}),
        "allowed": quantity.band(case.get("low"), case.get("high"), unit),
        "margin": summary.margin_text(case),
        "phase": f"{worst_phase + 1} of {len(phases)}" if phases and worst_phase is not None else "",
        "reason": case.get("reason") or "",
        "labels": case.get("labels", []),
        "replay": summary.replay_line(results, case),
    }


def _drive_edge(plot: dict) -> str:
    """Beside the time to an alarm on the bus (t3): that to the drive's edge (t1), from the same instant."""
    if plot.get("t3_s") is None or plot.get("t1_s") is None or plot.get("t0_s") is None:
        return ""
    return f"drive edge {quantity.quantity(plot['t1_s'] - plot['t0_s'], 's')}"


def _labels(cases: list[dict]) -> list[str]:
    """What must be said about these cases' numbers, each once, in the order of their first appearance."""
    return list(dict.fromkeys(label for case in cases for label in case.get("labels", ())))
