"""`packrig monitor` on a served board."""

import os
import re
import signal
import subprocess
import sys
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import PATIENCE_S, serving, until

from packrig import _core, cli, control


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen, Path]]:
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, "--rs485", str(folder / "rs485"), "--cells", "13") as process:
        yield process, folder


def test_it_shows_what_the_pack_does(served, capsys) -> None:
    process, folder = served
    with control.connect(folder / "control") as board:
        until(lambda: board.ask("status")["discharge_on"], process)
        board.ask("load", "20A")
        until(lambda: board.ask("status")["current_A"] > 19.0, process)
        board.ask("cell", "7", "3.456V")
        until(lambda: board.ask("status")["cell_V"][6] > 3.45, process)
        assert cli.main(["monitor", str(folder / "rs485"), "--count", "4", "--period", "0.3"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r" 7 3\.45\d V ▲", shown)
    assert re.search(r"current +(20|19\.\d+) A discharging", shown)
    assert "13 3." in shown
    assert "14 3." not in shown
    assert shown.rstrip().endswith("4 answers, 0 missed")


def test_ctrl_c_is_the_ordinary_end(served) -> None:
    _, folder = served
    command = [sys.executable, "-m", "packrig", "monitor", str(folder / "rs485"), "--period", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(3.0)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert (process.returncode, err) == (0, "")
    assert re.search(r"\d+ answers, \d+ missed", out)


def test_a_line_on_which_nothing_answers_is_exit_3(capsys) -> None:
    master, slave = os.openpty()
    assert cli.main(["monitor", os.ttyname(slave), "--count", "1"]) == 3
    assert "no board answers; no answer" in capsys.readouterr().err
    os.close(master)
    os.close(slave)


def _reply(cells_mV: list[int]) -> bytes:
    """A 4E57 answer made by hand: cells, a pack of 52.80 V, no current; framing and sum after the vendor's document."""
    cells = b"".join(bytes([number]) + cell_mV.to_bytes(2, "big") for number, cell_mV in enumerate(cells_mV, 1))
    information = b"\x79" + bytes([len(cells)]) + cells + b"\x83\x14\xa0" + b"\x84\x00\x00" + b"\xc0\x01"
    body = bytes(4) + b"\x06\x00\x01" + information + bytes(4) + b"\x68"
    frame = b"NW" + (len(body) + 6).to_bytes(2, "big") + body
    return frame + (sum(frame) & 0xFFFF).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("cells_mV", "shown"),
    [([3300] * 16, "1 answers, 0 missed"), ([3300] * 15 + [6000], "implausible: "), ([3300] * 15, "implausible: ")],
)
def test_what_cannot_be_true_is_no_answer(cells_mV: list[int], shown: str, capsys) -> None:
    assert shown in _shown_of(_reply(cells_mV), capsys)


def test_bytes_that_are_no_answer_are_counted(capsys) -> None:
    assert "no board answers; 21 bytes, but no answer in 4E57" in _shown_of(_core.nw_read_all_request(), capsys)


def _shown_of(reply: bytes, capsys) -> str:
    """What the monitor says of a board that replies so to one question."""
    master, slave = os.openpty()
    tty.setraw(slave)

    def board() -> None:
        os.read(master, 64)
        os.write(master, reply)

    answering = threading.Thread(target=board)
    answering.start()
    cli.main(["monitor", os.ttyname(slave), "--count", "1"])
    answering.join()
    os.close(master)
    os.close(slave)
    return "".join(capsys.readouterr())


def test_a_port_that_is_not_there_is_exit_3_and_named(capsys) -> None:
    assert cli.main(["monitor", "/dev/no-such-port"]) == 3
    assert "/dev/no-such-port: cannot be found" in capsys.readouterr().err
