"""Every sample of events/, on the function as it was built and deployed, by `make invoke`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.clicks.item import link_subject
from jmpy.clicks.reader import ClickReader
from local import __main__ as command
from local import invoke
from local.invoke import Invocation
from ops import stack_env
from project.hosted_login import Person, refresher
from project.redirects import counted
from project.stack import Stack

ACCOUNT = "events"
LINK = "01a2067f-1cf8-78ae-b1f2-93cb8207e68d"
"""The link that clicks and the stream name."""

Run = Callable[..., Any]
tried: set[tuple[str, str]] = set()


@pytest.fixture(scope="module")
def invoked(stack: Stack) -> Callable[..., Invocation]:
    values = {"jmpy_KEY": stack.key("read", account=ACCOUNT)[0], "ACCOUNT": ACCOUNT}

    def invoked(function: str, name: str, **more: str) -> Invocation:
        tried.add((function, name))
        event = invoke.read(function, name, values | more)
        return invoke.invoke(stack.deployment, function, event)

    return invoked


@pytest.fixture(scope="module")
def run(invoked: Callable[..., Invocation]) -> Run:
    """What the function answers."""

    def run(function: str, name: str, **more: str) -> Any:
        done = invoked(function, name, **more)
        assert not done.failed, done
        return done.payload

    return run


@pytest.fixture(scope="module")
def link(run: Run) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(run("links", "create")["body"])["data"]
    return made


@pytest.mark.parametrize(
    ("name", "credential"), [("bearer", "bearer"), ("x-api-key", "x-api-key"), ("query", "query")]
)
def test_the_authorizer_lets_a_key_in(run: Run, name: str, credential: str) -> None:
    response = run("authorizer", name)
    assert response["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert response["context"]["account_id"] == ACCOUNT
    assert response["context"]["credential"] == credential


def test_the_authorizer_lets_a_session_in(run: Run, stack: Stack, person: Person) -> None:
    token = refresher(stack, person)().json()["id_token"]
    response = run("authorizer", "session", ID_TOKEN=token)
    assert response["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert response["context"]["credential"] == "session"
    refused = run("authorizer", "session")
    assert refused["policyDocument"]["Statement"][0]["Effect"] == "Deny"


def test_without_a_key_the_authorizer_fails_as_the_gateway_expects(
    invoked: Callable[..., Invocation],
) -> None:
    done = invoked("authorizer", "none")
    assert (done.failed, done.payload["errorMessage"]) == (True, "Unauthorized")


@pytest.mark.parametrize(
    ("function", "name", "status"),
    [
        ("links", "list", 200),
        ("bulk", "validate", 200),
        ("usage", "report", 200),
        ("analytics", "overview", 200),
        ("keys", "list", 200),
        ("access_logs", "list", 200),
        ("alerts", "list", 200),
        ("audit_log", "list", 200),
        ("dashboard", "page", 302),
        ("docs", "reference", 200),
        ("qr_images", "image", 404),
        # Unsigned: a signature that holds is the scanner's alone to make.
        ("leaked_keys", "report", 401),
    ],
)
def test_a_request_is_answered(run: Run, function: str, name: str, status: int) -> None:
    response = run(function, name)
    assert response["statusCode"] == status, response


def test_a_link_is_made_and_followed(run: Run, link: dict[str, Any]) -> None:
    assert link["short_code"] == "from-an-event"
    followed = run("redirect", "follow")
    assert (followed["statusCode"], followed["headers"]["Location"]) == (301, link["original_url"])


def test_clicks_are_counted_and_go_with_their_link(
    stack: Stack, run: Run, link: dict[str, Any]
) -> None:
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    reader = ClickReader(client, stack.deployment.outputs["ClicksTable"])

    def clicks() -> int:
        return len(list(reader.clicks_of_link(link["id"])))

    before = clicks()
    assert run("clicks", "queue", **{LINK: link["id"]}) == {"batchItemFailures": []}
    assert clicks() == before + 2
    assert run("click_removal", "stream", **{LINK: link["id"]}) == {"batchItemFailures": []}
    assert clicks() == counted(reader, link_subject(link["id"])).total.clicks == 0


def test_the_access_log_is_read_the_first_time_and_again(stack: Stack, run: Run) -> None:
    client = stack.deployment.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    uses = KeyUseStore(client, stack.deployment.outputs["ActivityTable"])
    run("activity", "access-log")
    assert run("activity", "retry") == {"batchItemFailures": []}
    assert set(uses.find(["key-of-the-event", "key-of-the-retry"])) == {
        "key-of-the-event",
        "key-of-the-retry",
    }


def test_links_are_queued_and_checked(run: Run) -> None:
    assert run("link_checks", "stream") is None
    # Of a link that is gone nobody is asked.
    assert run("link_checks", "queue") == {"batchItemFailures": []}


def test_a_domain_that_is_gone_is_removed(run: Run) -> None:
    assert run("domain_removals", "queue") == {"batchItemFailures": []}


def test_domains_are_checked_and_tenants_without_a_domain_deleted(run: Run) -> None:
    assert run("domain_checks", "hourly") is None
    assert run("domain_tenants", "hourly") == {"deleted": 0}


def test_an_alert_and_the_hour_of_notices_are_handled(run: Run) -> None:
    assert run("alert_delivery", "queue") == {"batchItemFailures": []}
    assert run("notices", "hourly") is None
    assert run("notices", "stream") is None
    assert run("notices", "queue") == {"batchItemFailures": []}


def test_every_sample_was_tried() -> None:
    assert tried == {*invoke.samples()}


class TestCommand:
    @pytest.fixture(autouse=True)
    def _on_the_test_stack(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stack_env, "read", lambda: stack.env)

    def invoke(self, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["local", "invoke", *words])
        return command.main()

    def test_an_invocation_prints_the_answer(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.invoke(monkeypatch, "authorizer", "bearer") == 0
        assert json.loads(capsys.readouterr().out)["context"]["credential"] == "bearer"

    def test_a_failure_is_told(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.invoke(monkeypatch, "authorizer", "none") == 1
        assert json.loads(capsys.readouterr().out)["errorMessage"] == "Unauthorized"

    def test_an_unknown_event_is_answered_with_those_there_are(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.invoke(monkeypatch, "authorizer", "nope") == 1
        assert "make invoke F=authorizer E=bearer" in capsys.readouterr().err
