"""What a model is shown of a screen: a short list of what can be acted on, in words."""
