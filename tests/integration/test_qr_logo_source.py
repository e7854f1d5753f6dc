"""Logos are fetched from a server on this machine, which does what servers should not."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from jmpy.qr import logo_source
from jmpy.qr.errors import UnusableLogo
from jmpy.qr.logo import normalized
from jmpy.qr.logo_source import LogoSource
from project.receiver import Receiver
from tests.integration.deliveries import local_receiver


def _png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "PNG")
    return file.getvalue()


LOGO = _png()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with local_receiver(tmp_path, monkeypatch) as receiver:
        receiver.status, receiver.body = 200, LOGO
        yield receiver


def source(server: Receiver, altogether: float = 2) -> LogoSource:
    """That may read from this machine."""
    return LogoSource(server.trust, lambda address: address == "127.0.0.1", altogether)


def test_a_logo_is_fetched_once_with_its_query(server: Receiver) -> None:
    assert source(server).read(server.url) == normalized(LOGO)
    assert [request.path for request in server.received] == ["/hook?token=t0ken"]


@pytest.mark.parametrize("status", [204, 301, 302, 307, 404, 500])
def test_no_redirect_is_followed_and_no_error_is_a_logo(server: Receiver, status: int) -> None:
    server.status = status
    with pytest.raises(UnusableLogo):
        source(server).read(server.url)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LOGO + bytes(256 * 1024), "256 KB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "PNG or JPEG"),
        (b"", "PNG or JPEG"),
    ],
)
def test_another_body_is_no_logo(server: Receiver, body: bytes, reason: str) -> None:
    server.body = body
    with pytest.raises(UnusableLogo, match=reason):
        source(server).read(server.url)


@pytest.mark.parametrize("part", ["dawdles", "trickles"])
def test_a_server_that_responds_byte_by_byte_is_cut_off(server: Receiver, part: str) -> None:
    setattr(server, part, True)
    with pytest.raises(UnusableLogo, match="not received within"):
        source(server, altogether=0.3).read(server.url)


def test_a_host_without_a_valid_certificate_is_not_read(server: Receiver) -> None:
    unknown = LogoSource(ssl.create_default_context(), lambda _: True)
    with pytest.raises(UnusableLogo, match="certificate"):
        unknown.read(server.url)
    assert server.received == []


def test_a_name_that_resolves_slowly_is_not_waited_for(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: server.is_over.wait(9))
    monkeypatch.setattr(logo_source, "RESOLVING", 0.05)
    with pytest.raises(UnusableLogo, match="not found"):
        source(server).read(server.url)


def test_a_name_that_leads_to_this_machine_is_not_connected_to(server: Receiver) -> None:
    with pytest.raises(UnusableLogo, match="no public address"):
        LogoSource(server.trust).read(server.url)
    assert server.received == []
