"""moto and the SDK without what they would do anew for every one of some three thousand tests, and
with the isolation of DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from threading import Lock
from typing import Any
from unittest.mock import patch

from botocore.loaders import create_loader
from botocore.useragent import UserAgentString
from moto import backend_index, backends, mock_aws
from moto.core.models import MockAWS
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.responses import DynamoHandler

_structure = BaseJSONSerializer._serialize_type_structure
_call_action = DynamoHandler.call_action
_one_at_a_time = Lock()
_MOST_CALLED = ("dynamodb", "sqs", "ssm", "sns", "apigateway")


@contextmanager
def once_per_session() -> Iterator[None]:
    """One session of the SDK with one loader of service descriptions. moto finds the services that
    are called most first, looks up the methods of a service once, copies values of DynamoDB that
    are in their final form, and prepares nothing for the library `requests`, which nobody
    uses. The SDK does not describe itself anew for each request."""
    patterns = sorted(
        backend_index.backend_url_patterns, key=lambda pattern: pattern[0] not in _MOST_CALLED
    )
    with ExitStack() as patches:
        changes: tuple[Any, ...] = (
            patch("botocore.session.create_loader", return_value=create_loader()),
            patch("boto3.DEFAULT_SESSION", None),
            patch.object(UserAgentString, "to_string", lambda _: "tests"),
            patch("moto.core.models.RESPONSES_METHODS", []),
            patch.object(backend_index, "backend_url_patterns", patterns),
            patch.object(backends, "get_backend", cache(backends.get_backend)),
            patch("moto.core.responses.method_names_from_class", cache(method_names_from_class)),
            patch.object(BaseJSONSerializer, "_serialize_type_structure", _serialize),
            patch.object(DynamoHandler, "call_action", _isolated),
        )
        for change in changes:
            patches.enter_context(change)
        yield


def _isolated(handler: DynamoHandler) -> Any:
    """moto copies tables for a transaction while other threads write to them."""
    with _one_at_a_time:
        return _call_action(handler)


def _serialize(
    serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str
) -> None:
    """moto looks for each of the ten types of a value by three names: half of a request's time."""
    if shape.name == "AttributeValue" and value.keys() <= {"S", "N", "SS", "NS", "BOOL", "NULL"}:
        serializer._default_serialize(serialized, value, shape, key)
    else:
        _structure(serializer, serialized, value, shape, key)


def account() -> MockAWS:
    """An empty AWS account, in the SDK's session of all tests."""
    return mock_aws(config={"core": {"reset_boto3_session": False}})
