"""What becomes of domains when a backup is restored over a stack that has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.audit.store import AuditLog
from jmpy.domains.changes import DomainChanges, NewSubdomain
from jmpy.domains.item import to_file_item
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.removals import DomainRemovals, RemovalJob
from jmpy.domains.store import DomainStore
from jmpy.domains.suspension import Suspensions
from jmpy.links.domain_links import DomainLinks
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode, QrImage
from jmpy.qr.store import QrCodeStore
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests.integration import backups
from tests.integration.backups import Stack, put, taken
from tests.integration.domains import members, numbers
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.domains.model import Domain

HOST = "promo.go.example.com"
GOOD = "https://example.com/"


class Domains:
    def __init__(self, client: DynamoDBClient) -> None:
        self.client = client
        self.store = DomainStore(client, LINKS)
        self.audit = AuditLog(client, AUDIT)
        self.changes = DomainChanges(self.store, self.audit)
        self.links = SomebodysLinks(LinkStore(client, LINKS))

    def create(self, account: str = "acme") -> Domain:
        new = NewSubdomain(subdomain="promo")
        return self.changes.create_subdomain(
            account, new, zone="go.example.com", limit=5, by=SOMEBODY
        )

    def remove(self, domain: Domain) -> None:
        """With its links."""
        removals = DomainRemovals(self.store, self.audit, lambda _: None)
        removals.remove(domain.account_id, domain.id, by=SOMEBODY, force=True)
        job = RemovalJob(self.store, DomainLinks(self.client, LINKS))
        assert job.run(domain.account_id, domain.id, lambda: True)

    def state(self) -> DomainState | None:
        """Of whoever has the host."""
        record = self.store.host(HOST)
        return None if record is None or record.held_until is not None else record.state


@pytest.fixture
def stack(dynamodb: DynamoDBClient, edge: UsagePlanKeys, accounts: AccountService) -> Stack:
    for account in ("acme", "other"):
        accounts.ensure(account, by=SOMEBODY)
    return backups.deployed(dynamodb, edge)


@pytest.fixture
def domains(dynamodb: DynamoDBClient) -> Domains:
    return Domains(dynamodb)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.jsonl"


def test_a_domain_that_was_deleted_since_comes_back_with_its_links_and_files(
    stack: Stack, domains: Domains, path: Path
) -> None:
    domain = domains.create()
    domains.changes.change("acme", domain.id, {"is_primary": True}, by=SOMEBODY)
    file = to_file_item(domain.named, WellKnownFile.ANDROID, "[]")
    domains.client.put_item(TableName=LINKS, Item=file)
    link = domains.links.create("acme", NewLink(GOOD, custom_alias="sale", host=HOST))
    taken(stack, path)
    domains.remove(domain)
    assert domains.state() is None
    for _ in range(2):
        put(stack, path, force=True)
        assert domains.state() is DomainState.ACTIVE
        assert domains.store.find("acme", domain.id).host == HOST
        assert domains.store.holdings("acme").total == 1
        assert domains.store.lookup.primary("acme") is None
        assert members(domains.client, "acme", domain.named) == [link.id]
        assert numbers(domains.client, "acme", domain.named)[0] == 1
        key = {name: file[name] for name in ("pk", "sk")}
        assert domains.client.get_item(TableName=LINKS, Key=key)["Item"] == file


def test_a_domain_that_exists_stays_as_it_is(stack: Stack, domains: Domains, path: Path) -> None:
    domain = domains.create()
    taken(stack, path)
    suspensions = Suspensions(domains.store, domains.audit)
    suspensions.suspend(HOST, "phishing", by=SOMEBODY)
    link = domains.links.create("acme", NewLink(GOOD))
    domains.changes.change("acme", domain.id, {"name": "New"}, by=SOMEBODY)
    put(stack, path, force=True)
    assert domains.state() is DomainState.SUSPENDED
    assert domains.store.find("acme", domain.id).name == "New"
    assert domains.store.holdings("acme").total == 1
    assert domains.links.get("acme", link.id).domain is None


def test_a_host_that_another_account_has_now_stays_theirs(
    stack: Stack, domains: Domains, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = domains.create()
    link = domains.links.create("acme", NewLink(GOOD, custom_alias="sale", host=HOST))
    taken(stack, path)
    domains.remove(old)
    domains.client.delete_item(
        TableName=LINKS, Key={"pk": {"S": f"domain#{HOST}"}, "sk": {"S": "domain"}}
    )  # as 30 days later
    new = domains.create("other")
    put(stack, path, force=True)
    record = domains.store.host(HOST)
    assert record is not None
    assert (record.account_id, record.domain_id) == ("other", new.id)
    assert list(domains.store.newest("acme", 9)) == []
    assert numbers(domains.client, "other", new.named) == (0, 0)
    assert "Domains left out, as others have their hosts: 1." in capsys.readouterr().out
    assert [one.id for one in domains.links.newest("acme", 10)] == []
    assert link.domain == old.named


def test_a_suspended_domain_comes_back_suspended(
    stack: Stack, domains: Domains, path: Path
) -> None:
    domain = domains.create()
    suspensions = Suspensions(domains.store, domains.audit)
    suspensions.suspend(HOST, "phishing", by=SOMEBODY)
    taken(stack, path)
    suspensions.restore(HOST, by=SOMEBODY)
    domains.remove(domains.store.find("acme", domain.id))
    put(stack, path, force=True)
    assert domains.state() is DomainState.SUSPENDED
    assert domains.store.find("acme", domain.id).reason == "phishing"


def test_domains_come_back_after_all_items_were_lost(
    stack: Stack, domains: Domains, path: Path
) -> None:
    domain = domains.create()
    link = domains.links.create("acme", NewLink(GOOD, host=HOST))
    taken(stack, path)
    for item in domains.client.scan(TableName=LINKS)["Items"]:
        key = {name: item[name] for name in ("pk", "sk")}
        domains.client.delete_item(TableName=LINKS, Key=key)
    put(stack, path, force=True)
    assert domains.state() is DomainState.ACTIVE
    assert numbers(domains.client, "acme", domain.named)[0] == 1
    assert members(domains.client, "acme", domain.named) == [link.id]


def test_what_comes_back_on_a_domain_is_counted_once(
    stack: Stack, domains: Domains, path: Path
) -> None:
    """A link alone, and one with a QR code on the domain, which is there or was deleted."""
    domain = domains.create()
    qr_code = QrCode("qr", "acme", "url", "{}", 1, 1, code="printed")
    writes = QrCodeStore(domains.client, LINKS).added(qr_code, QrImage("text", Look()))
    new = NewLink(GOOD, custom_alias="sale", host=HOST, qr_id="qr", qr_code="printed")
    link = domains.links.create("acme", new, also=lambda _link: writes)
    alone = domains.links.create("acme", NewLink(GOOD, host=HOST))
    taken(stack, path)
    removals = (lambda: domains.links.remove("acme", alone.id), lambda: domains.remove(domain))
    for remove in removals:
        remove()
        for _ in range(2):
            put(stack, path, force=True)
            assert members(domains.client, "acme", domain.named) == sorted([link.id, alone.id])
            assert numbers(domains.client, "acme", domain.named) == (2, 1)
