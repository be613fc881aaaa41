"""The room of settings, secrets and storage."""
