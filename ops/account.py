"""Suspends accounts, and lifts that: nobody gets in for a suspended account, with a key, on the
dashboard or with an ID token (docs/operations.md, "When somebody leaves")."""

import argparse
import sys
import time
from collections.abc import Sequence

from jmpy.accounts.model import Account
from jmpy.accounts.service import EFFECTIVE
from ops import terminal
from ops.command import Commands
from ops.deployment import Deployment


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.account", __doc__)
    suspending = commands.add("suspend", suspend, "Keep everybody out of the account, at once")
    suspending.add_argument("--reason", help="why, for the audit log")
    suspending.add_argument("--keep-links", action="store_true", help="let its links go on working")
    commands.add("unsuspend", unsuspend, "Let the account's keys and its owner in again")
    return commands.main(arguments)


def suspend(target: Deployment, options: argparse.Namespace) -> None:
    """The keys first, as they are what works elsewhere. Each step can be repeated, so the command
    can be run again after it was interrupted."""
    account = target.accounts.suspend(options.account, options.reason, by=target.operator)
    _tell(f"- {account.id}: its keys stop working within {EFFECTIVE} seconds ...")
    ended = target.sessions.remove_all(account.id)
    _tell(f"- {ended} sessions of the dashboard ended")
    time.sleep(EFFECTIVE)
    print(_line(account))


def unsuspend(target: Deployment, options: argparse.Namespace) -> None:
    account = target.accounts.unsuspend(options.account, by=target.operator)
    print(_line(account))


def _line(account: Account) -> str:
    suspension = account.subscription.suspension
    if suspension is None:
        return f"{account.id}: not suspended; its keys work within {EFFECTIVE} seconds."
    since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(suspension.since))
    reason = f": {suspension.reason}" if suspension.reason else ""
    return terminal.line(f"{account.id}: suspended since {since}{reason}")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
