"""Checks every hour a 24th of the branded domains, each once a day, in its hour; and every few
minutes those whose certificate is being issued.

No request waits for it. One that does not run checks nothing, which is noticed by an alarm and does
no harm: domains stay as they are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.domains.branded import BrandedDomains, BrandedSettings
from jmpy.domains.checks import DomainChecks, Outcome
from jmpy.metrics import Metric
from jmpy.settings import ReadWriteTable, WriteTable


@dataclass(frozen=True)
class Settings(BrandedSettings):
    links_table: ReadWriteTable
    audit_table: WriteTable


class ChecksFailed(Exception):
    """Faults prevented some domains from being checked; they are checked again the next time."""


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
_audit = AuditLog(dynamodb, settings.audit_table)
branded = BrandedDomains(settings, dynamodb, settings.links_table, _audit)
checks = DomainChecks(
    store=branded.store,
    owners=branded.owners,
    verification=branded.verification,
    changes=branded.changes,
    audit=_audit,
)


def handler(event: dict[str, Any], _context: object) -> None:
    """`event`: of a schedule. Its time says which hour is checked, unless it is that of the domains
    whose certificate is being issued. Raises ChecksFailed, so that the errors metric shows it, and
    `aws.faults()`."""
    if event.get("only") == "verifying":
        outcomes = checks.run_verifying()
    else:
        outcomes = checks.run_hour(datetime.fromisoformat(event["time"]).astimezone(UTC).hour)
    found = {outcome.value: number for outcome, number in outcomes.items()}
    logger.info("domains checked", extra={"found": found})
    metrics.count(Metric.DOMAINS_CHECKED, outcomes.total())
    metrics.count(Metric.DOMAINS_FAILED, outcomes[Outcome.FAILED])
    if faults := outcomes[Outcome.FAULT]:
        raise ChecksFailed(f"{faults} domains were not checked")
