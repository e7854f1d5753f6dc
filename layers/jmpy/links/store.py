"""Links in DynamoDB. A link, its code and the account's count change together or not at all."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, TEXT
from jmpy.aws.dynamodb import read, transact, transact_recorded
from jmpy.clock import DAY
from jmpy.links.item import (
    LINK,
    blocklist_key,
    code_key,
    counter_key,
    destination_key,
    link_key,
    to_code_item,
    to_hosts,
    to_link,
    to_link_item,
    to_target,
    to_tombstone_item,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.links.model import Link, Target
    from jmpy.transaction import TransactionItem

DESTINATION_INDEX = "links-by-destination"
"""Global secondary index: partition `destination`; keys only."""

HELD = 90 * DAY
"""Seconds for which the code of a link that was deleted or moved is held for its account."""

COUNT_SHARDS = 16
"""Items over which an account's count is spread, so that creates at once seldom meet."""

MAX_BATCH = 49
"""Links in one transaction: two items each and the count, of the 100 that DynamoDB accepts."""


class CodeTaken(Exception):
    """Another link holds the code."""


class StaleLink(Exception):
    """The link was changed or deleted since it was read."""


class LinkStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def target(self, code: str) -> Target | None:
        """What a redirect needs, or what a link left behind. Consistent, so that a new link works
        at once."""
        item = self._get(code_key(code))
        return to_target(item) if item else None

    def blocked_hosts(self) -> frozenset[str]:
        """Where no link may lead: hosts, and the domains that hosts are in."""
        return to_hosts(self._get(blocklist_key()))

    def find(self, account_id: str, link_id: str) -> Link | None:
        item = self._get(link_key(account_id, link_id))
        return to_link(item) if item else None

    def find_all(self, account_id: str, link_ids: Collection[str]) -> dict[str, Link]:
        """Those of the links that exist, by id. May lag by moments behind a change."""
        keys = [link_key(account_id, link_id) for link_id in link_ids]
        links = map(to_link, read(self._client, self._table, keys))
        return {link.id: link for link in links}

    def page(
        self, account_id: str, limit: int, after: str | None = None, *, newest_first: bool = True
    ) -> tuple[list[Link], str | None]:
        """Up to `limit` links in order of creation, from behind the link id `after`, and the id
        to go on from. Reads the page, never the account."""
        start = {"ExclusiveStartKey": link_key(account_id, after)} if after else {}
        response = self._query(
            account_id, "link#", ScanIndexForward=not newest_first, Limit=limit, **start
        )
        links = [to_link(item) for item in response["Items"]]
        return links, links[-1].id if links and "LastEvaluatedKey" in response else None

    def count(self, account_id: str) -> int:
        """How many links the account has; one query of at most `COUNT_SHARDS` small items."""
        response = self._query(account_id, "count#")
        return sum(int(item["links"]["N"]) for item in response["Items"])

    def newest(self, account_id: str, limit: int, after: str | None = None) -> Iterator[Link]:
        """The newest links, from behind the link id `after`; page after page of up to one
        megabyte."""
        while limit > 0:
            links, after = self.page(account_id, limit, after)
            yield from links
            limit -= len(links)
            if after is None:
                return

    def by_destination(self, account_id: str, url: str, limit: int) -> list[Link]:
        """Links that lead to `url`. The index may lag by moments behind a create."""
        found = self._client.query(
            TableName=self._table,
            IndexName=DESTINATION_INDEX,
            KeyConditionExpression="destination = :destination",
            ExpressionAttributeValues={":destination": destination_key(account_id, url)},
            Limit=limit,
        )["Items"]
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
        links = map(to_link, read(self._client, self._table, keys))
        # The index may name a link that has since been given another destination.
        return sorted((link for link in links if link.url == url), key=lambda link: link.id)

    def targets(self, codes: Collection[str]) -> dict[str, Target]:
        """Those of the codes that links have, with where they lead, and that are held."""
        keys = [code_key(code) for code in codes]
        items = read(self._client, self._table, keys, ConsistentRead=True)
        return {item["pk"]["S"].removeprefix("code#"): to_target(item) for item in items}

    def add(self, link: Link, *records: TransactionItem) -> None:
        """Adds the link, and what is to be written with it. Raises CodeTaken, RecordRejected."""
        if transact_recorded(self._client, self._added([link]), records):
            raise CodeTaken

    def add_all(self, links: Sequence[Link]) -> set[str]:
        """Adds up to `MAX_BATCH` links of one account with different codes; returns the
        codes that others hold, whose links were left out."""
        taken: set[str] = set()
        while remaining := [link for link in links if link.short_code not in taken]:
            failed = transact(self._client, self._added(remaining))
            if not failed:
                break
            taken |= {remaining[index // 2].short_code for index in failed}
        return taken

    def change(self, link: Link, changes: dict[str, Any], *records: TransactionItem) -> Link:
        """Sets the changed fields (None removes one) if nobody else changed the link, and writes
        the records with it.

        Raises StaleLink, CodeTaken, RecordRejected.
        """
        changed = replace(link, version=link.version + 1, **changes)
        record = {"Update": self._update(link, {**changes, "version": changed.version})}
        if changed.short_code == link.short_code:
            put = {"Put": {**self._owned(link), "Item": to_code_item(changed)}}
            failed = transact_recorded(self._client, [record, put], records)
        else:
            writes = [record, self._code_taken(changed), self._code_held(link, changed.updated_at)]
            failed = transact_recorded(self._client, writes, records)
            if failed == [1]:
                raise CodeTaken
        if failed:
            raise StaleLink
        return changed

    def set_bot_count(self, link: Link, bots: int) -> bool:
        """Of its clicks. False when it was clicked or deleted since it was read."""
        update = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "UpdateExpression": "SET bot_count = :bots",
            "ConditionExpression": "click_count = :clicks",
            "ExpressionAttributeValues": {
                ":bots": NUMBER.encode(bots),
                ":clicks": NUMBER.encode(link.click_count),
            },
        }
        return not transact(self._client, [{"Update": update}])

    def remove(
        self, link: Link, now: int, *records: TransactionItem, release: bool = False
    ) -> None:
        """Holds the code for its account, unless it is to be released and the link was not taken
        down. Raises StaleLink when the link changed or is gone, RecordRejected."""
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": NUMBER.encode(link.version)},
        }
        is_released = release and not link.taken_down
        code = self._code_released(link) if is_released else self._code_held(link, now)
        writes = [{"Delete": record}, code, self._counted(link.account_id, -1)]
        if transact_recorded(self._client, writes, records):
            raise StaleLink

    def _get(self, key: Item) -> Item | None:
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return response.get("Item")

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        """The account's items with that prefix. A range rather than begins_with: DynamoDB treats
        both alike, and DynamoDB Local reads the whole partition for the latter (`make bench`)."""
        return self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": f"account#{account_id}"},
                ":first": {"S": prefix},
                ":last": {"S": f"{prefix}~"},
            },
            ConsistentRead=True,
            **options,
        )

    def _added(self, links: Sequence[Link]) -> list[TransactionItem]:
        """The writes that add them: two for each, in their order, and the count."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        puts = [
            put
            for link in links
            for put in (self._code_taken(link), {"Put": {**fresh, "Item": to_link_item(link)}})
        ]
        return [*puts, self._counted(links[0].account_id, len(links))]

    def _code_taken(self, link: Link) -> Item:
        """If nobody has the code, and it is held for nobody else: as `Target.is_available_to`."""
        put = {
            "TableName": self._table,
            "Item": to_code_item(link),
            "ConditionExpression": "attribute_not_exists(pk) OR (#url = :none "
            "AND attribute_not_exists(taken_down) "
            "AND (account_id = :account OR held_until <= :now))",
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": {
                ":none": TEXT.encode(""),
                ":account": TEXT.encode(link.account_id),
                ":now": NUMBER.encode(link.updated_at),
            },
        }
        return {"Put": put}

    def _owned(self, link: Link) -> Item:
        """The condition that the link's code is still its own."""
        return {
            "TableName": self._table,
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": TEXT.encode(link.id)},
        }

    def _code_held(self, link: Link, now: int) -> Item:
        return {"Put": {**self._owned(link), "Item": to_tombstone_item(link, now + HELD)}}

    def _code_released(self, link: Link) -> Item:
        return {"Delete": {**self._owned(link), "Key": code_key(link.short_code)}}

    def _counted(self, account_id: str, links: int) -> Item:
        shard = random.randrange(COUNT_SHARDS)  # noqa: S311 - spreads load, hides nothing
        counter = {
            "TableName": self._table,
            "Key": counter_key(account_id, shard),
            "UpdateExpression": "ADD links :links",
            "ExpressionAttributeValues": {":links": NUMBER.encode(links)},
        }
        return {"Update": counter}

    def _update(self, link: Link, changes: dict[str, Any]) -> Item:
        """The update of a link's record, on condition of the version that was read."""
        encoded = LINK.encode_changes(changes)
        values = {name: value for name, value in encoded.items() if value is not None}
        if "url" in changes:
            values["destination"] = destination_key(link.account_id, changes["url"])
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        if removed := [name for name, value in encoded.items() if value is None]:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        return {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "#version = :read",
            "UpdateExpression": expression,
            "ExpressionAttributeNames": {f"#{name}": name for name in (*values, *removed)},
            "ExpressionAttributeValues": {
                ":read": NUMBER.encode(link.version),
                **{f":{name}": value for name, value in values.items()},
            },
        }
