"""DS-08, DS-10, DS-12, DS-13 over the wire: from a cause to its alarm on the bus (t3), beside the drive's edge (t1)."""

from packrig.protection import Protection
from packrig.scenario import Rig

LIMITS = ["over_charge", "over_discharge", "charge_over_current", "discharge_over_current"]

POLL_S = 0.25

# As 4E57 names them. Which of its two bits a cell's under- or over-voltage sets is not published: either counts.
ALARMS = {
    "over_charge": ["cell_over_voltage", "pack_over_voltage"],
    "over_discharge": ["cell_under_voltage", "pack_under_voltage"],
    "charge_over_current": ["charge_over_current"],
    "discharge_over_current": ["discharge_over_current"],
}


def test_alarm_time(rig: Rig, protection: Protection, number: int) -> None:
    """An alarm comes with its trip, and is heard with the next answer."""
    limit = protection.limit
    heard_s = POLL_S + rig.part.assumed_value("report_s")
    for run in rig.phases():
        run.poll(POLL_S)
        run.wait(1.0)
        run.mark("the board reports")
        run.impose(protection.channel(number), protection.beyond(limit.overdrive["middle"]))
        run.until_alarm(ALARMS[limit.name], within_s=protection.longest_s + heard_s, expected_s=protection.delay_s)
        run.judge(protection.alarm_rule(number, ALARMS[limit.name], heard_s, run.from_s))
