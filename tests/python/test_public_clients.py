"""Programs that nobody here wrote read the served board, unmodified."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import can_kernel
import pytest
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
    program = shutil.which("mpp-solar", path=str(Path(sys.executable).parent)) or shutil.which("mpp-solar")
    if program is None:
        pytest.skip("mpp-solar is not installed (it is in the `clients` extra)")
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


def test_can_utils_exchange_frames_with_a_served_board_on_a_real_can_interface(tmp_path: Path) -> None:
    """One boot of a kernel that has CAN: candump and cansend, the interface gone and back meanwhile."""
    if reason := can_kernel.missing() or (shutil.which("candump") is None and "candump is not installed (can-utils)"):
        pytest.skip(reason)
    script = f"""
{sys.executable} -m packrig serve --firmware {echo_library()} --can vcan0 --control /run/control >served 2>&1 &
serving=$!
until [ -S /run/control ]; do sleep 0.1; done
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
wait $serving
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
