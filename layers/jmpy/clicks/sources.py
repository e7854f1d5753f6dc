"""What kind of site a click came from: a short list of hosts, where the field's maintained lists
have thousands of dead ones."""

from __future__ import annotations

import re

from jmpy.clicks.model import SourceCategory

# A host is on the list with all its subdomains.
_HOSTS = {
    SourceCategory.SEARCH: """
        ask.com baidu.com bing.com brave.com duckduckgo.com ecosia.org kagi.com naver.com
        perplexity.ai qwant.com search.aol.com seznam.cz so.com sogou.com startpage.com
    """,
    SourceCategory.SOCIAL: """
        bsky.app discord.com facebook.com fb.com fb.me instagram.com line.me linkedin.com lnkd.in
        mastodon.social medium.com messenger.com news.ycombinator.com ok.ru pinterest.com
        quora.com reddit.com slack.com snapchat.com t.co t.me telegram.org threads.com threads.net
        tiktok.com tumblr.com twitch.tv twitter.com vk.com wa.me weibo.com whatsapp.com x.com
        xing.com youtu.be youtube.com zhihu.com
    """,
    SourceCategory.EMAIL: """
        fastmail.com gmx.net hey.com mail.aol.com mail.google.com mail.proton.me mail.ru
        mail.yahoo.com mail.zoho.com office365.com outlook.com outlook.live.com outlook.office.com
        roundcube.net web.de webmail.com
    """,
}
_CATEGORIES = {host: category for category, hosts in _HOSTS.items() for host in hosts.split()}

# With a country's domain behind the name, as in www.google.co.uk or search.yahoo.co.jp.
_SEARCH_NAMES = re.compile(r"(^|\.)(google|yahoo|yandex)\.[a-z]{2,3}(\.[a-z]{2})?$")
_MAIL_APPS = re.compile(r"^com\.(google\.android\.gm|microsoft\.office\.outlook)$")
"""Android's mail programs, which name themselves by android-app:// in the place of a site."""


def category_of(host: str) -> SourceCategory:
    """`host` in lower case; empty for none."""
    if not host:
        return SourceCategory.DIRECT
    name = host
    while name:
        if name in _CATEGORIES:
            return _CATEGORIES[name]
        name = name.partition(".")[2]
    if _MAIL_APPS.match(host):
        return SourceCategory.EMAIL
    return SourceCategory.SEARCH if _SEARCH_NAMES.search(host) else SourceCategory.REFERRAL
