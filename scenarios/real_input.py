"""Real input: the settings captured from a real B2A25SRP (11.55), a published cell, the US06 current profile."""

import json

from packrig._core import Channel, HoldRule, ReadingRule, TripRule
from packrig.environment import data_folder
from packrig.scenario import Rig, Run, SetupRefused

ROWS = ["DS-08", "DS-31"]
PACKS = [("lfp", 25)]

# The profile peaks at 8.1 A; 20 times that is 1.6 C of the 100 Ah cells, within the captured limits.
US06_SCALE = 20.0
US06_S = 600.0


def _captured() -> dict:
    file = data_folder("models/parts") / "captured" / "b2a25srp_11.55_settings.json"
    return json.loads(file.read_text(encoding="utf-8"))


def _load_captured(run: Run) -> None:
    reason = run.load_settings(bytes.fromhex(_captured()["hex"]))
    if reason:
        raise SetupRefused(f"the board refuses the captured settings (reason {reason})")


def _configured(rig: Rig) -> Run:
    """The board as captured, but with both switches on: the dump was taken with them off."""
    run = rig.run()
    _load_captured(run)
    run.write("charge_switch", 1)
    run.write("discharge_switch", 1)
    run.write("precharge_s", 0)
    for actuator in ("charge", "discharge"):
        run.until_drive(actuator, on=True, within_s=10.0, expected_s=0.1)
    run.wait(1.0)
    return run.fork()


def test_captured_settings_are_kept(rig: Rig) -> None:
    """What the source says the frame holds is what the board holds when it has been loaded."""
    expected = _captured()["expected_by_source"]
    names = {
        "cell_uvp_V": "uvp_mV",
        "cell_uvpr_V": "uvpr_mV",
        "cell_ovp_V": "ovp_mV",
        "cell_ovpr_V": "ovpr_mV",
        "power_off_V": "poweroff_mV",
        "charge_limit_A": "max_chg_mA",
        "charge_delay_s": "chg_ocp_s",
        "charge_release_s": "chg_ocpr_s",
        "discharge_limit_A": "max_dchg_mA",
        "discharge_delay_s": "dchg_ocp_s",
        "discharge_release_s": "dchg_ocpr_s",
        "short_release_s": "scpr_s",
        "charge_otp_degC": "chg_otp_dC",
        "charge_otpr_degC": "chg_otpr_dC",
        "discharge_otp_degC": "dchg_otp_dC",
        "discharge_otpr_degC": "dchg_otpr_dC",
        "charge_utp_degC": "chg_utp_dC",
        "charge_utpr_degC": "chg_utpr_dC",
        "cell_count": "cells",
        "short_delay_us": "scp_us",
    }
    run = rig.run()
    _load_captured(run)
    for name, key in names.items():
        run.read(name)
        run.judge(ReadingRule(register=rig.part.settings[name].register, value=expected[key]))


def test_over_charge_as_captured(rig: Rig) -> None:
    """A cell at 3.65 V, 50 mV above the captured protection voltage."""
    threshold_V = _captured()["expected_by_source"]["ovp_mV"] / 1000.0
    low_s, high_s = rig.part.delay_band_s(rig.part.assumed_value("cell_delay_s"))
    cell = Channel("cell_V", 17)
    for run in _configured(rig).phases():
        run.impose(cell, threshold_V + 0.050)
        run.until_drive("charge", on=False, within_s=high_s + 1.0, expected_s=low_s)
        run.wait(0.1)
        run.judge(
            TripRule(
                channel=cell,
                side="above",
                threshold=threshold_V,
                actuator="charge",
                drive_on=False,
                low_s=low_s,
                high_s=high_s,
                promised=True,
                from_s=run.from_s,
            )
        )


def test_us06_trips_nothing(rig: Rig) -> None:
    """Ten minutes of US06 with its regeneration: within every limit, so both drives stay."""
    run = _configured(rig)
    run.set_load_profile("us06.csv", unit="A", scale=US06_SCALE)
    run.wait(US06_S)
    for actuator in ("charge", "discharge"):
        run.judge(
            HoldRule(
                channel=Channel("current_A"),
                side="above",
                reach=20.0,
                reach_s=1.0,
                ceiling=float("inf"),
                ceiling_s=0.0,
                actuator=actuator,
                drive_on=False,
                from_s=run.from_s,
            )
        )
