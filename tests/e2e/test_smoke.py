"""The smoke test: green on a stack that keeps its promises, red on one that breaks any."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import httpx
import pytest

from ops import stack_env
from ops.smoke import __main__ as smoke
from ops.smoke import (
    campaigns,
    contract,
    credentials,
    domains,
    freeze,
    keys,
    limits,
    links,
    qr_codes,
    removal,
)
from ops.smoke.assertions import Wrong
from ops.smoke.fixtures import Fixture, prepared
from project.stack import Stack
from tests.e2e.usage_plans import throttled_after

EVERY = [
    pytest.param(check, id=f"{group}: {title}")
    for group, checks in smoke.GROUPS.items()
    for title, check in checks.items()
]


def left_behind(stack: Stack, account: str) -> list[str]:
    """Where the account, or a usage plan key of it, is stored without a time to live."""
    target = stack.deployment
    dynamodb = target.session.client("dynamodb", endpoint_url=stack.env.endpoint)
    found = [
        output
        for output in ("AccountsTable", "LinksTable", "ClicksTable")
        for item in dynamodb.scan(TableName=target.outputs[output])["Items"]
        if account in str(item) and "expires_ttl" not in item
    ]
    gateway = target.session.client("apigateway", endpoint_url=stack.env.endpoint)
    edge = [key["description"] for key in gateway.get_api_keys(limit=500)["items"]]
    return found + [text for text in edge if account in text]


@pytest.fixture(scope="module")
def fixture(stack: Stack) -> Iterator[Fixture]:
    with prepared(stack.deployment, stack.env.base_url, print) as fixture:
        fixture.idle = 0  # nothing is frozen here
        found = left_behind(stack, fixture.account)
        assert {"AccountsTable", f"free: {fixture.small}"} <= {*found}
        # Enough for the daily limit, and soon consumed: a machine may be slower than Free's rate.
        with throttled_after(stack, fixture.small, 10):
            yield fixture
        stack.secrets.extend(issued.secret for issued in fixture.keys)
    # A click that was queued is counted when the account is gone.
    deadline = time.monotonic() + 30
    while left_behind(stack, fixture.account) and time.monotonic() < deadline:
        time.sleep(1)
        removal.remove(stack.deployment, fixture.accounts, fixture.keys)
    assert left_behind(stack, fixture.account) == []


def test_a_stack_that_keeps_its_promises_passes(
    fixture: Fixture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke.run(fixture, list(smoke.GROUPS)) == 0
    printed = capsys.readouterr().out
    assert f"{len(EVERY)} checks" in printed
    assert printed.count("\nok ") == len(EVERY) - 1
    assert not [issued for issued in fixture.keys if issued.secret in printed]


def test_a_stack_without_a_domain_passes_below_its_stage(stack: Stack, fixture: Fixture) -> None:
    with httpx.Client(base_url=stack.stage_url, timeout=60, trust_env=False) as http:
        assert smoke.run(replace(fixture, http=http), ["credentials", "clicks"]) == 0


@pytest.mark.parametrize("check", EVERY)
def test_no_check_passes_where_nothing_works(fixture: Fixture, check: smoke.Check) -> None:
    down = httpx.MockTransport(lambda _: httpx.Response(503, json={"success": False}))
    http = httpx.Client(base_url=fixture.http.base_url, transport=down)
    with http, pytest.raises(Wrong):
        check(replace(fixture, http=http, patience=0))


class Tampered(httpx.BaseTransport):
    """The stack, with some of its responses changed on their way."""

    def __init__(self, change: Callable[[httpx.Response], None]) -> None:
        self._change = change
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["Accept-Encoding"] = "identity"
        real = self._real.handle_request(request)
        response = httpx.Response(real.status_code, headers=real.headers, content=real.read())
        self._change(response)
        return httpx.Response(response.status_code, headers=response.headers, content=response.text)


def with_status(old: int, new: int, response: httpx.Response) -> None:
    if response.status_code == old:
        response.status_code = new


def with_text(old: str, new: str, response: httpx.Response) -> None:
    """Instead of a text of the same length."""
    response._content = response.content.replace(old.encode(), new.ljust(len(old)).encode())


def with_header(name: str, value: str, response: httpx.Response) -> None:
    """Instead of the header's own value."""
    if name in response.headers:
        response.headers[name] = value


