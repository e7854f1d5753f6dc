"""The smoke test: green on a stack that keeps its promises, red on one that breaks any."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import httpx
import pytest

from jmpy.access.permission import Permission
from ops import stack_env
from ops.smoke import __main__ as smoke
from ops.smoke import credentials, errors, freeze, keys, limits, links, permissions, removal
from ops.smoke.assertions import Wrong
from ops.smoke.fixtures import Fixture, prepared
from project.stack import Stack

EVERY = [
    pytest.param(check, id=f"{group}: {title}")
    for group, module in smoke.GROUPS.items()
    for title, check in module.CHECKS.items()
]


def left_behind(stack: Stack, account: str) -> list[str]:
    """Where the account, or a key of it at the edge, is for good."""
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
def ground(stack: Stack) -> Iterator[Fixture]:
    with prepared(stack.deployment, stack.env.base_url, print) as ground:
        ground.idle = 0  # nothing is frozen here
        assert {"AccountsTable", f"free: {ground.small}"} <= {*left_behind(stack, ground.account)}
        yield ground
        stack.secrets.extend(issued.secret for issued in ground.keys)
    # A click that was on its way is counted when the account is gone.
    deadline = time.monotonic() + 30
    while left_behind(stack, ground.account) and time.monotonic() < deadline:
        time.sleep(1)
        removal.remove(stack.deployment, [ground.account, ground.small], ground.keys)
    assert left_behind(stack, ground.account) == []


def test_a_stack_that_keeps_its_promises_passes(
    ground: Fixture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke.run(ground, list(smoke.GROUPS)) == 0
    printed = capsys.readouterr().out
    assert f"{len(EVERY)} checks" in printed
    assert printed.count("\nok ") == len(EVERY) - 1
    assert not [issued for issued in ground.keys if issued.secret in printed]


@pytest.mark.parametrize("check", EVERY)
def test_no_check_passes_where_nothing_works(ground: Fixture, check: smoke.Check) -> None:
    down = httpx.MockTransport(lambda _: httpx.Response(503, json={"success": False}))
    http = httpx.Client(base_url=ground.http.base_url, transport=down)
    with http, pytest.raises(Wrong):
        check(replace(ground, http=http, patience=0))


class Tampered(httpx.BaseTransport):
    """The stack, with some of its answers changed on their way."""

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


@pytest.mark.parametrize(
    ("check", "change"),
    [
        (credentials.missing, partial(with_text, "API key is required", "No key")),
        (credentials.malformed, partial(with_header, "WWW-Authenticate", "Basic")),
        (credentials.revoked, partial(with_status, 401, 200)),
        (credentials.query_parameter, partial(with_header, "Deprecation", "")),
        (credentials.bearer_token, partial(with_header, "X-Request-Id", "")),
        (partial(permissions.opens_its_own, Permission.READ), partial(with_status, 403, 404)),
        (errors.no_route, partial(with_text, "NOT_FOUND", "INVALID_REQUEST")),
        (errors.method_not_allowed, partial(with_header, "Allow", "GET")),
        (limits.headers, partial(with_header, "X-RateLimit-Remaining", "7")),
        (limits.usage_plan, partial(with_text, "slow down", "stop")),
        (links.followed, partial(with_header, "Location", "https://example.com/")),
        (links.click_counted, partial(with_text, '"clicks":1', '"clicks":0')),
        (keys.sign_in, partial(with_header, "Content-Type", "text/plain")),
    ],
    ids=lambda value: "" if isinstance(value, partial) else value.__name__,
)
def test_a_changed_answer_is_noticed(
    ground: Fixture, check: smoke.Check, change: Callable[[httpx.Response], None]
) -> None:
    http = httpx.Client(base_url=ground.http.base_url, transport=Tampered(change), timeout=60)
    with http, pytest.raises(Wrong):
        check(replace(ground, http=http, patience=0))


@pytest.mark.parametrize("check", [keys.revoked_in_time, freeze.revoked_after_a_freeze])
def test_a_key_that_outlives_its_revocation_is_noticed(
    ground: Fixture, monkeypatch: pytest.MonkeyPatch, check: smoke.Check
) -> None:
    monkeypatch.setattr("jmpy.keys.service.KeyService.revoke", lambda *_, **__: None)
    with pytest.raises(Wrong, match="401 was expected, not 200"):
        check(ground)


def test_an_idle_minute_is_waited_for_on_aws_and_not_here(stack: Stack) -> None:
    assert "freeze" not in smoke.default_groups(stack.deployment)
    assert smoke.default_groups(replace(stack.deployment, endpoint=None)) == list(smoke.GROUPS)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _on_the_test_stack(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stack_env, "read", lambda: stack.env)

    def test_a_broken_promise_is_told_and_everything_removed(
        self,
        stack: Stack,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(errors, "NO_ROUTE", {"success": True})
        assert smoke.main(["--only", "errors"]) == 1
        printed = capsys.readouterr().out
        assert "FAIL" in printed
        assert "1 failed" in printed
        account = printed.partition("Making the accounts ")[2].split()[0]
        assert left_behind(stack, account) == []

    def test_no_answer_is_one_clear_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert smoke.main(["--base-url", "http://127.0.0.1:9"]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
