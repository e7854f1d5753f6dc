"""A resource of the API: the base class that declares and runs its operations.

The order of every request but a preflight: identity (401), permission (403), limit (429), query and
body (400, 415, 422), the work. An operation declared without a permission or a caller is denied to
everybody.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from jmpy import metrics
from jmpy.access import identity
from jmpy.audit import request_source
from jmpy.audit.model import Actor, ActorType, Channel, Origin
from jmpy.aws import clients
from jmpy.clock import Clock, system_clock
from jmpy.gateway import cors, viewer
from jmpy.http import errors as api_errors
from jmpy.http import rate_limit, validation
from jmpy.http.body import parse_json
from jmpy.http.operation import declared_by
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.limiter import Limiter
from jmpy.limits.plan import Plans, UnknownPlan
from jmpy.limits.store import UsageStore
from jmpy.settings import FunctionSettings, ReadTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.http.errors import ApiError
    from jmpy.http.operation import Operation
    from jmpy.limits.model import Budget, Quota
    from jmpy.limits.plan import LimitClass

LEGACY_DEPRECATION = "@1767225600"
"""RFC 9745: since when `?api_key=` is deprecated, as a structured date (2026-01-01, UTC)."""

logger = Logger()


@dataclass(frozen=True)
class ResourceSettings(FunctionSettings):
    """What every resource needs. One that consumes more than `cost=0` writes to the table, too."""

    usage_table: ReadTable
    plans: str


class Resource(APIGatewayRestResolver):
    """The operations of one function: a subclass declares them with `@operation(...)` on its
    methods, and is built from its settings and AWS clients."""

    tag: ClassVar[str]
    """The heading of its operations in the reference."""
    description: ClassVar[str]
    """A sentence about them there."""

    def __init__(self, settings: ResourceSettings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(json_body_deserializer=parse_json, serializer=_to_json)
        self.plans = Plans.from_json(settings.plans)
        self.usage = UsageStore(dynamodb, settings.usage_table)
        self.operations: dict[tuple[str, str], Operation] = {}
        """By method and path."""
        self._served: dict[str, dict[str, Operation]] = {}
        """By path, as the template spells it, and method: what requests are looked up in."""
        self.clock: Clock = system_clock
        self.now = 0.0
        """When the request at hand arrived, in seconds since the Unix epoch."""
        self._limiter = Limiter(self.usage, self.plans)
        self._quota: Quota | None = None
        self._response_headers: dict[str, list[str]] = {}
        for declared in declared_by(type(self)):
            self._add(declared)
        self.exception_handler(Exception)(self._respond_to_exception)
        self.not_found(lambda _error: _to_response(self._no_operation()))

    @property
    def caller(self) -> identity.Identity:
        """Who sent the request at hand."""
        caller: identity.Identity = self.context["identity"]
        return caller

    @property
    def account_id(self) -> str:
        """The account of the caller."""
        return self.caller.account_id

    @property
    def origin(self) -> Origin:
        """Who sent the request at hand, and from where, as the audit log records it."""
        caller = self.caller
        actor = Actor(ActorType.USER, caller.account_id, caller.email)
        if caller.key_id is not None:
            actor = Actor(ActorType.API_KEY, caller.key_id, caller.key_name)
        return Origin(actor, request_source.source(self.current_event.raw_event, Channel.API))

    @property
    def sent_parameters(self) -> dict[str, str]:
        """The query parameters of the request at hand, as declared, and without the credential."""
        sent = self.current_event.raw_event.get("queryStringParameters") or {}
        return {name: text for name, text in sent.items() if name != validation.LEGACY_CREDENTIAL}

    def set_header(self, name: str, value: str) -> None:
        """Adds a header to the response to the request at hand."""
        self._response_headers[name] = [value]

    def consume(self, limit: LimitClass, cost: int) -> None:
        """Counts the request at hand against a daily limit, and against the budget of its key.
        Raises RateLimitExceeded."""
        try:
            self._quota = self._limiter.consume(self.caller.subscriber, limit, cost)
        except RateLimitExceeded as throttled:
            self._quota = throttled.quota
            metrics.count_throttled(self.caller.subscriber, throttled.quota)
            raise

    def quota(self, limit: LimitClass) -> Quota:
        """The caller's state of a limit that the request does not count against: of the account's,
        or of the key's budget if less remains of that."""
        return self._limiter.peek(self.caller.subscriber, limit)

    def budget_today(self, budget: Budget | None) -> list[Quota]:
        """The state of a key's budget, by class; one read each."""
        return [] if budget is None else self._limiter.budget_today(budget)

    def set_quota(self, quota: Quota) -> None:
        """Of an operation that is not counted but has read its account's limit: spares the header
        fields a read of their own, unless the key has a budget too."""
        if not self.caller.subscriber.has_budget(quota.limit_class):
            self._quota = quota

    def _add(self, declared: Operation) -> None:
        def admit(app: APIGatewayRestResolver, next_middleware: Any) -> Response[Any]:
            policy = declared.access_policy
            policy.check(self.caller)
            if policy.cost:
                self.consume(policy.limit, policy.cost)
            return next_middleware(app)  # type: ignore[no-any-return]

        self.operations[declared.method, declared.path] = declared
        self._served.setdefault(declared.resource_path, {})[declared.method] = declared
        # Powertools' own switch validates before any other middleware runs; here a caller
        # without permission must not learn what the operation would have accepted.
        middlewares: list[Callable[..., Any]] = [
            admit,
            validation.check,
            OpenAPIRequestValidationMiddleware(),
        ]
        route = self.route(
            declared.path,
            declared.method,
            status_code=declared.status,
            middlewares=middlewares,
        )
        route(getattr(self, declared.handler))

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
        methods = sorted(self._served.get(self.current_event.resource, {}))
        if not methods or self.current_event.http_method.upper() in methods:
            return api_errors.NO_ROUTE
        return api_errors.method_not_allowed(methods)

    def _preflight(self, event: dict[str, Any]) -> dict[str, Any]:
        """Which methods a path serves: for browsers, which send no credential with it."""
        allowed = cors.preflight_fields(event, self._served.get(event["resource"], {}))
        return {
            "statusCode": HTTPStatus.NO_CONTENT.value,
            "body": "",
            "isBase64Encoded": False,
            "multiValueHeaders": {name: [value] for name, value in allowed.items()},
        }

    def _limit_fields(self, event: dict[str, Any], caller: identity.Identity) -> dict[str, str]:
        """Of the limit that the request counted against, or would have, had it been admitted. None
        when they cannot be read: the response does not depend on them."""
        served = self._served.get(event["resource"], {})
        declared = served.get(event["httpMethod"]) or next(iter(served.values()), None)
        if self._quota is None and declared is not None:
            try:
                self._quota = self._limiter.peek(caller.subscriber, declared.access_policy.limit)
            except (UnknownPlan, *clients.faults()):  # type: ignore[misc]
                logger.exception("limit unknown")
        return rate_limit.fields(self._quota, self.now) if self._quota else {}

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: responds to every event, and logs one line about it."""
        started = time.perf_counter()
        self.now = self.clock()
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
        except (*viewer.NOT_ADMITTED, identity.NoIdentity) as denied:
            response = _proxy_response(api_errors.from_exception(denied))
        headers = response.setdefault("multiValueHeaders", {})
        headers |= self._response_headers
        # After a fault the table is not read again, only to wait for it once more.
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
            token_id=caller.token_id if caller else None,
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
    """Of a model, or of the JSON values that an idempotent operation stored of one."""
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
