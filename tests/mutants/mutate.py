"""Writes a copy of the firmware's source with one defect in it (or, as `nominal`, with none).

mutate.py MUTANTS.toml --list                            names, one a line
mutate.py MUTANTS.toml --check   --source DIR            every patch fits exactly once
mutate.py MUTANTS.toml --name N  --source DIR --out DIR  the patched copy
"""

import argparse
import sys
import tomllib
from pathlib import Path

KEYS = {"name", "file", "defect", "killed_by", "find", "replace"}


class PatchError(Exception):
    """A mutant's description does not fit the source; the message names the mutant and why."""


def load(path: Path) -> dict[str, dict[str, str]]:
    mutants: dict[str, dict[str, str]] = {}
    for mutant in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
        if mutant.keys() != KEYS:
            raise PatchError(f"{mutant.get('name')}: keys {sorted(mutant)}, expected {sorted(KEYS)}")
        if mutant["name"] in mutants or mutant["name"] == "nominal":
            raise PatchError(f"{mutant['name']}: the name is taken")
        mutants[mutant["name"]] = mutant
    return mutants


def patched(mutant: dict[str, str], source: Path) -> str:
    path = source / mutant["file"]
    if not path.is_file():
        raise PatchError(f"{mutant['name']}: no file {path}")
    text = path.read_text(encoding="utf-8")
    found = text.count(mutant["find"])
    if found != 1:
        raise PatchError(f"{mutant['name']}: its text occurs {found} times in {path}, expected once")
    return text.replace(mutant["find"], mutant["replace"])


def write_copy(mutant: dict[str, str] | None, source: Path, out: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.suffix in {".cpp", ".hpp", ".h"}:
            copy = out / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    if mutant is not None:
        (out / mutant["file"]).write_text(patched(mutant, source), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("description", type=Path)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--list", action="store_true")
    action.add_argument("--check", action="store_true")
    action.add_argument("--name")
    parser.add_argument("--source", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    try:
        mutants = load(arguments.description)
        if arguments.list:
            print("\n".join(mutants))
        elif arguments.check:
            for mutant in mutants.values():
                patched(mutant, arguments.source)
        elif arguments.name != "nominal" and arguments.name not in mutants:
            raise PatchError(f"{arguments.name}: no such mutant, there are: {', '.join(mutants)}")
        else:
            write_copy(mutants.get(arguments.name), arguments.source, arguments.out)
    except PatchError as error:
        print(f"mutate.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
