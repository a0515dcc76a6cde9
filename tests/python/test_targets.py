"""The same firmware in process, as a process and on an emulated Cortex-M gives the same bits: short smoke cases."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packrig import environment, runner

# Hours and days of simulated time, minutes on an emulated processor; the other cases run the same code.
SHORT_CASES = "not state_of_charge and not consumption and not environment"
FIELDS = ("outcome", "value", "actions_hash", "trace_hash")


def _smoke(bench: str, out: Path) -> dict[str, tuple[Any, ...]]:
    cases = runner.run("b2a25srp", bench, "smoke", SHORT_CASES, out, 1, 1, None)["cases"]
    return {case["id"]: tuple(case.get(field) for field in FIELDS) for case in cases}


@pytest.fixture(scope="module", autouse=True)
def one_core() -> Iterator[None]:
    """Rig and target take turns: between two cores, each turn waits for the other core to wake."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    yield
    os.sched_setaffinity(0, cores)


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    return _smoke("sim", tmp_path_factory.mktemp("sim"))


def _require(bench: str) -> None:
    build = environment.build_folder()
    if bench == "qemu" and not (build and (build / "targets" / "packrig_firmware_cortex_m.elf").is_file()):
        pytest.skip("no firmware for Cortex-M was built: gcc-arm-none-eabi and libnewlib-arm-none-eabi are missing")
    if bench == "qemu" and not shutil.which("qemu-system-arm"):
        pytest.skip("qemu-system-arm is not installed")


@pytest.mark.parametrize("bench", ["posix", "qemu"])
def test_every_short_case_of_the_smoke_tier_is_the_same_bit_for_bit(
    bench: str, in_process: dict[str, tuple[Any, ...]], tmp_path: Path
) -> None:
    _require(bench)
    there = _smoke(bench, tmp_path)
    assert len(there) > 100
    assert there.keys() == in_process.keys()
    assert [name for name in there if there[name] != in_process[name]] == []
    # A case without a hash would compare as equal too. One that is answered without a trace has none in any place.
    assert sum(entry[2] is not None for entry in there.values()) > 0.9 * len(there)
