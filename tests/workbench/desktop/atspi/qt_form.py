"""A small Qt window with fields and a table; a program of its own, started by the tests."""

import sys

from PySide6.QtWidgets import QApplication, QFormLayout, QLineEdit, QTableWidget, QWidget


def main(title: str) -> None:
    application = QApplication(sys.argv)
    window = QWidget()
    window.setWindowTitle(title)
    form = QFormLayout(window)
    form.addRow("User", QLineEdit("ann"))
    secret = QLineEdit("open sesame")
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    form.addRow("Secret word", secret)
    table = QTableWidget(2, 2)
    table.setHorizontalHeaderLabels(["Amount", "Date"])
    form.addRow(table)
    window.show()
    application.exec()


if __name__ == "__main__":
    main(sys.argv[1])
