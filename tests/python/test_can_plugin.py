"""The python-can interface `packrig`, found by python-can as an installed package's is."""

import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import PATIENCE_S, echo_library, serving

from packrig import candump, environment

can = pytest.importorskip("can", reason="python-can is not installed (the `can` extra; Debian: python3-can)")


def _entry_points(folder: Path) -> None:
    """What an installed packrig tells python-can of: pyproject's entry points, as a wheel's metadata."""
    with (environment.source_root() / "pyproject.toml").open("rb") as file:
        groups = tomllib.load(file)["project"]["entry-points"]
    made = folder / "packrig-0.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: packrig\nVersion: 0\n")
    lines = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
             for group, entries in groups.items()]  # fmt: skip
    (made / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture(scope="module")
def bus_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bus")
    with serving(folder, "--firmware", str(echo_library()), "--can-socket", str(folder / "can")):
        yield folder / "can"


@pytest.fixture
def bus(bus_path: Path) -> Iterator:
    from packrig.can_plugin import ServedBus

    made = ServedBus(str(bus_path))
    yield made
    made.shutdown()


@pytest.mark.parametrize("length", range(9))
@pytest.mark.parametrize(("identifier", "extended"), [(0x2F4, False), (0x18E028F4, True)])
def test_a_frame_passes_the_board_and_comes_back(bus, identifier: int, extended: bool, length: int) -> None:
    data = bytes(range(0xA0, 0xA0 + length))
    bus.send(can.Message(arbitration_id=identifier, is_extended_id=extended, data=data))
    got = bus.recv(timeout=PATIENCE_S)
    assert (got.arbitration_id, got.is_extended_id, bytes(got.data), got.dlc) == (identifier, extended, data, length)


def test_other_nodes_hear_a_frame_once_from_its_sender_and_once_from_the_board(bus, bus_path: Path) -> None:
    from packrig.can_plugin import ServedBus

    with ServedBus(str(bus_path)) as other:
        bus.send(can.Message(arbitration_id=0x123, is_extended_id=False, data=b"\x01"))
        heard = [other.recv(timeout=PATIENCE_S) for _ in range(2)]
        assert [message.arbitration_id for message in heard] == [0x123, 0x123]
        assert bus.recv(timeout=PATIENCE_S).arbitration_id == 0x123
        assert other.recv(timeout=0.05) is None


def test_filters_hold(bus) -> None:
    bus.set_filters([{"can_id": 0x200, "can_mask": 0x7FF, "extended": False}])
    for identifier in (0x1FF, 0x200, 0x201):
        bus.send(can.Message(arbitration_id=identifier, is_extended_id=False))
    assert bus.recv(timeout=PATIENCE_S).arbitration_id == 0x200
    assert bus.recv(timeout=0.1) is None


def test_silence_ends_at_the_timeout_and_zero_is_at_once(bus) -> None:
    assert bus.recv(timeout=0.05) is None
    assert bus.recv(timeout=0) is None


def test_fd_frames_are_refused(bus) -> None:
    with pytest.raises(can.CanOperationError, match="classic frames alone"):
        bus.send(can.Message(arbitration_id=1, is_fd=True, data=bytes(12)))


def test_a_board_that_is_not_served_is_told(tmp_path: Path) -> None:
    from packrig.can_plugin import ServedBus

    with pytest.raises(can.CanInitializationError, match="no board is served there"):
        ServedBus(str(tmp_path / "none"))


def test_python_cans_own_logger_finds_the_interface_and_writes_the_boards_frames(bus, bus_path: Path, tmp_path) -> None:
    _entry_points(tmp_path)
    log = tmp_path / "bus.log"
    path = f"{tmp_path}:{environment.source_root() / 'bindings' / 'python'}"
    command = [sys.executable, "-m", "can.logger", "-i", "packrig", "-c", str(bus_path), "-f", str(log)]
    said_to = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env={"PYTHONPATH": path}, **said_to) as logger:
        try:
            for number in range(int(PATIENCE_S * 20)):
                bus.send(can.Message(arbitration_id=0x2F4, is_extended_id=False, data=bytes([number % 256])))
                bus.recv(timeout=0.05)
                if log.is_file() and log.stat().st_size > 0:
                    break
                assert logger.poll() is None, logger.stdout.read().decode()
            logger.send_signal(signal.SIGINT)
            said = logger.communicate(timeout=PATIENCE_S)[0].decode()
        finally:
            logger.kill()
    frames = [candump.read(" ".join(line.split()[:3])) for line in log.read_text().splitlines()]
    assert frames, said
    assert {frame.id for frame in frames} == {0x2F4}
