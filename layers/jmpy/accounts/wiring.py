"""Accounts for functions that may create some, from the environment that template.yaml defines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jmpy.accounts.admission import Admission
from jmpy.accounts.registration import Registration
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.aws.client import SignedClient
from jmpy.aws.invocation import Invoker

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations

WAIT = 5.0
"""Seconds to wait for each response of EdgeKeyFunction: its cold start, and two calls of API
Gateway. A second attempt finds what the first one did."""


def registration(client: DynamoDBOperations) -> Registration:
    invoker = Invoker(
        os.environ["EDGE_KEY_FUNCTION"], SignedClient("lambda", timeout=WAIT, attempts=2)
    )
    store = AccountStore(client, os.environ["ACCOUNTS_TABLE"])
    return Registration(
        store, Admission(invoker.invoke).admit, AuditLog(client, os.environ["AUDIT_TABLE"])
    )
