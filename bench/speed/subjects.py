"""What is measured: a handler, the requests that it gets, and what it has to answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from project import functions

if TYPE_CHECKING:
    from pathlib import Path

    from bench.speed.tables import Seeded
    from bench.speed.trees import Trees

ACCOUNT = "bench"
_KEY = functions.authorizer_context("read write delete analytics", ACCOUNT)
_SESSION = functions.session_context(ACCOUNT)
_IN_FASTAPI = {"UsageFunction", "AnalyticsFunction", "AccessLogsFunction"}
QR_CODES = 100
"""More than one environment is asked for."""
_ONE = "/api/v1/short-urls/{id}"


@dataclass(frozen=True)
class Subject:
    name: str
    import_path: list[Path]
    events: list[dict[str, Any]] = field(repr=False)
    status: int = 200
    module: str = "app"

    def answered(self, response: dict[str, Any]) -> bool:
        if "policyDocument" in response:
            return bool(response["policyDocument"]["Statement"][0]["Effect"] == "Allow")
        return bool(response.get("statusCode") == self.status)


def authorizer(trees: Trees, seeded: Seeded, keys: int) -> Subject:
    """With so many keys in turn: with one, all but the first request find it in memory."""
    events = [
        {
            "type": "REQUEST",
            "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:a/live/GET/api/v1/short-urls",
            "requestContext": functions.AUTHORIZER_CONTEXT,
            "multiValueHeaders": {"Authorization": [f"Bearer {secret}"], "Host": ["a"]},
        }
        for secret in seeded.secrets[:keys]
    ]
    path = trees.function("AuthorizerFunction")
    return Subject(f"authorizer, {keys} keys in turn", path, events)


def floor(trees: Trees, seeded: Seeded) -> Subject:
    events = [
        {"key": {"pk": {"S": f"key#{digest}"}, "sk": {"S": "key"}}} for digest in seeded.digests
    ]
    return Subject("(a) floor", trees.reference("floor"), events)


def redirects(trees: Trees, seeded: Seeded) -> tuple[Subject, Subject, Subject]:
    """Ours, (b), and (c), which reads and neither counts nor refuses anything."""
    events = [
        functions.event("GET", f"/{code}", resource="/{proxy+}", parameters={"proxy": code})
        for code in seeded.codes
    ]
    fastapi = trees.reference("fastapi")
    return (
        Subject("redirect", trees.function("RedirectFunction"), events, 301),
        Subject("(b) redirect", fastapi, events, 301, "redirect"),
        Subject("(c) samples", trees.reference("samples"), events),
    )


def links(trees: Trees, seeded: Seeded) -> dict[str, tuple[Subject, Subject]]:
    """By operation: ours and (b), which get the same requests."""
    body = {"url": "https://example.com/a?b=c", "name": "A link", "tags": ["one", "two"]}
    one = [
        {"resource": _ONE, "parameters": {"id": link}, "path": f"/api/v1/short-urls/{link}"}
        for link in seeded.link_ids
    ]
    many: dict[str, Any] = {"path": "/api/v1/short-urls"}
    requests = {
        "create a link": ([_event("POST", **many, body=body)], 201),
        "list links": ([_event("GET", **many, query={"limit": "20"})], 200),
        "read a link": ([_event("GET", **of) for of in one], 200),
        "change a link": ([_event("PATCH", **of, body={"name": "B"}) for of in one], 200),
    }
    ours, theirs = trees.function("LinksFunction"), trees.reference("fastapi")
    return {
        name: (Subject(name, ours, events, status), Subject(f"(b) {name}", theirs, events, status))
        for name, (events, status) in requests.items()
    }


def qr_codes(trees: Trees) -> tuple[Subject, Subject]:
    """Ours and (b). Each request is for another code, so that none was encoded before."""
    events = [
        _event(
            "POST",
            path="/api/v1/qr-codes/generate",
            body={"content_type": "url", "content_data": {"url": f"https://example.com/a{number}"}},
        )
        for number in range(QR_CODES, 2 * QR_CODES)
    ]
    ours, theirs = trees.function("QrCodesFunction"), trees.reference("fastapi")
    return (
        Subject("create a QR code", ours, events, 201),
        Subject("(b) create a QR code", theirs, events, 201, "qr_codes"),
    )


def others(trees: Trees) -> dict[str, tuple[Subject, Subject | None]]:
    """One request to each other function of the API, and to (b) where that has the route."""
    rows = {"csv_content": "url\nhttps://example.com/\n"}
    events = {
        "UsageFunction": _event("GET", path="/api/v1/usage"),
        "AnalyticsFunction": _event("GET", path="/api/v1/analytics/referrers"),
        "AccessLogsFunction": _event("GET", path="/api/v1/access-logs", authorizer=_SESSION),
        "KeysFunction": _event("GET", path="/api/v1/api-keys", authorizer=_SESSION),
        "BulkFunction": _event("POST", path="/api/v1/bulk-urls/validate", body=rows),
    }
    fastapi = trees.reference("fastapi")
    return {
        name: (
            Subject(event["path"], trees.function(name), [event]),
            Subject(
                f"(b) {event['path'].removeprefix('/api/v1/')}", fastapi, [event], 200, "others"
            )
            if name in _IN_FASTAPI
            else None,
        )
        for name, event in events.items()
    }


def _event(method: str, **request: Any) -> dict[str, Any]:
    return functions.event(method, **{"authorizer": _KEY, **request})
