"""A run's results put in order: by datasheet row, gravest first. What the table and the report both show.

`results` is the document of a run (results.json); its schema is described in results.py.
"""

import re
import shlex
from collections import Counter
from dataclasses import dataclass, field

from packrig import environment
from packrig.quantity import quantity

# Gravest first. A row is as good as its gravest case.
OUTCOMES = ("ERROR", "FAIL", "INCONCLUSIVE", "PASS", "CHARACTERISED", "SKIPPED")
NOT_RUN = "NOT RUN"
NEEDS_ATTENTION = ("ERROR", "FAIL", "INCONCLUSIVE")

MEANINGS = {
    "PASS": "inside the promised band, with the measurement's uncertainty",
    "FAIL": "outside the promised band, with the measurement's uncertainty",
    "INCONCLUSIVE": "the uncertainty straddles a limit, or the stimulus could not be resolved: no verdict",
    "ERROR": "the rig is broken, not the product: no verdict",
    "SKIPPED": "this bench or this part cannot do it",
    "CHARACTERISED": "measured; the sheet promises no number",
    NOT_RUN: "no case of this row was selected",
}


@dataclass(frozen=True)
class Row:
    """One row of the datasheet and what the run says about it."""

    id: str
    claim: str
    reading: str
    remark: str
    cases: list[dict] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return gravest(self.cases)

    @property
    def counts(self) -> dict[str, int]:
        return count(self.cases)

    @property
    def worst(self) -> dict | None:
        """The case with the least margin; None when no case has one."""
        return worst(self.cases)


def count(cases: list[dict]) -> dict[str, int]:
    """How many cases ended how, gravest outcome first, without those that did not occur."""
    found = Counter(case["outcome"] for case in cases)
    return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}


def gravest(cases: list[dict]) -> str:
    return next(iter(count(cases)), NOT_RUN)


def relative_margin(case: dict) -> float:
    """The margin as a share of what is promised, so that volts and seconds of one row can be ranked."""
    low, high = case.get("low"), case.get("high")
    size = high - low if low is not None and high is not None else abs(high if low is None else low or 0.0)
    return case["margin"] / size if size else case["margin"]


def worst(cases: list[dict]) -> dict | None:
    judged = [case for case in cases if case.get("margin") is not None and case["outcome"] != "SKIPPED"]
    if not judged:
        return None
    return min(judged, key=lambda case: (OUTCOMES.index(case["outcome"]), relative_margin(case)))


def margin_text(case: dict | None) -> str:
    """What is left to the nearer limit once the uncertainty is taken off, and that uncertainty: "98 ms (U 2 ms)".

    Negative: the value with its uncertainty reaches beyond the limit. "" where nothing was promised.
    """
    if case is None or case.get("margin") is None:
        return ""
    unit = case.get("unit", "")
    uncertainty = f" (U {quantity(case['uncertainty'], unit)})" if case.get("uncertainty") else ""
    return quantity(case["margin"], unit) + uncertainty


def by_row(results: dict) -> list[Row]:
    """Every row of the sheet, in the sheet's order. A case that observes two rows stands in both."""
    return [
        Row(
            id=row["id"],
            claim=row["claim"],
            reading=row.get("reading") or "",
            remark=row.get("remark") or "",
            cases=[case for case in results["cases"] if row["id"] in case.get("rows", ())],
        )
        for row in results["rows"]
    ]


def attention(results: dict) -> list[dict]:
    """The cases that somebody must look at, gravest first."""
    cases = [case for case in results["cases"] if case["outcome"] in NEEDS_ATTENTION]
    return sorted(cases, key=lambda case: OUTCOMES.index(case["outcome"]))


def headline(results: dict) -> str:
    """One sentence: what became of the run. Its order of precedence is that of the exit codes."""
    counts = count(results["cases"])
    total = len(results["cases"])
    if results.get("interrupted"):
        return f"Interrupted after {total} cases: what follows is not complete"
    if "ERROR" in counts:
        return f"No verdict: the rig failed in {counts['ERROR']} of {total} cases"
    if "FAIL" in counts:
        return f"Failed: {counts['FAIL']} of {total} cases break a promise of the datasheet"
    if "INCONCLUSIVE" in counts:
        return f"Inconclusive: {counts['INCONCLUSIVE']} of {total} cases cannot be decided on this bench"
    if not set(counts) - {"SKIPPED"}:
        return "Nothing ran"
    if "PASS" not in counts:
        return "Characterised: the sheet promises no number for what was measured"
    return "Passed: every judged case keeps what the datasheet promises"


# The characters that pytest's -k takes inside one name.
_KEYWORD = re.compile(r"[\w:+\-.\[\]\\/]+")


def replay_line(results: dict, case: dict) -> str:
    """The command that runs this one case again, byte for byte."""
    words = [environment.command(), "verify", results["part"], "--bench", results["bench"]]
    if results.get("cell", "ecm") != "ecm":
        words += ["--cell", results["cell"]]
    if results.get("afe", "nominal") != "nominal":
        words += ["--afe", results["afe"]]
    if results.get("tier", "smoke") != "smoke":
        words += ["--tier", results["tier"]]
    words += ["--seed", str(results["seed"])]
    if results.get("firmware"):
        words += ["--firmware", results["firmware"]]
    scenario, _, test = case["id"].partition(".")
    if not _KEYWORD.fullmatch(test):
        # Spell the parameters out: weaker than the full name, but a legal expression.
        test = " and ".join(_KEYWORD.findall(test.replace("[", " ").replace("]", " ")))
    return shlex.join([*words, "-k", f"{scenario} and {test}"])
