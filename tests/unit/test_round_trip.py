"""What is exported comes back equal when it is imported: every field of a link, whatever it holds.

A field that is added to `Link` fails here until it is said what becomes of it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jmpy.campaigns.model import Campaign
from jmpy.domains.model import DomainKind, DomainName
from jmpy.formats import csv_file
from jmpy.gateway.own_names import OwnNames
from jmpy.imports import fields, records
from jmpy.imports import rows as import_rows
from jmpy.imports.service import ImportService, Result
from jmpy.links import codes, destination, export, tags, utm
from jmpy.links.bulk import BulkService
from jmpy.links.errors import InvalidDestination, UnknownDomain
from jmpy.links.model import Link
from jmpy.links.safety import Cause, Takedown, TakedownReason
from jmpy.links.schema import LinkBody
from jmpy.links.short_url import link_url, printed_url
from jmpy.links.store import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOW = 1_800_000_000
LATEST = 253_370_764_799
"""The end of the last year that a time may have."""
BASE_URL = "https://go.example.com"
ZONE = "go.example.com"
OWN = dataclasses.replace(OwnNames.from_urls([BASE_URL]), zone=ZONE)
PROMO = DomainName("1", f"promo.{ZONE}", DomainKind.SUBDOMAIN)
ACME = DomainName("2", "link.acme.test", DomainKind.BRANDED)
DOMAINS = {domain.host: domain for domain in (PROMO, ACME)}

CARRIED = (
    "short_code", "url", "name", "tags", "expires_at", "is_dynamic", "disabled",
    "tracking_enabled", "forward_query", "utm", "campaign_id", "qr_code", "domain", "qr_domain",
)  # fmt: skip
NOT_CARRIED = {
    "id": "a new one, by the time of the import",
    "account_id": "that of who imports",
    "created_at": "the time of the import",
    "updated_at": "the time of the import",
    "custom_alias": "every code of a file counts as chosen",
    "channel": "how the link came here",
    "source": "how the link came here",
    "click_count": "counted here, from nought on",
    "bot_count": "counted here, from nought on",
    "last_clicked_at": "counted here, from nought on",
    "version": "counts the changes made here",
    "password_hash": "never exported; the row is rejected, so that the link is not opened to all",
    "takedowns": "an operator's; the link is imported disabled",
    "cleared": "an operator's word about the destination, here",
    "qr_id": "a new one, by the time of the import",
}


def test_the_use_of_every_field_is_reported() -> None:
    assert sorted([*CARRIED, *NOT_CARRIED]) == sorted(f.name for f in dataclasses.fields(Link))


_NASTY = st.sampled_from(
    [
        "'", "''", "=", "=1+1", "+", "-", "@", "'=1", '"', '""', ",", ";", "|", "\\", " ", "  ",
        "\u00a0", "\u3000", "\u200b", "\u200e\u05d0\u05d1", "e\u0301", "\u00e9", "\U0001f4a9",
        "\U0001f468\u200d\U0001f469", "\uff1d", "\ufffd", "{", "[", "#", "null", "true", "0", "1e5",
        "https://", "\ufeff", "%00", "\u202e",
    ]
)  # fmt: skip
_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029")
_LINES = st.lists(
    st.one_of(_NASTY, st.text(_CHARACTERS, min_size=1, max_size=8)), min_size=1, max_size=8
)
names = _LINES.map("".join).filter(lambda text: len(text) <= 255)


def _is_free(code: str) -> bool:
    return code.lower() not in codes.RESERVED


def _tag(text: str) -> str | None:
    try:
        return tags.normalized(text)
    except ValueError:
        return None


def _url(text: str) -> str | None:
    try:
        return destination.checked(f"https://example.com/{text}", OWN)
    except InvalidDestination:
        return None


def _with_its_utm(link: Link) -> Link:
    return dataclasses.replace(link, url=utm.applied(link.url, link.utm))


def _with_a_domain_of_its_qr_code(link: Link) -> Link:
    return link if link.qr_code is not None else dataclasses.replace(link, qr_domain=None)


def _present(value: str | None) -> bool:
    return value is not None


links = (
    st.builds(
        Link,
        id=st.just(codes.link_id(0)),
        account_id=st.just("a"),
        short_code=st.from_regex(r"[A-Za-z0-9_-]{3,50}", fullmatch=True).filter(_is_free),
        url=st.one_of(names, st.text(_CHARACTERS, min_size=500, max_size=2500))
        .map(_url)
        .filter(_present),
        utm=st.dictionaries(st.sampled_from(utm.NAMES), names.map(str.strip).filter(bool)),
        created_at=st.just(1),
        updated_at=st.just(2),
        name=st.none() | names,
        tags=st.lists(names.map(_tag).filter(_present), max_size=20, unique=True).map(tuple),
        expires_at=st.none() | st.integers(1, LATEST),
        is_dynamic=st.booleans(),
        forward_query=st.booleans(),
        disabled=st.booleans(),
        tracking_enabled=st.booleans(),
        campaign_id=st.none() | st.uuids().map(str),
        qr_id=st.just("qr"),
        qr_code=st.none() | st.from_regex(r"[A-Za-z0-9]{7}", fullmatch=True).filter(_is_free),
        domain=st.sampled_from([None, PROMO, ACME]),
        qr_domain=st.sampled_from([None, PROMO, ACME]),
        click_count=st.integers(0, 10**9),
    )
    .map(_with_its_utm)
    .map(_with_a_domain_of_its_qr_code)
    .filter(lambda link: len(link.url) <= destination.MAX_LENGTH)
)


def _have_codes_of_their_own(exported: list[Link]) -> bool:
    found = [code for link in exported for code in link.addresses]
    return len(set(found)) == len(found)


class Campaigns:
    """As if all existed."""

    def find_all(self, account_id: str, references: Iterable[str]) -> dict[str, Campaign]:
        return {text: Campaign(text, account_id, text, 0, 0) for text in references}


class Domains:
    """Without a primary one."""

    def usable_all(self, _account_id: str, hosts: Iterable[str]) -> dict[str, DomainName]:
        return {host: DOMAINS[host] for host in hosts if host in DOMAINS}

    def primary(self, _account_id: str) -> None:
        return None

    def problems(self, _account_id: str, hosts: Iterable[str]) -> dict[str, UnknownDomain]:
        return {host: UnknownDomain(host) for host in hosts}

    def leading_here(self, _urls: Iterable[str], _own: OwnNames) -> set[str]:
        return set()


class Store:
    """What an import asks of the table, which is empty."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.campaigns = Campaigns()
        self.domains = Domains()

    def targets(self, _codes: Iterable[str]) -> dict[str, Any]:
        return {}

    def blocked_hosts(self) -> frozenset[str]:
        return frozenset()

    def add_all(self, added: list[Link], _also: Any) -> Rejected:
        self.links += added
        return Rejected(set(), set(), set())


