"""Serve the API at the root of an address of its own, beside the emulator's.

MiniStack serves everything on one port. People and browsers get one on which there is nothing but
the API; who may use it is in `local/emulator/browsers.py`. It must never let a request reach
anything of the emulator but the API.

Tests: tests/emulator/test_gap_public_address.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import hypercorn.asyncio
from ministack import app
from ministack.services import apigateway_v1 as apigw

from local.emulator import browsers, public_address
from local.emulator.adapters import front_door
from local.emulator.adapters.front_door import Receive, Scope, Send, Served
from local.emulator.execution import Response


def apply(emulator: Served) -> None:
    """`emulator` is MiniStack without the door, which guards the emulator's own port."""
    address = os.environ["JMPY_PUBLIC_ADDRESS"]
    app.app = _beside(app.app, emulator, address)
    _listen(address)
    _restore_host()


def _beside(door: Served, emulator: Served, address: str) -> Served:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not public_address.received_at(scope, address):
            await door(scope, receive, send)
            return
        headers = front_door.headers_of(scope)
        if reason := _rejection(scope, headers):
            await front_door.reject(send, reason)
            return
        token = public_address.sent_host.set(headers.get("host", ""))
        try:
            await emulator(public_address.below_the_stage(scope), receive, send)
        finally:
            public_address.sent_host.reset(token)

    return serve


def _rejection(scope: Scope, headers: Mapping[str, str]) -> str | None:
    return browsers.rejection_by_api(
        scope["method"],
        scope["path"],
        headers,
        origins=browsers.listed_in(os.environ["JMPY_ORIGINS"]),
    )


def _listen(address: str) -> None:
    """MiniStack has no setting for a second port."""
    serve = hypercorn.asyncio.serve

    async def serve_both(served: Any, config: Any, **options: Any) -> None:
        config.bind = [*config.bind, address]
        await serve(served, config, **options)

    hypercorn.asyncio.serve = serve_both


def _restore_host() -> None:
    """Before `request_context`, which reads it: an API behind a custom domain gets its `Host`."""
    original = apigw._handle_execute_in_scope

    async def handle(
        api_id: str, stage: str, method: str, path: str, headers: dict[str, Any], *rest: Any
    ) -> Response:
        if (host := public_address.sent_host.get()) is not None:
            headers = {**headers, "host": host}
        response: Response = await original(api_id, stage, method, path, headers, *rest)
        return response

    apigw._handle_execute_in_scope = handle
