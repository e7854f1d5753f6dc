"""Short-lived tokens on the page of their key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from project.origins import SOMEBODY
from tests import cognito

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey
    from tests.integration.browser import Browser

HEADING = "Short-lived tokens</h2>"


@pytest.fixture
def key(person: Browser) -> ApiKey:
    keys = person.app.services.keys
    created: ApiKey = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    return created


def page(person: Browser, key: ApiKey) -> str:
    return person.get(f"/dashboard/api-keys/{key.id}").text


def test_a_key_without_tokens_has_no_such_section(person: Browser, key: ApiKey) -> None:
    assert HEADING not in page(person, key)


def test_tokens_are_listed_and_revoked_one_by_one_or_all(person: Browser, key: ApiKey) -> None:
    tokens = person.app.services.tokens
    for name in ("<b>first</b>", "second", "third"):
        tokens.create(key, name=name)
    shown = page(person, key)
    assert HEADING in shown
    assert "&lt;b&gt;first&lt;/b&gt;" in shown
    path = f"/dashboard/api-keys/{key.id}/tokens/revoke"
    second = next(one for one in tokens.of_key(key) if one.name == "second")
    for _ in range(2):  # also from a tab that still lists it
        done = person.submit(path, {"token": second.id})
        assert (done.status, done.headers["location"].endswith("?done=token-revoked")) == (
            303,
            True,
        )
    assert {one.name for one in tokens.of_key(key)} == {"<b>first</b>", "third"}
    done = person.submit(path, {})
    assert (
        "All short-lived tokens of the key were revoked"
        in person.get(done.headers["location"]).text
    )
    assert tokens.of_key(key) == []
    assert HEADING not in page(person, key)


def test_tokens_of_another_accounts_key_are_not_revoked(person: Browser, key: ApiKey) -> None:
    services = person.app.services
    services.tokens.create(key)
    done = person.submit("/dashboard/api-keys/another/tokens/revoke", {})
    assert done.status == 404
    assert len(services.tokens.of_key(key)) == 1