def as_csv(exported: list[Link]) -> str:
    lines = [export.HEADER, *(export.row(link, BASE_URL, NOW) for link in exported)]
    return "".join(map(csv_file.line, lines))


def as_json(exported: list[Link]) -> str:
    """As a program would store the response of the list, with `qrCode` and `qrFormat=json`."""
    bodies = [
        LinkBody.from_link(
            link, BASE_URL, NOW, qr_content=printed_url(BASE_URL, link) or link_url(BASE_URL, link)
        ).model_dump(mode="json")
        for link in exported
    ]
    return json.dumps({"success": True, "data": {"shortUrls": bodies, "pagination": {}}})


def imported(text: str) -> tuple[list[Link], list[str]]:
    """The links, and why rows were rejected."""
    file = records.read(records.decoded(text.encode()))
    rows = import_rows.rows(file, fields.recognize(file.fields))
    store: Any = Store()
    bulk = BulkService(store, lambda: NOW)
    service = ImportService(store, bulk, lambda _link: (), lambda: NOW)
    planned = service.plan("b", rows, OWN, shortest_code=1)
    outcomes = [outcome for batch in service.run("b", planned) for outcome in batch]
    rejected = [
        reason
        for outcome in outcomes
        if outcome.result is Result.REJECTED
        for reason in outcome.reasons
    ]
    return store.links, rejected


