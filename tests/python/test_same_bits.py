"""Same inputs, same bits: the golden runs with other compilers, optimisations and vector widths than the build's own.

The build itself runs them by GCC at -O3 in the machine's widest vectors, its sanitized sibling by Clang in plain code.
"""

import subprocess
from pathlib import Path

import pytest
from programs import installed

from packrig import environment

# What CMakeLists.txt sets for the bits' sake; the width is then that of the command line alone.
_OPTIONS = ("-std=c++20", "-ffp-contract=off", "-fno-math-errno", "-DEIGEN_DONT_VECTORIZE", "-DPACKRIG_ONE_VERSION")


def _can_run(width: str) -> bool:
    flag = {"x86-64": "sse2", "x86-64-v3": "avx2", "x86-64-v4": "avx512f"}[width]
    cpu = Path("/proc/cpuinfo")
    return cpu.is_file() and flag in cpu.read_text("ascii", "replace").split()


@pytest.mark.parametrize(
    ("compiler", "optimisation", "width"),
    [
        ("g++", "-O0", "x86-64"),
        ("g++", "-O3", "x86-64-v3"),
        ("clang++", "-O0", "x86-64-v3"),
        ("clang++", "-O3", "x86-64"),
        ("clang++", "-O3", "x86-64-v4"),
    ],
)
def test_golden_runs_have_their_sums(compiler: str, optimisation: str, width: str, tmp_path: Path) -> None:
    if not _can_run(width):
        pytest.skip(f"this processor is no {width}")
    root = environment.source_root()
    program = tmp_path / "golden_runs"
    subprocess.run(
        [installed(compiler, "Debian: g++, clang"), *_OPTIONS, optimisation, f"-march={width}", f"-I{root}",
         str(root / "tests/models/golden_runs_alone.cpp"), "-o", str(program)],
        check=True,
    )  # fmt: skip
    run = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
