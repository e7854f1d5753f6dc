"""The confirmations before anything ends: what ends, and who used it last.

Every change that cannot be undone, or that ends what a program or a visitor relies on, is confirmed
about here. Nothing has to be typed: names hold whatever their owners like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.activity.callers import Verdict
from jmpy.clock import DAY
from jmpy.dashboard import filters
from jmpy.dashboard.views.confirmation import Choice, Confirmation, Fact
from jmpy.dashboard.views.qr_codes import title
from jmpy.dashboard.views.sessions import SignedInBrowser
from jmpy.domains.model import DomainKind

if TYPE_CHECKING:
    from jmpy.activity.callers import Callers
    from jmpy.activity.model import KeyUse
    from jmpy.campaigns.model import Described as Counted
    from jmpy.dashboard.frame import Frame
    from jmpy.dashboard.views.domains import ShownDomain
    from jmpy.key_policy.service import KeyPolicy
    from jmpy.keys.model import ApiKey
    from jmpy.links.held_store import HeldCode
    from jmpy.links.model import Link
    from jmpy.qr.model import Described
    from jmpy.tags.service import TagCount
    from jmpy.webhooks.model import Webhook

Path = tuple[str, ...]

LISTED = 10
"""Keys that a confirmation names."""

_POLICY = ("dashboard", "api-keys", "policy")
_LINKS = ("dashboard", "links")
_QR_CODES = ("dashboard", "qr-codes")
_CAMPAIGNS = ("dashboard", "campaigns")
_DOMAINS = ("dashboard", "domains")
_TAGS = ("dashboard", "tags")
_HELD = (*_LINKS, "held-aliases")
_WEBHOOK = ("dashboard", "alerts", "webhook")
_SESSIONS = ("dashboard", "sessions")
_SETTINGS = ("dashboard", "alerts", "settings")


def revoke_key(
    frame: Frame,
    key: ApiKey,
    use: KeyUse | None,
    callers: Callers,
    *,
    action: Path,
    back: Path,
    returns: str = "",
) -> Confirmation:
    """`returns`: the page to return to, with its filter and page."""
    return Confirmation(
        frame=frame,
        question=f"Revoke “{key.name}”?",
        consequences=(
            "It stops working within seconds and cannot be restored. Programs that still use it "
            "are denied.",
        ),
        facts=(
            Fact("API key", f"{key.display_prefix}…{key.last_four}", is_code=True),
            Fact("Created", at=key.created_at),
            *_last_use(use),
            _still_used(callers),
        ),
        action=action,
        fields={"back": returns} if returns else {},
        button="Revoke key",
        back=back,
    )


def _last_use(use: KeyUse | None) -> tuple[Fact, ...]:
    last = use.last if use else None
    if last is None:
        return (Fact("Last used", "Never"),)
    return (
        Fact("Last used", f"on {last.route}", at=last.at),
        Fact("Caller", f"{last.user_agent or 'an unnamed program'} at {last.ip}"),
    )


def _still_used(found: Callers) -> Fact:
    if found.verdict is Verdict.UNUSED:
        return Fact("Safe to revoke", "no request since", at=found.quiet_since)
    if found.verdict is Verdict.IN_USE:
        within = sum(one.last_at > found.until - DAY for one in found.callers)
        return Fact("Still in use", f"{filters.plural(within, 'caller')} within a day")
    if found.verdict is Verdict.TOO_NEW:
        return Fact("Still in use", "not yet; it was created less than a day ago")
    return Fact("Still in use", "unknown")


def apply_policy(frame: Frame, policy: KeyPolicy) -> Confirmation:
    days, count = policy.max_key_days or 0, len(policy.exceeding)
    expire = "It expires" if count == 1 else "They expire"
    ends = filters.date_in_full(frame.now + days * DAY)
    return Confirmation(
        frame=frame,
        question=f"Shorten {filters.plural(count, 'key')}?",
        consequences=(
            f"{expire} in {filters.plural(days, 'day')}, on {ends}. Programs that use a key need "
            "another one by then: rotate it before it expires.",
        ),
        facts=tuple(
            Fact(
                key.name,
                "never expires"
                if key.expires_at is None
                else f"would expire on {filters.day(key.expires_at)}",
            )
            for key in policy.exceeding[:LISTED]
        )
        + ((Fact("And", f"{count - LISTED} more"),) if count > LISTED else ()),
        action=(*_POLICY, "apply"),
        fields={"version": str(policy.version)},
        button="Apply policy",
        back=_POLICY,
    )


def delete_link(frame: Frame, link: Link, returns: str = "") -> Confirmation:
    """`returns`: the list to return to, with its filter and page."""
    held = (
        "Its alias stays blocked."
        if link.taken_down
        else "Its alias is held for you for 90 days: until then, only you can create a link with "
        "it."
    )
    clicks = Fact("Clicks", filters.number(link.click_count))
    last = Fact("Last click", at=link.last_clicked_at)
    return Confirmation(
        frame=frame,
        question=f"Delete {filters.without_scheme(frame.short_url(link.short_code, link.host))}?",
        consequences=(
            "Visitors will get “Link not found”, and its clicks are deleted, too. This cannot be "
            "undone.",
            held,
        ),
        facts=(
            *((Fact("Name", link.name),) if link.name else ()),
            Fact("Destination", link.url),
            clicks,
            *((last,) if link.last_clicked_at else ()),
        ),
        action=(*_LINKS, link.id, "delete"),
        fields={"back": returns} if returns else {},
        button="Delete link",
        back=(*_LINKS, link.id),
        choice=None
        if link.taken_down
        else Choice(
            "release",
            "Release the alias immediately",
            "Others can then use it for their links.",
        ),
    )


def delete_qr_code(frame: Frame, found: Described, returns: str = "") -> Confirmation:
    """`returns`: the list to return to, with its filter and page."""
    qr_code, link = found.qr_code, found.link
    if qr_code.is_static:
        consequence = "Printed codes go on working, because they contain their content themselves."
    else:
        consequence = (
            "Whoever scans a printed code will get “Link not found”, and its scans are deleted, "
            "too. This cannot be undone."
        )
    last = qr_code.last_scanned_at
    return Confirmation(
        frame=frame,
        question=f"Delete “{title(found)}”?",
        consequences=(
            consequence,
            *(("The link that it leads to remains, with its clicks.",) if link else ()),
        ),
        facts=(
            *((Fact("Leads to", link.url),) if link else ()),
            *(() if qr_code.is_static else (Fact("Scans", filters.number(qr_code.scan_count)),)),
            *((Fact("Last scan", at=last),) if last else ()),
        ),
        action=(*_QR_CODES, qr_code.id, "delete"),
        fields={"back": returns} if returns else {},
        button="Delete QR code",
        back=(*_QR_CODES, qr_code.id),
    )


def delete_campaign(frame: Frame, found: Counted, returns: str = "") -> Confirmation:
    """`returns`: the list to return to, with its filter and page."""
    campaign, numbers = found.campaign, found.numbers
    links = filters.plural(numbers.links, "link")
    return Confirmation(
        frame=frame,
        question=f"Delete “{campaign.name}”?",
        consequences=(
            "Its clicks are no longer counted together. This cannot be undone.",
            *(
                (f"Its {links} will be in no campaign, and work as before.",)
                if numbers.links
                else ()
            ),
        ),
        facts=(
            Fact("Links", filters.number(numbers.links)),
            Fact("Clicks", filters.number(numbers.clicks)),
        ),
        action=(*_CAMPAIGNS, campaign.id, "delete"),
        fields={"back": returns} if returns else {},
        button="Delete campaign",
        back=(*_CAMPAIGNS, campaign.id),
    )


def delete_domain(frame: Frame, shown: ShownDomain) -> Confirmation:
    domain = shown.domain
    on_it = " and ".join(
        filters.plural(number, noun)
        for number, noun in ((shown.links, "link"), (shown.qr_codes, "QR code"))
        if number
    )
    if domain.kind is DomainKind.SUBDOMAIN:
        afterwards = "Its name is held for you for 30 days; then anybody can create it."
    else:
        afterwards = "Remove its DNS records afterwards, so that it does not lead here any longer."
    return Confirmation(
        frame=frame,
        question=f"Delete {shown.title}?",
        consequences=(
            f"It has {on_it}. None of its addresses will work any more, and its links are deleted "
            "with their clicks. This cannot be undone."
            if on_it
            else "No link is on it.",
            afterwards,
        ),
        action=(*_DOMAINS, domain.id, "delete"),
        button="Delete domain",
        back=(*_DOMAINS, domain.id),
        choice=Choice(
            "force",
            f"Delete {on_it}, too",
            "Without this, the domain stays: move its links to another one first.",
        )
        if on_it
        else None,
    )


def remove_tag(frame: Frame, tag: TagCount, returns: str = "") -> Confirmation:
    """`returns`: as for `delete_campaign`."""
    return Confirmation(
        frame=frame,
        question=f"Remove “{tag.name}”?",
        consequences=(
            f"{filters.plural(tag.links, 'link')} will no longer have this tag. No link is "
            "deleted.",
        ),
        action=(*_TAGS, "remove"),
        fields=_returning({"tag": tag.name}, returns),
        button="Remove tag",
        back=_TAGS,
    )


def merge_tags(
    frame: Frame, tag: TagCount, other: TagCount, name: str, returns: str = ""
) -> Confirmation:
    """`name`: of `other`, as it was typed. `returns`: as for `delete_campaign`."""
    return Confirmation(
        frame=frame,
        question=f"Merge “{tag.name}” into “{name}”?",
        consequences=(
            f"{filters.plural(tag.links, 'link')} will have “{name}” in place of “{tag.name}”, "
            f"like the {filters.plural(other.links, 'link')} that already have it.",
            "The two tags cannot be separated again: this cannot be undone.",
        ),
        action=(*_TAGS, "rename"),
        fields=_returning({"tag": tag.name, "name": name, "merge": "on"}, returns),
        button="Merge tags",
        back=_TAGS,
    )


def _returning(fields: dict[str, str], returns: str) -> dict[str, str]:
    return fields | ({"back": returns} if returns else {})


def release_alias(frame: Frame, held: HeldCode) -> Confirmation:
    return Confirmation(
        frame=frame,
        question=f"Release {filters.without_scheme(frame.short_url(held.code, held.host))}?",
        consequences=(
            f"Afterwards, {'whoever has the domain' if held.host else 'anybody'} can use the alias "
            "for a link to any destination, and people who have it printed or bookmarked will be "
            "redirected there.",
        ),
        facts=(Fact("Held for you until", filters.day(held.held_until)),),
        action=(*_HELD, "release"),
        fields={"alias": held.code, **({"domain": held.host} if held.host else {})},
        button="Release alias",
        back=_HELD,
    )


def end_session(frame: Frame, browser: SignedInBrowser) -> Confirmation:
    where = ", ".join(filter(None, (browser.ip_address, browser.country))) or "Unknown"
    return Confirmation(
        frame=frame,
        question=f"Sign out {browser.device}?",
        consequences=("It has to sign in again, and unsaved input in its forms is lost.",),
        facts=(
            Fact("Signed in from", where),
            Fact("Signed in", at=browser.signed_in_at),
            Fact("Last used", at=browser.last_used_at),
        ),
        action=(*_SESSIONS, browser.reference, "end"),
        button="Sign out",
        back=_SESSIONS,
    )


def end_all_sessions(frame: Frame, count: int) -> Confirmation:
    others = filters.plural(count - 1, "other session")
    ends = f"This session and {others} end." if count > 1 else "This session ends."
    return Confirmation(
        frame=frame,
        question="Sign out everywhere?",
        consequences=(
            f"{ends} Each browser has to sign in again, including this one.",
            "API keys keep working.",
        ),
        action=(*_SESSIONS, "end-all"),
        button="Sign out everywhere",
        back=_SESSIONS,
    )


def remove_webhook(frame: Frame, webhook: Webhook) -> Confirmation:
    return Confirmation(
        frame=frame,
        question="Remove the webhook?",
        consequences=(
            "Alerts will only be shown on the dashboard. A webhook that you add later gets a new "
            "secret.",
        ),
        facts=_deliveries(webhook),
        action=(*_WEBHOOK, "remove"),
        button="Remove webhook",
        back=_SETTINGS,
    )


def roll_secret(frame: Frame, webhook: Webhook) -> Confirmation:
    return Confirmation(
        frame=frame,
        question="Roll the webhook secret?",
        consequences=(
            "Deliveries are signed with a new secret immediately, and the old one is lost. The new "
            "one is shown once.",
            "Deliveries that your receiver rejects until it has the new secret are retried for a "
            "day.",
        ),
        facts=_deliveries(webhook),
        action=(*_WEBHOOK, "secret"),
        button="Roll secret",
        back=_SETTINGS,
    )


def restore_defaults(frame: Frame) -> Confirmation:
    return Confirmation(
        frame=frame,
        question="Restore the default rules?",
        consequences=("All rules are turned on, and your thresholds are lost.",),
        action=(*_SETTINGS, "defaults"),
        button="Restore defaults",
        back=_SETTINGS,
    )


def _deliveries(webhook: Webhook) -> tuple[Fact, ...]:
    at = webhook.health.delivered_at
    return (
        Fact("URL", webhook.url),
        Fact("Last delivered", "" if at else "Never", at=at),
    )
