"""Emails that a local stack sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local import mail

if TYPE_CHECKING:
    from project.stack import Stack


def mails(stack: Stack, address: str) -> list[dict[str, Any]]:
    """What the emulator stores instead of delivering it."""
    return [sent for sent in mail.sent(stack.env) if sent["To"] == [address]]
