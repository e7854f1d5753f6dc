"""What stands before every decision: who sent the request from behind a CDN, and whether it had to
come through one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.authorizer import policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.gateway.viewer import Edge


class BehindEdge:
    def __init__(
        self, decide: Callable[[dict[str, Any]], dict[str, Any]], edge: Edge, closed_identifier: str
    ) -> None:
        """`closed_identifier` is that of the API Gateway key by which requests are throttled that
        should have come through the edge."""
        self._decide = decide
        self._edge = edge
        self._closed_identifier = closed_identifier

    def decide(self, event: dict[str, Any]) -> dict[str, Any]:
        """The policy for a REQUEST authorizer event, with the viewer in its context, for the access
        log: it can name that and no header. Raises what `decide` raises."""
        viewer = self._edge.viewer(event)
        if self._edge.required and not viewer.proven:
            response = policy.closed(event["methodArn"], self._closed_identifier)
        else:
            response = self._decide(event)
        response["context"]["viewer"] = viewer.address
        if viewer.country:
            response["context"]["country"] = viewer.country
        return response
