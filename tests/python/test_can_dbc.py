"""rig/codec/jk_can.dbc as the program cantools reads it, against published frames."""

import json
import re
import subprocess

import pytest
from programs import installed

from packrig import candump
from packrig.environment import data_folder

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


FRAME_SIZE = 8  # boards pad their frames with zeros


def _cantools(*arguments: str, standard_input: str = "") -> str:
    command = [installed("cantools", "it is in the `can` extra"), *arguments, str(ROOT / "rig/codec/jk_can.dbc")]
    return subprocess.run(command, input=standard_input, capture_output=True, text=True, check=True).stdout


def test_every_published_frame_is_read_as_its_source_states():
    frames = [frame for name, frame in FRAMES.items() if "pylontech" not in name]
    lines = ""
    for frame in frames:
        data = bytes.fromhex(frame["hex"]).ljust(FRAME_SIZE, b"\0")
        lines += candump.write(candump.Frame(int(frame["can_id"], 16), data, extended=frame["extended"]), "can0") + "\n"
    compared = 0
    for frame, line in zip(frames, _cantools("decode", "-s", standard_input=lines).splitlines(), strict=True):
        decoded = {
            name: float(value) for name, value in re.findall(r"(\w+): (-?[\d.]+(?:e-?\d+)?)", line.split("::")[1])
        }
        for key, value in ((frame.get("second_reading") or {}) | frame["expected_by_source"]).items():
            if key == "cells_mV":
                assert decoded["cell25_V"] * 1000 == pytest.approx(value["25"]), line
            elif key in PLACES:
                signal, factor = PLACES[key]
                assert decoded[signal] * factor == pytest.approx(value), line
            else:
                continue
            compared += 1
    assert compared == 26


def test_messages_have_their_widths_and_periods():
    said = _cantools("list", "-a")
    between = r".*\n(?:  .*\n)*?"
    pattern = between.join([r"^(\w+):", r"  Frame ID: (\w+)", r"  Is extended frame: (\w+)", r"  Cycle time: (\d+) ms"])
    messages = re.findall(pattern, said, re.MULTILINE)
    extended = {int(identifier, 16): wide == "True" for _, identifier, wide, _ in messages}
    for frame in FRAMES.values():
        assert extended.get(int(frame["can_id"], 16), frame["extended"]) == frame["extended"]
    periods_ms = {name: int(period) for name, _, _, period in messages}
    assert periods_ms == {
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
