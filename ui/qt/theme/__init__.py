"""How the window looks: colours, distances, icons, one style sheet."""
