"""The python-can interface `packrig`: a served board's bus for any program that uses python-can.

packrig serve --can-socket board.can
python3 -m can.viewer -i packrig -c board.can
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import Any

import can

from packrig import candump

SEND_S = 1.0


class ServedBus(can.BusABC):
    """`channel` is the path that was given to `packrig serve --can-socket`."""

    def __init__(self, channel: str, can_filters: Any = None, **options: Any) -> None:
        self.channel_info = f"packrig board at {channel}"
        self._path = channel
        self._rest = b""
        self._lines: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(channel))
        except OSError as error:
            self._socket.close()
            self._is_shutdown = True  # else python-can complains of a bus that was never there
            raise can.CanInitializationError(f"{channel}: no board is served there ({error.strerror})") from error
        super().__init__(channel=channel, can_filters=can_filters, **options)

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        if msg.is_fd or msg.is_error_frame:
            raise can.CanOperationError(f"{self._path}: the board's bus carries classic frames alone")
        frame = candump.Frame(
            msg.arbitration_id,
            b"" if msg.is_remote_frame else bytes(msg.data),
            extended=msg.is_extended_id,
            remote=msg.is_remote_frame,
            at_s=time.time(),
        )
        # Of python-can's time-outs None would mean for ever.
        self._socket.settimeout(SEND_S if timeout is None else max(timeout, 1e-6))
        try:
            self._socket.sendall(candump.write(frame, "packrig").encode() + b"\n")
        except OSError as error:
            raise can.CanOperationError(f"{self._path}: the frame was not taken ({error})") from error

    def _recv_internal(self, timeout: float | None) -> tuple[can.Message | None, bool]:
        deadline_s = None if timeout is None else time.monotonic() + timeout
        while not self._lines:
            left_s = None if deadline_s is None else max(0.0, deadline_s - time.monotonic())
            if not select.select([self._socket], [], [], left_s)[0]:
                return None, False
            data = self._socket.recv(65536)
            if not data:
                raise can.CanOperationError(f"{self._path}: the serving has ended")
            *self._lines, self._rest = (self._rest + data).split(b"\n")
        frame = candump.read(self._lines.pop(0).decode())
        message = can.Message(
            timestamp=frame.at_s,
            arbitration_id=frame.id,
            is_extended_id=frame.extended,
            is_remote_frame=frame.remote,
            dlc=len(frame.data),
            data=frame.data,
            channel=self._path,
        )
        return message, False

    def shutdown(self) -> None:
        super().shutdown()
        with contextlib.suppress(OSError):
            self._socket.close()
