"""A pseudo terminal as the far end of a board's serial port."""

from __future__ import annotations

import os
import termios
import tty
from contextlib import suppress
from pathlib import Path

from packrig.exit_codes import UsageError


class Pty:
    """The master of a pseudo terminal in raw mode, and a link to its slave where a path is given. Raises UsageError
    when the link cannot be made; what exists there is never touched, but for the link of a serving that was killed."""

    def __init__(self, link: Path | None, option: str = "--rs485") -> None:
        if link is not None:
            _clear_leftover(link)  # before there is a new terminal, which may get the old one's number
        # The slave stays open here, else the master reads errors whenever no client has it open.
        self._master, self._slave = os.openpty()
        self._link = None
        self._option = option
        self.dropped = 0
        try:
            tty.setraw(self._slave, termios.TCSANOW)
            os.set_blocking(self._master, False)
            self.name = os.ttyname(self._slave)
            if link is not None:
                self._make(link)
        except BaseException:
            self.close()
            raise

    def _make(self, link: Path) -> None:
        try:
            link.symlink_to(self.name)
        except FileExistsError as error:
            raise UsageError(f"{self._option} {link} exists; name a path that does not") from error
        except OSError as error:
            raise UsageError(f"{self._option} {link}: no link can be made there ({error.strerror})") from error
        self._link = link.absolute()

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(OSError):  # gone, or no link any more: then it is not ours
            if self._link is not None and str(self._link.readlink()) == self.name:
                self._link.unlink()
        os.close(self._master)
        os.close(self._slave)

    def read(self, count: int) -> bytes:
        """What clients sent, up to `count` bytes; the kernel keeps the rest."""
        try:
            return os.read(self._master, count)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """To the clients. What does not fit because nobody reads is dropped and counted, as a line forgets it."""
        written = 0
        with suppress(BlockingIOError):
            written = os.write(self._master, data) if data else 0
        self.dropped += len(data) - written


def _clear_leftover(link: Path) -> None:
    """Removes a link to a pseudo terminal that is gone."""
    with suppress(OSError):
        if link.readlink().parent == Path("/dev/pts") and not link.exists():
            link.unlink()
