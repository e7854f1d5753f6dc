"""Branded domains as a deployment has them, wired from a function's settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jmpy.aws.client import SignedClient
from jmpy.aws.invocation import Invoker
from jmpy.domains.branded_errors import BrandedDomainsUnavailable
from jmpy.domains.changes import DomainChanges
from jmpy.domains.claims import Claims
from jmpy.domains.dns import Resolvers
from jmpy.domains.hostnames import HostRules
from jmpy.domains.ownership_store import OwnershipStore
from jmpy.domains.serving import OperatorsHosting, RemoteHosting
from jmpy.domains.store import DomainStore
from jmpy.domains.verification import Verification
from jmpy.settings import FunctionSettings

if TYPE_CHECKING:
    from jmpy.audit.store import AuditLog
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.domains.serving import Hosting
    from jmpy.gateway.own_names import OwnNames


@dataclass(frozen=True)
class BrandedSettings(FunctionSettings):
    domain_hosting: str
    """Who sees to DNS and TLS, as the template's parameter BrandedDomains has it: the operator
    (`manual`) or `cloudfront`; `off`: there are no branded domains."""
    branded_target_zone: str
    """Such as `cname.example.net`; all names in it lead here."""
    subdomain_zone: str
    dns_resolvers: str
    """URLs, with commas between them."""
    test_domains: str
    """`true`: names in `.test` are accepted as well."""
    domain_tenants_function: str


TENANTS_TIMEOUT = 10.0
"""Seconds for each wait for DomainTenantsFunction, which makes a few calls of CloudFront."""


class BrandedDomains:
    def __init__(
        self,
        settings: BrandedSettings,
        dynamodb: DynamoDBOperations,
        links_table: str,
        audit: AuditLog,
    ) -> None:
        self._settings = settings
        self._audit = audit
        self.store = DomainStore(dynamodb, links_table)
        self.owners = OwnershipStore(dynamodb, links_table, self.store)
        self.changes = DomainChanges(self.store, audit)
        self.claims = Claims(self.store, self.changes, audit)

    def rules(self, own: OwnNames) -> HostRules:
        """For names of branded domains; `own` are the deployment's. Raises
        BrandedDomainsUnavailable."""
        settings = self._settings
        if settings.domain_hosting == "off":
            raise BrandedDomainsUnavailable
        zones = {settings.branded_target_zone, settings.subdomain_zone} - {""}
        return HostRules(own, frozenset(zones), settings.test_domains == "true")

    @cached_property
    def verification(self) -> Verification:
        return Verification(
            store=self.store,
            owners=self.owners,
            changes=self.changes,
            audit=self._audit,
            resolvers=Resolvers(self._settings.dns_resolvers.split(",")),
            hosting=self._hosting(),
            zone=self._settings.branded_target_zone,
        )

    def _hosting(self) -> Hosting | None:
        match self._settings.domain_hosting:
            case "manual":
                return OperatorsHosting()
            case "cloudfront":
                client = SignedClient("lambda", timeout=TENANTS_TIMEOUT, attempts=1)
                invoker = Invoker(self._settings.domain_tenants_function, client)
                return RemoteHosting(invoker.invoke)
        return None
