"""What single pages of the dashboard say."""

import gzip
import re
from dataclasses import replace
from html import unescape

import pytest

from jmpy.dashboard.render import render
from jmpy.dashboard.views.plan import PlanPage
from jmpy.dashboard.views.usage import LIMIT_NAMES, LimitUsage
from tests.dashboard_sample_data import API, BASE_PATH, SECRET
from tests.dashboard_samples import EMPTY, FULL, PARTS


def html(name: str) -> str:
    return " ".join(unescape(render((FULL | EMPTY | PARTS)[name])).split())


def test_usage_is_told_in_words_and_shown_as_a_meter() -> None:
    page = html("overview")
    assert "<strong>12</strong> of 50" in page
    assert '<meter min="0" max="50" value="12"' in page
    assert "<strong>1,204</strong>, no limit" in page
    for name in LIMIT_NAMES.values():
        assert name in page
    assert "Resets at" in page
    assert "24 Nov 2026, 00:00 UTC" in page


@pytest.mark.parametrize(
    ("used", "level"), [(0, "fine"), (39, "fine"), (40, "near"), (50, "reached"), (60, "reached")]
)
def test_a_meter_warns_before_the_limit_is_reached(used: int, level: str) -> None:
    assert LimitUsage("url_creation", used, 50).level == level


def test_a_step_leads_to_where_it_is_done_and_then_to_what_there_is() -> None:
    empty, waiting = html("overview-empty"), html("overview-getting-started")
    for action in ("Create key</a>", 'links/new">Create link</a>'):
        assert action in empty
        assert action not in waiting
    for action in ('#try-it">Show request</a>', "Show link</a>", '/links">Links</a>'):
        assert action not in empty  # before there is a key, and a link
        assert action in waiting
    assert "0 of 5 done" in empty
    assert "3 of 5 done" in waiting
    assert waiting.count("Done:") == 3


def test_the_checklist_is_fetched_anew_only_while_something_outside_is_awaited() -> None:
    assert "every 10s" in html("overview-getting-started")
    assert "every 10s" not in html("overview-empty")
    assert "every 10s" not in html("getting-started-done-part")
    assert "All done" in html("getting-started-done-part")


def test_a_hidden_checklist_can_be_shown_again() -> None:
    assert "Getting started</h2>" not in html("overview")
    assert "Show getting started</button>" in html("overview")
    assert "Undo</button>" in html("overview-hidden")
    assert "Show getting started</button>" not in html("overview-hidden")


def test_a_list_of_keys_says_what_is_wrong_with_each() -> None:
    page = html("api-keys")
    for words in (
        "Unused for 90 days",
        "Older than 180 days",
        "Expires on",
        "Unused permissions: <code>delete</code>, <code>analytics</code>.",
        "Was sent in a URL on",
        "jmpy_Z0xA…NcwS",
        "1 day 04:12:09",
    ):
        assert words in page


def test_ended_keys_are_one_link_away() -> None:
    assert "Show 2 revoked or expired keys" in html("api-keys")
    assert "Hide revoked and expired keys" in html("api-keys-all")
    assert "revoked or expired key" not in html("api-keys-found")


def test_what_was_filtered_can_be_cleared_together_or_one_by_one() -> None:
    page = html("api-keys-found")
    assert "<strong>2 keys</strong> of 1,240" in page
    chosen = {"status": "rotating", "permission": "write", "environment": "staging"}
    assert set(chosen.values()) <= set(re.findall(r'<option value="(\w+)" selected>', page))
    for name, value in chosen.items():
        chips = re.findall(r'<a class="chip" href="([^"]*)"', page)
        assert sum(f"{name}={value}" not in chip for chip in chips) == 1
    for name in ("api-keys-found", "api-keys-not-found"):
        assert 'href="/live/dashboard/api-keys?sort=name">Clear filters</a>' in html(name)
    assert "Clear filters" not in html("api-keys")


