"""Every page that a visitor of a short link can see, as the function sends it."""

from dataclasses import replace

from jmpy.http import errors
from jmpy.http.errors import ApiError
from jmpy.links.errors import LinkDisabled, LinkExpired, LinkNotFound, LinkTakenDown
from jmpy.redirect.preview import Preview
from jmpy.web import visitor_pages

REPORT = "mailto:abuse@example.com?subject=Report"
LONG = "https://shop.example.com/campaigns/2026/autumn?" + "utm_source=newsletter&" * 30
PREVIEW = Preview("autumn", "https://go.example.com/autumn", LONG, "shop.example.com")


def problem(error: Exception) -> ApiError:
    return errors.from_exception(error)


PROBLEMS = {
    "not-found": problem(LinkNotFound()),
    "expired": problem(LinkExpired()),
    "disabled": problem(LinkDisabled()),
    "taken-down": problem(LinkTakenDown()),
    "fault": errors.UNAVAILABLE,
    "wrong-address": ApiError(403, "FORBIDDEN", "Requests to this address are rejected"),
    "broken": errors.INTERNAL,
}
PAGES: dict[str, str] = {
    **{f"public-{name}": visitor_pages.error(told, "c6af9ac6") for name, told in PROBLEMS.items()},
    **{
        f"public-{name}-report": visitor_pages.error(told, "c6af9ac6", REPORT)
        for name, told in PROBLEMS.items()
    },
    "public-password": visitor_pages.password(),
    "public-password-wrong": visitor_pages.password("Incorrect password. Try again.", REPORT),
    "public-password-throttled": visitor_pages.password(
        visitor_pages.too_many_attempts(61), REPORT
    ),
    "public-preview": visitor_pages.preview(PREVIEW, REPORT),
    "public-preview-short": visitor_pages.preview(
        replace(PREVIEW, url="https://shop.example.com/")
    ),
    "public-preview-other-script": visitor_pages.preview(
        replace(PREVIEW, url="https://xn--e1afmkfd.example/", shown_host="пример.example")
    ),
    "public-preview-password": visitor_pages.preview(
        replace(PREVIEW, url=None, shown_host=None), REPORT
    ),
}
