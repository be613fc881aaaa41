"""AT-SPI: accessibility on Linux, over D-Bus."""
