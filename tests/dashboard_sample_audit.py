"""The page of changes, full and empty."""

from jmpy.audit.model import Action
from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.views.audit_log import AuditEntry, AuditLogPage, FieldChange
from jmpy.dashboard.views.links import PastChange
from tests.dashboard_sample_data import KEY_NAMES, NEWSLETTER, NOW, ROTATING, frame

AUDIT_LOG = frame(Section.AUDIT_LOG)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def entry(number: int, action: Action, *changes: FieldChange, **words: str) -> AuditEntry:
    texts = {
        "who": "ada.lovelace.of.the.analytical.engine@example.com",
        "where_from": "2001:db8:85a3::8a2e:370:7334",
        "through": f"Dashboard · {BROWSER}",
        **words,
    }
    return AuditEntry(
        id=f"{number:032x}",
        at=NOW - number * 3 * HOUR - number * number * DAY,
        action=action,
        target_type=action.target_type,
        target_id=NEWSLETTER.record.id,
        target_name="autumn" if action.target_type == "link" else NEWSLETTER.record.name,
        changes=changes,
        **texts,
    )


SCANNER = "Secret scanner"

ENTRIES = (
    entry(
        0, Action.KEY_REVOKED, FieldChange("Status", "active", "revoked"),
        who=SCANNER, where_from="203.0.113.7", through="API · GitHub-Hookshot/044aadd",
    ),
    entry(
        1, Action.KEY_ROTATED, FieldChange("Replaced by", None, ROTATING.record.id),
        FieldChange("Expires at", None, "25 Nov 2026, 12:00 UTC"),
    ),
    entry(
        2, Action.KEY_CHANGED, FieldChange("Name", "x" * 100, NEWSLETTER.record.name),
        FieldChange("Permissions", "read, write, delete, analytics", "read"),
        FieldChange("Environment", "staging", "none"),
        who="API key Newsletter", through="API · " + "Gecko/20100101 " * 12,
    ),
    entry(3, Action.KEY_CREATED, FieldChange("Permissions", None, "read, write")),
    entry(
        4, Action.PLAN_CHANGED, FieldChange("Plan", "free", "enterprise"),
        FieldChange("Limits", None, "url_creation 5,000, analytics 900"),
        who="Operator ada", where_from="Command line", through="",
    ),
    entry(
        5, Action.ALERT_RULES_CHANGED, FieldChange("Rules off", "none", "burst, long-inactivity"),
        FieldChange("Burst factor", "10", "12.5"),
    ),
    entry(6, Action.WEBHOOK_CHANGED, FieldChange("Host", "hooks.example.com", "other.example.com")),
    entry(
        7, Action.LINK_CHANGED,
        FieldChange("Destination", "https://example.com/autumn", "https://a.example/" + "x" * 300),
        FieldChange("Password", None, "set"),
        who="API key Newsletter", through="API · curl/8.11.0",
    ),
    entry(8, Action.PLAN_RENEWED, who="Operator ada", where_from="Command line", through=""),
)  # fmt: skip

PAST_CHANGES = (
    PastChange(ENTRIES[7], "https://example.com/autumn"),
    PastChange(entry(9, Action.LINK_CHANGED, FieldChange("Tags", "none", "autumn, newsletter"))),
    PastChange(
        entry(
            10,
            Action.LINK_CHANGED,
            FieldChange(
                "Destination", "https://example.com/" + "y" * 400, "https://example.com/autumn"
            ),
        ),
        "https://example.com/" + "y" * 400,
    ),
)


PAGES: dict[str, View] = {
    "audit-log": AuditLogPage(
        frame=AUDIT_LOG,
        entries=ENTRIES,
        keys=KEY_NAMES,
        action=Action.KEY_CHANGED,
        first_day="2026-11-01",
        next_cursor="1800000000000.00000000000000000000000000000000",
    ),
    "audit-log-none": AuditLogPage(
        frame=AUDIT_LOG, entries=(), keys=KEY_NAMES, last_day="2026-11-01", is_first=False
    ),
    "audit-log-empty": AuditLogPage(frame=AUDIT_LOG, entries=()),
}
