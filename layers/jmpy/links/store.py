"""Links in DynamoDB. A link, its code and the account's count change together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, TEXT
from jmpy.aws.dynamodb import read, transact, transact_recorded
from jmpy.clock import DAY
from jmpy.links import account_items, counts
from jmpy.links.item import (
    LINK,
    blocklist_key,
    code_key,
    destination_key,
    link_key,
    qr_key,
    to_code_items,
    to_hosts,
    to_link,
    to_link_item,
    to_target,
    to_tombstone_item,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.links.model import Link, Target
    from jmpy.transaction import TransactionItem

DESTINATION_INDEX = "links-by-destination"
"""Global secondary index: partition `destination`; keys only."""

HELD = 90 * DAY
"""Seconds for which the code of a link that was deleted or moved is held for its account."""

MAX_BATCH = 49
"""Links in one transaction: two items each and the count, of the 100 that DynamoDB accepts."""

MAX_BATCH_WITH_QR = 19
"""The same for links with QR codes: five items each."""


class CodeTaken(Exception):
    """Another link holds the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
        """How many links the account has; one query of at most `counts.SHARDS` small items."""
        response = self._query(account_id, "count#")
        return counts.total(response["Items"], counts.LINKS)

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
        codes, puts = list(link.codes), self._added(link)
        writes = [*puts, self._counted([link])]
        if failed := transact_recorded(self._client, writes, records):
            raise CodeTaken(codes[failed[0]])

    def add_all(
        self,
        links: Sequence[Link],
        also: Callable[[Link], Sequence[TransactionItem]] = lambda _link: (),
    ) -> set[str]:
        """Adds up to `MAX_BATCH` links of one account with different codes, each with what `also`
        returns for it; returns the codes that others hold, whose links were left out."""
        taken: set[str] = set()
        while remaining := [link for link in links if not taken.intersection(link.codes)]:
            writes: list[TransactionItem] = []
            codes: dict[int, str] = {}
            for link in remaining:
                codes |= dict(enumerate(link.codes, len(writes)))
                writes += [*self._added(link), *also(link)]
            failed = transact(self._client, [*writes, self._counted(remaining)])
            if not failed:
                break
            taken |= {codes[index] for index in failed}
        return taken

    def change(self, link: Link, changes: dict[str, Any], *records: TransactionItem) -> Link:
        """Sets the changed fields (None removes one) if nobody else changed the link, and writes
        the records with it. A code that it gains is taken, and one that it loses is held.

        Raises StaleLink, CodeTaken, RecordRejected.
        """
        changed = replace(link, version=link.version + 1, **changes)
        if changed.short_code == changed.qr_code:
            raise CodeTaken(changed.short_code)
        writes = [self._update(link, {**changes, "version": changed.version})]
        gained: dict[int, str] = {}
        for code, item in to_code_items(changed).items():
            if code in link.codes:
                writes.append({"Put": {**self._owned(link), "Item": item}})
            else:
                gained[len(writes)] = code
                writes.append(self._code_taken(changed, item))
        lost = (code for code in link.codes if code not in changed.codes)
        writes += [self._code_held(link, code, changed.updated_at) for code in lost]
        failed = transact_recorded(self._client, writes, records)
        if failed and gained.keys() >= set(failed):
            raise CodeTaken(gained[failed[0]])
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
        """Holds its codes for its account; releases its short code if that is wanted and the link
        was not taken down, and never that of its QR code, which may be printed. Raises StaleLink
        when the link changed or is gone, RecordRejected."""
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": NUMBER.encode(link.version)},
        }
        released = {link.short_code} if release and not link.taken_down else set()
        codes = [
            self._code_released(link) if code in released else self._code_held(link, code, now)
            for code in link.codes
        ]
        count = counts.counted(self._table, link.account_id, links=-1)
        writes = [{"Delete": record}, *codes, count]
        if link.qr_id is not None:
            writes.append(self._unlinked(link.account_id, link.qr_id))
        if transact_recorded(self._client, writes, records):
            raise StaleLink

    def _get(self, key: Item) -> Item | None:
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return response.get("Item")

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)

    def _added(self, link: Link) -> list[TransactionItem]:
        """The writes that add it: first its codes, in their order."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        codes = [self._code_taken(link, item) for item in to_code_items(link).values()]
        return [*codes, {"Put": {**fresh, "Item": to_link_item(link)}}]

    def _code_taken(self, link: Link, item: Item) -> Item:
        """If nobody has the code, and it is held for nobody else: as `Target.is_available_to`."""
        put = {
            "TableName": self._table,
            "Item": item,
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
        """The condition that a code of the link is still its own."""
        return {
            "TableName": self._table,
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": TEXT.encode(link.id)},
        }

    def _code_held(self, link: Link, code: str, now: int) -> Item:
        return {"Put": {**self._owned(link), "Item": to_tombstone_item(link, code, now + HELD)}}

    def _code_released(self, link: Link) -> Item:
        return {"Delete": {**self._owned(link), "Key": code_key(link.short_code)}}

    def _unlinked(self, account_id: str, qr_id: str) -> Item:
        """A QR code whose link is deleted remains, and leads nowhere."""
        update = {
            "TableName": self._table,
            "Key": qr_key(account_id, qr_id),
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": "REMOVE link_id",
        }
        return {"Update": update}

    def _counted(self, links: Sequence[Link]) -> Item:
        """Of links that are added, each together with its QR code."""
        qr_codes = sum(link.qr_id is not None for link in links)
        return counts.counted(self._table, links[0].account_id, links=len(links), qr_codes=qr_codes)

    def _update(self, link: Link, changes: dict[str, Any]) -> TransactionItem:
        """The update of a link's record, on condition of the version that was read."""
        attributes = LINK.encode_changes(changes)
        if "url" in changes:
            attributes["destination"] = destination_key(link.account_id, changes["url"])
        key = link_key(link.account_id, link.id)
        return account_items.update(self._table, key, attributes, link.version)
