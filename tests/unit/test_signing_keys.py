from typing import Any

import pytest

from jmpy.key_set import LIFETIME
from jmpy.refreshed import PAUSE, RETAINED, RETRY
from jmpy.sessions.errors import SignInUnavailable
from jmpy.sessions.signing_keys import SigningKeys
from tests import cognito


class Source:
    """Cognito's address of public keys."""

    def __init__(self) -> None:
        self.response: Any = cognito.keys_document()
        self.fetched = 0

    def __call__(self) -> Any:
        self.fetched += 1
        if isinstance(self.response, Exception):
            raise self.response
        return self.response


class Clock:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_keys_are_fetched_once_and_remembered() -> None:
    source = Source()
    keys = SigningKeys(source, Clock())
    for _ in range(3):
        assert keys.find(cognito.KEY_ID) is not None
    assert source.fetched == 1


def test_invented_ids_cost_one_fetch_in_a_minute() -> None:
    source, clock = Source(), Clock()
    keys = SigningKeys(source, clock)
    for number in range(50):
        assert keys.find(f"invented-{number}") is None
    assert source.fetched == 1
    clock.time += PAUSE
    for number in range(50):
        assert keys.find(f"invented-{number}") is None
    assert source.fetched == 2


def test_a_new_key_of_the_pool_is_found() -> None:
    source, clock = Source(), Clock()
    keys = SigningKeys(source, clock)
    assert keys.find("new") is None
    source.response = {"keys": [{**cognito.keys_document()["keys"][0], "kid": "new"}]}
    clock.time += PAUSE
    assert keys.find("new") is not None


def test_a_withdrawn_key_ends() -> None:
    source, clock = Source(), Clock()
    keys = SigningKeys(source, clock)
    assert keys.find(cognito.KEY_ID) is not None
    source.response = {"keys": [{**cognito.keys_document()["keys"][0], "kid": "new"}]}
    clock.time += LIFETIME
    assert keys.find(cognito.KEY_ID) is None


def test_while_cognito_is_down_requests_do_not_each_ask_it() -> None:
    source, clock = Source(), Clock()
    keys = SigningKeys(source, clock)
    source.response = SignInUnavailable("down")
    for number in range(1000):
        with pytest.raises(SignInUnavailable):
            keys.find(f"invented-{number}")
    assert source.fetched == 1
    source.response = cognito.keys_document()
    clock.time += RETRY
    assert keys.find(cognito.KEY_ID) is not None


def test_known_keys_are_used_while_cognito_is_down_but_not_for_ever() -> None:
    source, clock = Source(), Clock()
    keys = SigningKeys(source, clock)
    keys.find(cognito.KEY_ID)
    source.response = SignInUnavailable("down")
    clock.time += LIFETIME
    assert keys.find(cognito.KEY_ID) is not None
    with pytest.raises(SignInUnavailable):  # it may be one of today's
        keys.find("unknown")
    clock.time += RETAINED - LIFETIME
    with pytest.raises(SignInUnavailable):
        keys.find(cognito.KEY_ID)


@pytest.mark.parametrize("document", [None, [], {}, {"keys": 1}, {"keys": "x"}, {"keys": [1]}])
def test_an_unreadable_document_is_a_fault_and_no_decision(document: Any) -> None:
    source = Source()
    source.response = document
    with pytest.raises(SignInUnavailable):
        SigningKeys(source, Clock()).find(cognito.KEY_ID)


def test_keys_of_other_kinds_are_left_out() -> None:
    source = Source()
    secret = {"kty": "oct", "kid": "symmetric", "k": "c2VjcmV0", "alg": "HS256"}
    source.response["keys"].append(secret)
    assert SigningKeys(source, Clock()).find("symmetric") is None
