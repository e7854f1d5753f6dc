"""The resource `/api/v1/usage`: what the calling account used, and may use."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from jmpy.access.permission import Permission
from jmpy.aws import clients
from jmpy.formats.envelope import Success
from jmpy.http.api import Api
from jmpy.limits import wiring
from jmpy.limits.plan import LimitClass
from jmpy.limits.schema import Usage

_dynamodb = clients.dynamodb()
api = Api(wiring.limiter(_dynamodb))
handler = api.handle
reports = wiring.reports(_dynamodb)


@api.operation(
    "GET",
    "/api/v1/usage",
    permission=Permission.READ,
    # Asking costs nothing; the header fields of the answer are about reads.
    limit=LimitClass.URL_READS,
    cost=0,
    summary="Get the usage of today and the last thirty days",
)
def get_usage() -> Success[Usage]:
    """Covers all keys of the account, by request class."""
    report = reports.create(api.caller.subscriber)
    api.set_quota(report.quota(LimitClass.URL_READS))
    return Success(data=Usage.from_report(report))
