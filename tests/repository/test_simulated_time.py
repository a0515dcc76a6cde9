"""Nothing that is simulated knows a wall clock, sleeps, draws unseeded numbers, or takes bits from libm."""

import re

import pytest
from tree import CXX, code_of, files, name

_CLOCK = re.compile(
    r"<chrono>|<ctime>|<thread>|<random>|std::chrono|std::this_thread|std::random_device|random_shuffle"
    r"|\b(?:sleep|usleep|nanosleep|clock_nanosleep|clock_gettime|gettimeofday|clock|time|rand|srand|drand48)\s*\("
)
# glibc picks code by the CPU for these, so their last bits differ between machines; sqrt, fabs and floor are exact.
_LIBM = re.compile(
    r"\b(?:std::)?(?:exp2?|expm1|log(?:2|10|1p)?|pow|sin|cos|tan|asin|acos|atan2?|sinh|cosh|tanh|cbrt|hypot|erfc?"
    r"|tgamma|lgamma)[fl]?\s*\("
)
_STD_LIBM = re.compile(_LIBM.pattern.replace(r"(?:std::)?", r"std::"))
_PYTHON_CLOCK = re.compile(
    r"^\s*(?:import|from)\s+(?:time|random|datetime|secrets|uuid|threading|asyncio)\b|\.sleep\(", re.M
)

# Where the real world begins: real boards and buses have real time, and a target's process that hangs is given up
# after a real deadline.
OUTSIDE = ("rig/link/", "rig/instrument/", "rig/bench/hardware", "rig/target/")


def clocks_in(source: str) -> list[str]:
    return [found.group().strip() for found in _CLOCK.finditer(code_of(source))]


def libm_in(source: str) -> list[str]:
    """std:: functions always; unqualified ones only where no own function of that name can be meant."""
    return [found.group().strip() for found in _STD_LIBM.finditer(code_of(source))]


def test_no_clock_and_no_unseeded_number_where_time_is_simulated():
    wrong = [
        f"{name(path)}: {found}"
        for path in files("models", "sim", "rig", suffixes=CXX)
        if not name(path).startswith(OUTSIDE)
        for found in clocks_in(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_no_libm_where_bits_must_not_depend_on_the_machine():
    wrong = [
        f"{name(path)}: {found}"
        for path in files("models", "sim", suffixes=CXX)
        for found in libm_in(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_no_clock_in_scenarios():
    for path in files("scenarios", suffixes=(".py",)):
        assert _PYTHON_CLOCK.findall(path.read_text("utf-8")) == [], name(path)


@pytest.mark.parametrize(
    "line",
    [
        "auto now = std::chrono::steady_clock::now();",
        "#include <chrono>",
        "usleep(100);",
        "std::mt19937 draw(std::random_device{}());",
        "seed = time(nullptr);",
        "int x = rand();",
    ],
)
def test_a_clock_is_seen(line):
    assert clocks_in(line)


@pytest.mark.parametrize("line", ["release_time(cell);", "// sleep(1)", "const TimeNs now_ns = plant.now_ns();"])
def test_what_is_no_clock_is_let_pass(line):
    assert clocks_in(line) == []


@pytest.mark.parametrize(
    ("line", "found"), [("std::exp(x)", 1), ("std::sqrt(x)", 0), ("math::exp(x)", 0), ("std::pow(a, 2)", 1)]
)
def test_libm_is_seen(line, found):
    assert len(libm_in(line)) == found


@pytest.mark.parametrize(("line", "found"), [("import time", 1), ("from random import choice", 1), ("rig.at(3.0)", 0)])
def test_a_clock_in_a_scenario_is_seen(line, found):
    assert len(_PYTHON_CLOCK.findall(line)) == found
