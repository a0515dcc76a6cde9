"""Who may include whom. The simulated firmware and the rules it is held to never meet."""

import ast
import json
import re
import tomllib
from pathlib import PurePosixPath

import pytest
from tree import CXX, ROOT, code_of, files, name

# The contract between an analogue front end and a firmware; all else in models/bms is the firmware's own.
CONTRACT = ("models/bms/afe_frame.h", "models/bms/firmware_api.h")
# C++ and POSIX headers that the rig's links to the outside world need.
SYSTEM = ("dlfcn.h", "fcntl.h", "poll.h", "signal.h", "termios.h", "unistd.h", "linux/", "net/", "sys/")

# Libraries for real ports.
PORT_LIBRARIES = ("libserialport.h", "modbus/modbus.h")

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
_STANDARD = re.compile(r"[a-z_]+")


def may_include(includer: str, included: str, quoted: bool) -> bool:
    """Whether file `includer` may include `included`, both from the repository's root."""
    top = includer.split("/", 1)[0]
    if includer.startswith("models/bms/"):
        return included.startswith("models/bms/") if quoted else included in ("stdint.h", "stddef.h")
    if quoted:
        if included.startswith("models/bms/"):
            allowed = includer.startswith(("models/afe/", "rig/", "bindings/")) and included in CONTRACT
            return allowed or includer.startswith("rig/target/")
        arrows = {
            "models": ("models/",),
            "sim": ("sim/", "models/"),
            "rig": ("rig/", "sim/", "models/"),
            "bindings": ("bindings/", "rig/", "sim/", "models/"),
        }
        return included.startswith(arrows[top])
    if _STANDARD.fullmatch(included):
        return True
    if included.startswith("Eigen/"):
        return not includer.startswith("rig/target/")
    if included.startswith("boost/"):
        return top in ("sim", "rig") and includer.endswith(".cpp")
    if included.startswith("nlohmann/"):
        return top in ("rig", "bindings")
    if included.startswith("pybind11/"):
        return top == "bindings"
    if included in PORT_LIBRARIES or included.startswith("linux/can"):
        return includer.startswith("rig/link/") and includer.endswith(".cpp")
    if includer.startswith("rig/target/"):
        # Where the firmware is made to run: a target's side is C, the host's side starts and stops processes.
        return included in ("stdint.h", "stddef.h") or included.startswith(SYSTEM)
    return top == "rig" and includer.endswith(".cpp") and included.startswith(SYSTEM)


def includes_of(includer: str, source: str) -> list[tuple[str, bool]]:
    """(file from the root, quoted) of each include; a quoted name without a folder lies beside its includer."""
    found = []
    for kind, included in _INCLUDE.findall(code_of(source)):
        quoted = kind == '"'
        if quoted and "/" not in included:
            included = (PurePosixPath(includer).parent / included).as_posix()
        found.append((included, quoted))
    return found


def test_every_include_follows_an_arrow():
    wrong = []
    for path in files("models", "sim", "rig", "bindings", suffixes=CXX):
        for included, quoted in includes_of(name(path), path.read_text("utf-8")):
            if not may_include(name(path), included, quoted):
                wrong.append(f"{name(path)} includes {included}")
    assert wrong == []


@pytest.mark.parametrize(
    ("includer", "line", "allowed"),
    [
        ("models/cells/cell.cpp", "#include <Eigen/Core>", True),
        ("models/cells/cell.cpp", '#include "sim/plant.hpp"', False),
        ("models/cells/cell.cpp", "#include <boost/numeric/odeint.hpp>", False),
        ("models/cells/cell.cpp", '#include "models/bms/afe_frame.h"', False),
        ("models/afe/afe.hpp", '#include "models/bms/afe_frame.h"', True),
        ("models/afe/afe.hpp", '#include "models/bms/protections.hpp"', False),
        ("models/bms/step.cpp", '#include "protections.hpp"', True),
        ("models/bms/step.cpp", "#include <stdint.h>", True),
        ("models/bms/step.cpp", "#include <array>", False),
        ("models/bms/step.cpp", '#include "models/time.hpp"', False),
        ("sim/plant.hpp", "#include <boost/numeric/odeint.hpp>", False),
        ("sim/plant.cpp", "#include <boost/numeric/odeint.hpp>", True),
        ("sim/plant.cpp", '#include "rig/session.hpp"', False),
        ("rig/judge.cpp", '#include "models/bms/settings.hpp"', False),
        ("rig/target/posix.cpp", '#include "models/bms/settings.hpp"', True),
        ("rig/link/serial.cpp", "#include <termios.h>", True),
        ("rig/link/serial.cpp", "#include <libserialport.h>", True),
        ("rig/link/serial.hpp", "#include <libserialport.h>", False),
        ("rig/bench/hardware.cpp", "#include <modbus/modbus.h>", False),
        ("rig/link/can.cpp", "#include <linux/can/raw.h>", True),
        ("rig/bench/hardware.cpp", "#include <linux/can.h>", False),
        ("sim/plant.cpp", "#include <unistd.h>", False),
        ("sim/plant.cpp", "#include <nlohmann/json.hpp>", False),
        ("rig/judge.hpp", "#include <unistd.h>", False),
        ("rig/target/lockstep.h", "#include <stdint.h>", True),
        ("rig/judge.cpp", "// #include <nonsense.h>", True),
    ],
)
def test_an_arrow_is_told_from_a_wrong_one(includer, line, allowed):
    assert all(may_include(includer, *included) for included in includes_of(includer, line)) is allowed


def test_rules_and_firmware_share_nothing():
    """Outside comments no rule file names a firmware file, and no firmware file a rule file."""
    for path in files("models/parts", suffixes=(".toml",)):
        assert "models/bms" not in json.dumps(tomllib.loads(path.read_text("utf-8"))), name(path)
    for path in files("models/bms", suffixes=CXX):
        source = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
        assert "models/parts" not in source, name(path)


# What a scenario may import: the package, pytest, and what is pure.
SCENARIO_IMPORTS = {"__future__", "dataclasses", "itertools", "json", "math", "packrig", "pytest", "typing"}


def scenario_imports(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_scenarios_import_the_package_only():
    scenarios = files("scenarios", suffixes=(".py",))
    siblings = {path.stem for path in scenarios}
    for path in scenarios:
        source = path.read_text("utf-8")
        assert scenario_imports(source) <= SCENARIO_IMPORTS | siblings, name(path)


def test_a_scenario_that_imports_a_clock_is_seen():
    assert scenario_imports("import time\nfrom packrig.scenario import Rig\n") - SCENARIO_IMPORTS == {"time"}


def test_the_top_level_folders_are_the_given_ones():
    allowed = {*FOLDERS_GIVEN, ".ci", ".git", "build", "out"}
    extra = {path.name for path in ROOT.iterdir() if path.is_dir()} - allowed
    assert {folder for folder in extra if not folder.startswith(".")} == set()


FOLDERS_GIVEN = ("sim", "models", "rig", "scenarios", "bindings", "tests", "reports")
