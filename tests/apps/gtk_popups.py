"""A GTK window with everything that opens a window of its own, the sibling of `qt_popups.py`.

Usage: `/usr/bin/python3 tests/apps/gtk_popups.py LOG`; it needs python3-gi and gir1.2-gtk-3.0.
"""

import sys
from functools import partial
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402 (the version must be required first)

COLOURS = ("Red", "Green", "Blue")
TOWNS = ("Athens", "Bergen", "Cork", "Dakar", "Essen", "Fukuoka", "Genoa", "Hull", "Izmir", "Jaipur", "Kyoto", "Lyon")


class Popups:
    """The window; what is chosen goes into `log`."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.window = Gtk.Window(title="Popups")
        self.window.connect("destroy", Gtk.main_quit)
        bar, file = Gtk.MenuBar(), Gtk.MenuItem(label="File")
        file.set_submenu(self.menu({"New": None, "Recent": {"One": None, "Two": None}}))
        bar.append(file)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=8)
        for part in (bar, self.combo("Colour", COLOURS), self.combo("Town", TOWNS), self.button()):
            box.pack_start(part, False, False, 0)
        box.pack_start(self.place(), True, True, 0)
        self.window.add(box)
        self.window.set_default_size(520, 420)
        self.window.move(200, 150)

    def say(self, what: str, *_: object) -> None:
        """Append a line."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(what + "\n")

    def menu(self, entries: dict[str, dict[str, None] | None]) -> Gtk.Menu:
        """A menu with these entries, and with a menu for each that has entries of its own."""
        menu = Gtk.Menu()
        for name, inner in entries.items():
            item = Gtk.MenuItem(label=name)
            if inner:
                item.set_submenu(self.menu(dict(inner)))
            else:
                item.connect("activate", partial(self.say, name))
            menu.append(item)
        menu.show_all()
        return menu

    def combo(self, name: str, lines: tuple[str, ...]) -> Gtk.Box:
        """A combo box with these lines, and its label."""
        box = Gtk.ComboBoxText()
        for line in lines:
            box.append_text(line)
        box.set_active(0)
        box.connect("changed", lambda widget: self.say(widget.get_active_text()))
        row = Gtk.Box(spacing=8)
        row.pack_start(Gtk.Label(label=name, mnemonic_widget=box), False, False, 0)
        row.pack_start(box, True, True, 0)
        return row

    def button(self) -> Gtk.MenuButton:
        """A button with a menu."""
        button = Gtk.MenuButton(label="More", halign=Gtk.Align.START)
        button.set_popup(self.menu({"Alpha": None, "Beta": None}))
        return button

    def place(self) -> Gtk.EventBox:
        """A place with a context menu."""
        box = Gtk.EventBox()
        box.add(Gtk.Label(label="Here", xalign=0))
        box.add_events(Gdk.EventMask.BUTTON_PRESS_MASK)
        self.context = self.menu({"Copy": None, "Cut": None, "Deeper": {"Deep": None}})
        self.context.attach_to_widget(box, None)
        box.connect("button-press-event", self.pressed)
        return box

    def pressed(self, _: Gtk.Widget, event: Gdk.EventButton) -> bool:
        """Open the context menu at the right button."""
        if event.button == Gdk.BUTTON_SECONDARY:
            self.context.popup_at_pointer(event)
        return True


def main(log: Path) -> None:
    """Show the window until it is closed."""
    GLib.set_prgname("gtk_popups")
    Gdk.set_program_class("gtk_popups")
    Popups(log).window.show_all()
    Gtk.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
