"""Runs a case of the contract on a stack."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from jmpy.formats.times import iso
from jmpy.keys import token
from ops.contract.case import Case, Key, Place, Request, Response, Step
from ops.contract.placeholders import filled
from ops.smoke.assertions import Wrong, assert_error, bearer, data, expect

_PAUSE = 0.1


class Stage(Protocol):
    """A stack to run cases on."""

    @property
    def place(self) -> Place: ...

    @property
    def http(self) -> httpx.Client: ...

    @property
    def strips_query_key(self) -> bool:
        """Whether an edge in front removes `api_key` from query strings."""

    @property
    def short_urls_start(self) -> str:
        """What precedes the short code in a short URL."""

    @property
    def patience(self) -> float:
        """Seconds for responses that may be others at first."""

    def secret_of(self, key: Key) -> str:
        """A working key's text; the same each time."""


def applies(case: Case, stage: Stage) -> bool:
    return stage.place in case.places and not (case.needs_query_key and stage.strips_query_key)


def run(case: Case, stage: Stage) -> None:
    """Raises Wrong, which names the step whose response is not what was promised."""
    values = _values(stage)
    for number, step in enumerate(case.steps, 1):
        try:
            response = _until_due(step, stage, values)
        except Wrong as wrong:
            sent = f"{step.request.method} {step.request.path}"
            raise Wrong(f"step {number} ({sent}): {wrong}") from None
        if step.name:
            values[step.name] = response.json()["data"]


def _values(stage: Stage) -> dict[str, Any]:
    """What text in braces stands for, before there are values of steps."""
    secret = stage.secret_of(Key(frozenset({"read"})))
    return {
        "run": f"c{secrets.token_hex(5)}",
        "soon": iso(int(time.time()) + 2),
        "base": stage.short_urls_start,
        "key": {
            "valid": secret,
            "changed": secret[:-1] + ("a" if secret[-1] != "a" else "b"),
            "truncated": secret[:-1],
            "extended": f"{secret}a",
            "upper": secret.upper(),
            "bare": secret.removeprefix("jmpy_"),
            "twice": f"{secret} {secret}",
            "unknown": token.generate(),
        },
    }


def _until_due(step: Step, stage: Stage, values: Mapping[str, Any]) -> httpx.Response:
    expected: Response = filled(step.response, values)
    deadline = time.monotonic() + (stage.patience if step.eventually else 0)
    while True:
        response = _send(filled(step.request, values), stage)
        try:
            _check(response, expected)
        except Wrong:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return response


def _send(request: Request, stage: Stage) -> httpx.Response:
    auth = bearer(stage.secret_of(request.key)) if request.key else {}
    headers = request.headers or {}
    return stage.http.request(
        request.method,
        request.path,
        headers=[*auth.items(), *headers] if isinstance(headers, list) else {**auth, **headers},
        params=request.query,
        json=request.json,
        content=request.content,
        data=request.form,
        files=request.files,
    )


def _check(response: httpx.Response, expected: Response) -> None:
    for name, value in expected.headers.items():
        expect(name, response.headers.get(name), value)
    if not expected.is_json:
        return expect("the status", response.status_code, expected.status)
    if expected.code:
        assert_error(response, expected.status, expected.code, expected.field)
        error = response.json()["error"]
        expect("the details", error.get("details"), expected.details)
        if expected.field is not None:
            reasons = {each["field"]: each["reason"] for each in error["details"]["errors"]}
            expect(f"the reason of {expected.field}", reasons[expected.field], expected.reason)
    else:
        expect("the data", data(response, expected.status), expected.data)
    return expect("the body", response.json(), expected.body)
