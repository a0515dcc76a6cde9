"""rig/codec/jk_can.dbc as cantools reads it, against published frames."""

import json

import pytest

from packrig.environment import data_folder

cantools = pytest.importorskip("cantools", reason="the extra `can` is not installed")

ROOT = data_folder("models/parts").parents[1]
# Members of the published frames: the signal that carries each, and how many of theirs make one of ours.
PLACES = {
    "voltage_V": ("pack_V", 1),
    "current_A": ("current_A", 1),
    "soc_pct": ("soc_percent", 1),
    "max_mV": ("cell_max_V", 1000),
    "max_cell": ("cell_max_number", 1),
    "min_mV": ("cell_min_V", 1000),
    "min_cell": ("cell_min_number", 1),
    "max_C": ("temperature_max_degC", 1),
    "max_idx": ("temperature_max_number", 1),
    "min_C": ("temperature_min_degC", 1),
    "min_idx": ("temperature_min_number", 1),
    "avg_C": ("temperature_average_degC", 1),
    "cell_overvoltage_level": ("cell_over_voltage_level", 1),
    "soc_low_level": ("soc_low_level", 1),
    "request_voltage_V": ("request_V", 1),
    "request_current_A": ("request_A", 1),
}
FRAMES = {frame["id"]: frame for frame in json.loads((ROOT / "tests/data/jk/can.json").read_text("utf-8"))}


@pytest.fixture(scope="module")
def dbc():
    return cantools.database.load_file(ROOT / "rig/codec/jk_can.dbc", strict=True)


@pytest.mark.parametrize("name", [name for name in FRAMES if "pylontech" not in name])
def test_a_published_frame_is_read_as_its_source_states(dbc, name):
    frame = FRAMES[name]
    data = bytes.fromhex(frame["hex"])
    message = dbc.get_message_by_frame_id(int(frame["can_id"], 16))
    assert message.is_extended_frame is frame["extended"]
    decoded = message.decode(data, allow_truncated=True)
    for key, value in ((frame.get("second_reading") or {}) | frame["expected_by_source"]).items():
        if key == "cells_mV":
            assert decoded["cell25_V"] * 1000 == pytest.approx(value["25"])
        elif key in PLACES:
            signal, factor = PLACES[key]
            assert decoded[signal] * factor == pytest.approx(value)


def test_messages_have_their_periods(dbc):
    assert {message.name: message.cycle_time for message in dbc.messages} == {
        "BATT_ST1": 20,
        "CELL_VOLT": 100,
        "CELL_TEMP": 500,
        "ALM_INFO": 100,
        "BATT_ST2": 100,
        "ALL_TEMP": 500,
        "BMSERR": 100,
        "BMS_INFO": 500,
        "SWITCH": 500,
        "CHARGE_REQUEST": 500,
        **{f"CELL_VOLT_{first}": 1000 for first in range(1, 26, 4)},
    }
