"""Domains that are deleted, with what is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clock import DAY
from jmpy.domains.model import DomainName, DomainState
from jmpy.domains.removals import RemovalJob
from jmpy.domains.store import DomainStore
from jmpy.links import codes
from jmpy.links.domain_links import DomainLinks
from jmpy.links.model import Link
from jmpy.links.new_link import NewLink
from jmpy.links.writes import LinkWrites
from project import functions
from project.tables import AUDIT, DOMAIN_REMOVALS_QUEUE, LINKS
from tests.integration.campaigns import create_campaign, link_count
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.subdomain_client import ZONE, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


HOST = f"promo.{ZONE}"
URL = "https://example.com/"
NOW = 1_800_000_000


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> DomainStore:
    return DomainStore(dynamodb, LINKS)


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(DomainLinks(dynamodb, LINKS))


@pytest.fixture
def link_store(dynamodb: DynamoDBClient) -> DomainLinks:
    return DomainLinks(dynamodb, LINKS)


@pytest.fixture
def domain(client: Client, store: DomainStore) -> DomainName:
    return store.find("a", client.create("promo")["id"]).named


@pytest.fixture
def job(store: DomainStore, link_store: DomainLinks) -> RemovalJob:
    return RemovalJob(store, link_store)


def delete(client: Client, domain: DomainName, **sent: Any) -> Any:
    return client("DELETE", domain.id, **sent)


FORCE = {"query": {"force": "true"}}


def queued() -> list[str]:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=DOMAIN_REMOVALS_QUEUE)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [message["Body"] for message in found]


def create_many(store: DomainLinks, domain: DomainName, number: int, **fields: Any) -> list[Link]:
    """In as few transactions as possible, which moto takes long enough for."""
    links = [
        Link(codes.link_id(NOW), "a", codes.random_code(), URL, NOW, NOW, domain=domain, **fields)
        for _ in range(number)
    ]
    for start in range(0, number, 20):
        store.add_all(links[start : start + 20])
    return links


def create_on(links: SomebodysLinks, domain: DomainName, **fields: Any) -> Link:
    return links.create("a", NewLink(URL, host=domain.host, **fields))


def test_a_domain_without_links_is_deleted_at_once(
    client: Client, store: DomainStore, domain: DomainName, dynamodb: DynamoDBClient
) -> None:
    response = delete(client, domain)
    assert response.status == 200
    assert response.body["data"] == {"message": f"The subdomain {HOST} was deleted"}
    assert client("GET", domain.id).status == 404
    assert client.listed()["meta"]["total"] == 0
    assert store.holdings("a").total == 0
    left = [item["sk"]["S"] for item in dynamodb.scan(TableName=LINKS)["Items"]]
    assert sorted(left) == ["domain", "domains"]
    assert queued() == []
    (entry,) = AuditLog(dynamodb, AUDIT).all("a", EntryFilter(action=Action.DOMAIN_DELETED), 5)
    assert (entry.target_id, entry.target_name) == (domain.id, HOST)


def test_the_name_of_a_deleted_subdomain_is_held_for_its_account(
    client: Client, store: DomainStore, domain: DomainName
) -> None:
    delete(client, domain)
    record = store.host(HOST)
    assert record is not None
    assert record.held_until is not None
    assert not record.state.serves
    assert client("POST", account="b", body={"subdomain": "promo"}).status == 409
    assert "held" in client.check("promo", "b")["message"]
    assert client.check("promo")["available"] is True
    assert client.create("promo")["id"] != domain.id


def test_the_name_is_free_after_thirty_days(
    client: Client, domain: DomainName, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete(client, domain)
    later = client.app.resource.clock() + 30 * DAY + 1
    monkeypatch.setattr(client.app.resource.changes, "_now", lambda: later)
    monkeypatch.setattr(client.app.resource.domains, "_now", lambda: later)
    assert client.check("promo", "b")["available"] is True
    assert client.create("promo", "b")["full_domain"] == HOST


def test_a_domain_with_links_is_deleted_with_force_only(
    client: Client, store: DomainStore, links: SomebodysLinks, domain: DomainName
) -> None:
    create_on(links, domain)
    response = delete(client, domain)
    assert (response.status, response.body["error"]["code"]) == (409, "CONFLICT")
    assert client.get(domain.id)["url_count"] == 1
    assert store.find("a", domain.id).state is DomainState.ACTIVE


def test_with_force_no_link_works_from_then_on_and_none_can_be_created(
    client: Client, store: DomainStore, links: SomebodysLinks, domain: DomainName
) -> None:
    client("PATCH", domain.id, body={"is_primary": True})
    create_on(links, domain)
    response = delete(client, domain, **FORCE)
    assert response.status == 200
    assert "1 short URLs" in response.body["data"]["message"]
    record = store.host(HOST)
    assert record is not None
    assert record.state is DomainState.DELETING
    assert store.lookup.primary("a") is None
    assert client.get(domain.id)["state"] == "deleting"
    assert client("PATCH", domain.id, body={"name": "x"}).status == 409
    assert client("POST", account="b", body={"subdomain": "promo"}).status == 409
    with pytest.raises(Exception, match="is being deleted"):
        create_on(links, domain)
    assert len(queued()) == 1


def test_the_job_removes_links_codes_and_counts_then_the_domain(
    client: Client,
    link_store: DomainLinks,
    domain: DomainName,
    job: RemovalJob,
    dynamodb: DynamoDBClient,
) -> None:
    campaign = create_campaign(dynamodb, "a")
    elsewhere = SomebodysLinks(link_store).create("a", NewLink(URL, campaign_id=campaign))
    made = create_many(link_store, domain, 50)
    made += create_many(link_store, domain, 3, campaign_id=campaign)
    delete(client, domain, **FORCE)
    assert client.get(domain.id)["url_count"] == 53
    assert job.run("a", domain.id, lambda: True)
    assert client("GET", domain.id).status == 404
    assert [link.id for link in link_store.newest("a", 100)] == [elsewhere.id]
    assert link_store.count("a") == 1
    assert link_count(dynamodb, "a", campaign) == 1
    addresses = [codes.address(link.short_code, HOST) for link in made]
    assert link_store.targets(addresses) == {}
    left = [item["sk"]["S"] for item in dynamodb.scan(TableName=LINKS)["Items"]]
    assert not [key for key in left if key.startswith(("domain-", "domain#"))]


def test_a_batch_of_plain_links_is_one_transaction(
    client: Client,
    link_store: DomainLinks,
    domain: DomainName,
    store: DomainStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [link.id for link in create_many(link_store, domain, DomainLinks.BATCH)]
    delete(client, domain, **FORCE)
    sizes: list[int] = []
    commit = DomainLinks._commit

    def counted(self: DomainLinks, writes: LinkWrites, records: Any) -> None:
        sizes.append(len(writes.items))
        commit(self, writes, records)

    monkeypatch.setattr(DomainLinks, "_commit", counted)
    link_store.remove_on(store.find("a", domain.id), made, 1_900_000_000)
    assert sizes == [100]


def test_a_job_that_has_no_more_time_is_continued(
    client: Client, link_store: DomainLinks, domain: DomainName, job: RemovalJob
) -> None:
    create_many(link_store, domain, 50)
    delete(client, domain, **FORCE)
    assert not job.run("a", domain.id, iter([True, False]).__next__)
    assert client.get(domain.id)["url_count"] == 1
    assert job.run("a", domain.id, lambda: True)
    assert client("GET", domain.id).status == 404


def test_a_link_that_moves_away_meanwhile_remains(
    client: Client,
    links: SomebodysLinks,
    link_store: DomainLinks,
    domain: DomainName,
    job: RemovalJob,
) -> None:
    moved, other = create_on(links, domain), create_on(links, domain)
    delete(client, domain, **FORCE)
    links.change("a", moved.id, {"host": ""})
    assert job.run("a", domain.id, lambda: True)
    found = link_store.find("a", moved.id)
    assert found is not None
    assert found.domain is None
    assert link_store.find("a", other.id) is None


def test_deleting_again_starts_the_job_again(
    client: Client, links: SomebodysLinks, domain: DomainName
) -> None:
    create_on(links, domain)
    first = delete(client, domain, **FORCE)
    again = delete(client, domain, **FORCE)
    assert first.status == again.status == 200
    assert len(queued()) == 2


def test_a_job_for_a_domain_that_is_gone_or_in_use_does_nothing(
    client: Client, links: SomebodysLinks, domain: DomainName, job: RemovalJob
) -> None:
    link = create_on(links, domain)
    assert job.run("a", domain.id, lambda: True)
    assert links.get("a", link.id).id == link.id
    assert job.run("a", "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b", lambda: True)


def test_the_function_leaves_what_it_has_no_time_for_to_the_next_delivery(
    client: Client, links: SomebodysLinks, domain: DomainName
) -> None:
    create_on(links, domain)
    delete(client, domain, **FORCE)
    (body,) = queued()
    app = functions.load("domain_removals")
    record = {"messageId": "1", "body": body, "eventSource": "aws:sqs"}

    class Context(functions.LambdaContext):
        def __init__(self, milliseconds: int) -> None:
            self.milliseconds = milliseconds

        def get_remaining_time_in_millis(self) -> int:
            return self.milliseconds

    event = {"Records": [record]}
    assert app.handler(event, Context(1)) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert app.handler(event, Context(300_000)) == {"batchItemFailures": []}
    assert client("GET", domain.id).status == 404


def test_a_suspended_domain_cannot_be_given_up(
    client: Client, store: DomainStore, domain: DomainName
) -> None:
    store.change(store.find("a", domain.id), {"state": DomainState.SUSPENDED})
    for sent in ({}, FORCE):
        response = delete(client, domain, **sent)
        assert response.status == 409
        assert "suspended" in response.body["error"]["message"]


def test_a_deletion_needs_the_version_that_it_names(client: Client, domain: DomainName) -> None:
    assert delete(client, domain, headers={"If-Match": '"2"'}).status == 412
    assert delete(client, domain, account="b").status == 404
    assert delete(client, domain, headers={"If-Match": '"1"'}).status == 200
