"""The tables, queues and topics that tests and measurements in process create."""

ACCOUNTS = "accounts"
LINKS = "links"
ACTIVITY = "activity"
AUDIT = "audit"
IDEMPOTENCY = "idempotency"
USAGE = "usage"
SESSIONS = "sessions"
CLICKS = "clicks"
SALTS = "salts"
CLICKS_QUEUE = "clicks"
CLICKS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{CLICKS_QUEUE}"
ALERTS_QUEUE = "alerts.fifo"
ACTIVITY_RETRY_QUEUE = "activity-retry"
ACTIVITY_RETRY_QUEUE_URL = (
    f"https://sqs.eu-west-1.amazonaws.com/123456789012/{ACTIVITY_RETRY_QUEUE}"
)
ALERTS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{ALERTS_QUEUE}"
LINK_CHECKS_QUEUE = "link-checks"
LINK_CHECKS_QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{LINK_CHECKS_QUEUE}"
SAFE_BROWSING_KEY = "/jmpy/safe-browsing-key"
"""The parameter's name."""
ALERT_TOPIC_NAME = "alerts"
ALERT_TOPIC = f"arn:aws:sns:eu-west-1:123456789012:{ALERT_TOPIC_NAME}"

TABLES = {
    ACCOUNTS: "AccountsTable",
    LINKS: "LinksTable",
    IDEMPOTENCY: "IdempotencyTable",
    USAGE: "UsageTable",
    ACTIVITY: "ActivityTable",
    AUDIT: "AuditTable",
    SESSIONS: "SessionsTable",
    CLICKS: "ClicksTable",
    SALTS: "SaltsTable",
}
"""Logical ids by name."""
