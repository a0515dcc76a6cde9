"""DS-31: two protections at once; each cuts its own path (MLT-01)."""

from packrig.protection import Protection
from packrig.scenario import Rig

ROWS = ["DS-31"]


def _both_trip(rig: Rig, names: tuple[str, str], numbers: tuple[int, int]) -> None:
    """Both limits passed at the same instant: both drives open, each in its own time."""
    pair = [Protection(rig.part, rig.part.limits[name], rig.settings) for name in names]
    for run in rig.phases():
        for protection, number in zip(pair, numbers, strict=True):
            run.impose(protection.channel(number), protection.beyond(protection.limit.overdrive["middle"]))
        for protection in pair:
            run.until_drive(
                protection.limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s
            )
        for protection, number in zip(pair, numbers, strict=True):
            run.judge(protection.trip_rule(number, run.from_s))


def test_over_charge_and_over_discharge(rig: Rig) -> None:
    """One cell above, another below."""
    _both_trip(rig, ("over_charge", "over_discharge"), (1, 2))


def test_over_charge_and_discharge_over_current(rig: Rig) -> None:
    _both_trip(rig, ("over_charge", "discharge_over_current"), (3, 0))


def test_over_discharge_and_charge_over_current(rig: Rig) -> None:
    _both_trip(rig, ("over_discharge", "charge_over_current"), (3, 0))
