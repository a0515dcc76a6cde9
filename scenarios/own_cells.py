"""DS-08, DS-10: no voltage is imposed. The pack's own cells, unlike as those of one batch, are worked past their
limits, and the weakest of them decides.

Their voltage moves by less than a millivolt in a second, so the sheet's accuracy says more of the trip than its time:
the point is judged.
"""

from dataclasses import replace

from packrig.protection import Protection
from packrig.scenario import Rig, of_rows

ROWS = ["DS-08", "DS-10"]
PACKS = [("lfp", 16), ("li_ion", 14)]

HOUR_s = 3600.0
CAPACITY_SPREAD = 0.01
SOC_SPREAD = 0.005
LEFT_soc = 0.08  # in the pack, or in what it still takes
RATE_PER_h = 0.4
BEYOND_LIMIT_V = 0.1  # of a charger that does not know its pack, for each cell


def _worked(rig: Rig, limit: str, extreme: str, initial_soc: float) -> None:
    """At a constant current until the drive opens, from different phases of the board's sampling."""
    rig.pack = replace(rig.pack, initial_soc=initial_soc, capacity_spread=CAPACITY_SPREAD, soc_spread=SOC_SPREAD)
    rig.configure({"balance_on": 0})  # what a balancer feeds moves the taps of its cell
    of_any_cell = replace(rig.part.limits[limit], quantity=extreme)
    protection = Protection(rig.part, of_any_cell, rig.settings)
    current_A = RATE_PER_h * rig.pack.capacity_Ah
    worked_s = LEFT_soc / RATE_PER_h * HOUR_s
    for run in rig.phases():
        if of_any_cell.actuator == "charge":
            run.set_charger(rig.pack.cell_count * protection.beyond(BEYOND_LIMIT_V), current_A)
        else:
            run.set_load("current_A", current_A)
        run.until_drive(of_any_cell.actuator, on=False, within_s=3.0 * worked_s, expected_s=worked_s)
        run.judge(protection.trip_point_rule(0, run.from_s))


@of_rows("DS-08")
def test_charged_until_it_trips(rig: Rig) -> None:
    """The highest cell."""
    _worked(rig, "over_charge", "cell_max_V", 1.0 - LEFT_soc)


@of_rows("DS-10")
def test_discharged_until_it_trips(rig: Rig) -> None:
    """The lowest cell."""
    _worked(rig, "over_discharge", "cell_min_V", LEFT_soc)
