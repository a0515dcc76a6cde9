"""The simulated firmware could run on a microcontroller: no library, no heap, no exceptions, no floating point."""

import os
import re
import subprocess

import pytest
from tree import CXX, ROOT, code_of, files, name

COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-O2", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-nostdinc++", "-fno-stack-protector",
         "-fno-asynchronous-unwind-tables"]  # fmt: skip
# What a freestanding compiler may call by itself, and its own arithmetic helpers (libgcc).
ALLOWED = re.compile(r"memcpy|memmove|memset|memcmp|_GLOBAL_OFFSET_TABLE_|__[a-z]+[dt]i[0-9]")


def undefined_symbols(sources: list[str], folder) -> set[str]:
    """Compiles the files as firmware, links them among themselves, and returns what is still missing."""
    objects = []
    for number, source in enumerate(sources):
        made = folder / f"{number}.o"
        subprocess.run([COMPILER, *FLAGS, f"-I{ROOT}", "-c", source, "-o", made], check=True, capture_output=True)
        objects.append(made)
    subprocess.run(["ld", "-r", *objects, "-o", folder / "firmware.o"], check=True, capture_output=True)
    listed = subprocess.run(["nm", "-u", folder / "firmware.o"], check=True, capture_output=True, text=True)
    return {line.split()[-1] for line in listed.stdout.splitlines() if line.strip()}


def test_the_firmware_needs_nothing_but_itself(tmp_path):
    sources = [str(path) for path in files("models/bms", suffixes=(".cpp",))]
    assert sources
    missing = undefined_symbols(sources, tmp_path)
    assert {symbol for symbol in missing if not ALLOWED.fullmatch(symbol)} == set()


def test_a_call_into_a_library_is_seen(tmp_path):
    source = tmp_path / "heap.cpp"
    source.write_text('extern "C" void* malloc(unsigned long);\nvoid* take() { return malloc(8); }\n')
    assert undefined_symbols([str(source)], tmp_path) == {"malloc"}


def test_a_library_header_does_not_compile(tmp_path):
    source = tmp_path / "library.cpp"
    source.write_text("#include <vector>\n")
    with pytest.raises(subprocess.CalledProcessError):
        undefined_symbols([str(source)], tmp_path)


def test_the_firmware_computes_in_integers():
    for path in files("models/bms", suffixes=CXX):
        assert re.findall(r"\b(?:double|float)\b", code_of(path.read_text("utf-8"))) == [], name(path)
