"""Plans and counters, from the environment that template.yaml gives to the functions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jmpy.limits.limiter import Limiter
from jmpy.limits.plan import Plans
from jmpy.limits.report import UsageReports
from jmpy.limits.store import UsageStore

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations


def limiter(client: DynamoDBOperations) -> Limiter:
    return Limiter(_store(client), plans())


def reports(client: DynamoDBOperations) -> UsageReports:
    return UsageReports(_store(client), plans())


def plans() -> Plans:
    return Plans.from_json(os.environ["PLANS"])


def _store(client: DynamoDBOperations) -> UsageStore:
    return UsageStore(client, os.environ["USAGE_TABLE"])
