"""What each function does with AWS, all of it: one piece of work for each function.

`tests/e2e/test_policies.py` does each once, on the roles as they are; `bench/policies.py` does it
again for each permission that it removes, and expects it to fail. So a piece of work has to need
every permission of its role, and has to fail when one is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from project.work import (
    activity,
    authentication,
    branded_domains,
    campaigns,
    clicks,
    dashboard,
    domain_tenants,
    domains,
    keys,
    links,
    qr_codes,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from project.work.context import Work

ALL: dict[str, Callable[[Work], None]] = {
    **authentication.WORK,
    **links.WORK,
    **qr_codes.WORK,
    **campaigns.WORK,
    **tags.WORK,
    **domains.WORK,
    **domain_tenants.WORK,
    **branded_domains.WORK,
    **keys.WORK,
    **activity.WORK,
    **dashboard.WORK,
    **clicks.WORK,
}
"""By the function's logical id."""
