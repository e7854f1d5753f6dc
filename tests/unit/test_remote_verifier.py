"""The authorizer and what IdTokenFunction says of ID tokens."""

from __future__ import annotations

from typing import Any

import pytest

from jmpy.authorizer.id_tokens import RemoteVerifier
from jmpy.cache import Cache
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.model import Claims

SAID = {"subject": "s-1", "email": "a@example.com", "expires_at": 2000}


class Function:
    """IdTokenFunction; `response` is what it returns or raises."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.requested: list[str] = []
        self.now = 1000.0
        self.verifier = RemoteVerifier(self._invoke, Cache(), lambda: self.now)

    def _invoke(self, event: dict[str, Any]) -> Any:
        self.requested.append(event["id_token"])
        if isinstance(self.response, Exception):
            raise self.response
        return self.response


def test_a_valid_token_is_verified_once_in_a_while() -> None:
    function = Function(SAID)
    stated = [function.verifier.verify("a.b.c") for _ in range(3)]
    assert stated == [Claims("s-1", "a@example.com", 2000)] * 3
    assert function.requested == ["a.b.c"]


def test_another_token_is_another_question() -> None:
    function = Function(SAID)
    for token in ("a.b.c", "a.b.d"):
        function.verifier.verify(token)
    assert function.requested == ["a.b.c", "a.b.d"]


def test_a_remembered_token_still_expires() -> None:
    function = Function(SAID)
    function.verifier.verify("a.b.c")
    function.now = 2000.0
    with pytest.raises(InvalidIdToken):
        function.verifier.verify("a.b.c")


def test_a_token_that_was_rejected_a_moment_ago_is_not_verified_again() -> None:
    function = Function({"rejection": "signed with an unknown key"})
    for _ in range(50):
        with pytest.raises(InvalidIdToken, match=r"^signed with an unknown key$"):
            function.verifier.verify("a.b.c")
    assert function.requested == ["a.b.c"]


def test_a_rejected_token_is_invalid() -> None:
    with pytest.raises(InvalidIdToken, match=r"^of another algorithm$"):
        Function({"rejection": "of another algorithm"}).verifier.verify("a.b.c")


@pytest.mark.parametrize(
    "response", [None, {}, [], "", {"rejection": ""}, {"subject": "s-1"}, OSError("down")], ids=repr
)
def test_an_unusable_response_authorizes_nobody(response: Any) -> None:
    function = Function(response)
    with pytest.raises((AttributeError, KeyError, OSError)):
        function.verifier.verify("a.b.c")
    # ... and is not remembered.
    function.response = SAID
    assert function.verifier.verify("a.b.c").subject == "s-1"
