"""A small GTK 3 window with fields, made through ctypes; a program of its own, started by the tests."""

import ctypes
import sys

gtk = ctypes.CDLL("libgtk-3.so.0")
for kind in ("window_new", "box_new", "entry_new", "label_new", "button_new_with_label", "combo_box_text_new"):
    getattr(gtk, f"gtk_{kind}").restype = ctypes.c_void_p


def pointer(value: int) -> ctypes.c_void_p:
    return ctypes.c_void_p(value)


def entry(box: int, label: str, text: str) -> int:
    caption, field = gtk.gtk_label_new(label.encode()), gtk.gtk_entry_new()
    gtk.gtk_entry_set_text(pointer(field), text.encode())
    for widget in (caption, field):
        gtk.gtk_box_pack_start(pointer(box), pointer(widget), 0, 0, 4)
    return int(field)


def main(title: str) -> None:
    gtk.gtk_init(None, None)
    window, box = gtk.gtk_window_new(0), gtk.gtk_box_new(1, 4)
    gtk.gtk_window_set_title(pointer(window), title.encode())
    gtk.gtk_container_add(pointer(window), pointer(box))
    entry(box, "User", "ann")
    gtk.gtk_entry_set_visibility(pointer(entry(box, "Secret word", "open sesame")), 0)
    colours = gtk.gtk_combo_box_text_new()
    for colour in (b"red", b"green"):
        gtk.gtk_combo_box_text_append_text(pointer(colours), colour)
    gtk.gtk_combo_box_set_active(pointer(colours), 1)
    gtk.gtk_box_pack_start(pointer(box), pointer(gtk.gtk_label_new(b"Colour")), 0, 0, 4)
    gtk.gtk_box_pack_start(pointer(box), pointer(colours), 0, 0, 4)
    gtk.gtk_box_pack_start(pointer(box), pointer(gtk.gtk_button_new_with_label(b"Sign in")), 0, 0, 4)
    gtk.gtk_widget_show_all(pointer(window))
    gtk.gtk_main()


if __name__ == "__main__":
    main(sys.argv[1])
