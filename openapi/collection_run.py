"""What each request of the collection sends and remembers, so that a run of the whole collection
works on links and keys of its own, and takes only those away again.

A request whose variables are empty is skipped: nothing that the account had before is ever named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openapi.errors import BY_NAME, Missing


@dataclass(frozen=True, slots=True)
class Step:
    """One request. Variables are those of the collection, without braces."""

    title: str = ""
    """What sets it apart from the other requests of its operation."""
    fills: dict[str, str] = field(default_factory=dict)
    """Variables by the parameters that they fill; without them it is skipped."""
    needs: tuple[str, ...] = ()
    """Further variables without which it is skipped."""
    token: str = ""
    """The variable that is sent as Bearer, where it is another than usual."""
    body: Any = None
    """In place of the document's example."""
    saves: dict[str, str] = field(default_factory=dict)
    """Variables, and where the response has them."""
    clears: tuple[str, ...] = ()
    status: int | None = None
    """Where it is not that of success."""


_LINK, _KEY = {"id": "link_id"}, {"id": "key_id"}
_OWN_WEBHOOK = ("webhook_of_this_run",)

STEPS: dict[str, tuple[Step, ...]] = {
    "createShortUrl": (
        Step(
            body={"url": "https://example.com/", "custom_alias": "run-{{$guid}}"},
            saves={
                "link_id": "data.id",
                "short_code": "data.short_code",
                "destination": "data.original_url",
            },
        ),
        Step(
            "with a password",
            body={"url": "https://example.com/", "password": "open sesame"},
            saves={"locked_id": "data.id", "locked_code": "data.short_code"},
        ),
    ),
    "checkAlias": (Step(fills={"alias": "short_code"}),),
    "findShortUrls": (Step(fills={"url": "destination"}),),
    "getShortUrl": (Step(fills=_LINK),),
    "changeShortUrl": (Step(fills=_LINK),),
    "putShortUrl": (Step(fills=_LINK),),
    "deleteShortUrl": (
        Step(fills=_LINK, clears=("link_id",)),
        Step("that has a password", fills={"id": "locked_id"}, clears=("locked_id",)),
        Step("from the bulk upload", fills={"id": "bulk_id"}, clears=("bulk_id",)),
    ),
    "releaseHeldAlias": (
        Step(fills={"id": "short_code"}, clears=("short_code",)),
        Step("of the one with a password", fills={"id": "locked_code"}, clears=("locked_code",)),
        Step("of the one from the bulk upload", fills={"id": "bulk_code"}, clears=("bulk_code",)),
    ),
    "createShortUrls": (
        Step(saves={"bulk_id": "data.created[0].id", "bulk_code": "data.created[0].short_code"}),
    ),
    **{
        operation: (Step(fills=_LINK),)
        for operation in (
            "linkClickDetails", "linkMetrics", "linkCountries", "linkTrafficQuality",
            "linkOverview", "linkTimeseries", "linkDevices", "linkBrowsers", "linkUtm",
            "exportLinkClicks",
        )
    },
    "createApiKey": (
        Step(
            body={"name": "Key of a collection run", "permissions": ["read"]},
            saves={"key_id": "data.id"},
        ),
    ),
    "getApiKey": (Step(fills=_KEY),),
    "changeApiKey": (
        Step(fills=_KEY, body={"name": "Renamed key of a collection run"}),
    ),
    "getApiKeyUsage": (Step(fills=_KEY),),
    "getApiKeyCallers": (Step(fills=_KEY),),
    "rotateApiKey": (
        Step(fills=_KEY, body={"grace_period": 3600}, saves={"key_of_this_run": "data.key"}),
    ),
    "revokeApiKey": (Step(fills=_KEY, clears=("key_id",)),),
    "revokeCurrentApiKey": (
        Step(token="key_of_this_run", clears=("key_of_this_run",)),  # noqa: S106 - its name
    ),
    "listAlerts": (Step(saves={"alert_id": "data.alerts[0]?.id"}),),
    "getAlert": (Step(fills={"id": "alert_id"}),),
    "dismissAlert": (Step(fills={"id": "alert_to_dismiss"}),),
    "getAlertSettings": (
        Step(
            saves={
                "rules_off": "JSON.stringify(data.rules.filter((one) => !one.enabled)"
                ".map((one) => one.rule))",
                "may_set_webhook": 'data.webhook ? "" : "yes"',
            }
        ),
    ),
    "changeAlertSettings": (Step(body='{"off": {{rules_off}}}', needs=("rules_off",)),),
    "putAlertWebhook": (
        Step(needs=("may_set_webhook",), saves={"webhook_of_this_run": "data.url"}),
    ),
    "rollAlertWebhookSecret": (Step(needs=_OWN_WEBHOOK),),
    "testAlertWebhook": (Step(needs=_OWN_WEBHOOK),),
    "removeAlertWebhook": (
        Step(needs=_OWN_WEBHOOK, clears=("webhook_of_this_run", "may_set_webhook")),
    ),
    "followShortUrl": (Step(fills={"short_code": "short_code"}),),
    "unlockShortUrl": (Step(fills={"short_code": "locked_code"}),),
    "previewShortUrl": (Step(fills={"short_code": "short_code"}),),
    "reportLeakedKeys": (Step(status=BY_NAME["InvalidSignature"].status),),
}  # fmt: skip
"""By operationId; what is not here is sent as the document says."""

