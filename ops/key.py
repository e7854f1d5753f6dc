"""Makes, lists, rotates and revokes API keys without the dashboard."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from jmpy.accounts.errors import AccountNotFound
from jmpy.keys.model import ApiKey, Environment, IssuedKey, Permission
from ops import terminal
from ops.command import Commands
from ops.deployment import Deployment

DAY = 86400
MAX_DAYS = 3650


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.key", __doc__)
    creation = commands.add("create", create, "Create a key and print it once")
    creation.add_argument("--name", required=True, help="what the key is for")
    creation.add_argument(
        "--permissions", default=Permission.READ.value, metavar="LIST",
        help=f"comma separated, of: {', '.join(Permission)}; default: %(default)s",
    )  # fmt: skip
    creation.add_argument(
        "--environment", metavar="LABEL", help=f"{', '.join(Environment)}; default: none"
    )
    creation.add_argument(
        "--expires-days", type=_days, metavar="N", help="1 to 3650; default: never"
    )
    commands.add("list", show, "List an account's keys")
    rotation = commands.add("rotate", rotate, "Replace a key by a new one and print that once")
    rotation.add_argument("id")
    rotation.add_argument(
        "--grace-days", type=int, default=0, metavar="N",
        help="days for which the old key goes on working, 0 to 7; default: %(default)s",
    )  # fmt: skip
    commands.add("revoke", revoke, "End a key for good").add_argument("id")
    return commands.main(arguments)


def create(target: Deployment, options: argparse.Namespace) -> None:
    days = options.expires_days
    expires_at = None if days is None else int(time.time()) + days * DAY
    permissions = [word for word in options.permissions.replace(",", " ").split() if word]
    created = partial(
        target.keys.create, options.account, options.name, permissions, expires_at,
        by=target.operator, environment=options.environment,
    )  # fmt: skip
    try:
        issued = created()
    except AccountNotFound:  # and nothing else was wrong: a rejected key creates no account
        target.accounts.ensure(options.account, by=target.operator)
        issued = created()
    _show_once(issued)


def show(target: Deployment, options: argparse.Namespace) -> None:
    keys = target.keys.of_account(options.account)
    if not keys:
        print(f"Account {options.account!r} has no API keys; 'make key' creates one.")
    for key in keys:
        print(_line(key))


def rotate(target: Deployment, options: argparse.Namespace) -> None:
    grace = options.grace_days * DAY
    _show_once(target.keys.rotate(options.account, options.id, grace, by=target.operator))
    if options.grace_days:
        print(f"The old key works for {options.grace_days} more days.", file=sys.stderr)


def revoke(target: Deployment, options: argparse.Namespace) -> None:
    key = target.keys.revoke(options.account, options.id, by=target.operator)
    print(f"Revoked {key.name!r} ({key.id}); it stops working within five seconds.")


def _show_once(issued: IssuedKey) -> None:
    """The key goes to standard output and the rest to standard error, so that
    `KEY=$(make -s key ...)` holds nothing but the key."""
    print(issued.secret)
    print(f"{_line(issued.record)}\nCopy the key now: it is not stored and cannot be shown again.",
          file=sys.stderr)  # fmt: skip


def _line(key: ApiKey) -> str:
    ends = "" if key.expires_at is None else f", expires {_day(key.expires_at)}"
    return terminal.line(
        f"{key.id}  {key.display_prefix}...{key.last_four}  "
        f"{' '.join(sorted(key.permissions))}  {key.state(time.time())}  "
        f"{f'{key.environment}  ' if key.environment else ''}"
        f"created {_day(key.created_at)}{ends}  {key.name}"
    )


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {MAX_DAYS}")
    return int(text)


def _day(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")


if __name__ == "__main__":
    sys.exit(main())
