"""What the command line answers to what it cannot do: one line that names the offender, and the right exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from programs import held_to_permissions
from sample_run import sample_results

from packrig import cli, commands, environment


def said(capsys, *arguments: str) -> tuple[int, str]:
    code = cli.main(list(arguments))
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verfy"], ["'verfy'", "did you mean 'verify' or", "accepted: verify, plan"]),
        (["verify", "B2A25SPR"], ["'B2A25SPR'", "did you mean 'B2A25SRP'"]),
        (["verify", "--bench", "simm"], ["bench 'simm'", "did you mean 'sim'?", "accepted: sim, twin"]),
        (["verify", "--afe", "wurst"], ["front end 'wurst'", "did you mean 'worst'?", "accepted: nominal, typical"]),
        (["verify", "--tier", "ful"], ["tier 'ful'", "did you mean 'full'?", "accepted: smoke, full"]),
        (["verify", "--seeds", "1"], ["'--seeds'", "did you mean '--seed'"]),
        (["verify", "--seed", "-1"], ["--seed '-1'", "from 0 to"]),
        (["verify", "--seed", "one"], ["--seed 'one'", "whole number"]),
        (["verify", "--jobs", "0"], ["--jobs '0'", "from 1 to 256"]),
        (["verify", "--jobs", "257"], ["--jobs '257'", "from 1 to 256"]),
        (["verify", "B2A25SRP", "more"], ["'more'", "one too many"]),
        (["verify", "--firmware", "none.so"], ["none.so", "shared library"]),
        (["plan", "--bench", "lab"], ["bench 'lab'"]),
        (["judge", "no-such-folder"], ["no-such-folder", "results.json"]),
        (["verify", "--bench"], ["--bench", "expected one argument"]),
    ],
)
def test_a_usage_error_is_one_line_and_exit_4(capsys, arguments, words):
    code, line = said(capsys, *arguments)
    assert code == 4
    assert line.count("\n") == 1
    assert line.startswith("packrig: ")
    for word in words:
        assert word in line


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["verify", "--help"]])
def test_help_and_version_are_answered(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 0
    assert "packrig" in capsys.readouterr().out


def test_a_bare_command_shows_the_help(capsys):
    assert cli.main([]) == 0
    assert "verify" in capsys.readouterr().out


def test_an_output_folder_below_a_file_is_refused_before_anything_runs(tmp_path, capsys):
    (tmp_path / "taken").write_text("mine")
    code, line = said(capsys, "verify", "--out", str(tmp_path / "taken" / "run"))
    assert code == 4
    assert str(tmp_path / "taken") in line
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_an_unwritable_output_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    command = [*held_to_permissions(), sys.executable, "-m", "packrig", "verify", "--out", str(tmp_path / "run")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    tmp_path.chmod(0o700)
    assert run.returncode == 4
    assert "cannot be written" in run.stderr


def test_a_folder_that_the_system_refuses_is_refused(capsys):
    code, line = said(capsys, "verify", "--out", "/proc/packrig")
    assert code == 4
    assert "/proc" in line


def test_checking_a_folder_leaves_nothing_behind(tmp_path):
    commands.check_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


class FakeRunner:
    """Stands in for the runner: what verify makes of results is asked here, not what scenarios find."""

    def __init__(self, results):
        self.results = results
        self.asked = None

    def run(self, *asked, cell, afe):
        self.asked = asked
        self.chosen = cell, afe
        on_case = asked[-1]
        os.write(1, b"noise from a library\n")
        for n, case in enumerate(self.results["cases"], 1):
            on_case(n, len(self.results["cases"]), case["id"], case["outcome"])
        return self.results


@pytest.fixture
def runner(monkeypatch):
    fake = FakeRunner(sample_results())
    monkeypatch.setattr(commands, "_runner", lambda: fake)
    return fake


def test_verify_writes_what_it_shows(runner, tmp_path, capfd):
    out = tmp_path / "run"
    chosen = ["--seed", "7", "--jobs", "3", "-k", "over_charge", "--afe", "drawn"]
    assert cli.main(["verify", "--out", str(out), *chosen]) == 3
    assert sorted(path.name for path in out.iterdir()) == ["junit.xml", "report.html"]
    assert runner.asked[:4] == ("B2A25SRP", "sim", "smoke", "over_charge")
    assert runner.asked[4:8] == (out.resolve(), 7, 3, None)
    assert runner.chosen == ("ecm", "drawn")
    shown = capfd.readouterr().out
    assert "over_charge.trip_time[lfp-16s-cell05-far]" in shown
    assert f"Report: {out / 'report.html'}" in shown


def test_json_is_one_document_and_nothing_else(runner, tmp_path, capfd):
    code = cli.main(["verify", "--out", str(tmp_path / "run"), "--json"])
    document = json.loads(capfd.readouterr().out)
    assert code == document["exit_code"] == 3
    assert document["counts"]["FAIL"] == 1
    assert len(document["cases"]) == len(sample_results()["cases"])


def test_an_earlier_runs_verdicts_do_not_outlive_a_new_run_that_breaks(runner, tmp_path, capsys):
    for name in commands.RUN_FILES:
        (tmp_path / name).write_text("earlier")
    runner.results = None  # the run breaks
    assert cli.main(["verify", "--out", str(tmp_path)]) == 3
    assert list(tmp_path.iterdir()) == []
    assert "not a verdict" in capsys.readouterr().err


def test_an_interrupted_run_still_reports_and_exits_2(runner, tmp_path, capsys):
    runner.results["interrupted"] = True
    assert cli.main(["verify", "--out", str(tmp_path)]) == 2
    assert "Interrupted" in capsys.readouterr().out
    assert (tmp_path / "report.html").is_file()


def test_ctrl_c_exits_2(runner, tmp_path, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", interrupt)
    code, line = said(capsys, "verify", "--out", str(tmp_path))
    assert (code, line) == (2, "packrig: interrupted\n")


def test_a_missing_core_says_how_to_build_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "packrig.runner", None)
    monkeypatch.delattr(sys.modules["packrig"], "runner", raising=False)
    code, line = said(capsys, "verify", "--out", str(tmp_path))
    assert code == 3
    assert "./packrig" in line


def test_the_version_is_that_of_the_build():
    assert f"VERSION {environment.version()} " in Path(environment.source_root(), "CMakeLists.txt").read_text("utf-8")
