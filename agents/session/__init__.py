"""An agent's run on one desktop: what is ordered, the process that carries it out, how everything is wired."""
