"""What every page and form of the dashboard costs a person who is signed in is what
docs/architecture.md says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.aws import clients
from jmpy.links.blocklist import Blocklist
from project import documented_costs
from project.clicks import AGENTS
from project.meter import Cost, Meter
from tests.integration import moto_tables, paths
from tests.integration.paths import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from tests.cognito import FakeCognito


@pytest.fixture
def world(
    dynamodb: DynamoDBClient,
    edge: UsagePlanKeys,
    pool: FakeCognito,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """With a click by a person, in an execution environment that has read the blocklist."""
    monkeypatch.setattr(boto3, "client", cache(boto3.client))
    monkeypatch.setattr(Blocklist, "match", lambda *_: None)
    world = World(dynamodb, edge, pool).fill()
    world.count([replace(world.click(2), user_agent=AGENTS[0])])
    world.kept = moto_tables.kept()
    return world


@pytest.fixture
def meter(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Of all clients that functions create from now on."""
    meter = Meter(dynamodb)

    def metered(create: Callable[[], Any]) -> Callable[[], Any]:
        def created() -> Any:
            client = create()
            meter.watch(client)
            return client

        return created

    for name in ("dynamodb", "cognito"):
        monkeypatch.setattr(clients, name, metered(getattr(clients, name)))
    return meter


def test_every_page_costs_what_is_documented(world: World, meter: Meter) -> None:
    documented = documented_costs.read()
    measured: dict[str, Cost] = {}
    for path in paths.pages():
        moto_tables.restore(world.kept)
        visit = path.prepare(world)
        meter.take()
        assert visit().status < 400, path
        measured[path.name.replace("<", "{").replace(">", "}")] = meter.take()
    assert {name: documented.get(name) for name in measured} == measured
