"""What a cold start may not load. Each name here costs tens of milliseconds before the first
byte of an answer, on every new execution environment."""

import ast
import os
import subprocess
import sys

import pytest

from project import environment, functions, template
from project.template import PROJECT

HEAVY = (
    "aws_lambda_powertools",
    "aws_xray_sdk",
    "boto3",
    "botocore",
    "cryptography",
    "email_validator",
    "httpx",
    "jinja2",
    "jwt",
    "pydantic",
    "requests",
)

SDK = ("boto3", "botocore.exceptions", "botocore.session", "s3transfer")
"""Only for the calls that no request waits for, or few. Powertools loads the package `botocore`
itself, which is empty, to say that it is there."""

RESOLVER = ("aws_lambda_powertools.event_handler", "argon2", "idna", "jinja2", "pydantic")

# The document of the API, sign-in, pages and passwords, asyncio: of few requests, or of none.
API = (
    *SDK,
    "argon2",
    "asyncio.events",
    "aws_lambda_powertools.event_handler.openapi.models",
    "aws_xray_sdk",
    "cryptography",
    "jinja2",
    "jmpy.dashboard",
    "jwt",
    "publicsuffixlist",
)

FORBIDDEN = {
    # Few keys have a list of allowed addresses, and few requests a short-lived token.
    "authorizer": (*HEAVY, "jmpy.aws.dynamodb", "jmpy.key_tokens", "jmpy.keys.allowed_ips"),
    "redirect": (
        *SDK,
        *RESOLVER,
        # Of few links: those with a password, and those that pass queries on.
        "jmpy.links.attempts",
        "jmpy.redirect.forwarding",
        "jmpy.gateway.own_names",
        "jmpy.keys",
        "jmpy.query_text",
    ),
    "id_token": (*SDK, "aws_lambda_powertools", "jinja2", "pydantic"),
    **dict.fromkeys(functions.FOLDERS.values(), API),
    "qr_codes": (*API, "PIL", "jmpy.links.schema", "segno", "urllib.response"),
    "qr_images": (*SDK, *RESOLVER, "PIL", "segno"),
    "dashboard": (*SDK, "argon2", "aws_xray_sdk", "PIL", "segno"),
}


CLIENTS_WAIT = {
    *(functions.folder(event.function) for event in template.api_events()),
    "authorizer",
    "id_token",
}
"""Folders of functions that respond to requests, or whose response another one waits for."""


@pytest.mark.parametrize("function", sorted(CLIENTS_WAIT))
def test_a_function_that_clients_wait_for_imports_startup_first(function: str) -> None:
    source = (PROJECT / "functions" / function / "app.py").read_text()
    imported = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        and getattr(node, "module", None) != "__future__"
    ]
    assert ast.unparse(imported[0]) == "import jmpy.startup"


@pytest.mark.parametrize("function", FORBIDDEN)
def test_a_function_loads_nothing_heavy(function: str) -> None:
    forbidden = FORBIDDEN[function]
    script = f"import sys, app; print(*[name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{PROJECT / 'functions' / function}:{PROJECT / 'layers'}",
            **environment.sample(),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
