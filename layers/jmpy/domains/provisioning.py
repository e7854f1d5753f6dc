"""What a branded domain needs besides the proof of its ownership before its short URLs work, such
as a certificate. In mode `manual` the operator has arranged that for all domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jmpy.domains.model import DomainState

if TYPE_CHECKING:
    from jmpy.domains.model import Domain


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is."""

    state: DomainState
    """ACTIVE when all is there, VERIFYING while something is awaited, FAILING if the owner has to
    change something first."""
    reason: str | None = None
    """What is awaited or has to change; a sentence for the owner."""
    tenant_id: str | None = None
    """CloudFront's, once there is one."""


class Provisioning(Protocol):
    first_state: DomainState
    """Of a domain whose ownership has just been proven: ACTIVE, or VERIFYING. A host that changes
    hands keeps its tenant, and with it the state of its certificate."""

    def advance(self, domain: Domain) -> Step:
        """Takes the next step for a domain whose ownership is proven. It can be repeated at any
        time: right after the proof, by requests to verify it again, and by the scheduled checks.

        Raises `aws.faults()`.
        """


class Manual:
    """Nothing has to be done for a single domain."""

    first_state = DomainState.ACTIVE

    def advance(self, domain: Domain) -> Step:
        return Step(DomainState.ACTIVE, tenant_id=domain.tenant_id)
