"""Email on the local stack. It never leaves the machine: the emulator stores it."""

from __future__ import annotations

import json
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ops.local_credentials import REGION

if TYPE_CHECKING:
    from ops.deployment import Deployment
    from ops.stack_env import StackEnv

SENDER = "notices@example.com"


def verify_sender(target: Deployment) -> None:
    """Verifies the sender in SES, as operators do on AWS."""
    client = target.session.client("sesv2", endpoint_url=target.endpoint)
    with suppress(client.exceptions.AlreadyExistsException):
        client.create_email_identity(EmailIdentity=SENDER)


def sent(env: StackEnv) -> list[dict[str, Any]]:
    """All of it, in MiniStack's words: To, Subject, BodyText and others."""
    url = f"{env.endpoint}/_ministack/ses/messages"
    root = Credentials(env.credentials.key_id, env.credentials.secret)
    signed = AWSRequest("GET", url)
    SigV4Auth(root, "ses", REGION).add_auth(signed)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers=dict(signed.headers))
    with opener.open(request, timeout=30) as response:
        accounts = json.load(response)["messages"]
    return [mail for mails in accounts.values() for mail in mails]