def test_a_list_that_is_not_complete_says_so() -> None:
    assert "This list has only the newest 2,000." in html("api-keys-too-many")
    assert "of the newest 2,000" in html("api-keys-too-many")


def test_a_column_says_whether_it_sorts_and_turns_around() -> None:
    page = html("api-keys-found")
    assert re.search(r'aria-sort="ascending"><a class="sort" href="[^"]*sort=-name">Key</a>', page)
    assert page.count("aria-sort") == 1
    assert re.search(r'<a class="sort" href="[^"]*sort=-used">Last used</a>', page)


def test_a_page_of_keys_is_light() -> None:
    page = html("api-keys")
    assert len(page) < 100_000
    assert len(gzip.compress(page.encode())) < 10_000


def test_a_new_key_may_read_unless_somebody_chooses() -> None:
    page = html("api-key-new-empty")
    assert 'value="read" checked' in page
    assert 'value="write" checked' not in page
    assert 'value="90" checked' in page


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    page = html("api-key-new")
    assert 'value="Newsletter script"' in page
    assert '<option value="production" selected>' in page
    assert 'value="2026-01-01"' in page
    assert '<a href="#name">Give the key a name</a>' in page
    assert 'aria-describedby="name-error name-hint" aria-invalid="true"' in page
    assert "<title>Error: " in page


def test_a_password_is_never_sent_back() -> None:
    assert 'name="password" type="password" value=""' in html("link")


@pytest.mark.parametrize("name", ["api-key-created", "api-key-rotated"])
def test_a_new_key_is_shown_once_with_a_call_to_try(name: str) -> None:
    page = html(name)
    assert f'readonly value="{SECRET}"' in page
    assert f"curl '{API}/api/v1/short-urls" in page
    assert f"'Authorization: Bearer {SECRET}'" in page
    assert "be shown again" in page
    assert ">Done</a>" in page


def test_no_view_prints_a_key_in_a_log() -> None:
    assert SECRET not in repr(FULL["api-key-created"])


def test_a_rotation_says_who_still_uses_the_old_key() -> None:
    page = html("rotation-part")
    assert "203.0.113.7" in page
    assert "python-requests/2.32.3" in page
    assert "Not used since the rotation" in html("api-key-unused")


def test_a_finished_rotation_asks_for_nothing_more() -> None:
    assert "hx-get" in html("rotation-part")
    assert "hx-get" not in html("api-key-ended")


def test_a_key_that_ended_offers_nothing_to_change() -> None:
    page = html("api-key-ended")
    for action in ("rotate", "revoke", "Save changes"):
        assert f'{action}"' not in page
        assert f"{action}</button>" not in page


def test_a_rotating_key_cannot_be_rotated_again() -> None:
    assert '/rotate"' not in html("api-key-rotating")
    assert '/revoke"' in html("api-key-rotating")


def test_the_second_page_of_links_has_a_way_on_and_back() -> None:
    page = html("links")
    assert f'{BASE_PATH}/dashboard/links?page=3&cursor=eyJpZCI6IjAxYSJ9"' in page
    assert f'rel="prev" href="{BASE_PATH}/dashboard/links"' in page


def test_a_plan_offers_only_what_the_operator_set() -> None:
    page = html("plan")
    assert '<a class="button" href="https://example.com/upgrade">Upgrade</a>' in page
    assert "Upgrade" not in html("plan-alone")


def test_a_plan_tells_what_is_agreed_from_what_is_not_included() -> None:
    page = html("plan")
    assert "<dt>Burst</dt><dd>As agreed</dd>" in page
    assert "<dt>Analytics</dt><dd>Not included</dd>" in page


def test_an_unknown_class_of_limit_is_still_shown() -> None:
    plan = FULL["plan"]
    assert isinstance(plan, PlanPage)
    offer = replace(plan.offers[0], limits={"sms": 3, "url_reads": 1})
    assert replace(plan, offers=(offer,)).limit_names == [
        ("url_reads", "Link reads"),
        ("sms", "sms"),
    ]
