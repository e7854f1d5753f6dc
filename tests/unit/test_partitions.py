"""AWS has partitions, such as the European Sovereign Cloud, with domains and ARNs of their own.
CloudFormation knows those of the stack; nothing else is to name any."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import pytest

from jmpy.aws import client
from project import template
from project.template import PROJECT

FOLDERS = ("deploy", "functions", "layers", "ops")
SUFFIXES = {".py", ".yaml", ".yml", ".json", ".html", ".js"}

_LITERAL = re.compile(
    r"""[\w.${}:-]*(?:amazonaws\.|amazoncognito|arn:aws(?![a-z-]*\[)\b)[\w.:/-]*"""
)
_PRINCIPAL = re.compile(r"[a-z-]+\.amazonaws\.com")
"""Services as principals have the same name everywhere: "Service Principal Names should always end
in the standard global format" (Terraform, aws_service_principal)."""

ALLOWED = {
    "layers/jmpy/aws/client.py": {"amazonaws.com"},  # where no stack is, such as in a test
    "layers/jmpy/domains/hostnames.py": {"amazonaws.com", "amazonaws.com.cn"},  # nobody's domains
    "template.yaml": {"amazonaws.com", "amazonaws.eu.", "amazoncognito.com"},  # comment and mapping
    "deploy/domains.yaml": {"abc123.execute-api.eu-west-1.amazonaws.com."},  # an example
    "deploy/edge.yaml": {"abc123.execute-api.eu-west-1.amazonaws.com."},  # an example
}


def sources() -> list[Path]:
    found = [path for folder in FOLDERS for path in (PROJECT / folder).rglob("*")]
    return [PROJECT / "template.yaml", *(p for p in found if p.suffix in SUFFIXES and p.is_file())]


def literals(path: Path) -> set[str]:
    return {name for name in _LITERAL.findall(path.read_text()) if not _PRINCIPAL.fullmatch(name)}


def test_no_domain_and_no_arn_of_one_partition_is_written_down() -> None:
    named = {
        str(path.relative_to(PROJECT)): found for path in sources() if (found := literals(path))
    }
    assert named == ALLOWED


@cache
def partitions() -> dict[str, Any]:
    """Those that the AWS SDK knows, by id."""
    path = Path(botocore.__file__).parent / "data" / "partitions.json"
    return {each["id"]: each for each in json.loads(path.read_text())["partitions"]}


@pytest.mark.parametrize("partition", partitions())
def test_an_endpoint_is_the_one_of_the_sdk(partition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    region = next(name for name in partitions()[partition]["regions"] if "global" not in name)
    suffix = partitions()[partition]["outputs"]["dnsSuffix"]
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("URL_SUFFIX", suffix)
    assert client._endpoint("dynamodb", region) == f"https://dynamodb.{region}.{suffix}"


def test_functions_know_the_domain_of_their_partition() -> None:
    variables = template.load()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["URL_SUFFIX"] == {"Ref": "AWS::URLSuffix"}


@pytest.mark.parametrize(
    ("partition", "region", "domain"),
    [
        ("aws", "eu-west-1", "auth.eu-west-1.amazoncognito.com"),
        ("aws-us-gov", "us-gov-west-1", "auth-fips.us-gov-west-1.amazoncognito.com"),
        (
            "aws-eusc",
            "eusc-de-east-1",
            "auth.cognito-idp.eusc-de-east-1.on.amazonwebservices.eu",
        ),
    ],
)
def test_people_sign_in_at_the_domain_of_their_partition(
    partition: str, region: str, domain: str
) -> None:
    """As the Public Suffix List has them."""
    named = template.load()["Mappings"]["SignInDomains"][partition]
    variables = template.resources("AWS::Serverless::Function")["DashboardFunction"]["Environment"]
    text, values = variables["Variables"]["SIGN_IN_URL"]["If"][2]["Sub"]
    known = {"UserPoolDomain": "jmpy-1", "AWS::Region": region}
    for name, value in values.items():
        assert value["FindInMap"] == ["SignInDomains", {"Ref": "AWS::Partition"}, name]
        known[name] = named[name]
    url = re.sub(r"\$\{([^}]+)\}", lambda match: known[match[1]], text)
    assert url == f"https://jmpy-1.{domain}"
