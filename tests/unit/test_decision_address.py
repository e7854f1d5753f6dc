"""A key with a list of allowed addresses: who is let through, and what the others learn."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.authorizer.settings import AuthorizerSettings
from jmpy.cache import TTL, Cache
from jmpy.gateway.viewer import Edge
from jmpy.keys.model import ApiKey, KeyStatus
from project.keys import issued
from tests.authorizer_events import NO_TOKENS, SETTINGS, effect, event

NOW = 2000.0
PROOF = "what-the-edge-proves-itself-with-0123456789"
BEHIND_CDN = replace(SETTINGS, edge=Edge((sha256(PROOF.encode()).hexdigest(),)))
SECRET, KEY = issued(allowed_ips=("203.0.113.0/24", "2001:db8::1"))
CDN = "192.0.2.99"


def authorizer(find: Any, settings: AuthorizerSettings = SETTINGS, now: Any = None) -> Authorizer:
    sessions = SessionAccounts(lambda _: pytest.fail("verified"), lambda _: None, Cache())
    clock = now or (lambda: NOW)
    return Authorizer(settings, find, Cache(now=clock), sessions, NO_TOKENS, now=clock)


def calling_from(address: str, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): [value] for name, value in headers.items()}
    sent = event({"X-API-Key": [SECRET], **named})
    sent["requestContext"]["identity"]["sourceIp"] = address
    return sent


def found(_digest: str) -> ApiKey:
    return KEY


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "Allow"),
        ("::ffff:203.0.113.7", "Allow"),
        ("2001:db8:0:0::1", "Allow"),
        ("203.0.114.7", "Deny"),
        ("2001:db8::2", "Deny"),
        ("", "Deny"),
    ],
)
def test_only_allowed_addresses_may_use_the_key(address: str, expected: str) -> None:
    response = authorizer(found).authorize(calling_from(address))
    assert effect(response) == expected
    assert response["context"].get("reason") == (None if expected == "Allow" else "address")


@pytest.mark.parametrize("settings", [SETTINGS, BEHIND_CDN])
@pytest.mark.parametrize(
    "header",
    [
        "X_Forwarded_For", "Forwarded", "X_Real_IP", "True_Client_IP", "CF_Connecting_IP",
        "CloudFront_Viewer_Address",
    ],
)  # fmt: skip
def test_without_the_proof_of_the_edge_no_header_states_the_address(
    settings: AuthorizerSettings, header: str
) -> None:
    for proof in ({}, {"X_Jmpy_Edge": PROOF[:-1]}):
        for stated in ("203.0.113.7", "203.0.113.7:1"):
            sent = calling_from(CDN, **{header: stated}, **proof)
            assert effect(authorizer(found, settings).authorize(sent)) == "Deny"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("203.0.113.7:46532", "Allow"),
        ("[2001:db8::1]:46532", "Allow"),
        ("2001:db8::1:46532", "Allow"),
        ("198.51.100.7:46532", "Deny"),
        ("2001:db8::2:1", "Deny"),
    ],
)
def test_behind_the_edge_the_viewers_address_counts(stated: str, expected: str) -> None:
    sent = calling_from(
        CDN,
        X_Jmpy_Edge=PROOF,
        CloudFront_Viewer_Address=stated,
        X_Forwarded_For="203.0.113.7",
    )
    assert effect(authorizer(found, BEHIND_CDN).authorize(sent)) == expected


@pytest.mark.parametrize("stated", [{}, {"CloudFront_Viewer_Address": "unknown"}])
def test_behind_the_edge_the_edges_own_address_never_counts(stated: dict[str, str]) -> None:
    sent = calling_from("203.0.113.99", X_Jmpy_Edge=PROOF, **stated)
    response = authorizer(found, BEHIND_CDN).authorize(sent)
    assert (effect(response), response["context"]["reason"]) == ("Deny", "address")


def test_the_response_is_that_to_any_other_key_which_is_denied() -> None:
    revoked = replace(KEY, status=KeyStatus.REVOKED)
    contexts = [
        authorizer(find).authorize(calling_from("198.51.100.7"))["context"]
        for find in (found, lambda _: revoked, lambda _: None)
    ]
    rendered = [
        {name: context[name] for name in ("error_code", "error_message", "error_end")}
        for context in contexts
    ]
    assert rendered[0] == rendered[1] == rendered[2]
    assert [context["reason"] for context in contexts] == ["address", "revoked", "unknown"]
    assert contexts[0].items() >= {"account_id": "account-1", "key_id": "key-1"}.items()


def test_a_key_that_ended_is_denied_as_such_from_anywhere() -> None:
    ended = replace(KEY, expires_at=1999)
    response = authorizer(lambda _: ended).authorize(calling_from("198.51.100.7"))
    assert response["context"]["reason"] == "expired"


def test_a_cached_key_is_evaluated_for_each_address_with_one_read() -> None:
    reads: list[str] = []

    def find(digest: str) -> ApiKey:
        reads.append(digest)
        return KEY

    warm = authorizer(find)
    responses = [
        warm.authorize(calling_from(address))
        for address in ("203.0.113.7", "198.51.100.7", "203.0.113.8", "198.51.100.8")
    ]
    assert [effect(response) for response in responses] == ["Allow", "Deny"] * 2
    assert [response["context"]["lookup"] for response in responses] == ["table", *["cache"] * 3]
    assert len(reads) == 1


def test_a_list_that_is_narrowed_bites_when_the_cache_expires() -> None:
    now, stored = NOW, KEY
    warm = authorizer(lambda _: stored, now=lambda: now)
    sent = calling_from("203.0.113.7")
    assert effect(warm.authorize(sent)) == "Allow"
    stored = replace(KEY, allowed_ips=("2001:db8::1",))
    now += TTL
    assert TTL < 5
    assert effect(warm.authorize(sent)) == "Deny"
