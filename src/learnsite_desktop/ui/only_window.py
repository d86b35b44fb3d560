"""One window over one data folder: who starts the program again gives the first one its files."""

import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, Signal

from learnsite_desktop.platform.session import name_for, session_folder

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS: Final = 10_000
"""How long the first window may take to answer: an old computer is still starting it."""
_STEP_MS: Final = 200
_MOST_BYTES: Final = 1 << 20
_TAKEN: Final = b"taken\n"
_TOKENS: Final = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""What a desktop hands to a program that was clicked at, so that its window may come forward."""

_LOG = logging.getLogger(__name__)


class OnlyWindow(QObject):
    """The right to be the window over a data folder, held as long as this process lives."""

    handed = Signal(object)
    """The list of files that somebody opened, empty if the program was only started again."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self._address = name_for(folder)
        place = session_folder()
        if place is None:
            return
        if sys.platform != "win32":
            self._address = str(place / self._address)
        self._lock = QLockFile(str(place / f"{name_for(folder)}.lock"))
        self._lock.setStaleLockTime(0)  # only a process that is gone gives it up

    def claim(self) -> bool:
        """Become the one window; False if another process is. Never waits.

        Where processes cannot find each other everyone is the one; the records have their own lock.
        """
        return self._lock is None or self._lock.isLocked() or self._lock.tryLock(0)

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Give the one window files to show; False if it does not answer, or has gone.

        Then look again whether this one may `claim`. Waits for a window that is only starting.
        """
        network = _network()
        if network is None:
            return False
        tokens = {name: os.environ[name] for name in _TOKENS if name in os.environ}
        words = {"files": [str(file.absolute()) for file in files], "tokens": tokens}
        message = json.dumps(words).encode("ascii") + b"\n"
        _let_come_forward()
        left = QDeadlineTimer(_PATIENCE_MS)
        while not left.hasExpired():
            socket = network.QLocalSocket()
            socket.connectToServer(self._address)
            if socket.waitForConnected(_STEP_MS) and _told(socket, message, left):
                return True
            if self._lock is None or self._lock.tryLock(_STEP_MS):
                return False
        return False

    def listen(self) -> None:
        """Be there for those who start the program again."""
        if self._lock is None or not self._lock.isLocked() or self._server is not None:
            return
        network = _network()
        if network is None:
            return
        server = network.QLocalServer(self)
        if sys.platform == "win32":
            server.setSocketOptions(server.SocketOption.UserAccessOption)
        else:
            # The lock is ours: whoever left this has gone.
            Path(self._address).unlink(missing_ok=True)
        server.newConnection.connect(self._answer)
        if not server.listen(self._address):
            _LOG.warning("nobody can hand files over: %s", server.errorString())
        self._server = server

    def close(self) -> None:
        """Let the next start be the one window."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()

    def _answer(self) -> None:
        server = self._server
        socket = server.nextPendingConnection() if server is not None else None
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda: self._hear(socket))
            self._hear(socket)

    def _hear(self, socket: "QLocalSocket") -> None:
        """Take a message once its whole line is there."""
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        words = _understood(bytes(socket.readLine(_MOST_BYTES).data()))
        if words is None:
            socket.abort()
            return
        files, tokens = words
        socket.write(_TAKEN)
        socket.flush()
        for name, token in tokens.items():
            os.environ[name] = token
        self.handed.emit(files)


def _network() -> ModuleType | None:
    """Return Qt's talk between processes, loaded only now; None where the system lacks part of it.

    Then a second start is told that the records are in use, as without this.
    """
    try:
        return import_module("PySide6.QtNetwork")
    except ImportError as error:
        _LOG.warning("nobody can hand files over: %s", error)
        return None


def _told(socket: "QLocalSocket", message: bytes, left: QDeadlineTimer) -> bool:
    """Say `message` and wait until it was taken."""
    socket.write(message)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(max(int(left.remainingTime()), 1)):
            return False
    return bytes(socket.readLine().data()) == _TAKEN


def _understood(line: bytes) -> tuple[list[Path], dict[str, str]] | None:
    """Return the files and tokens that another start speaks of, None if it is no such talk."""
    try:
        words: Any = json.loads(line)
        files = [Path(str(name)) for name in words["files"]]
        tokens = {name: str(words["tokens"][name]) for name in _TOKENS if name in words["tokens"]}
    except (ValueError, TypeError, KeyError):
        return None
    return files, tokens


def _let_come_forward() -> None:
    """Allow the first window to come before the others: Windows lets only the clicked one."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there alone

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
