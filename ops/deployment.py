"""A deployed stack, found by its name, and the domain services that work on its tables.

Access is the operator's own AWS credentials; nothing here goes through the public API.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.accounts.usage_plan_keys import SETTLING, UsagePlanKeys
from jmpy.audit.item import to_item
from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.audit.store import AuditLog
from jmpy.domains.store import DomainStore
from jmpy.domains.suspension import Suspensions
from jmpy.gateway.own_names import OwnNames
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.links import codes
from jmpy.links.blocklist_store import BlocklistStore
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.store import LinkStore
from jmpy.links.takedown import TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from jmpy.qr.store import QrCodeStore
from jmpy.retry import Retry
from jmpy.sessions.store import SessionStore
from ops import progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.audit.model import Entry


_RETRY = Retry(attempts=5, pause=0.1)


class StackNotFound(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no stack {name!r} with these credentials and in this region; "
            "check STACK, AWS_PROFILE and AWS_REGION"
        )


@dataclass(frozen=True)
class Deployment:
    id: str
    outputs: Mapping[str, str]
    session: boto3.Session
    endpoint: str | None

    @property
    def accounts(self) -> AccountService:
        return AccountService(
            self.account_store,
            self.key_store,
            self.usage_plan_keys,
            self.audit_log,
            pause=progress.pause,
        )

    @property
    def accounts_without_pauses(self) -> AccountService:
        """For accounts that nobody uses yet: the pauses spare usage plan keys that are in use. New
        ones are used at once, even if API Gateway has not applied them."""
        return AccountService(
            self.account_store,
            self.key_store,
            replace(self.usage_plan_keys, settling=0),
            self.audit_log,
            pause=lambda _: None,
        )

    @property
    def keys(self) -> KeyService:
        return KeyService(self.key_store, self.account_store, self.audit_log)

    @property
    def audit_log(self) -> AuditLog:
        return AuditLog(self.dynamodb, self.outputs["AuditTable"], report=_show_missing)

    @cached_property
    def operator(self) -> Origin:
        """The person who runs the command: on AWS the IAM identity, which needs no permission to be
        read; on the local stack, which has no identities, the user of this machine."""
        if self.endpoint is not None:
            who = _user()
            return Origin(Actor(ActorType.OPERATOR, who, who), Source(Channel.MAKE))
        arn = self.session.client("sts").get_caller_identity()["Arn"]
        return Origin(
            Actor(ActorType.OPERATOR, arn, re.split("[/:]", arn)[-1]), Source(Channel.MAKE)
        )

    @property
    def account_store(self) -> AccountStore:
        return AccountStore(self.dynamodb, self.outputs["AccountsTable"])

    @property
    def key_store(self) -> KeyStore:
        return KeyStore(self.dynamodb, self.outputs["AccountsTable"])

    @property
    def link_store(self) -> LinkStore:
        return LinkStore(self.dynamodb, self.outputs["LinksTable"])

    @property
    def qr_code_store(self) -> QrCodeStore:
        return QrCodeStore(self.dynamodb, self.outputs["LinksTable"])

    @property
    def domain_store(self) -> DomainStore:
        return DomainStore(self.dynamodb, self.outputs["LinksTable"])

    @property
    def suspensions(self) -> Suspensions:
        return Suspensions(self.domain_store, self.audit_log)

    @property
    def takedowns(self) -> TakedownService:
        store = TakedownStore(self.dynamodb, self.outputs["LinksTable"])
        notices = TakedownNotices(self.dynamodb, self.outputs["ActivityTable"])
        return TakedownService(store, self.audit_log, notices)

    @property
    def blocklist(self) -> BlocklistStore:
        return BlocklistStore(self.dynamodb, self.outputs["LinksTable"])

    @property
    def held_aliases(self) -> HeldAliases:
        return HeldAliases(HeldCodeStore(self.dynamodb, self.outputs["LinksTable"]), self.audit_log)

    @property
    def own_names(self) -> OwnNames:
        hosts = [host.strip() for host in self.outputs["OwnHosts"].split(",")]
        # The first is API Gateway's.
        urls = [self.outputs["BaseUrl"], *(f"https://{host}" for host in hosts)]
        names = OwnNames.from_urls(urls, [hosts[0].partition(".")[0]])
        return replace(
            names,
            zone=self.outputs.get("SubdomainZone", ""),
            have_others=self.outputs.get("BrandedDomains", "off") != "off",
        )

    def address(self, link: str) -> str:
        """Of a link that an operator names by its code, on the default domain, or by its short URL,
        with or without a scheme."""
        place, _, code = link.rpartition("://")[2].rpartition("/")
        host = place.partition("/")[0].partition(":")[0].lower()
        if not host:
            return code
        own = self.own_names
        return codes.address(code, host if own.are_above(host) or not own.have(host) else "")

    @property
    def sessions(self) -> SessionStore:
        return SessionStore(self.dynamodb, self.tables["SessionsTable"])

    @property
    def usage_plan_keys(self) -> UsagePlanKeys:
        return UsagePlanKeys(
            lambda: self.session.client("apigateway", endpoint_url=self.endpoint),
            self.id,
            lambda: self.outputs["UsagePlans"],
            self.outputs["NewAccountsIdentifier"],
            shared=int(self.outputs["SharedFreeKeys"]),
            settling=0 if self.endpoint else SETTLING,
        )

    @property
    def tables(self) -> dict[str, str]:
        """Names by logical id."""
        client = self.session.client("cloudformation", endpoint_url=self.endpoint)
        pages = client.get_paginator("list_stack_resources").paginate(StackName=self.id)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == "AWS::DynamoDB::Table"
        }

    @property
    def dynamodb(self) -> DynamoDBClient:
        client = self.session.client("dynamodb", endpoint_url=self.endpoint)
        # The stubs do not allow for a handler that returns something; this event expects seconds.
        client.meta.events.register("needs-retry.dynamodb.*", _pause_if_contended)  # type: ignore[arg-type]
        return client


def _pause_if_contended(
    response: tuple[Any, dict[str, Any]] | None, attempts: int, **_: Any
) -> float | None:
    """Seconds until the next attempt of a write that conflicted with a transaction on its item,
    which the SDK does not repeat; None for other errors."""
    code = response[1].get("Error", {}).get("Code") if response else None
    if code != "TransactionConflictException" or attempts >= _RETRY.attempts:
        return None
    return _RETRY.seconds(attempts)


def _show_missing(entry: Entry) -> None:
    print(
        "warning: done, but the audit log could not be written; put this item into AuditTable once "
        f"it can be (docs/operations.md): {json.dumps(to_item(entry))}",
        file=sys.stderr,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        return str(os.getuid())


def find(name: str, session: boto3.Session, endpoint: str | None = None) -> Deployment:
    """The stack of that name; `endpoint` is the emulator's address, None for AWS.

    Raises StackNotFound.
    """
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise StackNotFound(name) from None
        raise
    outputs = {
        output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])
    }
    return Deployment(stacks[0]["StackId"], outputs, session, endpoint)
