"""Minds: what proposes and judges steps with a model."""
