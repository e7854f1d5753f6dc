"""Recounts the bot clicks of each link, and the links of each campaign.

The clicks, for links that were clicked before links had that number; their counters always did.
Links whose counters are gone, as after a restore without them, stay as they are. The links, after a
restore: a backup is read while links change. Running either again is harmless.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from jmpy.analytics.date_range import EVER, Days
from jmpy.analytics.service import AnalyticsService
from jmpy.clicks.item import link_subject
from jmpy.clicks.reader import ClickReader
from jmpy.links.model import Link
from jmpy.links.store import LinkStore
from jmpy.links.takedown_store import TakedownStore
from jmpy.retry import CONTENTION
from ops import output
from ops.campaign_recount import CampaignRecount, campaigns_of
from ops.command import Commands, Whose
from ops.deployment import Deployment
from ops.progress import Progress

ALL_DAYS = Days(EVER, date.max)


class Outcome(StrEnum):
    CORRECTED = "corrected"
    RIGHT = "right before"
    LEFT = "left as they are, because their counters do not hold all of their clicks"


def main(arguments: Sequence[str] | None = None) -> int:
    commands = Commands("ops.recount", __doc__)
    commands.add(
        "bots", recount_bots, "Count anew how many clicks on each link were of bots", Whose.NONE
    )
    commands.add(
        "campaigns", recount_campaigns, "Count anew how many links campaigns have", Whose.NONE
    )
    return commands.main(arguments)


def recount_bots(target: Deployment, options: argparse.Namespace) -> None:
    reader = ClickReader(target.dynamodb, target.outputs["ClicksTable"])
    store = TakedownStore(target.dynamodb, target.outputs["LinksTable"])
    progress, done = Progress("links counted anew"), Counter[Outcome]()
    for page in store.all():
        for link in page:
            done[recount(link, store, AnalyticsService(reader))] += 1
            progress(done.total())
    words = ", ".join(f"{done[outcome]:,} {outcome}" for outcome in Outcome)
    output.result(
        options, f"Links: {words}", {outcome.name.lower(): done[outcome] for outcome in Outcome}
    )


def recount_campaigns(target: Deployment, options: argparse.Namespace) -> None:
    table = target.outputs["LinksTable"]
    store = TakedownStore(target.dynamodb, table)
    counting = CampaignRecount(target.dynamodb, table, store)
    joined = sum(counting.join(page) for page in store.all())
    corrected = [counting.correct(one) for one in campaigns_of(target.dynamodb, table)]
    output.result(
        options,
        f"Campaigns: {sum(corrected):,} of {len(corrected):,} corrected; "
        f"{joined:,} links were not listed in theirs",
        {"campaigns": len(corrected), "corrected": sum(corrected), "joined": joined},
    )


def recount(link: Link, store: LinkStore, counters: AnalyticsService) -> Outcome:
    """A click changes the link and its counters together, so that equal numbers of clicks are of
    the same moment."""
    found: Link | None = link
    for _ in CONTENTION.numbers():
        if found is None or not found.click_count:
            return Outcome.RIGHT
        counted = counters.counts(link_subject(link.id), ALL_DAYS).total
        if counted.clicks == found.click_count:
            if counted.bot_clicks == found.bot_count:
                return Outcome.RIGHT
            if store.set_bot_count(found, counted.bot_clicks):
                return Outcome.CORRECTED
        found = store.find(link.account_id, link.id)
    return Outcome.LEFT


if __name__ == "__main__":
    sys.exit(main())
