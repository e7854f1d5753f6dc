"""The Lambda authorizer that every protected route shares."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from jmpy import aws
from jmpy.accounts.store import AccountStore
from jmpy.authorizer.cache import LookupCache
from jmpy.authorizer.decision import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.keys.store import KeyStore

if TYPE_CHECKING:
    from jmpy.sessions.id_token import IdTokenVerifier

# Lambda writes standard log records as JSON (LoggingConfig in template.yaml), which spares this
# function a logging library on every cold start.
logging.getLogger().setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def _id_token_verifier() -> IdTokenVerifier:
    # Most requests carry a key; they shall not wait for a cryptography library to load.
    from jmpy.sessions import id_token  # noqa: PLC0415
    from jmpy.sessions.settings import SignInSettings  # noqa: PLC0415

    return id_token.verifier(SignInSettings.from_environment())


_dynamodb = aws.dynamodb()
_table = os.environ["ACCOUNTS_TABLE"]
_authorizer = Authorizer(
    KeyStore(_dynamodb, _table).find,
    LookupCache(),
    SessionAccounts(_id_token_verifier, AccountStore(_dynamodb, _table).find, LookupCache()),
    country_header=os.environ.get("COUNTRY_HEADER", ""),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return _authorizer.decide(event)
