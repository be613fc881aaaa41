"""`eval miniwob`: Farama's MiniWoB++ pages (arXiv 1802.08802) as tasks on private desktops."""
