"""What kind of site a click came from, by the site's host.

A table of those that most clicks come from, not of all that there are: an unknown host is a
referral.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.clicks.model import SourceCategory

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOSTS = {
    # Before the search engines' own: mail.google.com is a child of google.com.
    SourceCategory.EMAIL: """
        mail.google.com inbox.google.com com.google.android.gm mail.yahoo.com mail.yahoo.co.jp
        outlook.com outlook.live.com outlook.office.com outlook.office365.com hotmail.com
        mail.live.com icloud.com mail.proton.me mail.protonmail.com fastmail.com mail.zoho.com
        mail.zoho.eu mail.aol.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de mail.ru
        e.mail.ru mail.yandex.com mail.yandex.ru mail.qq.com mail.163.com mail.126.com tutanota.com
        app.tuta.com hey.com roundcube.net mailchi.mp list-manage.com campaign-archive.com
        """,
    SourceCategory.SEARCH: """
        duckduckgo.com ecosia.org baidu.com yandex.com yandex.ru ya.ru naver.com daum.net seznam.cz
        qwant.com startpage.com search.brave.com ask.com search.aol.com sogou.com so.com
        kagi.com mojeek.com swisscows.com metager.org metager.de perplexity.ai search.marginalia.nu
        search.yahoo.com com.google.android.googlequicksearchbox lite.duckduckgo.com presearch.com
        dogpile.com lycos.com coccoc.com
        """,
    SourceCategory.SOCIAL: """
        facebook.com fb.com fb.me messenger.com instagram.com threads.net threads.com whatsapp.com
        wa.me twitter.com t.co x.com linkedin.com lnkd.in reddit.com redd.it pinterest.com pin.it
        youtube.com youtu.be tiktok.com snapchat.com tumblr.com telegram.org telegram.me t.me
        discord.com discord.gg discordapp.com slack.com teams.microsoft.com mastodon.social
        mastodon.online bsky.app vk.com ok.ru weibo.com weibo.cn t.cn qzone.qq.com wechat.com
        weixin.qq.com douyin.com xiaohongshu.com bilibili.com line.me kakao.com quora.com
        medium.com news.ycombinator.com lobste.rs xing.com nextdoor.com twitch.tv flickr.com
        vimeo.com meetup.com goodreads.com substack.com producthunt.com signal.org
        com.facebook.katana com.instagram.android com.twitter.android com.linkedin.android
        org.telegram.messenger com.slack com.reddit.frontpage
        """,
}

_CATEGORIES = {host: category for category, hosts in _HOSTS.items() for host in hosts.split()}

# Under each country's domain: google.de, google.co.uk, google.com.br. Only as the whole registered
# name, so that google.example.com is not one. `google.com` itself is not only search, but what
# sends clicks is; its other services have hosts of their own.
_COUNTRY = r"(?:[a-z]{2}|com?\.[a-z]{2}|com|net)"
_ENGINE = re.compile(rf"(?:google|bing|yahoo)\.{_COUNTRY}")
_PINTEREST = re.compile(rf"pinterest\.{_COUNTRY}")


def category_of(host: str) -> SourceCategory:
    """Of the host alone or any parent of it; `host` in lower or upper case, without a port, and
    empty when the browser did not say where the click came from."""
    if not host:
        return SourceCategory.DIRECT
    for name in _parents(host.lower().rstrip(".")):
        if name in _CATEGORIES:
            return _CATEGORIES[name]
        if _ENGINE.fullmatch(name):
            return SourceCategory.SEARCH
        if _PINTEREST.fullmatch(name):
            return SourceCategory.SOCIAL
    return SourceCategory.REFERRAL


def _parents(host: str) -> Iterator[str]:
    """The host, then its parent domains, the nearest first."""
    while host:
        yield host
        host = host.partition(".")[2]
