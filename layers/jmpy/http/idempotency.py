"""`Idempotency-Key`: a create that is sent again answers as it did the first time.

The answer is kept for a day under the account, the operation and the key. The same key with
another body is refused, and so is a second request while the first is still at work.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from jmpy import aws

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = 24 * 3600
"""Seconds."""

MAX_LENGTH = 255

logger = Logger()


class InvalidIdempotencyKey(Exception):
    def __init__(self) -> None:
        super().__init__(f"An Idempotency-Key has 1 to {MAX_LENGTH} printable ASCII characters")


class IdempotencyUnsupported(Exception):
    """The answer of this operation cannot be kept: it may be too large, or it is a secret."""

    def __init__(self, instead: str) -> None:
        super().__init__(f"This operation takes no Idempotency-Key; {instead}")


class IdempotencyConflict(Exception):
    """The first request with this key is still at work."""

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is in progress; try again shortly")


class IdempotencyMismatch(Exception):
    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another request; use a new one")


class IdempotencyUnavailable(Exception):
    """The record of earlier requests cannot be read, so the work was not begun."""


def once(key: str | None, scope: str, body: Any, context: Any, work: Callable[[], Any]) -> Any:
    """The result of `work` (JSON values), done once per key and scope; without a key, done. What
    was done is answered even when it cannot be remembered.

    `context` is Lambda's: a request that dies with its function is forgotten at its timeout.

    Raises InvalidIdempotencyKey, IdempotencyConflict, IdempotencyMismatch,
    IdempotencyUnavailable.
    """
    if key is None:
        return work()
    if not 1 <= len(key) <= MAX_LENGTH or not (key.isascii() and key.isprintable()):
        raise InvalidIdempotencyKey
    # Loaded only by the requests that need it: most creates send no key.
    from aws_lambda_powertools.utilities.idempotency import (  # noqa: PLC0415
        exceptions,
        idempotent_function,
    )

    @idempotent_function(data_keyword_argument="request", **_settings(context))  # type: ignore[untyped-decorator]
    def work_once(*, request: dict[str, str]) -> Any:  # noqa: ARG001 - read by the decorator
        made.append(work())
        return made[0]

    made: list[Any] = []
    try:
        return work_once(request={"scope": scope, "key": key, "body": json.dumps(body)})
    except exceptions.IdempotencyAlreadyInProgressError:
        raise IdempotencyConflict from None
    except exceptions.IdempotencyValidationError:
        raise IdempotencyMismatch from None
    except exceptions.IdempotencyPersistenceLayerError as error:
        if made:
            # Done, and only not remembered. To refuse it would make the client do it again.
            logger.exception("answer not kept")
            return made[0]
        raise IdempotencyUnavailable from error


@cache
def _dynamodb() -> DynamoDBClient:
    """One per execution environment: making a client costs more than what it is used for."""
    return aws.dynamodb_of_the_sdk()


def _settings(context: Any) -> dict[str, Any]:
    from aws_lambda_powertools.utilities.idempotency import (  # noqa: PLC0415
        DynamoDBPersistenceLayer,
        IdempotencyConfig,
    )

    config = IdempotencyConfig(
        event_key_jmespath="[scope, key]",
        payload_validation_jmespath="body",
        expires_after_seconds=KEPT,
    )
    config.register_lambda_context(context)
    store = DynamoDBPersistenceLayer(
        table_name=os.environ["IDEMPOTENCY_TABLE"], boto3_client=_dynamodb()
    )
    return {"config": config, "persistence_store": store}
