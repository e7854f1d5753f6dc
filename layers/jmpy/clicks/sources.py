"""What kind of site or app a click came from, by the host that its referrer names.

A host or any parent of it, the nearest first: by name, by what its first label says (`mail.`,
`search.`), or by a brand with a site in each country. Android's apps name their package instead
of a host. An unknown host is a referral. AI assistants count as search: one asks them, and follows
what they found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jmpy.clicks.model import SourceCategory
from jmpy.clicks.sites import BRANDS, HOSTS, PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

_CACHED = 4096
"""Hosts."""

_SITES = {host: category for category, hosts in HOSTS.items() for host in hosts.split()}
_APPS = {name: category for category, names in PACKAGES.items() for name in names.split()}

# Of hosts below a registered domain only: mail.example.com, not mailgun.com.
_LABELS = {
    SourceCategory.EMAIL: re.compile(
        r"(?:e|ex|my|upc|w|web)?mail(?:er|s)?[-\da-z]{0,3}|mailbusiness|deref-[-\w]+|inbox\d*"
        r"|lightmailer[-\w]*|messagerie\w*|roundcube|zimbra|owa|outlook"
    ),
    SourceCategory.SEARCH: re.compile(
        r"(?:\w{0,4}-)?i?(?:web|blog|aol|ocn|my|fast)?search(?:es|er|-?\w{0,10})?|serach"
        r"|(?:x-)?suchet?\w*|suchmaschine|(?:aol)?recherches?|rechercher|ricerca\w*|busca(?:dor)?"
        r"|aolbusqueda|pesquisa|szukaj|hledani|otsing|arama|poisk|isearch|webcache"
    ),
}
# A brand's site in a country: google.de, google.co.uk, google.com.br. Only as the whole registered
# name, so that google.example.com is not one.
_COUNTRY = r"(?:[a-z]{2}|com?\.[a-z]{2}|[a-z]{2}\.ao|cat|com|info|mobi|net|org)"
_BRANDS = {
    category: re.compile(rf"(?:{'|'.join(names.split())})\.{_COUNTRY}")
    for category, names in BRANDS.items()
}


@lru_cache(_CACHED)
def category_of(host: str) -> SourceCategory:
    """`host` in lower or upper case, without a port; empty when the browser did not say where the
    click came from."""
    if not host:
        return SourceCategory.DIRECT
    name = host.lower().rstrip(".")
    if name in _APPS:
        return _APPS[name]
    return next(filter(None, map(_of_name, _parents(name))), SourceCategory.REFERRAL)


def _of_name(name: str) -> SourceCategory | None:
    if name in _SITES:
        return _SITES[name]
    label, _, parent = name.partition(".")
    for category, pattern in _LABELS.items():
        if "." in parent and pattern.fullmatch(label):
            return category
    return next((kind for kind, brands in _BRANDS.items() if brands.fullmatch(name)), None)


def _parents(host: str) -> Iterator[str]:
    """The host, then its parent domains, the nearest first."""
    while host:
        yield host
        host = host.partition(".")[2]
