"""The text of a notice, and sending it to the owner through Amazon SES."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jmpy.alerts.rule import Rule
from jmpy.alerts.wording import TITLES, details, source
from jmpy.audit.model import Action
from jmpy.formats.one_line import one_line
from jmpy.formats.times import minute_utc
from jmpy.links.short_url import short_url
from jmpy.notices.origins import CHANNELS, described_actor
from jmpy.notices.schedule import KeyNoticeKind
from jmpy.webhooks.failures import describe_failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sesv2 import SESV2Client

    from jmpy.alerts.model import Alert
    from jmpy.audit.model import Entry
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

_DOMAIN_SUBJECTS = {
    Action.DOMAIN_FAILING: "Your domain {host} is failing",
    Action.DOMAIN_RECOVERED: "Your domain {host} works again",
    Action.DOMAIN_LOST: "Your domain {host} was verified by another account",
    Action.DOMAIN_SUSPENDED: "Your domain {host} was suspended",
    Action.DOMAIN_RESTORED: "Your domain {host} is no longer suspended",
}

LISTED = 20
"""Links, or alerts, listed in one email."""


class Mailer:
    def __init__(self, client: SESV2Client, sender: str, base_url: str) -> None:
        self._client = client
        self._sender = sender
        self._base_url = base_url

    def send(self, recipient: str, key: ApiKey, kind: KeyNoticeKind) -> None:
        """Raises `aws.faults()`."""
        assert key.expires_at is not None, "a notice is about an end"
        ends = minute_utc(key.expires_at)
        subject, template = _MAILS[kind]
        page = f"{self._base_url}/dashboard/api-keys/{key.id}"
        body = _environment().get_template(template).render(key=key, ends=ends, page=page)
        self._deliver(recipient, subject.format(name=key.name), body)

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
            .render(
                notices=notices[:LISTED],
                total=total,
                base_url=self._base_url,
                short_url=short_url,
            )
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

    def send_key_created(self, recipient: str, entry: Entry) -> None:
        """`entry`: of the creation, also by a rotation. Raises `aws.faults()`."""
        facts = {name: change.after for name, change in entry.changes.items()}
        subject = (
            f"Your API key “{entry.target_name}” was rotated"
            if "replaces" in facts
            else f"A new API key was created: “{entry.target_name}”"
        )
        self._deliver(recipient, subject, self._key_mail("key-created.txt", entry, facts=facts))

    def send_key_widened(self, recipient: str, entry: Entry, widenings: Sequence[str]) -> None:
        """`entry`: of the change. Raises `aws.faults()`."""
        body = self._key_mail("key-widened.txt", entry, widenings=widenings)
        self._deliver(recipient, f"Your API key “{entry.target_name}” was given more access", body)

    def send_domain(self, recipient: str, entry: Entry) -> None:
        """`entry`: what became of it without its owner's doing. Raises `aws.faults()`."""
        host = str(entry.target_name)
        reason = entry.changes["reason"].after if "reason" in entry.changes else ""
        body = (
            _environment()
            .get_template(f"{entry.action.replace('.', '-')}.txt")
            .render(entry=entry, host=host, reason=reason, base_url=self._base_url)
        )
        self._deliver(recipient, _DOMAIN_SUBJECTS[entry.action].format(host=host), body)

    def send_alerts(
        self, recipient: str, alerts: Sequence[Alert], keys: Mapping[str, ApiKey]
    ) -> None:
        """The newest alerts first; `keys`: those that are known, by id. Raises `aws.faults()`."""
        total = len(alerts)
        first = alerts[0]
        title, key = TITLES[first.rule], keys.get(first.key_id)
        about = f": “{key.name}”" if key else ""
        subject = f"{title}{about}" if total == 1 else f"{total:,} alerts about your API keys"
        body = (
            _environment()
            .get_template("alerts.txt")
            .render(alerts=alerts[:LISTED], total=total, keys=keys, base_url=self._base_url)
        )
        self._deliver(recipient, subject, body)

    def _key_mail(self, template: str, entry: Entry, **values: Any) -> str:
        return (
            _environment()
            .get_template(template)
            .render(
                entry=entry,
                actor=described_actor(entry.origin.actor),
                channel=CHANNELS[entry.origin.source.channel],
                base_url=self._base_url,
                **values,
            )
        )

    def _deliver(self, recipient: str, subject: str, body: str) -> None:
        # Names are user data: a line break in a subject would begin another header.
        subject = one_line(subject)
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
    environment = Environment(  # noqa: S701 - plain text
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    environment.filters["moment"] = minute_utc
    environment.filters["line"] = one_line
    environment.filters["details"] = details
    environment.filters["source"] = source
    environment.globals["titles"] = TITLES
    environment.globals["leaked"] = Rule.LEAKED_KEY
    environment.filters["describe_failure"] = describe_failure
    return environment
