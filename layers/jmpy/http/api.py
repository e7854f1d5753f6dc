"""One resource's operations, each declared with the permission or the caller that it needs and the
daily limit that it counts against.

The order of every request but a preflight: identity (401), permission (403), limit (429), query and
body (400, 415, 422), the work. An operation declared without either refuses everybody.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from jmpy import metrics
from jmpy.access import identity
from jmpy.access.policy import AccessPolicy
from jmpy.audit import request_source
from jmpy.audit.model import Actor, ActorType, Channel, Origin
from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.gateway import cors, viewer
from jmpy.http import errors as api_errors
from jmpy.http import rate_limit, validation
from jmpy.http.body import parse_json
from jmpy.http.documentation import Documentation
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.plan import UnknownPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.access.permission import Permission
    from jmpy.access.policy import Caller
    from jmpy.http.errors import ApiError
    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Quota
    from jmpy.limits.plan import LimitClass

LEGACY_DEPRECATION = "@1767225600"
"""RFC 9745: since when `?api_key=` is deprecated, as a structured date (2026-01-01, UTC)."""

logger = Logger()


class Api(APIGatewayRestResolver):
    def __init__(self, limiter: Limiter) -> None:
        super().__init__(json_body_deserializer=parse_json, serializer=_to_json)
        self.operations: dict[tuple[str, str], AccessPolicy] = {}
        """By method and path; read by the tests that walk the template."""
        self.documented: dict[tuple[str, str], Documentation] = {}
        """By method and path; read by `make openapi`."""
        self._limiter = limiter
        self._quota: Quota | None = None
        self._response_headers: dict[str, list[str]] = {}
        self.exception_handler(Exception)(self._respond_to_exception)
        self.not_found(lambda _error: _to_response(self._no_operation()))

    @property
    def caller(self) -> identity.Identity:
        """Who sent the request that is being answered."""
        caller: identity.Identity = self.context["identity"]
        return caller

    @property
    def origin(self) -> Origin:
        """What the audit log says of whoever sent the request that is being answered."""
        caller = self.caller
        actor = Actor(ActorType.USER, caller.account_id, caller.email)
        if caller.key_id is not None:
            actor = Actor(ActorType.API_KEY, caller.key_id, caller.key_name)
        return Origin(actor, request_source.source(self.current_event.raw_event, Channel.API))

    def set_header(self, name: str, value: str) -> None:
        """Adds a header to the answer of the request at hand."""
        self._response_headers[name] = [value]

    def consume(self, limit: LimitClass, cost: int) -> None:
        """Counts the request at hand. Raises RateLimitExceeded."""
        try:
            self._quota = self._limiter.consume(self.caller.subscriber, limit, cost)
        except RateLimitExceeded as refusal:
            self._quota = refusal.quota
            metrics.count_throttled(self.caller.subscriber, refusal.quota)
            raise

    def quota(self, limit: LimitClass) -> Quota:
        """Where the caller stands with a limit that the request does not count against."""
        return self._limiter.peek(self.caller.subscriber, limit)

    def set_quota(self, quota: Quota) -> None:
        """Of an operation that is not counted, and read where the caller stands with its limit:
        spares the header fields a read of their own."""
        self._quota = quota

    def operation(
        self,
        method: str,
        path: str,
        *,
        limit: LimitClass,
        cost: int | None = 1,
        permission: Permission | None = None,
        caller: Caller | None = None,
        summary: str = "",
        status: int = 200,
        errors: tuple[type[Exception], ...] = (),
        media_type: str = content_types.APPLICATION_JSON,
        headers: tuple[str, ...] = (),
        upload: type[BaseModel] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declares the operation that serves `method` and `path`, and on which terms. `status`
        is that of success; it and all that follows is told in the reference (`Documentation`)."""
        access_policy = AccessPolicy(permission, limit, cost, caller)
        self.operations[method, path] = access_policy

        def admit(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
            access_policy.check(self.caller)
            if cost:
                self.consume(limit, cost)
            return next_middleware(app)  # type: ignore[no-any-return]

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.documented[method, path] = Documentation(
                handler, summary, status, errors, media_type, headers, upload
            )
            # Powertools' own switch validates before any other middleware runs; here a caller
            # without permission must not learn what the operation would have accepted.
            middlewares: list[Callable[..., Any]] = [
                admit,
                validation.check,
                OpenAPIRequestValidationMiddleware(),
            ]
            self.route(path, method, status_code=status, middlewares=middlewares)(handler)
            return handler

        return declare

    def _respond_to_exception(self, error: Exception) -> Response[str]:
        if isinstance(error, RequestValidationError):
            model = validation.body_model(self.context.get("_route"))
            api_error = validation.to_api_error(error, model)
        else:
            api_error = api_errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code)
        return _to_response(api_error)

    def _no_operation(self) -> ApiError:
        """405 with `Allow` (RFC 9110 section 15.5.6) on a path of this resource, else 404: also
        when the method is served and the value in the path has characters that none has."""
        methods = sorted(self._served(self.current_event.resource))
        if not methods or self.current_event.http_method.upper() in methods:
            return api_errors.NO_ROUTE
        return api_errors.method_not_allowed(methods)

    def _served(self, resource: str) -> dict[str, AccessPolicy]:
        """The operations of a path, as the template spells it, by method."""
        wanted = resource.replace("{", "<").replace("}", ">")
        return {
            method: access_policy
            for (method, path), access_policy in self.operations.items()
            if path == wanted
        }

    def _preflight(self, event: dict[str, Any]) -> dict[str, Any]:
        """Browsers ask without a credential, and so does whoever wants to know what a path serves;
        nothing else is done for them."""
        allowed = cors.preflight_fields(event, self._served(event["resource"]))
        return {
            "statusCode": HTTPStatus.NO_CONTENT.value,
            "body": "",
            "isBase64Encoded": False,
            "multiValueHeaders": {name: [value] for name, value in allowed.items()},
        }

    def _limit_fields(self, event: dict[str, Any], caller: identity.Identity) -> dict[str, str]:
        """Of the limit that the request counted against, or would have, had it not been refused
        before. None when they cannot be read: the answer does not depend on them."""
        served = self._served(event["resource"])
        access_policy = served.get(event["httpMethod"]) or next(iter(served.values()), None)
        if self._quota is None and access_policy is not None:
            try:
                self._quota = self._limiter.peek(caller.subscriber, access_policy.limit)
            except (UnknownPlan, *clients.faults()):  # type: ignore[misc]
                logger.exception("limit unknown")
        return rate_limit.fields(self._quota, system_clock()) if self._quota else {}

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: answers every event, and logs one line about it."""
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        logger.append_keys(request_id=request_id)
        self._response_headers = {}
        self._quota = None
        caller: identity.Identity | None = None
        try:
            viewer.admit(event)
            response: dict[str, Any]
            if event["httpMethod"] == "OPTIONS":
                response = self._preflight(event)
            else:
                caller = identity.Identity.from_event(event)
                self.append_context(identity=caller)
                response = self.resolve(event, context)
        except (viewer.EdgeRequired, identity.NoIdentity) as refusal:
            response = _proxy_response(api_errors.from_exception(refusal))
        headers = response.setdefault("multiValueHeaders", {})
        headers |= self._response_headers
        # After a fault the table is not asked once more, only to wait for it again.
        if caller and (self._quota or response["statusCode"] < HTTPStatus.INTERNAL_SERVER_ERROR):
            headers |= {k: [v] for k, v in self._limit_fields(event, caller).items()}
        headers |= {k: [v] for k, v in cors.fields(event).items() if k not in headers}
        headers["X-Request-Id"] = [request_id]
        headers["Cache-Control"] = ["no-store"]
        if caller and caller.credential == "query":
            headers["Deprecation"] = [LEGACY_DEPRECATION]
        logger.info(
            "request",
            method=event["httpMethod"],
            route=event["resource"],
            status=response["statusCode"],
            account_id=caller.account_id if caller else None,
            key_id=caller.key_id if caller else None,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


def _to_response(error: ApiError) -> Response[str]:
    return Response(error.status, content_types.APPLICATION_JSON, error.to_json(), error.headers)


def _proxy_response(error: ApiError) -> dict[str, Any]:
    headers = {"Content-Type": content_types.APPLICATION_JSON, **error.headers}
    return {
        "statusCode": error.status,
        "body": error.to_json(),
        "isBase64Encoded": False,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def _to_json(body: Any) -> str:
    """Of a model, or of the JSON values that an idempotent operation keeps of one."""
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
