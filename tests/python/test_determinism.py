"""A run is a pure function of its specification: the same bytes for one seed, whatever the number of jobs."""

import json
from pathlib import Path

from packrig import _core, runner

KEYWORD = "over_charge or temperature or short_circuit or real_input"


def _run(out: Path, *, bench: str = "sim", seed: int = 1, jobs: int = 1) -> dict:
    return runner.run("b2a25srp", bench, "smoke", KEYWORD, out, seed, jobs, None)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((folder / "traces").iterdir())}


def test_traces_are_byte_identical_for_any_number_of_jobs(tmp_path: Path) -> None:
    one = _run(tmp_path / "one", jobs=1)
    two = _run(tmp_path / "two", jobs=2)
    assert one["cases"] == two["cases"]
    traces = _bytes(tmp_path / "one")
    assert len(traces) == len(one["cases"])
    assert traces == _bytes(tmp_path / "two")


def test_the_seed_moves_the_instruments_and_nothing_else(tmp_path: Path) -> None:
    first = _run(tmp_path / "a", bench="twin", seed=1)["cases"]
    again = _run(tmp_path / "b", bench="twin", seed=1)["cases"]
    other = _run(tmp_path / "c", bench="twin", seed=2)["cases"]
    assert first == again
    assert [case["id"] for case in first] == [case["id"] for case in other]
    assert any(one.get("value") != two.get("value") for one, two in zip(first, other, strict=True))


def test_a_stored_verdict_can_be_computed_again(tmp_path: Path) -> None:
    document = _run(tmp_path)
    entries = runner.rejudge(tmp_path)
    assert len(entries) == len(document["cases"])
    assert all(entry["same"] for entry in entries)


def test_a_changed_trace_is_noticed(tmp_path: Path) -> None:
    document = runner.run("b2a25srp", "sim", "smoke", "over_charge and trip_time and lfp", tmp_path, 1, 1, None)
    case = document["cases"][0]
    other = document["cases"][1]
    (tmp_path / case["trace"]).write_bytes((tmp_path / other["trace"]).read_bytes())
    changed = [entry["id"] for entry in runner.rejudge(tmp_path) if not entry["same"]]
    assert changed == [case["id"]]


def test_an_interrupted_trace_is_readable_up_to_its_last_whole_chunk(tmp_path: Path) -> None:
    document = runner.run("b2a25srp", "sim", "smoke", "over_charge and trip_time and lfp", tmp_path, 1, 1, None)
    case = document["cases"][0]
    file = tmp_path / case["trace"]
    whole = _core.Trace.load(str(file))
    content = file.read_bytes()
    file.write_bytes(content[:-30])  # the end, and a part of the last events
    torn = _core.Trace.load(str(file))
    channel = _core.Channel(case["rule"]["quantity"], case["rule"]["number"])
    assert torn.series(channel)[1].tolist() == whole.series(channel)[1].tolist()
    assert torn.hash() != whole.hash()
    assert json.loads(torn.specification)["part"] == "B2A25SRP"
