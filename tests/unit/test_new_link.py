"""The rules of a new link, which are one function for every way to create one."""

from __future__ import annotations

from dataclasses import fields

import pytest

from jmpy.gateway.own_names import OwnNames
from jmpy.links import password
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import (
    AliasTooShort,
    ExpiryPassed,
    InvalidAlias,
    InvalidDestination,
    InvalidPassword,
)
from jmpy.links.model import Link, Source
from jmpy.links.new_link import NewLink, ProcessedLink
from jmpy.links.processing import InvalidLink, Rules, process_link

NOW = 1_800_000_000
URL = "https://example.com/"
STRICT = Rules()
SET_ON_CREATION = {
    "id", "account_id", "short_code", "qr_code", "created_at", "updated_at",
}  # fmt: skip
SET_LATER = {
    "click_count", "bot_count", "last_clicked_at", "takedowns", "cleared", "version",
}  # fmt: skip


def process(new: NewLink, rules: Rules = STRICT) -> ProcessedLink:
    blocklist = Blocklist(lambda: frozenset({"evil.example"}), lambda: NOW)
    return process_link(new, rules, blocklist=blocklist, now=NOW)


def errors_of(new: NewLink, rules: Rules = STRICT) -> list[type[Exception]]:
    with pytest.raises(InvalidLink) as raised:
        process(new, rules)
    return [type(error) for error in raised.value.errors]


def test_every_broken_rule_is_reported_at_once() -> None:
    new = NewLink("ftp://example.com", "no way", password="short", expires_at=NOW)
    assert errors_of(new) == [InvalidDestination, InvalidAlias, InvalidPassword, ExpiryPassed]


def test_destinations_of_this_service_and_of_the_blocklist_are_rejected() -> None:
    own = Rules(OwnNames(frozenset({"jm.example"})))
    assert errors_of(NewLink("https://jm.example/x"), own) == [InvalidDestination]
    assert errors_of(NewLink("https://sub.evil.example/")) == [InvalidDestination]


def test_an_import_may_have_short_codes_and_a_past_expiry() -> None:
    new = NewLink(URL, "ab", expires_at=NOW - 1)
    assert errors_of(new) == [AliasTooShort, ExpiryPassed]
    imported = process(new, Rules(shortest_alias=1, allows_past_expiry=True))
    assert (imported.custom_alias, imported.expires_at) == ("ab", NOW - 1)


def test_what_passes_is_what_is_stored() -> None:
    new = NewLink(
        "HTTPS://Example.com", "sale", password="long enough", name="Sale", tags=("a", "b", "a"),
        expires_at=NOW + 1, is_dynamic=True, disabled=True, tracking_enabled=False,
        forward_query=True, utm={"utm_source": "news", "utm_term": ""},
        campaign_id="c", channel="make", source=Source.BULK_IMPORT,
    )  # fmt: skip
    link = process(new).to_link("acme", NOW, lambda: "random")
    assert (link.url, link.utm) == (f"{URL}?utm_source=news", {"utm_source": "news"})
    assert (link.tags, link.short_code) == (("a", "b"), "sale")
    assert link.password_hash is not None
    assert password.matches("long enough", link.password_hash)
    assert (link.account_id, link.created_at, link.updated_at) == ("acme", NOW, NOW)
    same = (
        "name",
        "expires_at",
        "is_dynamic",
        "disabled",
        "tracking_enabled",
        "campaign_id",
        "forward_query",
    )
    assert {name: getattr(link, name) for name in same} == {n: getattr(new, n) for n in same}
    assert (link.channel, link.source) == ("make", "BULK_IMPORT")


def test_without_an_alias_a_link_gets_a_random_code() -> None:
    link = process(NewLink(URL)).to_link("acme", NOW, lambda: "random")
    assert (link.short_code, link.custom_alias) == ("random", None)


def test_every_field_of_a_link_is_asked_for_or_follows() -> None:
    asked = {field.name for field in fields(ProcessedLink)}
    assert {field.name for field in fields(Link)} == asked | SET_ON_CREATION | SET_LATER
    assert {field.name for field in fields(NewLink)} ^ asked == {
        "password", "password_hash", "host", "domain", "qr_host", "qr_domain",
    }  # fmt: skip
