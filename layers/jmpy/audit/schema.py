"""Entries as the API speaks of them.

Operators are named by what people call them: an IAM identity is for operators to see.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from jmpy.audit.errors import TwoTargets
from jmpy.audit.model import Action, ActorType, Channel
from jmpy.formats import csv_file
from jmpy.formats.cursor import to_cursor
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from jmpy.audit.model import Actor, Entry
    from jmpy.audit.store import AuditLog, EntryFilter
    from jmpy.aws.log_query import LogPage
    from jmpy.formats.csv_file import CsvFile


class ActorBody(BaseModel):
    type: ActorType
    id: str | None = Field(
        description="Id of the account (user) or of the API key; otherwise null",
        examples=["7d444840-9dc0-11d1-b245-5ffdce74fad2"],
    )
    name: str | None = Field(
        description="Email address of a user, or name of an API key or operator",
        examples=["ada@example.com"],
    )

    @classmethod
    def from_actor(cls, actor: Actor) -> Self:
        is_public = actor.type is not ActorType.OPERATOR
        return cls(type=actor.type, id=actor.id if is_public else None, name=actor.name)


class TargetBody(BaseModel):
    type: str = Field(examples=["api_key"])
    id: str = Field(examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"])
    name: str | None = Field(examples=["My script"])


class SourceBody(BaseModel):
    channel: Channel = Field(examples=["dashboard"])
    ip_address: str | None = Field(examples=["192.0.2.1"])
    user_agent: str | None = Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0"])
    request_id: str | None = Field(
        description="The `X-Request-Id` of the response",
        examples=["0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10"],
    )


class ChangeBody(BaseModel):
    before: Any
    after: Any


class AuditLogEntryBody(BaseModel):
    id: str = Field(examples=["0b9c4e8a2f6d47d1a3f0c5b7e9d81234"])
    time: Timestamp = Field(examples=["2029-12-31T18:04:05Z"])
    action: Action = Field(examples=["api_key.changed"])
    actor: ActorBody
    target: TargetBody
    source: SourceBody
    changes: dict[str, ChangeBody] = Field(
        description="Values before and after the change, by field",
        examples=[{"permissions": {"before": ["read"], "after": ["read", "write"]}}],
    )

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        source = entry.origin.source
        return cls(
            id=entry.id,
            time=iso(entry.at),
            action=entry.action,
            actor=ActorBody.from_actor(entry.origin.actor),
            target=TargetBody(
                type=entry.action.target_type, id=entry.target_id, name=entry.target_name
            ),
            source=SourceBody(
                channel=source.channel,
                ip_address=source.ip_address,
                user_agent=source.user_agent,
                request_id=source.request_id,
            ),
            changes={
                name: ChangeBody(before=displayed(name, before), after=displayed(name, after))
                for name, (before, after) in entry.changes.items()
            },
        )


class AuditLogPageBody(BaseModel):
    entries: list[AuditLogEntryBody]
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", examples=[None]
    )

    @classmethod
    def from_page(cls, page: LogPage[Entry]) -> Self:
        entries = [AuditLogEntryBody.from_entry(entry) for entry in page.entries]
        return cls(entries=entries, next_cursor=to_cursor(page.cursor))


def target_of(key_id: str | None, link_id: str | None) -> str | None:
    """For an `EntryFilter`. Raises TwoTargets."""
    if key_id is not None and link_id is not None:
        raise TwoTargets
    return link_id if key_id is None else key_id


def displayed(name: str, value: Any) -> Any:
    """A field's value as the API writes it: times as ISO 8601."""
    return iso(value) if name.endswith(("_at", "_date")) and value is not None else value


COLUMNS = (
    "id", "time", "action", "actor_type", "actor_id", "actor_name", "target_type", "target_id",
    "target_name", "channel", "ip_address", "user_agent", "request_id", "changes",
)  # fmt: skip


def log_file(log: AuditLog, account_id: str, wanted: EntryFilter) -> CsvFile:
    # One more than there is room for, to know whether there are more.
    entries = log.all(account_id, wanted, csv_file.MAX_ROWS + 1)
    return csv_file.written(COLUMNS, map(_row, entries))


def _row(entry: Entry) -> Iterator[object]:
    body = AuditLogEntryBody.from_entry(entry).model_dump(mode="json")
    yield from (body["id"], body["time"], body["action"])
    for part in ("actor", "target", "source"):
        yield from body[part].values()
    yield json.dumps(body["changes"], ensure_ascii=False)
