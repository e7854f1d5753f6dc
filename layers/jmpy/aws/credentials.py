"""The credentials of the function's role, where Lambda provides them: in the environment, or, in a
function that starts from a SnapStart snapshot, at an address on its own machine.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from jmpy.aws.errors import AwsUnavailable
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from jmpy.clock import Clock

_EARLY = 300
"""Seconds before credentials expire at which new ones are requested."""


class Credentials(NamedTuple):
    key_id: str
    secret: str
    token: str | None

    def __repr__(self) -> str:
        return "Credentials(...)"


class RoleCredentials:
    """Called for every request, so that none is signed with expired credentials."""

    def __init__(self, now: Clock = system_clock) -> None:
        self._now = now
        self._fetched: Credentials | None = None
        self._fetched_at = 0.0
        self._fresh_until = 0.0

    def current(self) -> Credentials:
        """Raises AwsUnavailable if there are none."""
        if key_id := os.environ.get("AWS_ACCESS_KEY_ID"):
            secret = os.environ["AWS_SECRET_ACCESS_KEY"]
            return Credentials(key_id, secret, os.environ.get("AWS_SESSION_TOKEN"))
        # No entry of jmpy.cache: AWS states how long each is valid.
        if self._fetched is None or not self._fetched_at <= self._now() < self._fresh_until:
            self._fetch(os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", ""))
        assert self._fetched
        return self._fetched

    def _fetch(self, uri: str) -> None:
        started = self._now()
        address = urlsplit(uri)
        connection = HTTPConnection(address.netloc, timeout=1)
        try:
            sent = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
            connection.request("GET", address.path, headers=sent)
            document = json.loads(connection.getresponse().read())
            self._fetched = Credentials(
                document["AccessKeyId"], document["SecretAccessKey"], document["Token"]
            )
            ends = datetime.fromisoformat(document["Expiration"]).timestamp()
        except (OSError, HTTPException, ValueError, KeyError) as error:
            # Nothing of the response: it may contain credentials.
            raise AwsUnavailable(f"credentials: {type(error).__name__}") from None
        finally:
            connection.close()
        self._fetched_at, self._fresh_until = started, ends - _EARLY
