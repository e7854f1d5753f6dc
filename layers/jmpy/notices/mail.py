"""The text of a notice, and sending it to the owner through Amazon SES."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jmpy.notices.schedule import KeyNoticeKind
from jmpy.webhooks.failures import describe_failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_sesv2 import SESV2Client

    from jmpy.keys.model import ApiKey
    from jmpy.notices.takedowns import TakedownNotice
    from jmpy.webhooks.model import Health

_TEMPLATES = Path(__file__).with_name("templates")

_MAILS = {
    KeyNoticeKind.EXPIRY_IN_A_WEEK: ("Your API key “{name}” expires within a week", "expiry.txt"),
    KeyNoticeKind.EXPIRY_IN_A_DAY: ("Your API key “{name}” expires within a day", "expiry.txt"),
    KeyNoticeKind.GRACE_PERIOD_ENDS: (
        "The old API key “{name}” stops working within a day",
        "grace-period-ends.txt",
    ),
}
"""Subject and template."""

LISTED = 20
"""Links listed in one email."""


class Mailer:
    def __init__(self, client: SESV2Client, sender: str, base_url: str) -> None:
        self._client = client
        self._sender = sender
        self._base_url = base_url

    def send(self, recipient: str, key: ApiKey, kind: KeyNoticeKind) -> None:
        """Raises `aws.faults()`."""
        assert key.expires_at is not None, "a notice is about an end"
        ends = _moment(key.expires_at)
        subject, template = _MAILS[kind]
        page = f"{self._base_url}/dashboard/api-keys/{key.id}"
        body = _environment().get_template(template).render(key=key, ends=ends, page=page)
        # A name is user data; a line break in a subject would begin another header.
        self._deliver(recipient, " ".join(subject.format(name=key.name).split()), body)

    def send_takedowns(self, recipient: str, notices: Sequence[TakedownNotice]) -> None:
        """Raises `aws.faults()`."""
        total = len(notices)
        subject = (
            "A short link of yours was taken down"
            if total == 1
            else f"{total:,} short links of yours were taken down"
        )
        body = (
            _environment()
            .get_template("takedown.txt")
            .render(notices=notices[:LISTED], total=total, base_url=self._base_url)
        )
        self._deliver(recipient, subject, body)

    def send_webhook_disabled(self, recipient: str, host: str, health: Health) -> None:
        """Raises `aws.faults()`."""
        body = (
            _environment()
            .get_template("webhook-disabled.txt")
            .render(host=host, health=health, base_url=self._base_url)
        )
        self._deliver(recipient, "Your webhook for alerts is disabled", body)

    def _deliver(self, recipient: str, subject: str, body: str) -> None:
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


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - plain text
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    environment.filters["moment"] = _moment
    environment.filters["describe_failure"] = describe_failure
    return environment
