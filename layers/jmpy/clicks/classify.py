"""By which values a click is counted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ua_parser import parse

from jmpy.clicks import agents
from jmpy.clicks.model import UNKNOWN, UTM, AgentKind, DeviceType, Dimension
from jmpy.clicks.sources import category_of
from jmpy.sent import USER_AGENT_LENGTH

if TYPE_CHECKING:
    from ua_parser import Result

    from jmpy.clicks.model import Click

DIRECT = "direct"
"""The referrer of a click that came from no page."""

_REMEMBERED = 4096
"""User agents; working one out takes about a millisecond, and most clicks share a few."""

_RUNS = re.compile(r"(.)\1{3,}", re.DOTALL)
"""No browser repeats a character more often; patterns would try each of them."""

_DESKTOPS = frozenset({"Windows", "Mac OS X", "Linux", "Chrome OS", "Ubuntu", "Fedora", "FreeBSD"})
_PHONES = frozenset({"iOS", "KaiOS", "Windows Phone", "BlackBerry OS"})


def values_of(click: Click) -> dict[Dimension, str]:
    return {
        Dimension.COUNTRY: click.country,
        Dimension.REFERRER: click.referrer or DIRECT,
        Dimension.SOURCE: category_of(click.referrer).value,
        **_of_user_agent(_RUNS.sub(r"\1\1\1", click.user_agent[:USER_AGENT_LENGTH])),
        **{name: click.utm[name] for name in UTM if click.utm.get(name)},
    }


@lru_cache(_REMEMBERED)
def _of_user_agent(user_agent: str) -> dict[Dimension, str]:
    known = parse(user_agent)
    kind = agents.kind(user_agent, known)
    return {
        Dimension.AGENT: kind.value,
        Dimension.DEVICE: (DeviceType.BOT if kind is AgentKind.BOT else _device(known)).value,
        Dimension.BROWSER: known.user_agent.family if known.user_agent else UNKNOWN,
        Dimension.OS: known.os.family if known.os else UNKNOWN,
    }


def _device(known: Result) -> DeviceType:
    """The parser knows models, not kinds: they follow from the system, and from what tablets call
    themselves."""
    system = known.os.family if known.os else UNKNOWN
    if system in _DESKTOPS:
        return DeviceType.DESKTOP
    if known.device and known.device.family == "iPad":
        return DeviceType.TABLET
    if system == "Android":
        # Google's rule: a phone says Mobile, a tablet does not.
        return DeviceType.MOBILE if "Mobile" in known.string else DeviceType.TABLET
    return DeviceType.MOBILE if system in _PHONES else DeviceType.UNKNOWN
