"""One window per person and library: a second start brings the first one to the front and ends."""

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 500


class SingleInstance(QObject):
    """Listens for later starts; `called` is emitted for each of them. `first` is false where another one is open."""

    called = Signal()

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        owner = f"{getpass.getuser()} {library.resolve()}"
        self._name = f"gui-agent-workbench-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"
        self.first = not self._knock()
        self._server = QLocalServer(self)
        if self.first:
            QLocalServer.removeServer(self._name)  # what a process that was killed has left
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            self._server.listen(self._name)
            self._server.newConnection.connect(self._hear)

    def _knock(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        there = socket.waitForConnected(_ANSWER_MS)
        if there:
            socket.disconnectFromServer()
        return there

    def _hear(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.deleteLater()
            self.called.emit()
