"""The only AWS credentials that a local stack accepts: those of its root user.

Generated at random for each state folder. With them one can run programs as the user who started
the stack (docs/local.md), so only that user can read them.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import boto3

REGION = "us-east-1"


@dataclass(frozen=True)
class Credentials:
    key_id: str
    secret: str = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """As the AWS SDKs and the SAM CLI read them."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": REGION,
        }

    def session(self) -> boto3.Session:
        """Regardless of AWS settings in the environment."""
        return boto3.Session(self.key_id, self.secret, region_name=REGION)


def load(state_dir: Path) -> Credentials:
    """Those of the folder, drawn when it has none."""
    path = state_dir / "credentials"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Credentials(*path.read_text(encoding="ascii").split())
    # Similar to those of AWS. Not twelve digits, which MiniStack would treat as an account id.
    drawn = Credentials(f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30))
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{drawn.key_id}\n{drawn.secret}\n")
    return drawn
