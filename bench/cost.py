"""Makes docs/cost.md of bench/bill.py; a test holds the page to what this makes."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.bill import (
    FUNCTION_URL,
    HTTP_API,
    MILLION,
    REST_API,
    Bill,
    Prices,
    own_metrics,
)
from project import template

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cost.md"

ENTRY_UNITS = 4
"""Write units of an entry of the audit log: it and its place in the index, in a transaction."""

CLICKS_PER_LINK = 100
"""For services that sell links and not clicks."""

_PAGE = """\
<!-- Made by 'make cost'; do not edit. -->
# What it costs

Dollars of AWS, in {region}, for what Jmpy asks of it: calls and request units as
[measured](architecture.md#what-each-operation-reads-and-writes), the functions' time from the CPU
that was [measured](performance.md), prices and assumptions as listed below. It is a list price:
AWS's free allowances and discounts are left out, except where it says so. `make cost` makes this
page anew; put the prices of your region into `bench/prices.json`.

## A million requests

{requests}

"Its record" is the line in the account's own access log, which operators pay for and owners see,
in batches of a hundred lines. DynamoDB is that of the function and of the authorizer, which has
half of the keys in memory. What cannot be a key, or is none, costs the gateway and a look at most,
and has no record. A key that ended has one, and no limit holds it back: its requests are summed up
by minute ([decision 0029](adr/0029-one-accounts-trouble-is-its-own.md)), so that a flood of them is
cheaper than one of good ones. How many lines CloudWatch Logs hands over at a time is its own
choice. If each came alone, the record of a million requests would cost {alone} dollars, of an ended
key {ended}.

To change or delete a link includes its entry in the audit log, {entry} of what DynamoDB costs. An
entry stays, and takes a kilobyte of the table and one of its index: {entries} dollars a month for a
million of them.

X-Ray's default rule takes the first request of each second, and {traced} of the others. The tables
of a million have the share of the others. A stack with less than a request a second has nearly all
of them traced, {traces} dollars a million; the months below have both.

## A million redirects, and a million clicks

{redirects}

Counting assumes batches as full as busy links make them (`bench/results/click_writes.json`: 10,000
clicks on 50 links). A click that comes alone costs 14 write units: {lone} dollars for a million.

## A million readers of `/docs`

{reference}

The page is 434 kB, and 34 kB as API Gateway compresses it: without compression the first visits
would cost {uncompressed} for their transfer alone. Browsers store its files for a year, and
`deploy/edge.yaml` stores them for everybody. Whoever wants to waste
money does not ask for compression; the [limit of the route](limits.md#what-one-route-accepts)
bounds that to {flood} dollars a day. API Gateway charges nothing for what it throttles.

## An idle month

{idle}

In a month with traffic, up to {metrics} metrics of our own cost {metrics_usd} more. Alarms, their
key and our metrics are the section "watching" of the template: whoever watches otherwise can take
it out, and then next to nothing is left. A GB in the tables costs {storage} a month; their backups
are billed by the GB as well. The tables are encrypted with AWS's own key for DynamoDB, whose use is
billed: {table_key} a month for each function and table of the {tables} that it uses all the time.

## Where the curve bends

A month of clicks, counted, with what an idle month costs:

{curve}

- Up to some {even} clicks a month most of it is fixed: metrics and alarms.
- From there on it is a line, and {share} of it is API Gateway's price per request; DynamoDB is
  {dynamodb}.
- Beyond 333 million requests a month the gateway's own price falls to {next} per million.
- An HTTP API in front of the redirect alone would save {http} per million. It has neither usage
  plans nor error bodies of our own, which the API needs and a redirect does not.
- A Function URL has no price of its own, and no throttling: a flood would be bounded by the
  function's concurrency only. CloudFront before it has a price per request again.
- A cache before the redirect (CloudFront) would save most of it for links that are followed often,
  and their clicks would go uncounted.

We keep one REST API for all, with one address, one set of errors and one set of alarms. An operator
with tens of millions of clicks a month can put an HTTP API before RedirectFunction, on the domain
of the short links; its events have to be asked for in payload format 1.0.

## Next to hosted services

What the plan's quota of links and clicks would cost here, in dollars a month:

{hosted}

Bitly counts links; {clicks_per_link} clicks per link are assumed. Services of whose prices we found
no dated copy are left out (Short.io, Rebrandly, TinyURL). A hosted service also runs itself, and
has features that Jmpy has not; the time of whoever deploys and watches Jmpy is not in this.

## Prices

Read on {read}. AWS draws its price tables with scripts, so that most were read where somebody had
written them down, on the day that "as of" says. The first link is AWS's own page: look there before
you rely on one.

{prices}

## Assumptions

What cannot be measured without an account of AWS. Twice the milliseconds make a million requests
{twice} dollars dearer.

{assumptions}
"""


def page() -> str:
    prices = Prices()
    file = prices.file
    link = prices.redirect("GET /{short_code}")
    total = _sum(link) + _sum(prices.click())
    stored = link["DynamoDB"] + prices.click()["DynamoDB"]
    return _PAGE.format(
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
        tables=len(template.resources("AWS::DynamoDB::Table")),
        lone=_usd(14 * prices.usd("write_units") * MILLION),
        reference=_reference(prices),
        uncompressed=_usd(prices.assumed("docs_kilobytes_uncompressed") * prices.usd("transfer")),
        flood=f"{_flood(prices):,.0f}",
        idle=_idle(prices),
        metrics=own_metrics(),
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
    print(f"- {PAGE.name} is made")
    return 0


def _requests(prices: Prices) -> str:
    unknown = "401, an unknown key"
    kinds = {
        "read a link": prices.request("GET /api/v1/short-urls/{id}"),
        "read a link by its code": prices.request("GET /api/v1/short-urls/{id} by code or alias"),
        "list links": prices.request("GET /api/v1/short-urls"),
        "make a link": prices.request("POST /api/v1/short-urls"),
        "change a link": prices.request("PATCH /api/v1/short-urls/{id}"),
        "delete a link": prices.request("DELETE /api/v1/short-urls/{id}"),
        "clicks of a link over time": prices.request("GET /api/v1/analytics/timeseries/{id}"),
        "refused: no key, or a malformed one (401)": prices.request(
            "", authorizer="401, no key", runs=False
        ),
        "refused: an unknown key (401)": prices.request("", authorizer=unknown, runs=False),
        "refused: a flood of a key that ended (401)": prices.request(
            "",
            authorizer="a key that it knows",
            runs=False,
            recorded=prices.recorded("ended_key_in_batches_of"),
        ),
        "refused: no permission (403)": prices.request("403"),
        "refused: over the daily limit (429)": prices.request("429, known"),
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
        "another, later than five minutes": prices.reference(known=True),
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
    return _table(("What", "Dollars"), [*rows, ("together", f"**{_usd(_sum(bill))}**")])


def _curve(prices: Prices) -> str:
    fronts = (REST_API, HTTP_API, FUNCTION_URL)
    rows = [
        (
            f"{clicks:,}",
            *(_usd(prices.month(clicks=clicks, front=front)) for front in fronts),
        )
        for clicks in (0, 10_000, 100_000, MILLION, 10 * MILLION, 100 * MILLION)
    ]
    return _table(("Clicks", *(f"{front.name} before the redirect" for front in fronts)), rows)


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
    return _table(("Plan", "Its price", "Links a month", "Clicks a month", "Here", "As of"), rows)


def _prices(prices: Prices) -> str:
    rows = [
        (
            f"[{price['unit']}]({price['page']})",
            _price(price["usd"], price["per"]),
            f"[{price['as_of']}]({price['seen_in']})",
        )
        for price in prices.file["prices"].values()
    ]
    return _table(("What", "Dollars", "As of"), rows)


def _assumptions(prices: Prices) -> str:
    rows = [
        (name.replace("_", " "), f"{assumed['value']:,}", assumed["why"])
        for name, assumed in prices.file["assumptions"].items()
    ]
    return _table(("What", "Assumed", "Because"), rows)


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
    return _table((name, *columns, "together"), rows)


def _sum(bill: Bill) -> float:
    return sum(bill.values())


def _usd(dollars: float) -> str:
    return f"{dollars:,.2f}" if dollars else "-"


def _price(usd: float, per: int) -> str:
    written = f"{usd:.10f}".rstrip("0").rstrip(".")
    return written if per == 1 else f"{written} for {per:,}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())
