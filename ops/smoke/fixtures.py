"""What checks run on: accounts of their own with keys, and a client that calls the API as they
would."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from jmpy.access.permission import Permission
from jmpy.accounts.model import DEFAULT_PLAN
from jmpy.accounts.usage_plan_keys import SETTLING
from jmpy.limits.plan import LimitClass
from ops.contract.case import ACCOUNTS, Key, Place
from ops.smoke import removal
from ops.smoke.assertions import SHORT_URLS, Wrong, bearer

if TYPE_CHECKING:
    from jmpy.keys.model import IssuedKey
    from ops.deployment import Deployment

FEW = 2
"""Links a day of the account whose limit is tried."""

_TIMEOUT = 35.0
"""Seconds: longer than API Gateway waits for a function."""

_SETTLED = 5
"""Requests in a row after which API Gateway knows a new key everywhere that we look."""

_IDLE = 60.0
"""Seconds without a request; Lambda freezes an environment as soon as it has none."""

_PATIENCE = 120.0
"""Seconds until what happens behind a request has to show."""

Say = Callable[[str], None]


class NotReady(Exception):
    """The stack never admitted the throw-away accounts."""


@dataclass
class Fixture:
    http: httpx.Client
    target: Deployment
    account: str
    """On the best plan, so that no limit is in the way of other checks."""
    small: str
    """On the default plan, with a limit of FEW links a day."""
    keys: list[IssuedKey] = field(default_factory=list)
    strips_query_key: bool = False
    """Whether the edge in front removes `api_key` from query strings."""
    domain: str = ""
    """Another host that leads to the stack."""
    patience: float = _PATIENCE
    idle: float = _IDLE

    def key(
        self,
        *permissions: str,
        account: str | None = None,
        limits: Mapping[str, int] | None = None,
    ) -> IssuedKey:
        issued = self.target.keys.create(
            account or self.account,
            "smoke test",
            permissions,
            by=self.target.operator,
            limits=limits,
        )
        self.keys.append(issued)
        return issued

    @property
    def place(self) -> Place:
        return Place.DEPLOYED if self.target.endpoint is None else Place.LOCAL

    @cached_property
    def short_urls_start(self) -> str:
        """What precedes the code in a short URL: of another address, if DNS does not point yet."""
        base_url = str(self.http.base_url).rstrip("/")
        if self.target.outputs["BaseUrl"] == base_url:
            return base_url
        link = self.link()
        return str(link["short_url"].removesuffix(f"/{link['short_code']}"))

    @property
    def accounts(self) -> list[str]:
        return [*(self.account_of(name) for name in ACCOUNTS), self.small, self.new]

    @property
    def new(self) -> str:
        """An account that a check creates."""
        return f"{self.account}-new"

    def account_of(self, name: str) -> str:
        """The account that cases of the contract know by this name."""
        return self.account if name == ACCOUNTS[0] else f"{self.account}-{name}"

    def secret(self, *permissions: str) -> str:
        """Of the account's key with exactly these permissions; created at the first call."""
        return self.secret_of(Key(frozenset(permissions or Permission)))

    def secret_of(self, key: Key) -> str:
        account = self.account_of(key.account)
        for issued in self.keys:
            record = issued.record
            is_fit = (record.account_id, record.permissions) == (account, key.permissions)
            if is_fit and not record.limits:
                return issued.secret
        return self.key(*key.permissions, account=account).secret

    def send(
        self, method: str, path: str = SHORT_URLS, secret: str | None = None, **sent: Any
    ) -> httpx.Response:
        """With the secret as a Bearer token; without one, as `sent` says."""
        headers = {**(bearer(secret) if secret else {}), **sent.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **sent)

    def link(self, **fields: Any) -> dict[str, Any]:
        """A new link."""
        response = self.send(
            "POST", SHORT_URLS, self.secret(), json={"url": "https://example.com/", **fields}
        )
        if response.status_code != httpx.codes.CREATED:
            raise Wrong(f"no link was created: {response.status_code} {response.text[:400]}")
        made: dict[str, Any] = response.json()["data"]
        return made

    def await_that(self, what: str, is_so: Callable[[], bool], pause: float = 0.5) -> str:
        """How long it took, in words. Raises Wrong when it is not so in time."""
        started = time.monotonic()
        while not is_so():
            if time.monotonic() - started > self.patience:
                raise Wrong(f"{what} did not happen within {self.patience:.0f} seconds")
            time.sleep(pause)
        return f"after {time.monotonic() - started:.1f} s"


@contextmanager
def prepared(
    target: Deployment, base_url: str, say: Say, *, strips_query_key: bool = False
) -> Iterator[Fixture]:
    """Accounts, which are removed afterwards, whatever happened. Raises NotReady."""
    name = f"smoke-{secrets.token_hex(6)}"
    with httpx.Client(
        base_url=base_url, timeout=_TIMEOUT, trust_env=target.endpoint is None
    ) as http:
        fixture = Fixture(http, target, name, f"{name}-small", strips_query_key=strips_query_key)
        try:
            say(f"Creating the accounts {', '.join(fixture.accounts)}")
            _create_accounts(fixture)
            say(f"API Gateway admits them {_await_admission(fixture)}")
            yield fixture
        finally:
            say("Removing them, with their keys and links")
            removal.remove(target, fixture.accounts, fixture.keys)


def _create_accounts(fixture: Fixture) -> None:
    target = fixture.target
    accounts = target.accounts_without_pauses
    best = list(target.usage_plan_keys.usage_plans)[-1]
    for account in set(fixture.accounts) - {fixture.new}:
        is_small = account == fixture.small
        plan, limits = (DEFAULT_PLAN, {LimitClass.URL_CREATION: FEW}) if is_small else (best, {})
        accounts.ensure(account, by=target.operator)
        accounts.subscribe(account, plan, limits, by=target.operator)
    fixture.key("read", "write", account=fixture.small)


def _await_admission(fixture: Fixture) -> str:
    """How long API Gateway takes to apply the accounts' usage plan keys. They are used at once, so
    that it responds 503 until then."""
    secrets_of_all = [
        fixture.keys[0].secret,
        *(fixture.secret_of(Key(account=name)) for name in ACCOUNTS),
    ]
    started, row = time.monotonic(), 0
    while row < _SETTLED:
        responses = [fixture.send("GET", "/api/v1/usage", secret) for secret in secrets_of_all]
        row = row + 1 if all(response.is_success for response in responses) else 0
        if time.monotonic() - started > max(fixture.patience, SETTLING):
            found = [f"{response.status_code} {response.text[:200]}" for response in responses]
            raise NotReady(f"the stack does not admit the new accounts: {'; '.join(found)}")
        time.sleep(0 if row else 1)
    return f"after {time.monotonic() - started:.1f} s"
