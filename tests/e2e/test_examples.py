"""The clients of `examples/` against the stack: each tells the whole story, and waits as asked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Timer
from typing import NamedTuple

import httpx
import pytest

from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import newcomer
from project.stack import Stack
from project.template import PROJECT
from tests.e2e.usage_plans import throttled_after

CLIENTS = {
    "curl": ["bash", "examples/story.sh"],
    "python": [sys.executable, "examples/story.py"],
    "node": ["node", "examples/story.mjs"],
}


class Told(NamedTuple):
    status: int
    out: str
    err: str


class Story(NamedTuple):
    """What a client is told with."""

    client: str
    secret: str
    session_token: str = ""
    once_it_waits: Callable[[], None] = lambda: None


def tell(stack: Stack, story: Story) -> Told:
    """Runs a client with nothing in its environment but what a reader sets."""
    settings = {
        "PATH": os.environ["PATH"],
        "JMPY_BASE_URL": stack.env.base_url,
        "JMPY_API_KEY": story.secret,
        "JMPY_SESSION_TOKEN": story.session_token,
        "JMPY_REQUESTS": "4",
    }
    with subprocess.Popen(
        CLIENTS[story.client], cwd=PROJECT, env=settings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        assert run.stdout
        assert run.stderr
        hung = Timer(180, run.kill)
        hung.start()
        errors = []
        for line in run.stderr:
            errors.append(line)
            if line.startswith("Waiting"):
                story.once_it_waits()
        output = run.stdout.read()
        hung.cancel()
    return Told(run.returncode, output, "".join(errors))


def tell_all(stack: Stack, stories: list[Story]) -> Iterator[Told]:
    with ThreadPoolExecutor(len(stories)) as pool:
        yield from pool.map(lambda story: tell(stack, story), stories)


@pytest.fixture(scope="module")
def clients() -> list[str]:
    """Node.js is not among what Jmpy needs; where it is missing, its client is not tried."""
    missing = [client for client, command in CLIENTS.items() if not shutil.which(command[0])]
    if os.environ.get("CI"):
        assert missing == []
    return [client for client in CLIENTS if client not in missing]


def test_the_clients_make_follow_read_wait_and_rotate(stack: Stack, clients: list[str]) -> None:
    stories = []
    for client in clients:
        account, token = newcomer(stack, f"{client}@examples.example")
        secret = stack.key("read", "write", "analytics", account=account)[0]
        throttled = ExitStack()
        throttled.enter_context(throttled_after(stack, account, 1))
        stories.append(Story(client, secret, token, throttled.close))
    for story in tell_all(stack, stories):
        assert story.status == 0, story
        created, leads, clicks, left, replaced = story.out.splitlines()
        assert re.fullmatch(rf"Created {stack.env.base_url}/\w{{7}}", created)
        assert leads == "It leads to https://example.com/"
        assert clicks == "Clicks: 1"
        assert re.fullmatch(r"Requests left today: \d+", left)
        assert replaced == "Replaced the key; the old one works for another hour"
        assert "Waiting 1 s" in story.err
        assert "jmpy_" not in story.out + story.err


def test_the_clients_do_not_wait_for_tomorrow(
    stack: Stack, http: httpx.Client, clients: list[str]
) -> None:
    stack.account("examples-used-up", limits={LimitClass.URL_CREATION: 1})
    secret = stack.key("write", account="examples-used-up")[0]
    link = {"url": "https://example.com/"}
    assert http.post(SHORT_URLS, json=link, headers=bearer(secret)).status_code == 201
    for story in tell_all(stack, [Story(client, secret) for client in clients]):
        assert (story.status, story.out) == (1, "")
        assert "POST /api/v1/short-urls returned 429: The daily limit of 1" in story.err
        assert "Waiting" not in story.err


@pytest.mark.parametrize(
    ("secret", "permissions", "told"),
    [
        ("jmpy_none", (), "401: The provided API key is invalid or has been revoked"),
        (
            "",
            ("read",),
            "403: Your API key does not have permission to perform this action",
        ),
    ],
)
def test_the_clients_say_why_they_were_refused_and_fail(
    stack: Stack, clients: list[str], secret: str, permissions: tuple[str, ...], told: str
) -> None:
    secret = secret or stack.key(*permissions, account="examples-refused")[0]
    for story in tell_all(stack, [Story(client, secret) for client in clients]):
        assert (story.status, story.out) == (1, "")
        assert story.err == f"POST /api/v1/short-urls returned {told}\n"
