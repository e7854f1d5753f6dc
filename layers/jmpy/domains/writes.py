"""What a transaction writes about a domain: its record, its host, what the account has of domains,
and the counts of links, whose existence is what lets a link be created on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, TEXT
from jmpy.clock import DAY
from jmpy.domains.holdings import Holdings
from jmpy.domains.item import (
    DOMAIN,
    HOST,
    HOST_FIELDS,
    account_host_key,
    check_partition,
    domain_key,
    file_key,
    host_key,
    to_account_host_item,
    to_file_item,
    to_held_host_item,
    to_host_item,
    to_item,
)
from jmpy.domains.model import DomainKind, DomainState, WellKnownFile
from jmpy.links import account_items, membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.aws.codec import Item
    from jmpy.domains.model import Domain
    from jmpy.transaction import TransactionItem

WITHOUT_HOST = (DomainState.PENDING, DomainState.LOST)
"""States in which a domain has no host record: it is nobody's yet, or another's."""

HELD = 30 * DAY
"""Seconds for which the name of a deleted subdomain is held for its account: its printed codes
would lead to a stranger's links."""


class HostTaken(Exception):
    """Another domain has the host, or another account had it until recently."""


class AccountHasHost(Exception):
    """The account has a domain with the host, perhaps one that is pending or being deleted."""


class LimitReached(Exception):
    """The account has as many domains as it may."""


class StaleDomain(Exception):
    """The domain, or what the account has of domains, changed since it was read."""


