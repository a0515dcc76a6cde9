"""C++ is as clang-format writes it, Python as ruff accepts it."""

import shutil
import subprocess

import pytest
from tree import CXX, ROOT, files, name


def needed(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed (it is in the `dev` extra or Debian's package of that name)")
    return found


def test_cxx_is_formatted():
    sources = [str(path) for path in files("models", "sim", "rig", "bindings", "tests", suffixes=CXX)]
    run = subprocess.run(
        [needed("clang-format"), "--dry-run", "-Werror", *sources], capture_output=True, text=True, check=False
    )
    wrong = sorted({line.split(":")[0] for line in run.stderr.splitlines() if "[-Wclang-format-violations]" in line})
    assert wrong == []
    assert run.returncode == 0, run.stderr


def test_clang_format_sees_a_bad_file(tmp_path):
    (tmp_path / "bad.cpp").write_text("int  x ;\n")
    shutil.copy(ROOT / ".clang-format", tmp_path)
    run = subprocess.run(
        [needed("clang-format"), "--dry-run", "-Werror", tmp_path / "bad.cpp"], capture_output=True, check=False
    )
    assert run.returncode != 0


def test_python_is_clean():
    run = subprocess.run(
        [needed("ruff"), "check", "--no-cache", "--output-format=concise", ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_shell_scripts_parse():
    for path, shell in ((ROOT / "packrig", "sh"), (ROOT / ".ci" / "run", "bash")):
        run = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{name(path)}: {run.stderr}"
