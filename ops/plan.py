"""Shows an account's plan, and puts accounts on plans."""

import argparse
import sys
from collections.abc import Sequence

from jmpy.accounts.model import Account
from jmpy.limits.plan import LimitClass
from ops.command import Commands
from ops.deployment import Deployment

MAX_LIMIT = 10**9


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.plan", __doc__)
    commands.add("show", show, "Show the account's plan")
    change = commands.add("set", set_plan, "Put the account, and all its keys, on a plan")
    change.add_argument("plan", help="free, pro, enterprise, or what else template.yaml has")
    change.add_argument(
        "--limits", type=_limits, default={}, metavar="LIST",
        help="daily limits that replace the plan's own: url_creation=5000,analytics=900; "
        f"of: {', '.join(LimitClass)}",
    )  # fmt: skip
    commands.add(
        "renew", renew,
        "Put every account on its plan once more: after a change of SharedFreeKeys, or a restore",
    )  # fmt: skip
    return commands.main(arguments)


def show(target: Deployment, options: argparse.Namespace) -> None:
    print(_line(target.accounts.get(options.account)))


def set_plan(target: Deployment, options: argparse.Namespace) -> None:
    print("- Telling API Gateway, then every key of the account ...", file=sys.stderr)
    account = target.accounts.subscribe(
        options.account, options.plan, options.limits, by=target.operator
    )
    print(_line(account))


def renew(target: Deployment, _options: argparse.Namespace) -> None:
    for number, account in enumerate(target.account_store.all(), 1):
        subscription = account.subscription
        target.accounts.subscribe(
            account.id, subscription.plan, subscription.limits, by=target.operator
        )
        print(f"{number}. {_line(account)}", flush=True)


def _line(account: Account) -> str:
    limits = "".join(
        f", {name} {limit:,} a day" for name, limit in account.subscription.limits.items()
    )
    return f"{account.id}: {account.subscription.plan}{limits}"


def _limits(text: str) -> dict[LimitClass, int]:
    limits = {}
    for pair in text.replace(",", " ").split():
        name, _, limit = pair.partition("=")
        if name not in set(LimitClass) or not limit.isascii() or not limit.isdigit():
            raise argparse.ArgumentTypeError(
                f"{pair!r} is not like url_creation=5000; classes are: {', '.join(LimitClass)}"
            )
        if int(limit) > MAX_LIMIT:
            raise argparse.ArgumentTypeError(f"{pair!r} is more than {MAX_LIMIT:,}")
        limits[LimitClass(name)] = int(limit)
    return limits


if __name__ == "__main__":
    sys.exit(main())
