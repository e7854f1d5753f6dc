"""A host's distribution tenant at CloudFront, and the next step towards its being served.

A tenant has one host, since it can have only one pending certificate request, and it belongs to the
host and not to an account: a domain that changes hands keeps its certificate.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/managed-cloudfront-certificates.html
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRY_CERTIFICATE = 3600
"""Seconds from the last change of a tenant until another certificate is requested: ACM issues a
limited number a year, and owners can verify a domain as often as they like."""


def name_of(host: str) -> str:
    """The tenant's name. CloudFront allows 128 characters, and a host has up to 253."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, host))


@dataclass(frozen=True, slots=True)
class Tenant:
    id: str
    name: str
    host: str
    distribution_id: str
    version: str
    """Its ETag. It also changes when the status of the certificate does."""
    is_enabled: bool
    is_deployed: bool
    is_active: bool
    """Whether CloudFront responds to requests to the host. It never becomes inactive again."""
    changed_at: float
    customizations: Mapping[str, Any]
    """Besides the certificate, what an operator may have set, such as another firewall."""

    @property
    def certificate(self) -> str | None:
        """The ARN of the one that is attached."""
        arn: str | None = self.customizations.get("Certificate", {}).get("Arn")
        return arn


class CertificateStatus(StrEnum):
    """As CloudFront names them."""

    PENDING = "pending-validation"
    ISSUED = "issued"
    INACTIVE = "inactive"
    EXPIRED = "expired"
    TIMED_OUT = "validation-timed-out"
    REVOKED = "revoked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ManagedCertificate:
    arn: str
    status: CertificateStatus


class Step(Enum):
    ENABLE = "enable"
    """It was being removed."""
    REQUEST_CERTIFICATE = "request a certificate"
    ATTACH_CERTIFICATE = "attach the certificate"
    AWAIT_CERTIFICATE = "await the certificate"
    AWAIT_RETRY = "await the time for another certificate"
    AWAIT_ACTIVATION = "await the activation"
    NONE = "none"
    """The host is served."""


def next_step(tenant: Tenant, certificate: ManagedCertificate | None, now: float) -> Step:
    """An issued certificate does not attach itself; without one, the host stays inactive."""
    if not tenant.is_enabled:
        return Step.ENABLE
    if certificate and certificate.status is CertificateStatus.ISSUED:
        return _with_issued(tenant, certificate.arn)
    if certificate and certificate.status is CertificateStatus.PENDING:
        return Step.AWAIT_CERTIFICATE
    if now >= tenant.changed_at + RETRY_CERTIFICATE:
        return Step.REQUEST_CERTIFICATE
    return Step.AWAIT_RETRY if certificate else Step.AWAIT_CERTIFICATE


def _with_issued(tenant: Tenant, arn: str) -> Step:
    if tenant.certificate != arn:
        return Step.ATTACH_CERTIFICATE
    return Step.NONE if tenant.is_active else Step.AWAIT_ACTIVATION


class Removal(Enum):
    DISABLE = "disable"
    AWAIT_DEPLOYMENT = "await the deployment"
    DELETE = "delete"


def next_removal(tenant: Tenant) -> Removal:
    """An enabled tenant cannot be deleted, nor one that is still being disabled."""
    if tenant.is_enabled:
        return Removal.DISABLE
    return Removal.DELETE if tenant.is_deployed else Removal.AWAIT_DEPLOYMENT
