"""Creates, lists, rotates and revokes API keys without the dashboard."""

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial

from jmpy.access.permission import Permission
from jmpy.accounts.errors import AccountNotFound
from jmpy.clock import DAY
from jmpy.keys.lifetime import LONGEST
from jmpy.keys.model import Environment, IssuedKey
from jmpy.keys.rotation import DEFAULT_GRACE_PERIOD
from jmpy.keys.schema import CreatedApiKeyBody, IssuedApiKeyBody, RotatedApiKeyBody
from ops import daily_limits, output, terminal
from ops.command import Commands
from ops.deployment import Deployment
from ops.described import key_line, key_value, moment

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
        "--expires-days", type=_days, metavar="N",
        help="1 to 3650; default: never or, under a policy of the account, as late as it allows",
    )  # fmt: skip
    creation.add_argument(
        "--allowed-ips", default="", metavar="LIST",
        help="comma separated addresses and networks that the key is accepted from; default: any",
    )  # fmt: skip
    creation.add_argument(
        "--description", default="", metavar="TEXT", help="who looks after the key, and why it is"
    )
    creation.add_argument(
        "--labels", default="", metavar="LIST", help="comma separated, to find the key by"
    )
    creation.add_argument(
        "--limits", type=daily_limits.parsed, default={}, metavar="LIST",
        help=f"daily limits of the key, below those of its account: {daily_limits.EXAMPLE}",
    )  # fmt: skip
    commands.add("list", show, "List an account's keys")
    rotation = commands.add("rotate", rotate, "Replace a key by a new one and print that once")
    rotation.add_argument("id")
    rotation.add_argument(
        "--grace-days", type=int, default=DEFAULT_GRACE_PERIOD // DAY, metavar="N",
        help="days for which the old key goes on working, 0 to 7; default: %(default)s",
    )  # fmt: skip
    commands.add("revoke", revoke, "End a key for good").add_argument("id")
    return commands.main(arguments)


def create(target: Deployment, options: argparse.Namespace) -> None:
    days = options.expires_days
    expires_at = LONGEST if days is None else int(time.time()) + days * DAY
    permissions = options.permissions.replace(",", " ").split()
    allowed_ips = options.allowed_ips.replace(",", " ").split()
    created = partial(
        target.keys.create, options.account, options.name, permissions, expires_at,
        by=target.operator, environment=options.environment, allowed_ips=allowed_ips,
        limits=options.limits, description=options.description,
        labels=[label for label in options.labels.split(",") if label.strip()],
    )  # fmt: skip
    try:
        issued = created()
    except AccountNotFound:
        # The default account's first key creates it, if nothing else was wrong. An account that was
        # named explicitly is known to exist by now.
        target.accounts.ensure(options.account, by=target.operator)
        issued = created()
    body = CreatedApiKeyBody.created(issued, allowed_ips, time.time())
    _show_once(options, issued, body)
    for one in body.adjusted_ips:
        output.note(f"{one.sent} is stored as {one.stored}.")


def show(target: Deployment, options: argparse.Namespace) -> None:
    keys = target.keys.of_account(options.account)
    if not output.listing(options, keys, key_line, key_value):
        output.note(f"Account {options.account!r} has no API keys; 'make key' creates one.")


def rotate(target: Deployment, options: argparse.Namespace) -> None:
    grace = options.grace_days * DAY
    issued = target.keys.rotate(options.account, options.id, grace, by=target.operator)
    _show_once(options, issued, RotatedApiKeyBody.rotated(issued, time.time()))
    ends = issued.old_key_expires_at
    assert ends is not None, "it replaced a key"
    if ends > time.time():
        output.note(
            f"The old key works until {moment(ends)}. To end it now: make revoke ID={options.id} "
            "(with GRACE=0 it would have ended at once)."
        )
    else:
        output.note("The old key has ended; it stops working within five seconds.")


def revoke(target: Deployment, options: argparse.Namespace) -> None:
    key = target.keys.revoke(options.account, options.id, by=target.operator)
    words = f"Revoked {key.name!r} ({key.id}); it stops working within five seconds."
    output.result(options, words, key_value(key))


def _show_once(options: argparse.Namespace, issued: IssuedKey, body: IssuedApiKeyBody) -> None:
    """The key is written to standard output and the rest to standard error, so that
    `KEY=$(make -s key ...)` contains only the key."""
    output.result(options, issued.secret, body.model_dump(mode="json"))
    output.note(terminal.line(key_line(issued.record)))
    output.note("Copy the key now: it is not stored and cannot be shown again.")


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {MAX_DAYS}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
