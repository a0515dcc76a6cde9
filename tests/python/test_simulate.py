"""`packrig sim`: a profile that repeats, and a trace that is on disk while it runs."""

import json

import pytest

from packrig import _core, cli, simulate
from packrig.environment import data_folder

PROFILE = "0,10\n60,-10\n120,0\n"


def _sim(tmp_path, *more: str) -> int:
    profile = tmp_path / "profile.csv"
    profile.write_text(PROFILE)
    return cli.main(["sim", "--profile", str(profile), "--out", str(tmp_path / "out"), "--json", *more])


def _string_A(trace) -> dict[float, float]:
    truth = trace.truth()
    return dict(zip(truth["t_s"].tolist(), truth["string_A"].tolist(), strict=True))


def test_a_profile_repeats_when_asked(tmp_path, capsys) -> None:
    assert _sim(tmp_path, "--duration", "600", "--repeat") == 0
    said = json.loads(capsys.readouterr().out)
    course = _string_A(_core.Trace.load(said["trace"]))
    begun_s = said["simulated_s"] - 600
    # A minute each of discharge and charge, five times; the board itself draws well below 1 A.
    for turn in range(5):
        for middle_s, current_A in ((30, 10), (90, -10)):
            nearest = min(course, key=lambda t_s, wanted=begun_s + 120 * turn + middle_s: abs(t_s - wanted))
            assert course[nearest] == pytest.approx(current_A, abs=1)


def test_without_repetition_the_last_value_holds(tmp_path, capsys) -> None:
    assert _sim(tmp_path, "--duration", "600") == 0
    said = json.loads(capsys.readouterr().out)
    course = _string_A(_core.Trace.load(said["trace"]))
    assert all(abs(current_A) < 1 for t_s, current_A in course.items() if t_s > said["simulated_s"] - 400)


def test_cells_of_a_bpx_file(tmp_path, capsys) -> None:
    """Of any name; the chemistry is the file's, so 14 cells of NMC are 14 times nearly 4 V."""
    own = tmp_path / "own.json"
    own.write_text((data_folder("models/parameters") / "bpx" / "nmc111_pouch.json").read_text())
    assert _sim(tmp_path, "--bpx", str(own), "--cells", "14") == 0
    said = json.loads(capsys.readouterr().out)
    assert 3.7 < said["lowest_cell_V"] < said["highest_cell_V"] < 4.2
    own.write_text(own.read_text().replace('"Number of electrode pairs', '"Number of electrodes pairs'))
    assert _sim(tmp_path, "--bpx", str(own)) == 4
    assert f"{own}: " in capsys.readouterr().err


def test_what_was_simulated_before_a_breakdown_is_on_disk(tmp_path, monkeypatch) -> None:
    def break_down(session, *_):
        session.run_for(30.0)
        session.flush_trace()
        raise _core.NumericFault("cell 3: not a number")

    monkeypatch.setattr(simulate, "_run", break_down)
    assert _sim(tmp_path) == 3
    trace = _core.Trace.load(str(tmp_path / "out" / "trace.prt"))
    assert trace.end_s == pytest.approx(30, abs=5)
    assert trace.events()[-1]["kind"] == "rig_fault"
