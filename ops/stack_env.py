"""`stack.env`: how scripts, tests and people find a running local stack.

It is the one file with a plaintext key and a password: those of the demo account and the demo user,
of the local stack only; and the credentials of that stack's emulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import EndpointConnectionError

from ops import deployment, private
from ops.local_credentials import REGION, Credentials

if TYPE_CHECKING:
    import boto3

STATE_DIR = Path(__file__).resolve().parents[1] / ".local"


class NoLocalStack(Exception):
    def __init__(self) -> None:
        super().__init__(
            "No local stack is running: start it with 'make start', or name one with STACK="
        )


@dataclass(frozen=True)
class StackEnv:
    base_url: str
    api_key: str
    endpoint: str
    credentials: Credentials
    """Of the emulator's root user."""
    stack: str
    account: str
    """The demo user's, and that of the demo key."""
    dashboard_email: str
    dashboard_password: str

    @property
    def dashboard_url(self) -> str:
        return f"{self.base_url}/dashboard"

    @property
    def emulator_port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def session(self) -> boto3.Session:
        """As the emulator's root user, regardless of AWS settings in the environment."""
        return self.credentials.session()

    def deployment(self) -> deployment.Deployment:
        """Raises NoLocalStack when the stack is stopped."""
        try:
            return deployment.find(self.stack, self.session(), self.endpoint)
        except EndpointConnectionError:
            raise NoLocalStack from None


def path(state_dir: Path = STATE_DIR) -> Path:
    return state_dir / "stack.env"


def read(state_dir: Path = STATE_DIR) -> StackEnv:
    """Raises NoLocalStack."""
    try:
        lines = path(state_dir).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise NoLocalStack from None
    values = dict(line.split("=", 1) for line in lines)
    try:
        return StackEnv(
            base_url=values["JMPY_BASE_URL"],
            api_key=values["JMPY_API_KEY"],
            endpoint=values["AWS_ENDPOINT_URL"],
            credentials=Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]),
            stack=values["JMPY_STACK"],
            account=values["JMPY_ACCOUNT"],
            dashboard_email=values["JMPY_DASHBOARD_EMAIL"],
            dashboard_password=values["JMPY_DASHBOARD_PASSWORD"],
        )
    except KeyError:
        raise NoLocalStack from None  # of an earlier version


def write(env: StackEnv, state_dir: Path = STATE_DIR) -> None:
    """Only the owner can read it, from its first byte on."""
    text = (
        f"JMPY_BASE_URL={env.base_url}\n"
        f"JMPY_API_KEY={env.api_key}\n"
        f"AWS_ENDPOINT_URL={env.endpoint}\n"
        f"AWS_ACCESS_KEY_ID={env.credentials.key_id}\n"
        f"AWS_SECRET_ACCESS_KEY={env.credentials.secret}\n"
        f"AWS_DEFAULT_REGION={REGION}\n"
        f"JMPY_STACK={env.stack}\n"
        f"JMPY_ACCOUNT={env.account}\n"
        f"JMPY_DASHBOARD_EMAIL={env.dashboard_email}\n"
        f"JMPY_DASHBOARD_PASSWORD={env.dashboard_password}\n"
    )
    private.write(path(state_dir), text)
