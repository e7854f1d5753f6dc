"""One frozen dataclass per page. Times are seconds since the Unix epoch, UTC."""

from jmpy.dashboard.views.activity import (
    ActivityPage,
    LoggedRequest,
    RequestDay,
    UnusualActivity,
)
from jmpy.dashboard.views.analytics import (
    AnalyticsPage,
    AnalyticsPanel,
    Figures,
    Period,
    Point,
    TopLink,
    Totals,
)
from jmpy.dashboard.views.api_keys import (
    EXPIRY_DAYS,
    GRACE_DAYS,
    ApiKeyCreated,
    ApiKeyList,
    ApiKeyPage,
    KeyState,
    KeySummary,
    KeyUse,
    KeyValues,
    NewApiKey,
    OldKey,
    Rotation,
    RotationPanel,
)
from jmpy.dashboard.views.audit_log import AuditEntry, AuditLogPage, FieldChange
from jmpy.dashboard.views.breakdown import SHOWN, Breakdown, Share
from jmpy.dashboard.views.links import LinkList, LinkPage, LinkSummary, LinkValues, NewLink
from jmpy.dashboard.views.messages import ErrorPage
from jmpy.dashboard.views.overview import ActivityEntry, Overview
from jmpy.dashboard.views.plan import PlanOffer, PlanPage
from jmpy.dashboard.views.usage import DailyUsage, Usage, UsagePanel

__all__ = [
    "EXPIRY_DAYS",
    "GRACE_DAYS",
    "SHOWN",
    "ActivityEntry",
    "ActivityPage",
    "AnalyticsPage",
    "AnalyticsPanel",
    "ApiKeyCreated",
    "ApiKeyList",
    "ApiKeyPage",
    "AuditEntry",
    "AuditLogPage",
    "Breakdown",
    "DailyUsage",
    "ErrorPage",
    "FieldChange",
    "Figures",
    "KeyState",
    "KeySummary",
    "KeyUse",
    "KeyValues",
    "LinkList",
    "LinkPage",
    "LinkSummary",
    "LinkValues",
    "LoggedRequest",
    "NewApiKey",
    "NewLink",
    "OldKey",
    "Overview",
    "Period",
    "PlanOffer",
    "PlanPage",
    "Point",
    "RequestDay",
    "Rotation",
    "RotationPanel",
    "Share",
    "TopLink",
    "Totals",
    "UnusualActivity",
    "Usage",
    "UsagePanel",
]
