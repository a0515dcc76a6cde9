"""The trip map: for each chemistry and protection one line, for each cell how far its trip lay from where it should.

A line is one test that was run on several cells and measured a number against limits. Its target is the case's
"threshold" where it has one, else the middle of its band. Where a cell was measured more than once (overdrives,
string lengths), the worst is shown.
"""

from dataclasses import dataclass

from packrig.quantity import number, quantity, scale


@dataclass(frozen=True)
class Spot:
    """One cell of the map. `heat` is the deviation as a share of the allowed one: beyond ±1 it is out of its band."""

    case: dict
    deviation: float
    heat: float


@dataclass(frozen=True)
class Line:
    chemistry: str
    protection: str
    unit: str
    factor: float
    labels: tuple[str, ...]
    spots: dict[int, Spot]

    def text(self, spot: Spot) -> str:
        """The deviation, signed, in the line's unit."""
        shown = number(spot.deviation * self.factor, 2)
        return shown if shown.startswith("-") or float(shown) == 0.0 else f"+{shown}"

    def description(self, spot: Spot) -> str:
        case = spot.case
        measured, deviation = quantity(case["value"], case["unit"]), quantity(spot.deviation, case["unit"])
        return f"cell {case['params']['cell']}: {measured}, {deviation} from the target, {case['outcome']}"


def trip_map(cases: list[dict]) -> list[Line]:
    """The lines in the order in which the cases first show them; tests of a single cell make no line."""
    grouped: dict[tuple[str, str, str], list[dict]] = {}
    for case in cases:
        params = case.get("params") or {}
        numbers = [case.get(name) for name in ("value", "low", "high")]
        if "cell" not in params or "chemistry" not in params or None in numbers:
            continue
        key = (str(params["chemistry"]), f"{case['scenario']}.{case['test']}", case.get("unit", ""))
        grouped.setdefault(key, []).append(case)
    lines = [_line(*key, members) for key, members in grouped.items()]
    return [line for line in lines if len(line.spots) > 1]


def cell_columns(lines: list[Line]) -> range:
    return range(1, 1 + max((max(line.spots) for line in lines), default=0))


def _line(chemistry: str, protection: str, unit: str, cases: list[dict]) -> Line:
    spots: dict[int, Spot] = {}
    labels: dict[str, None] = {}
    for case in cases:
        cell = int(case["params"]["cell"])
        spot = _spot(case)
        if cell not in spots or abs(spot.heat) > abs(spots[cell].heat):
            spots[cell] = spot
        labels.update(dict.fromkeys(case.get("labels", ())))
    factor, scaled_unit = scale(max(abs(spot.deviation) for spot in spots.values()), unit)
    return Line(chemistry, protection, scaled_unit, factor, tuple(labels), spots)


def _spot(case: dict) -> Spot:
    low, high = case["low"], case["high"]
    target = case["threshold"] if case.get("threshold") is not None else (low + high) / 2
    deviation = case["value"] - target
    allowed = (high if deviation > 0 else low) - target
    if deviation == 0.0:
        heat = 0.0
    elif allowed == 0.0:
        heat = float("inf") if deviation > 0 else float("-inf")
    else:
        heat = deviation / abs(allowed)
    return Spot(case, deviation, heat)
