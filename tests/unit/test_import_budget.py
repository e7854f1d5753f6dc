"""What a cold start may not load. Each name here costs tens of milliseconds before the first
byte of an answer, on every new execution environment."""

import os
import subprocess
import sys

import pytest

from tests.template import PROJECT

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

RESOLVER = ("aws_lambda_powertools.event_handler", "argon2", "idna", "jinja2", "pydantic")


@pytest.mark.parametrize(("function", "forbidden"), [("authorizer", HEAVY), ("redirect", RESOLVER)])
def test_a_function_loads_nothing_heavy(function: str, forbidden: tuple[str, ...]) -> None:
    script = f"import sys, app; print(*[name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{PROJECT / 'functions' / function}:{PROJECT / 'layers'}",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "ACCOUNTS_TABLE": "accounts",
            "ID_TOKEN_FUNCTION": "id-token",
            "LINKS_TABLE": "links",
            "SALTS_TABLE": "salts",
            "CLICKS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/clicks",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
