"""MiniStack compresses nothing, whatever an API's minimum compression size: shown bare, closed
adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import pytest

from tests.emulator.gap_stack import Stack


def test_compression_bare_emulator_lacks_it(bare: Stack) -> None:
    response = bare.get("/open", accept_encoding="gzip")
    assert len(response.text) > 200
    assert "content-encoding" not in response.headers


def test_compression_adapted(adapted: Stack) -> None:
    compressed = adapted.get("/open", accept_encoding="deflate, gzip;q=1.0, *;q=0.5")
    assert compressed.headers["content-encoding"] == "gzip"
    assert int(compressed.headers["content-length"]) < len(compressed.text)
    assert compressed.json["requestContext"]["resourcePath"] == "/open"


@pytest.mark.parametrize("accepted", ["identity", "*", "br", "gzip;q=0"])
def test_what_was_not_asked_for_adapted(adapted: Stack, accepted: str) -> None:
    response = adapted.get("/open", accept_encoding=accepted)
    assert "content-encoding" not in response.headers


def test_what_is_small_adapted(adapted: Stack) -> None:
    response = adapted.get("/nowhere", accept_encoding="gzip")
    assert len(response.text) < 200
    assert "content-encoding" not in response.headers
