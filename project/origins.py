"""The origin of changes in tests that are about something else."""

from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source

SOMEBODY = Origin(
    Actor(ActorType.USER, "acme", "somebody@example.com"),
    Source(Channel.DASHBOARD, "192.0.2.1", "a browser", "request-1"),
)
