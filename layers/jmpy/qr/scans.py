"""The newest scans of an account's QR codes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.clicks.model import Bots

if TYPE_CHECKING:
    from jmpy.analytics.click_list import ClickList
    from jmpy.campaigns.store import CampaignStore
    from jmpy.clicks.model import StoredClick
    from jmpy.qr.model import Described
    from jmpy.qr.service import QrCodes

_LEAST_AT_ONCE = 20
"""Scans whose QR codes are looked up together, so that many of deleted ones take few reads."""


@dataclass(frozen=True, slots=True)
class Scan:
    click: StoredClick
    scanned: Described
    campaign_name: str | None
    """As it is now, of the campaign that the link was in then."""


class RecentScans:
    def __init__(self, clicks: ClickList, qr_codes: QrCodes, campaigns: CampaignStore) -> None:
        self._clicks = clicks
        self._qr_codes = qr_codes
        self._campaigns = campaigns

    def newest(
        self,
        account_id: str,
        limit: int,
        *,
        now: float,
        bots: Bots = Bots.INCLUDE,
        selected: tuple[str, ...] | None = None,
    ) -> list[Scan]:
        """The latest minute first; of QR codes that were not deleted since. `selected`: subjects,
        one of which a scan has to be of."""
        scans = self._clicks.scans(account_id, now=now, bots=bots, selected=selected)
        found: list[tuple[StoredClick, Described]] = []
        known: dict[str, Described | None] = {}
        while len(found) < limit and (batch := list(islice(scans, max(limit, _LEAST_AT_ONCE)))):
            ids = {scan.qr_id for scan in batch if scan.qr_id is not None}
            known |= dict.fromkeys(new := ids - known.keys())
            known |= self._qr_codes.find_all(account_id, new)
            for scan in batch:
                if (scanned := known[scan.qr_id or ""]) is not None:
                    found.append((scan, scanned))
        return self._named(account_id, found[:limit])

    def _named(self, account_id: str, found: list[tuple[StoredClick, Described]]) -> list[Scan]:
        ids = {click.campaign_id for click, _ in found if click.campaign_id is not None}
        campaigns = self._campaigns.with_ids(account_id, ids)
        names = {campaign_id: campaign.name for campaign_id, campaign in campaigns.items()}
        return [
            Scan(click, scanned, names.get(click.campaign_id or "")) for click, scanned in found
        ]
