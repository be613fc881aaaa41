"""A small GTK form for tests, run with the system's Python: a real application whose every drift can be asked for.

Usage: `/usr/bin/python3 tests/apps/gtk_form.py [OPTIONS]`; it needs python3-gi and gir1.2-gtk-3.0.

It shows labelled entries (Name, City), a password field (Password), a check box (Newsletter), a combo box, a list of
orders, a nameless icon button, four buttons (Save, Delete, Cancel, Apply) and a status line.

--title TEXT          the window's title (default "Form")
--app NAME            the name under which the window manager and accessibility know it (default "gtk_form")
--log FILE            append one line per thing done: `clicked Save`, `toggled Newsletter on`, `entered Name TEXT`
--digest FILE         write the SHA-256 of the password there when Return is pressed in its field
--ready FILE          create this file once the window is mapped
--rename OLD=NEW      show this button under another name
--remove NAME         leave this button out
--into-menu NAME      move this button into a menu that the button "More" opens, as an entry of the same name
--insensitive NAME    show this button greyed out
--look-alike NAME     add a second button of the same name before the first, logged as `clicked look-alike NAME`
--look-alike-after NAME   the same after the last button
--fill LABEL=TEXT     start with this text in the entry
--size WxH, --at X,Y  size and place of the window
--slow SECONDS        every effect of a button shows (and is logged) that much later
--dialog TEXT         open a modal question with that text over the form, with buttons No and Yes
--dialog-on NAME      clicking this button opens the question "Really?" instead of acting; Yes acts
--unlabelled          draw the labels without telling accessibility which field they belong to
"""

import argparse
import hashlib
import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402 (the version must be required first)

BUTTONS = ("Save", "Delete", "Cancel", "Apply")
ENTRIES = ("Name", "City", "Password")
ORDERS = ("Apples", "Bread", "Cheese", "Dates")


def options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser()
    for name in ("--title", "--app", "--log", "--digest", "--ready", "--size", "--at", "--dialog", "--dialog-on"):
        parser.add_argument(name)
    for name in (
        "--rename",
        "--remove",
        "--into-menu",
        "--insensitive",
        "--look-alike",
        "--look-alike-after",
        "--fill",
    ):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--unlabelled", action="store_true")
    parser.set_defaults(title="Form", app="gtk_form")
    return parser.parse_args(arguments)


