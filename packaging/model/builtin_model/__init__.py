"""The recipe of the built-in model: data, network, training, export, proof."""
