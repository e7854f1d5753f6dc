"""Takes hosts into service at CloudFront, and out of it, one call at a time: each run reads where a
host is and takes the next step, so that an interruption between any two of them does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy import metrics
from jmpy.clock import system_clock
from jmpy.domains.serving import Serving, ServingState
from jmpy.domains.tenant import CertificateStatus, Removal, Step, next_removal, next_step
from jmpy.domains.tenant_store import HostTaken, NotPointed, Raced, TooManyTenants
from jmpy.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator

    from jmpy.clock import Clock
    from jmpy.domains.tenant import Tenant
    from jmpy.domains.tenant_store import TenantStore

TAKEN = (
    "CloudFront rejected the host: the domain is on another CloudFront distribution. "
    "Remove it there, then verify the domain again."
)
NOT_POINTED = (
    "CloudFront does not see yet that the domain leads to this service. A changed record can take "
    "as long as the old one's TTL. A record that is proxied, or an ALIAS, also needs a TXT record "
    "at _cf-challenge."
)
ISSUING = "The certificate is being issued, which takes some minutes."
NOT_ISSUED = (
    "No certificate could be issued. If the domain has CAA records, one of them has to allow "
    "amazon.com; the next attempt is in an hour."
)
ACTIVATING = "The certificate is issued, and CloudFront is taking the domain into service."
FULL = "The service cannot take further domains at the moment; its operator has been notified."


class Tenants:
    def __init__(
        self,
        store: TenantStore,
        records: Callable[[Collection[str]], Container[str]],
        now: Clock = system_clock,
    ) -> None:
        """`records`: those of up to 100 hosts that have a host record, that is, are somebody's."""
        self._store = store
        self._records = records
        self._now = now

    def serve(self, host: str) -> Serving:
        """As `Hosting.serve`."""
        tenant = self._store.find(host)
        if tenant and not self._store.is_own(tenant):
            return Serving(ServingState.FAILED, TAKEN)
        try:
            return self._served(tenant) if tenant else self._created(host)
        except HostTaken:
            return Serving(ServingState.FAILED, TAKEN)
        except NotPointed:
            return Serving(ServingState.PENDING, NOT_POINTED)
        except TooManyTenants:
            metrics.count(Metric.DOMAINS_NOT_SERVED)
            return Serving(ServingState.PENDING, FULL)
        except Raced:
            return Serving(ServingState.PENDING, ISSUING)

    def sweep(self) -> int:
        """Takes hosts without a record out of service; returns the number of tenants deleted. Those
        that it disables are deleted by a later run, once CloudFront has deployed the change."""
        return sum(map(self._remove, self._left_over()))

    def _left_over(self) -> Iterator[Tenant]:
        for page in self._store.pages():
            records = self._records([tenant.host for tenant in page])
            yield from (tenant for tenant in page if tenant.host not in records)

    def _created(self, host: str) -> Serving:
        self._store.create(host)
        return Serving(ServingState.PENDING, ISSUING)

    def _served(self, tenant: Tenant) -> Serving:
        certificate = self._store.certificate(tenant)
        match next_step(tenant, certificate, self._now()):
            case Step.NONE:
                return Serving(ServingState.ACTIVE)
            case Step.ENABLE:
                self._store.enable(tenant, enabled=True)
            case Step.REQUEST_CERTIFICATE:
                self._store.request_certificate(tenant)
            case Step.ATTACH_CERTIFICATE:
                assert certificate
                if self._store.attach(tenant, certificate).is_active:
                    return Serving(ServingState.ACTIVE)
            case Step.AWAIT_RETRY:
                return Serving(ServingState.FAILED, NOT_ISSUED)
            case Step.AWAIT_CERTIFICATE | Step.AWAIT_ACTIVATION:
                # The look-up also makes CloudFront look at the domain at once.
                if not self._store.leads_here(tenant):
                    return Serving(ServingState.PENDING, NOT_POINTED)
        is_issued = certificate and certificate.status is CertificateStatus.ISSUED
        return Serving(ServingState.PENDING, ACTIVATING if is_issued else ISSUING)

    def _remove(self, tenant: Tenant) -> bool:
        """Whether it is deleted."""
        try:
            match next_removal(tenant):
                case Removal.DELETE:
                    self._store.delete(tenant)
                    return True
                case Removal.DISABLE:
                    self._store.enable(tenant, enabled=False)
                    if tenant.host in self._records([tenant.host]):
                        # Somebody has proven it meanwhile, and saw that it was served.
                        self.serve(tenant.host)
        except Raced:
            pass  # the next run sees what changed
        return False
