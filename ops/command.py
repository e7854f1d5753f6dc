"""Common parts of the operator's commands: the stack, the account, and errors in one line."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from enum import Enum

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from jmpy.accounts.errors import (
    AccountChanged,
    AccountNotFound,
    AccountSuspended,
    InvalidAccountId,
    InvalidReason,
    SeveralAccounts,
)
from jmpy.accounts.usage_plan_imports import TooManyUsagePlanKeys
from jmpy.aws.errors import AwsError
from jmpy.domains.errors import DomainConflict, DomainIsDeleted, DomainNotFound
from jmpy.formats.time_range import ReversedRange
from jmpy.keys.errors import InvalidKeyRequest, KeyNotActive, KeyNotFound, TooManyKeys
from jmpy.limits.plan import UnknownPlan
from jmpy.links.blocklist_store import BlocklistChanging, BlocklistFull
from jmpy.links.bulk_errors import InvalidUpload
from jmpy.links.errors import AliasNotHeld, LinkConflict, LinkNotFound
from ops import deployment, stack_env, terminal
from ops.backup_file import BackupRejected
from ops.deployment import Deployment

DEFAULT_ACCOUNT = "default"
"""On AWS; on the local stack it is the demo user's."""

Run = Callable[[Deployment, argparse.Namespace], None]


class Whose(Enum):
    """Which account a command is about."""

    KNOWN = "known"
    """An existing account; the default one even before anything was created in it."""
    NEW = "new"
    """One that it creates: no other command does, but for the default account."""
    NONE = "none"
    """The whole stack, unless its options say otherwise."""


class Commands:
    """The commands of one program, each for any stack."""

    def __init__(self, program: str, description: str | None) -> None:
        self._parser = argparse.ArgumentParser(prog=program, description=description)
        self._commands = self._parser.add_subparsers(required=True, metavar="command")

    def add(
        self, name: str, run: Run, text: str, whose: Whose = Whose.KNOWN, *, json: bool = True
    ) -> argparse.ArgumentParser:
        """`json`: whether it can print for programs (`ops.output`)."""
        command = self._commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, whose=whose)
        command.add_argument("--stack", help="name of a stack on AWS; default: the local stack")
        if json:
            command.add_argument("--json", action="store_true", help="print for programs")
        if whose is not Whose.NONE:
            command.add_argument(
                "--account",
                help="its id, or the email address of its owner; default: "
                f"{DEFAULT_ACCOUNT!r}, on the local stack the demo user's",
            )
        return command

    @terminal.guarded
    def main(self, arguments: Sequence[str] | None) -> int:
        """The exit status."""
        options = self._parser.parse_args(arguments)
        try:
            target = find_deployment(options.stack)
            if options.whose is not Whose.NONE:
                options.account = _account(target, options)
            options.run(target, options)
        except (
            deployment.StackNotFound,
            stack_env.NoLocalStack,
            AccountChanged,
            AccountNotFound,
            AccountSuspended,
            AliasNotHeld,
            DomainConflict,
            DomainIsDeleted,
            DomainNotFound,
            SeveralAccounts,
            InvalidAccountId,
            InvalidKeyRequest,
            InvalidReason,
            KeyNotActive,
            KeyNotFound,
            TooManyUsagePlanKeys,
            LinkConflict,
            LinkNotFound,
            BlocklistChanging,
            BlocklistFull,
            TooManyKeys,
            ReversedRange,
            UnknownPlan,
            InvalidUpload,
            BackupRejected,
            OSError,
            AwsError,
            ClientError,
            BotoCoreError,
        ) as error:
            known = isinstance(error, AccountNotFound)
            hint = "; 'make accounts' lists those that there are" if known else ""
            print(f"error: {terminal.line(error)}{hint}", file=sys.stderr)
            return 1
        return 0


def _account(target: Deployment, options: argparse.Namespace) -> str:
    """Raises AccountNotFound, SeveralAccounts."""
    if options.account is None:
        return DEFAULT_ACCOUNT if options.stack else stack_env.read().account
    if options.whose is Whose.NEW:
        return str(options.account)
    return find_account(target, options.account)


def find_account(target: Deployment, named: str) -> str:
    """The id of an account that is named by that, or by its owner's email address.

    Raises AccountNotFound, SeveralAccounts.
    """
    if "@" not in named:
        return target.account_store.get(named).id
    found = target.account_store.of_owner(named)
    if not found:
        raise AccountNotFound(named)
    if len(found) > 1:
        raise SeveralAccounts(named, sorted(account.id for account in found))
    return found[0].id


def find_deployment(stack: str | None) -> Deployment:
    """The stack of that name on AWS, or the local one. Raises StackNotFound, NoLocalStack."""
    if stack:
        # Unlike the AWS CLI, boto3 does not read AWS_REGION.
        return deployment.find(stack, boto3.Session(region_name=os.environ.get("AWS_REGION")))
    return stack_env.read().deployment()
