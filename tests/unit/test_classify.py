"""What a user agent is taken for, and how much of it is looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
import ua_parser

from jmpy.clicks import agents, classify
from jmpy.clicks.model import AgentKind, Dimension
from project.clicks import click

BROWSERS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0": ("Edge", "Windows", "desktop", "human"),
    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36": ("Chrome Mobile", "Android", "mobile", "human"),
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":
        ("Googlebot", "unknown", "bot", "bot"),
    "curl/8.14.1": ("curl", "unknown", "bot", "bot"),
    "": ("unknown", "unknown", "unknown", "suspicious"),
}  # fmt: skip
DIMENSIONS = (Dimension.BROWSER, Dimension.OS, Dimension.DEVICE, Dimension.AGENT)


@pytest.mark.parametrize("user_agent", BROWSERS)
def test_a_browser_is_known(user_agent: str) -> None:
    values = classify.values_of(replace(click(), user_agent=user_agent))
    assert tuple(values[name] for name in DIMENSIONS) == BROWSERS[user_agent]


@pytest.mark.parametrize(
    "user_agent", [";" * 256, "s" * 9000, " Build/" + "m" * 249, "; " * 5000, "\n" * 300]
)
def test_a_strange_user_agent_is_cut_before_anything_parses_it(
    user_agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """256 semicolons took forty times as long as a browser."""
    parsed: list[str] = []
    known = ua_parser.parse(" ")

    def parse(text: str) -> object:
        parsed.append(text)
        return known

    monkeypatch.setattr("jmpy.clicks.classify.parse", parse)
    monkeypatch.setattr(agents, "kind", lambda text, _known: parse(text) and AgentKind.BOT)
    classify._of_user_agent.cache_clear()
    classify.values_of(replace(click(), user_agent=user_agent))
    classify._of_user_agent.cache_clear()
    assert len(parsed) == 2
    assert all(len(text) <= 256 for text in parsed)
    assert not any(character * 4 in text for text in parsed for character in set(text))
