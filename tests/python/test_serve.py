"""`packrig serve`: what is written to the pty comes to the board, and what the board sends comes back."""

import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import serving, until

from packrig import _core, candump, cli, control, environment
from packrig.lateness import Lateness
from packrig.part import load_part
from packrig.pty_port import Pty
from packrig.serve import BYTES_PER_TICK, TICK_S
from packrig.specification import RigOptions, open_session_of

PATIENCE_S = 60.0  # until a hang is called one; nothing is timed here
PAYLOAD = bytes(range(256)) * 4  # every value, so that nothing is translated, and more than one tick carries
ECHO = {"sim": "echoing_firmware.so", "posix": "echoing_firmware"}


def _echo(bench: str) -> str:
    build = environment.build_folder()
    file = build / "tests" / "rig" / "target" / ECHO[bench] if build else None
    if file is None or not file.is_file():
        pytest.skip("the echoing firmware was not built: it is one of the targets of `packrig test`")
    return str(file)


@contextlib.contextmanager
def _serving(*arguments: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """The process and the path of its pty."""
    command = [sys.executable, "-m", "packrig", "serve", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("rs485  /dev/"), process.stderr.read()
            assert "in wall-clock time; bytes served are outside the byte-identity claim" in process.stdout.readline()
            yield process, line.split()[1]
        finally:
            process.kill()


def _end(process: subprocess.Popen, number: int = signal.SIGINT) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


def _ask(path: str, data: bytes, count: int) -> bytes:
    """What comes back within the patience, up to `count` bytes."""
    port = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        assert os.write(port, data) == len(data)
        answer = b""
        deadline_s = time.monotonic() + PATIENCE_S
        while len(answer) < count and select.select([port], [], [], max(0.0, deadline_s - time.monotonic()))[0]:
            answer += os.read(port, count - len(answer))
        return answer
    finally:
        os.close(port)


@pytest.mark.parametrize("bench", ["sim", "posix"])
def test_bytes_pass_the_board_both_ways_unchanged(bench: str, tmp_path: Path) -> None:
    link = tmp_path / "rs485"
    with _serving("--bench", bench, "--firmware", _echo(bench), "--rs485", str(link)) as (process, name):
        assert str(link.readlink()) == name
        assert _ask(str(link), PAYLOAD, len(PAYLOAD)) == PAYLOAD
        assert _ask(name, b"again", 5) == b"again"  # another client, after the first has closed the port
        code, out, err = _end(process)
    assert (code, err) == (0, "")
    assert re.search(r"served [0-9.]+ s; \d+ of \d+ ticks late; lateness p50 [0-9.]+ ms, p99 [0-9.]+ ms", out)
    assert list(tmp_path.iterdir()) == []


def test_can_frames_are_logged_as_candump_does_until_the_shared_port_is_given_to_rs485(tmp_path: Path) -> None:
    log = tmp_path / "can.log"
    with serving(tmp_path, "--can-log", str(log)) as process, control.connect(tmp_path / "control") as board:
        until(lambda: log.read_text().count("\n") > 100, process)
        assert board.ask("status")["port"] == "can"
        board.ask("port", "rs485")
        begun_s = board.ask("status")["now_s"]
        until(lambda: board.ask("status")["now_s"] > begun_s + 0.2, process)  # what it was saying is said
        lines = log.read_text().splitlines()
        until(lambda: board.ask("status")["now_s"] > begun_s + 1.2, process)
        assert log.read_text().splitlines() == lines
    frames = [candump.read(line) for line in lines]
    assert {0x2F4, 0x4F4, 0x5F4} <= {frame.id for frame in frames}
    assert [frame.at_s for frame in frames] == sorted(frame.at_s for frame in frames)


def test_the_port_that_speaks_is_named_first(tmp_path: Path) -> None:
    path = tmp_path / "modbus"
    with serving(tmp_path, "--modbus", str(path)) as process:
        assert process.stdout.readline() == f"modbus {path.readlink()} ({path})\n"
    with serving(tmp_path, "--rs485", str(tmp_path / "rs485"), "--can-log", str(tmp_path / "log"), "--port", "rs485"):
        assert (tmp_path / "rs485").is_symlink()
        assert (tmp_path / "log").read_text() == ""


def _greeting(name: str) -> dict:
    """What a served board says of itself to the first who asks."""
    reader = _core.NwReader()
    reader.push(_ask(name, _core.nw_read_all_request(), 291), 0.0)  # as long as it is for 16 cells
    return reader.next()


def test_a_newcomer_is_greeted_by_a_sound_board_that_knows_its_pack() -> None:
    for arguments, soc in (([], 0.8), (["--soc", "0.3"], 0.3)):
        with _serving(*arguments) as (_, name):
            said = _greeting(name)
        assert said["soc"] == soc
        assert said["alarms"] == "none"
        assert (said["charge_on"], said["discharge_on"], said["current_A"]) == (True, True, 0.0)


def test_an_emulated_board_is_served() -> None:
    build = environment.build_folder()
    if not (build and (build / "targets" / "packrig_firmware_cortex_m.elf").is_file()):
        pytest.skip("no firmware for Cortex-M was built: gcc-arm-none-eabi and libnewlib-arm-none-eabi are missing")
    if not shutil.which("qemu-system-arm"):
        pytest.skip("qemu-system-arm is not installed")
    with _serving("--bench", "qemu") as (process, name):
        assert _greeting(name)["soc"] == 0.8
        code, out, err = _end(process)
    assert (code, err) == (0, "")
    assert "dropped" not in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_the_ordinary_end_and_leaves_no_link(number: int, tmp_path: Path) -> None:
    with _serving("--rs485", str(tmp_path / "rs485")) as (process, _):
        code, out, err = _end(process, number)
    assert (code, err) == (0, "")
    assert "served" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("duration_s", ["0.05", "0.0013333333333"])  # whole ticks, and less than one
def test_duration_ends_it(duration_s: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["serve", "--duration", duration_s, "--rs485", str(tmp_path / "rs485")]) == 0
    assert f"served {float(duration_s):.3f} s" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["file", "folder", "dangling link"])
def test_a_path_that_exists_is_refused_and_left_alone(taken: str, tmp_path: Path, capsys) -> None:
    path = tmp_path / "rs485"
    if taken == "file":
        path.write_text("mine")
    elif taken == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    assert cli.main(["serve", "--rs485", str(path), "--duration", "1"]) == 4
    assert f"--rs485 {path} exists" in capsys.readouterr().err
    assert os.path.lexists(path)


def test_the_link_of_a_killed_serving_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "rs485"
    path.symlink_to("/dev/pts/999999999")  # a number that the kernel never gives
    with Pty(path) as pty:
        assert str(path.readlink()) == pty.name
    assert not os.path.lexists(path)


def test_a_link_that_was_replaced_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "rs485"
    with Pty(path):
        path.unlink()
        path.write_text("mine")
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bench", "twin"], ["bench 'twin'", "accepted: sim, posix, qemu"]),
        (["--duration", "0"], ["--duration '0'"]),
        (["--duration", "soon"], ["--duration 'soon'"]),
        (["--chem", "lead"], ["chemistry 'lead'"]),
        (["--cells", "99"], ["cell count 99"]),
        (["--firmware", "none.so"], ["none.so", "no such file"]),
        (["--rs485", "/no/such/folder/rs485"], ["/no/such/folder/rs485", "No such file"]),
        (["--modbus", "/no/such/folder/modbus"], ["--modbus /no/such/folder/modbus", "No such file"]),
        (["--rs485", "a", "--can-log", "b"], ["rs485 and can share one port", "--port"]),
        (["--can-log", "/no/such/folder/log"], ["--can-log /no/such/folder/log", "No such file"]),
        (["--can-socket", "/no/such/folder/can"], ["/no/such/folder/can: no socket can be made there"]),
        (["--control", "/no/such/folder/control"], ["/no/such/folder/control: no socket can be made there"]),
        (["--rs485", "a", "--modbus", "b"], ["--rs485 and --modbus are one pty", "--port"]),
        (["--port", "lin"], ["port 'lin'", "accepted: rs485, modbus, can"]),
        (["B2A25SPR"], ["'B2A25SPR'", "'B2A25SRP'"]),
    ],
)
def test_bad_input_is_one_line_and_exit_4(arguments: list[str], words: list[str], capsys) -> None:
    assert cli.main(["serve", *arguments]) == 4
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert [word for word in words if word not in line] == []


