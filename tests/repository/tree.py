"""The repository's files, and C++ source without its comments and texts."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "bindings", "models", "reports", "rig", "scenarios", "sim", "tests")
CXX = (".cpp", ".hpp", ".h")

_COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def files(*folders: str, suffixes: tuple[str, ...] | None = None) -> list[Path]:
    """The files below `folders` (and, for ".", those of the root itself), sorted; no caches, nothing that was built."""
    found = []
    for folder in folders:
        paths = ROOT.glob("*") if folder == "." else (ROOT / folder).rglob("*")
        found += [path for path in paths if path.is_file() and "__pycache__" not in path.parts]
    return sorted(path for path in found if suffixes is None or path.suffix in suffixes)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_of(source: str) -> str:
    """C++ source with comments and texts blanked; lines keep their numbers, includes their names."""

    def blank(found: re.Match) -> str:
        line = source[source.rfind("\n", 0, found.start()) + 1 : found.start()]
        if found.group().startswith('"') and line.lstrip().startswith("#"):
            return found.group()
        return re.sub(r"[^\n]", " ", found.group())

    return _COMMENT_OR_TEXT.sub(blank, source)
