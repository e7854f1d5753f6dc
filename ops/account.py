"""Suspends accounts, and lifts that: nobody gets in for a suspended account, with a key, on the
dashboard or with an ID token (docs/operations.md, "When somebody leaves")."""

import argparse
import sys
import time
from collections.abc import Sequence

from jmpy.accounts.model import Account
from jmpy.accounts.service import EFFECTIVE
from jmpy.dashboard.words import plural
from jmpy.links.safety import Cause, Reason
from jmpy.links.takedown import Order, Progress
from ops import terminal
from ops.command import Commands
from ops.deployment import Deployment

LONGEST_REQUEST = 29
"""Seconds: as long as API Gateway waits for a function."""

_ORDER = Order(Cause.SUSPENSION, Reason.SUSPENDED)


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.account", __doc__)
    suspending = commands.add("suspend", suspend, "Keep everybody out of the account, at once")
    suspending.add_argument("--reason", help="why, for the audit log")
    suspending.add_argument("--keep-links", action="store_true", help="let its links go on working")
    commands.add("unsuspend", unsuspend, "Let the account's keys and its owner in again")
    return commands.main(arguments)


def suspend(target: Deployment, options: argparse.Namespace) -> None:
    """The keys first, as they are what works elsewhere. Each step can be repeated, so the command
    can be run again after it was interrupted, or to choose otherwise about the links."""
    begun = time.time()
    account = target.accounts.suspend(options.account, options.reason, by=target.operator)
    _tell(f"- Its keys and ID tokens stop working within {EFFECTIVE} seconds")
    ended = target.sessions.remove_all(account.id)
    _tell(f"- {plural(ended, 'session')} of the dashboard ended")
    links = (
        _keep_links(target, account) if options.keep_links else _end_links(target, account, begun)
    )
    print(_line(account))
    print(links)


def unsuspend(target: Deployment, options: argparse.Namespace) -> None:
    account = target.accounts.unsuspend(options.account, by=target.operator)
    done = target.takedowns.restore_account(
        account.id, Cause.SUSPENSION, by=target.operator, report=_report
    )
    print(_line(account))
    print(f"Links restored: {done.changed:,} of {done.meant:,}.")


def _end_links(target: Deployment, account: Account, begun: float) -> str:
    """Those too that requests create which were let in before the suspension was known."""
    service, by = target.takedowns, target.operator
    done = service.take_down_account(account.id, _ORDER, by=by, report=_report)
    _tell("- Waiting for requests that had begun ...")
    time.sleep(max(0.0, begun + EFFECTIVE + LONGEST_REQUEST - time.time()))
    late = 0
    for link in target.link_store.newest(account.id, sys.maxsize):
        if link.created_at < int(begun):
            break
        late += not link.takedowns
        service.take_down(link.short_code, _ORDER, by=by)
    return f"Its links lead nowhere now (410): {done.meant + late:,}."


def _keep_links(target: Deployment, account: Account) -> str:
    target.takedowns.restore_account(
        account.id, Cause.SUSPENSION, by=target.operator, report=_report
    )
    time.sleep(EFFECTIVE)
    return "Its links go on working."


def _line(account: Account) -> str:
    suspension = account.subscription.suspension
    if suspension is None:
        return f"{account.id} is not suspended; its keys work within {EFFECTIVE} seconds."
    since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(suspension.since))
    reason = f": {suspension.reason}" if suspension.reason else "."
    return terminal.line(f"{account.id} is suspended since {since}{reason}")


def _report(progress: Progress) -> None:
    _tell(f"- {plural(progress.read, 'link')} read, {progress.changed:,} changed ...")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
