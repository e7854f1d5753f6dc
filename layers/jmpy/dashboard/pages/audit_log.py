"""The page of the changes of an account's links, keys, plan and alert settings; the pages of links
and keys show some of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action, ActorType, Channel
from jmpy.audit.schema import log_file
from jmpy.audit.store import EntryFilter
from jmpy.clock import DAY
from jmpy.dashboard import filters
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.log_pages import PAGE_SIZE, LogPages
from jmpy.dashboard.views.audit_log import AuditEntry, AuditLogPage, FieldChange
from jmpy.dashboard.views.key_names import KeyName
from jmpy.links import utm

if TYPE_CHECKING:
    from jmpy.audit.model import Actor, Change, Entry
    from jmpy.audit.store import AuditLog
    from jmpy.aws.log_query import LogPage
    from jmpy.formats.csv_file import CsvFile
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

AUDIT_LOG = "/dashboard/audit-log"
LONGEST = 300
"""Characters of a value that pages show; the file and the API have all of it."""

_PLACES = {Channel.CHECK: "Automatic check", Channel.SERVICE: "Automatically"}
_LABELS = {
    "url": "Destination",
    "forward_query": "Passes the query on",
    **{name: f"UTM {name.removeprefix('utm_')}" for name in utm.NAMES},
    "allowed_ips": "Allowed addresses",
    "limits": "Daily limits",
}
"""Of fields that forms call otherwise."""
_NO_NAMES: Mapping[str, KeyName] = {}
_CHANNELS = {Channel.API: "API", Channel.DASHBOARD: "Dashboard"}


class AuditLogPages(LogPages):
    section = Section.AUDIT_LOG
    path = AUDIT_LOG
    file_name = "audit-log"

    def __init__(self, site: Site, log: AuditLog, keys: KeyService) -> None:
        super().__init__(site, keys)
        self._log = log

    def _read(self, after: str | None) -> LogPage[Entry]:
        return self._log.page(self._account, self._filter(), PAGE_SIZE, after)

    def _file(self) -> CsvFile:
        return log_file(self._log, self._account, self._filter())

    def _view(
        self, found: LogPage[Entry], names: Mapping[str, KeyName], **common: Any
    ) -> AuditLogPage:
        return AuditLogPage(
            entries=tuple(shown(entry, names) for entry in found.entries),
            link_id=self._id("link"),
            actor_id=self._id("by"),
            action=self._action,
            first_day=self._day("from"),
            last_day=self._day("to"),
            **common,
        )

    def _filter(self) -> EntryFilter:
        last_day = _seconds(self._day("to"))
        return EntryFilter(
            target_id=self._id("key") or self._id("link") or None,
            actor_id=self._id("by") or None,
            action=Action(self._action) if self._action else None,
            start=_seconds(self._day("from")),
            end=None if last_day is None else last_day + DAY - 1,
        )

    @property
    def _action(self) -> str:
        return self._sent("action", "|".join(Action))

    def _day(self, name: str) -> str:
        """A UTC day; empty when none is sent, or there is no such day."""
        sent = self._sent(name, r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
        try:
            _seconds(sent)
        except ValueError:
            return ""
        return sent


def shown(entry: Entry, names: Mapping[str, KeyName] = _NO_NAMES) -> AuditEntry:
    """`names`: of keys, by their ids; they distinguish keys of the same name."""
    target = names.get(entry.target_id)
    source = entry.origin.source
    channel = _CHANNELS.get(source.channel)
    return AuditEntry(
        id=entry.id,
        at=entry.at,
        action=entry.action,
        target_type=entry.action.target_type,
        target_id=entry.target_id,
        target_name=entry.target_name or entry.target_id,
        target_note=target.note if target else "",
        who=_who(entry.origin.actor, names.get(entry.origin.actor.id)),
        where_from=source.ip_address or _PLACES.get(source.channel, "Command line"),
        through=" · ".join(filter(None, (channel, source.user_agent))),
        changes=tuple(_change(*named) for named in entry.changes.items()),
    )


def _who(actor: Actor, key: KeyName | None = None) -> str:
    note = f" ({key.note})" if key else ""
    return {
        ActorType.USER: actor.name or "Account owner",
        ActorType.API_KEY: f"API key {actor.name or actor.id}{note}",
        ActorType.OPERATOR: f"Operator {actor.name}",
        ActorType.SECRET_SCANNER: "Secret scanner",
        ActorType.SAFETY_CHECK: actor.name or "Destination check",
        ActorType.SERVICE: "Jmpy",
    }[actor.type]


def _change(name: str, change: Change) -> FieldChange:
    before = None if change.before in (None, {}) else _value(name, change.before)
    label = _LABELS.get(name) or name.replace("_", " ").capitalize()
    return FieldChange(label, before, _value(name, change.after))


def _value(name: str, value: Any) -> str:
    """In words, whatever it is that an entry may hold."""
    match value:
        case None:
            text = "none"
        case "" if name in utm.NAMES:
            text = "removed from destinations"
        case bool():
            text = "yes" if value else "no"
        case int() if name.endswith(("_at", "_date")):
            text = filters.moment(value)
        case int() | float():
            text = filters.number(value)
        case dict():
            pairs = (f"{key} {_value(key, one)}" for key, one in value.items())
            text = ", ".join(pairs) or "none"
        case list():
            text = ", ".join(_value("", one) for one in value) or "none"
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _seconds(day: str) -> int | None:
    """Of its beginning. Raises ValueError."""
    if not day:
        return None
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
