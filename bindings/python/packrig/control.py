"""How a serving is changed while it runs: one JSON object per line over a local socket, one line back.

    with packrig.control.connect() as board:
        board.ask("load", "20A")
        board.ask("status")["current_A"]

The same words as `packrig set` takes; see WORDS in packrig/stimuli.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from packrig.exit_codes import SetupError, UsageError

LINE_MAX = 65536  # bytes; a client that sends more without an end of line is dropped
CLIENTS_MAX = 32
ANSWER_S = 10.0
SUFFIX = ".control"


def folder() -> Path:
    """Where the servings of this user put their sockets."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime, "packrig") if runtime else Path(tempfile.gettempdir(), f"packrig-{os.getuid()}")


def own_folder() -> Path:
    """The same, made where it is missing. Raises SetupError when it belongs to somebody else."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise SetupError(f"{place} belongs to another user; set XDG_RUNTIME_DIR to a folder of your own")
    return place


class Listener:
    """The serving's end of a local stream socket whose clients send lines. Never blocks; a client that goes away, or
    does not read, costs nothing but itself. Raises UsageError when the path is taken, unless by a socket that a killed
    serving left."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        _clear_leftover(path)
        if os.path.lexists(path):
            raise UsageError(f"{path} exists; name a path that does not")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # It appears under its name when it answers: one that refuses is taken for the rest of a killed serving.
        unborn = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._socket.bind(str(unborn))
            unborn.chmod(0o600)
            self._socket.listen()
            unborn.rename(path)
        except OSError as error:
            self._socket.close()
            raise UsageError(f"{path}: no socket can be made there ({error.strerror or error})") from error
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._waiting: dict[socket.socket, bytes] = {}
        self.dropped = 0  # lines that a client did not take

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for client in list(self._waiting):
            self._forget(client)
        self._selector.close()
        self._socket.close()
        with contextlib.suppress(OSError):  # gone, or somebody else's by now
            if stat.S_ISSOCK(self.path.lstat().st_mode):
                self.path.unlink()

    def lines(self) -> list[tuple[socket.socket, str]]:
        """What clients have sent by now."""
        found = []
        for key, _ in self._selector.select(0.0):
            if key.fileobj is self._socket:
                self._take_in()
            else:
                found += self._read(key.fileobj)
        return found

    def send(self, client: socket.socket, line: str) -> None:
        try:
            data = line.encode() + b"\n"
            if client.send(data) != len(data):
                self._forget(client)  # half a line is worse than none
        except BlockingIOError:
            self.dropped += 1
        except OSError:
            self._forget(client)

    def send_all(self, line: str, but: socket.socket | None = None) -> None:
        for client in list(self._waiting):
            if client is not but:
                self.send(client, line)

    def _take_in(self) -> None:
        with contextlib.suppress(BlockingIOError):
            client, _ = self._socket.accept()
            if len(self._waiting) >= CLIENTS_MAX:
                client.close()
                return
            client.setblocking(False)
            self._waiting[client] = b""
            self._selector.register(client, selectors.EVENT_READ)

    def _read(self, client: Any) -> list[tuple[socket.socket, str]]:
        try:
            data = client.recv(LINE_MAX)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        *whole, rest = (self._waiting[client] + data).split(b"\n")
        if not data or len(rest) > LINE_MAX:
            self._forget(client)
        else:
            self._waiting[client] = rest
        return [(client, line.decode(errors="replace")) for line in whole]

    def _forget(self, client: socket.socket) -> None:
        if self._waiting.pop(client, None) is not None:
            self._selector.unregister(client)
            client.close()


def _clear_leftover(path: Path) -> None:
    """Removes a socket on which nobody listens any more."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            return
        try:
            client.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()


def answer(listener: Listener, act: Callable[[list[str]], dict[str, Any]]) -> None:
    """Does what clients ask for by now; `act` raises UsageError for what cannot be."""
    for client, line in listener.lines():
        try:
            words = json.loads(line)
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise UsageError("a question is a JSON list of words")
            reply = {"ok": True, **act(words)}
        except (UsageError, json.JSONDecodeError) as error:
            reply = {"ok": False, "error": str(error)}
        listener.send(client, json.dumps(reply))


class Board:
    """A client of a serving."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(ANSWER_S)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise UsageError(f"{path}: no serving answers there ({error.strerror or error})") from error
        self._file = self._socket.makefile(encoding="utf-8")

    def __enter__(self) -> Board:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, *words: str) -> dict[str, Any]:
        """Raises UsageError with the serving's words when it refuses, SetupError when it does not answer."""
        try:
            self._socket.sendall(json.dumps(words).encode() + b"\n")
            line = self._file.readline()
        except OSError as error:
            raise SetupError(f"{self.path}: the serving does not answer ({error})") from error
        if not line:
            raise SetupError(f"{self.path}: the serving has ended")
        reply = json.loads(line)
        if not reply.pop("ok"):
            raise UsageError(reply["error"])
        return reply


def servings() -> list[Path]:
    """The control sockets of this user's servings; those of servings that were killed are removed."""
    living = []
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            with Board(path):
                living.append(path)
        except UsageError:
            _clear_leftover(path)
    return living


def connect(path: Path | None = None) -> Board:
    """To the serving at `path`, or to the only one. Raises UsageError when there is none, or more than one."""
    if path is not None:
        return Board(path)
    found = servings()
    if not found:
        raise UsageError("nothing is served; start `packrig serve` first")
    if len(found) > 1:
        raise UsageError(f"{len(found)} boards are served; name one by --control: {', '.join(map(str, found))}")
    return Board(found[0])
