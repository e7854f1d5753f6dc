"""Mail on the local stack. It never leaves the machine: the emulator keeps what is sent, and shows
it under `/_ministack/ses/messages`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.deployment import Deployment

SENDER = "notices@example.com"


def verify_sender(target: Deployment) -> None:
    """Makes the sender one that SES knows, as operators do on AWS."""
    client = target.session.client("sesv2", endpoint_url=target.endpoint)
    with suppress(client.exceptions.AlreadyExistsException):
        client.create_email_identity(EmailIdentity=SENDER)
