"""Where things are: in a source tree started by ./packrig, or installed by pip."""

import os
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def source_root() -> Path | None:
    """The repository that this package lies in, or None when it was installed."""
    root = _PACKAGE.parents[2]
    return root if (root / "CMakeLists.txt").is_file() and (root / "scenarios").is_dir() else None


def data_folder(name: str) -> Path:
    """A folder of the repository that the program reads: "scenarios", "reports", "models/parts" ...

    An installed package carries a copy of it below packrig/data.
    """
    root = source_root()
    return (root or _PACKAGE / "data") / name


def build_folder() -> Path | None:
    """The CMake build folder: PACKRIG_BUILD_DIR (set by ./packrig), else build/release; None when installed."""
    named = os.environ.get("PACKRIG_BUILD_DIR")
    if named:
        return Path(named)
    root = source_root()
    return root / "build" / "release" if root else None


def version() -> str:
    """The version in CMakeLists.txt, the one place where it is written."""
    root = source_root()
    if root is None:
        return metadata.version("packrig")
    found = re.search(r"project\(packrig\s+VERSION\s+([0-9.]+)", (root / "CMakeLists.txt").read_text("utf-8"))
    if found is None:
        raise RuntimeError("CMakeLists.txt has no `project(packrig VERSION ...)`")
    return found.group(1)


def command() -> str:
    """How the user starts this program, for lines to copy."""
    return "./packrig" if source_root() else "packrig"


def part_names() -> list[str]:
    """The parts that can be verified: one rule file each."""
    return sorted(path.stem.upper() for path in data_folder("models/parts").glob("*.toml"))


def gnuplot() -> str | None:
    """The program that draws the plots, or None where it is not installed."""
    return shutil.which("gnuplot")


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def warn(text: str) -> None:
    """A line on stderr about something that this machine lacks."""
    print(f"packrig: {text}", file=sys.stderr)
