"""Recording a desktop from the window: what to record, the pill that floats meanwhile, and the review afterwards."""
