"""The words of a notice, and its way to the owner through Amazon SES."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jmpy.notices.schedule import Kind

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from jmpy.keys.model import ApiKey

_TEMPLATES = Path(__file__).with_name("templates")

_MAILS = {
    Kind.EXPIRY_IN_A_WEEK: ("Your API key “{name}” expires within a week", "expiry.txt"),
    Kind.EXPIRY_IN_A_DAY: ("Your API key “{name}” expires within a day", "expiry.txt"),
    Kind.GRACE_PERIOD_ENDS: (
        "The old API key “{name}” stops working within a day",
        "grace-period-ends.txt",
    ),
}
"""Subject and template."""


class Mailer:
    def __init__(self, client: SESV2Client, sender: str, base_url: str) -> None:
        self._client = client
        self._sender = sender
        self._base_url = base_url

    def send(self, recipient: str, key: ApiKey, kind: Kind) -> None:
        """Raises `aws.faults()`."""
        assert key.expires_at is not None, "a notice is about an end"
        ends = datetime.fromtimestamp(key.expires_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
        subject, template = _MAILS[kind]
        page = f"{self._base_url}/dashboard/api-keys/{key.id}"
        body = _environment().get_template(template).render(key=key, ends=ends, page=page)
        # A name is data; a line break in a subject would begin another header.
        subject = " ".join(subject.format(name=key.name).split())
        self._client.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [recipient]},
            Content={
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
                }
            },
        )


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - plain text
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
