"""The past of a served pack: a board in use has seen its pack full and has counted since."""

from dataclasses import replace
from typing import Any

from packrig import _core
from packrig.exit_codes import SetupError
from packrig.part import PackChoice, Part
from packrig.scenario import write_all
from packrig.specification import RigOptions, open_session_of

NEARLY_FULL_soc = 0.97  # an LTO cell in its last points stands beyond its over-voltage
CLOSED_S = 20.0  # both drives, precharge included
BELOW_LIMIT_V = 0.01  # of the charger's voltage, for each cell: near the over-voltage, but not beyond it
CHARGE_PER_H = 0.2  # of the capacity, as fast as the board still takes the voltage for full
CHARGE_S = 1000.0
USE_PER_H = 1.0
REST_S = 120.0


def used(part: Part, pack: PackChoice, options: RigOptions, soc: float) -> Any:
    """A session whose pack was full and was discharged to `soc`, with both drives closed, at rest.

    Raises SetupError when the board does not bear that.
    """
    session = open_session_of(part, replace(pack, initial_soc=NEARLY_FULL_soc), options)
    write_all(session, part, {"capacity_Ah": pack.capacity_Ah})
    _await_drives(session, pack)
    limit = part.settings["cell_ovp_V"]
    cell_V = session.read_setting(limit.register) / limit.scale - BELOW_LIMIT_V
    session.set_charger(cell_V * pack.cell_count, CHARGE_PER_H * pack.capacity_Ah)
    session.run_for(CHARGE_S)
    session.unplug_charger()
    session.set_load("current_A", USE_PER_H * pack.capacity_Ah)
    session.run_for((1.0 - soc) / USE_PER_H * 3600.0)
    session.set_load("none")
    session.run_for(REST_S)
    _await_drives(session, pack)
    session.take_trace()
    return session


def _await_drives(session: Any, pack: PackChoice) -> None:
    for name in ("charge", "discharge"):
        if not session.until(_core.drive_is(name, True), CLOSED_S, None):
            raise SetupError(f"the {name} drive of the board does not close on a sound {pack.label} pack")
