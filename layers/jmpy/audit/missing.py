"""Reports an entry that could not be written, of a change that did not wait for it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from jmpy.audit.item import to_item

if TYPE_CHECKING:
    from jmpy.audit.model import Entry

_log = logging.getLogger(__name__)


def report(entry: Entry) -> None:
    """It is in the log, as it would be in the table and can be put there (docs/operations.md), and
    an alarm goes off."""
    from jmpy import metrics  # noqa: PLC0415 - it loads what nothing else here needs

    _log.error("audit entry not written", extra={"entry": json.dumps(to_item(entry))})
    metrics.count(metrics.Metric.AUDIT_ENTRIES_MISSING)
