"""`packrig monitor` in each of its languages, on a served board, on recorded frames and on a line that is unplugged."""

import argparse
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import serving, until

from packrig import _core, candump, cli, control, environment
from packrig.monitor_sources import SOURCES, Lines


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, control.Board]]:
    """Seven cells, of which the third stands out, with 20 A drawn."""
    folder = tmp_path_factory.mktemp("served")
    outlets = ("--rs485", str(folder / "uart"), "--can-socket", str(folder / "can"), "--port", "rs485")
    with (
        serving(folder, *outlets, "--chem", "li_ion", "--cells", "7") as process,
        control.connect(folder / "control") as board,
    ):
        until(lambda: board.ask("status")["discharge_on"], process)
        board.ask("load", "20A")
        board.ask("cell", "3", "3.456V")
        until(lambda: board.ask("status")["current_A"] > 19.0, process)
        yield folder, board


# On CAN the cells come once a second, and two rounds of them tell how many there are.
@pytest.mark.parametrize(
    ("protocol", "outlet", "count"), [("nw", "uart", 3), ("modbus", "uart", 4), ("can", "can", 10)]
)
def test_it_reads_the_board_in_each_language(protocol: str, outlet: str, count: int, served, capsys) -> None:
    folder, board = served
    board.ask("port", {"nw": "rs485"}.get(protocol, protocol))
    assert cli.main(["monitor", str(folder / outlet), "--protocol", protocol, "--count", str(count)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"current +(20|19\.\d+) A discharging", shown), shown
    assert re.search(r" 3 3\.45\d V", shown), shown
    assert " 7 3." in shown
    assert " 8 3." not in shown
    assert re.search(r"[1-9]\d? answers, \d missed", shown), shown
    if protocol == "modbus":
        assert "JK_B2A25SRP" in shown
        assert re.search(r"capacity +100 Ah", shown)  # a setting


def test_frames_that_were_recorded_are_read_to_their_end(tmp_path: Path, capsys) -> None:
    log = tmp_path / "log"
    # The battery's message as a real bus had it: 53.1 V, 1.8 A into the pack, 81 %.
    frame = candump.Frame(0x2F4, bytes.fromhex("1302b20f51000000"), at_s=1.0)
    log.write_text("can    candump stream on stdout\n" + candump.write(frame, "can0") + "\n")  # as `serve` says it
    assert cli.main(["monitor", str(log), "--protocol", "can"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"pack +53\.1 V", shown)
    assert re.search(r"current +1\.8 A charging", shown)
    assert "81 %" in shown


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("(1.000000) can0 305#2100000000000000\n", "none of them a JK board's"),
        ("1.0 2F4 [1] 00\n", "no line of candump"),
    ],
)
def test_what_is_no_jk_board_is_told(lines: str, said: str, tmp_path: Path, capsys) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)  # stays open: the stream lasts
    os.write(writer, lines.encode())
    assert cli.main(["monitor", str(pipe), "--protocol", "can", "--count", "1"]) == 3
    assert said in capsys.readouterr().err
    os.close(writer)


def test_a_folder_is_no_stream_of_frames(tmp_path: Path, capsys) -> None:
    assert cli.main(["monitor", str(tmp_path), "--protocol", "can", "--count", "1"]) == 3
    assert f"{tmp_path}: cannot be read (Is a directory)" in capsys.readouterr().err


def test_a_stream_without_an_end_of_line_is_forgotten_as_it_comes() -> None:
    lines = Lines("zeros", lambda: os.open("/dev/zero", os.O_RDONLY))
    assert list(lines.frames(time.monotonic() + 0.05)) == []
    assert lines.strange == "zeros: 65536 bytes without an end of line"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nw", "--address", "1"], "4E57 has none"),
        (["modbus", "--address", "0"], "Modbus unit 0"),
        (["can", "--address", "12"], "CAN address 12"),
        (["can", "--baud", "9600"], "--baud is of serial ports"),
        (["jbd"], "protocol 'jbd' is unknown"),
    ],
)
def test_what_a_language_does_not_have_is_a_wrong_call(arguments: list[str], said: str, tmp_path: Path, capsys) -> None:
    assert cli.main(["monitor", str(tmp_path / "none"), "--protocol", *arguments]) == 4
    assert said in capsys.readouterr().err


def test_a_board_that_is_unplugged_is_read_again_when_it_is_back(tmp_path: Path) -> None:
    uart, can = tmp_path / "uart", tmp_path / "can"
    arguments = ("--rs485", str(uart), "--can-socket", str(can), "--port", "rs485")

    def source(protocol: str, target: Path) -> Any:
        return SOURCES[protocol](argparse.Namespace(target=str(target), address=None, baud=None, period=0.2))

    def answer(of: Any, process: subprocess.Popen) -> dict[str, Any]:
        said: list[dict[str, Any]] = []
        until(lambda: said.append(of.ask()) or said[-1], process)
        return said[-1]

    with serving(tmp_path, *arguments) as process:
        until(lambda: uart.exists() and can.exists(), process)
        sources = {"rs485": source("nw", uart), "modbus": source("modbus", uart), "can": source("can", can)}
        assert len(answer(sources["rs485"], process)["cell_V"]) == 16
    for each in sources.values():
        with pytest.raises(_core.BenchFault):
            each.ask()
        with pytest.raises(_core.BenchFault):  # still out
            each.reopen()
        with pytest.raises(_core.BenchFault):
            each.ask()
    with serving(tmp_path, *arguments) as process, control.connect(tmp_path / "control") as board:
        for port, each in sources.items():
            board.ask("port", port)
            each.reopen()
            said = answer(each, process)
            assert said["pack_V"] == pytest.approx(53.0, abs=1.0)
            assert said["objection"] == ""


def test_the_monitor_goes_on_after_a_fault_and_a_refusal(monkeypatch, capsys) -> None:
    class Doubtful:
        silence = "nobody"
        reopened = 0

        def __init__(self, _: argparse.Namespace) -> None:
            self._answers = iter([_core.BenchFault("unplugged"), _core.BadInput("refused"), None, {"objection": "odd"}])

        def ask(self) -> dict[str, Any] | None:
            answer = next(self._answers, {"objection": "", "cell_V": [], "soc": 0.5})
            if isinstance(answer, Exception):
                raise answer
            return answer

        def reopen(self) -> None:
            Doubtful.reopened += 1
            raise _core.BenchFault("still out")

    monkeypatch.setitem(SOURCES, "nw", Doubtful)
    assert cli.main(["monitor", "port", "--count", "5", "--period", "0.1"]) == 0
    assert capsys.readouterr().out.endswith("1 answers, 4 missed\n")
    assert Doubtful.reopened == 1


# Late by as much as the machine is busy: bytes of an answer come in lumps, and an hour of polls had gaps above 50 ms.
@pytest.mark.parametrize(("gap_s", "heard"), [(0.0, True), (0.4, True), (0.6, False)])
def test_an_answer_may_come_in_lumps_but_not_for_ever(gap_s: float, heard: bool) -> None:
    captured = json.loads((environment.source_root() / "tests/data/jk/nw.json").read_text("utf-8"))[2]
    answer = bytes.fromhex(captured["hex"])
    reader = _core.NwReader()
    reader.push(answer[:100], 1.0)
    assert reader.next() is None
    reader.push(answer[100:], 1.0 + gap_s)
    said = reader.next()
    assert (said is not None) == heard
    if gap_s > 0.5:  # what was given up hides nothing that follows
        reader.push(answer, 3.0)
        assert reader.next()["cell_V"]
