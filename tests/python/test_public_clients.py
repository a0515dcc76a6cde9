"""Programs that nobody here wrote read the served board, unmodified."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import PATIENCE_S, serving, until

from packrig import control


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
