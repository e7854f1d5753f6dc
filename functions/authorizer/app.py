"""The Lambda authorizer that every protected route shares."""

from __future__ import annotations

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import logging
import os
from typing import Any

from jmpy.accounts.lookup import AccountLookup
from jmpy.authorizer.id_tokens import RemoteVerifier
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.authorizer.settings import AuthorizerSettings
from jmpy.aws import clients
from jmpy.aws.client import SignedClient
from jmpy.aws.invocation import Invoker
from jmpy.cache import Cache
from jmpy.keys.lookup import KeyLookup

# Lambda writes standard log records as JSON (LoggingConfig in template.yaml), which spares this
# function a logging library on every cold start.
logging.getLogger().setLevel(os.environ.get("LOG_LEVEL", "INFO"))

_table = os.environ["ACCOUNTS_TABLE"]
_dynamodb = clients.dynamodb()
# Longer than the other function's cold start; both attempts end before this function's timeout.
_id_tokens = Invoker(
    os.environ["ID_TOKEN_FUNCTION"], SignedClient("lambda", timeout=4.0, attempts=2)
)
_authorizer = Authorizer(
    AuthorizerSettings.from_environment(),
    KeyLookup(_dynamodb, _table).find,
    Cache(),
    SessionAccounts(
        RemoteVerifier(_id_tokens.invoke, Cache()).verify,
        AccountLookup(_dynamodb, _table).find,
        Cache(),
    ),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return _authorizer.authorize(event)
