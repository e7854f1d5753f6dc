"""An `Entry` as a DynamoDB item and back.

`account#<account id>` / `<milliseconds>#<id>`; `target` names account and target, for the index
of the history of one key or link.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Entry, Origin, Source
from jmpy.aws.codec import Codec, Kind, choice
from jmpy.formats.cursor import position

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

_CHANGES = Kind(
    lambda changes: {"S": json.dumps(changes, ensure_ascii=False, separators=(",", ":"))},
    lambda attribute: {name: Change(*pair) for name, pair in json.loads(attribute["S"]).items()},
)
_ENTRY = Codec(
    Entry,
    apart=("account_id", "at_milliseconds", "id", "origin"),
    kinds={"action": choice(Action), "changes": _CHANGES},
)
_ACTOR = Codec(
    Actor,
    rename={"type": "actor_type", "id": "actor_id", "name": "actor_name"},
    kinds={"type": choice(ActorType)},
)
_SOURCE = Codec(Source, kinds={"channel": choice(Channel)})


def partition(account_id: str) -> str:
    return f"account#{account_id}"


def target(account_id: str, target_id: str) -> str:
    return f"{account_id}#{target_id}"


def to_item(entry: Entry) -> Item:
    return {
        "pk": {"S": partition(entry.account_id)},
        "sk": {"S": position(entry.at_milliseconds, entry.id)},
        "target": {"S": target(entry.account_id, entry.target_id)},
        **_ENTRY.encode(entry),
        **_ACTOR.encode(entry.origin.actor),
        **_SOURCE.encode(entry.origin.source),
    }


def from_item(item: Item) -> Entry:
    """Raises KeyError or ValueError on an item that `to_item` did not write."""
    milliseconds, _, entry_id = item["sk"]["S"].partition("#")
    return _ENTRY.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("account#"),
        at_milliseconds=int(milliseconds),
        id=entry_id,
        origin=Origin(_ACTOR.decode(item), _SOURCE.decode(item)),
    )
