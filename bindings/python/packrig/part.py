"""A part: what its datasheet promises, as rules. Read from models/parts/<name>.toml.

A sibling's file names the part that it is `like` and says what differs: its tables are laid over the other's, key by
key, and a key that is set to false is taken away.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from packrig.environment import data_folder
from packrig.exit_codes import UsageError
from packrig.suggest import nearest

DEFAULT_PART = "B2A25SRP"


@dataclass(frozen=True)
class Setting:
    """A setting as a rig writes it: JK02_32S register, register counts per unit, what must be accepted and refused."""

    name: str
    register: int
    scale: int
    rows: tuple[str, ...] = ()
    accepted: tuple[float, ...] = ()
    refused: tuple[float, ...] = ()
    companions: dict[str, float] = field(default_factory=dict)

    def counts(self, value: float) -> int:
        return round(value * self.scale)


@dataclass(frozen=True)
class Assumed:
    """A number that the sheet does not give."""

    name: str
    value: float
    reason: str


@dataclass(frozen=True)
class PackChoice:
    """A pack that the part is tried on."""

    chemistry: str
    cell_count: int
    cell_sets: tuple[tuple[str, str], ...]  # (cell model, name in models/parameters)
    capacity_Ah: float
    load_F: float = 1e-6  # of what hangs on the load port; nothing but a cable: no inrush
    initial_soc: float = 0.5
    capacity_spread: float = 0.0  # standard deviations between cells: of the capacity, relative
    soc_spread: float = 0.0  # and of the initial state of charge

    @property
    def label(self) -> str:
        return f"{self.chemistry}-{self.cell_count}s"

    def cell_set(self, cell: str) -> str:
        """The name of the cell set of a cell model, ecm or spme."""
        return dict(self.cell_sets)[cell]


@dataclass(frozen=True)
class Limit:
    """One protection: the quantity it watches, the setting it is set by, the relay it cuts."""

    name: str
    rows: tuple[str, ...]
    release_rows: tuple[str, ...]
    quantity: str
    side: str
    actuator: str
    stays_on: str
    threshold: str
    accuracy: float
    overdrive: dict[str, float]
    ramp_per_s: float
    sign: int = 1
    release: str | None = None
    release_after: str | None = None
    delay: str | None = None
    longest: str | None = None
    while_A: float = 0.0
    flows_A: dict[str, float] = field(default_factory=dict)
    elsewhere: list[dict[str, float]] = field(default_factory=list)
    range_low: float = float("-inf")
    range_high: float = float("inf")

    @property
    def beyond(self) -> int:
        """+1 when the limit lies above, -1 when it lies below."""
        return 1 if self.side == "above" else -1

    @property
    def per_cell(self) -> bool:
        return self.quantity == "cell_V"

    @property
    def unit(self) -> str:
        return self.quantity.rsplit("_", 1)[1]


@dataclass(frozen=True)
class Accuracy:
    """How far a reported value may be from the true one, over a range; in the unit of the quantity."""

    quantity: str
    rows: tuple[str, ...]
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Part:
    path: Path
    name: str
    title: str
    chemistries: tuple[str, ...]
    rows: dict[str, dict[str, str]]
    assumed: dict[str, Assumed]
    settings: dict[str, Setting]
    configuration: dict[str, dict[str, float]]
    packs: dict[str, dict[str, Any]]
    limits: dict[str, Limit]
    contradictions: list[dict[str, str]] = field(default_factory=list)
    contacts: str = "relays"  # or "transistors", on the board
    board_sensor: bool = False  # the board's own temperature
    accuracy: dict[str, Accuracy] = field(default_factory=dict)
    supply_A: dict[str, float] = field(default_factory=dict)  # the highest current drawn, by what the board does
    balance_rated_A: float = 0.0  # between cells

    def number(self, reference: str | float, values: dict[str, float]) -> float:
        """The number behind a reference: a literal, "assumed.<name>", or a setting as it is written in `values`."""
        if not isinstance(reference, str):
            return float(reference)
        if reference.startswith("assumed."):
            return self.assumed[reference.removeprefix("assumed.")].value
        return float(values[reference])

    def assumed_value(self, name: str) -> float:
        return self.assumed[name].value

    def delay_band_s(self, delay_s: float) -> tuple[float, float]:
        """What a trip time with this delay may be: [D - tolerance, D + n scans + drive]."""
        value = self.assumed_value
        late_s = value("scan_count") * value("scan_s") + value("drive_s")
        return (
            max(0.0, delay_s * (1.0 - value("clock_ratio")) - value("early_s")),
            delay_s * (1.0 + value("clock_ratio")) + late_s,
        )

    @property
    def report_age_s(self) -> float:
        """How old what a report says may be when its last byte arrives."""
        return self.assumed_value("scan_count") * self.assumed_value("scan_s") + self.assumed_value("report_s")

    def configured(self, chemistry: str) -> dict[str, float]:
        """The settings that every run on `chemistry` starts from."""
        return self.configuration["common"] | self.configuration[chemistry]

    def pack_choices(self, tier: str) -> list[PackChoice]:
        return [self.pack(chemistry, count) for chemistry in self.chemistries for count in self.packs[chemistry][tier]]

    def has_pack(self, chemistry: str, cell_count: int) -> bool:
        choice = self.packs.get(chemistry)
        return choice is not None and choice["cell_count_low"] <= cell_count <= choice["cell_count_high"]

    def pack(self, chemistry: str, cell_count: int) -> PackChoice:
        """Raises UsageError for a chemistry or a cell count that the sheet does not allow."""
        if chemistry not in self.packs:
            raise UsageError(f"chemistry '{chemistry}' is unknown to {self.name}; {nearest(chemistry, self.packs)}")
        choice = self.packs[chemistry]
        low, high = choice["cell_count_low"], choice["cell_count_high"]
        if not low <= cell_count <= high:
            raise UsageError(f"cell count {cell_count} for {chemistry}; accepted by {self.name}: {low} .. {high}")
        cell_sets = tuple(sorted(choice["cell_sets"].items()))
        return PackChoice(chemistry, cell_count, cell_sets, choice["capacity_Ah"])

    @cached_property
    def all_contradictions(self) -> list[dict[str, str]]:
        of_rows = [
            {"row": name, "text": row["contradiction"]} for name, row in self.rows.items() if "contradiction" in row
        ]
        return of_rows + self.contradictions


def part_names() -> list[str]:
    return sorted(path.stem.upper() for path in data_folder("models/parts").glob("*.toml"))


def load_part(name: str) -> Part:
    """Reads a part by name (any case). Raises UsageError naming what is unknown or malformed."""
    path = data_folder("models/parts") / f"{name.lower()}.toml"
    if not path.is_file():
        raise UsageError(f"part '{name}' is unknown; {nearest(name.upper(), part_names())}")
    try:
        return _part_of(path, _tables_of(path))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"part file {path}: {error}") from error
    except KeyError as error:
        raise UsageError(f"part file {path}: {error.args[0]} is missing") from error
    except TypeError as error:
        raise UsageError(f"part file {path}: {error}") from error


def _tables_of(path: Path) -> dict[str, Any]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    base = tables["part"].pop("like", None)
    if base is None:
        return tables
    return _laid_over(_tables_of(path.with_name(f"{base.lower()}.toml")), tables)


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if value is False:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(below.get(key), dict):
            merged[key] = _laid_over(below[key], value)
        else:
            merged[key] = value
    return merged


def _part_of(path: Path, data: dict[str, Any]) -> Part:
    assumed = {name: Assumed(name, entry["value"], entry["reason"]) for name, entry in data["assumed"].items()}
    settings = {
        name: Setting(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
        for name, entry in data["settings"].items()
    }
    limits = {}
    for name, entry in data["limits"].items():
        accuracy = entry["accuracy"]
        if isinstance(accuracy, str):
            accuracy = assumed[accuracy.removeprefix("assumed.")].value
        limits[name] = Limit(
            name,
            **{
                **entry,
                "accuracy": accuracy,
                "rows": tuple(entry["rows"]),
                "release_rows": tuple(entry["release_rows"]),
            },
        )
        for reference in (limits[name].threshold, limits[name].release, limits[name].release_after):
            if reference is not None and reference not in settings:
                raise UsageError(f"part file {path}: limits.{name} names the unknown setting '{reference}'")
    accuracy = {}
    for name, entry in data.get("accuracy", {}).items():
        error = entry["error"]
        if isinstance(error, str):
            error = assumed[error.removeprefix("assumed.")].value
        accuracy[name] = Accuracy(name, tuple(entry["rows"]), error, entry["low"], entry["high"])
    contradictions = [{"row": entry["row"], "text": entry["text"]} for entry in data.get("contradictions", {}).values()]
    part = data["part"]
    for section in ("configuration", "packs"):
        for chemistry in (*part["chemistries"], *(["common"] if section == "configuration" else [])):
            if chemistry not in data[section]:
                raise UsageError(f"part file {path}: {section}.{chemistry} is missing")
    return Part(
        path=path,
        name=part["name"],
        title=part["title"],
        chemistries=tuple(part["chemistries"]),
        rows=data["rows"],
        assumed=assumed,
        settings=settings,
        configuration=data["configuration"],
        packs=data["packs"],
        limits=limits,
        contradictions=contradictions,
        contacts=part.get("contacts", "relays"),
        board_sensor=part.get("board_sensor", False),
        accuracy=accuracy,
        supply_A=data.get("supply_A", {}),
        balance_rated_A=data["balance"]["rated_A"],
    )
