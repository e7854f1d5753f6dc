"""Where alerts may be sent."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from jmpy.addresses import is_public
from jmpy.webhooks.errors import UnusableUrl
from jmpy.webhooks.model import Webhook, new_secret, signature
from project.template import PROJECT


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2001:0:a00:1::",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_what_only_we_can_reach_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com:8443/a/b?token=x",
        "https://[2606:4700::1]/",
    ],
)
def test_a_webhook_is_an_https_url(url: str) -> None:
    assert Webhook(url, "secret").url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.com/",
        "https://",
        "https:///path",
        "https://user:password@example.com/",
        "https://@example.com/",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://[::1/",
        "https://example.com/\r\nHost: other",
        "https://example.com/a b",
        "https://bücher.example/",
        "ftp://example.com/",
        f"https://example.com/{'x' * 2048}",
    ],
)
def test_anything_else_is_not(url: str) -> None:
    with pytest.raises(UnusableUrl):
        Webhook(url, "secret")


def test_a_signature_is_the_one_that_receivers_expect() -> None:
    # Worked out with: printf '1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac secret
    assert signature("secret", 1_800_000_000, '{"id":"a"}') == (
        "t=1800000000,v1=e6ea0431edcabc18c8dedb1fdcf50cb5f2ee58aeb080d681485883d01dd55a2a"
    )


def test_the_example_of_the_documentation_verifies_it() -> None:
    (example,) = re.findall(
        r"```python\n(.*?)```", (PROJECT / "docs" / "alerts.md").read_text(), re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(example, names)
    verify, secret, now = names["is_from_jmpy"], new_secret(), int(time.time())
    assert verify(secret, signature(secret, now, "body"), b"body")
    assert not verify(secret, signature(secret, now, "body"), b"other")
    assert not verify(new_secret(), signature(secret, now, "body"), b"body")
    assert not verify(secret, signature(secret, now - 3600, "body"), b"body")
