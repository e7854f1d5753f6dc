"""What is written together with a change, or not at all."""

from __future__ import annotations

from typing import Any

TransactionItem = dict[str, Any]
"""A write that one store prepared for the transaction of another one, such as an entry of the audit
log for that of a link. Services pass it on (`also`) and never look into it."""


class RecordRejected(Exception):
    """An item for the transaction of a change failed its own condition: neither was written."""
