"""One module for each format that trajectories are written in; `workbench.library.exporting.known` lists them."""
