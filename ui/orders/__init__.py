"""From what a person wants to what a run is told: shared by the command line and the window, without either in it."""
