"""All facts. To add one, write it into the module of its subject (docs/conformance.md)."""

from __future__ import annotations

from ops.conformance.facts import (
    access_logs,
    asynchronous,
    authorizers,
    dynamodb,
    functions,
    paths,
    queries,
    routes,
    usage_plans,
)

FACTS = (
    *paths.FACTS,
    *queries.FACTS,
    *routes.FACTS,
    *functions.FACTS,
    *authorizers.FACTS,
    *usage_plans.FACTS,
    *access_logs.FACTS,
    *asynchronous.FACTS,
    *dynamodb.FACTS,
)