def carried(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in CARRIED}


both = pytest.mark.parametrize("written", [as_csv, as_json])


@both
@settings(max_examples=60, deadline=None, phases=set(Phase) - {Phase.shrink, Phase.explain})
@given(exported=st.lists(links, min_size=1, max_size=3).filter(_have_codes_of_their_own))
def test_export_and_import_are_inverse_for_every_field(
    written: Callable[[list[Link]], str], exported: list[Link]
) -> None:
    found, rejected = imported(written(exported))
    assert rejected == []
    assert [carried(link) for link in found] == [carried(link) for link in exported]


def one(**values: Any) -> Link:
    created: dict[str, Any] = {"id": codes.link_id(0), "account_id": "a", "short_code": "spring",
            "url": "https://example.com/", "created_at": 1, "updated_at": 2}  # fmt: skip
    return Link(**(created | values))


@both
def test_a_link_with_a_password_is_rejected_and_not_opened_to_everybody(
    written: Callable[[list[Link]], str],
) -> None:
    found, (reason,) = imported(written([one(password_hash="$argon2id$...")]))
    assert found == []
    assert reason.startswith("password: The link has a password, which is not imported")


@both
@pytest.mark.parametrize("cause", Cause)
def test_a_link_that_was_taken_down_is_imported_disabled(
    written: Callable[[list[Link]], str], cause: Cause
) -> None:
    takedown = Takedown(cause, TakedownReason.PHISHING, "Seen in a mail", 3)
    (found,), rejected = imported(written([one(takedowns=(takedown,))]))
    assert rejected == []
    assert (found.disabled, found.takedowns) == (True, ())


def test_a_file_of_ours_that_a_spreadsheet_saved_is_still_read() -> None:
    exported = one(name="'=1+1", tags=("b", "a"), expires_at=NOW + 1, campaign_id=str(UUID(int=1)))
    lines = list(csv.reader(io.StringIO(as_csv([exported]), newline="")))
    saved = "".join(";".join(f" {cell} " for cell in line) + "\r\n" for line in lines)
    found, rejected = imported("\ufeff" + saved)
    assert rejected == []
    assert [carried(link) for link in found] == [carried(exported) | {"name": " '=1+1 "}]


def test_a_character_that_was_lost_before_is_reported_for_its_row() -> None:
    text = "short_code,original_url,name\none,https://a.example/,M\ufffdller\ntwo,https://b.example/,B\n"
    (found,), (reason,) = imported(text)
    assert found.short_code == "two"
    assert "U+FFFD" in reason


def test_a_campaign_of_another_service_is_not_ours() -> None:
    text = "short_code,original_url,campaign_id\none,https://a.example/,summer\n"
    (found,), rejected = imported(text)
    assert (found.campaign_id, rejected) == (None, [])


@both
def test_a_domain_that_the_account_does_not_have_is_the_mistake_of_its_row(
    written: Callable[[list[Link]], str],
) -> None:
    lost = DomainName("3", "lost.acme.test", DomainKind.BRANDED)
    exported = [one(domain=lost), one(short_code="autumn", domain=ACME)]
    (found,), (reason,) = imported(written(exported))
    assert found.short_code == "autumn"
    assert reason.startswith("domain: 'lost.acme.test' is not one of your domains")


def test_a_branded_domain_of_a_list_of_ones_own_is_where_its_links_are_imported() -> None:
    text = (
        "code,url,branded_domain,domain\n"
        f"one,https://a.example/,{ACME.host.upper()},old.test\ntwo,https://b.example/,,old.test\n"
    )
    (first, second), rejected = imported(text)
    assert rejected == []
    assert (first.domain, second.domain) == (ACME, None)
