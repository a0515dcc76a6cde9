"""DS-08 to DS-13: what is written to a fresh board is kept, all of it at once."""

from packrig._core import ReadingRule
from packrig.scenario import Rig

ROWS = ["DS-08", "DS-09", "DS-10", "DS-11", "DS-12", "DS-13"]


def test_all_settings_are_kept_together(rig: Rig) -> None:
    """Writing one setting changes no other: every one is read back after the last has been written."""
    run = rig.fresh_run()
    run.write_all(rig.settings)
    for name, value in rig.settings.items():
        setting = rig.part.settings[name]
        run.read(name)
        run.judge(ReadingRule(register=setting.register, value=setting.counts(value)))
