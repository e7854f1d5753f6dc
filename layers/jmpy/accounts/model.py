"""The record of an account."""

from dataclasses import dataclass

DEFAULT_PLAN = "free"


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    plan: str
    usage_identifier: str
    """Value of the account's API Gateway key. Not a secret: clients never send it, and it
    admits nobody (docs/adr/0005)."""
    created_at: int
    """Seconds since the Unix epoch, UTC."""
