"""The Lambda authorizer that every protected route shares."""

import logging
import os
from typing import Any

from jmpy import aws
from jmpy.authorizer.cache import LookupCache
from jmpy.authorizer.decision import Authorizer
from jmpy.keys.store import KeyStore

# Lambda writes standard log records as JSON (LoggingConfig in template.yaml), which spares this
# function a logging library on every cold start.
logging.getLogger().setLevel(os.environ.get("LOG_LEVEL", "INFO"))

_authorizer = Authorizer(
    KeyStore(aws.dynamodb(), os.environ["ACCOUNTS_TABLE"]).find,
    LookupCache(),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return _authorizer.decide(event)
