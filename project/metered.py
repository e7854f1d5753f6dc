"""The functions, run as Lambda would, with a meter on their calls of AWS."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import boto3

from jmpy.links.bulk import BulkService
from jmpy.links.service import LinkService
from jmpy.redirect.lookup import RedirectLookup
from project import functions
from project.meter import Cost, Meter

if TYPE_CHECKING:
    from project.functions import Operation


def _know_the_blocklist(app: Any) -> None:
    """As in an execution environment that read it half a minute ago or less."""
    parts = {**vars(app), **vars(getattr(app, "resource", app))}
    for part in parts.values():
        if isinstance(part, LinkService | BulkService):
            part.blocklist.match("https://example.com/")
        if isinstance(part, RedirectLookup):
            part._blocked.put(None, frozenset(), read_at=time.time())


class Metered:
    """One execution environment of each function."""

    def __init__(self) -> None:
        self.meter = Meter(boto3.client("dynamodb"))
        self._apps: dict[str, Any] = {}

    def app(self, folder: str) -> Any:
        """A function's module, loaded at the first use."""
        if folder not in self._apps:
            app = self._apps[folder] = functions.load(folder)
            _know_the_blocklist(app)
            clients = (getattr(app, name, None) for name in ("dynamodb", "sqs", "cognito"))
            self.meter.watch(*filter(None, clients))
        return self._apps[folder]

    def send(self, folder: str, event: dict[str, Any], *statuses: int) -> Cost:
        """The cost of the request, whose response must have one of the statuses."""
        handler = self.app(folder).handler
        self.meter.take()
        response = functions.call(handler, event)
        assert response.status in statuses, (event["httpMethod"], event["path"], response)
        return self.meter.take()

    def serve(self, operation: Operation, event: dict[str, Any]) -> Cost:
        """The cost of a successful request."""
        return self.send(functions.FOLDERS[operation.function], event, 200, 201)
