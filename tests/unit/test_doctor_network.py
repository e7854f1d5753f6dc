"""`make doctor`: the package index, certificates, proxies and the clock."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from local.doctor import network
from local.doctor.finding import Level
from local.doctor.network import Attempt
from tests.unit.test_doctor import expect

REACHED = Attempt("pypi.org")
UNTRUSTED = ssl.SSLCertVerificationError(
    1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
)
NOT_YET = ssl.SSLCertVerificationError(
    1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid"
)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (replace(REACHED, timed_out=True), ["did not respond within 2 seconds", "https_proxy"]),
        (replace(REACHED, error=TimeoutError("timed out")), ["did not respond"]),
        (replace(REACHED, error=socket.gaierror(-2, "unknown")), ["resolved", "PIP_INDEX_URL"]),
        (replace(REACHED, error=UNTRUSTED), ["does not trust", "SSL_CERT_FILE"]),
        (replace(REACHED, error=NOT_YET), ["not valid at the time", "set the clock"]),
        (replace(REACHED, error=ConnectionRefusedError(111, "Connection refused")),
         ["Connection refused", "firewall"]),
        (replace(REACHED, status=502), ["the response is 502", "firewall"]),
        (replace(REACHED, status=403), ["the response is 403"]),
        (replace(REACHED, status=407), ["name and a password"]),
        (replace(REACHED, error=OSError("Tunnel connection failed: 407 Proxy Authentication")),
         ["name and a password"]),
    ],
)  # fmt: skip
def test_an_index_that_cannot_be_used(attempt: Attempt, words: list[str]) -> None:
    expect(network.index(attempt, installed=False), Level.PROBLEM, "pypi.org", *words)
    expect(network.index(attempt, installed=True), Level.WARNING, "only updates need it", *words)


def test_an_index_that_responds() -> None:
    expect(network.index(REACHED, installed=False), Level.OK, "pypi.org")
    # A mirror that requires a password: it can be reached, and pip sends the password.
    expect(network.index(replace(REACHED, status=401), installed=False), Level.OK)
    proxied = replace(REACHED, proxy="proxy:3128")
    expect(network.index(proxied, installed=False), Level.OK, "by the proxy proxy:3128")


@pytest.mark.parametrize(
    ("skew", "level", "words"),
    [
        (3.0, Level.OK, []),
        (-230.0, Level.OK, []),
        (3600.0, Level.PROBLEM, ["60 minutes ahead", "timedatectl"]),
        (-600.0, Level.PROBLEM, ["10 minutes behind"]),
    ],
)
def test_the_clock(skew: float, level: Level, words: list[str]) -> None:
    found = network.clock(replace(REACHED, skew_seconds=skew))
    assert found is not None
    expect(found, level, *words)
    assert network.clock(REACHED) is None


@pytest.mark.parametrize(
    ("named", "authorities", "level", "words"),
    [
        ({}, True, Level.OK, []),
        ({"SSL_CERT_FILE": True}, True, Level.OK, []),
        ({"SSL_CERT_FILE": False}, True, Level.PROBLEM, ["SSL_CERT_FILE", "does not exist"]),
        ({}, False, Level.PROBLEM, ["ca-certificates", "Install Certificates.command"]),
    ],
)
def test_certificates(
    named: dict[str, bool], authorities: bool, level: Level, words: list[str]
) -> None:
    expect(network.certificates(named, authorities), level, *words)


def test_a_proxy_between_curl_and_the_local_stack() -> None:
    assert network.loopback(None, direct=False) is None
    assert network.loopback("proxy:3128", direct=True) is None
    found = network.loopback("proxy:3128", direct=False)
    assert found is not None
    expect(found, Level.WARNING, "proxy:3128", "no_proxy=127.0.0.1")


def test_the_index_is_the_one_that_pip_uses(tmp_path: Path) -> None:
    first, second, broken = (tmp_path / name for name in ("first", "second", "broken"))
    first.write_text("[global]\nindex-url = https://first.example/simple\n")
    second.write_text("[global]\nindex-url = https://second.example/simple\n")
    broken.write_text("index-url\n")
    missing = tmp_path / "missing"
    assert network.index_url({}, [missing, broken]) == network.PYPI
    assert network.index_url({}, [first, second]) == "https://second.example/simple"
    assert network.index_url({"PIP_INDEX_URL": "https://x/"}, [first]) == "https://x/"
    assert network.index_url({"PIP_NO_INDEX": "1"}, [first]) is None


def test_an_index_that_is_not_there_is_reported_without_its_password() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        number = closed.getsockname()[1]
        attempt = network.Contact(f"http://me:secret@127.0.0.1:{number}/simple")
        attempt.start()
        attempt.join()
        found = network.index(attempt.result(), installed=False)
    expect(found, Level.PROBLEM, f"127.0.0.1:{number}")
    assert "secret" not in str(found)
