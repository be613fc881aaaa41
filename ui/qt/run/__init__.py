"""Having a model carry out a task, step by step, under a person's eye."""
