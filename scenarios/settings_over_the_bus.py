"""DS-08 to DS-13 over RS485: settings are written and read back as a monitoring platform does it."""

from packrig.scenario import Rig

ROWS = ["DS-08", "DS-09", "DS-10", "DS-11", "DS-12", "DS-13", "DS-23"]
PACKS = [("lfp", 16)]

# Of those that 4E57 has registers for (whole amperes and seconds, millivolts).
NEW = {
    "cell_ovp_V": 3.70,
    "cell_ovpr_V": 3.45,
    "cell_uvp_V": 2.70,
    "cell_uvpr_V": 3.00,
    "charge_limit_A": 40.0,
    "charge_delay_s": 7.0,
    "discharge_limit_A": 90.0,
    "discharge_delay_s": 9.0,
}
REFUSED = {"cell_ovp_V": 4.36, "cell_uvp_V": 1.19, "charge_delay_s": 1.0, "discharge_delay_s": 1.0}


def test_settings_are_kept(rig: Rig) -> None:
    """Each is acknowledged and read back the same."""
    run = rig.run()
    for name, value in NEW.items():
        run.write_over_bus(name, value)
        run.read_over_bus(name)
        run.judge(run.bus_setting_rule(name, value, accepted=True))


def test_settings_out_of_range_are_refused(rig: Rig) -> None:
    """No answer, and what was set stays."""
    for name, value in REFUSED.items():
        run = rig.run()
        run.write_over_bus(name, value)
        run.read_over_bus(name)
        run.judge(run.bus_setting_rule(name, value, accepted=False))
