"""Secrets in the window: names only, and never a word of a value anywhere."""

import logging

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from ui.qt.log import LogKeeper
from ui.qt.preferences.secrets_page import SecretsPage
from workbench import secrets

VALUE = "pässword-7Q"


class _InMemory(KeyringBackend):
    """A keyring that works and forgets: a real one needs a session bus, and is tested with the command line."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def kept():
    before, made = keyring.get_keyring(), _InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def none():
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def page(core, shown):
    return shown(SecretsPage(core))


def test_a_secret_is_kept_listed_by_name_and_removed_without_its_value_being_told(kept, page, until, core, application):
    log = LogKeeper()
    page.refresh()
    until(lambda: page.add.isEnabled())
    assert page.stack.currentWidget() is page.empty
    dialog = page.ask()
    QTest.keyClicks(dialog.name, "bank-login")
    dialog.value.setText(VALUE)
    assert dialog.value.echoMode() == QLineEdit.EchoMode.Password
    QTest.mouseClick(dialog.action, Qt.MouseButton.LeftButton)
    until(lambda: page.names.stringList() == ["bank-login"])
    assert secrets.get("bank-login") == VALUE
    logging.getLogger("ui.qt").warning("still heard")
    until(lambda: log.lines)
    said = [text for _, text in log.lines] + [notice.text for notice in core.notices.shown]
    said += [each.text() for each in page.findChildren(QLineEdit)]
    assert not any(VALUE in text for text in said)
    QTest.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    until(lambda: QApplication.activeModalWidget() is not None)
    buttons = QApplication.activeModalWidget().findChildren(QPushButton)
    next(each for each in buttons if each.text() == "Remove").click()
    until(lambda: page.names.stringList() == [])
    assert not any(VALUE in value for value in kept.kept.values())


def test_a_name_that_cannot_be_and_an_empty_value_are_refused_in_the_dialog(kept, page, until):
    page.refresh()
    until(lambda: page.add.isEnabled())
    dialog = page.ask()
    dialog.name.setText("Not A Name")
    dialog.action.click()
    assert "cannot name a secret" in dialog.wrong
    dialog.name.setText("empty")
    dialog.action.click()
    until(lambda: "is empty" in dialog.wrong)
    assert dialog.action.isEnabled()
    dialog.reject()


def test_without_a_keyring_it_says_so_and_what_to_do(none, page, until):
    page.refresh()
    until(lambda: "no keyring" in page.why.text())
    assert "there is no keyring to keep secrets in; start it inside a desktop session" in page.why.text()
    assert not page.add.isEnabled()
