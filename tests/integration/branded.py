"""Branded domains of the tests: claims, and the DNS that proves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jmpy import fetch
from jmpy.audit.model import Action, Origin
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.domains.changes import DomainChanges
from jmpy.domains.checks import DomainChecks
from jmpy.domains.claims import Claims, NewClaim
from jmpy.domains.dns import Resolvers
from jmpy.domains.hostnames import HostRules
from jmpy.domains.model import Domain
from jmpy.domains.ownership_store import OwnershipStore
from jmpy.domains.serving import Hosting, OperatorsHosting
from jmpy.domains.store import DomainStore
from jmpy.domains.verification import Verification
from jmpy.gateway.own_names import OwnNames
from project.origins import SOMEBODY
from project.resolver import FakeResolver
from project.tables import AUDIT, LINKS
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    import pytest
    from mypy_boto3_dynamodb import DynamoDBClient

HOST = "go.acme.com"
ZONE = "cname.go.example.com"


def resolver(monkeypatch: pytest.MonkeyPatch) -> FakeResolver:
    """In the place of both, in this process."""
    fake = FakeResolver()

    def request(_method: str, url: str, *_: object, **__: object) -> fetch.Response:
        response = fake.respond_to(url)
        assert response is not None
        return response

    monkeypatch.setattr(fetch, "request", request)
    return fake


@dataclass
class Branded:
    """The services, with a resolver of the tests."""

    client: DynamoDBClient
    dns: FakeResolver
    clock: Clock = field(default_factory=Clock)
    hosting: Hosting = field(default_factory=OperatorsHosting)
    somebody: Origin = SOMEBODY

    def __post_init__(self) -> None:
        self.store = DomainStore(self.client, LINKS)
        self.audit = AuditLog(self.client, AUDIT)
        self.changes = DomainChanges(self.store, self.audit, self.clock)
        self.owners = OwnershipStore(self.client, LINKS, self.store)
        self.rules = HostRules(OwnNames(), frozenset({"go.example.com"}), allows_test_tld=True)
        self.claims = Claims(self.store, self.changes, self.audit, self.clock)
        self.verification = Verification(
            store=self.store,
            owners=self.owners,
            changes=self.changes,
            audit=self.audit,
            resolvers=Resolvers(["https://one/resolve", "https://two/resolve"]),
            hosting=self.hosting,
            zone=ZONE,
            now=self.clock,
        )
        self.checks = DomainChecks(
            store=self.store,
            owners=self.owners,
            verification=self.verification,
            changes=self.changes,
            audit=self.audit,
            now=self.clock,
        )

    def claim(self, account: str, host: str = HOST) -> Domain:
        return self.claims.create(
            account, NewClaim(host=host), rules=self.rules, limit=10, by=SOMEBODY
        )

    def prove(self, domain: Domain) -> None:
        """Adds the records of the claim to DNS."""
        records = self.verification.records(domain)
        self.dns.add(records.txt_name, "TXT", records.txt_value)
        self.dns.remove(domain.host, "CNAME")
        self.dns.add(domain.host, "CNAME", records.target)

    def withdraw(self, domain: Domain) -> None:
        """Removes the TXT record of the claim, and no other."""
        records = self.verification.records(domain)
        self.dns.records = [
            one for one in self.dns.records if (one.type, one.value) != ("TXT", records.txt_value)
        ]

    def verify(self, domain: Domain) -> Domain:
        return self.verification.verify(domain.account_id, domain.id, by=SOMEBODY)

    def owned(self, account: str, host: str = HOST) -> Domain:
        """A domain of the account that is active."""
        claimed = self.claim(account, host)
        self.prove(claimed)
        return self.verify(claimed)

    def read(self, domain: Domain) -> Domain:
        return self.store.find(domain.account_id, domain.id)

    def actions(self, account: str) -> list[Action]:
        """Of the audit log, the latest first."""
        return [entry.action for entry in self.audit.all(account, EntryFilter(), 100)]
