"""Keys for tests that need no table."""

from dataclasses import replace
from typing import Any

from jmpy.access.permission import Permission
from jmpy.accounts.model import Subscription
from jmpy.keys import token
from jmpy.keys.model import ApiKey


def issued(**changes: Any) -> tuple[str, ApiKey]:
    """A key's text and its record."""
    secret = token.generate()
    record = ApiKey(
        digest=token.digest(secret),
        id="key-1",
        line="key-1",
        account_id="account-1",
        name="Test",
        permissions=frozenset({Permission.READ, Permission.WRITE}),
        subscription=Subscription("free", "usage-1"),
        display_prefix=secret[:9],
        last_four=secret[-4:],
        created_at=1000,
    )
    return secret, replace(record, **changes)
