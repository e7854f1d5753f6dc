"""The policy for keys as the API represents it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from jmpy.formats.request_body import RequestBody, whole
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.key_policy.service import MAX_DAYS, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from jmpy.key_policy.service import Applied, KeyPolicy
    from jmpy.keys.model import ApiKey


class UpdateKeyPolicy(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"max_key_days": 90}]})

    max_key_days: Annotated[
        Annotated[StrictInt, Field(ge=1, le=MAX_DAYS)] | None,
        Field(description="Days until a key has to expire, at most; `null` for no limit"),
        BeforeValidator(whole),
    ]


class ExceedingKeyBody(BaseModel):
    id: str = Field(examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"])
    name: str = Field(examples=["My script"])
    expires_at: Timestamp | None = Field(description="null for never", examples=[None])

    @classmethod
    def from_key(cls, key: ApiKey) -> Self:
        return cls(id=key.id, name=key.name, expires_at=_time(key.expires_at))


class KeyPolicyBody(BaseModel):
    max_key_days: int | None = Field(
        description="Days until a key has to expire, at most; null for no limit", examples=[90]
    )
    exceeding_keys: list[ExceedingKeyBody] = Field(
        description="Working keys that expire later, or never; at most 100"
    )

    @classmethod
    def from_policy(cls, policy: KeyPolicy) -> Self:
        return cls(
            max_key_days=policy.max_key_days,
            exceeding_keys=[ExceedingKeyBody.from_key(key) for key in policy.exceeding],
        )


class AppliedKeyBody(ExceedingKeyBody):
    outcome: Outcome = Field(
        description="`ended`: the key was revoked or expired in the meantime. `conflict`: other "
        "requests kept changing the key; apply the policy again",
        examples=["shortened"],
    )


class AppliedKeyPolicyBody(BaseModel):
    keys: list[AppliedKeyBody] = Field(
        description="The keys that exceeded the policy, each with its expiry now"
    )

    @classmethod
    def from_applied(cls, applied: Sequence[Applied]) -> Self:
        return cls(
            keys=[
                AppliedKeyBody(
                    id=one.key.id,
                    name=one.key.name,
                    expires_at=_time(one.key.expires_at),
                    outcome=one.outcome,
                )
                for one in applied
            ]
        )


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else iso(seconds)
