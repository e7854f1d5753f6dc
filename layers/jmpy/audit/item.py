"""An `Entry` as a DynamoDB item and back.

`account#<account id>` / `<milliseconds>#<id>`; `target` names account and target, for the index
that tells the history of one key or link.
"""

from __future__ import annotations

import json
from typing import Any

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Entry, Origin, Source

_LATEST = 9_999_999_999
"""Seconds: as many digits as sort keys have room for."""


def partition(account_id: str) -> dict[str, Any]:
    return {"S": f"account#{account_id}"}


def primary_key(account_id: str, name: str) -> dict[str, Any]:
    return {"pk": partition(account_id), "sk": {"S": name}}


def name_of(entry: Entry) -> str:
    """Sorts by time."""
    return f"{entry.at_milliseconds:013d}#{entry.id}"


def bounds(start: int | None, end: int | None) -> tuple[str, str]:
    """Of the names of entries from `start` to `end`, both included; seconds since the epoch."""
    return f"{start or 0:010d}", f"{_LATEST if end is None else end:010d}~"


def target(account_id: str, target_id: str) -> dict[str, Any]:
    return {"S": f"{account_id}#{target_id}"}


def to_item(entry: Entry) -> dict[str, Any]:
    actor, source = entry.origin.actor, entry.origin.source
    texts = {
        "action": entry.action.value,
        "actor_type": actor.type.value,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "channel": source.channel.value,
        "ip_address": source.ip_address,
        "user_agent": source.user_agent,
        "request_id": source.request_id,
        "target_id": entry.target_id,
        "target_name": entry.target_name,
        "changes": json.dumps(entry.changes, ensure_ascii=False, separators=(",", ":")),
    }
    return {
        **primary_key(entry.account_id, name_of(entry)),
        "target": target(entry.account_id, entry.target_id),
        **{name: {"S": text} for name, text in texts.items() if text is not None},
    }


def from_item(item: dict[str, Any]) -> Entry:
    """Raises KeyError or ValueError on what `to_item` did not write."""
    texts = {name: value["S"] for name, value in item.items()}
    milliseconds, _, entry_id = texts["sk"].partition("#")
    changes = json.loads(texts["changes"])
    return Entry(
        account_id=texts["pk"].removeprefix("account#"),
        at_milliseconds=int(milliseconds),
        action=Action(texts["action"]),
        origin=Origin(
            Actor(ActorType(texts["actor_type"]), texts["actor_id"], texts.get("actor_name")),
            Source(
                Channel(texts["channel"]),
                texts.get("ip_address"),
                texts.get("user_agent"),
                texts.get("request_id"),
            ),
        ),
        target_id=texts["target_id"],
        target_name=texts.get("target_name"),
        changes={name: Change(*pair) for name, pair in changes.items()},
        id=entry_id,
    )
