"""MiniStack puts names of headers in lower case and joins values: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from typing import Any

from tests.emulator.gap_stack import Stack

SENT = [
    ("tEsT-HEADeR", "aValUE"), ("aUThorization", "Allow"), ("user-agent", "An agent"),
    ("X-Twice", "1"), ("x-twice", "2"), ("Max-Forwards", "3"),
]  # fmt: skip


def event(stack: Stack) -> Any:
    return stack.target.send("GET", "/open", SENT).json


def test_headers_bare_emulator_lacks_it(bare: Stack) -> None:
    headers = event(bare)["multiValueHeaders"]
    assert headers["test-header"] == ["aValUE"]
    assert headers["x-twice"] == ["1, 2"]
    assert headers["max-forwards"] == ["3"]


def test_headers_adapted(adapted: Stack) -> None:
    received = event(adapted)
    headers = received["multiValueHeaders"]
    assert headers["tEsT-HEADeR"] == ["aValUE"]
    assert headers["Authorization"] == ["Allow"]
    assert headers["User-Agent"] == ["An agent"]
    assert headers["X-Twice"] == ["1", "2"]
    assert received["headers"]["X-Twice"] == "2"
    assert received["headers"].keys() == headers.keys()
    assert not headers.keys() & {"Max-Forwards", "max-forwards", "authorization", "x-twice"}
