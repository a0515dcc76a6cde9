"""`packrig fuzz` says what is missing; that the fuzzers find nothing is the C++ smoke tests' and its own runs' part."""

import shutil

import pytest

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
