"""Counts what samples are taken for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.clicks.classify import values_of
from jmpy.clicks.model import AgentKind, DeviceType, Dimension
from jmpy.clicks.sources import category_of
from project.clicks import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.agents.fixtures import Sample

PEOPLE_AS_BOTS, BOTS_AS_PEOPLE, RIGHT = 1.0, 2.0, 95.0
"""Percent: less than, less than, at least."""


def measured(samples: Iterable[Sample]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table."""
    tables: dict[str, list[dict[str, Any]]] = {"agents": [], "devices": [], "sources": []}
    for sample in samples:
        if isinstance(sample.kind, AgentKind):
            tables["agents"].append(_agents(sample))
        elif isinstance(sample.kind, DeviceType):
            tables["devices"].append(_right(sample, _by(sample, Dimension.DEVICE)))
        else:
            found = Counter(category_of(host).value for host in sample.texts)
            tables["sources"].append(_right(sample, found))
    return tables


def missed(tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for rows in tables.values() for row in rows if not row["met"]]


def _agents(sample: Sample) -> dict[str, Any]:
    found = _by(sample, Dimension.AGENT)
    people = sample.kind is AgentKind.HUMAN
    wrong = found[AgentKind.BOT if people else AgentKind.HUMAN]
    percent = _percent(wrong, sample)
    target = PEOPLE_AS_BOTS if people else BOTS_AS_PEOPLE
    counts = {kind.value: found[kind] for kind in AgentKind}
    return (
        _row(sample)
        | counts
        | {
            "wrong_percent": percent,
            "target": target,
            "met": percent < target,
        }
    )


def _right(sample: Sample, found: Counter[str]) -> dict[str, Any]:
    percent = _percent(found[sample.kind], sample)
    return _row(sample) | {
        "right": found[sample.kind],
        "taken_for": dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))),
        "right_percent": percent,
        "target": RIGHT,
        "met": percent >= RIGHT,
    }


def _by(sample: Sample, dimension: Dimension) -> Counter[str]:
    values = (values_of(replace(click(), user_agent=text)) for text in sample.texts)
    return Counter(found[dimension] for found in values)


def _row(sample: Sample) -> dict[str, Any]:
    return {"fixtures": sample.name, "kind": sample.kind.value, "total": len(sample.texts)}


def _percent(part: int, sample: Sample) -> float:
    return round(100 * part / len(sample.texts), 2)
