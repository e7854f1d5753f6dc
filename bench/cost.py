"""Generates docs/cost.md from bench/cost_page.md and bench/bill.py; a test compares the page with
the output."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench import monitoring
from bench.bill import (
    FUNCTION_URL,
    HTTP_API,
    MILLION,
    REST_API,
    Bill,
    Prices,
    table_users,
)
from project import template

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cost.md"

ENTRY_UNITS = 4
"""Write units of an entry of the audit log: it and its place in the index, in a transaction."""

CLICKS_PER_LINK = 100
"""For services that sell links and not clicks."""

_TEMPLATE = Path(__file__).with_name("cost_page.md")


def page() -> str:
    prices = Prices()
    file = prices.file
    link = prices.redirect("GET /{short_code}")
    total = _sum(link) + _sum(prices.click())
    stored = link["DynamoDB"] + prices.click()["DynamoDB"]
    return _TEMPLATE.read_text().format(
        region=file["region"],
        read=file["read"],
        requests=_requests(prices),
        redirects=_redirects(prices),
        alone=_usd(prices.recorded(batch=1) * MILLION),
        ended=_usd(prices.recorded("ended_key_in_batches_of", 1) * MILLION),
        entry=_usd(ENTRY_UNITS * prices.usd("write_units") * MILLION),
        entries=_usd(2 * prices.usd("storage")),
        traced=f"{prices.assumed('traced'):.0%}",
        traces=_usd(prices.usd("traces") * MILLION),
        table_key=_usd(prices.table_key()),
        users=table_users(),
        table_keys=_usd(table_users() * prices.table_key()),
        own_key=_usd(prices.usd("key")),
        tables=len(template.resources("AWS::DynamoDB::Table")),
        lone=_usd(14 * prices.usd("write_units") * MILLION),
        reference=_reference(prices),
        uncompressed=_usd(prices.assumed("docs_kilobytes_uncompressed") * prices.usd("transfer")),
        flood=f"{_flood(prices):,.0f}",
        idle=_idle(prices),
        metrics=monitoring.custom_metrics(),
        alarms=_alarms(),
        filtered=_filtered(),
        monitoring=_monitoring(prices),
        metrics_usd=_usd(prices.metrics()),
        storage=_usd(prices.usd("storage")),
        curve=_curve(prices),
        even=f"{round(prices.month(clicks=1e-9) / total, -5):,.0f}",
        share=f"{link['API Gateway'] / total:.0%}",
        dynamodb=f"{stored / total:.0%}",
        next=_usd(prices.usd("rest_api_next") * MILLION),
        http=_usd((prices.usd("rest_api") - prices.usd("http_api")) * MILLION),
        hosted=_hosted(prices),
        clicks_per_link=CLICKS_PER_LINK,
        prices=_prices(prices),
        assumptions=_assumptions(prices),
        twice=_usd(prices.running() * MILLION),
    )


def main() -> int:
    argparse.ArgumentParser(prog="bench.cost", description=__doc__).parse_args()
    PAGE.write_text(page())
    print(f"- wrote {PAGE.name}")
    return 0


def _requests(prices: Prices) -> str:
    unknown = "401, an unknown key"
    kinds = {
        "read a link": prices.request("GET /api/v1/short-urls/{id}"),
        "read a link by its code": prices.request("GET /api/v1/short-urls/{id} by code or alias"),
        "list links": prices.request("GET /api/v1/short-urls"),
        "create a link": prices.request("POST /api/v1/short-urls"),
        "create a link, by a key with a daily budget": prices.request(
            "POST /api/v1/short-urls with a budget"
        ),
        "change a link": prices.request("PATCH /api/v1/short-urls/{id}"),
        "delete a link": prices.request("DELETE /api/v1/short-urls/{id}"),
        "clicks of a link over time": prices.request("GET /api/v1/analytics/timeseries/{id}"),
        "denied: no key, or a malformed one (401)": prices.request(
            "", authorizer="401, no key", runs=False
        ),
        "denied: an unknown key (401)": prices.request("", authorizer=unknown, runs=False),
        "denied: a flood with a revoked or expired key (401)": prices.request(
            "",
            authorizer="a cached key",
            runs=False,
            recorded=prices.recorded("ended_key_in_batches_of"),
        ),
        "denied: no permission (403)": prices.request("403"),
        "throttled: over the daily limit (429)": prices.request("429, cached"),
    }
    return _bills("Kind", kinds)


def _redirects(prices: Prices) -> str:
    kinds = {
        "redirect": prices.redirect("GET /{short_code}"),
        "redirect of a link just followed": prices.redirect("GET /{short_code} again"),
        "no such link (404)": prices.redirect("404, a short code"),
        "counting a click": prices.click(),
    }
    return _bills("Kind", kinds)


def _reference(prices: Prices) -> str:
    kinds = {
        "first visit": prices.reference(known=False),
        "repeat visit, after more than five minutes": prices.reference(known=True),
    }
    return _bills("Kind", kinds)


def _flood(prices: Prices) -> float:
    """A day's, of the largest file, at the limit of its route."""
    a_day = 24 * 3600 * template.load()["Parameters"]["DocsRequestsPerSecond"]["Default"]
    request = _sum(prices.reference(known=True)) / prices.assumed("docs_requests_again")
    file = prices.assumed("docs_kilobytes_largest") / MILLION * prices.usd("transfer")
    return float(a_day * (request + file))


