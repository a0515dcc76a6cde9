"""What a session is made from: the part, a pack and what the command line chose."""

import json
from dataclasses import dataclass
from typing import Any

from packrig import _core
from packrig.environment import build_folder, data_folder
from packrig.part import PackChoice, Part


@dataclass(frozen=True)
class RigOptions:
    """What the command line chose: bench, cell model (ecm, spme), firmware (None: the one built in), seed ..."""

    bench: str = "sim"
    cell: str = "ecm"
    tier: str = "smoke"
    seed: int = 1
    firmware: str | None = None
    afe: str = "nominal"
    instrument_fault: str = "none"


def specification_of(part: Part, pack: PackChoice, options: RigOptions) -> dict[str, Any]:
    """The run specification: everything that a session is made from."""
    return {
        "part": part.name,
        "seed": options.seed,
        "bench": {
            "kind": options.bench,
            "firmware": options.firmware or "",
            "afe": options.afe,
            "fault": options.instrument_fault,
        },
        "pack": {
            "cell": options.cell,
            "cell_set": pack.cell_set(options.cell),
            "chemistry": pack.chemistry,
            "series": pack.cell_count,
            "capacity_Ah": pack.capacity_Ah,
            **{name: getattr(pack, name) for name in ("load_F", "initial_soc", "capacity_spread", "soc_spread")},
            "contacts": part.contacts,
        },
        "sensors": {
            **{name: part.assumed_value(name) for name in ("shunt_Ohm", "ntc_r25_Ohm", "ntc_b_K")},
            "board_count": int(part.board_sensor),
        },
    }


def open_session_of(part: Part, pack: PackChoice, options: RigOptions) -> Any:
    specification = json.dumps(specification_of(part, pack, options), sort_keys=True)
    build = build_folder()
    targets = str(build / "targets") if build else ""
    return _core.Session(specification, str(data_folder("models/parameters")), targets)
