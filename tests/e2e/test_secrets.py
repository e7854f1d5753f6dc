"""After everything that the end-to-end tests did, no key is anywhere but in stack.env,
and no session's id anywhere at all.

This file runs last (conftest.py).
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local import stack_env
from tests.e2e.conftest import SHORT_URLS, Stack, bearer
from tests.e2e.hosted_login import Person

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@pytest.fixture(scope="module")
def needles(stack: Stack, http: httpx.Client, lambdas: LambdaClient) -> list[bytes]:
    """What may not be found: the random part of every key and session made on this stack."""
    secret, key_id = stack.key("read", "write", name="canary")
    link = {"url": "https://example.com/canary"}
    once = {**bearer(secret), "Idempotency-Key": "canary"}
    assert http.post(SHORT_URLS, headers=once, json=link).status_code == 201
    rows = {"validated_urls": [{"original_url": link["url"]}]}
    bulk = http.post("/api/v1/bulk-urls/create", headers=bearer(secret), json=rows)
    assert bulk.status_code == 201
    for method in ("GET", "POST", "PUT", "DELETE"):
        http.request(method, f"{SHORT_URLS}/x", headers=bearer(secret), content=b"{")
        http.request(method, f"{SHORT_URLS}/x", headers={"X-API-Key": secret})
        http.request(method, f"{SHORT_URLS}/x", params={"api_key": secret})
    http.get("/nope", params={"api_key": secret})
    http.get("/api/v1/usage", params={"api_key": secret})
    http.get("/api/v1/alerts", params={"api_key": secret})
    http.get("/api/v1/api-keys/current", params={"api_key": secret})
    http.get(f"/api/v1/api-keys/{key_id}", params={"api_key": secret})
    person = Person(stack)
    person.sign_in("/dashboard?canary=1")
    person.http.post("/logout", data={"csrf_token": "canary"})
    http.delete("/api/v1/api-keys/current", params={"api_key": secret})
    (notices,) = (
        function["FunctionName"]
        for function in lambdas.list_functions()["Functions"]
        if "NoticesFunction" in function["FunctionName"]
    )
    assert "FunctionError" not in lambdas.invoke(FunctionName=notices)
    http.get(SHORT_URLS, params={"api_key": secret})
    return [made.removeprefix("jmpy_")[4:-4].encode() for made in stack.secrets]


def _found(needles: list[bytes], text: bytes) -> bool:
    return any(needle in text for needle in needles)


def test_no_table_holds_a_key(stack: Stack, needles: list[bytes]) -> None:
    client = stack_env.session().client("dynamodb", endpoint_url=stack.env.endpoint)
    tables = client.list_tables()["TableNames"]
    assert len(tables) >= 2
    for table in tables:
        items = client.get_paginator("scan").paginate(TableName=table).build_full_result()
        assert items["Items"]
        assert not _found(needles, json.dumps(items, default=repr).encode()), table


def test_no_log_group_holds_a_key(stack: Stack, needles: list[bytes]) -> None:
    client = stack_env.session().client("logs", endpoint_url=stack.env.endpoint)
    groups = client.describe_log_groups()["logGroups"]
    lines = {group["logGroupName"]: list(_messages(client, group)) for group in groups}
    named = {*stack.deployment.outputs["FunctionLogGroups"].split(",")}
    named.add(stack.deployment.outputs["AccessLogGroup"])
    for name in named:
        assert lines[name], f"{name} is empty, so searching it shows nothing"
    for name, messages in lines.items():
        assert not _found(needles, "\n".join(messages).encode()), name


def _messages(client: Any, group: Any) -> Iterator[str]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
    return (event["message"] for page in pages for event in page["events"])


def test_no_file_of_the_stack_holds_a_key(stack: Stack, needles: list[bytes]) -> None:
    port = int(stack.env.endpoint.rpartition(":")[2])
    stack.local.stop()  # which writes the emulator's memory to disk
    try:
        files = [path for path in stack.local.state_dir.rglob("*") if path.is_file()]
        holding = {path.name for path in files if _found(needles, _readable(path.read_bytes()))}
        assert holding == {"stack.env"}
    finally:
        stack.local.start(port)


def _readable(content: bytes) -> bytes:
    """With what is packed inside: zip archives as files."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    except zipfile.BadZipFile:
        return content + _decoded(content)


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        return b""
