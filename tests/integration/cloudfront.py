"""CloudFront's distribution tenants in memory: like AWS, nothing happens at once, and `issue` and
`activate` are what time does there. Errors are those of botocore's service model."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from collections.abc import Callable

DISTRIBUTION = "E1TENANTS"


class FakeCloudFront:
    def __init__(self, now: Callable[[], float]) -> None:
        self.exceptions = _model().exceptions
        self.tenants: dict[str, dict[str, Any]] = {}
        """By id."""
        self.certificates: dict[str, dict[str, Any]] = {}
        """By the id of their tenant."""
        self.elsewhere: set[str] = set()
        """Hosts on resources of other AWS accounts."""
        self.pointed: set[str] = set()
        """Hosts that DNS leads to CloudFront."""
        self.quota = 10
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _: None
        """Called with the name of each operation."""
        self._now = now
        self._versions = 0

    # ------------------------------------------------ what time does

    def issue(self, host: str, status: str = "issued") -> None:
        tenant = self.tenant(host)
        self.certificates[tenant["Id"]]["CertificateStatus"] = status
        tenant["ETag"] = self._version()

    def activate(self, host: str) -> None:
        """Only with a certificate."""
        tenant = self.tenant(host)
        assert tenant["Customizations"]["Certificate"]["Arn"]
        tenant["Domains"][0]["Status"] = "active"

    def deploy(self, host: str) -> None:
        self.tenant(host)["Status"] = "Deployed"

    def tenant(self, host: str) -> dict[str, Any]:
        return next(one for one in self.tenants.values() if one["Domains"][0]["Domain"] == host)

    # ------------------------------------------------ the operations

    def create_distribution_tenant(self, **sent: Any) -> dict[str, Any]:
        self._called("CreateDistributionTenant")
        (domain,) = sent["Domains"]
        host = domain["Domain"]
        held = {one["Domains"][0]["Domain"] for one in self.tenants.values()}
        if any(one["Name"] == sent["Name"] for one in self.tenants.values()):
            raise self._error("EntityAlreadyExists")
        if host in self.elsewhere | held:
            raise self._error("CNAMEAlreadyExists")
        if len(self.tenants) >= self.quota:
            raise self._error("EntityLimitExceeded")
        if host not in self.pointed:
            raise self._error("InvalidArgument", "Could not verify Domain Name ownership")
        tenant_id = f"dt_{len(self.calls)}"
        request = sent["ManagedCertificateRequest"]
        assert request == {"ValidationTokenHost": "cloudfront", "PrimaryDomainName": host}
        self.tenants[tenant_id] = {
            "Id": tenant_id,
            "Name": sent["Name"],
            "DistributionId": sent["DistributionId"],
            "ConnectionGroupId": sent["ConnectionGroupId"],
            "Domains": [{"Domain": host, "Status": "inactive"}],
            "Tags": sent["Tags"],
            "Enabled": sent["Enabled"],
            "Status": "InProgress",
        }
        self._request(tenant_id)
        return self._changed(tenant_id)

    def get_distribution_tenant_by_domain(self, *, Domain: str) -> dict[str, Any]:  # noqa: N803
        self._called("GetDistributionTenantByDomain")
        for tenant_id, tenant in self.tenants.items():
            if tenant["Domains"][0]["Domain"] == Domain:
                return self._response(tenant_id)
        raise self._error("EntityNotFound")

    def update_distribution_tenant(self, **sent: Any) -> dict[str, Any]:
        self._called("UpdateDistributionTenant")
        tenant = self._matched(sent.pop("Id"), sent.pop("IfMatch"))
        if sent.pop("ManagedCertificateRequest", None):
            self._request(tenant["Id"])
        assert sent.keys() <= {"Enabled", "Customizations"}
        tenant |= sent | {"Status": "InProgress"}
        return self._changed(tenant["Id"])

    def delete_distribution_tenant(self, *, Id: str, IfMatch: str) -> None:  # noqa: N803
        self._called("DeleteDistributionTenant")
        tenant = self._matched(Id, IfMatch)
        if tenant["Enabled"] or tenant["Status"] != "Deployed":
            raise self._error("ResourceNotDisabled")
        del self.tenants[Id]

    def list_distribution_tenants(self, **sent: Any) -> dict[str, Any]:
        """One on a page."""
        self._called("ListDistributionTenants")
        wanted = sent["AssociationFilter"]["DistributionId"]
        found = [one for one in self.tenants.values() if one["DistributionId"] == wanted]
        start = int(sent.get("Marker", 0))
        page: dict[str, Any] = {"DistributionTenantList": found[start : start + 1]}
        return page | ({"NextMarker": str(start + 1)} if start + 1 < len(found) else {})

    def get_managed_certificate_details(self, *, Identifier: str) -> dict[str, Any]:  # noqa: N803
        self._called("GetManagedCertificateDetails")
        if Identifier not in self.certificates:
            raise self._error("EntityNotFound")
        return {"ManagedCertificateDetails": self.certificates[Identifier]}

    def verify_dns_configuration(self, *, Identifier: str, Domain: str) -> dict[str, Any]:  # noqa: N803
        self._called("VerifyDnsConfiguration")
        assert self.tenants[Identifier]["Domains"][0]["Domain"] == Domain
        status = "valid-configuration" if Domain in self.pointed else "invalid-configuration"
        return {"DnsConfigurationList": [{"Domain": Domain, "Status": status}]}

    def _request(self, tenant_id: str) -> None:
        arn = f"arn:aws:acm:us-east-1:123456789012:certificate/{len(self.calls)}"
        self.certificates[tenant_id] = {
            "CertificateArn": arn,
            "CertificateStatus": "pending-validation",
        }

    def _matched(self, tenant_id: str, version: str) -> dict[str, Any]:
        if tenant_id not in self.tenants:
            raise self._error("EntityNotFound")
        if self.tenants[tenant_id]["ETag"] != version:
            raise self._error("PreconditionFailed")
        return self.tenants[tenant_id]

    def _changed(self, tenant_id: str) -> dict[str, Any]:
        changed_at = datetime.fromtimestamp(self._now(), UTC)
        self.tenants[tenant_id] |= {"ETag": self._version(), "LastModifiedTime": changed_at}
        return self._response(tenant_id)

    def _response(self, tenant_id: str) -> dict[str, Any]:
        """As it is now, whatever happens to it afterwards."""
        tenant = self.tenants[tenant_id]
        copied = tenant | {"Domains": [dict(one) for one in tenant["Domains"]]}
        return {"DistributionTenant": copied, "ETag": tenant["ETag"]}

    def _version(self) -> str:
        self._versions += 1
        return f"E{self._versions}"

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        self.before(operation)

    def _error(self, code: str, message: str = "") -> Exception:
        error = {"Error": {"Code": code, "Message": message}}
        raised: Exception = getattr(self.exceptions, code)(error, self.calls[-1])
        return raised


@cache
def _model() -> Any:
    return boto3.client(
        "cloudfront",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
