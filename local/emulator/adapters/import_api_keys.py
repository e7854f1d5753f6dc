"""Import API keys from a file.

MiniStack treats `POST /apikeys?mode=import` as the creation of one key without a name. On AWS the
body is a CSV file of keys, each with the usage plans that it is put into; an existing key with the
same value is overwritten (API Gateway developer guide, "API Gateway API key file format").
It must never put a key into a usage plan that does not exist.

Tests: tests/emulator/test_gap_import_api_keys.py.
"""

import csv
import io
import json
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import Response


def apply() -> None:
    """Serve the import before MiniStack treats it as a creation."""
    original = apigw.handle_request

    async def handle(
        method: str, path: str, headers: dict[str, Any], body: bytes, query: dict[str, Any]
    ) -> Any:
        is_import = apigw._qp(query, "mode") == "import"
        if is_import and (method, path.strip("/")) == ("POST", "apikeys"):
            return _imported(body.decode())
        return await original(method, path, headers, body, query)

    apigw.handle_request = handle


def _imported(text: str) -> Response:
    ids, warnings = [], []
    known = {key["value"]: key_id for key_id, key in apigw._api_keys.items()}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 1):
        fields = {str(name).strip().lower(): value for name, value in row.items()}
        try:
            ids.append(_put(fields, known))
        except (KeyError, ValueError) as error:
            warnings.append(f"Skipped invalid record: {number}. {error}")
    response = {"ids": ids, "warnings": warnings}
    return 201, {"Content-Type": "application/json"}, json.dumps(response).encode()


def _put(fields: dict[str, str], known: dict[str, str]) -> str:
    """The key's id; `known` has those of the existing keys, by value. Raises KeyError,
    ValueError."""
    plans = [plan for plan in fields.get("usageplanids", "").split(",") if plan]
    if unknown := [plan for plan in plans if plan not in apigw._usage_plans]:
        raise ValueError(f"Invalid usage plan {unknown[0]}")
    key = {
        "name": fields["name"],
        "value": fields["key"],
        "description": fields.get("description", ""),
        "enabled": fields.get("enabled", "true").lower() == "true",
    }
    if key_id := known.get(fields["key"]):
        apigw._api_keys[key_id].update(key)
    else:
        created = json.loads(apigw._create_api_key(key)[2])
        if "id" not in created:
            raise ValueError(created["message"])
        key_id = known[fields["key"]] = created["id"]
    for plan in plans:
        apigw._create_usage_plan_key(plan, {"keyId": key_id})
    return str(key_id)
