"""How a host whose ownership is proven gets TLS: by the operator, or by DomainTenantsFunction,
which alone may change CloudFront, on behalf of the functions that verify domains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from jmpy.aws.errors import AwsUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


class ServingState(StrEnum):
    ACTIVE = "active"
    """The host has a certificate, and CloudFront responds to requests to it."""
    PENDING = "pending"
    """It will be, or its owner has to change DNS; `reason` says which."""
    FAILED = "failed"
    """It will not be, until its owner has done what `reason` says."""


@dataclass(frozen=True, slots=True)
class Serving:
    state: ServingState
    reason: str | None = None
    """A sentence for the domain's owner; None of an active one."""


class Hosting(Protocol):
    """What takes a host whose ownership is proven into service."""

    def serve(self, host: str) -> Serving:
        """Brings the host one step closer to being served, and returns how far it is. Nothing
        happens twice if it is repeated, also after an interruption.

        Its host record exists already: hosts without one are taken out of service, every hour.
        Raises an error of AWS on a fault, after which the state is as it was.
        """
        ...


class OperatorsHosting:
    """DNS and TLS are the operator's affair (`BrandedDomains=manual`)."""

    def serve(self, host: str) -> Serving:  # noqa: ARG002 - that of any host
        return Serving(ServingState.ACTIVE)


class RemoteHosting:
    """`BrandedDomains=cloudfront`."""

    def __init__(self, invoke: Callable[[dict[str, Any]], Any]) -> None:
        """`invoke` sends an event to DomainTenantsFunction."""
        self._invoke = invoke

    def serve(self, host: str) -> Serving:
        """Raises AwsRejected, AwsUnavailable."""
        match self._invoke({"host": host}):
            case {"state": ServingState.ACTIVE, "reason": None}:
                return Serving(ServingState.ACTIVE)
            case {"state": ("pending" | "failed") as state, "reason": str(reason)}:
                return Serving(ServingState(state), reason)
        raise AwsUnavailable("DomainTenantsFunction returned no state")
