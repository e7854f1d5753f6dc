from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from tests.integration import functions
from tests.integration.conftest import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.functions import Answer


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


def follow(path: str, method: str = "GET") -> Answer:
    parameters = {"proxy": path} if path else None
    sent: dict[str, Any] = functions.event(
        method, f"/{path}", resource="/{proxy+}", parameters=parameters
    )
    return functions.call(functions.load("redirect").handler, sent)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_short_code_leads_to_its_destination(links: LinkService, method: str) -> None:
    link = links.create("a", url="https://example.com/a?b=c")
    answer = follow(link.short_code, method)
    assert answer.status == 302
    assert answer.headers["location"] == "https://example.com/a?b=c"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("path", ["", "nope", "api", "api/v1/nope", "a" * 3000, "caf\u00e9", "\0"])
def test_any_other_path_is_404_in_the_envelope(dynamodb: DynamoDBClient, path: str) -> None:
    answer = follow(path)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


def test_only_reading_follows_a_link(links: LinkService) -> None:
    link = links.create("a", url="https://example.com/")
    assert follow(link.short_code, "POST").status == 404


def test_an_expired_link_is_gone(links: LinkService) -> None:
    link = links.create("a", url="https://example.com/", expires_at=1)
    answer = follow(link.short_code)
    assert (answer.status, answer.code) == (410, "LINK_EXPIRED")


def test_a_fault_is_503(links: LinkService, dynamodb: DynamoDBClient) -> None:
    link = links.create("a", url="https://example.com/")
    dynamodb.delete_table(TableName=LINKS)
    answer = follow(link.short_code)
    assert (answer.status, answer.code) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
