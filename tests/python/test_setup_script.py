"""./packrig on machines that are not ready: other programs stand in for dpkg, apt, sudo and the compiler."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from programs import held_to_permissions

from packrig import environment

SCRIPT = Path(environment.source_root(), "packrig")
# The programs of a bare Debian that the script may use; nothing else is on its PATH.
BARE = [
    "sh",
    "env",
    "readlink",
    "dirname",
    "date",
    "sleep",
    "tail",
    "tr",
    "cut",
    "sed",
    "grep",
    "mkdir",
    "flock",
    "wc",
    "cat",
    "kill",
    "true",
]


class Machine:
    """A copy of the script in a folder with spaces in its name, and a PATH of its own."""

    def __init__(self, folder: Path):
        self.root = folder / "my rig"
        self.bin = folder / "bin"
        self.root.mkdir()
        self.bin.mkdir()
        shutil.copy(SCRIPT, self.root / "packrig")
        for name in BARE:
            (self.bin / name).symlink_to(shutil.which(name))
        self.write("bindings/python/packrig/__init__.py", "")
        self.write("bindings/python/packrig/__main__.py", "import sys; print('python got', sys.argv[1:])")
        self.program("id", "echo 1000")
        self.all_installed()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\necho {name} \"$@\" >>'{self.bin}/called'\n{script}\n")
        path.chmod(0o755)

    def all_installed(self, but: str = "") -> None:
        self.program(
            "dpkg-query",
            'shift 3; for p in "$@"; do case " ' + but + ' " in *" $p "*) ;; *) echo "installed $p" ;; esac; done',
        )

    def run(self, *arguments: str, cwd: Path | None = None, before: Sequence[str] = ()) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*before, self.root / "packrig", *arguments],
            env={"PATH": str(self.bin), "HOME": "/proc"},
            cwd=cwd or self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def called(self, name: str) -> list[str]:
        log = self.bin / "called"
        lines = log.read_text().splitlines() if log.is_file() else []
        return [line for line in lines if line.split()[0] == name]


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    build = f"{made.root}/build/release"
    made.program(
        "cmake",
        f"mkdir -p '{build}'; : >'{build}/build.ninja'\n"
        f"echo 'CMAKE_HOME_DIRECTORY:INTERNAL={made.root}' >'{build}/CMakeCache.txt'",
    )
    made.program("ninja", "exit 0")
    return made


def test_a_ready_machine_builds_and_hands_over(machine, tmp_path):
    run = machine.run("verify", "two words", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "python got ['verify', 'two words']\n"
    assert "-DPython_EXECUTABLE=/usr/bin/python3" in machine.called("cmake")[0]
    assert machine.called("ninja")[0].endswith("_core")


def test_the_second_run_asks_dpkg_once_and_does_not_configure(machine):
    machine.run("verify")
    machine.run("verify")
    assert len(machine.called("cmake")) == 1
    assert len(machine.called("dpkg-query")) == 2


def test_a_tree_that_was_moved_is_configured_again(machine):
    machine.run("verify")
    machine.write("build/release/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere\n")
    machine.run("verify")
    assert len(machine.called("cmake")) == 2


def test_help_needs_neither_packages_nor_a_build(machine):
    machine.all_installed(but="g++ cmake")
    for arguments in ([], ["--help"], ["verify", "--help"], ["--version"]):
        run = machine.run(*arguments)
        assert run.stdout == f"python got {arguments}\n"
    assert machine.called("ninja") == []


def test_without_root_the_one_command_is_printed_and_exit_is_3(machine):
    machine.all_installed(but="cmake gnuplot-nox")
    run = machine.run("verify")
    assert run.returncode == 3
    assert run.stdout == ""
    commands = [line for line in run.stderr.splitlines() if line.startswith("sudo ")]
    assert commands == ["sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake gnuplot-nox"]
    assert machine.called("ninja") == []


@pytest.mark.parametrize("way", ["root", "sudo"])
def test_where_it_may_it_installs_what_is_missing_and_nothing_else(machine, way):
    machine.all_installed(but="cmake")
    machine.program("apt-get", "exit 0")
    if way == "root":
        machine.program("id", "echo 0")
    else:
        machine.program("sudo", 'shift; exec "$@"')
    run = machine.run("verify")
    assert run.returncode == 0, run.stderr
    assert machine.called("apt-get") == [
        "apt-get update",
        "apt-get install -y --no-install-recommends cmake",
    ]


def test_a_failed_installation_shows_its_output_and_exits_3(machine):
    machine.all_installed(but="cmake")
    machine.program("id", "echo 0")
    machine.program("apt-get", "echo no network; exit 100")
    run = machine.run("verify")
    assert run.returncode == 3
    assert "no network" in run.stderr
    assert "setup.log" in run.stderr
    assert machine.called("ninja") == []


def test_a_failed_build_shows_its_output_and_exits_3(machine):
    machine.program("ninja", "echo error: expected semicolon; exit 1")
    run = machine.run("verify")
    assert run.returncode == 3
    assert "expected semicolon" in run.stderr
    assert run.stdout == ""


def test_the_tests_need_more_than_a_run(machine):
    machine.all_installed(but="clang-format")
    assert machine.run("verify").returncode == 0
    run = machine.run("test")
    assert run.returncode == 3
    assert "clang-format" in run.stderr


def test_a_machine_without_dpkg_is_told_what_is_needed(machine):
    (machine.bin / "dpkg-query").unlink()
    run = machine.run("verify")
    assert run.returncode == 3
    assert "cmake" in run.stderr


def test_a_tree_that_cannot_be_written_says_so(machine):
    machine.root.chmod(0o500)
    run = machine.run("verify", before=held_to_permissions())
    machine.root.chmod(0o700)
    assert run.returncode == 3
    assert "cannot write" in run.stderr
