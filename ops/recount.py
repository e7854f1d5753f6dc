"""Recounts the bot clicks of each link.

For links that were clicked before links had that number; their counters always did. Links whose
counters are gone, as after a restore without them, stay as they are. Running it again is harmless.
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
