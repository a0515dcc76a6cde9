"""`packrig test`: every test that packrig has, in three suites, and one closing line that machines can read."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from packrig import environment
from packrig.exit_codes import ExitCode, SetupError


@dataclass
class Tally:
    """What became of a suite's tests. `failed` and `skipped` are (name, reason)."""

    passed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self) -> str:
        return f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


def test(jobs: int) -> ExitCode:
    root = environment.source_root()
    if root is None:
        raise SetupError("the tests are not installed, only in the source tree: start ./packrig test there")
    build = environment.build_folder()
    sanitized = root / "build" / "asan"
    with tempfile.TemporaryDirectory(prefix="packrig-test-") as folder:
        cpp, asan, python = (Path(folder, name) for name in ("cpp.xml", "asan.xml", "python.xml"))
        build_sanitized = [
            ["cmake", "-S", str(root), "--preset", "asan"],
            # The Python tests mostly wait, for boards in real time: this takes what they leave.
            ["nice", "ninja", "-C", str(sanitized)],
        ]
        total = run_beside(
            [
                Suite("optimised C++ tests", [_ctest(build, cpp, jobs)], cpp),
                Suite("sanitized C++ tests", [*build_sanitized, _ctest(sanitized, asan, jobs)], asan),
                Suite("Python tests", [_pytest(root, python, jobs)], python),
            ]
        )
    for reason, number in Counter(reason for _, reason in total.skipped).items():
        print(f"skipped, {number}: {reason}")
    for name, _ in total.failed:
        print(f"failed: {name}")
    print(total.line())
    return ExitCode.FAILED if total.failed else ExitCode.PASSED if total.passed else ExitCode.NOTHING_RAN


def _ctest(build: Path, junit: Path, jobs: int) -> list[str]:
    return ["ctest", "--test-dir", str(build), "-j", str(jobs), "--no-tests=error", "--output-junit", str(junit)]


def _pytest(root: Path, junit: Path, jobs: int) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-n", str(jobs), f"--junitxml={junit}", "-c",
            str(root / "pyproject.toml"), str(root / "tests")]  # fmt: skip


@dataclass
class Suite:
    """Commands that run in turn, until one fails; the last one writes `junit`."""

    title: str
    commands: list[list[str]]
    junit: Path

    def begin(self) -> None:
        print(f"{self.title} ...", flush=True)
        self._begun_s = time.monotonic()
        self._said = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - read when the commands have ended
        self._run = subprocess.Popen(
            ["sh", "-c", " && ".join(shlex.join(command) for command in self.commands)],
            stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def has_ended(self) -> bool:
        return self._run.poll() is not None

    def interrupt(self) -> None:
        """As Ctrl-C would, with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._run.pid, signal.SIGINT)
        self._run.wait()
        self._said.close()

    def end(self) -> Tally:
        """Shows and counts what became of it. One that breaks down is a failed test of its own."""
        tally = read_junit(self.junit) if self.junit.is_file() else Tally()
        if self._run.returncode != 0 and not tally.failed:
            self._said.seek(0)
            tally.failed.append((self.title, f"exit {self._run.returncode}\n{self._said.read()[-8000:]}"))
        self._said.close()
        for name, reason in tally.failed:
            print(f"--- {name}\n{reason}")
        print(f"{self.title}: {tally.line()}, in {time.monotonic() - self._begun_s:.0f} s", flush=True)
        return tally


def run_beside(suites: list[Suite]) -> Tally:
    """Runs them beside each other; each speaks when it begins and when it has ended."""
    total = Tally()
    running: list[Suite] = []
    try:
        for suite in suites:
            suite.begin()
            running.append(suite)
        while running:
            time.sleep(0.1)
            for suite in [suite for suite in running if suite.has_ended()]:
                running.remove(suite)
                total.add(suite.end())
    finally:
        for suite in running:
            suite.interrupt()
    return total


def read_junit(path: Path) -> Tally:
    """Counts the test cases of a JUnit file as CTest and pytest write them."""
    tally = Tally()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name')}".lstrip(".")
        trouble = next((child for child in case if child.tag in ("failure", "error")), None)
        skipped = case.find("skipped")
        if trouble is not None:
            said = "\n".join(filter(None, [trouble.get("message"), trouble.text, case.findtext("system-out")]))
            tally.failed.append((name, said))
        elif skipped is not None:
            tally.skipped.append((name, skipped.get("message") or "no reason given"))
        else:
            tally.passed += 1
    return tally
