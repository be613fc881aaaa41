"""Eyes on a person: what somebody does on a desktop becomes a trajectory."""