class Form:
    """The window and what happens in it."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.renamed = dict(pair.split("=", 1) for pair in asked.rename)
        self.filled = dict(pair.split("=", 1) for pair in asked.fill)
        self.window = Gtk.Window(title=asked.title)
        self.window.connect("destroy", Gtk.main_quit)
        self.status = Gtk.Label(label="Ready")
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=8, margin=12)
        for part in (self.fields(), self.choices(), self.orders(), self.buttons(), self.status):
            box.pack_start(part, False, False, 0)
        self.window.add(box)
        self.place()

    def place(self) -> None:
        """Size and position as asked."""
        width, height = map(int, (self.asked.size or "420x420").split("x"))
        self.window.set_default_size(width, height)
        if self.asked.at:
            self.window.move(*map(int, self.asked.at.split(",")))

    def fields(self) -> Gtk.Widget:
        """The labelled entries."""
        grid = Gtk.Grid(row_spacing=6, column_spacing=10)
        for row, name in enumerate(ENTRIES):
            entry = Gtk.Entry(text=self.filled.get(name, ""), hexpand=True, visibility=name != "Password")
            label = Gtk.Label(label=f"{name}:", xalign=1)
            if name == "Password":
                entry.set_input_purpose(Gtk.InputPurpose.PASSWORD)
            if not self.asked.unlabelled:
                label.set_mnemonic_widget(entry)
            entry.connect("activate", lambda widget, name=name: self.entered(name, widget.get_text()))
            grid.attach(label, 0, row, 1, 1)
            grid.attach(entry, 1, row, 1, 1)
        return grid

    def choices(self) -> Gtk.Widget:
        """A check box, a combo box and a button that has an icon and no name."""
        row = Gtk.Box(spacing=10)
        check = Gtk.CheckButton(label="Newsletter")
        check.connect(
            "toggled", lambda widget: self.log(f"toggled Newsletter {'on' if widget.get_active() else 'off'}")
        )
        combo = Gtk.ComboBoxText()
        for text in ("Red", "Green", "Blue"):
            combo.append_text(text)
        combo.set_active(0)
        combo.connect("changed", lambda widget: self.log(f"chose {widget.get_active_text()}"))
        icon = Gtk.Button(image=Gtk.Image.new_from_icon_name("edit-find-symbolic", Gtk.IconSize.BUTTON))
        icon.connect("clicked", lambda _: self.done("icon"))
        for widget in (check, combo, icon):
            row.pack_start(widget, False, False, 0)
        return row

    def orders(self) -> Gtk.Widget:
        """A list of which one row can be chosen."""
        rows = Gtk.ListBox()
        for text in ORDERS:
            rows.add(Gtk.Label(label=text, xalign=0))
        rows.connect("row-activated", lambda _, row: self.log(f"order {ORDERS[row.get_index()]}"))
        return rows

    def buttons(self) -> Gtk.Widget:
        """The row of buttons with every drift that was asked for."""
        row = Gtk.Box(spacing=8)
        for name in self.asked.look_alike:
            row.pack_start(self.button(name, f"look-alike {name}"), False, False, 0)
        for name in BUTTONS:
            if name not in (*self.asked.remove, *self.asked.into_menu):
                row.pack_start(self.button(name, name), False, False, 0)
        for name in self.asked.look_alike_after:
            row.pack_start(self.button(name, f"look-alike {name}"), False, False, 0)
        if self.asked.into_menu:
            row.pack_start(self.more(), False, False, 0)
        return row

    def more(self) -> Gtk.Widget:
        """A button with a menu of the buttons that were moved there."""
        menu = Gtk.Menu()
        for name in self.asked.into_menu:
            item = Gtk.MenuItem(label=name)
            item.connect("activate", lambda _, name=name: self.done(name))
            menu.append(item)
        menu.show_all()
        return Gtk.MenuButton(label="More", popup=menu)

    def button(self, name: str, logged: str) -> Gtk.Widget:
        """One button, shown under its new name if it was renamed."""
        widget = Gtk.Button(label=self.renamed.get(name, name))
        widget.set_sensitive(name not in self.asked.insensitive)
        if name == self.asked.dialog_on:
            widget.connect("clicked", lambda _: self.ask("Really?", logged))
        else:
            widget.connect("clicked", lambda _: self.done(logged))
        return widget

    def done(self, name: str) -> None:
        """Show and log a click, later if asked to be slow."""
        GLib.timeout_add(int(self.asked.slow * 1000), self.finish, name)

    def finish(self, name: str) -> bool:
        """The effect itself."""
        self.status.set_text(f"{name} done")
        self.log(f"clicked {name}")
        return False

    def entered(self, name: str, text: str) -> None:
        """Return was pressed in an entry."""
        self.status.set_text(f"{name} entered")
        self.log(f"entered {name} {'' if name == 'Password' else text}".rstrip())
        if name == "Password" and self.asked.digest:
            # whoever waits for the file finds all of it
            part = Path(f"{self.asked.digest}.part")
            part.write_text(hashlib.sha256(text.encode()).hexdigest(), encoding="ascii")
            part.replace(self.asked.digest)

    def ask(self, question: str, logged: str | None) -> None:
        """A modal question over the form; `logged` is what Yes does."""
        dialog = Gtk.MessageDialog(transient_for=self.window, modal=True, text=question, title="Question")
        dialog.add_buttons("No", Gtk.ResponseType.NO, "Yes", Gtk.ResponseType.YES)
        dialog.connect("response", lambda widget, answer: self.answered(widget, answer, logged))
        dialog.show_all()

    def answered(self, dialog: Gtk.Widget, answer: int, logged: str | None) -> None:
        """The question was answered."""
        dialog.destroy()
        self.log(f"answered {'yes' if answer == Gtk.ResponseType.YES else 'no'}")
        if logged and answer == Gtk.ResponseType.YES:
            self.done(logged)

    def log(self, line: str) -> None:
        """Append a line where the test reads it."""
        if self.asked.log:
            with Path(self.asked.log).open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def mapped(self, *_: object) -> None:
        """The window is on the screen."""
        if self.asked.dialog:
            self.ask(self.asked.dialog, None)
        if self.asked.ready:
            Path(self.asked.ready).touch()

    def show(self) -> None:
        """Show everything and tell when it is there."""
        self.window.connect("map-event", self.mapped)
        self.window.show_all()


if __name__ == "__main__":
    asked = options(sys.argv[1:])
    GLib.set_prgname(asked.app)
    GLib.set_application_name(asked.app)
    Gdk.set_program_class(asked.app)
    Form(asked).show()
    Gtk.main()
