"""Shows an account's plan, and puts accounts on plans."""

import argparse
import sys
from collections.abc import Sequence

from jmpy.accounts.model import Account
from jmpy.accounts.renewal import Renewal
from jmpy.accounts.usage_plan_imports import UsagePlanKeyImports
from ops import daily_limits, output, progress
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.described import account_value
from ops.progress import Progress


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.plan", __doc__)
    commands.add("show", show, "Show the account's plan")
    change = commands.add("set", set_plan, "Put the account, and all its keys, on a plan")
    change.add_argument("plan", help="free, pro, enterprise, or what else template.yaml has")
    change.add_argument(
        "--limits", type=daily_limits.parsed, default={}, metavar="LIST",
        help=f"daily limits that replace the plan's own: {daily_limits.EXAMPLE}",
    )  # fmt: skip
    commands.add(
        "renew", renew,
        "Put every account on its plan once more: after a change of SharedFreeKeys, or a restore",
        Whose.NONE,
    )  # fmt: skip
    return commands.main(arguments)


def show(target: Deployment, options: argparse.Namespace) -> None:
    _show(options, target.accounts.get(options.account))


def set_plan(target: Deployment, options: argparse.Namespace) -> None:
    print("- Updating API Gateway, then every key of the account ...", file=sys.stderr, flush=True)
    account = target.accounts.subscribe(
        options.account, options.plan, options.limits, by=target.operator
    )
    _show(options, account)


def renew(target: Deployment, options: argparse.Namespace) -> None:
    print("- Looking which keys API Gateway has ...", file=sys.stderr, flush=True)
    edge = target.usage_plan_keys
    bulk = UsagePlanKeyImports(edge, Progress("keys at API Gateway"))
    done = Renewal(
        target.accounts, target.account_store, target.key_store, edge, bulk, pause=progress.pause
    ).run(by=target.operator)
    words = (
        f"{done.accounts:,} accounts are on their plans.\n"
        f"At API Gateway {done.created:,} keys were created and {done.deleted:,} deleted; "
        f"{done.moved:,} accounts use another one than before."
    )
    output.result(
        options,
        words,
        {
            "accounts": done.accounts,
            "keys_created": done.created,
            "keys_deleted": done.deleted,
            "accounts_moved": done.moved,
        },
    )


def _show(options: argparse.Namespace, account: Account) -> None:
    output.result(options, _line(account), account_value(account))


def _line(account: Account) -> str:
    suspended = "  suspended" if account.is_suspended else ""
    limits = "".join(
        f", {name} {limit:,} a day" for name, limit in account.subscription.limits.items()
    )
    return f"{account.id}: {account.subscription.plan}{limits}{suspended}"


if __name__ == "__main__":
    sys.exit(main())
