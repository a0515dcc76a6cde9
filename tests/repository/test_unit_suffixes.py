"""In every header of models/, sim/ and rig/ the unit is the last word of a number's name, or it has no dimension."""

import re

import pytest
from tree import code_of, files, name

# Of doubles. A rate is spelled out (ramp_V_per_s) and ends in one of these too.
UNITS = {
    "V",
    "A",
    "A2",
    "A2s",
    "Ohm",
    "S",
    "F",
    "H",
    "Ah",
    "Wh",
    "W",
    "J",
    "K",
    "degC",
    "Hz",
    "s",
    "C",
    "kg",
    "m",
    "m2",
    "m3",
    "mol",
}
# Words that say that a number has no dimension: as the last word, `soc` as any.
DIMENSIONLESS = {"factor", "ratio", "share", "fraction", "count", "gain", "error", "efficiency", "decay", "keep"}
# (x is an electrode's stoichiometry.)
DIMENSIONLESS |= {"sign", "weight", "x", "porosity", "transference"}
# Names whose unit stands beside them, by the folder or file that may use them.
TOLD_BESIDE = {
    # Of a channel, a rule or a verdict, each of which carries its `unit`; a row has one value per channel.
    "rig/": {
        "value", "values", "value_at", "value_uncertainty", "low", "high", "margin", "uncertainty", "resolution",
        "threshold", "ceiling", "floor", "level", "reach", "deadband", "from", "to", "at", "of", "of_plug_row",
        "farthest_from", "mark", "shown", "reported", "nan_value", "row", "asked_row",
        "earlier_low", "earlier_high", "imposed_row", "reference_row", "truth_row",
    },
    # The bank's block of memory: rows of different quantities, each with an accessor that names its unit.
    "models/cells/ecm_bank.hpp": {"row", "view", "block"},
    "models/cells/spme_bank.hpp": {"at", "face", "faces", "row", "view"},
    "models/cells/spme_tiles.hpp": {"of", "operator"},
    "models/check.hpp": {"value", "low", "high"},  # of any member
    "rig/parameters/": {"number", "numbers", "result", "rising", "surface"},  # of any member of a file
    "rig/codec/jk_can.hpp": {"offset", "value_of"},  # of any signal, whose name has the unit
    "models/harness.hpp": {"from_middle"},  # -1 to 1 along the harness
    "sim/load.hpp": {"value"},  # A, W or Ohm, by the load's kind
    "sim/profile.hpp": {"value"},  # of any course over time
    "sim/pack.hpp": {"of_cells", "of_groups"},  # averages any quantity
    "sim/pack_description.hpp": {"capacity", "resistance"},  # relative spread
}  # fmt: skip
# Pure mathematics has no units.
EXEMPT_FOLDERS = ("models/math/",)

_NUMBER = r"(?:double|float)"
_DECLARED = re.compile(
    rf"\b(?:std::(?:array|span|vector|optional)<\s*(?:const\s+)?{_NUMBER}\s*(?:,[^<>;]*)?>|{_NUMBER})"
    r"\s*(?:const\s*)?[&*]?\s*(?:\w+::)*(\w+)\s*(?=[;,)=({\[])"
)
_MORE = re.compile(rf"\b{_NUMBER}\s+\w+[^;(){{}}]*;")
_TIME = re.compile(r"\b(?:std::(?:array|span|vector|optional)<\s*(?:const\s+)?TimeNs\s*(?:,[^<>;]*)?>|TimeNs)"
                   r"\s*[&*]?\s*(?:\w+::)*(\w+)\s*(?=[;,)=({\[])")  # fmt: skip


def has_unit(declared: str) -> bool:
    words = declared.rstrip("_").split("_")
    return words[-1] in UNITS or words[-1] in DIMENSIONLESS or "soc" in words


def told_beside(file: str, declared: str) -> bool:
    return any(file.startswith(place) and declared.rstrip("_") in names for place, names in TOLD_BESIDE.items())


def numbers_without_unit(source: str) -> list[str]:
    code = code_of(source)
    wrong = [declared for declared in _DECLARED.findall(code) if not has_unit(declared)]
    for statement in _MORE.findall(code):  # double a_V = 1.0, b = 2.0;
        names = re.findall(r",\s*(\w+)\s*(?==|,|;)", statement)
        wrong += [declared for declared in names if not has_unit(declared)]
    wrong += [declared for declared in _TIME.findall(code) if not declared.rstrip("_").endswith("_ns")]
    # from_s() converts into TimeNs: its unit is what it takes.
    return [declared for declared in wrong if declared != "from_s"]


def test_every_number_in_a_public_header_names_its_unit():
    wrong = [
        f"{name(path)}: {declared}"
        for path in files("models", "sim", "rig", suffixes=(".hpp", ".h"))
        if not name(path).startswith(EXEMPT_FOLDERS)
        for declared in numbers_without_unit(path.read_text("utf-8"))
        if not told_beside(name(path), declared)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("double cell_V = 0.0;", []),
        ("double cell = 0.0;", ["cell"]),
        ("double voltage_volts;", ["voltage_volts"]),
        ("double a_V = 1.0, b = 2.0;", ["b"]),
        ("std::array<double, 25> cell_V{};", []),
        ("std::array<double, cell_count_max> cells{};", ["cells"]),
        ("std::span<const double> currents() const;", ["currents"]),
        ("std::vector<double> soc_;", []),
        ("std::optional<double> limit_mA;", ["limit_mA"]),
        ("void set(double ambient_degC, double wire);", ["wire"]),
        ("double pack_V() const;", []),
        ("double pack() const;", ["pack"]),
        ("double ramp_V_per_s;", []),
        ("TimeNs until_ns;", []),
        ("TimeNs until;", ["until"]),
        ("// double lost;", []),
    ],
)
def test_a_number_without_a_unit_is_seen(source, wrong):
    assert numbers_without_unit(source) == wrong
