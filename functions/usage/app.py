"""The resource `/api/v1/usage`: what the calling account used, and may use."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split

from jmpy.access.permission import Permission
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.envelope import Success
from jmpy.http.operation import operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from jmpy.limits.report import UsageReports
from jmpy.limits.schema import UsageBody


class UsageOfLimits(Resource):
    tag = "Usage"
    description = "How much of its daily limits the account has used."

    def __init__(self, settings: ResourceSettings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.reports = UsageReports(self.usage, self.plans)

    @operation(
        "GET",
        "/api/v1/usage",
        permission=Permission.READ,
        # Not counted; the header fields of the response are about reads.
        limit=LimitClass.URL_READS,
        cost=0,
        summary="Get the usage of today and the last thirty days",
    )
    def get_usage(self) -> Success[UsageBody]:
        """Covers all keys of the account, by request class."""
        report = self.reports.create(self.caller.subscriber)
        self.set_quota(report.quota(LimitClass.URL_READS))
        return Success(data=UsageBody.from_report(report))


dynamodb = clients.dynamodb()
resource = UsageOfLimits(ResourceSettings.from_environment(), dynamodb)
handler = resource.handle
