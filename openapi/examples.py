"""Examples of answers, composed of one value per name of a field, so that they tell one story.

A field without a value here is Missing: whoever adds one says what it looks like.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jmpy.activity.schema import RequestBody
from jmpy.alerts.descriptions import RULES
from jmpy.alerts.model import Rule
from jmpy.alerts.thresholds import TUNABLES
from jmpy.analytics.export import SERIES
from jmpy.audit.schema import COLUMNS
from jmpy.formats import csv_file
from jmpy.links.export import HEADER
from openapi.errors import Missing

_REFERENCE = "#/components/schemas/"
KEY_ID = "9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"
LINK_ID = "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"
SHORT_URL = "https://go.example.com/autumn-sale"
DESTINATION = "https://example.com/autumn"
CREATED = "2029-12-01T09:30:00Z"
ACCOUNT_ID = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
ENTRY_ID = "0b9c4e8a2f6d47d1a3f0c5b7e9d81234"
CHANGES = {"permissions": {"before": ["read"], "after": ["read", "write"]}}

_VALUES: dict[str, Any] = {
    # links
    "id": LINK_ID, "short_code": "autumn-sale", "short_url": SHORT_URL, "full_url": SHORT_URL,
    "original_url": DESTINATION, "name": "Autumn sale", "custom_alias": "autumn-sale",
    "subdomain": None, "branded_domain": None, "campaign_id": None, "channel": "api",
    "source": "URL_SHORTENER", "tags": ["sale"], "is_dynamic": True, "is_password_protected": False,
    "clicks": 42, "click_count": 42, "tracking_enabled": True, "expires_at": None,
    "created_at": CREATED, "updated_at": CREATED, "alias": "autumn-sale", "available": False,
    "message": "The alias is already in use", "timestamp": CREATED, "safety_reason": None,
    "safety_status": "safe",
    # pages
    "page": 1, "limit": 20, "total": 1, "total_pages": 1, "totalPages": 1, "next_cursor": None,
    "offset": 0,
    # bulk
    "row": 1, "domain": None, "valid": 1, "invalid": 1, "will_create": 1, "will_skip": 1,
    "available_limit": 49, "code": "INVALID_URL", "field": "url", "created": 1, "failed": 1,
    "reason": "A destination is an http or https URL with a host",
    # analytics
    "clicked_at": "2029-12-31T18:04:05Z", "ip_address": None, "city": None, "region": None,
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0", "referrer": "example.org",
    "country": "New Zealand", "country_code": "NZ", "device_type": "desktop", "browser": "Chrome",
    "os": "Linux", "total_clicks": 42, "unique_clicks": 40, "new_visitors": 40,
    "returning_visitors": 2, "avg_session_duration": None, "active_days": 9, "active_hours": 17,
    "startDate": None, "endDate": None, "stored_clicks": 42, "actual_clicks": 42,
    "last_clicked_at": "2029-12-31T18:04:05Z", "percentage": 100.0, "total_locations": 1,
    "unique_visitors": 40, "social": 0, "search": 0, "direct": 0, "other": 42, "human_clicks": 42,
    "bot_clicks": 0, "bot_percentage": 0.0, "suspicious_clicks": 0, "start_date": "2029-12-02",
    "end_date": "2029-12-31", "change": 5.0, "value": "example.org", "start": "2029-12-31",
    "timezone": "UTC", "category_totals": 0,
    "human_category_totals": 0, "bot_category_totals": 0, "bots": "include", "truncated": False,
    "is_bot": False, "agent_kind": "human",
    # usage
    "requests_per_second": 5.0, "burst": 10, "requests_per_day": 5000, "used": 1, "remaining": 49,
    "date": "2029-12-31", "reset_at": "2030-01-01T00:00:00Z",
    # keys
    "prefix": "jmpy_Z0xA", "last_four": "NcwS", "header_only": False, "revoked_at": None,
    "replaced_by": None, "plan": "free", "key": "jmpy_...", "permissions": ["read", "write"],
    "environment": None,
    # the access log
    "time": "2029-12-31T18:04:05Z", "key_id": KEY_ID, "credential": "bearer", "method": "GET",
    "route": "/api/v1/short-urls", "refused_because": None, "latency_ms": 12, "count": 1,
    "requests": 7, "refused": 0, "statuses": 7,
    "since": "2029-12-30T18:04:05Z", "until": "2029-12-31T18:04:05Z", "left_out": 0,
    "complete": True, "verdict": "in_use", "safe_to_revoke": False,
    "quiet_since": "2029-12-31T17:30:00Z", "first_at": "2029-12-31T09:30:00Z",
    "last_at": "2029-12-31T17:30:00Z",
}  # fmt: skip

_IN: dict[str, dict[str, Any]] = {
    "RequestBody": {"id": "0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10", "status": 200,
                    "ip_address": "192.0.2.1", "user_agent": "curl/8.14.1", "country": None},
    "AlertBody": {"id": "5f0c2a7b9d1e4c3f8a6b0d2e4f6a8c1e", "at": "2029-12-31T18:04:05Z",
                  "title": "API key used from a new country",
                  "details": "The key was used from a country where it had not been used before: "
                             "Brazil."},
    "EvidenceBody": {"ip_address": "198.51.100.7", "country": "BR", "status": 200,
                     "route": "GET /api/v1/short-urls"},
    "WebhookBody": {"url": "https://example.com/jmpy-alerts", "created_at": CREATED,
                    "last_delivered_at": "2029-12-31T18:04:09Z", "last_failed_at": None,
                    "last_failure": None, "failing_since": None, "disabled_at": None},
    "SetWebhookBody": {"url": "https://example.com/jmpy-alerts", "created_at": CREATED,
                       "last_delivered_at": None, "last_failed_at": None, "last_failure": None,
                       "failing_since": None, "disabled_at": None, "secret": "..."},
    "TestBody": {"delivered": True, "status": 204, "problem": None},
    "RuleBody": {"rule": "burst", "enabled": True,
                 "description": RULES[Rule.BURST].sentence,
                 "thresholds": list(RULES[Rule.BURST].thresholds)},
    "SettingsBody": {"thresholds": {"burst_factor": {
        "value": 10, "default": 10, "minimum": 1.5, "maximum": 1000,
        "description": TUNABLES["burst_factor"].words}}},
    "EntryBody": {"id": ENTRY_ID, "action": "api_key.changed", "changes": CHANGES},
    "ActorBody": {"type": "user", "id": ACCOUNT_ID, "name": "ada@example.com"},
    "TargetBody": {"type": "api_key", "id": KEY_ID, "name": "My script"},
    "SourceBody": {"channel": "dashboard", "ip_address": "192.0.2.1",
                   "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0",
                   "request_id": "0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10"},
    "KeyBody": {"id": KEY_ID, "name": "My script"},
    "IssuedKeyBody": {"id": KEY_ID, "name": "My script"},
    "RotatedKeyBody": {"id": KEY_ID, "name": "My script",
                       "old_key_expires_at": "2030-01-01T18:04:05Z"},
    "CallerBody": {"ip_address": "192.0.2.1", "user_agent": "curl/8.14.1", "country": None,
                   "route": "GET /api/v1/short-urls"},
    "CurrentKeyBody": {"id": KEY_ID, "name": "My script"},
    "EdgePlan": {"name": "free"},
    "ClassUsage": {"limit": 50},
    "DaysBefore": {"clicks": 40, "unique_clicks": 38, "human_clicks": 40,
                   "start_date": "2029-11-02", "end_date": "2029-12-01"},
    "Referrer": {"source_category": "referral"},
    "Message": {"message": "The short URL autumn-sale was deleted"},
    "ValidateResponse": {"message": "1 of 2 rows can be created"},
    "CreateResponse": {"message": "1 of 2 links were created"},
    "FailedRow": {"row": 2, "original_url": "ftp://example.com/"},
    "Results": {"total": 2},
    "Validation": {"total": 2},
    "AliasResponse": {"state": "taken", "held_until": None},
    "HeldAlias": {"link_id": LINK_ID, "held_until": "2030-03-01T09:30:00Z"},
    "ClickBody": {"id": "019b7a30-0000-7000-8000-000000000001"},
}  # fmt: skip
"""Where a model's field has another meaning than its name elsewhere."""


