"""Short-lived tokens as the API represents them: request and response bodies.

Only the response of create contains a token, once; nothing else here can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StrictInt

from jmpy.access.permission import Permission
from jmpy.formats.request_body import RequestBody, whole
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.key_tokens.service import DEFAULT_LIFETIME, MAX_LIFETIME
from jmpy.keys.model import Environment
from jmpy.keys.request_schema import Name, Permissions
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from jmpy.key_tokens.model import IssuedToken, KeyToken
    from jmpy.key_tokens.verification import Verification

MAX_VERIFIED = 512
"""Characters of a text to verify: several times those of a token."""


class CreateKeyToken(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"permissions": ["read"], "expires_in": 600}]},
    )

    permissions: Permissions | None = Field(
        default=None, description="Some of those of the key; all of them unless sent"
    )
    expires_in: Annotated[
        StrictInt,
        Field(
            ge=1,
            le=MAX_LIFETIME,
            description="Seconds for which the token works, but never beyond the expiry of the key",
        ),
        BeforeValidator(whole),
    ] = DEFAULT_LIFETIME
    name: Name | None = Field(default=None, description="A name to recognize it by")


class KeyTokenBody(BaseModel):
    id: str = Field(examples=["019b7a2e-52c1-7a8e-9d0b-6f1f3f4f0a11"])
    name: str | None = Field(description="null if it has none", examples=["Nightly export"])
    permissions: list[Permission] = Field(
        description="Those of them that the key still has are in effect", examples=[["read"]]
    )
    created_at: Timestamp
    expires_at: Timestamp

    @classmethod
    def from_token(cls, token: KeyToken) -> Self:
        return cls(**_described(token))


class CreatedKeyTokenBody(KeyTokenBody):
    token: str = Field(
        description="The token itself: shown in this response only", examples=["jmpt_..."]
    )

    @classmethod
    def created(cls, issued: IssuedToken) -> Self:
        return cls(**_described(issued.record), token=issued.secret)


class KeyTokensBody(BaseModel):
    tokens: list[KeyTokenBody] = Field(description="At most 20")

    @classmethod
    def from_tokens(cls, tokens: Iterable[KeyToken]) -> Self:
        return cls(tokens=[KeyTokenBody.from_token(token) for token in tokens])


def _described(token: KeyToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "permissions": sorted(token.permissions),
        "created_at": iso(token.created_at),
        "expires_at": iso(token.expires_at),
    }


class VerifyApiKey(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "jmpy_..."}]})

    key: SecretStr = Field(
        max_length=MAX_VERIFIED, description="The API key or short-lived token to verify"
    )


class VerificationBody(BaseModel):
    valid: bool = Field(description="Whether it works; its allowed addresses are not evaluated")
    reason: str | None = Field(
        description="Why it does not: `unknown` unless it is of your account, otherwise as in the "
        "access log, such as `revoked` or `expired`; null if it works",
        examples=[None],
    )
    key_id: str | None = Field(
        description="null if it is unknown, like all the fields below",
        examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"],
    )
    token_id: str | None = Field(
        description="Id of the short-lived token; null of a key", examples=[None]
    )
    name: str | None = Field(description="Name of the key", examples=["My script"])
    environment: Environment | None = Field(description="Label of the key", examples=[None])
    labels: list[str] | None = Field(description="Those of the key", examples=[["newsletter"]])
    permissions: list[Permission] | None = Field(
        description="Of a token: those in effect", examples=[["read", "write"]]
    )
    limits: dict[LimitClass, int] | None = Field(
        description="Daily limits of the key by request class; empty for none",
        examples=[{"url_creation": 100}],
    )
    expires_at: Timestamp | None = Field(description="null for never", examples=[None])

    @classmethod
    def from_verification(cls, verified: Verification) -> Self:
        key = verified.key
        return cls(
            valid=verified.reason is None,
            reason=verified.reason,
            key_id=key and key.id,
            token_id=verified.token_id,
            name=key and key.name,
            environment=key and key.environment,
            labels=key and list(key.labels),
            permissions=key and sorted(key.permissions),
            limits=key and dict(key.limits),
            expires_at=None if key is None or key.expires_at is None else iso(key.expires_at),
        )
