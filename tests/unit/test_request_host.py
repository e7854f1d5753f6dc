"""Which host a request is for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.gateway import request_host
from jmpy.gateway.request_host import DEFAULT_DOMAIN, HEADER, NO_HOST

API = "api123.execute-api.eu-west-1.amazonaws.com"
BASE_URL = "https://go.example.com/s"
OWN = "links.example.com, d111111abcdef8.cloudfront.net"


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", BASE_URL)
    monkeypatch.setenv("OWN_DOMAINS", OWN)


def event(domain_name: str, *stated: str, **headers: str) -> dict[str, Any]:
    sent = {name: [value] for name, value in headers.items()}
    return {
        "multiValueHeaders": sent | ({"X-Jmpy-Host": list(stated)} if stated else {}),
        "requestContext": {"domainName": domain_name, "apiId": "api123"},
    }


def stated(*values: str) -> str:
    """By the operator's CDN."""
    return request_host.from_event(event(API, *values), proven=True)


def named(domain_name: str) -> str:
    """By API Gateway, without a CDN."""
    return request_host.from_event(event(domain_name), proven=False)


@pytest.mark.parametrize("find", [stated, named])
@pytest.mark.parametrize(
    "text",
    [
        "go.acme.com",
        "GO.ACME.COM:443",
        "go.acme.com.",
        "Go.Acme.com.:8443",
        "go.acme.com:",
    ],
)
def test_every_spelling_of_a_host_is_that_host(find: Any, text: str) -> None:
    assert find(text) == "go.acme.com"


@pytest.mark.parametrize("find", [stated, named])
@pytest.mark.parametrize(
    "text",
    [
        API,
        "go.example.com",
        "GO.EXAMPLE.COM:443",
        "go.example.com.",
        "links.example.com",
        "d111111abcdef8.cloudfront.net",
        "localhost",
        "localhost:8080",
        "127.0.0.1:8080",
        "127.0.0.2",
        "[::1]:8080",
        "[::1]",
    ],
)
def test_a_name_of_the_deployment_is_the_default_domain(find: Any, text: str) -> None:
    assert find(text) == DEFAULT_DOMAIN


@pytest.mark.parametrize("find", [stated, named])
@pytest.mark.parametrize(
    "text",
    [
        "acme.test",
        "example.com",
        "promo.go.example.com",
        "xgo.example.com",
        "go.example.com.evil.test",
        "promo.short.localhost",
        "other.execute-api.eu-west-1.amazonaws.com",
        "api123.example.com",
        "192.0.2.7",
        "xn--pple-43d.com",
    ],
)
def test_any_other_name_is_never_the_default_domain(find: Any, text: str) -> None:
    assert find(text) == text


@pytest.mark.parametrize("find", [stated, named])
@pytest.mark.parametrize(
    "text",
    [
        "a" * 254,
        "go.acme.com..",
        ".go.acme.com",
        "go..acme.com",
        "go.acme.com/x",
        "go.acme.com:443:443",
        "user@go.acme.com",
        "go.example.com, go.acme.com",
        "g\u00f6.acme.com",
        "\u212aacme.com",
        "go.acme.com#",
        "go acme.com",
    ],
)
def test_what_can_be_no_host_is_nobodys(find: Any, text: str) -> None:
    assert find(text) == NO_HOST


def test_without_the_proof_nobody_can_state_a_host() -> None:
    sent = event(API, "victim.example", Host="victim.example", **{"X-Forwarded-Host": "v.example"})
    assert request_host.from_event(sent, proven=False) == DEFAULT_DOMAIN
    sent = event("go.acme.com", "go.example.com", Host="go.example.com")
    assert request_host.from_event(sent, proven=False) == "go.acme.com"


def test_a_cdn_that_states_no_host_leaves_api_gateways() -> None:
    assert stated() == stated("") == DEFAULT_DOMAIN
    assert request_host.from_event(event("go.acme.com", " "), proven=True) == "go.acme.com"


def test_two_hosts_are_none() -> None:
    assert stated("go.acme.com", "go.example.com") == NO_HOST


def test_a_deployment_without_a_name_has_that_of_api_gateway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PUBLIC_BASE_URL")
    monkeypatch.delenv("OWN_DOMAINS")
    assert named(API) == DEFAULT_DOMAIN
    assert named("go.example.com") == "go.example.com"


def test_a_name_in_another_script_is_compared_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://b\u00fccher.example")
    assert stated("xn--bcher-kva.example") == DEFAULT_DOMAIN


texts = st.text(max_size=300) | st.text("aZ0-.:[]_, \u212a/", max_size=20)


@given(texts, st.lists(texts, max_size=3), st.booleans())
def test_whatever_is_sent_the_host_is_one_that_a_key_can_hold(
    domain_name: str, sent: list[str], proven: bool
) -> None:
    host = request_host.from_event(event(domain_name, *sent), proven=proven)
    assert host == host.lower()
    assert host.isascii()
    assert len(host) <= 253
    assert not set(host) & set("/#: ,")


@given(texts, st.lists(texts, min_size=1, max_size=3))
def test_without_the_proof_the_header_changes_nothing(domain_name: str, sent: list[str]) -> None:
    found = request_host.from_event(event(domain_name, *sent), proven=False)
    assert found == request_host.from_event(event(domain_name), proven=False)


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@given(st.lists(labels, min_size=2, max_size=5), st.sampled_from(["", ":443", ".", ".:8080"]))
def test_a_host_is_the_same_in_any_case_with_port_and_dot(parts: list[str], end: str) -> None:
    host = ".".join(parts)
    assert stated(host.upper() + end) == stated(host) == named(host)


def test_the_header_is_found_in_any_case() -> None:
    sent = {"multiValueHeaders": {HEADER.upper(): ["go.acme.com"]}, **context(API)}
    assert request_host.from_event(sent, proven=True) == "go.acme.com"


def context(domain_name: str) -> dict[str, Any]:
    return {"requestContext": {"domainName": domain_name, "apiId": "api123"}}
