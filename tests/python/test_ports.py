"""The C++ tests of real ports, on machines that have such ports."""

import re
import shutil
from pathlib import Path

import can_kernel
import pytest
import serial_machine

from packrig import environment


def _program(name: str) -> Path:
    build = environment.build_folder()
    file = build / "tests" / "rig" / "link" / "port" / name if build else None
    if file is None or not file.is_file():
        pytest.skip(f"{name} was not built: it is one of the targets of `packrig test`")
    return file


def _tests_in(program: Path) -> int:
    """Of the program's sources: what it must have run. (No plug can be pulled from an emulated PC.)"""
    root = environment.source_root() / "tests" / "rig" / "link"
    names = {"can_socket_tests": ["port/can_socket_test.cpp"],
             "serial_port_tests": ["port/serial_port_test.cpp", "byte_link_contract.hpp"]}  # fmt: skip
    sources = "".join((root / name).read_text("utf-8") for name in names[program.name])
    return len(re.findall(r"^TEST(?:_P\(ByteLinkContract|\()", sources, re.MULTILINE))


def test_socketcan_on_a_kernel_that_has_it(tmp_path: Path) -> None:
    if reason := can_kernel.missing():
        pytest.skip(reason)
    program = _program("can_socket_tests")
    ended = can_kernel.run(f"{program} --gtest_brief=1", tmp_path, timeout_s=120.0)
    assert ended.exit_code == 0, ended.output
    assert f"[  PASSED  ] {_tests_in(program)} tests" in ended.output


def test_serial_ports_on_an_emulated_pc(tmp_path: Path) -> None:
    if reason := serial_machine.missing():
        pytest.skip(reason)
    program = _program("serial_port_tests")
    try:
        kernel = serial_machine.fetch_kernel(environment.build_folder().parent / "kernel")
    except RuntimeError as error:
        if shutil.which("apt-get") is None:
            pytest.skip(f"no kernel with 8250 ports can be fetched here: {error}")
        raise
    code, console = serial_machine.run(program, "--gtest_brief=1 --gtest_color=no", kernel, tmp_path, timeout_s=300.0)
    assert code == 0, console
    assert f"[  PASSED  ] {_tests_in(program)} tests" in console


def test_a_program_that_fails_in_the_can_kernel_is_seen(tmp_path: Path) -> None:
    if reason := can_kernel.missing():
        pytest.skip(reason)
    ended = can_kernel.run("echo said; exit 37", tmp_path, timeout_s=120.0)
    assert (ended.exit_code, ended.output) == (37, "said\n")
