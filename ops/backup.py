"""Exports a stack's data to a file, and imports it into the tables of a stack.

For moving to another region, account or name, and as a copy outside AWS. To undo mistakes there is
point-in-time recovery, which needs no file (docs/operations.md, "Recovery").
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from jmpy.accounts.usage_plan_imports import UsagePlanKeyImports
from jmpy.dashboard.filters import plural
from ops import (
    backup_file,
    backup_key,
    backup_tables,
    confirmation,
    domain_merge,
    progress,
    restoration,
)
from ops.backup_file import Backup, BackupExists
from ops.backup_tables import UnknownTable, backed_up, reported
from ops.campaign_merge import CampaignMerge, is_campaign, is_count, is_derived
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.domain_merge import DomainMerge
from ops.key_list import show_working
from ops.link_merge import LinkMerge, Merged, is_counted, is_link
from ops.progress import Progress
from ops.restoration import Restoration, is_webhook

if TYPE_CHECKING:
    from ops.backup_file import Item
    from ops.backup_tables import Pair


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.backup", __doc__)
    creation = commands.add(
        "create", create, "Write the stack's data into a file", Whose.NONE, json=False
    )
    restoring = commands.add(
        "restore", restore, "Write a file's data into the stack's tables", Whose.NONE, json=False
    )
    for command in (creation, restoring):
        command.add_argument("file", type=Path)
        command.add_argument("--force", action="store_true", help="overwrite what is there")
        command.add_argument(
            "--key-file", type=Path, default=Path("jmpy-backup.key"), metavar="FILE",
            help="key that backups are sealed with; default: %(default)s",
        )  # fmt: skip
    restoring.add_argument(
        "--unverified", action="store_true", help="accept a file that may have been changed"
    )
    restoring.add_argument("--yes", action="store_true", help="do not ask before keys work again")
    restoring.add_argument(
        "--report", type=Path, metavar="FILE", help="write the keys that work again to a CSV file"
    )
    return commands.main(arguments)


def create(target: Deployment, options: argparse.Namespace) -> None:
    path: Path = options.file
    if path.exists() and not options.force:
        raise BackupExists(path)
    created_at = datetime.now(UTC).strftime(backup_file.TIME)
    client, tables = target.dynamodb, backed_up(target.tables)
    items = reported(backup_tables.scanned(client, tables), "read")
    key = backup_key.drawn(options.key_file)
    written = backup_file.write(path, target.id.split("/")[1], created_at, items, key)
    _report_counts(written)
    print(f"Wrote {path}. Store it as securely as passwords: it contains email addresses, and the "
          "secrets that protect links and webhooks.")  # fmt: skip


def restore(target: Deployment, options: argparse.Namespace) -> None:
    """Asks for confirmation before it writes anything. The audit log is written first, so that no
    restore lacks its entry, and the keys last, when everything that they give access to exists."""
    path: Path = options.file
    _report(f"- Checking {path} ...")
    key = None if options.unverified else backup_key.read(options.key_file)
    found = backup_file.check(path, key)
    tables = backed_up(target.tables)
    for table in found.counts:
        if table not in tables:
            raise UnknownTable(table)
    if not options.force:
        backup_tables.require_empty(target.dynamodb, tables)
    plan = Restoration(target, restoration.contents(path, found), over=options.force)
    UsagePlanKeyImports(target.usage_plan_keys).check(plan.holders)
    _confirm(plan, found, options)
    backup_tables.side_by_side(
        lambda entry: target.dynamodb.put_item(**target.audit_log.put(entry)["Put"]),
        plan.entries(found, target),
    )
    _write(target, plan, options)
    _report_counts(found)
    print(f"Restored the backup of {found.stack} from {found.created_at}.")


def _confirm(plan: Restoration, found: Backup, options: argparse.Namespace) -> None:
    """Raises NotConfirmed."""
    if ended := plan.ended_since:
        print(f"Keys that worked at {found.created_at}, were ended since, and stay so: {ended:,}.")
    if not (working := plan.working):
        return
    print(
        f"{plural(len(working), 'API key')} will work again, with the permissions that they had at "
        f"{found.created_at}. Whether any was revoked since, this stack does not know:"
    )
    show_working(working, options.report)
    confirmation.require("Restore them?", yes=options.yes)


def _write(target: Deployment, plan: Restoration, options: argparse.Namespace) -> None:
    client, tables, path = target.dynamodb, backed_up(target.tables), options.file
    edge = target.usage_plan_keys
    UsagePlanKeyImports(edge, Progress("keys at API Gateway")).admit(plan.holders)
    settled = time.time() + edge.settling  # while the other tables are written

    def items(*ways: Way) -> Iterator[Pair]:
        pairs = plan.of_others(backup_file.read(path))
        found = (pair for pair in pairs if _way(*pair, over=options.force) in ways)
        return reported(found, "written")

    backup_tables.written(client, tables, items(Way.WRITTEN))
    backup_tables.filled(client, tables, items(Way.FILLED))
    if options.force:
        domains = DomainMerge(client, tables["LinksTable"])
        domains.run(item for _, item in items(Way.DOMAINS))
        domains.put_files(item for _, item in items(Way.FILES))
        campaigns = CampaignMerge(client, tables["LinksTable"])
        campaigns.run(item for _, item in items(Way.MERGED_BEFORE))
        campaigns.put_clicks(item for _, item in items(Way.COUNTED))
        merge = LinkMerge(
            client, tables["LinksTable"], target.audit_log, plan.taken_down, by=target.operator
        )
        merge.run(item for _, item in items(Way.MERGED))
        campaigns.recount()
        _report_merged(merge.done, campaigns, domains)
    if plan.has_new_accounts:
        progress.pause(max(0, settled - time.time()))
    accounts = plan.of_accounts(backup_file.read(path))
    backup_tables.filled(client, tables, reported(accounts, "written"))


class Way(Enum):
    """How an item of a backup gets into its table."""

    WRITTEN = "written"
    """Overwrites existing items."""
    FILLED = "filled"
    """Writes the item unless one exists."""
    MERGED = "merged"
    """With the link that is there."""
    MERGED_BEFORE = "merged before"
    """A campaign, before its links are."""
    COUNTED = "counted"
    """Of a campaign: its clicks are taken, and its links counted."""
    DOMAINS = "domains"
    """Before their links are merged."""
    FILES = "files"
    """Of domains that come back."""
    DERIVED = "derived"
    """From links, campaigns and domains, as they are merged."""


_OF_LINKS_TABLE = (
    (is_link, Way.MERGED),
    (is_campaign, Way.MERGED_BEFORE),
    (is_count, Way.COUNTED),
    (domain_merge.is_domain, Way.DOMAINS),
    (domain_merge.is_file, Way.FILES),
    (is_counted, Way.DERIVED),
    (is_derived, Way.DERIVED),
    (domain_merge.is_derived, Way.DERIVED),
)
"""What an item of the links' table is, and how it gets there; the others are filled in."""


def _way(table: str, item: Item, *, over: bool) -> Way:
    if table == "AuditTable" or is_webhook(item):
        return Way.FILLED
    if table != "LinksTable" or not over:
        return Way.WRITTEN
    return next((way for applies, way in _OF_LINKS_TABLE if applies(item)), Way.FILLED)


def _report_merged(done: Merged, campaigns: CampaignMerge, domains: DomainMerge) -> None:
    if domains.added:
        print(f"Domains that came back: {domains.added:,}.")
    if domains.taken:
        print(f"Domains left out, as others have their hosts: {domains.taken:,}.")
    if campaigns.added:
        print(f"Campaigns that came back: {campaigns.added:,}.")
    if campaigns.taken:
        print(f"Campaigns left out, as others have their names: {campaigns.taken:,}.")
    if done.added or done.changed:
        print(f"Links that came back: {done.added:,}; that are what they were: {done.changed:,}.")
    if done.taken:
        print(f"Links left out, as their codes are taken or held back: {done.taken:,}.")


def _report_counts(backup: Backup) -> None:
    for name, count in sorted(backup.counts.items()):
        print(f"{count:10,}  {name}")
    if not backup.counts:
        print("There was nothing to take.")


def _report(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
