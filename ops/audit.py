"""Shows the changes to an account's links, keys, plan and alert settings, with actor and source."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from jmpy.audit.model import Action, Entry
from jmpy.audit.schema import AuditLogEntryBody, displayed
from jmpy.audit.store import EntryFilter
from jmpy.formats.times import parse_time, seconds
from jmpy.links import codes
from ops import output
from ops.command import Commands
from ops.deployment import Deployment

SHOWN = 50
MAX_SHOWN = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.audit", __doc__)
    listing = commands.add("list", show, "List changes, the latest first, one a line")
    of = listing.add_mutually_exclusive_group()
    of.add_argument("--key", metavar="ID", help="of this key only")
    of.add_argument(
        "--link",
        metavar="ID",
        help="of this link only: its id, also of a deleted one, or its short code",
    )
    listing.add_argument("--by", metavar="ID", help="made by this key only")
    listing.add_argument(
        "--action", choices=[action.value for action in Action], metavar="ACTION",
        help=f"only these: {', '.join(Action)}",
    )  # fmt: skip
    for name, text in (("since", "from"), ("until", "up to")):
        listing.add_argument(
            f"--{name}", type=_time, metavar="TIME",
            help=f"{text} then, both ends included; ISO 8601, UTC unless it says otherwise",
        )  # fmt: skip
    listing.add_argument(
        "--limit", type=_limit, default=SHOWN, metavar="N",
        help=f"how many at most, 1 to {MAX_SHOWN}; default: %(default)s",
    )  # fmt: skip
    return commands.main(arguments)


def show(target: Deployment, options: argparse.Namespace) -> None:
    action = None if options.action is None else Action(options.action)
    requested = EntryFilter(
        target_id=options.key or (options.link and _link_id(target, options.link)),
        actor_id=options.by,
        action=action,
        start=options.since,
        end=options.until,
    )
    entries = [*target.audit_log.all(options.account, requested, options.limit + 1)]
    if not entries:
        output.note(f"No such changes of account {options.account!r}.")
    output.listing(
        options,
        entries[: options.limit],
        _line,
        lambda entry: AuditLogEntryBody.from_entry(entry).model_dump(mode="json"),
    )
    if len(entries) > options.limit:
        output.note("There are more: LIMIT= shows more, UNTIL= earlier ones.")


def _link_id(target: Deployment, link: str) -> str:
    """The target for an id or a code; a code also finds a link that was deleted or got another
    code, while the code is held."""
    address = target.address(link)
    found = target.link_store.target(address) if codes.is_address(address) else None
    return link if found is None else found.link_id


def _line(entry: Entry) -> str:
    """Fields apart by two spaces."""
    actor, source = entry.origin.actor, entry.origin.source
    who = actor.id if actor.name in {None, actor.id} else f"{actor.id} ({actor.name})"
    where = " ".join(filter(None, (source.channel, source.ip_address, source.request_id)))
    target = (
        entry.target_id if entry.target_name is None else f"{entry.target_id} ({entry.target_name})"
    )
    changes = (
        f"{name}: {_value(name, before)} -> {_value(name, after)}"
        for name, (before, after) in entry.changes.items()
    )
    time = datetime.fromtimestamp(entry.at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    parts = [time, entry.action, target, f"by {actor.type} {who}", f"from {where}", *changes]
    return "  ".join(parts)


def _value(name: str, value: object) -> str:
    return "-" if value is None else json.dumps(displayed(name, value), ensure_ascii=False)


def _time(text: str) -> int:
    try:
        found = seconds(parse_time(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    assert found is not None, "some text was parsed"
    return found


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_SHOWN:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MAX_SHOWN}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
