"""DS-32: the other parts of the series are data. Each is loaded by its name, with its own rules and firmware."""

from packrig._core import SettingRule
from packrig.part import part_names
from packrig.protection import Protection
from packrig.scenario import Rig

ROWS = ["DS-32"]
PACKS = [("lfp", 8)]


def test_each_protects(rig: Rig) -> None:
    """A cell above its limit opens the charge path of every part, after that part's own delay."""
    for name in part_names():
        sibling = rig.of_part(name)
        protection = Protection(sibling.part, sibling.part.limits["over_charge"], sibling.settings)
        limit = protection.limit
        for run in sibling.phases():
            run.impose(protection.channel(1), protection.beyond(limit.overdrive["middle"]))
            run.until_drive(limit.actuator, on=False, within_s=protection.longest_s, expected_s=protection.delay_s)
            run.judge(protection.trip_rule(1, run.from_s))


def test_each_has_its_own_strings(rig: Rig) -> None:
    """The largest number of cells of every part is taken, one more refused."""
    for name in part_names():
        sibling = rig.of_part(name)
        high = sibling.part.packs[sibling.pack.chemistry]["cell_count_high"]
        register = sibling.part.settings["cell_count"].register
        for count, accepted in ((high, True), (high + 1, False)):
            run = sibling.run()
            run.write("cell_count", count)
            run.read("cell_count")
            run.judge(SettingRule(register=register, value=count, accepted=accepted))
