"""Who follows a link, by the user agent: a person, a bot, or unknown.

The list of crawler-user-agents names bots; a few general signs find those that it does not name
yet. Both are measured against lists of bots and of people's browsers (docs/clicks.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from jmpy.clicks import devices
from jmpy.clicks.model import AgentKind, DeviceType

if TYPE_CHECKING:
    from ua_parser import Result

# Patterns of the list that people's apps match: browsers within Facebook, Viber, Slack, editors
# and wrappers of web applications, a build of Android, a search engine's browser.
_TOO_BROAD = frozenset(
    {
        r"008\/", r"AP3A\.240617\.008", r"Code\/1\.", "Fetch\\/", "Fluid", "MetaIAB Facebook",
        "Podimo", "Sogou", "Sonic", r"Trae\/", "TSM-turingos", "Viber", "WhatsApp",
    }
)  # fmt: skip

# The bots that those were meant for.
_NARROWER = (
    r"^008/", r"Podimo/[\d.]+ \(\+",
    r"Sogou (?:\w+ )?[Ss]pider", r"[ /;]Sonic/1", r"^Viber$",
    r"^[Ww]hats[Aa]pp(?:/[\d.]+(?: [AINWainw])?)?$",
    # Fetch previews of links.
    r"^Rocket\.Chat", r"^Microsoft Teams$", r"LinkExpand", r"[Uu]nfurl",
    # Fetches icons of sites for a browser.
    r"^(?:ddg[-_]|DDG-)[Aa]ndroid", r"^DuckDuckGo[%\w]*/[\d.]+ (?:CFNetwork|\(com)",
)  # fmt: skip

_LISTED = re.compile(
    "|".join(
        (
            *(
                entry["pattern"]
                for entry in CRAWLER_USER_AGENTS_DATA
                if entry["pattern"] not in _TOO_BROAD
            ),
            *_NARROWER,
        )
    )
)

# What people's browsers do not say of themselves: an address for complaints, a purpose, anything
# where every browser says exactly "(KHTML, like Gecko)", and the seams of two that were copied
# together.
_SIGNS = re.compile(
    r"https?:|\bwww\.|[\w.]@(?!calendar)[a-z]|\bmailto\b"
    r"|like Gecko[;,] ?(?!Safari|HEVC|Opera)[a-z]|^\w+[,|] ?Mozilla/"
    r"|Chrome/[\d.]+(?!Mobile|Safari)[A-Z]\w"
    r"|Time/\d{10,13}"
    r"|(?<!cu)bot(?:\b|[^a-z])|crawl|spider|(?<!cam)scanner|scan@|monitor|checker|fetcher|preview"
    r"|prerender|transcoder|headless|observatory|diagnostic|synthetic|verif(?:y|ier)|inspect"
    r"|thumb(?:nail|or)|capture|validat|semantic|archiver|measurement|cypress|dejaclick|lighthouse"
    r"|page ?speed|googleweblight|-google/|google-[a-z]|\brss\b|[a-z]rss[ /]|feedreader|linkcheck"
    r"|collaborator|\bswcd\b|wechatdevtools|\(via "
    # Libraries and tools with which programs ask.
    r"|http-?client|http-?kit|^okhttp|\bgrpc-|guzzle|\bcurl|urllib|pycurl|\baws-sdk|axios"
    r"|^(?:php|java|python|ruby|perl|node|undici)\b|java/1|javafx/|restsharp|postman|rest-client"
    r"|(?<!wap )proxy/|\bprobe\b|healthservice|apt-http|captivenetworksupport|selenium|webdriver"
    r"|phantomjs|puppeteer|playwright",
    re.IGNORECASE,
)
_COMPATIBLE = re.compile(r"compatible; (?!U;|Linux)", re.IGNORECASE)
_ENGINE = re.compile(r"AppleWebKit/|Chrome/|Firefox/")
_OLD_BROWSER = re.compile(r"MSIE|Trident|Konqueror|IEMobile|Symbian|HbbTV|CE-HTML|BOLT|Teleca")

# Browsers and apps that the parser does not know.
_RARE = re.compile(
    r"Amiga\w*[/ -]|\bIBrowse|^Lynx/|Sonos/|^Microsoft Office[ \w]*/\d|ms-office|Songbird|BeOS"
    r"|Haiku|Konqueror|Firebird|Beonex|\bOWB/|GOGGalaxy|^QuickTime|^hulu/|\[FBAN"
    r"|DuckDuckGo/\d+ Safari"
)

# A device's name says nothing of who holds it: there are phones named Spider, Fever and M bot.
_DEVICE = re.compile(r"(Android[ /][\w.]+;)(?: [a-z]{2}[-_][a-zA-Z]{2};)?[^;)]*")


def kind(user_agent: str, known: Result) -> AgentKind:
    """`known`: what the parser made of it."""
    if _is_spider(known):
        return AgentKind.BOT
    named = _DEVICE.sub(r"\1", user_agent)
    if _LISTED.search(named) or _SIGNS.search(named) or _claims_compatibility(named):
        return AgentKind.BOT
    is_browser = known.user_agent is not None and known.os is not None
    if is_browser or _RARE.search(user_agent) or _names_device(user_agent):
        return AgentKind.HUMAN
    return AgentKind.SUSPICIOUS


def _names_device(user_agent: str) -> bool:
    """The parser knows few televisions, consoles and early phones. Of desktops only what calls
    itself a browser: programs run on them, too."""
    device = devices.kind(user_agent)
    if device is DeviceType.DESKTOP:
        return user_agent.startswith("Mozilla/") and "compatible" not in user_agent
    return device is not DeviceType.UNKNOWN


def _is_spider(known: Result) -> bool:
    """By the parser, which takes browsers whose name or company has "bot" in it for spiders too."""
    is_spider = known.device is not None and known.device.family == "Spider"
    browser = known.user_agent.family if known.user_agent else None
    return is_spider and browser not in (None, "IE", "Opera")


def _claims_compatibility(user_agent: str) -> bool:
    """Only browsers of the past said that they were compatible; since then, bots say it."""
    return bool(
        _COMPATIBLE.search(user_agent)
        and _ENGINE.search(user_agent)
        and not _OLD_BROWSER.search(user_agent)
    )
