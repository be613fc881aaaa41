"""Adding a model: of one's own files, or behind a server."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QSpinBox, QTabWidget, QWidget

from ui.orders.models import ROLES, OwnFiles, Server, files_entry, server_entry
from ui.qt.core import Core
from ui.qt.parts.forms import FormDialog, PathField, align, faint, form, line
from ui.qt.parts.numbers import inset
from ui.qt.theme.colours import SPACE

if TYPE_CHECKING:
    from agents.runtime.models.registry import Entry

GGUF = "Models (*.gguf)"

_MOST_CONTEXT = 1_048_576


class AddDialog(FormDialog):
    """Two pages, files and server; `added` has the entry that was made."""

    added = Signal(object)

    def __init__(self, core: Core, parent: QWidget) -> None:
        super().__init__(parent, "Add a model", "Add")
        self._core = core
        self.refused_unseen.connect(core.notices.error)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Where the model is")
        self.name, self.family = line("Name", "a-z 0-9 . _ -"), QComboBox()
        self.family.setAccessibleName("Family")
        self.family.addItem("Recognise it", "")
        self.context = QSpinBox(maximum=_MOST_CONTEXT, singleStep=1024)
        self.context.setSpecialValueText("as the settings say")
        self.context.setSuffix(" tokens")
        inset(self.context)
        self.context.setAccessibleName("Context")
        self.roles = {role: QCheckBox(role.capitalize()) for role in ROLES}
        self.replaces = QCheckBox("Take the place of a model of that name")
        self._files, self._server = _Files(), _Server()
        self._files.model.field.textChanged.connect(self._name_it)
        self.tabs.addTab(self._files, "Files of your own")
        self.tabs.addTab(self._server, "Behind a server")
        self.fill(self._content())
        core.tasks.soon(_families, self._offer)
        self._files.model.setFocus()

    @property
    def files(self) -> "_Files":
        """The page of one's own files."""
        return self._files

    @property
    def server(self) -> "_Server":
        """The page of a server."""
        return self._server

    def apply(self) -> None:
        """Look at the files or the address, and enter the model; what does not fit is said here."""
        model, replaces = self._files.model.path, self.replaces.isChecked()
        if self.tabs.currentIndex():
            work = partial(_add_server, self._far(), replaces=replaces)
        elif model is not None:
            work = partial(_add_files, self._own(model), replaces=replaces)
        else:
            self.refuse("choose the model's GGUF file")
            return
        self.wait()
        self._core.tasks.soon(work, self._done, self.refuse)

    def _content(self) -> QWidget:
        page, rows = form()
        rows.addRow(self.tabs)
        rows.addRow("&Name", self.name)
        rows.addRow("&Family", self.family)
        rows.addRow("&Context", self.context)
        roles = QWidget()
        row = QHBoxLayout(roles)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        for box in self.roles.values():
            row.addWidget(box)
        row.addStretch()
        rows.addRow("Roles", roles)
        rows.addRow("", self.replaces)
        align(rows, self._files.rows, self._server.rows)
        return page

    def _own(self, model: Path) -> OwnFiles:
        return OwnFiles(
            name=self.name.text().strip(),
            model=model,
            mmproj=self._files.mmproj.path,
            trust_pair=self._files.trust.isChecked(),
            family=self.family.currentData(),
            context=self.context.value(),
            roles=self._chosen_roles(),
        )

    def _far(self) -> Server:
        return Server(
            name=self.name.text().strip(),
            url=self._server.url.text().strip(),
            remote_name=self._server.remote_name.text().strip(),
            key_name=self._server.key_name.text().strip(),
            ca_file=self._server.ca_file.path,
            allow_frames=self._server.allow.isChecked(),
            family=self.family.currentData(),
            context=self.context.value(),
            roles=self._chosen_roles(),
        )

    def _chosen_roles(self) -> tuple[str, ...]:
        return tuple(role for role, box in self.roles.items() if box.isChecked())

    def _name_it(self, path: str) -> None:
        """Propose what the file is called, while nobody has written a name."""
        if not self.name.isModified():
            stem = path.replace("\\", "/").rpartition("/")[2].removesuffix(".gguf").lower()
            self.name.setText("".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in stem)[:64])

    def _offer(self, families: tuple[tuple[str, str], ...]) -> None:
        for name, title in families:
            self.family.addItem(title, name)

    def _done(self, entry: "Entry") -> None:
        self.added.emit(entry)
        self.finish()


class _Files(QWidget):
    """The two files of a model."""

    def __init__(self) -> None:
        super().__init__()
        self.model = PathField("The model's GGUF file", GGUF)
        self.mmproj = PathField("The GGUF file that lets it see (mmproj)", GGUF)
        self.trust = QCheckBox("Take the two files although their names differ")
        self.rows = rows = QFormLayout(self)
        rows.setContentsMargins(0, SPACE, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow("&Model", self.model)
        rows.addRow("&Pictures (mmproj)", self.mmproj)
        rows.addRow("", self.trust)
        rows.addRow(faint("The files stay where they are. Without the second one the model reads text only."))


class _Server(QWidget):
    """An OpenAI-compatible server, and what a person allows it."""

    def __init__(self) -> None:
        super().__init__()
        self.url = line("Address", "https://models.example/v1")
        self.remote_name = line("Called there", "as above")
        self.key_name = line("Secret with its key", "the name of a secret; none")
        self.ca_file = PathField("Certificates to trust", "Certificates (*.pem *.crt)")
        self.allow = QCheckBox("Allow that pictures of my screen and texts are sent there")
        self.rows = rows = QFormLayout(self)
        rows.setContentsMargins(0, SPACE, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow("A&ddress", self.url)
        rows.addRow("Called &there", self.remote_name)
        rows.addRow("&Key", self.key_name)
        rows.addRow("C&ertificates", self.ca_file)
        rows.addRow("", self.allow)


def _families() -> tuple[tuple[str, str], ...]:
    from agents.runtime.models.families import families

    return tuple((row.name, row.title) for row in families())


def _add_files(own: OwnFiles, *, replaces: bool) -> "Entry":
    return _entered(files_entry(own), replaces=replaces)


def _add_server(server: Server, *, replaces: bool) -> "Entry":
    return _entered(server_entry(server, lambda _site: False), replaces=replaces)


def _entered(entry: "Entry", *, replaces: bool) -> "Entry":
    from agents.runtime.models.registry import Registry

    registry = Registry.usual()
    registry.add(entry, replace=replaces)
    return registry.get(entry.name)
