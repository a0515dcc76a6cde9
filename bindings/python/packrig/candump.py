"""CAN frames as `candump -L` writes them, which log tools read: (12.000500) can0 2F4#1122, 18F128F4#, 123##100."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"\((\d+\.\d+)\)\s+(\S+)\s+([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(#[0-9A-Fa-f])?(R\d?|[0-9A-Fa-f]*)")
FAST_DATA = 0x1  # bit of an FD frame's flags: bit rate switch


@dataclass(frozen=True)
class Frame:
    """A frame and when it was on the bus, in s."""

    id: int
    data: bytes = b""
    extended: bool = False
    remote: bool = False
    fd: bool = False
    fast_data: bool = False
    at_s: float = 0.0


def write(frame: Frame, bus: str) -> str:
    identifier = f"{frame.id:08X}" if frame.extended else f"{frame.id:03X}"
    if frame.remote:
        body = "#R"
    elif frame.fd:
        body = f"##{FAST_DATA if frame.fast_data else 0:X}{frame.data.hex().upper()}"
    else:
        body = "#" + frame.data.hex().upper()
    return f"({frame.at_s:.6f}) {bus} {identifier}{body}"


def read(line: str) -> Frame:
    """Raises ValueError naming the line when it is none of candump's."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(f"'{line.strip()}' is no line of candump -L, such as '(0.020000) can0 2F4#0102'")
    at, _, identifier, flags, body = found.groups()
    remote = body.startswith("R")
    if not remote and len(body) % 2:
        raise ValueError(f"'{line.strip()}' has half a byte of data")
    return Frame(
        id=int(identifier, 16),
        data=b"" if remote else bytes.fromhex(body),
        extended=len(identifier) == 8,
        remote=remote,
        fd=flags is not None,
        fast_data=flags is not None and bool(int(flags[1], 16) & FAST_DATA),
        at_s=float(at),
    )
