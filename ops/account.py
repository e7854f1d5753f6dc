"""Lists, creates and suspends accounts: a suspended account has no access, with a key, on the
dashboard or with an ID token (docs/operations.md, "When somebody leaves")."""

import argparse
import sys
import time
from collections.abc import Sequence

from jmpy.accounts.model import Account
from jmpy.accounts.service import EFFECTIVE
from jmpy.dashboard.filters import plural
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.takedown import Order, Progress
from ops import output, terminal
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.described import account_line, account_value, moment

LONGEST_REQUEST = 29
"""Seconds: as long as API Gateway waits for a function."""

_ORDER = Order(Cause.SUSPENSION, TakedownReason.SUSPENDED)


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.account", __doc__)
    commands.add("list", show, "List the accounts of the stack", Whose.NONE)
    commands.add("create", create, "Create an account that nobody signs in to", Whose.NEW)
    suspending = commands.add("suspend", suspend, "Keep everybody out of the account, at once")
    suspending.add_argument("--reason", help="why, for the audit log")
    suspending.add_argument("--keep-links", action="store_true", help="let its links go on working")
    commands.add("unsuspend", unsuspend, "Let the account's keys and its owner in again")
    return commands.main(arguments)


def show(target: Deployment, options: argparse.Namespace) -> None:
    """Reads the table as it prints; thousands of accounts need no more memory than one."""
    count = output.listing(options, target.account_store.all(), account_line, account_value)
    output.note(plural(count, "account"))


def create(target: Deployment, options: argparse.Namespace) -> None:
    """If the account exists already, it is shown."""
    is_new = target.account_store.find(options.account) is None
    account = target.accounts.ensure(options.account, by=target.operator)
    output.result(options, account_line(account), account_value(account))
    output.note("Created; 'make key ACCOUNT=...' creates keys for it." if is_new
                else "There was one already.")  # fmt: skip


def suspend(target: Deployment, options: argparse.Namespace) -> None:
    """The keys first, as they give access from anywhere. Each step can be repeated, so the command
    can be run again after an interruption, or with another choice about the links."""
    begun = time.time()
    account = target.accounts.suspend(options.account, options.reason, by=target.operator)
    output.note(f"- Its keys and ID tokens stop working within {EFFECTIVE} seconds")
    ended = target.sessions.remove_all(account.id)
    output.note(f"- {plural(ended, 'session')} of the dashboard ended")
    if options.keep_links:
        _keep_links(target, account)
        links, notes = 0, "Its links go on working."
    else:
        links = _end_links(target, account, begun)
        notes = f"Its links lead nowhere now (410): {links:,}."
    done = account_value(account) | {"links_disabled": links, "sessions_ended": ended}
    output.result(options, f"{_line(account)}\n{notes}", done)


def unsuspend(target: Deployment, options: argparse.Namespace) -> None:
    account = target.accounts.unsuspend(options.account, by=target.operator)
    done = target.takedowns.restore_account(
        account.id, Cause.SUSPENSION, by=target.operator, report=_report
    )
    words = f"{_line(account)}\nLinks restored: {done.changed:,} of {done.meant:,}."
    output.result(options, words, account_value(account) | {"links_restored": done.changed})


def _end_links(target: Deployment, account: Account, begun: float) -> int:
    """How many, including those of requests that were authorized just before."""
    service, by = target.takedowns, target.operator
    done = service.take_down_account(account.id, _ORDER, by=by, report=_report)
    output.note("- Waiting for requests that had begun ...")
    time.sleep(max(0.0, begun + EFFECTIVE + LONGEST_REQUEST - time.time()))
    late = 0
    for link in target.link_store.newest(account.id, sys.maxsize):
        if link.created_at < int(begun):
            break
        late += not link.takedowns
        service.take_down(link.short_code, _ORDER, by=by)
    return done.meant + late


def _keep_links(target: Deployment, account: Account) -> None:
    target.takedowns.restore_account(
        account.id, Cause.SUSPENSION, by=target.operator, report=_report
    )
    time.sleep(EFFECTIVE)


def _line(account: Account) -> str:
    suspension = account.subscription.suspension
    if suspension is None:
        return f"{account.id} is not suspended; its keys work within {EFFECTIVE} seconds."
    since = moment(suspension.since)
    reason = f": {suspension.reason}" if suspension.reason else "."
    return terminal.line(f"{account.id} is suspended since {since}{reason}")


def _report(progress: Progress) -> None:
    output.note(f"- {plural(progress.read, 'link')} read, {progress.changed:,} changed ...")


if __name__ == "__main__":
    sys.exit(main())
