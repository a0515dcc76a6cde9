"""Frames as candump writes them; the expected lines are can-utils' own (candump -L, cansend)."""

import pytest

from packrig import candump
from packrig.can_outlets import FrameBytes
from packrig.candump import Frame


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (Frame(0x2F4, b"\x01\x02", at_s=0.02), "(0.020000) can0 2F4#0102"),
        (Frame(0x2F4, at_s=1.5), "(1.500000) can0 2F4#"),
        (Frame(0x18F128F4, bytes(8), extended=True), "(0.000000) can0 18F128F4#0000000000000000"),
        (Frame(0x2F4, extended=True), "(0.000000) can0 000002F4#"),
        (Frame(0x7FF, remote=True), "(0.000000) can0 7FF#R"),
        (Frame(0x123, bytes(12), fd=True, fast_data=True), "(0.000000) can0 123##1000000000000000000000000"),
        (Frame(0x123, b"\xab", fd=True), "(0.000000) can0 123##0AB"),
    ],
)
def test_a_frame_is_a_line_and_back(frame: Frame, line: str) -> None:
    assert candump.write(frame, "can0") == line
    assert candump.read(line + "\n") == frame


@pytest.mark.parametrize(
    "line", ["", "can0 2F4#01", "(1.0) can0 2F4", "(1.0) can0 2F#01", "(1.0) can0 2F4#0", "(1.0) can0 2F4#GG"]
)
def test_what_is_no_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"is no line of candump|half a byte"):
        candump.read(line)


def test_frames_cross_the_plug_as_identifier_length_and_data() -> None:
    standard = bytes([0x00, 0x00, 0x02, 0xF4, 2, 0xAA, 0xBB])
    extended = bytes([0x98, 0xE0, 0x28, 0xF4, 0])
    assert FrameBytes.of(Frame(0x2F4, b"\xaa\xbb")) == standard
    assert FrameBytes.of(Frame(0x18E028F4, extended=True)) == extended
    bytes_in = FrameBytes()
    frames = [frame for value in standard + extended if (frame := bytes_in.push(value, 1.0))]
    assert frames == [Frame(0x2F4, b"\xaa\xbb", at_s=1.0), Frame(0x18E028F4, extended=True, at_s=1.0)]
