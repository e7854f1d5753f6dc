"""What a transaction writes when a host becomes an account's, and another account's no longer.

One item decides whose a host is, with all of its short URLs: the `HostRecord`. Everything else here
keeps the records of the two accounts in step with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import TEXT
from jmpy.domains.item import file_key, to_host_item
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.writes import DomainWrites
from jmpy.links import membership

if TYPE_CHECKING:
    from jmpy.domains.holdings import Holdings
    from jmpy.domains.model import Domain


class OwnershipWrites(DomainWrites):
    def own(self, domain: Domain, changes: dict[str, Any], holder: Domain | None) -> None:
        """A claim, or a domain that was lost, as it was read: it has the host, if `holder` still
        has it, or nobody. From now on links can be created on it."""
        self._change_record(domain, changes)
        if domain.state is DomainState.LOST:
            writes = membership.DOMAIN.opened(self._table, domain.account_id, domain.id)
        else:
            counts = membership.DOMAIN.empty_counts(domain.account_id, domain.id)
            writes = [self._put_new(item) for item in counts]
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_host_item(replace(domain, **changes)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if holder is not None:
            put["ConditionExpression"] = "domain_id = :holder"
            put["ExpressionAttributeValues"] = {":holder": TEXT.encode(holder.id)}
        for write in (*writes, {"Put": put}):
            self._append(write)
        if holder is not None:
            self._delete_files(domain.host)

    def lose(self, holder: Domain, changes: dict[str, Any], held: Holdings) -> None:
        """The domain that has the host, as it was read, and what its account has of domains. No
        link can be created on it any more; those that it has can still be moved and deleted."""
        self._change_record(holder, changes)
        for write in membership.DOMAIN.closed(self._table, holder.account_id, holder.id):
            self._append(write)
        if held.primary_id == holder.id:
            self.move_primary(replace(holder, is_primary=False), held)

    def _delete_files(self, host: str) -> None:
        """Well-known files say which apps open the links of a host: none of the former owner's."""
        for name in WellKnownFile:
            self._append(self._deleted(file_key(host, name)))