def case_of(promise: str) -> smoke.Check:
    """The first check of the contract whose promise begins so."""
    checks = (check for group in contract.GROUPS.values() for check in group.items())
    return next(check for title, check in checks if title.startswith(promise))


@pytest.mark.parametrize(
    ("check", "change"),
    [
        (case_of("without a key"), partial(with_text, "API key is required", "No key")),
        (case_of("an invalid key is denied"), partial(with_header, "WWW-Authenticate", "Basic")),
        (credentials.revoked, partial(with_status, 401, 200)),
        (case_of("a key in the query is accepted"), partial(with_header, "Deprecation", "")),
        (case_of("a key is accepted"), partial(with_header, "X-Request-Id", "")),
        (case_of("read alone allows"), partial(with_status, 403, 404)),
        (case_of("an unknown route"), partial(with_text, "NOT_FOUND", "INVALID_REQUEST")),
        (case_of("another method"), partial(with_header, "Allow", "GET")),
        (case_of("a list rejects"), partial(with_text, '"limit"', '"limits"')),
        (case_of("create returns every"), partial(with_text, '"clicks":0', '"clicks":1')),
        (limits.headers, partial(with_header, "X-RateLimit-Remaining", "7")),
        (limits.budget, partial(with_text, '"scope":"key"', '"scope":"all"')),
        (limits.usage_plan, partial(with_text, "slow down", "stop")),
        (case_of("a short URL leads"), partial(with_header, "Location", "https://example.com/")),
        (links.click_counted, partial(with_text, '"clicks":1', '"clicks":0')),
        (
            qr_codes.listed_and_deleted,
            partial(with_text, "base64,iVBORw0KGgo", "base64,AVBORw0KGgo"),
        ),
        (qr_codes.listed_and_deleted, partial(with_status, 404, 200)),
        (qr_codes.image_public, partial(with_text, "M4 4h7v1h-7z", "M4 4h6v1h-6z")),
        (qr_codes.image_public, partial(with_status, 304, 200)),
        (qr_codes.scan_counted, partial(with_text, '"scan_count":1', '"scan_count":2')),
        (campaigns.links_and_clicks_counted, partial(with_text, '"url_count":1', '"url_count":2')),
        (campaigns.links_and_clicks_counted, partial(with_status, 409, 200)),
        (campaigns.tag_renamed, partial(with_text, '"remaining":0', '"remaining":1')),
        (domains.subdomain_created_and_deleted, partial(with_status, 409, 200)),
        (keys.sign_in, partial(with_header, "Content-Type", "text/plain")),
    ],
)
def test_a_changed_response_is_detected(
    fixture: Fixture, check: smoke.Check, change: Callable[[httpx.Response], None]
) -> None:
    http = httpx.Client(base_url=fixture.http.base_url, transport=Tampered(change), timeout=60)
    with http, pytest.raises(Wrong):
        check(replace(fixture, http=http, patience=0))


@pytest.mark.parametrize("check", [keys.revoked_in_time, freeze.revoked_after_a_freeze])
def test_a_key_that_outlives_its_revocation_is_detected(
    fixture: Fixture, monkeypatch: pytest.MonkeyPatch, check: smoke.Check
) -> None:
    monkeypatch.setattr("jmpy.keys.service.KeyService.revoke", lambda *_, **__: None)
    with pytest.raises(Wrong, match="401 was expected, not 200"):
        check(fixture)


def test_the_idle_minute_is_part_of_the_test_on_aws_only(stack: Stack) -> None:
    assert "freeze" not in smoke.default_groups(stack.deployment)
    assert smoke.default_groups(replace(stack.deployment, endpoint=None)) == list(smoke.GROUPS)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _on_the_test_stack(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stack_env, "read", lambda: stack.env)

    def test_a_broken_promise_is_reported_and_everything_removed(
        self,
        stack: Stack,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def broken(_: Fixture) -> None:
            raise Wrong("not as promised")

        monkeypatch.setattr(smoke, "GROUPS", {"routes": {"a route": broken}})
        assert smoke.main(["--only", "routes"]) == 1
        printed = capsys.readouterr().out
        assert "FAIL" in printed
        assert "1 failed" in printed
        account = printed.partition("Creating the accounts ")[2].split(",")[0]
        assert left_behind(stack, account) == []

    def test_no_response_is_reported_in_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert smoke.main(["--base-url", "http://127.0.0.1:9"]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
