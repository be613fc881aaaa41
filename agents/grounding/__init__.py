"""From words to a place on this screen, and from what the screen shows afterwards to whether a step worked."""
