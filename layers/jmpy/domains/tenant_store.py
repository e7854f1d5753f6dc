"""Distribution tenants, as CloudFront stores them.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionTenant.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.domains.tenant import CertificateStatus, ManagedCertificate, Tenant, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.aws.cloudfront import CloudFrontOperations

STACK_TAG = "jmpy:stack"
"""The function's role may change no tenant without it."""


class HostTaken(Exception):
    """The host is on another CloudFront resource, of this or another AWS account."""


class NotPointed(Exception):
    """The host does not lead to CloudFront yet, as it has to before its tenant is created."""


class TooManyTenants(Exception):
    """The AWS account's quota is reached."""


class Raced(Exception):
    """Somebody else changed the tenant since it was read."""


@dataclass(frozen=True)
class Place:
    """Where tenants are created: outputs of deploy/domains.yaml."""

    distribution_id: str
    connection_group_id: str
    stack: str
    """The name of the stack that they belong to."""


class TenantStore:
    def __init__(self, client: CloudFrontOperations, place: Place) -> None:
        self._client = client
        self._place = place

    def find(self, host: str) -> Tenant | None:
        """Also one of another distribution of the AWS account: see `is_own`."""
        try:
            found = self._client.get_distribution_tenant_by_domain(Domain=host)
        except self._client.exceptions.EntityNotFound:
            return None
        return _tenant(found["DistributionTenant"], found["ETag"])

    def is_own(self, tenant: Tenant) -> bool:
        """Whether it was created here: an operator may add others to the distribution."""
        own = self._place.distribution_id
        return tenant.distribution_id == own and tenant.name == name_of(tenant.host)

    def pages(self) -> Iterator[list[Tenant]]:
        """Those that were created here; up to 100 on a page."""
        query: dict[str, Any] = {
            "AssociationFilter": {"DistributionId": self._place.distribution_id},
            "MaxItems": 100,
        }
        while True:
            page = self._client.list_distribution_tenants(**query)
            listed = (_tenant(one, one["ETag"]) for one in page.get("DistributionTenantList", []))
            yield [tenant for tenant in listed if self.is_own(tenant)]
            if not (marker := page.get("NextMarker")):
                return
            query["Marker"] = marker

    def create(self, host: str) -> None:
        """Raises HostTaken, NotPointed, TooManyTenants, Raced."""
        raised = self._client.exceptions
        try:
            self._client.create_distribution_tenant(
                DistributionId=self._place.distribution_id,
                ConnectionGroupId=self._place.connection_group_id,
                Name=name_of(host),
                Domains=[{"Domain": host}],
                ManagedCertificateRequest=_request(host),
                Tags={"Items": [{"Key": STACK_TAG, "Value": self._place.stack}]},
                Enabled=True,
            )
        except raised.CNAMEAlreadyExists:
            raise HostTaken(host) from None
        except raised.EntityLimitExceeded:
            raise TooManyTenants from None
        except raised.InvalidArgument as error:
            raise NotPointed(str(error)) from None
        except raised.EntityAlreadyExists:
            raise Raced from None

    def certificate(self, tenant: Tenant) -> ManagedCertificate | None:
        try:
            found = self._client.get_managed_certificate_details(Identifier=tenant.id)
        except self._client.exceptions.EntityNotFound:
            return None
        details = found["ManagedCertificateDetails"]
        if "CertificateArn" not in details:
            return None
        status = CertificateStatus(details["CertificateStatus"])
        return ManagedCertificate(details["CertificateArn"], status)

    def attach(self, tenant: Tenant, certificate: ManagedCertificate) -> Tenant:
        """Raises Raced."""
        attached = {"Certificate": {"Arn": certificate.arn}}
        return self._update(tenant, Customizations={**tenant.customizations, **attached})

    def request_certificate(self, tenant: Tenant) -> None:
        """Raises NotPointed, Raced."""
        try:
            self._update(tenant, ManagedCertificateRequest=_request(tenant.host))
        except self._client.exceptions.InvalidArgument as error:
            raise NotPointed(str(error)) from None

    def enable(self, tenant: Tenant, *, enabled: bool) -> None:
        """Raises Raced."""
        self._update(tenant, Enabled=enabled)

    def delete(self, tenant: Tenant) -> None:
        """Raises Raced, also if it is not disabled."""
        raised = self._client.exceptions
        try:
            self._client.delete_distribution_tenant(Id=tenant.id, IfMatch=tenant.version)
        except raised.EntityNotFound:
            return
        except (raised.PreconditionFailed, raised.ResourceNotDisabled):
            raise Raced from None

    def leads_here(self, tenant: Tenant) -> bool:
        """Whether CloudFront finds that DNS leads the host to it, as far as it can say."""
        found = self._client.verify_dns_configuration(Identifier=tenant.id, Domain=tenant.host)
        statuses = {one["Domain"]: one["Status"] for one in found.get("DnsConfigurationList", [])}
        return statuses.get(tenant.host) != "invalid-configuration"

    def _update(self, tenant: Tenant, **changes: Any) -> Tenant:
        raised = self._client.exceptions
        try:
            found = self._client.update_distribution_tenant(
                Id=tenant.id, IfMatch=tenant.version, **changes
            )
        except (raised.PreconditionFailed, raised.EntityNotFound):
            raise Raced from None
        return _tenant(found["DistributionTenant"], found["ETag"])


def _request(host: str) -> dict[str, Any]:
    """Of a certificate whose validation CloudFront serves itself."""
    return {"ValidationTokenHost": "cloudfront", "PrimaryDomainName": host}


def _tenant(found: dict[str, Any], version: str) -> Tenant:
    domain = found["Domains"][0]
    return Tenant(
        id=found["Id"],
        name=found["Name"],
        host=domain["Domain"].lower(),
        distribution_id=found["DistributionId"],
        version=version,
        is_enabled=found["Enabled"],
        is_deployed=found.get("Status") == "Deployed",
        is_active=domain.get("Status") == "active",
        changed_at=found["LastModifiedTime"].timestamp(),
        customizations=found.get("Customizations", {}),
    )
