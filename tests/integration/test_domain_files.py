"""Well-known files of a domain: set, read and deleted through the API, and served on the domain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.domains.files import MAX_BYTES
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.store import DomainStore
from project.tables import AUDIT, LINKS
from tests.integration.domains import create_domain
from tests.integration.hosts import Hosts
from tests.integration.subdomain_client import ZONE, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

HOST = f"promo.{ZONE}"
APPLE = {"applinks": {"details": [{"appIDs": ["ABCDE12345.com.example.app"]}]}}
ANDROID = [{"relation": ["delegate_permission/common.handle_all_urls"], "target": {}}]
PATH = "/api/v1/domains/{id}/files/{name}"


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def domain_id(client: Client) -> str:
    return str(client.create("promo")["id"])


def send(
    client: Client, method: str, domain_id: str, name: str = WellKnownFile.APPLE, **sent: Any
) -> Response:
    parameters = {"id": domain_id, "name": name}
    path = PATH.format(**parameters)
    return client.send(method, path, resource=PATH, parameters=parameters, **sent)


def put(client: Client, domain_id: str, content: Any = APPLE, **sent: Any) -> Response:
    body = json.dumps({"content": content}, ensure_ascii=not is_text(content))
    return send(client, "PUT", domain_id, body=body, **sent)


def is_text(content: Any) -> bool:
    """Whether it can be sent without escapes."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "content"), [(WellKnownFile.APPLE, APPLE), (WellKnownFile.ANDROID, ANDROID)]
)
def test_a_file_is_read_as_it_was_set_and_served_on_the_domain(
    client: Client, domain_id: str, dynamodb: DynamoDBClient, name: str, content: Any
) -> None:
    response = put(client, domain_id, content, name=name)
    assert response.status == 200
    assert response.body["data"] == {
        "name": name,
        "url": f"https://{HOST}/.well-known/{name}",
        "content": content,
    }
    assert send(client, "GET", domain_id, name).body == response.body
    served = Hosts(dynamodb).get(HOST, f".well-known/{name}")
    assert (served.status, served.body) == (200, content)


def test_a_file_is_replaced_and_deleted(client: Client, domain_id: str) -> None:
    put(client, domain_id)
    put(client, domain_id, {"applinks": {}})
    assert send(client, "GET", domain_id).body["data"]["content"] == {"applinks": {}}
    response = send(client, "DELETE", domain_id)
    assert (
        response.body["data"]["message"] == f"The file {WellKnownFile.APPLE} of {HOST} was deleted"
    )
    for method in ("GET", "DELETE"):
        assert send(client, method, domain_id).status == 404


def test_each_change_of_a_file_is_one_of_the_domain(
    client: Client, domain_id: str, dynamodb: DynamoDBClient
) -> None:
    put(client, domain_id)
    put(client, domain_id)
    send(client, "DELETE", domain_id)
    entries = AuditLog(dynamodb, AUDIT).all("a", EntryFilter(action=Action.DOMAIN_CHANGED), 9)
    deleted, added = (entry.changes[WellKnownFile.APPLE] for entry in entries)
    assert (deleted.before, deleted.after) == (added.after, None)
    assert added.before is None
    assert added.after.startswith("sha256:")
    assert DomainStore(dynamodb, LINKS).find("a", domain_id).version == 3


@pytest.mark.parametrize("content", ["text", 1, None, True])
def test_a_file_is_an_object_or_an_array(client: Client, domain_id: str, content: Any) -> None:
    assert put(client, domain_id, content).status == 422


def nested(depth: int) -> Any:
    content: Any = {}
    for _ in range(depth - 1):
        content = [content]
    return content


def test_a_file_has_a_maximum_size(client: Client, domain_id: str) -> None:
    most = {"x": "é" * ((MAX_BYTES - len('{"x":""}')) // 2)}
    assert put(client, domain_id, most).status == 200
    for longer in ({"x": most["x"] + "é"}, {"x": "a" * MAX_BYTES}):
        response = put(client, domain_id, longer)
        assert (response.status, response.body["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_what_cannot_be_written_as_json_again_is_rejected(client: Client, domain_id: str) -> None:
    assert put(client, domain_id, nested(50)).status == 200
    for content in ({"x": "\ud800"}, {"\ud800": 1}, nested(51), nested(900)):
        assert put(client, domain_id, content).status == 422
    infinite = send(client, "PUT", domain_id, body='{"content": {"x": 1e999}}')
    assert infinite.status == 422


@pytest.mark.parametrize("name", ["robots.txt", "", "apple-app-site-association.json"])
def test_other_names_are_not_found(client: Client, domain_id: str, name: str) -> None:
    assert put(client, domain_id, name=name or "x").status == 404
    assert send(client, "GET", domain_id, name or "x").status == 404


def test_the_domain_of_another_account_is_not_found(client: Client, domain_id: str) -> None:
    put(client, domain_id)
    for method in ("GET", "DELETE"):
        assert send(client, method, domain_id, account="b").status == 404
    assert put(client, domain_id, account="b").status == 404


@pytest.mark.parametrize("state", [DomainState.PENDING, DomainState.LOST])
def test_a_domain_that_is_not_proven_takes_no_file(
    client: Client, dynamodb: DynamoDBClient, state: DomainState
) -> None:
    domain = create_domain(dynamodb, "a", "go.acme.example", state)
    assert put(client, domain.id).status == 409


def test_files_of_a_former_owner_are_not_served(
    client: Client, domain_id: str, dynamodb: DynamoDBClient
) -> None:
    put(client, domain_id)
    create_domain(dynamodb, "b", HOST)
    assert Hosts(dynamodb).get(HOST, f".well-known/{WellKnownFile.APPLE}").status == 404


def test_files_are_deleted_with_their_domain(
    client: Client, domain_id: str, dynamodb: DynamoDBClient
) -> None:
    put(client, domain_id)
    assert client("DELETE", domain_id).status == 200
    left = [item["sk"]["S"] for item in dynamodb.scan(TableName=LINKS)["Items"]]
    assert sorted(left) == ["domain", "domains"]