CLEAN_UP = (
    "deleteShortUrl", "releaseHeldAlias", "revokeApiKey", "revokeCurrentApiKey",
    "removeAlertWebhook",
)  # fmt: skip
"""Operations that come last, in a folder of their own."""

VARIABLES = {
    "base_url": "The base URL of the API; by default that of the local stack",
    "api_key": "Your API key, from the dashboard or `make key`",
    "session_token": "The ID token of a signed-in user: for API keys, access log, alerts",
    "alert_to_dismiss": "The id of an alert that a run may dismiss; if empty, none is dismissed",
}
"""What people fill in; the others are filled by responses."""


def steps(operation: dict[str, Any]) -> tuple[Step, ...]:
    """Raises Missing."""
    found = STEPS.get(operation["operationId"], (Step(),))
    wanted = {
        one["name"]
        for one in operation["parameters"]
        if one["required"] and one["in"] in ("path", "query")
    }
    if any(wanted - step.fills.keys() for step in found):
        raise Missing(
            f"what fills {', '.join(sorted(wanted))} of {operation['operationId']}: "
            "openapi/collection_run.py"
        )
    return found


def before(step: Step, token: str) -> list[str]:
    """The script that skips a request, in lines."""
    needed = [*step.fills.values(), *step.needs, *([token] if token != "api_key" else [])]  # noqa: S105
    if not any(needed):
        return []
    names = ", ".join(f'"{name}"' for name in needed if name)
    return [
        f"const empty = [{names}].filter((name) => !pm.variables.get(name));",
        "if (empty.length) {",
        "  console.log(`Skipped: the variable ${empty[0]} is empty`);",
        "  pm.execution.skipRequest();",
        "}",
    ]


def after(step: Step, status: int) -> list[str]:
    """The script that checks a response, and remembers what later requests need."""
    expected = step.status or status
    lines = [f'pm.test("status {expected}", () => pm.response.to.have.status({expected}));']
    changes = [
        f'pm.collectionVariables.set("{name}", {place} ?? "");'
        for name, place in step.saves.items()
    ] + [f'pm.collectionVariables.unset("{name}");' for name in step.clears]
    if changes:
        data = ["  const { data } = pm.response.json();"] if step.saves else []
        lines += [
            f"if (pm.response.code === {expected}) {{",
            *data,
            *(f"  {change}" for change in changes),
            "}",
        ]
    return lines
