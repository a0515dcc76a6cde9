"""`packrig set` and packrig.control: a serving is changed while it runs."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import PATIENCE_S, serving, until

from packrig import cli, control
from packrig.exit_codes import SetupError, UsageError
from packrig.stimuli import quantity_of


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen, Path]]:
    folder = tmp_path_factory.mktemp("served")
    with serving(folder) as process:
        yield process, folder / "control"


def _status(path: Path) -> dict:
    with control.connect(path) as board:
        return board.ask("status")


def test_a_load_is_set_from_another_process_and_from_python(served) -> None:
    process, path = served
    until(lambda: _status(path)["discharge_on"], process)
    command = [sys.executable, "-m", "packrig", "set", "--control", str(path), "load", "20A"]
    subprocess.run(command, check=True, timeout=PATIENCE_S)
    until(lambda: abs(_status(path)["current_A"] - 20.0) < 0.1, process)
    with control.connect(path) as board:
        board.ask("load", "off")
    until(lambda: abs(_status(path)["current_A"]) < 0.1, process)


def test_a_charger_charges_and_is_unplugged(served) -> None:
    process, path = served
    with control.connect(path) as board:
        board.ask("charger", "58V", "10A")
        until(lambda: _status(path)["current_A"] < -9.0, process)
        board.ask("charger", "off")
        until(lambda: abs(_status(path)["current_A"]) < 0.1, process)


def test_an_imposed_cell_opens_the_charge_drive_and_its_release_closes_it(served) -> None:
    process, path = served
    until(lambda: _status(path)["charge_on"], process)
    with control.connect(path) as board:
        board.ask("cell", "3", "4500mV")
        until(lambda: not _status(path)["charge_on"], process)
        assert _status(path)["cell_V"][2] == pytest.approx(4.5)
        board.ask("cell", "3", "off")
        until(lambda: _status(path)["charge_on"], process)


def test_a_fuse_that_a_hard_short_has_blown_is_told_and_replaced(served) -> None:
    process, path = served
    until(lambda: _status(path)["discharge_on"], process)
    with control.connect(path) as board:
        board.ask("short", "1mOhm")
        until(lambda: _status(path)["fuse"] == "blown", process)
        board.ask("short", "off")
        board.ask("weld", "discharge", "off")  # its contact may have welded on breaking
        board.ask("fuse", "new")
        until(lambda: _status(path)["fuse"] == "whole", process)


def test_a_setting_is_written_and_read_back(served) -> None:
    _, path = served
    with control.connect(path) as board:
        assert board.ask("setting", "cell_ovp_V", "3.601") == {"cell_ovp_V": 3.601}
        assert board.ask("setting", "cell_ovp_V") == {"cell_ovp_V": 3.601}
        for value, why in (("99", "outside its range"), ("2.7", "at odds with another setting")):
            with pytest.raises(UsageError, match=f"the board refuses cell_ovp_V = {value}: {why}"):
                board.ask("setting", "cell_ovp_V", value)
        assert board.ask("setting", "cell_ovp_V") == {"cell_ovp_V": 3.601}


@pytest.mark.parametrize(
    "words",
    [("ambient", "-5degC"), ("short", "off"), ("wire", "0", "100mOhm"), ("wire", "16", "off"), ("wire", "16", "5mOhm"),
     ("ntc", "2", "off"), ("ntc", "2", "on"), ("weld", "discharge", "off"), ("load", "2Ohm"),
     ("load", "500W"), ("load", "off"), ("port", "rs485")],
)  # fmt: skip
def test_every_word_is_taken(words: tuple[str, ...], served) -> None:
    _, path = served
    with control.connect(path) as board:
        assert board.ask(*words) == {}


@pytest.mark.parametrize("words", [("ambient", "-5degC"), ("load", "-.5A"), ("load", "off", "--json")])
def test_a_negative_quantity_is_a_word_and_no_option(words: tuple[str, ...], served, capsys) -> None:
    _, path = served
    assert cli.main(["set", "--control", str(path), *words]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lod", "20A"], ["'lod' cannot be set", "did you mean 'load'"]),
        (["load"], ["load takes other words: off | 20A"]),
        (["load", "20A", "30A"], ["load takes other words"]),
        (["load", "20"], ["'20' is no number with its unit", "2A, 2W, 2Ohm"]),
        (["load", "1.2.3A"], ["'1.2.3A' is no number"]),
        (["charger", "58V"], ["charger takes other words"]),
        (["charger", "20A", "58V"], ["'20A' is no number with its unit; accepted: such as 2V"]),
        (["wire", "17", "off"], ["'17' is not a whole number from 0 to 16"]),
        (["ntc", "0", "off"], ["'0' is not a whole number from 1 to 3"]),
        (["ntc", "1", "maybe"], ["'maybe' is unknown; accepted: on, off"]),
        (["weld", "fuse", "on"], ["fuse"]),
        (["fuse", "old"], ["'old' is unknown; accepted: new"]),
        (["ambient", "1000degC"], ["ambient"]),
        (["setting", "colour"], ["setting 'colour' is unknown"]),
        (["setting", "cell_ovp_V", "much"], ["'much' is no number"]),
        (["port", "lin"], ["port 'lin' is unknown"]),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_4(words: list[str], told: list[str], served, capsys) -> None:
    _, path = served
    assert cli.main(["set", "--control", str(path), *words]) == 4
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert [word for word in told if word not in line] == []


def test_json_is_one_document(served, capsys) -> None:
    _, path = served
    assert cli.main(["set", "--control", str(path), "--json", "status"]) == 0
    assert len(json.loads(capsys.readouterr().out)["cell_V"]) == 16


def test_no_words_list_what_can_be_changed(capsys) -> None:
    assert cli.main(["set"]) == 0
    assert "charger  off | 58.4V 20A" in capsys.readouterr().out


@pytest.mark.parametrize("line", [b"not json\n", b"{}\n", b"[1, 2]\n", b"[]\n", b'["status", "twice"]\n'])
def test_a_client_that_speaks_nonsense_is_told_and_the_serving_goes_on(line: bytes, served) -> None:
    _, path = served
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(PATIENCE_S)
        client.connect(str(path))
        client.sendall(line)
        assert json.loads(client.makefile().readline())["ok"] is False
    assert _status(path)["now_s"] > 0.0


def test_a_line_without_an_end_drops_that_client_alone(served) -> None:
    _, path = served
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(PATIENCE_S)
        client.connect(str(path))
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            client.sendall(b"x" * 10_000_000)
    assert _status(path)["now_s"] > 0.0


def test_nothing_that_is_served_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(UsageError, match="nothing is served"):
        control.connect()
    with pytest.raises(UsageError, match="no serving answers there"):
        control.connect(tmp_path / "gone")


def test_the_only_serving_is_found_two_are_told_apart_and_a_dead_one_is_removed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    place = control.own_folder()
    with control.Listener(place / "1.control"):
        assert control.servings() == [place / "1.control"]
        with control.Listener(place / "2.control"), pytest.raises(UsageError, match="2 boards are served"):
            control.connect()
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(place / "3.control"))
    dead.close()
    assert control.servings() == []
    assert list(place.iterdir()) == []


def test_the_socket_of_a_killed_serving_is_taken_over_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    with control.Listener(path):
        with pytest.raises(UsageError, match="control exists; name a path that does not"):
            control.Listener(path)
        with control.connect(path):
            pass
    path.write_text("mine")
    with pytest.raises(UsageError, match="control exists; name a path that does not"):
        control.Listener(path)
    assert path.read_text() == "mine"


def test_a_serving_that_ends_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as process, control.connect(tmp_path / "control") as board:
        board.ask("status")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        with pytest.raises(SetupError, match=r"has ended|does not answer"):
            board.ask("status")
    assert not (tmp_path / "control").exists()


@pytest.mark.parametrize(
    ("text", "units", "value"),
    [("20A", ("A",), (20.0, "A")), ("-2.5A", ("A",), (-2.5, "A")), ("5mOhm", ("Ohm",), (0.005, "Ohm")),
     ("3650mV", ("V",), (3.65, "V")), ("-5degC", ("degC",), (-5.0, "degC")), ("1e3W", ("A", "W"), (1000.0, "W"))],
)  # fmt: skip
def test_a_quantity_carries_its_unit(text: str, units: tuple[str, ...], value: tuple[float, str]) -> None:
    number, unit = quantity_of(text, *units)
    assert (pytest.approx(number), unit) == value
