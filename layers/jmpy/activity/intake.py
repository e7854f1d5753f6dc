"""Processes lines of the access log, account by account: a fault with one affects no other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from jmpy.activity import access_log_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jmpy.activity.access_log_line import LoggedRequest

    Step = Callable[[list[LoggedRequest]], None]

_log = logging.getLogger(__name__)


class Part(NamedTuple):
    """An account's share of a batch."""

    account_id: str
    lines: list[str]
    requests: list[LoggedRequest]


class Intake:
    def __init__(self, steps: Sequence[Step]) -> None:
        """`steps` are idempotent. Each is done for all accounts before the next one begins, so that
        the first one does not wait for the flood of one account."""
        self._steps = steps

    def process(self, lines: Iterable[str], has_time: Callable[[], bool]) -> list[Part]:
        """Returns the parts to retry: those of which a step failed, or for which there was no
        time."""
        parts = _parts(lines)
        _log.info("read", extra={"requests": sum(len(part.requests) for part in parts)})
        failed: dict[str, Part] = {}
        for step in self._steps:
            for part in parts:
                if not (has_time() and _is_done(step, part)):
                    failed[part.account_id] = part
        return list(failed.values())


def _is_done(step: Step, part: Part) -> bool:
    try:
        step(part.requests)
    except Exception:  # noqa: BLE001 - whatever it is, the other accounts do not wait for it
        _log.exception("requests not recorded", extra={"account_id": part.account_id})
        return False
    return True


def _parts(lines: Iterable[str]) -> list[Part]:
    """The smallest first, so that they do not wait for a flood."""
    parts: dict[str, Part] = {}
    for line, request in access_log_line.readable(lines):
        part = parts.setdefault(request.account_id, Part(request.account_id, [], []))
        part.lines.append(line)
        part.requests.append(request)
    return sorted(parts.values(), key=lambda part: len(part.lines))
