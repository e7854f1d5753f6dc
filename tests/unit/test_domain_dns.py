"""What resolvers send is not trusted, and one that fails says nothing about the records."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jmpy import fetch
from jmpy.domains.dns import Finding, LookupFailed, RecordType, Resolver, Resolvers
from jmpy.domains.ownership import ProofRecords, examine
from local import dns_zone

RECORDS = ProofRecords.of_claim("go.acme.com", "019b", "0" * 32, "cname.operator.net")
ZONE = f"""
{RECORDS.txt_name} TXT {RECORDS.txt_value}
go.acme.com CNAME 019b.cname.operator.net
019b.cname.operator.net A 192.0.2.1
"""


class Web:
    """In the place of the resolvers: zones by the host of each, or a response as it is."""

    def __init__(self, **zones: Any) -> None:
        self.zones = zones
        self.requested: list[str] = []

    def request(self, method: str, url: str, headers: Any, *, altogether: float) -> fetch.Response:
        assert (method, headers, altogether) == ("GET", {"Accept": "application/dns-json"}, 3.0)
        self.requested.append(url)
        parts = urlsplit(url)
        zone = self.zones[str(parts.hostname)]
        if isinstance(zone, Exception):
            raise zone
        if isinstance(zone, fetch.Response):
            return zone
        if isinstance(zone, str):
            query = parse_qs(parts.query)
            zone = dns_zone.respond(dns_zone.parse(zone), query["name"][0], query["type"][0])
        return fetch.Response(200, json.dumps(zone).encode())


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    served = Web(one=ZONE, two=ZONE)
    monkeypatch.setattr(fetch, "request", served.request)
    return served


def both() -> Resolvers:
    return Resolvers(["https://one/dns-query", "https://two/resolve"])


def txt(*data: str) -> dict[str, Any]:
    answers = [{"name": "x", "type": 16, "TTL": 60, "data": each} for each in data]
    return {"Status": 0, "TC": False, "Answer": answers}


def texts(web: Web, zone: Any) -> frozenset[str]:
    web.zones["one"] = zone
    return Resolver("https://one/resolve").look_up("x", RecordType.TXT).texts


def test_both_resolvers_are_asked_for_the_records_by_their_names(web: Web) -> None:
    assert examine(both(), RECORDS).is_complete
    assert set(web.requested) == {
        f"https://{place}?name={name}&type={kind}"
        for place in ("one/dns-query", "two/resolve")
        for name, kind in (("_jmpy.go.acme.com", "TXT"), ("go.acme.com", "A"))
    }


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (('"jmpy-verify=ab"',), "jmpy-verify=ab"),
        (("jmpy-verify=ab",), "jmpy-verify=ab"),
        (('"jmpy-ver" "ify=ab"',), "jmpy-verify=ab"),
        (('"jmpy-ver""ify=ab"',), "jmpy-verify=ab"),
        (('"v=spf1 -all"', '"jmpy-verify=ab"', '"x"', '""'), "jmpy-verify=ab"),
        (('"a \\"quoted\\" word"',), 'a "quoted" word'),
        (('"back\\\\slash"',), "back\\slash"),
        (('"\\106\\106"',), "jj"),
    ],
)
def test_the_strings_of_a_record_are_joined(web: Web, data: tuple[str, ...], text: str) -> None:
    assert text in texts(web, txt(*data))


def test_twenty_texts_are_examined(web: Web) -> None:
    many = [f'"{number}"' for number in range(1000)]
    assert texts(web, txt(*many)) == {str(number) for number in range(20)}


@pytest.mark.parametrize(
    "response",
    [
        {"Status": 2},
        {"Status": 5},
        {"Status": "0"},
        {"Status": 0, "TC": True},
        {"Status": 0, "Answer": "text"},
        {"Status": 0, "Answer": ["text"]},
        {"Status": 0, "Answer": [{"type": "16", "data": "x"}]},
        {"Status": 0, "Answer": [{"type": 16, "data": 5}]},
        {},
        [],
        None,
        fetch.Response(500, b'{"Status": 0}'),
        fetch.Response(302, b'{"Status": 0}'),
        fetch.Response(200, b"not JSON"),
        fetch.Response(200, b""),
        fetch.Response(200, b'{"Status": 0, "Comment": "' + b"x" * 70_000 + b'"}'),
        fetch.Response(200, b"[" * 60_000),
        fetch.Unreachable("TimeoutError"),
    ],
    ids=lambda response: str(response)[:40],
)
def test_a_response_that_says_nothing_about_the_records_is_a_failure(
    web: Web, response: Any
) -> None:
    with pytest.raises(LookupFailed):
        texts(web, response)
    proof = examine(both(), RECORDS)
    assert (proof.txt, proof.target) == (Finding.UNKNOWN, Finding.UNKNOWN)
    assert not proof.is_complete
    assert not proof.is_missing


def test_a_name_that_does_not_exist_is_missing(web: Web) -> None:
    web.zones = {"one": "", "two": ""}
    proof = examine(both(), RECORDS)
    assert (proof.txt, proof.target) == (Finding.MISSING, Finding.MISSING)
    assert proof.problem(RECORDS) == (
        f"There is no TXT record _jmpy.go.acme.com with jmpy-verify={'0' * 32}. "
        "go.acme.com does not lead to 019b.cname.operator.net."
    )


def test_what_one_resolver_alone_has_is_not_visible_everywhere(web: Web) -> None:
    web.zones["two"] = ""
    proof = examine(both(), RECORDS)
    assert (proof.txt, proof.target) == (Finding.UNKNOWN, Finding.UNKNOWN)
    assert "not visible everywhere" in str(proof.problem(RECORDS))


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("go.acme.com CNAME 019b.cname.operator.net", Finding.FOUND),
        ("go.acme.com CNAME 019B.CNAME.operator.net.", Finding.FOUND),
        (
            "go.acme.com CNAME x.acme.com\nx.acme.com CNAME 019b.cname.operator.net",
            Finding.FOUND,
        ),
        ("go.acme.com A 192.0.2.1", Finding.FOUND),
        ("go.acme.com A 192.0.2.9\ngo.acme.com A 192.0.2.1", Finding.FOUND),
        ("go.acme.com AAAA 2001:db8::1", Finding.FOUND),
        ("go.acme.com CNAME another.cname.operator.net", Finding.MISSING),
        ("go.acme.com CNAME x019b.cname.operator.net", Finding.MISSING),
        ("go.acme.com A 192.0.2.9", Finding.MISSING),
        ("go.acme.com AAAA 2001:db8::9", Finding.MISSING),
        ("go.acme.com TXT 192.0.2.1", Finding.MISSING),
        ("", Finding.MISSING),
    ],
)
def test_the_target_is_reached_by_name_or_by_one_of_its_addresses(
    web: Web, here: str, found: Finding
) -> None:
    zone = f"""
        {here}
        019b.cname.operator.net A 192.0.2.1
        019b.cname.operator.net A 192.0.2.2
        019b.cname.operator.net AAAA 2001:db8::1
    """
    web.zones = {"one": zone, "two": zone}
    assert examine(both(), RECORDS).target is found


def test_a_target_that_has_no_address_yet_is_reached_by_its_name(web: Web) -> None:
    zone = "go.acme.com CNAME 019b.cname.operator.net"
    web.zones = {"one": zone, "two": zone}
    assert examine(both(), RECORDS).target is Finding.FOUND


def test_the_record_of_the_holder_is_in_the_same_lookup(web: Web) -> None:
    records = ProofRecords.of_claim("go.acme.com", "019c", "1" * 32, "cname.operator.net")
    proof = examine(both(), records, "0" * 32)
    assert (proof.txt, proof.holder_txt) == (Finding.MISSING, Finding.FOUND)
    web.zones["two"] = ""
    assert examine(both(), records, "0" * 32).holder_txt is Finding.UNKNOWN


def test_a_value_that_only_contains_the_token_proves_nothing(web: Web) -> None:
    zone = f"_jmpy.go.acme.com TXT x{RECORDS.txt_value}x"
    web.zones = {"one": zone, "two": zone}
    assert examine(both(), RECORDS).txt is Finding.MISSING
