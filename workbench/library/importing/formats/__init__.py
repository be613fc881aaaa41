"""One module for each format of another tool; `workbench.library.importing.known` lists them."""