class DomainWrites:
    """Writes about domains of one account, and what the failed conditions of them mean."""

    def __init__(self, table: str) -> None:
        self.items: list[TransactionItem] = []
        self._table = table
        self._failures: dict[int, type[Exception]] = {}
        """By the position of the write; a stale domain elsewhere."""

    def failure(self, failed: Sequence[int]) -> Exception:
        """`failed`: the positions of the writes whose conditions failed; at least one."""
        return self._failures.get(failed[0], StaleDomain)()

    def add(self, domain: Domain, limit: int) -> None:
        self._append(self._put_new(to_account_host_item(domain)), AccountHasHost)
        self._append(self._counted_in(domain, limit), LimitReached)
        self._append(self._put_new(to_item(domain)))
        if domain.state.serves:
            self.take_host(domain)

            for item in membership.DOMAIN.empty_counts(domain.account_id, domain.id):
                self._append(self._put_new(item))

    def take_host(self, domain: Domain) -> None:
        """If nobody has it, or the account had it last, or it is no longer held."""
        put = {
            "TableName": self._table,
            "Item": to_host_item(domain),
            "ConditionExpression": "attribute_not_exists(pk) OR held_until <= :now "
            "OR (account_id = :account AND attribute_exists(held_until))",
            "ExpressionAttributeValues": {
                ":account": TEXT.encode(domain.account_id),
                ":now": NUMBER.encode(domain.updated_at),
            },
        }
        self._append({"Put": put}, HostTaken)

    def change(self, domain: Domain, changes: dict[str, Any]) -> None:
        """On condition of the version that was read; of the host too, unless it is another's."""
        self._change_record(domain, changes)
        served = {name: new for name, new in changes.items() if name in HOST_FIELDS}
        if served and domain.state not in WITHOUT_HOST:
            self._append(self._host_changed(domain, HOST.encode_changes(served)))

    def move_primary(self, domain: Domain, held: Holdings) -> None:
        """Makes the domain the account's primary one, or no longer, as its field says; `held` as
        it was read. The former one is changed in the same transaction."""
        update: dict[str, Any] = {"TableName": self._table, "Key": Holdings.key(domain.account_id)}
        values = {}
        if held.primary_id is None:
            update["ConditionExpression"] = "attribute_not_exists(primary_id)"
        else:
            update["ConditionExpression"] = "primary_id = :read"
            values[":read"] = TEXT.encode(held.primary_id)
        if domain.is_primary:
            update["UpdateExpression"] = "SET primary_id = :new"
            values[":new"] = TEXT.encode(domain.id)
            if held.primary_id not in (None, domain.id):
                self._append(self._no_longer_primary(domain.account_id, str(held.primary_id)))
        else:
            update["UpdateExpression"] = "REMOVE primary_id"
        if values:
            update["ExpressionAttributeValues"] = values
        self._append({"Update": update})

    def close(self, domain: Domain, changes: dict[str, Any]) -> None:
        """No link on it works from now on, and none can join it."""
        self.change(domain, changes)
        for write in membership.DOMAIN.closed(self._table, domain.account_id, domain.id):
            self._append(write)
        if domain.is_primary:
            self._append(self._primary_removed(domain))

    def reopen(self, domain: Domain, changes: dict[str, Any]) -> None:
        """Takes back what `close` did; it does not become the primary domain again."""
        self.change(domain, changes)
        for write in membership.DOMAIN.opened(self._table, domain.account_id, domain.id):
            self._append(write)

    def remove(self, domain: Domain, counts: list[Item], now: int) -> None:
        """The record of the version that was read, and what belongs to it: the `counts` of its
        links have to be as they were read, too. A subdomain's name is held for its account."""
        account_id = domain.account_id
        key = domain_key(account_id, domain.id)
        self._append(self._deleted(key, version=NUMBER.encode(domain.version)))
        self._append(self._deleted(account_host_key(account_id, domain.host)))
        self._append(self._counted_out(domain))
        if domain.state not in WITHOUT_HOST:
            self._append(self._host_left(domain, now))
            for name in WellKnownFile:
                self._append(self._deleted(file_key(domain.host, name)))
        for item in counts:
            self._append(membership.DOMAIN.deleted(self._table, item))

    def put_file(self, domain: Domain, name: WellKnownFile, content: str | None) -> None:
        """On the host, if it still is the domain's; None removes it."""
        self._append(self._host_changed(domain, {"state": TEXT.encode(domain.state.value)}))
        if content is None:
            self._append(self._deleted(file_key(domain.host, name)))
        else:
            item = to_file_item(domain.named, name, content)
            self._append({"Put": {"TableName": self._table, "Item": item}})

    def _change_record(self, domain: Domain, changes: dict[str, Any]) -> None:
        key = domain_key(domain.account_id, domain.id)
        attributes = DOMAIN.encode_changes(changes)
        if domain.kind is DomainKind.BRANDED and "state" in changes:
            attributes["destination"] = check_partition(domain.id, changes["state"])
        self._append(account_items.update(self._table, key, attributes, domain.version))

    def _append(self, item: TransactionItem, failure: type[Exception] = StaleDomain) -> None:
        self._failures[len(self.items)] = failure
        self.items.append(item)

    def _counted_in(self, domain: Domain, limit: int) -> TransactionItem:
        update = {
            "TableName": self._table,
            "Key": Holdings.key(domain.account_id),
            "ConditionExpression": "attribute_not_exists(#total) OR #total < :limit",
            "UpdateExpression": "ADD #total :one, #kind :one",
            "ExpressionAttributeNames": {"#total": "total", "#kind": domain.kind.value},
            "ExpressionAttributeValues": {
                ":limit": NUMBER.encode(limit),
                ":one": NUMBER.encode(1),
            },
        }
        return {"Update": update}

    def _put_new(self, item: Item) -> TransactionItem:
        condition = "attribute_not_exists(pk)"
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": condition}}

    def _host_changed(self, domain: Domain, attributes: dict[str, Item | None]) -> TransactionItem:
        """Of the record that redirects read, if it is still this domain's."""
        values = {name: value for name, value in attributes.items() if value is not None}
        removed = attributes.keys() - values.keys()
        parts = {
            "SET": [f"#{name} = :{name}" for name in values],
            "REMOVE": [f"#{name}" for name in sorted(removed)],
        }
        update = {
            "TableName": self._table,
            "Key": host_key(domain.host),
            "ConditionExpression": "domain_id = :mine",
            "UpdateExpression": " ".join(
                f"{word} {', '.join(actions)}" for word, actions in parts.items() if actions
            ),
            "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
            "ExpressionAttributeValues": {
                ":mine": TEXT.encode(domain.id),
                **{f":{name}": value for name, value in values.items()},
            },
        }
        return {"Update": update}

    def _host_left(self, domain: Domain, now: int) -> TransactionItem:
        """If it is still this domain's."""
        own = {
            "TableName": self._table,
            "ConditionExpression": "domain_id = :mine",
            "ExpressionAttributeValues": {":mine": TEXT.encode(domain.id)},
        }
        if domain.kind is DomainKind.SUBDOMAIN:
            return {"Put": {**own, "Item": to_held_host_item(domain, now + HELD)}}
        return {"Delete": {**own, "Key": host_key(domain.host)}}

    def _counted_out(self, domain: Domain) -> TransactionItem:
        update = {
            "TableName": self._table,
            "Key": Holdings.key(domain.account_id),
            "ConditionExpression": "#total > :none",
            "UpdateExpression": "ADD #total :less, #kind :less"
            + (" REMOVE primary_id" if domain.is_primary else ""),
            "ExpressionAttributeNames": {"#total": "total", "#kind": domain.kind.value},
            "ExpressionAttributeValues": {":none": NUMBER.encode(0), ":less": NUMBER.encode(-1)},
        }
        return {"Update": update}

    def _primary_removed(self, domain: Domain) -> TransactionItem:
        update = {
            "TableName": self._table,
            "Key": Holdings.key(domain.account_id),
            "ConditionExpression": "primary_id = :mine",
            "UpdateExpression": "REMOVE primary_id",
            "ExpressionAttributeValues": {":mine": TEXT.encode(domain.id)},
        }
        return {"Update": update}

    def _deleted(self, key: Item, **read: Item) -> TransactionItem:
        """If its attributes still have the values that were read."""
        delete: dict[str, Any] = {"TableName": self._table, "Key": key}
        if read:
            delete["ConditionExpression"] = " AND ".join(f"{name} = :{name}" for name in read)
            delete["ExpressionAttributeValues"] = {f":{name}": it for name, it in read.items()}
        return {"Delete": delete}

    def _no_longer_primary(self, account_id: str, domain_id: str) -> TransactionItem:
        update = {
            "TableName": self._table,
            "Key": domain_key(account_id, domain_id),
            "ConditionExpression": "is_primary = :true",
            "UpdateExpression": "ADD version :one REMOVE is_primary",
            "ExpressionAttributeValues": {
                ":true": {"BOOL": True},
                ":one": NUMBER.encode(1),
            },
        }
        return {"Update": update}
