"""Reads the fixtures of other projects from checkouts. Nothing of them is stored here."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from jmpy.clicks.model import AgentKind, DeviceType, SourceCategory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CLASSES = {
    "desktop": DeviceType.DESKTOP,
    "smartphone": DeviceType.MOBILE,
    "feature_phone": DeviceType.MOBILE,
    "phablet": DeviceType.MOBILE,
    "tablet": DeviceType.TABLET,
    "tv": DeviceType.TV,
    "console": DeviceType.TV,
}
"""Of the device detector's files, by the beginning of their names."""

_LONGEST = 4000
"""Characters of what isbot's tests read of the lists it downloads."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts that are all of one kind."""

    name: str
    kind: AgentKind | DeviceType | SourceCategory
    texts: tuple[str, ...]


def version(checkout: Path) -> str:
    """The package's version, and the commit where it is a checkout of Git."""
    package = checkout / "package.json"
    number = json.loads(package.read_text()).get("version", "") if package.exists() else ""
    if not (checkout / ".git").exists():
        return str(number)
    command = ["git", "-C", str(checkout), "log", "-1", "--format=%h of %cs"]
    commit = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return f"{number}, {commit}".removeprefix(", ")


def isbot(checkout: Path) -> Iterator[Sample]:
    browsers = _flat(_yaml(checkout / "fixtures" / "browsers.yml").values())
    yield _sample("isbot, browsers.yml", AgentKind.HUMAN, browsers)
    crawlers = _flat(_yaml(checkout / "fixtures" / "crawlers.yml").values())
    yield _sample("isbot, crawlers.yml", AgentKind.BOT, crawlers)
    downloaded = _flat(
        json.loads(path.read_text())
        for path in sorted((checkout / "fixtures" / "downloaded").glob("*.json"))
    )
    known = set(browsers)
    # As isbot's own tests read them: without phones, and what it has found to be browsers.
    kept = [
        text
        for text in downloaded
        if not (text.startswith("#") or re.search("ucweb|cubot", text, re.IGNORECASE))
        and text not in known
        and len(text) < _LONGEST
    ]
    yield _sample("isbot, downloaded lists", AgentKind.BOT, kept)


def crawler_user_agents(checkout: Path) -> Iterator[Sample]:
    entries = json.loads((checkout / "crawler-user-agents.json").read_text())
    instances = _flat(entry["instances"] for entry in entries)
    yield _sample("crawler-user-agents", AgentKind.BOT, instances)


def device_detector(checkout: Path) -> Iterator[Sample]:
    by_class: dict[DeviceType, list[str]] = defaultdict(list)
    bots: list[str] = []
    people: list[str] = []
    for path in sorted((checkout / "Tests" / "fixtures").glob("*.yml")):
        known = _CLASSES.get(path.stem.partition("-")[0])
        for entry in _yaml(path):
            (bots if "bot" in entry else people).append(str(entry["user_agent"]))
            if known:
                by_class[known].append(str(entry["user_agent"]))
    yield _sample("device-detector", AgentKind.HUMAN, people)
    yield _sample("device-detector", AgentKind.BOT, bots)
    for device, texts in by_class.items():
        yield _sample("device-detector", device, texts)


def user_agents(package: Path) -> Iterator[Sample]:
    """Drawn from traffic: what comes often is in it often, and counts as often."""
    entries = json.loads((package / "dist" / "user-agents.json").read_text())
    every = tuple(entry["userAgent"] for entry in entries)
    yield Sample("user-agents", AgentKind.HUMAN, every)
    for category in (DeviceType.DESKTOP, DeviceType.MOBILE, DeviceType.TABLET):
        texts = (entry["userAgent"] for entry in entries if entry["deviceCategory"] == category)
        yield Sample("user-agents", category, tuple(texts))


def referers(checkout: Path) -> Iterator[Sample]:
    lists = _yaml(checkout / "resources" / "referers.yml")
    for category in (SourceCategory.SEARCH, SourceCategory.SOCIAL, SourceCategory.EMAIL):
        domains = _flat(entry.get("domains", ()) for entry in lists[category].values())
        # Of some, only a path below the host is listed; a referrer is kept as its host.
        hosts = (domain.partition("/")[0].removeprefix("www.") for domain in domains)
        yield _sample("referer-parser", category, hosts)


def _sample(
    name: str, kind: AgentKind | DeviceType | SourceCategory, texts: Iterable[str]
) -> Sample:
    return Sample(name, kind, tuple(dict.fromkeys(texts)))


def _flat(lists: Iterable[Iterable[Any]]) -> list[str]:
    return [str(text) for texts in lists for text in texts]


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(errors="replace"), _LOADER)  # noqa: S506 - both are safe
