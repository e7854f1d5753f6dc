"""All facts. To add one, write it into the module of its subject (docs/conformance.md)."""

from __future__ import annotations

from ops.conformance.facts import paths, queries, routes

FACTS = (*paths.FACTS, *queries.FACTS, *routes.FACTS)
