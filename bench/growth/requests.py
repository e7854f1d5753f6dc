"""Requests to the functions, in process, with what each costs and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import accounts
from jmpy.cache import Cache
from project import functions
from project.metered import Metered
from project.sample_account import SampleAccount

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.aws.client import AwsResponse
    from jmpy.aws.dynamodb_client import DynamoDb
    from project.meter import Cost

REDIRECT = "GET /{short_code}"

LISTS = (
    "GET /api/v1/short-urls",
    "GET /api/v1/qr-codes",
    "GET /api/v1/campaigns",
    "GET /api/v1/campaigns/{id}/urls",
    "GET /api/v1/api-keys",
    "GET /api/v1/analytics/recent",
    "GET /api/v1/audit-log",
)
"""Lists of which a page of one item is requested: the small account has one key."""

Event = dict[str, Any]


@dataclass
class Measured:
    """Of one route on one account."""

    cost: Cost
    engine_units: float
    seconds: list[float] = field(default_factory=list)

    @property
    def units(self) -> float:
        return self.cost.read_units + self.cost.write_units

    def result(self) -> dict[str, Any]:
        return {
            "calls": dict(sorted(self.cost.calls.items())),
            "read_units": self.cost.read_units,
            "write_units": self.cost.write_units,
            "milliseconds": round(median(self.seconds) * 1000, 2),
        }


class EngineUnits:
    """Request units as the engine counts them."""

    def __init__(self) -> None:
        self.units = 0.0

    def watch(self, client: DynamoDb) -> None:
        post = client._client.post

        def counted(path: str, headers: Mapping[str, str], document: Any) -> AwsResponse:
            response = post(path, headers, {**document, "ReturnConsumedCapacity": "TOTAL"})
            self._add(response.document)
            return response

        client._client.post = counted  # type: ignore[method-assign]

    def _add(self, document: Any) -> None:
        found = document.get("ConsumedCapacity", [])
        self.units += sum(
            of["CapacityUnits"] for of in (found if isinstance(found, list) else [found])
        )


class Bench:
    """Functions to call, some with a meter and some without, because metering takes time."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._metered = Metered()
        self._engine = EngineUnits()
        self._timed: dict[str, Any] = {}
        self._watched: set[str] = set()

    def count(self, name: str, account: SampleAccount) -> Measured:
        folder, event = request(name, account)
        app = self._metered.app(folder)
        if folder not in self._watched:
            self._watched.add(folder)
            self._engine.watch(app.dynamodb)
        prepare(folder, app)
        self._engine.units = 0.0
        cost = self._metered.send(folder, event, 200, 201, 301)
        units = self._engine.units
        accounts.delete_new_keys(self._client, account)
        return Measured(cost, units)

    def time(self, name: str, account: SampleAccount) -> float:
        """Seconds."""
        folder, event = request(name, account)
        if folder not in self._timed:
            self._timed[folder] = functions.load(folder)
        app = self._timed[folder]
        prepare(folder, app)
        started = time.perf_counter()
        response = functions.call(app.handler, event)
        seconds = time.perf_counter() - started
        assert response.status in (200, 201, 301), (name, response)
        accounts.delete_new_keys(self._client, account)
        return seconds


OPERATIONS = {f"{one.method} {one.path}": one for one in functions.operations()}


def request(name: str, account: SampleAccount) -> tuple[str, Event]:
    """The folder of the function, and the event."""
    if name == REDIRECT:
        code = account.link.short_code
        event = functions.event("GET", f"/{code}", resource="/{proxy+}", parameters={"proxy": code})
        return "redirect", event
    operation = OPERATIONS[name]
    query: dict[str, Any] = {"query": {"limit": "1"}} if name in LISTS else {}
    return functions.FOLDERS[operation.function], account.request(operation, **query)


def prepare(folder: str, app: Any) -> None:
    """A redirect has no queue here, and no cached link; there is no Cognito for keys either."""
    if folder == "redirect":
        app.clicks.send = lambda _click: None
        app.lookup._targets = Cache()
    if folder in ("keys", "key_policy"):
        app.resource.people.require = lambda _account_id: None
