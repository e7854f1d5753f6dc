"""The authorizer and people who signed in: an ID token in place of a key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jmpy.access.errors import INVALID
from jmpy.access.identity import Identity
from jmpy.access.permission import Permission
from jmpy.accounts.model import Account, InterimKey, Subscription
from jmpy.authorizer import denial
from jmpy.authorizer.hints import Hint
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts, is_id_token
from jmpy.cache import Cache
from jmpy.keys import token
from jmpy.keys.model import ApiKey
from jmpy.sessions.errors import SignInUnavailable
from jmpy.sessions.id_token import IdTokenVerifier
from jmpy.sessions.signing_keys import SigningKeys
from tests import cognito
from tests.authorizer_events import ADDRESS, NO_TOKENS, SETTINGS, effect, event
from tests.cognito import claims, sign

NOW = 1_800_000_000.0
DENIED = denial.context(INVALID, Hint.JWT) | {"viewer": ADDRESS}
"""The same for every denied ID token."""
ACCOUNT = Account(cognito.SUBJECT, Subscription("pro", "usage-1"), 1000)


class Environment:
    """An execution environment of the authorizer, with a table of accounts and without a key."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.reads: list[str] = []
        self.keys_document: Any = cognito.keys_document()
        keys = SigningKeys(self._fetch, lambda: NOW)
        verifier = IdTokenVerifier(cognito.SETTINGS, keys, lambda: NOW)
        sessions = SessionAccounts(verifier.verify, self._account, Cache())
        self._authorizer = Authorizer(
            SETTINGS, self._no_key, Cache(), sessions, NO_TOKENS, now=lambda: NOW
        )

    def authorize(self, **headers: str) -> dict[str, Any]:
        sent = {name.replace("_", "-"): [value] for name, value in headers.items()}
        return self._authorizer.authorize(event(sent))

    def _fetch(self) -> Any:
        if isinstance(self.keys_document, Exception):
            raise self.keys_document
        return self.keys_document

    def _account(self, account_id: str) -> Account | None:
        self.reads.append(account_id)
        return self.accounts.get(account_id)

    def _no_key(self, digest: str) -> ApiKey | None:
        self.reads.append(digest)
        return None


def test_an_id_token_may_do_everything_in_its_account() -> None:
    response = Environment(ACCOUNT).authorize(Authorization=f"Bearer {sign(claims(NOW))}")
    assert effect(response) == "Allow"
    assert response["context"] == {
        "account_id": cognito.SUBJECT,
        "plan": "pro",
        "permissions": "analytics delete read write",
        "credential": "session",
        "lookup": "table",
        "viewer": ADDRESS,
    }
    assert response["usageIdentifierKey"] == "usage-1"


def test_a_usage_plan_key_is_used_once_api_gateway_has_applied_it() -> None:
    for until, identifier in ((int(NOW) + 1, "usage-0"), (int(NOW), "usage-1")):
        subscription = Subscription("pro", "usage-1", interim=InterimKey("usage-0", until))
        account = replace(ACCOUNT, subscription=subscription)
        response = Environment(account).authorize(Authorization=f"Bearer {sign(claims(NOW))}")
        assert response["usageIdentifierKey"] == identifier


def test_the_audit_log_can_name_who_it_is_of() -> None:
    known = Environment(replace(ACCOUNT, email=cognito.EMAIL))
    response = known.authorize(Authorization=f"Bearer {sign(claims(NOW))}")
    caller = Identity.from_event({"requestContext": {"authorizer": response["context"]}})
    assert caller.email == cognito.EMAIL


def test_its_context_is_an_identity_without_a_key() -> None:
    response = Environment(ACCOUNT).authorize(Authorization=f"Bearer {sign(claims(NOW))}")
    caller = Identity.from_event({"requestContext": {"authorizer": response["context"]}})
    assert (caller.account_id, caller.key_id) == (cognito.SUBJECT, None)
    assert caller.permissions == set(Permission)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(NOW)},
        {"aud": "client-2"},
        {"iss": "https://evil.example"},
        {"token_use": "access"},
    ],
)
def test_a_wrong_id_token_is_denied_without_a_read(changes: dict[str, Any]) -> None:
    environment = Environment(ACCOUNT)
    response = environment.authorize(Authorization=f"Bearer {sign(claims(NOW, **changes))}")
    assert (effect(response), response["context"]) == ("Deny", {"reason": "token", **DENIED})
    assert environment.reads == []


def test_a_forged_id_token_is_denied_without_a_read() -> None:
    environment = Environment(ACCOUNT)
    response = environment.authorize(
        Authorization=f"Bearer {sign(claims(NOW), key=cognito.FOREIGN_KEY)}"
    )
    assert (effect(response), response["context"]) == ("Deny", {"reason": "token", **DENIED})
    assert environment.reads == []


def test_who_has_no_account_is_denied() -> None:
    response = Environment().authorize(Authorization=f"Bearer {sign(claims(NOW))}")
    assert (effect(response), response["context"]) == (
        "Deny",
        {"reason": "no account", "lookup": "table", **DENIED},
    )


def test_an_account_is_read_once_in_a_while() -> None:
    environment = Environment(ACCOUNT)
    for _ in range(3):
        environment.authorize(Authorization=f"Bearer {sign(claims(NOW))}")
    assert environment.reads == [cognito.SUBJECT]


def test_a_fault_of_cognito_is_never_a_decision() -> None:
    environment = Environment(ACCOUNT)
    environment.keys_document = SignInUnavailable("down")
    with pytest.raises(SignInUnavailable):
        environment.authorize(Authorization=f"Bearer {sign(claims(NOW))}")


def test_an_id_token_counts_as_a_bearer_only() -> None:
    environment = Environment(ACCOUNT)
    response = environment.authorize(X_API_Key=sign(claims(NOW)))
    assert (effect(response), response["context"]) == ("Deny", {"reason": "malformed", **DENIED})


@pytest.mark.parametrize(
    "text",
    [token.generate(), "x", "a.b.c", "eyJ.a", "eyJ" + "a" * 9000 + ".a.a"],
    ids=["key", "letter", "letters", "half", "long"],
)
def test_what_has_not_the_shape_of_an_id_token_is_none(text: str) -> None:
    assert not is_id_token(text)
