"""Destinations that a provider checks: from the stream of the links' table to a takedown."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.audit.model import Action, ActorType
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.checks.provider import ProviderUnavailable
from jmpy.checks.safe_browsing import LONGEST, SHORTEST, URL, SafeBrowsing
from jmpy.checks.service import DestinationChecks
from jmpy.checks.verdicts import Verdicts
from jmpy.links.errors import LinkTakenDown
from jmpy.links.new_link import NewLink
from jmpy.links.safety import TakedownReason
from jmpy.links.takedown import TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from jmpy.redirect.lookup import RedirectLookup
from project import functions, safe_browsing, template
from project.origins import SOMEBODY
from project.safe_browsing import KEY, FakeSafeBrowsing
from project.tables import ACTIVITY, AUDIT, LINK_CHECKS_QUEUE, LINKS, SAFE_BROWSING_KEY, SALTS
from tests.integration.conftest import Clock
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

GOOD, BAD = "https://example.com/", "https://evil.example/login"


@pytest.fixture
def google() -> Iterator[FakeSafeBrowsing]:
    with safe_browsing.serving() as fake:
        fake.unsafe[BAD] = "SOCIAL_ENGINEERING"
        yield fake


class Checked:
    """Links, and the check of their destinations."""

    def __init__(self, client: DynamoDBClient, google: FakeSafeBrowsing, clock: Clock) -> None:
        store = TakedownStore(client, LINKS)
        self.links = SomebodysLinks(store, clock)
        self.audit = AuditLog(client, AUDIT)
        self.notices = TakedownNotices(client, ACTIVITY)
        self.takedowns = TakedownService(store, self.audit, self.notices, clock)
        provider = SafeBrowsing(lambda: KEY, google.url)
        verdicts = Verdicts(client, LINKS, provider.id)
        self.checks = DestinationChecks(store, verdicts, provider, self.takedowns, clock)

    def new(self, url: str = BAD, account: str = "acme") -> str:
        return self.links.create(account, NewLink(url)).short_code


@pytest.fixture
def checked(dynamodb: DynamoDBClient, google: FakeSafeBrowsing, clock: Clock) -> Checked:
    return Checked(dynamodb, google, clock)


def test_a_link_to_an_unsafe_destination_is_taken_down_and_the_others_are_not(
    checked: Checked, dynamodb: DynamoDBClient, clock: Clock
) -> None:
    good, bad = checked.new(GOOD), checked.new()
    assert [link.short_code for link in checked.checks.check([good, bad])] == [bad]
    lookup = RedirectLookup(dynamodb, LINKS, SALTS, clock)
    assert lookup.follow(good).url == GOOD
    with pytest.raises(LinkTakenDown):
        lookup.follow(bad)
    assert checked.links.get("acme", bad).safety_reason == (
        "phishing: Google Safe Browsing lists its destination as unsafe"
    )


def test_the_audit_log_names_the_provider_and_the_owner_is_notified(
    checked: Checked, clock: Clock
) -> None:
    checked.checks.check([checked.new()])
    (entry,) = checked.audit.all("acme", EntryFilter(action=Action.LINK_TAKEN_DOWN), 10)
    actor = entry.origin.actor
    assert (actor.type, actor.id, actor.name) == (
        ActorType.SAFETY_CHECK, "safe-browsing", "Google Safe Browsing",
    )  # fmt: skip
    assert [notice.destination for (notice,) in checked.notices.waiting(clock.time)] == [BAD]


def test_a_check_that_is_repeated_does_nothing_twice(
    checked: Checked, google: FakeSafeBrowsing
) -> None:
    code = checked.new()
    checked.checks.check([code])
    assert checked.checks.check([code]) == []
    assert len(google.requested) == 1
    assert len([*checked.audit.all("acme", EntryFilter(), 10)]) == 1


def test_a_match_is_cached_for_as_long_as_the_provider_says(
    checked: Checked, google: FakeSafeBrowsing, clock: Clock
) -> None:
    google.cache_duration = "600s"
    checked.checks.check([checked.new()])
    google.unsafe.clear()
    clock.time += 599
    assert len(checked.checks.check([checked.new()])) == 1
    assert len(google.requested) == 1
    clock.time += 1
    assert checked.checks.check([checked.new()]) == []
    assert len(google.requested) == 2


def test_links_to_one_destination_are_one_question(
    checked: Checked, google: FakeSafeBrowsing
) -> None:
    codes = [checked.new(account=account) for account in ("acme", "acme", "other")]
    assert len(checked.checks.check(codes)) == 3
    assert google.requested == [[BAD]]


def test_a_destination_that_is_changed_meanwhile_is_not_blamed(checked: Checked) -> None:
    code = checked.new()
    order = checked.checks._order(next(iter(checked.checks._threats({BAD}).values())))
    checked.links.change("acme", code, {"url": GOOD})
    assert checked.takedowns.take_down_matched(code, BAD, order, by=SOMEBODY) is None
    assert not checked.links.get("acme", code).taken_down


def test_what_an_operator_restored_stays_restored_until_it_leads_elsewhere(
    checked: Checked, google: FakeSafeBrowsing
) -> None:
    code = checked.new()
    checked.checks.check([code])
    checked.takedowns.restore(code, by=SOMEBODY)
    assert checked.checks.check([code]) == []
    other = "https://evil.example/other"
    google.unsafe[other] = "MALWARE"
    checked.links.change("acme", code, {"url": other})
    assert len(checked.checks.check([code])) == 1


def test_links_that_are_gone_or_taken_down_are_no_question(
    checked: Checked, google: FakeSafeBrowsing
) -> None:
    code = checked.new()
    checked.checks.check([code])
    checked.links.remove("acme", code)
    held = checked.new(GOOD)
    checked.links.remove("acme", held)
    assert checked.checks.check([code, held, "gone"]) == []
    assert len(google.requested) == 1


UNREADABLE = {
    "an error": (500, b""),
    "over the quota": (429, b"{}"),
    "a wrong key": (403, b"{}"),
    "no JSON": (200, b"<html>"),
    "not an object": (200, b"[]"),
    "other fields": (200, b'{"matches": [{"threat": 1}]}'),
    "another URL": (
        200,
        b'{"matches": [{"threatType": "MALWARE", "threat": {"url": "https://example.org/"}}]}',
    ),
    "too much": (200, b"x" * 300_000),
}


@pytest.mark.parametrize("response", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_verdict_clears_nobody(
    checked: Checked, google: FakeSafeBrowsing, response: tuple[int, bytes]
) -> None:
    google.response = response
    with pytest.raises(ProviderUnavailable) as unavailable:
        checked.checks.check([checked.new()])
    assert "evil.example" not in str(unavailable.value)


def test_a_redirect_is_not_followed(checked: Checked, google: FakeSafeBrowsing) -> None:
    google.response = (302, b"")
    google.headers["Location"] = google.url.replace("find", "elsewhere")
    with pytest.raises(ProviderUnavailable, match="302"):
        checked.checks.check([checked.new()])
    assert len(google.paths) == 1


def test_a_provider_that_is_not_there_is_unavailable() -> None:
    provider = SafeBrowsing(lambda: KEY, "http://127.0.0.1:1/")
    with pytest.raises(ProviderUnavailable):
        provider.threats({BAD})


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("SOCIAL_ENGINEERING", TakedownReason.PHISHING),
        ("MALWARE", TakedownReason.MALWARE),
        ("UNWANTED_SOFTWARE", TakedownReason.MALWARE),
        ("SOMETHING_NEW", TakedownReason.OTHER),
    ],
)
def test_a_threat_has_a_reason(google: FakeSafeBrowsing, kind: str, reason: TakedownReason) -> None:
    google.unsafe[BAD] = kind
    assert SafeBrowsing(lambda: KEY, google.url).threats({BAD})[BAD].reason is reason


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("300.000s", 300), ("300s", 300), ("59.9s", SHORTEST), ("999999s", LONGEST),
        ("", SHORTEST), ("forever", SHORTEST), ("-5s", SHORTEST),
    ],
)  # fmt: skip
def test_how_long_a_verdict_holds_is_bounded(
    google: FakeSafeBrowsing, stated: str, seconds: int
) -> None:
    google.cache_duration = stated
    assert SafeBrowsing(lambda: KEY, google.url).threats({BAD})[BAD].cached_for == seconds


def test_the_key_is_in_no_address_and_no_log(
    google: FakeSafeBrowsing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    google.response = (500, b"")
    with pytest.raises(ProviderUnavailable) as unavailable:
        SafeBrowsing(lambda: KEY, google.url).threats({BAD})
    assert KEY not in f"{google.paths} {caplog.text} {unavailable.value!r}"


# The function


@pytest.fixture
def app(dynamodb: DynamoDBClient, google: FakeSafeBrowsing, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SAFE_BROWSING_URL", google.url)
    boto3.client("ssm").put_parameter(Name=SAFE_BROWSING_KEY, Value=KEY, Type="SecureString")
    return functions.load("link_checks")


def changed(*codes: str) -> dict[str, Any]:
    """As the stream tells of codes that were written."""
    return {
        "Records": [
            {
                "eventSource": "aws:dynamodb",
                "dynamodb": {"Keys": {"pk": {"S": f"code#{code}"}, "sk": {"S": "code"}}},
            }
            for code in codes
        ]
    }


def queued() -> list[str]:
    """The bodies of the messages."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=LINK_CHECKS_QUEUE)["QueueUrl"]
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in received.get("Messages", [])]


