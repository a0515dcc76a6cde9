"""Programs that nobody here wrote, which tests let read what packrig says."""

import os
import shutil

import pytest


def installed(name: str, source: str) -> str:
    """The program's path; skips where it is not installed."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed ({source})")
    return program


def held_to_permissions() -> list[str]:
    """What to put before a command so that file permissions hold for it though root starts it."""
    return [installed("setpriv", "Debian: util-linux"), "--bounding-set=-all"] if os.geteuid() == 0 else []
