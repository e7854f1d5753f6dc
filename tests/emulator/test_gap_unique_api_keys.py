"""MiniStack creates two API keys with one value: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import secrets

import pytest
from botocore.exceptions import ClientError

from tests.emulator.gap_stack import Stack, client


def created(stack: Stack, value: str) -> str:
    return str(client("apigateway", stack).create_api_key(name="key", value=value)["id"])


def test_unique_values_bare_emulator_lacks_it(bare: Stack) -> None:
    value = secrets.token_hex(16)
    assert created(bare, value) != created(bare, value)


def test_unique_values_adapted(adapted: Stack) -> None:
    value = secrets.token_hex(16)
    created(adapted, value)
    with pytest.raises(ClientError, match="ConflictException"):
        created(adapted, value)
    created(adapted, secrets.token_hex(16))
