"""A keyring that holds whatever `TEST_SECRETS` says, as JSON; chosen with `PYTHON_KEYRING_BACKEND`."""

import json
import os

from keyring.backend import KeyringBackend


class OneSecretKeyring(KeyringBackend):
    """Reads only."""

    priority = 1  # type: ignore[assignment]  # keyring computes it by a class property of its own

    def get_password(self, service: str, username: str) -> str | None:
        kept: dict[str, str] = json.loads(os.environ["TEST_SECRETS"])
        return kept.get(username) if service == "gui-agent-workbench" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError
