"""`packrig fuzz`: what it says when something is missing, and a minute of it on the parsers as they are."""

import re
import shutil

import pytest
from programs import installed

from packrig import cli, environment, fuzz
from packrig.exit_codes import ExitCode, SetupError


def test_a_missing_compiler_is_named_with_its_packages(monkeypatch, capsys) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert cli.main(["fuzz"]) == 3
    assert "clang libclang-rt-14-dev" in capsys.readouterr().err


def test_an_installed_package_has_no_fuzzers(monkeypatch) -> None:
    monkeypatch.setattr(environment, "source_root", lambda: None)
    with pytest.raises(SetupError, match="source tree"):
        fuzz.fuzz(1)


@pytest.mark.parametrize(("status", "expected"), [(0, ExitCode.PASSED), (77, ExitCode.FAILED)])
def test_a_fuzzer_that_ends_badly_fails_the_command(tmp_path, monkeypatch, capsys, status, expected) -> None:
    fuzzers = tmp_path / "build" / "fuzz" / "fuzzers"
    fuzzers.mkdir(parents=True)
    for name, ends in (("board_fuzz", 0), ("host_fuzz", status)):
        (fuzzers / name).write_text(f"#!/bin/sh\necho stat::number_of_executed_units: 5 >&2\nexit {ends}\n")
        (fuzzers / name).chmod(0o755)
    monkeypatch.setattr(environment, "source_root", lambda: tmp_path)
    monkeypatch.setattr(fuzz, "_run", lambda *_: None)
    assert fuzz.fuzz(1) == expected
    said = capsys.readouterr().out
    assert "executed_units: 5" in said
    assert ("broken: host_fuzz" in said) == (status != 0)


def test_a_minute_of_it_finds_nothing(capsys) -> None:
    installed("clang++", "Debian: clang")
    passed = cli.main(["fuzz", "--seconds", "60"]) == 0
    said = capsys.readouterr().out
    assert passed, said
    # A fuzzer that is fed nothing finds nothing.
    inputs = [int(number) for number in re.findall(r"executed_units: (\d+)", said)]
    assert len(inputs) == 2, said
    assert min(inputs) > 1000, said
