from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.errors import AwsRejected
from jmpy.keys.service import KeyService
from project import functions
from project.origins import SOMEBODY
from project.tables import ACCOUNTS
from project.template import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService

pytestmark = pytest.mark.usefixtures("dynamodb")
PLACEHOLDER = "jmpy_KEY"


@pytest.fixture
def secret(accounts: AccountService, service: KeyService) -> str:
    accounts.ensure("acme", by=SOMEBODY)
    return service.create("acme", "one", ["read"], by=SOMEBODY).secret


def sample(name: str, secret: str) -> dict[str, Any]:
    text = (PROJECT / "events" / name).read_text()
    event: dict[str, Any] = json.loads(text.replace(PLACEHOLDER, secret))
    return event


@pytest.mark.parametrize(
    ("name", "credential"),
    [
        ("authorizer-bearer.json", "bearer"),
        ("authorizer-x-api-key.json", "x-api-key"),
        ("authorizer-query.json", "query"),
    ],
)
def test_each_way_to_send_a_key(secret: str, name: str, credential: str) -> None:
    response = functions.load("authorizer").handler(sample(name, secret), None)
    assert response["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert response["context"]["credential"] == credential
    assert response["context"]["permissions"] == "read"


def test_the_log_names_the_reason_and_never_the_key(
    secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    functions.load("authorizer").handler(sample("authorizer-bearer.json", wrong), None)
    records = [record.__dict__ for record in caplog.records]
    assert [record["reason"] for record in records if record["name"].startswith("jmpy")] == [
        "malformed"
    ]
    assert wrong not in str(records)
    assert wrong.removeprefix("jmpy_")[:8] not in str(records)


def test_a_missing_table_raises_instead_of_deciding(dynamodb: DynamoDBClient, secret: str) -> None:
    app = functions.load("authorizer")
    dynamodb.delete_table(TableName=ACCOUNTS)
    with pytest.raises(AwsRejected, match="ResourceNotFoundException"):
        app.handler(sample("authorizer-bearer.json", secret), None)
