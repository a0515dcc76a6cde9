"""JUnit XML of a run, for continuous integration.

FAIL is a failure; ERROR and INCONCLUSIVE are errors of that type (no verdict on the product); CHARACTERISED is a
pass whose value stands in its properties.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

# XML 1.0 has no place for these, escaped or not.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_CHILDREN = {
    "FAIL": ("failure", "FAIL"),
    "ERROR": ("error", "ERROR"),
    "INCONCLUSIVE": ("error", "INCONCLUSIVE"),
    "SKIPPED": ("skipped", "SKIPPED"),
}
_PROPERTIES = ("value", "low", "high", "unit", "uncertainty", "margin", "actions_hash", "trace")


def junit_bytes(results: dict) -> bytes:
    """The whole document."""
    cases = results["cases"]
    outcomes = [case["outcome"] for case in cases]
    suite = ElementTree.Element(
        "testsuite",
        name=f"packrig {results['part']} {results['bench']}",
        tests=str(len(cases)),
        failures=str(outcomes.count("FAIL")),
        errors=str(outcomes.count("ERROR") + outcomes.count("INCONCLUSIVE")),
        skipped=str(outcomes.count("SKIPPED")),
    )
    for case in cases:
        scenario, _, test = case["id"].partition(".")
        element = ElementTree.SubElement(
            suite, "testcase", classname=_clean(f"{results['part']}.{scenario}"), name=_clean(test), time="0"
        )
        properties = ElementTree.SubElement(element, "properties")
        values = {"outcome": case["outcome"], "rows": " ".join(case.get("rows", ())), "seed": results["seed"]}
        values.update({name: case[name] for name in _PROPERTIES if case.get(name) is not None})
        for name, value in values.items():
            ElementTree.SubElement(properties, "property", name=name, value=_clean(str(value)))
        if case["outcome"] in _CHILDREN:
            tag, kind = _CHILDREN[case["outcome"]]
            ElementTree.SubElement(element, tag, type=kind, message=_clean(case.get("reason") or kind))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True) + b"\n"


def write_junit(results: dict, path: Path) -> None:
    path.write_bytes(junit_bytes(results))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
