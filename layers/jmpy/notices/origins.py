"""Who made a change, and how, in words for the owner of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.model import ActorType, Channel

if TYPE_CHECKING:
    from jmpy.audit.model import Actor

CHANNELS = {
    Channel.DASHBOARD: "the dashboard",
    Channel.API: "the API",
    Channel.MAKE: "a command of the operator",
    Channel.CHECK: "a check of the service",
    Channel.SERVICE: "a rule of the service",
}


def described_actor(actor: Actor) -> str:
    """An operator's id is for operators, as in the audit log that owners see."""
    match actor.type:
        case ActorType.USER:
            return actor.name or "somebody who signed in"
        case ActorType.API_KEY:
            return f"the API key “{actor.name or actor.id}”"
        case ActorType.OPERATOR:
            return "the operator of this service"
    return "the service itself"
