"""One frozen dataclass per page. Times are seconds since the Unix epoch, UTC."""

from jmpy.dashboard.views.activity import (
    ActivityPage,
    LoggedRequest,
    RequestsPerDay,
)
from jmpy.dashboard.views.alerts import (
    AlertSettingsPage,
    AlertsPage,
    RuleForm,
    ThresholdField,
    UnusualActivity,
    WebhookSecret,
)
from jmpy.dashboard.views.analytics import (
    BOTS,
    AnalyticsPage,
    AnalyticsPanel,
    Figures,
)
from jmpy.dashboard.views.api_keys import (
    EXPIRY_DAYS,
    GRACE_DAYS,
    ApiKeyCreated,
    ApiKeyList,
    ApiKeyPage,
    KeySummary,
    KeyUsage,
    KeyValues,
    NewApiKey,
    OldKey,
    Rotation,
    RotationPanel,
)
from jmpy.dashboard.views.audit_log import (
    AuditEntry,
    AuditLogPage,
    Conflict,
    FieldChange,
)
from jmpy.dashboard.views.breakdown import SHOWN, Breakdown
from jmpy.dashboard.views.confirmation import Choice, Confirmation, Fact
from jmpy.dashboard.views.key_names import KeyName, KeyState
from jmpy.dashboard.views.links import (
    HeldAliasList,
    LinkList,
    LinkPage,
    LinkValues,
    NewLink,
    PastChange,
)
from jmpy.dashboard.views.log import LogPage
from jmpy.dashboard.views.messages import ErrorPage, UnsentForm
from jmpy.dashboard.views.overview import ActivityEntry, Overview
from jmpy.dashboard.views.plan import PlanOffer, PlanPage
from jmpy.dashboard.views.sessions import SessionList, SignedInBrowser
from jmpy.dashboard.views.usage import DailyUsage, Usage, UsagePanel, used_up

__all__ = [
    "BOTS",
    "EXPIRY_DAYS",
    "GRACE_DAYS",
    "SHOWN",
    "ActivityEntry",
    "ActivityPage",
    "AlertSettingsPage",
    "AlertsPage",
    "AnalyticsPage",
    "AnalyticsPanel",
    "ApiKeyCreated",
    "ApiKeyList",
    "ApiKeyPage",
    "AuditEntry",
    "AuditLogPage",
    "Breakdown",
    "Choice",
    "Confirmation",
    "Conflict",
    "DailyUsage",
    "ErrorPage",
    "Fact",
    "FieldChange",
    "Figures",
    "HeldAliasList",
    "KeyName",
    "KeyState",
    "KeySummary",
    "KeyUsage",
    "KeyValues",
    "LinkList",
    "LinkPage",
    "LinkValues",
    "LogPage",
    "LoggedRequest",
    "NewApiKey",
    "NewLink",
    "OldKey",
    "Overview",
    "PastChange",
    "PlanOffer",
    "PlanPage",
    "RequestsPerDay",
    "Rotation",
    "RotationPanel",
    "RuleForm",
    "SessionList",
    "SignedInBrowser",
    "ThresholdField",
    "UnsentForm",
    "UnusualActivity",
    "Usage",
    "UsagePanel",
    "WebhookSecret",
    "used_up",
]
