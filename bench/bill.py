"""What use of Jmpy costs in dollars, by what is billed.

From what requests ask of AWS (the tables of docs/architecture.md, which a test proves), what they
take of a processor, what counting a click and recording a request write (bench/results), the
template, and the prices and assumptions of bench/prices.json. Free allowances are left out, except
in an idle month.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import monitoring
from project import documented_costs, template
from project.meter import Cost

MILLION = 1_000_000
_BENCH = Path(__file__).resolve().parent
_FREE_ALARMS, _FREE_DASHBOARDS, _FREE_QUEUE_CALLS = 10, 3, MILLION

_SECONDS = 365 * 24 * 3600 / 12
"""Of a month."""

Bill = dict[str, float]
"""Dollars by what is billed."""


@dataclass(frozen=True)
class Front:
    """What stands before the functions."""

    name: str
    price: str | None
    """Per request; None when there is none."""


_MEASURED = {
    "GET /api/v1/short-urls": "list links",
    "POST /api/v1/short-urls": "create a link",
    "PATCH /api/v1/short-urls/{id}": "change a link",
    "DELETE /api/v1/short-urls/{id}": "change a link",
    "GET /api/v1/analytics/timeseries/{id}": "AnalyticsFunction",
}
"""Rows of costs, and the measured work that is most like it; for others it is reading a link."""


REST_API = Front("REST API", "rest_api")
HTTP_API = Front("HTTP API", "http_api")
FUNCTION_URL = Front("Function URL", None)


class Prices:
    def __init__(self) -> None:
        self.file: dict[str, Any] = json.loads((_BENCH / "prices.json").read_text())
        self._costs = documented_costs.read()
        self._records = _result("access_log_writes")
        self._click = _result("click_writes")
        rows = _result("speed")["rows"]
        self._cpu: dict[str, float] = {row["what"]: row["ours_ms"] for row in rows}
        globals_ = template.load()["Globals"]["Function"]
        self._gigabytes: float = globals_["MemorySize"] / 1024

    def usd(self, name: str) -> float:
        price = self.file["prices"][name]
        return float(price["usd"] / price["per"])

    def assumed(self, name: str) -> float:
        return float(self.file["assumptions"][name]["value"])

    def request(
        self,
        operation: str,
        *,
        authorizer: str | None = None,
        runs: bool = True,
        recorded: float | None = None,
    ) -> Bill:
        """Of an API request. `authorizer` is the row of its lookup; without it, a known share of
        lookups are cache hits. Without `runs`, the function is not invoked. `recorded`: the cost of
        its record, if it differs from the usual one."""
        looked = self._units(authorizer or "a key")
        share = 1 - self.assumed("authorizer_cache_hit_share") if authorizer is None else 1
        served = self._units(operation) if runs else 0
        invocations = [self._authorizing(share), *([self._serving(operation)] if runs else [])]
        return {
            "API Gateway": self.usd("rest_api"),
            "Lambda": sum(map(self._invocation, invocations)),
            "DynamoDB": share * looked + served,
            "access log": (self.recorded() if runs else 0) if recorded is None else recorded,
            "logs, traces": self._watching("api_log_kilobytes"),
            "transfer": self._transfer("api_response_kilobytes"),
        }

    def redirect(self, row: str, front: Front = REST_API) -> Bill:
        return {
            "API Gateway": self.usd(front.price) if front.price else 0,
            "Lambda": self._invocation(self._running("redirect", self._costs[row])),
            "DynamoDB": self._units(row),
            "access log": 0,
            "logs, traces": self._watching("redirect_log_kilobytes"),
            "transfer": self._transfer("redirect_response_kilobytes"),
        }

    def reference(self, *, known: bool) -> Bill:
        """Of a visit of /docs, and of one whose browser has its files: those come once."""
        requests = self.assumed("docs_requests_again" if known else "docs_requests")
        milliseconds = 0 if known else self.assumed("docs_milliseconds")
        kilobytes = 0 if known else self.assumed("docs_kilobytes")
        return {
            "API Gateway": requests * self.usd("rest_api"),
            "Lambda": requests * self.usd("lambda_requests") + self._seconds(milliseconds),
            "logs, traces": requests * self._watching("redirect_log_kilobytes"),
            "transfer": requests * self._transfer("redirect_response_kilobytes")
            + kilobytes / MILLION * self.usd("transfer"),
        }

    def click(self) -> Bill:
        """Of counting one, in a batch as full as the template allows."""
        milliseconds = self.assumed("clicks_milliseconds_per_click")
        return {
            "SQS": self.assumed("queue_calls_per_click") * self.usd("queue"),
            "Lambda": self._seconds(milliseconds),
            "DynamoDB": self._dynamodb(
                self._click["read_units_per_click"], self._click["write_units_per_click"]
            ),
        }

    def recorded(self, kind: str = "batches_of", batch: int = 100) -> float:
        """Of a request in the access log that its account sees, in a batch of so many."""
        record = self._records[kind][str(batch)]
        return self._dynamodb(record["read_units"], record["write_units"])

    def running(self) -> float:
        """Of the time that functions take to read a link."""
        read = self._serving("GET /api/v1/short-urls/{id}")
        return self._seconds(
            self._authorizing(1 - self.assumed("authorizer_cache_hit_share")) + read
        )

    def idle(self) -> Bill:
        """Of a month without requests."""
        alarms = monitoring.alarm_metrics().total()
        dashboards = len(template.resources("AWS::CloudWatch::Dashboard"))
        polls = queues() * self.assumed("polls_per_queue")
        return {
            f"{alarms} alarm metrics": max(0, alarms - _FREE_ALARMS) * self.usd("alarm"),
            f"{dashboards} dashboard": max(0, dashboards - _FREE_DASHBOARDS)
            * self.usd("dashboard"),
            "1 KMS key, for the alarm topic": len(template.resources("AWS::KMS::Key"))
            * self.usd("key"),
            f"SQS, {queues()} queues that Lambda polls": max(0, polls - _FREE_QUEUE_CALLS)
            * self.usd("queue"),
            "nearly empty tables, backups and logs": 0,
        }

    def metrics(self) -> float:
        """Of our own, a month in which all of them are written."""
        return monitoring.custom_metrics() * self.usd("metric")

    def month(self, *, clicks: float, links: float = 0, front: Front = REST_API) -> float:
        """Of a month with so many clicks and new links, including idle cost, metrics and
        the tables' keys: all of those that there can be."""
        visit = sum(self.redirect("GET /{short_code}", front).values()) + sum(self.click().values())
        created = sum(self.request("POST /api/v1/short-urls").values())
        busy = self.metrics() + table_users() * self.table_key() if clicks else 0
        fixed = sum(self.idle().values()) + busy
        return fixed + clicks * visit + links * created + self.first_traces(clicks + links)

    def monitoring(self, clicks: float) -> Bill:
        """Of a month with so many clicks; a part of its cost."""
        idle = self.idle()
        watched = self._watching("redirect_log_kilobytes")
        sampled = self.assumed("traced") * self.usd("traces")
        return {
            "alarms, dashboard and key": sum(
                usd for name, usd in idle.items() if re.search("alarm|dashboard", name)
            ),
            "custom metrics": self.metrics() if clicks else 0,
            "traces": clicks * sampled + self.first_traces(clicks),
            "logs": clicks * (watched - sampled),
        }

    def first_traces(self, requests: float) -> float:
        """Of a month: X-Ray's default rule also takes the first request of each second, here of
        requests that come by chance. Without the share that is in the cost of each."""
        first = _SECONDS * -math.expm1(-requests / _SECONDS)
        return first * (1 - self.assumed("traced")) * self.usd("traces")

    def table_key(self) -> float:
        """A month in which one function uses one table all the time."""
        return _SECONDS / self.assumed("table_key_seconds") * self.usd("key_requests")

    def _units(self, row: str) -> float:
        cost = self._costs[row]
        return self._dynamodb(cost.read_units, cost.write_units)

    def _dynamodb(self, reads: float, writes: float) -> float:
        return reads * self.usd("read_units") + writes * self.usd("write_units")

    def _authorizing(self, share: float) -> float:
        """Milliseconds, where so many of the keys have to be read."""
        known = self._running("authorizer, key cached", Cost())
        read = self._running("authorizer, key not cached", self._costs["a key"])
        return (1 - share) * known + share * read

    def _serving(self, operation: str) -> float:
        """Milliseconds."""
        return self._running(_MEASURED.get(operation, "read a link"), self._costs[operation])

    def _running(self, work: str, cost: Cost) -> float:
        """Milliseconds: what it was measured to take of a processor, on the part of one that this
        much memory gets, and the calls that it waits for."""
        part = self._gigabytes * 1024 / self.assumed("megabytes_per_processor")
        waits = cost.calls.total() * self.assumed("call_milliseconds")
        return self._cpu[f"{work}, warm"] / part + waits

    def _invocation(self, milliseconds: float) -> float:
        return self.usd("lambda_requests") + self._seconds(milliseconds)

    def _seconds(self, milliseconds: float) -> float:
        return milliseconds / 1000 * self._gigabytes * self.usd("lambda_seconds")

    def _watching(self, kilobytes: str) -> float:
        logs = self.assumed(kilobytes) / MILLION * self.usd("logs")
        return logs + self.assumed("traced") * self.usd("traces")

    def _transfer(self, kilobytes: str) -> float:
        return self.assumed(kilobytes) / MILLION * self.usd("transfer")


def table_users() -> int:
    """Pairs of a function and a table that its role names."""
    tables = template.resources("AWS::DynamoDB::Table")
    return sum(
        re.search(rf"\b{table}\.Arn\b", json.dumps(function.get("Policies", []))) is not None
        for function in template.resources("AWS::Serverless::Function").values()
        for table in tables
    )


def queues() -> int:
    """That a function reads from, which costs polls; those that a parameter has to switch on are
    not among them."""
    functions = template.resources("AWS::Serverless::Function").values()
    events = [event for f in functions for event in f.get("Events", {}).values()]
    return sum(event["Type"] == "SQS" and "Enabled" not in event["Properties"] for event in events)


def _result(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_BENCH / "results" / f"{name}.json").read_text())
    return loaded