def of_request(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """Those that the model of a request body has; else one of its fields'."""
    model = schemas[schema["$ref"].removeprefix(_REFERENCE)] if "$ref" in schema else schema
    found: list[Any] = model.get("examples") or [of_schema(model, schemas)]
    return found


def of_schema(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    return _Composer(schemas).value(schema)


_COLUMNS: dict[str, Iterable[str]] = {
    "export_short_urls": HEADER,
    "export_access_log": RequestBody.model_fields,
    "export_audit_log": COLUMNS,
}
"""Of files, by the function that answers with them; those of the others are of clicks."""


def of_file(function: str) -> str:
    columns = list(_COLUMNS.get(function, SERIES))
    values = _VALUES | (_IN["RequestBody"] if "latency_ms" in columns else {})
    values |= _entry() if "actor_type" in columns else {}
    values |= {"tags": "sale", "status": values.get("status", "active")}
    return csv_file.written(columns, [[values[name] for name in columns]]).text


def _entry() -> dict[str, Any]:
    """By the columns of the audit log's file."""
    parts = {"actor": "ActorBody", "target": "TargetBody"}
    return {
        **_IN["EntryBody"],
        **_IN["SourceBody"],
        **{f"{part}_{name}": _IN[body][name] for part, body in parts.items() for name in _IN[body]},
        "changes": json.dumps(CHANGES),
    }


class _Composer:
    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas

    def value(self, schema: dict[str, Any], field: str = "", model: str = "") -> Any:
        """Of `field` in `model`, where it is one of either."""
        if "examples" in schema:
            return schema["examples"][0]
        if field in _IN.get(model, {}):
            return _IN[model][field]
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            return self.value(self._schemas[name], field, name)
        if "properties" in schema:
            parts = schema["properties"].items()
            return {name: self.value(part, name, model) for name, part in parts}
        if "additionalProperties" in schema:
            return self._map(schema, field)
        return self._plain(schema, field, model)

    def _plain(self, schema: dict[str, Any], field: str, model: str) -> Any:
        if "const" in schema or "enum" in schema:
            return schema["const"] if "const" in schema else schema["enum"][0]
        if schema.get("maxItems") == 0:
            return []
        if schema.get("type") == "array" and "$ref" in schema["items"]:
            return [self.value(schema["items"], field)]
        if "anyOf" in schema and field not in _VALUES:
            return self.value(schema["anyOf"][0], field, model)
        if field not in _VALUES:
            raise Missing(f"an example of the field {field!r} of {model}: openapi/examples.py")
        return _VALUES[field]

    def _map(self, schema: dict[str, Any], field: str) -> dict[str, Any]:
        names = schema.get("propertyNames", {})
        if "$ref" in names:
            names = self._schemas[names["$ref"].removeprefix(_REFERENCE)]
        made = schema["additionalProperties"]
        return {name: self.value(made, field) for name in names.get("enum", ["200"])}
