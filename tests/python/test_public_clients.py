"""Programs that nobody here wrote read the served board, unmodified."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import can_kernel
import pytest
from programs import installed
from served import PATIENCE_S, echo_library, serving, until

from packrig import candump, control, environment


@contextlib.contextmanager
def _running(folder: Path, *arguments: str) -> Iterator[None]:
    """A board of 16 cells that gives 20 A, one cell imposed at 3.4 V."""
    with serving(folder, "--cells", "16", *arguments) as process, control.connect(folder / "control") as board:
        until(lambda: board.ask("status")["discharge_on"], process)
        board.ask("load", "20A")
        board.ask("cell", "3", "3.4V")
        until(lambda: board.ask("status")["current_A"] > 19.9, process)
        # The board tells what it sampled; two scans later that is what is shown now.
        begun_s = board.ask("status")["now_s"]
        until(lambda: board.ask("status")["now_s"] > begun_s + 1.0, process)
        yield


def test_mpp_solar_reads_4e57(tmp_path: Path) -> None:
    program = installed("mpp-solar", "it is in the `clients` extra")
    port = tmp_path / "rs485"
    with _running(tmp_path, "--rs485", str(port)):
        command = [program, "-p", str(port), "--porttype", "jkserial", "-P", "JKSERIAL", "-b", "115200",
                   "-c", "getBalancerData", "-o", "json"]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    said = json.loads(run.stdout.splitlines()[-1])
    cells = {name: value for name, value in said.items() if name.startswith("voltage_cell")}
    assert said["cells_connected"] == len(cells) == 16
    assert cells.pop("voltage_cell03") == pytest.approx(3.4, abs=0.005)
    assert all(3.2 < value < 3.35 for value in cells.values())
    assert said["battery_current"] == pytest.approx(-20.0, abs=0.3)  # it takes charging as positive
    assert said["battery_voltage"] == pytest.approx(3.4 + sum(cells.values()), abs=0.1)
    assert (said["battery_t1"], said["charge_enabled"], said["discharge_enabled"]) == (25, 1, 1)


def test_mbpoll_reads_modbus(tmp_path: Path) -> None:
    program = installed("mbpoll", "Debian: mbpoll")
    port = tmp_path / "modbus"

    def registers(address: int, count: int) -> list[int]:
        command = [program, "-m", "rtu", "-a", "1", "-b", "115200", "-P", "none", "-t", "4", "-0", "-1",
                   "-r", str(address), "-c", str(count), str(port)]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        return [int(value) for value in re.findall(r"^\[\d+\]:\s+(\d+)", run.stdout, re.MULTILINE)]

    with _running(tmp_path, "--modbus", str(port)):
        cells_mV = registers(0x1200, 16)
        pack_mV = registers(0x1290, 2)
        current_mA = registers(0x1298, 2)
    assert len(cells_mV) == 16
    assert cells_mV.pop(2) == pytest.approx(3400, abs=5)
    assert all(3200 < value < 3350 for value in cells_mV)
    assert (pack_mV[0] << 16) + pack_mV[1] == pytest.approx(3400 + sum(cells_mV), abs=100)
    charging_mA = int.from_bytes(b"".join(value.to_bytes(2, "big") for value in current_mA), "big", signed=True)
    assert charging_mA == pytest.approx(-20_000, abs=300)


def test_jkctl_reads_modbus(tmp_path: Path) -> None:
    program = installed("jkctl", "it is in the `clients` extra")
    port = tmp_path / "modbus"
    with _running(tmp_path, "--modbus", str(port)):
        command = [program, "status", "--port", str(port)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    assert re.search(r"Highest cell +cell 3\b", run.stdout), run.stdout
    assert re.search(r"Battery 1 +25\.[0-9]", run.stdout), run.stdout
    assert re.search(r"Charge MOSFET +ON", run.stdout), run.stdout
    assert re.search(r"Discharge MOSFET +ON", run.stdout), run.stdout


def test_can_utils_exchange_frames_with_a_served_board_on_a_real_can_interface(tmp_path: Path) -> None:
    """One boot of a kernel that has CAN: candump and cansend, the interface gone and back meanwhile."""
    if reason := can_kernel.missing() or (shutil.which("candump") is None and "candump is not installed (can-utils)"):
        pytest.skip(reason)
    serve = f"{sys.executable} -m packrig serve"
    change = f"{sys.executable} -m packrig set --control /dev/shm/board"
    monitor = f"{sys.executable} -m packrig monitor"
    script = f"""
{serve} --cells 16 --can vcan1 --control /dev/shm/board >served_board 2>&1 &
board=$!
{serve} --firmware {echo_library()} --can vcan0 --control /dev/shm/control >served 2>&1 &
serving=$!
until [ -S /dev/shm/control ]; do sleep 0.1; done
candump -L vcan0 >heard &
sleep 0.5
cansend vcan0 2F4#0102030405060708
cansend vcan0 18E028F4#AABB
sleep 1
ip link set vcan0 down; sleep 0.5; ip link set vcan0 up
candump -L vcan0 >heard_again &
sleep 0.5
cansend vcan0 123#42
sleep 1
kill -TERM $serving
wait $serving || exit 1
until {change} status | grep -q "discharge_on True"; do sleep 0.1; done
{change} load 20A && {change} cell 3 3.4V || exit 1
sleep 2
candump -L -n 400 vcan1 >board_said
{monitor} vcan1 --protocol can --count 10 >monitored || exit 1
kill -TERM $board
wait $board
"""
    root = environment.source_root()
    given = {"PYTHONPATH": str(root / "bindings" / "python"), "PACKRIG_BUILD_DIR": str(environment.build_folder())}
    ended = can_kernel.run(script, tmp_path, given, timeout_s=120.0)
    served = (tmp_path / "served").read_text()
    assert ended.exit_code == 0, ended.output + served
    frames = [candump.read(line) for line in (tmp_path / "heard").read_text().splitlines()]
    # Each is heard as cansend said it and as the board, an echo, said it back.
    assert Counter((frame.id, frame.data.hex()) for frame in frames) == {
        (0x2F4, "0102030405060708"): 2,
        (0x18E028F4, "aabb"): 2,
    }, served
    again = [candump.read(line) for line in (tmp_path / "heard_again").read_text().splitlines()]
    assert [frame.id for frame in again] == [0x123, 0x123], served
    # JK CAN V2.0 (vendor document "BMS-CAN Communication protocol"; signs as venus-os_dbus-serialbattery reads them).
    lines = (tmp_path / "board_said").read_text().splitlines()
    latest = {frame.id: frame.data for frame in map(candump.read, lines)}
    state = latest[0x2F4]
    cells_mV = [int.from_bytes(latest[0x18E028F4][at : at + 2], "little") for at in (0, 2, 4, 6)]
    assert int.from_bytes(state[:2], "little") / 10.0 == pytest.approx(53.0, abs=0.8)
    assert int.from_bytes(state[2:4], "little") / 10.0 - 400.0 == pytest.approx(-20.0, abs=0.3)
    assert cells_mV[2] == pytest.approx(3400, abs=5)
    assert all(3200 < value < 3350 for value in cells_mV[:2] + cells_mV[3:])
    monitored = (tmp_path / "monitored").read_text()
    assert re.search(r" 3 3\.4\d\d V ▲", monitored), monitored
    assert re.search(r"current +(20|19\.\d+|20\.\d+) A discharging", monitored), monitored
