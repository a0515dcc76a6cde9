"""A board served by another process, for tests of what reaches it."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packrig import environment

PATIENCE_S = 60.0  # until a hang is called one; nothing is timed here


def echo_library() -> Path:
    """A firmware that sends every bus byte back; skips where it was not built."""
    build = environment.build_folder()
    file = build / "tests" / "rig" / "target" / "echoing_firmware.so" if build else None
    if file is None or not file.is_file():
        pytest.skip("the echoing firmware was not built: it is one of the targets of `packrig test`")
    return file


@contextlib.contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[subprocess.Popen]:
    """Runs once it can be changed, which is once it serves: its control socket is FOLDER/control."""
    command = [sys.executable, "-m", "packrig", "serve", "--control", str(folder / "control"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            until((folder / "control").exists, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()


def until(held, process: subprocess.Popen) -> None:
    """Waits until `held()`; fails when the serving ends before."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not held():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline_s, "waited in vain"
        time.sleep(0.02)
