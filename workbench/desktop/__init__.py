"""The device layer: screens, pointer, keyboard, accessibility and windows of one desktop."""
