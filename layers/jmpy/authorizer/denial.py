"""A denied request: why, and the body of the gateway response ACCESS_DENIED.

The authorizer cannot respond itself: API Gateway inserts these values of the context into the
template of its response (template.yaml) as they are, without escaping. So all of them are our own
constants, and none is ever empty, since AWS does not document what becomes of a variable without a
value.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jmpy.access.errors import INVALID

if TYPE_CHECKING:
    from jmpy.access.errors import Words
    from jmpy.authorizer.hints import Hint


class DenialReason(StrEnum):
    """Why a caller is not identified: `reason` in the access log and in the authorizer's log."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    NOT_YET_VALID = "not_yet_valid"
    ADDRESS = "address"
    """The key has a list of allowed addresses, and the caller's is not in it."""
    PERMISSIONS = "permissions"
    """The key of a token has lost all permissions that the token was created with."""
    HEADER_ONLY = "header_only"
    TOKEN = "token"  # noqa: S105 - the reason, not a token
    """An ID token that is not valid."""
    NO_ACCOUNT = "no account"
    EDGE = "edge"
    """The request did not come through the CDN that the deployment requires."""
    HOST = "host"
    """The request is for a host that serves short links, and nothing else."""


class Denial(NamedTuple):
    reason: DenialReason
    words: Words = INVALID
    hint: Hint | None = None
    account_id: str | None = None
    """None where the credential belongs to no account; likewise `key_id`."""
    key_id: str | None = None
    token_id: str | None = None
    """None unless the credential is a short-lived token of the key."""
    from_cache: bool | None = None
    """Whether the record was cached; None if none was needed."""

    def to_context(self) -> dict[str, str]:
        named = {"account_id": self.account_id, "key_id": self.key_id, "token_id": self.token_id}
        return {
            "reason": self.reason.value,
            **{name: value for name, value in named.items() if value is not None},
            **context(self.words, self.hint),
        }


def context(words: Words, hint: Hint | None) -> dict[str, str]:
    """What the template needs. Without a hint the body is the specification's, to the byte."""
    details = f',"details":{json.dumps({"hint": hint}, separators=(",", ":"))}' if hint else ""
    return {
        "error_code": words.code,
        "error_message": words.message,
        # All that follows the message.
        "error_end": details + "}}",
    }
