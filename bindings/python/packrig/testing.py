"""`packrig test`: every test that packrig has, in three suites, and one closing line that machines can read."""

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
    total = Tally()
    with tempfile.TemporaryDirectory(prefix="packrig-test-") as folder:
        results = Path(folder)
        total.add(_suite("C++ tests", [_ctest(build, results / "cpp.xml", jobs)], results / "cpp.xml"))
        total.add(
            _suite(
                "sanitized C++ tests",
                [
                    ["cmake", "-S", str(root), "--preset", "asan"],
                    ["ninja", "-C", str(sanitized)],
                    _ctest(sanitized, results / "asan.xml", jobs),
                ],
                results / "asan.xml",
            )
        )
        total.add(_suite("Python tests", [_pytest(root, results / "python.xml", jobs)], results / "python.xml"))
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


def _suite(title: str, commands: list[list[str]], junit: Path) -> Tally:
    """Runs the commands in turn; the last one writes `junit`. One that breaks down is a failed test of its own."""
    print(f"{title} ...", flush=True)
    begun_s = time.monotonic()
    for command in commands:
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if run.returncode != 0:
            break
    tally = read_junit(junit) if junit.is_file() else Tally()
    if run.returncode != 0 and not tally.failed:
        said = f"exit {run.returncode}\n{run.stdout[-4000:]}{run.stderr[-4000:]}"
        tally.failed.append((f"{title}: {command[0]}", said))
    for name, reason in tally.failed:
        print(f"--- {name}\n{reason}")
    print(f"{title}: {tally.line()}, in {time.monotonic() - begun_s:.0f} s", flush=True)
    return tally


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