def delivered(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"eventSource": "aws:sqs", "messageId": str(number), "body": body}
            for number, body in enumerate(bodies)
        ]
    }


def test_links_that_changed_wait_in_the_queue_a_hundred_in_a_message(app: Any) -> None:
    codes = [f"code-{number}" for number in range(101)]
    app.handler(changed(*codes, codes[0]), functions.LambdaContext())
    assert sorted(len(json.loads(body)) for body in queued()) == [1, 100]


def test_a_message_takes_the_link_down(app: Any, checked: Checked) -> None:
    code = checked.new()
    app.handler(changed(code), functions.LambdaContext())
    response = app.handler(delivered(*queued()), functions.LambdaContext())
    assert response == {"batchItemFailures": []}
    assert checked.links.get("acme", code).taken_down


@pytest.mark.parametrize("body", ["", "{}", '["a'])
def test_what_is_no_message_ends_in_the_dead_letter_queue(app: Any, body: str) -> None:
    response = app.handler(delivered(body), functions.LambdaContext())
    assert response == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_while_the_provider_is_down_the_message_comes_again(
    app: Any, checked: Checked, google: FakeSafeBrowsing, capsys: pytest.CaptureFixture[str]
) -> None:
    code = checked.new()
    google.response = (503, b"")
    message = delivered(json.dumps([code]))
    for _ in range(2):
        response = app.handler(message, functions.LambdaContext())
        assert response == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    google.response = None
    assert app.handler(message, functions.LambdaContext()) == {"batchItemFailures": []}
    assert checked.links.get("acme", code).taken_down
    assert KEY not in capsys.readouterr().out


def test_a_match_is_counted(app: Any, checked: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    app.handler(
        delivered(json.dumps([checked.new(GOOD), checked.new()])), functions.LambdaContext()
    )
    printed = capsys.readouterr().out
    assert '"LinksChecked":[2.0]' in printed
    assert '"UnsafeLinks":[1.0]' in printed


# The template


def test_it_is_off_by_default() -> None:
    properties = template.resources("AWS::Serverless::Function")["LinkChecksFunction"]
    for event in properties["Events"].values():
        assert event["Properties"]["Enabled"] == {"If": ["HasSafeBrowsing", True, False]}
    assert template.load()["Parameters"]["SafeBrowsing"]["Default"] == "false"
    assert properties["Environment"]["Variables"]["SAFE_BROWSING_URL"] == URL


def test_what_fails_for_an_hour_ends_in_the_dead_letter_queue() -> None:
    queue = template.resources("AWS::SQS::Queue")["LinkChecksQueue"]
    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    timeout = template.resources("AWS::Serverless::Function")["LinkChecksFunction"]["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * timeout
    assert tries * queue["VisibilityTimeout"] >= 3600