def test_a_log_that_cannot_be_written_on_ends_the_serving(capsys) -> None:
    assert cli.main(["serve", "--can-log", "/dev/full", "--duration", "5"]) == 3
    told = "packrig: candump stream on /dev/full: cannot be written (No space left on device)\n"
    assert capsys.readouterr().err == told


def test_what_nobody_reads_is_dropped_and_counted() -> None:
    with Pty(None) as pty:
        for _ in range(1000):
            pty.write(bytes(1000))
        assert 900_000 < pty.dropped < 1_000_000  # the kernel keeps some kilobytes


def test_a_tick_takes_no_more_bytes_than_the_line_carries() -> None:
    assert BYTES_PER_TICK == 23  # 2 ms at 115200 baud, ten bits each: 23.04
    with Pty(None) as pty:
        port = os.open(pty.name, os.O_RDWR | os.O_NOCTTY)
        os.write(port, PAYLOAD[:100])
        taken = [pty.read(BYTES_PER_TICK) for _ in range(6)]
        os.close(port)
    assert [len(part) for part in taken] == [23, 23, 23, 23, 8, 0]
    assert b"".join(taken) == PAYLOAD[:100]


def test_lateness_is_counted_in_classes() -> None:
    lateness = Lateness(TICK_S)
    for lateness_s in [0.0] * 97 + [TICK_S, 2.0 * TICK_S, 3600.0]:
        lateness.add(lateness_s)
    assert (lateness.late, lateness.ticks) == (2, 100)  # a tick that begins as the next is due is not late yet
    assert lateness.percentile_s(50.0) == pytest.approx(1e-5)
    assert lateness.percentile_s(99.0) == pytest.approx(2.0 * TICK_S, abs=2e-5)
    assert lateness.percentile_s(100.0) == pytest.approx(1.0, abs=2e-5)  # the last class has no end
    assert Lateness(TICK_S).percentile_s(50.0) == 0.0


def test_a_byte_needs_a_port_that_exists_and_a_time_to_come() -> None:
    part = load_part("b2a25srp")
    session = open_session_of(part, part.pack("lfp", 16), RigOptions())
    with pytest.raises(_core.BadInput, match="port 'usb' is unknown; accepted: rs485, can, bluetooth, lcd"):
        session.send_byte("usb", 1)
    session.run_for(1.0)
    with pytest.raises(_core.BadInput, match="lies in the past"):
        session.send_byte("rs485", 1, at_s=0.5)
    taken = session.take_trace()
    assert any(event["kind"] == "edge" for event in taken.events())  # it closed its relays in the first second
    assert {event["kind"] for event in session.trace.events()} == {"drive_state"}
