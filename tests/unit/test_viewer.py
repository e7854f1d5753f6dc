"""Whose word about a viewer is believed."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from jmpy.gateway import viewer
from jmpy.gateway.viewer import Edge, EdgeRequired, Viewer

SECRET = "s3cret-of-the-edge-with-48-characters-0123456789"
NEXT = "the-next-secret-of-the-edge-with-enough-characters"
CONNECTED = "192.0.2.1"


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


CLOUDFRONT = Edge((digest(SECRET),))
CLOUDFLARE = Edge((digest(SECRET),), "CF-Connecting-IP", "CF-IPCountry")


def event(**headers: str | list[str]) -> dict[str, Any]:
    """`X_Jmpy_Edge` is the header X-Jmpy-Edge."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "multiValueHeaders": {k: [v] if isinstance(v, str) else v for k, v in named.items()},
        "requestContext": {
            "domainName": "api123.execute-api.eu-west-1.amazonaws.com",
            "apiId": "api123",
            "identity": {"sourceIp": CONNECTED},
        },
    }


def through_cdn(address: str, secret: str | list[str] = SECRET) -> dict[str, Any]:
    return event(
        X_Jmpy_Edge=secret, CloudFront_Viewer_Address=address, CloudFront_Viewer_Country="DE"
    )


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.10:46532", "198.51.100.10"),
        # CloudFront puts IPv6 into no brackets; the last part is the port, however it looks.
        ("2406:2d40:728d:fa10::c4a:42838", "2406:2d40:728d:fa10::c4a"),
        ("2001:db8::1:46532", "2001:db8::1"),
        ("2001:db8::1:443", "2001:db8::1"),
        ("2001:DB8:0:0:0:0:0:1:443", "2001:db8::1"),
        ("[2001:db8::1]:46532", "2001:db8::1"),
        ("::ffff:198.51.100.10:46532", "198.51.100.10"),
    ],
)
def test_with_the_proof_the_address_and_country_are_those_of_the_viewer(
    header: str, address: str
) -> None:
    assert CLOUDFRONT.viewer(through_cdn(header)) == Viewer(address, "DE", proven=True)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        SECRET[:-1],
        SECRET.upper(),
        SECRET + "x",
        digest(SECRET),
        [],
        [SECRET, SECRET],
        ["guess", SECRET],
        "\ud800" + SECRET,
        "é" * 40,
    ],
)
def test_without_the_proof_no_header_is_believed(secret: str | list[str]) -> None:
    sent = through_cdn("198.51.100.10:46532", secret)
    sent["multiValueHeaders"] |= {"X-Forwarded-For": ["198.51.100.10"], "CF-IPCountry": ["DE"]}
    assert CLOUDFRONT.viewer(sent) == Viewer(CONNECTED)


@pytest.mark.parametrize(
    ("hashes", "secret"),
    [((), SECRET), (("",), ""), ((digest(""),), ""), ((digest("short"),), "short")],
)
def test_what_is_no_secret_proves_nothing(hashes: tuple[str, ...], secret: str) -> None:
    assert Edge(hashes).viewer(through_cdn("198.51.100.10:46532", secret)) == Viewer(CONNECTED)


def test_during_a_rotation_both_secrets_prove() -> None:
    edge = Edge((digest(SECRET), digest(NEXT)))
    found = [edge.viewer(through_cdn("198.51.100.10:1", secret)) for secret in (SECRET, NEXT)]
    assert found == [Viewer("198.51.100.10", "DE", proven=True)] * 2
    assert not Edge((digest(NEXT),)).viewer(through_cdn("198.51.100.10:1", SECRET)).proven


@pytest.mark.parametrize(
    "header",
    [
        "",
        "198.51.100.10",
        "198.51.100.10, 203.0.113.9:80",
        "fe80::1%eth0:80",
        "host:80",
        "\ud800:1",
    ],
)
def test_an_address_that_is_none_leaves_the_one_that_connected(header: str) -> None:
    found = CLOUDFRONT.viewer(through_cdn(header))
    assert (found.address, found.proven, found.is_stated) == (CONNECTED, True, False)


def test_a_header_that_came_twice_is_not_believed() -> None:
    sent = event(
        X_Jmpy_Edge=SECRET,
        CloudFront_Viewer_Address=["198.51.100.10:1", "203.0.113.9:1"],
        CloudFront_Viewer_Country="DE",
    )
    sent["multiValueHeaders"]["cloudfront-viewer-country"] = ["BR"]
    assert CLOUDFRONT.viewer(sent) == Viewer(CONNECTED, None, proven=True, is_stated=False)


@pytest.mark.parametrize(
    ("address", "country", "expected"),
    [
        ("198.51.100.10", "DE", Viewer("198.51.100.10", "DE", proven=True)),
        ("2001:db8::443", "T1", Viewer("2001:db8::443", None, proven=True)),
        (
            "198.51.100.10, 203.0.113.9",
            "XX",
            Viewer(CONNECTED, None, proven=True, is_stated=False),
        ),
    ],
)
def test_another_cdn_has_headers_of_its_own(address: str, country: str, expected: Viewer) -> None:
    sent = through_cdn("203.0.113.9:1")
    sent["multiValueHeaders"] |= {"cf-connecting-ip": [address], "cf-ipcountry": [country]}
    assert CLOUDFLARE.viewer(sent) == expected


def test_where_the_edge_is_required_only_what_came_through_it_is_admitted() -> None:
    closed = Edge((digest(SECRET),), required=True, public_address="https://go.example.com")
    assert closed.admit(through_cdn("198.51.100.10:1")).proven
    with pytest.raises(EdgeRequired, match=r"use https://go\.example\.com$"):
        closed.admit(through_cdn("198.51.100.10:1", NEXT))
    assert not CLOUDFRONT.admit(event()).proven


def test_the_settings_are_those_of_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Edge.from_environment() == Edge()
    monkeypatch.setenv("EDGE_SECRET_HASHES", f"{digest(SECRET)},{digest(NEXT)}")
    monkeypatch.setenv("VIEWER_ADDRESS_HEADER", "CF-Connecting-IP")
    monkeypatch.setenv("VIEWER_COUNTRY_HEADER", "CF-IPCountry")
    monkeypatch.setenv("REQUIRE_EDGE", "true")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert Edge.from_environment() == Edge(
        (digest(SECRET), digest(NEXT)),
        "CF-Connecting-IP",
        "CF-IPCountry",
        required=True,
        public_address="https://go.example.com",
    )
    with pytest.raises(EdgeRequired):
        viewer.admit(event())
    assert viewer.from_event(event()) == Viewer(CONNECTED)
