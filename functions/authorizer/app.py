"""The Lambda authorizer that every protected route shares."""

from __future__ import annotations

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.accounts.lookup import AccountLookup
from jmpy.authorizer.id_tokens import RemoteVerifier
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.authorizer.settings import AuthorizerSettings
from jmpy.authorizer.tokens import TokenKeys
from jmpy.aws import clients
from jmpy.aws.client import SignedClient
from jmpy.aws.invocation import Invoker
from jmpy.cache import Cache
from jmpy.gateway import cors
from jmpy.gateway.viewer import Edge
from jmpy.keys.lookup import KeyLookup
from jmpy.settings import FunctionSettings, ReadTable

if TYPE_CHECKING:
    from jmpy.key_tokens.model import TokenKey
    from jmpy.key_tokens.text import PresentedToken


@dataclass(frozen=True)
class Settings(FunctionSettings):
    accounts_table: ReadTable
    id_token_function: str
    preflight_identifier: str
    closed_identifier: str
    allowed_origins: str = ""


settings = Settings.from_environment()

_table = settings.accounts_table
dynamodb = clients.dynamodb()
# Longer than the other function's cold start; both attempts end before this function's timeout.
_id_tokens = Invoker(settings.id_token_function, SignedClient("lambda", timeout=4.0, attempts=2))


def _look_up_token(presented: PresentedToken) -> TokenKey | None:
    from jmpy.key_tokens.lookup import TokenLookup  # noqa: PLC0415 - few requests have a token

    return TokenLookup(dynamodb, _table).find(presented)


_authorizer = Authorizer(
    AuthorizerSettings(
        settings.preflight_identifier,
        settings.closed_identifier,
        cors.parse(settings.allowed_origins),
        Edge.from_environment(),
    ),
    KeyLookup(dynamodb, _table).find,
    Cache(),
    SessionAccounts(
        RemoteVerifier(_id_tokens.invoke, Cache()).verify,
        AccountLookup(dynamodb, _table).find,
        Cache(),
    ),
    TokenKeys(_look_up_token, Cache()),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return _authorizer.authorize(event)
