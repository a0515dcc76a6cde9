"""DS-01: the cell counts that the board takes, by chemistry."""

from packrig._core import SettingRule
from packrig.scenario import Rig

ROWS = ["DS-01"]


def test_cell_count(rig: Rig) -> None:
    """The smallest and the largest count of the chemistry are accepted, one less and one more refused."""
    choice = rig.part.packs[rig.pack.chemistry]
    low, high = choice["cell_count_low"], choice["cell_count_high"]
    register = rig.part.settings["cell_count"].register
    for count, accepted in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
        run = rig.run()
        run.write("cell_count", count)
        run.read("cell_count")
        run.judge(SettingRule(register=register, value=count, accepted=accepted))
