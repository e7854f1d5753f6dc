"""What the rules detect and miss, and how often they are triggered by normal traffic.

Some hundred keys of six kinds of clients have their normal traffic for two weeks: every alert about
them is a false alarm, also in their first days. Then incidents of each rule are added to the
traffic of other keys of the same kinds. The traffic is synthetic, from a seed; real traffic has to
be measured with real keys.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from bench import committed
from bench.key_traffic import KINDS, MONTHLY, START, Kind, history, incident
from jmpy.alerts.detection.baseline import Baseline, with_batch
from jmpy.alerts.detection.rules import detect
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.descriptions import RULES
from jmpy.alerts.settings.thresholds import Thresholds
from jmpy.clock import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.alerts.model import Alert

RESULTS = Path(__file__).resolve().parent / "results" / "alerts.json"

MOST_FALSE = 2.0
"""False alarms per hundred keys and week, of all rules together."""

MOST_MISSED = 0.05
"""Of the planted incidents of a rule, where the rule is meant to notice them."""

DAYS = 14


@dataclass
class Score:
    planted: int = 0
    noticed: int = 0
    false_alarms: int = 0
    false_by_kind: Counter[str] = field(default_factory=Counter)


class Watched:
    """A key, as ActivityFunction sees it."""

    def __init__(self, key_id: str, thresholds: Thresholds) -> None:
        self.baseline = Baseline(key_id, "acme")
        self.alerts: dict[str, Alert] = {}
        self._thresholds = thresholds

    def see(self, batch: list[LoggedRequest]) -> set[Rule]:
        """The rules that are newly triggered."""
        after = with_batch(self.baseline, batch)
        found = {alert.id: alert for alert in detect(self.baseline, after, batch, self._thresholds)}
        new = {alert.rule for alert_id, alert in found.items() if alert_id not in self.alerts}
        self.alerts |= found
        self.baseline = after
        return new


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.alerts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--incidents", type=int, default=30, help="of each rule")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, thresholds = Random(options.seed), Thresholds()  # noqa: S311 - a simulation
    scores = {rule: Score() for rule in RULES}
    requests = _usual(options.keys, thresholds, chance, scores)
    every: list[Kind] = [*KINDS, MONTHLY]
    meant = {
        Rule.NEW_NETWORK: [kind for kind in every if not kind.roams],
        Rule.NEW_COUNTRY: [kind for kind in every if kind.countries == 1],
    }
    roaming, travelling = Score(), Score()
    plans = [(rule, meant.get(rule, every), score) for rule, score in scores.items()]
    plans.append((Rule.NEW_NETWORK, [kind for kind in every if kind.roams], roaming))
    plans.append((Rule.NEW_COUNTRY, [kind for kind in every if kind.countries > 1], travelling))
    for rule, kinds, score in plans:
        _plant(rule, kinds, options.incidents, thresholds=thresholds, chance=chance, score=score)
    result = _result(options.keys, requests, scores) | {
        # Which the rules give up on purpose.
        "new_network_of_roaming_keys": _row(roaming),
        "new_country_of_keys_in_several": _row(travelling),
        "thresholds": asdict(thresholds),
    }
    trial = committed.is_trial(parser, options, "keys", "incidents")
    committed.write(RESULTS, result, trial=trial)
    _print(result)
    return _verdict(result)


def _usual(keys: int, thresholds: Thresholds, chance: Random, scores: dict[Rule, Score]) -> int:
    """Counts false alarms; returns how many requests were evaluated."""
    requests = 0
    for kind in (*KINDS, MONTHLY):
        for number in range(round(keys * kind.share)):
            watched = Watched(f"{kind.name}-{number}", thresholds)
            for hour in history(kind, watched.baseline.key_id, DAYS, chance):
                requests += len(hour)
                for batch in _batches(hour):
                    watched.see(batch)
            for alert in watched.alerts.values():
                scores[alert.rule].false_alarms += 1
                scores[alert.rule].false_by_kind[kind.name] += 1
    return requests


def _plant(
    rule: Rule,
    kinds: list[Kind],
    count: int,
    *,
    thresholds: Thresholds,
    chance: Random,
    score: Score,
) -> None:
    """Into the traffic of a key of its own each, which goes on around it."""
    for number in range(count):
        kind = kinds[number % len(kinds)]
        watched = Watched(f"{rule}-{number}", thresholds)
        hours = list(history(kind, watched.baseline.key_id, DAYS, chance))
        # In the second week; a monthly job is over by then, and its key lies about.
        at = max(START + 7 * DAY, hours[-1][-1].at if kind is MONTHLY else 0)
        at += chance.randrange(6 * 24) * HOUR
        if rule is Rule.LONG_INACTIVITY:
            at = hours[-1][-1].at
        for hour in hours:
            if hour[0].at // HOUR < at // HOUR or rule is Rule.LONG_INACTIVITY:
                watched.see(hour)
        usual = watched.baseline.mean or 0
        planted = incident(rule, watched.baseline.key_id, at - at % HOUR, usual, chance)
        same = [r for hour in hours if hour[0].at // HOUR == at // HOUR for r in hour]
        if rule is not Rule.LONG_INACTIVITY:
            planted += same
        noticed: set[Rule] = set()
        for batch in _batches(sorted(planted, key=lambda request: request.at)):
            noticed |= watched.see(batch)
        score.planted += 1
        score.noticed += rule in noticed


def _batches(hour: list[LoggedRequest]) -> Iterable[list[LoggedRequest]]:
    """As the log hands them on: those of five minutes together."""
    batches: dict[int, list[LoggedRequest]] = {}
    for request in hour:
        batches.setdefault(request.at // 300, []).append(request)
    return batches.values()


def _row(score: Score) -> dict[str, int]:
    return {"planted": score.planted, "missed": score.planted - score.noticed}


def _result(keys: int, requests: int, scores: dict[Rule, Score]) -> dict[str, Any]:
    weeks = DAYS / 7
    total = sum(score.false_alarms for score in scores.values())
    return {
        "keys": keys,
        "days": DAYS,
        "requests": requests,
        "false_alarms_per_100_keys_and_week": round(100 * total / keys / weeks, 2),
        "rules": {
            rule: {
                **_row(score),
                "false_alarms": score.false_alarms,
                "false_alarms_by_kind": dict(score.false_by_kind),
            }
            for rule, score in scores.items()
        },
    }


def _print(result: dict[str, Any]) -> None:
    print(f"{result['keys']} keys, {result['days']} days, {result['requests']:,} requests")
    print(f"{'rule':24}{'planted':>10}{'missed':>10}{'false alarms':>14}")
    for rule, row in result["rules"].items():
        by_kind = ", ".join(f"{kind} {n}" for kind, n in row["false_alarms_by_kind"].items())
        print(
            f"{rule:24}{row['planted']:>10}{row['missed']:>10}{row['false_alarms']:>14}  {by_kind}"
        )
    for title, name in (
        ("(new-network, roaming)", "new_network_of_roaming_keys"),
        ("(new-country, several)", "new_country_of_keys_in_several"),
    ):
        row = result[name]
        print(f"{title:24}{row['planted']:>10}{row['missed']:>10}{'':>14}")
    print(f"false alarms per 100 keys and week: {result['false_alarms_per_100_keys_and_week']}")


def _verdict(result: dict[str, Any]) -> int:
    missed = [
        rule
        for rule, row in result["rules"].items()
        if row["missed"] > MOST_MISSED * row["planted"]
    ]
    if missed:
        print(f"!! more than {MOST_MISSED:.0%} missed: {', '.join(missed)}", file=sys.stderr)
    if result["false_alarms_per_100_keys_and_week"] > MOST_FALSE:
        print(f"!! more than {MOST_FALSE} false alarms", file=sys.stderr)
        return 1
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
