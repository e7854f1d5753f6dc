"""An `Entry` as a DynamoDB item and back.

`account#<account id>` / `<milliseconds>#<id>`; `target` names account and target, for the index
that tells the history of one key or link.
"""

from __future__ import annotations

import json
from typing import Any

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Entry, Origin, Source
from jmpy.formats.cursor import position


def partition(account_id: str) -> str:
    return f"account#{account_id}"


def target(account_id: str, target_id: str) -> str:
    return f"{account_id}#{target_id}"


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
        "pk": {"S": partition(entry.account_id)},
        "sk": {"S": position(entry.at_milliseconds, entry.id)},
        "target": {"S": target(entry.account_id, entry.target_id)},
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