def _idle(prices: Prices) -> str:
    bill = prices.idle()
    rows = [(name, _usd(usd)) for name, usd in bill.items()]
    return _table(("Item", "Dollars"), [*rows, ("total", f"**{_usd(_sum(bill))}**")])


def _alarms() -> str:
    counts, metrics = monitoring.alarms(), monitoring.alarm_metrics()
    rows = [(kind, str(counts[kind]), str(metrics[kind])) for kind in counts]
    return _table(
        ("Kind", "Alarms", "Metrics billed"),
        [*rows, ("total", str(counts.total()), str(metrics.total()))],
    )


def _filtered() -> str:
    metrics = monitoring.filter_metrics()
    return ", ".join(f"`{name}` {count}" for name, count in metrics.items())


def _monitoring(prices: Prices) -> str:
    rows = []
    for clicks in (10_000, MILLION, 100 * MILLION):
        bill, total = prices.monitoring(clicks), prices.month(clicks=clicks)
        parts = (_usd(usd) for usd in bill.values())
        rows.append((f"{clicks:,}", *parts, _usd(_sum(bill)), f"{_sum(bill) / total:.0%}"))
    return _table(("Clicks", *prices.monitoring(0), "together", "of the total"), rows)


def _curve(prices: Prices) -> str:
    fronts = (REST_API, HTTP_API, FUNCTION_URL)
    rows = [
        (
            f"{clicks:,}",
            *(_usd(prices.month(clicks=clicks, front=front)) for front in fronts),
        )
        for clicks in (0, 10_000, 100_000, MILLION, 10 * MILLION, 100 * MILLION)
    ]
    return _table(("Clicks", *(f"{front.name} in front of the redirect" for front in fronts)), rows)


def _hosted(prices: Prices) -> str:
    rows = []
    for plan in prices.file["hosted"]:
        clicks = plan.get("clicks_a_month", plan["links"] * CLICKS_PER_LINK)
        rows.append(
            (
                f"[{plan['service']} {plan['plan']}]({plan['page']})",
                f"{plan['usd']:,}, billed {plan['billed']}",
                f"{plan['links']:,}",
                f"{clicks:,}",
                _usd(prices.month(clicks=clicks, links=plan["links"])),
                f"[{plan['as_of']}]({plan['seen_in']})",
            )
        )
    return _table(("Plan", "Price", "Links a month", "Clicks a month", "Jmpy", "As of"), rows)


def _prices(prices: Prices) -> str:
    rows = [
        (
            f"[{price['unit']}]({price['page']})",
            _price(price["usd"], price["per"]),
            f"[{price['as_of']}]({price['seen_in']})",
        )
        for price in prices.file["prices"].values()
    ]
    return _table(("Item", "Dollars", "As of"), rows)


def _assumptions(prices: Prices) -> str:
    rows = [
        (name.replace("_", " "), f"{assumed['value']:,}", assumed["why"])
        for name, assumed in prices.file["assumptions"].items()
    ]
    return _table(("Value", "Assumed", "Basis"), rows)


def _bills(name: str, kinds: dict[str, Bill]) -> str:
    """For a million of each."""
    columns = list(dict.fromkeys(column for bill in kinds.values() for column in bill))
    rows = [
        (
            kind,
            *(_usd(bill.get(column, 0) * MILLION) for column in columns),
            f"**{_usd(_sum(bill) * MILLION)}**",
        )
        for kind, bill in kinds.items()
    ]
    return _table((name, *columns, "total"), rows)


def _sum(bill: Bill) -> float:
    return sum(bill.values())


def _usd(dollars: float) -> str:
    return f"{dollars:,.2f}" if dollars else "-"


def _price(usd: float, per: int) -> str:
    written = f"{usd:.10f}".rstrip("0").rstrip(".")
    return written if per == 1 else f"{written} per {per:,}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())
