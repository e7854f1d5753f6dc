"""Merges a backup's links into a table that has links: restoring over a stack.

Missing links come back, if their code is still available; different ones become what they were in
the backup, since a restore is for undoing changes of destinations. An operator's takedown of a
link, its clicks and its code stay as they are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import read
from jmpy.links.changes import change_entry
from jmpy.links.errors import UnknownCampaign, UnknownDomain
from jmpy.links.item import link_key, to_code_items, to_link, to_link_item
from jmpy.links.model import Link
from jmpy.links.safety import Cause, Takedown, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.links.writes import CodeTaken, StaleLink, batch_size
from ops.backup_tables import chunks, filled, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from ops.backup_file import Item

_OF_THE_STACK = frozenset({
    "id", "account_id", "short_code", "custom_alias", "click_count", "bot_count", "last_clicked_at",
    "takedowns", "cleared", "qr_id", "qr_code", "qr_domain", "domain", "version",
})  # fmt: skip
"""Fields of a link that stay as they are."""


@dataclass
class Merged:
    added: int = 0
    changed: int = 0
    taken: int = 0
    """Left out: another link has the code, it is held back, or its domain is not there."""


def is_link(item: Item) -> bool:
    return bool(item["sk"]["S"].startswith("link#"))


def is_counted(item: Item) -> bool:
    """Whether it is a part of a count, or a code of a link: those follow from the links."""
    is_code = item["pk"]["S"].startswith("code#") and item["url"]["S"] != ""
    return bool(is_code or item["sk"]["S"].startswith("count#"))


class LinkMerge:
    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        audit: AuditLog,
        taken_down: Mapping[str, tuple[int, str]],
        *,
        by: Origin,
    ) -> None:
        """`taken_down`: the links that were taken down since the backup was created, with time and
        reason."""
        self._client = client
        self._audit = audit
        self._by = by
        self._table = table
        self._store = LinkStore(client, table)
        self._taken_down = taken_down
        self.done = Merged()

    def run(self, items: Iterable[Item]) -> None:
        links = map(to_link, items)
        for account_id, group in groupby(links, lambda link: link.account_id):
            for chunk in chunks(group, batch_size(qr_codes=True, campaigns=True, domains=True)):
                self._merge(account_id, chunk)

    def _merge(self, account_id: str, links: list[Link]) -> None:
        keys: list[Any] = [link_key(account_id, link.id) for link in links]
        there = map(to_link, read(self._client, self._table, keys, ConsistentRead=True))
        known = {link.id: link for link in there}
        self._mend(links, known)
        missing = [self._held(link) for link in links if link.id not in known]
        if missing:
            self._add(missing)
        side_by_side(
            lambda link: self._change(known[link.id], link),
            [link for link in links if link.id in known],
        )

    def _add(self, links: list[Link]) -> None:
        rejected = self._store.add_all(links)
        added = [link for link in links if not rejected.has(link)]
        self.done.added += len(added)
        self.done.taken += len(rejected.addresses) + sum(map(rejected.has_domain, links))
        # A backup may lack a campaign that was created while it was made.
        loose = [
            replace(link, campaign_id=None)
            for link in links
            if link.campaign_id in rejected.campaigns
            and rejected.addresses.isdisjoint(link.addresses)
            and not rejected.has_domain(link)
        ]
        if loose:
            self._add(loose)

    def _mend(self, links: list[Link], known: dict[str, Link]) -> None:
        """Completes links that lost some of their items."""
        targets = self._store.targets(
            {address for link in links for address in known.get(link.id, link).addresses}
        )
        for link in links:
            target = targets.get(link.address)
            is_its_own = target is not None and target.link_id == link.id and bool(target.url)
            if link.id not in known and is_its_own:
                known[link.id] = self._held(link)
                self._fill(to_link_item(known[link.id]))
            if link.id in known:
                items = to_code_items(known[link.id])
                for address in items.keys() - targets.keys():
                    self._fill(items[address])

    def _fill(self, item: Item) -> None:
        filled(self._client, {"LinksTable": self._table}, [("LinksTable", item)])
        self.done.added += 1

    def _change(self, now: Link, was: Link) -> None:
        changes = {
            name: getattr(was, name)
            for name in (field.name for field in fields(Link))
            if name not in _OF_THE_STACK and getattr(was, name) != getattr(now, name)
        }
        if not changes:
            return
        change = partial(self._store.change, now, changes)
        entry = change_entry(now, replace(now, **changes), self._by, time.time())
        try:
            self._audit.commit(change, *([entry] if entry.changes else []))
        except (StaleLink, CodeTaken, UnknownCampaign, UnknownDomain):
            return  # another request is changing it at this moment
        self.done.changed += 1

    def _held(self, link: Link) -> Link:
        """With takedowns since the backup, as far as the audit log records them."""
        if link.id not in self._taken_down:
            return link
        since, text = self._taken_down[link.id]
        return replace(link, takedowns=tuple(_takedown(part, since) for part in text.split("; ")))


def _takedown(text: str, since: int) -> Takedown:
    """From `phishing: reported by Example Bank`."""
    word, _, note = text.partition(": ")
    reason = TakedownReason(word) if word in set(TakedownReason) else TakedownReason.OTHER
    cause = Cause.SUSPENSION if reason is TakedownReason.SUSPENDED else Cause.LINK
    return Takedown(cause, reason, note, since)
